/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs the table of read-only cases that applet-spec/tables/cases.tsv holds. */
#include "applet-spec/conformance/conformance.h"

#include <stdlib.h>
#include <string.h>

#include "applet-spec/conformance/cases.h"
#include "util/hex.h"

/* The cases of the table, one a row: see the head of cases.tsv for the columns. */
struct row {
	const char *id, *clause, *needs, *before, *command, *status, *answer, *text;
};

#define ROW(id, clause, needs, before, command, status, answer, text)                              \
	{id, clause, needs, before, command, status, answer, text},
static const struct row rows[] = {ECERT_CASE_ROWS(ROW)};
#undef ROW

struct need {
	const char *name;
	enum feature feature;
};

static const struct need needs[] = {
    {"base", F_BASE},
    {"metadata", F_METADATA},
    {"attest", F_ATTEST},
    {"serial", F_SERIAL},
    {"version", F_VERSION},
    {"ecert", F_ECERT},
    {"import", F_IMPORT},
    {"move", F_MOVE},
};

static bool needed(const struct session *s, const char *name)
{
	for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++) {
		if (strcmp(needs[i].name, name) == 0)
			return needs[i].feature == F_BASE || s->has[needs[i].feature] == YES;
	}
	return false;
}

/* One of the alternatives "9000 63Cx 6A82"; x is any digit. */
static bool status_fits(uint16_t sw, const char *list)
{
	char text[5];

	(void)snprintf(text, sizeof text, "%04X", sw);
	for (const char *p = list; strlen(p) >= 4; p += p[4] == ' ' ? 5 : 4) {
		bool fits = true;

		for (int i = 0; i < 4; i++)
			fits = fits && (p[i] == 'x' || p[i] == text[i]);
		if (fits)
			return true;
	}
	return false;
}

/* "-" anything; "len=N"; else tag paths that must be there: "61/4F 61/79/4F". */
static bool answer_fits(const struct session *s, const char *want)
{
	char path[32];

	if (strcmp(want, "-") == 0 || s->a.sw != ECERT_SW_OK)
		return true;
	if (strncmp(want, "len=", 4) == 0)
		return s->a.len == strtoul(want + 4, NULL, 10);
	while (*want != '\0') {
		size_t n = strcspn(want, " ");
		struct rd value;

		if (n >= sizeof path)
			return false;
		memcpy(path, want, n);
		path[n] = '\0';
		if (!answer_path(s, path, &value))
			return false;
		want += n + (want[n] == ' ');
	}
	return true;
}

static void run_row(struct session *s, const struct row *r)
{
	struct buf command = BUF_INIT(512);
	enum ecert_rc rc = hex_get(rd_of(r->command, strlen(r->command)), &command);

	if (strcmp(r->before, "select") == 0)
		(void)select_piv(s);
	if (rc == ECERT_OK)
		(void)send_raw(s, buf_view(&command), true);
	report_ok(s, rc == ECERT_OK && status_fits(s->a.sw, r->status) && answer_fits(s, r->answer),
	    r->clause, r->text);
	buf_free(&command);
}

void run_cases(struct session *s)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (needed(s, rows[i].needs))
			run_row(s, &rows[i]);
		else
			report_skip(s, rows[i].clause, rows[i].text, "the card does not have it");
	}
}
