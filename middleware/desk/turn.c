/* SPDX-License-Identifier: BSD-2-Clause */
/* The thread of the door and of the deeds: hears both, and sees that all ends when nobody is here.
 */
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "desk/desk.h"
#include "util/clock.h"

#define LOOK_MS 1000 /* so often it is looked whether somebody is still here */

/* Fills fds with the channels of deeds under way; of[i]: whose the i-th is. */
static nfds_t channels(struct desk *d, struct pollfd *fds, struct deed **of)
{
	nfds_t n = 0;

	for (size_t i = 0; i < DESK_DEEDS; i++)
		if (d->deeds[i].channel >= 0) {
			of[n] = &d->deeds[i];
			fds[n++] = (struct pollfd){d->deeds[i].channel, POLLIN, 0};
		}
	return n;
}

/* What nobody waits for any more ends; true: nobody was here for long. */
static bool look(struct desk *d)
{
	const int64_t now = clock_ms();
	bool busy = false;

	for (size_t i = 0; i < DESK_DEEDS; i++) {
		struct deed *deed = &d->deeds[i];

		if (deed->channel < 0)
			continue;
		busy = true;
		if (now - deed->heard > DESK_UNHEARD_MS)
			deed_stop(deed);
	}
	return d->idle_ms && !busy && now - d->seen > d->idle_ms;
}

static void *turn(void *arg)
{
	struct desk *d = arg;
	struct pollfd fds[2 + DESK_DEEDS];
	struct deed *of[DESK_DEEDS];
	uint64_t n;
	nfds_t open;
	bool over = false;

	while (!over && !atomic_load(&d->stopping)) {
		fds[0] = (struct pollfd){d->wake, POLLIN, 0};
		fds[1] = (struct pollfd){d->door, POLLIN, 0};
		(void)pthread_mutex_lock(&d->lock);
		open = channels(d, fds + 2, of);
		(void)pthread_mutex_unlock(&d->lock);
		if (poll(fds, 2 + open, LOOK_MS) < 0 && errno != EINTR)
			break;
		if (fds[0].revents)
			(void)!read(d->wake, &n, sizeof n);
		if (fds[1].revents)
			door_answer(d);
		(void)pthread_mutex_lock(&d->lock);
		for (nfds_t i = 0; i < open; i++)
			/* Forgotten meanwhile, its place may be another one's. */
			if (fds[2 + i].revents && of[i]->channel == fds[2 + i].fd)
				deed_hear(of[i]);
		over = look(d);
		(void)pthread_mutex_unlock(&d->lock);
	}
	http_stop(d->http);
	return NULL;
}

enum ecert_rc turn_start(struct desk *d)
{
	d->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (d->wake < 0)
		return ECERT_E_IO;
	return pthread_create(&d->thread, NULL, turn, d) == 0 ? ECERT_OK : ECERT_E_MEMORY;
}

void turn_wake(struct desk *d)
{
	const uint64_t one = 1;

	(void)!write(d->wake, &one, sizeof one);
}

void turn_end(struct desk *d)
{
	atomic_store(&d->stopping, true);
	turn_wake(d);
	(void)pthread_join(d->thread, NULL);
	(void)close(d->wake);
}
