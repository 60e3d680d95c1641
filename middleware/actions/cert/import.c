/* SPDX-License-Identifier: BSD-2-Clause */
/* What a CA answered, onto the token. */
#include "actions/cert/import.h"

#include "actions/cert/answer.h"
#include "client/certfile.h"
#include "client/slot.h"
#include "crypto/cert/x509.h"
#include "provision/certput.h"
#include "provision/chainobj.h"
#include "provision/key/label.h"
#include "util/text.h"

static enum outcome put_authorities(struct prov *p, const struct cert_import_deed *o,
    const struct answer *a, struct cert_import_result *out)
{
	enum outcome code;

	if (!p->info.has_ecert)
		return ui_fail(p->job->ui, OUT_REFUSED, "no-place-for-ca",
		    MSG("This token has no place for the certificates of CAs"),
		    MSG("Give them to each signature: `ecert sign --chain CA-FILE`."));
	code = prov_login_mgm(p, o->mgm);
	if (!code)
		code = ui_fail_rc(p->job->ui, chain_object_add(p, a->certs),
		    MSG("Cannot write the CA's certificates: {why}"));
	if (!code)
		out->authorities = (size_t)sk_X509_num(a->certs);
	return code;
}

/* Everything but the leaf goes with it. */
static enum ecert_rc rest(struct answer *a)
{
	for (int i = 0; i < sk_X509_num(a->certs); i++) {
		X509 *x = sk_X509_value(a->certs, i);

		if (x == a->leaf)
			continue;
		if (!X509_up_ref(x))
			return ECERT_E_MEMORY;
		if (sk_X509_push(a->chain, x) <= 0) {
			X509_free(x);
			return ECERT_E_MEMORY;
		}
	}
	return ECERT_OK;
}

static enum outcome prepare(const struct job *job, struct answer *a)
{
	enum ecert_rc rc = rest(a);

	/* The object on the token has room for a few: this certificate's own chain first. */
	certfile_order(a->chain, a->leaf);
	if (rc == ECERT_OK)
		rc = x509_put_der(a->leaf, &a->der);
	if (rc == ECERT_OK)
		rc = identity_read(buf_view(&a->der), &a->who);
	return ui_fail_rc(job->ui, rc, MSG("Cannot read the certificate: {why}"));
}

/* An answer for two keys at once (signature and encipherment). */
static void tell_other_keys(const struct prov *p, const struct keys *k, const struct answer *a)
{
	for (int i = 0; i < sk_X509_num(a->certs); i++) {
		const struct token_key *key = key_of(k, sk_X509_value(a->certs, i), 0);

		if (key && key->ref != a->ref)
			ui_note(p->job->ui,
			    MSG("The file holds also the one of the key in slot {slot}: the "
				"same command with --slot {other} puts it there.",
				P_TEXT("slot", slot_name(key->ref)),
				P_TEXT("other", slot_name(key->ref))));
	}
}

static void told(struct prov *p, const struct cert_import_deed *o, const struct keys *k,
    const struct answer *a, struct cert_import_result *out)
{
	text_copy(out->slot, sizeof out->slot, slot_name(a->ref));
	out->who = a->who;
	if (o->stored)
		o->stored(o->stored_ctx, out);
	cert_tell_use(p->job, buf_view(&a->der));
	tell_other_keys(p, k, a);
	out->chain_complete = chain_told(
	    p, a->chain, a->leaf, *a->who.issuer_cn ? a->who.issuer_cn : a->who.issuer);
}

static enum outcome put(struct prov *p, const struct cert_import_deed *o, struct answer *a)
{
	enum outcome code = prepare(p->job, a);

	if (!code)
		code = slot_label_possible(p, o->label);
	if (!code)
		code = prov_login_mgm(p, o->mgm);
	if (!code)
		code = cert_put(p, a->ref, buf_view(&a->der));
	if (!code)
		code = slot_label_put(p, a->ref, SLOT_CERT, o->label);
	if (!code)
		code = ui_fail_rc(p->job->ui, chain_object_add(p, a->chain),
		    MSG("Cannot write the CA's certificates: {why}"));
	return code;
}

enum outcome cert_import(
    const struct job *job, const struct cert_import_deed *deed, struct cert_import_result *out)
{
	struct answer a = {.leaf = NULL};
	struct keys k = {.n = 0};
	struct prov p = {0};
	enum outcome code = answer_load(job, deed, &a);

	*out = (struct cert_import_result){.authorities = 0};
	if (!code)
		code = prov_open(job, &p);
	if (!code)
		code = keys_read(&p, &k);
	if (!code && !deed->slot && !deed->id && answer_completes(&p, &k, &a)) {
		code = put_authorities(&p, deed, &a, out);
	} else {
		if (!code)
			code = answer_pick(&p, deed, &k, &a);
		if (!code)
			code = put(&p, deed, &a);
		if (!code)
			told(&p, deed, &k, &a, out);
	}
	keys_clear(&k);
	prov_close(&p);
	answer_free(&a);
	return code;
}
