#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Writes udev/70-ecert-tokens.rules from devices.tsv, to standard output.
set -eu
cd "$(dirname "$0")"
cat <<'END'
# SPDX-License-Identifier: BSD-2-Clause
# Made by devices.sh from devices.tsv: edit that.
# Tokens with a CCID interface (class 0b) are for the person at the seat, and for pcscd.
ACTION=="remove", GOTO="ecert_end"
SUBSYSTEM!="usb", GOTO="ecert_end"
ENV{DEVTYPE}!="usb_device", GOTO="ecert_end"
ENV{ID_USB_INTERFACES}!="*:0b0000:*", GOTO="ecert_end"
END
while IFS="$(printf '\t')" read -r vendor name; do
	case $vendor in '#'*) continue ;; esac
	printf '# %s\nATTR{idVendor}=="%s", ENV{ID_SMARTCARD_READER}="1", ENV{ID_SECURITY_TOKEN}="1", TAG+="uaccess"\n' \
		"$name" "$vendor"
done <devices.tsv
echo 'LABEL="ecert_end"'
