/* SPDX-License-Identifier: BSD-2-Clause */
/* Canonicalization by libxml2. */
#include "document/xml/nodes/canon.h"

#include <libxml/c14n.h>
#include <stdlib.h>
#include <string.h>

#define PREFIXES_MAX 1000

static const struct {
	const char *uri;
	int mode;
	bool comments;
} rows[] = {
    {XMLN_C14N10, XML_C14N_1_0, false},
    {XMLN_C14N10_COMMENTS, XML_C14N_1_0, true},
    {XMLN_C14N11, XML_C14N_1_1, false},
    {XMLN_C14N11_COMMENTS, XML_C14N_1_1, true},
    {XMLN_EXC, XML_C14N_EXCLUSIVE_1_0, false},
    {XMLN_EXC_COMMENTS, XML_C14N_EXCLUSIVE_1_0, true},
};

/* Words between blanks; "#default" is libxml2's own word, too. */
static bool cut(struct xml_canon *c)
{
	static const char blanks[] = " \t\r\n";
	char *save = NULL;
	size_t n = 0;

	c->prefixes = calloc(PREFIXES_MAX + 1, sizeof *c->prefixes);
	for (char *w = c->prefixes ? strtok_r((char *)c->list, blanks, &save) : NULL;
	     w && n < PREFIXES_MAX; w = strtok_r(NULL, blanks, &save))
		c->prefixes[n++] = (xmlChar *)w;
	return c->prefixes;
}

bool xml_canon_named(const char *uri, const xmlNode *element, struct xml_canon *out)
{
	xmlNode *inclusive = xml_child(element, XMLN_EXC_C14N, "InclusiveNamespaces");
	bool good = false;

	*out = (struct xml_canon){.mode = 0};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0] && !good; i++) {
		good = !strcmp(uri, rows[i].uri);
		out->mode = rows[i].mode;
		out->comments = rows[i].comments;
	}
	if (good && inclusive && out->mode == XML_C14N_EXCLUSIVE_1_0)
		out->list = xmlGetNoNsProp(inclusive, (const xmlChar *)"PrefixList");
	return good && (!out->list || cut(out));
}

void xml_canon_free(struct xml_canon *c)
{
	free(c->prefixes);
	xmlFree(c->list);
	*c = (struct xml_canon){.mode = 0};
}

static int is_visible(void *ctx, xmlNode *n, xmlNode *parent)
{
	const struct xml_set *s = ctx;

	if (n->type == XML_NAMESPACE_DECL)
		return xml_set_has_ns(s, (const xmlNs *)n, parent);
	return n->type == XML_DOCUMENT_NODE || xml_has(s, xml_number(n));
}

static int write_part(void *ctx, const char *part, int n)
{
	struct buf *out = ctx;

	buf_put(out, part, (size_t)n);
	return buf_rc(out) == ECERT_OK ? n : -1;
}

bool xml_canon_put(const struct xml_set *s, const struct xml_canon *c, struct buf *out)
{
	xmlOutputBuffer *o = xmlOutputBufferCreateIO(write_part, NULL, out, NULL);
	xmlDoc part = *s->t->doc, *doc = s->t->doc;
	xmlNode *top = s->top, *next = top ? top->next : NULL;
	int done;

	if (!o)
		return false;
	/* Only what is selected is walked through, as if it were all that there is: its ancestors
	 * stay in reach for what it inherits. Expressions look at everything around them. */
	if (top && !s->conds) {
		part.children = part.last = top;
		doc = &part;
		top->next = NULL;
	}
	done = xmlC14NExecute(
	    doc, is_visible, (void *)(uintptr_t)s, c->mode, c->prefixes, c->comments, o);
	if (top)
		top->next = next;
	return xmlOutputBufferClose(o) >= 0 && done >= 0 && buf_rc(out) == ECERT_OK;
}

bool xml_canon_element(
    const struct xml_tree *t, xmlNode *n, const xmlNode *method, bool *known, struct buf *out)
{
	xmlChar *uri = method ? xmlGetNoNsProp(method, (const xmlChar *)"Algorithm") : NULL;
	struct xml_canon c = {.mode = 0};
	struct xml_set s = {.t = NULL};
	/* A time stamp that names none means the first one (TS 101 903, 7.1.4.3). */
	bool good;

	*known = xml_canon_named(uri ? (const char *)uri : XMLN_C14N10, method, &c);
	good = *known && xml_set_of(t, n, true, &s) == ECERT_OK && xml_canon_put(&s, &c, out);
	xml_set_free(&s);
	xml_canon_free(&c);
	xmlFree(uri);
	return good;
}
