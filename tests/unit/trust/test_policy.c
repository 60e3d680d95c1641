/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of certificate policies along a path (RFC 5280, 6.1), and of an entry's times. */
#include "scene.h"

#define P1  "1.3.5.1"
#define P2  "1.3.5.2"
#define P3  "1.3.7.3"
#define ANY "2.5.29.32.0"

#define POLICY(list)	   "certificatePolicies=" list "\n"
#define CONSTRAINTS(what)  "policyConstraints=critical," what "\n"
#define MAPPINGS(from, to) "policyMappings=critical," from ":" to "\n"
#define INHIBIT_ANY(n)	   "inhibitAnyPolicy=critical," n "\n"

/* anchor, upper, lower, leaf. */
static const struct {
	const char *upper, *lower, *leaf;
	const char *entry[4];
	enum check_state state;
	const char *words;
} rows[] = {
    /* requireExplicitPolicy, 4.2.1.11: now, and after so many certificates. */
    {CONSTRAINTS("requireExplicitPolicy:0"), "", "", {NULL}, CHECK_FAILED, "demands a policy"},
    {"", CONSTRAINTS("requireExplicitPolicy:0"), "", {NULL}, CHECK_FAILED, "demands a policy"},
    {CONSTRAINTS("requireExplicitPolicy:0") POLICY(P1), POLICY(P1), POLICY(P1), {NULL}, CHECK_OK,
	"asks for none"},
    {CONSTRAINTS("requireExplicitPolicy:0") POLICY(P1), "", POLICY(P1), {NULL}, CHECK_FAILED,
	"demands a policy"},
    {CONSTRAINTS("requireExplicitPolicy:0") POLICY(P1), POLICY(P1), POLICY(P2), {NULL},
	CHECK_FAILED, "demands a policy"},
    {CONSTRAINTS("requireExplicitPolicy:5"), "", "", {NULL}, CHECK_OK, "asks for none"},
    {CONSTRAINTS("requireExplicitPolicy:5"), CONSTRAINTS("requireExplicitPolicy:0"), "", {NULL},
	CHECK_FAILED, "demands a policy"},
    {"", "", "", {NULL}, CHECK_OK, "asks for none"},
    {POLICY(P1), POLICY(P2), POLICY(P3), {NULL}, CHECK_OK, "asks for none"},
    /* Critical, and not to be read: 4.2.1.11, 4.2.1.5, 4.2.1.14. */
    {"2.5.29.36=critical,DER:0500\n", "", "", {NULL}, CHECK_FAILED, "cannot be read"},
    {"2.5.29.33=critical,DER:0500\n", "", "", {NULL}, CHECK_FAILED, "cannot be read"},
    {"", "2.5.29.54=critical,DER:0500\n", "", {NULL}, CHECK_FAILED, "cannot be read"},
    {"", "2.5.29.54=critical,DER:0201FF\n", "", {NULL}, CHECK_FAILED, "cannot be read"},
    /* The entry's are the user's. */
    {POLICY(P1), POLICY(P1), POLICY(P1), {P1}, CHECK_OK, "the trusted entry asks for"},
    {POLICY(P1), POLICY(P1), POLICY(P1), {P2, P1}, CHECK_OK, "the trusted entry asks for"},
    {POLICY(P1), POLICY(P1), POLICY(P1), {P2}, CHECK_FAILED, "no policy of the entry Anchor"},
    {POLICY(P2), POLICY(P1), POLICY(P1), {P1}, CHECK_FAILED, "no policy of the entry Anchor"},
    {POLICY(P1 "," P2), POLICY(P2), POLICY(P1), {P1}, CHECK_FAILED, "no policy of the entry"},
    {POLICY(P1), "", POLICY(P1), {P1}, CHECK_FAILED, "no policy of the entry Anchor"},
    {"", "", "", {P1}, CHECK_FAILED, "no policy of the entry Anchor"},
    /* anyPolicy stands for each, 4.2.1.4, until it is inhibited, 4.2.1.14. */
    {POLICY(ANY), POLICY(ANY), POLICY(P1), {P1}, CHECK_OK, "asks for"},
    {POLICY(ANY), POLICY(P1), POLICY(ANY), {P1}, CHECK_OK, "asks for"},
    {POLICY(ANY), POLICY(ANY), POLICY(ANY), {P1}, CHECK_OK, "asks for"},
    {POLICY(ANY), POLICY(ANY), POLICY(ANY), {ANY}, CHECK_OK, "asks for"},
    {POLICY(ANY) INHIBIT_ANY("0"), POLICY(P1), POLICY(P1), {P1}, CHECK_OK, "asks for"},
    {POLICY(ANY) INHIBIT_ANY("0"), POLICY(ANY), POLICY(P1), {P1}, CHECK_FAILED, "no policy"},
    {POLICY(ANY) INHIBIT_ANY("1"), POLICY(ANY), POLICY(P1), {P1}, CHECK_OK, "asks for"},
    {POLICY(ANY) INHIBIT_ANY("1"), POLICY(ANY), POLICY(ANY), {P1}, CHECK_FAILED, "no policy"},
    {POLICY(ANY) INHIBIT_ANY("0") CONSTRAINTS("requireExplicitPolicy:0"), POLICY(ANY), POLICY(ANY),
	{NULL}, CHECK_FAILED, "demands a policy"},
    /* Mappings, 4.2.1.5: the user's is the upper CA's. */
    {POLICY(P1) MAPPINGS(P1, P2), POLICY(P2), POLICY(P2), {P1}, CHECK_OK, "asks for"},
    {POLICY(P1) MAPPINGS(P1, P2), POLICY(P2), POLICY(P2), {P2}, CHECK_FAILED, "no policy"},
    {POLICY(P1) MAPPINGS(P1, P2), POLICY(P1), POLICY(P1), {P1}, CHECK_FAILED, "no policy"},
    {POLICY(P1), POLICY(P1) MAPPINGS(P1, P3), POLICY(P3), {P1}, CHECK_OK, "asks for"},
    {POLICY(P1) CONSTRAINTS("inhibitPolicyMapping:0"), POLICY(P1) MAPPINGS(P1, P3), POLICY(P3),
	{P1}, CHECK_FAILED, "no policy"},
    {POLICY(P1) CONSTRAINTS("inhibitPolicyMapping:0,requireExplicitPolicy:0"),
	POLICY(P1) MAPPINGS(P1, P3), POLICY(P3), {NULL}, CHECK_FAILED, "demands a policy"},
    {POLICY(P1) CONSTRAINTS("inhibitPolicyMapping:1"), POLICY(P1) MAPPINGS(P1, P3), POLICY(P3),
	{P1}, CHECK_OK, "asks for"},
    {POLICY(ANY), POLICY(P1) MAPPINGS(ANY, P1), POLICY(P1), {NULL}, CHECK_FAILED, "contradict"},
    {POLICY(ANY), POLICY(P1) MAPPINGS(P1, ANY), POLICY(P1), {NULL}, CHECK_FAILED, "contradict"},
    /* A wildcard is every policy below it, each by itself. */
    {POLICY(P1), POLICY(P1), POLICY(P1), {"1.3.5.*"}, CHECK_OK, "asks for"},
    {POLICY(ANY), POLICY(ANY), POLICY(P2), {"1.3.5.*"}, CHECK_OK, "asks for"},
    {POLICY(ANY), POLICY(ANY), POLICY(ANY), {"1.3.5.*"}, CHECK_OK, "asks for"},
    {POLICY(P1), POLICY(P1), POLICY(P2), {"1.3.5.*"}, CHECK_FAILED, "no policy"},
    {POLICY(P3), POLICY(P3), POLICY(P3), {"1.3.5.*"}, CHECK_FAILED, "no policy"},
    {"", "", POLICY(P1), {"1.3.5.*"}, CHECK_FAILED, "no policy"},
    {POLICY(P1) MAPPINGS(P1, P3), POLICY(P3), POLICY(P3), {"1.3.5.*"}, CHECK_OK, "asks for"},
};

static void along_the_path(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char upper[512], lower[512], leaf[512];
		snprintf(upper, sizeof upper, CA_EXT "%s", rows[i].upper);
		snprintf(lower, sizeof lower, CA_EXT "%s", rows[i].lower);
		snprintf(leaf, sizeof leaf, LEAF_EXT "%s", rows[i].leaf);
		struct party *a = plain("A", NULL, CA_EXT), *b = plain("B", a, upper);
		struct party *c = plain("C", b, lower), *d = plain("D", c, leaf);
		struct scene s = {.anchor = a, .leaf = d, .others = {b, c}};
		memcpy(s.policies, rows[i].entry, sizeof s.policies);
		struct report r = ask(&s);
		says(&r, "chain", CHECK_OK, "4 certificates");
		if (report_find(&r, "policy")->state != rows[i].state)
			fail_msg("row %zu: %s", i, report_find(&r, "policy")->detail);
		says(&r, "policy", rows[i].state, rows[i].words);
		/* Naming the CA mends no extension that is wrong. */
		bool theirs = strstr(rows[i].words, "cannot be read") ||
			      strstr(rows[i].words, "contradict");
		assert_int_equal(report_find(&r, "policy")->reason, rows[i].state == CHECK_OK
									? REASON_NONE
								    : theirs ? REASON_CHAIN_REFUSED
									     : REASON_POLICY);
		/* What is above the anchor is not asked: an entry may name the signing CA. */
		s.anchor = c;
		memset(s.policies, 0, sizeof s.policies);
		r = ask(&s);
		says(&r, "policy", CHECK_OK, "asks for none");
		(void)scene_end(NULL);
	}
}

/* An entry that names the certificate itself: no CA hands anything down. */
static void of_the_very_certificate(void **state)
{
	(void)state;
	struct party *d = plain("D", NULL, LEAF_EXT POLICY(P1));
	struct report r = ask(&(struct scene){.anchor = d, .leaf = d, .policies = {P1}});
	says(&r, "policy", CHECK_OK, "asks for");
	r = ask(&(struct scene){.anchor = d, .leaf = d, .policies = {P2}});
	says(&r, "policy", CHECK_FAILED, "no policy of the entry");
}

/* Who signs chooses the time of signing; it does not bring back what the relying party ended. */
static void an_entry_that_ended(void **state)
{
	static const struct {
		time_t from, until, at;
		enum check_state state;
		const char *words;
	} row[] = {
	    {0, T0 + DAY, T0, CHECK_OK, "asks for none"},
	    {0, T0, T0, CHECK_OK, "asks for none"},
	    {0, T0 - 5 * DAY, T0, CHECK_FAILED, "not in force"},
	    {0, T0 - 5 * DAY, T0 - 10 * DAY, CHECK_UNKNOWN,
		"ended on 2026-05-23; without a time stamp"},
	    {T0 - DAY, 0, T0, CHECK_OK, "asks for none"},
	    {T0 - DAY, 0, T0 - 2 * DAY, CHECK_FAILED, "not in force"},
	    {T0 + DAY, 0, T0, CHECK_FAILED, "not in force"},
	    {T0 + DAY, 0, T0 + 2 * DAY, CHECK_FAILED, "not in force"},
	};
	(void)state;
	struct party *a = plain("A", NULL, CA_EXT), *d = plain("D", a, LEAF_EXT);
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct report r = ask(&(struct scene){.anchor = a,
		    .leaf = d,
		    .from = row[i].from,
		    .until = row[i].until,
		    .at = row[i].at});
		says(&r, "policy", row[i].state, row[i].words);
		assert_int_equal(report_find(&r, "policy")->reason,
		    row[i].state == CHECK_OK	    ? REASON_NONE
		    : row[i].state == CHECK_UNKNOWN ? REASON_ANCHOR_ENDED
						    : REASON_POLICY);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(along_the_path, scene_end),
	    cmocka_unit_test_teardown(of_the_very_certificate, scene_end),
	    cmocka_unit_test_teardown(an_entry_that_ended, scene_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
