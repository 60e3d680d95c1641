/* SPDX-License-Identifier: BSD-2-Clause */
/* The module loaded, its tokens listed, one chosen. */
#include "client/p11.h"

#include <dlfcn.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/pick.h"
#include "client/slot.h"
#include "ecert/vendor.h"
#include "util/file.h"

#define MODULE_NAME "ecert-pkcs11.so"

const char *p11_default_module(char *path, size_t cap)
{
	const char *named = secure_getenv("ECERT_MODULE");

	if (named && *named)
		return named;
	if (!file_beside_program("/pkcs11/" MODULE_NAME, R_OK, path, cap))
		snprintf(path, cap, "%s/" MODULE_NAME, PKCS11_DIR);
	return path;
}

bool p11_foreign(const struct job *job)
{
	return job->module && !strstr(job->module, MODULE_NAME);
}

static enum outcome no_module(const struct p11 *p, const char *why)
{
	return ui_fail(p->job->ui, OUT_CARD, "module-unloadable",
	    MSG("{file} is not a PKCS#11 module that can be loaded: {why}", P_FILE("file", p->path),
		P_WORD("why", why)),
	    MSG("Check the path given with --module (a PKCS#11 module ends in .so)."));
}

/* Before libp11, which would write to standard error by itself when it cannot load a file. */
static enum outcome own_table(struct p11 *p)
{
	CK_C_GetFunctionList get = NULL;

	p->library = dlopen(p->path, RTLD_NOW | RTLD_LOCAL);
	if (!p->library)
		return no_module(p, access(p->path, R_OK) ? MSG_ID("no such file")
							  : MSG_ID("it is something else"));
	get = (CK_C_GetFunctionList)dlsym(p->library, "C_GetFunctionList");
	if (!get || get(&p->fn) != CKR_OK || !p->fn)
		return no_module(p, MSG_ID("it is another kind of library"));
	return OUT_OK;
}

enum ecert_rc p11_say_reader(void *library, const struct job *job)
{
	CK_C_GetInterface get = (CK_C_GetInterface)dlsym(library, "C_GetInterface");
	CK_UTF8CHAR name[] = ECERT_INTERFACE;
	CK_INTERFACE *found = NULL;
	const struct ecert_settings *settings;

	if (!get || get(name, NULL, &found, 0) != CKR_OK || !found)
		return ECERT_OK;
	settings = found->pFunctionList;
	return settings->set_reader(job->reader) == CKR_OK ? ECERT_OK : ECERT_E_ARG;
}

/* No slot at all is no error here, but one to libp11. */
static enum outcome list_slots(struct p11 *p)
{
	CK_ULONG n = 0;

	if (p->fn->C_GetSlotList(CK_FALSE, NULL, &n) == CKR_OK && !n)
		return OUT_OK;
	ERR_clear_error();
	if (PKCS11_enumerate_slots(p->ctx, &p->slots, &p->slots_n))
		return ui_fail_rc(p->job->ui, p11_error(), MSG("Cannot list the tokens: {why}"));
	return OUT_OK;
}

static enum outcome load(struct p11 *p)
{
	enum outcome code = own_table(p);

	if (!code)
		code = ui_fail_rc(p->job->ui, p11_say_reader(p->library, p->job),
		    MSG("Cannot start the module {file}: {why}", P_FILE("file", p->path)));
	if (code)
		return code;
	ERR_clear_error();
	p->ctx = PKCS11_CTX_new();
	if (!p->ctx)
		return ui_fail_rc(p->job->ui, ECERT_E_MEMORY, MSG("Cannot load the module: {why}"));
	if (PKCS11_CTX_load(p->ctx, p->path)) {
		enum ecert_rc rc = p11_error();

		PKCS11_CTX_free(p->ctx);
		p->ctx = NULL;
		/* No card is asked yet: the daemon that the user wants is not there. */
		if (p->ours && rc == ECERT_E_CARD)
			rc = ECERT_E_NO_SERVICE;
		return ui_fail_rc(p->job->ui, rc,
		    MSG("Cannot start the module {file}: {why}", P_FILE("file", p->path)));
	}
	return list_slots(p);
}

enum outcome p11_open(const struct job *job, struct p11 *out)
{
	const char *path;
	enum outcome code;

	*out = (struct p11){.job = job};
	path = job->module ? job->module : p11_default_module(out->path, sizeof out->path);
	if (path != out->path &&
	    snprintf(out->path, sizeof out->path, "%s", path) >= (int)sizeof out->path)
		return ui_fail(job->ui, OUT_USAGE, "name-too-long",
		    MSG("The path of the module is too long"), NULL);
	out->ours = strstr(out->path, MODULE_NAME);
	code = load(out);
	if (code)
		p11_close(out);
	return code;
}

void p11_close(struct p11 *p)
{
	if (p->slots)
		PKCS11_release_all_slots(p->ctx, p->slots, p->slots_n);
	if (p->ctx) {
		PKCS11_CTX_unload(p->ctx);
		PKCS11_CTX_free(p->ctx);
	}
	if (p->library)
		dlclose(p->library);
	pin_free(&p->pin);
	ERR_clear_error();
	*p = (struct p11){0};
}

static void trimmed(char *out, size_t cap, const char *s)
{
	size_t n = s ? strlen(s) : 0;

	while (n && s[n - 1] == ' ')
		n--;
	snprintf(out, cap, "%.*s", (int)n, n ? s : "");
}

size_t p11_candidates(const struct p11 *p, struct candidate *out, PKCS11_SLOT **slots, size_t cap)
{
	size_t n = 0;

	for (unsigned i = 0; i < p->slots_n && n < cap; i++) {
		PKCS11_SLOT *s = &p->slots[i];

		if (!s->token || !s->token->initialized)
			continue;
		trimmed(out[n].label, sizeof out[n].label, s->token->label);
		trimmed(out[n].serial, sizeof out[n].serial, s->token->serialnr);
		trimmed(out[n].where, sizeof out[n].where, s->description);
		out[n].slot_id = (long)PKCS11_get_slotid_from_slot(s);
		slots[n++] = s;
	}
	return n;
}

enum outcome p11_pick(struct p11 *p)
{
	struct candidate list[PICK_MAX];
	PKCS11_SLOT *slots[PICK_MAX];
	size_t n = p11_candidates(p, list, slots, PICK_MAX), chosen;
	enum outcome code;

	if (!n)
		return pick_explain_none(p->job, p->ours ? "ecert" : p->path);
	code = pick_token(p->job, list, n, &chosen);
	if (!code)
		p->slot = slots[chosen];
	return code;
}

enum outcome p11_begin(const struct job *job, struct p11 *out)
{
	enum outcome code = p11_open(job, out);

	return code ? code : p11_pick(out);
}

enum ecert_rc p11_present(const struct p11 *p)
{
	CK_TOKEN_INFO info;

	return rc_of_ckr(p->fn->C_GetTokenInfo(PKCS11_get_slotid_from_slot(p->slot), &info));
}

enum outcome p11_nothing_in(const struct p11 *p, uint8_t ref, const char *what, const char *hint)
{
	enum ecert_rc rc = p11_present(p);

	if (rc != ECERT_OK)
		return ui_fail_rc(p->job->ui, rc, MSG("Cannot read the token: {why}"));
	return ui_fail(p->job->ui, OUT_REFUSED, "slot-empty",
	    MSG("There is no {what} in slot {slot}", P_WORD("what", what),
		P_TEXT("slot", slot_name(ref))),
	    MSG(hint));
}
