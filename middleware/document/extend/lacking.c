/* SPDX-License-Identifier: BSD-2-Clause */
/* What every format asks before it adds something. */
#include "document/extend/lacking.h"

const struct doc_refusal doc_stamps_full = {REASON_ID("stamps-too-many"),
    MSG_ID("it has as many time stamps as are looked at"),
    MSG_ID("Sign the file and its signature anew, in a container.")};

bool doc_is_stamped(const struct doc_signature *s)
{
	for (size_t i = 0; i < s->stamps_n; i++)
		if (doc_stamp_proves(&s->stamps[i]))
			return true;
	return false;
}

bool doc_lacks(const struct doc_extend_options *o, size_t signer)
{
	if (o->step == DOC_LEVEL_T)
		return !doc_is_stamped(&o->found->signer[signer]);
	for (size_t i = 0; i < o->material_n; i++)
		if (o->material[i].signer == signer)
			return true;
	return false;
}

enum ecert_rc doc_keep_part(void *ctx, struct rd part)
{
	struct buf *b = ctx;

	buf_rd(b, part);
	return buf_rc(b);
}
