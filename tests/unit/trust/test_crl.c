/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of CRLs along a path (RFC 5280, 5 and 6.3): who may sign them, and when they count. */
#include "crl_fix.h"

#define FOREVER ((time_t)4102444800)

static void says_which_were_checked(void **state)
{
	(void)state;
	struct rd low = list(&(struct list_spec){.by = ca});
	struct rd top = list(&(struct list_spec){.by = root});
	struct report r = with(low, none);
	says(&r, "revocation", CHECK_OK, "not on the CRL of its CA; not checked for the CA CA");
	r = with(low, top);
	says(&r, "revocation", CHECK_OK, "not on the CRL of its CA; its CAs were checked, too");
	/* Only about the CA: the certificate itself is not known. */
	r = with(top, none);
	says(&r, "revocation", CHECK_UNKNOWN, "unable to get the CRL of its CA");
	/* What was given about the CA does not decide: that is no "ok". */
	r = with(low,
	    list(&(struct list_spec){.by = root, .from = T0 - 9 * DAY, .until = T0 - 8 * DAY}));
	says(&r, "revocation", CHECK_UNKNOWN,
	    "of the CA CA: the CRL of its CA expired on 2026-05-20");
	r = with(low, list(&(struct list_spec){.by = root, .gone = {{.who = ca}}}));
	says(&r, "revocation", CHECK_FAILED, "the CA CA was revoked on 2026-05-27");
	/* A document's own old CRL about its CA is as good as none. */
	r = ask(&(struct scene){.anchor = root,
	    .leaf = user,
	    .others = {ca},
	    .ours = {low},
	    .brought = {list(
		&(struct list_spec){.by = root, .from = T0 - 9 * DAY, .until = T0 - 8 * DAY})}});
	says(&r, "revocation", CHECK_OK, "not checked for the CA CA");
	r = ask(&(struct scene){.anchor = root, .leaf = user, .others = {ca}, .brought = {top}});
	says(&r, "revocation", CHECK_SKIPPED, "no CRL");
	r = ask(
	    &(struct scene){.anchor = root, .leaf = user, .others = {ca}, .brought = {low, top}});
	says(&r, "revocation", CHECK_OK, "its CAs were checked, too");
	/* An anchor in the middle: what is above it is not asked, but is heard. */
	r = ask(&(struct scene){.anchor = ca, .leaf = user, .ours = {low}});
	says(&r, "revocation", CHECK_OK, "not on the CRL of its CA");
	r = ask(&(struct scene){.anchor = user, .leaf = user, .ours = {low}});
	says(&r, "revocation", CHECK_UNKNOWN, "trusted itself");
}

/* Nothing that a document brings along takes the place of what the relying party has. */
static void what_a_signer_brings_loosens_nothing(void **state)
{
	(void)state;
	struct party *fake = make(&(struct party_spec){.cn = "Root", .ext = CA_EXT});
	struct party *fake_ca = plain("CA", fake, CA_EXT), *mine = plain("CA", user, CA_EXT);
	struct rd revoked = list(&(struct list_spec){.by = root, .gone = {{.who = ca}}});
	struct rd old = list(&(struct list_spec){
	    .by = ca, .gone = {{.who = user}}, .from = T0 - 9 * DAY, .until = T0 - 3600});
	struct rd low = list(&(struct list_spec){.by = ca});
	const struct list_spec forged[] = {
	    {.by = fake, .from = T0 - 60},
	    {.by = fake_ca, .from = T0 - 60},
	    {.by = mine, .from = T0 - 60},
	    {.by = user, .named = ca, .from = T0 - 60},
	    {.by = user, .named = root, .from = T0 - 60},
	};
	for (size_t i = 0; i < sizeof forged / sizeof forged[0]; i++) {
		struct scene s = {.anchor = root,
		    .leaf = user,
		    .others = {fake, fake_ca, mine, ca},
		    .ours = {revoked, low},
		    .brought = {list(&forged[i])}};
		struct report r = ask(&s);
		says(&r, "revocation", CHECK_FAILED, "the CA CA was revoked");
		/* A revocation does not end with the list that told it. */
		s.ours[0] = old;
		s.ours[1] = none;
		r = ask(&s);
		says(&r, "revocation", CHECK_FAILED, "the certificate was revoked");
		s.ours[0] = none;
		r = ask(&s);
		if (report_find(&r, "revocation")->state == CHECK_OK)
			fail_msg("%zu: %s", i, report_find(&r, "revocation")->detail);
	}
}

/* The certificate of a CRL's signer is judged as one, and told by what is wrong with it: getting
 * the same list again helps where somebody else signed it, and nowhere else. */
static void because(const struct report *r, size_t i, enum reason reason, const char *words)
{
	const struct check *c = report_find(r, "revocation");

	if (c->reason != reason || !strstr(c->detail, words))
		fail_msg("row %zu: %s: %s", i, reason_code(c->reason), c->detail);
}

static void separate_signers(void **state)
{
	static const char *const foreign = "signed by somebody else";
	static const struct {
		const char *ext;
		bool by_user, by_ca;
		time_t from, until;
		enum reason reason;
		const char *words;
	} row[] = {
	    {KEYIDS CRL_EXT, .words = "not on the CRL"},
	    {KEYIDS CRL_EXT, .by_ca = true, .words = "not on the CRL"},
	    /* by a customer */
	    {KEYIDS CRL_EXT, .by_user = true, .reason = REASON_REVOCATION_BAD, .words = foreign},
	    /* over since, and before the list was made */
	    {KEYIDS CRL_EXT, .until = T0 - 3600, .reason = REASON_REVOCATION_SIGNER_OVER,
		.words = "CRL's signer has expired"},
	    {KEYIDS CRL_EXT, .until = T0 - 2 * DAY, .reason = REASON_REVOCATION_SIGNER_BAD,
		.words = "CRL's signer has expired"},
	    {KEYIDS CRL_EXT, .from = T0 + DAY, .reason = REASON_REVOCATION_SIGNER_BAD,
		.words = "or is not valid yet"},
	    /* a customer's with that name */
	    {KEYIDS LEAF_EXT, .by_ca = true, .reason = REASON_REVOCATION_BAD, .words = foreign},
	    /* without key usage */
	    {KEYIDS, .by_ca = true, .reason = REASON_REVOCATION_BAD, .words = foreign},
	    {KEYIDS "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign",
		.reason = REASON_REVOCATION_BAD, .words = foreign},
	    {KEYIDS CRL_EXT "1.3.5.99=critical,DER:0500", .reason = REASON_REVOCATION_SIGNER_BAD,
		.words = "CRL's signer has a critical extension that is not known"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct party *by = row[i].by_user ? user : row[i].by_ca ? ca : root;
		struct party *signer = make(&(struct party_spec){.cn = "CA",
		    .by = by,
		    .ext = row[i].ext,
		    .from = row[i].from,
		    .until = row[i].until});
		struct scene s = {.anchor = root,
		    .leaf = user,
		    .others = {ca, signer, user},
		    .ours = {list(&(struct list_spec){.by = signer})}};
		struct report r = ask(&s);
		because(&r, i, row[i].reason, row[i].words);
		/* Its own revocation counts; by the CA it is told in a list that is good itself. */
		if (row[i].by_ca)
			continue;
		s.ours[1] = list(&(struct list_spec){.by = by, .gone = {{.who = signer}}});
		r = ask(&s);
		because(&r, i, row[i].reason ? row[i].reason : REASON_REVOCATION_SIGNER_BAD,
		    row[i].reason ? row[i].words : "of the CRL's signer was revoked");
	}
}

static void who_may_not_sign(void **state)
{
	(void)state;
	struct party *mute = plain(
	    "Mute", root, "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n");
	struct party *below = plain("B", mute, LEAF_EXT);
	struct scene s = {.anchor = root, .leaf = below, .others = {mute}};
	s.ours[0] = list(&(struct list_spec){.by = mute});
	struct report r = ask(&s);
	says(&r, "revocation", CHECK_UNKNOWN, "does not allow it to sign CRLs");
	struct party *ended = make(
	    &(struct party_spec){.cn = "Ended", .by = root, .ext = CA_EXT, .until = T0 - DAY});
	below = plain("B", ended, LEAF_EXT);
	s = (struct scene){.anchor = root, .leaf = below, .others = {ended}};
	s.ours[0] = list(&(struct list_spec){.by = ended});
	r = ask(&s);
	says(&r, "revocation", CHECK_UNKNOWN, "signer has expired");
	r = with(list(&(struct list_spec){.by = ca, .md = EVP_sha1()}), none);
	says(&r, "revocation", CHECK_UNKNOWN, "old digest");
	r = with(list(&(struct list_spec){.by = stranger, .named = ca}), none);
	says(&r, "revocation", CHECK_UNKNOWN, "signed by somebody else");
	/* Too weak to say "revoked" either. */
	struct party *rsa = make(
	    &(struct party_spec){.cn = "RSA", .by = root, .ext = CA_EXT, .rsa = 2048});
	below = plain("B", rsa, LEAF_EXT);
	s = (struct scene){.anchor = root, .leaf = below, .others = {rsa}};
	for (int i = 0; i < 2; i++) {
		s.ours[0] = list(&(struct list_spec){
		    .by = rsa, .md = i ? EVP_sha256() : EVP_md5(), .gone = {{.who = below}}});
		r = ask(&s);
		says(&r, "revocation", i ? CHECK_FAILED : CHECK_UNKNOWN,
		    i ? "was revoked" : "old digest");
	}
}

static void times_of_lists(void **state)
{
	static const struct {
		time_t from, until, when, now;
		bool listed;
		enum check_state state;
		const char *words;
	} row[] = {
	    {T0 - DAY, T0 + DAY, 0, 0, false, CHECK_OK, "not on the CRL"},
	    {T0 - 3 * DAY, T0 - DAY, 0, 0, false, CHECK_UNKNOWN, "expired on 2026-05-27"},
	    {T0 + DAY, T0 + 2 * DAY, 0, 0, false, CHECK_UNKNOWN, "not yet in force"},
	    {T0 - 3600, -1, 0, 0, false, CHECK_OK, "not on the CRL"},
	    {T0 - 2 * DAY, -1, 0, 0, false, CHECK_UNKNOWN, "expired"},
	    {T0 - DAY, FOREVER, 0, 0, false, CHECK_OK, "not on the CRL"},
	    /* Listed is listed, on an old list, too, and with a date of tomorrow. */
	    {T0 - 3 * DAY, T0 - DAY, 0, 0, true, CHECK_FAILED, "revoked on 2026-05-25"},
	    {T0 - DAY, T0 + DAY, T0 + 9 * DAY, 0, true, CHECK_FAILED, "revoked on 2026-06-06"},
	    /* As of a day before: the list is newer, and so is the revocation or not. */
	    {T0 - DAY, T0 + DAY, T0 - DAY, T0 - 5 * DAY, true, CHECK_UNKNOWN, "not yet in force"},
	    {T0 - DAY, T0 + DAY, T0 - 9 * DAY, T0 - 5 * DAY, true, CHECK_FAILED, "revoked on"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct list_spec l = {.by = ca, .from = row[i].from, .until = row[i].until};
		if (row[i].listed)
			l.gone[0] = (struct gone){.who = user, .when = row[i].when};
		struct report r = ask(&(struct scene){.anchor = root,
		    .leaf = user,
		    .others = {ca},
		    .ours = {list(&l)},
		    .at = row[i].now,
		    .now = row[i].now});
		if (report_find(&r, "revocation")->state != row[i].state)
			fail_msg("row %zu: %s", i, report_find(&r, "revocation")->detail);
		says(&r, "revocation", row[i].state, row[i].words);
	}
}

/* RFC 5280, 5.3.2: of one that was taken back after the moment that is judged. */
static void in_doubt_before(void **state)
{
	static const struct {
		time_t invalid;
		const char *words;
	} row[] = {
	    {T0 - 20 * DAY, "relied on since 2026-05-08"},
	    {T0 - 5 * DAY, "relied on since 2026-05-23"},
	    {T0 - 4 * DAY, NULL},
	    {0, NULL},
	};
	(void)state;
	for (size_t i = 0; i < 2 * sizeof row / sizeof row[0]; i++) {
		struct party *who = i % 2 ? ca : user;
		struct list_spec then = {.from = T0 - 6 * DAY, .until = T0 - 4 * DAY};
		struct scene s = {.anchor = root,
		    .leaf = user,
		    .others = {ca},
		    .at = T0 - 5 * DAY,
		    .now = T0 - 5 * DAY};
		then.by = ca;
		s.ours[0] = list(&then);
		then.by = root;
		s.ours[1] = list(&then);
		s.ours[2] = list(&(struct list_spec){.by = i % 2 ? root : ca,
		    .gone = {{.who = who, .when = T0 - 2 * DAY, .invalid = row[i / 2].invalid}}});
		struct report r = ask(&s);
		const struct check *c = report_find(&r, "invalidity date");
		says(&r, "revocation", CHECK_OK, "");
		if (!c != !row[i / 2].words || (c && !strstr(c->detail, row[i / 2].words)))
			fail_msg("row %zu: %s", i, c ? c->detail : "nothing");
		if (c)
			assert_int_equal(c->state, CHECK_SKIPPED);
	}
}

static void entries(void **state)
{
	(void)state;
	struct party *other = plain("Other", ca, LEAF_EXT);
	/* An entry that nobody understands: who is not listed may be meant by it. */
	struct report r = with(
	    list(&(struct list_spec){.by = ca, .gone = {{.who = other, .strange = true}}}), none);
	says(&r, "revocation", CHECK_UNKNOWN, "not known here");
	r = with(
	    list(&(struct list_spec){.by = ca, .gone = {{.who = user, .strange = true}}}), none);
	says(&r, "revocation", CHECK_FAILED, "was revoked");
	r = with(
	    list(&(struct list_spec){.by = ca, .gone = {{.who = other, .issuer = root}}}), none);
	says(&r, "revocation", CHECK_UNKNOWN, "not known here");
	/* A negative serial number, and the positive one with the same bytes. */
	struct party *minus = make(
	    &(struct party_spec){.cn = "Minus", .by = ca, .ext = LEAF_EXT, .serial = -1});
	struct party *plus = make(
	    &(struct party_spec){.cn = "Plus", .by = ca, .ext = LEAF_EXT, .serial = 255});
	for (int i = 0; i < 2; i++) {
		struct scene s = {.anchor = root, .leaf = minus, .others = {ca}};
		s.ours[0] = list(
		    &(struct list_spec){.by = ca, .gone = {{.who = i ? plus : minus}}});
		r = ask(&s);
		says(&r, "revocation", i ? CHECK_OK : CHECK_FAILED, "");
	}
}

/* The key of a CA changes; its name stays. */
static void new_keys(void **state)
{
	(void)state;
	struct party *fresh = make(&(struct party_spec){
	    .cn = "CA", .by = ca, .ext = CA_EXT "authorityKeyIdentifier=keyid"});
	struct party *leaf = plain("Wong", fresh, KEYIDS LEAF_EXT);
	struct rd by_old = list(&(struct list_spec){.by = ca}),
		  by_new = list(&(struct list_spec){.by = fresh});
	struct rd bad = list(&(struct list_spec){.by = fresh, .gone = {{.who = leaf}}});
	struct scene s = {.anchor = root, .leaf = leaf, .others = {fresh, ca}, .ours = {by_old}};
	struct report r = ask(&s);
	says(&r, "revocation", CHECK_OK, "not on");
	s.ours[0] = by_new;
	r = ask(&s);
	says(&r, "revocation", CHECK_OK, "not on");
	s.ours[1] = by_old;
	s.ours[2] = bad;
	r = ask(&s);
	says(&r, "revocation", CHECK_FAILED, "the certificate was revoked");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(says_which_were_checked),
	    TEST(what_a_signer_brings_loosens_nothing),
	    TEST(separate_signers),
	    TEST(who_may_not_sign),
	    TEST(times_of_lists),
	    TEST(in_doubt_before),
	    TEST(entries),
	    TEST(new_keys),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
