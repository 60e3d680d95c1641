/* SPDX-License-Identifier: BSD-2-Clause */
/* Secrets in locked memory. */
#include "ui/pin.h"

#include <string.h>

#include "ui/guard.h"
#include "util/mem.h"

enum ecert_rc pin_new(struct pin *p)
{
	void *page;
	enum ecert_rc rc;

	*p = (struct pin){0};
	guard_secrets();
	rc = secret_alloc(PIN_TEXT_MAX + 1, &page);
	if (rc == ECERT_OK)
		p->text = page;
	return rc;
}

void pin_free(struct pin *p)
{
	secret_free(p->text, PIN_TEXT_MAX + 1);
	*p = (struct pin){0};
}

enum ecert_rc pin_set(struct pin *p, struct rd text)
{
	enum ecert_rc rc;

	if (text.n > PIN_TEXT_MAX)
		return ECERT_E_TOO_LARGE;
	if (!p->text) {
		rc = pin_new(p);
		if (rc != ECERT_OK)
			return rc;
	}
	mem_wipe(p->text, PIN_TEXT_MAX + 1);
	if (text.n)
		memcpy(p->text, text.p, text.n);
	p->n = text.n;
	return ECERT_OK;
}

struct rd pin_view(const struct pin *p)
{
	/* An empty PIN must not look like "no PIN" (a NULL view asks for the reader's key pad). */
	return (struct rd){(const uint8_t *)(p->text ? p->text : ""), p->n};
}
