/* SPDX-License-Identifier: BSD-2-Clause */
/* One more signature in a container: a new container of the same files, with a manifest and a
 * signature more. All is unpacked behind the wall, and written anew. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "document/asic/make.h"

#define NAME_MAX_BYTES 64

/* Read through before a person is asked for anything; a second time it has to be the same. */
struct doc_prepared {
	struct asic_container c;
	struct asic_seen *seen; /* of each member; owned */
	char manifest[NAME_MAX_BYTES], signature[NAME_MAX_BYTES];
};

static const struct doc_refusal broken = {REASON_ID("container-broken"),
				    MSG_ID("it breaks the rules of its own format"),
				    MSG_ID("Have it sent again, or made anew.")},
				too_much = {REASON_ID("container-too-large"),
				    MSG_ID("there is more in it than is looked at"),
				    MSG_ID("Sign it as any other file: --format cades.")},
				other_kind = {REASON_ID("container-other-kind"),
				    MSG_ID("it is no ASiC-E with CAdES signatures"),
				    MSG_ID("Sign it as any other file: --format cades.")};

/* ---- reading ---- */
struct passing {
	EVP_MD_CTX *ctx;
	struct asic_seen *seen;
	struct zip_writer *zip; /* NULL: nothing is written */
};

static enum ecert_rc pass(void *ctx, struct rd part)
{
	struct passing *p = ctx;

	p->seen->size += part.n;
	p->seen->crc = (uint32_t)crc32_z(p->seen->crc, part.p, part.n);
	if (EVP_DigestUpdate(p->ctx, part.p, part.n) != 1)
		return ECERT_E_CRYPTO;
	return p->zip ? zip_write_bytes(p->zip, part) : ECERT_OK;
}

static enum ecert_rc pass_over(struct asic_container *c, size_t i, const EVP_MD *md,
    struct zip_writer *zip, struct asic_seen *out, const char **why)
{
	struct passing p = {EVP_MD_CTX_new(), out, zip};
	enum reason reason;
	unsigned n = 0;
	enum ecert_rc rc = !p.ctx ? ECERT_E_MEMORY : ECERT_OK;

	memset(out, 0, sizeof *out);
	if (rc == ECERT_OK && EVP_DigestInit_ex(p.ctx, md, NULL) != 1)
		rc = ECERT_E_CRYPTO;
	if (rc == ECERT_OK)
		rc = asic_read(c, i, pass, &p, why, &reason);
	if (rc == ECERT_OK && EVP_DigestFinal_ex(p.ctx, out->digest.value, &n) != 1)
		rc = ECERT_E_CRYPTO;
	out->digest.len = n;
	EVP_MD_CTX_free(p.ctx);
	return rc;
}

static bool has(const struct asic_container *c, const char *name)
{
	for (size_t i = 0; i < c->n; i++)
		if (rd_equal(c->v[i].name, rd_of(name, strlen(name))))
			return true;
	return false;
}

/* The first number under which there is neither of the two. False: there are too many. */
static bool choose_names(struct doc_prepared *p)
{
	for (unsigned n = 1; n < 1000; n++) {
		(void)snprintf(p->manifest, sizeof p->manifest, "META-INF/ASiCManifest%03u.xml", n);
		(void)snprintf(p->signature, sizeof p->signature, "META-INF/signature%03u.p7s", n);
		if (!has(&p->c, p->manifest) && !has(&p->c, p->signature))
			return true;
	}
	return false;
}

/* EN 319 162-1, 4.4: its own type, and a manifest to each signature; with XAdES ours do not go. */
static enum ecert_rc check_kind(struct doc_prepared *p, bool *good)
{
	struct buf type = BUF_INIT(256);
	enum reason reason;
	const char *why = NULL;
	bool manifest = false, xml = false, typed = false;
	enum ecert_rc rc = ECERT_OK;

	for (size_t i = 0; rc == ECERT_OK && i < p->c.n; i++) {
		const struct asic_member *m = &p->c.v[i];

		manifest = manifest || asic_named(m, "META-INF/ASiCManifest", ".xml");
		xml = xml ||
		      (asic_named(m, "META-INF/", ".xml") && rd_contains(m->name, "signatures"));
		if (!rd_equal(m->name, rd_of("mimetype", 8)))
			continue;
		rc = asic_read_all(&p->c, i, &type, &why, &reason);
		typed = !why && rd_equal(buf_view(&type), rd_of(ASIC_TYPE, sizeof ASIC_TYPE - 1));
	}
	*good = manifest && typed && !xml;
	buf_free(&type);
	return rc;
}

static enum ecert_rc look(struct doc_prepared *p, const EVP_MD *md, const struct doc_refusal **no)
{
	const char *why = NULL;
	bool good = false;
	enum ecert_rc rc = check_kind(p, &good);

	if (rc == ECERT_OK && !good)
		*no = &other_kind;
	else if (rc == ECERT_OK && !choose_names(p))
		*no = &too_much;
	for (size_t i = 0; rc == ECERT_OK && !*no && i < p->c.n; i++) {
		if (p->c.v[i].encrypted)
			*no = &other_kind;
		else
			rc = pass_over(&p->c, i, md, NULL, &p->seen[i], &why);
		*no = why ? &broken : *no;
	}
	return rc;
}

enum ecert_rc asic_prepare(const struct doc_sign_options *o, int fd, struct doc_prepared **out,
    const struct doc_refusal **why)
{
	struct doc_prepared *p = calloc(1, sizeof *p);
	const char *name = doc_sig_digest(o->alg);
	const EVP_MD *md = name ? EVP_get_digestbyname(name) : NULL;
	enum reason reason;
	const char *defect = NULL;
	enum ecert_rc rc = !p ? ECERT_E_MEMORY : !md ? ECERT_E_KEY_TYPE : ECERT_OK;

	*out = NULL;
	*why = NULL;
	if (rc == ECERT_OK && doc_kind_fd(fd) != DOC_KIND_ASIC)
		*why = &other_kind;
	if (rc == ECERT_OK && !*why)
		rc = asic_open(fd, &p->c, &defect, &reason);
	if (rc == ECERT_OK && defect)
		*why = reason == REASON_TOO_MUCH ? &too_much : &broken;
	if (rc == ECERT_OK && !*why && !(p->seen = calloc(p->c.n + 1, sizeof *p->seen)))
		rc = ECERT_E_MEMORY;
	if (rc == ECERT_OK && !*why)
		rc = look(p, md, why);
	if (rc == ECERT_OK && !*why)
		*out = p;
	else
		asic_forget(&p);
	return rc;
}

void asic_forget(struct doc_prepared **p)
{
	if (!*p)
		return;
	asic_close(&(*p)->c);
	free((*p)->seen);
	free(*p);
	*p = NULL;
}

/* ---- writing ---- */
static void put_manifest(const struct doc_prepared *p, const char *md, struct buf *out)
{
	asic_manifest_begin(out, p->signature);
	for (size_t i = 0; i < p->c.n; i++) {
		char name[ZIP_NAME_MAX + 1];

		if (!asic_is_data(&p->c.v[i]))
			continue;
		(void)snprintf(name, sizeof name, "%.*s", (int)p->c.v[i].name.n,
		    (const char *)p->c.v[i].name.p);
		asic_manifest_add(
		    out, name, md, rd_of(p->seen[i].digest.value, p->seen[i].digest.len));
	}
	asic_manifest_end(out);
}

/* The type first, whatever stood there; then all others in their order. */
static enum ecert_rc copy(
    const struct doc_prepared *p, int fd, const EVP_MD *md, struct zip_writer *zip)
{
	struct asic_container again = p->c;
	enum ecert_rc rc = zip_write_whole(zip, "mimetype", rd_of(ASIC_TYPE, sizeof ASIC_TYPE - 1));

	again.fd = fd;
	again.taken = 0;
	for (size_t i = 0; rc == ECERT_OK && i < again.n; i++) {
		char name[ZIP_NAME_MAX + 1];
		struct asic_seen now;
		const char *why = NULL;

		if (rd_equal(again.v[i].name, rd_of("mimetype", 8)))
			continue;
		(void)snprintf(name, sizeof name, "%.*s", (int)again.v[i].name.n,
		    (const char *)again.v[i].name.p);
		rc = zip_write_member(zip, name, p->seen[i].size, p->seen[i].crc);
		if (rc == ECERT_OK)
			rc = pass_over(&again, i, md, zip, &now, &why);
		/* It is not what was looked at. */
		if (rc == ECERT_OK && (why || memcmp(&now.digest.value, &p->seen[i].digest.value,
						  sizeof now.digest.value) != 0))
			rc = ECERT_E_NOT_FOUND;
	}
	return rc;
}

enum ecert_rc asic_sign_into(const struct doc_signer *s, const struct doc_sign_options *o,
    const struct doc_prepared *p, int fd, doc_content_fn *put, void *ctx)
{
	enum doc_sig_alg alg = o->alg ? o->alg : doc_sig_for_key(s->key);
	const char *name = doc_sig_digest(alg);
	const EVP_MD *md = name ? EVP_get_digestbyname(name) : NULL;
	struct buf manifest = BUF_INIT(ASIC_MANIFEST_MAX), p7s = BUF_INIT(DOC_SIGNATURE_MAX);
	struct zip_writer zip;
	enum ecert_rc rc = md ? ECERT_OK : ECERT_E_KEY_TYPE;

	zip_write_begin(&zip, put, ctx, o->now);
	if (rc == ECERT_OK) {
		put_manifest(p, name, &manifest);
		rc = buf_rc(&manifest);
	}
	if (rc == ECERT_OK)
		rc = asic_sign_manifest(s, o, buf_view(&manifest), &p7s);
	if (rc == ECERT_OK)
		rc = copy(p, fd, md, &zip);
	if (rc == ECERT_OK)
		rc = zip_write_whole(&zip, p->manifest, buf_view(&manifest));
	if (rc == ECERT_OK)
		rc = zip_write_whole(&zip, p->signature, buf_view(&p7s));
	if (rc == ECERT_OK)
		rc = zip_write_end(&zip);
	zip_write_free(&zip);
	buf_free(&manifest);
	buf_free(&p7s);
	return rc;
}
