/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a certificate says that something can be had (RFC 5280, 4.2.1.13, 4.2.2.1). Whatever it
 * names is asked or told: what is passed over in silence would look as if nobody were named. */
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <strings.h>

#include "trust/online/online_priv.h"

/* Of an address that is too long, so much is told. */
#define SHOWN 256

static bool is_web(struct rd s)
{
	const char *p = (const char *)s.p;

	return !memchr(s.p, 0, s.n) && ((s.n >= 7 && strncasecmp(p, "http://", 7) == 0) ||
					   (s.n >= 8 && strncasecmp(p, "https://", 8) == 0));
}

static void put(char url[ONLINE_URL], struct rd s)
{
	memcpy(url, s.p, s.n);
	url[s.n] = 0;
	for (size_t i = 0; i < s.n; i++)
		url[i] = (char)(url[i] ? url[i] : '?');
}

/* Places left in out, in the order of the certificate; what has none is counted. */
static void add(struct online_names *out, const char *url, enum trust_beyond why)
{
	bool asked = why == TRUST_WITHIN;
	size_t *n = asked ? &out->ask_n : &out->tell_n;
	struct online_name *to = (asked ? out->ask : out->tell) + *n;

	if (*n < TRUST_WANT_ADDRESSES) {
		memcpy(to->url, url, strlen(url) + 1);
		to->why = why;
		++*n;
	} else if (!out->beyond++) {
		memcpy(out->first, url, strlen(url) + 1);
	}
}

static void add_uri(struct online_names *out, const ASN1_IA5STRING *uri)
{
	struct rd s = rd_of(ASN1_STRING_get0_data(uri), (size_t)ASN1_STRING_length(uri));
	enum trust_beyond why = s.n >= ONLINE_URL ? TRUST_BEYOND_LENGTH
				: !s.n		  ? TRUST_BEYOND_NAME
				: is_web(s)	  ? TRUST_WITHIN
						  : TRUST_BEYOND_SCHEME;
	char url[ONLINE_URL];

	if (why == TRUST_BEYOND_LENGTH)
		s.n = SHOWN;
	put(url, s.n ? s : rd_of("URI:", 4));
	add(out, url, why);
}

/* A name that is no address, as it was printed to b, which is freed. */
static void add_printed(struct online_names *out, BIO *b)
{
	char url[ONLINE_URL], *p = NULL;
	long n = b ? BIO_get_mem_data(b, &p) : 0;

	put(url, n > 0 ? rd_of(p, n < SHOWN ? (size_t)n : SHOWN) : rd_of("?", 1));
	add(out, url, TRUST_BEYOND_NAME);
	BIO_free(b);
}

static void add_name(struct online_names *out, const GENERAL_NAME *name)
{
	BIO *b;

	if (name->type == GEN_URI) {
		add_uri(out, name->d.uniformResourceIdentifier);
		return;
	}
	b = BIO_new(BIO_s_mem());
	if (b)
		(void)GENERAL_NAME_print(b, (GENERAL_NAME *)(uintptr_t)name);
	add_printed(out, b);
}

static void add_relative(struct online_names *out, STACK_OF(X509_NAME_ENTRY) * rdn)
{
	X509_NAME *name = X509_NAME_new();
	BIO *b = BIO_new(BIO_s_mem());

	for (int i = 0; name && i < sk_X509_NAME_ENTRY_num(rdn); i++)
		(void)X509_NAME_add_entry(name, sk_X509_NAME_ENTRY_value(rdn, i), -1, i ? -1 : 0);
	if (name && b)
		(void)X509_NAME_print_ex(b, name, 0, XN_FLAG_ONELINE);
	add_printed(out, b);
	X509_NAME_free(name);
}

static void add_names(struct online_names *out, const GENERAL_NAMES *names)
{
	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++)
		add_name(out, sk_GENERAL_NAME_value(names, i));
}

void online_points(const X509 *x, struct online_names *out)
{
	int there;
	CRL_DIST_POINTS *points = X509_get_ext_d2i(x, NID_crl_distribution_points, &there, NULL);

	memset(out, 0, sizeof *out);
	if (!points && there != -1)
		add(out, "?", TRUST_BEYOND_NAME);
	for (int i = 0; i < sk_DIST_POINT_num(points); i++) {
		const DIST_POINT *p = sk_DIST_POINT_value(points, i);

		if (!p->distpoint)
			add_names(out, p->CRLissuer);
		else if (p->distpoint->type == 0)
			add_names(out, p->distpoint->name.fullname);
		else
			add_relative(out, p->distpoint->name.relativename);
	}
	CRL_DIST_POINTS_free(points);
	ERR_clear_error();
}

void online_access(const X509 *x, int method, struct online_names *out)
{
	int there;
	AUTHORITY_INFO_ACCESS *info = X509_get_ext_d2i(x, NID_info_access, &there, NULL);

	memset(out, 0, sizeof *out);
	/* It cannot be read, or there are two. */
	if (!info && there != -1)
		add(out, "?", TRUST_BEYOND_NAME);
	for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(info); i++) {
		const ACCESS_DESCRIPTION *d = sk_ACCESS_DESCRIPTION_value(info, i);

		if (OBJ_obj2nid(d->method) == method)
			add_name(out, d->location);
	}
	AUTHORITY_INFO_ACCESS_free(info);
	ERR_clear_error();
}

void online_tell(struct online *o, const struct trust_want *want)
{
	struct buf none = BUF_INIT(ONLINE_URL);

	if (online_first(o, want))
		(void)o->by.ask(o->by.ctx, want, &none);
	buf_free(&none);
}

void online_tell_rest(struct online *o, enum trust_want_kind kind, const char *about,
    const struct online_names *names)
{
	struct trust_want want = {.kind = kind, .about = about};

	for (size_t i = 0; i < names->tell_n; i++) {
		want.url = names->tell[i].url;
		want.beyond = names->tell[i].why;
		online_tell(o, &want);
	}
	if (!names->beyond)
		return;
	want.url = names->first;
	want.beyond = TRUST_BEYOND_ADDRESSES;
	want.n = names->beyond;
	online_tell(o, &want);
}
