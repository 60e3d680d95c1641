/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert journal reconcile: uses of keys that the card counted and the journal does not have. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/journal/journal.h"
#include "provision/prov.h"
#include "client/slot.h"
#include "ecert/piv_const.h"
#include "util/tlv.h"

/* applet.md, 8: pairs of reference (1) and counter (4) from the status object. */
static enum ecert_rc read_counters(const struct token_at *at, struct buf *out)
{
	struct buf status = BUF_INIT(65536);
	enum ecert_rc rc = token_data_get(at, ECERT_OBJ_ECERT_STATUS, &status);
	struct rd r = buf_view(&status);
	struct tlv t;

	while (!rc && tlv_next(&r, &t) == ECERT_OK) {
		if (t.tag != ECERT_TAG_STATUS_KEY || t.value.n < ECERT_STATUS_KEY_LEN)
			continue;
		buf_u8(out, t.value.p[0]);
		buf_put(out, t.value.p + 6, 4);
	}
	buf_free(&status);
	return rc ? rc : buf_rc(out);
}

static const char *judgement(const struct journal_gap *g)
{
	return g->missing < 0		       ? MSG_ID("replaced")
	       : g->missing > (int64_t)g->open ? MSG_ID("gap")
	       : g->missing > 0		       ? MSG_ID("unsure")
					       : MSG_ID("ok");
}

static void say_key(const struct cli *c, const struct journal_gap *g)
{
	const struct message *where =
	    g->differed ? MSG("between records {from} and {to}", P_NUMBER("from", g->agreed),
			      P_NUMBER("to", g->differed))
			: MSG("after record {record}", P_NUMBER("record", g->agreed));

	cli_tell(c, MSG("Key {slot}: the token counts {counted}, on record {recorded} since "
			"{first}: {state}",
			P_TEXT("slot", slot_name(g->ref)), P_NUMBER("counted", g->card),
			P_NUMBER("recorded", g->recorded), P_NUMBER("first", g->first),
			P_WORD("state", judgement(g))));
	if (g->missing < 0)
		cli_row(c, 3, "",
		    MSG("the key was replaced past the journal, {where}", P_MSG("where", where)));
	else if (g->missing > (int64_t)g->open)
		cli_row(c, 3, "",
		    MSG("{n} uses past the journal, {where}", P_NUMBER("n", g->missing),
			P_MSG("where", where)));
	else if (g->missing > 0)
		cli_row(c, 3, "",
		    MSG("{n} whose outcome nobody could write down: the token or "
			"ecertd was stopped in between",
			P_NUMBER("n", g->missing)));
}

static json_t *key_json(const struct journal_gap *g)
{
	json_t *o = json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:I}", "key", slot_name(g->ref),
	    "verdict", judgement(g), "counter", (json_int_t)g->card, "first", (json_int_t)g->first,
	    "recorded", (json_int_t)g->recorded, "open", (json_int_t)g->open, "missing",
	    (json_int_t)g->missing);

	if (g->missing < 0 || g->missing > (int64_t)g->open) {
		json_object_set_new(o, "after_record", json_integer((json_int_t)g->agreed));
		if (g->differed)
			json_object_set_new(
			    o, "before_record", json_integer((json_int_t)g->differed));
	}
	return o;
}

static enum outcome tell(
    const struct cli *c, const char *serial, const struct journal_gap *gap, size_t n)
{
	json_t *list = json_array();
	int64_t missing = 0;
	bool replaced = false;
	enum outcome code;

	cli_tell(c, MSG("Token {serial}", P_TEXT("serial", serial)));
	for (size_t i = 0; i < n; i++) {
		say_key(c, &gap[i]);
		json_array_append_new(list, key_json(&gap[i]));
		replaced |= gap[i].missing < 0;
		if (gap[i].missing > (int64_t)gap[i].open)
			missing += gap[i].missing;
	}
	code = cli_json(c, json_pack("{s:s, s:b, s:o}", "token", serial, "complete",
			       !missing && !replaced, "keys", list));
	if (code)
		return code;
	if (missing)
		return cli_fail_people(c, OUT_INVALID, "uses-not-in-journal",
		    MSG("{n} uses of keys are not in the journal", P_NUMBER("n", missing)),
		    MSG("Somebody used the token without ecertd: look for programs with "
			"ECERT_DAEMON=never, or another middleware."));
	if (replaced)
		return cli_fail_people(c, OUT_INVALID, "key-replaced",
		    MSG("A key was replaced past the journal"),
		    MSG("`ecert key list` shows the keys of now."));
	return OUT_OK;
}

static enum outcome no_counters(const struct cli *c, enum ecert_rc rc)
{
	if (rc == ECERT_E_NOT_FOUND || rc == ECERT_E_UNSUPPORTED)
		return ui_fail(c->job.ui, OUT_CARD, "no-counters",
		    MSG("This token does not count what its keys do"),
		    MSG("Only tokens with the e-Cert profile do."));
	return ui_fail_rc(c->job.ui, rc, MSG("Cannot read the token's counters: {why}"));
}

enum outcome journal_compare(struct cli *c, void *params, const struct strlist *args)
{
	const struct journal_show_params *o = params;
	struct buf counters = BUF_INIT(1024);
	struct journal_gap gap[TOKEN_KEYS_MAX];
	struct prov p = {.job = &c->job};
	char dir[4096];
	size_t n = 0;
	enum ecert_rc rc;
	enum outcome code = journal_where(c, o->state, dir, sizeof dir);

	(void)args;
	if (!code)
		code = prov_open(&c->job, &p);
	if (code)
		return code;
	code = no_counters(c, read_counters(&p.at, &counters));
	if (!code) {
		rc = journal_reconcile(
		    dir, p.info.serial_full, buf_view(&counters), gap, TOKEN_KEYS_MAX, &n);
		if (rc == ECERT_E_NOT_FOUND)
			code = ui_fail(c->job.ui, OUT_REFUSED, "token-not-in-journal",
			    MSG("The journal in {dir} has never seen the token {token}",
				P_TEXT("dir", dir), P_TEXT("token", p.info.serial_full)),
			    MSG("Use it through ecertd first."));
		else
			code = ui_fail_rc(c->job.ui, rc, MSG("Cannot compare the journal: {why}"));
	}
	if (!code)
		code = tell(c, p.info.serial_full, gap, n);
	prov_close(&p);
	buf_free(&counters);
	return code;
}
