/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert journal reconcile: what came out, for people and for programs. */
#include "actions/journal/compare.h"
#include "actions/journal/show.h"
#include "cli/journal/journal.h"

static void say_key(const struct cli *c, const struct journal_key_use *k)
{
	const struct journal_gap *g = &k->gap;
	const struct message *where =
	    g->differed ? MSG("between records {from} and {to}", P_NUMBER("from", g->agreed),
			      P_NUMBER("to", g->differed))
			: MSG("after record {record}", P_NUMBER("record", g->agreed));

	cli_tell(c, MSG("Key {slot}: the token counts {counted}, on record {recorded} since "
			"{first}: {state}",
			P_TEXT("slot", k->slot), P_NUMBER("counted", g->card),
			P_NUMBER("recorded", g->recorded), P_NUMBER("first", g->first),
			P_WORD("state", journal_use_name(k->verdict))));
	if (k->verdict == JOURNAL_USE_REPLACED)
		cli_row(c, 3, "",
		    MSG("the key was replaced past the journal, {where}", P_MSG("where", where)));
	else if (k->verdict == JOURNAL_USE_GAP)
		cli_row(c, 3, "",
		    MSG("{n} uses past the journal, {where}", P_NUMBER("n", g->missing),
			P_MSG("where", where)));
	else if (k->verdict == JOURNAL_USE_UNSURE)
		cli_row(c, 3, "",
		    MSG("{n} whose outcome nobody could write down: the token or "
			"ecertd was stopped in between",
			P_NUMBER("n", g->missing)));
}

static json_t *key_json(const struct journal_key_use *k)
{
	const struct journal_gap *g = &k->gap;
	json_t *o = json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:I}", "key", k->slot, "verdict",
	    journal_use_name(k->verdict), "counter", (json_int_t)g->card, "first",
	    (json_int_t)g->first, "recorded", (json_int_t)g->recorded, "open", (json_int_t)g->open,
	    "missing", (json_int_t)g->missing);

	if (k->verdict == JOURNAL_USE_REPLACED || k->verdict == JOURNAL_USE_GAP) {
		json_object_set_new(o, "after_record", json_integer((json_int_t)g->agreed));
		if (g->differed)
			json_object_set_new(
			    o, "before_record", json_integer((json_int_t)g->differed));
	}
	return o;
}

static enum outcome tell(const struct cli *c, const struct journal_compared *found)
{
	json_t *list = json_array();
	struct cli people;
	struct ui ui;
	enum outcome code;

	cli_tell(c, MSG("Token {serial}", P_TEXT("serial", found->serial)));
	for (size_t i = 0; i < found->n; i++) {
		say_key(c, &found->key[i]);
		json_array_append_new(list, key_json(&found->key[i]));
	}
	code = cli_json(c, json_pack("{s:s, s:b, s:o}", "token", found->serial, "complete",
			       !found->missing && !found->replaced, "keys", list));
	cli_for_people(c, &people, &ui);
	return code ? code : journal_compare_tell(&people.job, found);
}

enum outcome cmd_journal_compare(struct cli *c, void *params, const struct strlist *args)
{
	const struct journal_show_deed *o = params;
	struct journal_compared found;
	enum outcome code = journal_compare(&c->job, o->state, &found);

	(void)args;
	return code ? code : tell(c, &found);
}
