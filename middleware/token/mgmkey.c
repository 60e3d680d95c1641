/* SPDX-License-Identifier: BSD-2-Clause */
/* The management key: the file that may hold it, and how the card is told. */
#include "token/mgmkey.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "card/card.h"
#include "util/buf.h"
#include "util/file.h"
#include "util/log.h"
#include "util/mem.h"
#include "util/member.h"

#define FILE_MAX 4096

static bool is_hex(struct rd t)
{
	for (size_t i = 0; i < t.n; i++)
		if (!memchr("0123456789abcdefABCDEF", t.p[i], 22))
			return false;
	return true;
}

enum ecert_rc mgmkey_given(struct rd text, struct mgm_key *out)
{
	bool digits = (text.n == 32 || text.n == 48 || text.n == 64) && is_hex(text);
	enum ecert_rc rc = digits ? mgm_key_parse(text, out) : mgm_key_set(text, out);

	return rc == ECERT_E_DATA_LEN ? ECERT_E_PIN_FORMAT : rc;
}

/* ---- the file ---- */

static const char *unsafe(int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "not a regular file";
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return "belongs to another user";
	return (st.st_mode & 077) != 0 ? "others may read it: chmod 600" : NULL;
}

static struct rd trimmed(struct rd t)
{
	while (t.n > 0 && memchr(" \t\r\n", t.p[t.n - 1], 4))
		t.n--;
	return t;
}

/* Digits only: a file of raw bytes would be one of any text of that length. */
static enum ecert_rc parse_file(struct rd text, struct mgm_key *out)
{
	char member[2 * MGM_KEY_MAX + 1] = "";
	struct rd digits = trimmed(text);
	bool escrow = digits.n > 0 && digits.p[0] == '{';
	enum ecert_rc rc = ECERT_OK;

	if (escrow) {
		rc = member_text(digits, "management_key", member, sizeof member);
		digits = rd_of(member, strlen(member));
	}
	if (rc != ECERT_OK || digits.n < 32 || !is_hex(digits))
		rc = ECERT_E_PIN_FORMAT;
	else
		rc = mgmkey_given(digits, out);
	out->shrink = escrow;
	mem_wipe(member, sizeof member);
	return rc;
}

enum ecert_rc mgmkey_file(const char *path, struct mgm_key *out)
{
	struct buf text = BUF_LOCKED(FILE_MAX);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	const char *why = fd >= 0 ? unsafe(fd) : strerror(errno);

	if (!why &&
	    (file_read_fd(fd, &text) != ECERT_OK || parse_file(buf_view(&text), out) != ECERT_OK))
		why = "holds no management key";
	if (fd >= 0)
		(void)close(fd);
	buf_free(&text);
	if (why)
		log_error("management-key-file %s: %s", path, why);
	return why ? ECERT_E_DENIED : ECERT_OK;
}

enum ecert_rc mgmkey_auth(struct card *card, const struct mgm_key *k, size_t *len)
{
	enum ecert_rc rc = ECERT_E_DATA_LEN;

	*len = 0;
	for (size_t n = k->n; n > 0; n = mgm_key_shorter(k, n, rc)) {
		rc = card_auth_mgm(card, rd_of(k->v, n));
		*len = n;
	}
	return rc;
}
