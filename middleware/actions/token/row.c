/* SPDX-License-Identifier: BSD-2-Clause */
/* What is plugged in, by the module and, for whole serial numbers, by the card layer. */
#include "actions/token/row.h"

#include <string.h>

#include "client/p11.h"
#include "client/pick.h"
#include "provision/prov.h"
#include "util/text.h"

/* PKCS#11 has room for 16 characters of a serial number. Where that may have cut it, the card layer
 * tells the whole, so that it is one and the same everywhere. */
static void whole_serials(const struct job *job, struct candidate *list, size_t n)
{
	struct token_slot slots[PICK_MAX];
	struct token_info infos[PICK_MAX];
	struct prov p = {.job = job};
	size_t there, cut = 0;

	for (size_t i = 0; i < n; i++)
		cut += strlen(list[i].serial) == 16;
	if (!cut || p11_foreign(job))
		return;
	there = prov_present(&p, slots, infos, PICK_MAX);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < there; k++)
			if (!strcmp(list[i].serial, infos[k].serial) &&
			    !strncmp(list[i].where, slots[k].reader, 64))
				text_copy(
				    list[i].serial, sizeof list[i].serial, infos[k].serial_full);
	prov_close(&p);
}

static void fill(const struct candidate *from, const PKCS11_SLOT *slot, struct token_row *row)
{
	const PKCS11_TOKEN *t = slot->token;

	text_copy(row->label, sizeof row->label, from->label);
	text_copy(row->serial, sizeof row->serial, from->serial);
	text_copy(row->reader, sizeof row->reader, from->where);
	text_copy(row->model, sizeof row->model, t->model ? t->model : "");
	text_copy(
	    row->manufacturer, sizeof row->manufacturer, t->manufacturer ? t->manufacturer : "");
	row->slot_id = from->slot_id;
	row->pin_blocked = t->userPinLocked;
	row->pin_last_try = t->userPinFinalTry;
}

size_t token_rows(const struct p11 *p, struct token_row *out, size_t cap, size_t *at)
{
	struct candidate found[PICK_MAX];
	PKCS11_SLOT *slots[PICK_MAX];
	size_t n = p11_candidates(p, found, slots, cap < PICK_MAX ? cap : PICK_MAX);

	whole_serials(p->job, found, n);
	for (size_t i = 0; i < n; i++) {
		fill(&found[i], slots[i], &out[i]);
		if (at && slots[i] == p->slot)
			*at = i;
	}
	return n;
}
