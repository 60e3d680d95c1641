/* SPDX-License-Identifier: BSD-2-Clause */
/* By libxml2, node by node: which of them are in it is asked. */
#include "document/xml/sign/look/canon.h"

#include <libxml/c14n.h>
#include <libxml/xmlIO.h>
#include <libxml/xmlerror.h>

struct seen {
	const xmlNode *only;   /* NULL: all */
	const char *name, *ns; /* elements that are not; NULL: none */
};

/* A namespace node, which is no xmlNode, and an attribute are where their element is. */
static int is_visible(void *ctx, xmlNodePtr node, xmlNodePtr parent)
{
	const struct seen *s = ctx;
	const xmlNode *n = node->type == XML_NAMESPACE_DECL || node->type == XML_ATTRIBUTE_NODE
			       ? parent
			       : node;

	if (s->only)
		return tree_holds(s->only, n);
	for (; n; n = n->parent)
		if (tree_is(n, s->name, s->ns))
			return 0;
	return 1;
}

static int write_some(void *ctx, const char *bytes, int n)
{
	struct buf *out = ctx;

	buf_put(out, bytes, (size_t)n);
	return buf_rc(out) == ECERT_OK ? n : -1;
}

/* The first one says why; those behind it, where. */
static void note(void *ctx, xmlErrorPtr error)
{
	bool *relative = ctx;

	*relative = *relative || error->code == XML_C14N_RELATIVE_NAMESPACE;
}

static enum ecert_rc run(xmlDoc *doc, struct seen *s, struct buf *out)
{
	xmlOutputBuffer *b = xmlOutputBufferCreateIO(write_some, NULL, out, NULL);
	bool relative = false;
	int good;

	if (!b)
		return ECERT_E_MEMORY;
	xmlSetStructuredErrorFunc(&relative, note);
	good = xmlC14NExecute(doc, is_visible, s, XML_C14N_EXCLUSIVE_1_0, NULL, 0, b) >= 0;
	good = xmlOutputBufferClose(b) >= 0 && good;
	xmlSetStructuredErrorFunc(NULL, NULL);
	if (buf_rc(out) != ECERT_OK)
		return buf_rc(out);
	if (good)
		return ECERT_OK;
	return relative ? ECERT_E_UNSUPPORTED : ECERT_E_MEMORY;
}

enum ecert_rc canon_without(xmlDoc *doc, const char *name, const char *ns, struct buf *out)
{
	return run(doc, &(struct seen){NULL, name, ns}, out);
}

enum ecert_rc canon_of(xmlNode *element, struct buf *out)
{
	return run(element->doc, &(struct seen){element, NULL, NULL}, out);
}
