/* SPDX-License-Identifier: BSD-2-Clause */
/* Lengths by a walk that calls nothing, fields by the standard's own lists. */
#include "document/cms/form/cades_damage.h"

#include <openssl/err.h>
#include <openssl/x509.h>

#include "document/ber.h"
#include "util/message.h"

#define MAX_DEPTH 64
#define MAX_HEADS (16u << 20)

static const uint8_t id_signed[] = {0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2};

/* ---- lengths ---- */
struct head {
	uint8_t tag;
	bool open; /* its end is marked, and not told */
	uint64_t at, len;
};

/* False: not even that is there. */
static bool get_head(struct octets *in, uint64_t at, struct head *h)
{
	uint8_t b[2 + 126];
	uint64_t left = octets_size(in) - at;
	size_t n = left < sizeof b ? (size_t)left : sizeof b, more;

	if (n < 2 || octets_read(in, at, b, n) != ECERT_OK)
		return false;
	more = b[1] & 0x80 ? b[1] & 0x7Fu : 0;
	if (more == 0x7F) {
		*h = (struct head){b[0], false, at + 2, UINT64_MAX};
		return true;
	}
	if (2 + more > n)
		return false;
	*h = (struct head){b[0], b[1] == 0x80, at + 2 + more, more || b[1] == 0x80 ? 0 : b[1]};
	for (size_t i = 0; i < more; i++)
		h->len = h->len >> 56 ? UINT64_MAX : h->len << 8 | b[2 + i];
	return true;
}

struct walk {
	struct {
		uint64_t end;
		bool open;
	} v[MAX_DEPTH];
	size_t n;
	uint64_t at;
};

static bool cut(struct cades_damage *d, uint64_t at, uint64_t missing)
{
	*d = (struct cades_damage){
	    missing
		? MSG_ID("a CMS signature that is cut off: at least {missing} bytes are missing "
			 "behind its last one")
		: MSG_ID("a CMS signature that is cut off: its end is missing"),
	    at, missing};
	return true;
}

static bool too_long(struct cades_damage *d, uint64_t at)
{
	*d = (struct cades_damage){
	    MSG_ID("a CMS signature that is damaged: what begins at byte {at} "
		   "is said to be longer than what it stands in"),
	    at, 0};
	return true;
}

static const char misfit[] = MSG_ID(
    "a CMS signature that is damaged: what begins at byte {at} is not what belongs there");

/* True: that is the damage. */
static bool enter(struct octets *in, struct walk *w, struct cades_damage *d)
{
	uint64_t size = octets_size(in), end = w->n ? w->v[w->n - 1].end : size, left;
	struct head h;

	if (!get_head(in, w->at, &h) || h.at > end)
		return end == size ? cut(d, w->at, 0) : too_long(d, w->at);
	/* A number below 31 has a tag of one byte (X.690, 8.1.2.2); no other occurs here. */
	if ((h.tag & ~0x20) == 0x1F) {
		*d = (struct cades_damage){misfit, w->at, 0};
		return true;
	}
	left = end - h.at;
	if (w->n && w->v[w->n - 1].open && !h.tag && !h.open && !h.len) {
		w->n--;
		w->at = h.at;
		return false;
	}
	if (!h.open && h.len > left)
		return end == size && h.len != UINT64_MAX ? cut(d, w->at, h.len - left)
							  : too_long(d, w->at);
	if ((h.tag & 0x20) && w->n < MAX_DEPTH) {
		w->v[w->n].end = h.open ? end : h.at + h.len;
		w->v[w->n++].open = h.open;
		w->at = h.at;
	} else if (h.open) {
		return too_long(d, w->at);
	} else {
		w->at = h.at + h.len;
	}
	return false;
}

static bool begins_as_one(struct octets *in)
{
	uint8_t b[sizeof id_signed];
	struct head h;

	return get_head(in, 0, &h) && h.tag == 0x30 &&
	       octets_read(in, h.at, b, sizeof b) == ECERT_OK &&
	       rd_equal(rd_of(b, sizeof b), rd_of(id_signed, sizeof id_signed));
}

bool cades_damage_lengths(struct octets *in, struct cades_damage *d)
{
	struct walk w = {.n = 0};

	if (!begins_as_one(in))
		return false;
	if (enter(in, &w, d))
		return true;
	for (unsigned i = 0; w.n && i < MAX_HEADS; i++) {
		if (!w.v[w.n - 1].open && w.at == w.v[w.n - 1].end)
			w.n--;
		else if (enter(in, &w, d))
			return true;
	}
	return false;
}

bool cades_damage_at(struct octets *in, uint64_t at, struct cades_damage *d)
{
	*d = (struct cades_damage){misfit, at, 0};
	return begins_as_one(in);
}

/* ---- fields ---- */
struct rule {
	uint8_t tag, other; /* one of the two; other 0: that one */
	bool optional;
};

/* RFC 5652, 3, 5.1 and 5.3. */
static const struct rule info_rules[] = {{0x06, 0, false}, {0xA0, 0, false}};
static const struct rule data_rules[] = {{0x02, 0, false}, {0x31, 0, false}, {0x30, 0, false},
    {0xA0, 0, true}, {0xA1, 0, true}, {0x31, 0, false}};
static const struct rule octets_rules[] = {{0x04, 0x24, true}};
static const struct rule content_rules[] = {{0x06, 0, false}, {0xA0, 0, true}};
static const struct rule signer_rules[] = {{0x02, 0, false}, {0x30, 0x80, false}, {0x30, 0, false},
    {0xA0, 0, true}, {0x30, 0, false}, {0x04, 0, false}, {0xA1, 0, true}};
#define RULES_MAX 7
#define FIELDS(in, rules, out, where)                                                              \
	fields(in, rules, sizeof(rules) / sizeof((rules)[0]), out, where)

/* Each field by its rule; one that is not there is empty. False: *where is not what belongs there.
 */
static bool fields(
    struct rd in, const struct rule *r, size_t n, struct ber out[RULES_MAX], const uint8_t **where)
{
	struct rd rest = in;

	for (size_t i = 0; i < n; i++) {
		struct rd probe = rest;

		out[i] = (struct ber){.tag = 0};
		*where = rest.p;
		if (ber_next(&probe, &out[i]) == ECERT_OK &&
		    (out[i].tag == r[i].tag || (r[i].other && out[i].tag == r[i].other)))
			rest = probe;
		else if (!r[i].optional)
			return false;
		else
			out[i] = (struct ber){.tag = 0};
	}
	*where = rest.p;
	return !rest.n;
}

static bool is_cert(struct rd der)
{
	const unsigned char *p = der.p;
	X509 *x = d2i_X509(NULL, &p, (long)der.n);

	X509_free(x);
	return x;
}

static bool is_crl(struct rd der)
{
	const unsigned char *p = der.p;
	X509_CRL *x = d2i_X509_CRL(NULL, &p, (long)der.n);

	X509_CRL_free(x);
	return x;
}

static bool is_signer(struct rd der)
{
	const unsigned char *where;
	struct ber f[RULES_MAX];
	struct rd in;

	return ber_expect(&der, 0x30, &in) == ECERT_OK && FIELDS(in, signer_rules, f, &where);
}

/* Each of a list that is one; false: *where is none. Of another tag are other kinds. */
static bool each(struct rd list, bool (*is)(struct rd der), const uint8_t **where)
{
	struct ber b;

	while (ber_next(&list, &b) == ECERT_OK) {
		*where = b.whole.p;
		if (b.tag == 0x30 && !is(b.whole))
			return false;
	}
	return true;
}

static bool all_fits(struct rd info, const uint8_t **where)
{
	struct ber top[RULES_MAX], f[RULES_MAX], of_content[RULES_MAX], octets[RULES_MAX];
	struct rd tagged, data;

	if (!FIELDS(info, info_rules, top, where))
		return false;
	tagged = top[1].value;
	*where = tagged.p;
	return ber_expect(&tagged, 0x30, &data) == ECERT_OK && FIELDS(data, data_rules, f, where) &&
	       FIELDS(f[2].value, content_rules, of_content, where) &&
	       FIELDS(of_content[1].value, octets_rules, octets, where) &&
	       each(f[3].value, is_cert, where) && each(f[4].value, is_crl, where) &&
	       each(f[5].value, is_signer, where);
}

bool cades_damage_fields(struct rd der, struct cades_damage *d)
{
	const uint8_t *where = der.p;
	struct rd rest = der, info;
	bool fits;

	if (ber_expect(&rest, 0x30, &info) != ECERT_OK || info.n < sizeof id_signed ||
	    !rd_equal(rd_of(info.p, sizeof id_signed), rd_of(id_signed, sizeof id_signed)))
		return false;
	fits = all_fits(info, &where);
	ERR_clear_error();
	*d = (struct cades_damage){fits ? MSG_ID("a CMS signature that is damaged") : misfit,
	    fits ? 0 : (uint64_t)(where - der.p), 0};
	return true;
}
