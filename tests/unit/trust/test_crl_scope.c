/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of the scope of CRLs (RFC 5280, 5.2.4, 5.2.5, 6.3.3): partitions, reasons, indirect
 * ones and deltas. */
#include "crl_fix.h"

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
	/* The one whom it names was taken back: it is not somebody else. */
	struct report r = ask(&(struct scene){.anchor = root,
	    .leaf = leaf,
	    .others = {alien, ca, issuer},
	    .ours = {list(&(struct list_spec){.by = issuer, .ext = idp}),
		list(&(struct list_spec){.by = root, .gone = {{.who = issuer}}})}});
	says(&r, "revocation", CHECK_UNKNOWN, "the certificate of the CRL's signer was revoked");
	/* Nobody named it. */
	r = ask(&(struct scene){.anchor = root,
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

/* A list that is over does not end a hold by one that is in force. */
static void releases_that_are_over(void **state)
{
	(void)state;
	struct list_spec hold = {.by = ca,
	    .ext = NUMBER("3"),
	    .from = T0 - 2 * DAY,
	    .gone = {{.who = user, .reason = 6}}};
	struct list_spec later = {.by = ca, .ext = NUMBER("5"), .from = T0 - DAY};
	struct list_spec delta = {.by = ca,
	    .ext = NUMBER("5") DELTA("1"),
	    .from = T0 - DAY,
	    .gone = {{.who = user, .reason = 8}}};
	struct report r = with(list(&hold), list(&later));
	says(&r, "revocation", CHECK_OK, "not on");
	r = with(list(&hold), list(&delta));
	says(&r, "revocation", CHECK_OK, "not on");
	later.until = delta.until = T0 - 3600;
	r = with(list(&hold), list(&later));
	says(&r, "revocation", CHECK_FAILED, "was suspended");
	r = with(list(&hold), list(&delta));
	says(&r, "revocation", CHECK_FAILED, "was suspended");
	hold.until = T0 - 2 * 3600;
	r = with(list(&hold), list(&later));
	says(&r, "revocation", CHECK_UNKNOWN, "expired on");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(scopes),
	    TEST(indirect),
	    TEST(deltas),
	    TEST(releases_that_are_over),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
