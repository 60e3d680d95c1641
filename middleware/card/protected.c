/* SPDX-License-Identifier: BSD-2-Clause */
/* The management key kept on the card behind the PIN, laid out as ykman and libykpiv do. */
#include "card/card_priv.h"

#include "util/log.h"
#include "util/tlv.h"

/* In Printed Information, which the card gives after VERIFY only: 88 { 89 key }. */
#define TAG_PROTECTED	  0x88
#define TAG_PROTECTED_MGM 0x89
/* In the admin data, which anybody reads: 80 { 81 flags, 82 salt, 83 date }. */
#define TAG_ADMIN	    0x80
#define TAG_ADMIN_FLAGS	    0x81
#define ADMIN_MGM_PROTECTED 0x02

enum ecert_rc card_protected_mgm(struct rd printed, struct rd *key)
{
	struct rd inner;
	enum ecert_rc rc = tlv_find(printed, TAG_PROTECTED, &inner);

	*key = rd_of(NULL, 0);
	if (rc == ECERT_OK)
		rc = tlv_find(inner, TAG_PROTECTED_MGM, key);
	if (rc == ECERT_OK && key->n != 16 && key->n != 24 && key->n != 32)
		rc = ECERT_E_MALFORMED;
	return rc;
}

bool card_says_protected(struct rd admin)
{
	struct rd inner, flags;

	return tlv_find(admin, TAG_ADMIN, &inner) == ECERT_OK &&
	       tlv_find(inner, TAG_ADMIN_FLAGS, &flags) == ECERT_OK && flags.n == 1 &&
	       (flags.p[0] & ADMIN_MGM_PROTECTED) != 0;
}

/* What an object holds, empty when there is none. Errors: ECERT_E_AUTH (it cannot be read now). */
static enum ecert_rc held(struct card *c, uint32_t tag, struct buf *out)
{
	enum ecert_rc rc = card_object_get(c, tag, out);

	buf_truncate(out, rc == ECERT_OK ? buf_len(out) : 0);
	return rc == ECERT_E_NOT_FOUND || rc == ECERT_E_MALFORMED || rc == ECERT_E_UNSUPPORTED ||
		       rc == ECERT_E_ARG
		   ? ECERT_OK
		   : rc;
}

/* By writing what is there already. What cannot be read now is not touched. */
static enum ecert_rc takes(struct card *c, uint32_t tag)
{
	struct buf before = BUF_INIT(CARD_OBJECT_MAX);
	enum ecert_rc rc = held(c, tag, &before);

	if (rc == ECERT_OK)
		rc = card_object_put(c, tag, buf_view(&before));
	buf_free(&before);
	return rc == ECERT_E_AUTH ? ECERT_OK : rc;
}

enum ecert_rc card_can_protect(struct card *c)
{
	enum ecert_rc rc = takes(c, ECERT_OBJ_ADMIN);

	return rc == ECERT_OK ? takes(c, ECERT_OBJ_PRINTED) : rc;
}

static enum ecert_rc put_key(struct card *c, struct rd key)
{
	struct buf inner = BUF_INIT(64), object = BUF_INIT(64);
	enum ecert_rc rc;

	tlv_put(&inner, TAG_PROTECTED_MGM, key);
	tlv_put(&object, TAG_PROTECTED, buf_view(&inner));
	rc = buf_rc(&object);
	if (rc == ECERT_OK)
		rc = card_object_put(c, ECERT_OBJ_PRINTED, buf_view(&object));
	buf_free(&inner);
	buf_free(&object);
	return rc;
}

static enum ecert_rc put_word(struct card *c)
{
	struct buf inner = BUF_INIT(64), object = BUF_INIT(64);
	enum ecert_rc rc;

	tlv_put_u8(&inner, TAG_ADMIN_FLAGS, ADMIN_MGM_PROTECTED);
	tlv_put(&object, TAG_ADMIN, buf_view(&inner));
	rc = buf_rc(&object);
	if (rc == ECERT_OK)
		rc = card_object_put(c, ECERT_OBJ_ADMIN, buf_view(&object));
	buf_free(&inner);
	buf_free(&object);
	return rc;
}

enum ecert_rc card_protect_mgm(struct card *c, struct rd key)
{
	struct buf before = BUF_INIT(CARD_OBJECT_MAX);
	enum ecert_rc undone, rc = held(c, ECERT_OBJ_PRINTED, &before);

	/* Not readable without the PIN: then there is nothing to put back. */
	rc = rc == ECERT_OK || rc == ECERT_E_AUTH ? put_key(c, key) : rc;
	if (rc != ECERT_OK)
		goto out;
	/* The word for it last: torn in between there is a key that nobody looks for. */
	rc = put_word(c);
	if (rc == ECERT_OK)
		goto out;
	undone = card_object_put(c, ECERT_OBJ_PRINTED, buf_view(&before));
	if (undone != ECERT_OK)
		log_error("the management key stays in the card's printed information: %s",
		    ecert_rc_name(undone));
out:
	buf_free(&before);
	return rc;
}

/* A key in Printed Information that the admin data do not speak of: a set-up that was cut off. Only
 * with the PIN verified is it seen. */
static enum ecert_rc drop_stray(struct card *c)
{
	struct buf printed = BUF_INIT(CARD_OBJECT_MAX);
	struct rd key;
	enum ecert_rc rc = held(c, ECERT_OBJ_PRINTED, &printed);

	if (rc == ECERT_OK && card_protected_mgm(buf_view(&printed), &key) == ECERT_OK)
		rc = card_object_put(c, ECERT_OBJ_PRINTED, rd_of(NULL, 0));
	buf_free(&printed);
	return rc == ECERT_E_AUTH ? ECERT_OK : rc;
}

enum ecert_rc card_unprotect_mgm(struct card *c)
{
	const struct rd nothing = {NULL, 0};
	struct buf admin = BUF_INIT(CARD_OBJECT_MAX);
	enum ecert_rc rc = held(c, ECERT_OBJ_ADMIN, &admin);
	bool kept = rc == ECERT_OK && card_says_protected(buf_view(&admin));

	buf_free(&admin);
	if (rc == ECERT_OK && !kept)
		return drop_stray(c);
	if (rc == ECERT_OK)
		rc = card_object_put(c, ECERT_OBJ_ADMIN, nothing);
	return rc == ECERT_OK ? card_object_put(c, ECERT_OBJ_PRINTED, nothing) : rc;
}
