/* SPDX-License-Identifier: BSD-2-Clause */
/* The secrets of an initialisation. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "util/text.h"
#include "provision/init/init.h"
#include "provision/secret.h"
#include "crypto/random.h"

/* What the makers of PIV tokens ship. */
#define FACTORY_PIN "123456"
#define FACTORY_PUK "12345678"
static const uint8_t factory_mgm[24] = {
    1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8};

/* A new PIN or PUK. */
struct fresh {
	const char *what, *source, *option;
	size_t digits;		 /* of one made by chance */
	char *kept;		 /* its place in the escrow; has ESCROW_SECRET_MAX */
	const struct pin *other; /* what it must not be; NULL: nothing */
};

static enum outcome fresh_one(struct init *in, const struct fresh *f, struct pin *out)
{
	enum ecert_rc rc;

	if (in->o->resume && f->kept[0])
		return ui_fail_rc(in->job->ui, pin_set(out, rd_of(f->kept, strlen(f->kept))),
		    MSG("Cannot hold the {what}: {why}", P_WORD("what", f->what)));
	if (f->source || !in->o->generate)
		return secret_new(&in->token, f->what, f->source, f->option, f->other, NULL, out);
	rc = secret_digits(out, f->digits);
	if (rc == ECERT_OK)
		memcpy(f->kept, out->text, out->n + 1);
	return ui_fail_rc(
	    in->job->ui, rc, MSG("Cannot make a {what}: {why}", P_WORD("what", f->what)));
}

static enum outcome present_one(struct init *in, const char *what, const char *source,
    const char *option, const char *factory, struct pin *out)
{
	if (source)
		return secret_old(&in->token, what, source, option, out);
	return ui_fail_rc(in->job->ui, pin_set(out, rd_of(factory, strlen(factory))),
	    MSG("Cannot hold the {what}: {why}", P_WORD("what", what)));
}

static enum outcome present_mgm(struct init *in)
{
	if (!in->o->mgm) {
		memcpy(in->old_mgm.v, factory_mgm, sizeof factory_mgm);
		in->old_mgm.n = sizeof factory_mgm;
		return OUT_OK;
	}
	return secret_mgm(in->job, in->o->mgm,
	    MSG("The token's present key of the administrator (hexadecimal)"),
	    in->token.info.serial_full, &in->old_mgm);
}

enum outcome init_escrow(struct init *in)
{
	enum ecert_rc rc = in->escrow ? ECERT_OK : escrow_read(in->o->escrow, &in->escrow);

	if (rc == ECERT_E_IO)
		return ui_fail(in->job->ui, OUT_IO, "file-unreadable",
		    MSG("Cannot read the escrow {escrow}: {why}", P_FILE("escrow", in->o->escrow),
			P_ERRNO("why", errno)),
		    MSG("--resume needs the file of the interrupted run."));
	if (rc != ECERT_OK)
		return ui_fail(in->job->ui, OUT_INPUT, "not-an-escrow",
		    MSG("{escrow} is not an escrow file", P_FILE("escrow", in->o->escrow)),
		    MSG(next_of_rc(ECERT_E_MALFORMED)));
	if (strcmp(in->escrow->serial, in->token.info.serial_full))
		return ui_fail(in->job->ui, OUT_REFUSED, "escrow-of-other-token",
		    MSG("The escrow {escrow} is of the token {serial}, not of {token}",
			P_FILE("escrow", in->o->escrow), P_TEXT("serial", in->escrow->serial),
			P_TEXT("token", in->token.info.serial_full)),
		    MSG("Plug that token in, or name the right file."));
	in->escrow->created = job_now(in->job);
	return OUT_OK;
}

static enum ecert_rc new_escrow(struct init *in)
{
	enum ecert_rc rc = escrow_new(&in->escrow);

	if (rc != ECERT_OK)
		return rc;
	text_copy(in->escrow->serial, sizeof in->escrow->serial, in->token.info.serial_full);
	text_copy(in->escrow->label, sizeof in->escrow->label, in->token.info.label);
	in->escrow->mgm.n = sizeof in->escrow->mgm.v;
	in->escrow->mgm.shrink = true;
	in->escrow->created = job_now(in->job);
	return random_bytes(in->escrow->mgm.v, sizeof in->escrow->mgm.v);
}

enum outcome init_secrets(struct init *in)
{
	const struct init_params *o = in->o;
	enum outcome code = o->resume ? init_escrow(in)
				      : ui_fail_rc(in->job->ui, new_escrow(in),
					    MSG("Cannot make a management key: {why}"));

	if (!code)
		code = present_one(
		    in, "PIN", in->job->pin_source, "--pin-source", FACTORY_PIN, &in->old_pin);
	if (!code)
		code = present_one(in, "PUK", o->puk, "--puk-source", FACTORY_PUK, &in->old_puk);
	if (!code)
		code = present_mgm(in);
	if (!code)
		code = fresh_one(in,
		    &(const struct fresh){
			"PIN", o->new_pin, "--new-pin-source", 6, in->escrow->pin, NULL},
		    &in->pin);
	if (!code)
		code = fresh_one(in,
		    &(const struct fresh){
			"PUK", o->new_puk, "--new-puk-source", 8, in->escrow->puk, &in->pin},
		    &in->puk);
	if (!code && rd_equal(pin_view(&in->pin), pin_view(&in->puk)))
		code = ui_fail(in->job->ui, OUT_REFUSED, "pin-same",
		    MSG("PIN and PUK are the same"),
		    MSG("Nothing was changed; choose different ones."));
	return code;
}
