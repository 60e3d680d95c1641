/* SPDX-License-Identifier: BSD-2-Clause */
/* Drawing the whole site: marks and their statuses first, then what shows them. */
#include "publish/publish.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "crypto/digest.h"
#include "document/jose/jws.h"
#include "publish/entity.h"
#include "publish/pages.h"
#include "registry/keys.h"
#include "trust/mark/mark.h"
#include "trust/names.h"
#include "trust/renewal/renewal.h"
#include "util/text.h"

const struct publish_setting publish_settings[] = {{"name", SETTING_TEXT},
    {"contact", SETTING_PLACE}, {"policy", SETTING_HTTPS}, {"report", SETTING_PLACE},
    {"base", SETTING_HTTPS}, {"server", SETTING_HTTPS}, {"colour", SETTING_COLOUR},
    {NULL, SETTING_TEXT}};

bool publish_setting_good(const struct publish_setting *s, const char *value)
{
	const size_t n = strlen(value);

	if (!text_is_shown(value) || n == 0 || n > 255)
		return false;
	switch (s->kind) {
	case SETTING_HTTPS:
		return web_is_https(value) && value[n - 1] != '/';
	case SETTING_PLACE:
		return web_is_https(value) || web_is_mail(value);
	case SETTING_COLOUR:
		return n == 7 && value[0] == '#' &&
		       strspn(value + 1, "0123456789abcdefABCDEF") == 6;
	default:
		return true;
	}
}

/* ---- statuses ---- */

enum ecert_rc publish_status(const struct status_key *key, const char *issuer,
    const struct registry_mark *mark, time_t now, time_t until, struct buf *out, time_t *exp)
{
	const struct doc_signer by = status_key_signer(key);
	struct mark_status st = {.iss = issuer,
	    .mark = buf_view(&mark->text),
	    .status = mark->status,
	    .reason = mark->reason[0] ? mark->reason : NULL,
	    .iat = now,
	    .exp = now + PUBLISH_STATUS_LIFE};

	if (st.exp > until)
		st.exp = until;
	if (!strcmp(mark->status, "active") && st.exp > mark->exp)
		st.exp = (time_t)mark->exp;
	if (exp)
		*exp = st.exp;
	return mark_status_issue(&by, &st, out);
}

/* ---- the whole ---- */

static void setting(const struct site *s, const char *name, const char * or, char out[256])
{
	if (registry_setting(s->job->r, name, out, 256) != ECERT_OK)
		text_copy(out, 256, or);
}

static enum ecert_rc put_setting(struct site *s, const char *name, const char *file)
{
	struct buf b = BUF_INIT(JWS_MAX_SIZE);
	enum ecert_rc rc = registry_setting_long(s->job->r, name, &b);

	if (rc == ECERT_OK)
		rc = files_put(&s->f, file, &b);
	else if (rc == ECERT_E_NOT_FOUND)
		rc = ECERT_OK;
	buf_free(&b);
	return rc;
}

static enum ecert_rc put_keys(struct site *s)
{
	const struct entity e = {s->job->r, s->job->issuer, s->job->now, 0};
	struct buf b = BUF_INIT(JWS_MAX_SIZE);
	enum ecert_rc rc = entity_keys(&e, &b);

	if (rc == ECERT_OK)
		rc = files_put(&s->f, "keys.json", &b);
	buf_free(&b);
	return rc;
}

static enum ecert_rc begin(struct site *s)
{
	char colour[256];
	enum ecert_rc rc;

	setting(s, "name", s->job->issuer, s->name);
	setting(s, "base", s->job->issuer, s->base);
	setting(s, "contact", "", s->contact);
	setting(s, "policy", "", s->policy);
	setting(s, "report", "", s->report);
	setting(s, "server", "", s->server);
	setting(s, "colour", "#0b57a4", colour);
	text_copy(s->colour, sizeof s->colour, colour);
	buf_init(&s->list.held, HELD_MAX);
	rc = registry_authorized(
	    s->job->r, status_key_kid(s->job->key), s->job->now, &s->until, NULL);
	if (rc == ECERT_E_NOT_FOUND || rc == ECERT_E_DENIED) {
		s->ended = s->until;
		s->until = 0;
		rc = ECERT_OK;
	}
	s->out->until = s->until;
	if (s->until > s->job->now + PUBLISH_STATUS_LIFE)
		s->out->until = s->job->now + PUBLISH_STATUS_LIFE;
	return rc;
}

/* A member of nobody's, who has all that a page can show. */
static const char sample[] =
    "{\"hktm_cop\":{\"name\":\"n\",\"version\":\"v\"},\"hktm_evidence\":{\"domains\":[\"d\"],"
    "\"complaint_contact\":\"https://c\",\"odr\":{\"provider\":\"p\",\"url\":\"https://o\"},"
    "\"after_sales_url\":\"https://a\",\"returns_url\":\"https://r\",\"terms_url\":\"https://t\","
    "\"privacy_url\":\"https://p\",\"entries\":[{\"public\":true,\"std\":\"s\",\"edition\":\"e\","
    "\"indicator_ref\":\"i\",\"value\":1,\"unit\":\"u\",\"method\":\"m\",\"period\":\"p\","
    "\"assessor\":\"a\",\"evidence\":[{\"uri\":\"https://u\",\"sha256\":\"h\"}]}]}}";

/* What all pages have in common, issuer, words and form: the pages of the sample, and who signs. */
static enum ecert_rc look_of(struct site *s, uint8_t out[REGISTRY_HASH])
{
	struct buf b = BUF_INIT(PAGE_MAX);
	uint8_t digest[MD_MAX_SIZE];
	size_t n;
	enum ecert_rc rc = ECERT_OK;

	member_clear(&s->m);
	s->m.id = 1;
	s->m.n = 1;
	s->m.claims = json_loads(sample, 0, NULL);
	s->m.marks[0] = (struct shown){
	    .type = "https://t", .status = "revoked", .reason = "r", .stated = 1, .counts = 2};
	for (int t = 0; t < TONGUE_COUNT; t++)
		draw_member(&b, s, (enum tongue)t);
	buf_u32(&b, MANIFEST_FORM);
	buf_str(&b, status_key_kid(s->job->key));
	rc = buf_rc(&b);
	if (rc == ECERT_OK)
		rc = digest_once(MD_SHA256, buf_view(&b), digest, &n);
	if (rc == ECERT_OK)
		memcpy(out, digest, REGISTRY_HASH);
	buf_free(&b);
	member_clear(&s->m);
	return rc;
}

/* What was published before, when it is of this very register; and what comes now. */
static enum ecert_rc begin_record(struct site *s)
{
	struct manifest_head before, now = {.members = 0};
	uint8_t hash[REGISTRY_HASH];
	enum ecert_rc rc = registry_last(s->job->r, &now.entry, now.hash);

	if (rc == ECERT_OK)
		rc = look_of(s, now.look);
	s->anew = true;
	s->list.before = -1;
	if (rc == ECERT_OK &&
	    manifest_open(&s->f, MANIFEST_NAME, &s->before, &before) == ECERT_OK) {
		rc = registry_entry(s->job->r, before.entry, hash);
		if (rc == ECERT_E_NOT_FOUND || memcmp(hash, before.hash, sizeof hash) != 0) {
			manifest_close(&s->before);
			rc = rc == ECERT_E_NOT_FOUND ? ECERT_OK : rc;
		} else if (!s->job->all && !memcmp(before.look, now.look, sizeof now.look)) {
			s->anew = false;
			s->since = before.entry;
			s->list.before = before.members;
		}
	}
	if (rc == ECERT_OK)
		rc = files_part_begin(&s->f, MANIFEST_NAME, &s->record);
	return rc == ECERT_OK ? manifest_begin(&s->record, &now) : rc;
}

static void end(struct site *s)
{
	files_part_drop(&s->record);
	files_part_drop(&s->csv);
	files_part_drop(&s->json);
	json_decref(s->types);
	buf_free(&s->list.held);
	manifest_close(&s->before);
	member_clear(&s->m);
}

/* What was drawn so far of all members; its files stay, and are put anew. */
static enum ecert_rc drop(struct site *s)
{
	files_part_drop(&s->record);
	files_part_drop(&s->csv);
	files_part_drop(&s->json);
	json_decref(s->types);
	s->types = NULL;
	manifest_close(&s->before);
	buf_reset(&s->list.held);
	s->list.rows = s->list.page = 0;
	s->list.fresh = false;
	s->json_rows = s->news_n = 0;
	s->out->members = s->out->marks = 0;
	return files_settle(&s->f);
}

static enum ecert_rc draw_members(struct site *s)
{
	enum ecert_rc rc = feeds_begin(s);

	if (rc == ECERT_OK)
		rc = put_members(s);
	if (rc == ECERT_OK)
		rc = manifest_end(&s->record, s->list.rows);
	if (rc == ECERT_OK)
		rc = list_end(s);
	if (rc == ECERT_OK)
		rc = feeds_end(s);
	return rc;
}

static enum ecert_rc draw(struct site *s)
{
	enum ecert_rc rc = put_look(s);

	if (rc == ECERT_OK)
		rc = put_keys(s);
	if (rc == ECERT_OK)
		rc = put_setting(s, "configuration", ".well-known/openid-federation");
	if (rc == ECERT_OK)
		rc = put_setting(s, "historical", "historical-keys.jwt");
	if (rc == ECERT_OK)
		rc = begin_record(s);
	if (rc == ECERT_OK)
		rc = draw_members(s);
	/* A record that cannot be read is none: all is drawn. */
	if (rc == ECERT_E_MALFORMED && s->before) {
		rc = drop(s);
		if (rc == ECERT_OK)
			rc = files_remove(&s->f, MANIFEST_NAME);
		if (rc == ECERT_OK)
			rc = begin_record(s);
		if (rc == ECERT_OK)
			rc = draw_members(s);
	}
	/* What it says is on the disk before it says so. */
	if (rc == ECERT_OK)
		rc = files_sync(&s->f);
	if (rc == ECERT_OK)
		rc = files_part_end(&s->record);
	return rc;
}

enum ecert_rc publish_site(
    const struct publish_job *job, struct publish_done *out, struct message_kept *why)
{
	struct site *s = calloc(1, sizeof *s);
	enum ecert_rc rc;
	int saved;

	*out = (struct publish_done){.members = 0};
	message_keep(why, MSG_EMPTY);
	why->n = 0;
	if (!s)
		return ECERT_E_MEMORY;
	s->job = job;
	s->out = out;
	rc = files_open(&s->f, job->folder);
	if (rc == ECERT_OK)
		rc = begin(s);
	if (rc == ECERT_OK)
		rc = draw(s);
	saved = errno;
	end(s);
	errno = saved;
	rc = files_close(&s->f, rc);
	saved = errno;
	out->written = s->f.written;
	out->same = s->f.same;
	out->removed = s->f.removed;
	if (s->f.failed[0])
		message_keep(
		    why, MSG("{file}: {why}", P_FILE("file", s->f.failed), P_ERRNO("why", saved)));
	else if (rc != ECERT_OK && registry_why(job->r)->n)
		*why = *registry_why(job->r);
	else if (rc != ECERT_OK)
		message_keep(why, MSG("{why}", P_RC("why", rc)));
	free(s);
	return rc;
}
