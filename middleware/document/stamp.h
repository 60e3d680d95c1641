/* SPDX-License-Identifier: BSD-2-Clause */
/* Asking a TSA for a time stamp (RFC 3161): the question, and its answer before it is put anywhere.
 */
#ifndef ECERT_DOCUMENT_STAMP_H
#define ECERT_DOCUMENT_STAMP_H

#include <time.h>

#include "util/buf.h"

/* What has to come back. */
struct doc_stamp_asked {
	uint8_t imprint[32]; /* SHA-256 */
	uint8_t nonce[8];    /* a positive number, highest byte first */
};

/* Appends a TimeStampReq for these bytes, which wants the TSA's certificate. Errors:
 * ECERT_E_CRYPTO, ECERT_E_MEMORY. */
enum ecert_rc doc_stamp_ask(
    struct rd value, struct doc_stamp_asked *asked, struct buf *request) MUST_CHECK;
/* The same for bytes of which the digest is known. */
enum ecert_rc doc_stamp_ask_imprint(
    const uint8_t sha256[32], struct doc_stamp_asked *asked, struct buf *request) MUST_CHECK;

/*
 * Appends the token of a TimeStampResp. NULL, or why it is of no use (a message's id): it was not
 * granted, is about something else, is not signed by a certificate in it that is for time stamps
 * alone. Whether somebody trusts that one is for who verifies. now: for what algorithms are relied
 * on.
 */
const char *doc_stamp_take(
    const struct doc_stamp_asked *asked, struct rd response, time_t now, struct buf *token);

#define DOC_STAMP_SAID_MAX 256
/* What a TSA says of itself that gave none (RFC 3161, 2.4.2: its words and what has failed), as it
 * may be shown; empty: nothing. */
void doc_stamp_said(struct rd response, char said[DOC_STAMP_SAID_MAX]);

/*
 * Gets a time stamp for these bytes; nothing in token: there is none, and the signature goes
 * without. What it returns else ends the signing.
 */
typedef enum ecert_rc doc_stamp_fn(void *ctx, struct rd value, struct buf *token) MUST_CHECK;

#endif
