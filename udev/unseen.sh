#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Tells what was installed where this system does not look, and the command that makes it known.
#
# usage: unseen.sh P11-KIT-FOLDER KIND=FOLDER...
p11kit=$1
shift

# look KIND: who looks, what is missing without it, where they look.
look() {
	case $1 in
	p11-kit) echo "p11-kit|programs with p11-kit do not find the token|$p11kit /etc/pkcs11/modules" ;;
	polkit) echo 'polkit|pcscd refuses who comes over ssh, and services|/usr/share/polkit-1/rules.d /etc/polkit-1/rules.d' ;;
	systemd-system | systemd-user)
		kind=${1#systemd-}
		echo "systemd|there is no ecertd.socket to enable|/usr/lib/systemd/$kind /lib/systemd/$kind /usr/local/lib/systemd/$kind /etc/systemd/$kind" ;;
	sysusers) echo 'systemd-sysusers|there is no group ecert|/usr/lib/sysusers.d /usr/local/lib/sysusers.d /etc/sysusers.d' ;;
	udev) echo 'udev|tokens are not for the person at the seat|/usr/lib/udev/rules.d /lib/udev/rules.d /usr/local/lib/udev/rules.d /etc/udev/rules.d' ;;
	esac
}
# command KIND FOLDER
command_for() {
	case $1 in
	p11-kit) echo "sudo install -D -m 644 $2/ecert.module /etc/pkcs11/modules/ecert.module" ;;
	polkit) echo "sudo install -D -m 644 $2/60-ecert.rules /etc/polkit-1/rules.d/60-ecert.rules" ;;
	systemd-system) echo "sudo systemctl link $2/ecert*.service $2/ecert*.socket" ;;
	systemd-user) echo "systemctl --user link $2/ecertd.service $2/ecertd.socket $2/ecert-desk.service $2/ecert-desk.socket $2/ecert-trustmark.service $2/ecert-trustmark.timer" ;;
	sysusers) echo "sudo systemd-sysusers $2/ecert.conf" ;;
	udev) echo "sudo install -D -m 644 $2/70-ecert-tokens.rules /etc/udev/rules.d/70-ecert-tokens.rules" ;;
	esac
}
# Newer polkits look below /usr/local, too: they have the name in them, its end kept apart by compilers.
seen() {
	case " $3 " in *" $2 "*) return 0 ;; esac
	[ "$1" = polkit ] && grep -qsF "${2%.d}" /usr/lib/polkit-1/polkitd
}

told=
for row; do
	kind=${row%%=*} dir=${row#*=}
	IFS='|' read -r who without places <<-END
		$(look "$kind")
	END
	! seen "$kind" "$dir" "$places" || continue
	[ -n "$told" ] || printf '\nWhat this system does not find by itself:\n'
	told=1
	printf '  %s does not look in %s: %s.\n      %s\n' "$who" "$dir" "$without" "$(command_for "$kind" "$dir")"
done
[ -z "$told" ] || printf 'Or build with ./configure --with-system-integration, and make install puts all in place.\n\n'
