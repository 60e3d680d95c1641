/* SPDX-License-Identifier: BSD-2-Clause */
/* Time stamps of a signature and of its content: tokens, and what each is over. */
#include <stdlib.h>
#include <string.h>

#include "document/xml/nodes/facts.h"

/* Each token in it. octets: a number of octets; list: numbers of references. */
static void put_tokens(
    struct facts *f, const xmlNode *n, enum xml_fact kind, uint32_t octets, struct rd list)
{
	for (const xmlNode *t = n->children; t; t = t->next) {
		if (!xml_is(t, f->ns, "EncapsulatedTimeStamp") || !xml_fact_begin(f, kind))
			continue;
		xml_put_content(&f->out, t);
		xml_put_rd(&f->out, list);
		xml_put(&f->out, NULL);
		buf_u32(&f->out, octets);
	}
	if (!xml_child(n, f->ns, "EncapsulatedTimeStamp"))
		xml_fact_name(f, XML_FACT_UNREAD_STAMP, n);
}

static void put_stamp(struct facts *f, const xmlNode *n, enum xml_fact kind, struct rd octets)
{
	put_tokens(f, n, kind, octets.n ? xml_octets_add(&f->l->octets, octets) : XML_NO_NUMBER,
	    rd_of(NULL, 0));
}

/* Nodes that a reference selects go in by the algorithm that the time stamp names: octets are there
 * by the first one alone, which is also meant where none is named. */
static bool has_octets(const struct facts *f, const xmlNode *n, bool own)
{
	const xmlNode *method = xml_child(n, XMLN_DSIG, "CanonicalizationMethod");
	xmlChar *uri = method ? xmlGetNoNsProp(method, (const xmlChar *)"Algorithm") : NULL;
	bool same = !method || (uri && !strcmp((const char *)uri, XMLN_C14N10));

	xmlFree(uri);
	return same || !(f->s->selections || (own && f->s->own_selection));
}

/* 5.3: over SignatureValue, by the algorithm that the time stamp names. */
void xml_put_signature_stamp(struct facts *f, const xmlNode *n)
{
	struct buf out = BUF_INIT(1u << 20);
	xmlNode *value = xml_only(f->s->node, XMLN_DSIG, "SignatureValue");
	bool known = false;

	/* Includes and HashDataInfos of older versions say the same: SignatureValue. */
	if (value && xml_canon_element(&f->l->t, value,
			 xml_child(n, XMLN_DSIG, "CanonicalizationMethod"), &known, &out))
		put_stamp(f, n, XML_FACT_STAMP, buf_view(&out));
	else
		xml_fact_name(f, XML_FACT_UNREAD_STAMP, n);
	buf_free(&out);
}

static bool archive_element(struct facts *f, xmlNode *n, const xmlNode *method, struct buf *out)
{
	bool known;

	return !n || xml_canon_element(&f->l->t, n, method, &known, out);
}

/* An Object that no reference took whole goes in by itself. */
static bool archive_objects(struct facts *f, const xmlNode *method, struct buf *out)
{
	bool good = true;

	for (xmlNode *o = f->s->node->children; good && o; o = o->next)
		if (xml_is(o, XMLN_DSIG, "Object") && o != f->s->properties->parent &&
		    !f->s->covered[xml_number(o)])
			good = archive_element(f, o, method, out);
	return good;
}

/* 5.5.2.2: all that is signed, which the references have, the signature, and the unsigned
 * properties before it. */
void xml_put_archive_stamp(struct facts *f, const xmlNode *n)
{
	struct buf out = BUF_INIT(XML_OCTETS_MAX);
	const xmlNode *method = xml_child(n, XMLN_DSIG, "CanonicalizationMethod");
	xmlNode *sig = f->s->node;
	bool good = has_octets(f, n, true);

	good = good && archive_element(f, f->s->info, method, &out) &&
	       archive_element(f, xml_only(sig, XMLN_DSIG, "SignatureValue"), method, &out) &&
	       archive_element(f, xml_only(sig, XMLN_DSIG, "KeyInfo"), method, &out);
	for (xmlNode *p = n->parent->children; good && p && p != n; p = p->next)
		if (p->type == XML_ELEMENT_NODE)
			good = archive_element(f, p, method, &out);
	good = good && archive_objects(f, method, &out) && buf_rc(&out) == ECERT_OK;
	if (good)
		put_stamp(f, n, XML_FACT_ARCHIVE, buf_view(&out));
	else
		xml_fact_name(f, XML_FACT_UNREAD_STAMP, n);
	buf_free(&out);
}

/* ---- of the content ---- */
/* 5.2.8.2: the number of the reference that an Include names, each once. */
static bool put_include(const struct facts *f, const xmlNode *n, uint8_t *seen, struct buf *list)
{
	xmlChar *uri = xmlGetNoNsProp(n, (const xmlChar *)"URI");
	xmlChar *data = xmlGetNoNsProp(n, (const xmlChar *)"referencedData");
	bool found = false, asked = uri && *uri == '#' && data && *data && strchr("1t", *data);

	for (uint32_t i = 0; asked && !found && i < f->s->named; i++) {
		xmlChar *id = xmlGetNoNsProp(f->s->reference[i], (const xmlChar *)"Id");

		found = id && xmlStrEqual(id, uri + 1) && !seen[i];
		if (found) {
			seen[i] = 1;
			buf_u32(list, f->s->number[i]);
		}
		xmlFree(id);
	}
	xmlFree(uri);
	xmlFree(data);
	return found;
}

static bool put_includes(const struct facts *f, const xmlNode *n, struct buf *list)
{
	uint8_t *seen = calloc(f->s->named + 1u, 1);
	bool good = seen;

	for (const xmlNode *i = n->children; good && i; i = i->next)
		if (xml_is(i, f->ns, "Include"))
			good = put_include(f, i, seen, list);
	free(seen);
	return good && buf_len(list) && buf_rc(list) == ECERT_OK;
}

/* 5.2.8: over the data of all references but that of its properties, or of those that it names. */
void xml_put_content_stamp(struct facts *f, const xmlNode *n)
{
	bool all = xml_is(n, f->ns, "AllDataObjectsTimeStamp");
	const xmlNode *include = xml_child(n, f->ns, "Include");
	struct buf list = BUF_INIT(4 * XML_REFERENCES_MAX);

	if (strcmp(f->ns, XMLN_XADES132) != 0 || !has_octets(f, n, false) || (all && include) ||
	    (!all && !put_includes(f, n, &list)))
		xml_fact_name(f, XML_FACT_UNREAD_STAMP, n);
	else
		put_tokens(f, n, all ? XML_FACT_ALL_DATA : XML_FACT_SOME_DATA, XML_NO_NUMBER,
		    buf_view(&list));
	buf_free(&list);
}
