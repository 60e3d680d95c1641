/* SPDX-License-Identifier: BSD-2-Clause */
/* Judges the paths of NIST's PKITS as a table has them: DIR TABLE; a line for each row. */
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trust/path/check.h"
#include "trust/list/set_priv.h"

#define NIST_POLICY "2.16.840.1.101.3.2.1.48."
#define ANY_POLICY  "2.5.29.32.0"
/* 2026-06-01, within the validity of the suite's certificates. */
#define THEN 1780272000

enum column { SECTION, LEAF, CERTS, CRLS, POLICIES, MESSAGE, VERDICT, REFUSED, WHY, COLUMNS };

static const char *dir;

static void die(const char *what, const char *name)
{
	(void)fprintf(stderr, "pkits_paths: %s: %s\n", name, what);
	exit(2);
}

static void file_name(char *out, size_t size, const char *folder, const char *name, const char *ext)
{
	int n = snprintf(out, size, "%s/%s/%s.%s", dir, folder, name, ext);
	if (n < 0 || (size_t)n >= size)
		die("too long a name", name);
}

static X509 *cert(const char *name)
{
	char path[512];
	file_name(path, sizeof path, "certs", name, "crt");
	FILE *f = fopen(path, "rb");
	X509 *x = f ? d2i_X509_fp(f, NULL) : NULL;
	if (!x)
		die("no certificate", path);
	(void)fclose(f);
	return x;
}

/* The words of a list; "-" is the empty one. */
static char *next_of(char **list)
{
	char *word = strsep(list, ",");
	return word && strcmp(word, "-") != 0 ? word : NULL;
}

static STACK_OF(X509) * certs(char *list)
{
	STACK_OF(X509) *all = sk_X509_new_null();
	for (char *word; (word = next_of(&list));)
		if (!all || sk_X509_push(all, cert(word)) <= 0)
			die("no memory", word);
	return all;
}

/* The user's initial policy set; with one of them initial-explicit-policy is true here. */
static void add_policies(struct trust_entry *e, char *list)
{
	char oid[64];
	for (char *word; (word = next_of(&list));) {
		bool any = strcmp(word, "any") == 0;
		(void)snprintf(
		    oid, sizeof oid, "%s%s", any ? ANY_POLICY : NIST_POLICY, any ? "" : word);
		if (trust_text_add(e->policies, &e->policies_n, oid) != ECERT_OK)
			die("one policy too many", word);
	}
}

static struct trust_set *new_set(char *crls, char *policies)
{
	struct trust_entry e = {.name = "PKITS", .purposes = TRUST_ECERT_SIGNING};
	struct trust_set *set = NULL;
	char path[512];
	e.cert = cert("TrustAnchorRootCertificate");
	add_policies(&e, policies);
	if (X509_digest(e.cert, EVP_sha256(), e.sha256, NULL) != 1 ||
	    trust_set_new(&set) != ECERT_OK || trust_set_take(set, &e) != ECERT_OK)
		die("no set", "TrustAnchorRootCertificate");
	for (char *word; (word = next_of(&crls));) {
		file_name(path, sizeof path, "crls", word, "crl");
		if (trust_set_add_crl_file(set, path) != ECERT_OK)
			die("no CRL", path);
	}
	return set;
}

/* The checks that do not say yes. A revocation that nobody looked up for a CA is no yes. */
static void refusals(const struct report *r, char *out, size_t size)
{
	size_t n = 0;
	out[0] = 0;
	for (size_t i = 0; i < r->n; i++) {
		const struct check *c = &r->checks[i];
		bool yes = c->state == CHECK_OK && !strstr(c->detail, "not checked");
		if (!yes && c->state != CHECK_SKIPPED)
			n += (size_t)snprintf(out + n, size - n, "%s%s", n ? "," : "", c->name);
	}
	if (n == 0)
		(void)snprintf(out, size, "-");
}

static void judge(char *column[COLUMNS])
{
	struct trust_set *set = new_set(column[CRLS], column[POLICIES]);
	STACK_OF(X509) *others = certs(column[CERTS]);
	X509 *leaf = cert(column[LEAF]);
	struct doc_path_query q = {leaf, others, NULL, THEN, THEN, false};
	struct report r;
	char refused[128];
	report_init(&r);
	trust_path_check(set, &q, TRUST_ECERT_SIGNING, rd_of(NULL, 0), &r, NULL);
	refusals(&r, refused, sizeof refused);
	bool ok = strcmp(refused, column[REFUSED]) == 0;
	printf("%s\t%s %s, %s: %s\n", ok ? "ok" : "not_ok", column[SECTION], column[LEAF],
	    column[VERDICT], refused);
	for (size_t i = 0; !ok && i < r.n; i++)
		printf("diag\t%s %s: %s\n", check_state_name(r.checks[i].state), r.checks[i].name,
		    r.checks[i].detail);
	X509_free(leaf);
	sk_X509_pop_free(others, X509_free);
	trust_set_free(&set);
}

int main(int argc, char **argv)
{
	char line[1024];
	FILE *table = argc == 3 ? fopen(argv[2], "r") : NULL;
	if (!table)
		die("no table", argc == 3 ? argv[2] : "usage: pkits_paths DIR TABLE");
	dir = argv[1];
	while (fgets(line, sizeof line, table)) {
		char *column[COLUMNS] = {NULL}, *rest = line;
		line[strcspn(line, "\n")] = 0;
		if (!line[0] || line[0] == '#')
			continue;
		for (size_t i = 0; i < COLUMNS; i++)
			column[i] = strsep(&rest, "\t");
		if (!column[REFUSED])
			die("too few columns", line);
		judge(column);
	}
	(void)fclose(table);
	return 0;
}
