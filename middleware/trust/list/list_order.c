/* SPDX-License-Identifier: BSD-2-Clause */
/* One small file per publisher of trust lists: the number and the time of its newest list seen. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "document/cert.h"
#include "trust/list/list_order.h"
#include "util/hex.h"

/* "SEQ IAT\n", two numbers of at most 20 characters. */
#define TEXT_MAX 64

struct seen {
	int64_t seq, iat;
};

/* SHA-256 of the SubjectPublicKeyInfo and iss, and a tail: in a folder that is the store of used
 * nonces as well, 64 digits alone would be a nonce, and thrown away in time. */
#define TAIL	  ".list"
#define FILE_NAME (64 + sizeof TAIL)

static enum ecert_rc name_of(const char *iss, struct rd signer, char name[FILE_NAME])
{
	struct buf b = BUF_INIT(1u << 16);
	unsigned char *spki = NULL;
	uint8_t digest[32];
	X509 *x = NULL;
	enum ecert_rc rc = cert_parse(signer, &x);
	int n = rc == ECERT_OK ? i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x), &spki) : 0;

	if (rc == ECERT_OK && n <= 0)
		rc = ECERT_E_MEMORY;
	if (n > 0)
		buf_put(&b, spki, (size_t)n);
	buf_str(&b, iss);
	if (rc == ECERT_OK)
		rc = buf_rc(&b);
	if (rc == ECERT_OK)
		rc = bytes_sha256(buf_view(&b), digest);
	if (rc == ECERT_OK) {
		hex_str(rd_of(digest, sizeof digest), name);
		memcpy(name + 64, TAIL, sizeof TAIL);
	}
	OPENSSL_free(spki);
	X509_free(x);
	buf_free(&b);
	return rc;
}

static int write_seen(char text[TEXT_MAX], const struct seen *s)
{
	return snprintf(text, TEXT_MAX, "%" PRId64 " %" PRId64 "\n", s->seq, s->iat);
}

/* Read back it has to be what is written, to the byte. */
static bool read_seen(const char *text, struct seen *out)
{
	char again[TEXT_MAX], *end = NULL;

	out->seq = strtoll(text, &end, 10);
	out->iat = strtoll(end, NULL, 10);
	(void)write_seen(again, out);
	return out->seq >= 0 && out->iat >= 0 && strcmp(text, again) == 0;
}

/* Errors: ECERT_E_NOT_FOUND, ECERT_E_MALFORMED, ECERT_E_IO. */
static enum ecert_rc load(int dir, const char *name, struct seen *out)
{
	char text[TEXT_MAX + 1];
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t n;

	if (fd < 0)
		return errno == ENOENT ? ECERT_E_NOT_FOUND : ECERT_E_IO;
	n = read(fd, text, TEXT_MAX);
	(void)close(fd);
	if (n < 0)
		return ECERT_E_IO;
	text[n] = 0;
	return read_seen(text, out) ? ECERT_OK : ECERT_E_MALFORMED;
}

/* The old file, or the new one, whenever the power goes. */
static enum ecert_rc save(int dir, const char *name, const struct seen *now)
{
	char text[TEXT_MAX], fresh[FILE_NAME + 4];
	int n = write_seen(text, now);
	int fd;
	bool good;

	(void)snprintf(fresh, sizeof fresh, "%s.new", name);
	fd = openat(
	    dir, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (fd < 0)
		return ECERT_E_IO;
	good = write(fd, text, (size_t)n) == n && fsync(fd) == 0;
	good = close(fd) == 0 && good;
	return good && renameat(dir, fresh, dir, name) == 0 && fsync(dir) == 0 ? ECERT_OK
									       : ECERT_E_IO;
}

/* The folder, locked for this process until it is closed. */
static enum ecert_rc open_locked(const char *path, int *dir)
{
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return ECERT_E_IO;
	*dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*dir < 0)
		return ECERT_E_IO;
	while (flock(*dir, LOCK_EX) != 0)
		if (errno != EINTR)
			return ECERT_E_IO;
	return ECERT_OK;
}

static enum ecert_rc compare(
    int dir, const char *name, struct trust_list_order *o, struct message_kept *why)
{
	struct seen old = {0, 0}, now = {o->seq, (int64_t)o->iat};
	enum ecert_rc rc = load(dir, name, &old);

	o->first = rc == ECERT_E_NOT_FOUND;
	if (rc == ECERT_E_MALFORMED)
		message_keep(why,
		    MSG("what was remembered of its publisher is damaged: the file {folder}/{file}",
			P_FILE("folder", o->store), P_FILE("file", name)));
	if (rc != ECERT_OK && !o->first)
		return rc;
	if (!o->first && now.seq < old.seq) {
		message_keep(why, MSG("it is an old one: its seq is {seq}, and {newer} was seen of "
				      "this publisher",
				      P_NUMBER("seq", now.seq), P_NUMBER("newer", old.seq)));
		return ECERT_E_DENIED;
	}
	if (!o->first && now.seq == old.seq && now.iat < old.iat) {
		message_keep(why, MSG("it is an old one: a later one with the same seq {seq} was "
				      "seen of this publisher",
				      P_NUMBER("seq", now.seq)));
		return ECERT_E_DENIED;
	}
	if (!o->first && now.seq == old.seq && now.iat == old.iat)
		return ECERT_OK;
	return save(dir, name, &now);
}

static enum ecert_rc by_store(
    struct trust_list_order *o, struct rd signer, struct message_kept *why)
{
	char name[FILE_NAME];
	int dir = -1;
	enum ecert_rc rc = name_of(o->iss, signer, name);

	if (rc == ECERT_OK)
		rc = open_locked(o->store, &dir);
	if (rc == ECERT_OK)
		rc = compare(dir, name, o, why);
	if (rc == ECERT_E_IO)
		message_keep(why, MSG("the newest one seen cannot be remembered in {folder}: {why}",
				      P_FILE("folder", o->store), P_ERRNO("why", errno)));
	if (dir >= 0)
		(void)close(dir);
	return rc;
}

enum ecert_rc list_order_check(struct trust_list_order *o, struct rd signer, struct report *rep)
{
	struct message_kept why;
	enum ecert_rc rc = ECERT_OK;

	if (o && o->seq < o->least) {
		report_add(rep, CHK_TRUST_LIST_ORDER, CHECK_FAILED,
		    MSG("its seq is {seq}, and at least {least} was asked for",
			P_NUMBER("seq", o->seq), P_NUMBER("least", o->least)));
		return ECERT_E_DENIED;
	}
	if (!o || !o->store) {
		report_add(rep, CHK_TRUST_LIST_ORDER, CHECK_SKIPPED,
		    MSG("not compared with those seen before"));
		return ECERT_OK;
	}
	message_keep(&why, MSG("no memory"));
	rc = by_store(o, signer, &why);
	if (rc != ECERT_OK)
		report_add(rep, CHK_TRUST_LIST_ORDER, CHECK_FAILED, MSG_KEPT(&why));
	else
		report_add(rep, CHK_TRUST_LIST_ORDER, CHECK_OK,
		    MSG(o->first ? MSG_ID("seq {seq}, the first one seen of this publisher")
				 : MSG_ID("seq {seq}"),
			P_NUMBER("seq", o->seq)));
	return rc;
}
