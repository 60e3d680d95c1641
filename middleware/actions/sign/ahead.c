/* SPDX-License-Identifier: BSD-2-Clause */
/* The threads of a batch, and the one that serves them. */
#include "actions/sign/ahead.h"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

enum state {
	RESTING, /* between two files */
	AT_WORK,
	WANTS_KEY,
	WANTS_NOTE,
	SERVED
};

struct line;
struct worker {
	struct line *line;
	pthread_t thread;
	pthread_cond_t turn;
	enum state state;
	size_t i; /* its file */
	struct ahead_hand hand;
	struct ui ui;
	struct ahead_end end;
	/* WANTS_KEY, and what came of it */
	enum doc_sig_alg alg;
	struct rd in;
	struct buf *raw;
	enum ecert_rc rc;
	const struct message *note; /* WANTS_NOTE */
	struct ui_progress at;
	bool moved; /* at is new */
};

struct line {
	const struct ahead *a;
	pthread_mutex_t lock; /* over all that follows, and the workers' fields */
	pthread_cond_t news;  /* for the thread that called */
	pthread_cond_t room;  /* for workers that are too far ahead */
	struct ahead_end end[AHEAD_ENDS];
	struct ui_progress last[AHEAD_ENDS]; /* what nobody saw yet of it; .total 0: nothing */
	bool over[AHEAD_ENDS];
	size_t next; /* the first file that no worker took */
	size_t told; /* the first one that nobody was told of */
	size_t turn; /* the first one that the key did not sign for */
	bool stop, stopped;
	struct worker worker[AHEAD_FILES];
	size_t workers;
};

/* ---- in a worker ---- */
/* Has the calling thread do what is wanted. */
static void ask(struct worker *w, enum state what)
{
	struct line *l = w->line;

	w->state = what;
	(void)pthread_cond_signal(&l->news);
	while (w->state == what)
		(void)pthread_cond_wait(&w->turn, &l->lock);
	w->state = AT_WORK;
}

static enum ecert_rc sign_by_turn(void *ctx, enum doc_sig_alg alg, struct rd in, struct buf *raw)
{
	struct worker *w = ctx;
	enum ecert_rc rc;

	(void)pthread_mutex_lock(&w->line->lock);
	w->alg = alg;
	w->in = in;
	w->raw = raw;
	ask(w, WANTS_KEY);
	rc = w->rc;
	(void)pthread_mutex_unlock(&w->line->lock);
	return rc;
}

static void note(void *ctx, const struct message *m)
{
	struct worker *w = ctx;

	(void)pthread_mutex_lock(&w->line->lock);
	w->note = m;
	ask(w, WANTS_NOTE);
	(void)pthread_mutex_unlock(&w->line->lock);
}

static void failed(void *ctx, const struct failure *f)
{
	struct worker *w = ctx;

	w->end.why = (struct signed_why){.code = f->code, .reason = f->reason};
	message_keep(&w->end.why.what, f->what);
	if (f->next)
		message_keep(&w->end.why.next, f->next);
}

static void progress(void *ctx, const struct ui_progress *at)
{
	struct worker *w = ctx;

	if (!at)
		return;
	(void)pthread_mutex_lock(&w->line->lock);
	w->at = *at;
	w->moved = true;
	(void)pthread_cond_signal(&w->line->news);
	(void)pthread_mutex_unlock(&w->line->lock);
}

static bool cancelled(void *ctx)
{
	struct worker *w = ctx;
	bool stop;

	(void)pthread_mutex_lock(&w->line->lock);
	stop = w->line->stop;
	w->end.given_up = w->end.given_up || stop;
	(void)pthread_mutex_unlock(&w->line->lock);
	return stop;
}

static const struct ui_calls calls = {
    .failed = failed, .note = note, .progress = progress, .cancelled = cancelled};

/* The next file; false: there is none any more. */
static bool take(struct worker *w)
{
	struct line *l = w->line;

	while (!l->stop && l->next < l->a->n && l->next >= l->told + AHEAD_ENDS)
		(void)pthread_cond_wait(&l->room, &l->lock);
	if (l->stop || l->next == l->a->n)
		return false;
	w->i = l->next++;
	w->end = (struct ahead_end){.code = OUT_OK};
	w->hand.hopeless = false;
	w->moved = false;
	w->state = AT_WORK;
	return true;
}

static void *work(void *arg)
{
	struct worker *w = arg;
	struct line *l = w->line;

	/* Of this thread, and of the readers that it starts. */
	(void)setpriority(PRIO_PROCESS, (id_t)gettid(), getpriority(PRIO_PROCESS, 0) + AHEAD_NICE);
	(void)pthread_mutex_lock(&l->lock);
	while (take(w)) {
		enum outcome code;

		(void)pthread_mutex_unlock(&l->lock);
		code = l->a->sign(l->a->ctx, &w->hand, w->i);
		(void)pthread_mutex_lock(&l->lock);
		w->end.code = code;
		w->end.hopeless = w->end.hopeless || w->hand.hopeless;
		l->stop = l->stop || w->end.hopeless;
		l->end[w->i % AHEAD_ENDS] = w->end;
		l->last[w->i % AHEAD_ENDS] = w->moved ? w->at : (struct ui_progress){.total = 0};
		l->over[w->i % AHEAD_ENDS] = true;
		w->state = RESTING;
		(void)pthread_cond_signal(&l->news);
	}
	(void)pthread_mutex_unlock(&l->lock);
	return NULL;
}

/* ---- in the thread that called; the lock is held, but for the while of what is done ---- */
static void answer(struct worker *w)
{
	w->state = SERVED;
	(void)pthread_cond_signal(&w->turn);
}

static void use_key(struct line *l, struct worker *w)
{
	bool ended = l->stop;

	l->turn = w->i >= l->turn ? w->i + 1 : l->turn;
	w->rc = ECERT_E_CANCELLED;
	(void)pthread_mutex_unlock(&l->lock);
	if (!ended && ui_cancelled(l->a->job->ui))
		l->stopped = true;
	else if (!ended)
		w->rc = l->a->key->sign(l->a->key->ctx, w->alg, w->in, w->raw);
	(void)pthread_mutex_lock(&l->lock);
	ended = ended || l->stopped;
	w->end.given_up = w->end.given_up || ended;
	/* Nothing is signed any more by a key that refused once: the PIN may be at stake. */
	l->stop = l->stop || ended || w->rc != ECERT_OK;
	w->end.hopeless = w->end.hopeless || (!ended && w->rc != ECERT_OK);
	answer(w);
}

static void tell(struct line *l)
{
	size_t i = l->told;
	struct ahead_end *end = &l->end[i % AHEAD_ENDS];
	struct ui_progress last = l->last[i % AHEAD_ENDS];
	bool more;

	(void)pthread_mutex_unlock(&l->lock);
	if (last.total)
		ui_progress(l->a->job->ui, &last);
	ui_progress(l->a->job->ui, NULL);
	end->given_up = end->given_up && end->code;
	more = l->a->told(l->a->ctx, i, end);
	(void)pthread_mutex_lock(&l->lock);
	l->over[i % AHEAD_ENDS] = false;
	l->told++;
	l->stop = l->stop || !more;
	(void)pthread_cond_broadcast(&l->room);
}

/* Somebody who presses Ctrl-C at a large file does not wait for its end. */
static void show(struct line *l, struct worker *w)
{
	struct ui_progress at = w->at;

	w->moved = false;
	(void)pthread_mutex_unlock(&l->lock);
	ui_progress(l->a->job->ui, &at);
	if (at.done < at.total && ui_cancelled(l->a->job->ui))
		l->stopped = true;
	(void)pthread_mutex_lock(&l->lock);
	l->stop = l->stop || l->stopped;
}

/* The message is the worker's, which waits. */
static void say(struct line *l, struct worker *w)
{
	(void)pthread_mutex_unlock(&l->lock);
	ui_note(l->a->job->ui, w->note);
	(void)pthread_mutex_lock(&l->lock);
	answer(w);
}

static bool is_over(const struct line *l, size_t i)
{
	return i < l->next && i < l->told + AHEAD_ENDS && l->over[i % AHEAD_ENDS];
}

/* What a worker waits for. Who is over goes first: that takes no time; then the key. */
static bool serve(struct line *l)
{
	struct worker *front = NULL, *key = NULL, *news = NULL;

	/* A file that failed before does not wait for it. */
	while (is_over(l, l->turn))
		l->turn++;
	for (size_t k = 0; k < l->workers; k++) {
		struct worker *w = &l->worker[k];

		if (w->state == WANTS_KEY && (w->i <= l->turn || l->stop))
			key = w;
		if (w->state == WANTS_NOTE)
			news = w;
		if (w->state != RESTING && w->i == l->told)
			front = w;
	}
	if (is_over(l, l->told))
		return tell(l), true;
	if (key)
		return use_key(l, key), true;
	if (news)
		return say(l, news), true;
	if (front && front->moved)
		return show(l, front), true;
	return false;
}

static void run(struct line *l)
{
	(void)pthread_mutex_lock(&l->lock);
	while (l->told < l->next || (!l->stop && l->next < l->a->n))
		if (!serve(l))
			(void)pthread_cond_wait(&l->news, &l->lock);
	l->stop = true;
	(void)pthread_cond_broadcast(&l->room);
	(void)pthread_mutex_unlock(&l->lock);
}

static void begin(struct line *l, struct worker *w)
{
	*w = (struct worker){.line = l};
	w->ui = (struct ui){&calls, w};
	w->hand.job = *l->a->job;
	w->hand.job.ui = &w->ui;
	w->hand.key = *l->a->key;
	w->hand.key.sign = sign_by_turn;
	w->hand.key.ctx = w;
	(void)pthread_cond_init(&w->turn, NULL);
}

enum ecert_rc ahead_run(const struct ahead *a, bool *stopped)
{
	struct line l = {.a = a};
	sigset_t all, before;
	bool good = true;

	(void)pthread_mutex_init(&l.lock, NULL);
	(void)pthread_cond_init(&l.news, NULL);
	(void)pthread_cond_init(&l.room, NULL);
	/* Signals are for the thread that talks to the person. */
	sigfillset(&all);
	(void)pthread_sigmask(SIG_BLOCK, &all, &before);
	while (good && l.workers < AHEAD_FILES && l.workers < a->n) {
		struct worker *w = &l.worker[l.workers];

		begin(&l, w);
		(void)pthread_mutex_lock(&l.lock);
		good = !pthread_create(&w->thread, NULL, work, w);
		l.workers += good ? 1 : 0;
		(void)pthread_mutex_unlock(&l.lock);
		if (!good)
			(void)pthread_cond_destroy(&w->turn);
	}
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (l.workers)
		run(&l);
	for (size_t k = 0; k < l.workers; k++) {
		(void)pthread_join(l.worker[k].thread, NULL);
		(void)pthread_cond_destroy(&l.worker[k].turn);
	}
	(void)pthread_cond_destroy(&l.news);
	(void)pthread_cond_destroy(&l.room);
	(void)pthread_mutex_destroy(&l.lock);
	*stopped = l.stopped;
	return l.workers || !a->n ? ECERT_OK : ECERT_E_MEMORY;
}
