/* SPDX-License-Identifier: BSD-2-Clause */
/* Finding one's way in a document. */
#include "document/xml/nodes/tree.h"

#include <stdio.h>
#include <string.h>

xmlNode *xml_next(xmlNode *n, bool skip)
{
	if (!skip && n->type == XML_ELEMENT_NODE && n->children)
		return n->children;
	while (n && !n->next) {
		n = n->parent;
		if (!n || n->type != XML_ELEMENT_NODE)
			return NULL;
	}
	return n ? n->next : NULL;
}

bool xml_is_in(const struct xml_tree *t, const xmlNode *n, const xmlNode *top)
{
	uint32_t at = xml_number(n), from = xml_number(top);

	return at >= from && at <= t->last[from];
}

size_t xml_find_id(const struct xml_tree *t, const char *value, xmlNode **of)
{
	size_t low = 0, high = t->ids_n, n = 0;

	*of = NULL;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(t->ids[mid].value, value) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	/* One element may say it twice, as Id and as xml:id. */
	for (xmlNode *last = NULL; low < t->ids_n && !strcmp(t->ids[low].value, value); low++) {
		*of = *of ? *of : t->ids[low].of;
		n += t->ids[low].of != last;
		last = t->ids[low].of;
	}
	return n;
}

bool xml_is(const xmlNode *n, const char *ns, const char *name)
{
	return n && n->type == XML_ELEMENT_NODE && n->ns && n->ns->href &&
	       !strcmp((const char *)n->name, name) && !strcmp((const char *)n->ns->href, ns);
}

xmlNode *xml_child(const xmlNode *parent, const char *ns, const char *name)
{
	for (xmlNode *n = parent ? parent->children : NULL; n; n = n->next)
		if (xml_is(n, ns, name))
			return n;
	return NULL;
}

xmlNode *xml_only(const xmlNode *parent, const char *ns, const char *name)
{
	xmlNode *first = xml_child(parent, ns, name);

	for (xmlNode *n = first ? first->next : NULL; n; n = n->next)
		if (xml_is(n, ns, name))
			return NULL;
	return first;
}

xmlNode *xml_element(xmlNode *n)
{
	while (n && n->type != XML_ELEMENT_NODE)
		n = n->next;
	return n;
}

void xml_put_rd(struct buf *out, struct rd bytes)
{
	buf_u32(out, (uint32_t)bytes.n);
	buf_rd(out, bytes);
}

void xml_put(struct buf *out, const void *text)
{
	xml_put_rd(out, rd_of(text, text ? strlen(text) : 0));
}

void xml_put_content(struct buf *out, const xmlNode *n)
{
	xmlChar *text = n ? xmlNodeGetContent(n) : NULL;

	xml_put(out, text);
	xmlFree(text);
}

void xml_put_attribute(struct buf *out, const xmlNode *n, const char *name)
{
	xmlChar *v = n ? xmlGetNoNsProp(n, (const xmlChar *)name) : NULL;

	xml_put(out, v);
	xmlFree(v);
}

static bool same_name(const xmlNode *a, const xmlNode *b)
{
	return b->type == XML_ELEMENT_NODE && xmlStrEqual(a->name, b->name) &&
	       xmlStrEqual(a->ns ? a->ns->href : NULL, b->ns ? b->ns->href : NULL);
}

/* "/cac:Party[2]"; without a number where it is the only one. */
static void put_step(struct buf *out, const xmlNode *n)
{
	size_t before = 0, after = 0;

	for (const xmlNode *s = n->prev; s && before < 10000; s = s->prev)
		before += same_name(n, s);
	for (const xmlNode *s = n->next; s && !after; s = s->next)
		after += same_name(n, s);
	buf_u8(out, '/');
	if (n->ns && n->ns->prefix) {
		buf_str(out, (const char *)n->ns->prefix);
		buf_u8(out, ':');
	}
	buf_str(out, (const char *)n->name);
	if (before || after) {
		char number[24];

		(void)snprintf(number, sizeof number, "[%zu]", before + 1);
		buf_str(out, number);
	}
}

void xml_put_path(struct buf *out, const xmlNode *n)
{
	const xmlNode *step[XML_DEPTH_MAX + 1];
	struct buf path = BUF_INIT(XML_PATH_MAX), one = BUF_INIT(XML_PATH_MAX / 4);
	size_t depth = 0, cut = 0;

	for (; n && n->type == XML_ELEMENT_NODE && depth <= XML_DEPTH_MAX; n = n->parent)
		step[depth++] = n;
	/* The beginning and the end say the most. */
	cut = depth > 12 ? depth - 12 : 0;
	for (size_t i = depth; i-- > 0;) {
		if (cut && i == depth - 5) {
			buf_str(&path, "/…");
			i -= cut - 1;
			continue;
		}
		put_step(&one, step[i]);
		if (buf_rc(&one) == ECERT_OK && buf_len(&path) + buf_len(&one) + 8 <= XML_PATH_MAX)
			buf_rd(&path, buf_view(&one));
		else if (buf_len(&path) + 8 <= XML_PATH_MAX)
			buf_str(&path, "/…");
		buf_reset(&one);
	}
	xml_put_rd(out, buf_view(&path));
	buf_free(&path);
	buf_free(&one);
}
