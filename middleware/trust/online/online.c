/* SPDX-License-Identifier: BSD-2-Clause */
/* Keeping account of what was asked: each question once. */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/digest.h"
#include "trust/online/online_priv.h"

enum ecert_rc trust_set_online(struct trust_set *s, const struct trust_online *o)
{
	struct online *n = calloc(1, sizeof *n);

	if (n)
		n->issuers = sk_X509_new_null();
	if (!n || !n->issuers) {
		free(n);
		return ECERT_E_MEMORY;
	}
	n->by = *o;
	online_free(&s->online);
	s->online = n;
	return ECERT_OK;
}

void online_free(struct online **o)
{
	if (!*o)
		return;
	sk_X509_pop_free((*o)->issuers, X509_free);
	for (size_t i = 0; i < (*o)->crls_n; i++)
		crl_free(&(*o)->crls[i]);
	for (size_t i = 0; i < (*o)->ocsp_n; i++)
		buf_free(&(*o)->ocsp[i]);
	free(*o);
	*o = NULL;
}

bool online_first(struct online *o, const struct trust_want *want)
{
	struct buf all = BUF_INIT(1 << 20);
	uint8_t sum[MD_MAX_SIZE];
	size_t n;
	bool first = o->asked_n < sizeof o->asked / sizeof o->asked[0];

	buf_u8(&all, (uint8_t)want->kind);
	buf_str(&all, want->url);
	/* Told is not asked. */
	buf_u8(&all, (uint8_t)want->beyond);
	buf_rd(&all, want->question);
	first = first && buf_rc(&all) == ECERT_OK &&
		digest_once(MD_SHA256, buf_view(&all), sum, &n) == ECERT_OK;
	buf_free(&all);
	for (size_t i = 0; first && i < o->asked_n; i++)
		first = memcmp(o->asked[i], sum, sizeof o->asked[i]) != 0;
	if (first)
		memcpy(o->asked[o->asked_n++], sum, sizeof o->asked[0]);
	return first;
}

void online_judged(const struct online *o, const struct trust_want *want, struct rd body,
    const char *why, time_t until)
{
	if (o->by.judged)
		o->by.judged(o->by.ctx, want, body, why, until);
}
