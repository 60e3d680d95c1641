/* SPDX-License-Identifier: BSD-2-Clause */
/* Whom to trust, said once: what a person is asked, what is refused, and what a set gets of it. */
#include "tests/unit/client/deed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actions/trust/content.h"
#include "actions/trust/trust.h"
#include "actions/trustopts.h"
#include "tests/unit/document/pki.h"
#include "trust/store/store.h"

static struct pki_id ca, leaf, old, tsa, evil;

/* A name that looks like a fingerprint, and longer than one reads. */
static const char posing[] = "Root 3 SHA-256 46:92:B0:F8:A9:11:0F:8A:46:92:B0:F8:A9:11:0F:8A";

static int keys(void **state)
{
	(void)state;
	pki_make(&(struct pki_spec){.cn = "Good CA", .ca = true}, &ca);
	pki_make(&(struct pki_spec){.cn = posing, .ca = true}, &evil);
	pki_make(&(struct pki_spec){.cn = "Leaf", .issuer = &ca}, &leaf);
	pki_make(
	    &(struct pki_spec){.cn = "Old CA", .ca = true, .from = T0 - 9 * DAY, .until = T0 - DAY},
	    &old);
	pki_make(&(struct pki_spec){.cn = "Stamps", .eku = "critical,timeStamping"}, &tsa);
	return 0;
}

static int no_keys(void **state)
{
	(void)state;
	pki_free(&leaf);
	pki_free(&evil);
	pki_free(&old);
	pki_free(&tsa);
	pki_free(&ca);
	return 0;
}

static int begin(void **state)
{
	struct deed *d;

	if (deed_bare(state))
		return -1;
	d = *state;
	d->job.now = T0;
	setenv("XDG_CONFIG_HOME", d->dir, 1);
	setenv("XDG_STATE_HOME", d->dir, 1);
	return 0;
}

static const char *pem(struct deed *d, const struct pki_id *id)
{
	static char path[160];

	snprintf(path, sizeof path, "%s", deed_file(d, "file.pem", NULL));
	pki_write_pem(path, id);
	return path;
}

static enum outcome add(
    struct deed *d, const struct trust_add_deed *o, const struct pki_id *id, bool yes)
{
	const char *file = pem(d, id);
	struct trust_rows rows;
	enum outcome code;

	deed_types(d, NULL);
	d->said.yes = yes;
	d->said.attended = true;
	code = trust_add(&d->job, o, &(struct strlist){&file, 1}, &rows);
	trust_rows_free(&rows);
	return code;
}

static size_t trusted(struct deed *d)
{
	struct trust_listed *l = calloc(1, sizeof *l);
	size_t n;

	assert_non_null(l);
	assert_int_equal(trust_listing(&d->job, l), OUT_OK);
	n = l->rows.n;
	trust_rows_free(&l->rows);
	free(l);
	return n;
}

static void a_person_compares_the_fingerprint(void **state)
{
	struct deed *d = *state;
	const struct trust_add_deed plain = {.kind = NULL};
	const struct recorded *asked;
	char hex[65] = "", *p = hex;
	unsigned char digest[32];
	unsigned n = 0;

	assert_int_equal(add(d, &plain, &ca, false), OUT_REFUSED);
	assert_string_equal(recorder_failure(&d->said)->reason, "not-confirmed");
	assert_int_equal(trusted(d), 0);
	assert_int_equal(add(d, &plain, &ca, true), OUT_OK);
	asked = deed_said(d, ASKED_CONFIRM, 0);
	assert_non_null(asked);
	assert_int_equal(X509_digest(ca.cert, EVP_sha256(), digest, &n), 1);
	for (size_t i = 0; i < 32; i++, p += 2)
		snprintf(p, 3, "%02X", digest[i]);
	/* All of it, and not only what people look at. */
	for (size_t i = 0; i < 32; i++) {
		char part[4];

		snprintf(part, sizeof part, i < 31 ? "%.2s:" : "%.2s", hex + 2 * i);
		assert_non_null(strstr(asked->text, part));
	}
	assert_int_equal(trusted(d), 1);
}

/* Its own comes first, and its name in quotation marks, cut. */
static void a_name_that_poses_as_a_fingerprint(void **state)
{
	struct deed *d = *state;
	const struct trust_add_deed plain = {.kind = NULL};
	const struct recorded *asked;
	char first[4] = "";
	unsigned char digest[32];
	unsigned n = 0;

	assert_int_equal(add(d, &plain, &evil, false), OUT_REFUSED);
	asked = deed_said(d, ASKED_CONFIRM, 0);
	assert_non_null(asked);
	assert_int_equal(X509_digest(evil.cert, EVP_sha256(), digest, &n), 1);
	snprintf(first, sizeof first, "%02X:", digest[0]);
	assert_non_null(strstr(asked->text, "SHA-256 "));
	assert_memory_equal(strstr(asked->text, "SHA-256 ") + 8, first, 3);
	assert_non_null(strstr(asked->text, "'Root 3 SHA-256 46:92:"));
	assert_non_null(strstr(asked->text, "...'"));
	assert_null(strstr(asked->text, posing));
}

static void nobody_there_and_no_fingerprint(void **state)
{
	struct deed *d = *state;
	const char *file = pem(d, &ca);
	struct trust_rows rows;

	d->said.yes = true;
	assert_int_equal(trust_add(&d->job, &(struct trust_add_deed){.kind = NULL},
			     &(struct strlist){&file, 1}, &rows),
	    OUT_REFUSED);
	assert_string_equal(recorder_failure(&d->said)->reason, "fingerprint-missing");
	assert_int_equal(trusted(d), 0);
}

static void what_is_refused(void **state)
{
	struct deed *d = *state;
	const struct trust_add_deed plain = {.kind = NULL}, force = {.force = true},
				    issuer = {.kind = "mark-issuer", .url = "https://a.example"},
				    tsas = {.kind = "tsa"};

	assert_int_equal(add(d, &plain, &leaf, true), OUT_USAGE);
	assert_string_equal(recorder_failure(&d->said)->reason, "trust-kind-missing");
	assert_int_equal(add(d, &tsas, &leaf, true), OUT_REFUSED);
	assert_string_equal(recorder_failure(&d->said)->reason, "trust-leaf");
	assert_int_equal(add(d, &plain, &old, true), OUT_REFUSED);
	assert_string_equal(recorder_failure(&d->said)->reason, "trust-expired");
	assert_int_equal(trusted(d), 0);
	assert_int_equal(add(d, &force, &old, true), OUT_OK);
	assert_int_equal(add(d, &issuer, &leaf, true), OUT_OK);
	assert_int_equal(add(d, &plain, &tsa, true), OUT_OK);
	assert_int_equal(trusted(d), 3);
}

/* Each in the set, for its purpose and with its source, and none beside what the line says. */
static void what_a_set_gets(void **state)
{
	struct deed *d = *state;
	const struct trust_add_deed plain = {.kind = NULL},
				    issuer = {.kind = "mark-issuer", .url = "https://a.example"};
	struct trust_set *set = NULL;
	const char *anchor;
	time_t now;

	assert_int_equal(add(d, &plain, &ca, true), OUT_OK);
	assert_int_equal(add(d, &issuer, &leaf, true), OUT_OK);
	assert_int_equal(
	    trust_options_load(&d->job, &(struct trust_options){.at = NULL}, &set, &now), OUT_OK);
	assert_int_equal(trust_set_count(set), 2);
	assert_int_equal(trust_set_entry(set, 0)->purposes, TRUST_ECERT_SIGNING);
	assert_int_equal(trust_set_entry(set, 0)->source, TRUST_OF_PERSON);
	assert_int_equal(trust_set_entry(set, 1)->purposes, TRUST_MARK_ISSUER);
	assert_string_equal(trust_set_entry(set, 1)->entity, "https://a.example");
	trust_set_free(&set);
	assert_int_equal(
	    trust_options_load(&d->job, &(struct trust_options){.own_marks = true}, &set, &now),
	    OUT_OK);
	assert_int_equal(trust_set_count(set), 1);
	trust_set_free(&set);
	assert_int_equal(
	    trust_options_load(&d->job, &(struct trust_options){.no_store = true}, &set, &now),
	    OUT_OK);
	assert_int_equal(trust_set_count(set), 0);
	trust_set_free(&set);
	anchor = pem(d, &old);
	assert_int_equal(trust_options_load(
			     &d->job, &(struct trust_options){.anchor = {&anchor, 1}}, &set, &now),
	    OUT_OK);
	assert_int_equal(trust_set_count(set), 1);
	assert_string_equal(trust_set_entry(set, 0)->name, "Old CA");
	assert_int_equal(trust_set_entry(set, 0)->source, TRUST_OF_LINE);
	trust_set_free(&set);
	assert_int_equal(trust_options_load(&d->job,
			     &(struct trust_options){.tsa_anchor = {&anchor, 1}}, &set, &now),
	    OUT_OK);
	assert_int_equal(trust_set_count(set), 1);
	assert_int_equal(trust_set_entry(set, 0)->purposes, TRUST_TSA);
	trust_set_free(&set);
}

/* A store is whose it is said to be: root's for a computer, say. */
static void another_owner(void **state)
{
	struct deed *d = *state;
	struct trust_store *s = NULL;
	const char *why = NULL, *folder = deed_file(d, "store", NULL);
	char path[160];

	snprintf(path, sizeof path, "%s", folder);
	assert_int_equal(trust_store_open(path, geteuid(), 0700, &s, &why), ECERT_OK);
	trust_store_close(&s);
	assert_int_equal(trust_store_open(path, geteuid() + 1, 0, &s, &why), ECERT_E_DENIED);
	assert_string_equal(why, "{folder} belongs to another user");
	assert_null(s);
	assert_int_equal(chmod(path, 0770), 0);
	assert_int_equal(trust_store_open(path, geteuid(), 0, &s, &why), ECERT_E_DENIED);
	assert_string_equal(why, "{folder} can be changed by other users");
}

/* A list counts until its own end, and not until that of its signer's certificate. */
static void when_a_list_ends(void **state)
{
	static const char list[] = "e30.eyJpYXQiOjEwMCwiZXhwIjoyMDB9.AA";
	struct trust_row row = {.from = 1, .until = 2};
	(void)state;
	content_describe_list(rd_of("e30.e30.AA", 10), &row);
	assert_int_equal(row.until, 2);
	content_describe_list(rd_of("no", 2), &row);
	assert_int_equal(row.until, 2);
	content_describe_list(rd_of(list, sizeof list - 1), &row);
	assert_int_equal(row.from, 100);
	assert_int_equal(row.until, 200);
}

#define WITH(name) cmocka_unit_test_setup_teardown(name, begin, deed_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH(a_person_compares_the_fingerprint),
	    WITH(a_name_that_poses_as_a_fingerprint),
	    WITH(nobody_there_and_no_fingerprint),
	    WITH(what_is_refused),
	    WITH(what_a_set_gets),
	    WITH(another_owner),
	    cmocka_unit_test(when_a_list_ends),
	};

	return cmocka_run_group_tests(tests, keys, no_keys);
}
