/* SPDX-License-Identifier: BSD-2-Clause */
/* Mechanism parameters: lengths, hashes and mask generation functions that belong together. */
#include <string.h>

#include "pkcs11/op/mech.h"

#define LABEL_MAX 4096u

void mech_params_clear(struct mech_params *p)
{
	buf_free(&p->label);
	*p = (struct mech_params){.label = BUF_INIT(LABEL_MAX)};
}

static enum md md_of_ckm(CK_MECHANISM_TYPE ckm)
{
	const struct md_row *row = md_by_ckm(ckm);

	return row ? row->id : MD_NONE;
}

static enum md md_of_ckg(CK_ULONG ckg)
{
	const struct md_row *row = md_by_ckg(ckg);

	return row ? row->id : MD_NONE;
}

/* 6.1.10: CK_RSA_PKCS_PSS_PARAMS. A combined mechanism's hash must be the parameter's. */
static CK_RV params_pss(const struct mech *m, const CK_MECHANISM *given, struct mech_params *out)
{
	CK_RSA_PKCS_PSS_PARAMS p;

	if (!given->pParameter || given->ulParameterLen != sizeof p)
		return CKR_MECHANISM_PARAM_INVALID;
	memcpy(&p, given->pParameter, sizeof p);
	out->scheme = (struct scheme_params){.md = md_of_ckm(p.hashAlg),
	    .mgf = md_of_ckg(p.mgf),
	    .has_salt = true,
	    .salt_len = p.sLen};
	if (!out->scheme.md || !out->scheme.mgf || (m->md && m->md != out->scheme.md))
		return CKR_MECHANISM_PARAM_INVALID;
	return CKR_OK;
}

/* 6.1.8: CK_RSA_PKCS_OAEP_PARAMS. */
static CK_RV params_oaep(const CK_MECHANISM *given, struct mech_params *out)
{
	CK_RSA_PKCS_OAEP_PARAMS p;

	if (!given->pParameter || given->ulParameterLen != sizeof p)
		return CKR_MECHANISM_PARAM_INVALID;
	memcpy(&p, given->pParameter, sizeof p);
	out->hash = md_of_ckm(p.hashAlg);
	out->mgf1 = md_of_ckg(p.mgf);
	if (!out->hash || !out->mgf1)
		return CKR_MECHANISM_PARAM_INVALID;
	/* source 0 without data: what older programs send for "no label" */
	if (p.source != CKZ_DATA_SPECIFIED && (p.source || p.ulSourceDataLen))
		return CKR_MECHANISM_PARAM_INVALID;
	if (p.ulSourceDataLen && !p.pSourceData)
		return CKR_MECHANISM_PARAM_INVALID;
	buf_put(&out->label, p.pSourceData, p.ulSourceDataLen);
	return buf_rc(&out->label) != ECERT_OK ? CKR_MECHANISM_PARAM_INVALID : CKR_OK;
}

/* 6.3.16: pure Ed25519 has no parameter; a pre-hash or a context is not what the card signs. */
static CK_RV params_eddsa(const CK_MECHANISM *given)
{
	ECERT_EDDSA_PARAMS p;

	if (given->ulParameterLen == 0)
		return CKR_OK;
	if (!given->pParameter || given->ulParameterLen != sizeof p)
		return CKR_MECHANISM_PARAM_INVALID;
	memcpy(&p, given->pParameter, sizeof p);
	return p.phFlag || p.ulContextDataLen ? CKR_MECHANISM_PARAM_INVALID : CKR_OK;
}

CK_RV mech_params_get(const struct mech *m, const CK_MECHANISM *given, struct mech_params *out)
{
	mech_params_clear(out);
	if (m->use == USE_OAEP)
		return params_oaep(given, out);
	if (m->use == USE_SIGN && m->family == FAMILY_EDWARDS)
		return params_eddsa(given);
	if (m->use == USE_SIGN && mech_scheme(m)->kind == SCHEME_PSS)
		return params_pss(m, given, out);
	return given->ulParameterLen ? CKR_MECHANISM_PARAM_INVALID : CKR_OK;
}
