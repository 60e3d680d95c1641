/* SPDX-License-Identifier: BSD-2-Clause */
/* An operation under way in a session: from its Init to its end. */
#ifndef ECERT_PKCS11_OP_H
#define ECERT_PKCS11_OP_H

#include "pkcs11/op/mech.h"
#include "pkcs11/module.h"

enum op_kind {
	OP_FIND,
	OP_DIGEST,
	OP_SIGN,
	OP_VERIFY,
	OP_DECRYPT,
	OP_MESSAGE_SIGN,
	OP_MESSAGE_VERIFY,
	OP_COUNT
};

struct op {
	const struct mech *mech;
	struct mech_params params;
	struct token_key key;	   /* private operations; pub alone for verifying */
	bool paid;		   /* C_Login for this very operation came (PIN always) */
	unsigned begun;		   /* the session's count of such operations: tells the latest */
	bool multi;		   /* an Update came: one-shot calls are over */
	bool message_open;	   /* between MessageBegin and its last Next */
	bool signature_first;	   /* C_VerifySignatureInit */
	struct digest *md;	   /* C_Digest... */
	struct scheme_op *message; /* signatures: what has come of the message */
	struct buf given;	   /* the signature that came first; ciphertext in parts */
	struct buf plain;	   /* decrypted, waiting for a buffer that is large enough */
	bool plain_ready;
	CK_OBJECT_HANDLE *found;
	size_t found_n, found_at;
};

/* Errors: CKR_HOST_MEMORY. */
CK_RV op_new(struct op **out) MUST_CHECK;
/* Wipes; NULL in, NULL left. */
void op_free(struct op **op);
/* A fresh message for mech, params and key. Errors: CKR_MECHANISM_PARAM_INVALID,
 * CKR_KEY_TYPE_INCONSISTENT, CKR_HOST_MEMORY. */
CK_RV op_message_start(struct op *op) MUST_CHECK;
/* Another part of it. Errors: CKR_DATA_LEN_RANGE when it is more than the mechanism takes. */
CK_RV op_message_part(struct op *op, struct rd part) MUST_CHECK;

#endif
