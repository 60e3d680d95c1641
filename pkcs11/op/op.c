/* SPDX-License-Identifier: BSD-2-Clause */
/* Operations: their memory, and the message that flows into them. */
#include "pkcs11/op/op.h"

#include <stdlib.h>

#include "util/mem.h"

CK_RV op_new(struct op **out)
{
	struct op *op = calloc(1, sizeof *op);

	*out = op;
	if (!op)
		return CKR_HOST_MEMORY;
	mech_params_clear(&op->params);
	buf_init(&op->given, 1024);
	buf_init(&op->plain, 1024);
	return CKR_OK;
}

void op_free(struct op **op)
{
	struct op *o = *op;

	*op = NULL;
	if (!o)
		return;
	mech_params_clear(&o->params);
	token_key_clear(&o->key);
	digest_free(&o->md);
	scheme_free(&o->message);
	buf_free(&o->given);
	buf_free(&o->plain);
	free(o->found);
	mem_free(o, sizeof *o);
}

CK_RV op_message_start(struct op *op)
{
	enum ecert_rc rc;

	scheme_free(&op->message);
	rc = scheme_begin(mech_scheme(op->mech), &op->params.scheme, op->key.pub, &op->message);
	return rc == ECERT_E_ARG ? CKR_MECHANISM_PARAM_INVALID : p11_rv(rc);
}

CK_RV op_message_part(struct op *op, struct rd part)
{
	return p11_rv(scheme_update(op->message, part));
}
