/* SPDX-License-Identifier: BSD-2-Clause */
/* Choosing a token, and saying why there is none. */
#include "client/pick.h"

#include <stdlib.h>
#include <string.h>

#include "client/serial.h"
#include "transport/reader.h"

static bool fits(const struct job *job, const struct candidate *t)
{
	if (job->slot_id >= 0 && t->slot_id != job->slot_id)
		return false;
	return !job->token || !strcmp(job->token, t->label) ||
	       serial_of_token(job->token, t->serial);
}

static void list_them(const struct job *job, const struct candidate *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		ui_note(job->ui,
		    MSG(list[i].serial[0]
			    ? MSG_ID("         --token '{label}'  (serial {serial}, slot {slot}, "
				     "{reader})")
			    : MSG_ID("         --token '{label}'  (no serial number, slot {slot}, "
				     "{reader})"),
			P_TEXT("label", list[i].label), P_TEXT("serial", list[i].serial),
			P_NUMBER("slot", list[i].slot_id), P_TEXT("reader", list[i].where)));
}

enum outcome pick_token(
    const struct job *job, const struct candidate *list, size_t n, size_t *chosen)
{
	size_t found = 0;
	enum outcome code;

	*chosen = 0;
	for (size_t i = 0; i < n; i++) {
		if (!fits(job, &list[i]))
			continue;
		if (!found++)
			*chosen = i;
	}
	if (found == 1)
		return OUT_OK;
	if (found)
		code = ui_fail(job->ui, OUT_USAGE, "token-ambiguous",
		    MSG("{found} tokens are plugged in", P_NUMBER("found", found)),
		    MSG("Say which: --token LABEL, --token SERIAL or --slot-id N:"));
	else if (job->token)
		code = ui_fail(job->ui, OUT_NO_TOKEN, "token-not-found",
		    MSG("No token is named '{token}'", P_TEXT("token", job->token)),
		    MSG("These are plugged in:"));
	else
		code = ui_fail(job->ui, OUT_NO_TOKEN, "slot-not-found",
		    MSG("There is no token in slot {slot_id}", P_NUMBER("slot_id", job->slot_id)),
		    MSG("These are plugged in:"));
	list_them(job, list, n);
	return code;
}

enum outcome pick_explain_none(const struct job *job, const char *what)
{
	const char *where = job_reader(job);
	struct reader_info found[READER_MAX];
	struct readers *readers = NULL;
	const char *card = NULL;
	size_t n = 0;
	enum ecert_rc rc = readers_open(where, &readers);

	if (rc == ECERT_OK)
		rc = readers_list(readers, found, READER_MAX, &n);
	readers_close(&readers);
	for (size_t i = 0; i < n && !card; i++)
		if (found[i].present)
			card = found[i].name;
	if (where && !strncmp(where, "socket:", 7) &&
	    (rc == ECERT_E_NO_SERVICE || (rc == ECERT_OK && !card)))
		return ui_fail(job->ui, OUT_NO_TOKEN, "no-reader",
		    MSG("The virtual token at {where} does not answer", P_FILE("where", where)),
		    MSG("Start it with `ecert-vcard --listen PATH`."));
	if (rc != ECERT_OK)
		return ui_fail(job->ui, outcome_of_rc(rc), "no-token",
		    MSG("There is no token: {why}", P_RC("why", rc)), MSG(next_of_rc(rc)));
	if (!n)
		return ui_fail(job->ui, OUT_NO_TOKEN, "no-reader",
		    MSG("There is no card reader and no USB token"),
		    MSG(next_of_rc(ECERT_E_NO_READER)));
	if (!card)
		return ui_fail(job->ui, OUT_NO_TOKEN, "no-card",
		    MSG("There is no token in the reader {name}", P_TEXT("name", found[0].name)),
		    MSG(next_of_rc(ECERT_E_NO_CARD)));
	return ui_fail(job->ui, OUT_NO_TOKEN, "unrecognised",
	    MSG("A card is in {card}, but {what} does not know it", P_TEXT("card", card),
		P_TEXT("what", what)),
	    MSG(next_of_rc(ECERT_E_UNRECOGNISED)));
}
