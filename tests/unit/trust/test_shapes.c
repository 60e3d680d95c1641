/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of paths of every shape (RFC 5280, 4.2.1 and 6.1): signatures, validity, names, path
 * lengths, key usage, name constraints, extensions. */
#include "scene.h"

#define CA(more)   "subjectKeyIdentifier=hash\nkeyUsage=critical,keyCertSign,cRLSign\n" more
#define BASIC	   "basicConstraints=critical,CA:TRUE"
#define LEAF(more) "keyUsage=critical,digitalSignature\n" more
#define NAMES(n)   "nameConstraints=critical," n

/* root, upper, lower (NULL: none), leaf. */
static const struct {
	const char *upper, *lower, *leaf;
	enum check_state chain;
	const char *words;
} rows[] = {
    {CA(BASIC), CA(BASIC), LEAF(""), CHECK_OK, "4 certificates"},
    /* 4.2.1.9 */
    {CA(""), NULL, LEAF(""), CHECK_FAILED, "no CA's certificate"},
    {CA("basicConstraints=CA:FALSE"), NULL, LEAF(""), CHECK_FAILED, "no CA's certificate"},
    {CA("basicConstraints=CA:TRUE"), NULL, LEAF(""), CHECK_OK, "3 certificates"},
    {CA(BASIC ",pathlen:0"), NULL, LEAF(""), CHECK_OK, "3 certificates"},
    {CA(BASIC ",pathlen:0"), CA(BASIC), LEAF(""), CHECK_FAILED, "pathLenConstraint"},
    {CA(BASIC ",pathlen:1"), CA(BASIC), LEAF(""), CHECK_OK, "4 certificates"},
    /* A larger limit below a smaller one widens nothing. */
    {CA(BASIC ",pathlen:0"), CA(BASIC ",pathlen:6"), LEAF(""), CHECK_FAILED, "pathLenConstraint"},
    /* 4.2.1.3 */
    {BASIC "\nkeyUsage=critical,cRLSign", NULL, LEAF(""), CHECK_FAILED, "no CA's certificate"},
    {BASIC "\nkeyUsage=digitalSignature", NULL, LEAF(""), CHECK_FAILED, "no CA's certificate"},
    {BASIC, NULL, LEAF(""), CHECK_OK, "3 certificates"},
    /* 4.2.1.10 */
    {CA(BASIC "\n" NAMES("permitted;email:good.example")), NULL,
	LEAF("subjectAltName=email:a@good.example"), CHECK_OK, "3 certificates"},
    {CA(BASIC "\n" NAMES("permitted;email:good.example")), NULL,
	LEAF("subjectAltName=email:a@evil.example"), CHECK_FAILED,
	"outside of what its CA may name"},
    {CA(BASIC "\n" NAMES("permitted;email:.good.example")), NULL,
	LEAF("subjectAltName=email:a@evil.example@x.good.example"), CHECK_FAILED,
	"cannot be held against nameConstraints"},
    {CA(BASIC "\n" NAMES("excluded;email:.evil.example")), NULL,
	LEAF("subjectAltName=email:a@very.evil.example"), CHECK_FAILED,
	"that its CA must not give"},
    {CA(BASIC "\n" NAMES("permitted;dirName:n\n[n]\nCN=Other")), NULL, LEAF(""), CHECK_FAILED,
	"outside of what its CA may name"},
    {CA(BASIC "\n" NAMES("permitted;dirName:n\n[n]\nCN=Leaf")), NULL, LEAF(""), CHECK_OK,
	"3 certificates"},
    {CA(BASIC "\n" NAMES("excluded;dirName:n\n[n]\nCN=Leaf")), NULL, LEAF(""), CHECK_FAILED,
	"that its CA must not give"},
    {CA(BASIC "\n" NAMES("permitted;DNS:good.example")), NULL,
	LEAF("subjectAltName=DNS:www.good.example"), CHECK_OK, "3 certificates"},
    {CA(BASIC "\n" NAMES("permitted;DNS:good.example")), NULL,
	LEAF("subjectAltName=DNS:www.notgood.example"), CHECK_FAILED,
	"outside of what its CA may name"},
    {CA(BASIC "\n" NAMES("permitted;URI:.good.example")), NULL,
	LEAF("subjectAltName=URI:http://www.good.example/x"), CHECK_OK, "3 certificates"},
    {CA(BASIC "\n" NAMES("excluded;URI:evil.example")), NULL,
	LEAF("subjectAltName=URI:http://evil.example/x"), CHECK_FAILED,
	"that its CA must not give"},
    /* Through the CA between. */
    {CA(BASIC "\n" NAMES("permitted;email:good.example")), CA(BASIC),
	LEAF("subjectAltName=email:a@evil.example"), CHECK_FAILED,
	"outside of what its CA may name"},
    /* 4.2: what cannot be read, or is there twice. */
    {CA(BASIC "\n2.5.29.30=critical,DER:0500"), NULL, LEAF(""), CHECK_FAILED,
	"an extension of the certificate Upper"},
    {CA(BASIC "\n2.5.29.19=critical,DER:30030101ff"), NULL, LEAF(""), CHECK_FAILED,
	"an extension of the certificate Upper"},
    {CA(BASIC), NULL, LEAF("2.5.29.37=DER:0500"), CHECK_FAILED,
	"an extension of the certificate Leaf"},
    /* 4.2: what nobody knows. */
    {CA(BASIC "\n1.3.5.99=critical,DER:0500"), NULL, LEAF(""), CHECK_FAILED, "critical ext"},
    {CA(BASIC), NULL, LEAF("1.3.5.99=critical,DER:0500"), CHECK_FAILED, "critical ext"},
    {CA(BASIC), NULL, LEAF("1.3.5.99=DER:0500"), CHECK_OK, "3 certificates"},
};

static void extensions(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct party *a = plain("Root", NULL, CA_EXT),
			     *b = plain("Upper", a, rows[i].upper);
		struct party *c = rows[i].lower ? plain("Lower", b, rows[i].lower) : b;
		struct party *d = plain("Leaf", c, rows[i].leaf);
		struct report r = ask(&(struct scene){.anchor = a, .leaf = d, .others = {b, c}});
		if (report_find(&r, "chain")->state != rows[i].chain)
			fail_msg("row %zu: %s", i, report_find(&r, "chain")->detail);
		says(&r, "chain", rows[i].chain, rows[i].words);
		(void)scene_end(NULL);
	}
}

/* What a certificate may do that cannot be read is not known, rather than nothing. */
static void unreadable(void **state)
{
	(void)state;
	struct party *a = plain("Root", NULL, CA_EXT);
	struct party *d = plain("Leaf", a, LEAF("2.5.29.37=DER:0500"));
	struct report r = ask(&(struct scene){.anchor = a, .leaf = d});
	says(&r, "key usage", CHECK_FAILED, "an extension of the certificate cannot be read");
}

/* A CA's certificate for its own new key does not count for the path's length (4.2.1.9), nor is it
 * left out of the names (4.2.1.10). */
static void self_issued(void **state)
{
	static const char limits[] = CA(BASIC ",pathlen:0"),
			  ids[] = "authorityKeyIdentifier=keyid\n" CA(BASIC);
	(void)state;
	struct party *root = plain("Root", NULL, CA_EXT), *old = plain("CA", root, limits);
	struct party *fresh = plain("CA", old, ids);
	struct party *leaf = plain("Leaf", fresh, LEAF("authorityKeyIdentifier=keyid"));
	struct scene s = {.anchor = root, .leaf = leaf, .others = {fresh, old}};
	struct report r = ask(&s);
	says(&r, "chain", CHECK_OK, "4 certificates");
	struct party *below = plain("Below", fresh, ids);
	s.leaf = plain("Leaf", below, LEAF("authorityKeyIdentifier=keyid"));
	s.others[2] = below;
	r = ask(&s);
	says(&r, "chain", CHECK_FAILED, "pathLenConstraint");
}

static void times_and_signatures(void **state)
{
	static const struct {
		time_t ca_from, ca_until, from, until;
		enum check_state state;
	} row[] = {
	    {0, 0, 0, 0, CHECK_OK},
	    {T0 + DAY, 0, 0, 0, CHECK_FAILED},
	    {0, T0 - DAY, 0, 0, CHECK_FAILED},
	    {0, 0, T0 + DAY, 0, CHECK_FAILED},
	    {0, 0, 0, T0 - DAY, CHECK_FAILED},
	    /* GeneralizedTime before 1950 and after 2049 (4.1.2.5). */
	    {0, (time_t)4102444800, -(time_t)700000000, (time_t)4102444800, CHECK_OK},
	};
	(void)state;
	struct party *root = plain("Root", NULL, CA_EXT), *twin = plain("Root", NULL, CA_EXT);
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct party *ca = make(&(struct party_spec){.cn = "CA",
		    .by = root,
		    .ext = CA_EXT,
		    .from = row[i].ca_from,
		    .until = row[i].ca_until});
		struct party *leaf = make(&(struct party_spec){.cn = "Leaf",
		    .by = ca,
		    .ext = LEAF_EXT,
		    .from = row[i].from,
		    .until = row[i].until});
		struct report r = ask(
		    &(struct scene){.anchor = root, .leaf = leaf, .others = {ca}});
		says(&r, "chain", CHECK_OK, "3 certificates");
		says(&r, "validity", row[i].state, "");
	}
	/* By somebody with the issuer's name: of the leaf, of the CA. */
	struct party *ca = plain("CA", root, CA_EXT), *false_ca = plain("CA", twin, CA_EXT);
	struct party *leaf = plain("Leaf", false_ca, LEAF_EXT);
	struct report r = ask(&(struct scene){.anchor = root, .leaf = leaf, .others = {ca}});
	says(&r, "chain", CHECK_FAILED, "");
	r = ask(&(struct scene){.anchor = root, .leaf = leaf, .others = {false_ca, ca}});
	says(&r, "chain", CHECK_FAILED, "");
	/* Too weak, and told. */
	struct party *weak = make(
	    &(struct party_spec){.cn = "Weak", .by = root, .ext = CA_EXT, .rsa = 1024});
	leaf = plain("Leaf", weak, LEAF_EXT);
	r = ask(&(struct scene){.anchor = root, .leaf = leaf, .others = {weak}});
	says(&r, "chain", CHECK_FAILED, "too weak");
}

/* RFC 5280, 7.1: case and spaces do not tell names apart; order does. */
static void names(void **state)
{
	static const struct {
		const char *issuer;
		enum check_state state;
	} row[] = {
	    {"Good CA", CHECK_OK},
	    {"good ca", CHECK_OK},
	    {"  Good   CA ", CHECK_OK},
	    {"GoodCA", CHECK_FAILED},
	    {"Good CA 2", CHECK_FAILED},
	};
	(void)state;
	struct party *root = plain("Root", NULL, CA_EXT), *ca = plain("Good CA", root, CA_EXT);
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct party *as = make(
		    &(struct party_spec){.cn = row[i].issuer, .ext = CA_EXT, .key = ca});
		struct party *leaf = plain("Leaf", as, LEAF_EXT);
		struct report r = ask(
		    &(struct scene){.anchor = root, .leaf = leaf, .others = {ca}});
		if (report_find(&r, "chain")->state != row[i].state)
			fail_msg("row %zu: %s", i, report_find(&r, "chain")->detail);
		/* So with a CRL's issuer. */
		struct rd crl = list(&(struct list_spec){.by = ca, .named = as});
		r = ask(
		    &(struct scene){.anchor = root, .leaf = leaf, .others = {ca}, .ours = {crl}});
		if (row[i].state == CHECK_OK)
			says(&r, "revocation", CHECK_OK, "not on the CRL");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(extensions, scene_end),
	    cmocka_unit_test_teardown(unreadable, scene_end),
	    cmocka_unit_test_teardown(self_issued, scene_end),
	    cmocka_unit_test_teardown(times_and_signatures, scene_end),
	    cmocka_unit_test_teardown(names, scene_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
