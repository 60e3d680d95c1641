/* SPDX-License-Identifier: BSD-2-Clause */
/* What each case of the hostile card does. answers.tsv says what has to come of it. */
#include "tests/hostile/hostile.h"

#include <string.h>

/* The token has P-256 in 9A, RSA-2048 in 9C and 9D, P-256 in 9E and 82, each with a certificate. */
#define CERT(row, fn, how)                                                                         \
	{                                                                                          \
		.name = row, .hit = HIT_OBJECT, .arg = ECERT_OBJ_CERT_9A, .answer = fn, .n = how   \
	}
#define STATUS(row, fn, how)                                                                       \
	{                                                                                          \
		.name = row, .hit = HIT_OBJECT, .arg = ECERT_OBJ_ECERT_STATUS, .answer = fn,       \
		.n = how                                                                           \
	}
#define NAMES(row, how)                                                                            \
	{                                                                                          \
		.name = row, .hit = HIT_OBJECT, .arg = ECERT_OBJ_ECERT_NAMES,                      \
		.answer = bend_names, .n = how                                                     \
	}
#define META(row, fn, how)                                                                         \
	{                                                                                          \
		.name = row, .hit = HIT_META, .arg = 0x9A, .answer = fn, .n = how                  \
	}
#define EC(row, fn, how)                                                                           \
	{                                                                                          \
		.name = row, .hit = HIT_USE, .arg = 0x9A, .answer = fn, .n = how                   \
	}
#define RSA(row, how)                                                                              \
	{                                                                                          \
		.name = row, .hit = HIT_USE, .arg = 0x9C, .answer = bend_rsa, .n = how             \
	}
#define RAW(row, how)                                                                              \
	{                                                                                          \
		.name = row, .hit = HIT_USE, .arg = 0x9D, .answer = bend_rsa, .n = how             \
	}
#define SELECT(row, fn, how)                                                                       \
	{                                                                                          \
		.name = row, .hit = HIT_SELECT, .answer = fn, .n = how                             \
	}
#define ATTEST(row, fn, how)                                                                       \
	{                                                                                          \
		.name = row, .hit = HIT_ATTEST, .answer = fn, .n = how                             \
	}
#define WIRE(row, target, what, fn, how)                                                           \
	{                                                                                          \
		.name = row, .hit = target, .arg = what, .wire = fn, .n = how                      \
	}
/* The same on the wire at the five places that matter. */
#define WIRE_ALL(row, fn, how)                                                                     \
	WIRE(row "-select", HIT_SELECT, 0, fn, how),                                               \
	    WIRE(row "-status", HIT_OBJECT, ECERT_OBJ_ECERT_STATUS, fn, how),                      \
	    WIRE(row "-cert", HIT_OBJECT, ECERT_OBJ_CERT_9A, fn, how),                             \
	    WIRE(row "-meta", HIT_META, 0x9A, fn, how), WIRE(row "-sign", HIT_USE, 0x9A, fn, how)

static const struct bend table[] = {
    /* 1 */
    SELECT("select-truncated", bend_cut, 50),
    STATUS("status-truncated", bend_cut, 50),
    CERT("cert-truncated", bend_cut, 50),
    META("meta-truncated", bend_cut, 50),
    EC("sign-truncated", bend_cut, 50),
    ATTEST("attest-truncated", bend_cut, 50),
    NAMES("names-cut", NAMES_CUT),
    /* 2 */
    SELECT("select-length-84", bend_length, 0x84),
    STATUS("status-length-84", bend_length, 0x84),
    STATUS("status-length-80", bend_length, 0x80),
    CERT("cert-length-84", bend_length, 0x84),
    CERT("cert-length-80", bend_length, 0x80),
    CERT("cert-length-long", bend_length, 0x83),
    META("meta-length-84", bend_length, 0x84),
    META("meta-length-long", bend_length, 0x83),
    EC("sign-length-84", bend_length, 0x84),
    EC("sign-length-80", bend_length, 0x80),
    EC("sign-length-long", bend_length, 0x83),
    /* 3 */
    SELECT("select-inner", bend_inner, ECERT_TAG_APP_AUTHORITY),
    STATUS("status-inner", bend_inner, ECERT_TAG_STATUS_KEY),
    CERT("cert-inner", bend_inner, ECERT_TAG_CERT),
    META("meta-inner", bend_inner, ECERT_TAG_META_PUBLIC),
    EC("sign-inner", bend_inner, ECERT_TAG_AUTH_RESPONSE),
    /* 4 */
    SELECT("select-nested", bend_nest, ECERT_TAG_APP_TEMPLATE),
    STATUS("status-nested", bend_nest, ECERT_TAG_OBJECT),
    CERT("cert-nested", bend_nest, ECERT_TAG_OBJECT),
    META("meta-nested", bend_nest, ECERT_TAG_META_PUBLIC),
    EC("sign-nested", bend_nest, ECERT_TAG_AUTH),
    CERT("gzip-nested", bend_gzip, GZIP_NEST),
    NAMES("names-nested", NAMES_NEST),
    /* 5 */
    CERT("cert-doubled", bend_cert_double, ECERT_OBJ_CERT_9E),
    CERT("cert-reordered", bend_cert_reorder, 0),
    META("meta-doubled", bend_meta_double, 0x9E),
    META("meta-reordered", bend_meta_reorder, 0),
    EC("sign-doubled", bend_result_double, 0),
    STATUS("status-doubled", bend_status_rows, 1),
    NAMES("names-rows", NAMES_ROWS),
    /* 6 */
    CERT("gzip-right", bend_gzip, GZIP_RIGHT),
    CERT("gzip-bomb", bend_gzip, GZIP_BOMB),
    CERT("gzip-truncated", bend_gzip, GZIP_CUT),
    CERT("gzip-junk", bend_gzip, GZIP_JUNK),
    CERT("gzip-not", bend_gzip, GZIP_NOT),
    /* 7 */
    CERT("cert-of-another-key", bend_cert_other, ECERT_OBJ_CERT_9E),
    CERT("cert-of-another-kind", bend_cert_other, ECERT_OBJ_CERT_9C),
    /* 8 */
    STATUS("id-doubled", bend_status_rows, 3),
    STATUS("id-zero", bend_status_ref, 0),
    STATUS("id-ff", bend_status_ref, 0xFF),
    STATUS("id-rows", bend_status_rows, 300),
    NAMES("names-ids", NAMES_IDS),
    NAMES("names-long", NAMES_LONG),
    /* 9 */
    RSA("rsa-short", RSA_SHORT),
    RSA("rsa-long", RSA_LONG),
    RSA("rsa-over", RSA_OVER),
    RSA("rsa-zero", RSA_ZERO),
    RSA("rsa-empty", RSA_EMPTY),
    RAW("decrypt-short", RSA_SHORT),
    RAW("decrypt-long", RSA_LONG),
    RAW("decrypt-over", RSA_OVER),
    RAW("decrypt-zero", RSA_ZERO),
    RAW("decrypt-empty", RSA_EMPTY),
    /* 10 */
    EC("ec-tag", bend_ec, EC_TAG),
    EC("ec-negative", bend_ec, EC_NEGATIVE),
    EC("ec-zero", bend_ec, EC_ZERO),
    EC("ec-leading", bend_ec, EC_LEADING),
    EC("ec-over", bend_ec, EC_OVER),
    EC("ec-trailing", bend_ec, EC_TRAILING),
    EC("ec-inner", bend_ec, EC_INNER),
    EC("ec-open", bend_ec, EC_OPEN),
    /* 11 */
    {.name = "wrong-ec", .hit = HIT_USE, .arg = 0x9A, .before = before_other_digest},
    {.name = "wrong-rsa", .hit = HIT_USE, .arg = 0x9C, .before = before_other_digest},
    /* 12 */
    ATTEST("attest-junk", bend_replace, 0xFF),
    ATTEST("attest-nested", bend_attest, ATTEST_NEST),
    ATTEST("attest-other", bend_attest, ATTEST_OTHER),
    ATTEST("attest-text", bend_attest, ATTEST_TEXT),
    SELECT("label-select", bend_label, ECERT_TAG_APP_LABEL),
    STATUS("label-status", bend_label, ECERT_TAG_STATUS_LABEL),
    CERT("label-cert", bend_cert_text, 0),
    NAMES("names-text", NAMES_TEXT),
    /* 13 to 18 */
    WIRE_ALL("more-1", wire_more, 1),
    WIRE_ALL("more-255", wire_more, 255),
    WIRE_ALL("more-empty", wire_more, 0),
    WIRE_ALL("le-same", wire_le, 0x10),
    WIRE_ALL("le-changing", wire_le, 0),
    WIRE_ALL("bytes-0", wire_bytes, 0),
    WIRE_ALL("bytes-1", wire_bytes, 1),
    WIRE_ALL("flood-300", wire_flood, 300),
    WIRE_ALL("flood-3400", wire_flood, 3400),
    WIRE_ALL("flood-65533", wire_flood, 65533),
    WIRE_ALL("sw-wrong-class", wire_status_word, 0x1234),
    WIRE_ALL("sw-zero", wire_status_word, 0x0000),
    WIRE_ALL("sw-9000", wire_status_word, 0x9000),
    WIRE("more-255-names", HIT_OBJECT, ECERT_OBJ_ECERT_NAMES, wire_more, 255),
    WIRE("flood-65533-names", HIT_OBJECT, ECERT_OBJ_ECERT_NAMES, wire_flood, 65533),
    WIRE("sw-wrong-class-names", HIT_OBJECT, ECERT_OBJ_ECERT_NAMES, wire_status_word, 0x1234),
    WIRE("bytes-0-names", HIT_OBJECT, ECERT_OBJ_ECERT_NAMES, wire_bytes, 0),
    /* 21 */
    {.name = "reset-9a", .hit = HIT_USE, .arg = 0x9A, .before = before_reset},
    {.name = "reset-9c", .hit = HIT_USE, .arg = 0x9C, .before = before_reset},
    /* 26 */
    WIRE("tries-2", HIT_TRIES, 0, wire_status_word, 0x63C2),
    WIRE("tries-1", HIT_TRIES, 0, wire_status_word, 0x63C1),
    WIRE("tries-0", HIT_TRIES, 0, wire_status_word, 0x63C0),
    WIRE("tries-bogus", HIT_TRIES, 0, wire_status_word, 0x63FF),
    WIRE("verify-bogus", HIT_VERIFY, 0, wire_status_word, 0x63FF),
    /* 32 */
    WIRE("dead-after-5", HIT_AFTER, 5, wire_status_word, 0x6F00),
    WIRE("dead-after-10", HIT_AFTER, 10, wire_status_word, 0x6F00),
    WIRE("dead-after-20", HIT_AFTER, 20, wire_status_word, 0x6F00),
};

const struct bend *bend_find(const char *name)
{
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	}
	return NULL;
}
