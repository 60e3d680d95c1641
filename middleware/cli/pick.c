/* SPDX-License-Identifier: BSD-2-Clause */
/* Choosing a token, and saying why there is none. */
#include "cli/pick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/serial.h"
#include "transport/reader.h"

static bool fits(const struct cli *c, const struct candidate *t)
{
	if (c->slot_id >= 0 && t->slot_id != c->slot_id)
		return false;
	return !c->token || !strcmp(c->token, t->label) || serial_of_token(c->token, t->serial);
}

static void list_them(const struct candidate *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fprintf(stderr, "         --token '%s'  (%s%s, slot %ld, %s)\n",
		    cli_clean(list[i].label), list[i].serial[0] ? "serial " : "no serial number",
		    cli_clean(list[i].serial), list[i].slot_id, cli_clean(list[i].where));
}

enum cli_exit pick_token(
    const struct cli *c, const struct candidate *list, size_t n, size_t *chosen)
{
	size_t found = 0;
	enum cli_exit code;

	*chosen = 0;
	for (size_t i = 0; i < n; i++) {
		if (!fits(c, &list[i]))
			continue;
		if (!found++)
			*chosen = i;
	}
	if (found == 1)
		return CLI_OK;
	if (found)
		code = cli_fail(c, CLI_USAGE,
		    "Say which: --token LABEL, --token SERIAL or --slot-id N:",
		    "%zu tokens are plugged in", found);
	else if (c->token)
		code = cli_fail(
		    c, CLI_NO_TOKEN, "These are plugged in:", "No token is named '%s'", c->token);
	else
		code = cli_fail(c, CLI_NO_TOKEN,
		    "These are plugged in:", "There is no token in slot %ld", c->slot_id);
	list_them(list, n);
	return code;
}

enum cli_exit pick_explain_none(const struct cli *c, const char *what)
{
	const char *where = c->reader ? c->reader : secure_getenv("ECERT_READER");
	struct reader_info found[READER_MAX];
	struct readers *readers = NULL;
	const char *card = NULL;
	size_t n = 0;
	enum ecert_rc rc = readers_open(where, &readers);

	if (!rc)
		rc = readers_list(readers, found, READER_MAX, &n);
	readers_close(&readers);
	for (size_t i = 0; i < n && !card; i++)
		if (found[i].present)
			card = found[i].name;
	if (where && !strncmp(where, "socket:", 7) && (rc == ECERT_E_NO_SERVICE || (!rc && !card)))
		return cli_fail(c, CLI_NO_TOKEN, "Start it with `ecert-vcard --listen PATH`.",
		    "The virtual token at %s does not answer", where);
	if (rc)
		return cli_fail(
		    c, exit_of_rc(rc), hint_of_rc(rc), "There is no token: %s", ecert_strerror(rc));
	if (!n)
		return cli_fail(c, CLI_NO_TOKEN, hint_of_rc(ECERT_E_NO_READER),
		    "There is no card reader and no USB token");
	if (!card)
		return cli_fail(c, CLI_NO_TOKEN, hint_of_rc(ECERT_E_NO_CARD),
		    "There is no token in the reader %s", found[0].name);
	return cli_fail(c, CLI_NO_TOKEN, hint_of_rc(ECERT_E_UNRECOGNISED),
	    "A card is in %s, but %s does not know it", card, what);
}
