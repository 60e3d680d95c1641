/* SPDX-License-Identifier: BSD-2-Clause */
/* One token: by its module, and by our own card layer where that knows the card. */
#include "actions/token/info.h"

#include <stdlib.h>
#include <time.h>

#include "client/p11.h"
#include "client/pick.h"
#include "provision/cardio.h"
#include "util/text.h"

static void describe(
    const struct token_info *i, const struct card_defaults *more, struct token_card *out)
{
	text_copy(out->serial, sizeof out->serial, i->serial_full);
	out->pin_tries = i->pin_tries;
	out->puk_tries = more->puk.tries;
	out->factory = more->pin.is_default || more->puk.is_default || more->mgm_default;
	out->factory_known = more->pin.default_known || more->puk.default_known || more->mgm_known;
	out->is_virtual = i->is_virtual;
	out->attestation = i->has_attestation;
	out->metadata = i->has_metadata;
	out->pinpad = i->pinpad;
}

static enum outcome look_at_card(const struct p11 *p, struct token_facts *out)
{
	struct prov prov;
	struct token_info proved;
	struct card_defaults more;

	if (prov_open_reader(p->job, p->slot->description, &prov) != ECERT_OK)
		/* Another maker's token need not be a card that we know; ours was one just now. */
		return p11_foreign(p->job) ? OUT_OK
					   : ui_fail_rc(p->job->ui, ECERT_E_REMOVED,
						 MSG("Cannot read the token: {why}"));
	if (token_prove(&prov.at, &proved) == ECERT_OK)
		prov.info = proved;
	cardio_defaults_at(p->job, prov.slot.reader, &more);
	describe(&prov.info, &more, &out->card);
	out->has_card = true;
	prov_close(&prov);
	return OUT_OK;
}

static enum outcome take_certs(
    const struct p11 *p, const struct p11_cert *certs, size_t n, struct token_facts *out)
{
	time_t now = job_now(p->job);

	out->cert = calloc(n ? n : 1, sizeof *out->cert);
	if (!out->cert)
		return ui_fail_rc(
		    p->job->ui, ECERT_E_MEMORY, MSG("Cannot read the token's certificates: {why}"));
	for (out->n = 0; out->n < n; out->n++) {
		struct token_cert *to = &out->cert[out->n];

		text_copy(to->id, sizeof to->id, certs[out->n].id);
		to->who = certs[out->n].who;
		to->ends_soon = !to->who.is_ca && expiry_near(to->who.not_after, now, &to->ends);
	}
	return OUT_OK;
}

static void take_row(const struct p11 *p, struct token_facts *out)
{
	struct token_row rows[PICK_MAX];
	size_t at = 0;

	(void)token_rows(p, rows, PICK_MAX, &at);
	out->token = rows[at];
	text_copy(out->module, sizeof out->module, p->path);
}

enum outcome token_look(const struct job *job, struct token_facts *out)
{
	struct p11 p;
	struct p11_cert *certs;
	size_t n;
	enum outcome code = p11_begin_certs(job, &p, &certs, &n);

	*out = (struct token_facts){.next = P11_NO_CERT_HINT};
	if (!code) {
		take_row(&p, out);
		code = look_at_card(&p, out);
	}
	if (!code)
		code = take_certs(&p, certs, n, out);
	p11_certs_free(&certs, n);
	p11_close(&p);
	return code;
}

void token_facts_free(struct token_facts *facts)
{
	free(facts->cert);
	*facts = (struct token_facts){.cert = NULL};
}
