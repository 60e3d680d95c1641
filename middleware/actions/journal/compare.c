/* SPDX-License-Identifier: BSD-2-Clause */
/* Uses of keys that the card counted and the journal does not have. */
#include "actions/journal/compare.h"

#include "actions/journal/judge.h"
#include "client/slot.h"
#include "ecert/piv_const.h"
#include "provision/prov.h"
#include "util/text.h"
#include "util/tlv.h"

/* applet.md, 8: pairs of reference (1) and counter (4) from the status object. */
static enum ecert_rc read_counters(const struct token_at *at, struct buf *out)
{
	struct buf status = BUF_INIT(65536);
	enum ecert_rc rc = token_data_get(at, ECERT_OBJ_ECERT_STATUS, &status);
	struct rd r = buf_view(&status);
	struct tlv t;

	while (rc == ECERT_OK && tlv_next(&r, &t) == ECERT_OK) {
		if (t.tag != ECERT_TAG_STATUS_KEY || t.value.n < ECERT_STATUS_KEY_LEN)
			continue;
		buf_u8(out, t.value.p[0]);
		buf_put(out, t.value.p + 6, 4);
	}
	buf_free(&status);
	return rc != ECERT_OK ? rc : buf_rc(out);
}

static enum journal_use judge(const struct journal_gap *g)
{
	return g->missing < 0		       ? JOURNAL_USE_REPLACED
	       : g->missing > (int64_t)g->open ? JOURNAL_USE_GAP
	       : g->missing > 0		       ? JOURNAL_USE_UNSURE
					       : JOURNAL_USE_OK;
}

const char *journal_use_name(enum journal_use use)
{
	static const char *const names[] = {[JOURNAL_USE_OK] = MSG_ID("ok"),
	    [JOURNAL_USE_UNSURE] = MSG_ID("unsure"),
	    [JOURNAL_USE_GAP] = MSG_ID("gap"),
	    [JOURNAL_USE_REPLACED] = MSG_ID("replaced")};

	return names[use];
}

static void add(struct journal_compared *out, const struct journal_gap *g)
{
	struct journal_key_use *k = &out->key[out->n++];

	*k = (struct journal_key_use){.gap = *g, .verdict = judge(g)};
	text_copy(k->slot, sizeof k->slot, slot_name(g->ref));
	out->replaced |= k->verdict == JOURNAL_USE_REPLACED;
	if (k->verdict == JOURNAL_USE_GAP)
		out->missing += g->missing;
}

enum outcome journal_compare_tell(const struct job *job, const struct journal_compared *c)
{
	if (c->missing)
		return ui_fail(job->ui, OUT_INVALID, "uses-not-in-journal",
		    MSG("{n} uses of keys are not in the journal", P_NUMBER("n", c->missing)),
		    MSG("Somebody used the token without ecertd: look for programs with "
			"ECERT_DAEMON=never, or another middleware."));
	if (c->replaced)
		return ui_fail(job->ui, OUT_INVALID, "key-replaced",
		    MSG("A key was replaced past the journal"),
		    MSG("`ecert key list` shows the keys of now."));
	return OUT_OK;
}

static enum outcome no_counters(const struct job *job, enum ecert_rc rc)
{
	if (rc == ECERT_E_NOT_FOUND || rc == ECERT_E_UNSUPPORTED)
		return ui_fail(job->ui, OUT_CARD, "no-counters",
		    MSG("This token does not count what its keys do"),
		    MSG("Only tokens with the e-Cert profile do."));
	return ui_fail_rc(job->ui, rc, MSG("Cannot read the token's counters: {why}"));
}

static enum outcome reconcile(const struct job *job, const char *dir, const struct prov *p,
    struct rd counters, struct journal_compared *out)
{
	struct journal_gap gap[JOURNAL_KEYS_MAX];
	size_t n = 0;
	enum ecert_rc rc = journal_reconcile(
	    dir, p->info.serial_full, counters, gap, JOURNAL_KEYS_MAX, &n);

	if (rc == ECERT_E_NOT_FOUND)
		return ui_fail(job->ui, OUT_REFUSED, "token-not-in-journal",
		    MSG("The journal in {dir} has never seen the token {token}", P_FILE("dir", dir),
			P_TEXT("token", p->info.serial_full)),
		    MSG("Use it through ecertd first."));
	for (size_t i = 0; rc == ECERT_OK && i < n; i++)
		add(out, &gap[i]);
	return ui_fail_rc(job->ui, rc, MSG("Cannot compare the journal: {why}"));
}

enum outcome journal_compare(const struct job *job, const char *state, struct journal_compared *out)
{
	struct buf counters = BUF_INIT(1024);
	struct prov p = {.job = job};
	char dir[JOURNAL_DIR_MAX];
	enum outcome code = journal_where(job, state, dir);

	*out = (struct journal_compared){.n = 0};
	if (!code)
		code = prov_open(job, &p);
	if (code)
		return code;
	text_copy(out->serial, sizeof out->serial, p.info.serial_full);
	code = no_counters(job, read_counters(&p.at, &counters));
	if (!code)
		code = reconcile(job, dir, &p, buf_view(&counters), out);
	prov_close(&p);
	buf_free(&counters);
	return code;
}
