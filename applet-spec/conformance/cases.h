/* SPDX-License-Identifier: BSD-2-Clause */
/* The read-only conformance cases.
 * Made by applet-spec/tables/cases.sh from cases.tsv beside it: edit that. */
#ifndef ECERT_CONFORMANCE_CASES_H
#define ECERT_CONFORMANCE_CASES_H

/* clang-format off */
/* X(id, clause, needs, before, command, status words, answer, text) */
#define ECERT_CASE_ROWS(X) \
	X("select-full", "SP 800-73-5 part 2, 3.1.1", "base", "-", "00A404000BA00000030800001000010000", "9000", "61/4F 61/79/4F", "SELECT by the full AID answers the application template") \
	X("select-short", "SP 800-73-5 part 2, 3.1.1", "base", "-", "00A4040009A0000003080000100000", "9000", "61/4F 61/79/4F", "SELECT by the right-truncated AID answers the same") \
	X("select-unknown", "SP 800-73-5 part 2, 3.1.1", "base", "select", "00A4040006A0000000FF0100", "6A82", "-", "SELECT of an unknown AID answers 6A82") \
	X("select-stays", "SP 800-73-5 part 2, 3.1.1", "base", "-", "00CB3FFF035C017E00", "9000", "7E/4F", "and PIV stays selected after it") \
	X("discovery", "SP 800-73-5 part 1, 3.3.2", "base", "select", "00CB3FFF035C017E00", "9000 6A82", "7E/4F 7E/5F2F", "the Discovery object holds AID and PIN usage policy") \
	X("chuid", "SP 800-73-5 part 1, 3.1.2", "base", "select", "00CB3FFF055C035FC10200", "9000", "53/34", "the CHUID holds a GUID") \
	X("ccc", "SP 800-73-5 part 1, 3.1.1", "base", "select", "00CB3FFF055C035FC10700", "9000", "53/F0", "the Card Capability Container is there") \
	X("security", "SP 800-73-5 part 1, 3.1.7", "base", "select", "00CB3FFF055C035FC10600", "9000 6A82", "53", "the Security Object is there, or 6A82") \
	X("printed", "SP 800-73-5 part 1, table 3", "base", "select", "00CB3FFF055C035FC10900", "6982", "-", "Printed Information needs the PIN") \
	X("absent", "SP 800-73-5 part 2, 3.1.2", "base", "select", "00CB3FFF055C035FC1FE00", "6A82", "-", "GET DATA of an unknown object answers 6A82") \
	X("get-p1p2", "SP 800-73-5 part 2, 3.1.2", "base", "select", "00CB0000055C035FC10200", "6A86 6A81", "-", "GET DATA with other P1-P2 is refused") \
	X("get-no-list", "SP 800-73-5 part 2, 3.1.2", "base", "select", "00CB3FFF02530000", "6700 6A80 6A82", "-", "GET DATA without a tag list is refused") \
	X("verify-empty", "SP 800-73-5 part 2, 3.2.1", "base", "select", "00200080", "63Cx 6983 9000", "-", "VERIFY without data tells the tries") \
	X("verify-ref", "SP 800-73-5 part 2, 3.2.1", "base", "select", "00200055", "6A88 6A86 6A81", "-", "VERIFY of an unknown reference is refused") \
	X("verify-p1", "SP 800-73-5 part 2, 3.2.1", "base", "select", "00200180", "6A86 6A80", "-", "VERIFY with P1 other than 00 and FF is refused") \
	X("logout", "SP 800-73-5 part 2, 3.2.1", "base", "select", "0020FF80", "9000", "-", "VERIFY with P1 = FF logs out") \
	X("logged-out", "SP 800-73-5 part 2, 3.2.1", "base", "-", "00200080", "63Cx 6983", "-", "and the PIN is not verified after it") \
	X("use-no-pin", "SP 800-73-5 part 2, 3.2.4", "base", "select", "0087119A267C2482008120000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F00", "6982 6A80 6A86 6A88 6985", "-", "9A does nothing before VERIFY") \
	X("use-bad-slot", "SP 800-73-5 part 2, 3.2.4", "base", "select", "00871100267C2482008120000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F00", "6A86 6A88 6A80 6982", "-", "GENERAL AUTHENTICATE of an unknown key is refused") \
	X("use-truncated", "SP 800-73-5 part 2, 3.2.4", "base", "select", "0087119A047C24820000", "6A80 6700 6982 6A86 6A88 6985", "-", "a truncated template is refused") \
	X("cla", "ISO 7816-4, 5.4.1", "base", "select", "80CB3FFF035C017E00", "6E00 6881 6882", "-", "an unknown class is refused") \
	X("ins", "ISO 7816-4, 5.4.2", "base", "select", "00CA000000", "6D00", "-", "an unknown instruction answers 6D00") \
	X("alive", "ISO 7816-4, 5.4.2", "base", "-", "00CB3FFF055C035FC10200", "9000", "53/34", "and the card goes on after it") \
	X("version", "e-Cert profile, GET VERSION", "version", "select", "00FD000000", "9000", "len=3", "GET VERSION answers 3 bytes") \
	X("serial", "e-Cert profile, GET SERIAL", "serial", "select", "00F8000000", "9000", "len=4", "GET SERIAL answers 4 bytes") \
	X("meta-pin", "e-Cert profile, GET METADATA", "metadata", "select", "00F7008000", "9000", "05 06", "metadata of the PIN tells default value and tries") \
	X("meta-puk", "e-Cert profile, GET METADATA", "metadata", "select", "00F7008100", "9000", "05 06", "metadata of the PUK tells default value and tries") \
	X("meta-mgm", "e-Cert profile, GET METADATA", "metadata", "select", "00F7009B00", "9000", "01 02 05", "metadata of 9B tells algorithm, policies and default value") \
	X("meta-absent", "e-Cert profile, GET METADATA", "metadata", "select", "00F7000000", "6A88 6A86 6A82", "-", "metadata of an unknown reference is refused") \
	X("attest-cert", "e-Cert profile, objects", "attest", "select", "00CB3FFF055C035FFF0100", "9000", "53/70", "the attestation key's certificate is in 5FFF01") \
	X("attest-bad", "e-Cert profile, ATTEST", "attest", "select", "00F9000000", "6A80 6A82 6A86 6A88", "-", "ATTEST of an unknown key is refused") \
	X("import-no-mgm", "e-Cert profile, IMPORT KEY", "import", "select", "00FE119A0100", "6982 6A80 6700", "-", "IMPORT KEY without the management key is refused") \
	X("ecert-status", "e-Cert profile, status object", "ecert", "select", "00CB3FFF055C035FFF2000", "9000", "53/80 53/81 53/82 53/84", "5FFF20 holds profile, serial, change counter and free room") \
	X("ecert-label", "e-Cert profile, objects", "ecert", "select", "00CB3FFF055C035FFF2300", "9000 6A82", "53", "5FFF23, the owner's label, is read without the PIN, or is not there") \
	X("ecert-names", "e-Cert profile, names", "ecert", "select", "00CB3FFF055C035FFF2400", "9000 6A82", "53/A0/80", "5FFF24, the names of keys and certificates, is read without the PIN, or is not there")
/* clang-format on */

#endif
