/* SPDX-License-Identifier: BSD-2-Clause */
/* How the pages look: one style, one small script that they do without, and the seal. */
#include "publish/pages.h"

static const char style[] =
    ":root{--ink:#1b2733;--soft:#51606f;--ground:#f4f6f8;--card:#fff;--line:#d5dce3;"
    "--link:#0b57a4;--good:#0f6b3a;--warn:#8a5300;--bad:#a3212b;--none:#4a5561;"
    "color-scheme:light dark}\n"
    "@media (prefers-color-scheme:dark){:root{--ink:#e8edf2;--soft:#aab6c2;--ground:#12181f;"
    "--card:#1b232c;--line:#36424e;--link:#8cc4ff}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.55 system-ui,"
    "\"Segoe UI\",Roboto,\"Helvetica Neue\",\"Noto Sans\",sans-serif;overflow-wrap:anywhere}\n"
    ":lang(zh-Hant) body,body:lang(zh-Hant){font-family:system-ui,\"PingFang HK\","
    "\"Microsoft JhengHei\",\"Noto Sans TC\",\"Noto Sans HK\",sans-serif}\n"
    ":lang(zh-Hans) body,body:lang(zh-Hans){font-family:system-ui,\"PingFang SC\","
    "\"Microsoft YaHei\",\"Noto Sans SC\",sans-serif}\n"
    ".wide{max-width:50rem;margin:0 auto;padding:0 1.1rem}\n"
    "a{color:var(--link);text-underline-offset:.15em}\n"
    ":focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:2px}\n"
    ".skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--card);"
    "padding:.5rem 1rem;z-index:1}\n"
    "header{background:var(--card);border-bottom:1px solid var(--line)}\n"
    "header .wide{display:flex;flex-wrap:wrap;gap:.4rem 1rem;align-items:center;"
    "justify-content:space-between;padding-top:.7rem;padding-bottom:.7rem}\n"
    ".home{display:flex;gap:.7rem;align-items:center;font-weight:650;color:var(--ink);"
    "text-decoration:none}.home:hover{text-decoration:underline}\n"
    "nav ul{display:flex;flex-wrap:wrap;gap:.25rem;list-style:none;margin:0;padding:0}\n"
    "nav a{display:block;padding:.25rem .6rem;border-radius:.4rem;text-decoration:none;"
    "min-height:1.9rem}nav a:hover{text-decoration:underline}\n"
    "nav [aria-current]{background:var(--ground);color:var(--ink);font-weight:600}\n"
    "main.wide{padding-top:1.4rem;padding-bottom:2.5rem;display:block}\n"
    "h1{font-size:clamp(1.5rem,1.1rem + 1.8vw,2rem);line-height:1.25;margin:.3rem 0 1.1rem}\n"
    "h2{font-size:1.12rem;line-height:1.3;margin:2rem 0 .6rem}\n"
    ".status{color:#fff;border-radius:.8rem;padding:1.2rem 1.3rem 1.1rem;margin:0 0 1rem;"
    "background:var(--none)}\n"
    ".status p{margin:.3rem 0}.status .word{font-size:clamp(1.9rem,1.4rem + 2.4vw,2.6rem);"
    "font-weight:700;line-height:1.25;margin:0 0 .35rem}.status .word+p{font-size:1.1rem}\n"
    ".status .word::before{content:\"\\2013\";display:inline-block;width:1.5em;height:1.5em;"
    "line-height:1.4em;text-align:center;border:.1em solid currentColor;border-radius:50%;"
    "margin-right:.5em;font-size:.75em;vertical-align:.1em}\n"
    ".status.active .word::before{content:\"\\2713\"}"
    ".status.suspended .word::before{content:\"!\"}"
    ".status.revoked .word::before,.status.expired .word::before{content:\"\\00d7\"}\n"
    ".status a{color:inherit}"
    ".status .when{font-size:.9rem;margin-top:.7rem}.status "
    ".stale{font-weight:700;margin-top:.5rem}\n"
    ".active{background:var(--good)}.suspended{background:var(--warn)}"
    ".revoked,.expired{background:var(--bad)}.unsaid{background:var(--none)}\n"
    "section+section{margin-top:2.2rem}\n"
    "dl{background:var(--card);border:1px solid var(--line);border-radius:.8rem;margin:0;"
    "padding:.3rem 1.2rem}\n"
    "dt{color:var(--soft);font-size:.9rem;margin-top:.6rem}dd{margin:0 0 .6rem}\n"
    "@media (min-width:36rem){dl:not(.facts){display:grid;grid-template-columns:13rem "
    "minmax(0,1fr);column-gap:1rem;"
    "align-items:baseline}dt,dd{margin:.45rem 0}}\n"
    ".facts{display:flex;flex-wrap:wrap;gap:0 2.4rem;padding:.4rem 1.2rem}.facts dd{"
    "font-size:1.15rem;font-weight:600;margin:0 0 .5rem}.facts dt{margin:.5rem 0 0}\n"
    "ul.domains{list-style:none;padding:0;margin:.4rem 0;display:flex;flex-wrap:wrap;gap:.5rem}\n"
    "ul.domains li{background:var(--card);border:1px solid var(--line);border-radius:.5rem;"
    "padding:.4rem .9rem;font-size:1.1rem}ul.may li{border:2px solid var(--good)}\n"
    ".copy{border-left:.3rem solid var(--warn);padding:.2rem 0 .2rem .9rem;margin:.8rem 0}\n"
    ".evidence{list-style:none;padding:0}.evidence li{background:var(--card);"
    "border:1px solid var(--line);border-radius:.8rem;padding:.8rem 1.2rem;margin:.7rem 0}"
    ".value{font-size:1.5rem;font-weight:600;line-height:1.5}\n"
    ".other{margin:.9rem 0 .5rem}\n"
    "code{font:.85rem/1.5 ui-monospace,Menlo,Consolas,monospace}\n"
    "pre{background:var(--card);border:1px solid var(--line);border-radius:.6rem;"
    "padding:.8rem 1rem;white-space:pre-wrap}\n"
    "main li{margin:.2rem 0}\n"
    "table{border-collapse:separate;border-spacing:0;width:100%;background:var(--card);"
    "border:1px solid var(--line);border-radius:.8rem;overflow-wrap:break-word}\n"
    "caption{text-align:left;font-weight:650;padding:0 0 .5rem}\n"
    "th,td{text-align:left;vertical-align:top;padding:.6rem .9rem;"
    "border-top:1px solid var(--line)}thead th{font-size:.9rem;color:var(--soft);"
    "border-top:0;font-weight:600}tbody th{font-weight:600}\n"
    "td time,.chip{white-space:nowrap}\n"
    ".chip{color:#fff;border-radius:1rem;padding:.1rem .7rem;font-size:.9rem;"
    "display:inline-block}\n"
    "@media (max-width:35.99rem){thead{position:absolute;left:-99rem}"
    "table,tbody,tr,th,td,caption{display:block}"
    "tr{border-top:1px solid var(--line);padding:.6rem 0}tr:first-child{border-top:0}"
    "caption{padding:.7rem .9rem 0}tbody th,tbody td{border:0;padding:.15rem .9rem}"
    "tbody td{display:grid;grid-template-columns:6.5rem "
    "minmax(0,1fr);justify-items:start;overflow-wrap:anywhere}"
    "td::before{content:attr(data-label);color:var(--soft);font-size:.9rem}}\n"
    ".search{margin:0 0 1.3rem}.search label{display:block;font-weight:600;margin-bottom:.3rem}\n"
    ".search input{width:100%;font:inherit;color:inherit;background:var(--card);"
    "border:1px solid var(--soft);border-radius:.6rem;padding:.6rem .9rem}\n"
    ".search p{margin:.3rem 0 0;color:var(--soft)}\n"
    ".report label{display:block;font-weight:600}.report input,.report textarea{width:100%;"
    "font:inherit;color:inherit;background:var(--card);border:1px solid var(--soft);"
    "border-radius:.6rem;padding:.5rem .8rem}.report p{margin:.6rem 0}.hint{color:var(--soft)}"
    ".report button{font:inherit;font-weight:600;color:#fff;background:#0b57a4;border:0;"
    "border-radius:.6rem;padding:.6rem 1.2rem;min-height:2.75rem}\n"
    ".pages{margin-top:1rem}\n"
    "footer{border-top:1px solid var(--line);color:var(--soft);font-size:.9rem;"
    "padding:1rem 0 2rem}footer p{margin:.3rem 0}\n"
    "@media print{header nav,.search,.skip{display:none}.status,.chip{color:#000;"
    "background:none;border:2px solid #000}}\n";

/* Nothing that it writes is HTML: names are the members' own. */
static const char script[] =
    "'use strict';\n"
    "(function () {\n"
    "  function late() {\n"
    "    document.querySelectorAll('[data-until]').forEach(function (e) {\n"
    "      if (Date.now() / 1000 > Number(e.dataset.until)) {\n"
    "        e.className = 'status unsaid';\n"
    "        e.querySelector('.word').textContent = e.dataset.unsaid;\n"
    "        e.querySelector('.word + p').hidden = true;\n"
    "        e.querySelector('.stale').hidden = false;\n"
    "      }\n"
    "    });\n"
    "  }\n"
    "  late();\n"
    "  setInterval(late, 60000);\n"
    "  var form = document.querySelector('.search'), q, found, body, plain, all, pages;\n"
    "  if (!form) return;\n"
    "  q = document.getElementById('q');\n"
    "  found = document.getElementById('found');\n"
    "  body = document.querySelector('#members tbody');\n"
    "  pages = document.querySelector('.pages');\n"
    "  plain = Array.from(body.children);\n"
    "  form.hidden = false;\n"
    "  form.addEventListener('submit', function (e) { e.preventDefault(); });\n"
    "  function cell(row, name, text, label) {\n"
    "    var c = row.appendChild(document.createElement(name));\n"
    "    c.textContent = text;\n"
    "    if (label) c.dataset.label = label;\n"
    "    return c;\n"
    "  }\n"
    "  function show(m) {\n"
    "    var row = document.createElement('tr'), a = document.createElement('a'), s,\n"
    "      heads = document.querySelectorAll('#members thead th');\n"
    "    var name = cell(row, 'th', '');\n"
    "    name.scope = 'row';\n"
    "    a.href = document.body.dataset.up + 'm/' + Number(m.id) + '/' + found.dataset.file;\n"
    "    a.textContent = m.name;\n"
    "    name.appendChild(a);\n"
    "    cell(row, 'td', m.domains.join(', '), heads[1].textContent);\n"
    "    s = cell(row, 'td', '', heads[2].textContent)\n"
    "      .appendChild(document.createElement('span'));\n"
    "    s.className = 'chip ' + (m.status || 'unsaid');\n"
    "    s.textContent = found.dataset[m.status || 'unsaid'];\n"
    "    cell(row, 'td', m.until.slice(0, 10), heads[3].textContent);\n"
    "    return row;\n"
    "  }\n"
    "  function search() {\n"
    "    var text = q.value.trim().toLowerCase(), rows;\n"
    "    if (pages) pages.hidden = !!text;\n"
    "    rows = !text ? plain : all.filter(function (m) {\n"
    "      return m.name.toLowerCase().includes(text) ||\n"
    "        m.domains.some(function (d) { return d.includes(text); });\n"
    "    }).slice(0, 100).map(show);\n"
    "    body.replaceChildren.apply(body, rows);\n"
    "    found.textContent = !text ? '' : rows.length ? String(rows.length)\n"
    "      : found.dataset.nothing;\n"
    "  }\n"
    "  q.addEventListener('input', function () {\n"
    "    if (all) return search();\n"
    "    fetch(document.body.dataset.up + 'register.json').then(function (r) {\n"
    "      return r.json();\n"
    "    }).then(function (d) { all = d.members; search(); });\n"
    "  });\n"
    "})();\n";

static enum ecert_rc put_text(struct site *s, const char *name, const char *text)
{
	struct buf b = BUF_INIT(1u << 16);
	enum ecert_rc rc;

	buf_str(&b, text);
	rc = files_put(&s->f, name, &b);
	buf_free(&b);
	return rc;
}

/* A shield with a tick, in the issuer's colour; what it says is in its title. */
static enum ecert_rc put_logo(struct site *s)
{
	struct buf b = BUF_INIT(1u << 16);
	enum ecert_rc rc;

	web_put(&b,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 96 96\" role=\"img\" "
	    "aria-labelledby=\"t\"><title id=\"t\">",
	    s->name, " – ", word(TONGUE_EN, W_LOGO), " ", word(TONGUE_HANT, W_LOGO),
	    "</title><path fill=\"", s->colour,
	    "\" d=\"M48 4 84 16v28c0 24-15 40-36 48C27 84 12 68 12 44V16z\"/>"
	    "<path fill=\"none\" stroke=\"#fff\" stroke-width=\"3\" "
	    "d=\"M48 11.5 77 21v23c0 20-12 33-29 40.5C31 77 19 64 19 44V21z\"/>"
	    "<path fill=\"none\" stroke=\"#fff\" stroke-width=\"9\" stroke-linecap=\"round\" "
	    "stroke-linejoin=\"round\" d=\"m32 47 12 12 21-24\"/></svg>\n");
	rc = files_put(&s->f, "logo.svg", &b);
	buf_free(&b);
	return rc;
}

enum ecert_rc put_look(struct site *s)
{
	enum ecert_rc rc = put_text(s, "style.css", style);

	if (rc == ECERT_OK)
		rc = put_text(s, "site.js", script);
	if (rc == ECERT_OK)
		rc = put_logo(s);
	if (rc == ECERT_OK)
		rc = put_missing(s);
	return rc;
}
