/* SPDX-License-Identifier: BSD-2-Clause */
/* Transforms of references (XML Signature 1.1, 6.6). XSLT is a program, and never run. */
#include "document/xml/nodes/transform.h"

#include <string.h>

enum ecert_rc xml_run_node(struct xml_run *r, xmlNode *top, bool comments)
{
	r->is_set = true;
	buf_init(&r->octets, XML_OCTETS_MAX);
	return xml_set_of(r->doc, top, comments, &r->set);
}

void xml_run_octets(struct xml_run *r, struct rd octets)
{
	buf_init(&r->octets, XML_OCTETS_MAX);
	buf_rd(&r->octets, octets);
}

void xml_run_free(struct xml_run *r)
{
	xml_set_free(&r->set);
	xml_tree_free(&r->again);
	buf_free(&r->octets);
}

static bool is_blank(const xmlNode *n)
{
	return n->type == XML_TEXT_NODE && xmlIsBlankNode(n);
}

static bool says_something(const xmlNode *n)
{
	return n->type == XML_ELEMENT_NODE || (n->type == XML_TEXT_NODE && !is_blank(n));
}

static void note_one(struct xml_run *r, const void *node, bool counts, bool *any)
{
	uint32_t i = xml_number(node);

	if (!xml_has(&r->set, i)) {
		r->flags |= counts ? XML_REF_CUT : 0;
		return;
	}
	*any = true;
	if (r->covered)
		r->covered[i] = 1;
}

/* What of the document goes in. Signatures may be left out without a word. */
static void note(struct xml_run *r, bool comments)
{
	xmlNode *top = r->set.top, *end = top ? xml_next(top, true) : NULL;
	bool any = false;

	if (r->set.t != r->doc)
		return;
	for (xmlNode *n = top ? top : r->doc->doc->children; n && n != end;) {
		bool out = xml_is(n, XMLN_DSIG, "Signature") && !xml_has(&r->set, xml_number(n));

		if (!out && (comments || n->type != XML_COMMENT_NODE))
			note_one(r, n, says_something(n), &any);
		for (xmlAttr *a = n->type == XML_ELEMENT_NODE && !out ? n->properties : NULL; a;
		     a = a->next)
			note_one(r, a, true, &any);
		n = xml_next(n, out);
	}
	r->flags |= any ? 0 : XML_REF_EMPTY;
}

static enum xml_reference as_octets(struct xml_run *r, const struct xml_canon *c)
{
	struct buf out = BUF_INIT(XML_OCTETS_MAX);
	bool good;

	note(r, c->comments);
	good = xml_canon_put(&r->set, c, &out);
	xml_set_free(&r->set);
	r->is_set = false;
	buf_free(&r->octets);
	r->octets = out;
	return good ? XML_OCTETS : buf_rc(&out) != ECERT_OK ? XML_TOO_LARGE : XML_UNDONE;
}

/* XML Signature 1.1, 4.4.3.2: octets where nodes are wanted are read as XML, with comments. */
static enum xml_reference as_set(struct xml_run *r)
{
	enum xml_state state;
	enum ecert_rc rc;

	if (r->is_set)
		return XML_OCTETS;
	xml_tree_free(&r->again);
	rc = xml_tree_read(buf_view(&r->octets), &r->again, &state);
	if (rc == ECERT_OK && state == XML_READ)
		rc = xml_set_of(&r->again, NULL, true, &r->set);
	r->is_set = rc == ECERT_OK && state == XML_READ;
	return r->is_set ? XML_OCTETS : XML_UNDONE;
}

static int value_of(uint8_t c)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* RFC 2045, 6.8, as XML has it: blanks anywhere, nothing else that is no digit. */
static bool decode(struct rd text, struct buf *out)
{
	uint32_t bits = 0;
	unsigned have = 0;
	size_t i = 0;

	for (; i < text.n && text.p[i] != '='; i++) {
		int v = value_of(text.p[i]);

		if (v < 0 && !strchr(" \t\r\n", text.p[i]))
			return false;
		if (v < 0)
			continue;
		bits = bits << 6 | (uint32_t)v;
		have += 6;
		if (have >= 8) {
			have -= 8;
			buf_u8(out, (uint8_t)(bits >> have));
		}
	}
	for (; i < text.n; i++)
		if (!text.p[i] || !strchr("= \t\r\n", text.p[i]))
			return false;
	return have < 6 && buf_rc(out) == ECERT_OK;
}

static enum xml_reference from_base64(struct xml_run *r)
{
	struct buf out = BUF_INIT(XML_OCTETS_MAX);
	bool good;

	if (r->is_set) {
		note(r, false);
		buf_reset(&r->octets);
		xml_set_text(&r->set, &r->octets);
		xml_set_free(&r->set);
		r->is_set = false;
	}
	good = buf_rc(&r->octets) == ECERT_OK && decode(buf_view(&r->octets), &out);
	buf_free(&r->octets);
	r->octets = out;
	return good ? XML_OCTETS : XML_UNDONE;
}

static enum xml_reference canonical(struct xml_run *r, const struct xml_canon *c)
{
	enum xml_reference state = as_set(r);

	return state == XML_OCTETS ? as_octets(r, c) : state;
}

static enum xml_reference filter(
    struct xml_run *r, xmlNode *element, bool (*how)(struct xml_set *s, xmlNode *transform))
{
	enum xml_reference state = as_set(r);

	if (state != XML_OCTETS)
		return state;
	return element && how(&r->set, element) ? XML_OCTETS : XML_UNDONE;
}

enum xml_reference xml_run_step(struct xml_run *r, const char *uri, xmlNode *element)
{
	enum xml_reference state = XML_TRANSFORM;
	struct xml_canon c;

	if (xml_canon_named(uri, element, &c)) {
		state = canonical(r, &c);
	} else if (!strcmp(uri, XMLN_ENVELOPED)) {
		/* 6.6.4: only of the document that the signature is in. */
		state = r->is_set && r->signature && r->set.t == r->doc ? XML_OCTETS : XML_UNDONE;
		if (state == XML_OCTETS)
			xml_set_without(&r->set, r->signature);
	} else if (!strcmp(uri, XMLN_BASE64)) {
		state = from_base64(r);
	} else if (!strcmp(uri, XMLN_XPATH)) {
		state = filter(r, element, xml_set_xpath);
	} else if (!strcmp(uri, XMLN_XPATH2)) {
		state = filter(r, element, xml_set_filter2);
	}
	xml_canon_free(&c);
	return state;
}

enum xml_reference xml_run_end(struct xml_run *r)
{
	struct xml_canon c;
	enum xml_reference state = XML_UNDONE;

	if (!r->is_set)
		return XML_OCTETS;
	if (xml_canon_named(XMLN_C14N10, NULL, &c))
		state = as_octets(r, &c);
	xml_canon_free(&c);
	return state;
}
