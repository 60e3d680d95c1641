/* SPDX-License-Identifier: BSD-2-Clause */
/* What a signature leaves out is known by the few expressions that everybody writes; with any other
 * it counts as covering all. */
#include "document/xml/sign/look/there.h"

#include <stdlib.h>
#include <string.h>

#include "document/xml/names.h"
#include "document/xml/sign/look/canon.h"

/* ---- Ids ---- */
static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum ecert_rc there_same_ids(xmlDoc *doc, bool *same)
{
	xmlNode *root = xmlDocGetRootElement(doc);
	size_t n = 0, cap = 64;
	const char **ids = calloc(cap, sizeof *ids), *id;

	*same = false;
	for (xmlNode *e = root; ids && e; e = tree_next(e, root))
		for (size_t i = 0; ids && (id = tree_id(e, i)); i++) {
			if (n == cap) {
				const char **more = reallocarray(ids, cap *= 2, sizeof *ids);

				if (!more)
					free(ids);
				ids = more;
			}
			if (ids)
				ids[n++] = id;
		}
	if (!ids)
		return ECERT_E_MEMORY;
	qsort(ids, n, sizeof *ids, by_text);
	for (size_t i = 1; i < n; i++)
		*same = *same || !strcmp(ids[i - 1], ids[i]);
	free(ids);
	return ECERT_OK;
}

/* ---- what a reference leaves out ---- */
#define TEXT_MAX 512

/* Without blanks; false: it is too long to be one of the usual ones. */
static bool squeeze(const char *text, char out[TEXT_MAX])
{
	size_t n = 0;

	for (; text && *text; text++) {
		if (strchr(" \t\r\n", *text))
			continue;
		if (n + 1 >= TEXT_MAX)
			return false;
		out[n++] = *text;
	}
	out[n] = 0;
	return n;
}

/* A name of this namespace at the front of *text, whatever its prefix; *text moves behind it. */
static bool takes_name(xmlNode *at, const char **text, const char *name, const char *ns)
{
	size_t n = strcspn(*text, ":()[]|/>@=' ");
	char prefix[64] = "";
	const xmlNs *found;

	if ((*text)[n] != ':' || n >= sizeof prefix)
		return false;
	memcpy(prefix, *text, n);
	found = xmlSearchNs(at->doc, at, (const xmlChar *)prefix);
	*text += n + 1;
	n = strlen(name);
	if (!found || strcmp((const char *)found->href, ns) != 0 || strncmp(*text, name, n) != 0)
		return false;
	*text += n;
	return true;
}

/* The whole text is these words, with the name wherever one ends but the last. */
static bool is_said(xmlNode *at, const char *text, const char *const *words, size_t n,
    const char *name, const char *ns)
{
	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(words[i]);

		if (strncmp(text, words[i], len) != 0)
			return false;
		text += len;
		if (i + 1 < n && !takes_name(at, &text, name, ns))
			return false;
	}
	return !*text;
}

static bool leaves_out(
    xmlNode *xpath, const char *text, bool filter2, const char *name, const char *ns)
{
	static const char *const not_in[] = {"not(ancestor-or-self::", ")"},
				 *const below[] = {"/descendant::", ""},
				 *const anywhere[] = {"//", ""},
				 *const counted[] = {"count(ancestor-or-self::",
				     "|here()/ancestor::", "[1])>count(ancestor-or-self::", ")"};

	if (filter2)
		return is_said(xpath, text, below, 2, name, ns) ||
		       is_said(xpath, text, anywhere, 2, name, ns);
	return is_said(xpath, text, not_in, 2, name, ns) ||
	       is_said(xpath, text, counted, 4, name, ns);
}

/* Whether this transform leaves out what is put at this place. */
static bool leaves_place_out(xmlNode *transform, enum xsign_place place)
{
	const char *filter, *said;
	char text[TEXT_MAX];
	xmlNode *xpath = tree_child(transform, "XPath", XMLN_DSIG);
	bool filter2 = !xpath, short_enough;

	if (filter2)
		xpath = tree_child(transform, "XPath", XMLN_XPATH2);
	said = tree_text(xpath);
	short_enough = said && squeeze(said, text);
	xmlFree((void *)(uintptr_t)said);
	if (!short_enough)
		return false;
	filter = tree_attribute(xpath, "Filter");
	if (filter2 && (!filter || strcmp(filter, "subtract") != 0))
		return false;
	if (place == XSIGN_AT_END)
		return leaves_out(xpath, text, filter2, "Signature", XMLN_DSIG);
	return place == XSIGN_UBL_SIGNATURES &&
	       leaves_out(xpath, text, filter2, "UBLDocumentSignatures", XMLN_UBL_SIG);
}

/* Something that has this element in it is called so. */
static bool is_around(const char *id, xmlNode *in)
{
	for (xmlNode *e = in; e && e->type == XML_ELEMENT_NODE; e = e->parent)
		if (tree_may_be_called(e, id))
			return true;
	return false;
}

static bool breaks(xmlNode *reference, xmlNode *in, enum xsign_place place)
{
	const char *uri = tree_attribute(reference, "URI");
	xmlNode *transforms = tree_child(reference, "Transforms", XMLN_DSIG);

	/* Another file, or nobody knows what. */
	if (!uri || (*uri && *uri != '#'))
		return false;
	if (*uri == '#' && strncmp(uri, "#xpointer(", 10) != 0 && !is_around(uri + 1, in))
		return false;
	for (xmlNode *t = transforms ? transforms->children : NULL; t; t = t->next)
		if (tree_is(t, "Transform", XMLN_DSIG) && leaves_place_out(t, place))
			return false;
	return true;
}

bool there_would_break(xmlDoc *doc, xmlNode *in, enum xsign_place place)
{
	xmlNode *root = xmlDocGetRootElement(doc);

	for (xmlNode *s = root; s; s = tree_next(s, root)) {
		xmlNode *info = tree_is(s, "Signature", XMLN_DSIG)
				    ? tree_child(s, "SignedInfo", XMLN_DSIG)
				    : NULL;

		for (xmlNode *r = info ? info->children : NULL; r; r = r->next)
			if (tree_is(r, "Reference", XMLN_DSIG) && breaks(r, in, place))
				return true;
	}
	return false;
}

/* ---- what a later one refers to ---- */
/* As a fragment of a URI it needs no escapes, and nobody reads it otherwise. */
static bool is_plain_id(const char *id)
{
	size_t n = id ? strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				   "0123456789-._")
		      : 0;

	return n && n <= XSIGN_ID_MAX && !id[n];
}

static enum ecert_rc put_value(xmlNode *value, struct buf *values, uint16_t *n)
{
	const char *id = value ? tree_attribute(value, "Id") : NULL;
	struct buf form = BUF_INIT(1u << 20);
	enum ecert_rc rc;

	if (!is_plain_id(id))
		return ECERT_OK;
	rc = canon_of(value, &form);
	buf_u16(values, (uint16_t)strlen(id));
	buf_str(values, id);
	buf_u32(values, (uint32_t)buf_len(&form));
	buf_rd(values, buf_view(&form));
	++*n;
	buf_free(&form);
	return rc;
}

enum ecert_rc there_values(xmlDoc *doc, uint8_t *count, struct buf *values)
{
	xmlNode *root = xmlDocGetRootElement(doc), *next;
	struct buf list = BUF_INIT(4u << 20);
	uint16_t n = 0;
	enum ecert_rc rc = ECERT_OK;

	*count = 0;
	for (xmlNode *e = root; rc == ECERT_OK && e; e = next) {
		next = tree_next(e, root);
		if (!tree_is(e, "Signature", XMLN_DSIG))
			continue;
		if (++*count > XSIGN_SIGNATURES_MAX)
			rc = ECERT_E_TOO_LARGE;
		if (rc == ECERT_OK)
			rc = put_value(tree_child(e, "SignatureValue", XMLN_DSIG), &list, &n);
		/* Behind all that is in it. */
		while (next && tree_holds(e, next))
			next = tree_next(next, root);
	}
	buf_u16(values, n);
	buf_rd(values, buf_view(&list));
	if (rc == ECERT_OK)
		rc = buf_rc(&list);
	buf_free(&list);
	return rc;
}
