/* SPDX-License-Identifier: BSD-2-Clause */
/* General-purpose functions: C_Initialize, C_Finalize, C_GetInfo (5.4). */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pkcs11/op/able.h"
#include "pkcs11/module.h"
#include "pkcs11/api/operation_state_priv.h"
#include "pkcs11/object/place.h"
#include "pkcs11/rvlist.h"
#include "pkcs11/session_table.h"
#include "pkcs11/object/store.h"
#include "util/log.h"
#include "util/mem.h"
#include "util/text.h"

static const struct timespec a_moment = {0, 1000000};
/* One C_Initialize or C_Finalize at a time; no mutex, because a forked child has to open it. */
static atomic_bool initializing;
static char said_reader[sizeof p11.config.reader]; /* by the program; "": as configured */
static pthread_once_t fork_once = PTHREAD_ONCE_INIT;
static pthread_once_t exit_once = PTHREAD_ONCE_INIT;

/* The tables are whole in the child when the fork waits for the one who changes them. */
static void fork_prepare(void)
{
	(void)pthread_mutex_lock(&p11.lock);
}

static void fork_parent(void)
{
	(void)pthread_mutex_unlock(&p11.lock);
}

/* The gate is made anew by C_Initialize: until then nobody here touches it. */
static void fork_child(void)
{
	atomic_fetch_add(&p11.forks, 1);
	atomic_store(&initializing, false);
	(void)pthread_mutex_unlock(&p11.lock);
}

static void init_begin(void)
{
	while (atomic_exchange(&initializing, true))
		nanosleep(&a_moment, NULL);
}

static void init_end(void)
{
	atomic_store(&initializing, false);
}

static void fork_watch(void)
{
	if (pthread_atfork(fork_prepare, fork_parent, fork_child))
		log_error("pthread_atfork failed");
}

/*
 * ssh and others end without C_Finalize, and the card would stay verified for the next program.
 * Nothing is freed here: OpenSSL may have gone already. A call that is still under way in another
 * thread is not waited for.
 */
static void logout_all(void)
{
	if (!atomic_load(&p11.up) || atomic_load(&p11.forks) != atomic_load(&p11.forks_seen) ||
	    pthread_rwlock_trywrlock(&p11.gate))
		return;
	for (unsigned slot = 0; slot < TOKEN_SLOTS_MAX; slot++) {
		const struct token_at at = {.tokens = p11.tokens, .slot = slot};

		if (token_user(&at) != TOKEN_NOBODY && token_logout(&at) != ECERT_OK)
			log_error("slot %u: the logout at the end of the process failed", slot);
	}
	(void)pthread_rwlock_unlock(&p11.gate);
}

static void exit_watch(void)
{
	if (atexit(logout_all))
		log_error("atexit failed");
}

void p11_logout_at_exit(void)
{
	(void)pthread_once(&exit_once, exit_watch);
}

/*
 * What a forked child inherited. Nothing is sent: the connections are the parent's. A C_Finalize
 * that was under way in the parent leaves a token in pieces, which is left alone.
 */
static void discard_inherited(void)
{
	(void)pthread_rwlock_init(&p11.gate, NULL);
	sessions_discard();
	store_discard();
	slots_forget();
	operation_state_forget();
	places_forget();
	able_forget_all();
	if (atomic_load(&p11.stopping))
		p11.tokens = NULL;
	tokens_close(&p11.tokens);
	atomic_store(&p11.stopping, false);
	atomic_store(&p11.up, false);
}

/* 5.4.1: the four ways of asking for locks. We always lock, with the system's. */
static CK_RV check_args(const CK_C_INITIALIZE_ARGS *args)
{
	int given;

	if (!args)
		return CKR_OK;
	if (args->pReserved)
		return CKR_ARGUMENTS_BAD;
	given = !!args->CreateMutex + !!args->DestroyMutex + !!args->LockMutex +
		!!args->UnlockMutex;
	if (given != 0 && given != 4)
		return CKR_ARGUMENTS_BAD;
	if (given == 4 && !(args->flags & CKF_OS_LOCKING_OK))
		return CKR_CANT_LOCK;
	return CKR_OK;
}

static CK_RV module_start(const CK_C_INITIALIZE_ARGS *args)
{
	struct tokens_config cfg;
	enum ecert_rc rc;

	(void)pthread_once(&fork_once, fork_watch);
	log_init();
	if (atomic_load(&p11.up) && atomic_load(&p11.forks) != atomic_load(&p11.forks_seen))
		discard_inherited();
	if (atomic_load(&p11.up))
		return CKR_CRYPTOKI_ALREADY_INITIALIZED;
	config_load(&p11.config);
	if (*said_reader)
		text_copy(p11.config.reader, sizeof p11.config.reader, said_reader);
	cfg = config_tokens(&p11.config);
	cfg.no_threads = args && args->flags & CKF_LIBRARY_CANT_CREATE_OS_THREADS;
	rc = p11_tokens_open(&cfg, &p11.tokens);
	if (rc != ECERT_OK)
		return rc == ECERT_E_NO_SERVICE ? CKR_FUNCTION_FAILED : p11_rv(rc);
	atomic_store(&p11.forks_seen, atomic_load(&p11.forks));
	atomic_store(&p11.up, true);
	return CKR_OK;
}

unsigned long p11_set_reader(const char *where)
{
	if (where && strlen(where) >= sizeof said_reader)
		return CKR_ARGUMENTS_BAD;
	init_begin();
	text_copy(said_reader, sizeof said_reader, where ? where : "");
	init_end();
	return CKR_OK;
}

CK_RV C_Initialize(CK_VOID_PTR pInitArgs)
{
	CK_RV rv = check_args(pInitArgs);

	if (rv == CKR_OK) {
		init_begin();
		rv = module_start(pInitArgs);
		init_end();
	}
	rv = rv_listed(__func__, rv);
	p11_trace(__func__, 0, rv);
	return rv;
}

/* Waits until every other call has left; a blocked C_WaitForSlotEvent is woken (5.5.7). */
static void drain(void)
{
	atomic_store(&p11.stopping, true);
	while (pthread_rwlock_trywrlock(&p11.gate)) {
		tokens_cancel_wait(p11.tokens);
		nanosleep(&a_moment, NULL);
	}
}

CK_RV C_Finalize(CK_VOID_PTR pReserved)
{
	CK_RV rv;

	init_begin();
	rv = p11_enter(__func__, !pReserved);
	if (rv != CKR_OK)
		goto out;
	(void)pthread_rwlock_unlock(&p11.gate);
	drain();
	sessions_close_all();
	store_discard();
	slots_forget();
	operation_state_forget();
	able_forget_all();
	for (size_t i = 0; i < TOKEN_SLOTS_MAX; i++)
		atomic_store(&p11.wrong_pin[i], 0);
	tokens_close(&p11.tokens);
	mem_wipe(p11.reject_key, sizeof p11.reject_key);
	p11.reject_key_made = false;
	atomic_store(&p11.up, false);
	atomic_store(&p11.stopping, false);
	rv = p11_leave(__func__, CKR_OK);
out:
	init_end();
	return rv;
}

CK_RV C_GetInfo(CK_INFO_PTR pInfo)
{
	CK_RV rv = p11_enter(__func__, pInfo);

	if (rv != CKR_OK)
		return rv;
	*pInfo = (CK_INFO){.flags = 0};
	pInfo->cryptokiVersion = (CK_VERSION){3, 2};
	pInfo->libraryVersion = (CK_VERSION){0, 1};
	p11_text(pInfo->manufacturerID, sizeof pInfo->manufacturerID, "e-Cert Token Middleware");
	p11_text(pInfo->libraryDescription, sizeof pInfo->libraryDescription, "e-Cert PIV tokens");
	return p11_leave(__func__, CKR_OK);
}
