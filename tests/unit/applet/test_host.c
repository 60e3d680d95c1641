/* SPDX-License-Identifier: BSD-2-Clause */
/* The chip on a computer: the state file and its lock, and the touch. */
#include "tests/unit/applet/applet_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/ecert-host-test-XXXXXX";
static char path[64];

static int start(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/state", dir);
	return 0;
}

static int end(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

static void test_file(void **state)
{
	static struct ap ap;
	const struct ap_profile profile = {4711, ECERT_ALG_AES256};
	struct host h, second;
	struct ap_config config;
	struct stat st;

	(void)state;
	assert_int_equal(host_open(&h, path, true), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_size, 2 * HOST_AREA_SIZE);
	/* One card, one process. */
	assert_int_equal(host_open(&second, path, true), EWOULDBLOCK);
	host_close(&second);
	assert_int_equal(ap_init(&ap, &h.hal), AP_ST_BLANK);
	assert_int_equal(ap_personalise(&ap, &profile), AP_ST_OK);
	host_close(&h);
	assert_int_equal(host_open(&h, path, false), 0);
	assert_int_equal(ap_init(&ap, &h.hal), AP_ST_OK);
	assert_sw(ap_config_load(&ap, &config), ECERT_SW_OK);
	assert_int_equal(config.serial, 4711);
	assert_int_equal(config.mgm_alg, ECERT_ALG_AES256);
	host_close(&h);
}

/* A file cut short at any place is a card that works, or no card. */
static void test_short_files(void **state)
{
	static struct ap ap;

	(void)state;
	for (off_t len = 2 * HOST_AREA_SIZE; len > 0; len -= 7001) {
		struct host h;
		enum ap_st st;

		assert_int_equal(truncate(path, len), 0);
		assert_int_equal(host_open(&h, path, false), 0);
		st = ap_init(&ap, &h.hal);
		assert_true(st == AP_ST_OK || st == AP_ST_BLANK);
		/* The second area holds the first state of a card. */
		if (len <= HOST_AREA_SIZE)
			assert_int_equal(st, AP_ST_BLANK);
		host_close(&h);
	}
}

static void test_bounds(void **state)
{
	uint8_t b[4] = {0};
	struct host h;

	(void)state;
	assert_int_equal(host_open(&h, path, false), 0);
	assert_int_equal(h.hal.flash_read(&h, 2 * HOST_AREA_SIZE - 4, b, 4), AP_HAL_OK);
	assert_int_equal(h.hal.flash_read(&h, 2 * HOST_AREA_SIZE - 3, b, 4), AP_HAL_FAIL);
	assert_int_equal(h.hal.flash_read(&h, UINT32_MAX, b, 4), AP_HAL_FAIL);
	assert_int_equal(h.hal.flash_write(&h, 2 * HOST_AREA_SIZE - 3, b, 4), AP_HAL_FAIL);
	assert_int_equal(h.hal.flash_erase(&h, 2), AP_HAL_FAIL);
	host_close(&h);
	assert_int_equal(host_open(&h, "/nowhere/at/all", false), ENOENT);
	host_close(&h);
}

/* A full disk: the write fails, and the card says so rather than forget it. */
static void test_full_disk(void **state)
{
	static struct ap ap;
	const struct ap_profile profile = {1, ECERT_ALG_3DES};
	struct host h;
	int fd;

	(void)state;
	assert_int_equal(host_open(&h, path, true), 0);
	(void)ap_init(&ap, &h.hal);
	fd = h.fd;
	h.fd = open("/dev/full", O_WRONLY);
	assert_true(h.fd >= 0);
	assert_int_not_equal(ap_personalise(&ap, &profile), AP_ST_OK);
	close(h.fd);
	h.fd = fd;
	host_close(&h);
}

static void test_touch(void **state)
{
	struct host h;
	char file[80];
	int fd;

	(void)state;
	snprintf(file, sizeof(file), "%s/touch", dir);
	assert_int_equal(host_open(&h, path, false), 0);
	h.touch = HOST_TOUCH_YES;
	assert_true(h.hal.touch(&h, 0x9A));
	h.touch = HOST_TOUCH_NEVER;
	assert_false(h.hal.touch(&h, 0x9A));
	h.touch = HOST_TOUCH_FILE;
	h.touch_file = file;
	fd = open(file, O_WRONLY | O_CREAT, 0600);
	close(fd);
	assert_true(h.hal.touch(&h, 0x9A));
	/* It was taken; the next one does not come. */
	assert_int_equal(access(file, F_OK), -1);
	assert_false(h.hal.touch(&h, 0x9A));
	host_close(&h);
}

/* More keys than the cache holds: each signs as itself. */
static void test_key_cache(void **state)
{
	struct card *c = card_new();
	uint8_t slot;

	(void)state;
	card_admin(c);
	for (slot = 0x82; slot < 0x82 + HOST_KEY_CACHE + 4; slot++)
		card_generate(c, slot, ECERT_ALG_ED25519, ECERT_PIN_POLICY_NEVER, 0);
	for (int round = 0; round < 2; round++) {
		for (slot = 0x82; slot < 0x82 + HOST_KEY_CACHE + 4; slot++) {
			uint8_t pub[512], alg;
			size_t len;
			struct ap_span sig;
			EVP_PKEY *key;
			EVP_MD_CTX *md = EVP_MD_CTX_new();

			assert_int_equal(ap_public_key(&c->ap, slot, &alg, pub, &len), AP_ST_OK);
			key = host_public_key(alg, pub);
			assert_sw(card_authenticate(c, alg, slot, ECERT_TAG_AUTH_CHALLENGE,
				      (const uint8_t *)"m", 1, &sig),
			    ECERT_SW_OK);
			assert_int_equal(EVP_DigestVerifyInit(md, NULL, NULL, NULL, key), 1);
			assert_int_equal(
			    EVP_DigestVerify(md, sig.p, sig.len, (const uint8_t *)"m", 1), 1);
			EVP_MD_CTX_free(md);
			EVP_PKEY_free(key);
		}
	}
	card_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_file),
	    cmocka_unit_test(test_short_files),
	    cmocka_unit_test(test_bounds),
	    cmocka_unit_test(test_full_disk),
	    cmocka_unit_test(test_touch),
	    cmocka_unit_test(test_key_cache),
	};

	return cmocka_run_group_tests(tests, start, end);
}
