/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of the counterparty token share: both parties, their cards, and a mark. */
#ifndef ECERT_TESTS_COUNTERPARTY_FIX_H
#define ECERT_TESTS_COUNTERPARTY_FIX_H

#include <dirent.h>
#include <openssl/ocsp.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "document/jose/jws.h"
#include "trust/counterparty/counterparty.h"
#include "token_sim.h"

#define AUD    "https://buyer.example"
#define NONCE  "nonce-of-22-characters"
#define SHOP   "https://shop.example"
#define ISSUER "https://issuer.example"
#define TYPE   "https://issuer.example/mark/1"

static struct pki_id ca, ecert, imported, stranger, issuer, slot_key;
static struct token_sim card;
static struct pki_id stmt, stmt_never, stmt_other;
static struct buf mark = BUF_INIT(JWS_MAX_SIZE), status = BUF_INIT(JWS_MAX_SIZE);
static char dir[] = "./counterparty-XXXXXX";
static struct nonce_store *used;

static inline struct trust_set *trust(bool with_root)
{
	struct trust_set *s = NULL;
	assert_int_equal(trust_set_new(&s), ECERT_OK);
	assert_int_equal(
	    trust_set_add_der(s, ca.der, TRUST_ECERT_SIGNING, TRUST_EXPLICIT, NULL), ECERT_OK);
	assert_int_equal(
	    trust_set_add_der(s, issuer.der, TRUST_MARK_ISSUER, TRUST_EXPLICIT, ISSUER), ECERT_OK);
	if (with_root)
		assert_int_equal(
		    trust_set_add_der(s, card.root.der, TRUST_ATTESTATION, TRUST_EXPLICIT, NULL),
		    ECERT_OK);
	return s;
}

static inline int setup(void **state)
{
	(void)state;
	pki_make(&(struct pki_spec){.cn = "CA", .ca = true}, &ca);
	pki_make(
	    &(struct pki_spec){.cn = "Chan", .usage = "digitalSignature", .issuer = &ca}, &ecert);
	pki_make(
	    &(struct pki_spec){
		.cn = "Lee", .key = KEY_RSA2048, .usage = "digitalSignature", .issuer = &ca},
	    &imported);
	pki_make(&(struct pki_spec){.cn = "Stranger", .usage = "digitalSignature"}, &stranger);
	pki_make(&(struct pki_spec){.cn = "Issuer"}, &issuer);
	pki_make(&(struct pki_spec){.cn = "slot"}, &slot_key);
	token_sim_make("Card TEST Root", &card);
	token_sim_attest(&card, ecert.key, 2, false, &stmt);
	token_sim_attest(&card, ecert.key, PIN_POLICY_NEVER, false, &stmt_never);
	token_sim_attest(&card, slot_key.key, 2, false, &stmt_other);
	struct doc_signer s = pki_signer(&issuer);
	struct mark_grant g = {
	    .iss = ISSUER, .sub = SHOP, .type = TYPE, .holder_cert = ecert.der, .now = T0};
	assert_int_equal(mark_issue(&s, &g, &mark), ECERT_OK);
	assert_int_equal(
	    mark_status_issue(&s,
		&(const struct mark_status){
		    .iss = ISSUER, .mark = buf_view(&mark), .status = "active", .iat = T0},
		&status),
	    ECERT_OK);
	assert_non_null(mkdtemp(dir));
	return nonce_store_open(dir, T0, &used) == ECERT_OK ? 0 : -1;
}

static inline void forget(void)
{
	char path[512];
	DIR *d = opendir(dir);
	for (const struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
		snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
		if (e->d_name[0] != '.')
			assert_int_equal(unlink(path), 0);
	}
	closedir(d);
}

static inline int teardown(void **state)
{
	struct pki_id *const all[] = {
	    &stmt, &stmt_never, &stmt_other, &ecert, &imported, &stranger, &issuer, &slot_key, &ca};
	(void)state;
	forget();
	nonce_store_close(&used);
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		pki_free(all[i]);
	token_sim_free(&card);
	buf_free(&mark);
	buf_free(&status);
	return rmdir(dir);
}

static inline struct counterparty_options options(struct rd att[2], const struct pki_id *statement)
{
	struct counterparty_options o = {
	    .audience = AUD, .nonce = NONCE, .subject = SHOP, .now = T0, .slot = "9a"};
	if (statement) {
		att[0] = statement->der;
		att[1] = card.f9.der;
		o.attestation = att;
		o.attestation_n = 2;
	}
	return o;
}

static inline void create(struct pki_id *by, const struct counterparty_options *o, struct buf *out)
{
	struct doc_signer s = pki_signer(by);
	buf_reset(out);
	assert_int_equal(counterparty_create(&s, o, out), ECERT_OK);
}

static inline struct counterparty_result *verify(
    struct rd token, const struct counterparty_expect *e)
{
	struct counterparty_result *r = NULL;
	assert_int_equal(counterparty_verify(token, e, &r), ECERT_OK);
	assert_non_null(r);
	return r;
}

/* The first check that is not good, or none (""); the store is emptied before, so that each case
 * stands alone. */
static inline void expect(const struct buf *t, const struct counterparty_expect *e,
    const char *check, enum evidence_level level)
{
	forget();
	struct counterparty_result *r = verify(buf_view(t), e);
	const struct check *c = report_reason(&r->report);
	if (strcmp(c ? c->name : "", check) != 0)
		fail_msg(
		    "%s: %s, instead of %s", c ? c->name : "all good", c ? c->detail : "", check);
	assert_int_equal(r->level, level);
	counterparty_result_free(&r);
}

#endif
