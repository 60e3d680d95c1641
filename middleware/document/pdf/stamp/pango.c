/* SPDX-License-Identifier: BSD-2-Clause */
/* Finding the functions of cairo and pango. */
#include "document/pdf/stamp/pango.h"

#include "util/library.h"

#define ROW(name)                                                                                  \
	{                                                                                          \
#name, offsetof(struct pdf_pango, name)                                            \
	}
static const struct library_row rows[] = {ROW(cairo_arc), ROW(cairo_close_path), ROW(cairo_create),
    ROW(cairo_destroy), ROW(cairo_fill), ROW(cairo_fill_preserve), ROW(cairo_get_source),
    ROW(cairo_image_surface_create), ROW(cairo_image_surface_create_from_png_stream),
    ROW(cairo_image_surface_get_height), ROW(cairo_image_surface_get_width), ROW(cairo_line_to),
    ROW(cairo_move_to), ROW(cairo_new_path), ROW(cairo_paint), ROW(cairo_pattern_set_extend),
    ROW(cairo_pattern_set_filter), ROW(cairo_pdf_surface_create_for_stream),
    ROW(cairo_pdf_surface_set_size), ROW(cairo_rectangle), ROW(cairo_restore), ROW(cairo_save),
    ROW(cairo_scale), ROW(cairo_set_line_width), ROW(cairo_set_source_rgb),
    ROW(cairo_set_source_surface), ROW(cairo_show_page), ROW(cairo_status), ROW(cairo_stroke),
    ROW(cairo_surface_destroy), ROW(cairo_surface_finish), ROW(cairo_surface_set_mime_data),
    ROW(cairo_surface_status), ROW(cairo_translate), ROW(g_object_unref),
    ROW(pango_cairo_context_set_resolution), ROW(pango_cairo_font_map_new),
    ROW(pango_cairo_show_layout), ROW(pango_context_set_language), ROW(pango_font_description_free),
    ROW(pango_font_description_from_string), ROW(pango_font_map_create_context),
    ROW(pango_language_from_string), ROW(pango_layout_get_baseline), ROW(pango_layout_get_size),
    ROW(pango_layout_is_ellipsized), ROW(pango_layout_get_unknown_glyphs_count),
    ROW(pango_layout_new), ROW(pango_layout_set_ellipsize), ROW(pango_layout_set_font_description),
    ROW(pango_layout_set_height), ROW(pango_layout_set_text), ROW(pango_layout_set_width),
    ROW(pango_layout_set_wrap)};

LIBRARY_COUNTS(rows, struct pdf_pango);

static struct pdf_pango table;

const struct pdf_pango *pdf_pango(void)
{
	/* The others are what it needs itself, and are found through it. */
	static struct library pango = {"libpangocairo-1.0.so.0", rows, sizeof rows / sizeof rows[0],
	    &table, NULL, LIBRARY_UNTRIED};

	return library_functions(&pango);
}
