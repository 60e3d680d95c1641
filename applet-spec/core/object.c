/* SPDX-License-Identifier: BSD-2-Clause */
/* GET DATA and PUT DATA, SP 800-73-5 part 2, 3.1.2 and 3.3.2. */
#include "applet-spec/core/card.h"

struct object {
	uint32_t tag;
	uint16_t max;
	bool free, writable;
};

#define OBJECT(name, tag_, free_, writable_, max_)                                                 \
	{.tag = tag_, .max = max_, .free = free_, .writable = writable_},
static const struct object objects[] = {ECERT_OBJ_ROWS(OBJECT)};

static const struct object *find(struct ap_span tag)
{
	uint32_t id = 0;

	if (tag.len == 0 || tag.len > 3)
		return NULL;
	for (size_t i = 0; i < tag.len; i++)
		id = id << 8 | tag.p[i];
	for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++) {
		if (objects[i].tag == id)
			return &objects[i];
	}
	return NULL;
}

static uint16_t put_stored(struct ap *ap, uint32_t tag, struct ap_out *out)
{
	const struct ap_entry *e = ap_st_find(&ap->st, AP_REC_OBJECT, tag);
	uint8_t *room;

	if (e == NULL)
		return ECERT_SW_NOT_FOUND;
	ap_put_head(out, ECERT_TAG_OBJECT, e->len);
	room = ap_put_room(out, e->len);
	return room == NULL ? ECERT_SW_UNKNOWN : ap_sw(ap_st_read(&ap->st, e, 0, room, e->len));
}

uint16_t ap_get_data(struct ap *ap, const struct ap_cmd *cmd, struct ap_out *out)
{
	static const uint8_t discovery[] = ECERT_DISCOVERY;
	struct ap_span in = cmd->data, tag;
	const struct object *o;

	if (cmd->p1 != 0x3F || cmd->p2 != 0xFF)
		return ECERT_SW_BAD_P1P2;
	if (!ap_tlv_take(&in, ECERT_TAG_PATH, &tag) || in.len != 0)
		return ECERT_SW_BAD_DATA;
	o = find(tag);
	if (o == NULL)
		return ECERT_SW_NOT_FOUND;
	if (!o->free && !ap->pin_ok)
		return ECERT_SW_SECURITY_STATUS;
	if (o->tag == ECERT_OBJ_DISCOVERY) {
		ap_put(out, discovery, sizeof(discovery));
		return ECERT_SW_OK;
	}
	if (o->tag == ECERT_OBJ_ECERT_STATUS)
		return ap_put_status(ap, out);
	return put_stored(ap, o->tag, out);
}

uint16_t ap_put_data(struct ap *ap, const struct ap_cmd *cmd, struct ap_out *out)
{
	struct ap_span in = cmd->data, tag, value;
	const struct object *o;
	const struct ap_entry *old;
	uint32_t used = ap_st_object_bytes(&ap->st);

	(void)out;
	if (cmd->p1 != 0x3F || cmd->p2 != 0xFF)
		return ECERT_SW_BAD_P1P2;
	if (!ap->mgm_ok)
		return ECERT_SW_SECURITY_STATUS;
	if (!ap_tlv_take(&in, ECERT_TAG_PATH, &tag))
		return ECERT_SW_BAD_DATA;
	if (!ap_tlv_take(&in, ECERT_TAG_OBJECT, &value) || in.len != 0)
		return ECERT_SW_BAD_DATA;
	o = find(tag);
	if (o == NULL)
		return ECERT_SW_NOT_FOUND;
	if (!o->writable)
		return ECERT_SW_NOT_SUPPORTED;
	if (value.len > o->max)
		return ECERT_SW_NO_SPACE;
	/* An empty value deletes. */
	if (value.len == 0)
		return ap_sw(ap_st_delete(&ap->st, AP_REC_OBJECT, o->tag));
	old = ap_st_find(&ap->st, AP_REC_OBJECT, o->tag);
	if (used - (old != NULL ? old->len : 0) + value.len > ECERT_OBJECTS_MAX)
		return ECERT_SW_NO_SPACE;
	return ap_sw(ap_object_put(ap, o->tag, value.p, value.len));
}

enum ap_st ap_object_put(struct ap *ap, uint32_t tag, const uint8_t *value, size_t len)
{
	const struct ap_part part = {value, len};

	return ap_st_put(&ap->st, AP_REC_OBJECT, tag, &part, 1);
}

enum ap_st ap_object_get(struct ap *ap, uint32_t tag, uint8_t *out, size_t cap, size_t *len)
{
	const struct ap_entry *e = ap_st_find(&ap->st, AP_REC_OBJECT, tag);

	*len = 0;
	if (e == NULL)
		return AP_ST_OK;
	if (e->len > cap)
		return AP_ST_FULL;
	*len = e->len;
	return ap_st_read(&ap->st, e, 0, out, e->len);
}
