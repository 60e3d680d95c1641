/* SPDX-License-Identifier: BSD-2-Clause */
/* What a file holds that is to be trusted. */
#include "actions/trust/content.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "document/cert.h"
#include "document/jose/jws.h"
#include "document/json.h"
#include "document/pem.h"
#include "trust/list/list.h"
#include "util/file.h"
#include "util/hex.h"
#include "util/text.h"

#define TRUST_FILE_MAX (8u << 20)

void contents_free(struct contents *c)
{
	for (size_t i = 0; i < c->n; i++) {
		buf_free(&c->v[i].cert);
		buf_free(&c->v[i].list);
	}
	c->n = 0;
}

static void describe(X509 *x, struct trust_row *row)
{
	X509_NAME *subject = X509_get_subject_name(x);
	BIO *b = BIO_new(BIO_s_mem());
	char *text = NULL;

	if (X509_NAME_get_text_by_NID(subject, NID_commonName, row->name, sizeof row->name) < 0 &&
	    X509_NAME_get_text_by_NID(subject, NID_organizationName, row->name, sizeof row->name) <
		0)
		text_copy(row->name, sizeof row->name, row->sha256);
	text_scrub(row->name);
	if (b && X509_NAME_print_ex(
		     b, subject, 0, XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) >= 0) {
		size_t n = (size_t)BIO_get_mem_data(b, &text);

		n = n < sizeof row->subject ? n : sizeof row->subject - 1;
		memcpy(row->subject, text, n);
		row->subject[n] = 0;
		text_scrub(row->subject);
	}
	BIO_free(b);
	if (asn1_time_get(X509_get0_notBefore(x), &row->from) != ECERT_OK ||
	    asn1_time_get(X509_get0_notAfter(x), &row->until) != ECERT_OK)
		row->from = row->until = 0;
}

static void describe_key(const X509 *x, struct trust_row *row)
{
	const ASN1_BIT_STRING *bits = X509_get0_pubkey_bitstr(x);
	uint8_t digest[32];

	if (bits &&
	    bytes_sha256(rd_of(ASN1_STRING_get0_data(bits), (size_t)ASN1_STRING_length(bits)),
		digest) == ECERT_OK)
		hex_str(rd_of(digest, sizeof digest), row->key);
}

enum ecert_rc content_describe(struct rd der, struct trust_row *row)
{
	X509 *x = NULL;
	uint8_t digest[32];
	enum ecert_rc rc = cert_parse(der, &x);

	if (rc == ECERT_OK)
		rc = bytes_sha256(der, digest);
	if (rc == ECERT_OK) {
		hex_str(rd_of(digest, sizeof digest), row->sha256);
		describe(x, row);
		describe_key(x, row);
	}
	X509_free(x);
	return rc;
}

void content_describe_list(struct rd jws, struct trust_row *row)
{
	const uint8_t *dot = jws.n ? memchr(jws.p, '.', jws.n) : NULL;
	size_t at = dot ? (size_t)(dot - jws.p) + 1 : jws.n;
	const uint8_t *end = memchr(jws.p + at, '.', jws.n - at);
	struct buf text = BUF_INIT(TRUST_FILE_MAX);
	json_t *o = NULL;
	json_error_t err;

	if (dot && end && b64url_get(rd_of(dot + 1, (size_t)(end - dot) - 1), &text) == ECERT_OK)
		o = json_read(buf_view(&text), &err);
	if (json_is_integer(json_object_get(o, "exp"))) {
		row->from = (time_t)json_integer_value(json_object_get(o, "iat"));
		row->until = (time_t)json_integer_value(json_object_get(o, "exp"));
	}
	list_purposes_count(json_object_get(o, "entries"), row->named);
	json_decref(o);
	buf_free(&text);
}

static bool is_ca(X509 *x)
{
	return X509_check_ca(x) > 0;
}

static bool stamps(X509 *x)
{
	return (X509_get_extension_flags(x) & EXFLAG_XKUSAGE) &&
	       (X509_get_extended_key_usage(x) & XKU_TIMESTAMP);
}

/* The one answer that there is; false: there are several. A CA that may do nothing but stamp is a
 * TSA's. */
static bool guess(X509 *x, enum store_kind *out)
{
	*out = stamps(x) ? STORE_TSA : STORE_ANCHOR;
	return stamps(x) || is_ca(x);
}

static enum outcome fits(
    const struct job *job, const struct trust_add_deed *deed, X509 *x, const struct trust_row *row)
{
	time_t now = job_now(job);

	if (!is_ca(x) && (row->kind == STORE_ANCHOR || (row->kind == STORE_TSA && !stamps(x))))
		return ui_fail(job->ui, OUT_REFUSED, "trust-leaf",
		    MSG("{name} is no CA: it is somebody's own certificate, and vouches for nobody",
			P_TEXT("name", row->name)),
		    MSG("Take the root of its CA, from the CA itself."));
	if (!deed->force && (now > row->until || now < row->from))
		return ui_fail(job->ui, OUT_REFUSED, "trust-expired",
		    MSG(now > row->until ? MSG_ID("{name} has expired, on {date}")
					 : MSG_ID("{name} is not valid yet: it begins on {date}"),
			P_TEXT("name", row->name),
			P_TIME("date", now > row->until ? row->until : row->from)),
		    MSG("Ask the CA for the present one; for old signatures --force takes this "
			"one."));
	return OUT_OK;
}

static enum outcome add_cert(const struct job *job, const struct trust_add_deed *deed,
    const char *file, struct rd der, struct contents *out)
{
	struct content *c = &out->v[out->n];
	X509 *x = NULL;
	enum outcome code = OUT_OK;

	if (out->n == CONTENTS_MAX || cert_parse(der, &x) != ECERT_OK)
		return ui_fail(job->ui, OUT_INPUT, "file-without-certificate",
		    MSG("{file} holds no {what}", P_FILE("file", file),
			P_WORD("what", MSG_ID("certificate"))),
		    MSG(next_of_rc(ECERT_E_MALFORMED)));
	*c = (struct content){.file = file, .row.machine = deed->machine};
	c->cert = (struct buf)BUF_INIT(65536);
	c->list = (struct buf)BUF_INIT(TRUST_FILE_MAX);
	out->n++;
	buf_put(&c->cert, der.p, der.n);
	code = ui_fail_rc(job->ui, content_describe(buf_view(&c->cert), &c->row),
	    MSG("Cannot read {file}: {why}", P_FILE("file", file)));
	if (!code && deed->kind)
		(void)store_kind_by_name(deed->kind, &c->row.kind);
	else if (!code && !guess(x, &c->row.kind))
		code = ui_fail(job->ui, OUT_USAGE, "trust-kind-missing",
		    MSG("{name} is no CA: say what you trust it for", P_TEXT("name", c->row.name)),
		    MSG("--kind mark-issuer, attestation or tsa; an anchor has to be a CA."));
	if (!code)
		code = fits(job, deed, x, &c->row);
	if (!code && deed->url && (c->row.kind == STORE_MARK_ISSUER || c->row.kind == STORE_TSA))
		text_copy(c->row.url, sizeof c->row.url, deed->url);
	X509_free(x);
	return code;
}

static enum outcome no_key(const struct job *job, const char *file)
{
	return ui_fail(job->ui, OUT_REFUSED, "trust-private-key",
	    MSG("There is a private key in {file}: nothing of it is taken", P_FILE("file", file)),
	    MSG("Keep the key where it belongs, and give a file with the certificate alone."));
}

static enum outcome add_certs(const struct job *job, const struct trust_add_deed *deed,
    const char *file, struct rd text, struct contents *out)
{
	struct pem p = {.der = BUF_INIT(text.n + 1)};
	size_t had = out->n;
	enum outcome code = OUT_OK;
	struct rd rest = text;
	X509 *x = NULL;

	if (cert_parse(text, &x) == ECERT_OK) {
		X509_free(x);
		buf_free(&p.der);
		return add_cert(job, deed, file, text, out);
	}
	/* Before anything is taken. */
	while (pem_next(&rest, &p) == ECERT_OK)
		if (strstr(p.label, "PRIVATE KEY"))
			code = no_key(job, file);
	while (!code && pem_next(&text, &p) == ECERT_OK)
		if (!strcmp(p.label, "CERTIFICATE") || !strcmp(p.label, "X509 CERTIFICATE"))
			code = add_cert(job, deed, file, buf_view(&p.der), out);
	if (!code && (out->n == had || !text_blank(p.before)))
		code = out->n == had ? add_cert(job, deed, file, rd_of(NULL, 0), out) : OUT_OK;
	buf_free(&p.der);
	return code;
}

/* The list has to count today, by the signer who is named. */
static enum outcome add_list(const struct job *job, const struct trust_add_deed *deed,
    const char *file, struct rd text, struct contents *out)
{
	struct buf signer = BUF_INIT(TRUST_FILE_MAX);
	struct trust_add_deed as = {.kind = "list", .force = deed->force, .machine = deed->machine};
	size_t at = out->n;
	struct trust_set *set = NULL;
	struct report rep;
	enum outcome code;

	report_init(&rep);
	if (!deed->list_signer)
		return ui_fail(job->ui, OUT_USAGE, "trust-list-signer-missing",
		    MSG("A trust list needs --trust-list-signer"),
		    MSG("A list counts only with its signer's certificate."));
	code = ui_fail_rc(job->ui, file_read(deed->list_signer, &signer),
	    MSG("Cannot read {file}: {why}", P_FILE("file", deed->list_signer)));
	if (!code)
		code = add_certs(job, &as, deed->list_signer, buf_view(&signer), out);
	if (!code)
		code = ui_fail_rc(job->ui, trust_set_new(&set), MSG("Cannot start: {why}"));
	if (!code && trust_list_read(set, text, buf_view(&out->v[at].cert), job_now(job), NULL,
			 &rep) != ECERT_OK) {
		const struct check *why = report_reason(&rep);

		code = ui_fail(job->ui, OUT_INVALID, "trust-list-invalid",
		    MSG("The trust list {list} does not count: {detail}", P_TEXT("list", file),
			P_MSG("detail", why ? MSG_KEPT(&why->what) : MSG_TEXT("?"))),
		    MSG("Ask whoever publishes the list for a fresh one."));
	}
	if (!code) {
		content_describe_list(text, &out->v[at].row);
		buf_put(&out->v[at].list, text.p, text.n);
		code = ui_fail_rc(job->ui, buf_rc(&out->v[at].list),
		    MSG("Cannot read {file}: {why}", P_FILE("file", file)));
	}
	trust_set_free(&set);
	buf_free(&signer);
	return code;
}

/* What anybody may change between the look and the reading is not what the person looked at. */
static enum outcome load(const struct job *job, const char *file, struct buf *text)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;
	bool others = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
		      (st.st_mode & S_IWOTH);
	enum ecert_rc rc = fd < 0 ? ECERT_E_IO : others ? ECERT_OK : file_read_fd(fd, text);
	int e = errno;

	if (fd >= 0)
		(void)close(fd);
	if (others)
		return ui_fail(job->ui, OUT_REFUSED, "trust-file-open",
		    MSG("Everybody on this computer may change {file}", P_FILE("file", file)),
		    MSG("Take it from where it came from anew, or chmod o-w after you looked at "
			"it."));
	if (rc == ECERT_E_IO)
		return ui_fail(job->ui, OUT_IO, "file-unreadable",
		    MSG("Cannot read {file}: {why}", P_FILE("file", file), P_ERRNO("why", e)),
		    MSG("Check the name and its permissions."));
	return ui_fail_rc(job->ui, rc, MSG("Cannot read {file}: {why}", P_FILE("file", file)));
}

enum outcome content_read(const struct job *job, const struct trust_add_deed *deed,
    const char *file, struct contents *out)
{
	struct buf text = BUF_INIT(TRUST_FILE_MAX);
	char typ[64];
	enum outcome code = load(job, file, &text);
	bool list = !code && jws_peek_typ(buf_view(&text), typ, sizeof typ) == ECERT_OK;

	if (!code && list != (deed->kind ? !strcmp(deed->kind, "list") : list))
		code = ui_fail(job->ui, OUT_INPUT,
		    list ? REASON_ID("file-without-certificate")
			 : REASON_ID("file-without-trust-list"),
		    MSG("{file} holds no {what}", P_FILE("file", file),
			P_WORD("what", list ? MSG_ID("certificate") : MSG_ID("trust list"))),
		    MSG(next_of_rc(ECERT_E_MALFORMED)));
	if (!code)
		code = list ? add_list(job, deed, file, buf_view(&text), out)
			    : add_certs(job, deed, file, buf_view(&text), out);
	buf_free(&text);
	return code;
}
