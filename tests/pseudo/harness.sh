# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# Sourced by tests/integration/harness.sh when $ECERT_PSEUDO names the folder of the marked language
# (README.md here): what a test reads as English has its marks taken off first, and is counted. JSON
# keeps them, so that a translated word in it fails; exit codes and files are as they are.
export LANGUAGE=en_XA ECERT_LOCALEDIR="$ECERT_PSEUDO"
export UNMARK="$top_srcdir/tests/pseudo/catalogue"
worded=0
# take_marks_off: from $plain.
take_marks_off() {
	case $plain in
	'{'* | '['*) ;;
	*[!\ -~]*) plain=$(printf '%s\n' "$plain" | "$UNMARK" --unmark "$T/.words") ;;
	esac
}
# count_words: whether the assertion that is being told has read words.
count_words() {
	[ -e "$T/.words" ] || return 0
	rm -f "$T/.words"
	worded=$((worded + 1))
}
say_words() { diag "pseudo: $worded of $tests assertions read words"; }

# The tools by which scripts read what was said: the same, on text without marks.
grep() { plain_first grep "$@"; }
sed() { plain_first sed "$@"; }
awk() { plain_first awk "$@"; }
# plain_first TOOL ARGUMENT...: of the file that is the last argument, or of standard input.
plain_first() {
	local last='' before='' i=1 n=$#
	for last; do
		# Of several files the tool tells the names: they are read as they are.
		[ $# -lt 4 ] || [ ! -f "$before" ] || [ ! -f "$last" ] || { command "$@"; return; }
		before=$last
	done
	case " $* " in *' -f '* | *' -i'* | *' -a'* | *' -r'*) command "$@"; return ;; esac
	if [ $# -gt 2 ] && [ -f "$last" ]; then
		while [ $i -lt "$n" ]; do
			set -- "$@" "$1"
			shift
			i=$((i + 1))
		done
		shift
		"$UNMARK" --unmark "$T/.words" <"$last" | command "$@"
	elif [ $# -gt 2 ] && [ -d "${last%/*}" ]; then
		command "$@"
	else
		"$UNMARK" --unmark "$T/.words" | command "$@"
	fi
}
