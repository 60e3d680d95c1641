/* SPDX-License-Identifier: BSD-2-Clause */
/* Waits until pcscd has a card in a reader and prints the reader's name: `wait-card SECONDS`; or
 * until it has none: `wait-card SECONDS gone`. `wait-card SECONDS hold` takes the card for itself.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <winscard.h>

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The first reader with a card that answers, into name; false when there is none. */
static int find(SCARDCONTEXT ctx, char name[MAX_READERNAME])
{
	char names[4096];
	DWORD n = sizeof names;

	if (SCardListReaders(ctx, NULL, names, &n) != SCARD_S_SUCCESS)
		return 0;
	for (const char *p = names; *p; p += strlen(p) + 1) {
		SCARD_READERSTATE st = {.szReader = p};

		if (SCardGetStatusChange(ctx, 0, &st, 1) == SCARD_S_SUCCESS &&
		    (st.dwEventState & SCARD_STATE_PRESENT) &&
		    !(st.dwEventState & SCARD_STATE_MUTE)) {
			memcpy(name, p, strnlen(p, MAX_READERNAME - 1) + 1);
			return 1;
		}
	}
	return 0;
}

/* As gpg's scdaemon does. */
static int hold(double seconds)
{
	const struct timespec nap = {(time_t)seconds, 0};
	char name[MAX_READERNAME];
	SCARDCONTEXT ctx;
	SCARDHANDLE card;
	DWORD protocol;

	if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &ctx) != SCARD_S_SUCCESS ||
	    !find(ctx, name) ||
	    SCardConnect(ctx, name, SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1,
		&card, &protocol) != SCARD_S_SUCCESS)
		return 1;
	puts(name);
	fflush(stdout);
	nanosleep(&nap, NULL);
	SCardDisconnect(card, SCARD_LEAVE_CARD);
	SCardReleaseContext(ctx);
	return 0;
}

int main(int argc, char **argv)
{
	double until = now() + (argc > 1 ? atof(argv[1]) : 10);
	int want = argc < 3;
	const struct timespec nap = {0, 20 * 1000 * 1000};
	char name[MAX_READERNAME] = "";

	if (argc > 2 && !strcmp(argv[2], "hold"))
		return hold(atof(argv[1]));
	do {
		SCARDCONTEXT ctx;
		int found = -1;

		if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &ctx) ==
		    SCARD_S_SUCCESS) {
			found = find(ctx, name);
			SCardReleaseContext(ctx);
		}
		if (found == want) {
			puts(want ? name : "");
			return 0;
		}
		nanosleep(&nap, NULL);
	} while (now() < until);
	return 1;
}
