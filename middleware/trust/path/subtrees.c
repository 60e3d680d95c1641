/* SPDX-License-Identifier: BSD-2-Clause */
/* Excluded and permitted subtrees, by the host part of names. */
#include "trust/path/subtrees.h"

#include <openssl/x509v3.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "util/buf.h"

static struct rd text_of(const GENERAL_NAME *n)
{
	const ASN1_IA5STRING *s = GENERAL_NAME_get0_value(n, NULL);

	return rd_of(ASN1_STRING_get0_data(s), (size_t)ASN1_STRING_length(s));
}

static bool same(struct rd a, struct rd b)
{
	return a.n == b.n && (!a.n || strncasecmp((const char *)a.p, (const char *)b.p, a.n) == 0);
}

/* "a.example." is a.example (RFC 1034, 3.1). */
static struct rd undotted(struct rd host)
{
	if (host.n > 1 && host.p[host.n - 1] == '.')
		host.n--;
	return host;
}

static struct rd behind(struct rd text, size_t n)
{
	return rd_of(text.p + n, text.n - n);
}

static bool ends_with(struct rd host, struct rd tail)
{
	return host.n >= tail.n && same(behind(host, host.n - tail.n), tail);
}

/* Below the base, which may have a dot in front. */
static bool is_below(struct rd host, struct rd base)
{
	if (base.n && base.p[0] == '.')
		return host.n > base.n && ends_with(host, base);
	return host.n > base.n && ends_with(host, base) && host.p[host.n - base.n - 1] == '.';
}

/* A wildcard stands for one label: *.a.example is h.a.example, too. */
static bool wildcard_hits(struct rd host, struct rd base)
{
	const uint8_t *dot = host.n ? memchr(host.p, '.', host.n) : NULL;
	const uint8_t *other = base.n ? memchr(base.p, '.', base.n) : NULL;

	return dot && other && memchr(host.p, '*', (size_t)(dot - host.p)) && other != base.p &&
	       same(behind(host, (size_t)(dot - host.p)), behind(base, (size_t)(other - base.p)));
}

static bool host_in(struct rd host, struct rd base)
{
	return !base.n || same(host, base) || is_below(host, base) || wildcard_hits(host, base);
}

/* Of URIs and e-mail addresses: the host itself, or with a dot in front those below it. */
static bool exactly_in(struct rd host, struct rd base)
{
	return !base.n || (base.p[0] == '.' ? is_below(host, base) : same(host, base));
}

/* At the last '@', which a quoted local part may have as well; n: there is none. */
static size_t at_sign(struct rd text)
{
	for (size_t i = text.n; i > 0; i--)
		if (text.p[i - 1] == '@')
			return i - 1;
	return text.n;
}

/* RFC 5321, 4.1.2: another '@' only inside of quotes. */
static bool is_mailbox(struct rd mail)
{
	struct rd local = rd_of(mail.p, at_sign(mail));

	return at_sign(local) == local.n ||
	       (local.n > 1 && local.p[0] == '"' && local.p[local.n - 1] == '"');
}

static bool mail_in(struct rd mail, struct rd base)
{
	size_t at = at_sign(mail), base_at = at_sign(base);
	struct rd host = undotted(at < mail.n ? behind(mail, at + 1) : mail);

	if (base_at == base.n)
		return exactly_in(host, base);
	return (!base_at || (at < mail.n && rd_equal(rd_of(mail.p, at), rd_of(base.p, base_at)))) &&
	       same(host, undotted(behind(base, base_at + 1)));
}

/* RFC 3986, 3.2: scheme://user@host:port, and what ends it. False: there is no host by name, of
 * which RFC 5280 says that it has to be refused where URIs are constrained. */
static bool uri_host(struct rd uri, struct rd *host)
{
	static const char good[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
	size_t from = 0, end, at, port;
	bool letter = false;

	while (from + 3 <= uri.n && memcmp(uri.p + from, "://", 3) != 0)
		from++;
	if (from + 3 > uri.n)
		return false;
	*host = behind(uri, from + 3);
	for (end = 0; end < host->n && !memchr("/?#\\", host->p[end], 4); end++)
		;
	host->n = end;
	at = at_sign(*host);
	if (at < host->n)
		*host = behind(*host, at + 1);
	for (port = 0; port < host->n && host->p[port] != ':'; port++)
		;
	host->n = port;
	*host = undotted(*host);
	for (size_t i = 0; i < host->n; i++) {
		/* Neither an escape nor an address in brackets. */
		if (!memchr(good, host->p[i], sizeof good - 1))
			return false;
		letter = letter || (host->p[i] > '9' && host->p[i] != '_');
	}
	return letter;
}

/* How one name stands to one list of subtrees. */
static int hits(const GENERAL_NAME *name, const STACK_OF(GENERAL_SUBTREE) * list, bool *any)
{
	struct rd text = text_of(name), host;
	bool found = false;

	*any = false;
	for (int i = 0; i < sk_GENERAL_SUBTREE_num(list); i++) {
		const GENERAL_NAME *of = sk_GENERAL_SUBTREE_value(list, i)->base;
		struct rd base;

		if (of->type != name->type)
			continue;
		*any = true;
		base = undotted(text_of(of));
		if ((name->type == GEN_URI && !uri_host(text, &host)) ||
		    (name->type == GEN_EMAIL && !is_mailbox(text)))
			return X509_V_ERR_UNSUPPORTED_NAME_SYNTAX;
		found = found || (name->type == GEN_DNS	     ? host_in(undotted(text), base)
				     : name->type == GEN_URI ? exactly_in(host, base)
							     : mail_in(text, base));
	}
	return found ? X509_V_ERR_EXCLUDED_VIOLATION : X509_V_OK;
}

static int judge_name(const GENERAL_NAME *name, const NAME_CONSTRAINTS *nc)
{
	bool any;
	int e;

	if (name->type != GEN_DNS && name->type != GEN_URI && name->type != GEN_EMAIL)
		return X509_V_OK;
	e = hits(name, nc->excludedSubtrees, &any);
	if (e != X509_V_OK || name->type == GEN_DNS)
		return e;
	e = hits(name, nc->permittedSubtrees, &any);
	if (e == X509_V_ERR_UNSUPPORTED_NAME_SYNTAX)
		return e;
	return name->type == GEN_URI && any && e == X509_V_OK ? X509_V_ERR_PERMITTED_VIOLATION
							      : X509_V_OK;
}

/* The names of the certificates below this CA; its own, where it is self-issued, are not bound by
 * those above it (RFC 5280, 6.1.4 b). */
static int judge_below(const STACK_OF(X509) * chain, int ca, const NAME_CONSTRAINTS *nc, int *depth)
{
	int e = X509_V_OK;

	for (int i = 0; e == X509_V_OK && i < ca; i++) {
		X509 *x = sk_X509_value(chain, i);
		GENERAL_NAMES *names;

		if (i > 0 && (X509_get_extension_flags(x) & EXFLAG_SI))
			continue;
		*depth = i;
		names = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
		for (int k = 0; e == X509_V_OK && k < sk_GENERAL_NAME_num(names); k++)
			e = judge_name(sk_GENERAL_NAME_value(names, k), nc);
		GENERAL_NAMES_free(names);
	}
	return e;
}

/* Each URI with nothing but its host. False: there was nothing else. */
static bool strip(GENERAL_NAMES *names)
{
	bool changed = false;

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		GENERAL_NAME *n = sk_GENERAL_NAME_value(names, i);
		struct buf plain = BUF_INIT(65536);
		struct rd host;

		if (n->type == GEN_URI && uri_host(text_of(n), &host)) {
			buf_str(&plain, "x://");
			buf_rd(&plain, host);
			buf_str(&plain, "/");
			changed = (buf_rc(&plain) == ECERT_OK &&
				      ASN1_STRING_set(n->d.uniformResourceIdentifier,
					  buf_view(&plain).p, (int)buf_len(&plain)) == 1) ||
				  changed;
		}
		buf_free(&plain);
	}
	return changed;
}

/* The same certificate but for its URIs; nobody looks at its signature. NULL: it has none. */
static X509 *stripped(X509 *x)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	X509 *copy = names && strip(names) ? X509_dup(x) : NULL;

	if (copy &&
	    (X509_add1_ext_i2d(copy, NID_subject_alt_name, names, 0, X509V3_ADD_REPLACE) != 1 ||
		X509_check_purpose(copy, -1, 0) != 1)) {
		X509_free(copy);
		copy = NULL;
	}
	GENERAL_NAMES_free(names);
	return copy;
}

bool path_subtrees_permit(const STACK_OF(X509) * chain, int depth)
{
	X509 *x = depth < sk_X509_num(chain) ? sk_X509_value(chain, depth) : NULL;
	X509 *copy = x ? stripped(x) : NULL;
	bool ok = copy;

	for (int i = depth + 1; ok && i < sk_X509_num(chain); i++) {
		NAME_CONSTRAINTS *nc = X509_get_ext_d2i(
		    sk_X509_value(chain, i), NID_name_constraints, NULL, NULL);

		/* As OpenSSL does of a leaf, whose common name may be a host. */
		ok = !nc || (NAME_CONSTRAINTS_check(copy, nc) == X509_V_OK &&
				(depth > 0 || NAME_CONSTRAINTS_check_CN(copy, nc) == X509_V_OK));
		NAME_CONSTRAINTS_free(nc);
	}
	X509_free(copy);
	return ok;
}

int path_subtrees_defect(const STACK_OF(X509) * chain, int *depth)
{
	int e = X509_V_OK;

	*depth = 0;
	for (int i = 1; e == X509_V_OK && i < sk_X509_num(chain); i++) {
		NAME_CONSTRAINTS *nc = X509_get_ext_d2i(
		    sk_X509_value(chain, i), NID_name_constraints, NULL, NULL);

		if (nc)
			e = judge_below(chain, i, nc, depth);
		NAME_CONSTRAINTS_free(nc);
	}
	return e;
}
