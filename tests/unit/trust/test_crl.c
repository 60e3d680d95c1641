/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of CRLs along a path (RFC 5280, 5 and 6.3): who may sign them, for whom they speak. */
#include "scene.h"

/* anchor, ca, leaf, and a stranger; made anew for each test. */
static struct party *root, *ca, *user, *stranger;

static int begin(void **state)
{
	(void)state;
	root = plain("Root", NULL, CA_EXT);
	ca = plain("CA", root, CA_EXT);
	user = plain("Chan", ca, KEYIDS LEAF_EXT);
	stranger = plain("Root", NULL, CA_EXT);
	return 0;
}

static struct report with(struct rd a, struct rd b)
{
	return ask(&(struct scene){.anchor = root, .leaf = user, .others = {ca}, .ours = {a, b}});
}

static const struct rd none = {NULL, 0};

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

/* The certificate of a CRL's signer is judged as one. */
static void separate_signers(void **state)
{
	static const struct {
		const char *ext;
		bool by_user, by_ca;
		time_t until;
		enum check_state state;
	} row[] = {
	    {KEYIDS CRL_EXT, false, false, 0, CHECK_OK},
	    {KEYIDS CRL_EXT, false, true, 0, CHECK_OK},
	    {KEYIDS CRL_EXT, true, false, 0, CHECK_UNKNOWN},	     /* by a customer */
	    {KEYIDS CRL_EXT, false, false, T0 - DAY, CHECK_UNKNOWN}, /* expired */
	    {KEYIDS LEAF_EXT, false, true, 0, CHECK_UNKNOWN}, /* a customer's with that name */
	    {KEYIDS, false, true, 0, CHECK_UNKNOWN},	      /* without key usage */
	    {KEYIDS "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign", false,
		false, 0, CHECK_UNKNOWN},
	    {KEYIDS CRL_EXT "1.3.5.99=critical,DER:0500", false, false, 0, CHECK_UNKNOWN},
	};
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct party *by = row[i].by_user ? user : row[i].by_ca ? ca : root;
		struct party *signer = make(&(struct party_spec){
		    .cn = "CA", .by = by, .ext = row[i].ext, .until = row[i].until});
		struct scene s = {.anchor = root,
		    .leaf = user,
		    .others = {ca, signer, user},
		    .ours = {list(&(struct list_spec){.by = signer})}};
		struct report r = ask(&s);
		if (report_find(&r, "revocation")->state != row[i].state)
			fail_msg("%zu: %s", i, report_find(&r, "revocation")->detail);
		/* Its own revocation counts; by the CA it is told in a list that is good itself. */
		if (row[i].by_ca)
			continue;
		s.ours[1] = list(&(struct list_spec){.by = by, .gone = {{.who = signer}}});
		r = ask(&s);
		if (report_find(&r, "revocation")->state == CHECK_OK)
			fail_msg("%zu: %s", i, report_find(&r, "revocation")->detail);
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

#define IDP(what) "issuingDistributionPoint=critical,@i\n[i]\n" what "\n"
#define DP(what)  LEAF_EXT "crlDistributionPoints=d\n[d]\n" what "\n"
#define AT(a)	  "fullname=URI:http://" a ".example/crl"
#define SOME	  "onlysomereasons=keyCompromise,CACompromise"
#define OTHERS                                                                                     \
	"onlysomereasons=affiliationChanged,superseded,cessationOfOperation,"                      \
	"certificateHold,privilegeWithdrawn,AACompromise"

static void scopes(void **state)
{
	static const struct {
		const char *leaf, *a, *b;
		enum check_state state;
		const char *words;
	} row[] = {
	    {LEAF_EXT, IDP("onlyuser=TRUE"), NULL, CHECK_OK, "not on"},
	    {LEAF_EXT, IDP("onlyCA=TRUE"), NULL, CHECK_UNKNOWN, "about other certificates"},
	    {LEAF_EXT, IDP("onlyAA=TRUE"), NULL, CHECK_UNKNOWN, "about other certificates"},
	    {LEAF_EXT, IDP("onlyCA=TRUE\nonlyuser=TRUE"), NULL, CHECK_UNKNOWN, ""},
	    /* Partitions: the certificate says in which it is. */
	    {DP(AT("a")), IDP(AT("a")), NULL, CHECK_OK, "not on"},
	    {DP(AT("a")), IDP(AT("b")), NULL, CHECK_UNKNOWN, "about other certificates"},
	    {DP(AT("a")), "", NULL, CHECK_OK, "not on"},
	    {LEAF_EXT, IDP(AT("a")), NULL, CHECK_UNKNOWN, "about other certificates"},
	    {DP("relativename=r\n[r]\nOU=part"), IDP("relativename=r\n[r]\nOU=part"), NULL,
		CHECK_OK, "not on"},
	    {DP("relativename=r\n[r]\nOU=part"), IDP("relativename=r\n[r]\nOU=other"), NULL,
		CHECK_UNKNOWN, "about other certificates"},
	    /* All reasons, together. */
	    {LEAF_EXT, IDP(SOME), NULL, CHECK_UNKNOWN, "some reasons"},
	    {LEAF_EXT, IDP(OTHERS), NULL, CHECK_UNKNOWN, "some reasons"},
	    {LEAF_EXT, IDP(SOME), IDP(OTHERS), CHECK_OK, "not on"},
	    {DP(AT("a") "\nreasons=keyCompromise"), IDP(AT("a")), NULL, CHECK_UNKNOWN,
		"some reasons"},
	    /* Nobody knows what this does. */
	    {LEAF_EXT, "1.3.5.99=critical,DER:0500", NULL, CHECK_UNKNOWN, "not known here"},
	    {LEAF_EXT, "1.3.5.99=DER:0500", NULL, CHECK_OK, "not on"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct party *leaf = plain("Chan", ca, row[i].leaf);
		struct scene s = {.anchor = root, .leaf = leaf, .others = {ca}};
		s.ours[0] = list(&(struct list_spec){.by = ca, .ext = row[i].a});
		if (row[i].b)
			s.ours[1] = list(&(struct list_spec){.by = ca, .ext = row[i].b});
		struct report r = ask(&s);
		if (report_find(&r, "revocation")->state != row[i].state)
			fail_msg("row %zu: %s", i, report_find(&r, "revocation")->detail);
		says(&r, "revocation", row[i].state, row[i].words);
		/* A partition that lists it is one that is about it. */
		s.ours[1] = list(&(struct list_spec){
		    .by = ca, .ext = row[i].a, .gone = {{.who = leaf, .reason = 1}}});
		r = ask(&s);
		if ((row[i].state == CHECK_OK) &&
		    report_find(&r, "revocation")->state != CHECK_FAILED)
			fail_msg("row %zu: %s", i, report_find(&r, "revocation")->detail);
		if (i % 4 == 3) {
			(void)scene_end(NULL);
			(void)begin(NULL);
		}
	}
	/* Of a CA: the lists of CAs. */
	struct rd low = list(&(struct list_spec){.by = ca});
	struct report r = with(
	    low, list(&(struct list_spec){.by = root, .ext = IDP("onlyCA=TRUE")}));
	says(&r, "revocation", CHECK_OK, "its CAs were checked, too");
	r = with(low, list(&(struct list_spec){.by = root, .ext = IDP("onlyuser=TRUE")}));
	says(&r, "revocation", CHECK_UNKNOWN, "of the CA CA: ");
}

/* A list of somebody whom the certificate names, with entries of several CAs (5.3.3). */
static void indirect(void **state)
{
	(void)state;
	struct party *issuer = plain("CRL issuer", root, CRL_EXT);
	struct party *alien = plain("CRL issuer", NULL, CA_EXT);
	const char *dp = DP(AT("a") "\nCRLissuer=dirName:n\n[n]\nCN=CRL issuer");
	const char *idp = IDP(AT("a") "\nindirectCRL=TRUE");
	struct party *leaf = plain("Chan", ca, dp);
	struct party *twin = make(&(struct party_spec){.cn = "Twin",
	    .by = issuer,
	    .ext = LEAF_EXT,
	    .serial = ASN1_INTEGER_get(X509_get0_serialNumber(leaf->cert))});
	const struct {
		struct list_spec l;
		enum check_state state;
		const char *words;
	} row[] = {
	    {{.by = issuer, .ext = idp}, CHECK_OK, "not on"},
	    /* Somebody else's with the same serial number, before and after one of the CA's. */
	    {{.by = issuer, .ext = idp, .gone = {{.who = twin}}}, CHECK_OK, "not on"},
	    {{.by = issuer,
		 .ext = idp,
		 .gone = {{.who = user, .issuer = ca}, {.who = leaf, .issuer = root}}},
		CHECK_OK, "not on"},
	    {{.by = issuer, .ext = idp, .gone = {{.who = leaf, .issuer = ca}}}, CHECK_FAILED,
		"the certificate was revoked"},
	    {{.by = issuer, .ext = idp, .gone = {{.who = user, .issuer = ca}, {.who = leaf}}},
		CHECK_FAILED, "the certificate was revoked"},
	    /* It does not say that it is one. */
	    {{.by = issuer, .ext = IDP(AT("a"))}, CHECK_UNKNOWN, "unable to get"},
	    {{.by = issuer, .ext = ""}, CHECK_UNKNOWN, "unable to get"},
	    {{.by = alien, .ext = idp}, CHECK_UNKNOWN, "signed by somebody else"},
	    {{.by = user, .named = issuer, .ext = idp}, CHECK_UNKNOWN, "signed by somebody else"},
	};
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct report r = ask(&(struct scene){.anchor = root,
		    .leaf = leaf,
		    .others = {alien, ca, issuer},
		    .ours = {list(&row[i].l)}});
		if (report_find(&r, "revocation")->state != row[i].state)
			fail_msg("row %zu: %s", i, report_find(&r, "revocation")->detail);
		says(&r, "revocation", row[i].state, row[i].words);
	}
	/* Nobody named it. */
	struct report r = ask(&(struct scene){.anchor = root,
	    .leaf = user,
	    .others = {ca, issuer},
	    .ours = {list(&(struct list_spec){.by = issuer, .ext = idp})}});
	says(&r, "revocation", CHECK_UNKNOWN, "unable to get");
	r = ask(&(struct scene){.anchor = root,
	    .leaf = user,
	    .others = {ca, issuer, alien},
	    .brought = {list(&(struct list_spec){.by = alien, .ext = idp})}});
	says(&r, "revocation", CHECK_SKIPPED, "no CRL");
}

#define NUMBER(n) "crlNumber=DER:02010" n "\nauthorityKeyIdentifier=keyid\n"
#define DELTA(n)  "2.5.29.27=critical,DER:02010" n "\n"

static void deltas(void **state)
{
	enum { HOLD = 6, REMOVE = 8 };
	(void)state;
	const struct {
		int base, delta;	 /* the reason; -1: not listed */
		const char *number, *to; /* of the delta */
		enum check_state state;
		const char *words;
	} row[] = {
	    {-1, -1, "5", "1", CHECK_OK, "not on"},
	    {-1, 1, "5", "1", CHECK_FAILED, "was revoked"},
	    {1, -1, "5", "1", CHECK_FAILED, "was revoked"},
	    {HOLD, -1, "5", "1", CHECK_FAILED, "was suspended"},
	    {-1, HOLD, "5", "1", CHECK_FAILED, "was suspended"},
	    {HOLD, REMOVE, "5", "1", CHECK_OK, "not on"},
	    {HOLD, 1, "5", "1", CHECK_FAILED, "was revoked"},
	    {-1, REMOVE, "5", "1", CHECK_OK, "not on"},
	    /* A revocation for good is not taken back, and not by a delta to another list. */
	    {1, REMOVE, "5", "1", CHECK_FAILED, "was revoked"},
	    {HOLD, REMOVE, "5", "4", CHECK_FAILED, "was suspended"},
	    {HOLD, REMOVE, "2", "1", CHECK_FAILED, "was suspended"},
	    {-1, 1, "5", "4", CHECK_FAILED, "was revoked"},
	};
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		char ext[256];
		struct list_spec base = {.by = ca, .ext = NUMBER("3")},
				 delta = {.by = ca, .ext = ext};
		snprintf(ext, sizeof ext, NUMBER("%s") DELTA("%s"), row[i].number, row[i].to);
		if (row[i].base >= 0)
			base.gone[0] = (struct gone){.who = user, .reason = row[i].base};
		if (row[i].delta >= 0)
			delta.gone[0] = (struct gone){.who = user, .reason = row[i].delta};
		delta.from = T0 - 3600;
		struct report r = with(list(&base), list(&delta));
		if (report_find(&r, "revocation")->state != row[i].state)
			fail_msg("row %zu: %s", i, report_find(&r, "revocation")->detail);
		says(&r, "revocation", row[i].state, row[i].words);
	}
	/* Without the list that it is added to, it tells nothing of who is not on it. */
	struct report r = with(
	    list(&(struct list_spec){.by = ca, .ext = NUMBER("5") DELTA("1")}), none);
	says(&r, "revocation", CHECK_UNKNOWN, "delta CRL only");
	/* A later complete list without it ends a hold, an earlier one does not. */
	struct rd hold = list(&(struct list_spec){
	    .by = ca, .from = T0 - 2 * DAY, .gone = {{.who = user, .reason = HOLD}}});
	r = with(hold, list(&(struct list_spec){.by = ca}));
	says(&r, "revocation", CHECK_OK, "not on");
	r = with(hold, list(&(struct list_spec){.by = ca, .from = T0 - 3 * DAY}));
	says(&r, "revocation", CHECK_FAILED, "was suspended on 2026-05-26");
	r = with(hold, list(&(struct list_spec){.by = stranger, .named = ca}));
	says(&r, "revocation", CHECK_FAILED, "was suspended");
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

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(says_which_were_checked),
	    TEST(what_a_signer_brings_loosens_nothing),
	    TEST(separate_signers),
	    TEST(who_may_not_sign),
	    TEST(times_of_lists),
	    TEST(scopes),
	    TEST(indirect),
	    TEST(deltas),
	    TEST(entries),
	    TEST(new_keys),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
