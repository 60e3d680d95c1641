/* SPDX-License-Identifier: BSD-2-Clause */
/* Labels and CKA_IDs that the owner chose: kept on the card, found again, never forged. */
#include "ecert/piv_const.h"
#include "tests/unit/pkcs11/p11fix.h"

#define ID4711 "\x47\x11"

static CK_SESSION_HANDLE so_session(void)
{
	CK_SESSION_HANDLE h = open_session(true);

	login_so(h);
	return h;
}

/* What another program would see now. */
static CK_SESSION_HANDLE fresh_session(void)
{
	is_ok(C_Finalize(NULL));
	is_ok(C_Initialize(NULL));
	return open_session(true);
}

static CK_ATTRIBUTE text(CK_ATTRIBUTE_TYPE type, const char *value)
{
	return (CK_ATTRIBUTE){type, (void *)(uintptr_t)value, strlen(value)};
}

static CK_RV generate(CK_SESSION_HANDLE h, const char *id, const char *label, bool always,
    CK_OBJECT_HANDLE *pub, CK_OBJECT_HANDLE *priv)
{
	CK_MECHANISM m = {CKM_EC_KEY_PAIR_GEN, NULL, 0};
	CK_BBOOL a = always, yes = CK_TRUE;
	CK_ATTRIBUTE pub_t[] = {{CKA_EC_PARAMS, p256_params, sizeof(p256_params)}, text(CKA_ID, id),
	    text(CKA_LABEL, label), {CKA_TOKEN, &yes, 1}};
	CK_ATTRIBUTE priv_t[] = {text(CKA_ID, id), text(CKA_LABEL, label), {CKA_TOKEN, &yes, 1},
	    {CKA_ALWAYS_AUTHENTICATE, &a, 1}};

	return C_GenerateKeyPair(h, &m, pub_t, 4, priv_t, 3u + always, pub, priv);
}

static CK_RV set(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type, const char *value)
{
	CK_ATTRIBUTE t = text(type, value);

	return C_SetAttributeValue(h, o, &t, 1);
}

static void is_text(
    CK_SESSION_HANDLE h, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type, const char *want)
{
	uint8_t got[256];
	size_t n = get_bytes(h, o, type, got, sizeof(got) - 1);

	got[n] = 0;
	assert_string_equal((char *)got, want);
}

static CK_ULONG count(CK_SESSION_HANDLE h, CK_ATTRIBUTE_TYPE type, const char *value)
{
	const CK_ATTRIBUTE t = text(type, value);

	return find(h, &t, 1, NULL, 0);
}

static CK_OBJECT_HANDLE find_named(CK_SESSION_HANDLE h, CK_OBJECT_CLASS class, const char *id)
{
	const CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof(class)}, text(CKA_ID, id)};
	CK_OBJECT_HANDLE o = CK_INVALID_HANDLE;

	assert_int_equal(find(h, t, 2, &o, 1), 1);
	return o;
}

/* Straight to the card, as another program may write it, well or badly. */
static void put_names(const char *bytes, size_t n)
{
	struct tokens *t = sim_tokens(fix.sim, ISOLATION_SESSION);
	struct token_at at = {.tokens = t};
	int tries;

	assert_int_equal(token_login(&at, TOKEN_SO, rd_of(SIM_MGM, strlen(SIM_MGM)), 0, &tries), 0);
	assert_int_equal(token_data_put(&at, ECERT_OBJ_ECERT_NAMES, rd_of(bytes, n)), 0);
	tokens_close(&t);
}

static CK_RV create_cert(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE pub, const char *id,
    const char *label, CK_OBJECT_HANDLE *cert)
{
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_BBOOL yes = CK_TRUE;
	uint8_t spki[256];
	struct pubkey *k = NULL;
	struct buf der = BUF_INIT(8192);
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_TOKEN, &yes, 1},
	    {CKA_VALUE, NULL, 0}, text(CKA_ID, id), text(CKA_LABEL, label)};
	size_t n = get_bytes(h, pub, CKA_PUBLIC_KEY_INFO, spki, sizeof(spki));
	CK_RV rv;

	assert_int_equal(pubkey_from_spki(rd_of(spki, n), &k), ECERT_OK);
	sim_cert(k, "Somebody", &der);
	t[2].pValue = (void *)(uintptr_t)buf_view(&der).p;
	t[2].ulValueLen = buf_len(&der);
	rv = C_CreateObject(h, t, COUNT(t), cert);
	buf_free(&der);
	pubkey_free(&k);
	return rv;
}

/* ---- making ---- */

static void a_key_of_ones_own(void **state)
{
	CK_SESSION_HANDLE h = so_session();
	CK_MECHANISM m = {CKM_ECDSA, NULL, 0};
	CK_OBJECT_HANDLE pub = 0, priv = 0;
	CK_BYTE digest[32] = {1}, sig[64];
	CK_ULONG n = sizeof(sig);

	(void)state;
	is_ok(generate(h, ID4711, "My k\xc3\xa9y", false, &pub, &priv));
	assert_int_equal(get_ulong(h, priv, CKA_ECERT_KEY_REFERENCE), 0x9A);
	is_text(h, pub, CKA_ID, ID4711);
	h = fresh_session();
	login_user(h);
	priv = find_named(h, CKO_PRIVATE_KEY, ID4711);
	pub = find_named(h, CKO_PUBLIC_KEY, ID4711);
	is_text(h, priv, CKA_LABEL, "My k\xc3\xa9y");
	is_text(h, pub, CKA_LABEL, "My k\xc3\xa9y");
	assert_true(get_bool(h, priv, CKA_MODIFIABLE));
	assert_int_equal(count(h, CKA_LABEL, "My k\xc3\xa9y"), 2);
	assert_int_equal(count(h, CKA_LABEL, "PIV AUTH key"), 0);
	assert_int_equal(count(h, CKA_ID, "\x01"), 0);
	is_ok(C_SignInit(h, &m, priv));
	is_ok(C_Sign(h, digest, sizeof(digest), sig, &n));
	is_ok(C_VerifyInit(h, &m, pub));
	is_ok(C_Verify(h, digest, sizeof(digest), sig, n));
}

static void places(void **state)
{
	CK_SESSION_HANDLE h = so_session();
	CK_OBJECT_HANDLE pub = 0, priv = 0, first = 0;

	(void)state;
	is_ok(generate(h, "a", "", false, &pub, &first));
	is_ok(generate(h, "b", "", false, &pub, &priv));
	assert_int_equal(get_ulong(h, priv, CKA_ECERT_KEY_REFERENCE), 0x82);
	is_ok(generate(h, "c", "", true, &pub, &priv));
	assert_int_equal(get_ulong(h, priv, CKA_ECERT_KEY_REFERENCE), 0x9C);
	/* the ID that is there: its key is replaced, or kept, as the option says */
	is_ok(generate(h, "b", "new", false, &pub, &priv));
	assert_int_equal(get_ulong(h, priv, CKA_ECERT_KEY_REFERENCE), 0x82);
	p11.config.overwrite = false;
	is_rv(generate(h, "b", "", false, &pub, &priv), CKR_ACTION_PROHIBITED);
	p11.config.overwrite = true;
	/* the place's own ID does not hit the key that is called otherwise */
	is_rv(generate(h, "\x01", "", false, &pub, &priv), CKR_ACTION_PROHIBITED);
	is_text(h, first, CKA_ID, "a");
	/* a free place is named by its own ID, now as ever */
	is_ok(generate(h, "\x06", "", false, &pub, &priv));
	assert_int_equal(get_ulong(h, priv, CKA_ECERT_KEY_REFERENCE), 0x83);
	is_rv(generate(h, "\x19", "", false, &pub, &priv), CKR_ATTRIBUTE_VALUE_INVALID);
	is_rv(generate(h, "\xf9\x01", "", false, &pub, &priv), CKR_ATTRIBUTE_VALUE_INVALID);
	is_rv(generate(h, "0123456789abcdef0123456789abcdef!", "", false, &pub, &priv),
	    CKR_ATTRIBUTE_VALUE_INVALID);
	is_rv(generate(h, "d", "a\nb", false, &pub, &priv), CKR_ATTRIBUTE_VALUE_INVALID);
	assert_int_equal(count_class(h, CKO_PRIVATE_KEY), 4);
}

/* 20 retired places, 9A and 9D; 9C and 9E are never taken unasked. */
static void until_it_is_full(void **state)
{
	CK_SESSION_HANDLE h = so_session();
	CK_OBJECT_HANDLE pub = 0, priv = 0;
	char id[] = "k0";

	(void)state;
	for (unsigned i = 0; i < 22; i++, id[1]++)
		is_ok(generate(h, id, "A label", false, &pub, &priv));
	assert_int_equal(get_ulong(h, priv, CKA_ECERT_KEY_REFERENCE), 0x9D);
	is_rv(generate(h, id, "", false, &pub, &priv), CKR_DEVICE_MEMORY);
	h = fresh_session();
	assert_int_equal(count(h, CKA_LABEL, "A label"), 22);
}

/* A card with two retired slots: metadata of the third is 6A86. */
static void two_retired(void *arg, struct rd command, uint8_t *resp, size_t *len)
{
	bool names_key = command.n >= 4 && (command.p[1] == 0xF7 || command.p[1] == 0x47);

	(void)arg;
	if (!names_key || command.p[3] < 0x84 || command.p[3] > 0x95)
		return;
	resp[0] = 0x6A;
	resp[1] = 0x86;
	*len = 2;
}

/* Without an ID, and on a card that is plain PIV with metadata: 9A, 9C, 9D, never 9E, 82, 83, full.
 */
static void nobody_gets_9e(void **state)
{
	static const uint8_t places[] = {1, 2, 3, 5, 6};
	CK_OBJECT_HANDLE pub = 0, priv = 0;
	CK_SESSION_HANDLE h;

	(void)state;
	sim_metadata_only(fix.card);
	sim_hooks(fix.card, NULL, two_retired, NULL);
	h = fresh_session();
	login_so(h);
	for (size_t i = 0; i < sizeof(places); i++) {
		uint8_t id = 0;

		is_ok(generate(h, "", "", false, &pub, &priv));
		assert_int_equal(get_bytes(h, priv, CKA_ID, &id, 1), 1);
		assert_int_equal(id, places[i]);
	}
	is_rv(generate(h, "", "", false, &pub, &priv), CKR_DEVICE_MEMORY);
	/* asked for by name: the slot is not there; 9E is */
	is_rv(generate(h, "\x07", "", false, &pub, &priv), CKR_TEMPLATE_INCONSISTENT);
	is_ok(generate(h, "\x04", "", false, &pub, &priv));
	sim_hooks(fix.card, NULL, NULL, NULL);
}

static enum ecert_rc nothing(void *arg, struct sim_card *c, size_t number)
{
	(void)arg;
	(void)c;
	(void)number;
	return ECERT_OK;
}

/* The card will not make the key. */
static void refuse(void *arg, struct rd command, uint8_t *resp, size_t *len)
{
	(void)arg;
	if (command.n < 2 || command.p[1] != ECERT_INS_GENERATE)
		return;
	resp[0] = 0x6A;
	resp[1] = 0x80;
	*len = 2;
}

static void the_name_goes_back(void **state)
{
	CK_SESSION_HANDLE h = so_session();
	CK_OBJECT_HANDLE pub = 0, priv = 0;

	(void)state;
	is_ok(generate(h, "a", "old", false, &pub, &priv));
	sim_hooks(fix.card, nothing, refuse, NULL);
	assert_int_not_equal(generate(h, "a", "new", false, &pub, &priv), CKR_OK);
	assert_int_not_equal(generate(h, "b", "new", false, &pub, &priv), CKR_OK);
	sim_hooks(fix.card, NULL, NULL, NULL);
	h = fresh_session();
	assert_int_equal(count(h, CKA_LABEL, "old"), 1);
	assert_int_equal(count(h, CKA_LABEL, "new"), 0);
	assert_int_equal(count(h, CKA_ID, "b"), 0);
}

/* ---- changing ---- */

static void changing(void **state)
{
	CK_SESSION_HANDLE h = so_session();
	CK_OBJECT_HANDLE pub = 0, priv = 0, cert = 0, other = 0;
	CK_ATTRIBUTE both[] = {text(CKA_ID, "pair"), text(CKA_LABEL, "Both")};
	char longest[TOKEN_NAME_MAX + 2];

	(void)state;
	memset(longest, 'x', sizeof(longest));
	longest[TOKEN_NAME_MAX + 1] = 0;
	is_ok(make_ec(h, 2, &pub, &other));
	is_ok(make_ec(h, 1, &pub, &priv));
	is_ok(create_cert(h, pub, "\x01", "My certificate", &cert));
	is_text(h, cert, CKA_LABEL, "My certificate");
	is_ok(C_SetAttributeValue(h, priv, both, 2));
	is_text(h, priv, CKA_LABEL, "Both");
	is_text(h, pub, CKA_ID, "pair");
	is_text(h, cert, CKA_ID, "pair");
	is_text(h, cert, CKA_LABEL, "My certificate");
	is_ok(set(h, cert, CKA_LABEL, "Another"));
	is_text(h, pub, CKA_LABEL, "Both");
	is_rv(set(h, other, CKA_ID, "pair"), CKR_ATTRIBUTE_VALUE_INVALID);
	is_rv(set(h, other, CKA_ID, "\x01"), CKR_ATTRIBUTE_VALUE_INVALID);
	is_rv(set(h, other, CKA_LABEL, longest), CKR_ATTRIBUTE_VALUE_INVALID);
	longest[TOKEN_NAME_MAX] = 0;
	is_ok(set(h, other, CKA_LABEL, longest));
	is_rv(set(h, other, CKA_LABEL, "\xc3("), CKR_ATTRIBUTE_VALUE_INVALID);
	is_rv(set(h, other, CKA_LABEL, "PIN: \x1b[2J"), CKR_ATTRIBUTE_VALUE_INVALID);
	/* in more bytes than it takes (RFC 3629, 3) */
	is_rv(set(h, other, CKA_LABEL, "\xc1\x81"), CKR_ATTRIBUTE_VALUE_INVALID);
	is_rv(set(h, other, CKA_LABEL, "\xe0\x9f\xbf"), CKR_ATTRIBUTE_VALUE_INVALID);
	is_rv(set(h, other, CKA_LABEL, "\xf0\x8f\xbf\xbf"), CKR_ATTRIBUTE_VALUE_INVALID);
	is_ok(set(h, other, CKA_LABEL, "\xc3\x81\xe0\xa0\x80\xf0\x90\x80\x80"));
	is_rv(set(h, other, CKA_VALUE, "x"), CKR_ATTRIBUTE_READ_ONLY);
	/* back to the place's own */
	is_ok(set(h, cert, CKA_ID, "\x01"));
	is_ok(set(h, priv, CKA_LABEL, ""));
	is_text(h, priv, CKA_LABEL, "PIV AUTH key");
	is_ok(C_Logout(h));
	is_text(h, pub, CKA_ID, "\x01");
	is_rv(set(h, pub, CKA_LABEL, "nobody"), CKR_USER_NOT_LOGGED_IN);
	is_ok(C_CloseSession(h));
	h = open_session(false);
	is_rv(set(h, pub, CKA_LABEL, "nobody"), CKR_SESSION_READ_ONLY);
}

static void forgetting(void **state)
{
	CK_SESSION_HANDLE h = so_session();
	CK_OBJECT_HANDLE pub = 0, priv = 0, cert = 0;

	(void)state;
	is_ok(generate(h, ID4711, "Key", false, &pub, &priv));
	is_ok(create_cert(h, pub, ID4711, "Certificate", &cert));
	is_ok(C_DestroyObject(h, priv));
	/* the certificate is still what it was */
	is_text(h, cert, CKA_ID, ID4711);
	is_text(h, cert, CKA_LABEL, "Certificate");
	is_ok(C_DestroyObject(h, cert));
	is_ok(make_ec(h, 1, &pub, &priv));
	is_text(h, priv, CKA_LABEL, "PIV AUTH key");
	assert_int_equal(sim_apdu(fix.card, "00CB3FFF055C035FFF2400"), 0x6A82);
	is_ok(set(h, priv, CKA_LABEL, "Again"));
	is_ok(set(h, priv, CKA_ID, "again"));
	is_ok(create_cert(h, pub, "again", "", &cert));
	is_ok(C_DestroyObject(h, cert));
	is_text(h, priv, CKA_ID, "again");
	/* a new key in the place has a name of its own */
	is_ok(generate(h, "again", "", false, &pub, &priv));
	is_text(h, priv, CKA_LABEL, "PIV AUTH key");
}

static void certificates(void **state)
{
	CK_SESSION_HANDLE h = so_session();
	CK_OBJECT_HANDLE pub = 0, priv = 0, cert = 0;

	(void)state;
	/* of a key on the token: the pair gets the ID */
	is_ok(make_ec(h, 3, &pub, &priv));
	is_ok(create_cert(h, pub, "mine", "Mine", &cert));
	assert_int_equal(get_ulong(h, cert, CKA_ECERT_KEY_REFERENCE), 0x9D);
	is_text(h, priv, CKA_ID, "mine");
	is_rv(create_cert(h, pub, "other", "", &cert), CKR_ATTRIBUTE_VALUE_INVALID);
	/* its own ID again: the certificate is renewed where it is */
	is_ok(create_cert(h, pub, "mine", "Renewed", &cert));
	assert_int_equal(count(h, CKA_ID, "mine"), 3);
}

static void a_certificate_alone(void **state)
{
	CK_SESSION_HANDLE h = so_session();
	CK_OBJECT_HANDLE pub = 0, priv = 0, copy = 0, cert = 0;
	CK_BBOOL no = CK_FALSE;
	CK_ATTRIBUTE session[] = {{CKA_TOKEN, &no, 1}, text(CKA_LABEL, "Copy"), text(CKA_ID, "cp")};

	(void)state;
	is_ok(make_ec(h, 1, &pub, &priv));
	is_ok(C_CopyObject(h, pub, session, 3, &copy));
	is_text(h, copy, CKA_LABEL, "Copy");
	is_text(h, copy, CKA_ID, "cp");
	is_ok(C_DestroyObject(h, priv));
	is_ok(create_cert(h, copy, "ca", "The CA", &cert));
	assert_int_equal(get_ulong(h, cert, CKA_ECERT_KEY_REFERENCE), 0x82);
	h = fresh_session();
	assert_int_equal(count_class(h, CKO_CERTIFICATE), 1);
	assert_int_equal(count(h, CKA_LABEL, "The CA"), 1);
}

/* ---- what a card may say ---- */

static void hostile(void **state)
{
	static const char names[] =
	    "\xa0\x0f\x80\x01\x9a\x81\x01\x02\x82\x07OK\x1b[2J\n" /* 9C's ID; a terminal's command
								   */
	    "\xa0\x09\x80\x01\x9a\x82\x04twic"			  /* a second one */
	    "\xa0\x0b\x80\x01\x9c\x81\x02xy\x82\x02\xff\xfe"	  /* no text */
	    "\xa0\x0b\x80\x01\x9d\x81\x02xy\x82\x02ok"		  /* 9C's ID */
	    "\xa0\x07\x80\x01\xf9\x82\x02no"			  /* nobody's place */
	    "\xa0\x07\x80\x01\x11\x82\x02no"
	    "\x9f\x7f\x01x" /* of a later version */
	    "\xa0\x09\x80\x01\x9e\x9f\x7f\x01x\x82\x00"
	    "\xa0\x7f\x80\x01\x82"; /* cut off */
	CK_SESSION_HANDLE h;

	(void)state;
	put_names(names, sizeof(names) - 1);
	h = fresh_session();
	login_user(h);
	is_text(h, find_one(h, CKO_PRIVATE_KEY, 1), CKA_LABEL, "OK?[2J?");
	is_text(h, find_named(h, CKO_PRIVATE_KEY, "xy"), CKA_LABEL, "??");
	is_text(h, find_one(h, CKO_PRIVATE_KEY, 3), CKA_LABEL, "ok");
	is_text(h, find_one(h, CKO_PRIVATE_KEY, 4), CKA_LABEL, "CARD AUTH key");
	is_ok(C_Logout(h));
	/* and it can be put right */
	login_so(h);
	is_ok(set(h, find_one(h, CKO_PUBLIC_KEY, 1), CKA_LABEL, "Right"));
	is_text(h, find_named(h, CKO_PUBLIC_KEY, "xy"), CKA_LABEL, "??");
	put_names("\x30\x80garbage", 9);
	h = fresh_session();
	assert_int_equal(count(h, CKA_LABEL, "PIV AUTH pubkey"), 1);
}

static void a_card_that_keeps_none(void **state)
{
	CK_SESSION_HANDLE h;
	CK_OBJECT_HANDLE pub = 0, priv = 0;

	(void)state;
	sim_plain(fix.card);
	h = fresh_session();
	login_so(h);
	is_rv(generate(h, ID4711, "", false, &pub, &priv), CKR_ATTRIBUTE_VALUE_INVALID);
	is_ok(generate(h, "\x01", "not kept", false, &pub, &priv));
	is_text(h, priv, CKA_LABEL, "PIV AUTH key");
	assert_false(get_bool(h, priv, CKA_MODIFIABLE));
	is_rv(set(h, priv, CKA_LABEL, "x"), CKR_ACTION_PROHIBITED);
	is_rv(set(h, priv, CKA_ID, ID4711), CKR_ACTION_PROHIBITED);
	is_ok(set(h, priv, CKA_LABEL, "PIV AUTH key"));
}

static size_t cost_of(const CK_ATTRIBUTE *t, CK_ULONG n)
{
	CK_SESSION_HANDLE h = fresh_session();

	(void)p11_apdus();
	(void)find(h, t, n, NULL, 0);
	return p11_apdus();
}

/* Nothing on a card without names, one command on a card with names. */
static void costs(void **state)
{
	CK_OBJECT_CLASS class = CKO_PUBLIC_KEY;
	const CK_ATTRIBUTE by_id[] = {{CKA_CLASS, &class, sizeof(class)}, text(CKA_ID, "\x02")},
			   by_label[] = {text(CKA_LABEL, "SIGN pubkey")};
	size_t id = cost_of(by_id, 2), label = cost_of(by_label, 1), all = cost_of(NULL, 0);

	(void)state;
	assert_int_equal(id, 1);
	assert_int_equal(label, 1);
	put_names("\xa0\x09\x80\x01\x9a\x82\x04Mine", 11);
	assert_int_equal(cost_of(by_id, 2), id + 1);
	assert_int_equal(cost_of(by_label, 1), label + 1);
	assert_true(cost_of(NULL, 0) <= all + 1);
}

/* The change counter tells; it is looked at when the last look is two seconds old. */
static void another_program_names(void **state)
{
	CK_SESSION_HANDLE h = open_session(false);

	(void)state;
	assert_int_equal(count(h, CKA_LABEL, "SIGN pubkey"), 1);
	put_names("\xa0\x0e\x80\x01\x9c\x81\x03new\x82\x04Mine", 16);
	usleep(2100 * 1000);
	assert_int_equal(count(h, CKA_LABEL, "Mine"), 1);
	assert_int_equal(count(h, CKA_ID, "new"), 2);
	put_names("", 0);
	usleep(2100 * 1000);
	assert_int_equal(count(h, CKA_ID, "new"), 0);
	assert_int_equal(count(h, CKA_LABEL, "SIGN pubkey"), 1);
}

/* 9A's metadata is nonsense. */
static void garble(void *arg, struct rd command, uint8_t *resp, size_t *len)
{
	(void)arg;
	if (command.n < 4 || command.p[1] != 0xF7 || command.p[3] != 0x9A)
		return;
	memcpy(resp, "\x01\x7f\x90\x00", 4);
	*len = 4;
}

/* A key that cannot be read is no free place. */
static void unreadable_is_not_free(void **state)
{
	CK_SESSION_HANDLE h;
	CK_OBJECT_HANDLE pub = 0, priv = 0;

	(void)state;
	sim_hooks(fix.card, NULL, garble, NULL);
	h = fresh_session();
	login_so(h);
	assert_int_equal(count(h, CKA_ID, "\x01"), 1); /* the certificate alone */
	is_ok(generate(h, "", "", false, &pub, &priv));
	is_text(h, priv, CKA_ID, "\x05");
	p11.config.overwrite = false;
	is_rv(generate(h, "\x01", "", false, &pub, &priv), CKR_ACTION_PROHIBITED);
	p11.config.overwrite = true;
	is_ok(generate(h, "\x01", "", false, &pub, &priv));
	sim_hooks(fix.card, NULL, NULL, NULL);
}

/* Between our look and our writing another program gives the first name of all: it stays. */
static void named_meanwhile(void **state)
{
	CK_SESSION_HANDLE h = so_session();
	CK_OBJECT_HANDLE pub = find_one(h, CKO_PUBLIC_KEY, 1);

	(void)state;
	is_text(h, pub, CKA_LABEL, "PIV AUTH pubkey");
	assert_int_equal(
	    sim_apdu(fix.card, "00DB3FFF125C035FFF24530BA00980019C82044D696E65"), 0x9000);
	is_ok(set(h, pub, CKA_LABEL, "Ours"));
	h = fresh_session();
	assert_int_equal(count(h, CKA_LABEL, "Ours"), 1);
	assert_int_equal(count(h, CKA_LABEL, "Mine"), 1);
}

int main(void)
{
#define T(f)	cmocka_unit_test_setup_teardown(f, p11_setup_blank, p11_teardown)
#define FULL(f) cmocka_unit_test_setup_teardown(f, p11_setup, p11_teardown)
	const struct CMUnitTest tests[] = {T(a_key_of_ones_own), T(places), T(until_it_is_full),
	    T(nobody_gets_9e), T(the_name_goes_back), T(changing), T(forgetting), T(certificates),
	    T(a_certificate_alone), FULL(hostile), T(a_card_that_keeps_none), FULL(costs),
	    FULL(another_program_names), FULL(named_meanwhile), FULL(unreadable_is_not_free)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
