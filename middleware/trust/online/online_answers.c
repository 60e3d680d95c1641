/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether a certificate was revoked, asked where it says itself: OCSP (RFC 6960), then the CRL
 * (RFC 5280, 4.2.1.13). */
#include <openssl/err.h>
#include <openssl/ocsp.h>

#include "document/cert.h"
#include "trust/online/online_priv.h"
#include "trust/revocation/revocation_priv.h"

/* ---- OCSP ---- */
static bool put_request(OCSP_REQUEST *req, struct buf *out)
{
	unsigned char *der = NULL;
	int n = i2d_OCSP_REQUEST(req, &der);

	if (n > 0)
		buf_put(out, der, (size_t)n);
	OPENSSL_free(der);
	return n > 0 && buf_rc(out) == ECERT_OK;
}

/* SHA-1 names the certificate here, and proves nothing: the only digest that every responder knows
 * (RFC 5019, 2.1.1). */
static OCSP_REQUEST *make_request(
    const struct online_question *q, struct buf *question, struct buf *request)
{
	OCSP_REQUEST *req = OCSP_REQUEST_new();
	OCSP_CERTID *id = OCSP_cert_to_id(EVP_sha1(), q->x, sk_X509_value(q->j->chain, q->above));
	bool ok = req && id && OCSP_request_add0_id(req, id);

	if (!ok)
		OCSP_CERTID_free(id);
	ok = ok && put_request(req, question) && OCSP_request_add1_nonce(req, NULL, 16) == 1 &&
	     put_request(req, request);
	if (ok)
		return req;
	OCSP_REQUEST_free(req);
	return NULL;
}

/* The earliest end of what it says; 0: it names none. */
static time_t ocsp_until(OCSP_BASICRESP *basic)
{
	time_t least = 0, t = 0;

	for (int i = 0; i < OCSP_resp_count(basic); i++) {
		ASN1_GENERALIZEDTIME *next = NULL;

		(void)OCSP_single_get0_status(OCSP_resp_get0(basic, i), NULL, NULL, NULL, &next);
		if (!next || asn1_time_get(next, &t) != ECERT_OK)
			return 0;
		least = !least || t < least ? t : least;
	}
	return least;
}

/* NULL: it counts about x. keep: it is about x, also when it does not. */
static const char *judge_ocsp(const struct online_question *q, OCSP_REQUEST *req,
    enum trust_got got, struct rd body, bool *keep, time_t *until)
{
	const unsigned char *p = body.p;
	OCSP_RESPONSE *r = d2i_OCSP_RESPONSE(NULL, &p, (long)body.n);
	OCSP_BASICRESP *basic = NULL;
	const char *why = MSG_ID("it is no OCSP response");
	struct answer a;

	*keep = false;
	if (r && p == body.p + body.n) {
		why = MSG_ID("the OCSP responder gave no answer");
		if (OCSP_response_status(r) == OCSP_RESPONSE_STATUS_SUCCESSFUL)
			basic = OCSP_response_get1_basic(r);
	}
	if (basic && got == TRUST_GOT_ANSWER && OCSP_check_nonce(req, basic) == 0)
		why = MSG_ID("it answers another request: its nonce is not the one that was sent");
	else if (basic) {
		*until = ocsp_until(basic);
		ocsp_answer(q->j, body, q->x, q->above, &a);
		*keep = a.what != REVOCATION_NONE;
		why = a.what == REVOCATION_GOOD || a.what == REVOCATION_REVOKED ? NULL
		      : *keep ? MSG_ID("what it says does not count")
			      : MSG_ID("it is about another certificate");
	}
	OCSP_BASICRESP_free(basic);
	OCSP_RESPONSE_free(r);
	ERR_clear_error();
	return why;
}

static bool ask_ocsp(const struct online_question *q, struct trust_want *want, OCSP_REQUEST *req)
{
	struct online *o = q->j->set->online;
	struct buf body = BUF_INIT(1 << 20);
	bool keep = false, again = true;

	for (int i = 0; i < 2 && again; i++) {
		enum trust_got got = o->by.ask(o->by.ctx, want, &body);
		const char *why = NULL;
		time_t until = 0;

		if (got) {
			why = judge_ocsp(q, req, got, buf_view(&body), &keep, &until);
			online_judged(o, want, buf_view(&body), why, until);
		}
		again = got == TRUST_GOT_KEPT && why;
		if (!again && got && keep && o->ocsp_n < ONLINE_MAX) {
			buf_init(&o->ocsp[o->ocsp_n], 1 << 20);
			buf_rd(&o->ocsp[o->ocsp_n], buf_view(&body));
			o->ocsp_n++;
		}
		buf_reset(&body);
		want->anew = true;
	}
	buf_free(&body);
	return keep;
}

static bool ocsp_of(const struct online_question *q, const char *about, bool *named)
{
	struct online *o = q->j->set->online;
	struct buf question = BUF_INIT(4096), request = BUF_INIT(4096);
	struct online_names names;
	OCSP_REQUEST *req;
	bool got = false;

	online_access(q->x, NID_ad_OCSP, &names);
	if (!online_names_any(&names))
		return false;
	req = make_request(q, &question, &request);
	*named = true;
	for (size_t i = 0; req && !got && i < names.ask_n; i++) {
		struct trust_want want = {.kind = TRUST_WANT_OCSP,
		    .url = names.ask[i].url,
		    .about = about,
		    .request = buf_view(&request),
		    .question = buf_view(&question)};

		got = online_first(o, &want) && ask_ocsp(q, &want, req);
	}
	if (!got)
		online_tell_rest(o, TRUST_WANT_OCSP, about, &names);
	OCSP_REQUEST_free(req);
	buf_free(&question);
	buf_free(&request);
	return got;
}

/* ---- CRL ---- */
struct first_crl {
	struct crl *c;
};

static enum ecert_rc take_first(void *ctx, struct crl *c)
{
	struct first_crl *f = ctx;

	if (f->c)
		crl_free(&c);
	else
		f->c = c;
	return ECERT_OK;
}

/* NULL: it counts about x. The CRL stays in the set's account when it is one. */
static const char *judge_crl(
    const struct online_question *q, struct rd body, bool *keep, time_t *until)
{
	struct online *o = q->j->set->online;
	struct first_crl f = {NULL};
	struct answer a;
	bool whole = crl_each(body, take_first, &f) == ECERT_OK && f.c;

	*keep = whole && o->crls_n < ONLINE_MAX;
	if (!*keep) {
		crl_free(&f.c);
		return whole ? MSG_ID("there are more than are looked at") : MSG_ID("it is no CRL");
	}
	*until = f.c->next_update;
	o->crls[o->crls_n++] = f.c;
	crl_answer(q->j, q->x, q->above, false, &a);
	return a.what == REVOCATION_GOOD || a.what == REVOCATION_REVOKED
		   ? NULL
		   : MSG_ID("what it says does not count");
}

static bool ask_crl(const struct online_question *q, struct trust_want *want)
{
	struct online *o = q->j->set->online;
	struct buf body = BUF_INIT(CRL_MAX + CRL_MAX / 2);
	bool keep = false, again = true;

	for (int i = 0; i < 2 && again; i++) {
		enum trust_got got = o->by.ask(o->by.ctx, want, &body);
		const char *why = NULL;
		time_t until = 0;

		if (got) {
			why = judge_crl(q, buf_view(&body), &keep, &until);
			online_judged(o, want, buf_view(&body), why, until);
		}
		again = got == TRUST_GOT_KEPT && why;
		if (again && keep)
			crl_free(&o->crls[--o->crls_n]);
		buf_reset(&body);
		want->anew = true;
	}
	buf_free(&body);
	return keep;
}

static bool crl_of(const struct online_question *q, const char *about, bool *named)
{
	struct online *o = q->j->set->online;
	struct online_names names;
	bool got = false;

	online_points(q->x, &names);
	*named = *named || online_names_any(&names);
	for (size_t i = 0; !got && i < names.ask_n; i++) {
		struct trust_want want = {
		    .kind = TRUST_WANT_CRL, .url = names.ask[i].url, .about = about};

		got = online_first(o, &want) && ask_crl(q, &want);
	}
	if (!got)
		online_tell_rest(o, TRUST_WANT_CRL, about, &names);
	return got;
}

bool online_answer(const struct online_question *q, bool *named)
{
	char about[80];
	bool got;

	path_name(q->x, about, sizeof about);
	got = ocsp_of(q, about, named) || crl_of(q, about, named);
	ERR_clear_error();
	return got;
}
