/* SPDX-License-Identifier: BSD-2-Clause */
/* What an issuer's own site says of it. The first byte chooses: r the text as it is; c claims of an
 * entity configuration, p those of a list of keys that are over, which the issuer signs here. */
#include <jansson.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <string.h>

#include "document/cert.h"
#include "fuzz.h"
#include "toyca.h"
#include "trust/mark/mark_priv.h"

#define ISS    "https://alliance.example"
#define CONFIG "entity-statement+jwt"
#define PAST   "jwk-set+jwt"
#define KID    "k" /* in the seeds, with the key's numbers */

static enum ecert_rc sign(void *ctx, enum doc_sig_alg alg, struct rd in, struct buf *raw)
{
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new(toyca_key(), NULL);
	uint8_t der[128], both[64];
	const uint8_t *p = der;
	size_t n = sizeof der;
	ECDSA_SIG *sig;

	(void)ctx;
	REQUIRE(alg == DOC_ES256 && c && EVP_PKEY_sign_init(c) == 1 &&
		EVP_PKEY_sign(c, der, &n, in.p, in.n) == 1);
	sig = d2i_ECDSA_SIG(NULL, &p, (long)n);
	REQUIRE(sig && BN_bn2binpad(ECDSA_SIG_get0_r(sig), both, 32) == 32 &&
		BN_bn2binpad(ECDSA_SIG_get0_s(sig), both + 32, 32) == 32);
	buf_put(raw, both, sizeof both);
	ECDSA_SIG_free(sig);
	EVP_PKEY_CTX_free(c);
	return buf_rc(raw);
}

/* The issuer's certificate, pinned for ISS; and a set that trusts nobody. */
static struct buf issuer = BUF_INIT(8192);
static struct trust_set *pinned, *nobody;
/* That it is good, and has the one key. */
static struct buf plain = BUF_INIT(8192);

static bool signed_text(const char *typ, struct rd claims, struct buf *out)
{
	const struct doc_signer by = {
	    .key = KEY_P256, .cert = buf_view(&issuer), .sign = sign, .proven = true};
	const struct jws_options o = {.typ = typ, .kid = KID};
	json_t *c = json_loadb((const char *)claims.p, claims.n, JSON_REJECT_DUPLICATES, NULL);
	const bool good = json_is_object(c) && jws_create(&by, &o, c, out) == ECERT_OK;

	json_decref(c);
	return good;
}

/* {"iss":, "sub":, "iat":, "exp":, "jwks":{"keys":[the issuer's key]}} */
static void make_plain(void)
{
	struct buf jwk = BUF_INIT(4096);
	json_t *key, *claims;
	char *text;

	REQUIRE(jws_jwk(buf_view(&issuer), &jwk) == ECERT_OK);
	key = json_loadb((const char *)buf_view(&jwk).p, buf_len(&jwk), 0, NULL);
	REQUIRE(key && json_object_set_new(key, "kid", json_string(KID)) == 0);
	claims = json_pack("{s:s, s:s, s:I, s:I, s:{s:[o]}}", "iss", ISS, "sub", ISS, "iat",
	    (json_int_t)TOYCA_NOW - 10, "exp", (json_int_t)TOYCA_NOW + 1000, "jwks", "keys", key);
	text = claims ? json_dumps(claims, JSON_COMPACT) : NULL;
	REQUIRE(text && signed_text(CONFIG, rd_of(text, strlen(text)), &plain));
	free(text);
	json_decref(claims);
	buf_free(&jwk);
}

static void begin(void)
{
	X509 *x = toyca_make("Alliance", "Alliance", 7);

	toyca_extend(x, NID_key_usage, "critical,digitalSignature");
	REQUIRE(X509_sign(x, toyca_key(), EVP_sha256()) > 0 && cert_der(x, &issuer) == ECERT_OK);
	X509_free(x);
	REQUIRE(trust_set_new(&pinned) == ECERT_OK && trust_set_new(&nobody) == ECERT_OK);
	REQUIRE(trust_set_add_der(
		    pinned, buf_view(&issuer), TRUST_MARK_ISSUER, TRUST_EXPLICIT, ISS) == ECERT_OK);
	make_plain();
}

static struct mark_expect expect(const struct trust_set *set)
{
	return (struct mark_expect){.now = TOYCA_NOW, .trust = set};
}

/* A mark of that moment by the key that has this kid. */
static void look_for(const struct mark_config *c, const struct mark_key *k, time_t iat)
{
	struct jws j = {.kid = k->kid,
	    .header = json_pack("{s:s}", "typ", TRUST_MARK_TYP),
	    .claims = json_pack("{s:I}", "iat", (json_int_t)iat)};
	const struct mark_key *found;

	REQUIRE(j.header && j.claims);
	found = mark_config_key(c, &j, ISS);
	REQUIRE(!found || (!strcmp(found->kid, k->kid) &&
			      (!found->until ||
				  (iat <= found->until && iat + TRUST_CLOCK_SKEW >= found->from))));
	REQUIRE(found || k->until);
	REQUIRE(!mark_config_key(c, &j, "https://other.example"));
	json_decref(j.header);
	json_decref(j.claims);
}

static void is_sound(const struct mark_config *c)
{
	REQUIRE(!strcmp(c->iss, ISS) && c->by && c->n > 0 && c->n <= MARK_KEYS);
	REQUIRE(c->exp + TRUST_CLOCK_SKEW >= TOYCA_NOW);
	REQUIRE(memchr(c->status_at, 0, sizeof c->status_at) &&
		memchr(c->past_at, 0, sizeof c->past_at));
	for (size_t i = 0; i < c->n; i++) {
		REQUIRE(memchr(c->keys[i].kid, 0, sizeof c->keys[i].kid));
		REQUIRE(c->keys[i].kid[0] && buf_len(&c->keys[i].spki));
		look_for(c, &c->keys[i], TOYCA_NOW - 1000);
		look_for(c, &c->keys[i], c->keys[i].until);
	}
}

static void owners(const struct mark_config *c, struct rd text)
{
	const struct jws_rules rules = {.typ = CONFIG, .need_kid = true};
	const struct mark_expect e = expect(pinned);
	const char *type;
	json_t *o;
	struct jws *j = NULL;

	REQUIRE(jws_parse(text, &rules, &j, NULL) == ECERT_OK);
	json_object_foreach(c->owners, type, o)
	{
		REQUIRE(mark_config_owner(c, type) == o);
		(void)mark_config_signed(json_object_get(o, "jwks"), j, &e);
	}
	jws_free(&j);
}

/* Nobody who is not pinned says anything, and nobody for somebody else. */
static void read_config(struct rd text)
{
	const struct mark_expect e = expect(pinned), none = expect(nobody);
	struct mark_config *c, *other;
	const char *why = mark_config_read(text, ISS, &e, &c);

	REQUIRE(!why == (c != NULL));
	REQUIRE(mark_config_read(text, "https://other.example", &e, &other) && !other);
	REQUIRE(mark_config_read(text, ISS, &none, &other) && !other);
	if (c) {
		is_sound(c);
		owners(c, text);
	}
	mark_config_free(&c);
}

/* What is over completes, and takes nothing away. */
static void read_past(struct rd text)
{
	const struct mark_expect e = expect(pinned);
	struct mark_config *c;
	const char *why;

	REQUIRE(!mark_config_read(buf_view(&plain), ISS, &e, &c));
	why = mark_config_read_past(text, &e, c);
	REQUIRE(c->n >= 1 && !c->keys[0].until && (!why || c->n == 1));
	for (size_t i = 1; i < c->n; i++)
		REQUIRE(c->keys[i].until);
	is_sound(c);
	mark_config_free(&c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf text = BUF_INIT(1u << 18);
	const struct rd rest = rd_of(data + 1, size ? size - 1 : 0);

	if (!pinned)
		begin();
	if (!size)
		return 0;
	if (data[0] == 'r') {
		read_config(rest);
		read_past(rest);
	} else if (data[0] == 'c' && signed_text(CONFIG, rest, &text)) {
		read_config(buf_view(&text));
	} else if (data[0] == 'p' && signed_text(PAST, rest, &text)) {
		read_past(buf_view(&text));
	}
	buf_free(&text);
	errors_forget();
	return 0;
}
