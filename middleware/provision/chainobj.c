/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading and writing the chain object: each certificate in 70, then FE 00. */
#include "provision/chainobj.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "client/certfile.h"
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

	while (rc == ECERT_OK && tlv_expect(&left, TAG_CERT, &der) == ECERT_OK) {
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

	for (int i = 0; rc == ECERT_OK && i < sk_X509_num(all); i++)
		if (wanted(all, i))
			rc = put_cert(&object, sk_X509_value(all, i));
	if (rc == ECERT_OK && buf_len(&object)) {
		tlv_put(&object, TAG_EDC, (struct rd){NULL, 0});
		rc = buf_rc(&object);
		if (rc == ECERT_OK)
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
	if (rc == ECERT_OK)
		rc = write_all(p, all);
	sk_X509_pop_free(all, X509_free);
	return rc;
}

/* ---- what is missing ---- */

/* Whether the issuer is at hand, in fresh or on the token. */
static bool has_issuer(const struct prov *p, const STACK_OF(X509) * fresh, X509 *leaf)
{
	STACK_OF(X509) * kept;
	bool has = certfile_issuer(fresh, leaf);

	if (has || X509_self_signed(leaf, 0) == 1)
		return true;
	kept = sk_X509_new_null();
	has = kept && chain_object_get(p, kept) == ECERT_OK && certfile_issuer(kept, leaf);
	sk_X509_pop_free(kept, X509_free);
	return has;
}

bool chain_told(const struct prov *p, const STACK_OF(X509) * fresh, X509 *leaf, const char *issuer)
{
	bool has = has_issuer(p, fresh, leaf);

	if (X509_self_signed(leaf, 0) == 1)
		return true;
	if (!has)
		ui_note(
		    p->job->ui, MSG("The certificate of its CA ({issuer}) did not come with it: "
				    "whoever verifies a signature needs that one. Get it from "
				    "the CA, then `ecert cert import CA-FILE`, or give it to "
				    "each signature: `ecert sign --chain CA-FILE`.",
				    P_TEXT("issuer", issuer)));
	else if (!p->info.has_ecert)
		ui_note(p->job->ui,
		    MSG("This token has no place for the certificates of CAs: give them to each "
			"signature, `ecert sign --chain CA-FILE`, so that others can verify it."));
	return has && p->info.has_ecert;
}
