/* SPDX-License-Identifier: BSD-2-Clause */
/* Asking on the terminal without echo, which is switched on again whatever signal comes. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli/language.h"
#include "cli/terminal.h"
#include "util/mem.h"

static const int watched[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
#define WATCHED (sizeof watched / sizeof watched[0])

static volatile sig_atomic_t caught;

static void on_signal(int sig)
{
	caught = sig;
}

/* The terminal with echo off and the signals' former handlers. */
struct quiet_tty {
	int fd;
	struct termios was;
	struct sigaction before[WATCHED];
};

static enum ecert_rc quiet_begin(struct quiet_tty *t)
{
	struct sigaction sa = {.sa_handler = on_signal};
	struct termios now;

	t->fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (t->fd < 0)
		return ECERT_E_UNSUPPORTED;
	if (tcgetattr(t->fd, &t->was)) {
		close(t->fd);
		return ECERT_E_UNSUPPORTED;
	}
	caught = 0;
	sigemptyset(&sa.sa_mask);
	for (size_t i = 0; i < WATCHED; i++)
		sigaction(watched[i], &sa, &t->before[i]); /* no SA_RESTART: read() returns */
	now = t->was;
	now.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	now.c_lflag |= ICANON | ISIG;
	tcsetattr(t->fd, TCSAFLUSH, &now);
	return ECERT_OK;
}

static void quiet_end(struct quiet_tty *t)
{
	tcsetattr(t->fd, TCSAFLUSH, &t->was);
	for (size_t i = 0; i < WATCHED; i++)
		sigaction(watched[i], &t->before[i], NULL);
	close(t->fd);
	if (caught)
		raise(caught); /* now as if we had never been in between */
}

/* Text, of which nothing from outside may steer the terminal, then end: full stops, colons and the
 * blanks behind them are the language's own. */
static void put(int fd, const char *end, const struct message *m)
{
	char *line = cli_words(m);
	char *shown = line ? language_output(line) : NULL;

	dprintf(fd, "%s%s", shown ? shown : line ? line : m->id, end);
	free(shown);
	message_free(line);
}

/* One line, byte by byte into locked memory: no stdio buffer ever holds it. */
static enum ecert_rc read_line(int fd, struct pin *out)
{
	size_t n = 0;
	bool over = false;
	char ch;

	for (;;) {
		ssize_t got = read(fd, &ch, 1);

		if (caught || got == 0 || (got < 0 && errno != EINTR))
			return ECERT_E_CANCELLED;
		if (got < 0)
			continue;
		if (ch == '\n')
			break;
		if (n < PIN_TEXT_MAX)
			out->text[n++] = ch;
		else
			over = true;
	}
	mem_wipe(&ch, 1);
	out->text[n] = 0;
	out->n = n;
	return over ? ECERT_E_TOO_LARGE : ECERT_OK;
}

enum ecert_rc tty_ask(const struct pin_ask *ask, struct pin *out)
{
	struct quiet_tty tty;
	enum ecert_rc rc = quiet_begin(&tty);

	if (rc != ECERT_OK)
		return rc;
	if (ask->error)
		put(tty.fd, "\n", MSG("{sentence}.", P_MSG("sentence", ask->error)));
	if (ask->reason)
		put(tty.fd, "\n",
		    MSG("{title}, {reason}", P_MSG("title", ask->title),
			P_MSG("reason", ask->reason)));
	else
		put(tty.fd, "\n", ask->title);
	put(tty.fd, "", MSG("{prompt}: ", P_WORD("prompt", ask->prompt)));
	rc = read_line(tty.fd, out);
	if (rc == ECERT_OK)
		language_secret(out);
	dprintf(tty.fd, "\n");
	quiet_end(&tty);
	return rc;
}

bool tty_confirm(const struct message *question)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	char line[32] = "";
	ssize_t n;

	if (fd < 0)
		return false;
	put(fd, "", MSG("{question} [yes/no]: ", P_MSG("question", question)));
	n = read(fd, line, sizeof line - 1);
	close(fd);
	if (n <= 0 || !strpbrk(line, " \t\r\n"))
		return false;
	line[strcspn(line, " \t\r\n")] = 0;
	return line_means(line, true); /* a habit of typing y is no answer */
}
