/* SPDX-License-Identifier: BSD-2-Clause */
/* Time stamps asked for: what goes to a TSA, and whether what comes is what was asked. */
#include <openssl/err.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "crypto/digest.h"
#include "crypto/random.h"
#include "document/ber.h"
#include "document/cms/stamp/cades_token.h"
#include "document/stamp.h"
#include "util/text.h"
#include "util/tlv.h"

#define DER_MAX 4096

/* sha256, and SEQUENCE { it } as RFC 5754, 2 has it. */
static const uint8_t alg_sha256[] = {0x30, 11, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1};
static const uint8_t is_true[] = {0xFF};

enum ecert_rc doc_stamp_ask_imprint(
    const uint8_t sha256[32], struct doc_stamp_asked *asked, struct buf *request)
{
	struct buf imprint = BUF_INIT(DER_MAX), body = BUF_INIT(DER_MAX);
	enum ecert_rc rc = random_bytes(asked->nonce, sizeof asked->nonce);

	memcpy(asked->imprint, sha256, sizeof asked->imprint);
	/* Positive, and in its shortest form. */
	asked->nonce[0] = (uint8_t)((asked->nonce[0] & 0x3F) | 0x40);
	if (rc == ECERT_OK) {
		buf_put(&imprint, alg_sha256, sizeof alg_sha256);
		tlv_put(&imprint, 0x04, rd_of(asked->imprint, sizeof asked->imprint));
		tlv_put_u8(&body, 0x02, 1);
		tlv_put(&body, 0x30, buf_view(&imprint));
		tlv_put(&body, 0x02, rd_of(asked->nonce, sizeof asked->nonce));
		tlv_put(&body, 0x01, rd_of(is_true, sizeof is_true));
		tlv_put(request, 0x30, buf_view(&body));
		rc = buf_rc(&body) == ECERT_OK ? buf_rc(request) : buf_rc(&body);
	}
	buf_free(&imprint);
	buf_free(&body);
	return rc;
}

enum ecert_rc doc_stamp_ask(struct rd value, struct doc_stamp_asked *asked, struct buf *request)
{
	uint8_t sum[MD_MAX_SIZE];
	size_t n = 0;
	enum ecert_rc rc = digest_once(MD_SHA256, value, sum, &n);

	return rc == ECERT_OK ? doc_stamp_ask_imprint(sum, asked, request) : rc;
}

/* PKIFailureInfo: which bit says what. */
static const struct {
	unsigned bit;
	const char *name;
} failures[] = {{0, "badAlg"}, {2, "badRequest"}, {5, "badDataFormat"}, {14, "timeNotAvailable"},
    {15, "unacceptedPolicy"}, {16, "unacceptedExtension"}, {17, "addInfoNotAvailable"},
    {25, "systemFailure"}};

/* The first of the texts, on one line. */
static void say_words(struct rd texts, struct buf *out)
{
	struct rd one;

	if (ber_expect(&texts, 0x0C, &one) != ECERT_OK)
		return;
	for (size_t i = 0; i < one.n && i < DOC_STAMP_SAID_MAX / 2; i++)
		buf_u8(out, one.p[i] && !strchr("\r\n\t", one.p[i]) ? one.p[i] : ' ');
}

/* bits: as a BIT STRING has them, the first octet says how many of the last one are none. */
static void say_failures(struct rd bits, struct buf *out)
{
	const char *before = buf_len(out) ? " (" : "(";

	for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++) {
		unsigned at = failures[i].bit / 8 + 1;

		if (at >= bits.n || !(bits.p[at] & 0x80u >> failures[i].bit % 8))
			continue;
		buf_str(out, before);
		buf_str(out, failures[i].name);
		before = ", ";
	}
	if (*before == ',')
		buf_u8(out, ')');
}

void doc_stamp_said(struct rd r, char said[DOC_STAMP_SAID_MAX])
{
	struct buf out = BUF_INIT(DOC_STAMP_SAID_MAX);
	struct rd all, status, part;

	*said = 0;
	if (ber_expect(&r, 0x30, &all) != ECERT_OK || ber_expect(&all, 0x30, &status) != ECERT_OK ||
	    ber_expect(&status, 0x02, &part) != ECERT_OK)
		return;
	if (ber_expect(&status, 0x30, &part) == ECERT_OK)
		say_words(part, &out);
	if (ber_expect(&status, 0x03, &part) == ECERT_OK)
		say_failures(part, &out);
	buf_u8(&out, 0);
	if (buf_rc(&out) == ECERT_OK)
		text_copy(said, DOC_STAMP_SAID_MAX, (const char *)buf_view(&out).p);
	text_scrub(said);
	buf_free(&out);
}

/* 2.4.2: status granted or grantedWithMods, and behind it the token. */
static const char *open_response(struct rd r, struct rd *token)
{
	static const char unread[] = MSG_ID("it sent something else than a time stamp");
	struct rd all, status, number;

	if (ber_expect(&r, 0x30, &all) != ECERT_OK || r.n ||
	    ber_expect(&all, 0x30, &status) != ECERT_OK ||
	    ber_expect(&status, 0x02, &number) != ECERT_OK || number.n != 1)
		return unread;
	if (number.p[0] > 1)
		return MSG_ID("it refused");
	*token = all;
	return all.n ? NULL : unread;
}

static bool same_nonce(const ASN1_INTEGER *nonce, const struct doc_stamp_asked *asked)
{
	BIGNUM *want = BN_bin2bn(asked->nonce, sizeof asked->nonce, NULL);
	BIGNUM *have = nonce ? ASN1_INTEGER_to_BN(nonce, NULL) : NULL;
	bool same = want && have && !BN_cmp(want, have);

	BN_free(want);
	BN_free(have);
	return same;
}

static const char *judge(struct cades_token *t, const struct doc_stamp_asked *asked, time_t now)
{
	struct doc_verify_options o = {.now = now};
	struct report rep;
	X509 *tsa;

	if (!t->md || EVP_MD_get_type(t->md) != NID_sha256 ||
	    !rd_equal(t->imprint, rd_of(asked->imprint, sizeof asked->imprint)))
		return MSG_ID("its time stamp is about something else");
	if (!same_nonce(TS_TST_INFO_get_nonce(t->info), asked))
		return MSG_ID("its time stamp answers another question");
	report_init(&rep);
	tsa = cades_token_check(t, t->opened.certs, &o, &rep);
	if (!tsa || report_strict(&rep) != VERDICT_PASSED)
		return MSG_ID("its time stamp is not signed as it has to be");
	return X509_check_purpose(tsa, X509_PURPOSE_TIMESTAMP_SIGN, 0) == 1
		   ? NULL
		   : MSG_ID("its certificate is not for time stamps");
}

const char *doc_stamp_take(
    const struct doc_stamp_asked *asked, struct rd response, time_t now, struct buf *token)
{
	enum reason reason = REASON_NONE;
	struct cades_token t;
	struct rd der = {NULL, 0};
	const char *why = open_response(response, &der);

	if (why)
		return why;
	why = cades_token_read(der, NULL, &t, &reason);
	if (!why)
		why = judge(&t, asked, now);
	if (!why)
		buf_rd(token, der);
	cades_token_free(&t);
	ERR_clear_error();
	return why;
}
