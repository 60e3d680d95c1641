/* SPDX-License-Identifier: BSD-2-Clause */
/* One session object: its attributes as bytes. */
#include <stdlib.h>
#include <string.h>

#include "pkcs11/object/store.h"
#include "util/mem.h"

CK_RV stored_new(struct stored **out)
{
	*out = calloc(1, sizeof **out);
	if (!*out)
		return CKR_HOST_MEMORY;
	(*out)->refs = 1;
	return CKR_OK;
}

const struct stored_attr *stored_get(const struct stored *s, CK_ATTRIBUTE_TYPE type)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->attr[i].type == type)
			return &s->attr[i];
	return NULL;
}

CK_RV stored_set(struct stored *s, CK_ATTRIBUTE_TYPE type, struct rd value)
{
	struct stored_attr *a = NULL;
	uint8_t *copy;

	if (value.n > STORE_VALUE_MAX)
		return CKR_ATTRIBUTE_VALUE_INVALID;
	for (size_t i = 0; i < s->n; i++)
		if (s->attr[i].type == type)
			a = &s->attr[i];
	if (!a && s->n == STORE_ATTRS_MAX)
		return CKR_TEMPLATE_INCONSISTENT;
	if (mem_dup(value.p, value.n, &copy) != ECERT_OK)
		return CKR_HOST_MEMORY;
	if (a)
		mem_free(a->value, a->len);
	else
		a = &s->attr[s->n++];
	*a = (struct stored_attr){type, copy, value.n};
	return CKR_OK;
}

CK_RV stored_set_bool(struct stored *s, CK_ATTRIBUTE_TYPE type, bool value)
{
	CK_BBOOL v = value ? CK_TRUE : CK_FALSE;

	return stored_set(s, type, rd_of(&v, sizeof v));
}

CK_RV stored_set_ulong(struct stored *s, CK_ATTRIBUTE_TYPE type, CK_ULONG value)
{
	return stored_set(s, type, rd_of(&value, sizeof value));
}

bool stored_true(const struct stored *s, CK_ATTRIBUTE_TYPE type)
{
	const struct stored_attr *a = stored_get(s, type);

	return a && a->len == sizeof(CK_BBOOL) && a->value[0];
}

CK_RV stored_dup(const struct stored *s, struct stored **out)
{
	CK_RV rv = stored_new(out);

	for (size_t i = 0; rv == CKR_OK && i < s->n; i++)
		rv = stored_set(*out, s->attr[i].type, rd_of(s->attr[i].value, s->attr[i].len));
	if (rv != CKR_OK) {
		stored_free(out);
		return rv;
	}
	if (s->pub)
		(*out)->pub = pubkey_ref(s->pub);
	return CKR_OK;
}

void stored_free(struct stored **sp)
{
	struct stored *s = *sp;
	bool last;

	*sp = NULL;
	if (!s)
		return;
	(void)pthread_mutex_lock(&p11.lock);
	last = --s->refs == 0;
	(void)pthread_mutex_unlock(&p11.lock);
	if (!last)
		return;
	for (size_t i = 0; i < s->n; i++)
		mem_free(s->attr[i].value, s->attr[i].len);
	pubkey_free(&s->pub);
	free(s);
}
