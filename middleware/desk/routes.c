/* SPDX-License-Identifier: BSD-2-Clause */
/* What is where. Nothing that is fetched has an effect. */
#include "desk/desk.h"

#define BYTES "application/octet-stream"
#define SMALL 4096

const struct http_route desk_routes[] = {
    {"/", HTTP_GET, NULL, 0, false, answer_page},
    {"/desk.css", HTTP_GET, NULL, 0, false, answer_page},
    {"/icon.svg", HTTP_GET, NULL, 0, false, answer_page},
    {"/desk.js", HTTP_GET, NULL, 0, false, answer_page},
    {"/api.js", HTTP_GET, NULL, 0, false, answer_page},
    {"/words.js", HTTP_GET, NULL, 0, false, answer_page},
    {"/parts.js", HTTP_GET, NULL, 0, false, answer_page},
    {"/today.js", HTTP_GET, NULL, 0, false, answer_page},
    {"/verify.js", HTTP_GET, NULL, 0, false, answer_page},
    {"/sign.js", HTTP_GET, NULL, 0, false, answer_page},
    {"/words/zh_HK.json", HTTP_GET, NULL, 0, false, answer_words},
    {"/words/zh_CN.json", HTTP_GET, NULL, 0, false, answer_words},
    {"/words/zh_TW.json", HTTP_GET, NULL, 0, false, answer_words},
    {"/api/enter", HTTP_POST, HTTP_JSON, SMALL, false, answer_enter},
    {"/api/here", HTTP_POST, HTTP_JSON, SMALL, false, answer_here},
    {"/api/tray", HTTP_POST, HTTP_JSON, SMALL, false, answer_tray},
    {"/api/tray/file", HTTP_POST, HTTP_JSON, SMALL, false, answer_tray_file},
    {"/api/tray/bytes", HTTP_POST, BYTES, DESK_PIECE, false, answer_tray_put},
    {"/api/tray/bytes", HTTP_GET, NULL, 0, false, answer_tray_get},
    {"/api/tray/forget", HTTP_POST, HTTP_JSON, SMALL, false, answer_tray_forget},
    {"/api/deed", HTTP_POST, HTTP_JSON, DESK_REQUEST, false, answer_deed},
    {"/api/deed", HTTP_GET, NULL, 0, false, answer_deed_said},
    {"/api/deed/stop", HTTP_POST, HTTP_JSON, SMALL, false, answer_deed_stop},
};
const size_t desk_routes_n = sizeof desk_routes / sizeof desk_routes[0];

const http_header desk_headers[] = {
    {"Content-Security-Policy",
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
	"connect-src "
	"'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; "
	"require-trusted-types-for 'script'; trusted-types 'none'"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Frame-Options", "DENY"},
    {NULL, NULL},
};
