/* SPDX-License-Identifier: BSD-2-Clause */
/* The keys on a token: by our own card layer, or what another maker's module shows. */
#include "actions/key/list.h"

#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/p11.h"
#include "client/slot.h"
#include "provision/prov.h"
#include "util/hex.h"
#include "util/text.h"

#define ATTESTER 0xF9

static enum outcome failed(const struct job *job, enum ecert_rc rc)
{
	return ui_fail_rc(job->ui, rc, MSG("Cannot list the keys: {why}"));
}

/* ---- a card of ours ---- */
/* Whether the card as a whole is gone. */
static bool is_gone(enum ecert_rc rc)
{
	return outcome_of_rc(rc) == OUT_NO_TOKEN || rc == ECERT_E_REMOVED || rc == ECERT_E_MUTE ||
	       rc == ECERT_E_RESET || rc == ECERT_E_TIMEOUT || rc == ECERT_E_EXCLUSIVE ||
	       rc == ECERT_E_MEMORY;
}

/* What its owner calls the slot's key. */
static enum ecert_rc name_row(const struct token_names *names, uint8_t ref, struct key_row *row)
{
	const struct token_name *n = token_name_of(names, ref);

	if (n && n->id_len)
		hex_str(rd_of(n->id, n->id_len), row->id);
	else
		snprintf(row->id, sizeof row->id, "%02x", slot_id(ref));
	row->label = n && *n->key ? strdup(n->key) : NULL;
	return !n || !*n->key || row->label ? ECERT_OK : ECERT_E_MEMORY;
}

static void describe(const struct token_key *k, struct key_row *row)
{
	const struct alg *alg = alg_row(k->alg);

	text_copy(row->slot, sizeof row->slot, slot_name(k->ref));
	row->use = slot_use(k->ref);
	row->algorithm = alg ? alg->name : "unknown";
	row->pin_policy = slot_pin_word(k->pin);
	row->touch_policy = slot_touch_word(k->touch);
	row->origin = slot_origin_word(k->origin);
}

/* Who its certificate names. Errors: those of a card that is gone. */
static enum ecert_rc name_owner(
    const struct token_at *at, uint8_t ref, time_t now, struct key_row *row)
{
	struct buf der = BUF_INIT(65536);
	enum ecert_rc rc = token_cert_get(at, ref, &der);

	if (rc == ECERT_OK) {
		row->who = malloc(sizeof *row->who);
		rc = row->who ? identity_read(buf_view(&der), row->who) : ECERT_E_MEMORY;
	}
	if (rc != ECERT_OK) {
		free(row->who);
		row->who = NULL;
	} else {
		row->ends_soon = expiry_near(row->who->not_after, now, &row->ends);
	}
	buf_free(&der);
	return is_gone(rc) ? rc : ECERT_OK;
}

static void row_free(struct key_row *row)
{
	free(row->label);
	free(row->who);
	*row = (struct key_row){.label = NULL};
}

static enum ecert_rc list_one(const struct token_at *at, const struct token_names *names,
    uint8_t ref, time_t now, struct key_list *list)
{
	struct key_row *row = &list->row[list->n];
	struct token_key k = {0};
	enum ecert_rc rc = token_key_get(at, ref, &k);

	if (rc != ECERT_OK)
		return is_gone(rc) ? rc : ECERT_OK;
	describe(&k, row);
	token_key_clear(&k);
	rc = name_row(names, ref, row);
	if (rc == ECERT_OK)
		rc = name_owner(at, ref, now, row);
	if (rc != ECERT_OK)
		row_free(row);
	else
		list->n++;
	return rc;
}

static enum outcome list_card(const struct job *job, struct key_list *out)
{
	uint8_t refs[TOKEN_KEYS_MAX];
	struct token_names names;
	time_t now = job_now(job);
	struct prov p;
	size_t n = 0;
	enum outcome code = prov_open(job, &p);

	if (code)
		return code;
	code = failed(job, token_refs(&p.at, refs, &n));
	if (!code)
		code = failed(job, token_names(&p.at, &names));
	if (!code && !(out->row = calloc(TOKEN_KEYS_MAX, sizeof *out->row)))
		code = failed(job, ECERT_E_MEMORY);
	for (size_t i = 0; !code && i < n; i++)
		if (refs[i] != ATTESTER)
			code = failed(job, list_one(&p.at, &names, refs[i], now, out));
	prov_close(&p);
	return code;
}

/* ---- another maker's module ---- */
/* What it shows without a PIN: its public keys. */
static enum outcome take_keys(struct p11 *p, struct key_list *out)
{
	PKCS11_KEY *keys = NULL;
	unsigned n = 0;

	ERR_clear_error();
	if (PKCS11_enumerate_public_keys(p->slot->token, &keys, &n))
		return failed(p->job, p11_error());
	out->row = calloc(n ? n : 1, sizeof *out->row);
	if (!out->row)
		return failed(p->job, ECERT_E_MEMORY);
	for (; out->n < n; out->n++) {
		struct key_row *row = &out->row[out->n];
		const PKCS11_KEY *key = &keys[out->n];

		if (2 * key->id_len < sizeof row->id)
			hex_str(rd_of(key->id, key->id_len), row->id);
		row->label = strdup(key->label ? key->label : "");
		if (!row->label)
			return failed(p->job, ECERT_E_MEMORY);
	}
	return OUT_OK;
}

static enum outcome list_module(const struct job *job, struct key_list *out)
{
	struct p11 p;
	enum outcome code = p11_begin(job, &p);

	if (!code)
		code = take_keys(&p, out);
	p11_close(&p);
	return code;
}

enum outcome key_list(const struct job *job, struct key_list *out)
{
	*out = (struct key_list){.by_module = p11_foreign(job)};
	return out->by_module ? list_module(job, out) : list_card(job, out);
}

void key_list_free(struct key_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		row_free(&list->row[i]);
	free(list->row);
	*list = (struct key_list){.row = NULL};
}
