/* SPDX-License-Identifier: BSD-2-Clause */
/* A secret out of a file: its first line, or what an escrow file keeps of that kind. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "client/escrow.h"
#include "client/pin.h"
#include "client/serial.h"
#include "document/json.h"
#include "util/mem.h"

#define ESCROW_MARK    "\"ecert-escrow-"
#define FILE_BYTES_MAX 16384 /* an escrow file has a few hundred */

/* Editors put a byte order mark and blank lines in front. */
static bool may_be_escrow(const char *text, size_t n)
{
	struct rd t = json_trim(rd_of(text, n));

	return !t.n || t.p[0] == '{';
}

/* Whether enough was read: a line, or what may be an escrow to its end. */
static bool is_enough(const char *text, size_t n)
{
	return n && !may_be_escrow(text, n) && memchr(text, '\n', n);
}

/*
 * Read once, so that a pipe will do. Not by file_read_fd: that one reads to the end, and whoever
 * types into a pipe would have to close it behind the line; and it takes no part of a file that is
 * too large, such as a log of which the first line is a secret.
 */
static enum ecert_rc read_all(const char *path, char *text, size_t *n)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t got = 1;

	*n = 0;
	if (fd < 0)
		return ECERT_E_IO;
	while (got > 0 && *n < FILE_BYTES_MAX && !is_enough(text, *n)) {
		got = read(fd, text + *n, FILE_BYTES_MAX - *n);
		if (got < 0 && errno == EINTR)
			got = 1;
		else if (got > 0)
			*n += (size_t)got;
	}
	close(fd);
	return got < 0 ? ECERT_E_IO : ECERT_OK;
}

static enum ecert_rc first_line(const char *text, size_t n, struct pin *out)
{
	const char *end = memchr(text, '\n', n);

	if (n >= 3 && !memcmp(text, "\xEF\xBB\xBF", 3)) {
		text += 3;
		n -= 3;
	}
	if (end)
		n = (size_t)(end - text);
	if (n && text[n - 1] == '\r')
		n--;
	return pin_set(out, rd_of(text, n));
}

/* A PIN of another token is not sent: it would cost this one a try. */
static enum ecert_rc from_escrow(const struct escrow *e, const struct pin_ask *ask, struct pin *out)
{
	enum ecert_rc rc = ECERT_E_KEY_TYPE;

	if (ask->serial && *ask->serial && e->serial[0] && !serial_of_token(ask->serial, e->serial))
		return ECERT_E_DENIED;
	if (ask->want == PIN_WANT_PIN && e->pin[0])
		rc = pin_set(out, rd_of(e->pin, strlen(e->pin)));
	else if (ask->want == PIN_WANT_PUK && e->puk[0])
		rc = pin_set(out, rd_of(e->puk, strlen(e->puk)));
	else if (ask->want == PIN_WANT_MGM)
		rc = mgm_key_text(&e->mgm, out);
	out->from_escrow = rc == ECERT_OK;
	return rc;
}

enum ecert_rc pin_from_file(const char *path, const struct pin_ask *ask, struct pin *out)
{
	struct escrow *e = NULL;
	void *page;
	size_t n = 0;
	enum ecert_rc rc = secret_alloc(FILE_BYTES_MAX, &page);

	if (rc != ECERT_OK)
		return rc;
	rc = read_all(path, page, &n);
	if (rc == ECERT_OK && may_be_escrow(page, n) &&
	    escrow_parse(rd_of(page, n), &e) == ECERT_OK)
		rc = from_escrow(e, ask, out);
	else if (rc == ECERT_OK && may_be_escrow(page, n) &&
		 rd_contains(rd_of(page, n), ESCROW_MARK))
		rc = ECERT_E_UNRECOGNISED; /* its first line is no secret */
	else if (rc == ECERT_OK)
		rc = first_line(page, n, out);
	escrow_free(&e);
	secret_free(page, FILE_BYTES_MAX);
	return rc;
}
