/* SPDX-License-Identifier: BSD-2-Clause */
/* Two states of a PDF side by side: only ever looked at in ecert-wall, and by tests. */
#ifndef ECERT_DOCUMENT_PDF_REVISIONS_COMPARE_H
#define ECERT_DOCUMENT_PDF_REVISIONS_COMPARE_H

#include <qpdf/qpdf-c.h>

#include "document/pdf/changes.h"
#include "document/pdf/revisions/find.h"
#include "document/pdf/revisions/same.h"
#include "util/buf.h"

/* What an object is, as far as something in it may change. */
enum place {
	PLACE_ANY, /* nothing may, but in what has a place of its own */
	PLACE_CATALOG,
	PLACE_FORM,
	PLACE_FIELDS,
	PLACE_FIELD,
	PLACE_NODE, /* of the tree of pages */
	PLACE_PAGE,
	PLACE_DRAWN, /* what is shown, by whatever it is made of: nothing may, whatever it says it
			is */
	PLACE_ANNOTATIONS,
	PLACE_RESOURCES, /* of a form: by kind */
	PLACE_RESOURCE,	 /* of a form, of one kind: by name */
	PLACE_FREE,	 /* nothing of it is shown, or it is judged elsewhere */
	PLACE_COUNT
};

#define PLACE_TEXT 160
#define TOLD_TEXT  320

/* A pair that is looked at next: the same reference in both. */
struct pair {
	int id, generation;
	enum place place;
	char label[40]; /* where it was found: "page 1" */
	int page; /* by the number of its object, and as they are counted: the page it is of */
	unsigned page_no;
};

/* What a field was when it was signed, by the walk down to it: what it says of its parents is not
 * believed. */
#define FIELD_REACHED 1u
#define FIELD_SIGNS   2u /* it is for a signature */
#define FIELD_LOCKED  4u
#define FIELD_FILLED  8u
#define FIELD_PUSHED  16u /* a push-button */

/* The kinds of change that a field is filled in by. */
#define FILLED                                                                                     \
	(1u << PDF_CHANGE_FILLED | 1u << PDF_CHANGE_FILLED_BLANK | 1u << PDF_CHANGE_FILLED_ANEW)

/* The page whose list has it; 0: none has. */
struct home {
	int page;
	unsigned page_no;
};

struct compare {
	qpdf_data before, after;
	const struct asked *signed_now; /* with their fields in after */
	size_t signed_n;
	struct same same; /* of the two */
	bool bounded;	  /* numbers from `objects` on are in neither */
	uint8_t *leads;	  /* same_leads; NULL: all of them may */
	uint32_t *up;	  /* of before, by number: what a page, a node, the catalog is below of */
	uint8_t *role;	  /* of before, by the object's number: an enum place */
	uint8_t *field;	  /* of before, FIELD_... */
	uint8_t *field_after;	/* of after: it is reached from the form */
	int *generation;	/* that each number was met with, and 1 more */
	unsigned allowed;	/* DocMDP's P; 0: nobody has certified it */
	qpdf_oh locks;		/* of before: the signature's /Reference */
	unsigned kinds;		/* a bit for each enum pdf_change that was found */
	char first[PLACE_TEXT]; /* the first one that is not allowed; empty: there is none */
	char path[PLACE_TEXT];
	uint16_t *seen; /* by the object's number, a bit for each place */
	size_t objects;
	struct pair *queue;
	size_t head, n, room;
	unsigned pages;
	int page;		     /* that is looked at, as a pair has it */
	unsigned page_no, told_page; /* ... and the first one that something was added to */
	unsigned told_part;	     /* how much of that it is put over, in per cent */
	double part;		     /* ... of the page that is looked at, `part_page` */
	int part_page;
	struct home *home; /* of before, by number: the page whose list has it; NULL: unknown yet */
	char told[TOLD_TEXT];  /* what fields were filled in with */
	char shows[TOLD_TEXT]; /* ... and show something else than that */
	bool shrunk;	       /* /Size has become less: readers differ in what is beyond it */
	bool odd;      /* one object in two places, or too much of something: nobody can tell */
	unsigned left; /* nodes that are still looked at */
	bool too_large;
};

/* c->objects has been set. Whether one may be what it is in `after`, compared with `before`; locks
 * of the signature's dictionary in before. Errors: ECERT_E_MEMORY, ECERT_E_TOO_LARGE. */
/* One more than the greatest number of an object in either; 0: more than are looked at. */
size_t compare_objects(qpdf_data before, qpdf_data after);
enum ecert_rc compare_revisions(struct compare *c) MUST_CHECK;

/* ---- for the files of this folder ---- */
/* An entry may differ: what becomes of it then. */
#define MAY_ADD	   1u
#define MAY_CHANGE 2u
#define MAY_REMOVE 4u
struct rule {
	enum place inside; /* what its value is */
	unsigned may;
	int kind; /* enum pdf_change; -1: not worth a word */
};
struct rule rule_of(struct compare *c, enum place place, const char *key, qpdf_oh a, qpdf_oh b);
/* What came to a list of fields or annotations, of after. */
void judge_added(struct compare *c, enum place place, qpdf_oh item);
struct rule field_rule(struct compare *c, const char *key, qpdf_oh a, qpdf_oh b);

void forbid(struct compare *c);
void note(struct compare *c, int kind);
/* A field that c->path begins with, in so many bytes, had the value a and has b. */
void tell_value(struct compare *c, size_t name, qpdf_oh a, qpdf_oh b);
/* To a list of them, or that there are more. */
void tell_more(char list[TOLD_TEXT], const char *one);
/* What is shown of that field of after, whose value is that now, is another one. */
void judge_picture(struct compare *c, size_t name, qpdf_oh field, qpdf_oh value);
/* What is shown of this item of after, which came to the page that is looked at, lies over
 * something of it. */
void judge_shown(struct compare *c, qpdf_oh item, bool signature);
/* A field that may be filled in, since nobody has certified anything: a is in before. What it
 * shows may be read as something that was signed. */
void judge_filled(struct compare *c, qpdf_oh a);
/* It is one, and has a new value. */
bool is_filled_freely(const struct compare *c, qpdf_oh a, qpdf_oh b);
/* The same reference in both, to be looked at later; of before. */
void compare_push(struct compare *c, qpdf_oh a, enum place place);
bool same_ref(const struct compare *c, qpdf_oh a, qpdf_oh b);
/* Neither is a reference. */
void compare_values(struct compare *c, qpdf_oh a, qpdf_oh b, enum place place);
void compare_node(struct compare *c, qpdf_oh a, qpdf_oh b, enum place place);

/* The same of either side; a null object when there is none. Inherited: of the nearest parent. */
qpdf_oh entry_of(qpdf_data q, qpdf_oh dict, const char *key);
qpdf_oh inherited(qpdf_data q, qpdf_oh field, const char *key);
/* Two streams, as they are written. */
bool same_data(qpdf_data before, qpdf_oh a, qpdf_data after, qpdf_oh b);
/* A value of before and one of after, as they are written: references by their numbers. */
bool same_text(const struct compare *c, qpdf_oh a, qpdf_oh b);
bool is_name(qpdf_data q, qpdf_oh oh, const char *name);
/* Where the widgets of before are; false: one is in two places, or memory is out. */
bool find_homes(struct compare *c) MUST_CHECK;
/* Finds out which object is which, down from the catalogs. */
void find_places(struct compare *c);

#endif
