/* SPDX-License-Identifier: BSD-2-Clause */
/* What is where, for whom how much. publish/entity.c names the same addresses. */
#include "registry-server/service.h"

#define FORM "application/x-www-form-urlencoded"

const struct http_route server_routes[] = {
    {"/federation/status", HTTP_POST, FORM, REQUEST_N, false, answer_status},
    {"/federation/list", HTTP_GET, NULL, 0, true, answer_list},
    {"/federation/mark", HTTP_GET, NULL, 0, false, answer_mark},
    {"/federation/historical-keys", HTTP_GET, NULL, 0, false, answer_historical},
    {"/federation/applications", HTTP_POST, "application/jwt", REQUEST_N, true, answer_application},
    {"/federation/report", HTTP_POST, FORM, REPORT_N, true, answer_report},
    {"/federation/feed.xml", HTTP_GET, NULL, 0, true, answer_feed},
    {"/.well-known/openid-federation", HTTP_GET, NULL, 0, false, answer_configuration}};
const size_t server_routes_n = sizeof server_routes / sizeof server_routes[0];
