/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads ecert-pkcs11.conf and the environment into the module's options. */
#include "pkcs11/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include "ecert/cryptoki.h"
#include "ecert/vendor.h"
#include "util/log.h"

#define CONFIG_MAX 16384u

enum option_type { TYPE_TEXT, TYPE_BOOL, TYPE_ENUM, TYPE_NUMBER };

static const char *const daemon_words[] = {
    [DAEMON_AUTO] = "auto", [DAEMON_NEVER] = "never", [DAEMON_ALWAYS] = "always", NULL};
static const char *const isolation_words[] = {
    [ISOLATION_SESSION] = "session", [ISOLATION_STRICT] = "strict", NULL};
static const char *const bool_words[] = {"no", "yes", NULL};

#define TEXT(called, field)                                                                        \
	{                                                                                          \
		.name = (called), .type = TYPE_TEXT, .at = offsetof(struct config, field),         \
		.size = sizeof((struct config *)0)->field                                          \
	}
#define WORD(called, of, field, says)                                                              \
	{                                                                                          \
		.name = (called), .type = (of), .at = offsetof(struct config, field),              \
		.words = (says)                                                                    \
	}
#define NUMBER(called, field)                                                                      \
	{                                                                                          \
		.name = (called), .type = TYPE_NUMBER, .at = offsetof(struct config, field)        \
	}
static const struct option {
	const char *name;
	enum option_type type;
	size_t at, size;
	const char *const *words;
} options[] = {
    TEXT("reader", reader),
    TEXT("daemon-socket", daemon_socket),
    TEXT("puk-file", puk_file),
    WORD("daemon", TYPE_ENUM, daemon, daemon_words),
    WORD("isolation", TYPE_ENUM, isolation, isolation_words),
    WORD("raw-rsa-decrypt", TYPE_BOOL, raw_rsa_decrypt, bool_words),
    WORD("last-try", TYPE_BOOL, last_try, bool_words),
    WORD("reverify", TYPE_BOOL, reverify, bool_words),
    WORD("user-writes", TYPE_BOOL, user_writes, bool_words),
    TEXT("management-key-file", management_key_file),
    WORD("overwrite", TYPE_BOOL, overwrite, bool_words),
    NUMBER("sm2-mechanism-base", sm2_mechanism_base),
};

void config_defaults(struct config *c)
{
	*c = (struct config){
	    .overwrite = true,
	    .reverify = true,
	    .sm2_mechanism_base = CK_ECERT_BASE,
	};
}

static bool set_word(const struct option *o, void *field, const char *value)
{
	for (unsigned i = 0; o->words[i]; i++) {
		if (strcmp(o->words[i], value) != 0)
			continue;
		if (o->type == TYPE_BOOL)
			*(bool *)field = i != 0;
		else
			memcpy(field, &i, sizeof i);
		return true;
	}
	return false;
}

static bool set_number(void *field, const char *value)
{
	char *end = NULL;
	unsigned long n = strtoul(value, &end, 0);

	if (end == value || *end)
		return false;
	*(CK_ULONG *)field = n;
	return true;
}

_Static_assert(sizeof(enum token_daemon) == sizeof(unsigned), "set_word stores an unsigned");
_Static_assert(sizeof(enum token_isolation) == sizeof(unsigned), "set_word stores an unsigned");

static bool set_option(struct config *c, const char *name, const char *value)
{
	for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
		const struct option *o = &options[i];
		void *field = (char *)c + o->at;

		if (strcmp(o->name, name) != 0)
			continue;
		if (o->type == TYPE_TEXT)
			return (size_t)snprintf(field, o->size, "%s", value) < o->size;
		if (o->type == TYPE_NUMBER)
			return set_number(field, value);
		return set_word(o, field, value);
	}
	return false;
}

static char *trim(char *s)
{
	s += strspn(s, " \t\r");
	for (size_t n = strlen(s); n && strchr(" \t\r", s[n - 1]); n--)
		s[n - 1] = '\0';
	return s;
}

void config_parse(struct config *c, char *text, const char *where)
{
	char *save = NULL;

	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *eq = strchr(line, '=');

		line = trim(line);
		if (*line == '#' || *line == '\0')
			continue;
		if (eq)
			*eq = '\0';
		if (!eq || !set_option(c, trim(line), trim(eq + 1)))
			log_error("%s: not understood: %s", where, line);
	}
}

static void config_file(struct config *c, const char *path)
{
	FILE *f = fopen(path, "re");
	char *text;
	size_t n;

	if (!f)
		return;
	text = malloc(CONFIG_MAX + 1);
	if (text) {
		n = fread(text, 1, CONFIG_MAX, f);
		text[n] = '\0';
		config_parse(c, text, path);
		free(text);
	}
	(void)fclose(f);
}

static void user_file(struct config *c)
{
	const char *base = secure_getenv("XDG_CONFIG_HOME");
	const char *home = secure_getenv("HOME");
	char path[512];
	int n = -1;

	if (base && *base == '/')
		n = snprintf(path, sizeof path, "%s/ecert/pkcs11.conf", base);
	else if (home && *home == '/')
		n = snprintf(path, sizeof path, "%s/.config/ecert/pkcs11.conf", home);
	if (n > 0 && (size_t)n < sizeof path)
		config_file(c, path);
}

static void environment(struct config *c)
{
	const char *reader = secure_getenv("ECERT_READER");
	struct tokens_config said = {.daemon = c->daemon};

	if (reader && *reader && !set_option(c, "reader", reader))
		log_error("ECERT_READER: too long");
	if (!tokens_config_env(&said))
		log_error("ECERT_DAEMON: not understood: %s", secure_getenv("ECERT_DAEMON"));
	c->daemon = said.daemon;
	if (said.daemon_socket && !set_option(c, "daemon-socket", said.daemon_socket))
		log_error("ECERT_DAEMON: too long");
}

void config_load(struct config *c)
{
	config_defaults(c);
	config_file(c, SYSCONFDIR "/ecert/pkcs11.conf");
	if (getauxval(AT_SECURE))
		return;
	user_file(c);
	environment(c);
}

struct tokens_config config_tokens(const struct config *c)
{
	return (struct tokens_config){
	    .reader = c->reader[0] ? c->reader : NULL,
	    .daemon = c->daemon,
	    .daemon_socket = c->daemon_socket[0] ? c->daemon_socket : NULL,
	    .isolation = c->isolation,
	    .user_writes = c->user_writes,
	    .reverify = c->reverify,
	    .management_key_file = c->management_key_file,
	};
}
