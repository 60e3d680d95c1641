#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Writes applet-spec/applet.md with the tables of this folder put in between its
# "<!-- table NAME ... -->" and "<!-- end -->" lines, to standard output.
set -eu
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")"

# The heading row of a table says which columns it shows: "NAME column:title column:title ...".
# "answers COMMAND" shows the answers of one command.
awk -F'\t' '
	function show(spec,   w, n, i, file, only, row, names, cols, line, k, first) {
		n = split(spec, w, " ")
		file = w[1] ".tsv"
		only = ""
		i = 2
		if (w[2] !~ /:/) {
			only = w[2]
			i = 3
		}
		cols = 0
		line = "|"
		row = "|"
		for (; i <= n; i++) {
			split(w[i], first, ":")
			want[++cols] = first[1]
			gsub(/_/, " ", first[2])
			line = line " " first[2] " |"
			row = row " --- |"
		}
		print line
		print row
		delete names
		while ((getline line < file) > 0) {
			k = split(line, cell, "\t")
			if (line ~ /^#/) {
				sub(/^#/, "", cell[1])
				for (i = 1; i <= k; i++)
					names[cell[i]] = i
				continue
			}
			if (only != "" && cell[1] != only)
				continue
			row = "|"
			for (i = 1; i <= cols; i++)
				row = row " " value(want[i], cell[names[want[i]]]) " |"
			print row
		}
		close(file)
	}
	# A status word by its number in tables of names.
	function value(column, text) {
		if (column == "status")
			return number[text]
		gsub(/\|/, "\\|", text)
		return text
	}
	BEGIN {
		while ((getline line < "status.tsv") > 0) {
			split(line, cell, "\t")
			number[cell[1]] = cell[2]
		}
		close("status.tsv")
		number["TRIES"] = "63Cx"
		number["MORE_DATA"] = "61xx"
		number["WRONG_LE"] = "6Cxx"
	}
	/^<!-- table / {
		print
		spec = $0
		sub(/^<!-- table /, "", spec)
		sub(/ -->$/, "", spec)
		print ""
		show(spec)
		print ""
		skipping = 1
		next
	}
	/^<!-- end -->/ { skipping = 0 }
	!skipping { print }' ../applet.md
