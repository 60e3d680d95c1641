/* SPDX-License-Identifier: BSD-2-Clause */
/* Where in a file the unsigned properties of its signatures end, and whether something may be put
 * there. */
#include "document/xml/extend/look/places.h"

#include <libxml/encoding.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "document/xml/nodes/look.h"
#include "document/xml/sign/look/scan.h"

/* One document, and all that any of its signatures covers. */
struct places {
	struct rd file;
	struct xml_look l;
	uint8_t *covered; /* of each number; owned */
};

/* ---- the document ---- */
/* In these ASCII's characters are single bytes, and no others have such bytes in them. */
static bool is_plain(struct rd file, const xmlChar *encoding)
{
	const char *name = encoding ? (const char *)encoding : "UTF-8";
	xmlCharEncoding e = xmlParseCharEncoding(name);
	bool wide = file.n < 4 || memchr(file.p, 0, 4) || file.p[0] >= 0xFE;

	return !wide && (e == XML_CHAR_ENCODING_UTF8 || e == XML_CHAR_ENCODING_8859_1 ||
			    !strcasecmp(name, "US-ASCII") || !strcasecmp(name, "ASCII"));
}

/* What one signature covers, added to what the others do. */
static enum ecert_rc cover(struct places *p, xmlNode *n)
{
	struct xml_signature s = {.node = n};
	struct buf list = BUF_INIT(XML_FILE_MAX);
	uint32_t count = 0;

	s.info = xml_only(n, XMLN_DSIG, "SignedInfo");
	s.covered = calloc(p->l.t.n + 1u, 1);
	if (!s.covered)
		return ECERT_E_MEMORY;
	xml_find_properties(&p->l, &s);
	xml_put_references(&p->l, &s, s.info, false, &list, &count);
	for (uint32_t i = 0; i < p->l.t.n; i++)
		p->covered[i] |= s.covered[i];
	/* Nobody asks for what is digested. */
	xml_octets_free(&p->l.octets);
	p->l.octets = (struct xml_octets){.n = 0};
	buf_init(&p->l.octets.all, XML_OCTETS_MAX);
	buf_free(&list);
	free(s.covered);
	return ECERT_OK;
}

static enum xext_refusal refusal_of(const struct places *p)
{
	if (p->l.more)
		return XEXT_BROKEN;
	return is_plain(p->file, p->l.t.doc->encoding) ? XEXT_GOOD : XEXT_ENCODING;
}

/* ---- one signature ---- */
static size_t elements_before(const struct places *p, const xmlNode *end)
{
	size_t n = 0;

	for (xmlNode *at = p->l.t.doc->children; at && at != end; at = xml_next(at, false))
		n += at->type == XML_ELEMENT_NODE;
	return n;
}

/* What a property goes into. */
static xmlNode *find_parent(const struct xml_signature *s, enum xext_place *place)
{
	xmlNode *unsigned_p = xml_child(s->properties, XMLN_XADES132, "UnsignedProperties");
	xmlNode *list = xml_child(unsigned_p, XMLN_XADES132, "UnsignedSignatureProperties");

	*place = list ? XEXT_IN_SIGNATURE : unsigned_p ? XEXT_IN_UNSIGNED : XEXT_IN_QUALIFYING;
	return list ? list : unsigned_p ? unsigned_p : s->properties;
}

/* More than one of what there may be one of is read by nobody in the same way. */
static bool is_single(const struct xml_signature *s)
{
	xmlNode *unsigned_p = xml_child(s->properties, XMLN_XADES132, "UnsignedProperties");

	return (!unsigned_p ||
		   xml_only(s->properties, XMLN_XADES132, "UnsignedProperties") == unsigned_p) &&
	       (!xml_child(unsigned_p, XMLN_XADES132, "UnsignedSignatureProperties") ||
		   xml_only(unsigned_p, XMLN_XADES132, "UnsignedSignatureProperties"));
}

static enum xext_refusal check(const struct places *p, const struct xml_signature *s)
{
	enum xext_place place;

	if (s->state != XML_QUALIFIED)
		return XEXT_PLAIN;
	if (!xml_is(s->properties, XMLN_XADES132, "QualifyingProperties"))
		return XEXT_OLD;
	if (!is_single(s) || !xml_only(s->node, XMLN_DSIG, "SignatureValue"))
		return XEXT_BROKEN;
	return p->covered[xml_number(find_parent(s, &place))] ? XEXT_COVERED : XEXT_GOOD;
}

static bool is_stamp(const xmlNode *n)
{
	return xml_is(n, XMLN_XADES132, "SignatureTimeStamp") ||
	       xml_is(n, XMLN_XADES141, "ArchiveTimeStamp");
}

static enum ecert_rc put_value(const struct places *p, const xmlNode *sig, struct buf *out)
{
	struct xml_canon c = {.mode = 0};
	struct xml_set set = {.t = NULL};
	struct buf value = BUF_INIT(XEXT_VALUE_MAX);
	enum ecert_rc rc = ECERT_E_MEMORY;

	if (xml_canon_named(XMLN_EXC, NULL, &c))
		rc = xml_set_of(&p->l.t, xml_only(sig, XMLN_DSIG, "SignatureValue"), false, &set);
	if (rc == ECERT_OK && !xml_canon_put(&set, &c, &value))
		rc = ECERT_E_MALFORMED;
	if (rc == ECERT_OK)
		xml_put_rd(out, buf_view(&value));
	xml_set_free(&set);
	xml_canon_free(&c);
	buf_free(&value);
	return rc;
}

static enum ecert_rc put_place(
    const struct places *p, const struct xml_signature *s, struct buf *out)
{
	enum xext_place place;
	const xmlNode *in = find_parent(s, &place), *last = NULL;
	struct xsign_where where;
	bool values = false;
	enum ecert_rc rc = xsign_scan(p->file, elements_before(p, in), &where);
	size_t n = strlen((const char *)in->name);

	if (rc != ECERT_OK)
		return rc == ECERT_E_TOO_LARGE ? rc : ECERT_E_MALFORMED;
	/* The scan went another way than the parser. */
	if (where.name.n < n || memcmp(where.name.p + where.name.n - n, in->name, n) != 0 ||
	    where.name.n > XEXT_NAME_MAX)
		return ECERT_E_MALFORMED;
	for (const xmlNode *v = in->children; v && place == XEXT_IN_SIGNATURE; v = v->next) {
		last = is_stamp(v) ? v : last;
		values = values || xml_is(v, XMLN_XADES132, "CertificateValues") ||
			 xml_is(v, XMLN_XADES132, "RevocationValues");
	}
	XML_PUT(out, place);
	buf_u64(out, where.empty || place != XEXT_IN_UNSIGNED ? (uint64_t)where.end
							      : (uint64_t)where.inside);
	xml_put_rd(out, where.empty ? where.name : rd_of(NULL, 0));
	xml_put_attribute(out, last, "Id");
	buf_u8(out, values);
	return put_value(p, s->node, out);
}

static enum ecert_rc put_one(const struct places *p, xmlNode *n, struct buf *out)
{
	struct xml_signature s = {.node = n};
	enum xext_refusal why;

	xml_find_properties(&p->l, &s);
	why = check(p, &s);
	XML_PUT(out, why);
	return why == XEXT_GOOD ? put_place(p, &s, out) : ECERT_OK;
}

/* ---- the answer ---- */
/* What they all cover, unless there is more than is looked at. */
static enum ecert_rc cover_all(struct places *p)
{
	enum ecert_rc rc = ECERT_OK;

	p->covered = calloc(p->l.t.n + 1u, 1);
	if (!p->covered)
		return ECERT_E_MEMORY;
	for (size_t i = 0; rc == ECERT_OK && i < p->l.n; i++)
		rc = cover(p, p->l.sig[i]);
	return rc;
}

static enum ecert_rc put_all(struct places *p, struct buf *answer)
{
	enum ecert_rc rc = cover_all(p);
	enum xext_refusal why = refusal_of(p);
	uint8_t n = 0;

	if (rc != ECERT_OK)
		return rc;
	XML_PUT(answer, why);
	if (why != XEXT_GOOD)
		return ECERT_OK;
	for (size_t i = 0; i < p->l.n; i++)
		n = (uint8_t)(n + !xml_countersigned(&p->l, p->l.sig[i]));
	buf_u8(answer, n);
	for (size_t i = 0; rc == ECERT_OK && i < p->l.n; i++)
		if (!xml_countersigned(&p->l, p->l.sig[i]))
			rc = put_one(p, p->l.sig[i], answer);
	return rc == ECERT_OK ? buf_rc(answer) : rc;
}

enum ecert_rc xml_places(const struct wall_call *call, struct buf *answer)
{
	struct places *p;
	enum xml_state state;
	enum ecert_rc rc;

	if (call->inputs != 1 || !rd_empty(&call->request))
		return ECERT_E_ARG;
	p = calloc(1, sizeof *p);
	if (!p)
		return ECERT_E_MEMORY;
	p->file = call->input[0];
	buf_init(&p->l.octets.all, XML_OCTETS_MAX);
	rc = xml_tree_read(p->file, &p->l.t, &state);
	if (rc == ECERT_OK && state != XML_READ) {
		XML_PUT(answer, XEXT_BROKEN);
	} else if (rc == ECERT_OK) {
		xml_find_signatures(&p->l);
		rc = put_all(p, answer);
	}
	xml_octets_free(&p->l.octets);
	xml_tree_free(&p->l.t);
	free(p->covered);
	free(p);
	return rc;
}
