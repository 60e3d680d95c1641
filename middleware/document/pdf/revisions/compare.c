/* SPDX-License-Identifier: BSD-2-Clause */
/* Walking through two states of a PDF from the catalog on: whatever can be reached and is not as it
 * was, is judged by the rule of its place. */
#include "document/pdf/revisions/compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEYS_MAX 65536u

qpdf_oh entry_of(qpdf_data q, qpdf_oh dict, const char *key)
{
	return qpdf_oh_get_key_if_dict(q, dict, key);
}

bool is_name(qpdf_data q, qpdf_oh oh, const char *name)
{
	return qpdf_oh_is_name_and_equals(q, oh, name);
}

void forbid(struct compare *c)
{
	if (!c->first[0])
		snprintf(c->first, sizeof c->first, "%s", c->path[0] ? c->path : "?");
}

void note(struct compare *c, int kind)
{
	if (kind >= 0)
		c->kinds |= 1u << kind;
}

bool same_ref(const struct compare *c, qpdf_oh a, qpdf_oh b)
{
	return qpdf_oh_is_indirect(c->before, a) && qpdf_oh_is_indirect(c->after, b) &&
	       qpdf_oh_get_object_id(c->before, a) == qpdf_oh_get_object_id(c->after, b) &&
	       qpdf_oh_get_generation(c->before, a) == qpdf_oh_get_generation(c->after, b);
}

static size_t number_of(const struct compare *c, qpdf_oh a)
{
	int id = qpdf_oh_get_object_id(c->before, a);

	return id > 0 && (size_t)id < c->objects ? (size_t)id : 0;
}

/* What was found by the walk down has a place of its own, however it was reached; what is drawn is
 * compared as it is. */
static enum place place_of(const struct compare *c, qpdf_oh a, enum place place)
{
	size_t id = number_of(c, a);

	return place == PLACE_ANY && c->role[id] ? (enum place)c->role[id] : place;
}

static bool grow(struct compare *c)
{
	size_t room = c->room ? 2 * c->room : 256;
	struct pair *more = realloc(c->queue, room * sizeof *more);

	c->too_large = c->too_large || !more;
	if (!more)
		return false;
	c->queue = more;
	c->room = room;
	return true;
}

/* An update has the number in use for another object. */
static bool is_given_away(const struct compare *c, size_t id, int generation)
{
	const struct same *s = &c->same;

	return s->listed && s->generation[id] && s->generation[id] != (uint32_t)generation + 1;
}

void compare_push(struct compare *c, qpdf_oh a, enum place place)
{
	size_t id = number_of(c, a);
	int generation = qpdf_oh_get_generation(c->before, a);
	struct pair *p;

	/* Beyond all that is listed there is nothing, then and now. */
	if (c->bounded && qpdf_oh_get_object_id(c->before, a) > 0 && !id)
		return;
	/* A number has one generation at a time: readers differ in what they make of others, and
	 * most look for the number alone (7.5.4). */
	if (!id || is_given_away(c, id, generation) ||
	    (c->generation[id] && c->generation[id] != generation + 1)) {
		forbid(c);
		return;
	}
	c->generation[id] = generation + 1;
	if (c->seen[id] & 1u << place)
		return;
	c->seen[id] |= (uint16_t)(1u << place);
	if (c->n == c->room && !grow(c))
		return;
	p = &c->queue[c->n++];
	*p = (struct pair){.id = (int)id, .generation = generation, .place = place};
	p->page = place == PLACE_PAGE ? p->id : c->page;
	p->page_no = place == PLACE_PAGE ? c->pages + 1 : c->page_no;
	if (place == PLACE_PAGE)
		snprintf(p->label, sizeof p->label, "page %u", ++c->pages);
	else if (place == PLACE_FIELD && qpdf_oh_is_string(c->before, entry_of(c->before, a, "/T")))
		snprintf(p->label, sizeof p->label, "%s",
		    qpdf_oh_get_utf8_value(c->before, entry_of(c->before, a, "/T")));
	if (!p->label[0])
		snprintf(p->label, sizeof p->label, "%.*s", (int)sizeof p->label - 1, c->path);
}

/* Deeper by one key, and back. */
static size_t enter(struct compare *c, const char *key)
{
	size_t n = strlen(c->path);

	snprintf(c->path + n, sizeof c->path - n, "%s%s", n && key[0] != '/' ? "/" : "", key);
	return n;
}

struct keys {
	char **v;
	size_t n;
};

/* Iterating has one place for all dictionaries, so that the names are taken first. */
static struct keys keys_of(struct compare *c, qpdf_data q, qpdf_oh dict)
{
	struct keys k = {NULL, 0};
	size_t room = 0;

	qpdf_oh_begin_dict_key_iter(q, dict);
	while (qpdf_oh_dict_more_keys(q)) {
		const char *key = qpdf_oh_dict_next_key(q);

		if (k.n == room) {
			char **more = realloc(k.v, (room = room ? 2 * room : 16) * sizeof *more);

			if (!more || k.n > KEYS_MAX) {
				c->too_large = true;
				k.v = more ? more : k.v;
				return k;
			}
			k.v = more;
		}
		k.v[k.n] = strdup(key);
		c->too_large = c->too_large || !k.v[k.n];
		k.n += k.v[k.n] ? 1 : 0;
	}
	return k;
}

static void keys_free(struct keys *k)
{
	for (size_t i = 0; i < k->n; i++)
		free(k->v[i]);
	free(k->v);
}

bool same_text(const struct compare *c, qpdf_oh a, qpdf_oh b)
{
	char *one = strdup(qpdf_oh_unparse_binary(c->before, a));
	bool same = one && !strcmp(one, qpdf_oh_unparse_binary(c->after, b));

	free(one);
	return same;
}

/* Of a field that may be filled in. */
static void value_changed(
    struct compare *c, const char *key, size_t name, qpdf_oh a, qpdf_oh b, qpdf_oh field)
{
	if (strcmp(key, "/V") != 0 || !(c->kinds & FILLED))
		return;
	tell_value(c, name, a, b);
	judge_picture(c, name, field, b);
}

static void one_entry(struct compare *c, const char *key, qpdf_oh a, qpdf_oh b, enum place place)
{
	qpdf_oh va = entry_of(c->before, a, key), vb = entry_of(c->after, b, key);
	bool was = !qpdf_oh_is_null(c->before, va), is = !qpdf_oh_is_null(c->after, vb);
	struct rule r = rule_of(c, place, key, a, b);
	size_t n = enter(c, key);
	unsigned needs = !was ? MAY_ADD : !is ? MAY_REMOVE : 0;

	if (!was && !is) {
		; /* null is as good as nothing */
	} else if (needs && !(r.may & needs)) {
		forbid(c);
	} else if (needs) {
		note(c, r.kind);
		value_changed(c, key, n, va, vb, b);
		if (is && r.inside != PLACE_FREE && r.inside != PLACE_ANY &&
		    r.inside != PLACE_DRAWN)
			judge_added(c, r.inside, vb);
	} else if (r.may & MAY_CHANGE) {
		if (!same_text(c, va, vb)) {
			note(c, r.kind);
			value_changed(c, key, n, va, vb, b);
		}
	} else {
		compare_node(c, va, vb, r.inside);
	}
	c->path[n] = 0;
}

static void dictionaries(struct compare *c, qpdf_oh a, qpdf_oh b, enum place place)
{
	struct keys ka = keys_of(c, c->before, a), kb = keys_of(c, c->after, b);

	if (place == PLACE_FIELD && is_filled_freely(c, a, b))
		judge_filled(c, a);
	for (size_t i = 0; i < ka.n; i++)
		one_entry(c, ka.v[i], a, b, place);
	for (size_t i = 0; i < kb.n; i++)
		if (!qpdf_oh_has_key(c->before, a, kb.v[i]))
			one_entry(c, kb.v[i], a, b, place);
	keys_free(&ka);
	keys_free(&kb);
}

static void item(struct compare *c, qpdf_oh a, qpdf_oh b, int i, enum place place)
{
	char index[16];
	size_t n;

	snprintf(index, sizeof index, "[%d]", i + 1);
	n = strlen(c->path);
	snprintf(c->path + n, sizeof c->path - n, "%s", index);
	compare_node(c, a, b, place);
	c->path[n] = 0;
}

static void arrays(struct compare *c, qpdf_oh a, qpdf_oh b, enum place place)
{
	int n = qpdf_oh_get_array_n_items(c->before, a);

	if (n != qpdf_oh_get_array_n_items(c->after, b)) {
		forbid(c);
		return;
	}
	for (int i = 0; i < n; i++)
		item(c, qpdf_oh_get_array_item(c->before, a, i),
		    qpdf_oh_get_array_item(c->after, b, i), i, place);
}

/* All that was there is there in its order; what came to it is judged by itself. */
static void lists(struct compare *c, qpdf_oh a, qpdf_oh b, enum place place)
{
	int n = qpdf_oh_get_array_n_items(c->before, a), m = qpdf_oh_get_array_n_items(c->after, b);
	int k = 0;

	for (int i = 0; i < n; i++) {
		qpdf_oh x = qpdf_oh_get_array_item(c->before, a, i);
		bool direct = !qpdf_oh_is_indirect(c->before, x), found = false;

		for (; k < m && !found; k++) {
			qpdf_oh y = qpdf_oh_get_array_item(c->after, b, k);

			found = direct ? !qpdf_oh_is_indirect(c->after, y) : same_ref(c, x, y);
			if (found)
				item(c, x, y, i, PLACE_ANY);
			else
				judge_added(c, place, y);
		}
		if (!found)
			forbid(c);
	}
	for (; k < m; k++)
		judge_added(c, place, qpdf_oh_get_array_item(c->after, b, k));
}

bool same_data(qpdf_data before, qpdf_oh a, qpdf_data after, qpdf_oh b)
{
	unsigned char *pa = NULL, *pb = NULL;
	size_t na = 0, nb = 0;
	QPDF_BOOL filtered;
	bool same = !(qpdf_oh_get_stream_data(before, a, qpdf_dl_none, &filtered, &pa, &na) &
			QPDF_ERRORS) &&
		    !(qpdf_oh_get_stream_data(after, b, qpdf_dl_none, &filtered, &pb, &nb) &
			QPDF_ERRORS) &&
		    na == nb && (!na || !memcmp(pa, pb, na));

	free(pa);
	free(pb);
	return same;
}

/* One that no later section lists is where it was, and need not be read. */
static void streams(struct compare *c, qpdf_oh a, qpdf_oh b, enum place place)
{
	size_t id = number_of(c, a);

	dictionaries(c, qpdf_oh_get_dict(c->before, a), qpdf_oh_get_dict(c->after, b), place);
	if ((!c->same.listed || !id || c->same.listed[id] || !same_ref(c, a, b)) &&
	    !same_data(c->before, a, c->after, b))
		forbid(c);
}

/* Neither is a reference any more. */
void compare_values(struct compare *c, qpdf_oh a, qpdf_oh b, enum place place)
{
	enum qpdf_object_type_e type = qpdf_oh_get_type_code(c->before, a);

	if (type != qpdf_oh_get_type_code(c->after, b)) {
		forbid(c);
	} else if (type == ot_dictionary) {
		dictionaries(c, a, b, place);
	} else if (type == ot_array) {
		if (place == PLACE_FIELDS || place == PLACE_ANNOTATIONS)
			lists(c, a, b, place);
		else
			arrays(c, a, b, place == PLACE_DRAWN ? PLACE_DRAWN : PLACE_ANY);
	} else if (type == ot_stream) {
		streams(c, a, b, place == PLACE_DRAWN ? PLACE_DRAWN : PLACE_ANY);
	} else if (!same_text(c, a, b)) {
		forbid(c);
	}
}

void compare_node(struct compare *c, qpdf_oh a, qpdf_oh b, enum place place)
{
	bool same = same_ref(c, a, b);

	if (!c->left || c->first[0] || place == PLACE_FREE) {
		c->too_large = c->too_large || !c->left;
		return;
	}
	c->left--;
	if (same) {
		compare_push(c, a, place_of(c, a, place));
	} else if ((place == PLACE_ANY || place == PLACE_DRAWN) &&
		   (qpdf_oh_is_indirect(c->before, a) || qpdf_oh_is_indirect(c->after, b))) {
		forbid(c);
	} else {
		compare_values(c, a, b, place);
	}
}
