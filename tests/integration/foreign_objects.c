/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects of foreign cards: too large, of a fixed size, or not to be written. */
#include "tests/integration/foreign_card.h"

#include <string.h>

/* What this card remembers beside the applet's own objects. */
#define CAPACITY_OF(tag) (AP_OBJECT_HIDDEN + 0x1000u + ((tag)&0xFFF))

/* 5C 03 tag 53 len value. False when it is no such command. */
static bool written(const struct command *c, uint32_t *tag, const uint8_t **value, size_t *len)
{
	struct ap_span in = {c->data, c->len}, path, body;

	if (c->ins != ECERT_INS_PUT_DATA || !ap_tlv_take(&in, ECERT_TAG_PATH, &path) ||
	    path.len != 3)
		return false;
	*tag = (uint32_t)(path.p[0] << 16 | path.p[1] << 8 | path.p[2]);
	if (!ap_tlv_take(&in, ECERT_TAG_OBJECT, &body))
		return false;
	*value = body.p;
	*len = body.len;
	return true;
}

/* The file was begun anew with the first part: what was there is gone, and what came is torn. */
static uint16_t overflow(
    struct vcard *v, const struct skin *s, uint32_t tag, size_t head, const uint8_t *value)
{
	if (!v->ap.mgm_ok)
		return 0x6982;
	return ap_object_put(&v->ap, tag, value, s->object_max - head) == AP_ST_OK ? 0x6700
										   : 0x6F00;
}

static size_t capacity(struct vcard *v, uint32_t tag)
{
	uint8_t kept[2];
	size_t n = 0;

	if (ap_object_get(&v->ap, CAPACITY_OF(tag), kept, sizeof kept, &n) != AP_ST_OK || n != 2)
		return 0;
	return (size_t)(kept[0] << 8 | kept[1]);
}

uint16_t objects_refuse(struct vcard *v, const struct skin *s, const struct command *c)
{
	const uint8_t *value;
	uint32_t tag;
	size_t len;

	if (!c->complete || !written(c, &tag, &value, &len))
		return 0;
	if (s->no_admin && (tag == ECERT_OBJ_ADMIN || tag == ECERT_OBJ_KEY_HISTORY))
		return v->ap.mgm_ok ? 0x6A82 : 0x6982;
	if (s->retired > 0 && tag >= (uint32_t)ECERT_OBJ_CERT_82 + s->retired &&
	    tag <= ECERT_OBJ_CERT_95)
		return v->ap.mgm_ok ? 0x6A82 : 0x6982;
	if (s->object_max > 0 && c->len > s->object_max)
		return overflow(v, s, tag, (size_t)(value - c->data), value);
	if (s->no_growth && capacity(v, tag) > 0 && len > capacity(v, tag))
		return v->ap.mgm_ok ? 0x6A84 : 0x6982;
	return 0;
}

void objects_note(struct vcard *v, const struct skin *s, const struct command *c)
{
	const uint8_t *value;
	uint32_t tag;
	size_t len;

	if (!s->no_growth || !written(c, &tag, &value, &len) || len == 0 || capacity(v, tag) > 0)
		return;
	(void)ap_object_put(
	    &v->ap, CAPACITY_OF(tag), (const uint8_t[]){(uint8_t)(len >> 8), (uint8_t)len}, 2);
}
