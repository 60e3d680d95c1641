/* SPDX-License-Identifier: BSD-2-Clause */
/* From a word that is none to the one that may have been meant: other words for a thing, then the
 * nearest one. */
#include "cli/help/meant.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli/help/near.h"
#include "cli/help/values.h"

#define NAME_MAX_LEN MEANT_MAX

const struct synonym command_synonyms[] = {
    {"tokens", "token list"},
    {"cards", "token list"},
    {"list", "token list"},
    {"ls", "token list"},
    {"init", "token init"},
    {"setup", "token init"},
    {"info", "token info"},
    {"reset", "token reset"},
    {"token show", "token info"},
    {"token status", "token info"},
    {"token name", "token label"},
    {"token rename", "token label"},
    {"token setup", "token init"},
    {"pins", "pin status"},
    {"passwd", "pin change"},
    {"password", "pin change"},
    {"unlock", "pin unblock"},
    {"puk", "pin unblock"},
    {"pin reset", "pin unblock"},
    {"pin unlock", "pin unblock"},
    {"pin set", "pin change"},
    {"pin show", "pin status"},
    {"keys", "key list"},
    {"keygen", "key generate"},
    {"key create", "key generate"},
    {"key make", "key generate"},
    {"key new", "key generate"},
    {"key show", "key list"},
    {"import", "key import"},
    {"certificate", "cert list"},
    {"certificates", "cert list"},
    {"certs", "cert list"},
    {"cert show", "cert list"},
    {"cert renew", "cert request"},
    {"csr", "cert request"},
    {"cert csr", "cert request"},
    {"export", "cert export"},
    {"signature", "sign"},
    {"check", "verify"},
    {"validate", "verify"},
    {"renew", "trustmark renew"},
    {"mark", "trustmark show"},
    {"marks", "trustmark show"},
    {"trustmark request", "trustmark renew"},
    {"trustmark sign", "trustmark grant"},
    {"trustmark issue", "trustmark grant"},
    {"trustmark verify", "verify"},
    {"prove", "attest"},
    {"attestation", "attest"},
    {"log", "journal show"},
    {"logs", "journal show"},
    {"history", "journal show"},
    {"audit", "journal verify"},
    {"journal list", "journal show"},
    {"journal check", "journal verify"},
    {"diagnose", "doctor"},
    {"status", "doctor"},
    {"version", "--version"},
    {"exit-codes", "help exit-codes"},
    {0},
};

const struct synonym option_synonyms[] = {
    {"out", "output"},
    {"outfile", "output"},
    {"ca", "anchor"},
    {"cafile", "anchor"},
    {"ca-file", "anchor"},
    {"root", "anchor"},
    {"trusted", "anchor"},
    {"untrusted", "intermediate"},
    {"chain", "intermediate"},
    {"slot", "id"},
    {"key", "id"},
    {"key-id", "id"},
    {"serial", "token"},
    {"overwrite", "force"},
    {"algorithm", "alg"},
    {"time", "at"},
    {"date", "at"},
    {"backup", "escrow"},
    {"name", "label"},
    {"dn", "subject"},
    {"altname", "san"},
    {"pkcs11-module", "module"},
    {"silent", "quiet"},
    {0},
};

static void full_name(const struct command *cmd, char out[NAME_MAX_LEN])
{
	snprintf(out, NAME_MAX_LEN, "%s%s%s", cmd->group, cmd->name ? " " : "",
	    cmd->name ? cmd->name : "");
}

static const char *synonym(const struct synonym *rows, const char *typed)
{
	for (const struct synonym *s = rows; s->typed; s++)
		if (!strcasecmp(s->typed, typed))
			return s->meant;
	return NULL;
}

/* The command that is its own group, or whose name without its group only one has. */
static const struct command *only_one(const char *name)
{
	const struct command *found = NULL;
	size_t n = 0;

	for (const struct command *const *p = commands; *p; p++) {
		for (const struct command *cmd = *p; cmd->group; cmd++) {
			if (!cmd->name && !strcasecmp(cmd->group, name))
				return cmd;
			if (!cmd->name || strcasecmp(cmd->name, name) != 0)
				continue;
			found = cmd;
			n++;
		}
	}
	return n == 1 ? found : NULL;
}

static const char *near_group(const char *typed)
{
	struct near n = {.typed = typed};

	for (const struct command *const *p = commands; *p; p++)
		near_try(&n, (*p)->group);
	near_try(&n, "help");
	return n.best;
}

/* The nearest command of a group, in full; false: the group has none, or none is near. */
static bool near_name(const char *group, const char *typed, char out[NAME_MAX_LEN])
{
	struct near n = {.typed = typed};

	for (const struct command *const *p = commands; *p; p++)
		for (const struct command *cmd = *p; cmd->group; cmd++)
			if (!strcmp(cmd->group, group) && cmd->name)
				near_try(&n, cmd->name);
	if (n.best)
		snprintf(out, NAME_MAX_LEN, "%s %s", group, n.best);
	return n.best;
}

static bool is_group(const char *group)
{
	for (const struct command *const *p = commands; *p; p++)
		if (!strcmp((*p)->group, group))
			return true;
	return false;
}

/* "token-list", "tokenlist", and other words with a mistake in them. */
static bool near_whole(const char *typed, char out[NAME_MAX_LEN])
{
	struct near n = {.typed = typed}, other = {.typed = typed};
	char names[64][NAME_MAX_LEN];
	size_t count = 0;

	for (const struct command *const *p = commands; *p; p++)
		for (const struct command *cmd = *p; cmd->group && count < 64; cmd++) {
			full_name(cmd, names[count]);
			near_try(&n, names[count++]);
		}
	for (const struct synonym *s = command_synonyms; s->typed; s++)
		near_try(&other, s->typed);
	if (other.best && (!n.best || other.distance < n.distance))
		snprintf(out, NAME_MAX_LEN, "%s", synonym(command_synonyms, other.best));
	else if (n.best)
		snprintf(out, NAME_MAX_LEN, "%s", n.best);
	return n.best || other.best;
}

static bool find_command(const char *group, const char *name, char out[NAME_MAX_LEN])
{
	char typed[2 * NAME_MAX_LEN];
	const struct command *cmd;
	const char *meant, *near;

	snprintf(typed, sizeof typed, "%s %s", group, name ? name : "");
	meant = name ? synonym(command_synonyms, typed) : NULL;
	if (!meant && !is_group(group))
		meant = synonym(command_synonyms, group);
	if (meant) {
		snprintf(out, NAME_MAX_LEN, "%s", meant);
		return true;
	}
	if (is_group(group)) {
		if (!name || near_name(group, name, out))
			return name;
		cmd = only_one(name);
		if (cmd)
			full_name(cmd, out);
		return cmd;
	}
	cmd = only_one(group);
	near = near_group(group);
	if (cmd)
		full_name(cmd, out);
	else if (near && (!name || !near_name(near, name, out)))
		snprintf(out, NAME_MAX_LEN, "%s", near);
	return cmd || near || near_whole(group, out);
}

const struct message *meant_command(const char *group, const char *name, struct meant *out)
{
	out->m = find_command(group, name, out->word)
		     ? *MSG("Did you mean `ecert {command}`? See `ecert help`.",
			   P_TEXT("command", out->word))
		     : *MSG("See `ecert help`.");
	return &out->m;
}

/* ---- options ---- */
static const struct opt *in(const struct opt *opts, const char *name)
{
	for (const struct opt *o = opts; o && o->name; o++)
		if (!strcmp(o->name, name))
			return o;
	return NULL;
}

const struct opt *opt_by_name(const struct command *cmd, const char *name)
{
	const struct opt *own = cmd ? in(cmd->opts, name) : NULL;

	return own ? own : in(global_opts, name);
}

bool opt_anywhere(const char *name)
{
	for (const struct command *const *p = commands; *p; p++)
		for (const struct command *cmd = *p; cmd->group; cmd++)
			if (in(cmd->opts, name))
				return true;
	return false;
}

const char *meant_synonym(const struct command *cmd, const char *typed)
{
	for (const struct synonym *s = option_synonyms; s->typed; s++)
		if (!strcasecmp(s->typed, typed) && opt_by_name(cmd, s->meant))
			return s->meant;
	return NULL;
}

const struct message *meant_option(const struct command *cmd, const char *typed, struct meant *out)
{
	struct near n = {.typed = typed};
	const char *meant = meant_synonym(cmd, typed);

	for (const struct opt *o = cmd ? cmd->opts : NULL; o && o->name; o++)
		near_try(&n, o->name);
	for (const struct opt *o = global_opts; o->name; o++)
		near_try(&n, o->name);
	for (size_t i = 0; i < 2; i++)
		near_try(&n, ((const char *const[]){"help", "version"})[i]);
	if (!meant)
		meant = n.best;
	text_copy(out->word, sizeof out->word, meant ? meant : "");
	if (cmd)
		full_name(cmd, out->command);
	if (!cmd && opt_anywhere(typed))
		out->m = *MSG("It stands behind the command that has it.");
	else if (!cmd)
		out->m = *MSG(meant ? MSG_ID("Did you mean --{option}? `ecert help` lists what "
					     "stands here.")
				    : MSG_ID("`ecert help` lists what stands here."),
		    P_TEXT("option", out->word));
	else
		out->m = *MSG(meant ? MSG_ID("Did you mean --{option}? `ecert {command} --help` "
					     "lists the options.")
				    : MSG_ID("`ecert {command} --help` lists the options."),
		    P_TEXT("option", out->word), P_TEXT("command", out->command));
	return &out->m;
}

/* "P-256" and "p256" are one word. */
static bool same_word(const char *a, const char *b)
{
	for (; *a || *b; a++, b++) {
		a += strspn(a, "-_");
		b += strspn(b, "-_");
		if (strncasecmp(a, b, 1) != 0)
			return false;
		if (!*a)
			break;
	}
	return true;
}

void meant_value(struct cli *c, const char *group, const struct opt *o, const char *typed)
{
	const struct value *v = value_of(group, o->name, o->arg);
	struct near n = {.typed = typed};
	char words[256], *save = NULL;

	snprintf(words, sizeof words, "%s", v && v->kind == VALUE_WORDS ? v->words : "");
	for (char *w = strtok_r(words, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		if (same_word(w, typed))
			return;
		if (w[strlen(w) - 1] != ':')
			near_try(&n, w);
	}
	if (!n.best)
		return;
	c->meant.option = o->name;
	c->meant.value = typed;
	text_copy(c->meant.word, sizeof c->meant.word, n.best);
}

const struct message *meant_next(
    const struct cli *c, const char *english, const struct message *next, struct message *out)
{
	char option[NAME_MAX_LEN];

	if (!*c->meant.word)
		return next;
	snprintf(option, sizeof option, "--%s", c->meant.option);
	if (!strstr(english, option) && !strstr(english, c->meant.value))
		return next;
	*out = next ? *MSG("Did you mean '{word}'? {next}", P_TEXT("word", c->meant.word),
			  P_MSG("next", next))
		    : *MSG("Did you mean '{word}'?", P_TEXT("word", c->meant.word));
	return out;
}
