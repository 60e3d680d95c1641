/* SPDX-License-Identifier: BSD-2-Clause */
/* Making a key inside the token, and its public key for a file. */
#include "actions/key/generate.h"

#include <openssl/pem.h>

#include "client/outfile.h"
#include "client/slot.h"
#include "provision/key/label.h"
#include "util/text.h"

static enum outcome save_public(
    const struct job *job, const char *path, bool force, const struct pubkey *pub)
{
	BIO *bio = BIO_new(BIO_s_mem());
	enum outcome code = OUT_OK;
	char *text = NULL;
	long n;

	if (!bio || PEM_write_bio_PUBKEY(bio, pubkey_evp(pub)) != 1)
		code = ui_fail_rc(
		    job->ui, ECERT_E_CRYPTO, MSG("Cannot write the public key: {why}"));
	n = code ? 0 : BIO_get_mem_data(bio, &text);
	if (!code)
		code = outfile_save(job, path, rd_of(text, (size_t)n), force);
	BIO_free(bio);
	return code;
}

/* Cards refuse what they do not have each in its own way: 6A80, 6A86, 6D00. */
static enum outcome make_failed(
    const struct job *job, enum ecert_rc rc, const struct alg *alg, uint8_t ref)
{
	if (rc == ECERT_E_KEY_TYPE || rc == ECERT_E_UNSUPPORTED || rc == ECERT_E_DATA ||
	    rc == ECERT_E_DATA_LEN || rc == ECERT_E_NOT_FOUND)
		return ui_fail(job->ui, OUT_REFUSED, "key-type-not-supported",
		    MSG("The token does not make a key of this kind ({name}) in slot {slot}",
			P_TEXT("name", alg->name), P_TEXT("slot", slot_name(ref))),
		    MSG("p256 and rsa2048 are made by every token, and 9a, 9c, 9d and 9e are "
			"places on "
			"each."));
	return ui_fail_rc(job->ui, rc, MSG("Cannot make the key: {why}"));
}

static enum outcome kind_of(
    const struct job *job, const struct generate_deed *o, const struct alg **alg)
{
	*alg = alg_by_name(o->alg ? o->alg : "P-256");
	if (!*alg)
		return ui_fail(job->ui, OUT_USAGE, "key-algorithm-unknown",
		    MSG("There is no key algorithm '{alg}'", P_TEXT("alg", o->alg)),
		    MSG("p256, p384, rsa2048, rsa3072, rsa4096, ed25519, x25519 or sm2."));
	if ((*alg)->id == KEY_RSA1024)
		return ui_fail(job->ui, OUT_REFUSED, "key-too-short",
		    MSG("RSA-1024 is too short: nobody accepts its signatures any more"),
		    MSG("Make one with p256 or rsa2048."));
	return OUT_OK;
}

/* On the token, with everything that belongs to it. */
static enum outcome make(struct prov *p, const struct generate_deed *o,
    const struct token_newkey *spec, const struct alg *alg)
{
	struct pubkey *pub = NULL;
	enum outcome code = key_vacant(p, spec->ref, o->place.force);

	if (!code)
		code = slot_label_possible(p, o->place.label);
	if (!code)
		code = prov_login_mgm(p, o->place.mgm);
	if (!code && alg->family == FAMILY_RSA)
		ui_note(p->job->ui, MSG("Making an RSA key takes the token up to a minute."));
	if (!code)
		code = make_failed(p->job, token_key_generate(&p->at, spec, &pub), alg, spec->ref);
	if (!code)
		code = slot_label_put(p, spec->ref, SLOT_KEY, o->place.label);
	if (!code && o->output)
		code = save_public(p->job, o->output, o->place.force, pub);
	if (!code)
		code = ui_fail_rc(p->job->ui, token_public_keep(&p->at, spec->ref, pub),
		    MSG("Cannot keep the public key on the token: {why}"));
	pubkey_free(&pub);
	return code;
}

enum outcome key_generate(
    const struct job *job, const struct generate_deed *deed, struct generate_result *out)
{
	const struct alg *alg;
	struct token_newkey spec = {0};
	struct prov p = {0};
	enum outcome code = kind_of(job, deed, &alg);

	*out = (struct generate_result){.algorithm = ""};
	if (code)
		return code;
	spec.alg = alg->id;
	code = key_place(job, &deed->place, &spec);
	/* Some tokens tell the public key only once: first see that it can be written. */
	if (!code && deed->output)
		code = outfile_vacant(job, deed->output, deed->place.force);
	if (!code)
		code = prov_open(job, &p);
	if (code)
		return code;
	text_copy(out->slot, sizeof out->slot, slot_name(spec.ref));
	out->algorithm = alg->name;
	out->signs = alg->can_sign;
	code = make(&p, deed, &spec, alg);
	prov_close(&p);
	return code;
}
