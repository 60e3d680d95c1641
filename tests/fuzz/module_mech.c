/* SPDX-License-Identifier: BSD-2-Clause */
/* Mechanisms and their parameters, made from a fuzzer's input. */
#include "module_push.h"

#include "pkcs11/op/mech.h"

static const CK_MECHANISM_TYPE hashes[] = {
    CKM_SHA_1, CKM_SHA224, CKM_SHA256, CKM_SHA384, CKM_SHA512, CKM_SHA3_256, 0x77};
static const CK_RSA_PKCS_MGF_TYPE mgfs[] = {
    CKG_MGF1_SHA1, CKG_MGF1_SHA224, CKG_MGF1_SHA256, CKG_MGF1_SHA384, CKG_MGF1_SHA512, 0x77};

static void pss(struct args *a, CK_MECHANISM *m, struct rd *in)
{
	CK_RSA_PKCS_PSS_PARAMS *p = block(a, sizeof *p);

	p->hashAlg = hashes[byte(in) % COUNT(hashes)];
	p->mgf = mgfs[byte(in) % COUNT(mgfs)];
	p->sLen = byte(in) == 0xFF ? ~0UL : 32;
	m->pParameter = p;
	m->ulParameterLen = sizeof *p;
}

static void oaep(struct args *a, CK_MECHANISM *m, struct rd *in)
{
	CK_RSA_PKCS_OAEP_PARAMS *p = block(a, sizeof *p);

	p->hashAlg = hashes[byte(in) % COUNT(hashes)];
	p->mgf = mgfs[byte(in) % COUNT(mgfs)];
	p->source = byte(in) & 1 ? CKZ_DATA_SPECIFIED : 0;
	p->pSourceData = bytes(a, in, &p->ulSourceDataLen);
	m->pParameter = p;
	m->ulParameterLen = sizeof *p;
}

static void ecdh(struct args *a, CK_MECHANISM *m, struct rd *in)
{
	/* RFC 6979, A.2.5: somebody's public key on P-256 */
	static const CK_BYTE peer[] = {0x04, 0x60, 0xFE, 0xD4, 0xBA, 0x25, 0x5A, 0x9D, 0x31, 0xC9,
	    0x61, 0xEB, 0x74, 0xC6, 0x35, 0x6D, 0x68, 0xC0, 0x49, 0xB8, 0x92, 0x3B, 0x61, 0xFA,
	    0x6C, 0xE6, 0x69, 0x62, 0x2E, 0x60, 0xF2, 0x9F, 0xB6, 0x79, 0x03, 0xFE, 0x10, 0x08,
	    0xB8, 0xBC, 0x99, 0xA4, 0x1A, 0xE9, 0xE9, 0x56, 0x28, 0xBC, 0x64, 0xF2, 0xF1, 0xB2,
	    0x0C, 0x2D, 0x7E, 0x9F, 0x51, 0x77, 0xA3, 0xC2, 0x94, 0xD4, 0x46, 0x22, 0x99};
	CK_ECDH1_DERIVE_PARAMS *p = block(a, sizeof *p);
	uint8_t how = byte(in);

	p->kdf = how & 0x0F;
	if (how & 0x10)
		p->pSharedData = bytes(a, in, &p->ulSharedDataLen);
	if (how & 0x20) {
		p->pPublicData = bytes(a, in, &p->ulPublicDataLen);
	} else {
		p->ulPublicDataLen = how & 0x40 ? 32 : sizeof peer;
		p->pPublicData = block(a, sizeof peer);
		memcpy(p->pPublicData, peer, sizeof peer);
	}
	m->pParameter = p;
	m->ulParameterLen = sizeof *p;
}

static void eddsa(struct args *a, CK_MECHANISM *m, struct rd *in)
{
	ECERT_EDDSA_PARAMS *p = block(a, sizeof *p);

	p->phFlag = byte(in) & 1;
	p->pContextData = bytes(a, in, &p->ulContextDataLen);
	m->pParameter = p;
	m->ulParameterLen = sizeof *p;
}

/* Parameters of the mechanism's own shape (another's would hold wild pointers), or zeroes. */
static void parameters(struct args *a, CK_MECHANISM *m, struct rd *in)
{
	const struct mech *row = mech_find(m->mechanism);
	uint8_t how = byte(in);

	if (how == 0)
		return;
	if (how < 0x40) {
		m->ulParameterLen = how;
		m->pParameter = block(a, how);
	} else if (how == 0x40) {
		m->ulParameterLen = 8;
	} else if (row && row->use == USE_OAEP) {
		oaep(a, m, in);
	} else if (row && row->use == USE_ECDH) {
		ecdh(a, m, in);
	} else if (row && row->family == FAMILY_EDWARDS) {
		eddsa(a, m, in);
	} else {
		pss(a, m, in);
	}
}

void push_mechanism(struct args *a, struct rd *in)
{
	CK_MECHANISM *m = block(a, sizeof *m);
	uint8_t which = byte(in);
	const struct mech *row = mech_at(which);

	m->mechanism = row ? mech_type(row) : which == 0xFE ? number(in) : CKM_AES_CBC;
	parameters(a, m, in);
	push_p(a, which == 0xFF ? NULL : m);
}
