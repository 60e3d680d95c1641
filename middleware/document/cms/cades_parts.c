/* SPDX-License-Identifier: BSD-2-Clause */
/* Views of the parts of a SignedData. */
#include "document/cms/cades_parts.h"

#include "document/ber.h"

#define OID	 0x06
#define SEQUENCE 0x30
#define SET	 0x31

bool cades_parts_read(struct rd der, struct cades_parts *out)
{
	struct rd info, skip, tagged, data, content;
	struct ber b;

	*out = (struct cades_parts){.type = rd_of(NULL, 0)};
	if (ber_expect(&der, SEQUENCE, &info) != ECERT_OK ||
	    ber_expect(&info, OID, &skip) != ECERT_OK ||
	    ber_expect(&info, 0xA0, &tagged) != ECERT_OK ||
	    ber_expect(&tagged, SEQUENCE, &data) != ECERT_OK ||
	    ber_expect(&data, 0x02, &skip) != ECERT_OK ||
	    ber_expect(&data, SET, &skip) != ECERT_OK ||
	    ber_expect(&data, SEQUENCE, &content) != ECERT_OK ||
	    ber_next(&content, &b) != ECERT_OK || b.tag != OID)
		return false;
	out->type = b.whole;
	while (ber_next(&data, &b) == ECERT_OK) {
		if (b.tag == 0xA0)
			out->certs = b.value;
		else if (b.tag == 0xA1)
			out->crls = b.value;
		else if (b.tag == SET)
			out->signers = b.value;
	}
	return out->signers.n > 0;
}

bool cades_parts_signer(const struct cades_parts *p, size_t i, struct cades_signer_parts *out)
{
	struct rd list = p->signers, info, rest;
	struct ber b;

	*out = (struct cades_signer_parts){.fields = rd_of(NULL, 0)};
	do {
		if (ber_expect(&list, SEQUENCE, &info) != ECERT_OK)
			return false;
	} while (i--);
	rest = info;
	/* The signature is the first OCTET STRING: a subjectKeyIdentifier is tagged [0], too, and
	 * stands before the digest algorithm. */
	for (size_t at = 0; ber_next(&rest, &b) == ECERT_OK; at++) {
		if (at == 3 && b.tag == 0xA0)
			out->is_signed = b.value;
		if (!out->fields.n && (b.tag & 0xDF) == 0x04)
			out->fields = rd_of(info.p, info.n - rest.n);
		else if (out->fields.n && b.tag == 0xA1)
			out->attributes = b.value;
	}
	return out->fields.n > 0;
}

bool cades_values_next(struct cades_values *w, struct rd *type, struct rd *value)
{
	struct ber b;
	struct rd attribute;

	while (rd_empty(&w->values)) {
		if (ber_expect(&w->attributes, SEQUENCE, &attribute) != ECERT_OK ||
		    ber_next(&attribute, &b) != ECERT_OK || b.tag != OID ||
		    ber_expect(&attribute, SET, &w->values) != ECERT_OK)
			return false;
		w->type = b.whole;
	}
	if (ber_next(&w->values, &b) != ECERT_OK)
		return false;
	*type = w->type;
	*value = b.whole;
	return true;
}
