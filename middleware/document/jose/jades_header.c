/* SPDX-License-Identifier: BSD-2-Clause */
/* What the protected header of a document's JWS says (RFC 7515, 4; RFC 7797; TS 119 182-1, 5). */
#include <stdio.h>
#include <string.h>

#include "document/jose/jades_read.h"
#include "document/jose/jws.h"

/* What may be in crit, since it is understood here, or is told and changes nothing. */
static const char *const understood[] = {"b64", "sigT", "sigD", "sigX5ts", "x5t#o", "srCms",
    "sigPl", "srAts", "adoTst", "sigPId", "iat"};

static bool is_understood(const char *name)
{
	for (size_t i = 0; i < sizeof understood / sizeof understood[0]; i++)
		if (!strcmp(understood[i], name))
			return true;
	return false;
}

static bool names(const json_t *crit, const char *name)
{
	for (size_t i = 0; i < json_array_size(crit); i++) {
		const char *s = json_string_value(json_array_get(crit, i));

		if (s && !strcmp(s, name))
			return true;
	}
	return false;
}

/* RFC 7515, 4.1.11: a list of names of members that are there, each once. */
static bool is_crit(const json_t *header, const json_t *crit)
{
	if (!json_is_array(crit) || !json_array_size(crit) || json_array_size(crit) > 32)
		return false;
	for (size_t i = 0; i < json_array_size(crit); i++) {
		const char *name = json_string_value(json_array_get(crit, i));

		if (!name || !json_object_get(header, name))
			return false;
		for (size_t k = 0; k < i; k++)
			if (!strcmp(name, json_string_value(json_array_get(crit, k))))
				return false;
	}
	return true;
}

static const char *unknown_of(const json_t *crit)
{
	for (size_t i = 0; i < json_array_size(crit); i++) {
		const char *name = json_string_value(json_array_get(crit, i));

		if (!is_understood(name))
			return name;
	}
	return NULL;
}

/* RFC 3339, 5.6, of which TS 119 182-1, 5.2.1 takes "2026-11-29T12:34:56Z". */
static bool read_time(const char *text, time_t *out)
{
	struct tm tm = {0};
	const char *rest = text ? strptime(text, "%Y-%m-%dT%H:%M:%S", &tm) : NULL;
	int hours, minutes, n = 0;
	char sign;

	if (!rest)
		return false;
	*out = timegm(&tm);
	if (*rest == '.')
		rest += 1 + strspn(rest + 1, "0123456789");
	if (!strcmp(rest, "Z"))
		return *out > 0;
	if (sscanf(rest, "%c%2d:%2d%n", &sign, &hours, &minutes, &n) != 3 || rest[n] ||
	    (sign != '+' && sign != '-') || hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
		return false;
	*out -= (sign == '+' ? 1 : -1) * (hours * 60 + minutes) * 60;
	return *out > 0;
}

/* Which of the two there is. False: it is no time. */
static bool claimed_time(const json_t *header, time_t *out)
{
	const json_t *iat = json_object_get(header, "iat"), *sig = json_object_get(header, "sigT");
	double d = json_number_value(iat);

	*out = 0;
	if (sig)
		return read_time(json_string_value(sig), out);
	if (!iat)
		return true;
	/* Year 9999 at most; also keeps the conversion defined. */
	if (!json_is_number(iat) || !(d >= 1 && d <= 253402300799.0))
		return false;
	*out = (time_t)d;
	return true;
}

/* RFC 7515, 7.2.1: nothing is in both. */
static bool are_apart(const json_t *header, const json_t *beside)
{
	const char *key;
	json_t *value;

	/* jansson's iterator takes no const object, but does not change it. */
	json_object_foreach(
	    (json_t *)(uintptr_t)beside, key, value) if (json_object_get(header, key)) return false;
	return true;
}

/* sigD as far as every mechanism has it (TS 119 182-1, 5.2.8.1). */
static bool is_object(const json_t *sigd)
{
	const json_t *pars = json_object_get(sigd, "pars");

	if (!json_is_object(sigd) || !json_is_string(json_object_get(sigd, "mId")) ||
	    !json_is_array(pars) || !json_array_size(pars))
		return false;
	for (size_t i = 0; i < json_array_size(pars); i++)
		if (!json_is_string(json_array_get(pars, i)))
			return false;
	return true;
}

static const char *defect(const struct jades_one *one, bool inside, struct jades_header *h)
{
	const json_t *crit = json_object_get(one->header, "crit");
	const json_t *b64 = json_object_get(one->header, "b64");

	if (!one->header && one->not_utf8)
		return JWS_HEADER_NOT_UTF8;
	if (!one->header)
		return MSG_ID(
		    "the protected header is not base64url of a JSON object with distinct keys");
	if (!are_apart(one->header, one->beside))
		return MSG_ID(
		    "a member is in the protected header and beside it (RFC 7515, 7.2.1)");
	if (json_object_get(one->beside, "crit") || json_object_get(one->beside, "b64") ||
	    json_object_get(one->beside, "alg") || json_object_get(one->beside, "sigD"))
		return MSG_ID("what has to be protected stands outside of the protected header");
	if (crit && !is_crit(one->header, crit))
		return MSG_ID("crit is no list of members that are there (RFC 7515, 4.1.11)");
	if (b64 && (!json_is_boolean(b64) || (json_is_false(b64) && !names(crit, "b64"))))
		return MSG_ID("b64 is not named in crit, or is no boolean (RFC 7797, 6)");
	h->plain = json_is_false(b64);
	if (json_object_get(one->header, "iat") && json_object_get(one->header, "sigT"))
		return MSG_ID("iat and sigT claim a time both (TS 119 182-1, 5.1.11)");
	if (!claimed_time(one->header, &h->when))
		return MSG_ID("the time that it claims is no time");
	if (h->object && !is_object(h->object))
		return MSG_ID("sigD, which names what is signed, is not as it has to be");
	if (h->object && inside)
		return MSG_ID(
		    "sigD says that what is signed is elsewhere, and something is inside");
	if (!h->alg)
		return MSG_ID("it names no algorithm");
	return NULL;
}

static const char *profile_words(const struct jades_header *h)
{
	static const char *const words[2][2] = {
	    {MSG_ID("no time is claimed, and no header names the certificate: JWS, not JAdES"),
		MSG_ID("a time is claimed; no header names the certificate: JWS, not JAdES")},
	    {MSG_ID("a header names the certificate; no time is claimed: JWS, not JAdES"),
		MSG_ID("a time is claimed, and a header names the certificate")}};

	return words[h->names_cert][h->when != 0];
}

void jades_header_read(
    const struct jades_one *one, bool inside, struct jades_header *out, struct report *rep)
{
	const char *why, *unknown;

	*out = (struct jades_header){
	    .alg = json_string_value(json_object_get(one->header, "alg")),
	    .names_cert = json_object_get(one->header, "x5t#S256") ||
			  json_object_get(one->header, "x5t#o") ||
			  json_object_get(one->header, "sigX5ts"),
	    .object = json_object_get(one->header, "sigD"),
	};
	why = defect(one, inside, out);
	unknown = why ? NULL : unknown_of(json_object_get(one->header, "crit"));
	out->unread = why || unknown;
	out->profile = out->names_cert && out->when && !out->unread ? "JAdES-B-B" : "JWS";
	if (unknown)
		report_add_why(rep, CHK_SIGNED_ATTRIBUTES, reason_state(REASON_CRITICAL_UNKNOWN),
		    REASON_CRITICAL_UNKNOWN,
		    MSG("it must not be relied on by whoever does not know {name} (crit), which "
			"this version does not",
			P_TEXT("name", unknown)));
	else
		report_add_why(rep, CHK_SIGNED_ATTRIBUTES, why ? CHECK_FAILED : CHECK_OK,
		    why ? REASON_ATTRIBUTES_BAD : REASON_NONE, MSG(why ? why : profile_words(out)));
}
