/* SPDX-License-Identifier: BSD-2-Clause */
/* What ecert-desk has while it runs. Its two threads, that of http's connections and that of the
 * door and of the deeds, change it with the lock held. */
#ifndef ECERT_DESK_DESK_H
#define ECERT_DESK_DESK_H

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

#include "desk/page.h"
#include "http/http.h"

#define DESK_CODES	8     /* that may be out at once */
#define DESK_CODE_MS	10000 /* and how long each is good, once */
#define DESK_HAND_MS	60000 /* when a person carries it to a browser */
#define DESK_SESSIONS	8
#define DESK_SESSION_MS (12 * 3600 * 1000) /* without a request */
#define DESK_WORD	48  /* a code or a session's token in base64url, with its end */
#define DESK_VALUE	256 /* of a variable that whoever knocks hands over */

#define DESK_TRAYS  16
#define DESK_FILES  1000		/* in a tray */
#define DESK_TRAY_N (UINT64_C(4) << 30) /* bytes in a tray */
#define DESK_PIECE  (4u << 20)		/* of a file, at a time */
#define DESK_NAME   200			/* bytes of a file's name */

#define DESK_DEEDS   8		 /* that are remembered, those under way among them */
#define DESK_RUNNING 3		 /* under way at once; of those that ask for a PIN one */
#define DESK_SAID    (16u << 20) /* bytes of what one says */
#define DESK_REQUEST 65536u	 /* bytes of what one is told */
#define DESK_UNHEARD_MS                                                                            \
	150000 /* nobody asks what it says: it ends. A page in the background asks                 \
		* once a minute. */

/* What a person's session knows and a service of it may not: whoever knocks hands it over. */
enum desk_variable {
	DESK_DISPLAY,
	DESK_WAYLAND,
	DESK_XAUTHORITY,
	DESK_BUS,
	DESK_LANGUAGE, /* "zh_HK": of the page, until another one is chosen there */
	DESK_VARIABLES
};

struct desk_word {
	char text[DESK_WORD]; /* "": free */
	int64_t until;	      /* clock_ms: it is good so long */
};

/* A folder of what was dropped together, and what was made of it. */
#define TRAY_FILES   "files"
#define TRAY_ANCHORS "anchors"
struct tray {
	int id;		     /* 0: free */
	int folder, anchors; /* open folders: what was dropped; CAs to trust for it */
	char path[PATH_MAX];
	size_t files;
	uint64_t bytes;
	int64_t used; /* clock_ms */
};

/* A deed in a process of its own. */
struct deed {
	int id;		 /* 0: free */
	pid_t pid;	 /* and its group; 0: over */
	int channel;	 /* -1: over */
	int tray;	 /* that it works in; 0: none */
	bool asks;	 /* it may ask for a PIN */
	bool asking;	 /* it does */
	bool ended;	 /* it said so */
	bool stopped;	 /* by a person, or because nobody hears it */
	struct buf said; /* whole lines of JSON, and the beginning of one */
	size_t whole;	 /* bytes of said that are lines */
	int64_t heard;	 /* clock_ms: somebody asked what it says */
};

struct desk {
	pthread_mutex_t lock;
	char host[64], origin[80]; /* "RANDOM.localhost:PORT", and with http:// before it */
	unsigned port;
	struct desk_word codes[DESK_CODES], sessions[DESK_SESSIONS];
	char variable[DESK_VARIABLES][DESK_VALUE];
	int64_t seen; /* clock_ms: somebody who may was here */
	struct page page;

	char folder[PATH_MAX]; /* of the trays */
	int base;	       /* that folder, open and locked; -1 */
	int next;	       /* number of a tray or a deed */
	struct tray trays[DESK_TRAYS];

	const char *program; /* that does deeds; NULL: where it was installed */
	struct deed deeds[DESK_DEEDS];

	int door;    /* listening Unix socket */
	int wake;    /* eventfd of the thread of door and deeds */
	int idle_ms; /* it ends when nobody was here for so long; 0: never */
	atomic_bool stopping;
	struct http_server *http;
	pthread_t thread;
};

/* ---- who may (gate.c) ---- */
/* Names of our own: host and origin, for this port. Errors: ECERT_E_CRYPTO. */
enum ecert_rc gate_open(struct desk *d, unsigned port) MUST_CHECK;
/* A code that opens a session, for somebody who knocked, and who types it when by_hand; DESK_WORD
 * bytes. Errors: ECERT_E_CRYPTO. */
enum ecert_rc gate_code(struct desk *d, bool by_hand, char *out) MUST_CHECK;
/* A session for the code, which is used up; DESK_WORD bytes. Errors: ECERT_E_DENIED,
 * ECERT_E_CRYPTO. */
enum ecert_rc gate_enter(struct desk *d, const char *code, char *out) MUST_CHECK;
/* http_service's admit and welcome; ctx is the desk. */
bool gate_admit(void *ctx, const struct http_head *h, struct http_answer *a);
bool gate_welcome(void *ctx, const struct sockaddr *from);
/* Whose socket on this machine is connected from there to our port: its user. Errors:
 * ECERT_E_NOT_FOUND (nobody's), ECERT_E_IO (the kernel does not say). */
enum ecert_rc peer_user(const struct sockaddr *from, unsigned port, uid_t *uid) MUST_CHECK;

/* ---- files (trays.c, files.c) ---- */
/* The folder of all, empty and locked. Errors: ECERT_E_EXISTS (another desk has it), ECERT_E_IO. */
enum ecert_rc trays_open(struct desk *d) MUST_CHECK;
void trays_close(struct desk *d);
/* NULL: there is none of this number. */
struct tray *tray_of(struct desk *d, int id);
/* NULL: there is no room, or all are worked in. */
struct tray *tray_make(struct desk *d);
bool tray_is_worked_in(const struct desk *d, const struct tray *t);
void tray_clear(struct tray *t);
http_handler answer_tray, answer_tray_file, answer_tray_put, answer_tray_get, answer_tray_forget;

/* ---- deeds (deeds.c, run.c) ---- */
http_handler answer_deed, answer_deed_said, answer_deed_stop;
struct deed *deed_of(struct desk *d, int id);
/* Starts the program with this request. Errors: ECERT_E_NOT_FOUND (no such program),
 * ECERT_E_MEMORY, ECERT_E_IO. */
enum ecert_rc deed_start(struct desk *d, struct deed *deed, const char *request) MUST_CHECK;
/* Something came from it, or it ended. */
void deed_hear(struct deed *deed);
/* As a person stops it. */
void deed_stop(struct deed *deed);
void deed_forget(struct deed *deed);

/* ---- the other thread (door.c, turn.c) ---- */
/* $XDG_RUNTIME_DIR/ecert-desk.sock. Errors: ECERT_E_NOT_FOUND, ECERT_E_TOO_LARGE. */
enum ecert_rc door_path(char *out, size_t cap) MUST_CHECK;
/* Somebody knocks: gets an address when it is our own user. */
void door_answer(struct desk *d);
enum ecert_rc turn_start(struct desk *d) MUST_CHECK;
void turn_wake(struct desk *d);
void turn_end(struct desk *d);

/* ---- answers ---- */
http_handler answer_enter, answer_here, answer_page, answer_words;
extern const struct http_route desk_routes[];
extern const size_t desk_routes_n;
extern const http_header desk_headers[];

#endif
