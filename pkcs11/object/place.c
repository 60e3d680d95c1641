/* SPDX-License-Identifier: BSD-2-Clause */
/* Places for new keys and certificates, and their names. */
#include "pkcs11/object/place.h"

#include <pthread.h>
#include <string.h>

#include "ecert/piv_const.h"

#define NO_PLACE PLACES

static pthread_mutex_t making[TOKEN_SLOTS_MAX] = {
    [0 ... TOKEN_SLOTS_MAX - 1] = PTHREAD_MUTEX_INITIALIZER};

void places_lock(const struct session *s)
{
	(void)pthread_mutex_lock(&making[s->at.slot]);
}

void places_unlock(const struct session *s)
{
	(void)pthread_mutex_unlock(&making[s->at.slot]);
}

void places_forget(void)
{
	for (size_t i = 0; i < TOKEN_SLOTS_MAX; i++)
		(void)pthread_mutex_init(&making[i], NULL);
}

/* ---- what is where ---- */

/* What the card says of a key may be nonsense: that key is not shown, and not written over as if it
 * were not there. */
static CK_RV has_key(const struct token_at *at, unsigned place, bool *yes)
{
	struct token_key key;
	enum ecert_rc rc = token_key_get(at, place_ref(place), &key);

	token_key_clear(&key);
	*yes = rc != ECERT_E_NOT_FOUND;
	switch (rc) {
	case ECERT_E_NOT_FOUND:
	case ECERT_E_MALFORMED:
	case ECERT_E_UNSUPPORTED:
	case ECERT_E_CARD:
		return CKR_OK;
	default:
		return p11_rv(rc);
	}
}

/* Neither a key nor a certificate, readable or not. */
static CK_RV is_free(const struct token_at *at, unsigned place, bool *yes)
{
	struct buf der = BUF_INIT(STORE_VALUE_MAX);
	bool key = true;
	enum ecert_rc rc;
	CK_RV rv = has_key(at, place, &key);

	*yes = false;
	if (rv != CKR_OK || key)
		return rv;
	rc = token_cert_get(at, place_ref(place), &der);
	buf_free(&der);
	*yes = rc == ECERT_E_NOT_FOUND;
	return rc == ECERT_E_MALFORMED || *yes ? CKR_OK : p11_rv(rc);
}

/* Some cards have fewer retired slots than PIV; where they end may have come to light with the last
 * question about a key. */
static CK_RV is_missing(const struct token_at *at, unsigned place, bool *yes)
{
	struct token_info info;
	uint8_t ref = place_ref(place);
	enum ecert_rc rc;

	*yes = false;
	if (ref < ECERT_KEY_82 || ref > ECERT_KEY_95)
		return CKR_OK;
	rc = token_info(at, &info);
	*yes = rc == ECERT_OK && ref >= ECERT_KEY_82 + info.retired;
	return p11_rv(rc);
}

static CK_RV first_free(const struct token_at *at, const uint8_t *refs, size_t n, unsigned *place)
{
	for (size_t i = 0; i < n; i++) {
		bool yes = false;
		bool missing = false;
		CK_RV rv = place_of_ref(refs[i], place) ? is_free(at, *place, &yes) : CKR_OK;

		if (rv == CKR_OK && yes)
			rv = is_missing(at, *place, &missing);
		if (rv != CKR_OK || (yes && !missing))
			return rv;
	}
	return CKR_DEVICE_MEMORY;
}

/* Where the certificate's key is; NO_PLACE when it is nowhere. */
static CK_RV place_of_key(struct session *s, struct rd der, unsigned *place)
{
	struct pubkey *pub = NULL;
	bool found = false;
	CK_RV rv = CKR_OK;

	*place = NO_PLACE;
	if (pubkey_from_cert(der, &pub) != ECERT_OK)
		return CKR_OK;
	for (unsigned i = 0; i < PLACE_F9 && !found && rv == CKR_OK; i++) {
		struct object o;

		object_init(&o, &s->at, OBJECT_PUBLIC, i);
		rv = object_load(&o);
		found = rv == CKR_OK && pubkey_equal(pub, o.key.pub);
		if (found)
			*place = i;
		if (rv == CKR_OBJECT_HANDLE_INVALID)
			rv = CKR_OK;
		object_close(&o);
	}
	pubkey_free(&pub);
	return rv;
}

/* ---- IDs ---- */

/* NO_PLACE: one that nothing has yet and that may be given. */
static CK_RV place_of_id(struct session *s, struct rd id, unsigned *place)
{
	struct token_names names;
	const struct token_name *own;
	bool empty = false;
	CK_RV rv = p11_rv(token_names(&s->at, &names));

	*place = NO_PLACE;
	for (size_t i = 0; rv == CKR_OK && i < names.n; i++)
		if (rd_equal(rd_of(names.name[i].id, names.name[i].id_len), id) &&
		    place_of_ref(names.name[i].ref, place))
			return CKR_OK;
	if (rv != CKR_OK)
		return rv;
	if (!token_id_reserved(id))
		return names.kept && id.n <= TOKEN_ID_MAX ? CKR_OK : CKR_ATTRIBUTE_VALUE_INVALID;
	if (id.n != 1 || id.p[0] > PLACE_F9)
		return CKR_ATTRIBUTE_VALUE_INVALID;
	*place = id.p[0] - 1u;
	own = token_name_of(&names, place_ref(*place));
	if (!own || !own->id_len)
		return CKR_OK;
	/* What is there is not what was named: it must not be lost by a mistake. */
	rv = is_free(&s->at, *place, &empty);
	return rv != CKR_OK ? rv : empty ? CKR_OK : CKR_ACTION_PROHIBITED;
}

/* 9E works without a PIN: nobody gets it who has not asked for it. */
static CK_RV first_without_key(const struct token_at *at, unsigned *place)
{
	for (*place = 0; *place < PLACE_F9; ++*place) {
		bool taken = place_ref(*place) == ECERT_KEY_9E, missing = false;
		CK_RV rv = taken ? CKR_OK : has_key(at, *place, &taken);

		if (rv == CKR_OK && !taken)
			rv = is_missing(at, *place, &missing);
		if (rv != CKR_OK || (!taken && !missing))
			return rv;
	}
	return CKR_DEVICE_MEMORY;
}

CK_RV place_for_key(struct session *s, struct rd id, bool always, unsigned *place)
{
	/* clang-format off */
	static const uint8_t order[] = {ECERT_KEY_9C, ECERT_KEY_9A,
	    ECERT_KEY_82, ECERT_KEY_83, ECERT_KEY_84, ECERT_KEY_85, ECERT_KEY_86, ECERT_KEY_87,
	    ECERT_KEY_88, ECERT_KEY_89, ECERT_KEY_8A, ECERT_KEY_8B, ECERT_KEY_8C, ECERT_KEY_8D,
	    ECERT_KEY_8E, ECERT_KEY_8F, ECERT_KEY_90, ECERT_KEY_91, ECERT_KEY_92, ECERT_KEY_93,
	    ECERT_KEY_94, ECERT_KEY_95, ECERT_KEY_9D};
	/* clang-format on */
	size_t skip = always ? 0 : 1;
	bool taken = true;
	CK_RV rv = CKR_OK;

	if (id.n) {
		rv = place_of_id(s, id, place);
		if (rv != CKR_OK)
			return rv;
		if (*place == NO_PLACE)
			return first_free(&s->at, order + skip, sizeof order - skip, place);
		if (p11.config.overwrite)
			return CKR_OK;
		rv = has_key(&s->at, *place, &taken);
		return rv != CKR_OK ? rv : taken ? CKR_ACTION_PROHIBITED : CKR_OK;
	}
	return first_without_key(&s->at, place);
}

CK_RV place_for_cert(struct session *s, struct rd id, struct rd der, unsigned *place)
{
	uint8_t retired[ECERT_KEY_95 - ECERT_KEY_82 + 1];
	struct token_names names;
	const struct token_name *own;
	CK_RV rv = CKR_OK;

	*place = NO_PLACE;
	if (id.n)
		rv = place_of_id(s, id, place);
	if (rv != CKR_OK || *place != NO_PLACE)
		return rv;
	rv = place_of_key(s, der, place);
	if (rv == CKR_OK && *place == NO_PLACE && !id.n)
		rv = CKR_TEMPLATE_INCOMPLETE;
	if (rv != CKR_OK || !id.n)
		return rv;
	if (*place == NO_PLACE) {
		for (unsigned i = 0; i < sizeof retired; i++)
			retired[i] = (uint8_t)(ECERT_KEY_82 + i);
		return first_free(&s->at, retired, sizeof retired, place);
	}
	rv = p11_rv(token_names(&s->at, &names));
	own = rv != CKR_OK ? NULL : token_name_of(&names, place_ref(*place));
	return own && own->id_len ? CKR_ATTRIBUTE_VALUE_INVALID : rv;
}

/* ---- names ---- */

static CK_RV set_id(struct token_name *name, struct rd v)
{
	unsigned place;

	/* the place's own is kept by naming none */
	if (v.n == 1 && place_of_ref(name->ref, &place) && v.p[0] == place + 1)
		v.n = 0;
	if (v.n > TOKEN_ID_MAX || token_id_reserved(v))
		return CKR_ATTRIBUTE_VALUE_INVALID;
	memset(name->id, 0, sizeof name->id);
	if (v.n)
		memcpy(name->id, v.p, v.n);
	name->id_len = (uint8_t)v.n;
	return CKR_OK;
}

static CK_RV set_label(char out[TOKEN_NAME_MAX + 1], struct rd v)
{
	if (v.n > TOKEN_NAME_MAX || (v.n && memchr(v.p, 0, v.n)))
		return CKR_ATTRIBUTE_VALUE_INVALID;
	memset(out, 0, TOKEN_NAME_MAX + 1);
	if (v.n)
		memcpy(out, v.p, v.n);
	return CKR_OK;
}

static char *label_of(struct token_name *name, CK_OBJECT_CLASS class)
{
	switch (class) {
	case CKO_CERTIFICATE:
		return name->cert;
	case CKO_PUBLIC_KEY:
		return name->pub;
	default:
		return name->key;
	}
}

CK_RV name_set(struct token_name *name, CK_OBJECT_CLASS class, const CK_ATTRIBUTE *a)
{
	struct rd v = rd_of(a->pValue, a->ulValueLen);

	CK_RV rv = a->type == CKA_ID ? set_id(name, v) : set_label(label_of(name, class), v);

	if (!strcmp(name->pub, name->key))
		name->pub[0] = '\0';
	return rv;
}

CK_RV name_write(const struct token_at *at, const struct token_name *name)
{
	enum ecert_rc rc = token_name_put(at, name);

	switch (rc) {
	case ECERT_E_EXISTS:
	case ECERT_E_DATA:
		return CKR_ATTRIBUTE_VALUE_INVALID;
	case ECERT_E_UNSUPPORTED:
		return CKR_ACTION_PROHIBITED;
	default:
		return p11_rv(rc);
	}
}

static bool same_name(const struct token_name *a, const struct token_name *b)
{
	return rd_equal(rd_of(a->id, a->id_len), rd_of(b->id, b->id_len)) &&
	       !strcmp(a->key, b->key) && !strcmp(a->cert, b->cert) && !strcmp(a->pub, b->pub) &&
	       a->deny == b->deny;
}

CK_RV naming_begin(
    struct session *s, unsigned place, const struct new_name *new_name, struct naming *out)
{
	struct token_names names;
	const struct token_name *own;
	struct token_name fresh;
	const struct rd nothing = {NULL, 0};
	CK_RV rv = p11_rv(token_names(&s->at, &names));

	*out = (struct naming){.at = s->at, .before = {.ref = place_ref(place)}};
	if (rv != CKR_OK || !names.kept)
		return rv;
	own = token_name_of(&names, place_ref(place));
	if (own)
		out->before = *own;
	fresh = out->before;
	/* what is new has no old label; without an ID it takes the place's as it is */
	rv = set_label(label_of(&fresh, new_name->class), new_name->label);
	if (rv == CKR_OK && new_name->class == CKO_PRIVATE_KEY) {
		fresh.deny = new_name->deny;
		rv = set_label(fresh.pub,
		    rd_equal(new_name->label, new_name->pub_label) ? nothing : new_name->pub_label);
	}
	if (rv == CKR_OK && new_name->id.n)
		rv = set_id(&fresh, new_name->id);
	if (rv != CKR_OK || same_name(&fresh, &out->before))
		return rv;
	rv = name_write(&s->at, &fresh);
	out->changed = rv == CKR_OK;
	return rv;
}

CK_RV naming_end(const struct naming *n, CK_RV made)
{
	if (made && n->changed && name_write(&n->at, &n->before) != CKR_OK)
		p11_trace("the old name is not back", 0, CKR_DEVICE_ERROR);
	return made;
}
