/* SPDX-License-Identifier: BSD-2-Clause */
/* The certificates of a token, in the order in which people mean them. */
#include <openssl/err.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "cli/p11.h"
#include "util/hex.h"

#define CERT_MAX 65536

static enum ecert_rc read_one(PKCS11_CERT *from, struct p11_cert *to)
{
	uint8_t *der = NULL;
	int n = i2d_X509(from->x509, &der);
	size_t id = from->id_len < sizeof to->id / 2 ? from->id_len : sizeof to->id / 2;
	enum ecert_rc rc;

	buf_init(&to->der, CERT_MAX);
	to->cert = from;
	hex_str(rd_of(from->id, id), to->id);
	if (n <= 0)
		return ECERT_E_MALFORMED;
	buf_put(&to->der, der, (size_t)n);
	OPENSSL_free(der);
	rc = buf_rc(&to->der);
	return rc ? rc : identity_read(buf_view(&to->der), &to->who);
}

/* CKA_ID 02 is 9C, the signature key, in OpenSC's numbering and ours. */
static int rank(const struct p11_cert *c)
{
	return !strcmp(c->id, "02") ? 0 : 1;
}

static int by_rank(const void *a, const void *b)
{
	const struct p11_cert *x = a, *y = b;

	return rank(x) != rank(y) ? rank(x) - rank(y) : strcmp(x->id, y->id);
}

enum cli_exit p11_certs(struct p11 *p, struct p11_cert **out, size_t *n)
{
	PKCS11_CERT *list = NULL;
	unsigned count = 0;

	*out = NULL;
	*n = 0;
	ERR_clear_error();
	if (PKCS11_enumerate_certs(p->slot->token, &list, &count))
		return cli_fail_rc(p->c, p11_error(), "read the token's certificates");
	*out = calloc(count ? count : 1, sizeof **out);
	if (!*out)
		return cli_fail_rc(p->c, ECERT_E_MEMORY, "read the token's certificates");
	for (unsigned i = 0; i < count; i++) {
		if (!list[i].x509 || read_one(&list[i], &(*out)[*n])) {
			buf_free(&(*out)[*n].der); /* what is no certificate is nobody's choice */
			continue;
		}
		(*n)++;
	}
	qsort(*out, *n, sizeof **out, by_rank);
	return CLI_OK;
}

void p11_certs_free(struct p11_cert **certs, size_t n)
{
	for (size_t i = 0; *certs && i < n; i++)
		buf_free(&(*certs)[i].der);
	free(*certs);
	*certs = NULL;
}
