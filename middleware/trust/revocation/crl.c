/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading a certificate revocation list in place. */
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "document/cert.h"
#include "trust/revocation/crl.h"
#include "util/message.h"
#include "util/tlv.h"

#define SEQ	  0x30
#define INTEGER	  0x02
#define UTC	  0x17
#define GENERAL	  0x18
#define EXPLICIT0 0xA0

/* One TLV off r, head and all. */
static bool whole(struct rd *r, uint32_t tag, struct rd *value, struct rd *all)
{
	const uint8_t *from = r->p;

	if (tlv_expect(r, tag, value) != ECERT_OK)
		return false;
	*all = rd_of(from, (size_t)(r->p - from));
	return true;
}

static bool next_is(struct rd r, uint32_t tag)
{
	struct tlv t;

	return tlv_next(&r, &t) == ECERT_OK && t.tag == tag;
}

static bool get_time(struct rd *r, time_t *out)
{
	struct rd v, all;
	uint32_t tag = next_is(*r, UTC) ? UTC : GENERAL;
	const unsigned char *p;
	ASN1_TIME *t;
	bool ok;

	if (!whole(r, tag, &v, &all))
		return false;
	p = all.p;
	t = d2i_ASN1_TIME(NULL, &p, (long)all.n);
	ok = asn1_time_get(t, out) == ECERT_OK;
	ASN1_TIME_free(t);
	return ok;
}

/* RFC 5280, 5.3: id-ce-reasonCode, -invalidityDate, -certificateIssuer. */
enum { EXT_REASON = 0x15, EXT_INVALIDITY = 0x18, EXT_ISSUER = 0x1D };

struct entry {
	struct rd serial; /* content of the INTEGER */
	struct rd time;	  /* whatever is behind it, the time first */
	int reason;
	bool strange;	   /* a critical extension that is not known */
	struct rd issuer;  /* content of certificateIssuer; empty: as before */
	struct rd invalid; /* of invalidityDate; empty: there is none */
};

static bool read_extension(struct rd *r, struct entry *e)
{
	struct rd body, oid, value, inner;
	uint8_t critical = 0;
	int id;

	if (tlv_expect(r, SEQ, &body) != ECERT_OK || tlv_expect(&body, 0x06, &oid) != ECERT_OK)
		return false;
	if (next_is(body, 0x01) &&
	    (tlv_expect(&body, 0x01, &value) != ECERT_OK || rd_u8(&value, &critical) != ECERT_OK))
		return false;
	if (tlv_expect(&body, 0x04, &value) != ECERT_OK)
		return false;
	id = oid.n == 3 && oid.p[0] == 0x55 && oid.p[1] == 0x1D ? oid.p[2] : -1;
	if (id == EXT_REASON && tlv_only(value, 0x0A, &inner) == ECERT_OK && inner.n == 1)
		e->reason = inner.p[0];
	else if (id == EXT_ISSUER)
		e->issuer = value;
	else if (id == EXT_INVALIDITY)
		e->invalid = value;
	else if (critical)
		e->strange = true;
	return true;
}

static bool next_entry(struct rd *r, struct entry *e)
{
	struct rd body, list;
	struct tlv skip;

	memset(e, 0, sizeof *e);
	if (tlv_expect(r, SEQ, &body) != ECERT_OK ||
	    tlv_expect(&body, INTEGER, &e->serial) != ECERT_OK)
		return false;
	e->time = body;
	if (tlv_next(&body, &skip) != ECERT_OK)
		return false;
	if (rd_empty(&body))
		return true;
	if (tlv_expect(&body, SEQ, &list) != ECERT_OK || !rd_empty(&body))
		return false;
	while (!rd_empty(&list))
		if (!read_extension(&list, e))
			return false;
	return true;
}

/* All entries can be read; whether one is strange is kept. */
static bool walk_entries(struct crl *c)
{
	bool indirect = c->idp && c->idp->indirectCRL > 0;
	struct rd r = c->entries;

	while (!rd_empty(&r)) {
		struct entry e;

		if (!next_entry(&r, &e))
			return false;
		/* RFC 5280, 5.3.3: only an indirect CRL has such entries. */
		if (e.strange || (e.issuer.n && !indirect))
			c->strange_entry = true;
	}
	return true;
}

/* A name relative to the CRL's issuer becomes a whole one. */
static bool whole_name(DIST_POINT_NAME *n, const X509_NAME *issuer)
{
	return !n || n->type == 0 || DIST_POINT_set_dpname(n, issuer) == 1;
}

static bool twice(const struct crl *c)
{
	static const int once[] = {NID_crl_number, NID_delta_crl, NID_issuing_distribution_point,
	    NID_authority_key_identifier};

	for (size_t i = 0; i < sizeof once / sizeof once[0]; i++) {
		int at = X509v3_get_ext_by_NID(c->ext, once[i], -1);

		if (at >= 0 && X509v3_get_ext_by_NID(c->ext, once[i], at) >= 0)
			return true;
	}
	return false;
}

/* True when the extension is not there, or was read. */
static bool take(const struct crl *c, int nid, void *out)
{
	void **p = out;

	*p = X509V3_get_d2i(c->ext, nid, NULL, NULL);
	return *p || X509v3_get_ext_by_NID(c->ext, nid, -1) < 0;
}

static bool unknown_critical(const struct crl *c)
{
	for (int i = 0; i < X509v3_get_ext_count(c->ext); i++) {
		X509_EXTENSION *e = X509v3_get_ext(c->ext, i);
		int nid = OBJ_obj2nid(X509_EXTENSION_get_object(e));

		if (X509_EXTENSION_get_critical(e) && nid != NID_delta_crl &&
		    nid != NID_issuing_distribution_point && nid != NID_crl_number &&
		    nid != NID_authority_key_identifier)
			return true;
	}
	return false;
}

static const char *read_extensions(struct crl *c, struct rd der)
{
	const unsigned char *p = der.p;

	c->ext = d2i_X509_EXTENSIONS(NULL, &p, (long)der.n);
	if (!c->ext || p != der.p + der.n || twice(c) ||
	    !take(c, NID_issuing_distribution_point, &c->idp) ||
	    !take(c, NID_crl_number, &c->number) || !take(c, NID_delta_crl, &c->base))
		return MSG_ID("its extensions cannot be read");
	if (unknown_critical(c))
		return MSG_ID("it has a critical extension that is not known here");
	if (!c->idp)
		return NULL;
	/* RFC 5280, 5.2.5: at most one of them. */
	if ((c->idp->onlyuser > 0) + (c->idp->onlyCA > 0) + (c->idp->onlyattr > 0) > 1 ||
	    !whole_name(c->idp->distpoint, c->issuer))
		return MSG_ID("its scope contradicts itself");
	return NULL;
}

static bool read_tbs(struct crl *c, struct rd body)
{
	struct rd v, alg, name, ext = {NULL, 0};
	const unsigned char *p;

	if (next_is(body, INTEGER) && tlv_expect(&body, INTEGER, &v) != ECERT_OK)
		return false;
	if (!whole(&body, SEQ, &v, &alg) || !whole(&body, SEQ, &v, &name))
		return false;
	p = name.p;
	c->issuer = d2i_X509_NAME(NULL, &p, (long)name.n);
	if (!c->issuer || !get_time(&body, &c->this_update))
		return false;
	if ((next_is(body, UTC) || next_is(body, GENERAL)) && !get_time(&body, &c->next_update))
		return false;
	if (next_is(body, SEQ) && tlv_expect(&body, SEQ, &c->entries) != ECERT_OK)
		return false;
	if (next_is(body, EXPLICIT0) && tlv_expect(&body, EXPLICIT0, &ext) != ECERT_OK)
		return false;
	if (ext.n)
		c->defect = read_extensions(c, ext);
	/* RFC 5280, 5.1.1.2. */
	if (!rd_equal(alg, c->alg))
		c->defect = MSG_ID("it names two different signature algorithms");
	return rd_empty(&body) && walk_entries(c);
}

static bool read_list(struct crl *c)
{
	struct rd r = rd_of(c->der, c->n), body, tbs, v;
	uint8_t unused = 0;

	if (tlv_only(r, SEQ, &body) != ECERT_OK || !whole(&body, SEQ, &tbs, &c->tbs) ||
	    !whole(&body, SEQ, &v, &c->alg) || tlv_expect(&body, 0x03, &c->sig) != ECERT_OK)
		return false;
	if (!rd_empty(&body) || rd_u8(&c->sig, &unused) != ECERT_OK || !read_tbs(c, tbs))
		return false;
	if (unused)
		c->sig = rd_of(NULL, 0); /* verifies for nobody */
	return true;
}

enum ecert_rc crl_read(struct rd der, struct crl **out)
{
	struct crl *c = NULL;

	*out = NULL;
	if (der.n > CRL_MAX)
		return ECERT_E_TOO_LARGE;
	c = calloc(1, sizeof *c);
	if (c)
		c->der = malloc(der.n ? der.n : 1);
	if (c)
		c->by = calloc(1, sizeof *c->by);
	if (!c || !c->der || !c->by) {
		crl_free(&c);
		return ECERT_E_MEMORY;
	}
	if (der.n)
		memcpy(c->der, der.p, der.n);
	c->n = der.n;
	if (read_list(c))
		*out = c;
	else
		crl_free(&c);
	ERR_clear_error();
	return *out ? ECERT_OK : ECERT_E_MALFORMED;
}

void crl_free(struct crl **c)
{
	if (!*c)
		return;
	free((*c)->der);
	free((*c)->by);
	X509_NAME_free((*c)->issuer);
	sk_X509_EXTENSION_pop_free((*c)->ext, X509_EXTENSION_free);
	ISSUING_DIST_POINT_free((*c)->idp);
	ASN1_INTEGER_free((*c)->number);
	ASN1_INTEGER_free((*c)->base);
	free(*c);
	*c = NULL;
}

/* The shortest form of an INTEGER's content (X.690, 8.3.2), whatever a CA wrote. */
static struct rd shortest(struct rd n)
{
	while (
	    n.n > 1 && ((n.p[0] == 0 && !(n.p[1] & 0x80)) || (n.p[0] == 0xFF && (n.p[1] & 0x80))))
		n = rd_of(n.p + 1, n.n - 1);
	return n;
}

/* False when they cannot be read. */
static bool names_issuer(struct rd general_names, const X509_NAME *want, bool *found)
{
	const unsigned char *p = general_names.p;
	GENERAL_NAMES *names = d2i_GENERAL_NAMES(NULL, &p, (long)general_names.n);
	bool read = names;

	*found = false;
	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *g = sk_GENERAL_NAME_value(names, i);

		*found = *found ||
			 (g->type == GEN_DIRNAME && X509_NAME_cmp(g->d.directoryName, want) == 0);
	}
	GENERAL_NAMES_free(names);
	return read;
}

enum ecert_rc crl_find(const struct crl *c, const X509 *x, struct crl_entry *out)
{
	unsigned char *der = NULL;
	int n = i2d_ASN1_INTEGER(X509_get0_serialNumber(x), &der);
	struct rd want, r = c->entries;
	enum ecert_rc rc = ECERT_E_MEMORY;
	bool mine = X509_NAME_cmp(c->issuer, X509_get_issuer_name(x)) == 0;
	struct entry e;

	*out = (struct crl_entry){0};
	if (n <= 0 || tlv_only(rd_of(der, (size_t)n), INTEGER, &want) != ECERT_OK)
		goto out;
	want = shortest(want);
	rc = ECERT_E_NOT_FOUND;
	while (!rd_empty(&r) && next_entry(&r, &e)) {
		struct rd have;

		if (e.issuer.n && !names_issuer(e.issuer, X509_get_issuer_name(x), &mine)) {
			rc = ECERT_E_MALFORMED;
			break;
		}
		have = shortest(e.serial);
		if (!mine || have.n != want.n || memcmp(have.p, want.p, want.n) != 0)
			continue;
		rc = ECERT_OK;
		out->reason = e.reason;
		if (!get_time(&e.time, &out->when))
			out->when = 0;
		if (!e.invalid.n || !get_time(&e.invalid, &out->invalid))
			out->invalid = 0;
	}
out:
	OPENSSL_free(der);
	ERR_clear_error();
	return rc;
}

static bool same_extension(const struct crl *a, const struct crl *b, int nid)
{
	int i = X509v3_get_ext_by_NID(a->ext, nid, -1), k = X509v3_get_ext_by_NID(b->ext, nid, -1);

	if (i < 0 || k < 0)
		return i < 0 && k < 0;
	return ASN1_OCTET_STRING_cmp(X509_EXTENSION_get_data(X509v3_get_ext(a->ext, i)),
		   X509_EXTENSION_get_data(X509v3_get_ext(b->ext, k))) == 0;
}

bool crl_delta_fits(const struct crl *delta, const struct crl *complete)
{
	return delta->base && delta->number && !complete->base && complete->number &&
	       X509_NAME_cmp(delta->issuer, complete->issuer) == 0 &&
	       same_extension(delta, complete, NID_issuing_distribution_point) &&
	       same_extension(delta, complete, NID_authority_key_identifier) &&
	       ASN1_INTEGER_cmp(delta->base, complete->number) <= 0 &&
	       ASN1_INTEGER_cmp(delta->number, complete->number) > 0;
}
