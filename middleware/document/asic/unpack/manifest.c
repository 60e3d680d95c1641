/* SPDX-License-Identifier: BSD-2-Clause */
/* An ASiCManifest (EN 319 162-1, A.4) and a list of files, by libxml2: no DTD, so no entities, and
 * nothing is fetched.
 */
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <string.h>

#include "document/asic/unpack/unpack.h"

#define OPENDOCUMENT "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
#define DSIG	     "http://www.w3.org/2000/09/xmldsig#"

/* TS 102 918 had a misprint that some still write. */
static const char *const asic[] = {
    "http://uri.etsi.org/02918/v1.2.1#", "http://uri.etsi.org/2918/v1.2.1#"};

static bool is_in(const xmlNode *n, const char *name, const char *ns)
{
	return n->type == XML_ELEMENT_NODE && n->ns && n->ns->href &&
	       !strcmp((const char *)n->name, name) && !strcmp((const char *)n->ns->href, ns);
}

static bool is_asic(const xmlNode *n, const char *name)
{
	return is_in(n, name, asic[0]) || is_in(n, name, asic[1]);
}

static void put(struct buf *answer, const xmlChar *text)
{
	size_t n = text ? strlen((const char *)text) : 0;

	buf_u32(answer, (uint32_t)n);
	buf_put(answer, text ? (const char *)text : "", n);
}

static bool put_attribute(struct buf *answer, xmlNode *n, const char *name)
{
	xmlChar *v = n ? xmlGetNoNsProp(n, (const xmlChar *)name) : NULL;
	bool there = v;

	put(answer, v);
	xmlFree(v);
	return there;
}

/* The only child of this name. */
static xmlNode *only(xmlNode *parent, const char *name)
{
	xmlNode *found = NULL;

	for (xmlNode *n = parent->children; n; n = n->next) {
		if (!is_in(n, name, DSIG))
			continue;
		if (found)
			return NULL;
		found = n;
	}
	return found;
}

static bool put_reference(struct buf *answer, xmlNode *n)
{
	xmlNode *method = only(n, "DigestMethod"), *value = only(n, "DigestValue");
	xmlChar *text = value ? xmlNodeGetContent(value) : NULL;
	bool good = put_attribute(answer, n, "URI") && put_attribute(answer, method, "Algorithm") &&
		    text;

	put(answer, text);
	xmlFree(text);
	return good;
}

static enum ecert_rc read_root(xmlNode *root, struct buf *answer)
{
	struct buf list = BUF_INIT(ASIC_MANIFEST_MAX);
	uint32_t references = 0, signatures = 0;
	enum ecert_rc rc;
	bool good = root && is_asic(root, "ASiCManifest");

	for (xmlNode *n = good ? root->children : NULL; good && n; n = n->next) {
		if (is_asic(n, "SigReference")) {
			good = !signatures++ && put_attribute(answer, n, "URI");
		} else if (is_asic(n, "DataObjectReference")) {
			references++;
			good = put_reference(&list, n);
		}
	}
	good = good && signatures == 1 && references;
	buf_u32(answer, references);
	if (good && buf_rc(&list) == ECERT_OK)
		buf_rd(answer, buf_view(&list));
	rc = !good ? ECERT_E_MALFORMED : buf_rc(&list);
	buf_free(&list);
	return rc;
}

typedef enum ecert_rc read_fn(xmlNode *root, struct buf *answer);

static enum ecert_rc read_xml(const struct wall_call *call, read_fn *read, struct buf *answer)
{
	xmlDoc *doc;
	enum ecert_rc rc;

	if (!call->request.n || call->request.n > ASIC_MANIFEST_MAX)
		return ECERT_E_TOO_LARGE;
	doc = xmlReadMemory((const char *)call->request.p, (int)call->request.n, NULL, NULL,
	    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	rc = !doc || doc->intSubset || doc->extSubset ? ECERT_E_MALFORMED
						      : read(xmlDocGetRootElement(doc), answer);
	xmlFreeDoc(doc);
	return rc;
}

enum ecert_rc asic_manifest(const struct wall_call *call, struct buf *answer)
{
	return read_xml(call, read_root, answer);
}

static bool put_of_list(struct buf *answer, xmlNode *n, const char *name)
{
	xmlChar *v = xmlGetNsProp(n, (const xmlChar *)name, (const xmlChar *)OPENDOCUMENT);
	bool there = v;

	put(answer, v);
	xmlFree(v);
	return there;
}

static enum ecert_rc read_list(xmlNode *root, struct buf *answer)
{
	struct buf list = BUF_INIT(2 * ASIC_MANIFEST_MAX);
	uint32_t entries = 0;
	enum ecert_rc rc;
	bool good = root && is_in(root, "manifest", OPENDOCUMENT);

	for (xmlNode *n = good ? root->children : NULL; good && n; n = n->next)
		if (is_in(n, "file-entry", OPENDOCUMENT)) {
			entries++;
			good = put_of_list(&list, n, "full-path") &&
			       put_of_list(&list, n, "media-type");
		}
	buf_u32(answer, entries);
	if (good && buf_rc(&list) == ECERT_OK)
		buf_rd(answer, buf_view(&list));
	rc = !good ? ECERT_E_MALFORMED : buf_rc(&list);
	buf_free(&list);
	return rc;
}

enum ecert_rc asic_list(const struct wall_call *call, struct buf *answer)
{
	return read_xml(call, read_list, answer);
}
