/* SPDX-License-Identifier: BSD-2-Clause */
/* The report: TAP lines, the table of what the card supports, and that table as JSON. */
#include "applet-spec/conformance/conformance.h"

#include <stdarg.h>
#include <string.h>

struct feature_row {
	const char *key;  /* in JSON */
	const char *text; /* in the table */
};

static const struct feature_row rows[FEATURE_COUNT] = {
    [F_BASE] = {"base", "base PIV commands"},
    [F_METADATA] = {"metadata", "GET METADATA"},
    [F_ATTEST] = {"attestation", "ATTEST"},
    [F_SERIAL] = {"serial", "GET SERIAL"},
    [F_VERSION] = {"version", "GET VERSION"},
    [F_IMPORT] = {"import", "IMPORT KEY"},
    [F_MOVE] = {"move", "MOVE KEY"},
    [F_ECERT] = {"ecert", "e-Cert profile object"},
    [F_COUNTERS] = {"counters", "change and signature counters"},
    [F_CHAINING] = {"chaining", "command chaining"},
    [F_EXTENDED] = {"extended", "extended length"},
    [F_RSA2048] = {"rsa2048", "RSA-2048"},
    [F_RSA3072] = {"rsa3072", "RSA-3072"},
    [F_RSA4096] = {"rsa4096", "RSA-4096"},
    [F_P256] = {"p256", "P-256"},
    [F_P384] = {"p384", "P-384"},
    [F_ED25519] = {"ed25519", "Ed25519"},
    [F_X25519] = {"x25519", "X25519"},
    [F_SM2] = {"sm2", "SM2"},
    [F_RESET] = {"reset", "RESET"},
};

static const char *const words[] = {[UNKNOWN] = "unknown", [NO] = "no", [YES] = "yes"};

void report_ok(struct session *s, bool ok, const char *clause, const char *text)
{
	if (ok)
		s->passed++;
	else
		s->failed++;
	printf("%sok %u - %s: %s\n", ok ? "" : "not ", s->passed + s->failed + s->skipped, clause,
	    text);
	if (!ok)
		report_note("answered %04X with %zu bytes", s->a.sw, s->a.len);
}

void report_skip(struct session *s, const char *clause, const char *text, const char *why)
{
	s->skipped++;
	printf("ok %u - %s: %s # SKIP %s\n", s->passed + s->failed + s->skipped, clause, text, why);
}

void report_note(const char *fmt, ...)
{
	va_list ap;

	printf("# ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
}

void report_table(const struct session *s)
{
	report_note("%-32s %s", "card", s->model);
	for (size_t i = 0; i < FEATURE_COUNT; i++)
		report_note("%-32s %s", rows[i].text, words[s->has[i]]);
}

static void put_json(const struct session *s, FILE *f)
{
	fprintf(f, "{\n  \"model\": \"%s\"", s->model);
	for (size_t i = 0; i < FEATURE_COUNT; i++)
		fprintf(f, ",\n  \"%s\": \"%s\"", rows[i].key, words[s->has[i]]);
	fprintf(f, "\n}\n");
}

enum ecert_rc report_json(const struct session *s, const char *path)
{
	FILE *f = fopen(path, "w");
	int bad;

	if (f == NULL)
		return ECERT_E_IO;
	put_json(s, f);
	bad = ferror(f);
	return fclose(f) == 0 && !bad ? ECERT_OK : ECERT_E_IO;
}

/* A golden file is one that report_json wrote: a line a feature. */
void report_compare(struct session *s, const char *path)
{
	char made[4096], line[256];
	FILE *mem = fmemopen(made, sizeof made, "w"), *f = fopen(path, "r");
	bool same = mem != NULL && f != NULL;

	memset(made, 0, sizeof made);
	if (mem != NULL) {
		put_json(s, mem);
		(void)fclose(mem);
	}
	while (f != NULL && fgets(line, sizeof line, f) != NULL) {
		line[strcspn(line, ",\n")] = '\0';
		if (strstr(made, line) == NULL) {
			report_note("the stored file says%s", line);
			same = false;
		}
	}
	if (f != NULL)
		(void)fclose(f);
	report_ok(s, same, "stored capabilities", path);
}
