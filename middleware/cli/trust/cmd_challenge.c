/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert challenge. */
#include "actions/challenge/challenge.h"

#include <stdio.h>

#include "cli/commands.h"

static void say_one(const struct cli *c, const struct challenge *ch)
{
	cli_row(c, 10, MSG_ID("Nonce:"), MSG(TEXT, P_TEXT("text", ch->nonce)));
	cli_row(c, 10, MSG_ID("Audience:"), MSG(TEXT, P_TEXT("text", ch->audience)));
	if (ch->party[0])
		cli_row(c, 10, MSG_ID("For:"), MSG(TEXT, P_TEXT("text", ch->party)));
	cli_row(c, 10, MSG_ID("Until:"), MSG(TEXT, P_TIME("text", ch->until)));
}

static enum outcome make(struct cli *c, void *params, const struct strlist *args)
{
	struct challenge made;
	char command[2048];
	enum outcome code = challenge_make(&c->job, params, &made);

	(void)args;
	if (code)
		return code;
	/* Made and told to nobody it would be lost. */
	if (c->quiet && !c->json)
		puts(made.nonce);
	challenge_command(&made, command, sizeof command);
	say_one(c, &made);
	cli_say(c, "%s", "");
	cli_tell(c, MSG("Send them this: put your token in, run this line with your own URL, and "
			"send token.jwt back."));
	cli_say(c, "  %s", command);
	return cli_json(c, json_pack("{s:o}", "challenge", challenge_json(&made, made.made)));
}

/* For whom a challenge is that names nobody. */
#define ANYBODY MSG_ID("for anybody")

static enum outcome list(struct cli *c, void *params, const struct strlist *args)
{
	static const char *const words[] = {
	    [CHALLENGE_OPEN] = MSG_ID("{party}: no answer yet, until {time} (nonce {nonce})"),
	    [CHALLENGE_ANSWERED] = MSG_ID("{party}: answered by {by}, {time} (nonce {nonce})"),
	    [CHALLENGE_LAPSED] = MSG_ID("{party}: no answer; lapsed on {time} (nonce {nonce})")};
	struct challenge_rows rows;
	json_t *all = json_array();
	enum outcome code = challenge_listing(&c->job, &rows);

	(void)params;
	(void)args;
	for (size_t i = 0; !code && i < rows.n; i++) {
		const struct challenge *ch = &rows.v[i];

		cli_tell(c, MSG(words[challenge_state(ch, rows.now)],
				ch->party[0] ? (struct message_param)P_TEXT("party", ch->party)
					     : (struct message_param)P_WORD("party", ANYBODY),
				P_TEXT("by", ch->by),
				P_TIME("time", ch->answered ? ch->answered : ch->until),
				P_TEXT("nonce", ch->nonce)));
		(void)json_array_append_new(all, challenge_json(ch, rows.now));
	}
	if (!code && !rows.n)
		cli_tell(c, MSG("There are no challenges."));
	if (!code)
		code = cli_json(c, json_pack("{s:O}", "challenges", all));
	json_decref(all);
	challenge_rows_free(&rows);
	return code;
}

static enum outcome drop(struct cli *c, void *params, const struct strlist *args)
{
	struct challenge gone;
	enum outcome code = challenge_remove(&c->job, args->v[0], &gone);

	(void)params;
	if (code)
		return code;
	cli_tell(c, MSG("Removed: an answer with the nonce {nonce} is not taken any more.",
			P_TEXT("nonce", gone.nonce)));
	return cli_json(c, json_pack("{s:s}", "removed", gone.nonce));
}

#define AT(field) offsetof(struct challenge_deed, field)

static const struct opt make_opts[] = {
    {"audience", 0, OPT_STR, "URL", AT(audience),
	MSG_ID("for whom the answer has to be: you (default: as the last time)")},
    {"for", 0, OPT_STR, "NAME", AT(party),
	MSG_ID("who has to answer, a name or URL for your own list")},
    {"days", 0, OPT_COUNT, "N", AT(days), MSG_ID("how long it waits (default: 7, at most 90)")},
    {0}};

const struct command challenge_commands[] = {
    /* Named ones first: what is no name of theirs is the one without. */
    {"challenge", "list", "", 0, 0, MSG_ID("who has answered, and who has not"),
	MSG_ID("Those that were answered or have lapsed go away after a month.\n\n"
	       "Example:\n  ecert challenge list"),
	NULL, 0, list},
    {"challenge", "remove", "NONCE", 1, 1, MSG_ID("take a challenge back"),
	MSG_ID("By its nonce, or the name that it was made for.\n\n"
	       "Example:\n  ecert challenge remove 'Wong Trading'"),
	NULL, 0, drop},
    {"challenge", NULL, "", 0, 0, MSG_ID("ask a counterparty to prove who he is"),
	MSG_ID("Makes a nonce and remembers it. The line that is shown goes to the counterparty; "
	       "`ecert verify` knows the answer when it comes, and takes it once.\n\n"
	       "Example:\n"
	       "  ecert challenge --audience https://buyer.example --for 'Wong Trading'"),
	make_opts, sizeof(struct challenge_deed), make},
    {0}};
