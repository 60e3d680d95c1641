/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading and writing the chain object: each certificate in 70, then FE 00. */
#include "cli/chainobj.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "cli/outfile.h"
#include "ecert/piv_const.h"
#include "util/tlv.h"

#define TAG_CERT 0x70
#define TAG_EDC	 0xFE

enum ecert_rc chain_object_get(const struct prov *p, STACK_OF(X509) * list)
{
	struct buf object = BUF_INIT(CHAIN_OBJECT_MAX);
	enum ecert_rc rc = p->info.has_ecert
			       ? token_data_get(&p->at, ECERT_OBJ_ECERT_CHAIN, &object)
			       : ECERT_E_NOT_FOUND;
	struct rd left = buf_view(&object), der;

	while (!rc && tlv_expect(&left, TAG_CERT, &der) == ECERT_OK) {
		const unsigned char *at = der.p;
		X509 *x = d2i_X509(NULL, &at, (long)der.n);

		if (!x)
			break;
		if (sk_X509_push(list, x) <= 0) {
			X509_free(x);
			rc = ECERT_E_MEMORY;
		}
	}
	ERR_clear_error();
	buf_free(&object);
	return rc == ECERT_E_NOT_FOUND ? ECERT_OK : rc;
}

static bool wanted(const STACK_OF(X509) * all, int at)
{
	X509 *x = sk_X509_value(all, at);

	/* A root comes from whoever verifies. */
	if (X509_check_ca(x) == 0 || X509_self_signed(x, 0) == 1)
		return false;
	for (int i = 0; i < at; i++)
		if (!X509_cmp(sk_X509_value(all, i), x))
			return false;
	return true;
}

static enum ecert_rc put_cert(struct buf *b, X509 *x)
{
	unsigned char *der = NULL;
	int n = i2d_X509(x, &der);

	/* Tag, length in three bytes, and the two bytes at the end. */
	if (n > 0 && buf_len(b) + (size_t)n + 6 <= CHAIN_OBJECT_MAX)
		tlv_put(b, TAG_CERT, rd_of(der, (size_t)n));
	OPENSSL_free(der);
	return n > 0 ? buf_rc(b) : ECERT_E_CRYPTO;
}

static enum ecert_rc write_all(struct prov *p, const STACK_OF(X509) * all)
{
	struct buf object = BUF_INIT(CHAIN_OBJECT_MAX);
	enum ecert_rc rc = ECERT_OK;

	for (int i = 0; !rc && i < sk_X509_num(all); i++)
		if (wanted(all, i))
			rc = put_cert(&object, sk_X509_value(all, i));
	if (!rc && buf_len(&object)) {
		tlv_put(&object, TAG_EDC, (struct rd){NULL, 0});
		rc = buf_rc(&object);
		if (!rc)
			rc = token_data_put(&p->at, ECERT_OBJ_ECERT_CHAIN, buf_view(&object));
	}
	buf_free(&object);
	return rc;
}

enum ecert_rc chain_object_add(struct prov *p, const STACK_OF(X509) * fresh)
{
	STACK_OF(X509) * all;
	enum ecert_rc rc;

	if (!p->info.has_ecert || sk_X509_num(fresh) <= 0)
		return ECERT_OK;
	all = X509_chain_up_ref((STACK_OF(X509) *)(uintptr_t)fresh);
	rc = all ? chain_object_get(p, all) : ECERT_E_MEMORY;
	if (!rc)
		rc = write_all(p, all);
	sk_X509_pop_free(all, X509_free);
	return rc;
}

enum cli_exit chain_file_load(const struct cli *c, const char *path, STACK_OF(X509) * list)
{
	struct buf text = BUF_INIT(1u << 20);
	enum cli_exit code = infile_load(c, path, &text);
	struct rd view = buf_view(&text);
	BIO *bio = code ? NULL : BIO_new_mem_buf(view.p, (int)view.n);
	bool any = false;
	X509 *x;

	if (!code && (!bio || !list))
		code = cli_fail_rc(c, ECERT_E_MEMORY, "read %s", cli_clean(path));
	while (!code && (x = PEM_read_bio_X509(bio, NULL, NULL, NULL))) {
		any = true;
		if (sk_X509_push(list, x) <= 0) {
			X509_free(x);
			code = cli_fail_rc(c, ECERT_E_MEMORY, "read %s", cli_clean(path));
		}
	}
	if (!code && !any)
		code = cli_fail(c, CLI_INPUT, "It has to be PEM: -----BEGIN CERTIFICATE-----.",
		    "%s holds no certificate", cli_clean(path));
	ERR_clear_error();
	BIO_free(bio);
	buf_free(&text);
	return code;
}
