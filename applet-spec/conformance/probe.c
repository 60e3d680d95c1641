/* SPDX-License-Identifier: BSD-2-Clause */
/* What the card has, found without writing to it. */
#include "applet-spec/conformance/conformance.h"

#include <string.h>

static enum support known(uint16_t sw)
{
	if (sw == 0)
		return UNKNOWN;
	return sw == ECERT_SW_BAD_INS || sw == ECERT_SW_BAD_CLA || sw == ECERT_SW_NOT_SUPPORTED
		   ? NO
		   : YES;
}

static void read_label(struct session *s)
{
	struct rd label;

	(void)strcpy(s->model, "PIV");
	if (!answer_path(s, "61/50", &label) || label.n == 0)
		return;
	for (size_t i = 0; i < label.n && i < sizeof s->model - 1; i++) {
		uint8_t b = label.p[i];

		/* the label goes into TAP and JSON: nothing that either could take for its own */
		s->model[i] = b < 0x20 || b > 0x7E || b == '"' || b == '\\' || b == '#' ? '?'
											: (char)b;
		s->model[i + 1] = '\0';
	}
}

static void probe_serial(struct session *s)
{
	struct rd v;
	uint16_t sw = send(s, ECERT_INS_GET_SERIAL, 0, 0, rd_of(NULL, 0));

	v = answer_of(s);
	s->has[F_SERIAL] = known(sw);
	if (sw != ECERT_SW_OK || rd_u32(&v, &s->serial) != ECERT_OK)
		s->serial = 0;
}

static void probe_ecert(struct session *s)
{
	struct rd v;

	s->has[F_ECERT] = get_object(s, ECERT_OBJ_ECERT_STATUS) == ECERT_SW_OK &&
				  answer_path(s, "53/80", &v)
			      ? YES
			      : NO;
	s->has[F_COUNTERS] = s->has[F_ECERT] == YES && answer_path(s, "53/82", &v) ? YES : NO;
}

void probe(struct session *s)
{
	static const uint8_t none[] = {0};

	s->has[F_BASE] = select_piv(s) == ECERT_SW_OK ? YES : NO;
	read_label(s);
	probe_serial(s);
	s->has[F_VERSION] = known(send(s, ECERT_INS_GET_VERSION, 0, 0, rd_of(NULL, 0)));
	s->has[F_METADATA] = known(
	    send(s, ECERT_INS_GET_METADATA, 0, ECERT_REF_PIN, rd_of(NULL, 0)));
	s->has[F_ATTEST] = known(send(s, ECERT_INS_ATTEST, ECERT_KEY_9A, 0, rd_of(NULL, 0)));
	/* No management key was presented and the data is no key: a card that knows the command
	 * refuses. */
	s->has[F_IMPORT] = known(
	    send(s, ECERT_INS_IMPORT, ECERT_ALG_P256, ECERT_KEY_9A, rd_of(none, 1)));
	/* From a slot to itself: harmless even where it were obeyed. */
	s->has[F_MOVE] = known(
	    send(s, ECERT_INS_MOVE_KEY, ECERT_KEY_95, ECERT_KEY_95, rd_of(NULL, 0)));
	probe_ecert(s);
}
