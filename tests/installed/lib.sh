# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# Sourced after the harness by the tests of what `make install` leaves: they run those files, nothing
# of the build folder and no copy of their own.
#
#   with_pcscd "$@"        # first: it brings the mount namespace that the installation is private to
#   install_really         # make install, at the prefix that was configured

# made NAME...: sets each to what the Makefile has under that name.
made() {
	local name told='told: ; @true'
	for name; do told="$told; echo $name=\\''\$($name)'\\'"; done
	eval "$(make -s --no-print-directory -C "$top_builddir" --eval "$told" told)"
}
# outside_root: this is root, and not only in a namespace of its own.
outside_root() { [ "$(awk '{ print $2; exit }' /proc/self/uid_map)" -eq 0 ]; }

# own FOLDER: what is written there from now on is this test's alone (and in the tmpfs at /run). Who is not root outside cannot
# write between files of root's, and gets an empty one.
own() {
	local dir="$1" layer
	while [ ! -d "$dir" ]; do dir=${dir%/*}; done
	[ -n "$dir" ] || bail_out "there is no folder above $1"
	if outside_root; then
		layer=$(mktemp -d /run/layer.XXXXXX) && mkdir -m 755 "$layer/upper" "$layer/work" &&
			mount -t overlay -o "lowerdir=$dir,upperdir=$layer/upper,workdir=$layer/work" overlay "$dir"
	else
		mount -t tmpfs -o mode=755 tmpfs "$dir"
	fi || bail_out "no $dir of our own"
}
# own_etc: an /etc of ours with what can be read of the machine's.
own_etc() {
	cp -dR --preserve=mode,timestamps /etc "$T/own-etc" 2>/dev/null
	chmod 755 "$T/own-etc" && mount --bind "$T/own-etc" /etc || bail_out 'no /etc of our own'
}

# install_in FOLDER: make install DESTDIR=FOLDER; what it said is in $T/install.out.
install_in() {
	(umask 022 && make --no-print-directory -C "$top_builddir" install DESTDIR="$1") >"$T/install.out" 2>&1 ||
		bail_out "make install: $(cat "$T/install.out")"
}
install_really() {
	made prefix bindir sbindir libdir includedir datadir localedir mandir sysconfdir docdir pkcs11dir pkglibexecdir pkgdatadir pkgconfigdir \
		p11kitmodulesdir polkitdir systemdsystemdir systemduserdir sysusersdir udevdir P11_MODULE_CONFIGS \
		PACKAGE_STRING PACKAGE_VERSION
	own "$prefix"
	own_etc
	for dir in "$p11kitmodulesdir" "$polkitdir" "$systemdsystemdir" "$systemduserdir" "$sysusersdir" "$udevdir"; do
		case $dir in "$prefix"/*) ;; *) own "$dir" ;; esac
	done
	install_in ''
	MODULE=$pkcs11dir/ecert-pkcs11.so ECERT=$bindir/ecert VCARD=$bindir/ecert-vcard
	export PATH="$bindir:$sbindir:$PATH"
	case $prefix in
	/usr | /usr/local) ;;
	*) export MANPATH="$mandir:" PKG_CONFIG_PATH="$pkgconfigdir" ;;
	esac
	unset ECERT_MODULE
	# Whoever has followed the manual is root here already.
	mkdir "$T/words" && printf '#!/bin/sh\nexec "$@"\n' >"$T/words/sudo" && chmod 755 "$T/words/sudo"
	export PATH="$T/words:$PATH"
}
