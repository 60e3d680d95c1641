/* SPDX-License-Identifier: BSD-2-Clause */
/* What of the document a signature is not about. */
#include <string.h>

#include "document/xml/nodes/look.h"

struct gap {
	const struct xml_look *l;
	const struct xml_signature *s;
	uint32_t n;
	const xmlNode *first;
	bool left_out;
	uint32_t comments; /* beside text that is signed, and not signed themselves */
	const xmlNode *comment;
};

/* Where UBL keeps signatures (UBL 2.1, 5.3 and its signature methodology): nothing of the invoice.
 */
static bool is_place_of_signatures(const xmlNode *n)
{
	static const struct {
		const char *ns, *name;
	} names[] = {
	    {XMLN_UBL_CAC, "Signature"},
	    {XMLN_UBL_EXT, "ExtensionURI"},
	    {XMLN_UBL_CBC, "ID"},
	    {"urn:oasis:names:specification:ubl:schema:xsd:SignatureBasicComponents-2",
		"ReferencedSignatureID"},
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (!xml_is(n, names[i].ns, names[i].name))
			continue;
		/* Identifiers are everywhere; only beside a signature they are its own. */
		return !i || (xml_is(n->parent, XMLN_UBL_EXT, "UBLExtension") && i == 1) ||
		       (n->parent && xml_child(n->parent, XMLN_DSIG, "Signature"));
	}
	return false;
}

static bool is_covered(const struct gap *g, const void *n)
{
	return g->s->covered[xml_number(n)];
}

/* Something below it is covered, or a signature is there: it is around them. */
static bool is_around(const struct gap *g, const xmlNode *n)
{
	const xmlNode *sig = g->s->node;
	uint32_t from = xml_number(n), to = g->l->t.last[from];

	if (xml_is_in(&g->l->t, sig, n) || memchr(g->s->covered + from, 1, (size_t)to - from + 1))
		return true;
	for (size_t i = 0; i < g->l->n; i++)
		if (xml_is_in(&g->l->t, g->l->sig[i], n))
			return true;
	return false;
}

static void count(struct gap *g, const xmlNode *n)
{
	g->first = g->first ? g->first : n;
	g->n++;
}

/* Of an element that is around others: how it is called and typed says nothing to people. */
static bool is_content(const xmlAttr *a)
{
	static const char *const names[] = {
	    "Id", "ID", "id", "schemaLocation", "noNamespaceSchemaLocation"};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (!strcmp((const char *)a->name, names[i]))
			return false;
	return !a->ns || strcmp((const char *)a->ns->href, XMLN_XML) != 0;
}

static void count_around(struct gap *g, const xmlNode *n)
{
	bool bare = false;

	for (const xmlAttr *a = n->properties; a; a = a->next)
		bare = bare || (is_content(a) && !is_covered(g, a));
	for (const xmlNode *c = n->children; c; c = c->next)
		bare = bare ||
		       (c->type == XML_TEXT_NODE && !xmlIsBlankNode(c) && !is_covered(g, c));
	if (bare)
		count(g, n);
}

static void walk(struct gap *g, xmlNode *top)
{
	xmlNode *end = xml_next(top, true);

	for (xmlNode *n = top; n && n != end;) {
		bool skip = true;

		if (n->type != XML_ELEMENT_NODE || xml_is(n, XMLN_DSIG, "Signature") ||
		    n == g->s->properties) {
			/* text is its element's, and a signature speaks for itself */
		} else if (is_covered(g, n) || is_around(g, n)) {
			skip = false;
			count_around(g, n);
		} else if (g->s->whole && is_place_of_signatures(n)) {
			g->left_out = true;
		} else {
			count(g, n);
		}
		n = xml_next(n, skip);
	}
}

/* What the schemas of XML Signature (4.1) and XAdES (4.3) have in these places. */
static bool is_known(const struct gap *g, const xmlNode *n)
{
	static const char *const in_signature[] = {
	    "SignedInfo", "SignatureValue", "KeyInfo", "Object"};
	static const char *const in_properties[] = {"SignedProperties", "UnsignedProperties"};
	bool own = n->parent == g->s->properties;
	const char *const *names = own ? in_properties : in_signature;
	const char *ns = own ? (const char *)n->parent->ns->href : XMLN_DSIG;

	for (size_t i = 0; i < (own ? 2 : 4); i++)
		if (xml_is(n, ns, names[i]))
			return true;
	return false;
}

/* Whoever looks for an element anywhere finds it there, too. */
static void count_unknown(struct gap *g, const xmlNode *in)
{
	for (const xmlNode *n = in ? xml_element(in->children) : NULL; n; n = xml_element(n->next))
		if (!is_known(g, n))
			count(g, n);
	for (const xmlAttr *a = in ? in->properties : NULL; a; a = a->next)
		if (is_content(a) && strcmp((const char *)a->name, "Target") != 0)
			count(g, in);
}

static bool is_said(const xmlNode *n)
{
	return n && n->type == XML_TEXT_NODE && !xmlIsBlankNode(n);
}

/* Some programs take the first piece of a text alone that a comment stands in. */
static void count_comments(struct gap *g)
{
	for (xmlNode *n = xmlDocGetRootElement(g->l->t.doc); n; n = xml_next(n, false)) {
		if (n->type != XML_COMMENT_NODE || is_covered(g, n) || !n->parent ||
		    !is_covered(g, n->parent) || (!is_said(n->prev) && !is_said(n->next)))
			continue;
		g->comment = g->comment ? g->comment : n->parent;
		g->comments++;
	}
}

/* An Object in the signature itself is content, unless it holds what XAdES has there. */
static void look_at_objects(struct gap *g)
{
	for (xmlNode *n = g->s->node->children; n; n = n->next) {
		bool own = g->s->properties && g->s->properties->parent == n;

		if (!xml_is(n, XMLN_DSIG, "Object") || !n->children)
			continue;
		if (!own)
			walk(g, n);
		for (xmlNode *c = own ? xml_element(n->children) : NULL; c;
		     c = xml_element(c->next))
			walk(g, c);
	}
}

void xml_put_uncovered(const struct xml_look *l, const struct xml_signature *s, struct buf *out)
{
	struct gap g = {.l = l, .s = s};

	walk(&g, xmlDocGetRootElement(l->t.doc));
	look_at_objects(&g);
	count_unknown(&g, s->node);
	count_unknown(&g, s->properties);
	count_comments(&g);
	buf_u32(out, g.n);
	if (g.first)
		xml_put_path(out, g.first);
	else
		xml_put(out, NULL);
	buf_u8(out, g.left_out);
	buf_u32(out, g.comments);
	if (g.comment)
		xml_put_path(out, g.comment);
	else
		xml_put(out, NULL);
}
