/* SPDX-License-Identifier: BSD-2-Clause */
/* What XAdES says of a signature (EN 319 132-1, 5), as facts. */
#include <string.h>

#include "document/xml/nodes/facts.h"

static const char *const versions[] = {
    XMLN_XADES132, XMLN_XADES122, XMLN_XADES111, "http://uri.etsi.org/01903#"};

static bool is_qualifying(const xmlNode *n)
{
	for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++)
		if (xml_is(n, versions[i], "QualifyingProperties"))
			return true;
	return false;
}

/* EN 319 132-1, 4.4.2: in an Object of the signature, with its Id as Target. */
void xml_find_properties(const struct xml_look *l, struct xml_signature *s)
{
	xmlChar *id = xmlGetNoNsProp(s->node, (const xmlChar *)"Id");
	xmlNode *same = NULL;
	size_t n = 0;

	for (const xmlNode *o = s->node->children; o; o = o->next)
		for (xmlNode *q = xml_is(o, XMLN_DSIG, "Object") ? o->children : NULL; q;
		     q = q->next)
			if (is_qualifying(q)) {
				s->properties = s->properties ? s->properties : q;
				n++;
			}
	s->state = !n ? XML_PLAIN : n > 1 ? XML_SEVERAL : XML_OTHERS;
	if (n == 1) {
		xmlChar *target = xmlGetNoNsProp(s->properties, (const xmlChar *)"Target");

		if (id && target && *target == '#' &&
		    !strcmp((const char *)target + 1, (const char *)id) &&
		    xml_find_id(&l->t, (const char *)id, &same) == 1 && same == s->node)
			s->state = XML_QUALIFIED;
		xmlFree(target);
		s->signed_properties = xml_only(
		    s->properties, (const char *)s->properties->ns->href, "SignedProperties");
	}
	xmlFree(id);
}

bool xml_fact_begin(struct facts *f, enum xml_fact kind)
{
	if (f->n == XML_FACTS_MAX) {
		f->l->more = true;
		return false;
	}
	f->n++;
	XML_PUT(&f->out, kind);
	return true;
}

static void put_text(struct facts *f, enum xml_fact kind, const xmlNode *n)
{
	if (!n || !xml_fact_begin(f, kind))
		return;
	xml_put_content(&f->out, n);
	xml_put(&f->out, NULL);
	xml_put(&f->out, NULL);
	buf_u32(&f->out, XML_NO_NUMBER);
}

void xml_fact_name(struct facts *f, enum xml_fact kind, const xmlNode *n)
{
	if (!xml_fact_begin(f, kind))
		return;
	xml_put(&f->out, n->name);
	xml_put(&f->out, NULL);
	xml_put(&f->out, NULL);
	buf_u32(&f->out, XML_NO_NUMBER);
}

/* A child in the properties' own namespace, or in that of XML signatures, as versions differ. */
static xmlNode *child(const struct facts *f, const xmlNode *n, const char *name)
{
	xmlNode *c = xml_child(n, f->ns, name);

	return c ? c : xml_child(n, XMLN_DSIG, name);
}

static void put_digest(struct facts *f, const xmlNode *n)
{
	xml_put_attribute(&f->out, child(f, n, "DigestMethod"), "Algorithm");
	xml_put_content(&f->out, child(f, n, "DigestValue"));
}

static void put_certs(struct facts *f, const xmlNode *list)
{
	for (const xmlNode *n = list ? list->children : NULL; n; n = n->next) {
		if (!xml_is(n, f->ns, "Cert") || !xml_fact_begin(f, XML_FACT_CERT))
			continue;
		put_digest(f, child(f, n, "CertDigest"));
		xml_put_content(&f->out, child(f, child(f, n, "IssuerSerial"), "X509SerialNumber"));
		buf_u32(&f->out, XML_NO_NUMBER);
	}
}

static void put_policy(struct facts *f, const xmlNode *n)
{
	const xmlNode *id = child(f, n, "SignaturePolicyId");

	if (child(f, n, "SignaturePolicyImplied")) {
		xml_fact_name(f, XML_FACT_IMPLIED, n);
	} else if (n && xml_fact_begin(f, XML_FACT_POLICY)) {
		xml_put_content(&f->out, child(f, child(f, id, "SigPolicyId"), "Identifier"));
		put_digest(f, child(f, id, "SigPolicyHash"));
		buf_u32(&f->out, XML_NO_NUMBER);
	}
}

static void put_roles(struct facts *f, const xmlNode *role)
{
	const xmlNode *list = child(f, role, "ClaimedRoles");

	for (const xmlNode *n = list ? list->children : NULL; n; n = n->next)
		if (xml_is(n, f->ns, "ClaimedRole"))
			put_text(f, XML_FACT_ROLE, n);
}

static void put_signed_signature(struct facts *f, const xmlNode *p)
{
	put_text(f, XML_FACT_TIME, child(f, p, "SigningTime"));
	put_certs(f, child(f, p, "SigningCertificateV2"));
	put_certs(f, child(f, p, "SigningCertificate"));
	put_policy(f, child(f, p, "SignaturePolicyIdentifier"));
	put_roles(f, child(f, p, "SignerRoleV2"));
	put_roles(f, child(f, p, "SignerRole"));
	put_text(f, XML_FACT_PLACE, child(f, p, "SignatureProductionPlaceV2"));
	put_text(f, XML_FACT_PLACE, child(f, p, "SignatureProductionPlace"));
}

/* URI of the reference in SignedInfo that has the Id which is asked for (EN 319 132-1, 5.2.4). */
static void put_reference_of(struct facts *f, const xmlNode *format)
{
	xmlChar *want = xmlGetNoNsProp(format, (const xmlChar *)"ObjectReference");
	const xmlNode *found = NULL;

	if (f->s->info && want && *want == '#')
		found = f->s->info->children;
	for (; found; found = found->next) {
		xmlChar *id = xml_is(found, XMLN_DSIG, "Reference")
				  ? xmlGetNoNsProp(found, (const xmlChar *)"Id")
				  : NULL;
		bool same = id && xmlStrEqual(id, want + 1);

		xmlFree(id);
		if (same)
			break;
	}
	xmlFree(want);
	if (found)
		xml_put_attribute(&f->out, found, "URI");
	else
		xml_put(&f->out, NULL);
}

static void put_signed_objects(struct facts *f, const xmlNode *p)
{
	for (const xmlNode *n = p ? p->children : NULL; n; n = n->next) {
		if (xml_is(n, f->ns, "DataObjectFormat") && xml_fact_begin(f, XML_FACT_FORMAT)) {
			xml_put_content(&f->out, child(f, n, "MimeType"));
			xml_put_attribute(&f->out, n, "ObjectReference");
			put_reference_of(f, n);
			buf_u32(&f->out, XML_NO_NUMBER);
		} else if (xml_is(n, f->ns, "CommitmentTypeIndication")) {
			put_text(f, XML_FACT_COMMITMENT,
			    child(f, child(f, n, "CommitmentTypeId"), "Identifier"));
		} else if (xml_is(n, f->ns, "AllDataObjectsTimeStamp") ||
			   xml_is(n, f->ns, "IndividualDataObjectsTimeStamp")) {
			xml_put_content_stamp(f, n);
		}
	}
}

/* ---- unsigned ---- */
static void put_each(struct facts *f, enum xml_fact kind, const xmlNode *list, const char *name)
{
	for (const xmlNode *n = list ? list->children : NULL; n; n = n->next)
		if (xml_is(n, f->ns, name))
			put_text(f, kind, n);
}

static void put_values(struct facts *f, const xmlNode *n)
{
	const xmlNode *certs = xml_is(n, f->ns, "CertificateValues") ? n : NULL;
	const xmlNode *revocation = xml_is(n, f->ns, "RevocationValues") ? n : NULL;

	put_each(f, XML_FACT_ONE_CERT, certs, "EncapsulatedX509Certificate");
	put_each(f, XML_FACT_CRL, child(f, revocation, "CRLValues"), "EncapsulatedCRLValue");
	put_each(f, XML_FACT_OCSP, child(f, revocation, "OCSPValues"), "EncapsulatedOCSPValue");
}

static bool is_of_xades(const xmlNode *n)
{
	bool is = n->ns && !strcmp((const char *)n->ns->href, XMLN_XADES141);

	for (size_t i = 0; n->ns && i < sizeof versions / sizeof versions[0]; i++)
		is = is || !strcmp((const char *)n->ns->href, versions[i]);
	return is;
}

static void put_unsigned_one(struct facts *f, const xmlNode *n)
{
	static const char *const stamps[] = {"SigAndRefsTimeStamp", "SigAndRefsTimeStampV2",
	    "RefsOnlyTimeStamp", "RefsOnlyTimeStampV2", "ArchiveTimeStamp"};

	if (xml_is(n, XMLN_XADES141, "TimeStampValidationData")) {
		for (const xmlNode *v = n->children; v; v = v->next)
			put_values(f, v);
	} else if (xml_is(n, f->ns, "SignatureTimeStamp")) {
		xml_put_signature_stamp(f, n);
	} else if (xml_is(n, XMLN_XADES141, "ArchiveTimeStamp")) {
		xml_put_archive_stamp(f, n);
	} else if (n->type == XML_ELEMENT_NODE) {
		put_values(f, n);
		if (!is_of_xades(n))
			xml_fact_name(f, XML_FACT_UNREAD, n);
		for (size_t i = 0; i < sizeof stamps / sizeof stamps[0]; i++)
			if (!strcmp((const char *)n->name, stamps[i]))
				xml_fact_name(f, XML_FACT_UNREAD_STAMP, n);
	}
}

void xml_put_properties(struct xml_look *l, struct xml_signature *s, struct buf *out)
{
	struct facts f = {.l = l, .s = s, .out = BUF_INIT(XML_FILE_MAX)};
	const xmlNode *p, *q;

	XML_PUT(out, s->state);
	f.ns = s->properties ? (const char *)s->properties->ns->href : NULL;
	xml_put(out, f.ns);
	if (s->state == XML_QUALIFIED && s->signed_properties) {
		put_signed_signature(
		    &f, xml_only(s->signed_properties, f.ns, "SignedSignatureProperties"));
		put_signed_objects(
		    &f, xml_only(s->signed_properties, f.ns, "SignedDataObjectProperties"));
	}
	p = s->state == XML_QUALIFIED ? xml_only(s->properties, f.ns, "UnsignedProperties") : NULL;
	q = p ? xml_only(p, f.ns, "UnsignedSignatureProperties") : NULL;
	for (const xmlNode *n = q ? q->children : NULL; n; n = n->next)
		put_unsigned_one(&f, n);
	buf_u32(out, f.n);
	if (buf_rc(&f.out) != ECERT_OK)
		buf_fail(out, buf_rc(&f.out));
	buf_rd(out, buf_view(&f.out));
	buf_free(&f.out);
}
