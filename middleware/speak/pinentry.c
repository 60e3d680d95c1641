/* SPDX-License-Identifier: BSD-2-Clause */
/* Asking through a pinentry program over the Assuan protocol. */
#include "speak/pinentry.h"

#include <assuan.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/mem.h"
#include "util/text.h"

/* The program: ECERT_PINENTRY, else the first `pinentry` on the path. */
static const char *find_program(char *path, size_t cap)
{
	const char *named = secure_getenv("ECERT_PINENTRY");
	const char *dirs = getenv("PATH");

	if (named && *named)
		return named;
	for (const char *d = dirs ? dirs : "/usr/bin:/bin"; *d;) {
		size_t n = strcspn(d, ":");

		if (n && snprintf(path, cap, "%.*s/pinentry", (int)n, d) < (int)cap &&
		    !access(path, X_OK))
			return path;
		d += n + (d[n] == ':');
	}
	return NULL;
}

/* Assuan text: '%', CR and LF escaped (libassuan manual, 2.1). */
static void escape(const char *s, char *out, size_t cap)
{
	size_t n = 0;

	for (; *s && n + 4 < cap; s++) {
		if (strchr("%\r\n", *s))
			n += (size_t)snprintf(out + n, cap - n, "%%%02X", (unsigned char)*s);
		else
			out[n++] = *s;
	}
	out[n] = 0;
}

static gpg_error_t plain(assuan_context_t ctx, const char *line)
{
	return assuan_transact(ctx, line, NULL, NULL, NULL, NULL, NULL, NULL);
}

static gpg_error_t say(assuan_context_t ctx, const char *command, const char *text)
{
	char line[ASSUAN_LINELENGTH], safe[ASSUAN_LINELENGTH - 32];

	escape(text, safe, sizeof safe);
	snprintf(line, sizeof line, "%s %s", command, safe);
	return plain(ctx, line);
}

/* Options that a pinentry may refuse; the cache option is never sent. */
static void set_options(assuan_context_t ctx, const struct pinentry_manner *how)
{
	static const struct {
		const char *option, *variable;
	} options[] = {{"OPTION ttyname=", "GPG_TTY"}, {"OPTION ttytype=", "TERM"},
	    {"OPTION display=", "DISPLAY"}};
	char line[ASSUAN_LINELENGTH];

	for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
		const char *v = getenv(options[i].variable);

		if (!i && !v && isatty(STDIN_FILENO))
			v = ttyname(STDIN_FILENO);
		if (!v || strpbrk(v, "\r\n"))
			continue;
		snprintf(line, sizeof line, "%s%s", options[i].option, v);
		if (plain(ctx, line))
			continue;
	}
	/* Its own buttons in the same language. */
	snprintf(line, sizeof line, "OPTION lc-ctype=%s", how->ctype);
	(void)plain(ctx, line);
	snprintf(line, sizeof line, "OPTION lc-messages=%s", how->messages);
	(void)plain(ctx, line);
	snprintf(line, sizeof line, "OPTION owner=%ld ecert", (long)getpid());
	if (plain(ctx, line))
		return;
}

static gpg_error_t on_data(void *arg, const void *data, size_t n)
{
	struct pin *out = arg;

	if (out->n + n > PIN_TEXT_MAX)
		return gpg_error(GPG_ERR_TOO_LARGE);
	memcpy(out->text + out->n, data, n);
	out->n += n;
	return 0;
}

static enum ecert_rc outcome(gpg_error_t err)
{
	switch (gpg_err_code(err)) {
	case GPG_ERR_NO_ERROR:
		return ECERT_OK;
	case GPG_ERR_CANCELED:
	case GPG_ERR_FULLY_CANCELED:
	case GPG_ERR_TIMEOUT:
		return ECERT_E_CANCELLED;
	case GPG_ERR_TOO_LARGE:
		return ECERT_E_TOO_LARGE;
	default:
		return ECERT_E_UNSUPPORTED;
	}
}

/* ---- libassuan's own buffers, through which the PIN comes: in locked memory, all of them ---- */

/* What was asked for stands in front of it; aligned for whatever is put there. */
#define BEFORE (2 * sizeof(max_align_t))

static void *take(size_t n)
{
	void *p;

	if (n > SIZE_MAX - BEFORE || secret_alloc(BEFORE + n, &p) != ECERT_OK)
		return NULL;
	memcpy(p, &n, sizeof n);
	return (char *)p + BEFORE;
}

static size_t size_of(void *p)
{
	size_t n;

	memcpy(&n, (char *)p - BEFORE, sizeof n);
	return n;
}

static void give(void *p)
{
	if (p)
		secret_free((char *)p - BEFORE, BEFORE + size_of(p));
}

static void *take_again(void *p, size_t n)
{
	void *fresh = take(n);
	size_t had = p ? size_of(p) : 0;

	if (fresh && p) {
		memcpy(fresh, p, had < n ? had : n);
		give(p);
	}
	return fresh;
}

static char *shown(const struct pinentry_manner *how, const struct message *m)
{
	char *s = message_string(m, how->words);

	if (s)
		text_mask(s);
	return s;
}

static gpg_error_t talk(assuan_context_t ctx, const struct pinentry_manner *how,
    const struct pin_ask *ask, struct pin *out)
{
	char text[512];
	char *title = shown(
	    how, ask->reason ? MSG("{title},", P_MSG("title", ask->title)) : ask->title);
	char *reason = ask->reason ? shown(how, ask->reason) : NULL;
	char *prompt = shown(how, MSG("{prompt}:", P_WORD("prompt", ask->prompt)));
	char *error = ask->error ? shown(how, MSG("{sentence}.", P_MSG("sentence", ask->error)))
				 : NULL;
	gpg_error_t err;

	set_options(ctx, how);
	if (how->timeout) {
		(void)snprintf(text, sizeof text, "%u", how->timeout);
		(void)say(ctx, "SETTIMEOUT", text); /* one that knows none waits */
	}
	err = say(ctx, "SETTITLE", "e-Cert");
	snprintf(text, sizeof text, "%s%s%s", title ? title : "", reason ? "\n" : "",
	    reason ? reason : "");
	err = err ? err : say(ctx, "SETDESC", text);
	err = err ? err : say(ctx, "SETPROMPT", prompt ? prompt : ask->prompt);
	if (!err && error)
		err = say(ctx, "SETERROR", error);
	message_free(title);
	message_free(reason);
	message_free(prompt);
	message_free(error);
	assuan_begin_confidential(ctx);
	err = err ? err : assuan_transact(ctx, "GETPIN", on_data, out, NULL, NULL, NULL, NULL);
	assuan_end_confidential(ctx);
	return err;
}

enum ecert_rc pinentry_ask(
    const struct pinentry_manner *how, const struct pin_ask *ask, struct pin *out)
{
	static struct assuan_malloc_hooks locked = {take, take_again, give};
	const char *words[] = {"pinentry", NULL};
	assuan_context_t ctx = NULL;
	char path[4096];
	const char *program = find_program(path, sizeof path);
	gpg_error_t err;

	out->n = 0;
	if (!program)
		return ECERT_E_UNSUPPORTED;
	if (assuan_new_ext(&ctx, GPG_ERR_SOURCE_DEFAULT, &locked, NULL, NULL))
		return ECERT_E_MEMORY;
	err = assuan_pipe_connect(ctx, program, words, NULL, NULL, NULL, 0);
	err = err ? err : talk(ctx, how, ask, out);
	assuan_release(ctx);
	out->text[out->n] = 0;
	return outcome(err);
}
