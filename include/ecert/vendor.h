/* SPDX-License-Identifier: BSD-2-Clause */
/* What ecert-pkcs11.so adds to PKCS#11: vendor numbers for SM2 and for PIV policies. Installed: it
 * stands alone beside whatever PKCS#11 header a program has. */
#ifndef ECERT_VENDOR_H
#define ECERT_VENDOR_H

#define CK_ECERT_BASE (0x80000000UL | 0x45430000UL) /* "EC" */

/*
 * SM2 (GB/T 32918) has no numbers in PKCS#11. These are the defaults; `sm2-mechanism-base` in
 * ecert-pkcs11.conf(5) moves all four together, for programs that expect another vendor's.
 */
#define CKM_ECERT_SM2_KEY_PAIR_GEN (CK_ECERT_BASE | 1UL)
#define CKM_ECERT_SM2		   (CK_ECERT_BASE | 2UL) /* signs e, 32 bytes; r||s, 64 bytes */
#define CKM_ECERT_SM3_SM2	   (CK_ECERT_BASE | 3UL) /* hashes Z || M, ID 1234567812345678 */
#define CKM_ECERT_SM3		   (CK_ECERT_BASE | 4UL)
#define CKK_ECERT_SM2		   (CK_ECERT_BASE | 1UL)

/* CK_ULONG; 1 never, 2 once, 3 always. Private keys have it; C_GenerateKeyPair and C_CreateObject
 * take it. */
#define CKA_ECERT_PIN_POLICY (CK_ECERT_BASE | 1UL)
/* CK_ULONG; 1 never, 2 always, 3 cached. The same. */
#define CKA_ECERT_TOUCH_POLICY (CK_ECERT_BASE | 2UL)
/* CK_BBOOL; TRUE in a search finds the attestation certificates, which no other search makes. */
#define CKA_ECERT_ATTESTATION (CK_ECERT_BASE | 3UL)
/* CK_ULONG: the PIV key reference, 0x9A ... */
#define CKA_ECERT_KEY_REFERENCE (CK_ECERT_BASE | 4UL)
/* CK_ULONG: 0 unknown, 1 generated on the card, 2 imported. */
#define CKA_ECERT_ORIGIN (CK_ECERT_BASE | 5UL)

/*
 * C_LoginUser (and C_Login through the option `last-try`): with one try left a PIN is sent only
 * with the person's consent. This user name gives it for one login.
 */
#define ECERT_USERNAME_LAST_TRY "last-try"

/*
 * C_GetInterface with this name gives a struct ecert_settings, for programs that say to the module
 * themselves what others leave to ecert-pkcs11.conf(5). C_GetInterfaceList, which is for those who
 * look for functions of PKCS#11, does not list it.
 */
#define ECERT_INTERFACE "Vendor ecert"
struct ecert_settings {
	unsigned char major, minor; /* 1.0, as a CK_VERSION */
	/* The option `reader` from the next C_Initialize on, whatever files and environment say;
	 * NULL: as those say. The text is copied. Errors: CKR_ARGUMENTS_BAD (longer than 255
	 * bytes). */
	unsigned long (*set_reader)(const char *where);
};

#endif
