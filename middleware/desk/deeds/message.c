/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages as codes and parameters. */
#include <stdlib.h>
#include <string.h>

#include "desk/deeds/deeds.h"
#include "util/text.h"

json_t *shown_json(const char *text)
{
	char *copy = text ? strdup(text) : NULL;
	json_t *o;

	if (!copy)
		return json_null();
	text_mask(copy);
	o = json_string(copy);
	free(copy);
	return o;
}

static json_t *one_of(const char *name, json_t *value)
{
	json_t *o = json_object();

	if (json_object_set_new(o, name, value) == 0)
		return o;
	json_decref(o);
	return NULL;
}

static json_t *param_json(const struct message_param *p)
{
	const char *known;

	switch (p->type) {
	case MESSAGE_TEXT:
	case MESSAGE_FILE:
		return one_of("t", shown_json(p->text ? p->text : ""));
	case MESSAGE_WORD:
		return one_of("w", json_string(p->text ? p->text : ""));
	case MESSAGE_NUMBER:
		return one_of("n", json_integer(p->number));
	case MESSAGE_TIME:
		return one_of("d", json_integer(p->number));
	case MESSAGE_RC:
		return one_of("w", json_string(ecert_strerror((enum ecert_rc)p->number)));
	case MESSAGE_ERRNO:
		known = strerrordesc_np((int)p->number);
		return one_of("w", json_string(known ? known : "?"));
	case MESSAGE_INNER:
		return one_of("m", message_json(p->inner));
	case MESSAGE_END:
		break;
	}
	return NULL;
}

json_t *message_json(const struct message *m)
{
	json_t *o, *params;

	if (!m || !m->id[0])
		return json_null();
	o = json_pack("{s:s}", "id", m->id);
	params = json_object();
	for (size_t i = 0; i < MESSAGE_PARAMS && m->param[i].type != MESSAGE_END; i++)
		(void)json_object_set_new(params, m->param[i].name, param_json(&m->param[i]));
	if (m->one)
		(void)json_object_set_new(o, "one", json_string(m->one));
	(void)json_object_set_new(o, "p", params);
	return o;
}

json_t *kept_json(const struct message_kept *k)
{
	return k->n ? message_json(MSG_KEPT(k)) : json_null();
}
