/* SPDX-License-Identifier: BSD-2-Clause */
/* Manifests read and written. */
#include "document/asic/manifest.h"

#include <stdlib.h>
#include <string.h>

#include "document/cert.h"
#include "document/kind/named.h"
#include "document/wall/ask.h"

/* RFC 6931, 2.1; XML Signature 1.1, 6.2. */
static const struct {
	const char *uri, *md;
} digests[] = {
    {"http://www.w3.org/2001/04/xmlenc#sha256", "SHA256"},
    {"http://www.w3.org/2001/04/xmldsig-more#sha384", "SHA384"},
    {"http://www.w3.org/2001/04/xmlenc#sha512", "SHA512"},
    {"http://www.w3.org/2000/09/xmldsig#sha1", "SHA1"},
    {"http://www.w3.org/2001/04/xmldsig-more#sha224", "SHA224"},
    {"http://www.w3.org/2007/05/xmldsig-more#sha3-256", "SHA3-256"},
    {"http://www.w3.org/2007/05/xmldsig-more#sha3-512", "SHA3-512"},
};
#define DIGESTS (sizeof digests / sizeof digests[0])

static const EVP_MD *md_of(struct rd uri)
{
	for (size_t i = 0; i < DIGESTS; i++)
		if (rd_equal(uri, rd_of(digests[i].uri, strlen(digests[i].uri))))
			return EVP_get_digestbyname(digests[i].md);
	return NULL;
}

static bool next_string(struct rd *rest, struct rd *out)
{
	uint32_t n = 0;

	return rd_u32(rest, &n) == ECERT_OK && rd_take(rest, n, out) == ECERT_OK;
}

/* False: the answer is not what was asked for. */
static bool read_answer(struct asic_manifest *m)
{
	struct rd rest = buf_view(&m->answer), algorithm;
	uint32_t n = 0;

	if (!next_string(&rest, &m->signature) || rd_u32(&rest, &n) != ECERT_OK || n > rest.n / 12)
		return false;
	m->v = calloc(n + 1u, sizeof *m->v);
	for (m->n = 0; m->v && m->n < n; m->n++) {
		struct asic_reference *r = &m->v[m->n];

		if (!next_string(&rest, &r->uri) || !next_string(&rest, &algorithm) ||
		    !next_string(&rest, &r->digest))
			return false;
		r->md = md_of(algorithm);
	}
	return m->v && rd_empty(&rest);
}

enum ecert_rc asic_manifest_read(struct asic_container *c, size_t member, struct asic_manifest *out,
    const char **why, enum reason *reason)
{
	struct wall_question q = {.op = ASIC_MANIFEST_OP};
	enum wall_end end = WALL_ANSWERED;
	enum ecert_rc rc;

	*out = (struct asic_manifest){.member = member};
	buf_init(&out->xml, ASIC_MANIFEST_MAX);
	buf_init(&out->answer, 2 * ASIC_MANIFEST_MAX);
	rc = asic_read_all(c, member, &out->xml, why, reason);
	if (rc != ECERT_OK || *why)
		return rc;
	q.request = buf_view(&out->xml);
	rc = wall_ask(&q, &out->answer, &end);
	*reason = wall_reason(end);
	if (rc == ECERT_OK && end != WALL_ANSWERED)
		*why = wall_words(end);
	if (rc == ECERT_OK && !*why && !read_answer(out)) {
		*reason = REASON_FORMAT_BROKEN;
		*why = wall_words(WALL_MALFORMED);
	}
	return rc;
}

void asic_manifest_free(struct asic_manifest *m)
{
	buf_free(&m->xml);
	buf_free(&m->answer);
	free(m->v);
	m->v = NULL;
	m->n = 0;
}

static int hex(uint8_t c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

static void decode(struct rd uri, struct buf *out)
{
	for (size_t i = 0; i < uri.n; i++) {
		bool coded = uri.p[i] == '%' && uri.n - i > 2 && hex(uri.p[i + 1]) >= 0 &&
			     hex(uri.p[i + 2]) >= 0;
		unsigned byte = uri.p[i];

		if (coded)
			byte = (unsigned)(hex(uri.p[i + 1]) << 4 | hex(uri.p[i + 2]));
		buf_u8(out, (uint8_t)byte);
		i += coded ? 2 : 0;
	}
}

bool asic_find(const struct asic_container *c, struct rd uri, size_t *member)
{
	struct buf b = BUF_INIT(uri.n + 1);
	size_t found = 0;
	struct rd name;

	decode(uri, &b);
	name = buf_view(&b);
	for (size_t i = 0; i < c->n; i++)
		if (rd_equal(c->v[i].name, uri) || rd_equal(c->v[i].name, name)) {
			*member = i;
			found++;
		}
	buf_free(&b);
	return found == 1;
}

void asic_manifest_begin(struct buf *out, const char *signature)
{
	buf_str(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		     "<asic:ASiCManifest xmlns:asic=\"http://uri.etsi.org/02918/v1.2.1#\" "
		     "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">\n"
		     "<asic:SigReference URI=\"");
	named_uri(out, signature);
	buf_str(out, "\" MimeType=\"application/pkcs7-signature\"/>\n");
}

void asic_manifest_add(struct buf *out, const char *name, const char *md, struct rd digest)
{
	buf_str(out, "<asic:DataObjectReference URI=\"");
	named_uri(out, name);
	buf_str(out, "\" MimeType=\"");
	buf_str(out, named_media(name));
	buf_str(out, "\"><ds:DigestMethod Algorithm=\"");
	for (size_t i = 0; i < DIGESTS; i++)
		if (!strcmp(digests[i].md, md))
			buf_str(out, digests[i].uri);
	buf_str(out, "\"/><ds:DigestValue>");
	b64_put(out, digest);
	buf_str(out, "</ds:DigestValue></asic:DataObjectReference>\n");
}

void asic_manifest_end(struct buf *out)
{
	buf_str(out, "</asic:ASiCManifest>\n");
}
