/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifying many, in process, beside what OpenSSL does with the same files: `verifybench MODE
 * FOLDER [ROUNDS]`. FOLDER holds root.pem, crl.der and files NAME with NAME.p7s beside them. make
 * N and SIGNERS instead of ROUNDS: makes the folder's files ours    the deed, as `ecert verify`
 * runs it, all in one process floor   the content's SHA-256 and one bare EVP verification a
 * document cms     CMS_verify with a store that has root and CRL Prints the documents a second, of
 * the best round. */
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "actions/verify/many.h"
#include "document/format.h"
#include "tests/unit/document/pki.h"

#define DOCUMENTS_MAX 20000

static char *names[DOCUMENTS_MAX];
static size_t documents;
static char root[512], crl[512];

static void die(const char *why)
{
	fprintf(stderr, "verifybench: %s\n", why);
	exit(1);
}

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void look(const char *folder)
{
	DIR *d = opendir(folder);
	const struct dirent *e;

	if (!d)
		die("no folder");
	while ((e = readdir(d)) && documents < DOCUMENTS_MAX) {
		size_t n = strlen(e->d_name);

		if (n < 5 || strcmp(e->d_name + n - 4, ".p7s") != 0)
			continue;
		if (asprintf(&names[documents++], "%s/%.*s", folder, (int)n - 4, e->d_name) < 0)
			die("memory");
	}
	closedir(d);
	snprintf(root, sizeof root, "%s/root.pem", folder);
	snprintf(crl, sizeof crl, "%s/crl.der", folder);
}

/* ---- documents ---- */
static void sign_one(const char *folder, size_t i, struct pki_id *by)
{
	struct doc_signer signer = pki_signer(by);
	struct doc_sign_options o = {.now = T0};
	struct buf out = BUF_INIT(65536);
	char path[4096], text[2048];
	int fd;

	memset(text, 'x', sizeof text);
	snprintf(text, sizeof text, "Document %zu", i);
	snprintf(path, sizeof path, "%s/%05zu.txt", folder, i);
	pki_write(path, rd_of(text, sizeof text));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (doc_sign_fd(DOC_KIND_CMS, &signer, &o, fd, &out) != ECERT_OK)
		die("cannot sign");
	close(fd);
	strcat(path, ".p7s");
	pki_write(path, buf_view(&out));
	buf_free(&out);
}

/* n documents by so many signers, of a chain of three, P-256 throughout, and the CRL of their CA.
 */
static void make(const char *folder, size_t n, size_t signers)
{
	static struct pki_id top, ca;
	struct pki_id *by = calloc(signers, sizeof *by);
	struct rd der;

	pki_make(&(struct pki_spec){.key = KEY_P256, .cn = "Root", .ca = true}, &top);
	pki_make(&(struct pki_spec){.key = KEY_P256, .cn = "CA", .ca = true, .issuer = &top}, &ca);
	for (size_t i = 0; i < signers; i++)
		pki_make(&(struct pki_spec){.key = KEY_P256,
			     .cn = "Signer",
			     .usage = "critical,digitalSignature,nonRepudiation",
			     .issuer = &ca},
		    &by[i]);
	for (size_t i = 0; i < n; i++)
		sign_one(folder, i, &by[i % signers]);
	look(folder);
	pki_write_pem(root, &top);
	der = pki_crl(&ca, NULL, T0 - DAY, T0 + DAY, NULL);
	pki_write(crl, der);
}

/* ---- ours ---- */
static void word(void *ctx, const struct verify_item *item, struct buf part[VERIFY_PARTS])
{
	(void)ctx;
	buf_str(&part[0], item->code ? "bad" : "good");
}

static bool take(void *ctx, const struct rd part[VERIFY_PARTS])
{
	(void)ctx;
	if (part[0].n != 4)
		die("a document is not valid");
	return true;
}

static void rest(void *ctx)
{
	(void)ctx;
}

static void ours(void)
{
	static const struct ui_calls calls = {.failed = NULL};
	const struct ui ui = {&calls, NULL};
	const struct job job = {.ui = &ui, .slot_id = -1};
	const char *anchor[] = {root}, *lists[] = {crl};
	const struct verify_deed deed = {
	    .trust = {.anchor = {anchor, 1}, .crl = {lists, 1}, .at = "1780000000"}};
	const struct strlist files = {(const char **)(void *)names, documents};
	const struct verify_batch b = {
	    .names = &files, .jobs = 1, .word = word, .take = take, .rest = rest};
	struct verify_sum sum;

	if (verify_many(&job, &deed, &b, &sum) != OUT_OK || sum.passed != documents)
		die("not all are valid");
}

/* ---- what OpenSSL makes of it ---- */
static CMS_ContentInfo *read_cms(const char *name)
{
	char path[4096];
	BIO *in;
	CMS_ContentInfo *cms;

	snprintf(path, sizeof path, "%s.p7s", name);
	in = BIO_new_file(path, "rb");
	cms = in ? d2i_CMS_bio(in, NULL) : NULL;
	BIO_free(in);
	if (!cms)
		die("no CMS");
	return cms;
}

static void cms(void)
{
	X509_STORE *store = X509_STORE_new();
	BIO *der = BIO_new_file(crl, "rb");
	X509_CRL *list = der ? d2i_X509_CRL_bio(der, NULL) : NULL;

	if (!list || X509_STORE_load_file(store, root) != 1 || X509_STORE_add_crl(store, list) != 1)
		die("no store");
	BIO_free(der);
	X509_CRL_free(list);
	X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
	X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), T0);
	X509_STORE_set_purpose(store, X509_PURPOSE_ANY);
	for (size_t i = 0; i < documents; i++) {
		CMS_ContentInfo *c = read_cms(names[i]);
		BIO *in = BIO_new_file(names[i], "rb");

		if (CMS_verify(c, NULL, store, in, NULL, CMS_BINARY) != 1)
			die("CMS_verify refuses");
		BIO_free(in);
		CMS_ContentInfo_free(c);
	}
	X509_STORE_free(store);
}

/* What is signed, and by whom, at hand before the clock runs. */
struct piece {
	unsigned char content[4096], *attrs, *sig;
	size_t content_n;
	int attrs_n, sig_n;
	EVP_PKEY *key;
};

static struct piece *pieces;

/* RFC 5652, 5.4: the attributes as the SET that they are signed as. */
static void signed_part(CMS_SignerInfo *si, struct piece *p)
{
	const ASN1_OCTET_STRING *sig = CMS_SignerInfo_get0_signature(si);
	unsigned char body[4096], *at = body;
	int n = CMS_signed_get_attr_count(si), size;

	for (int k = 0; k < n && at - body < 2048; k++)
		(void)i2d_X509_ATTRIBUTE(CMS_signed_get_attr(si, k), &at);
	size = ASN1_object_size(1, (int)(at - body), V_ASN1_SET);
	p->attrs = malloc((size_t)size);
	p->sig = malloc((size_t)ASN1_STRING_length(sig));
	if (!p->attrs || !p->sig)
		die("memory");
	p->attrs_n = size;
	p->sig_n = ASN1_STRING_length(sig);
	memcpy(p->sig, ASN1_STRING_get0_data(sig), (size_t)p->sig_n);
	{
		unsigned char *out = p->attrs;

		ASN1_put_object(&out, 1, (int)(at - body), V_ASN1_SET, V_ASN1_UNIVERSAL);
		memcpy(out, body, (size_t)(at - body));
	}
}

static void gather(void)
{
	pieces = calloc(documents, sizeof *pieces);
	for (size_t i = 0; pieces && i < documents; i++) {
		CMS_ContentInfo *c = read_cms(names[i]);
		CMS_SignerInfo *si = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(c), 0);
		STACK_OF(X509) *certs = CMS_get1_certs(c);
		struct piece *p = &pieces[i];
		FILE *f = fopen(names[i], "rb");

		p->content_n = f ? fread(p->content, 1, sizeof p->content, f) : 0;
		if (f)
			fclose(f);
		for (int k = 0; k < sk_X509_num(certs); k++)
			if (CMS_SignerInfo_cert_cmp(si, sk_X509_value(certs, k)) == 0)
				p->key = X509_get_pubkey(sk_X509_value(certs, k));
		signed_part(si, p);
		sk_X509_pop_free(certs, X509_free);
		CMS_ContentInfo_free(c);
	}
}

static void bare(void)
{
	for (size_t i = 0; i < documents; i++) {
		const struct piece *p = &pieces[i];
		unsigned char md[EVP_MAX_MD_SIZE];
		unsigned int n;
		EVP_MD_CTX *ctx = EVP_MD_CTX_new();

		if (EVP_Digest(p->content, p->content_n, md, &n, EVP_sha256(), NULL) != 1 ||
		    EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, p->key) != 1 ||
		    EVP_DigestVerify(ctx, p->sig, (size_t)p->sig_n, p->attrs, (size_t)p->attrs_n) !=
			1)
			die("a bare verification fails");
		EVP_MD_CTX_free(ctx);
	}
}

int main(int argc, char **argv)
{
	double best = 0;
	int rounds = argc > 3 ? atoi(argv[3]) : 3;
	void (*run)(void);

	if (argc < 3)
		return 2;
	if (!strcmp(argv[1], "make") && argc == 5) {
		make(argv[2], (size_t)atol(argv[3]), (size_t)atol(argv[4]));
		return 0;
	}
	run = !strcmp(argv[1], "ours") ? ours : !strcmp(argv[1], "cms") ? cms : bare;
	look(argv[2]);
	if (!documents)
		die("no documents");
	if (run == bare)
		gather();
	for (int i = 0; i < rounds; i++) {
		double began = now_s(), took;

		run();
		took = now_s() - began;
		if (best == 0 || took < best)
			best = took;
	}
	printf("%.0f\n", (double)documents / best);
	return 0;
}
