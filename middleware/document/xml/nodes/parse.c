/* SPDX-License-Identifier: BSD-2-Clause */
/* From bytes to a document by libxml2: no DTD, so no entities, and nothing is fetched. */
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdlib.h>
#include <string.h>

#include "document/xml/nodes/tree.h"

struct watch {
	enum xml_state state;
	uint32_t nodes;
};

static void say_nothing(void *ctx, const char *format, ...)
{
	(void)ctx;
	(void)format;
}

static void stop(xmlParserCtxt *ctxt, enum xml_state state)
{
	((struct watch *)ctxt->_private)->state = state;
	xmlStopParser(ctxt);
}

static void on_doctype(void *ctx, const xmlChar *name, const xmlChar *public, const xmlChar *system)
{
	(void)name;
	(void)public;
	(void)system;
	stop(ctx, XML_DOCTYPE);
}

static void on_element(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
    int namespaces, const xmlChar **ns, int attributes, int defaulted, const xmlChar **attr)
{
	xmlParserCtxt *ctxt = ctx;
	struct watch *w = ctxt->_private;

	w->nodes += 2 + (uint32_t)attributes + (uint32_t)namespaces;
	if (ctxt->nodeNr >= XML_DEPTH_MAX)
		stop(ctxt, XML_TOO_DEEP);
	else if (w->nodes > XML_NODES_MAX)
		stop(ctxt, XML_TOO_MANY);
	else
		xmlSAX2StartElementNs(
		    ctx, name, prefix, uri, namespaces, ns, attributes, defaulted, attr);
}

static xmlDoc *parse(struct rd xml, struct watch *w)
{
	xmlParserCtxt *ctxt = xmlNewParserCtxt();
	xmlDoc *doc;

	/* Nobody listens. */
	xmlSetGenericErrorFunc(NULL, say_nothing);
	if (!ctxt)
		return NULL;
	ctxt->_private = w;
	ctxt->sax->internalSubset = on_doctype;
	ctxt->sax->startElementNs = on_element;
	doc = xmlCtxtReadMemory(ctxt, (const char *)xml.p, (int)xml.n, NULL, NULL,
	    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA |
		XML_PARSE_HUGE);
	if (!doc && w->state == XML_READ)
		w->state = ctxt->errNo == XML_ERR_UNSUPPORTED_ENCODING ? XML_CHARSET : XML_BROKEN;
	/* Prefixes that are not declared are no error to the parser. */
	if (doc && w->state == XML_READ &&
	    (!ctxt->nsWellFormed || !xmlDocGetRootElement(doc) || doc->intSubset))
		w->state = XML_BROKEN;
	if (w->state != XML_READ) {
		xmlFreeDoc(doc);
		doc = NULL;
	}
	xmlFreeParserCtxt(ctxt);
	return doc;
}

/* ---- numbers ---- */
static uint32_t count(xmlDoc *doc)
{
	uint32_t n = 0;

	for (xmlNode *at = doc->children; at; at = xml_next(at, false)) {
		at->_private = (void *)(uintptr_t)n++;
		for (xmlAttr *a = at->type == XML_ELEMENT_NODE ? at->properties : NULL; a;
		     a = a->next)
			a->_private = (void *)(uintptr_t)n++;
	}
	return n;
}

static void find_last(struct xml_tree *t)
{
	uint32_t i = t->n;

	/* Each is the last below itself, and so below those that end with it. */
	while (i--)
		t->last[i] = i;
	for (xmlNode *at = t->doc->children; at; at = xml_next(at, false)) {
		xmlNode *next = at->type == XML_ELEMENT_NODE ? xml_next(at, true) : NULL;

		if (at->type == XML_ELEMENT_NODE)
			t->last[xml_number(at)] = next ? xml_number(next) - 1 : t->n - 1;
	}
}

/* ---- Ids ---- */
static bool is_id(const xmlAttr *a)
{
	/* In what namespace it may stand; NULL: none. The last ones are SAML 1.1's. */
	static const struct {
		const char *ns, *name;
	} names[] = {
	    {NULL, "Id"},
	    {NULL, "ID"},
	    {NULL, "id"},
	    {XMLN_XML, "id"},
	    {XMLN_WSU, "Id"},
	    {NULL, "AssertionID"},
	    {NULL, "ResponseID"},
	    {NULL, "RequestID"},
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (!strcmp((const char *)a->name, names[i].name) &&
		    (names[i].ns ? a->ns && !strcmp((const char *)a->ns->href, names[i].ns)
				 : !a->ns))
			return true;
	return false;
}

static int by_value(const void *a, const void *b)
{
	const struct xml_id *x = a, *y = b;
	int order = strcmp(x->value, y->value);
	uint32_t i = xml_number(x->of), k = xml_number(y->of);

	return order ? order : (i > k) - (i < k);
}

static bool add_id(struct xml_tree *t, size_t *room, xmlAttr *a)
{
	if (t->ids_n == *room) {
		size_t more = *room ? 2 * *room : 64;
		struct xml_id *ids = realloc(t->ids, more * sizeof *ids);

		if (!ids)
			return false;
		t->ids = ids;
		*room = more;
	}
	t->ids[t->ids_n].value = (const char *)xmlNodeListGetString(t->doc, a->children, 1);
	t->ids[t->ids_n].of = a->parent;
	if (t->ids[t->ids_n].value)
		t->ids_n++;
	return true;
}

static bool collect_ids(struct xml_tree *t)
{
	size_t room = 0;

	for (xmlNode *at = t->doc->children; at; at = xml_next(at, false))
		for (xmlAttr *a = at->type == XML_ELEMENT_NODE ? at->properties : NULL; a;
		     a = a->next)
			if (is_id(a) && !add_id(t, &room, a))
				return false;
	if (t->ids_n)
		qsort(t->ids, t->ids_n, sizeof *t->ids, by_value);
	return true;
}

enum ecert_rc xml_tree_read(struct rd xml, struct xml_tree *out, enum xml_state *state)
{
	struct watch w = {XML_READ, 0};

	memset(out, 0, sizeof *out);
	*state = XML_BROKEN;
	if (!xml.n)
		return ECERT_OK;
	if (xml.n > XML_FILE_MAX)
		return ECERT_E_TOO_LARGE;
	out->doc = parse(xml, &w);
	*state = w.state;
	if (!out->doc)
		return ECERT_OK;
	out->n = count(out->doc);
	out->last = calloc(out->n + 1u, sizeof *out->last);
	if (!out->last)
		return ECERT_E_MEMORY;
	find_last(out);
	return collect_ids(out) ? ECERT_OK : ECERT_E_MEMORY;
}

void xml_tree_free(struct xml_tree *t)
{
	for (size_t i = 0; i < t->ids_n; i++)
		xmlFree((void *)(uintptr_t)t->ids[i].value);
	free(t->ids);
	free(t->last);
	if (t->doc)
		xmlFreeDoc(t->doc);
	memset(t, 0, sizeof *t);
}
