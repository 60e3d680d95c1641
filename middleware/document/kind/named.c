/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of files as signatures have them. */
#include "document/kind/named.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

const char *named_base(const char *file)
{
	const char *slash = strrchr(file, '/');

	return slash ? slash + 1 : file;
}

void named_uri(struct buf *out, const char *name)
{
	/* RFC 3986, 2.3. */
	static const char plain[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";

	for (; *name; name++) {
		char coded[4];

		if (strchr(plain, *name)) {
			buf_u8(out, (uint8_t)*name);
			continue;
		}
		(void)snprintf(coded, sizeof coded, "%%%02X", (unsigned)(uint8_t)*name);
		buf_str(out, coded);
	}
}

bool named_beside(const char *uri, char *name, size_t size)
{
	size_t n = 0;

	for (; *uri && n + 1 < size; uri++) {
		uint8_t c = (uint8_t)*uri;
		unsigned coded = 0;

		if (strchr(":/?#\\", c))
			return false;
		if (c == '%') {
			if (!isxdigit((uint8_t)uri[1]) || !isxdigit((uint8_t)uri[2]) ||
			    sscanf(uri + 1, "%2x", &coded) != 1)
				return false;
			c = (uint8_t)coded;
			uri += 2;
		}
		if (c < 0x20 || c == 0x7f || c == '/')
			return false;
		name[n++] = (char)c;
	}
	name[n] = 0;
	return n && !*uri && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

void named_attribute(struct buf *out, const char *name)
{
	for (; *name; name++) {
		char coded[8];

		if (strchr("&<>\"'", *name) || (uint8_t)*name < 0x20) {
			(void)snprintf(coded, sizeof coded, "&#%u;", (unsigned)(uint8_t)*name);
			buf_str(out, coded);
		} else {
			buf_u8(out, (uint8_t)*name);
		}
	}
}

const char *named_media(const char *name)
{
	static const struct {
		const char *end, *type;
	} types[] = {
	    {".pdf", "application/pdf"},
	    {".xml", "application/xml"},
	    {".json", "application/json"},
	    {".txt", "text/plain"},
	    {".csv", "text/csv"},
	    {".html", "text/html"},
	    {".png", "image/png"},
	    {".jpg", "image/jpeg"},
	    {".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
	    {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	    {".odt", "application/vnd.oasis.opendocument.text"},
	    {".zip", "application/zip"},
	};
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		size_t e = strlen(types[i].end);

		if (n > e && !strcasecmp(name + n - e, types[i].end))
			return types[i].type;
	}
	return "application/octet-stream";
}
