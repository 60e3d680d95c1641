/* SPDX-License-Identifier: BSD-2-Clause */
/* Claims that every token of this room has. */
#include <string.h>

#include "document/json.h"
#include "trust/claims.h"
#include "trust/mark/mark.h"
#include "trust/nonce.h"

bool claim_text(const struct jws *j, const char *claim, char *dst, size_t size)
{
	const char *text = jws_str(j, claim);
	size_t n;

	dst[0] = 0;
	n = text ? strlen(text) : 0;
	if (n == 0 || n >= size)
		return false;
	memcpy(dst, text, n + 1);
	return true;
}

/* RFC 7519, 4.1.5: not before nbf; some small leeway for clocks is allowed. */
static const char *begin_defect(const struct jws *j, time_t now, struct claim_times *t)
{
	if (json_object_get(j->claims, "nbf") && !jws_time(j, "nbf", &t->nbf))
		return MSG_ID("nbf is not a time");
	return t->nbf > now + TRUST_CLOCK_SKEW
		   ? MSG_ID("it does not count yet: nbf lies in the future")
		   : NULL;
}

static const char *end_defect(const struct jws *j, time_t now, struct claim_times *t)
{
	if (json_object_get(j->claims, "exp") && !jws_time(j, "exp", &t->exp))
		return MSG_ID("exp is not a time");
	return json_object_get(j->claims, "exp") && t->exp <= now ? MSG_ID("it has expired") : NULL;
}

static const char *order_defect(long max_life, const struct claim_times *t)
{
	if (!t->exp)
		return max_life ? MSG_ID("exp is missing") : NULL;
	if (t->exp <= t->iat)
		return MSG_ID("exp is not after iat");
	if (t->exp <= t->nbf)
		return MSG_ID("exp is not after nbf");
	if (max_life && t->exp - t->iat > max_life)
		return MSG_ID("it lives longer than allowed");
	return NULL;
}

const char *claim_window_defect(const struct jws *j, time_t now, struct claim_times *t)
{
	const char *why = begin_defect(j, now, t);

	return why ? why : end_defect(j, now, t);
}

static const char *time_defect(
    const struct jws *j, time_t now, long max_life, struct claim_times *t)
{
	const char *why;

	if (!jws_time(j, "iat", &t->iat))
		return MSG_ID("iat is missing or not a time");
	if (t->iat > now + TRUST_CLOCK_SKEW)
		return MSG_ID("iat lies in the future");
	why = claim_window_defect(j, now, t);
	return why ? why : order_defect(max_life, t);
}

bool claim_times_check(const struct jws *j, enum check_name name, time_t now, long max_life,
    struct claim_times *out, struct report *rep)
{
	const char *why;

	memset(out, 0, sizeof *out);
	why = time_defect(j, now, max_life, out);
	return report_test(rep, name, !why, MSG(why ? why : MSG_ID("issued, and not expired")));
}

void claim_set(json_t *o, const char *key, json_t *value, enum ecert_rc *rc)
{
	if (*rc != ECERT_OK)
		json_decref(value);
	else if (json_object_set_new(o, key, value) != 0)
		*rc = value ? ECERT_E_MEMORY : ECERT_E_DATA;
}

void claim_set_text(json_t *o, const char *key, const char *text, enum ecert_rc *rc)
{
	claim_set(o, key, json_string(text), rc);
}

void claim_set_time(json_t *o, const char *key, time_t t, enum ecert_rc *rc)
{
	claim_set(o, key, json_integer((json_int_t)t), rc);
}

void claim_set_sha256(json_t *o, const char *key, struct rd bytes, enum ecert_rc *rc)
{
	char text[44];

	if (*rc == ECERT_OK)
		*rc = jws_sha256(bytes, text);
	claim_set_text(o, key, *rc == ECERT_OK ? text : "", rc);
}

void claim_set_rd(json_t *o, const char *key, struct rd text, enum ecert_rc *rc)
{
	text = trimmed(text);
	claim_set(o, key, json_stringn((const char *)text.p, text.n), rc);
}

void claim_set_jti(json_t *o, enum ecert_rc *rc)
{
	struct buf b = BUF_INIT(64);

	if (*rc == ECERT_OK)
		*rc = nonce_new(&b);
	claim_set_rd(o, "jti", buf_view(&b), rc);
	buf_free(&b);
}

void claim_set_cnf(json_t *o, struct rd cert, enum ecert_rc *rc)
{
	json_t *cnf = json_object();

	claim_set_sha256(cnf, "x5t#S256", cert, rc);
	claim_set(o, "cnf", cnf, rc);
}

struct rd trimmed(struct rd text)
{
	return json_trim(text);
}

json_t *text_json(const char *text)
{
	char copy[512];
	size_t n = strlen(text);

	n = n < sizeof copy ? n : sizeof copy - 1;
	memcpy(copy, text, n);
	copy[n] = 0;
	text_scrub(copy);
	return json_string(copy);
}
