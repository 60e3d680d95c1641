/* SPDX-License-Identifier: BSD-2-Clause */
/* Signs and verifies with software keys from files, so that other tools can be set against us. */
#include <fcntl.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "crypto/pad/sigfmt.h"
#include "document/cms/cades.h"
#include "document/jose/jws.h"
#include "trust/path/check.h"
#include "trust/list/set.h"
#include "util/hex.h"

#define TYP "foreign-test+jwt"

static void need(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "foreign_tool: %s\n", what);
	exit(2);
}

static struct rd whole_file(const char *path)
{
	static uint8_t bytes[1 << 20];
	FILE *f = fopen(path, "rb");
	need(f != NULL, path);
	size_t n = fread(bytes, 1, sizeof bytes, f);
	fclose(f);
	return rd_of(bytes, n);
}

static EVP_PKEY *load_key(const char *path)
{
	FILE *f = fopen(path, "r");
	need(f != NULL, path);
	EVP_PKEY *key = PEM_read_PrivateKey(f, NULL, NULL, NULL);
	fclose(f);
	need(key != NULL, "key");
	return key;
}

static struct rd load_cert(const char *path)
{
	unsigned char *der = NULL;
	FILE *f = fopen(path, "r");
	need(f != NULL, path);
	X509 *x = PEM_read_X509(f, NULL, NULL, NULL);
	fclose(f);
	int n = x ? i2d_X509(x, &der) : 0;
	X509_free(x);
	need(n > 0, "certificate");
	return rd_of(der, (size_t)n);
}

static enum ecert_rc sign(void *ctx, enum doc_sig_alg alg, struct rd in, struct buf *raw)
{
	EVP_PKEY_CTX *p = EVP_PKEY_CTX_new(ctx, NULL);
	uint8_t sig[1024];
	size_t n = sizeof sig;
	enum ecert_rc rc = ECERT_OK;
	need(EVP_PKEY_sign_init(p) == 1 &&
		 EVP_PKEY_CTX_set_signature_md(p, EVP_get_digestbyname(doc_sig_digest(alg))) == 1,
	    "sign");
	if (alg == DOC_PS256)
		need(EVP_PKEY_CTX_set_rsa_padding(p, RSA_PKCS1_PSS_PADDING) == 1 &&
			 EVP_PKEY_CTX_set_rsa_pss_saltlen(p, RSA_PSS_SALTLEN_DIGEST) == 1,
		    "pss");
	need(EVP_PKEY_sign(p, sig, &n, in.p, in.n) == 1, "sign");
	if (alg == DOC_ES256 || alg == DOC_ES384)
		rc = ecdsa_der_to_raw(rd_of(sig, n), alg == DOC_ES256 ? 32 : 48, raw);
	else
		buf_put(raw, sig, n);
	EVP_PKEY_CTX_free(p);
	return rc;
}

static enum key_alg key_of(enum doc_sig_alg alg)
{
	return alg == DOC_ES256 ? KEY_P256 : alg == DOC_ES384 ? KEY_P384 : KEY_RSA2048;
}

/* cades ALG KEY CERT CA CONTENT: the signature to standard output */
static int do_cades(char **a)
{
	struct rd chain = load_cert(a[3]);
	struct doc_sign_options o = {.alg = doc_sig_by_name(a[0]), .now = time(NULL)};
	struct doc_signer s = {.key = key_of(o.alg),
	    .cert = load_cert(a[2]),
	    .chain = &chain,
	    .chain_n = 1,
	    .sign = sign,
	    .ctx = load_key(a[1])};
	struct buf out = BUF_INIT(1u << 20);
	int fd = open(a[4], O_RDONLY);
	need(fd >= 0, a[4]);
	need(cades_sign_fd(&s, &o, fd, &out) == ECERT_OK, "cades");
	fwrite(buf_view(&out).p, 1, buf_len(&out), stdout);
	close(fd);
	buf_free(&out);
	EVP_PKEY_free(s.ctx);
	OPENSSL_free((void *)(uintptr_t)s.cert.p);
	OPENSSL_free((void *)(uintptr_t)chain.p);
	return 0;
}

static void show(const struct report *r)
{
	for (size_t i = 0; i < r->n; i++)
		printf("%s: %s %s\n", r->checks[i].name, check_state_name(r->checks[i].state),
		    r->checks[i].detail);
}

/* verify P7S CONTENT CA; CONTENT "-" is inside */
static int do_verify(char **a)
{
	struct trust_set *set = NULL;
	struct doc_result *r = NULL;
	int fd = strcmp(a[1], "-") == 0 ? -1 : open(a[1], O_RDONLY);
	need(trust_set_new(&set) == ECERT_OK && trust_set_add_file(set, a[2], TRUST_ECERT_SIGNING,
						    TRUST_EXPLICIT, NULL) == ECERT_OK,
	    "trust");
	struct doc_path path = trust_set_path(set);
	struct doc_verify_options o = {.now = time(NULL), .path = &path};
	need(cades_verify(whole_file(a[0]), fd, &o, &r) == ECERT_OK, "verify");
	show(&r->report);
	for (size_t i = 0; i < r->n; i++)
		show(&r->signer[i].report);
	bool good = doc_verdict(r) == VERDICT_PASSED;
	doc_result_free(&r);
	trust_set_free(&set);
	if (fd >= 0)
		close(fd);
	return good ? 0 : 1;
}

/* jws ALG KEY CERT: a token to standard output */
static int do_jws(char **a)
{
	enum doc_sig_alg alg = doc_sig_by_name(a[0]);
	struct doc_signer s = {
	    .key = key_of(alg), .cert = load_cert(a[2]), .sign = sign, .ctx = load_key(a[1])};
	struct buf out = BUF_INIT(1u << 20);
	json_t *claims = json_pack("{s:s, s:i}", "iss", "https://shop.example", "iat", 1);
	need(jws_create(&s, &(struct jws_options){.typ = TYP, .x5c = true, .alg = alg}, claims,
		 &out) == ECERT_OK,
	    "jws");
	fwrite(buf_view(&out).p, 1, buf_len(&out), stdout);
	json_decref(claims);
	buf_free(&out);
	EVP_PKEY_free(s.ctx);
	OPENSSL_free((void *)(uintptr_t)s.cert.p);
	return 0;
}

/* checkjws TOKEN CERT */
static int do_checkjws(char **a)
{
	const struct jws_rules rules = {.typ = TYP};
	struct jws *j = NULL;
	struct rd cert = load_cert(a[1]);
	struct message_kept kept;
	char why[128];
	enum ecert_rc rc = jws_parse(whole_file(a[0]), &rules, &j, &kept);
	message_kept_text(&kept, NULL, why, sizeof why);
	if (rc == ECERT_OK)
		rc = jws_check_cert(j, cert);
	printf("%s %s\n", ecert_rc_name(rc), why);
	jws_free(&j);
	OPENSSL_free((void *)(uintptr_t)cert.p);
	return rc == ECERT_OK ? 0 : 1;
}

static void jwk_number(json_t *o, const char *name, EVP_PKEY *key, const char *param, int width)
{
	BIGNUM *bn = NULL;
	uint8_t bytes[1024];
	struct buf b = BUF_INIT(4096);
	need(EVP_PKEY_get_bn_param(key, param, &bn) == 1, param);
	int n = width ? width : BN_num_bytes(bn);
	need(BN_bn2binpad(bn, bytes, n) == n, param);
	b64url_put(&b, rd_of(bytes, (size_t)n));
	json_object_set_new(o, name, json_stringn((const char *)buf_view(&b).p, buf_len(&b)));
	buf_free(&b);
	BN_clear_free(bn);
}

/* jwk KEY: the private key as jose wants it (RFC 7518, 6) */
static int do_jwk(char **a)
{
	static const char *const rsa[][2] = {{"n", OSSL_PKEY_PARAM_RSA_N},
	    {"e", OSSL_PKEY_PARAM_RSA_E}, {"d", OSSL_PKEY_PARAM_RSA_D},
	    {"p", OSSL_PKEY_PARAM_RSA_FACTOR1}, {"q", OSSL_PKEY_PARAM_RSA_FACTOR2},
	    {"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1}, {"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2},
	    {"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1}};
	EVP_PKEY *key = load_key(a[0]);
	json_t *o = json_object();
	if (EVP_PKEY_is_a(key, "RSA")) {
		json_object_set_new(o, "kty", json_string("RSA"));
		for (size_t i = 0; i < sizeof rsa / sizeof rsa[0]; i++)
			jwk_number(o, rsa[i][0], key, rsa[i][1], 0);
	} else {
		int width = (EVP_PKEY_get_bits(key) + 7) / 8;
		json_object_set_new(o, "kty", json_string("EC"));
		json_object_set_new(o, "crv", json_string(width == 32 ? "P-256" : "P-384"));
		jwk_number(o, "x", key, OSSL_PKEY_PARAM_EC_PUB_X, width);
		jwk_number(o, "y", key, OSSL_PKEY_PARAM_EC_PUB_Y, width);
		jwk_number(o, "d", key, OSSL_PKEY_PARAM_PRIV_KEY, width);
	}
	json_dumpf(o, stdout, 0);
	json_decref(o);
	EVP_PKEY_free(key);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int args;
		int (*run)(char **a);
	} commands[] = {
	    {"cades", 5, do_cades},
	    {"verify", 3, do_verify},
	    {"jws", 3, do_jws},
	    {"checkjws", 2, do_checkjws},
	    {"jwk", 1, do_jwk},
	};
	for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof commands[0]; i++)
		if (strcmp(argv[1], commands[i].name) == 0 && argc == commands[i].args + 2)
			return commands[i].run(argv + 2);
	need(false, "usage: foreign_tool cades|verify|jws|checkjws|jwk ...");
	return 2;
}
