/* SPDX-License-Identifier: BSD-2-Clause */
/* The form: one question, what becomes of its answer, and whether that is right. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actions/mark/form_priv.h"
#include "client/outfile.h"
#include "document/digest.h"
#include "document/json.h"
#include "trust/renewal/renewal.h"
#include "util/hex.h"

#define ANSWER_MAX 16384
#define PROOF_MAX  (256u << 20) /* bytes of a file whose hash is asked for */

char *form_shown(const json_t *v)
{
	struct buf all = BUF_INIT(ANSWER_MAX);
	char *out = NULL;
	size_t i;
	json_t *name;

	if (json_is_boolean(v))
		return strdup(json_is_true(v) ? "yes" : "no");
	if (!json_is_array(v))
		return json_is_string(v) ? strdup(json_string_value(v))
		       : v		 ? json_text(v, JSON_ENCODE_ANY)
					 : NULL;
	json_array_foreach(v, i, name)
	{
		buf_str(&all, i ? " " : "");
		buf_str(&all, json_is_string(name) ? json_string_value(name) : "?");
	}
	buf_u8(&all, 0);
	if (buf_rc(&all) == ECERT_OK)
		out = strdup((const char *)buf_view(&all).p);
	buf_free(&all);
	return out;
}

void form_keep(struct form *f)
{
	char *text = json_text(f->root, JSON_INDENT(2));
	struct buf out = BUF_INIT(1u << 20);

	buf_str(&out, text ? text : "");
	buf_u8(&out, '\n');
	free(text);
	f->code = ui_fail_rc(f->job->ui, text ? buf_rc(&out) : ECERT_E_MEMORY,
	    MSG("Cannot keep the answers: {why}"));
	if (!f->code)
		f->code = outfile_save(f->job, f->file, buf_view(&out), true);
	buf_free(&out);
}

/* ---- from a line to a member ---- */

/* A number stays one when it is written again with the same digits. */
static json_t *number_of(const char *text)
{
	json_t *v = json_loads(text, JSON_DECODE_ANY, NULL);
	char *again = json_is_number(v) ? json_text(v, JSON_ENCODE_ANY) : NULL;
	const bool same = again && !strcmp(again, text);

	free(again);
	if (same)
		return v;
	json_decref(v);
	return json_string(text);
}

static json_t *names_of(const char *text)
{
	static const char between[] = " ,;\t";
	json_t *list = json_array();

	while (*(text += strspn(text, between))) {
		const size_t n = strcspn(text, between);

		(void)json_array_append_new(list, json_stringn(text, n));
		text += n;
	}
	return list;
}

static json_t *hash_of(const char *text)
{
	int fd = open(text, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct doc_digest d;
	char hex[2 * sizeof d.value + 1] = "";
	struct stat st;

	if (fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_size <= PROOF_MAX &&
	    doc_digest_fd(fd, "SHA256", NULL, NULL, &d) == ECERT_OK)
		hex_str(rd_of(d.value, d.len), hex);
	if (fd >= 0)
		close(fd);
	return json_string(hex[0] ? hex : text);
}

static json_t *member_of(enum form_kind kind, const char *text)
{
	switch (kind) {
	case FORM_LABEL: {
		json_t *v = number_of(text);

		if (!json_is_real(v))
			return v;
		json_decref(v);
		return json_string(text); /* 2.3 is a name, 2.30 another one */
	}
	case FORM_VALUE:
		return number_of(text);
	case FORM_NAMES:
		return names_of(text);
	case FORM_HASH:
		return hash_of(text);
	case FORM_YES:
		return !strcmp(text, "yes") || !strcmp(text, "no") ? json_boolean(text[0] == 'y')
								   : json_string(text);
	default:
		return json_string(text);
	}
}

/* ---- whether it is right ---- */

static void today(const struct form *f, char out[11])
{
	const time_t now = job_now(f->job);
	struct tm tm;

	if (!localtime_r(&now, &tm) || !strftime(out, 11, "%Y-%m-%d", &tm))
		out[0] = '\0';
}

/* The rules of a request, and what only whoever is asked can mend. */
static bool wrong(struct form *f, const json_t *v, const char *place, const struct form_row *row,
    struct message_kept *why)
{
	struct report *rep;
	const char *period = NULL;
	char day[11];
	bool bad = renewal_wrong_at(f->root, place, why);

	if (!bad && row->kind == FORM_PERIOD) {
		today(f, day);
		period = form_period_wrong(json_string_value(v), day);
		if (period)
			message_keep(why,
			    MSG("{place}: {why}", P_TEXT("place", place), P_WORD("why", period)));
	}
	if (bad || period || strcmp(place, "br_no") != 0 || !f->br[0])
		return bad || period;
	rep = malloc(sizeof *rep);
	if (!rep)
		return false;
	report_init(rep);
	bad = !renewal_business_check(json_string_value(v), f->br, rep);
	free(rep);
	if (bad)
		message_keep(why,
		    MSG("br_no: the certificate has another number, {br}", P_TEXT("br", f->br)));
	return bad;
}

/* Who sits there is asked again. */
static void tell_wrong(struct form *f, const struct message *why)
{
	if (f->attended)
		ui_note(f->job->ui, MSG("  {why}", P_MSG("why", why)));
	else
		f->code = ui_fail(f->job->ui, OUT_INPUT, "answer-wrong",
		    MSG("An answer is wrong: {why}", P_MSG("why", why)),
		    MSG("Correct it, and go on from there: the answers before it are kept."));
}

/* Puts it there, or tells why not and leaves what was there. */
static bool take(
    struct form *f, json_t *at, const char *place, const struct form_row *row, const char *text)
{
	json_t *before = json_incref(json_object_get(at, row->name));
	json_t *v = member_of(row->kind, text);
	struct message_kept why = {.n = 0};
	bool good = v && !json_object_set(at, row->name, v) && !wrong(f, v, place, row, &why);

	if (!good && before)
		(void)json_object_set(at, row->name, before);
	else if (!good)
		(void)json_object_del(at, row->name);
	json_decref(before);
	json_decref(v);
	if (good)
		return true;
	tell_wrong(f, MSG_KEPT(&why));
	return false;
}

static bool nothing(struct form *f, const struct form_row *row, const char *place)
{
	if (row->need != FORM_NEEDED)
		return true;
	tell_wrong(f, MSG("{place}: is missing", P_TEXT("place", place)));
	return false;
}

bool form_line(struct form *f, const struct ui_question *q, struct buf *line)
{
	enum ecert_rc rc = ui_ask(f->job->ui, q, line);

	if (rc == ECERT_E_CANCELLED)
		f->over = true;
	else
		f->code = ui_fail_rc(f->job->ui, rc, MSG("Cannot read the answer: {why}"));
	buf_u8(line, 0);
	return form_goes(f);
}

static bool ask(struct form *f, const struct form_row *row, const char *present, struct buf *line)
{
	static const char *const ways[] = {[FORM_NEEDED] = "{text}",
	    [FORM_OPTIONAL] = MSG_ID("{text} (Enter: none)"),
	    [FORM_NO_MORE] = MSG_ID("{text} (Enter: no more)")};
	const struct ui_question q = {
	    .text = MSG(present ? "{text}" : ways[row->need], P_WORD("text", row->ask)),
	    .present = present,
	    .yes = row->kind == FORM_YES};

	return form_line(f, &q, line);
}

/* The line without blanks around it. */
static char *trim(struct buf *line)
{
	char *s = (char *)(uintptr_t)buf_view(line).p;
	size_t n;

	s += strspn(s, " \t");
	for (n = strlen(s); n && (s[n - 1] == ' ' || s[n - 1] == '\t'); n--)
		s[n - 1] = '\0';
	return s;
}

bool form_ask(
    struct form *f, json_t *at, const char *prefix, const struct form_row *row, const char *usual)
{
	char place[FORM_PLACE];
	char *present = form_shown(json_object_get(at, row->name));
	bool done = false, there = false;

	(void)snprintf(place, sizeof place, "%s%s", prefix, row->name);
	if (!present && usual && usual[0])
		present = strdup(usual);
	while (!done && form_goes(f)) {
		struct buf line = BUF_INIT(ANSWER_MAX + 2);
		char *s;

		if (ask(f, row, present, &line)) {
			s = trim(&line);
			if (!strcmp(s, "-") && row->need != FORM_NEEDED)
				done = json_object_del(at, row->name) <= 0;
			else if (!*s && !present)
				done = nothing(f, row, place);
			else
				done = there = take(f, at, place, row, *s ? s : present);
		}
		buf_free(&line);
	}
	free(present);
	if (done && !f->code && (there || row->need != FORM_NO_MORE)) {
		f->asked++;
		form_keep(f);
	}
	return there && form_goes(f);
}

/* ---- periods ---- */

/* YYYY, YYYY-MM or YYYY-MM-DD: its first (or last) day; false: there is no such one. */
static bool day_of(const char *s, size_t n, bool last, char out[11])
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	static const char form[] = "0000-00-00";
	int y, m, d, most;

	if (n != 4 && n != 7 && n != 10)
		return false;
	for (size_t i = 0; i < n; i++)
		if (form[i] == '0' ? s[i] < '0' || s[i] > '9' : s[i] != form[i])
			return false;
	y = (int)strtol(s, NULL, 10);
	m = n > 4 ? (int)strtol(s + 5, NULL, 10) : last ? 12 : 1;
	if (m < 1 || m > 12)
		return false;
	most = days[m - 1] + (m == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0));
	d = n > 7 ? (int)strtol(s + 8, NULL, 10) : last ? most : 1;
	if (d < 1 || d > most)
		return false;
	return snprintf(out, 11, "%04d-%02d-%02d", y, m, d) == 10;
}

const char *form_period_wrong(const char *text, const char *today)
{
	const char *slash = strchr(text, '/');
	const char *end = slash ? slash + 1 : text;
	char from[11], to[11];

	if (!day_of(text, slash ? (size_t)(slash - text) : strlen(text), false, from) ||
	    !day_of(end, strlen(end), true, to))
		return MSG_ID(
		    "there is no such day, month or year; write 2026, 2026-10, 2026-10-31 "
		    "or two of them with a slash between");
	if (strcmp(from, to) > 0)
		return MSG_ID("it ends before it begins");
	if (today[0] && strcmp(from, today) > 0)
		return MSG_ID("it begins in the future");
	return NULL;
}
