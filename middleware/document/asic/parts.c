/* SPDX-License-Identifier: BSD-2-Clause */
/* Signatures and manifests of containers that are made: EN 319 162-1, 4.3.3 and 4.4.3. */
#include <stdlib.h>

#include "document/asic/make.h"
#include "document/cms/cades.h"
#include "document/kind/named.h"
#include "document/xml/sign/write.h"

#define OPENDOCUMENT "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
#define XML_BEGIN    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

const char *asic_type_of(enum asic_make what)
{
	return what == ASIC_S_CADES || what == ASIC_S_XADES ? ASIC_SIMPLE_TYPE : ASIC_TYPE;
}

enum ecert_rc asic_sign_manifest(const struct doc_signer *s, const struct doc_sign_options *o,
    struct rd manifest, struct buf *p7s)
{
	const char *md = doc_sig_digest(o->alg ? o->alg : doc_sig_for_key(s->key));
	uint8_t digest[EVP_MAX_MD_SIZE];
	size_t n = sizeof digest;

	if (EVP_Q_digest(NULL, md, NULL, manifest.p, manifest.n, digest, &n) != 1)
		return ECERT_E_CRYPTO;
	return cades_sign_digest(s, o, rd_of(digest, n), p7s);
}

static struct buf *add(struct asic_parts *p, const char *name, size_t max)
{
	struct asic_part *part = &p->v[p->n++];

	part->name = name;
	buf_init(&part->bytes, max);
	return &part->bytes;
}

/* ---- CAdES ---- */
static enum ecert_rc with_manifest(const struct doc_signer *s, const struct doc_sign_options *o,
    const char *md, const struct doc_file *files, const struct asic_seen *seen, size_t n,
    struct asic_parts *out)
{
	static const char signature[] = "META-INF/signature001.p7s";
	struct buf *manifest = add(out, "META-INF/ASiCManifest001.xml", ASIC_MANIFEST_MAX);
	struct buf *p7s = add(out, signature, DOC_SIGNATURE_MAX);
	enum ecert_rc rc;

	asic_manifest_begin(manifest, signature);
	for (size_t i = 0; i < n; i++)
		asic_manifest_add(
		    manifest, files[i].name, md, rd_of(seen[i].digest.value, seen[i].digest.len));
	asic_manifest_end(manifest);
	rc = buf_rc(manifest);
	return rc == ECERT_OK ? asic_sign_manifest(s, o, buf_view(manifest), p7s) : rc;
}

/* ---- XAdES ---- */
/* Open Document 1.2 part 3, 4.2: which files there are, and of what kind. */
static void put_list(const char *type, const struct doc_file *files, size_t n, struct buf *out)
{
	buf_str(out, XML_BEGIN "<manifest:manifest xmlns:manifest=\"" OPENDOCUMENT
			       "\" manifest:version=\"1.2\">\n"
			       "<manifest:file-entry manifest:full-path=\"/\" "
			       "manifest:media-type=\"");
	buf_str(out, type);
	buf_str(out, "\"/>\n");
	for (size_t i = 0; i < n; i++) {
		buf_str(out, "<manifest:file-entry manifest:full-path=\"");
		named_attribute(out, files[i].name);
		buf_str(out, "\" manifest:media-type=\"");
		buf_str(out, named_media(files[i].name));
		buf_str(out, "\"/>\n");
	}
	buf_str(out, "</manifest:manifest>\n");
}

/* The URIs stand in uris one behind the other, each with a NUL. */
static enum ecert_rc refer(const struct doc_file *files, const struct asic_seen *seen, size_t n,
    struct buf *uris, struct xades_reference *v)
{
	const char *uri;
	enum ecert_rc rc;

	for (size_t i = 0; i < n; i++) {
		named_uri(uris, files[i].name);
		buf_u8(uris, 0);
	}
	rc = buf_rc(uris);
	uri = (const char *)buf_view(uris).p;
	for (size_t i = 0; rc == ECERT_OK && i < n; i++) {
		v[i] = (struct xades_reference){.uri = uri,
		    .how = XADES_AS_IT_IS,
		    .media = named_media(files[i].name),
		    .digest = seen[i].digest};
		uri += strlen(uri) + 1;
	}
	return rc;
}

enum ecert_rc asic_write_xades(const struct doc_signer *s, const struct doc_sign_options *o,
    const struct doc_file *files, const struct asic_seen *seen, size_t n, struct buf *out)
{
	struct xades_reference *v = calloc(n + 1, sizeof *v);
	struct buf uris = BUF_INIT(ASIC_MANIFEST_MAX);
	enum ecert_rc rc = v ? refer(files, seen, n, &uris, v) : ECERT_E_MEMORY;

	if (rc == ECERT_OK)
		rc = xades_write(s, o, v, n, out);
	buf_free(&uris);
	free(v);
	return rc == ECERT_OK ? buf_rc(out) : rc;
}

static enum ecert_rc put_xades(const struct doc_signer *s, const struct doc_sign_options *o,
    const struct doc_file *files, const struct asic_seen *seen, size_t n, struct buf *out)
{
	enum ecert_rc rc;

	buf_str(out, ASIC_XADES_BEGIN);
	rc = asic_write_xades(s, o, files, seen, n, out);
	buf_str(out, ASIC_XADES_END);
	return rc == ECERT_OK ? buf_rc(out) : rc;
}

enum ecert_rc asic_parts_make(enum asic_make what, const struct doc_signer *s,
    const struct doc_sign_options *o, const struct doc_file *files, const struct asic_seen *seen,
    size_t n, struct asic_parts *out)
{
	const char *md = doc_sig_digest(o->alg ? o->alg : doc_sig_for_key(s->key));
	struct buf *list;

	*out = (struct asic_parts){.n = 0};
	switch (what) {
	case ASIC_E_CADES:
		return with_manifest(s, o, md, files, seen, n, out);
	case ASIC_S_CADES:
		return cades_sign_digest(s, o, rd_of(seen->digest.value, seen->digest.len),
		    add(out, "META-INF/signature.p7s", DOC_SIGNATURE_MAX));
	case ASIC_E_XADES:
		list = add(out, "META-INF/manifest.xml", ASIC_MANIFEST_MAX);
		put_list(asic_type_of(what), files, n, list);
		if (buf_rc(list) != ECERT_OK)
			return buf_rc(list);
		return put_xades(
		    s, o, files, seen, n, add(out, "META-INF/signatures0.xml", DOC_SIGNATURE_MAX));
	case ASIC_S_XADES:
		return put_xades(
		    s, o, files, seen, n, add(out, "META-INF/signatures.xml", DOC_SIGNATURE_MAX));
	default:
		return ECERT_E_ARG;
	}
}

void asic_parts_free(struct asic_parts *p)
{
	for (size_t i = 0; i < p->n; i++)
		buf_free(&p->v[i].bytes);
	p->n = 0;
}
