/* SPDX-License-Identifier: BSD-2-Clause */
/* Option tables handed to argp, one parser for all of them. */
#include "cli/options.h"

#include <argp.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/help/help.h"
#include "cli/help/meant.h"
#include "cli/language.h"
#include "cli/terminal.h"

/* argp's keys: an option's letter, or past all characters its place in its table. */
#define KEY_OWN	   0x1000
#define KEY_COMMON 0x2000

const struct opt global_opts[] = {
    {"module", 0, OPT_STR, "PATH", offsetof(struct cli, job.module),
	MSG_ID("PKCS#11 module of the token (default: e-Cert's own)")},
    {"token", 't', OPT_STR, "NAME", offsetof(struct cli, job.token),
	MSG_ID("the token's label or serial number")},
    {"slot-id", 0, OPT_INT, "N", offsetof(struct cli, job.slot_id),
	MSG_ID("the token in this slot")},
    {"reader", 0, OPT_STR, "WHERE", offsetof(struct cli, job.reader),
	MSG_ID("socket:PATH for a virtual token (default: the computer's readers)")},
    {"pin-source", 'p', OPT_STR, "SOURCE", offsetof(struct cli, job.pin_source),
	MSG_ID("where the PIN comes from: prompt (default), pinentry, env:NAME or file:PATH")},
    {"allow-last-try", 0, OPT_FLAG, NULL, offsetof(struct cli, job.allow_last_try),
	MSG_ID("use the last try of the PIN; a wrong one then blocks the token")},
    {"json", 'j', OPT_FLAG, NULL, offsetof(struct cli, json), MSG_ID("answer in JSON")},
    {"quiet", 'q', OPT_FLAG, NULL, offsetof(struct cli, quiet),
	MSG_ID("only errors, no other words")},
    {0}};

static bool parsing; /* argp may end the program now */
static char *wrong;  /* what was said to be wrong with the line; NULL: argp's own words */
static char *wrong_next;
static const char *wrong_reason = REASON_ID("command-line");

/* Ends the program, in the form of every error. On the terminal what may not be shown is masked; in
 * JSON it is whole. */
static void refuse(const struct argp_state *state, const char *reason, const struct message *why)
{
	const struct message *next = MSG("See `{command} --help`.", P_TEXT("command", state->name));
	char *words = cli_words(why), *then = cli_words(next);

	wrong = message_string(why, NULL);
	wrong_next = message_string(next, NULL);
	wrong_reason = reason;
	cli_told(words ? words : why->id, then);
	message_free(words);
	message_free(then);
	exit(OUT_USAGE);
}

/* What the one parser needs. */
struct parse {
	const struct command *cmd; /* NULL: only the common options, up to the first argument */
	struct cli *c;
	void *params;
	struct strlist *args;
	int next; /* the first argument's index, when cmd is NULL */
};

static size_t count(const struct opt *opts)
{
	size_t n = 0;

	while (opts && opts[n].name)
		n++;
	return n;
}

static int key_of(const struct opt *opts, size_t i, int base)
{
	return opts[i].letter ? opts[i].letter : base + (int)i;
}

static const struct opt *by_key(const struct opt *opts, int base, int key)
{
	for (size_t i = 0; i < count(opts); i++)
		if (key_of(opts, i, base) == key)
			return &opts[i];
	return NULL;
}

static error_t list_add(struct strlist *l, const char *v)
{
	const char **grown = reallocarray(l->v, l->n + 1, sizeof *grown);

	if (!grown)
		return ENOMEM;
	grown[l->n++] = v;
	l->v = grown;
	return 0;
}

/* What names a file or a folder, and cannot be empty: a variable of a script was. */
static bool is_name(const char *arg)
{
	static const char *const words[] = {
	    "FILE", "PEM", "DIR", "JSON", "PATH", "REQUEST", "MARK"};

	for (size_t i = 0; arg && i < sizeof words / sizeof words[0]; i++)
		if (!strncmp(arg, words[i], strlen(words[i])))
			return true;
	return false;
}

/* Text, which is converted; the names of files stay the bytes that they are. */
static bool is_text(const struct opt *o)
{
	return o->type != OPT_OUT && o->arg && !is_name(o->arg) && strcmp(o->arg, "SOURCE") != 0 &&
	       strcmp(o->arg, "WHERE") != 0;
}

static error_t store(const struct opt *o, void *base, struct strlist *reads, char *arg,
    const struct argp_state *state)
{
	void *field = (char *)base + o->at;
	char *end;

	if (arg && !*arg && is_name(o->arg))
		refuse(state, "option-value-empty",
		    MSG("--{option} names no file: its value is empty", P_TEXT("option", o->name)));
	switch (o->type) {
	case OPT_FLAG:
		*(bool *)field = true;
		return 0;
	case OPT_STR:
		*(const char **)field = arg;
		return list_add(reads, arg);
	case OPT_OUT:
		*(const char **)field = arg;
		return 0;
	case OPT_LIST:
		return list_add(field, arg) ? ENOMEM : list_add(reads, arg);
	case OPT_INT:
	case OPT_COUNT:
		errno = 0;
		*(long *)field = strtol(arg, &end, 10);
		if (errno || end == arg || *end || *(long *)field < 0)
			refuse(state, "option-value-malformed",
			    MSG("--{option} takes a number, not '{value}'",
				P_TEXT("option", o->name), P_FILE("value", arg)));
		if (o->type == OPT_COUNT && !*(long *)field)
			refuse(state, "option-value-malformed",
			    MSG("--{option} has to be 1 or more", P_TEXT("option", o->name)));
		return 0;
	}
	return EINVAL;
}

static error_t positional(struct parse *p, char *arg, struct argp_state *state)
{
	if (!p->cmd) {
		p->next = state->next - 1;
		state->next = state->argc;
		return 0;
	}
	if (p->args->n == p->cmd->max_args)
		refuse(state, "argument-too-many",
		    MSG(p->args->n ? MSG_ID("one argument too many: '{value}'")
				   : MSG_ID("this command takes no argument ('{value}')"),
			P_FILE("value", arg)));
	if (!is_name(p->cmd->args))
		arg = (char *)(uintptr_t)language_input(arg);
	if (!*arg && is_name(p->cmd->args))
		refuse(state, "argument-empty", MSG("one argument names no file: it is empty"));
	return list_add(p->args, arg) ? ENOMEM : list_add(&p->c->job.reads, arg);
}

static error_t parser(int key, char *arg, struct argp_state *state)
{
	struct parse *p = state->input;
	const struct opt *o;

	if (key == ARGP_KEY_ARG)
		return positional(p, arg, state);
	if (key == ARGP_KEY_END && p->cmd && p->args->n < p->cmd->min_args)
		refuse(state, "argument-missing",
		    MSG("{what} is missing", P_TEXT("what", p->cmd->args)));
	o = p->cmd ? by_key(p->cmd->opts, KEY_OWN, key) : NULL;
	if (o && arg && is_text(o))
		arg = (char *)(uintptr_t)language_input(arg);
	if (o && arg)
		meant_value(p->c, p->cmd->group, o, arg);
	if (o)
		return store(o, p->params, &p->c->job.reads, arg, state);
	o = by_key(global_opts, KEY_COMMON, key);
	if (o && arg && is_text(o))
		arg = (char *)(uintptr_t)language_input(arg);
	if (o && arg)
		meant_value(p->c, "", o, arg);
	return o ? store(o, p->c, &p->c->job.reads, arg, state) : ARGP_ERR_UNKNOWN;
}

static size_t fill(struct argp_option *out, const struct opt *opts, int base, int group)
{
	size_t n = count(opts);

	for (size_t i = 0; i < n; i++)
		out[i] = (struct argp_option){.name = opts[i].name,
		    .key = key_of(opts, i, base),
		    .arg = opts[i].arg,
		    .doc = opts[i].doc,
		    .group = group};
	return n;
}

enum outcome options_parse(const struct command *cmd, struct cli *c, void *params, int argc,
    char **argv, struct strlist *args)
{
	struct argp_option all[64] = {{0}};
	struct parse p = {.cmd = cmd, .c = c, .params = params, .args = args};
	char doc[4096];
	struct argp argp = {.options = all, .parser = parser, .args_doc = cmd->args, .doc = doc};
	size_t n;

	if ((language_translated() || help_has_parts(cmd)) &&
	    options_want(argc, argv, "--help", "-?")) {
		help_command(cmd);
		(void)fflush(stdout);
		exit(ferror(stdout) ? OUT_IO : OUT_OK);
	}
	if (count(cmd->opts) + count(global_opts) + 2 > sizeof all / sizeof all[0])
		return ui_fail(c->job.ui, OUT_INTERNAL, "too-many-options", MSG("Too many options"),
		    MSG("Please report it."));
	n = fill(all, cmd->opts, KEY_OWN, 1);
	all[n++] = (struct argp_option){.doc = "For every command:", .group = 2};
	fill(all + n, global_opts, KEY_COMMON, 2);
	snprintf(doc, sizeof doc, "%s.\v%s", cmd->summary, cmd->teach ? cmd->teach : "");
	argp_err_exit_status = OUT_USAGE;
	parsing = true;
	if (argp_parse(&argp, argc, argv, 0, NULL, &p))
		return ui_fail(c->job.ui, OUT_INTERNAL, "memory", MSG("No memory"),
		    MSG(next_of_rc(ECERT_E_MEMORY)));
	parsing = false;
	return OUT_OK;
}

/* argp tells what is wrong on standard error and ends the program. */
static void in_json(int status, void *unused)
{
	const struct cli c = {.json = true};

	(void)unused;
	if (parsing && status == OUT_USAGE)
		cli_json_error(&c, OUT_USAGE, wrong_reason,
		    wrong ? wrong : "The command line is wrong",
		    wrong ? wrong_next
			  : "What is wrong is on standard error; `ecert help` lists the commands.");
}

bool options_want(int argc, char **argv, const char *name, const char *letter)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--"); i++)
		if (!strcmp(argv[i], name) || !strcmp(argv[i], letter))
			return true;
	return false;
}

bool options_want_json(int argc, char **argv)
{
	return options_want(argc, argv, "--json", "-j");
}

void options_errors(int argc, char **argv)
{
	if (options_want_json(argc, argv))
		(void)on_exit(in_json, NULL);
}

int options_common(struct cli *c, int argc, char **argv)
{
	struct argp_option all[16] = {{0}};
	struct parse p = {.c = c, .next = argc};
	struct argp argp = {.options = all, .parser = parser, .args_doc = "GROUP COMMAND ..."};

	_Static_assert(sizeof all / sizeof all[0] > 8, "room for the common options");

	fill(all, global_opts, KEY_COMMON, 1);
	argp_err_exit_status = OUT_USAGE;
	parsing = true;
	if (argp_parse(&argp, argc, argv, ARGP_IN_ORDER | ARGP_NO_HELP, NULL, &p))
		return argc;
	parsing = false;
	return p.next;
}

void options_free(const struct opt *opts, void *params)
{
	for (size_t i = 0; i < count(opts); i++) {
		struct strlist *l = (void *)((char *)params + opts[i].at);

		if (opts[i].type != OPT_LIST)
			continue;
		free(l->v);
		*l = (struct strlist){0};
	}
}
