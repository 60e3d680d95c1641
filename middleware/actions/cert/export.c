/* SPDX-License-Identifier: BSD-2-Clause */
/* A certificate of the token into a file. */
#include "actions/cert/export.h"

#include <openssl/pem.h>

#include "client/outfile.h"
#include "client/p11.h"
#include "client/slot.h"
#include "util/text.h"

static enum outcome put_out(
    const struct job *job, const struct cert_export_deed *o, struct rd der, X509 *x)
{
	const char *path = o->output ? o->output : "-";
	BIO *bio;
	char *text = NULL;
	long n;
	enum outcome code;

	if (o->der)
		return outfile_save(job, path, der, o->force);
	bio = BIO_new(BIO_s_mem());
	if (!bio || PEM_write_bio_X509(bio, x) != 1) {
		BIO_free(bio);
		return ui_fail_rc(
		    job->ui, ECERT_E_CRYPTO, MSG("Cannot write the certificate: {why}"));
	}
	n = BIO_get_mem_data(bio, &text);
	code = outfile_save(job, path, rd_of(text, (size_t)n), o->force);
	BIO_free(bio);
	return code;
}

static enum outcome put_of(struct p11 *p, const struct cert_export_deed *o, uint8_t ref,
    const struct p11_cert *cert, struct cert_export_result *out)
{
	if (!cert)
		return p11_nothing_in(p, ref, MSG_ID("certificate"),
		    MSG_ID("`ecert cert list` shows what there is."));
	out->who = cert->who;
	return put_out(p->job, o, buf_view(&cert->der), cert->cert->x509);
}

enum outcome cert_export(
    const struct job *job, const struct cert_export_deed *deed, struct cert_export_result *out)
{
	struct p11 p;
	struct p11_cert *certs;
	size_t n, i = 0;
	uint8_t ref;
	enum outcome code = slot_chosen(job, deed->slot, deed->id, 0x9C, &ref);

	*out = (struct cert_export_result){.slot = ""};
	if (!code)
		code = outfile_vacant(job, deed->output ? deed->output : "-", deed->force);
	if (code)
		return code;
	text_copy(out->slot, sizeof out->slot, slot_name(ref));
	code = p11_begin_certs(job, &p, &certs, &n);
	while (i < n && certs[i].ref != ref)
		i++;
	if (!code)
		code = put_of(&p, deed, ref, i < n ? &certs[i] : NULL, out);
	p11_certs_free(&certs, n);
	p11_close(&p);
	return code;
}
