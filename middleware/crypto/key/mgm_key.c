/* SPDX-License-Identifier: BSD-2-Clause */
/* The management key of a token. */
#include "crypto/key/mgm_key.h"

#include <string.h>

#include "util/buf.h"
#include "util/hex.h"
#include "util/mem.h"

enum ecert_rc mgm_key_new(struct mgm_key **out)
{
	void *page;
	enum ecert_rc rc = secret_alloc(sizeof **out, &page);

	*out = rc == ECERT_OK ? page : NULL;
	return rc;
}

void mgm_key_free(struct mgm_key **k)
{
	secret_free(*k, sizeof **k);
	*k = NULL;
}

void mgm_key_wipe(struct mgm_key *k)
{
	mem_wipe(k, sizeof *k);
}

enum ecert_rc mgm_key_set(struct rd bytes, struct mgm_key *out)
{
	*out = (struct mgm_key){.n = 0};
	if (bytes.n != 16 && bytes.n != 24 && bytes.n != 32)
		return ECERT_E_DATA_LEN;
	memcpy(out->v, bytes.p, bytes.n);
	out->n = bytes.n;
	return ECERT_OK;
}

enum ecert_rc mgm_key_parse(struct rd text, struct mgm_key *out)
{
	struct buf b = BUF_LOCKED(MGM_KEY_MAX);
	enum ecert_rc rc = hex_get(text, &b);

	*out = (struct mgm_key){.n = 0};
	if (rc == ECERT_OK)
		rc = mgm_key_set(buf_view(&b), out);
	buf_free(&b);
	return rc;
}

struct rd mgm_key_view(const struct mgm_key *k)
{
	return rd_of(k->n > 0 ? k->v : NULL, k->n);
}

size_t mgm_key_shorter(const struct mgm_key *k, size_t n, enum ecert_rc refusal)
{
	bool refused = refusal == ECERT_E_PIN_WRONG || refusal == ECERT_E_DATA_LEN;

	return refused && k->shrink && n > 16 ? n - 8 : 0;
}
