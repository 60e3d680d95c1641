/* SPDX-License-Identifier: BSD-2-Clause */
/* cairo and pango, loaded when something is drawn: they bring some thirty libraries, and nobody who
 * signs without a picture waits for them. */
#ifndef ECERT_DOCUMENT_PDF_PANGO_H
#define ECERT_DOCUMENT_PDF_PANGO_H

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

/* Each under its own name. */
struct pdf_pango {
	__typeof__(&cairo_arc) cairo_arc;
	__typeof__(&cairo_close_path) cairo_close_path;
	__typeof__(&cairo_create) cairo_create;
	__typeof__(&cairo_destroy) cairo_destroy;
	__typeof__(&cairo_fill) cairo_fill;
	__typeof__(&cairo_fill_preserve) cairo_fill_preserve;
	__typeof__(&cairo_get_source) cairo_get_source;
	__typeof__(&cairo_image_surface_create) cairo_image_surface_create;
	__typeof__(&cairo_image_surface_create_from_png_stream)
	    cairo_image_surface_create_from_png_stream;
	__typeof__(&cairo_image_surface_get_height) cairo_image_surface_get_height;
	__typeof__(&cairo_image_surface_get_width) cairo_image_surface_get_width;
	__typeof__(&cairo_line_to) cairo_line_to;
	__typeof__(&cairo_move_to) cairo_move_to;
	__typeof__(&cairo_new_path) cairo_new_path;
	__typeof__(&cairo_paint) cairo_paint;
	__typeof__(&cairo_pattern_set_extend) cairo_pattern_set_extend;
	__typeof__(&cairo_pattern_set_filter) cairo_pattern_set_filter;
	__typeof__(&cairo_pdf_surface_create_for_stream) cairo_pdf_surface_create_for_stream;
	__typeof__(&cairo_pdf_surface_set_size) cairo_pdf_surface_set_size;
	__typeof__(&cairo_rectangle) cairo_rectangle;
	__typeof__(&cairo_restore) cairo_restore;
	__typeof__(&cairo_save) cairo_save;
	__typeof__(&cairo_scale) cairo_scale;
	__typeof__(&cairo_set_line_width) cairo_set_line_width;
	__typeof__(&cairo_set_source_rgb) cairo_set_source_rgb;
	__typeof__(&cairo_set_source_surface) cairo_set_source_surface;
	__typeof__(&cairo_show_page) cairo_show_page;
	__typeof__(&cairo_status) cairo_status;
	__typeof__(&cairo_stroke) cairo_stroke;
	__typeof__(&cairo_surface_destroy) cairo_surface_destroy;
	__typeof__(&cairo_surface_finish) cairo_surface_finish;
	__typeof__(&cairo_surface_set_mime_data) cairo_surface_set_mime_data;
	__typeof__(&cairo_surface_status) cairo_surface_status;
	__typeof__(&cairo_translate) cairo_translate;
	__typeof__(&g_object_unref) g_object_unref;
	__typeof__(&pango_cairo_context_set_resolution) pango_cairo_context_set_resolution;
	__typeof__(&pango_cairo_font_map_new) pango_cairo_font_map_new;
	__typeof__(&pango_cairo_show_layout) pango_cairo_show_layout;
	__typeof__(&pango_context_set_language) pango_context_set_language;
	__typeof__(&pango_font_description_free) pango_font_description_free;
	__typeof__(&pango_font_description_from_string) pango_font_description_from_string;
	__typeof__(&pango_font_map_create_context) pango_font_map_create_context;
	__typeof__(&pango_language_from_string) pango_language_from_string;
	__typeof__(&pango_layout_get_baseline) pango_layout_get_baseline;
	__typeof__(&pango_layout_get_size) pango_layout_get_size;
	__typeof__(&pango_layout_is_ellipsized) pango_layout_is_ellipsized;
	__typeof__(&pango_layout_get_unknown_glyphs_count) pango_layout_get_unknown_glyphs_count;
	__typeof__(&pango_layout_new) pango_layout_new;
	__typeof__(&pango_layout_set_ellipsize) pango_layout_set_ellipsize;
	__typeof__(&pango_layout_set_font_description) pango_layout_set_font_description;
	__typeof__(&pango_layout_set_height) pango_layout_set_height;
	__typeof__(&pango_layout_set_text) pango_layout_set_text;
	__typeof__(&pango_layout_set_width) pango_layout_set_width;
	__typeof__(&pango_layout_set_wrap) pango_layout_set_wrap;
};

/* From any thread; stays loaded. NULL: this machine has none. */
const struct pdf_pango *pdf_pango(void);

#endif
