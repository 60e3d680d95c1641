/* SPDX-License-Identifier: BSD-2-Clause */
/* What every kind of verification tells people: who, when, and the checks. */
#include "cli/language.h"
#include "cli/terminal.h"
#include "cli/verify/verify.h"

void verify_say_time(const struct cli *c, const char *label, time_t t)
{
	if (t)
		cli_row(c, 12, label, MSG(TEXT, P_TIME("text", t)));
}

void verify_say_identity(const struct cli *c, const char *label, const struct identity *who)
{
	/* Nobody is known, or somebody whose certificate names nobody. */
	if (!who->serial[0]) {
		cli_row(c, 12, label, MSG("unknown: there is no certificate"));
		return;
	}
	cli_row(c, 12, label,
	    who->name[0]      ? MSG(TEXT, P_TEXT("text", who->name))
	    : who->subject[0] ? MSG(TEXT, P_TEXT("text", who->subject))
			      : MSG("(the certificate has no name)"));
	if (who->unit[0])
		cli_row(c, 12, MSG_ID("Unit:"), MSG(TEXT, P_TEXT("text", who->unit)));
	if (who->cert_type[0])
		cli_row(c, 12, MSG_ID("Certificate:"), MSG(TEXT, P_TEXT("text", who->cert_type)));
	if (who->br[0])
		cli_row(c, 12, MSG_ID("Business no:"), MSG(TEXT, P_TEXT("text", who->br)));
	if (who->email[0])
		cli_row(c, 12, MSG_ID("E-mail:"), MSG(TEXT, P_TEXT("text", who->email)));
	cli_row(c, 12, MSG_ID("CA:"),
	    MSG(who->issuer_cn[0] || who->issuer[0] ? MSG_ID("{ca} (serial {serial})")
						    : MSG_ID("(without a name) (serial {serial})"),
		P_TEXT("ca", who->issuer_cn[0] ? who->issuer_cn : who->issuer),
		P_TEXT("serial", who->serial)));
}

static const char *const states[CHECK_STATE_COUNT] = {[CHECK_OK] = MSG_ID("ok"),
    [CHECK_FAILED] = MSG_ID("failed"),
    [CHECK_SKIPPED] = MSG_ID("skipped"),
    [CHECK_UNKNOWN] = MSG_ID("unknown")};

const char *verify_state_word(enum check_state state)
{
	return states[state];
}

void verify_say_report(const struct cli *c, const struct report *rep)
{
	for (size_t i = 0; i < rep->n; i++) {
		const struct check *k = &rep->checks[i];
		const char *state = language_of(states[k->state]), *name = language_of(k->name);
		int rest = 8 - language_columns(state), more = 22 - language_columns(name);
		char *what = cli_words(MSG_KEPT(&k->what));

		cli_say(c, "  %s%*s %s%*s %s", state, rest > 0 ? rest : 0, "", name,
		    more > 0 ? more : 0, "", what ? what : k->detail);
		message_free(what);
	}
}

const char *verify_word(enum verdict v)
{
	return v == VERDICT_PASSED   ? MSG_ID("valid")
	       : v == VERDICT_FAILED ? MSG_ID("NOT VALID")
				     : MSG_ID("cannot be called valid");
}

const char *verify_signer_label(const struct doc_signature *s)
{
	return doc_is_stamp(s) ? MSG_ID("Time stamp by:") : MSG_ID("Signed by:");
}

size_t verify_signers(const struct doc_result *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		n += !doc_is_stamp(&r->signer[i]);
	return n;
}

bool verify_whose(const struct doc_result *r, struct message_kept *out)
{
	size_t asked = 0, signers = 0, n = verify_signers(r);
	bool by_name = report_get(&r->report, CHK_SIGNER_ASKED);

	while (doc_asked(r, asked))
		asked++;
	for (size_t i = 0; i < r->n; i++)
		signers += r->signer[i].asked;
	if (by_name)
		message_keep(
		    out, MSG(asked == signers ? MSG_ID("{n}, and the verdict is about {asked}, "
						       "asked for with --signer")
					      : MSG_ID("{n}, and the verdict is about {asked}, "
						       "asked for with --signer, and about what is "
						       "countersigned"),
			     P_NUMBER("n", n), P_NUMBER("asked", asked)));
	else
		message_keep(
		    out, MSG("{n}, and the verdict is the worst of theirs", P_NUMBER("n", n)));
	return by_name || n > 1;
}
