/* SPDX-License-Identifier: BSD-2-Clause */
/* VERIFY, the operations of one client, logout: one card transaction, which nobody else rides. */
#include <string.h>
#include <unistd.h>

#include "daemon/daemon.h"
#include "util/clock.h"
#include "token/hold.h"
#include "util/log.h"

/* After an operation, and after a mere login, the same client is expected back at once. */
#define LINGER_MS	100
#define LINGER_LOGIN_MS 300
/* With nobody of ours waiting a foreign program may still be. */
#define ALONE_MS 1000
/* PINs for single operations follow each other in one window so long: the last one's operation then
 * has TURN_MS to come. */
#define AGAIN_MS (ALONE_MS - TURN_MS)
/* pcscd asks whether a reader is in somebody's transaction before it waits for the reader. A
 * command that another program sent just before ours began may wait there still, and would come
 * behind our VERIFY: it is let by. */
#define LET_BY_MS 5

/* The token whose serial number was looked at: no PIN goes to one that came since. */
static struct token_at at_of(const struct worker *w)
{
	return (struct token_at){
	    .tokens = w->daemon->tokens, .slot = w->slot, .generation = w->noted};
}

void window_close(struct worker *w)
{
	struct token_at at = at_of(w);
	enum ecert_rc rc;

	if (!w->window.held)
		return;
	rc = token_logout(&at);
	if (rc != ECERT_OK)
		log_info("slot %u: logout: %s", w->slot, ecert_rc_name(rc));
	token_release(&at);
	memset(&w->window, 0, sizeof w->window);
}

static enum ecert_rc open_window(struct worker *w, uint64_t client)
{
	struct token_at at = at_of(w);
	enum ecert_rc rc;

	window_close(w);
	rc = token_hold(&at);
	if (rc != ECERT_OK)
		return rc;
	(void)usleep(LET_BY_MS * 1000);
	w->window = (struct window){.client = client, .held = true, .opened = clock_ms()};
	w->window.last = w->window.verified = w->window.opened;
	return ECERT_OK;
}

/* The card refused a PIN that it had taken from this client: it was changed elsewhere. The one try
 * that this cost is the last that is spent on it, also for the others who gave the same one. */
static enum ecert_rc refused(struct worker *w, uint64_t client, enum ecert_rc rc)
{
	switch (rc) {
	case ECERT_E_PIN_WRONG:
	case ECERT_E_PIN_BLOCKED:
	case ECERT_E_PIN_FORMAT:
		pins_refused(&w->pins, client);
		return ECERT_E_AUTH;
	case ECERT_E_PIN_LAST_TRY:
		pins_drop(&w->pins, client);
		return ECERT_E_AUTH;
	case ECERT_E_RESET:
		pins_drop(&w->pins, client);
		return rc;
	default:
		return rc;
	}
}

uint32_t window_generation(struct worker *w)
{
	struct token_slot slot[TOKEN_SLOTS_MAX];
	size_t n;

	if (tokens_slots(w->daemon->tokens, false, slot, TOKEN_SLOTS_MAX, &n) != ECERT_OK)
		return 0;
	return w->slot < n ? slot[w->slot].generation : 0;
}

enum ecert_rc window_for(struct worker *w, uint64_t client)
{
	struct token_at at = at_of(w);
	enum token_user user = pins_user(&w->pins, client, window_generation(w));
	int tries;
	enum ecert_rc rc;

	if (user == TOKEN_NOBODY) {
		pins_drop(&w->pins, client);
		return ECERT_E_AUTH;
	}
	if (w->window.held && w->window.client == client && token_user(&at) == user) {
		w->window.last = clock_ms();
		return ECERT_OK;
	}
	rc = open_window(w, client);
	if (rc != ECERT_OK)
		return rc;
	/* Not unspent: what was kept of a PIN pays for no key with PIN always. */
	rc = token_login(&at, user, pins_secret(&w->pins, client), 0, &tries);
	if (rc != ECERT_OK)
		window_close(w);
	return refused(w, client, rc);
}

enum ecert_rc window_login(struct worker *w, uint64_t client, enum token_user user,
    struct rd secret, unsigned flags, int *tries)
{
	struct token_at at = at_of(w);
	enum ecert_rc rc = open_window(w, client);

	*tries = -1;
	if (rc != ECERT_OK)
		return rc;
	rc = token_login(&at, user, secret, flags, tries);
	w->window.unspent = rc == ECERT_OK && user == TOKEN_USER;
	w->window.verified = clock_ms();
	w->window.last = w->window.verified + LINGER_LOGIN_MS - LINGER_MS;
	if (rc != ECERT_OK)
		window_close(w);
	return rc;
}

/* Whether another VERIFY may follow in it, without a logout between. */
static bool goes_on(struct worker *w, uint64_t client)
{
	struct token_at at = at_of(w);
	bool others;

	if (!w->window.held || w->window.client != client ||
	    clock_ms() - w->window.opened >= AGAIN_MS || token_user(&at) != TOKEN_USER)
		return false;
	(void)pthread_mutex_lock(&w->lock);
	others = queue_others(&w->queue, client);
	(void)pthread_mutex_unlock(&w->lock);
	return !others;
}

enum ecert_rc window_login_once(
    struct worker *w, uint64_t client, uint8_t ref, struct rd secret, unsigned flags, int *tries)
{
	struct token_at at = at_of(w);
	enum ecert_rc rc;

	if (goes_on(w, client)) {
		rc = token_login_once(&at, ref, secret, flags, tries);
		w->window.unspent = false;
		w->window.verified = clock_ms();
		/* Whatever the card holds for verified now. */
		if (rc != ECERT_OK)
			window_close(w);
	} else {
		rc = window_login(w, client, TOKEN_USER, secret, flags, tries);
		if (rc == ECERT_OK)
			rc = token_pay_once(&at, ref);
	}
	return rc;
}

/* Instead of what it has paid for, the client sends the next PIN: that one waits like anybody's, or
 * nobody else would ever have a turn. */
static bool pays_again(const struct worker *w)
{
	const struct job *next = queue_next(&w->queue, w->window.client);

	return next && next->q.type == IPC_LOGIN_ONCE;
}

int64_t window_deadline(const struct worker *w, bool others)
{
	const struct window *win = &w->window;
	int64_t linger = win->last + LINGER_MS;
	int64_t most = win->opened + (win->always ? AGAIN_MS : ALONE_MS);

	if (!win->held)
		return 0;
	/* What login-once has paid for comes next: even with others waiting, up to the bound. */
	if (win->once != 0 && !(others && pays_again(w)))
		return others ? win->verified + TURN_MS : win->opened + ALONE_MS;
	if (others)
		return win->opened;
	return linger < most ? linger : most;
}
