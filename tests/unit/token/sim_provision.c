/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys and certificates for simulated cards, put there through the token layer itself. */
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "ecert/piv_const.h"
#include "tests/unit/token/sim_card.h"
#include "util/hex.h"
#include "util/tlv.h"

static void must(bool ok)
{
	if (!ok)
		abort();
}

void sim_cert(const struct pubkey *pub, const char *name, struct buf *der)
{
	EVP_PKEY *ca = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	uint8_t *out = NULL;
	char filler[61];
	int n;

	must(ca != NULL && x != NULL);
	must(X509_set_version(x, X509_VERSION_3) == 1);
	must(ASN1_INTEGER_set(X509_get_serialNumber(x), 42) == 1);
	must(ASN1_TIME_set_string_X509(X509_getm_notBefore(x), "20250101000000Z") == 1);
	must(ASN1_TIME_set_string_X509(X509_getm_notAfter(x), "20991231235959Z") == 1);
	must(X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8,
		 (const unsigned char *)name, -1, -1, 0) == 1);
	memset(filler, 'x', 60);
	filler[60] = '\0';
	for (int i = 0; i < 17; i++)
		must(X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "OU", MBSTRING_UTF8,
			 (const unsigned char *)filler, -1, -1, 0) == 1);
	must(X509_set_pubkey(x, pubkey_evp(pub)) == 1 && X509_sign(x, ca, EVP_sha256()) > 0);
	n = i2d_X509(x, &out);
	must(n > 0);
	buf_put(der, out, (size_t)n);
	OPENSSL_free(out);
	X509_free(x);
	EVP_PKEY_free(ca);
}

static void provision_one(const struct token_at *at, uint8_t ref)
{
	const struct token_newkey spec = {.ref = ref, .alg = KEY_P256};
	struct buf der = BUF_INIT(8192);
	struct pubkey *pub = NULL;

	must(token_key_generate(at, &spec, &pub) == ECERT_OK);
	sim_cert(pub, "First", &der);
	must(token_cert_put(at, ref, buf_view(&der)) == ECERT_OK);
	buf_free(&der);
	pubkey_free(&pub);
}

void sim_provision(struct sim *s, size_t reader, const uint8_t *refs)
{
	struct tokens *t = sim_tokens(s, ISOLATION_SESSION);
	const struct token_at at = {.tokens = t, .slot = (unsigned)reader};
	int tries;

	must(token_login(&at, TOKEN_SO, rd_of(SIM_MGM, strlen(SIM_MGM)), 0, &tries) == ECERT_OK);
	for (; *refs != 0; refs++)
		provision_one(&at, *refs);
	tokens_close(&t);
}

void sim_protect(struct sim *s, size_t reader, const char *key)
{
	struct tokens *t = sim_tokens(s, ISOLATION_SESSION);
	const struct token_at at = {.tokens = t, .slot = (unsigned)reader};
	struct buf raw = BUF_INIT(64), inner = BUF_INIT(64), object = BUF_INIT(64);
	const uint8_t admin[] = {0x80, 0x03, 0x81, 0x01, 0x02};
	int tries;

	must(hex_get(rd_of(key, strlen(key)), &raw) == ECERT_OK);
	tlv_put(&inner, 0x89, buf_view(&raw));
	tlv_put(&object, 0x88, buf_view(&inner));
	must(token_login(&at, TOKEN_SO, rd_of(SIM_MGM, strlen(SIM_MGM)), 0, &tries) == ECERT_OK);
	must(token_data_put(&at, ECERT_OBJ_PRINTED, buf_view(&object)) == ECERT_OK);
	must(token_data_put(&at, ECERT_OBJ_ADMIN, rd_of(admin, sizeof admin)) == ECERT_OK);
	tokens_close(&t);
	buf_free(&raw);
	buf_free(&inner);
	buf_free(&object);
}
