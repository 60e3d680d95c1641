/* SPDX-License-Identifier: BSD-2-Clause */
/* XPath transforms by libxml2: expressions of the signer's, with nothing to call but what XPath
 * itself has, and here(). */
#include <libxml/xpathInternals.h>
#include <stdlib.h>
#include <string.h>

#include "document/xml/nodes/set.h"

#define EXPRESSION_MAX 65536
#define STEPS_MAX      64

/* XML Signature 1.1, 6.6.3: the element that the expression stands in. */
static void here(xmlXPathParserContext *p, int n)
{
	if (n) {
		xmlXPathSetArityError(p);
		return;
	}
	valuePush(p, xmlXPathNewNodeSet(p->context->userData));
}

static void quiet(void *ctx, xmlError *error)
{
	(void)ctx;
	(void)error;
}

/* With the namespaces that are in scope where it stands. */
static bool prepare(const struct xml_set *s, xmlNode *element, struct xml_condition *out)
{
	xmlChar *text = xmlNodeGetContent(element);
	xmlNs **ns = xmlGetNsList(element->doc, element);
	bool good = text && strlen((const char *)text) <= EXPRESSION_MAX;

	*out = (struct xml_condition){NULL, NULL};
	out->ctx = good ? xmlXPathNewContext(s->t->doc) : NULL;
	good = out->ctx;
	if (good) {
		out->ctx->error = quiet;
		out->ctx->userData = element;
		good = !xmlXPathRegisterFunc(out->ctx, (const xmlChar *)"here", here);
	}
	for (size_t i = 0; good && ns && ns[i]; i++)
		good = !ns[i]->prefix || !xmlXPathRegisterNs(out->ctx, ns[i]->prefix, ns[i]->href);
	if (good)
		out->expr = xmlXPathCtxtCompile(out->ctx, text);
	xmlFree(ns);
	xmlFree(text);
	return good && out->expr;
}

static void forget(struct xml_condition *c)
{
	xmlXPathFreeCompExpr(c->expr);
	xmlXPathFreeContext(c->ctx);
}

/* False: it has no answer. */
static bool ask(const struct xml_condition *c, void *node, struct xml_set *s)
{
	uint32_t i = xml_number(node);
	int said;

	if (!xml_has(s, i))
		return true;
	c->ctx->node = node;
	said = xmlXPathCompiledEvalToBoolean(c->expr, c->ctx);
	if (!said)
		xml_drop(s, i);
	return said >= 0;
}

bool xml_set_xpath(struct xml_set *s, xmlNode *transform)
{
	xmlNode *element = xml_only(transform, XMLN_DSIG, "XPath");
	xmlNode *end = s->top ? xml_next(s->top, true) : NULL;
	struct xml_condition c;

	if (!element || s->conds == XML_CONDITIONS_MAX)
		return false;
	if (!prepare(s, element, &c)) {
		forget(&c);
		return false;
	}
	s->cond[s->conds++] = c;
	for (xmlNode *n = s->top ? s->top : s->t->doc->children; n && n != end;
	     n = xml_next(n, false)) {
		if (!ask(&c, n, s))
			return false;
		for (xmlAttr *a = n->type == XML_ELEMENT_NODE ? n->properties : NULL; a;
		     a = a->next)
			if (!ask(&c, a, s))
				return false;
	}
	return true;
}

/* ---- filter 2.0 ---- */
/* in: of each number whether it is in; f: the filter's set so far. */
static bool mark(const struct xml_set *s, const xmlNodeSet *found, uint8_t *in)
{
	memset(in, 0, s->t->n);
	for (int i = 0; found && i < found->nodeNr; i++) {
		xmlNode *n = found->nodeTab[i];
		uint32_t from, to;

		if (n->type == XML_NAMESPACE_DECL)
			return false;
		from = n->type == XML_DOCUMENT_NODE ? 0 : xml_number(n);
		to = n->type == XML_DOCUMENT_NODE  ? s->t->n - 1
		     : n->type == XML_ELEMENT_NODE ? s->t->last[from]
						   : from;
		/* What begins inside of one that was marked whole is marked already. */
		if (!in[from] || !in[to])
			memset(in + from, 1, to - from + 1u);
	}
	return true;
}

static bool apply(const struct xml_set *s, xmlNode *element, uint8_t *f, uint8_t *in)
{
	xmlChar *how = xmlGetNoNsProp(element, (const xmlChar *)"Filter");
	struct xml_condition c;
	xmlXPathObject *got = NULL;
	bool good = how && prepare(s, element, &c), all, out;

	if (!how)
		return false;
	all = !strcmp((const char *)how, "union");
	out = !strcmp((const char *)how, "subtract");
	good = good && (all || out || !strcmp((const char *)how, "intersect"));
	if (good) {
		c.ctx->node = (xmlNode *)s->t->doc;
		got = xmlXPathCompiledEval(c.expr, c.ctx);
	}
	good = good && got && got->type == XPATH_NODESET && mark(s, got->nodesetval, in);
	for (uint32_t i = 0; good && i < s->t->n; i++)
		f[i] = all ? f[i] || in[i] : f[i] && (bool)in[i] != out;
	xmlXPathFreeObject(got);
	forget(&c);
	xmlFree(how);
	return good;
}

bool xml_set_filter2(struct xml_set *s, xmlNode *transform)
{
	uint8_t *f = malloc(s->t->n + 1u), *in = malloc(s->t->n + 1u);
	size_t steps = 0;
	bool good = f && in;

	/* At first all of the document. */
	if (good)
		memset(f, 1, s->t->n);
	for (xmlNode *n = transform->children; good && n; n = n->next)
		if (xml_is(n, XMLN_XPATH2, "XPath"))
			good = steps++ < STEPS_MAX && apply(s, n, f, in);
	for (uint32_t i = 0; good && i < s->t->n; i++)
		if (!f[i])
			xml_drop(s, i);
	free(f);
	free(in);
	return good && steps;
}
