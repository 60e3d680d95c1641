/* SPDX-License-Identifier: BSD-2-Clause */
/* The recorder: what is written, what is hidden. */
#include "tests/unit/transport/record_fix.h"

#include <sys/stat.h>

#include "transport/record.h"

static void assert_recorded(const struct fixture *f, const char *text)
{
	static char got[65536];
	FILE *file = fopen(f->path, "r");
	size_t n;

	assert_non_null(file);
	n = fread(got, 1, sizeof got - 1, file);
	(void)fclose(file);
	got[n] = '\0';
	assert_string_equal(got, text);
}

static const struct {
	const char *command;
	size_t from, to;
} masks[] = {
    {"002000800831323334353637ff", 5, 13},		   /* VERIFY */
    {"0020008008313233343536ffff00", 5, 13},		   /* with Le */
    {"00200000083132333435363738", 5, 13},		   /* global PIN */
    {"00200080", 0, 0},					   /* only asks for the tries */
    {"0020008000", 0, 0},				   /* the same */
    {"0024008010313233343536ffff363534333231ffff", 5, 21}, /* CHANGE REFERENCE DATA */
    {"0024008110313233343536ffff363534333231ffff", 5, 21}, /* of the PUK */
    {"002c008010313233343536ffff363534333231ffff", 5, 21}, /* RESET RETRY COUNTER */
    {"00fffffe040a9b0101", 5, 9},			   /* SET MGM KEY */
    {"00fe119a0406021122", 5, 9},			   /* IMPORT */
    {"10fe079a0406021122", 5, 9},			   /* a block of a chain */
    {"00fe079a00000406021122", 7, 11},			   /* extended length */
    {"00fe079a000004060211220000", 7, 11},		   /* with extended Le */
    {"0087039b047c028100", 5, 9},			   /* management key */
    {"0087119a047c028100", 0, 0},			   /* a signature */
    {"00cb3fff035c017e00", 0, 0},			   /* GET DATA */
    {"00db3fff095c035fc10953028800", 10, 14},		   /* PUT DATA of the protected key */
    {"00db3fff0000095c035fc10953028800", 12, 16},	   /* extended length */
    {"10db3fff095c035fc12353020000", 10, 14},		   /* the pairing code */
    {"00db3fff025c035fc10953028800", 10, 14},		   /* a length that lies */
    {"00db3fff095c035fc10553027000", 0, 0},		   /* a certificate */
    {"00200080ff3132", 5, 7},				   /* a length that lies hides all */
    {"0020008000ffff313233", 7, 10},			   /* the same, extended */
};

static void secrets_are_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof masks / sizeof masks[0]; i++) {
		struct buf bytes = BUF_INIT(300);
		size_t from, to, n = strlen(masks[i].command);

		assert_int_equal(hex_get(rd_of(masks[i].command, n), &bytes), ECERT_OK);
		record_mask(buf_view(&bytes), &from, &to);
		if (from != masks[i].from || to != masks[i].to)
			fail_msg("%s: %zu to %zu", masks[i].command, from, to);
		buf_free(&bytes);
	}
}

static void recording_shows_all_but_secrets(void **state)
{
	struct fixture *f = *state;
	struct stat st;

	mock_expect(f->m, "00a4", "610f9000");
	mock_expect(f->m, "0020", "9000");
	mock_expect_rc(f->m, "0087", ECERT_E_RESET);
	mock_expect(f->m, "00c0", "aa9000");
	assert_int_equal(setenv("ECERT_RECORD", f->path, 1), 0);
	assert_int_equal(channel_open(f->r, MOCK_READER, &f->c), ECERT_OK);
	assert_int_equal(channel_begin(f->c), ECERT_OK);
	assert_int_equal(send(f, "00a4040005a000000308"), ECERT_OK);
	assert_int_equal(send(f, "0020008008313233343536ffff"), ECERT_OK);
	channel_end(f->c);
	assert_int_equal(send(f, "0087119a047c028100"), ECERT_E_RESET);
	assert_int_equal(channel_reset(f->c), ECERT_OK);
	assert_int_equal(send(f, "00c0000010"), ECERT_OK);
	mock_reset_at(f->m, 5);
	assert_int_equal(channel_begin(f->c), ECERT_E_RESET);
	channel_end(f->c);
	channel_close(&f->c);
	assert_recorded(f, "# connect " MOCK_READER "\n# atr " MOCK_ATR "\n# begin\n"
			   "> 00a4040005a000000308\n< 610f9000\n"
			   "> 0020008008****************\n< 9000\n# end\n"
			   "> 0087119a047c028100\n# error ECERT_E_RESET\n# reset\n"
			   "> 00c0000010\n< aa9000\n# begin ECERT_E_RESET\n# end\n");
	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	/* The card itself got the PIN. */
	assert_memory_equal(mock_command(f->m, 1).p + 5, "123456\xff\xff", 8);
}

static void what_keys_decrypt_is_hidden(void **state)
{
	struct fixture *f = *state;

	mock_expect(f->m, "1087079d", "9000");
	mock_expect(f->m, "0087079d", "7c0382010761029000");
	mock_expect(f->m, "00c0", "aabb9000");
	mock_expect(f->m, "0087119a", "7c038201079000");
	mock_expect(f->m, "0087119a", "7c038201089000");
	assert_int_equal(setenv("ECERT_RECORD", f->path, 1), 0);
	assert_int_equal(channel_open(f->r, MOCK_READER, &f->c), ECERT_OK);
	assert_int_equal(send(f, "1087079d027c04"), ECERT_OK);
	assert_int_equal(send(f, "0087079d0282008100"), ECERT_OK);
	assert_int_equal(send(f, "00c0000002"), ECERT_OK);
	/* an elliptic signature is not; an agreement is, whatever the key */
	assert_int_equal(send(f, "0087119a077c05820081010100"), ECERT_OK);
	assert_int_equal(send(f, "0087119a077c05820085010100"), ECERT_OK);
	channel_close(&f->c);
	assert_recorded(f, "# connect " MOCK_READER "\n# atr " MOCK_ATR "\n"
			   "> 1087079d027c04\n< 9000\n"
			   "> 0087079d0282008100\n< **************9000\n"
			   "> 00c0000002\n< ****9000\n"
			   "> 0087119a077c05820081010100\n< 7c038201079000\n"
			   "> 0087119a077c05820085010100\n< **********9000\n");
}

/* An RSA key's answer is a signature when what it was given is a padded digest, else it may be what
 * was encrypted for it. */
static const struct {
	const char *command;
	bool secret;
} answers[] = {
    {"0087079a147c12820081820100"
     "0001ffffffffffffffffff",
	false}, /* PKCS#1 v1.5 */
    {"0087069c137c11820081810f"
     "0001ffffffffffffffffff",
	false},
    {"0087079a0000147c12820081820100"
     "0001ffffffffffffffffff0000",
	false}, /* extended */
    {"1087079aff7c820106820081820100"
     "0001ffffffffffffffffff",
	false}, /* a chain's first */
    {"0087079a147c12820081820100"
     "0001ffffffffffffffffaa",
	false}, /* one in 2^80 */
    {"0087079a147c12820081820100"
     "0001ffffffffffffaaffff",
	true},
    {"0087079a147c12820081820100"
     "5c01ffffffffffffffffff",
	true}, /* a ciphertext */
    {"0087079c147c12820081820100"
     "aabbccddeeff0011223344",
	true},
    {"1087169eff7c820206820081820200"
     "aabbccddeeff0011223344",
	true},
    {"0087059a0000147c12820081820180"
     "aabbccddeeff00112233440000",
	true},
    {"0087079d147c12820081820100"
     "0001ffffffffffffffffff",
	true}, /* not for signatures */
    {"008707820a7c08820081820100"
     "0001",
	true},
    {"0087079a0a7c08820081820100"
     "0001",
	true}, /* too short to tell */
    {"0087079a027c00", true},
    {"0087079a0100", true},
    {"0087119a0a7c0882008104deadbeef", false}, /* P-256 signs */
    {"0087549c0a7c0882008104deadbeef", false},
    {"0087e19a0a7c0882008504deadbeef", true}, /* X25519 agrees */
    {"0087119a0a7c0882008504deadbeef", true},
    {"00870c9b047c028100", false}, /* the management key's challenge is no secret */
    {"00cb3fff055c035fc105", false},
    {"00cb3fff055c035fc10900", true}, /* the management key behind the PIN */
    {"00cb3fff0000055c035fc1090000", true},
    {"00cb3fff055c035fc12300", true},
    {"00cb3fff045c035fc1", false},
    {"0087079a", false},
};

static void rsa_answers_are_judged(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
		struct buf bytes = BUF_INIT(300);
		const char *hex = answers[i].command;

		assert_int_equal(hex_get(rd_of(hex, strlen(hex)), &bytes), ECERT_OK);
		if (record_answer_is_secret(buf_view(&bytes)) != answers[i].secret)
			fail_msg("%s", hex);
		buf_free(&bytes);
	}
}

/* The block that follows says nothing of its own: the first has decided. */
static void chains_are_judged_by_their_first_block(void **state)
{
	struct fixture *f = *state;

	mock_expect(f->m, "1087079a", "9000");
	mock_expect(f->m, "0087079a", "7c01016102");
	mock_expect(f->m, "00c0", "aabb9000");
	mock_expect(f->m, "1087079a", "9000");
	mock_expect(f->m, "0087079a", "7c01016102");
	mock_expect(f->m, "00c0", "ccdd9000");
	assert_int_equal(setenv("ECERT_RECORD", f->path, 1), 0);
	assert_int_equal(channel_open(f->r, MOCK_READER, &f->c), ECERT_OK);
	assert_int_equal(send(f, "1087079a127c12820081820100"
				 "0001ffffffffffffffffff"),
	    ECERT_OK);
	assert_int_equal(send(f, "0087079a02ffff00"), ECERT_OK);
	assert_int_equal(send(f, "00c0000002"), ECERT_OK);
	assert_int_equal(send(f, "1087079a127c12820081820100"
				 "5ac1ffffffffffffffffff"),
	    ECERT_OK);
	assert_int_equal(send(f, "0087079a02ffff00"), ECERT_OK);
	assert_int_equal(send(f, "00c0000002"), ECERT_OK);
	channel_close(&f->c);
	assert_recorded(f, "# connect " MOCK_READER "\n# atr " MOCK_ATR "\n"
			   "> 1087079a127c12820081820100"
			   "0001ffffffffffffffffff\n< 9000\n"
			   "> 0087079a02ffff00\n< 7c01016102\n"
			   "> 00c0000002\n< aabb9000\n"
			   "> 1087079a127c12820081820100"
			   "5ac1ffffffffffffffffff\n< 9000\n"
			   "> 0087079a02ffff00\n< ******6102\n"
			   "> 00c0000002\n< ****9000\n");
}

static void recorder_passes_the_pinpad_on(void **state)
{
	static const uint8_t verify[] = {
	    0x00, 0x20, 0x00, 0x80, 0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
	struct fixture *f = *state;

	mock_pinpad(f->m, (struct pinpad){true, false});
	mock_default(f->m, "9000");
	assert_int_equal(setenv("ECERT_RECORD", f->path, 1), 0);
	assert_int_equal(channel_open(f->r, MOCK_READER, &f->c), ECERT_OK);
	assert_int_equal(channel_pinpad_transmit(f->c, rd_of(verify, sizeof verify), false, f->resp,
			     sizeof f->resp, &f->len),
	    ECERT_OK);
	channel_close(&f->c);
	assert_recorded(f, "# connect " MOCK_READER "\n# atr " MOCK_ATR "\n# pinpad verify\n"
			   "> 0020008008****************\n< 9000\n");
}

static void a_recording_that_cannot_be_written_stops_nothing(void **state)
{
	struct fixture *f = *state;

	mock_default(f->m, "9000");
	assert_int_equal(setenv("ECERT_RECORD", "/nonexistent/recording", 1), 0);
	assert_int_equal(channel_open(f->r, MOCK_READER, &f->c), ECERT_OK);
	assert_int_equal(send(f, "00a40400"), ECERT_OK);
	channel_close(&f->c);
	assert_int_equal(setenv("ECERT_RECORD", "/dev/full", 1), 0);
	assert_int_equal(channel_open(f->r, MOCK_READER, &f->c), ECERT_OK);
	assert_int_equal(send(f, "00a40400"), ECERT_OK);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(secrets_are_known),
	    TEST(recording_shows_all_but_secrets),
	    TEST(what_keys_decrypt_is_hidden),
	    cmocka_unit_test(rsa_answers_are_judged),
	    TEST(chains_are_judged_by_their_first_block),
	    TEST(recorder_passes_the_pinpad_on),
	    TEST(a_recording_that_cannot_be_written_stops_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
