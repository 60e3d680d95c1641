/* SPDX-License-Identifier: BSD-2-Clause */
/* PKCS#10 (RFC 2986), signed by the token's key. */
#include "actions/cert/request.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "client/outfile.h"
#include "client/signing.h"
#include "client/slot.h"
#include "provision/evidence.h"
#include "provision/request_raw.h"
#include "provision/subject.h"

/* What goes into it, read before any PIN. */
struct content {
	X509_NAME *name;
	GENERAL_NAMES *san;
};

static void content_free(struct content *w)
{
	X509_NAME_free(w->name);
	GENERAL_NAMES_free(w->san);
}

static enum outcome from_template(const struct job *job, const char *path, struct content *w)
{
	struct buf text = BUF_INIT(65536);
	struct message_kept why;
	enum outcome code = infile_load(job, path, &text);

	if (!code && template_parse(buf_view(&text), w->name, w->san, &why) != ECERT_OK)
		code = ui_fail(job->ui, OUT_INPUT, "template-malformed",
		    MSG("{file} is not a template: {why}", P_FILE("file", path),
			P_MSG("why", MSG_KEPT(&why))),
		    MSG("`ecert cert request --help` shows what it looks like."));
	buf_free(&text);
	return code;
}

static enum outcome gather(
    const struct job *job, const struct cert_request_deed *o, struct content *w)
{
	struct message_kept why;
	enum outcome code = OUT_OK;

	w->name = X509_NAME_new();
	w->san = GENERAL_NAMES_new();
	if (!w->name || !w->san)
		return ui_fail_rc(job->ui, ECERT_E_MEMORY, MSG("Cannot make the request: {why}"));
	if (!o->subject && !o->template_file)
		return ui_fail(job->ui, OUT_USAGE, "subject-missing",
		    MSG("Say who the certificate is for: --subject or --template"),
		    MSG("For instance --subject 'C=HK, O=Wong Ltd, CN=WONG Mei'."));
	if (o->template_file)
		code = from_template(job, o->template_file, w);
	if (!code && o->subject && subject_parse(o->subject, w->name, &why) != ECERT_OK)
		code = ui_fail(job->ui, OUT_USAGE, "subject-malformed",
		    MSG("The subject is not understood: {why}", P_MSG("why", MSG_KEPT(&why))),
		    MSG("It looks like C=HK, O=Wong Ltd, CN=WONG Mei; a comma in a name is written "
			"\\,."));
	for (size_t i = 0; !code && i < o->san.n; i++)
		if (san_parse(o->san.v[i], w->san, &why) != ECERT_OK)
			code = ui_fail(job->ui, OUT_USAGE, "san-malformed",
			    MSG("'{n}' in --san is not understood: {why}", P_TEXT("n", o->san.v[i]),
				P_MSG("why", MSG_KEPT(&why))),
			    MSG("It is like email:mei@wong.example, dns:wong.example, "
				"uri:https://wong.example/ or ip:192.0.2.1."));
	return code;
}

static bool add_san(X509_REQ *req, GENERAL_NAMES *san)
{
	STACK_OF(X509_EXTENSION) *exts = NULL;
	bool good = !sk_GENERAL_NAME_num(san) ||
		    (X509V3_add1_i2d(&exts, NID_subject_alt_name, san, 0, 0) == 1 &&
			X509_REQ_add_extensions(req, exts) == 1);

	sk_X509_EXTENSION_pop_free(exts, X509_EXTENSION_free);
	return good;
}

static const EVP_MD *digest_for(enum key_alg alg)
{
	const struct alg *row = alg_row(alg);

	return row && row->digest ? EVP_get_digestbyname(row->digest) : NULL;
}

static enum outcome make(
    const struct job *job, const struct content *w, EVP_PKEY *key, X509_REQ *req)
{
	ERR_clear_error();
	if (!req || X509_REQ_set_version(req, X509_REQ_VERSION_1) != 1 ||
	    X509_REQ_set_subject_name(req, w->name) != 1 || X509_REQ_set_pubkey(req, key) != 1 ||
	    !add_san(req, w->san))
		return ui_fail_rc(job->ui, ECERT_E_CRYPTO, MSG("Cannot make the request: {why}"));
	return OUT_OK;
}

static enum outcome sign_request(
    const struct job *job, const struct content *w, struct p11_key *key, X509_REQ *req)
{
	const EVP_MD *md = digest_for(key->alg);
	enum outcome code = md ? make(job, w, key->pkey, req)
			       : ui_fail_rc(job->ui, ECERT_E_KEY_TYPE,
				     MSG("Cannot sign the request: {why}"));

	if (code)
		return code;
	if (X509_REQ_sign(req, key->pkey, md) <= 0)
		return ui_fail_rc(job->ui, p11_error(), MSG("Cannot sign the request: {why}"));
	if (X509_REQ_verify(req, key->pkey) != 1)
		return ui_fail_rc(
		    job->ui, ECERT_E_BAD_SIGNATURE, MSG("Cannot make the request: {why}"));
	return OUT_OK;
}

/* A key that libp11 does not list. */
static enum outcome sign_raw(
    struct p11 *p, const struct content *w, uint8_t ref, const char *id, X509_REQ *req)
{
	struct raw_key key;
	enum ecert_rc rc = raw_key_open(p, id, &key);
	enum outcome code;

	if (rc == ECERT_E_NOT_FOUND)
		return p11_nothing_in(
		    p, ref, MSG_ID("key"), MSG_ID("Make one with `ecert key generate`."));
	code = ui_fail_rc(p->job->ui, rc, MSG("Cannot use the key: {why}"));
	if (code)
		return code;
	if (alg_row(key.alg) && !alg_row(key.alg)->can_sign)
		code = ui_fail(p->job->ui, OUT_REFUSED, "key-type",
		    MSG("The key in slot {slot} is {name}, which signs nothing, no request "
			"either",
			P_TEXT("slot", slot_name(ref)), P_TEXT("name", alg_row(key.alg)->name)),
		    MSG("Ask the CA how it certifies such keys; those that sign are made with "
			"p256, "
			"rsa2048 or ed25519."));
	if (!code)
		code = make(p->job, w, key.pub, req);
	if (!code)
		code = ui_fail_rc(p->job->ui, raw_key_sign_request(&key, req),
		    MSG("Cannot sign the request: {why}"));
	raw_key_close(&key);
	return code;
}

static enum outcome save(const struct job *job, const struct cert_request_deed *o,
    const struct evidence *e, X509_REQ *req)
{
	const char *path = o->output ? o->output : "-";
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL;
	enum outcome code;

	if (!bio || PEM_write_bio_X509_REQ(bio, req) != 1) {
		code = ui_fail_rc(job->ui, ECERT_E_CRYPTO, MSG("Cannot write the request: {why}"));
	} else {
		long n = BIO_get_mem_data(bio, &text);

		code = outfile_save(job, path, rd_of(text, (size_t)n), o->force);
	}
	BIO_free(bio);
	if (!code && o->attestation)
		code = evidence_write(job, e, o->attestation, o->force);
	return code;
}

static enum outcome with_key(struct p11 *p, const struct cert_request_deed *o,
    const struct content *w, const struct evidence *e, uint8_t ref)
{
	char id[65];
	PKCS11_KEY *found;
	struct p11_key key = {.alg = KEY_NONE};
	X509_REQ *req = NULL;
	enum outcome code = p11_login(p, MSG("to sign a certificate request"));

	if (code)
		return code;
	p11_id_of(p, ref, id);
	req = X509_REQ_new();
	found = p11_find_key(p, id);
	if (!found) {
		code = sign_raw(p, w, ref, id, req);
	} else {
		code = ui_fail_rc(
		    p->job->ui, p11_key_open(p, found, &key), MSG("Cannot use the key: {why}"));
		if (!code)
			code = sign_request(p->job, w, &key, req);
	}
	if (!code)
		code = save(p->job, o, e, req);
	X509_REQ_free(req);
	p11_key_close(&key);
	return code;
}

/* Told before any PIN: two files with one name, and those that are there or cannot be written. */
static enum outcome check_files(const struct job *job, const struct cert_request_deed *o)
{
	const char *path = o->output ? o->output : "-";
	enum outcome code = outfile_vacant(job, path, o->force);

	if (!code && o->attestation && !strcmp(o->attestation, path))
		code = ui_fail(job->ui, OUT_USAGE, "outputs-same",
		    MSG("--output and --attestation name the same file"),
		    MSG("Give each a name of its own."));
	if (!code && o->attestation)
		code = outfile_vacant(job, o->attestation, o->force);
	return code;
}

enum outcome cert_request(const struct job *job, const struct cert_request_deed *o)
{
	struct content w = {NULL, NULL};
	struct p11 p = {.job = job};
	struct evidence e = {.n = 0};
	uint8_t ref;
	enum outcome code = slot_chosen(job, o->slot, o->id, 0x9C, &ref);

	if (!code)
		code = check_files(job, o);
	if (!code)
		code = gather(job, o, &w);
	if (!code)
		code = p11_begin(job, &p);
	if (!code && o->attestation)
		code = evidence_need(&p, ref, &e);
	if (!code)
		code = with_key(&p, o, &w, &e, ref);
	evidence_free(&e);
	p11_close(&p);
	content_free(&w);
	return code;
}
