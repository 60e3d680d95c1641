/* SPDX-License-Identifier: BSD-2-Clause */
/* The certificates of a token, in the order in which people mean them. */
#include <openssl/err.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/p11.h"
#include "client/slot.h"
#include "ecert/cryptoki.h"
#include "ecert/vendor.h"
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
	return rc != ECERT_OK ? rc : identity_read(buf_view(&to->der), &to->who);
}

/* ---- slots whose CKA_ID is the owner's own: our module tells ---- */

/* One attribute of the first object that fits the template; 0 when there is none. */
static CK_ULONG ask(const struct p11 *p, CK_ATTRIBUTE *t, CK_ULONG n, CK_ATTRIBUTE *out)
{
	CK_SESSION_HANDLE h = CK_INVALID_HANDLE;
	CK_OBJECT_HANDLE o = CK_INVALID_HANDLE;
	CK_ULONG found = 0;

	if (!p->ours || p->fn->C_OpenSession(PKCS11_get_slotid_from_slot(p->slot),
			    CKF_SERIAL_SESSION, NULL, NULL, &h) != CKR_OK)
		return 0;
	if (p->fn->C_FindObjectsInit(h, t, n) == CKR_OK) {
		if (p->fn->C_FindObjects(h, &o, 1, &found) != CKR_OK || !found ||
		    p->fn->C_GetAttributeValue(h, o, out, 1) != CKR_OK)
			found = 0;
		(void)p->fn->C_FindObjectsFinal(h);
	}
	(void)p->fn->C_CloseSession(h);
	return found;
}

static uint8_t ref_of(const struct p11 *p, const struct p11_cert *c)
{
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_ULONG ref = 0;
	CK_ATTRIBUTE t[] = {
	    {CKA_CLASS, &class, sizeof class}, {CKA_ID, c->cert->id, c->cert->id_len}};
	CK_ATTRIBUTE told = {CKA_ECERT_KEY_REFERENCE, &ref, sizeof ref};
	uint8_t own = slot_by_id(c->id);

	if (own)
		return own;
	return ask(p, t, 2, &told) && ref <= 0xFF ? (uint8_t)ref : 0;
}

/* A CA's, which the token keeps for the chain and which has no slot: nobody signs with it. */
static bool is_authority(const struct p11 *p, const struct p11_cert *c)
{
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_ULONG category = CK_CERTIFICATE_CATEGORY_UNSPECIFIED;
	CK_ATTRIBUTE t[] = {
	    {CKA_CLASS, &class, sizeof class}, {CKA_ID, c->cert->id, c->cert->id_len}};
	CK_ATTRIBUTE told = {CKA_CERTIFICATE_CATEGORY, &category, sizeof category};

	return !c->ref && ask(p, t, 2, &told) && category == CK_CERTIFICATE_CATEGORY_AUTHORITY;
}

void p11_id_of(const struct p11 *p, uint8_t ref, char id[65])
{
	CK_OBJECT_CLASS class = CKO_PUBLIC_KEY;
	CK_ULONG want = ref;
	uint8_t bytes[32];
	CK_ATTRIBUTE t[] = {
	    {CKA_CLASS, &class, sizeof class}, {CKA_ECERT_KEY_REFERENCE, &want, sizeof want}};
	CK_ATTRIBUTE told = {CKA_ID, bytes, sizeof bytes};

	if (ask(p, t, 2, &told))
		hex_str(rd_of(bytes, told.ulValueLen), id);
	else
		snprintf(id, 65, "%02x", slot_id(ref));
}

/* 9C is the signature key. */
static int rank(const struct p11_cert *c)
{
	return c->ref == 0x9C ? 0 : 1;
}

static int by_rank(const void *a, const void *b)
{
	const struct p11_cert *x = a, *y = b;

	return rank(x) != rank(y) ? rank(x) - rank(y) : strcmp(x->id, y->id);
}

enum outcome p11_certs(struct p11 *p, struct p11_cert **out, size_t *n)
{
	PKCS11_CERT *list = NULL;
	unsigned count = 0;

	*out = NULL;
	*n = 0;
	ERR_clear_error();
	if (PKCS11_enumerate_certs(p->slot->token, &list, &count))
		return ui_fail_rc(
		    p->job->ui, p11_error(), MSG("Cannot read the token's certificates: {why}"));
	*out = calloc(count ? count : 1, sizeof **out);
	if (!*out)
		return ui_fail_rc(
		    p->job->ui, ECERT_E_MEMORY, MSG("Cannot read the token's certificates: {why}"));
	for (unsigned i = 0; i < count; i++) {
		if (!list[i].x509 || read_one(&list[i], &(*out)[*n]) != ECERT_OK) {
			buf_free(&(*out)[*n].der); /* what is no certificate is nobody's choice */
			continue;
		}
		(*out)[*n].ref = ref_of(p, &(*out)[*n]);
		if (is_authority(p, &(*out)[*n]))
			buf_free(&(*out)[*n].der);
		else
			(*n)++;
	}
	qsort(*out, *n, sizeof **out, by_rank);
	return OUT_OK;
}

enum outcome p11_begin_certs(const struct job *job, struct p11 *p, struct p11_cert **out, size_t *n)
{
	enum outcome code = p11_begin(job, p);

	*out = NULL;
	*n = 0;
	return code ? code : p11_certs(p, out, n);
}

void p11_certs_free(struct p11_cert **certs, size_t n)
{
	for (size_t i = 0; *certs && i < n; i++)
		buf_free(&(*certs)[i].der);
	free(*certs);
	*certs = NULL;
}
