/* SPDX-License-Identifier: BSD-2-Clause */
/* ZIP files by the names of their members: documents, containers, programs. */
#include <stdlib.h>
#include <string.h>

#include "document/kind/kind_priv.h"

/* APPNOTE.TXT, 4.3: the header of the first member, the directory, and the record at its end. */
#define LOCAL	      30
#define ENTRY	      46
#define END	      22
#define COMMENT_MAX   65535
#define DIRECTORY_MAX (8u << 20)
#define APK_MAGIC     16

static size_t le16(const uint8_t *p)
{
	return (size_t)p[0] | (size_t)p[1] << 8;
}

static size_t le32(const uint8_t *p)
{
	return le16(p) | le16(p + 2) << 16;
}

/* What was seen, best first: an enum doc_kind by a member's name. Where two are given, both have to
 * be there. */
static const struct {
	const char *begin, *end; /* of the name; NULL: any */
	const char *with;	 /* another name, that begins so; NULL: none */
	enum doc_kind kind;
} names[] = {
    {"META-INF/documentsignatures.xml", NULL, NULL, DOC_KIND_SIGNED_ODF},
    {"META-INF/macrosignatures.xml", NULL, NULL, DOC_KIND_SIGNED_ODF},
    {"META-INF/packagesignatures.xml", NULL, NULL, DOC_KIND_SIGNED_ODF},
    {"_xmlsignatures/", NULL, NULL, DOC_KIND_SIGNED_OOXML},
    {"META-INF/signature", ".p7s", NULL, DOC_KIND_ASIC},
    {"META-INF/signatures", ".xml", NULL, DOC_KIND_ASIC},
    {"META-INF/timestamp", ".tst", NULL, DOC_KIND_ASIC},
    {"META-INF/ASiC", ".xml", NULL, DOC_KIND_ASIC},
    {"OFD.xml", NULL, NULL, DOC_KIND_OFD},
    {"META-INF/", ".SF", "META-INF/MANIFEST.MF", DOC_KIND_SIGNED_JAR},
    {"content.xml", NULL, "META-INF/manifest.xml", DOC_KIND_ODF},
    {"[Content_Types].xml", NULL, NULL, DOC_KIND_OOXML},
    {"META-INF/MANIFEST.MF", NULL, NULL, DOC_KIND_JAR},
    {"AndroidManifest.xml", NULL, NULL, DOC_KIND_JAR},
};

#define NAMES (sizeof names / sizeof names[0])

/* The directory as it is in the file, and what is before it. */
struct directory {
	uint8_t *bytes; /* owned */
	size_t n;
	uint64_t at;
};

/* Where its end says, or, behind something else, in front of its end. False: there is none, or one
 * of ZIP64, or a very large one. */
static bool find_directory(const struct kind_view *v, bool behind, struct directory *d)
{
	static const uint8_t magic[] = {'P', 'K', 5, 6};
	uint64_t size = kind_size(v);
	size_t n = size < COMMENT_MAX + END ? (size_t)size : COMMENT_MAX + END;
	uint8_t *tail = malloc(n ? n : 1);
	bool found = false;

	if (!tail || n < END || !kind_read(v, size - n, tail, n))
		n = 0;
	for (size_t i = n < END ? 0 : n - END + 1; i > 0 && !found; i--) {
		const uint8_t *p = tail + i - 1;

		if (memcmp(p, magic, sizeof magic) != 0 || le16(p + 20) != n - (i - 1) - END)
			continue;
		d->n = le32(p + 12);
		d->at = behind ? size - n + (i - 1) - d->n : le32(p + 16);
		found = d->n > 0 && d->n <= DIRECTORY_MAX && d->n <= size - n + (i - 1);
	}
	free(tail);
	d->bytes = found ? malloc(d->n) : NULL;
	return d->bytes && kind_read(v, d->at, d->bytes, d->n);
}

static bool named(struct rd name, const char *begin, const char *end)
{
	size_t b = strlen(begin), e = end ? strlen(end) : 0;

	return name.n >= b + e && memcmp(name.p, begin, b) == 0 &&
	       (!end || memcmp(name.p + name.n - e, end, e) == 0);
}

/* Takes the next member's name. */
static bool next_name(struct rd *rest, struct rd *name)
{
	static const uint8_t magic[] = {'P', 'K', 1, 2};
	const uint8_t *p = rest->p;
	size_t n, whole;

	if (rest->n < ENTRY || memcmp(p, magic, sizeof magic) != 0)
		return false;
	n = le16(p + 28);
	whole = ENTRY + n + le16(p + 30) + le16(p + 32);
	if (rest->n < whole)
		return false;
	*name = rd_of(p + ENTRY, n);
	*rest = rd_of(p + whole, rest->n - whole);
	return true;
}

static enum doc_kind by_names(const struct directory *d)
{
	bool seen[NAMES] = {false}, with[NAMES] = {false};
	struct rd rest = rd_of(d->bytes, d->n), name;

	while (next_name(&rest, &name))
		for (size_t i = 0; i < NAMES; i++) {
			seen[i] = seen[i] || named(name, names[i].begin, names[i].end);
			with[i] = with[i] || !names[i].with || named(name, names[i].with, NULL);
		}
	for (size_t i = 0; i < NAMES; i++)
		if (seen[i] && with[i])
			return names[i].kind;
	return DOC_KIND_ZIP;
}

/* The same by the names as they stand somewhere in a file that has no directory. */
static enum doc_kind by_words(const struct kind_view *v)
{
	if (kind_contains(v, KIND_WORD("application/vnd.etsi.asic")))
		return DOC_KIND_ASIC;
	for (size_t i = 0; i < NAMES; i++)
		if (kind_contains(v, rd_of(names[i].begin, strlen(names[i].begin))) &&
		    (!names[i].end ||
			kind_contains(v, rd_of(names[i].end, strlen(names[i].end)))) &&
		    (!names[i].with ||
			kind_contains(v, rd_of(names[i].with, strlen(names[i].with)))))
			return names[i].kind;
	return DOC_KIND_ZIP;
}

/* What a first, stored member called "mimetype" says. */
static struct rd mimetype(const struct kind_view *v)
{
	static const char name[] = "mimetype";
	size_t n = sizeof name - 1;

	if (v->head.n < LOCAL + n || memcmp(v->head.p + LOCAL, name, n) != 0)
		return rd_of(NULL, 0);
	n += LOCAL + le16(v->head.p + 28);
	return n < v->head.n ? rd_of(v->head.p + n, v->head.n - n) : rd_of(NULL, 0);
}

/* Android's signatures that are no members (APK signature schemes 2 and up). */
static bool has_apk_block(const struct kind_view *v, const struct directory *d)
{
	char magic[APK_MAGIC];

	return d->at >= APK_MAGIC && kind_read(v, d->at - APK_MAGIC, magic, sizeof magic) &&
	       memcmp(magic, "APK Sig Block 42", sizeof magic) == 0;
}

enum doc_kind kind_of_zip(const struct kind_view *v)
{
	struct directory d = {NULL, 0, 0};
	struct rd type = mimetype(v);
	enum doc_kind kind = DOC_KIND_ASIC;

	if (!kind_begins(type, KIND_WORD("application/vnd.etsi.asic"))) {
		bool found = find_directory(v, false, &d);

		kind = found ? by_names(&d) : by_words(v);
		if (found && kind != DOC_KIND_ASIC && has_apk_block(v, &d))
			kind = DOC_KIND_SIGNED_JAR;
		if (kind == DOC_KIND_ZIP &&
		    kind_begins(type, KIND_WORD("application/vnd.oasis.opendocument")))
			kind = DOC_KIND_ODF;
	}
	free(d.bytes);
	return kind;
}

enum doc_kind kind_of_stub(const struct kind_view *v, enum doc_kind otherwise)
{
	static const enum doc_kind with[] = {
	    DOC_KIND_ASIC, DOC_KIND_SIGNED_ODF, DOC_KIND_SIGNED_OOXML, DOC_KIND_SIGNED_JAR};
	struct directory d = {NULL, 0, 0};
	enum doc_kind kind = find_directory(v, true, &d) ? by_names(&d) : otherwise;

	free(d.bytes);
	for (size_t i = 0; i < sizeof with / sizeof with[0]; i++)
		if (kind == with[i])
			return DOC_KIND_SIGNED_SFX;
	return otherwise;
}
