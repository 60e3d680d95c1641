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
	enum asic_make what;
	char manifest[NAME_MAX_BYTES]; /* empty: none, as with XAdES */
	char signature[NAME_MAX_BYTES];
	/* Of an ASiC-S with XAdES: the member where it goes in beside those that are there, and
	 * what is in front of it and behind it in that. */
	size_t shared;
	struct buf old;
	size_t at;
};

static const struct doc_refusal broken = {REASON_ID("container-broken"),
				    MSG_ID("it breaks the rules of its own format"),
				    MSG_ID("Have it sent again, or made anew.")},
				too_much = {REASON_ID("container-too-large"),
				    MSG_ID("there is more in it than is looked at"),
				    MSG_ID("Sign it as any other file: --format cades.")},
				other_kind = {REASON_ID("container-other-kind"),
				    MSG_ID(
					"it is no container with signatures of one kind, CAdES in "
					"an ASiC-E or XAdES"),
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

enum ecert_rc asic_pass_over(struct asic_container *c, size_t i, const EVP_MD *md,
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

/* EN 319 162-1, 4.4.3.2 and A.4: the first number under which there is none. False: there are too
 * many. */
static bool choose_names(struct doc_prepared *p)
{
	bool xades = p->what == ASIC_E_XADES;

	for (unsigned n = xades ? 0 : 1; n < 1000; n++) {
		(void)snprintf(p->manifest, sizeof p->manifest, "META-INF/ASiCManifest%03u.xml", n);
		(void)snprintf(p->signature, sizeof p->signature,
		    xades ? "META-INF/signatures%u.xml" : "META-INF/signature%03u.p7s", n);
		if (xades)
			p->manifest[0] = 0;
		if ((xades || !has(&p->c, p->manifest)) && !has(&p->c, p->signature))
			return true;
	}
	return false;
}

/* Where the root element of signatures ends: a tag of its name is the last one. */
static bool find_end(struct rd xml, size_t *at)
{
	static const char name[] = "XAdESSignatures";
	size_t n = xml.n, end;

	while (n && strchr(" \t\r\n", xml.p[n - 1]))
		n--;
	if (!n || xml.p[--n] != '>')
		return false;
	while (n && strchr(" \t\r\n", xml.p[n - 1]))
		n--;
	end = n;
	while (n && !strchr("<>/", xml.p[n - 1]))
		n--;
	if (n < 2 || xml.p[n - 1] != '/' || xml.p[n - 2] != '<' || end - n < sizeof name - 1 ||
	    memcmp(xml.p + end - (sizeof name - 1), name, sizeof name - 1) != 0 ||
	    (end - n > sizeof name - 1 && xml.p[end - sizeof name] != ':'))
		return false;
	*at = n - 2;
	return true;
}

/* What there is beside the files. */
struct contents {
	bool manifest, xml, p7s, typed, simple;
	size_t data, shared; /* META-INF/signatures.xml */
};

static enum ecert_rc read_type(struct doc_prepared *p, size_t i, struct contents *k)
{
	struct buf type = BUF_INIT(256);
	enum reason reason;
	const char *why = NULL;
	enum ecert_rc rc = asic_read_all(&p->c, i, &type, &why, &reason);
	struct rd r = why ? rd_of(NULL, 0) : buf_view(&type);

	k->typed = rd_equal(r, rd_of(ASIC_TYPE, sizeof ASIC_TYPE - 1));
	k->simple = rd_equal(r, rd_of(ASIC_SIMPLE_TYPE, sizeof ASIC_SIMPLE_TYPE - 1));
	buf_free(&type);
	return rc;
}

/* EN 319 162-1, 4.3 and 4.4: its own type, and signatures of one kind. Of an ASiC-S with XAdES all
 * are in one file. */
static enum ecert_rc check_kind(struct doc_prepared *p, const struct doc_refusal **no)
{
	static const char one[] = "META-INF/signatures.xml";
	struct contents k = {.shared = p->c.n};
	enum reason reason;
	const char *why = NULL;
	enum ecert_rc rc = ECERT_OK;

	for (size_t i = 0; rc == ECERT_OK && i < p->c.n; i++) {
		const struct asic_member *m = &p->c.v[i];

		k.data += asic_is_data(m);
		k.manifest = k.manifest || asic_named(m, "META-INF/ASiCManifest", ".xml");
		k.p7s = k.p7s || asic_named(m, "META-INF/", ".p7s");
		k.xml = k.xml ||
			(asic_named(m, "META-INF/", ".xml") && rd_contains(m->name, "signatures"));
		if (rd_equal(m->name, rd_of(one, sizeof one - 1)))
			k.shared = i;
		if (rd_equal(m->name, rd_of("mimetype", 8)))
			rc = read_type(p, i, &k);
	}
	p->what = k.xml ? k.simple ? ASIC_S_XADES : ASIC_E_XADES : ASIC_E_CADES;
	if (k.xml ? k.manifest || k.p7s || !(k.typed || k.simple) : !k.manifest || !k.typed)
		*no = &other_kind;
	if (rc != ECERT_OK || *no || p->what != ASIC_S_XADES)
		return rc;
	p->shared = k.shared;
	if (k.data != 1 || k.shared == p->c.n)
		*no = &other_kind;
	else
		rc = asic_read_all(&p->c, k.shared, &p->old, &why, &reason);
	if (rc == ECERT_OK && !*no && (why || !find_end(buf_view(&p->old), &p->at)))
		*no = &broken;
	return rc;
}

static enum ecert_rc look(struct doc_prepared *p, const EVP_MD *md, const struct doc_refusal **no)
{
	const char *why = NULL;
	enum ecert_rc rc = check_kind(p, no);

	if (rc == ECERT_OK && !*no && p->what != ASIC_S_XADES && !choose_names(p))
		*no = &too_much;
	for (size_t i = 0; rc == ECERT_OK && !*no && i < p->c.n; i++) {
		if (p->c.v[i].encrypted)
			*no = &other_kind;
		else
			rc = asic_pass_over(&p->c, i, md, NULL, &p->seen[i], &why);
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
	if (p) {
		p->shared = SIZE_MAX;
		buf_init(&p->old, DOC_SIGNATURE_MAX);
	}
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
	buf_free(&(*p)->old);
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

static void name_of(const struct asic_member *m, char name[ZIP_NAME_MAX + 1])
{
	(void)snprintf(name, ZIP_NAME_MAX + 1, "%.*s", (int)m->name.n, (const char *)m->name.p);
}

/* The type first; then all others in their order but the one that is written anew. */
static enum ecert_rc copy(
    const struct doc_prepared *p, int fd, const EVP_MD *md, struct zip_writer *zip)
{
	struct asic_container again = p->c;
	const char *type = asic_type_of(p->what);
	enum ecert_rc rc = zip_write_whole(zip, "mimetype", rd_of(type, strlen(type)));

	again.fd = fd;
	again.taken = 0;
	for (size_t i = 0; rc == ECERT_OK && i < again.n; i++) {
		char name[ZIP_NAME_MAX + 1];
		struct asic_seen now;
		const char *why = NULL;

		if (i == p->shared || rd_equal(again.v[i].name, rd_of("mimetype", 8)))
			continue;
		name_of(&again.v[i], name);
		rc = zip_write_member(zip, name, p->seen[i].size, p->seen[i].crc);
		if (rc == ECERT_OK)
			rc = asic_pass_over(&again, i, md, zip, &now, &why);
		/* It is not what was looked at. */
		if (rc == ECERT_OK && (why || memcmp(&now.digest.value, &p->seen[i].digest.value,
						  sizeof now.digest.value) != 0))
			rc = ECERT_E_NOT_FOUND;
	}
	return rc;
}

/* What is written beside all that. */
struct added {
	struct buf manifest, signature;
};

static enum ecert_rc make_cades(const struct doc_signer *s, const struct doc_sign_options *o,
    const struct doc_prepared *p, const char *md, struct added *a)
{
	enum ecert_rc rc;

	put_manifest(p, md, &a->manifest);
	rc = buf_rc(&a->manifest);
	return rc == ECERT_OK ? asic_sign_manifest(s, o, buf_view(&a->manifest), &a->signature)
			      : rc;
}

struct member_name {
	char text[ZIP_NAME_MAX + 1];
};

static enum ecert_rc make_xades(const struct doc_signer *s, const struct doc_sign_options *o,
    const struct doc_prepared *p, struct added *a)
{
	struct member_name *names = calloc(p->c.n + 1, sizeof *names);
	struct doc_file *files = calloc(p->c.n + 1, sizeof *files);
	struct asic_seen *seen = calloc(p->c.n + 1, sizeof *seen);
	struct rd old = buf_view(&p->old);
	enum ecert_rc rc = names && files && seen ? ECERT_OK : ECERT_E_MEMORY;
	size_t n = 0;

	for (size_t i = 0; rc == ECERT_OK && i < p->c.n; i++) {
		if (!asic_is_data(&p->c.v[i]))
			continue;
		name_of(&p->c.v[i], names[n].text);
		files[n] = (struct doc_file){names[n].text, -1};
		seen[n++] = p->seen[i];
	}
	if (old.n)
		buf_put(&a->signature, old.p, p->at);
	else
		buf_str(&a->signature, ASIC_XADES_BEGIN);
	if (rc == ECERT_OK)
		rc = asic_write_xades(s, o, files, seen, n, &a->signature);
	if (old.n)
		buf_put(&a->signature, old.p + p->at, old.n - p->at);
	else
		buf_str(&a->signature, ASIC_XADES_END);
	free(names);
	free(files);
	free(seen);
	return rc == ECERT_OK ? buf_rc(&a->signature) : rc;
}

enum ecert_rc asic_sign_into(const struct doc_signer *s, const struct doc_sign_options *o,
    const struct doc_prepared *p, int fd, doc_content_fn *put, void *ctx)
{
	enum doc_sig_alg alg = o->alg ? o->alg : doc_sig_for_key(s->key);
	const char *name = doc_sig_digest(alg);
	const EVP_MD *md = name ? EVP_get_digestbyname(name) : NULL;
	struct added a = {BUF_INIT(ASIC_MANIFEST_MAX), BUF_INIT(2 * DOC_SIGNATURE_MAX)};
	struct zip_writer zip;
	enum ecert_rc rc = md ? ECERT_OK : ECERT_E_KEY_TYPE;

	zip_write_begin(&zip, put, ctx, o->now);
	if (rc == ECERT_OK)
		rc = p->what == ASIC_E_CADES ? make_cades(s, o, p, name, &a)
					     : make_xades(s, o, p, &a);
	if (rc == ECERT_OK)
		rc = copy(p, fd, md, &zip);
	if (rc == ECERT_OK && p->manifest[0])
		rc = zip_write_whole(&zip, p->manifest, buf_view(&a.manifest));
	if (rc == ECERT_OK)
		rc = zip_write_whole(&zip,
		    p->what == ASIC_S_XADES ? "META-INF/signatures.xml" : p->signature,
		    buf_view(&a.signature));
	if (rc == ECERT_OK)
		rc = zip_write_end(&zip);
	zip_write_free(&zip);
	buf_free(&a.manifest);
	buf_free(&a.signature);
	return rc;
}
