/* SPDX-License-Identifier: BSD-2-Clause */
/* What the pages say, in the three languages of their readers. */
#ifndef ECERT_PUBLISH_WORDS_H
#define ECERT_PUBLISH_WORDS_H

/* A page has all its languages beside it, whatever the language of the person who publishes: so
 * these are no messages of the catalogue, which speak to that person. */
enum tongue { TONGUE_EN, TONGUE_HANT, TONGUE_HANS, TONGUE_COUNT };

#define WORDS(W)                                                                                                              \
	W(W_REGISTER, "Register of trust marks", "信譽標記登記冊", "信誉标志登记册")                                          \
	W(W_MEMBERS, "Members", "會員", "会员")                                                                               \
	W(W_SEARCH, "Search by name or domain", "按名稱或網域搜尋", "按名称或域名搜索")                                       \
	W(W_NOTHING, "No member matches.", "沒有相符的會員。", "没有相符的会员。")                                            \
	W(W_NOBODY, "Nobody holds the mark so far.", "暫時沒有會員持有此標記。",                                              \
	    "暂时没有会员持有此标志。")                                                                                       \
	W(W_NAME, "Company", "公司", "公司")                                                                                  \
	W(W_DOMAINS, "Domains", "網域", "域名")                                                                               \
	W(W_STATUS, "Status", "狀態", "状态")                                                                                 \
	W(W_UNTIL, "Good until", "有效期至", "有效期至")                                                                      \
	W(W_SINCE, "Member since", "持有標記自", "持有标志自")                                                                \
	W(W_STATUS_SINCE, "In this status since", "處於此狀態自", "处于此状态自")                                             \
	W(W_SUSPENDED_SINCE, "Suspended since", "暫停自", "暂停自")                                                           \
	W(W_EXPIRED_ON, "Expired on", "到期於", "到期于")                                                                     \
	W(W_REVOKED_ON, "Revoked on", "撤銷於", "吊销于")                                                                     \
	W(W_ACTIVE, "Active", "有效", "有效")                                                                                 \
	W(W_SUSPENDED, "Suspended", "暫停", "暂停")                                                                           \
	W(W_REVOKED, "Revoked", "已撤銷", "已吊销")                                                                           \
	W(W_EXPIRED, "Expired", "已到期", "已到期")                                                                           \
	W(W_UNSAID, "Not stated", "未能確認", "未能确认")                                                                     \
	W(W_ACTIVE_LONG, "This shop holds the trust mark today.", "此商店今天持有信譽標記。",                                 \
	    "此商店今天持有信誉标志。")                                                                                       \
	W(W_SUSPENDED_LONG, "The mark of this shop is suspended. Do not rely on it for now.",                                 \
	    "此商店的標記已被暫停，目前請勿依賴。", "此商店的标志已被暂停，目前请勿依赖。")                                   \
	W(W_REVOKED_LONG, "The mark of this shop was revoked. Do not rely on it.",                                            \
	    "此商店的標記已被撤銷，請勿依賴。", "此商店的标志已被吊销，请勿依赖。")                                           \
	W(W_EXPIRED_LONG, "The mark of this shop has expired. Do not rely on it.",                                            \
	    "此商店的標記已到期，請勿依賴。", "此商店的标志已到期，请勿依赖。")                                               \
	W(W_UNSAID_LONG,                                                                                                      \
	    "The issuer cannot state a status now: the authorisation of its status service has "                              \
	    "ended. Ask the issuer before you rely on a mark.",                                                               \
	    "簽發人目前未能確認狀態：其狀態服務的授權已結束。依賴標記前，請先向簽發人查詢。",                                 \
	    "颁发者目前无法确认状态：其状态服务的授权已结束。依赖标志前，请先向颁发者查询。")                                 \
	W(W_ENDED, "It ended", "結束於", "结束于")                                                                            \
	W(W_STALE, "This page is out of date: load it again, or ask the issuer.",                                             \
	    "此頁已過時：請重新載入，或向簽發人查詢。",                                                                       \
	    "此页已过期：请重新加载，或向颁发者查询。")                                                                       \
	W(W_AS_OF, "Stated", "確認於", "确认于")                                                                              \
	W(W_NEXT, "counts until", "有效至", "有效至")                                                                         \
	W(W_REASON, "Reason", "原因", "原因")                                                                                 \
	W(W_WHERE, "Where the seal may be shown", "可展示標記的網域", "可展示标志的域名")                                     \
	W(W_WHERE_NOT, "No site may show the seal of this shop now",                                                          \
	    "目前任何網站均不得展示此商店的標記", "目前任何网站均不得展示此商店的标志")                                       \
	W(W_NOWHERE, "It was granted for these domains:", "標記原先獲准於以下網域展示：",                                     \
	    "标志原先获准在以下域名展示：")                                                                                   \
	W(W_OTHERS, "Other marks of this shop", "此商店的其他標記", "此商店的其他标志")                                       \
	W(W_COPY,                                                                                                             \
	    "If you came from another domain, it is a copy: the seal there is not this shop's.",                              \
	    "如果您從其他網域來到此頁，該標記屬盜用：並非此商店的標記。",                                                     \
	    "如果您从其他域名来到此页，该标志属盗用：并非此商店的标志。")                                                     \
	W(W_WHO, "Who the shop is", "商店的身分", "商店的身份")                                                               \
	W(W_SHOP, "Shop", "商店", "商店")                                                                                     \
	W(W_BR, "Business registration number", "商業登記號碼", "商业登记号码")                                               \
	W(W_TYPE, "Type of mark", "標記類別", "标志类别")                                                                     \
	W(W_PRACTICE, "Code of practice", "實務守則", "实务守则")                                                             \
	W(W_PROMISED, "The shop keeps to", "商店遵守", "商店遵守")                                                            \
	W(W_RULES, "Read it", "守則全文", "守则全文")                                                                         \
	W(W_HELP, "Complaints and disputes", "投訴與爭議", "投诉与争议")                                                      \
	W(W_COMPLAIN, "Complaints", "投訴聯絡", "投诉联系")                                                                   \
	W(W_ODR, "Dispute resolution", "爭議解決", "争议解决")                                                                \
	W(W_AFTER, "After-sales service", "售後服務", "售后服务")                                                             \
	W(W_RETURNS, "Returns", "退貨條款", "退货条款")                                                                       \
	W(W_TERMS, "Terms", "交易條款", "交易条款")                                                                           \
	W(W_PRIVACY, "Privacy", "私隱政策", "隐私政策")                                                                       \
	W(W_EVIDENCE, "Evidence that the shop has made public", "商店公開的證據",                                             \
	    "商店公开的证据")                                                                                                 \
	W(W_NO_EVIDENCE, "The shop has made none public.", "商店沒有公開任何證據。",                                          \
	    "商店没有公开任何证据。")                                                                                         \
	W(W_PERIOD, "Period", "期間", "期间")                                                                                 \
	W(W_METHOD, "Method", "方法", "方法")                                                                                 \
	W(W_ASSESSOR, "Assessed by", "評估者", "评估者")                                                                      \
	W(W_DOCUMENT, "Document", "文件", "文件")                                                                             \
	W(W_CHECK, "Check it without us", "毋須經我們即可自行核實", "无需通过我们即可自行验证")                               \
	W(W_CHECK_HOW,                                                                                                        \
	    "The mark and its status are signed statements (JWT). Download both, and the keys "                               \
	    "of the issuer, then check the signatures with any JOSE program:",                                                \
	    "標記及其狀態均為已簽署的聲明（JWT）。下載兩者及簽發人的公鑰，便可用任何 JOSE " \
	    "程式核實簽署：",                                                                                                 \
	    "标志及其状态均为已签名的声明（JWT）。下载两者及颁发者的公钥，便可用任何 JOSE " \
	    "程序验证签名：")                                                                                                 \
	W(W_MARK_FILE, "The mark", "標記", "标志")                                                                            \
	W(W_STATUS_FILE, "Its status", "標記狀態", "标志状态")                                                                \
	W(W_KEYS, "The issuer's keys", "簽發人的公鑰", "颁发者的公钥")                                                        \
	W(W_MISUSE, "Report misuse", "舉報濫用", "举报滥用")                                                                  \
	W(W_MISUSE_LONG, "Have you seen this seal where it does not belong? Tell the issuer:",                                \
	    "在不應出現的地方見到此標記？請告知簽發人：",                                                                     \
	    "在不应出现的地方见到此标志？请告知颁发者：")                                                                     \
	W(W_MISSING, "There is no such page", "沒有此頁", "没有此页")                                                         \
	W(W_MISSING_LONG,                                                                                                     \
	    "If a seal led you here, do not rely on it: no member of this register has this "                                 \
	    "page. "                                                                                                          \
	    "Look the shop up in the register.",                                                                              \
	    "如果商店的標記引領您到此處，請勿依賴該標記：登記冊中沒有任何會員擁有此頁。" \
	    "請在登記冊中查閱該商店。",                                                                                       \
	    "如果商店的标志将您引到此处，请勿依赖该标志：登记册中没有任何会员拥有此页。" \
	    "请在登记册中查找该商店。")                                                                                       \
	W(W_SEEN, "Where you saw it, by its address", "在哪裡見到（網址）", "在哪里见到（网址）")                             \
	W(W_SAID, "What is wrong there, if you like", "有甚麼問題（可不填）",                                                 \
	    "有什么问题（可不填）")                                                                                           \
	W(W_REPORT_PRIVACY,                                                                                                   \
	    "Do not write who you are: what you send stays on record with the issuer, and "                                   \
	    "nothing else of you does.",                                                                                      \
	    "請勿填寫個人資料：簽發人只會保存您送出的內容，不會保存其他有關您的資料。",                                       \
	    "请勿填写个人信息：颁发者只会保存您提交的内容，不会保存其他与您有关的信息。")                                     \
	W(W_SEND, "Send the report", "送出舉報", "提交举报")                                                                  \
	W(W_REPORT_THANKS, "Thank you. The issuer has your report.",                                                          \
	    "多謝。簽發人已收到您的舉報。", "谢谢。颁发者已收到您的举报。")                                                   \
	W(W_REPORT_WRONG,                                                                                                     \
	    "Your report could not be read. Go back, and say where you saw the seal, in one line "                            \
	    "of at most 255 letters.",                                                                                        \
	    "未能讀取您的舉報。請返回，以一行（最多 255 個字元）填寫在哪裡見到此標記。",                                      \
	    "无法读取您的举报。请返回，用一行（最多 255 个字符）填写在哪里见到此标志。")                                      \
	W(W_REPORT_LATER, "Your report could not be taken now. Try it again in some minutes.",                                \
	    "現時未能接收您的舉報，請在數分鐘後再試。",                                                                       \
	    "暂时无法接收您的举报，请在几分钟后再试。")                                                                       \
	W(W_LATER, "Not available now", "暫時未能提供服務", "暂时无法提供服务")                                               \
	W(W_LATER_LONG,                                                                                                       \
	    "The service of the issuer cannot answer now. Try it again in some minutes; the "                                 \
	    "pages of the register are there meanwhile.",                                                                     \
	    "簽發人的服務目前未能回應，請在數分鐘後再試；登記冊各頁仍可查閱。",                                               \
	    "颁发者的服务暂时无法响应，请在几分钟后再试；登记册各页仍可查阅。")                                               \
	W(W_ISSUER, "Issuer", "簽發人", "颁发者")                                                                             \
	W(W_CONTACT, "Contact", "聯絡", "联系")                                                                               \
	W(W_BACK, "The whole register", "整份登記冊", "完整登记册")                                                           \
	W(W_SKIP, "To the content", "跳至內容", "跳到内容")                                                                   \
	W(W_LANGUAGES, "Languages", "語言", "语言")                                                                           \
	W(W_PAGE, "Page", "頁", "页")                                                                                         \
	W(W_DATA, "The register as data", "登記冊數據", "登记册数据")                                                         \
	W(W_COLON, ": ", "：", "：")                                                                                          \
	W(W_SEMI, "; ", "；", "；")                                                                                           \
	W(W_LOGO, "Trust mark", "信譽標記", "信誉标志")

#define W(id, en, hant, hans) id,
enum word_id { WORDS(W) WORD_COUNT };
#undef W

const char *word(enum tongue t, enum word_id w);
/* "en", "zh-Hant", "zh-Hans", as HTML has them; the language's own name; the end of a file's. */
const char *tongue_tag(enum tongue t);
const char *tongue_name(enum tongue t);
const char *tongue_file(enum tongue t);

#endif
