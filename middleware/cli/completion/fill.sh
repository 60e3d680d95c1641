#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# fill.sh TABLE TEMPLATE: the template, with the table where it says @TABLE@, between single quotes.
set -eu
awk -v table="$1" '$0 != "@TABLE@" { print; next }
	{ while ((getline line <table) > 0) { gsub(/\047/, "\047\\\047\047", line); print line } }' "$2"
