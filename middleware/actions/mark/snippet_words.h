/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands on a shop's page beside its holder's name, in the languages that pages have. */
#ifndef ECERT_ACTIONS_MARK_SNIPPET_WORDS_H
#define ECERT_ACTIONS_MARK_SNIPPET_WORDS_H

/* Language, before the name, behind it. */
#define SNIPPET_WORDS                                                                                   \
	{"en", "Trust mark: ", " (current status: click)"},                                             \
	    {"zh-Hant", "信譽標記：", "。按此到簽發機構的網頁，查看今天是否有效"},                      \
	{                                                                                               \
		"zh-Hans", "信誉标志：", "。点击到颁发机构的网页，查看今天是否有效" \
	}

#endif
