/* SPDX-License-Identifier: BSD-2-Clause */
/* What the server has open while it serves: the register twice, once for each of its threads, and
 * the status key. */
#ifndef ECERT_REGISTRY_SERVER_SERVICE_H
#define ECERT_REGISTRY_SERVER_SERVICE_H

#include <sys/stat.h>

#include "http/http.h"
#include "http/rate.h"
#include "publish/words.h"
#include "registry/registry.h"
#include "registry/status_key.h"
#include "trust/list/set.h"
#include "util/strlist.h"

#define KEPT	  4096 /* statuses that are kept */
#define KEPT_S	  30   /* for so many seconds, as long as nothing is written into the register */
#define RETRY_S	  10   /* what cannot be done now may be asked for again after so many seconds */
#define ISSUER_N  256
#define REQUEST_N 262144u /* bytes of an application */
#define REPORT_N  16384u  /* and of a report, whose letters may be escapes */

struct options {
	const char *store,
	    *status_key; /* status_key NULL: beside the register, as `ecert` has it */
	struct strlist anchors, crls;
};

/* A register that is opened anew when it was lost. */
struct opened {
	const char *where;
	struct registry *r; /* NULL: lost */
	int64_t tried;	    /* clock_ms */
	char issuer[ISSUER_N];
};
/* Errors: registry_open_as_it_is', registry_setting's (ECERT_E_NOT_FOUND: it is nobody's so far).
 */
enum ecert_rc opened_begin(
    struct opened *o, const char *where, struct message_kept *why) MUST_CHECK;
void opened_end(struct opened *o);
/* Is it there? Else a is the refusal. */
bool opened_there(struct opened *o, struct http_answer *a);
/* What it refused, which is no fault of who asked: it is opened anew. */
void opened_lost(struct opened *o, struct http_answer *a);

/* A status that was signed, and of which mark. */
struct kept {
	int64_t entries;	     /* of the register then */
	time_t until;		     /* it may be handed out before this moment */
	time_t spoke;		     /* how long the key might speak then */
	struct buf mark, text, says; /* says: status and reason */
};

/* Of the thread that has the connections. */
struct service {
	struct opened o;
	const char *key_path;
	struct status_key *key;
	struct stat key_file;
	int64_t key_seen; /* clock_ms */
	int64_t entries;  /* of the register, as of which the next ones are */
	int64_t counted;  /* clock_ms: when they were counted */
	bool known;
	time_t until;		 /* the status key may speak so long; 0: it may not */
	struct message_kept why; /* it may not */
	struct kept kept[KEPT];
};

/* Of the thread that answers what takes long. */
struct desk {
	struct opened o;
	const struct options *options;
	struct trust_set *trust; /* NULL: no application is taken */
	time_t trust_read;
	struct http_rates rates, reports;
	struct made {
		char type[256]; /* of a list */
		int64_t entries;
		time_t at;
		struct buf text;
	} list, feed;
};

/* Errors: opened_begin's, status_key_read's, file_read's, trust_set_add_file's; why says it. */
enum ecert_rc service_begin(
    struct service *s, const struct options *o, struct message_kept *why) MUST_CHECK;
void service_end(struct service *s);
enum ecert_rc desk_begin(
    struct desk *d, const struct options *o, struct message_kept *why) MUST_CHECK;
void desk_end(struct desk *d);

/* What is believed of the register and the key is so now, and the key may speak. Else a is the
 * refusal. */
bool service_speaks(struct service *s, time_t now, struct http_answer *a);

/* What a person sees of 503, in every language: no status is stated, or later. */
http_page page_unsaid, page_later;
/* A page of one language, with none of what was sent, that is answered with this status. */
void page_say(struct http_answer *a, int status, enum tongue t, enum word_id w);

/* The table of addresses; s and d are the contexts. */
extern const struct http_route server_routes[];
extern const size_t server_routes_n;

/* OpenID Federation 1.0: 8.4, 8.5, 8.6, 9 and 8.7; a request for a mark; what changed; what
 * somebody saw. */
http_handler answer_status, answer_list, answer_mark, answer_configuration, answer_historical,
    answer_application, answer_feed, answer_report;

#endif
