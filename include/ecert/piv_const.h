/* SPDX-License-Identifier: BSD-2-Clause */
/* The card edge as constants, for the card and for the host.
 * Made by applet-spec/tables/piv_const.sh from the tables beside it: edit those. */
#ifndef ECERT_PIV_CONST_H
#define ECERT_PIV_CONST_H

/* clang-format off */

/* Instructions */
#define ECERT_INS_SELECT                 0xA4 /* SELECT */
#define ECERT_INS_GET_DATA               0xCB /* GET DATA */
#define ECERT_INS_PUT_DATA               0xDB /* PUT DATA */
#define ECERT_INS_VERIFY                 0x20 /* VERIFY */
#define ECERT_INS_CHANGE_REFERENCE       0x24 /* CHANGE REFERENCE DATA */
#define ECERT_INS_RESET_RETRY            0x2C /* RESET RETRY COUNTER */
#define ECERT_INS_GENERAL_AUTHENTICATE   0x87 /* GENERAL AUTHENTICATE */
#define ECERT_INS_GENERATE               0x47 /* GENERATE ASYMMETRIC KEY PAIR */
#define ECERT_INS_GET_RESPONSE           0xC0 /* GET RESPONSE */
#define ECERT_INS_ALGORITHM_MAP          0xEE /* ALGORITHM MAP (as CanoKey) */
#define ECERT_INS_MOVE_KEY               0xF6 /* MOVE KEY (Yubico) */
#define ECERT_INS_GET_METADATA           0xF7 /* GET METADATA (Yubico) */
#define ECERT_INS_GET_SERIAL             0xF8 /* GET SERIAL (Yubico) */
#define ECERT_INS_ATTEST                 0xF9 /* ATTEST (Yubico) */
#define ECERT_INS_SET_RETRIES            0xFA /* SET RETRIES (Yubico) */
#define ECERT_INS_RESET                  0xFB /* RESET (Yubico) */
#define ECERT_INS_GET_VERSION            0xFD /* GET VERSION (Yubico) */
#define ECERT_INS_IMPORT                 0xFE /* IMPORT KEY (Yubico) */
#define ECERT_INS_SET_MGM_KEY            0xFF /* SET MANAGEMENT KEY (Yubico) */

/* Status words */
#define ECERT_SW_OK                      0x9000 /* success */
#define ECERT_SW_MORE_DATA               0x6100 /* low byte: bytes still waiting for GET RESPONSE (00 = 256 or more) */
#define ECERT_SW_TRIES                   0x63C0 /* low nibble: tries left after a wrong or absent PIN or PUK */
#define ECERT_SW_MEMORY_FAILURE          0x6581 /* the store could not be written; the card must be reset */
#define ECERT_SW_WRONG_LENGTH            0x6700 /* wrong length of the command or of its data */
#define ECERT_SW_CHANNEL                 0x6881 /* logical channels are not supported */
#define ECERT_SW_SECURE_MESSAGING        0x6882 /* secure messaging is not supported */
#define ECERT_SW_LAST_OF_CHAIN           0x6883 /* the last command of a chain was expected */
#define ECERT_SW_SECURITY_STATUS         0x6982 /* PIN or management key not verified */
#define ECERT_SW_BLOCKED                 0x6983 /* PIN or PUK blocked */
#define ECERT_SW_CONDITIONS              0x6985 /* not now: no touch, RESET while not blocked, GET RESPONSE without data */
#define ECERT_SW_NOT_SELECTED            0x6986 /* no application selected (cards that select nothing after a reset) */
#define ECERT_SW_BAD_DATA                0x6A80 /* the data field is malformed or not allowed here */
#define ECERT_SW_NOT_SUPPORTED           0x6A81 /* function not supported */
#define ECERT_SW_NOT_FOUND               0x6A82 /* no such object or application */
#define ECERT_SW_NO_SPACE                0x6A84 /* not enough room in the store */
#define ECERT_SW_BAD_P1P2                0x6A86 /* wrong P1 or P2 */
#define ECERT_SW_NO_REFERENCE            0x6A88 /* no such reference: key absent, PIN reference unknown */
#define ECERT_SW_WRONG_LE                0x6C00 /* low byte: the right Le */
#define ECERT_SW_BAD_INS                 0x6D00 /* instruction not supported */
#define ECERT_SW_BAD_CLA                 0x6E00 /* class not supported */
#define ECERT_SW_UNKNOWN                 0x6F00 /* the card failed for no reason it can name */

/* Algorithm identifiers; the extensions can be renumbered on the card by ALGORITHM MAP */
#define ECERT_ALG_3DES                   0x03 /* management key, 3-key triple DES (8-byte block) */
#define ECERT_ALG_AES128                 0x08 /* management key */
#define ECERT_ALG_AES192                 0x0A /* management key, the default */
#define ECERT_ALG_AES256                 0x0C /* management key */
#define ECERT_ALG_RSA1024                0x06 /* never accepted */
#define ECERT_ALG_RSA2048                0x07 /* SP 800-78-5 */
#define ECERT_ALG_RSA3072                0x05 /* SP 800-78-5 */
#define ECERT_ALG_RSA4096                0x16 /* as Yubico 5.7 and CanoKey */
#define ECERT_ALG_P256                   0x11 /* SP 800-78-5 */
#define ECERT_ALG_P384                   0x14 /* SP 800-78-5 */
#define ECERT_ALG_ED25519                0xE0 /* as Yubico 5.7 and CanoKey */
#define ECERT_ALG_X25519                 0xE1 /* as Yubico 5.7 and CanoKey */
#define ECERT_ALG_SECP256K1              0x53 /* named by CanoKey's map, not supported here */
#define ECERT_ALG_SM2                    0x54 /* as CanoKey; e = SM3(Z, M) comes from the host */

/* Key references */
#define ECERT_KEY_9A                     0x9A /* authentication */
#define ECERT_KEY_9C                     0x9C /* digital signature: the e-Cert key */
#define ECERT_KEY_9D                     0x9D /* key management, decryption */
#define ECERT_KEY_9E                     0x9E /* card authentication */
#define ECERT_KEY_82                     0x82 /* retired key management 1 */
#define ECERT_KEY_83                     0x83 /* retired key management 2 */
#define ECERT_KEY_84                     0x84 /* retired key management 3 */
#define ECERT_KEY_85                     0x85 /* retired key management 4 */
#define ECERT_KEY_86                     0x86 /* retired key management 5 */
#define ECERT_KEY_87                     0x87 /* retired key management 6 */
#define ECERT_KEY_88                     0x88 /* retired key management 7 */
#define ECERT_KEY_89                     0x89 /* retired key management 8 */
#define ECERT_KEY_8A                     0x8A /* retired key management 9 */
#define ECERT_KEY_8B                     0x8B /* retired key management 10 */
#define ECERT_KEY_8C                     0x8C /* retired key management 11 */
#define ECERT_KEY_8D                     0x8D /* retired key management 12 */
#define ECERT_KEY_8E                     0x8E /* retired key management 13 */
#define ECERT_KEY_8F                     0x8F /* retired key management 14 */
#define ECERT_KEY_90                     0x90 /* retired key management 15 */
#define ECERT_KEY_91                     0x91 /* retired key management 16 */
#define ECERT_KEY_92                     0x92 /* retired key management 17 */
#define ECERT_KEY_93                     0x93 /* retired key management 18 */
#define ECERT_KEY_94                     0x94 /* retired key management 19 */
#define ECERT_KEY_95                     0x95 /* retired key management 20 */
#define ECERT_KEY_F9                     0xF9 /* attestation */

/* Object tags */
#define ECERT_OBJ_DISCOVERY              0x7E /* Discovery object: AID and PIN usage policy 40 00 */
#define ECERT_OBJ_BIOMETRIC_GROUP        0x7F61 /* Biometric information templates group: always absent */
#define ECERT_OBJ_CERT_9E                0x5FC101 /* certificate of 9E */
#define ECERT_OBJ_CHUID                  0x5FC102 /* Card Holder Unique Identifier; the GUID is in 34 */
#define ECERT_OBJ_FINGERPRINTS           0x5FC103 /* cardholder fingerprints */
#define ECERT_OBJ_CERT_9A                0x5FC105 /* certificate of 9A */
#define ECERT_OBJ_SECURITY               0x5FC106 /* security object */
#define ECERT_OBJ_CCC                    0x5FC107 /* Card Capability Container */
#define ECERT_OBJ_FACE                   0x5FC108 /* cardholder facial image */
#define ECERT_OBJ_PRINTED                0x5FC109 /* printed information */
#define ECERT_OBJ_CERT_9C                0x5FC10A /* certificate of 9C */
#define ECERT_OBJ_CERT_9D                0x5FC10B /* certificate of 9D */
#define ECERT_OBJ_KEY_HISTORY            0x5FC10C /* key history */
#define ECERT_OBJ_CERT_82                0x5FC10D /* certificate of 82 */
#define ECERT_OBJ_CERT_83                0x5FC10E /* certificate of 83 */
#define ECERT_OBJ_CERT_84                0x5FC10F /* certificate of 84 */
#define ECERT_OBJ_CERT_85                0x5FC110 /* certificate of 85 */
#define ECERT_OBJ_CERT_86                0x5FC111 /* certificate of 86 */
#define ECERT_OBJ_CERT_87                0x5FC112 /* certificate of 87 */
#define ECERT_OBJ_CERT_88                0x5FC113 /* certificate of 88 */
#define ECERT_OBJ_CERT_89                0x5FC114 /* certificate of 89 */
#define ECERT_OBJ_CERT_8A                0x5FC115 /* certificate of 8A */
#define ECERT_OBJ_CERT_8B                0x5FC116 /* certificate of 8B */
#define ECERT_OBJ_CERT_8C                0x5FC117 /* certificate of 8C */
#define ECERT_OBJ_CERT_8D                0x5FC118 /* certificate of 8D */
#define ECERT_OBJ_CERT_8E                0x5FC119 /* certificate of 8E */
#define ECERT_OBJ_CERT_8F                0x5FC11A /* certificate of 8F */
#define ECERT_OBJ_CERT_90                0x5FC11B /* certificate of 90 */
#define ECERT_OBJ_CERT_91                0x5FC11C /* certificate of 91 */
#define ECERT_OBJ_CERT_92                0x5FC11D /* certificate of 92 */
#define ECERT_OBJ_CERT_93                0x5FC11E /* certificate of 93 */
#define ECERT_OBJ_CERT_94                0x5FC11F /* certificate of 94 */
#define ECERT_OBJ_CERT_95                0x5FC120 /* certificate of 95 */
#define ECERT_OBJ_IRIS                   0x5FC121 /* cardholder iris images */
#define ECERT_OBJ_SM_SIGNER              0x5FC122 /* secure messaging certificate signer */
#define ECERT_OBJ_PAIRING                0x5FC123 /* pairing code reference data */
#define ECERT_OBJ_ADMIN                  0x5FFF00 /* Yubico admin data */
#define ECERT_OBJ_CERT_F9                0x5FFF01 /* certificate of F9 */
#define ECERT_OBJ_MSCMAP                 0x5FFF10 /* Yubico key map */
#define ECERT_OBJ_MSROOTS1               0x5FFF11 /* Yubico trusted roots, part 1 */
#define ECERT_OBJ_MSROOTS2               0x5FFF12 /* Yubico trusted roots, part 2 */
#define ECERT_OBJ_MSROOTS3               0x5FFF13 /* Yubico trusted roots, part 3 */
#define ECERT_OBJ_MSROOTS4               0x5FFF14 /* Yubico trusted roots, part 4 */
#define ECERT_OBJ_MSROOTS5               0x5FFF15 /* Yubico trusted roots, part 5 */
#define ECERT_OBJ_ECERT_STATUS           0x5FFF20 /* e-Cert: profile, serial, change counter, keys and their signature counters */
#define ECERT_OBJ_ECERT_CHAIN            0x5FFF21 /* e-Cert: certificate chain */
#define ECERT_OBJ_ECERT_MARK             0x5FFF22 /* e-Cert: current trust mark */
#define ECERT_OBJ_ECERT_LABEL            0x5FFF23 /* e-Cert: label that the owner chose, UTF-8 */
#define ECERT_OBJ_ECERT_NAMES            0x5FFF24 /* e-Cert: IDs and labels that the owner chose for keys and certificates */

/* References, tags, policies and limits */
#define ECERT_CLA_PLAIN                  0x00 /* plain command */
#define ECERT_CLA_CHAIN                  0x10 /* bit of CLA: more parts of this command follow */
#define ECERT_REF_GLOBAL_PIN             0x00 /* not supported: 6A88 */
#define ECERT_REF_PIN                    0x80 /* PIV card application PIN */
#define ECERT_REF_PUK                    0x81 /* PIN unblocking key */
#define ECERT_KEY_9B                     0x9B /* management key */
#define ECERT_PIN_LEN                    8 /* a PIN or PUK on the wire, padded with PIN_PAD */
#define ECERT_PIN_MIN                    6 /* shortest PIN or PUK before padding */
#define ECERT_PIN_PAD                    0xFF /* padding byte */
#define ECERT_VERIFY_P1_LOGOUT           0xFF /* VERIFY with this P1 forgets the PIN */
#define ECERT_TRIES_DEFAULT              3 /* PIN and PUK tries of a new card */
#define ECERT_TRIES_MAX                  15 /* highest value SET RETRIES takes */
#define ECERT_PIN_POLICY_DEFAULT         0x00 /* the slot's own rule */
#define ECERT_PIN_POLICY_NEVER           0x01 /* no PIN */
#define ECERT_PIN_POLICY_ONCE            0x02 /* PIN once after SELECT or reset */
#define ECERT_PIN_POLICY_ALWAYS          0x03 /* one VERIFY pays for one operation */
#define ECERT_TOUCH_POLICY_DEFAULT       0x00 /* never */
#define ECERT_TOUCH_POLICY_NEVER         0x01 /* no touch */
#define ECERT_TOUCH_POLICY_ALWAYS        0x02 /* touch before each operation */
#define ECERT_TOUCH_POLICY_CACHED        0x03 /* a touch counts for 15 seconds */
#define ECERT_TOUCH_CACHE_MS             15000 /* how long a cached touch counts */
#define ECERT_ORIGIN_GENERATED           0x01 /* made on the card */
#define ECERT_ORIGIN_IMPORTED            0x02 /* came from outside */
#define ECERT_MGM_P2_PLAIN               0xFF /* SET MGM KEY: no touch */
#define ECERT_MGM_P2_TOUCH               0xFE /* SET MGM KEY: touch at each authentication */
#define ECERT_MOVE_DELETE                0xFF /* MOVE KEY: this P1 deletes the key */
#define ECERT_MAP_P1_READ                0x01 /* ALGORITHM MAP: read */
#define ECERT_MAP_P1_WRITE               0x02 /* ALGORITHM MAP: write */
#define ECERT_MAP_LEN                    7 /* enabled, Ed25519, RSA-3072, RSA-4096, X25519, secp256k1, SM2 */
#define ECERT_TAG_PATH                   0x5C /* tag list of GET DATA and PUT DATA */
#define ECERT_TAG_OBJECT                 0x53 /* value of an object */
#define ECERT_TAG_DISCOVERY              0x7E /* Discovery object */
#define ECERT_TAG_AUTH                   0x7C /* dynamic authentication template */
#define ECERT_TAG_AUTH_WITNESS           0x80 /* in 7C */
#define ECERT_TAG_AUTH_CHALLENGE         0x81 /* in 7C */
#define ECERT_TAG_AUTH_RESPONSE          0x82 /* in 7C */
#define ECERT_TAG_AUTH_EXPONENT          0x85 /* in 7C: the other side's point */
#define ECERT_TAG_GENERATE               0xAC /* control reference template of GENERATE; algorithms in SELECT's answer */
#define ECERT_TAG_GENERATE_ALG           0x80 /* in AC */
#define ECERT_TAG_PIN_POLICY             0xAA /* of GENERATE (in AC) and IMPORT */
#define ECERT_TAG_TOUCH_POLICY           0xAB /* of GENERATE (in AC) and IMPORT */
#define ECERT_TAG_PUBLIC_KEY             0x7F49 /* answer of GENERATE */
#define ECERT_TAG_PUBLIC_MODULUS         0x81 /* RSA */
#define ECERT_TAG_PUBLIC_EXPONENT        0x82 /* RSA */
#define ECERT_TAG_PUBLIC_POINT           0x86 /* elliptic curves: 04 X Y, or 32 bytes for Ed25519 and X25519 */
#define ECERT_TAG_IMPORT_P               0x01 /* RSA prime 1 */
#define ECERT_TAG_IMPORT_Q               0x02 /* RSA prime 2 */
#define ECERT_TAG_IMPORT_DP              0x03 /* d mod p-1 */
#define ECERT_TAG_IMPORT_DQ              0x04 /* d mod q-1 */
#define ECERT_TAG_IMPORT_QINV            0x05 /* 1/q mod p */
#define ECERT_TAG_IMPORT_EC              0x06 /* scalar of P-256, P-384 or SM2 */
#define ECERT_TAG_IMPORT_ED25519         0x07 /* seed */
#define ECERT_TAG_IMPORT_X25519          0x08 /* scalar */
#define ECERT_TAG_META_ALG               0x01 /* GET METADATA */
#define ECERT_TAG_META_POLICY            0x02 /* GET METADATA: PIN policy, touch policy */
#define ECERT_TAG_META_ORIGIN            0x03 /* GET METADATA */
#define ECERT_TAG_META_PUBLIC            0x04 /* GET METADATA: the inside of 7F49 */
#define ECERT_TAG_META_DEFAULT           0x05 /* GET METADATA: 1 while the factory value is in place */
#define ECERT_TAG_META_TRIES             0x06 /* GET METADATA: total, left */
#define ECERT_META_ALG_PIN               0xFF /* GET METADATA: the "algorithm" of PIN and PUK */
#define ECERT_TAG_CERT                   0x70 /* in a certificate object */
#define ECERT_TAG_CERT_INFO              0x71 /* in a certificate object: 01 = gzip */
#define ECERT_TAG_CERT_LRC               0xFE /* in a certificate object: empty */
#define ECERT_CERT_INFO_GZIP             0x01 /* of 71 */
#define ECERT_TAG_APP_TEMPLATE           0x61 /* SELECT's answer */
#define ECERT_TAG_APP_PIX                0x4F /* in 61 */
#define ECERT_TAG_APP_AUTHORITY          0x79 /* in 61 */
#define ECERT_TAG_APP_LABEL              0x50 /* in 61 */
#define ECERT_TAG_APP_OBJECT_ID          0x06 /* in AC of 61: 00 ends the list */
#define ECERT_TAG_PIN_USAGE              0x5F2F /* in the Discovery object */
#define ECERT_TAG_CHUID_GUID             0x34 /* in the CHUID */
#define ECERT_TAG_STATUS_PROFILE         0x80 /* in 5FFF20: major, minor */
#define ECERT_TAG_STATUS_SERIAL          0x81 /* in 5FFF20: 4 bytes */
#define ECERT_TAG_STATUS_CHANGES         0x82 /* in 5FFF20: 4 bytes, moves at every write of an object or key */
#define ECERT_TAG_STATUS_VERSION         0x83 /* in 5FFF20: 3 bytes as GET VERSION */
#define ECERT_TAG_STATUS_FREE            0x84 /* in 5FFF20: 4 bytes, room left for objects */
#define ECERT_TAG_STATUS_LABEL           0x85 /* in 5FFF20: the content of 5FFF23, when there is one */
#define ECERT_TAG_STATUS_NAMES           0x86 /* in 5FFF20: 2 bytes, length of 5FFF24, when there is one */
#define ECERT_TAG_STATUS_CERTS           0x87 /* in 5FFF20: references of slots that have a certificate and no key, when there are any (since minor version 1) */
#define ECERT_TAG_STATUS_CHAIN           0x88 /* in 5FFF20: 2 bytes, length of 5FFF21, when there is one (since minor version 1) */
#define ECERT_TAG_STATUS_KEY             0x8A /* in 5FFF20, one per key present: slot, algorithm, PIN policy, touch policy, origin, flags, counter (4) */
#define ECERT_TAG_NAME                   0xA0 /* in 5FFF24, one per slot that has a name */
#define ECERT_TAG_NAME_SLOT              0x80 /* in A0: key reference, 1 byte */
#define ECERT_TAG_NAME_ID                0x81 /* in A0: PKCS#11's CKA_ID of the slot's key and certificate, any bytes */
#define ECERT_TAG_NAME_KEY               0x82 /* in A0: label of the key, UTF-8 */
#define ECERT_TAG_NAME_CERT              0x83 /* in A0: label of the certificate, UTF-8 */
#define ECERT_TAG_NAME_PUBLIC            0x84 /* in A0: label of the public key where it is not the key's, UTF-8 */
#define ECERT_TAG_NAME_DENY              0x85 /* in A0: uses that the owner excluded, 1 byte: 01 sign, 02 decrypt, 04 agree, 80 verify */
#define ECERT_NAME_ID_MAX                32 /* longest ID */
#define ECERT_NAME_LABEL_MAX             96 /* longest label, in bytes */
#define ECERT_STATUS_KEY_LEN             10 /* shortest TAG_STATUS_KEY; a host ignores what follows */
#define ECERT_STATUS_FLAG_CERT           0x01 /* flags: the slot's certificate object is present */
#define ECERT_PROFILE_MAJOR              1 /* of this specification */
#define ECERT_PROFILE_MINOR              1 /* of this specification */
#define ECERT_VERSION_MAJOR              5 /* GET VERSION */
#define ECERT_VERSION_MINOR              7 /* GET VERSION */
#define ECERT_VERSION_PATCH              0 /* GET VERSION */
#define ECERT_COMMAND_MAX                3200 /* longest command data, chained or extended */
#define ECERT_ANSWER_MAX                 3200 /* longest answer */
#define ECERT_OBJECTS_MAX                49152 /* all objects together */

/* Byte strings, as initialisers; ECERT_x_LEN is the length */
#define ECERT_AID_PIV                    {0xA0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00, 0x01, 0x00} /* PIV card application, full */
#define ECERT_AID_PIV_LEN                11 /* bytes */
#define ECERT_AID_PIV_SHORT              {0xA0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00} /* PIV without version: what a host selects */
#define ECERT_AID_PIV_SHORT_LEN          9 /* bytes */
#define ECERT_PIX_PIV                    {0x00, 0x00, 0x10, 0x00, 0x01, 0x00} /* the PIX in SELECT's answer */
#define ECERT_PIX_PIV_LEN                6 /* bytes */
#define ECERT_RID_NIST                   {0xA0, 0x00, 0x00, 0x03, 0x08} /* the authority in SELECT's answer */
#define ECERT_RID_NIST_LEN               5 /* bytes */
#define ECERT_DISCOVERY                  {0x7E, 0x12, 0x4F, 0x0B, 0xA0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00, 0x01, 0x00, 0x5F, 0x2F, 0x02, 0x40, 0x00} /* the Discovery object */
#define ECERT_DISCOVERY_LEN              20 /* bytes */
#define ECERT_MAP_DEFAULT                {0x01, 0xE0, 0x05, 0x16, 0xE1, 0x53, 0x54} /* ALGORITHM MAP of a new card */
#define ECERT_MAP_DEFAULT_LEN            7 /* bytes */
#define ECERT_PIN_DEFAULT                {0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0xFF, 0xFF} /* 123456 */
#define ECERT_PIN_DEFAULT_LEN            8 /* bytes */
#define ECERT_PUK_DEFAULT                {0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38} /* 12345678 */
#define ECERT_PUK_DEFAULT_LEN            8 /* bytes */
#define ECERT_MGM_DEFAULT                {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08} /* management key of a new card (16 bytes of it for AES-128, 32 in the same pattern for AES-256) */
#define ECERT_MGM_DEFAULT_LEN            24 /* bytes */

/* OIDs: dotted text, and the content of the DER */
#define ECERT_OID_YUBICO_FIRMWARE        "1.3.6.1.4.1.41482.3.3" /* attestation: firmware, 3 bytes */
#define ECERT_OID_YUBICO_FIRMWARE_DER    {0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0xC4, 0x0A, 0x03, 0x03} /* content only */
#define ECERT_OID_YUBICO_FIRMWARE_DER_LEN 10 /* bytes */
#define ECERT_OID_YUBICO_SERIAL          "1.3.6.1.4.1.41482.3.7" /* attestation: serial, INTEGER */
#define ECERT_OID_YUBICO_SERIAL_DER      {0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0xC4, 0x0A, 0x03, 0x07} /* content only */
#define ECERT_OID_YUBICO_SERIAL_DER_LEN  10 /* bytes */
#define ECERT_OID_YUBICO_POLICY          "1.3.6.1.4.1.41482.3.8" /* attestation: PIN policy, touch policy */
#define ECERT_OID_YUBICO_POLICY_DER      {0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0xC4, 0x0A, 0x03, 0x08} /* content only */
#define ECERT_OID_YUBICO_POLICY_DER_LEN  10 /* bytes */
#define ECERT_OID_YUBICO_FORM_FACTOR     "1.3.6.1.4.1.41482.3.9" /* attestation: form factor, 1 byte */
#define ECERT_OID_YUBICO_FORM_FACTOR_DER {0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0xC4, 0x0A, 0x03, 0x09} /* content only */
#define ECERT_OID_YUBICO_FORM_FACTOR_DER_LEN 10 /* bytes */
#define ECERT_OID_SIGNATURE_COUNTER      "2.25.204149622974315925516065578636878267772.1" /* attestation: signature counter, INTEGER */
#define ECERT_OID_SIGNATURE_COUNTER_DER  {0x69, 0x82, 0xB3, 0x95, 0xE4, 0xE1, 0xC2, 0xCA, 0xE2, 0xB2, 0x85, 0xAF, 0x9B, 0xBF, 0xCB, 0x85, 0xA5, 0xAF, 0x8A, 0x7C, 0x01} /* content only */
#define ECERT_OID_SIGNATURE_COUNTER_DER_LEN 21 /* bytes */

/* Rows for tables: X(name, reference, certificate object, default PIN policy) */
#define ECERT_KEY_ROWS(X) \
	X(9A, 0x9A, 0x5FC105, ECERT_PIN_POLICY_ONCE) \
	X(9C, 0x9C, 0x5FC10A, ECERT_PIN_POLICY_ALWAYS) \
	X(9D, 0x9D, 0x5FC10B, ECERT_PIN_POLICY_ONCE) \
	X(9E, 0x9E, 0x5FC101, ECERT_PIN_POLICY_NEVER) \
	X(82, 0x82, 0x5FC10D, ECERT_PIN_POLICY_ONCE) \
	X(83, 0x83, 0x5FC10E, ECERT_PIN_POLICY_ONCE) \
	X(84, 0x84, 0x5FC10F, ECERT_PIN_POLICY_ONCE) \
	X(85, 0x85, 0x5FC110, ECERT_PIN_POLICY_ONCE) \
	X(86, 0x86, 0x5FC111, ECERT_PIN_POLICY_ONCE) \
	X(87, 0x87, 0x5FC112, ECERT_PIN_POLICY_ONCE) \
	X(88, 0x88, 0x5FC113, ECERT_PIN_POLICY_ONCE) \
	X(89, 0x89, 0x5FC114, ECERT_PIN_POLICY_ONCE) \
	X(8A, 0x8A, 0x5FC115, ECERT_PIN_POLICY_ONCE) \
	X(8B, 0x8B, 0x5FC116, ECERT_PIN_POLICY_ONCE) \
	X(8C, 0x8C, 0x5FC117, ECERT_PIN_POLICY_ONCE) \
	X(8D, 0x8D, 0x5FC118, ECERT_PIN_POLICY_ONCE) \
	X(8E, 0x8E, 0x5FC119, ECERT_PIN_POLICY_ONCE) \
	X(8F, 0x8F, 0x5FC11A, ECERT_PIN_POLICY_ONCE) \
	X(90, 0x90, 0x5FC11B, ECERT_PIN_POLICY_ONCE) \
	X(91, 0x91, 0x5FC11C, ECERT_PIN_POLICY_ONCE) \
	X(92, 0x92, 0x5FC11D, ECERT_PIN_POLICY_ONCE) \
	X(93, 0x93, 0x5FC11E, ECERT_PIN_POLICY_ONCE) \
	X(94, 0x94, 0x5FC11F, ECERT_PIN_POLICY_ONCE) \
	X(95, 0x95, 0x5FC120, ECERT_PIN_POLICY_ONCE) \
	X(F9, 0xF9, 0x5FFF01, ECERT_PIN_POLICY_NEVER)

/* X(name, tag, readable without PIN, writable, longest value) */
#define ECERT_OBJ_ROWS(X) \
	X(DISCOVERY, 0x7E, 1, 0, 0) \
	X(BIOMETRIC_GROUP, 0x7F61, 1, 0, 0) \
	X(CERT_9E, 0x5FC101, 1, 1, 3072) \
	X(CHUID, 0x5FC102, 1, 1, 3072) \
	X(FINGERPRINTS, 0x5FC103, 0, 1, 3072) \
	X(CERT_9A, 0x5FC105, 1, 1, 3072) \
	X(SECURITY, 0x5FC106, 1, 1, 3072) \
	X(CCC, 0x5FC107, 1, 1, 3072) \
	X(FACE, 0x5FC108, 0, 1, 3072) \
	X(PRINTED, 0x5FC109, 0, 1, 3072) \
	X(CERT_9C, 0x5FC10A, 1, 1, 3072) \
	X(CERT_9D, 0x5FC10B, 1, 1, 3072) \
	X(KEY_HISTORY, 0x5FC10C, 1, 1, 3072) \
	X(CERT_82, 0x5FC10D, 1, 1, 3072) \
	X(CERT_83, 0x5FC10E, 1, 1, 3072) \
	X(CERT_84, 0x5FC10F, 1, 1, 3072) \
	X(CERT_85, 0x5FC110, 1, 1, 3072) \
	X(CERT_86, 0x5FC111, 1, 1, 3072) \
	X(CERT_87, 0x5FC112, 1, 1, 3072) \
	X(CERT_88, 0x5FC113, 1, 1, 3072) \
	X(CERT_89, 0x5FC114, 1, 1, 3072) \
	X(CERT_8A, 0x5FC115, 1, 1, 3072) \
	X(CERT_8B, 0x5FC116, 1, 1, 3072) \
	X(CERT_8C, 0x5FC117, 1, 1, 3072) \
	X(CERT_8D, 0x5FC118, 1, 1, 3072) \
	X(CERT_8E, 0x5FC119, 1, 1, 3072) \
	X(CERT_8F, 0x5FC11A, 1, 1, 3072) \
	X(CERT_90, 0x5FC11B, 1, 1, 3072) \
	X(CERT_91, 0x5FC11C, 1, 1, 3072) \
	X(CERT_92, 0x5FC11D, 1, 1, 3072) \
	X(CERT_93, 0x5FC11E, 1, 1, 3072) \
	X(CERT_94, 0x5FC11F, 1, 1, 3072) \
	X(CERT_95, 0x5FC120, 1, 1, 3072) \
	X(IRIS, 0x5FC121, 0, 1, 3072) \
	X(SM_SIGNER, 0x5FC122, 1, 1, 3072) \
	X(PAIRING, 0x5FC123, 0, 1, 3072) \
	X(ADMIN, 0x5FFF00, 1, 1, 3072) \
	X(CERT_F9, 0x5FFF01, 1, 1, 3072) \
	X(MSCMAP, 0x5FFF10, 1, 1, 3072) \
	X(MSROOTS1, 0x5FFF11, 1, 1, 3072) \
	X(MSROOTS2, 0x5FFF12, 1, 1, 3072) \
	X(MSROOTS3, 0x5FFF13, 1, 1, 3072) \
	X(MSROOTS4, 0x5FFF14, 1, 1, 3072) \
	X(MSROOTS5, 0x5FFF15, 1, 1, 3072) \
	X(ECERT_STATUS, 0x5FFF20, 1, 0, 0) \
	X(ECERT_CHAIN, 0x5FFF21, 1, 1, 3072) \
	X(ECERT_MARK, 0x5FFF22, 1, 1, 3072) \
	X(ECERT_LABEL, 0x5FFF23, 1, 1, 32) \
	X(ECERT_NAMES, 0x5FFF24, 1, 1, 3072)

/* X(name, identifier, kind, bits, private key bytes stored, public key bytes stored) */
#define ECERT_ALG_ROWS(X) \
	X(3DES, 0x03, BLOCK, 192, 24, 0) \
	X(AES128, 0x08, BLOCK, 128, 16, 0) \
	X(AES192, 0x0A, BLOCK, 192, 24, 0) \
	X(AES256, 0x0C, BLOCK, 256, 32, 0) \
	X(RSA1024, 0x06, NONE, 1024, 0, 0) \
	X(RSA2048, 0x07, RSA, 2048, 640, 256) \
	X(RSA3072, 0x05, RSA, 3072, 960, 384) \
	X(RSA4096, 0x16, RSA, 4096, 1280, 512) \
	X(P256, 0x11, EC, 256, 32, 65) \
	X(P384, 0x14, EC, 384, 48, 97) \
	X(ED25519, 0xE0, ED, 256, 32, 32) \
	X(X25519, 0xE1, XDH, 256, 32, 32) \
	X(SECP256K1, 0x53, NONE, 256, 0, 0) \
	X(SM2, 0x54, SM2, 256, 32, 65)

/* X(name, status word, text) */
#define ECERT_SW_ROWS(X) \
	X(OK, 0x9000, "success") \
	X(MORE_DATA, 0x6100, "low byte: bytes still waiting for GET RESPONSE (00 = 256 or more)") \
	X(TRIES, 0x63C0, "low nibble: tries left after a wrong or absent PIN or PUK") \
	X(MEMORY_FAILURE, 0x6581, "the store could not be written; the card must be reset") \
	X(WRONG_LENGTH, 0x6700, "wrong length of the command or of its data") \
	X(CHANNEL, 0x6881, "logical channels are not supported") \
	X(SECURE_MESSAGING, 0x6882, "secure messaging is not supported") \
	X(LAST_OF_CHAIN, 0x6883, "the last command of a chain was expected") \
	X(SECURITY_STATUS, 0x6982, "PIN or management key not verified") \
	X(BLOCKED, 0x6983, "PIN or PUK blocked") \
	X(CONDITIONS, 0x6985, "not now: no touch, RESET while not blocked, GET RESPONSE without data") \
	X(NOT_SELECTED, 0x6986, "no application selected (cards that select nothing after a reset)") \
	X(BAD_DATA, 0x6A80, "the data field is malformed or not allowed here") \
	X(NOT_SUPPORTED, 0x6A81, "function not supported") \
	X(NOT_FOUND, 0x6A82, "no such object or application") \
	X(NO_SPACE, 0x6A84, "not enough room in the store") \
	X(BAD_P1P2, 0x6A86, "wrong P1 or P2") \
	X(NO_REFERENCE, 0x6A88, "no such reference: key absent, PIN reference unknown") \
	X(WRONG_LE, 0x6C00, "low byte: the right Le") \
	X(BAD_INS, 0x6D00, "instruction not supported") \
	X(BAD_CLA, 0x6E00, "class not supported") \
	X(UNKNOWN, 0x6F00, "the card failed for no reason it can name")

/* X(command, status word, when) */
#define ECERT_ANSWER_ROWS(X) \
	X(SELECT, OK, "the AID is the PIV one, whole or cut off on the right to no less than 5 bytes") \
	X(SELECT, NOT_FOUND, "any other AID; PIV stays selected") \
	X(SELECT, BAD_P1P2, "P1 is not 04 or P2 is not 00") \
	X(GET_DATA, OK, "the object is there") \
	X(GET_DATA, SECURITY_STATUS, "the object wants the PIN and it is not verified") \
	X(GET_DATA, BAD_DATA, "the data are not 5C with one tag") \
	X(GET_DATA, NOT_FOUND, "no such tag, or no such object now") \
	X(GET_DATA, BAD_P1P2, "P1-P2 is not 3FFF") \
	X(PUT_DATA, OK, "written or, with 53 00, deleted") \
	X(PUT_DATA, SECURITY_STATUS, "the management key is not verified") \
	X(PUT_DATA, BAD_DATA, "the data are not 5C tag, 53 value") \
	X(PUT_DATA, NOT_SUPPORTED, "the tag is read-only") \
	X(PUT_DATA, NOT_FOUND, "no such tag") \
	X(PUT_DATA, NO_SPACE, "longer than the tag allows, or the store is full") \
	X(PUT_DATA, BAD_P1P2, "P1-P2 is not 3FFF") \
	X(VERIFY, OK, "right; without data: is verified; with P1 = FF: forgotten") \
	X(VERIFY, TRIES, "wrong; without data: not verified; x tries are left") \
	X(VERIFY, BLOCKED, "no tries left") \
	X(VERIFY, BAD_DATA, "no PIN can look like this; no try is used") \
	X(VERIFY, WRONG_LENGTH, "data of another length than 8, or data with P1 = FF") \
	X(VERIFY, BAD_P1P2, "P1 is not 00 or FF") \
	X(VERIFY, NO_REFERENCE, "P2 is not 80") \
	X(CHANGE_REFERENCE, OK, "changed") \
	X(CHANGE_REFERENCE, TRIES, "the old value is wrong; x tries are left") \
	X(CHANGE_REFERENCE, BLOCKED, "no tries left") \
	X(CHANGE_REFERENCE, BAD_DATA, "old or new value is not well-formed; no try is used") \
	X(CHANGE_REFERENCE, WRONG_LENGTH, "not 16 bytes") \
	X(CHANGE_REFERENCE, BAD_P1P2, "P1 is not 00") \
	X(CHANGE_REFERENCE, NO_REFERENCE, "P2 is not 80 or 81") \
	X(RESET_RETRY, OK, "the PIN is new and has all its tries") \
	X(RESET_RETRY, TRIES, "the PUK is wrong; x tries are left") \
	X(RESET_RETRY, BLOCKED, "no tries left for the PUK") \
	X(RESET_RETRY, BAD_DATA, "PUK or new PIN is not well-formed; no try is used") \
	X(RESET_RETRY, WRONG_LENGTH, "not 16 bytes") \
	X(RESET_RETRY, BAD_P1P2, "P1 is not 00") \
	X(RESET_RETRY, NO_REFERENCE, "P2 is not 80") \
	X(GENERAL_AUTHENTICATE, OK, "done") \
	X(GENERAL_AUTHENTICATE, SECURITY_STATUS, "the key's PIN policy is not met; for 9B: the answer is wrong") \
	X(GENERAL_AUTHENTICATE, CONDITIONS, "no touch came") \
	X(GENERAL_AUTHENTICATE, BAD_DATA, "the template is malformed, does not suit the key, or holds a number or point that cannot be used") \
	X(GENERAL_AUTHENTICATE, BAD_P1P2, "no such slot, or P1 is not the key's algorithm") \
	X(GENERAL_AUTHENTICATE, NO_REFERENCE, "the slot is empty") \
	X(GENERATE, OK, "the key is there; an old key in the slot is wiped") \
	X(GENERATE, SECURITY_STATUS, "the management key is not verified") \
	X(GENERATE, BAD_DATA, "the template is malformed, the algorithm or a policy unknown") \
	X(GENERATE, NO_SPACE, "the store is full") \
	X(GENERATE, BAD_P1P2, "P1 is not 00, or no such slot") \
	X(GET_RESPONSE, OK, "the end of the answer") \
	X(GET_RESPONSE, MORE_DATA, "a part of the answer, xx bytes follow") \
	X(GET_RESPONSE, CONDITIONS, "nothing waits") \
	X(GET_RESPONSE, WRONG_LE, "Le is more than what waits; xx is the right one, nothing is lost") \
	X(GET_RESPONSE, WRONG_LENGTH, "there are data") \
	X(GET_RESPONSE, BAD_P1P2, "P1-P2 is not 0000") \
	X(ALGORITHM_MAP, OK, "read or written") \
	X(ALGORITHM_MAP, SECURITY_STATUS, "the management key is not verified") \
	X(ALGORITHM_MAP, BAD_DATA, "the switch is not 00 or 01, or a number is 00, there twice, or another algorithm's") \
	X(ALGORITHM_MAP, WRONG_LENGTH, "data when reading, or not 7 bytes when writing") \
	X(ALGORITHM_MAP, BAD_P1P2, "P1 is not 01 or 02, or P2 is not 00") \
	X(MOVE_KEY, OK, "moved with its counter, or wiped") \
	X(MOVE_KEY, SECURITY_STATUS, "the management key is not verified") \
	X(MOVE_KEY, CONDITIONS, "there is a key at the target") \
	X(MOVE_KEY, WRONG_LENGTH, "there are data") \
	X(MOVE_KEY, BAD_P1P2, "no such slot, both the same, or F9 moved from or to") \
	X(MOVE_KEY, NO_REFERENCE, "the source is empty") \
	X(GET_METADATA, OK, "told") \
	X(GET_METADATA, WRONG_LENGTH, "there are data") \
	X(GET_METADATA, BAD_P1P2, "P1 is not 00, or no such reference") \
	X(GET_METADATA, NO_REFERENCE, "the slot is empty") \
	X(GET_SERIAL, OK, "told") \
	X(GET_SERIAL, WRONG_LENGTH, "there are data") \
	X(GET_SERIAL, BAD_P1P2, "P1-P2 is not 0000") \
	X(ATTEST, OK, "the certificate") \
	X(ATTEST, CONDITIONS, "F9's certificate is not there or unreadable, or F9's algorithm cannot sign certificates") \
	X(ATTEST, BAD_DATA, "the key was imported") \
	X(ATTEST, WRONG_LENGTH, "there are data") \
	X(ATTEST, BAD_P1P2, "no such slot, or P2 is not 00") \
	X(ATTEST, NO_REFERENCE, "the slot, or F9, is empty") \
	X(SET_RETRIES, OK, "PIN and PUK are the default ones and have this many tries") \
	X(SET_RETRIES, SECURITY_STATUS, "management key or PIN is not verified") \
	X(SET_RETRIES, WRONG_LENGTH, "there are data") \
	X(SET_RETRIES, BAD_P1P2, "P1 or P2 is 0 or over 15") \
	X(RESET, OK, "the card is as new, but for its serial number, F9 and F9's certificate") \
	X(RESET, CONDITIONS, "PIN or PUK is not blocked") \
	X(RESET, WRONG_LENGTH, "there are data") \
	X(RESET, BAD_P1P2, "P1-P2 is not 0000") \
	X(GET_VERSION, OK, "told") \
	X(GET_VERSION, WRONG_LENGTH, "there are data") \
	X(GET_VERSION, BAD_P1P2, "P1-P2 is not 0000") \
	X(IMPORT, OK, "the key is there, marked as imported; an old key in the slot is wiped") \
	X(IMPORT, SECURITY_STATUS, "the management key is not verified") \
	X(IMPORT, BAD_DATA, "a part is missing, there twice, too long or not of one key; a policy is unknown") \
	X(IMPORT, NO_SPACE, "the store is full") \
	X(IMPORT, BAD_P1P2, "no such slot, or no such algorithm") \
	X(SET_MGM_KEY, OK, "the key is new") \
	X(SET_MGM_KEY, SECURITY_STATUS, "the management key is not verified") \
	X(SET_MGM_KEY, BAD_DATA, "unknown algorithm, not 9B, or a length that is not the algorithm's") \
	X(SET_MGM_KEY, WRONG_LENGTH, "fewer bytes than three, or not as many as the length says") \
	X(SET_MGM_KEY, BAD_P1P2, "P1 is not FF, or P2 is not FE or FF")

/* X(name, instruction, title) */
#define ECERT_INS_ROWS(X) \
	X(SELECT, 0xA4, "SELECT") \
	X(GET_DATA, 0xCB, "GET DATA") \
	X(PUT_DATA, 0xDB, "PUT DATA") \
	X(VERIFY, 0x20, "VERIFY") \
	X(CHANGE_REFERENCE, 0x24, "CHANGE REFERENCE DATA") \
	X(RESET_RETRY, 0x2C, "RESET RETRY COUNTER") \
	X(GENERAL_AUTHENTICATE, 0x87, "GENERAL AUTHENTICATE") \
	X(GENERATE, 0x47, "GENERATE ASYMMETRIC KEY PAIR") \
	X(GET_RESPONSE, 0xC0, "GET RESPONSE") \
	X(ALGORITHM_MAP, 0xEE, "ALGORITHM MAP (as CanoKey)") \
	X(MOVE_KEY, 0xF6, "MOVE KEY (Yubico)") \
	X(GET_METADATA, 0xF7, "GET METADATA (Yubico)") \
	X(GET_SERIAL, 0xF8, "GET SERIAL (Yubico)") \
	X(ATTEST, 0xF9, "ATTEST (Yubico)") \
	X(SET_RETRIES, 0xFA, "SET RETRIES (Yubico)") \
	X(RESET, 0xFB, "RESET (Yubico)") \
	X(GET_VERSION, 0xFD, "GET VERSION (Yubico)") \
	X(IMPORT, 0xFE, "IMPORT KEY (Yubico)") \
	X(SET_MGM_KEY, 0xFF, "SET MANAGEMENT KEY (Yubico)")
/* clang-format on */

#endif
