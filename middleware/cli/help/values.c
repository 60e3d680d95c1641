/* SPDX-License-Identifier: BSD-2-Clause */
/* Which values there are, a row for each kind of option; and the table that completion is made of.
 */
#include "cli/help/values.h"

#include <stdio.h>
#include <string.h>

#include "cli/help/words.h"

#define CERTS "pem crt cer der p7b p7c"
#define SLOTS "9a 9c 9d 9e 82 83 84 85 86 87 88 89 8a 8b 8c 8d 8e 8f 90 91 92 93 94 95"

const struct value values[] = {{NULL, "slot", NULL, VALUE_WORDS, SLOTS},
    {NULL, "id", NULL, VALUE_WORDS, "01 02 03 04"},
    {NULL, "pin-policy", NULL, VALUE_WORDS, "never once always"},
    {NULL, "touch-policy", NULL, VALUE_WORDS, "never always cached"},
    {"key", "alg", NULL, VALUE_WORDS, "p256 p384 rsa2048 rsa3072 rsa4096 ed25519 x25519 sm2"},
    {NULL, "alg", NULL, VALUE_WORDS, "RS256 PS256 ES256 ES384"},
    {"sign", "visible", NULL, VALUE_WORDS,
	"top-left top-right bottom-left bottom-right last last,"},
    {"sign", "logo", NULL, VALUE_FILES, "png jpg jpeg"},
    {"sign", "together", NULL, VALUE_FILES, "jws"},
    {"sign", "format", NULL, VALUE_WORDS, "cades pades xades jades asice"},
    {"sign", "profile", NULL, VALUE_WORDS, "plain ubl"},
    {NULL, "level", NULL, VALUE_WORDS, "none declared co-resident attested"},
    {"trustmark", "language", "WORD", VALUE_WORDS, "en zh-Hant zh-Hans"},
    {NULL, "status", "WORD", VALUE_WORDS, "active expired revoked invalid suspended"},
    {"registry", "state", NULL, VALUE_WORDS,
	"received in-review more-wanted granted refused suspended revoked expired"},
    {"trust", "kind", NULL, VALUE_WORDS, "anchor list attestation tsa mark-issuer"},
    {NULL, "san", NULL, VALUE_WORDS, "email: dns: uri:"},
    {NULL, "management-key-source", NULL, VALUE_WORDS, "file: env: prompt"},
    {NULL, "-source", "SOURCE", VALUE_WORDS, "prompt pinentry env: file:"},
    {NULL, "reader", NULL, VALUE_WORDS, "socket:"}, {NULL, "module", NULL, VALUE_FILES, "so"},
    {NULL, "certificate", NULL, VALUE_FILES, CERTS}, {NULL, "escrow", NULL, VALUE_FILES, "json"},
    {NULL, "crl", NULL, VALUE_FILES, "crl pem der"},
    {NULL, "ocsp", NULL, VALUE_FILES, "ocsp der ors resp"},
    {NULL, "chain", NULL, VALUE_FILES, CERTS}, {NULL, "mark", NULL, VALUE_FILES, "jwt"},
    {"registry", "status-key", NULL, VALUE_FILES, "pem"},
    {NULL, "status", NULL, VALUE_FILES, "jwt"}, {NULL, "delegation", NULL, VALUE_FILES, "jwt"},
    {NULL, "trust-list", NULL, VALUE_FILES, "jwt"}, {NULL, "key", NULL, VALUE_FILES, "verify"},
    {"cert", "", "FILE", VALUE_FILES, CERTS}, {"trustmark", "", "FILE", VALUE_FILES, "jwt json"},
    {"trustmark", "", "[FILE...]", VALUE_FILES, "jwt pem"},
    {NULL, "", "REQUEST", VALUE_FILES, "jwt"}, {NULL, "", "MARK", VALUE_FILES, "jwt"},
    {NULL, "", "FILE.p12", VALUE_FILES, "p12 pfx"}, {NULL, "", "[SEAL...]", VALUE_FILES, "jws"},
    {NULL, "", "FILE...", VALUE_FILES, ""}, {NULL, "", "NONCE", VALUE_ANY, ""},
    {NULL, "", "ID", VALUE_ANY, ""}, {NULL, "", "ID...", VALUE_ANY, ""},
    {NULL, "", "MEMBER", VALUE_ANY, ""}, {NULL, "", "REPORT", VALUE_ANY, ""},
    {NULL, "", "ISSUER", VALUE_ANY, ""}, {"registry", "", "FILE", VALUE_FILES, "jsonl"},
    {NULL, "store", "WHERE", VALUE_FILES, "sqlite"},
    {"registry", "", "NAME VALUE", VALUE_WORDS, "name contact policy report base colour"},
    {"registry", "", "DIR", VALUE_FOLDER, ""}, {NULL, "", "NAME", VALUE_ANY, ""},
    {NULL, "", "", VALUE_ANY, ""}, {NULL, NULL, "LABEL", VALUE_ANY, ""},
    {NULL, NULL, "FILE", VALUE_FILES, ""}, {NULL, NULL, "OUT", VALUE_FILES, "asice asics"},
    {NULL, NULL, "JSON", VALUE_FILES, "json"}, {NULL, NULL, "DIR", VALUE_FOLDER, ""},
    {NULL, NULL, "PEM", VALUE_FILES, CERTS}, {NULL, NULL, "[URL=]PEM", VALUE_FILES, CERTS},
    {NULL, NULL, "URL=TYPE=PEM", VALUE_FILES, CERTS}, {NULL, NULL, "HEX", VALUE_ANY, ""},
    {NULL, NULL, "HOURS", VALUE_ANY, ""}, {NULL, NULL, "N", VALUE_ANY, ""},
    {NULL, NULL, "NAME", VALUE_ANY, ""}, {NULL, NULL, "NAME=DATE", VALUE_ANY, ""},
    {NULL, NULL, "SERIAL", VALUE_ANY, ""}, {NULL, NULL, "TEXT", VALUE_ANY, ""},
    {NULL, NULL, "TIME", VALUE_ANY, ""}, {NULL, NULL, "URL", VALUE_ANY, ""},
    {NULL, NULL, "HOST[:PORT]", VALUE_ANY, ""}, {NULL, NULL, "SECONDS", VALUE_ANY, ""},
    {NULL, NULL, "WHO", VALUE_ANY, ""}, {NULL, NULL, "SHA256", VALUE_ANY, ""}, {0}};

static bool is_for(const struct value *v, const char *group, const char *option, const char *arg)
{
	size_t n = strlen(option), end = v->option ? strlen(v->option) : 0;

	if ((v->group && strcmp(v->group, group) != 0) || (v->arg && strcmp(v->arg, arg) != 0))
		return false;
	if (!v->option || !strcmp(v->option, option))
		return true;
	return v->option[0] == '-' && n > end && !strcmp(option + n - end, v->option);
}

const struct value *value_of(const char *group, const char *option, const char *arg)
{
	for (const struct value *v = values; v->words; v++)
		if (is_for(v, group, option, arg))
			return v;
	return NULL;
}

const char *value_kind_name(enum value_kind kind)
{
	static const char *const names[] = {[VALUE_ANY] = "any",
	    [VALUE_WORDS] = "words",
	    [VALUE_FILES] = "files",
	    [VALUE_FOLDER] = "folder"};

	return names[kind];
}

/* title: the command as it is typed, "" for the common options. */
static void print_opts(const char *title, const char *group, const struct opt *opts)
{
	for (const struct opt *o = opts; o && o->name; o++) {
		const struct value *v = o->arg ? value_of(group, o->name, o->arg) : NULL;

		printf("%s|--%s|", title, o->name);
		if (o->letter)
			printf("-%c", o->letter);
		printf("|%s|%s|%s|%s\n", o->arg ? o->arg : "", v ? value_kind_name(v->kind) : "",
		    v ? v->words : "", o->doc);
	}
}

static void print_command(const struct command *cmd)
{
	const struct value *v = value_of(cmd->group, "", cmd->args);
	char title[64];

	snprintf(title, sizeof title, "%s%s%s", cmd->group, cmd->name ? " " : "",
	    cmd->name ? cmd->name : "");
	printf("%s|||%s|%s|%s|%s\n", title, cmd->args, value_kind_name(v ? v->kind : VALUE_ANY),
	    v ? v->words : "", cmd->summary);
	print_opts(title, cmd->group, cmd->opts);
}

void values_print(void)
{
	print_opts("", "", global_opts);
	puts("|--help|-?||||what there is to say about it");
	puts("|--version|-V||||which version this is");
	for (const struct command *const *p = commands; *p; p++)
		for (const struct command *cmd = *p; cmd->group; cmd++)
			print_command(cmd);
	puts("help|||[GROUP [COMMAND]]|any||what commands there are, and what each does");
	puts("help exit-codes||||any||what each exit code means");
	printf("help words|||WORD|words|");
	for (const struct word *w = words; w->name; w++) {
		for (const char *p = w->name; *p; p++)
			putchar(*p == ' ' ? '-' : *p);
		putchar(w[1].name ? ' ' : '|');
	}
	puts("what words mean that not everybody knows");
}
