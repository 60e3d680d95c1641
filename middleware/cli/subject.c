/* SPDX-License-Identifier: BSD-2-Clause */
/* Subjects and alternative names as people type them. */
#include <ctype.h>
#include <openssl/err.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli/cert.h"
#include "document/json.h"

#define PART_MAX 256

static enum ecert_rc add(X509_NAME *name, const char *type, const char *value)
{
	int good = value[0] && X509_NAME_add_entry_by_txt(name, type, MBSTRING_UTF8,
				   (const unsigned char *)value, -1, -1, 0) == 1;

	ERR_clear_error();
	return good ? ECERT_OK : ECERT_E_MALFORMED;
}

/* One part up to an unescaped comma or slash; *text moves behind it. */
static bool next_part(const char **text, char end, char out[PART_MAX])
{
	size_t n = 0;
	const char *p = *text;

	while (isspace((unsigned char)*p))
		p++;
	while (*p && *p != end) {
		if (*p == '\\' && p[1])
			p++;
		if (n + 1 == PART_MAX)
			return false;
		out[n++] = *p++;
	}
	while (n && out[n - 1] == ' ')
		n--;
	out[n] = 0;
	*text = *p ? p + 1 : p;
	return true;
}

enum ecert_rc subject_parse(const char *text, X509_NAME *name, char *bad, size_t bad_size)
{
	char part[PART_MAX], end = *text == '/' ? '/' : ',';
	enum ecert_rc rc;

	cli_copy(bad, bad_size, text);
	text += end == '/';
	rc = *text ? ECERT_OK : ECERT_E_MALFORMED;
	while (!rc && *text) {
		char *eq;

		rc = next_part(&text, end, part) ? ECERT_OK : ECERT_E_MALFORMED;
		eq = rc ? NULL : strchr(part, '=');
		cli_copy(bad, bad_size, rc ? text : part);
		if (!eq)
			return ECERT_E_MALFORMED;
		*eq = 0;
		rc = add(name, part, eq + 1);
	}
	return rc;
}

enum ecert_rc san_parse(const char *text, GENERAL_NAMES *list)
{
	static const struct {
		const char *prefix;
		int type;
	} kinds[] = {{"email:", GEN_EMAIL}, {"dns:", GEN_DNS}, {"uri:", GEN_URI}};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		size_t n = strlen(kinds[i].prefix);
		GENERAL_NAME *g;
		ASN1_IA5STRING *s;

		if (strncasecmp(text, kinds[i].prefix, n) || !text[n])
			continue;
		for (const char *p = text; *p; p++)
			if (!isgraph((unsigned char)*p))
				return ECERT_E_MALFORMED;
		g = GENERAL_NAME_new();
		s = ASN1_IA5STRING_new();
		if (!g || !s || ASN1_STRING_set(s, text + n, -1) != 1) {
			GENERAL_NAME_free(g);
			ASN1_IA5STRING_free(s);
			return ECERT_E_MEMORY;
		}
		GENERAL_NAME_set0_value(g, kinds[i].type, s);
		if (sk_GENERAL_NAME_push(list, g))
			return ECERT_OK;
		GENERAL_NAME_free(g);
		return ECERT_E_MEMORY;
	}
	return ECERT_E_MALFORMED;
}

enum ecert_rc template_parse(
    struct rd json, X509_NAME *name, GENERAL_NAMES *list, char *bad, size_t bad_size)
{
	json_t *o = json_read(json, NULL);
	json_t *item, *value;
	const char *type;
	size_t i;
	enum ecert_rc rc = json_is_array(json_object_get(o, "subject")) ? ECERT_OK
									: ECERT_E_MALFORMED;

	cli_copy(bad, bad_size, "subject");
	json_array_foreach(json_object_get(o, "subject"), i, item)
	{
		json_object_foreach(item, type, value)
		{
			if (rc)
				break;
			snprintf(bad, bad_size, "%s", type);
			rc = json_is_string(value) ? add(name, type, json_string_value(value))
						   : ECERT_E_MALFORMED;
		}
	}
	json_array_foreach(json_object_get(o, "san"), i, item)
	{
		if (rc)
			break;
		snprintf(bad, bad_size, "san");
		rc = json_is_string(item) ? san_parse(json_string_value(item), list)
					  : ECERT_E_MALFORMED;
	}
	json_decref(o);
	return rc;
}
