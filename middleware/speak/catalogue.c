/* SPDX-License-Identifier: BSD-2-Clause */
/* Sentences from the catalogue. */
#include "speak/catalogue.h"

#include <libintl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "util/text.h"

#define DOMAIN "ecert"

const char *language_folder(void)
{
	const char *named = secure_getenv("ECERT_LOCALEDIR");

	return named && *named ? named : LOCALEDIR;
}

void language_catalogue(void)
{
#ifdef ENABLE_NLS
	(void)bindtextdomain(DOMAIN, language_folder());
	(void)bind_textdomain_codeset(DOMAIN, "UTF-8");
#endif
}

#ifdef ENABLE_NLS
/* A catalogue is a file from outside: a sentence of it that would move a terminal's cursor, or
 * hides something, is not said, and the English one is. Help has line ends and tabs. */
static const char *fit(const char *said, const char *id)
{
	struct rd t = rd_of(said, strlen(said));

	while (said != id && t.n) {
		uint32_t cp = 0;
		size_t n = text_char(t, &cp);

		if (!n || (!text_shown(cp) && cp != '\n' && cp != '\t'))
			return id;
		t = rd_of(t.p + n, t.n - n);
	}
	return said;
}
#endif

const char *language_of(const char *id)
{
#ifdef ENABLE_NLS
	return *id ? fit(dgettext(DOMAIN, id), id) : id;
#else
	return id;
#endif
}

const char *language_counted(const char *one, const char *many, unsigned long n)
{
#ifdef ENABLE_NLS
	return fit(dngettext(DOMAIN, one, many, n), n == 1 ? one : many);
#else
	return n == 1 ? one : many;
#endif
}

bool language_translated(void)
{
#ifdef ENABLE_NLS
	return *dgettext(DOMAIN, "") != 0;
#else
	return false;
#endif
}
