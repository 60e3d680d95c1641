/* SPDX-License-Identifier: BSD-2-Clause */
/* The report's page around its documents. What is long is kept in nameless files until the counts
 * above it are known, so that memory does not grow with it. */
#include "cli/verify/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/verify/html.h"
#include "config.h"
#include "util/clock.h"

#define PIECE_MAX (16u << 20)

struct report_page {
	const char *path;
	bool force;
	/* Nameless, by the verdict. */
	struct {
		FILE *rows, *details;
		size_t n;
	} group[REPORT_GROUPS];
	struct buf anchors;
	size_t n, anchors_n;
};

/* What has to be looked at first comes first. */
static const struct {
	const char *class, *words, *id;
} groups[REPORT_GROUPS] = {
    [REPORT_BAD] = {"bad", MSG_ID("not valid"), "bad"},
    [REPORT_NONE] = {"none", MSG_ID("not verified"), "none"},
    [REPORT_UNSURE] = {"unsure", MSG_ID("cannot be called valid"), "unsure"},
    [REPORT_GOOD] = {"good", MSG_ID("valid"), "good"},
};

static const char style[] =
    "@page{size:A4;margin:16mm 14mm}"
    "*{box-sizing:border-box}"
    "body{font:10.5pt/1.45 system-ui,'Noto Sans','Noto Sans CJK HK','Noto Sans CJK SC',sans-serif;"
    "color:#1a1a1a;background:#fff;max-width:190mm;margin:8mm auto;padding:0 4mm}"
    "h1{font-size:18pt;margin:0 0 4mm}h2{font-size:13pt;margin:8mm 0 2mm;border-bottom:1px solid "
    "#999}h3{font-size:11pt;margin:6mm 0 1mm;overflow-wrap:anywhere}"
    "table{border-collapse:collapse;width:100%;margin:0 0 2mm}"
    "th,td{text-align:left;vertical-align:top;padding:.8mm 2mm;border-bottom:1px solid #ddd;"
    "overflow-wrap:anywhere}"
    "thead th{border-bottom:2px solid #666}thead{display:table-header-group}"
    "tr,h3,.counts{break-inside:avoid}h2,h3{break-after:avoid}"
    ".facts th,.who th{width:42mm;font-weight:600}"
    ".counts{display:flex;gap:4mm;margin:3mm 0}"
    ".counts div{flex:1;border:1px solid #bbb;border-radius:1.5mm;padding:2mm 3mm}"
    ".counts b{display:block;font-size:17pt;line-height:1.2}"
    ".files,.trust{table-layout:fixed}.files td:first-child{color:#555}"
    ".files th:nth-child(1){width:10mm}.files th:nth-child(3){width:30mm}"
    ".files th:nth-child(5){width:40mm}"
    ".trust th:nth-child(2){width:30mm}.trust th:nth-child(3){width:70mm}"
    ".checks td:first-child{width:20mm}.checks td:nth-child(2){width:42mm}"
    ".verdict{font-weight:700}.good{color:#0b6b2e}.bad{color:#b00020}.unsure{color:#8a5a00}"
    ".none{color:#555}.counts a{display:block;color:inherit;text-decoration:none}"
    ".files a{color:inherit}"
    ".counter{margin-left:8mm}small{display:block}"
    ".why{margin:1mm 0;font-weight:600}.advice{margin:1mm 0 3mm;padding:1mm 3mm;border-left:1mm "
    "solid #8a5a00;background:#faf6ec}.indication{margin:0;color:#555;font-size:9pt}"
    "code{font:9pt ui-monospace,'DejaVu Sans Mono',monospace;overflow-wrap:anywhere}"
    "footer{margin-top:8mm;font-size:9pt;color:#555;border-top:1px solid #999;padding-top:1mm}"
    "@media print{body{margin:0;padding:0;max-width:none}"
    "*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}";

static enum outcome no_room(const struct cli *c)
{
	return ui_fail(c->job.ui, OUT_IO, "report-unwritable",
	    MSG("Cannot prepare the report: {why}", P_ERRNO("why", errno)),
	    MSG("Make room in the folder for temporary files."));
}

enum outcome report_begin(
    const struct cli *c, const char *path, bool force, struct report_page **out)
{
	enum outcome code = verify_report_vacant(&c->job, path, force);
	struct report_page *p = code ? NULL : calloc(1, sizeof *p);

	*out = p;
	if (code)
		return code;
	if (!p)
		return ui_fail_rc(c->job.ui, ECERT_E_MEMORY, MSG("Cannot start: {why}"));
	p->path = path;
	p->force = force;
	buf_init(&p->anchors, PIECE_MAX);
	for (size_t i = 0; i < REPORT_GROUPS; i++) {
		p->group[i].rows = tmpfile();
		p->group[i].details = tmpfile();
		if (p->group[i].rows && p->group[i].details)
			continue;
		code = no_room(c);
		report_free(out);
		return code;
	}
	return OUT_OK;
}

void report_free(struct report_page **page)
{
	struct report_page *p = *page;

	if (!p)
		return;
	for (size_t i = 0; i < REPORT_GROUPS; i++) {
		if (p->group[i].rows)
			(void)fclose(p->group[i].rows);
		if (p->group[i].details)
			(void)fclose(p->group[i].details);
	}
	buf_free(&p->anchors);
	free(p);
	*page = NULL;
}

void report_anchor(struct report_page *p, const struct verify_anchor *a)
{
	struct buf *out = &p->anchors;
	struct message who = verify_trusted_words(&a->who);

	p->anchors_n++;
	html_tag(out, "<tr><td>");
	html_text(out, a->subject[0] ? a->subject : a->who.name);
	html_tag(out, "</td><td>");
	html_words(out, &who);
	html_tag(out, "</td><td><code>");
	html_text(out, a->who.sha256);
	html_tag(out, "</code></td></tr>\n");
}

static void put(FILE *f, struct rd bytes)
{
	if (bytes.n)
		(void)fwrite(bytes.p, 1, bytes.n, f);
}

void report_take(struct report_page *p, struct rd row, struct rd details)
{
	size_t g = row.n && row.p[0] < REPORT_GROUPS ? row.p[0] : REPORT_NONE;
	FILE *rows = p->group[g].rows;

	p->n++;
	p->group[g].n++;
	fprintf(rows, "<tr><td>%zu</td><td><a href=\"#d%zu\">", p->n, p->n);
	put(rows, row.n ? rd_of(row.p + 1, row.n - 1) : row);
	fprintf(p->group[g].details, "<section><h3 id=\"d%zu\">%zu. ", p->n, p->n);
	put(p->group[g].details, details);
}

/* A link to its documents, where there are some. */
static void put_count(struct buf *out, size_t g, size_t n)
{
	char digits[24];

	snprintf(digits, sizeof digits, "%zu", n);
	html_tag(out, "<div class=\"");
	html_tag(out, groups[g].class);
	html_tag(out, "\">");
	if (n) {
		html_tag(out, "<a href=\"#");
		html_tag(out, groups[g].id);
		html_tag(out, "\">");
	}
	html_tag(out, "<b>");
	html_text(out, digits);
	html_tag(out, "</b>");
	html_words(out, MSG(groups[g].words));
	html_tag(out, n ? "</a></div>\n" : "</div>\n");
}

static void put_number(struct buf *out, const char *label, size_t n)
{
	char digits[24];

	snprintf(digits, sizeof digits, "%zu", n);
	html_row(out, label, n ? digits : NULL);
}

static void put_head(struct buf *out, const struct verify_sum *sum)
{
	const size_t n[REPORT_GROUPS] = {[REPORT_BAD] = sum->failed,
	    [REPORT_NONE] = sum->unjudged,
	    [REPORT_UNSURE] = sum->indeterminate,
	    [REPORT_GOOD] = sum->passed};
	char lang[32], when[CLI_TIME];

	html_language(lang, sizeof lang);
	html_tag(out, "<!DOCTYPE html>\n<html lang=\"");
	html_text(out, lang);
	html_tag(out, "\">\n<head>\n<meta charset=\"utf-8\">\n"
		      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		      "style-src 'unsafe-inline'\">\n"
		      "<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
	html_words(out, MSG("Verification report"));
	html_tag(out, "</title>\n<style>");
	html_tag(out, style);
	html_tag(out, "</style>\n</head>\n<body>\n<h1>");
	html_words(out, MSG("Verification report"));
	html_tag(out, "</h1>\n<table class=\"facts\">\n");
	html_row(out, MSG_ID("Verified as of:"), cli_time(sum->at, when));
	html_row(out, MSG_ID("Report made:"), cli_time(clock_now(), when));
	html_row(out, MSG_ID("Program:"), PACKAGE_STRING);
	put_number(out, MSG_ID("Links and special files left out:"), sum->left_out);
	put_number(out, MSG_ID("Requests that the limit kept back:"), sum->not_asked);
	html_tag(out, "</table>\n<div class=\"counts\">\n");
	for (size_t g = 0; g < REPORT_GROUPS; g++)
		put_count(out, g, n[g]);
	html_tag(out, "</div>\n");
}

static void put_anchors(struct buf *out, const struct report_page *p)
{
	html_tag(out, "<h2>");
	html_words(out, MSG("Whom this report trusts"));
	html_tag(out, "</h2>\n");
	if (!p->anchors_n) {
		html_tag(out, "<p>");
		html_words(out, MSG("Nobody was named as trusted, so that nothing can be valid."));
		html_tag(out, "</p>\n");
		return;
	}
	html_tag(out, "<table class=\"trust\"><thead><tr><th scope=\"col\">");
	html_words(out, MSG("Certificate"));
	html_tag(out, "</th><th scope=\"col\">");
	html_words(out, MSG("Trusted by"));
	html_tag(out, "</th><th scope=\"col\">SHA-256</th></tr></thead>\n<tbody>\n");
	buf_rd(out, buf_view(&p->anchors));
	html_tag(out, "</tbody></table>\n");
}

static void put_table_head(struct buf *out, const struct report_page *p, size_t g)
{
	static const char *const columns[] = {
	    MSG_ID("Document"), MSG_ID("Verdict"), MSG_ID("Signer"), MSG_ID("Claimed time")};

	html_tag(out, "<h3 id=\"");
	html_tag(out, groups[g].id);
	html_tag(out, "\" class=\"");
	html_tag(out, groups[g].class);
	html_tag(out, "\">");
	html_words(out,
	    MSG("{group}: {n}", P_WORD("group", groups[g].words), P_NUMBER("n", p->group[g].n)));
	html_tag(out, "</h3>\n<table class=\"files\"><thead><tr><th></th>");
	for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
		html_tag(out, "<th scope=\"col\">");
		html_words(out, MSG(columns[i]));
		html_tag(out, "</th>");
	}
	html_tag(out, "</tr></thead>\n<tbody>\n");
}

static void put_file(FILE *to, FILE *from)
{
	char room[65536];
	size_t n;

	rewind(from);
	while ((n = fread(room, 1, sizeof room, from)) > 0)
		(void)fwrite(room, 1, n, to);
}

static void put_title(struct buf *out, const char *words)
{
	html_tag(out, "<h2>");
	html_words(out, MSG(words));
	html_tag(out, "</h2>\n");
}

/* Writes what there is so far, and begins anew. */
static bool put_piece(struct buf *out, FILE *to)
{
	bool ok = buf_rc(out) == ECERT_OK;

	put(to, buf_view(out));
	buf_reset(out);
	return ok;
}

static bool draw(struct report_page *p, const struct verify_sum *sum, FILE *to)
{
	struct buf out = BUF_INIT(2 * PIECE_MAX);
	bool ok;

	put_head(&out, sum);
	put_anchors(&out, p);
	put_title(&out, MSG_ID("Documents"));
	ok = put_piece(&out, to);
	for (size_t g = 0; g < REPORT_GROUPS; g++) {
		if (!p->group[g].n)
			continue;
		put_table_head(&out, p, g);
		ok = put_piece(&out, to) && ok;
		put_file(to, p->group[g].rows);
		html_tag(&out, "</tbody></table>\n");
	}
	put_title(&out, MSG_ID("What was found"));
	ok = put_piece(&out, to) && ok;
	for (size_t g = 0; g < REPORT_GROUPS; g++) {
		put_file(to, p->group[g].details);
		ok = ok && !ferror(p->group[g].rows) && !ferror(p->group[g].details);
	}
	html_tag(&out, "<footer>");
	html_words(&out, MSG("{program}: the verdicts are those of ETSI EN 319 102-1, for whoever "
			     "trusts whom this "
			     "report names, at the time that it names.",
			     P_TEXT("program", PACKAGE_STRING)));
	html_tag(&out, "</footer>\n</body>\n</html>\n");
	ok = put_piece(&out, to) && ok;
	buf_free(&out);
	return ok && !fflush(to) && !ferror(to);
}

enum outcome report_end(const struct cli *c, struct report_page *p, const struct verify_sum *sum)
{
	FILE *page = tmpfile();
	struct cli people;
	struct ui ui;
	enum outcome code;

	cli_for_people(c, &people, &ui);
	if (!page || !draw(p, sum, page))
		code = no_room(&people);
	else
		code = verify_report_save(&people.job, p->path, fileno(page), p->force);
	if (page)
		(void)fclose(page);
	if (!code)
		cli_tell(c, MSG("Report: {file}", P_FILE("file", p->path)));
	return code;
}
