/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert-conformance: tells whether the card in a reader conforms, and what it supports. */
#include "config.h"
#include "applet-spec/conformance/conformance.h"

#include <argp.h>
#include <stdlib.h>
#include <string.h>

static const char doc[] =
    "Tests the PIV card in a reader against SP 800-73-5 and the e-Cert profile, prints TAP, and "
    "says "
    "what the card supports. Reads only, unless --destructive and the card's serial number are "
    "given: then PIN, PUK, management key, keys and objects are LOST, and the card is left at its "
    "factory values.\v"
    "Exit status: 0 all cases passed, 1 some failed, 2 wrong usage, 3 no card.\n\n"
    "Examples:\n"
    "  ecert-conformance\n"
    "  ecert-conformance --json mycard.json\n"
    "  ecert-conformance --compare mycard.json\n"
    "  ecert-conformance --source socket:card.sock --destructive --serial 1234567";

enum { OPT_DESTRUCTIVE = 256, OPT_SERIAL, OPT_JSON, OPT_COMPARE, OPT_SOURCE, OPT_READER };

static const struct argp_option options[] = {
    {"reader", OPT_READER, "NAME", 0, "The reader (the first one with a card)", 0},
    {"source", OPT_SOURCE, "WHERE", 0, "pcsc, or socket:PATH for a virtual card (pcsc)", 0},
    {"json", OPT_JSON, "FILE", 0, "Write what the card supports to FILE", 0},
    {"compare", OPT_COMPARE, "FILE", 0, "Fail where the card differs from a stored FILE", 0},
    {"destructive", OPT_DESTRUCTIVE, 0, 0,
	"Also test what changes the card; everything on it is LOST", 0},
    {"serial", OPT_SERIAL, "N", 0, "The card's serial number, to prove that it is the one you mean",
	0},
    {0},
};

struct choice {
	const char *source, *reader, *json, *compare, *serial;
	bool destructive;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct choice *c = state->input;

	switch (key) {
	case OPT_READER:
		c->reader = arg;
		break;
	case OPT_SOURCE:
		c->source = arg;
		break;
	case OPT_JSON:
		c->json = arg;
		break;
	case OPT_COMPARE:
		c->compare = arg;
		break;
	case OPT_DESTRUCTIVE:
		c->destructive = true;
		break;
	case OPT_SERIAL:
		c->serial = arg;
		break;
	case ARGP_KEY_ARG:
		argp_error(state, "unexpected argument \"%s\"", arg);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static enum ecert_rc open_card(struct readers *r, const char *reader, struct channel **ch)
{
	struct reader_info info[READER_MAX];
	size_t n = 0;
	enum ecert_rc rc = readers_list(r, info, READER_MAX, &n);

	for (size_t i = 0; rc == ECERT_OK && i < n; i++) {
		if (info[i].present && (reader == NULL || strcmp(reader, info[i].name) == 0)) {
			report_note("reader %s", info[i].name);
			return channel_open(r, info[i].name, ch);
		}
	}
	return rc != ECERT_OK ? rc : n == 0 ? ECERT_E_NO_READER : ECERT_E_NO_CARD;
}

/* The typed serial number must be the card's own. */
static bool consent(const struct session *s, const struct choice *c)
{
	char text[16];

	(void)snprintf(text, sizeof text, "%u", s->serial);
	if (c->serial != NULL && strcmp(c->serial, text) == 0)
		return true;
	(void)fprintf(stderr,
	    "ecert-conformance: --destructive erases the card. Its serial number is %s: repeat "
	    "with "
	    "--serial %s if that is the card you mean.\n",
	    text, text);
	return false;
}

static int run(struct session *s, const struct choice *c)
{
	probe(s);
	if (c->destructive && !consent(s, c))
		return 2;
	run_cases(s);
	run_framing(s);
	if (c->destructive)
		run_destructive(s);
	if (c->compare != NULL)
		report_compare(s, c->compare);
	report_ok(s, s->dead == ECERT_OK, "transport", "the card answered to the end");
	printf("1..%u\n", s->passed + s->failed + s->skipped);
	report_table(s);
	report_note("%u passed, %u failed, %u skipped", s->passed, s->failed, s->skipped);
	if (c->json != NULL && report_json(s, c->json) != ECERT_OK) {
		(void)fprintf(stderr, "ecert-conformance: %s could not be written\n", c->json);
		return 2;
	}
	return s->failed > 0;
}

int main(int argc, char **argv)
{
	static const struct argp argp = {options, parse, NULL, doc, NULL, NULL, NULL};
	static struct session s;
	struct choice c = {0};
	struct readers *r = NULL;
	enum ecert_rc rc;
	int status = 3;

	argp_err_exit_status = 2;
	/* Set, not defined: a hidden symbol of ours would not be the one that libc reads. */
	argp_program_version = "ecert-conformance " PACKAGE_VERSION;
	(void)argp_parse(&argp, argc, argv, 0, NULL, &c);
	rc = readers_open(c.source, &r);
	if (rc == ECERT_OK)
		rc = open_card(r, c.reader, &s.ch);
	if (rc == ECERT_OK)
		rc = channel_begin(s.ch);
	if (rc == ECERT_OK || rc == ECERT_E_RESET) {
		status = run(&s, &c);
		channel_end(s.ch);
	} else {
		(void)fprintf(stderr, "ecert-conformance: %s\n", ecert_strerror(rc));
	}
	channel_close(&s.ch);
	readers_close(&r);
	return status;
}
