/* SPDX-License-Identifier: BSD-2-Clause */
/* Public keys of keys just made or imported, for cards that will not tell them again. */
#include "token/conn/made.h"

#include <stdlib.h>

void made_drop(struct made **list, uint8_t ref)
{
	for (struct made **at = list; *at; at = &(*at)->next) {
		struct made *m = *at;

		if (m->key.ref != ref)
			continue;
		*at = m->next;
		token_key_clear(&m->key);
		free(m);
		return;
	}
}

void made_clear(struct made **list)
{
	while (*list)
		made_drop(list, (*list)->key.ref);
}

void made_keep(struct made **list, const struct token_newkey *spec, enum key_origin origin,
    const struct pubkey *pub)
{
	struct made *m = calloc(1, sizeof *m);

	made_drop(list, spec->ref);
	if (!m)
		return;
	m->key = (struct token_key){.ref = spec->ref,
	    .alg = spec->alg,
	    .pin = spec->pin,
	    .touch = spec->touch,
	    .origin = origin,
	    .pub = pubkey_ref(pub)};
	m->next = *list;
	*list = m;
}

const struct token_key *made_find(const struct made *list, uint8_t ref)
{
	for (; list; list = list->next)
		if (list->key.ref == ref)
			return &list->key;
	return NULL;
}
