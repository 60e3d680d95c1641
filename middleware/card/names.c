/* SPDX-License-Identifier: BSD-2-Clause */
/* The e-Cert names object, entry by entry (applet-spec/applet.md, section 8). */
#include "card/card_priv.h"

#include <string.h>

#include "util/tlv.h"

static enum ecert_rc read_field(const struct tlv *t, struct card_name *out)
{
	struct rd v = t->value;

	switch (t->tag) {
	case ECERT_TAG_NAME_SLOT:
		if (v.n != 1)
			return ECERT_E_MALFORMED;
		out->ref = v.p[0];
		break;
	case ECERT_TAG_NAME_ID:
		out->id = v;
		break;
	case ECERT_TAG_NAME_KEY:
		out->key = v;
		break;
	case ECERT_TAG_NAME_CERT:
		out->cert = v;
		break;
	case ECERT_TAG_NAME_PUBLIC:
		out->pub = v;
		break;
	case ECERT_TAG_NAME_DENY:
		out->deny = v.n == 1 ? v.p[0] : 0;
		break;
	default: /* of a later minor version */
		break;
	}
	return ECERT_OK;
}

enum ecert_rc card_name_next(struct rd *object, struct card_name *out)
{
	struct rd from, fields;
	struct tlv t;
	enum ecert_rc rc;

	memset(out, 0, sizeof *out);
	do {
		from = *object;
		rc = tlv_next(object, &t);
		if (rc != ECERT_OK)
			return rc;
	} while (t.tag != ECERT_TAG_NAME);
	out->whole = rd_of(from.p, from.n - object->n);
	fields = t.value;
	while ((rc = tlv_next(&fields, &t)) == ECERT_OK) {
		rc = read_field(&t, out);
		if (rc != ECERT_OK)
			return rc;
	}
	return rc == ECERT_E_NOT_FOUND ? ECERT_OK : rc;
}

static void put_field(struct buf *b, uint32_t tag, struct rd v)
{
	if (v.n > 0)
		tlv_put(b, tag, v);
}

void card_name_put(struct buf *object, const struct card_name *name)
{
	struct buf entry = BUF_INIT(CARD_OBJECT_MAX);

	if (name->id.n + name->key.n + name->cert.n + name->pub.n + name->deny == 0)
		return;
	tlv_put_u8(&entry, ECERT_TAG_NAME_SLOT, name->ref);
	put_field(&entry, ECERT_TAG_NAME_ID, name->id);
	put_field(&entry, ECERT_TAG_NAME_KEY, name->key);
	put_field(&entry, ECERT_TAG_NAME_CERT, name->cert);
	put_field(&entry, ECERT_TAG_NAME_PUBLIC, name->pub);
	put_field(&entry, ECERT_TAG_NAME_DENY, rd_of(&name->deny, name->deny != 0));
	if (buf_rc(&entry) != ECERT_OK)
		buf_fail(object, buf_rc(&entry));
	tlv_put(object, ECERT_TAG_NAME, buf_view(&entry));
	buf_free(&entry);
}
