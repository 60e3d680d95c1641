/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions that a line answers, from a terminal or a pipe. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/language.h"
#include "cli/terminal.h"

#define LINE_MAX_BYTES 16384

bool line_means(const char *typed, bool yes)
{
	const char *id = yes ? MSG_ID("the word that answers yes")
			     : MSG_ID("the word that answers no");
	const char *word = language_of(id);

	return !strcmp(typed, yes ? "yes" : "no") ||
	       (word != id && !strcmp(language_input(typed), word));
}

/* In the person's language. */
static void show(const struct ui_question *q)
{
	const bool known = q->yes && q->present;
	const char *id = known && !strcmp(q->present, "yes") ? MSG_ID("the word that answers yes")
							     : MSG_ID("the word that answers no");
	const char *word = known && language_of(id) != id ? language_of(id) : q->present;
	const struct message *m = word ? MSG("{question} [{present}]: ", P_MSG("question", q->text),
					     P_TEXT("present", word))
				  : q->yes
				      ? MSG("{question} [yes/no]: ", P_MSG("question", q->text))
				      : MSG("{question}: ", P_MSG("question", q->text));
	char *line = cli_words(m);
	char *shown = line ? language_output(line) : NULL;

	fputs(shown ? shown : line ? line : m->id, stderr);
	fflush(stderr);
	free(shown);
	message_free(line);
}

/* Without its end, and a carriage return there. A line that is too long is read to its end. */
static enum ecert_rc read_line(struct buf *out)
{
	size_t n = 0;
	int ch;

	while ((ch = getchar()) != EOF && ch != '\n') {
		if (n++ < LINE_MAX_BYTES)
			buf_u8(out, (uint8_t)ch);
	}
	if (n > LINE_MAX_BYTES)
		return ECERT_E_TOO_LARGE;
	if (ch == EOF && n == 0)
		return ECERT_E_CANCELLED;
	n = buf_len(out);
	if (n && buf_view(out).p[n - 1] == '\r')
		buf_truncate(out, n - 1);
	buf_u8(out, 0);
	return buf_rc(out);
}

enum ecert_rc line_ask(const struct ui_question *q, struct buf *out)
{
	struct buf typed = BUF_INIT(LINE_MAX_BYTES + 1);
	const char *text;
	enum ecert_rc rc;

	show(q);
	rc = read_line(&typed);
	if (rc == ECERT_OK) {
		text = (const char *)buf_view(&typed).p;
		if (q->yes && (line_means(text, true) || !strcmp(text, "y")))
			text = "yes";
		else if (q->yes && (line_means(text, false) || !strcmp(text, "n")))
			text = "no";
		buf_str(out, language_input(text));
		rc = buf_rc(out);
	}
	if (rc == ECERT_E_CANCELLED || !isatty(STDIN_FILENO))
		fputc('\n', stderr); /* nobody has typed it */
	buf_free(&typed);
	return rc;
}
