/* SPDX-License-Identifier: BSD-2-Clause */
/* Certificates out of PEM, DER and PKCS#7. */
#include "client/certfile.h"

#include <ctype.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "client/outfile.h"
#include "util/mem.h"

#define FILE_MAX_SIZE (1u << 20)

static enum ecert_rc add(STACK_OF(X509) * list, X509 *x)
{
	for (int i = 0; i < sk_X509_num(list); i++)
		if (!X509_cmp(sk_X509_value(list, i), x))
			return ECERT_OK;
	if (!X509_up_ref(x))
		return ECERT_E_MEMORY;
	if (sk_X509_push(list, x) > 0)
		return ECERT_OK;
	X509_free(x);
	return ECERT_E_MEMORY;
}

static enum ecert_rc from_pkcs7(struct rd der, STACK_OF(X509) * list)
{
	const unsigned char *at = der.p;
	PKCS7 *p7 = d2i_PKCS7(NULL, &at, (long)der.n);
	enum ecert_rc rc = ECERT_E_MALFORMED;

	if (p7 && PKCS7_type_is_signed(p7) && p7->d.sign) {
		STACK_OF(X509) *certs = p7->d.sign->cert;

		rc = sk_X509_num(certs) > 0 ? ECERT_OK : ECERT_E_MALFORMED;
		for (int i = 0; rc == ECERT_OK && i < sk_X509_num(certs); i++)
			rc = add(list, sk_X509_value(certs, i));
	}
	PKCS7_free(p7);
	return rc;
}

/* One certificate or one PKCS#7, nothing behind it: some CAs give the one in the other's PEM. */
static enum ecert_rc from_der(struct rd der, STACK_OF(X509) * list)
{
	const unsigned char *at = der.p;
	X509 *x = d2i_X509(NULL, &at, (long)der.n);
	enum ecert_rc rc = x && at == der.p + der.n ? add(list, x) : ECERT_E_MALFORMED;

	X509_free(x);
	return rc == ECERT_E_MALFORMED ? from_pkcs7(der, list) : rc;
}

/* OpenSSL's own form, with what it is trusted for behind it. */
static enum ecert_rc from_trusted(struct rd der, STACK_OF(X509) * list)
{
	const unsigned char *at = der.p;
	X509 *x = d2i_X509_AUX(NULL, &at, (long)der.n);
	enum ecert_rc rc = x && at == der.p + der.n ? add(list, x) : ECERT_E_MALFORMED;

	X509_free(x);
	return rc;
}

/* ---- what it is instead ---- */
enum { OTHER_REQUEST, OTHER_KEY, OTHER_PUBLIC, OTHER_CRL, OTHER_P12, OTHER_PAGE };

static const struct other {
	const char *pem, *what, *hint;
} others[] = {
    [OTHER_REQUEST] = {"CERTIFICATE REQUEST", MSG_ID("a certificate request"),
	MSG_ID("Send it to the CA, and import what it answers.")},
    [OTHER_KEY] = {"PRIVATE KEY", MSG_ID("a private key"),
	MSG_ID("A key comes with its certificate as a PKCS#12 file.")},
    [OTHER_PUBLIC] = {"PUBLIC KEY", MSG_ID("a public key"),
	MSG_ID("Ask the CA for the certificate.")},
    [OTHER_CRL] = {"X509 CRL", MSG_ID("a list of revoked certificates"),
	MSG_ID("Ask the CA for the certificate.")},
    [OTHER_P12] = {"", MSG_ID("a PKCS#12 file"),
	MSG_ID("`ecert key import` puts its key and certificate on the token.")},
    [OTHER_PAGE] = {"", MSG_ID("a web page"),
	MSG_ID("Save the certificate itself: .pem, .crt, .cer or .p7b.")},
};
#define OTHERS (sizeof others / sizeof others[0])

static const struct other *other_pem(const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < OTHERS; i++) {
		size_t m = strlen(others[i].pem);

		if (m && n >= m && !strcmp(name + n - m, others[i].pem))
			return &others[i];
	}
	return NULL;
}

static const struct other *other_der(struct rd v)
{
	const unsigned char *at[3] = {v.p, v.p, v.p};
	PKCS12 *p12 = d2i_PKCS12(NULL, &at[0], (long)v.n);
	X509_REQ *req = d2i_X509_REQ(NULL, &at[1], (long)v.n);
	X509_CRL *crl = d2i_X509_CRL(NULL, &at[2], (long)v.n);
	const struct other *o = NULL;

	if (p12)
		o = &others[OTHER_P12];
	else if (req)
		o = &others[OTHER_REQUEST];
	else if (crl)
		o = &others[OTHER_CRL];
	else if (v.n && v.p[0] == '<')
		o = &others[OTHER_PAGE];
	PKCS12_free(p12);
	X509_REQ_free(req);
	X509_CRL_free(crl);
	return o;
}

/* ---- PEM ---- */
static bool holds_certificates(const char *name)
{
	static const char *const names[] = {PEM_STRING_X509, PEM_STRING_X509_OLD, PEM_STRING_PKCS7,
	    PEM_STRING_PKCS7_SIGNED, PEM_STRING_CMS};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

/* All blocks; ECERT_E_NOT_FOUND when there is none. other: what a block is that holds none. */
static enum ecert_rc from_pem(struct rd text, STACK_OF(X509) * list, const struct other **other)
{
	BIO *bio = BIO_new_mem_buf(text.p, (int)text.n);
	enum ecert_rc rc = bio ? ECERT_E_NOT_FOUND : ECERT_E_MEMORY;
	unsigned char *der = NULL;
	char *name = NULL, *header = NULL;
	long n = 0;

	while (bio && (rc == ECERT_OK || rc == ECERT_E_NOT_FOUND) &&
	       PEM_read_bio(bio, &name, &header, &der, &n)) {
		if (holds_certificates(name))
			rc = from_der(rd_of(der, (size_t)n), list);
		else if (!strcmp(name, PEM_STRING_X509_TRUSTED))
			rc = from_trusted(rd_of(der, (size_t)n), list);
		else if (!*other)
			*other = other_pem(name);
		OPENSSL_free(name);
		OPENSSL_free(header);
		mem_wipe(der, (size_t)n); /* it may have been a key */
		OPENSSL_free(der);
	}
	BIO_free(bio);
	return rc;
}

/* Base64 without PEM's lines, as portals show it to be copied. */
static enum ecert_rc from_base64(struct rd text, STACK_OF(X509) * list)
{
	struct buf in = BUF_INIT(FILE_MAX_SIZE + 1), out = BUF_INIT(FILE_MAX_SIZE);
	size_t pad = 0;
	uint8_t *room;
	int n = -1;
	enum ecert_rc rc = ECERT_E_MALFORMED;

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '=')
			pad++;
		if (!isspace(text.p[i]))
			buf_u8(&in, text.p[i]);
	}
	room = buf_len(&in) ? buf_room(&out, buf_len(&in)) : NULL;
	if (room && pad < 3)
		n = EVP_DecodeBlock(room, buf_view(&in).p, (int)buf_len(&in));
	if (n > 0 && (size_t)n > pad)
		rc = from_der(rd_of(room, (size_t)n - pad), list);
	buf_free(&in);
	buf_free(&out);
	return rc;
}

static enum outcome no_certificate(
    const struct job *job, const char *path, const struct other *other, bool pem)
{
	if (other)
		return ui_fail(job->ui, OUT_INPUT, "not-a-certificate",
		    MSG("{file} is {what}, and no certificate", P_FILE("file", path),
			P_WORD("what", other->what)),
		    MSG(other->hint));
	return ui_fail(job->ui, OUT_INPUT, "not-a-certificate",
	    MSG(pem ? MSG_ID("{file} holds a certificate that is damaged")
		    : MSG_ID("{file} is not a certificate"),
		P_FILE("file", path)),
	    MSG("It has to be what the CA sent, as PEM, DER or PKCS#7 (.pem, .crt, .cer, .p7b)."));
}

/* other: what is known by its PEM; pem: there are blocks of it. */
static enum ecert_rc from_any(
    struct rd text, STACK_OF(X509) * list, const struct other **other, bool *pem)
{
	enum ecert_rc rc = list ? ECERT_E_NOT_FOUND : ECERT_E_MEMORY;

	ERR_clear_error();
	*other = NULL;
	if (list)
		rc = from_pem(text, list, other);
	*pem = rc != ECERT_E_NOT_FOUND;
	if (rc == ECERT_E_NOT_FOUND && !*other)
		rc = from_der(text, list);
	if (rc == ECERT_E_MALFORMED && !*pem)
		rc = from_base64(text, list);
	ERR_clear_error();
	return rc;
}

enum ecert_rc certfile_read(struct rd text, STACK_OF(X509) * list)
{
	const struct other *other;
	bool pem;

	return from_any(text, list, &other, &pem);
}

enum outcome certfile_load(const struct job *job, const char *path, STACK_OF(X509) * list)
{
	struct buf text = BUF_INIT(FILE_MAX_SIZE);
	const struct other *other;
	enum outcome code = infile_load(job, path, &text);
	enum ecert_rc rc;
	bool pem;

	if (code) {
		buf_free(&text);
		return code;
	}
	rc = from_any(buf_view(&text), list, &other, &pem);
	if (rc == ECERT_E_MEMORY)
		code = ui_fail_rc(
		    job->ui, rc, MSG("Cannot read {file}: {why}", P_FILE("file", path)));
	else if (rc != ECERT_OK)
		code = no_certificate(job, path,
		    other ? other
		    : pem ? NULL
			  : other_der(buf_view(&text)),
		    pem);
	ERR_clear_error();
	buf_free(&text);
	return code;
}

X509 *certfile_issuer(const STACK_OF(X509) * list, X509 *x)
{
	X509 *found = NULL;

	for (int i = 0; i < sk_X509_num(list) && !found; i++) {
		X509 *one = sk_X509_value(list, i);

		if (X509_cmp(one, x) && X509_check_issued(one, x) == X509_V_OK)
			found = one;
	}
	ERR_clear_error();
	return found;
}

/* Takes the i-th one out and puts it in at place, which is before it. */
static bool move_up(STACK_OF(X509) * list, int i, int place)
{
	X509 *x = sk_X509_delete(list, i);

	if (x && sk_X509_insert(list, x, place) > 0)
		return true;
	X509_free(x);
	return false;
}

void certfile_order(STACK_OF(X509) * list, X509 *x)
{
	for (int place = 0; place < sk_X509_num(list); place++) {
		int i = place;

		while (i < sk_X509_num(list) &&
		       (!X509_cmp(sk_X509_value(list, i), x) ||
			   X509_check_issued(sk_X509_value(list, i), x) != X509_V_OK))
			i++;
		if (i == sk_X509_num(list) || !move_up(list, i, place))
			break;
		x = sk_X509_value(list, place);
	}
	ERR_clear_error();
}
