/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of several certificates of one CA: whichever order they are sent in, one verdict. */
#include "scene.h"

#define POLICY "1.3.6.1.4.1.99999.1"
#define MANY   3

static struct party *root, *ca, *user;

static int begin(void **state)
{
	(void)state;
	root = plain("Root", NULL, CA_EXT);
	ca = plain("CA", root, CA_EXT);
	user = plain("Chan", ca, KEYIDS LEAF_EXT "certificatePolicies=" POLICY "\n");
	return 0;
}

static struct party *twin(const struct party *by, const char *ext)
{
	return make(&(struct party_spec){.cn = "CA", .by = by, .ext = ext, .key = ca});
}

/* The question with the certificates in each of their orders; the reports have to be the same. */
static struct report in_any_order(struct scene *s, struct party *const v[MANY])
{
	static const int order[6][MANY] = {
	    {0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
	struct report first, r;
	for (size_t i = 0; i < 6; i++) {
		size_t n = 0;
		for (size_t k = 0; k < MANY; k++)
			if (v[order[i][k]])
				s->others[n++] = v[order[i][k]];
		r = ask(s);
		if (i == 0)
			first = r;
		for (size_t k = 0; k < r.n; k++)
			says(&first, r.checks[k].name, r.checks[k].state, r.checks[k].detail);
	}
	return first;
}

/* One of them hands the policy down that the relying party asks for, others do not. */
static void policies(void **state)
{
	(void)state;
	struct party *with = twin(root, CA_EXT "certificatePolicies=" POLICY "\n");
	struct party *other = twin(root, CA_EXT "certificatePolicies=1.2.3.4\n");
	struct scene s = {.anchor = root, .leaf = user, .policies = {POLICY}};
	struct report r = in_any_order(&s, (struct party *const[]){ca, with, other});
	says(&r, "policy", CHECK_OK, "");
	assert_int_equal(report_find(&r, "chain")->state, CHECK_OK);
	s = (struct scene){.anchor = root, .leaf = user, .policies = {POLICY}};
	r = in_any_order(&s, (struct party *const[]){ca, other, NULL});
	says(&r, "policy", CHECK_FAILED, "handed down");
	/* A CA that demands a policy and has none, and one that demands nothing. */
	s = (struct scene){.anchor = root, .leaf = user};
	other = twin(root, CA_EXT "certificatePolicies=1.2.3.4\n"
				  "policyConstraints=critical,requireExplicitPolicy:0\n");
	r = in_any_order(&s, (struct party *const[]){other, ca, NULL});
	says(&r, "policy", CHECK_OK, "");
}

/* A CA that may not sign for documents, and one that may. */
static void uses(void **state)
{
	(void)state;
	struct party *narrow = twin(root, CA_EXT "extendedKeyUsage=serverAuth\n");
	struct scene s = {.anchor = root, .leaf = user};
	struct report r = in_any_order(&s, (struct party *const[]){narrow, ca, NULL});
	says(&r, "key usage", CHECK_OK, "");
	says(&r, "chain", CHECK_OK, "");
}

/* One of them was revoked: the other counts when the reason says that the key is good. */
static void revoked(void **state)
{
	static const struct {
		int reason;
		bool good;
	} row[] = {{-1, false}, {0, false}, {1, false}, {2, false}, {3, true}, {4, true}, {5, true},
	    {6, false}, {9, false}, {10, false}};
	(void)state;
	struct party *second = twin(root, CA_EXT);
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct scene s = {.anchor = root, .leaf = user};
		s.ours[0] = list(&(struct list_spec){.by = ca});
		s.ours[1] = list(&(struct list_spec){
		    .by = root, .gone = {{.who = second, .reason = row[i].reason}}});
		struct report r = in_any_order(&s, (struct party *const[]){ca, second, NULL});
		says(&r, "revocation", row[i].good ? CHECK_OK : CHECK_FAILED, "");
		/* Alone it is revoked, whatever the reason. */
		s.others[1] = NULL;
		s.others[0] = second;
		r = ask(&s);
		says(&r, "revocation", CHECK_FAILED, "CA was");
	}
}

/* By two roots that are trusted: what one says of the key counts for the other's certificate. */
static void by_two_roots(void **state)
{
	(void)state;
	struct party *second = plain("Second Root", NULL, CA_EXT), *cross = twin(second, CA_EXT);
	for (int compromised = 0; compromised < 2; compromised++) {
		struct scene s = {.anchor = root, .second = second, .leaf = user};
		s.ours[0] = list(&(struct list_spec){.by = ca});
		s.ours[1] = list(&(struct list_spec){
		    .by = root, .gone = {{.who = ca, .reason = compromised ? 1 : 5}}});
		s.ours[2] = list(&(struct list_spec){.by = second});
		struct report r = in_any_order(&s, (struct party *const[]){ca, cross, NULL});
		says(&r, "revocation", compromised ? CHECK_FAILED : CHECK_OK, "");
	}
	/* A stranger revokes what he likes. */
	struct scene s = {.anchor = root, .leaf = user};
	s.brought[0] = list(&(struct list_spec){.by = ca});
	s.brought[1] = list(&(struct list_spec){.by = root});
	s.brought[2] = list(
	    &(struct list_spec){.by = second, .gone = {{.who = cross, .reason = 1}}});
	struct report r = in_any_order(&s, (struct party *const[]){ca, cross, second});
	says(&r, "revocation", CHECK_OK, "");
}

/* The relying party has a CA's certificate that was revoked; the document brings the CA's other one
 * and a leaf that names it, so that no path is by the revoked one. */
static void left_out_by_name(void **state)
{
	(void)state;
	struct party *second = twin(root, CA_EXT);
	struct party *named = plain("Chan", second,
	    "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid,issuer:always\n" LEAF_EXT);
	for (int compromised = 0; compromised < 2; compromised++) {
		struct scene s = {.anchor = root, .leaf = named, .others = {second}};
		s.brought[0] = list(&(struct list_spec){.by = ca});
		s.ours[0] = list(&(struct list_spec){
		    .by = root, .gone = {{.who = ca, .reason = compromised ? 1 : 4}}});
		struct report r = ask(&s);
		says(&r, "revocation", CHECK_OK, "");
		s.helper = ca;
		r = ask(&s);
		says(&r, "revocation", compromised ? CHECK_FAILED : CHECK_OK,
		    compromised ? "another certificate of a CA" : "");
	}
}

/* As many paths as are judged, all by the CA's other certificate. */
static void left_out_by_a_crowd(void **state)
{
	(void)state;
	struct party *second = twin(root, CA_EXT);
	struct party *sub = plain("Sub", ca, CA_EXT), *low = plain("Wong", sub, LEAF_EXT);
	/* Which of the two comes first is up to their digests: both are the one that is gone. */
	for (int i = 0; i < 2; i++) {
		struct party *gone = i ? second : ca, *kept = i ? ca : second;
		struct scene s = {.anchor = root, .leaf = low, .others = {kept, sub}};
		for (size_t k = 2; i == 0 && k < 22; k++)
			(void)make(
			    &(struct party_spec){.cn = "Sub", .by = ca, .ext = CA_EXT, .key = sub});
		for (size_t k = 2; k < 22; k++)
			s.others[k] = &parties[parties_n - 22 + k];
		s.brought[0] = list(&(struct list_spec){.by = ca});
		s.brought[1] = list(&(struct list_spec){.by = sub});
		s.ours[0] = list(
		    &(struct list_spec){.by = root, .gone = {{.who = gone, .reason = 1}}});
		struct report r = ask(&s);
		says(&r, "revocation", CHECK_OK, "");
		s.helper = gone;
		r = ask(&s);
		says(&r, "revocation", CHECK_FAILED, "");
	}
}

/* A certificate that is brought again and again takes nobody's place. */
static void copies(void **state)
{
	(void)state;
	struct party *over = make(&(struct party_spec){.cn = "CA",
	    .by = root,
	    .ext = CA_EXT,
	    .key = ca,
	    .from = T0 - 50 * DAY,
	    .until = T0 - 10 * DAY});
	struct party *narrow = twin(root, CA_EXT "nameConstraints=critical,excluded;dirName:n\n"
						 "[n]\nCN=Chan\n");
	struct party *const bad[] = {over, narrow};
	for (size_t i = 0; i < 2; i++) {
		for (size_t at = 0; at < SCENE_OTHERS; at += SCENE_OTHERS - 1) {
			struct scene s = {.anchor = root, .leaf = user};
			for (size_t k = 0; k < SCENE_OTHERS; k++)
				s.others[k] = k == at ? ca : bad[i];
			struct report r = ask(&s);
			says(&r, "chain", CHECK_OK, "");
			says(&r, "validity", CHECK_OK, "");
		}
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(policies),
	    TEST(uses),
	    TEST(revoked),
	    TEST(by_two_roots),
	    TEST(left_out_by_name),
	    TEST(left_out_by_a_crowd),
	    TEST(copies),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
