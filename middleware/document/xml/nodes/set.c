/* SPDX-License-Identifier: BSD-2-Clause */
/* Sets of nodes, by their numbers. */
#include "document/xml/nodes/set.h"

#include <stdlib.h>
#include <string.h>

void xml_set_range(const struct xml_set *s, uint32_t *from, uint32_t *to)
{
	*from = s->top ? xml_number(s->top) : 0;
	*to = s->top ? s->t->last[*from] : s->t->n - 1;
}

static void drop_comments(struct xml_set *s)
{
	xmlNode *end = s->top ? xml_next(s->top, true) : NULL;

	for (xmlNode *n = s->top ? s->top : s->t->doc->children; n && n != end;
	     n = xml_next(n, false))
		if (n->type == XML_COMMENT_NODE)
			xml_drop(s, xml_number(n));
}

enum ecert_rc xml_set_of(const struct xml_tree *t, xmlNode *top, bool comments, struct xml_set *out)
{
	uint32_t from, to;

	*out = (struct xml_set){.t = t, .top = top};
	out->bits = calloc(t->n / 8 + 1, 1);
	if (!out->bits)
		return ECERT_E_MEMORY;
	xml_set_range(out, &from, &to);
	for (uint32_t i = from; i <= to;) {
		if (!(i & 7) && to - i >= 8) {
			size_t bytes = (to - i) / 8;

			memset(out->bits + (i >> 3), 0xFF, bytes);
			i += (uint32_t)(8 * bytes);
			continue;
		}
		out->bits[i >> 3] |= (uint8_t)(1u << (i & 7));
		i++;
	}
	if (!comments)
		drop_comments(out);
	return ECERT_OK;
}

void xml_set_free(struct xml_set *s)
{
	for (size_t i = 0; i < s->conds; i++) {
		xmlXPathFreeCompExpr(s->cond[i].expr);
		xmlXPathFreeContext(s->cond[i].ctx);
	}
	free(s->bits);
	*s = (struct xml_set){.t = NULL};
}

void xml_set_without(struct xml_set *s, const xmlNode *n)
{
	uint32_t from = xml_number(n);

	for (uint32_t i = from; i <= s->t->last[from]; i++)
		xml_drop(s, i);
}

bool xml_set_has_ns(const struct xml_set *s, const xmlNs *ns, const xmlNode *element)
{
	bool in = xml_has(s, xml_number(element));

	for (size_t i = 0; in && i < s->conds; i++) {
		/* As libxml2 has namespaces in its own sets: next is the element. */
		xmlNs at = *ns;

		at.next = (xmlNs *)(uintptr_t)element;
		s->cond[i].ctx->node = (xmlNode *)&at;
		in = xmlXPathCompiledEvalToBoolean(s->cond[i].expr, s->cond[i].ctx) == 1;
	}
	return in;
}

void xml_set_text(const struct xml_set *s, struct buf *out)
{
	xmlNode *end = s->top ? xml_next(s->top, true) : NULL;

	for (xmlNode *n = s->top ? s->top : s->t->doc->children; n && n != end;
	     n = xml_next(n, false))
		if ((n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE) && n->content &&
		    xml_has(s, xml_number(n)))
			buf_str(out, (const char *)n->content);
}
