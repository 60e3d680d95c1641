/* SPDX-License-Identifier: BSD-2-Clause */
/* The question where to sign, and its answer, which may be a forger's. */
#include "document/xml/sign/plan.h"

#include <sys/stat.h>

#include "document/wall/ask.h"
#include "document/xml/fragment.h"
#include "document/xml/sign/refusal.h"

#define NAME_MAX_BYTES 1024

static enum ecert_rc take16(struct rd *r, size_t max, struct rd *out)
{
	uint16_t n = 0;
	enum ecert_rc rc = rd_u16(r, &n);

	if (rc == ECERT_OK && n > max)
		rc = ECERT_E_MALFORMED;
	return rc == ECERT_OK ? rd_take(r, n, out) : rc;
}

static enum ecert_rc take32(struct rd *r, struct rd *out)
{
	uint32_t n = 0;
	enum ecert_rc rc = rd_u32(r, &n);

	return rc == ECERT_OK ? rd_take(r, n, out) : rc;
}

static enum ecert_rc read_shape(struct rd *r, uint64_t size, struct xsign_shape *s)
{
	uint8_t place = 0;
	enum ecert_rc rc = rd_u8(r, &place);

	if (rc == ECERT_OK && place >= XSIGN_PLACE_COUNT)
		rc = ECERT_E_MALFORMED;
	s->place = (enum xsign_place)place;
	if (rc == ECERT_OK)
		rc = rd_u64(r, &s->at);
	if (rc == ECERT_OK)
		rc = take16(r, NAME_MAX_BYTES, &s->empty);
	if (rc == ECERT_OK && (s->at > size || xsign_shape_dropped(s) > size - s->at))
		rc = ECERT_E_MALFORMED;
	if (rc == ECERT_OK && !xml_is_tag_name(s->empty))
		rc = ECERT_E_MALFORMED;
	if (rc == ECERT_OK)
		rc = rd_u8(r, &s->signatures);
	return rc == ECERT_OK ? take16(r, XSIGN_ID_MAX, &s->signed_id) : rc;
}

static enum ecert_rc read_values(struct rd *r, struct xsign_plan *p)
{
	uint16_t n = 0;
	enum ecert_rc rc = rd_u16(r, &n);

	if (rc == ECERT_OK && n > XSIGN_SIGNATURES_MAX)
		rc = ECERT_E_MALFORMED;
	for (p->values = 0; rc == ECERT_OK && p->values < n; p->values++) {
		struct xsign_value *v = &p->value[p->values];

		rc = take16(r, XSIGN_ID_MAX, &v->id);
		if (rc == ECERT_OK && (!v->id.n || !xml_is_plain_id(v->id)))
			rc = ECERT_E_MALFORMED;
		if (rc == ECERT_OK)
			rc = take32(r, &v->form);
	}
	return rc;
}

enum ecert_rc xsign_plan_read(
    struct rd r, uint64_t size, struct xsign_plan *p, const struct doc_refusal **why)
{
	uint8_t refusal = 0;
	enum ecert_rc rc = rd_u8(&r, &refusal);

	*why = NULL;
	if (rc == ECERT_OK && refusal >= XSIGN_REFUSAL_COUNT)
		rc = ECERT_E_MALFORMED;
	if (rc == ECERT_OK && refusal != XSIGN_GOOD) {
		*why = xsign_refused((enum xsign_refusal)refusal);
		return rd_end(&r);
	}
	if (rc == ECERT_OK)
		rc = read_shape(&r, size, &p->shape);
	if (rc == ECERT_OK)
		rc = read_values(&r, p);
	if (rc == ECERT_OK)
		rc = take32(&r, &p->digested);
	return rc == ECERT_OK ? rd_end(&r) : rc;
}

enum ecert_rc xsign_plan_ask(
    enum xsign_profile profile, int fd, struct xsign_plan *p, const struct doc_refusal **why)
{
	uint8_t request = (uint8_t)profile;
	struct wall_question q = {
	    .op = XSIGN_PLAN_OP, .request = rd_of(&request, 1), .fd = &fd, .fds = 1};
	enum wall_end end = WALL_CRASHED;
	struct stat st;
	enum ecert_rc rc = fstat(fd, &st) ? ECERT_E_IO : ECERT_OK;

	*p = (struct xsign_plan){.answer = BUF_INIT(WALL_ANSWER_MAX)};
	*why = NULL;
	if (rc == ECERT_OK && st.st_size > (off_t)XSIGN_FILE_MAX) {
		*why = xsign_unread(WALL_TOO_LARGE);
		return ECERT_OK;
	}
	if (rc == ECERT_OK)
		rc = wall_ask(&q, &p->answer, &end);
	if (rc == ECERT_OK && end == WALL_ANSWERED)
		rc = xsign_plan_read(buf_view(&p->answer), (uint64_t)st.st_size, p, why);
	else if (rc == ECERT_OK)
		*why = xsign_unread(end);
	if (rc == ECERT_E_MALFORMED) {
		*why = xsign_unread(WALL_CRASHED);
		rc = ECERT_OK;
	}
	return rc;
}

void xsign_plan_free(struct xsign_plan *p)
{
	buf_free(&p->answer);
	*p = (struct xsign_plan){.values = 0};
}
