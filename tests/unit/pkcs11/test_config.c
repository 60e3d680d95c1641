/* SPDX-License-Identifier: BSD-2-Clause */
/* Options, certificate fields, names: what needs no token. */
#include <stdio.h>
#include <sys/stat.h>

#include "pkcs11/object/certview.h"
#include "pkcs11/object/names.h"
#include "pkcs11/rvname.h"
#include "tests/unit/pkcs11/p11fix.h"

static void options(void **state)
{
	struct config c;
	char text[] = "# comment\n\n reader = socket:/x\ndaemon=never\r\nisolation = strict\n"
		      "raw-rsa-decrypt = yes\nlast-try=maybe\nnonsense\nunknown = 1\n"
		      "sm2-mechanism-base = 0x80010000\noverwrite = no\n"
		      "user-writes = yes\nreverify = no\nmanagement-key-file = /etc/ecert/key\n";
	struct tokens_config t;

	(void)state;
	config_defaults(&c);
	assert_true(c.overwrite);
	assert_false(c.user_writes);
	assert_true(config_tokens(&c).reverify);
	assert_int_equal(c.daemon, DAEMON_AUTO);
	config_parse(&c, text, "test");
	assert_string_equal(c.reader, "socket:/x");
	assert_int_equal(c.daemon, DAEMON_NEVER);
	assert_int_equal(c.isolation, ISOLATION_STRICT);
	assert_true(c.raw_rsa_decrypt);
	assert_false(c.last_try);
	assert_false(c.overwrite);
	assert_int_equal(c.sm2_mechanism_base, 0x80010000UL);
	t = config_tokens(&c);
	assert_string_equal(t.reader, "socket:/x");
	assert_null(t.daemon_socket);
	assert_true(t.user_writes);
	assert_false(t.reverify);
	assert_string_equal(t.management_key_file, "/etc/ecert/key");
}

static void files_and_environment(void **state)
{
	struct config c;
	char dir[] = "/tmp/ecert-config.XXXXXX", path[128];
	FILE *f;

	(void)state;
	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/ecert", dir);
	assert_int_equal(mkdir(path, 0700), 0);
	(void)snprintf(path, sizeof(path), "%s/ecert/pkcs11.conf", dir);
	f = fopen(path, "w");
	assert_non_null(f);
	(void)fputs("reader = file\nisolation = strict\n", f);
	(void)fclose(f);
	setenv("XDG_CONFIG_HOME", dir, 1);
	setenv("ECERT_READER", "", 1); /* is not set */
	unsetenv("ECERT_DAEMON");
	config_load(&c);
	assert_string_equal(c.reader, "file");
	unsetenv("ECERT_READER");
	config_load(&c);
	assert_string_equal(c.reader, "file");
	assert_int_equal(c.isolation, ISOLATION_STRICT);
	setenv("ECERT_READER", "socket:/y", 1);
	setenv("ECERT_DAEMON", "/run/x", 1);
	config_load(&c);
	assert_string_equal(c.reader, "socket:/y");
	assert_int_equal(c.daemon, DAEMON_ALWAYS);
	assert_string_equal(c.daemon_socket, "/run/x");
	setenv("ECERT_DAEMON", "never", 1);
	config_load(&c);
	assert_int_equal(c.daemon, DAEMON_NEVER);
	unlink(path);
	(void)snprintf(path, sizeof(path), "%s/ecert", dir);
	rmdir(path);
	rmdir(dir);
}

static void moved_mechanisms(void **state)
{
	(void)state;
	config_defaults(&p11.config);
	assert_non_null(mech_find(CKM_ECERT_SM3_SM2));
	p11.config.sm2_mechanism_base = 0x80010000UL;
	assert_null(mech_find(CKM_ECERT_SM3_SM2));
	assert_non_null(mech_find(0x80010003UL));
	assert_non_null(mech_find(CKM_ECDSA));
	config_defaults(&p11.config);
}

static void certificates(void **state)
{
	static const uint8_t junk[] = {0x30, 0x82, 0xff, 0xff, 0x30, 0x00};
	static const uint8_t empty[] = {0x30, 0x02, 0x30, 0x00};
	struct certview v;

	(void)state;
	assert_int_equal(certview_parse(rd_of(junk, sizeof(junk)), &v), ECERT_E_MALFORMED);
	assert_int_equal(certview_parse(rd_of(empty, sizeof(empty)), &v), ECERT_E_MALFORMED);
	assert_int_equal(certview_parse(rd_of(NULL, 0), &v), ECERT_E_MALFORMED);
}

static void places(void **state)
{
	char label[NAME_SIZE];
	unsigned place;

	(void)state;
	for (unsigned i = 0; i < PLACES; i++) {
		assert_true(place_of_ref(place_ref(i), &place));
		assert_int_equal(place, i);
	}
	assert_false(place_of_ref(0x9B, &place));
	assert_int_equal(place_ref(4), 0x82);
	assert_int_equal(place_ref(23), 0x95);
	place_label(NAME_PRIVATE, 1, label);
	assert_string_equal(label, "SIGN key");
	place_label(NAME_PUBLIC, 23, label);
	assert_string_equal(label, "Retired KEY MAN 20");
	place_label(NAME_ATTEST, 2, label);
	assert_string_equal(label, "X.509 Certificate for PIV Attestation 9d");
}

static void texts(void **state)
{
	CK_UTF8CHAR field[8];

	(void)state;
	p11_text(field, sizeof(field), "abc");
	assert_memory_equal(field, "abc     ", 8);
	/* cut before the character that does not fit whole */
	p11_text(field, sizeof(field), "1234567\xc3\xa9");
	assert_memory_equal(field, "1234567 ", 8);
}

static void codes(void **state)
{
	(void)state;
	for (int rc = 0; rc < ECERT_RC_COUNT; rc++)
		assert_string_not_equal(p11_rv_name(p11_rv((enum ecert_rc)rc)), "CKR_?");
	is_rv(p11_rv((enum ecert_rc)9999), CKR_GENERAL_ERROR);
	assert_string_equal(p11_rv_name(0x12345), "CKR_?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(options),
	    cmocka_unit_test(files_and_environment), cmocka_unit_test(moved_mechanisms),
	    cmocka_unit_test(certificates), cmocka_unit_test(places), cmocka_unit_test(texts),
	    cmocka_unit_test(codes)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
