/* SPDX-License-Identifier: BSD-2-Clause */
/* Walking over certificates. */
#include "crypto/cert/cert.h"

#include "crypto/der.h"

#define CONTEXT_0    0xA0
#define CONTEXT_1    0x81
#define CONTEXT_2    0x82
#define CONTEXT_3    0xA3
#define UTC_TIME     0x17
#define GENERAL_TIME 0x18
#define BOOLEAN	     0x01
#define UTF8_STRING  0x0C
#define DER_SET	     0x31

/* Moves r over one TLV with this tag, when it is there. */
static enum ecert_rc optional(struct rd *r, uint32_t tag, struct rd *value)
{
	struct rd ahead = *r;
	struct tlv t;

	*value = (struct rd){NULL, 0};
	if (rd_empty(r) || tlv_next(&ahead, &t) != ECERT_OK || t.tag != tag)
		return ECERT_OK;
	return der_get(r, tag, value, NULL);
}

static enum ecert_rc get_time(struct rd *r, struct rd *whole)
{
	struct rd value;
	enum ecert_rc rc = der_get(r, UTC_TIME, &value, whole);

	return rc == ECERT_OK ? rc : der_get(r, GENERAL_TIME, &value, whole);
}

static enum ecert_rc get_validity(struct rd *r, struct cert_parts *out)
{
	struct rd validity;
	enum ecert_rc rc = der_get(r, DER_SEQUENCE, &validity, NULL);

	if (rc == ECERT_OK)
		rc = get_time(&validity, &out->not_before);
	if (rc == ECERT_OK)
		rc = get_time(&validity, &out->not_after);
	return rc == ECERT_OK ? rd_end(&validity) : rc;
}

/* From version up to the key. */
static enum ecert_rc get_head(struct rd *tbs, struct cert_parts *out)
{
	struct rd ignored;
	enum ecert_rc rc = optional(tbs, CONTEXT_0, &ignored);

	if (rc == ECERT_OK)
		rc = der_get(tbs, DER_INTEGER, &ignored, &out->serial);
	if (rc == ECERT_OK)
		rc = der_get(tbs, DER_SEQUENCE, &ignored, NULL); /* signature */
	if (rc == ECERT_OK)
		rc = der_get(tbs, DER_SEQUENCE, &ignored, &out->issuer);
	if (rc == ECERT_OK)
		rc = get_validity(tbs, out);
	if (rc == ECERT_OK)
		rc = der_get(tbs, DER_SEQUENCE, &ignored, &out->subject);
	if (rc == ECERT_OK)
		rc = der_get(tbs, DER_SEQUENCE, &ignored, &out->spki);
	return rc;
}

/* What follows the key: two unique identifiers that nobody uses, and the extensions. */
static enum ecert_rc get_tail(struct rd *tbs, struct cert_parts *out)
{
	struct rd ignored, wrapped;
	enum ecert_rc rc = optional(tbs, CONTEXT_1, &ignored);

	if (rc == ECERT_OK)
		rc = optional(tbs, CONTEXT_2, &ignored);
	if (rc == ECERT_OK)
		rc = optional(tbs, CONTEXT_3, &wrapped);
	if (rc == ECERT_OK)
		rc = rd_end(tbs);
	if (rc == ECERT_OK && !rd_empty(&wrapped))
		rc = der_only(wrapped, DER_SEQUENCE, &out->extensions);
	return rc;
}

enum ecert_rc cert_walk(struct rd der, struct cert_parts *out)
{
	struct rd body, tbs, ignored;
	enum ecert_rc rc;

	*out = (struct cert_parts){0};
	if (der.n > CERT_MAX)
		return ECERT_E_TOO_LARGE;
	rc = der_only(der, DER_SEQUENCE, &body);
	if (rc == ECERT_OK)
		rc = der_get(&body, DER_SEQUENCE, &tbs, &out->tbs);
	if (rc == ECERT_OK)
		rc = der_get(&body, DER_SEQUENCE, &ignored, NULL);
	if (rc == ECERT_OK)
		rc = der_get(&body, DER_BIT_STRING, &ignored, NULL);
	if (rc == ECERT_OK)
		rc = rd_end(&body);
	if (rc == ECERT_OK)
		rc = get_head(&tbs, out);
	if (rc == ECERT_OK)
		rc = get_tail(&tbs, out);
	if (rc != ECERT_OK)
		*out = (struct cert_parts){0};
	return rc;
}

static enum ecert_rc next_extension(
    struct rd *list, struct rd *oid, struct rd *value, bool *critical)
{
	struct rd one, flag;
	enum ecert_rc rc = der_get(list, DER_SEQUENCE, &one, NULL);

	*critical = false;
	if (rc == ECERT_OK)
		rc = der_get(&one, DER_OID, oid, NULL);
	if (rc == ECERT_OK)
		rc = optional(&one, BOOLEAN, &flag);
	if (rc == ECERT_OK && flag.p) {
		if (flag.n != 1)
			return ECERT_E_MALFORMED;
		*critical = flag.p[0] != 0;
	}
	if (rc == ECERT_OK)
		rc = der_get(&one, DER_OCTETS, value, NULL);
	return rc == ECERT_OK ? rd_end(&one) : rc;
}

enum ecert_rc cert_extension(
    const struct cert_parts *c, struct rd oid, struct rd *value, bool *critical)
{
	struct rd list = c->extensions, id;
	enum ecert_rc rc = ECERT_OK;

	while (rc == ECERT_OK && !rd_empty(&list)) {
		rc = next_extension(&list, &id, value, critical);
		if (rc == ECERT_OK && rd_equal(id, oid))
			return ECERT_OK;
	}
	*value = (struct rd){NULL, 0};
	*critical = false;
	return rc == ECERT_OK ? ECERT_E_NOT_FOUND : rc;
}

enum ecert_rc cert_key_id(const struct cert_parts *c, struct rd *id)
{
	static const uint8_t ski[] = {0x55, 0x1D, 0x0E};
	struct rd value;
	bool critical;
	enum ecert_rc rc = cert_extension(c, rd_of(ski, sizeof ski), &value, &critical);

	*id = (struct rd){NULL, 0};
	return rc == ECERT_OK ? der_only(value, DER_OCTETS, id) : rc;
}

/* RFC 5280, 4.1.2.4: a Name of one RDN, the common name (2.5.4.3) as UTF8String. */
static bool is_placeholder_name(struct rd whole)
{
	static const uint8_t oid[] = {0x06, 0x03, 0x55, 0x04, 0x03};
	struct rd rdns, rdn, pair, text;

	if (der_get(&whole, DER_SEQUENCE, &rdns, NULL) != ECERT_OK ||
	    der_get(&rdns, DER_SET, &rdn, NULL) != ECERT_OK || rd_end(&rdns) != ECERT_OK ||
	    der_get(&rdn, DER_SEQUENCE, &pair, NULL) != ECERT_OK || rd_end(&rdn) != ECERT_OK ||
	    pair.n < sizeof oid || !rd_equal(rd_of(pair.p, sizeof oid), rd_of(oid, sizeof oid)))
		return false;
	pair = rd_of(pair.p + sizeof oid, pair.n - sizeof oid);
	return der_get(&pair, UTF8_STRING, &text, NULL) == ECERT_OK &&
	       rd_equal(text, rd_of(CERT_PLACEHOLDER_NAME, sizeof CERT_PLACEHOLDER_NAME - 1));
}

bool cert_is_placeholder(struct rd der)
{
	struct cert_parts parts;

	return cert_walk(der, &parts) == ECERT_OK && is_placeholder_name(parts.subject) &&
	       is_placeholder_name(parts.issuer);
}
