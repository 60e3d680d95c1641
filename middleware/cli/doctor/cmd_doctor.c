/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert doctor: what is wrong, and what to do. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/doctor/doctor.h"
#include "cli/commands.h"
#include "cli/language.h"
#include "cli/terminal.h"

/* In the person's language; in English it has all of a long name. */
static char *worded(const struct message_kept *m, const char *english)
{
	struct buf out = BUF_INIT(MESSAGE_TEXT_MAX);
	char *words;

	if (!m->n || !language_translated())
		return strdup(english);
	cli_kept(m, &out);
	buf_u8(&out, 0);
	words = strdup(buf_rc(&out) != ECERT_OK ? english : (const char *)buf_view(&out).p);
	buf_free(&out);
	return words;
}

static void say(const struct cli *c, const struct doctor_finding *f)
{
	char *what = worded(&f->said, f->what), *advice = worded(&f->next, f->advice);
	const char *level = language_of(doctor_level_name(f->level));
	const char *check = language_of(f->check);
	int rest = 8 - language_columns(level), more = 12 - language_columns(check);
	char shown[CLI_CLEAN];

	if (!c->json && !(c->quiet && f->level == DOCTOR_FINE)) {
		printf("%s%*s %s%*s %s%s\n", level, rest > 0 ? rest : 0, "", check,
		    more > 0 ? more : 0, "", cli_clean(what, shown), language_of(MSG_ID(".")));
		if (*f->advice)
			printf("%-21s %s\n", "", cli_clean(advice, shown));
	}
	free(what);
	free(advice);
}

static json_t *finding_json(const struct doctor_finding *f)
{
	return json_pack("{s:s, s:s, s:o, s:o}", "check", f->check, "level",
	    doctor_level_name(f->level), "what", cli_json_text(f->what), "advice",
	    cli_json_text(f->advice));
}

static enum outcome run_doctor(struct cli *c, void *params, const struct strlist *args)
{
	struct doctor *d = calloc(1, sizeof *d);
	json_t *list = json_array();
	enum doctor_level worst;
	enum outcome code;

	(void)params;
	(void)args;
	if (!d) {
		json_decref(list);
		return ui_fail_rc(c->job.ui, ECERT_E_MEMORY, MSG("Cannot start: {why}"));
	}
	doctor_probe(&c->job, d);
	worst = doctor_examine(d);
	for (size_t i = 0; i < d->findings; i++) {
		say(c, &d->finding[i]);
		json_array_append_new(list, finding_json(&d->finding[i]));
	}
	free(d);
	code = cli_json(
	    c, json_pack("{s:s, s:o}", "worst", doctor_level_name(worst), "findings", list));
	return code ? code : worst == DOCTOR_PROBLEM ? OUT_INVALID : OUT_OK;
}

const struct command doctor_commands[] = {
    {"doctor", NULL, "", 0, 0,
	MSG_ID("what is wrong with tokens, readers and programs, and what to do"),
	MSG_ID(
	    "Looks at everything between a program and the key on the token, one thing after the "
	    "other: "
	    "each is ok, a warning or a problem, with one sentence of advice. Uses no try of any "
	    "PIN "
	    "and "
	    "changes nothing. Exit code 1 when there is a problem.\n\n"
	    "With --module it also says whether that PKCS#11 module loads, starts and shows a "
	    "token.\n\n"
	    "Examples:\n  ecert doctor\n  ecert doctor --json"),
	NULL, 0, run_doctor},
    {0}};
