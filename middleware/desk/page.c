/* SPDX-License-Identifier: BSD-2-Clause */
/* The page: files that were installed, read once; and its words, of the catalogues. */
#include "desk/page.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "desk/desk.h"
#include "speak/catalogue.h"
#include "util/file.h"

#define FILE_MAX (256u << 10)
#define MO_MAX	 (4u << 20)
#define HTML	 "text/html; charset=utf-8"
#define SCRIPT	 "text/javascript; charset=utf-8"

const struct page_file page_files[] = {
    {"/", HTML, "index.html"},
    {"/desk.css", "text/css; charset=utf-8", "desk.css"},
    {"/icon.svg", "image/svg+xml", "ecert-desk.svg"},
    {"/desk.js", SCRIPT, "desk.js"},
    {"/api.js", SCRIPT, "api.js"},
    {"/words.js", SCRIPT, "words.js"},
    {"/parts.js", SCRIPT, "parts.js"},
    {"/today.js", SCRIPT, "today.js"},
    {"/verify.js", SCRIPT, "verify.js"},
    {"/sign.js", SCRIPT, "sign.js"},
};
const size_t page_files_n = sizeof page_files / sizeof page_files[0];
_Static_assert(sizeof page_files / sizeof page_files[0] <= PAGE_FILES, "a buffer for each");

static const struct {
	const char *path, *language;
} words[] = {
    {"/words/zh_HK.json", "zh_HK"}, {"/words/zh_CN.json", "zh_CN"}, {"/words/zh_TW.json", "zh_TW"}};

bool page_has(const char *path)
{
	for (size_t i = 0; i < page_files_n; i++)
		if (!strcmp(page_files[i].path, path))
			return true;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (!strcmp(words[i].path, path))
			return true;
	return false;
}

/* ---- reading it ---- */

static const char *find_folder(const char *named, char *path, size_t cap)
{
	char *end;

	if (named)
		return named;
	if (!file_beside_program("/middleware/desk/page/index.html", 4, path, cap))
		return PAGE_DIR;
	end = strrchr(path, '/');
	*end = '\0';
	return path;
}

enum ecert_rc page_read(struct page *p, const char *folder, const char **name)
{
	char room[PATH_MAX], path[PATH_MAX + 64];
	enum ecert_rc rc = ECERT_OK;

	*name = NULL;
	folder = find_folder(folder, room, sizeof room);
	for (size_t i = 0; i < page_files_n; i++)
		buf_init(&p->file[i], FILE_MAX);
	for (size_t i = 0; rc == ECERT_OK && i < page_files_n; i++) {
		(void)snprintf(path, sizeof path, "%s/%s", folder, page_files[i].name);
		*name = page_files[i].name;
		rc = file_read(path, &p->file[i]);
	}
	return rc;
}

void page_free(struct page *p)
{
	for (size_t i = 0; i < page_files_n; i++)
		buf_free(&p->file[i]);
}

/* ---- answers ---- */

void answer_page(void *ctx, const struct http_request *q, struct http_answer *a)
{
	const struct desk *d = ctx;

	for (size_t i = 0; i < page_files_n; i++)
		if (!strcmp(page_files[i].path, q->path)) {
			a->status = 200;
			a->type = page_files[i].type;
			buf_rd(&a->body, buf_view(&d->page.file[i]));
		}
}

void answer_words(void *ctx, const struct http_request *q, struct http_answer *a)
{
	struct buf mo = BUF_INIT(MO_MAX);
	char path[PATH_MAX] = "";
	enum ecert_rc rc = ECERT_E_NOT_FOUND;

	(void)ctx;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (!strcmp(words[i].path, q->path))
			(void)snprintf(path, sizeof path, "%s/%s/LC_MESSAGES/ecert.mo",
			    language_folder(), words[i].language);
	if (path[0])
		rc = file_read(path, &mo);
	if (rc == ECERT_OK)
		rc = page_words(buf_view(&mo), &a->body);
	buf_free(&mo);
	if (rc == ECERT_OK) {
		a->status = 200;
		a->type = HTTP_JSON;
	} else {
		http_refuse(a, 404, "not_found", "there is no catalogue of this language");
	}
}
