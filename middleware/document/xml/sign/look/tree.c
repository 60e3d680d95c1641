/* SPDX-License-Identifier: BSD-2-Clause */
/* Parsed by libxml2: a document type was refused before, so that there are no entities, and nothing
 * is fetched. */
#include "document/xml/sign/look/tree.h"

#include <libxml/xmlerror.h>
#include <string.h>
#include <strings.h>

/* In these ASCII's characters are single bytes, and no others have such bytes in them; libxml2
 * reads them by itself. */
static bool is_plain(const xmlChar *encoding)
{
	const char *name = encoding ? (const char *)encoding : "UTF-8";
	xmlCharEncoding e = xmlParseCharEncoding(name);

	return e == XML_CHAR_ENCODING_UTF8 || e == XML_CHAR_ENCODING_8859_1 ||
	       !strcasecmp(name, "US-ASCII") || !strcasecmp(name, "ASCII");
}

static enum xsign_refusal refusal_of(const xmlParserCtxt *ctxt)
{
	int code = ctxt->lastError.code;

	if (code == XML_ERR_UNSUPPORTED_ENCODING || code == XML_ERR_UNKNOWN_ENCODING)
		return XSIGN_ENCODING;
	if (!ctxt->myDoc || !ctxt->wellFormed || !ctxt->nsWellFormed)
		return XSIGN_BROKEN;
	if (!is_plain(ctxt->encoding) || !is_plain(ctxt->myDoc->encoding))
		return XSIGN_ENCODING;
	return ctxt->myDoc->version && strcmp((const char *)ctxt->myDoc->version, "1.0") != 0
		   ? XSIGN_VERSION
		   : XSIGN_GOOD;
}

/* Nobody listens; codes are asked for. */
static void say_nothing(void *ctx, xmlErrorPtr error)
{
	(void)ctx;
	(void)error;
}

enum ecert_rc tree_read(struct rd file, xmlDoc **out, enum xsign_refusal *why)
{
	xmlParserCtxt *ctxt = xmlNewParserCtxt();

	*out = NULL;
	*why = XSIGN_GOOD;
	if (!ctxt)
		return ECERT_E_MEMORY;
	if (file.n > XSIGN_FILE_MAX + (64u << 10))
		return ECERT_E_TOO_LARGE;
	xmlSetStructuredErrorFunc(NULL, say_nothing);
	*out = xmlCtxtReadMemory(ctxt, (const char *)file.p, (int)file.n, NULL, NULL,
	    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_HUGE |
		XML_PARSE_COMPACT);
	if (ctxt->lastError.code == XML_ERR_NO_MEMORY)
		return ECERT_E_MEMORY;
	*why = *out ? XSIGN_GOOD : XSIGN_BROKEN;
	ctxt->myDoc = *out;
	*why = refusal_of(ctxt);
	ctxt->myDoc = NULL;
	xmlFreeParserCtxt(ctxt);
	return ECERT_OK;
}

bool tree_is(const xmlNode *n, const char *name, const char *ns)
{
	return n->type == XML_ELEMENT_NODE && n->ns && n->ns->href &&
	       !strcmp((const char *)n->name, name) && !strcmp((const char *)n->ns->href, ns);
}

static xmlNode *first_element(xmlNode *n)
{
	while (n && n->type != XML_ELEMENT_NODE)
		n = n->next;
	return n;
}

xmlNode *tree_next(const xmlNode *n, const xmlNode *top)
{
	xmlNode *next = first_element(n->children);

	while (!next && n != top) {
		next = first_element(n->next);
		n = n->parent;
	}
	return next;
}

xmlNode *tree_child(const xmlNode *n, const char *name, const char *ns)
{
	xmlNode *found = NULL;

	for (xmlNode *c = n ? n->children : NULL; c; c = c->next) {
		if (!tree_is(c, name, ns))
			continue;
		if (found)
			return NULL;
		found = c;
	}
	return found;
}

bool tree_holds(const xmlNode *n, const xmlNode *inner)
{
	while (inner && inner != n)
		inner = inner->parent;
	return inner;
}

size_t tree_before(const xmlNode *n)
{
	const xmlNode *root = xmlDocGetRootElement(n->doc);
	size_t before = 0;

	for (const xmlNode *e = root; e && e != n; e = tree_next(e, root))
		before++;
	return before;
}

static const char *value_of(const xmlAttr *a)
{
	const xmlNode *t = a->children;

	if (!t)
		return "";
	return !t->next && t->type == XML_TEXT_NODE
		   ? (const char *)t->content
		   : (const char *)xmlNodeListGetString(a->doc, a->children, 1);
}

const char *tree_attribute(const xmlNode *n, const char *name)
{
	const xmlAttr *a = n ? xmlHasNsProp(n, (const xmlChar *)name, NULL) : NULL;

	return a ? value_of(a) : NULL;
}

const char *tree_text(const xmlNode *n)
{
	return n ? (const char *)xmlNodeGetContent(n) : NULL;
}

/* As signatures name them (XML Signature 1.1, 4.4.3.2, and what is usual beside it). */
static bool is_id(const xmlAttr *a)
{
	const char *name = (const char *)a->name;
	bool xml = a->ns && a->ns->prefix && !strcmp((const char *)a->ns->prefix, "xml");

	return !strcmp(name, "Id") || (!a->ns && !strcmp(name, "ID")) ||
	       (xml && !strcmp(name, "id"));
}

const char *tree_id(const xmlNode *n, size_t i)
{
	for (const xmlAttr *a = n->properties; a; a = a->next)
		if (is_id(a) && !i--)
			return value_of(a);
	return NULL;
}

bool tree_may_be_called(const xmlNode *n, const char *id)
{
	for (const xmlAttr *a = n->properties; a; a = a->next)
		if (!strcasecmp((const char *)a->name, "id") && !strcmp(value_of(a), id))
			return true;
	return false;
}
