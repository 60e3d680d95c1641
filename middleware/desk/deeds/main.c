/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert-desk-deed: does one thing that the page asked for, and ends; with it goes what it knew. */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actions/job.h"
#include "desk/deeds/deeds.h"
#include "speak/catalogue.h"
#include "ui/guard.h"
#include "util/log.h"

#define REQUEST_N (128u << 10)

/* The socket of whoever started us goes where no program that we start looks. */
static int take_channel(void)
{
	const int fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10);
	const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (fd < 0 || nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 ||
	    dup2(nothing, STDOUT_FILENO) < 0)
		return -1;
	(void)close(nothing);
	return fd;
}

static json_t *read_request(int fd)
{
	char *text = malloc(REQUEST_N);
	json_t *o = NULL;
	size_t n = 0;

	while (text && n < REQUEST_N) {
		const ssize_t did = recv(fd, text + n, REQUEST_N - n, 0);

		if (did < 0 && errno == EINTR)
			continue;
		if (did <= 0)
			break;
		n += (size_t)did;
		if (text[n - 1] == '\n') {
			o = json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL);
			break;
		}
	}
	free(text);
	return o;
}

/* The language of the page, which is another one than the session's when the person chose it. The C
 * library looks for a catalogue by LANGUAGE when the locale itself was not made on this system. */
static const char *speak(const json_t *asked)
{
	static const char *const known[][2] = {
	    {"zh_HK", "zh_HK.UTF-8"}, {"zh_CN", "zh_CN.UTF-8"}, {"zh_TW", "zh_TW.UTF-8"}};
	const char *language = asked_text(asked, "language"), *locale = "C.UTF-8";

	(void)unsetenv("LANGUAGE");
	for (size_t i = 0; language && i < sizeof known / sizeof known[0]; i++)
		if (!strcmp(known[i][0], language)) {
			locale = known[i][1];
			(void)setenv("LANGUAGE", language, 1);
		}
	(void)setlocale(LC_CTYPE, "C.UTF-8");
	(void)setlocale(LC_MESSAGES, "C.UTF-8");
	language_catalogue();
	return locale;
}

static const struct {
	const char *name;
	enum outcome (*run)(const struct job *job, struct page_ui *p, const json_t *asked);
} deeds[] = {{"today", deed_today}, {"verify", deed_verify}, {"sign", deed_sign}};

static enum outcome run(struct page_ui *p, const struct ui *ui, const json_t *asked)
{
	const char *name = asked_text(asked, "do");
	struct job job;
	enum outcome code;

	job_init(&job, ui);
	job.token = asked_text(asked, "token");
	code = job_check(&job);
	for (size_t i = 0; !code && name && i < sizeof deeds / sizeof deeds[0]; i++)
		if (!strcmp(deeds[i].name, name))
			code = deeds[i].run(&job, p, asked);
	return code;
}

int main(void)
{
	struct page_ui p = {.channel = take_channel()};
	const struct ui ui = {&page_calls, &p};
	json_t *asked;
	enum outcome code;

	if (p.channel < 0)
		return 1;
	guard_process();
	log_init();
	(void)umask(077);
	asked = read_request(p.channel);
	if (!json_is_object(asked))
		return 1;
	p.locale = speak(asked);
	code = run(&p, &ui, asked);
	say(&p, json_pack("{s:s, s:s, s:i}", "kind", "end", "outcome",
		    code == OUT_INTERRUPTED ? "interrupted"
		    : code == OUT_OK	    ? "ok"
					    : "failed",
		    "code", (int)code));
	json_decref(asked);
	return 0;
}
