/* SPDX-License-Identifier: BSD-2-Clause */
/* The certificate of a CA that nobody brought, asked for where the certificate it has issued says
 * (RFC 5280, 4.2.2.1, caIssuers). What comes is a candidate, and no more. */
#include <openssl/err.h>
#include <openssl/pkcs7.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "trust/online/online_priv.h"

/* A path's length, and what one answer may hold. */
#define MAX_STEPS  8
#define MAX_BUNDLE 16
#define KEEP_FOR   ((time_t)24 * 3600)

static X509 *issuer_at_hand(const struct path_job *j, X509 *x)
{
	for (int i = 0; i < sk_X509_num(j->untrusted); i++) {
		X509 *ca = sk_X509_value(j->untrusted, i);

		if (X509_check_issued(ca, x) == X509_V_OK &&
		    X509_verify(x, X509_get0_pubkey(ca)) == 1)
			return ca;
	}
	return NULL;
}

/* The end of what the certificates at hand make from the leaf upwards; NULL: it is a root, or there
 * is no end. */
static X509 *end_of(const struct path_job *j)
{
	X509 *x = j->q->leaf;

	for (int i = 0; i < MAX_STEPS; i++) {
		X509 *up;

		if (X509_check_issued(x, x) == X509_V_OK)
			return NULL;
		up = issuer_at_hand(j, x);
		if (!up)
			return x;
		x = up;
	}
	return NULL;
}

static bool keep(struct online *o, X509 *ca)
{
	if (sk_X509_num(o->issuers) >= ONLINE_MAX || X509_up_ref(ca) != 1)
		return false;
	if (sk_X509_push(o->issuers, ca) > 0)
		return true;
	X509_free(ca);
	return false;
}

struct bundle {
	struct online *o;
	X509 *below;
	int n;
	bool has_issuer;
};

static enum ecert_rc take(void *ctx, X509 *ca)
{
	struct bundle *b = ctx;

	if (b->n++ >= MAX_BUNDLE)
		return ECERT_OK;
	if (keep(b->o, ca) && X509_check_issued(ca, b->below) == X509_V_OK &&
	    X509_verify(b->below, X509_get0_pubkey(ca)) == 1)
		b->has_issuer = true;
	return ECERT_OK;
}

/* RFC 5280: DER of one, or "certs-only" CMS; PEM is seen, too. */
static bool read_bundle(struct rd body, struct bundle *b)
{
	const unsigned char *p = body.p;
	PKCS7 *p7 = d2i_PKCS7(NULL, &p, (long)body.n);
	bool ok = p7 && PKCS7_type_is_signed(p7) && p7->d.sign && p7->d.sign->cert;

	for (int i = 0; ok && i < sk_X509_num(p7->d.sign->cert); i++)
		ok = take(b, sk_X509_value(p7->d.sign->cert, i)) == ECERT_OK;
	PKCS7_free(p7);
	ERR_clear_error();
	return ok || trust_each_cert(body, take, b) == ECERT_OK;
}

/* One address. True when the missing one came. */
static bool ask(struct online *o, struct trust_want *want, X509 *below, time_t now)
{
	struct buf body = BUF_INIT(1 << 20);
	struct bundle b = {.o = o, .below = below};
	bool kept, read;

	do {
		kept = o->by.ask(o->by.ctx, want, &body) == TRUST_GOT_KEPT && !want->anew;
		read = buf_len(&body) && read_bundle(buf_view(&body), &b);
		if (buf_len(&body))
			online_judged(o, want, buf_view(&body),
			    b.has_issuer ? NULL
			    : read	 ? MSG_ID("it is not the certificate of its issuer")
					 : MSG_ID("it is no certificate"),
			    now + KEEP_FOR);
		buf_reset(&body);
		want->anew = true;
	} while (kept && !b.has_issuer);
	buf_free(&body);
	return b.has_issuer;
}

/* Asks for the certificate that the path lacks. True when it is at hand now. */
static bool ask_issuer(struct path_job *j)
{
	struct online *o = j->set->online;
	X509 *below = o && j->anchors ? end_of(j) : NULL;
	struct online_names names;
	char about[80];
	bool found = false;

	if (!below)
		return false;
	path_name(below, about, sizeof about);
	online_access(below, NID_ad_ca_issuers, &names);
	for (size_t i = 0; !found && i < names.ask_n; i++) {
		struct trust_want want = {
		    .kind = TRUST_WANT_ISSUER, .url = names.ask[i].url, .about = about};

		found = online_first(o, &want) && ask(o, &want, below, j->q->now);
	}
	if (!found)
		online_tell_rest(o, TRUST_WANT_ISSUER, about, &names);
	ERR_clear_error();
	return found;
}

/* What the path lacks still has an address, which is one too many. */
static void tell_stopped(struct path_job *j)
{
	X509 *below = end_of(j);
	struct online_names names;
	struct trust_want beyond = {
	    .kind = TRUST_WANT_ISSUER, .beyond = TRUST_BEYOND_STEPS, .n = 1};
	char about[80];

	if (!below)
		return;
	online_access(below, NID_ad_ca_issuers, &names);
	if (!names.ask_n)
		return;
	path_name(below, about, sizeof about);
	beyond.url = names.ask[0].url;
	beyond.about = about;
	online_tell(j->set->online, &beyond);
}

bool online_search(struct path_job *j)
{
	bool found = path_open(j, NULL) && path_search(j);
	int steps = 0;

	for (; !found && steps < TRUST_WANT_STEPS && ask_issuer(j); steps++) {
		path_close(j);
		j->why.n = 0;
		j->anchors = 0;
		found = path_open(j, NULL) && path_search(j);
	}
	if (!found && steps == TRUST_WANT_STEPS)
		tell_stopped(j);
	return found;
}
