/* SPDX-License-Identifier: BSD-2-Clause */
/* References (XML Signature 1.1, 4.4.3): what each selects, and what is digested of it. */
#include <stdlib.h>
#include <string.h>

#include "document/xml/nodes/look.h"

/* One that is being put. */
struct aim {
	enum xml_reference state;
	enum xml_place place;
	uint8_t flags;
	uint32_t value_of, octets;
	xmlNode *top; /* NULL: the whole document */
	bool comments;
	struct buf unknown; /* a transform's name, or all of those outside */
};

/* xpointer(id('x')) with either quotes; the Id alone is left. */
static bool take_pointer(char *text)
{
	static const char begin[] = "xpointer(id(";
	size_t n = strlen(text), b = sizeof begin - 1;

	if (n < b + 4 || strncmp(text, begin, b) != 0 || strcmp(text + n - 2, "))") != 0 ||
	    (text[b] != '\'' && text[b] != '"') || text[n - 3] != text[b])
		return false;
	memmove(text, text + b + 1, n - b - 4);
	text[n - b - 4] = 0;
	return !strpbrk(text, "'\"");
}

/* 4.4.3.3. False: not in this document, or nowhere. */
static void aim_at(const struct xml_look *l, char *uri, struct aim *a)
{
	size_t found;

	a->state = XML_OCTETS;
	if (!*uri || !strcmp(uri, "#xpointer(/)")) {
		a->comments = *uri;
		return;
	}
	if (*uri != '#') {
		a->state = XML_OUTSIDE;
		return;
	}
	uri++;
	if (take_pointer(uri))
		a->comments = true;
	else if (strchr(uri, '('))
		a->state = XML_POINTER;
	if (a->state != XML_OCTETS)
		return;
	found = xml_find_id(&l->t, uri, &a->top);
	if (found != 1)
		a->state = found ? XML_DOUBLED : XML_NOT_THERE;
}

/* The element that this node is in, or is, among the children of the signature. */
static const xmlNode *part_of(const xmlNode *n, const xmlNode *signature)
{
	while (n && n->parent != signature)
		n = n->parent;
	return n;
}

static enum xml_place place_of(
    const struct xml_look *l, const struct xml_signature *s, struct aim *a)
{
	const xmlNode *part, *root = xmlDocGetRootElement(l->t.doc);

	if (!a->top || a->top == root)
		return root == s->node ? XML_OWN_OTHER : XML_WHOLE;
	if (xml_is(a->top, XMLN_DSIG, "SignatureValue") && a->top->parent != s->node) {
		a->value_of = xml_signature_number(l, a->top->parent);
		return a->value_of ? XML_VALUE : XML_ELEMENT;
	}
	if (!xml_is_in(&l->t, a->top, s->node))
		return XML_ELEMENT;
	if (a->top == s->signed_properties && s->state == XML_QUALIFIED)
		return XML_OWN_PROPERTIES;
	part = part_of(a->top, s->node);
	if (xml_is(part, XMLN_DSIG, "KeyInfo"))
		return XML_OWN_KEY;
	return xml_is(part, XMLN_DSIG, "Object") &&
		       !(s->properties && xml_is_in(&l->t, a->top, s->properties))
		   ? XML_OWN_OBJECT
		   : XML_OWN_OTHER;
}

/* What the transforms of a file outside are called. */
static void list_transforms(const xmlNode *list, struct aim *a)
{
	for (xmlNode *n = list ? list->children : NULL; n; n = n->next) {
		xmlChar *uri = xml_is(n, XMLN_DSIG, "Transform")
				   ? xmlGetNoNsProp(n, (const xmlChar *)"Algorithm")
				   : NULL;

		if (!uri)
			continue;
		if (buf_len(&a->unknown))
			buf_u8(&a->unknown, ' ');
		buf_str(&a->unknown, (const char *)uri);
		xmlFree(uri);
	}
}

static void one_step(struct xml_run *r, xmlNode *n, struct aim *a)
{
	xmlChar *uri = xmlGetNoNsProp(n, (const xmlChar *)"Algorithm");

	a->state = uri ? xml_run_step(r, (const char *)uri, n) : XML_TRANSFORM;
	if (uri && a->state != XML_OCTETS)
		buf_str(&a->unknown, (const char *)uri);
	xmlFree(uri);
}

/* The same transforms, by their names alone. */
static bool same_list(const xmlNode *a, const xmlNode *b)
{
	a = a ? xml_element(a->children) : NULL;
	b = b ? xml_element(b->children) : NULL;
	for (; a && b; a = xml_element(a->next), b = xml_element(b->next)) {
		xmlChar *x = xmlGetNoNsProp(a, (const xmlChar *)"Algorithm");
		xmlChar *y = xmlGetNoNsProp(b, (const xmlChar *)"Algorithm");
		bool same = x && xmlStrEqual(x, y) && !xml_element(a->children) &&
			    !xml_element(b->children) && xmlStrEqual(a->name, b->name);

		xmlFree(x);
		xmlFree(y);
		if (!same)
			return false;
	}
	return !a && !b;
}

/* Many references may be one: it is done once. */
static bool take_last(
    const struct xml_look *l, const struct xml_signature *s, const xmlNode *list, struct aim *a)
{
	const struct xml_last *last = &l->last;

	if (last->signature != s->node || last->top != a->top || last->comments != a->comments ||
	    last->state != XML_OCTETS || !same_list(last->list, list))
		return false;
	a->octets = last->octets;
	a->flags |= last->flags;
	return true;
}

static void transform(
    struct xml_look *l, struct xml_signature *s, const xmlNode *list, struct aim *a)
{
	struct xml_run r = {.doc = &l->t, .signature = s->node, .covered = s->covered};
	size_t steps = 0;

	if (xml_run_node(&r, a->top, a->comments) != ECERT_OK)
		a->state = XML_TOO_LARGE;
	for (xmlNode *n = list ? list->children : NULL; n && a->state == XML_OCTETS; n = n->next)
		if (xml_is(n, XMLN_DSIG, "Transform")) {
			if (steps++ == XML_TRANSFORMS_MAX)
				a->state = XML_TRANSFORM;
			else
				one_step(&r, n, a);
		}
	if (a->state == XML_OCTETS && r.is_set)
		r.flags |= XML_REF_NODES;
	if (a->state == XML_OCTETS)
		a->state = xml_run_end(&r);
	if (a->state == XML_OCTETS) {
		a->octets = xml_octets_add(&l->octets, buf_view(&r.octets));
		a->state = a->octets == XML_NO_NUMBER ? XML_TOO_LARGE : XML_OCTETS;
	}
	a->flags |= r.flags;
	xml_run_free(&r);
}

static void put_one(struct xml_look *l, struct xml_signature *s, const xmlNode *n, bool manifest,
    struct buf *out, struct aim *a)
{
	xmlChar *uri = xmlGetNoNsProp(n, (const xmlChar *)"URI");
	const xmlNode *list = xml_child(n, XMLN_DSIG, "Transforms");

	a->octets = XML_NO_NUMBER;
	a->flags = (uint8_t)((manifest ? XML_REF_MANIFEST : 0) | (uri ? 0 : XML_REF_NO_URI));
	buf_init(&a->unknown, 4096);
	if (uri)
		aim_at(l, (char *)uri, a);
	else
		a->state = XML_OUTSIDE;
	if (a->state == XML_OCTETS) {
		a->place = place_of(l, s, a);
		s->whole = s->whole || a->place == XML_WHOLE;
		if (!take_last(l, s, list, a)) {
			transform(l, s, list, a);
			l->last = (struct xml_last){list, a->top, s->node, a->comments, a->state,
			    (uint8_t)(a->flags & (XML_REF_CUT | XML_REF_EMPTY | XML_REF_NODES)),
			    a->octets};
		}
	} else if (a->state == XML_OUTSIDE) {
		list_transforms(list, a);
	}
	xmlFree(uri);
	if (a->flags & XML_REF_NODES && a->place == XML_OWN_PROPERTIES)
		s->own_selection = true;
	else if (a->flags & XML_REF_NODES)
		s->selections = true;
	XML_PUT(out, a->state);
	XML_PUT(out, a->place);
	buf_u8(out, a->flags);
	buf_u32(out, a->value_of);
	xml_put_attribute(out, n, "URI");
	xml_put_attribute(out, n, "Type");
	xml_put_attribute(out, xml_only(n, XMLN_DSIG, "DigestMethod"), "Algorithm");
	xml_put_content(out, xml_only(n, XMLN_DSIG, "DigestValue"));
	if (a->state == XML_OUTSIDE || a->place == XML_NOWHERE)
		xml_put(out, NULL);
	else
		xml_put_path(out, a->top ? a->top : xmlDocGetRootElement(l->t.doc));
	xml_put_rd(out, buf_view(&a->unknown));
	buf_u32(out, a->octets);
	buf_free(&a->unknown);
}

/* 5.1: what is signed is the list, and so what it names. */
static bool is_manifest(const xmlNode *reference, const struct aim *a)
{
	xmlChar *type = xmlGetNoNsProp(reference, (const xmlChar *)"Type");
	bool good = type && !strcmp((const char *)type, XMLN_TYPE_MANIFEST) &&
		    a->state == XML_OCTETS && xml_is(a->top, XMLN_DSIG, "Manifest");

	xmlFree(type);
	return good;
}

void xml_put_references(struct xml_look *l, struct xml_signature *s, const xmlNode *parent,
    bool manifest, struct buf *out, uint32_t *n)
{
	for (xmlNode *at = parent ? parent->children : NULL; at; at = at->next) {
		struct aim a = {.state = XML_OCTETS};

		if (!xml_is(at, XMLN_DSIG, "Reference"))
			continue;
		if (l->references == XML_REFERENCES_MAX) {
			l->more = true;
			return;
		}
		l->references++;
		if (!manifest && s->reference) {
			s->reference[s->named] = at;
			s->number[s->named++] = *n;
		}
		++*n;
		put_one(l, s, at, manifest, out, &a);
		if (!manifest && is_manifest(at, &a))
			xml_put_references(l, s, a.top, true, out, n);
	}
}
