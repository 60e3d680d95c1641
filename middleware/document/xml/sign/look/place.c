/* SPDX-License-Identifier: BSD-2-Clause */
/* The tree says which element, the bytes say where that is. */
#include "document/xml/sign/look/place.h"

#include <string.h>

#include "document/xml/names.h"
#include "document/xml/sign/look/scan.h"

#define UBL_DOCUMENTS "urn:oasis:names:specification:ubl:schema:xsd:"

static bool is_ubl(const xmlNode *root)
{
	return root->ns && root->ns->href &&
	       !strncmp((const char *)root->ns->href, UBL_DOCUMENTS, sizeof UBL_DOCUMENTS - 1);
}

/* The first sig:UBLDocumentSignatures of an extension. */
static xmlNode *signatures_of(xmlNode *extensions)
{
	for (xmlNode *e = extensions->children; e; e = e->next) {
		xmlNode *content = tree_is(e, "UBLExtension", XMLN_UBL_EXT)
				       ? tree_child(e, "ExtensionContent", XMLN_UBL_EXT)
				       : NULL;
		xmlNode *found = content
				     ? tree_child(content, "UBLDocumentSignatures", XMLN_UBL_SIG)
				     : NULL;

		if (found)
			return found;
	}
	return NULL;
}

/* In UBLExtensions, which are the first child of every UBL document. */
static xmlNode *ubl_place(xmlNode *root, struct xsign_shape *out)
{
	xmlNode *extensions = tree_child(root, "UBLExtensions", XMLN_UBL_EXT);
	xmlNode *signatures = extensions ? signatures_of(extensions) : NULL;
	xmlNode *business = tree_child(root, "Signature", XMLN_UBL_CAC);
	const char *id = tree_text(tree_child(business, "ID", XMLN_UBL_CBC));

	if (id && *id && strlen(id) <= XSIGN_ID_MAX)
		out->signed_id = rd_of(id, strlen(id));
	out->place = signatures	  ? XSIGN_UBL_SIGNATURES
		     : extensions ? XSIGN_UBL_EXTENSION
				  : XSIGN_UBL_FIRST;
	return signatures ? signatures : extensions ? extensions : root;
}

enum ecert_rc place_find(struct rd file, xmlDoc *doc, enum xsign_profile profile,
    struct xsign_shape *out, xmlNode **in, enum xsign_refusal *why)
{
	xmlNode *root = xmlDocGetRootElement(doc);
	struct xsign_where where;
	enum ecert_rc rc;

	*in = root;
	*why = profile == XSIGN_PROFILE_UBL && !is_ubl(root) ? XSIGN_NOT_UBL : XSIGN_GOOD;
	if (*why != XSIGN_GOOD)
		return ECERT_OK;
	out->place = XSIGN_AT_END;
	if (profile != XSIGN_PROFILE_PLAIN && is_ubl(root))
		*in = ubl_place(root, out);
	rc = xsign_scan(file, tree_before(*in), &where);
	if (rc != ECERT_OK)
		return ECERT_E_MALFORMED;
	out->at = out->place == XSIGN_UBL_FIRST && !where.empty ? where.inside : where.end;
	if (where.empty)
		out->empty = where.name;
	return ECERT_OK;
}
