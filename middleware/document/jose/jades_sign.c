/* SPDX-License-Identifier: BSD-2-Clause */
/* Making a JAdES-B-B or B-T (TS 119 182-1, 6). */
#include <stdlib.h>
#include <string.h>

#include "document/jose/jades.h"
#include "document/jose/jades_object.h"
#include "document/jose/jades_stamp.h"
#include "document/jose/jose_priv.h"
#include "document/jose/jws.h"
#include "document/kind/named.h"
#include "util/file.h"
#include "util/hex.h"

/* RFC 7515, 4.1.9. */
static const char *const types[] = {
    [DOC_JSON_COMPACT] = "jose",
    [DOC_JSON_FLATTENED] = "jose+json",
    [DOC_JSON_GENERAL] = "jose+json",
};

/* Takes value away in any case. */
static enum ecert_rc put(json_t *object, const char *key, json_t *value)
{
	return json_object_set_new(object, key, value) == 0 ? ECERT_OK : ECERT_E_MEMORY;
}

static json_t *as_text(const struct buf *b)
{
	struct rd v = buf_view(b);

	return buf_rc(b) == ECERT_OK ? json_stringn((const char *)v.p, v.n) : NULL;
}

/* What is signed, each inside or referred to. */
struct files {
	const struct doc_file *v;
	size_t n;
};

static enum ecert_rc put_file(const struct doc_sign_options *o, const struct doc_file *f,
    const char *hash, json_t *pars, json_t *values)
{
	struct buf uri = BUF_INIT(16384), digest = BUF_INIT(256);
	struct doc_digest d;
	enum ecert_rc rc = jades_object_digest(f->fd, jades_object_md(jades_object_md_name(hash)),
	    true, o->progress, o->progress_ctx, &d);

	named_uri(&uri, f->name);
	b64url_put(&digest, rd_of(d.value, d.len));
	if (rc == ECERT_OK && (json_array_append_new(pars, as_text(&uri)) ||
				  json_array_append_new(values, as_text(&digest))))
		rc = ECERT_E_MEMORY;
	buf_free(&uri);
	buf_free(&digest);
	return rc;
}

/* TS 119 182-1, 5.2.8.3.3: each file's name and the digest of its base64url; the payload is nothing
 * then. Whoever does not know sigD must not call that valid, which is what crit is for. */
static enum ecert_rc put_object(
    json_t *header, const struct doc_sign_options *o, const char *md, struct files files)
{
	const char *hash = md ? md : "SHA256";
	json_t *pars = json_array(), *values = json_array();
	enum ecert_rc rc = pars && values ? ECERT_OK : ECERT_E_MEMORY;

	for (size_t i = 0; rc == ECERT_OK && i < files.n; i++)
		rc = put_file(o, &files.v[i], hash, pars, values);
	if (rc == ECERT_OK)
		rc = put(header, "sigD",
		    json_pack("{s:s, s:O, s:s, s:O}", "mId", JADES_BY_URI_HASH, "pars", pars,
			"hashM", jades_object_md_name(hash), "hashV", values));
	if (rc == ECERT_OK)
		rc = put(header, "crit", json_pack("[s]", "sigD"));
	json_decref(pars);
	json_decref(values);
	return rc;
}

/* payload: base64url of the file, when it is to be inside. */
static enum ecert_rc put_payload(const struct doc_sign_options *o, int fd, struct buf *payload)
{
	struct buf file = BUF_INIT(DOC_SIGNATURE_MAX / 4 * 3);
	enum ecert_rc rc = file_read_fd(fd, &file);

	b64url_put(payload, buf_view(&file));
	if (rc == ECERT_OK && o->progress &&
	    !o->progress(o->progress_ctx, buf_len(&file), buf_len(&file)))
		rc = ECERT_E_CANCELLED;
	buf_free(&file);
	return rc == ECERT_OK ? buf_rc(payload) : rc;
}

static enum ecert_rc make_header(const struct doc_signer *s, const struct doc_sign_options *o,
    enum doc_sig_alg alg, struct files files, json_t *header)
{
	char thumbprint[44];
	enum ecert_rc rc = header ? jws_sha256(s->cert, thumbprint) : ECERT_E_MEMORY;

	if (rc == ECERT_OK)
		rc = put(header, "alg", json_string(doc_sig_name(alg)));
	if (rc == ECERT_OK)
		rc = put(header, "typ", json_string(types[o->form]));
	if (rc == ECERT_OK)
		rc = put(header, "iat", json_integer((json_int_t)o->now));
	if (rc == ECERT_OK)
		rc = put(header, "x5t#S256", json_string(thumbprint));
	if (rc == ECERT_OK)
		rc = jws_set_x5c(header, s);
	if (rc == ECERT_OK && !o->attached)
		rc = put_object(header, o, doc_sig_digest(alg), files);
	return rc;
}

/* RFC 7515, 7.1 and 7.2; all of them are base64url, which needs no escapes. stamp: a member of
 * etsiU, or nothing. */
static void serialize(enum doc_serialization form, const struct buf *header,
    const struct buf *payload, const struct buf *signature, const struct buf *stamp,
    struct buf *out)
{
	if (form == DOC_JSON_COMPACT) {
		buf_rd(out, buf_view(header));
		buf_u8(out, '.');
		buf_rd(out, buf_view(payload));
		buf_u8(out, '.');
		buf_rd(out, buf_view(signature));
		return;
	}
	buf_u8(out, '{');
	if (buf_len(payload)) {
		buf_str(out, "\"payload\":\"");
		buf_rd(out, buf_view(payload));
		buf_str(out, "\",");
	}
	buf_str(out,
	    form == DOC_JSON_GENERAL ? "\"signatures\":[{\"protected\":\"" : "\"protected\":\"");
	buf_rd(out, buf_view(header));
	if (buf_len(stamp)) {
		buf_str(out, "\",\"header\":{\"etsiU\":[\"");
		buf_rd(out, buf_view(stamp));
		buf_str(out, "\"]},\"signature\":\"");
	} else {
		buf_str(out, "\",\"signature\":\"");
	}
	buf_rd(out, buf_view(signature));
	buf_str(out, form == DOC_JSON_GENERAL ? "\"}]}\n" : "\"}\n");
}

static enum ecert_rc sign(const struct doc_signer *s, const struct doc_sign_options *o,
    struct files files, struct buf *out)
{
	enum doc_sig_alg alg = o->alg ? o->alg : doc_sig_for_key(s->key);
	struct buf header = BUF_INIT(JWS_MAX_SIZE), payload = BUF_INIT(DOC_SIGNATURE_MAX);
	struct buf input = BUF_INIT(DOC_SIGNATURE_MAX + JWS_MAX_SIZE + 1);
	struct buf raw = BUF_INIT(1024), signature = BUF_INIT(2048);
	struct buf stamp = BUF_INIT(4u << 20);
	json_t *members = json_object();
	enum ecert_rc rc = doc_sig_fits(alg, s->key) ? ECERT_OK : ECERT_E_KEY_TYPE;

	if (rc == ECERT_OK)
		rc = make_header(s, o, alg, files, members);
	if (rc == ECERT_OK)
		rc = jws_put_json(&header, members);
	if (rc == ECERT_OK && o->attached)
		rc = put_payload(o, files.v[0].fd, &payload);
	buf_rd(&input, buf_view(&header));
	buf_u8(&input, '.');
	buf_rd(&input, buf_view(&payload));
	if (rc == ECERT_OK)
		rc = buf_rc(&input);
	if (rc == ECERT_OK)
		rc = doc_sign_message(s, alg, buf_view(&input), &raw);
	b64url_put(&signature, buf_view(&raw));
	if (rc == ECERT_OK)
		rc = buf_rc(&signature);
	if (rc == ECERT_OK && o->stamp && o->form != DOC_JSON_COMPACT)
		rc = jades_put_stamp(o->stamp, o->stamp_ctx, buf_view(&signature), &stamp);
	if (rc == ECERT_OK) {
		serialize(o->form, &header, &payload, &signature, &stamp, out);
		rc = buf_rc(out);
	}
	json_decref(members);
	buf_free(&header);
	buf_free(&payload);
	buf_free(&input);
	buf_free(&raw);
	buf_free(&signature);
	buf_free(&stamp);
	return rc;
}

enum ecert_rc jades_sign_fd(
    const struct doc_signer *s, const struct doc_sign_options *o, int fd, struct buf *out)
{
	const struct doc_file one = {o->name ? named_base(o->name) : "", fd};

	return sign(s, o, (struct files){&one, 1}, out);
}

enum ecert_rc jades_sign_files(const struct doc_signer *s, const struct doc_sign_options *o,
    const struct doc_file *files, size_t n, struct buf *out)
{
	return o->attached || !n || n > JADES_FILES_MAX ? ECERT_E_ARG
							: sign(s, o, (struct files){files, n}, out);
}
