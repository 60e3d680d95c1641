/* SPDX-License-Identifier: BSD-2-Clause */
/* The answers about a document's signatures, and about a file that one is about. */
#include "document/xml/nodes/nodes.h"

#include <stdlib.h>
#include <string.h>

#include "document/xml/nodes/look.h"

/* Less than what goes through the wall. */
#define ANSWER_ROOM (62u << 20)
#define CERTS_MAX   64

/* ---- octets ---- */
uint32_t xml_octets_add(struct xml_octets *o, struct rd octets)
{
	struct rd have = buf_view(&o->all);

	for (size_t i = 0; i < o->n; i++)
		if (o->v[i].n == octets.n &&
		    (!octets.n || !memcmp(have.p + o->v[i].at, octets.p, octets.n)))
			return (uint32_t)i;
	if (o->n == o->room) {
		size_t room = o->room ? 2 * o->room : 16;
		void *v = realloc(o->v, room * sizeof *o->v);

		o->failed = o->failed || !v;
		if (!v)
			return XML_NO_NUMBER;
		o->v = v;
		o->room = room;
	}
	if (octets.n > XML_OCTETS_MAX - buf_len(&o->all))
		return XML_NO_NUMBER;
	o->v[o->n].at = buf_len(&o->all);
	o->v[o->n].n = octets.n;
	buf_rd(&o->all, octets);
	return (uint32_t)o->n++;
}

void xml_octets_free(struct xml_octets *o)
{
	buf_free(&o->all);
	free(o->v);
}

/* ---- a signature ---- */
uint32_t xml_signature_number(const struct xml_look *l, const xmlNode *n)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->sig[i] == n)
			return (uint32_t)i + 1;
	return 0;
}

uint32_t xml_countersigned(const struct xml_look *l, const xmlNode *n)
{
	bool counter = false;

	for (n = n->parent; n && n->type == XML_ELEMENT_NODE; n = n->parent) {
		counter = counter || !strcmp((const char *)n->name, "CounterSignature");
		if (counter && xml_is(n, XMLN_DSIG, "Signature"))
			return xml_signature_number(l, n);
	}
	return 0;
}

static void put_method(const struct xml_signature *s, struct buf *out)
{
	const xmlNode *method = xml_only(s->info, XMLN_DSIG, "SignatureMethod");
	const xmlNode *pss = xml_child(method, XMLN_MORE07, "RSAPSSParams");
	const xmlNode *mgf = xml_child(pss, XMLN_MORE07, "MaskGenerationFunction");
	const xmlNode *salt = xml_child(pss, XMLN_MORE07, "SaltLength");
	xmlChar *text = salt ? xmlNodeGetContent(salt) : NULL;
	unsigned long n = text ? strtoul((const char *)text, NULL, 10) : XML_NO_NUMBER;

	xml_put_attribute(out, xml_only(s->info, XMLN_DSIG, "CanonicalizationMethod"), "Algorithm");
	xml_put_attribute(out, method, "Algorithm");
	xml_put_attribute(out, xml_child(pss, XMLN_DSIG, "DigestMethod"), "Algorithm");
	xml_put_attribute(out, xml_child(mgf, XMLN_DSIG, "DigestMethod"), "Algorithm");
	buf_u32(out, n < 65536 ? (uint32_t)n : XML_NO_NUMBER);
	xmlFree(text);
}

static void put_info(struct xml_look *l, struct xml_signature *s, struct buf *out)
{
	const xmlNode *method = xml_only(s->info, XMLN_DSIG, "CanonicalizationMethod");
	struct buf octets = BUF_INIT(XML_OCTETS_MAX);
	bool known = false;

	if (s->info && method && xml_canon_element(&l->t, s->info, method, &known, &octets))
		buf_u32(out, xml_octets_add(&l->octets, buf_view(&octets)));
	else
		buf_u32(out, XML_NO_NUMBER);
	buf_free(&octets);
}

static void put_certs(struct xml_look *l, const xmlNode *info, struct buf *out)
{
	struct buf list = BUF_INIT(XML_FILE_MAX);
	uint32_t n = 0;

	for (const xmlNode *d = info ? info->children : NULL; d; d = d->next)
		for (const xmlNode *c = xml_is(d, XMLN_DSIG, "X509Data") ? d->children : NULL; c;
		     c = c->next) {
			if (!xml_is(c, XMLN_DSIG, "X509Certificate"))
				continue;
			if (n == CERTS_MAX) {
				l->more = true;
				break;
			}
			xml_put_content(&list, c);
			n++;
		}
	buf_u32(out, n);
	if (buf_rc(&list) != ECERT_OK)
		buf_fail(out, buf_rc(&list));
	buf_rd(out, buf_view(&list));
	buf_free(&list);
}

static void signature_free(struct xml_signature *s)
{
	free(s->covered);
	free(s->reference);
	free(s->number);
}

static enum ecert_rc put_signature(struct xml_look *l, xmlNode *n, struct buf *out)
{
	struct xml_signature s = {.node = n};
	struct buf list = BUF_INIT(XML_FILE_MAX);
	uint32_t count = 0;

	s.info = xml_only(n, XMLN_DSIG, "SignedInfo");
	s.covered = calloc(l->t.n + 1u, 1);
	s.reference = calloc(XML_REFERENCES_MAX, sizeof *s.reference);
	s.number = calloc(XML_REFERENCES_MAX, sizeof *s.number);
	if (!s.covered || !s.reference || !s.number) {
		signature_free(&s);
		return ECERT_E_MEMORY;
	}
	xml_find_properties(l, &s);
	xml_put_path(out, n);
	xml_put_attribute(out, n, "Id");
	buf_u32(out, xml_countersigned(l, n));
	put_method(&s, out);
	put_info(l, &s, out);
	xml_put_content(out, xml_only(n, XMLN_DSIG, "SignatureValue"));
	put_certs(l, xml_only(n, XMLN_DSIG, "KeyInfo"), out);
	xml_put_references(l, &s, s.info, false, &list, &count);
	buf_u32(out, count);
	if (buf_rc(&list) != ECERT_OK)
		buf_fail(out, buf_rc(&list));
	buf_rd(out, buf_view(&list));
	xml_put_uncovered(l, &s, out);
	xml_put_properties(l, &s, out);
	buf_free(&list);
	signature_free(&s);
	return buf_rc(out);
}

/* ---- the document ---- */
void xml_find_signatures(struct xml_look *l)
{
	l->found = 0;
	for (xmlNode *n = l->t.doc->children; n; n = xml_next(n, false)) {
		l->found += xml_is(n, XMLN_DSIG, "Reference");
		if (!xml_is(n, XMLN_DSIG, "Signature"))
			continue;
		if (l->n < XML_SIGNATURES_MAX)
			l->sig[l->n++] = n;
		l->total++;
	}
	l->more = l->found > XML_REFERENCES_MAX || l->total > XML_SIGNATURES_MAX;
	if (l->more)
		l->n = 0;
}

/* Those that fit behind one another; the first one in any case. */
static enum ecert_rc put_all(struct xml_look *l, size_t first, struct buf *answer)
{
	struct buf list = BUF_INIT(ANSWER_ROOM);
	enum ecert_rc rc = ECERT_OK;
	struct rd all;
	uint32_t n = 0;

	for (size_t i = first; rc == ECERT_OK && i < l->n; i++) {
		if (n && (buf_len(&list) > XML_OCTETS_MAX / 2 ||
			     buf_len(&l->octets.all) > XML_OCTETS_MAX / 2))
			break;
		rc = put_signature(l, l->sig[i], &list);
		n++;
	}
	buf_u32(answer, (uint32_t)l->total);
	buf_u32(answer, (uint32_t)l->found);
	buf_u8(answer, l->more);
	buf_u32(answer, n);
	buf_rd(answer, buf_view(&list));
	buf_free(&list);
	buf_u32(answer, (uint32_t)l->octets.n);
	all = buf_view(&l->octets.all);
	/* Where each of them is empty there is nothing to point into. */
	for (size_t i = 0; i < l->octets.n; i++)
		xml_put_rd(
		    answer, all.p ? rd_of(all.p + l->octets.v[i].at, l->octets.v[i].n) : all);
	return rc != ECERT_OK ? rc : l->octets.failed ? ECERT_E_MEMORY : buf_rc(answer);
}

enum ecert_rc xml_signatures(const struct wall_call *call, struct buf *answer)
{
	struct rd request = call->request;
	struct xml_look *l;
	enum xml_state state;
	uint32_t first = 0;
	enum ecert_rc rc;

	if (call->inputs != 1 || rd_u32(&request, &first) != ECERT_OK || !rd_empty(&request))
		return ECERT_E_ARG;
	l = calloc(1, sizeof *l);
	if (!l)
		return ECERT_E_MEMORY;
	buf_init(&l->octets.all, XML_OCTETS_MAX);
	rc = xml_tree_read(call->input[0], &l->t, &state);
	if (rc == ECERT_OK)
		XML_PUT(answer, state);
	if (rc == ECERT_OK && state == XML_READ) {
		xml_find_signatures(l);
		rc = put_all(l, first, answer);
	}
	xml_octets_free(&l->octets);
	xml_tree_free(&l->t);
	free(l);
	return rc;
}

/* The next word of the request; false behind the last one. */
static bool next_word(struct rd *rest, char word[256])
{
	const uint8_t *blank = rest->n ? memchr(rest->p, ' ', rest->n) : NULL;
	size_t n = blank ? (size_t)(blank - rest->p) : rest->n;

	if (!n || n >= 256)
		return false;
	memcpy(word, rest->p, n);
	word[n] = 0;
	*rest = rd_of(rest->p + n + (blank ? 1 : 0), rest->n - n - (blank ? 1 : 0));
	return true;
}

enum ecert_rc xml_transform(const struct wall_call *call, struct buf *answer)
{
	struct xml_run r = {.doc = NULL};
	struct rd rest = call->request;
	enum xml_reference state = XML_OCTETS;
	char word[256];

	if (call->inputs != 1)
		return ECERT_E_ARG;
	if (call->input[0].n > XML_FILE_MAX)
		return ECERT_E_TOO_LARGE;
	xml_run_octets(&r, call->input[0]);
	for (size_t i = 0; state == XML_OCTETS && next_word(&rest, word); i++)
		state = i == XML_TRANSFORMS_MAX ? XML_TRANSFORM : xml_run_step(&r, word, NULL);
	if (state == XML_OCTETS)
		state = rest.n ? XML_TRANSFORM : xml_run_end(&r);
	buf_u8(answer, (uint8_t)state);
	if (state == XML_OCTETS)
		buf_rd(answer, buf_view(&r.octets));
	xml_run_free(&r);
	return ECERT_OK;
}
