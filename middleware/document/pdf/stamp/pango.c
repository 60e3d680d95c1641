/* SPDX-License-Identifier: BSD-2-Clause */
/* Finding the functions of cairo and pango. */
#include "document/pdf/stamp/pango.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* The others are what it needs itself, and are found through it. */
#define LIBRARY "libpangocairo-1.0.so.0"

#define ROW(name)                                                                                  \
	{                                                                                          \
#name, offsetof(struct pdf_pango, name)                                            \
	}
static const struct {
	const char *symbol;
	size_t at;
} rows[] = {ROW(cairo_create), ROW(cairo_destroy), ROW(cairo_move_to),
    ROW(cairo_pdf_surface_create_for_stream), ROW(cairo_rectangle), ROW(cairo_set_line_width),
    ROW(cairo_set_source_rgb), ROW(cairo_show_page), ROW(cairo_status), ROW(cairo_stroke),
    ROW(cairo_surface_destroy), ROW(cairo_surface_finish), ROW(cairo_surface_status),
    ROW(g_object_unref), ROW(pango_cairo_context_set_resolution), ROW(pango_cairo_font_map_new),
    ROW(pango_cairo_show_layout), ROW(pango_context_set_language), ROW(pango_font_description_free),
    ROW(pango_font_description_from_string), ROW(pango_font_map_create_context),
    ROW(pango_language_from_string), ROW(pango_layout_get_size),
    ROW(pango_layout_get_unknown_glyphs_count), ROW(pango_layout_new),
    ROW(pango_layout_set_font_description), ROW(pango_layout_set_text), ROW(pango_layout_set_width),
    ROW(pango_layout_set_wrap)};
_Static_assert(sizeof rows / sizeof rows[0] == sizeof(struct pdf_pango) / sizeof(void *),
    "each function has its row");

static struct pdf_pango table;
static bool there;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void)
{
	void *lib = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

	there = lib;
	for (size_t i = 0; there && i < sizeof rows / sizeof rows[0]; i++) {
		void *f = dlsym(lib, rows[i].symbol);

		memcpy((char *)&table + rows[i].at, &f, sizeof f);
		there = f;
	}
}

const struct pdf_pango *pdf_pango(void)
{
	(void)pthread_once(&once, load);
	return there ? &table : NULL;
}
