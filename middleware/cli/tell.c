/* SPDX-License-Identifier: BSD-2-Clause */
/* How the command line speaks: errors in one sentence with the next step, notes, JSON. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

/* Bytes of the well-formed UTF-8 character at s (RFC 3629, 4, without its finer points: no
 * surrogate or overlong form is shown as itself), 0 when it is none that may be shown. */
static size_t character(const unsigned char *s)
{
	size_t n = s[0] < 0x80	     ? 1
		   : s[0] >> 5 == 6  ? 2
		   : s[0] >> 4 == 14 ? 3
		   : s[0] >> 3 == 30 ? 4
				     : 0;

	if (n == 1)
		return s[0] >= 0x20 && s[0] != 0x7F;
	if (s[0] == 0xC0 || s[0] == 0xC1 || s[0] > 0xF4 || (s[0] == 0xC2 && s[1] < 0xA0) ||
	    (s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xED && s[1] > 0x9F) ||
	    (s[0] == 0xF0 && s[1] < 0x90) || (s[0] == 0xF4 && s[1] > 0x8F))
		return 0;
	for (size_t i = 1; i < n; i++)
		if (s[i] >> 6 != 2) /* also the NUL that ends the text */
			return 0;
	return n;
}

const char *cli_clean(const char *s)
{
	static char ring[8][4352]; /* a path, and what a message puts around it */
	static unsigned next;
	char *out = ring[next++ % 8];
	size_t n = 0;

	while (s && *s) {
		size_t c = character((const unsigned char *)s), step = c ? c : 1;

		if (n + step >= sizeof ring[0])
			break;
		memcpy(out + n, c ? s : "?", step);
		n += step;
		s += step;
	}
	out[n] = 0;
	return out;
}

void cli_copy(char *out, size_t cap, const char *s)
{
	size_t n = strnlen(s, cap - 1);

	memcpy(out, s, n);
	out[n] = 0;
}

void cli_json_error(const struct cli *c, enum cli_exit code, const char *message, const char *hint)
{
	const struct exit_row *row = exit_row(code);
	json_t *o;

	if (!c || !c->json)
		return;
	o = json_pack("{s:{s:s, s:i, s:s, s:s}}", "error", "code", row->name, "exit",
	    (int)row->code, "message", message, "hint", hint);

	if (!o) /* a name that is not UTF-8 */
		o = json_pack("{s:{s:s, s:i}}", "error", "code", row->name, "exit", (int)row->code);
	if (o && !json_dumpf(o, stdout, JSON_INDENT(2)))
		putchar('\n');
	(void)fflush(stdout);
	json_decref(o);
}

static enum cli_exit tell(const struct cli *c, enum cli_exit code, const char *hint,
    const char *fmt, va_list ap) __attribute__((format(printf, 4, 0)));
static enum cli_exit tell(
    const struct cli *c, enum cli_exit code, const char *hint, const char *fmt, va_list ap)
{
	char message[1024];

	vsnprintf(message, sizeof message, fmt, ap);
	for (char *p = message; *p; p++)
		if ((unsigned char)*p < 0x20)
			*p = '?';
	fflush(stdout);
	fprintf(stderr, "ecert: %s.\n", message);
	if (hint && *hint)
		fprintf(stderr, "       %s\n", hint);
	cli_json_error(c, code, message, hint ? hint : "");
	return code;
}

enum cli_exit cli_fail(
    const struct cli *c, enum cli_exit code, const char *hint, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	code = tell(c, code, hint, fmt, ap);
	va_end(ap);
	return code;
}

enum cli_exit cli_fail_rc(const struct cli *c, enum ecert_rc rc, const char *fmt, ...)
{
	char what[512];
	va_list ap;

	if (!rc)
		return CLI_OK;
	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	return cli_fail(
	    c, exit_of_rc(rc), hint_of_rc(rc), "Cannot %s: %s", what, ecert_strerror(rc));
}

void cli_note(const struct cli *c, const char *fmt, ...)
{
	va_list ap;

	if (c->quiet)
		return;
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

void cli_say(const struct cli *c, const char *fmt, ...)
{
	va_list ap;

	if (c->quiet || c->json)
		return;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

enum cli_exit cli_json(const struct cli *c, json_t *o)
{
	int bad = 0;

	if (c->json) {
		bad = !o || json_dumpf(o, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
		putchar('\n');
		bad |= fflush(stdout);
	}
	json_decref(o);
	return bad ? cli_fail(NULL, CLI_IO, "Check where the output goes.",
			 "Cannot write the answer to standard output")
		   : CLI_OK;
}
