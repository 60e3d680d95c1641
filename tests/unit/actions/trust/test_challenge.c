/* SPDX-License-Identifier: BSD-2-Clause */
/* Challenges: made, bounded, answered once, swept. */
#include "tests/unit/client/deed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/challenge/challenge.h"
#include "tests/unit/document/pki.h"
#include "util/text.h"

#define ME "https://me.example"

static int begin(void **state)
{
	struct deed *d;

	if (deed_bare(state))
		return -1;
	d = *state;
	d->job.now = T0;
	setenv("XDG_STATE_HOME", d->dir, 1);
	return 0;
}

static struct challenges *store(const struct deed *d, time_t now)
{
	struct challenges *s = NULL;
	const char *why;
	char path[160];

	snprintf(path, sizeof path, "%s/ecert/challenges", d->dir);
	assert_int_equal(challenges_open(path, false, now, &s, &why), ECERT_OK);
	return s;
}

static struct challenge made(struct deed *d, const char *audience, const char *party)
{
	struct challenge c;

	assert_int_equal(challenge_make(&d->job,
			     &(struct challenge_deed){.audience = audience, .party = party}, &c),
	    OUT_OK);
	return c;
}

static void one_is_made_and_remembered(void **state)
{
	struct deed *d = *state;
	struct challenge_rows rows;
	struct challenge c;
	char line[512];

	assert_int_equal(
	    challenge_make(&d->job, &(struct challenge_deed){.audience = NULL}, &c), OUT_USAGE);
	assert_string_equal(recorder_failure(&d->said)->reason, "challenge-audience");
	c = made(d, ME, "it's me; rm -rf");
	assert_int_equal(c.until, T0 + 7 * DAY);
	assert_string_equal(made(d, NULL, NULL).audience, ME);
	assert_int_equal(challenge_listing(&d->job, &rows), OUT_OK);
	assert_int_equal(rows.n, 2);
	challenge_rows_free(&rows);
	/* Whatever stands in it, the line is one command. */
	text_copy(c.audience, sizeof c.audience, "a'; rm $HOME");
	challenge_command(&c, line, sizeof line);
	assert_non_null(strstr(line, "--audience 'a'\\''; rm $HOME' --nonce "));
	assert_non_null(strstr(line, " --merchant YOUR-URL "));
}

static void it_is_answered_once(void **state)
{
	struct deed *d = *state;
	struct challenge c = made(d, ME, NULL), got;
	struct challenges *s = store(d, T0);

	assert_int_equal(challenge_state(&c, c.until), CHALLENGE_OPEN);
	assert_int_equal(challenge_state(&c, c.until + 1), CHALLENGE_LAPSED);
	assert_int_equal(challenges_answer(s, c.nonce, "https://shop.example", T0 + 5), ECERT_OK);
	assert_int_equal(
	    challenges_answer(s, c.nonce, "https://else.example", T0 + 6), ECERT_E_EXISTS);
	assert_int_equal(challenges_get(s, c.nonce, &got), ECERT_OK);
	assert_string_equal(got.by, "https://shop.example");
	assert_int_equal(challenge_state(&got, T0 + 6), CHALLENGE_ANSWERED);
	assert_int_equal(challenges_get(s, "../../../etc/passwd", &got), ECERT_E_NOT_FOUND);
	assert_int_equal(challenges_get(s, "", &got), ECERT_E_NOT_FOUND);
	challenges_close(&s);
	/* Kept for a month behind its end, so that nobody answers it again; then swept. */
	s = store(d, c.until + CHALLENGES_KEEP);
	assert_int_equal(challenges_get(s, c.nonce, &got), ECERT_OK);
	challenges_close(&s);
}

static void no_more_than_so_many_wait(void **state)
{
	struct deed *d = *state;
	struct challenge c = made(d, ME, NULL);

	/* As they are on disk: through the store each would be synced. */
	for (int i = 0; i < CHALLENGES_MAX - 1; i++) {
		char path[160], nonce[32];
		FILE *f;

		snprintf(nonce, sizeof nonce, "0123456789-%d", i);
		snprintf(path, sizeof path, "%s/ecert/challenges/%s.challenge", d->dir, nonce);
		f = fopen(path, "wxe");
		assert_non_null(f);
		fprintf(f,
		    "{\"nonce\": \"%s\", \"audience\": \"" ME "\", \"for\": \"\", \"by\": \"\", "
		    "\"made\": %lld, \"until\": %lld, \"answered\": 0}",
		    nonce, (long long)T0, (long long)c.until);
		assert_int_equal(fclose(f), 0);
	}
	assert_int_equal(
	    challenge_make(&d->job, &(struct challenge_deed){.audience = ME}, &c), OUT_REFUSED);
	assert_string_equal(recorder_failure(&d->said)->reason, "challenges-full");
	/* Those whose time is over wait no more. */
	d->job.now = T0 + 8 * DAY;
	assert_string_equal(made(d, ME, NULL).audience, ME);
}

#define WITH(name) cmocka_unit_test_setup_teardown(name, begin, deed_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH(one_is_made_and_remembered),
	    WITH(it_is_answered_once),
	    WITH(no_more_than_so_many_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
