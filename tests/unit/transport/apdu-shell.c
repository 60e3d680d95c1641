/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A reader by hand: commands on standard input, one line of answer each. For tests and for looking
 * at a card. Usage: apdu-shell [pcsc | socket:PATH | replay:PATH]
 *
 *   list            readers: name, card, events, ATR
 *   wait MS         for a change; waitcancel MS: cancelled from another thread after MS
 *   open [N]        a channel to reader N (at first 0)
 *   begin, end, reset, close
 *   HEX             sends the bytes as they are; "apdu HEX" collects the whole answer
 *   fork            tries everything in a child
 *   quit            as the end of input
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "apdu/apdu.h"
#include "util/hex.h"

#define LINE_MAX_BYTES 140000

struct shell {
	struct readers *r;
	struct channel *c;
	uint8_t resp[CHANNEL_RESPONSE_MAX];
	int cancel_after;
};

static void say(enum ecert_rc rc, struct rd bytes)
{
	struct buf text = BUF_INIT(2 * CHANNEL_RESPONSE_MAX);

	hex_put(&text, bytes);
	printf("%s%s%.*s\n", ecert_rc_name(rc), bytes.n ? " " : "", (int)buf_len(&text),
	    buf_len(&text) ? (const char *)buf_view(&text).p : "");
	buf_free(&text);
}

static void list(struct shell *s)
{
	struct reader_info info[READER_MAX];
	size_t n;
	enum ecert_rc rc = readers_list(s->r, info, READER_MAX, &n);

	printf("%s %zu", ecert_rc_name(rc), n);
	for (size_t i = 0; i < n; i++) {
		char atr[2 * READER_ATR_MAX + 1];

		hex_str(rd_of(info[i].atr, info[i].atr_len), atr);
		printf("; %s: %s%s%s, %u events, atr %s", info[i].name,
		    info[i].present ? "card" : "empty", info[i].mute ? " mute" : "",
		    info[i].exclusive ? " exclusive" : "", info[i].events, atr);
	}
	printf("\n");
}

static enum ecert_rc open_nth(struct shell *s, size_t at)
{
	struct reader_info info[READER_MAX];
	size_t n;
	enum ecert_rc rc = readers_list(s->r, info, READER_MAX, &n);

	channel_close(&s->c);
	if (rc == ECERT_OK)
		rc = at < n ? channel_open(s->r, info[at].name, &s->c) : ECERT_E_NO_READER;
	return rc;
}

static void *cancel_later(void *arg)
{
	struct shell *s = arg;

	usleep((useconds_t)s->cancel_after * 1000);
	readers_cancel(s->r);
	return NULL;
}

static enum ecert_rc wait_cancelled(struct shell *s, int after_ms)
{
	enum ecert_rc rc;
	pthread_t t;

	s->cancel_after = after_ms;
	if (pthread_create(&t, NULL, cancel_later, s) != 0)
		return ECERT_E_MEMORY;
	rc = readers_wait(s->r, -1);
	(void)pthread_join(t, NULL);
	return rc;
}

static int child(struct shell *s)
{
	static const uint8_t command[] = {0x00, 0xA4, 0x04, 0x00};
	size_t n;

	if (channel_transmit(s->c, rd_of(command, 4), s->resp, sizeof s->resp, &n) !=
		ECERT_E_FORKED ||
	    channel_begin(s->c) != ECERT_E_FORKED)
		return 1;
	channel_close(&s->c);
	readers_close(&s->r);
	/* A child may start afresh. */
	if (readers_open("pcsc", &s->r) != ECERT_OK || open_nth(s, 0) != ECERT_OK)
		return 2;
	if (channel_transmit(s->c, rd_of(command, 4), s->resp, sizeof s->resp, &n) != ECERT_OK)
		return 3;
	channel_close(&s->c);
	readers_close(&s->r);
	return 0;
}

static void fork_and_try(struct shell *s)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(child(s));
	if (pid > 0)
		(void)waitpid(pid, &status, 0);
	printf("child %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

static void transmit(struct shell *s, const char *hex, bool whole)
{
	struct buf bytes = BUF_INIT(LINE_MAX_BYTES), out = BUF_INIT(65536);
	enum ecert_rc rc = hex_get(rd_of(hex, strlen(hex)), &bytes);
	struct rd b = buf_view(&bytes);
	struct apdu a;
	uint16_t sw = 0;
	size_t n = 0;

	if (rc == ECERT_OK && b.n < 4)
		rc = ECERT_E_ARG;
	if (rc == ECERT_OK && !whole) {
		rc = channel_transmit(s->c, b, s->resp, sizeof s->resp, &n);
		say(rc, rd_of(s->resp, n));
	} else if (rc == ECERT_OK) {
		/* Header, then data without its length. */
		a = (struct apdu){
		    b.p[0], b.p[1], b.p[2], b.p[3], rd_of(b.p + 4, b.n - 4), APDU_LE_ALL, false};
		rc = apdu_exchange(s->c, apdu_caps_of_atr(channel_atr(s->c)), &a, &out, &sw);
		printf("%04x ", sw);
		say(rc, buf_view(&out));
	} else {
		say(rc, rd_of(NULL, 0));
	}
	buf_free(&bytes);
	buf_free(&out);
}

static void with_channel(struct shell *s, const char *line)
{
	struct rd none = {NULL, 0};

	if (s->c == NULL)
		return say(ECERT_E_NO_CARD, none);
	if (strcmp(line, "begin") == 0)
		return say(channel_begin(s->c), none);
	if (strcmp(line, "reset") == 0)
		return say(channel_reset(s->c), none);
	if (strcmp(line, "fork") == 0)
		return fork_and_try(s);
	if (strcmp(line, "end") == 0) {
		channel_end(s->c);
		return say(ECERT_OK, none);
	}
	if (strncmp(line, "apdu ", 5) == 0)
		return transmit(s, line + 5, true);
	transmit(s, line, false);
}

static void obey(struct shell *s, const char *line)
{
	struct rd none = {NULL, 0};

	if (strcmp(line, "list") == 0)
		return list(s);
	if (strncmp(line, "wait ", 5) == 0)
		return say(readers_wait(s->r, atoi(line + 5)), none);
	if (strncmp(line, "waitcancel ", 11) == 0)
		return say(wait_cancelled(s, atoi(line + 11)), none);
	if (strncmp(line, "open", 4) == 0)
		return say(open_nth(s, (size_t)atoi(line + 4)), none);
	if (strcmp(line, "close") == 0) {
		channel_close(&s->c);
		return say(ECERT_OK, none);
	}
	with_channel(s, line);
}

int main(int argc, char **argv)
{
	static char line[LINE_MAX_BYTES];
	static struct shell s;
	enum ecert_rc rc = readers_open(argc > 1 ? argv[1] : NULL, &s.r);

	if (rc != ECERT_OK) {
		fprintf(stderr, "%s\n", ecert_strerror(rc));
		return 1;
	}
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	while (fgets(line, sizeof line, stdin) != NULL) {
		line[strcspn(line, "\r\n")] = '\0';
		if (strcmp(line, "quit") == 0)
			break;
		if (line[0] != '\0' && line[0] != '#')
			obey(&s, line);
	}
	channel_close(&s.c);
	readers_close(&s.r);
	return 0;
}
