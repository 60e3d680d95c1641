/* SPDX-License-Identifier: BSD-2-Clause */
/* PKCS#11 3.2 for C: p11-kit's header, and what it does not have yet declared from the standard. */
#ifndef ECERT_CRYPTOKI_H
#define ECERT_CRYPTOKI_H

#include <p11-kit/pkcs11.h>

/*
 * Numbers and layouts: PKCS #11 Specification Version 3.2, OASIS Standard. Everything is guarded,
 * so that a newer p11-kit header takes over by itself.
 */

/* clang-format off */

/* 3.3, object classes; 4.8, profiles */
#ifndef CKO_PROFILE
#define CKO_PROFILE				(0x9UL)
#endif
#ifndef CKO_VALIDATION
#define CKO_VALIDATION				(0xaUL)
#endif
#ifndef CKO_TRUST
#define CKO_TRUST				(0xbUL)
#endif
#ifndef CKP_BASELINE_PROVIDER
#define CKP_INVALID_ID				(0UL)
#define CKP_BASELINE_PROVIDER			(1UL)
#define CKP_EXTENDED_PROVIDER			(2UL)
#define CKP_AUTHENTICATION_TOKEN		(3UL)
#define CKP_PUBLIC_CERTIFICATES_TOKEN		(4UL)
#endif
#ifndef CKP_COMPLETE_PROVIDER
#define CKP_COMPLETE_PROVIDER			(5UL)
#endif
#ifndef CKP_HKDF_TLS_TOKEN
#define CKP_HKDF_TLS_TOKEN			(6UL)
#endif

/* Key types */
#ifndef CKK_EC_EDWARDS
#define CKK_EC_EDWARDS				(0x40UL)
#endif
#ifndef CKK_EC_MONTGOMERY
#define CKK_EC_MONTGOMERY			(0x41UL)
#endif
#ifndef CKK_HKDF
#define CKK_HKDF				(0x42UL)
#endif

/* Attributes */
#ifndef CKA_UNIQUE_ID
#define CKA_UNIQUE_ID				(0x4UL)
#endif
#ifndef CKA_PROFILE_ID
#define CKA_PROFILE_ID				(0x601UL)
#endif
#ifndef CKA_PARAMETER_SET
#define CKA_PARAMETER_SET			(0x61dUL)
#endif
#ifndef CKA_OBJECT_VALIDATION_FLAGS
#define CKA_OBJECT_VALIDATION_FLAGS		(0x61eUL)
#endif
#ifndef CKA_ENCAPSULATE
#define CKA_ENCAPSULATE				(0x633UL)
#endif
#ifndef CKA_DECAPSULATE
#define CKA_DECAPSULATE				(0x634UL)
#endif

/* Certificate categories (4.6.2) */
#ifndef CK_CERTIFICATE_CATEGORY_UNSPECIFIED
#define CK_CERTIFICATE_CATEGORY_UNSPECIFIED	(0UL)
#define CK_CERTIFICATE_CATEGORY_TOKEN_USER	(1UL)
#define CK_CERTIFICATE_CATEGORY_AUTHORITY	(2UL)
#define CK_CERTIFICATE_CATEGORY_OTHER_ENTITY	(3UL)
#endif

/* Mechanisms */
#ifndef CKM_SHA3_256_RSA_PKCS
#define CKM_SHA3_256_RSA_PKCS			(0x60UL)
#define CKM_SHA3_384_RSA_PKCS			(0x61UL)
#define CKM_SHA3_512_RSA_PKCS			(0x62UL)
#define CKM_SHA3_256_RSA_PKCS_PSS		(0x63UL)
#define CKM_SHA3_384_RSA_PKCS_PSS		(0x64UL)
#define CKM_SHA3_512_RSA_PKCS_PSS		(0x65UL)
#define CKM_SHA3_224_RSA_PKCS			(0x66UL)
#define CKM_SHA3_224_RSA_PKCS_PSS		(0x67UL)
#endif
#ifndef CKM_SHA3_256
#define CKM_SHA3_256				(0x2b0UL)
#define CKM_SHA3_224				(0x2b5UL)
#define CKM_SHA3_384				(0x2c0UL)
#define CKM_SHA3_512				(0x2d0UL)
#endif
#ifndef CKM_ECDSA_SHA3_224
#define CKM_ECDSA_SHA3_224			(0x1047UL)
#define CKM_ECDSA_SHA3_256			(0x1048UL)
#define CKM_ECDSA_SHA3_384			(0x1049UL)
#define CKM_ECDSA_SHA3_512			(0x104aUL)
#endif
#ifndef CKM_EC_EDWARDS_KEY_PAIR_GEN
#define CKM_EC_EDWARDS_KEY_PAIR_GEN		(0x1055UL)
#endif
#ifndef CKM_EC_MONTGOMERY_KEY_PAIR_GEN
#define CKM_EC_MONTGOMERY_KEY_PAIR_GEN		(0x1056UL)
#endif
#ifndef CKM_EDDSA
#define CKM_EDDSA				(0x1057UL)
#endif
#ifndef CKM_ML_KEM
#define CKM_ML_KEM_KEY_PAIR_GEN			(0xfUL)
#define CKM_ML_KEM				(0x17UL)
#endif
#ifndef CKM_ML_DSA
#define CKM_ML_DSA_KEY_PAIR_GEN			(0x1cUL)
#define CKM_ML_DSA				(0x1dUL)
#endif
#ifndef CKM_SLH_DSA
#define CKM_SLH_DSA_KEY_PAIR_GEN		(0x2dUL)
#define CKM_SLH_DSA				(0x2eUL)
#endif

/* Mask generation functions and key derivation functions */
#ifndef CKG_MGF1_SHA3_224
#define CKG_MGF1_SHA3_224			(6UL)
#define CKG_MGF1_SHA3_256			(7UL)
#define CKG_MGF1_SHA3_384			(8UL)
#define CKG_MGF1_SHA3_512			(9UL)
#endif
#ifndef CKD_SHA3_224_KDF
#define CKD_SHA3_224_KDF			(0xaUL)
#define CKD_SHA3_256_KDF			(0xbUL)
#define CKD_SHA3_384_KDF			(0xcUL)
#define CKD_SHA3_512_KDF			(0xdUL)
#endif
#ifndef CKD_SHA1_KDF_SP800
#define CKD_SHA1_KDF_SP800			(0xeUL)
#define CKD_SHA224_KDF_SP800			(0xfUL)
#define CKD_SHA256_KDF_SP800			(0x10UL)
#define CKD_SHA384_KDF_SP800			(0x11UL)
#define CKD_SHA512_KDF_SP800			(0x12UL)
#define CKD_SHA3_224_KDF_SP800			(0x13UL)
#define CKD_SHA3_256_KDF_SP800			(0x14UL)
#define CKD_SHA3_384_KDF_SP800			(0x15UL)
#define CKD_SHA3_512_KDF_SP800			(0x16UL)
#endif

/* Flags */
#ifndef CKF_ERROR_STATE
#define CKF_ERROR_STATE				(1UL << 24)
#endif
#ifndef CKF_MESSAGE_ENCRYPT
#define CKF_MESSAGE_ENCRYPT			(1UL << 1)
#define CKF_MESSAGE_DECRYPT			(1UL << 2)
#define CKF_MESSAGE_SIGN			(1UL << 3)
#define CKF_MESSAGE_VERIFY			(1UL << 4)
#define CKF_MULTI_MESSAGE			(1UL << 5)
#endif
#ifndef CKF_FIND_OBJECTS
#define CKF_FIND_OBJECTS			(1UL << 6)
#endif
#ifndef CKF_EC_CURVENAME
#define CKF_EC_CURVENAME			(1UL << 26)
#endif
#ifndef CKF_ENCAPSULATE
#define CKF_ENCAPSULATE				(1UL << 28)
#define CKF_DECAPSULATE				(1UL << 29)
#endif
#ifndef CKF_END_OF_MESSAGE
#define CKF_END_OF_MESSAGE			(1UL << 0)
#endif
#ifndef CKF_ASYNC_SESSION
#define CKF_ASYNC_SESSION			(1UL << 3)
#endif
#ifndef CKF_ASYNC_SESSION_SUPPORTED
#define CKF_ASYNC_SESSION_SUPPORTED		(1UL << 26)
#endif
#ifndef CKS_LAST_VALIDATION_OK
#define CKS_LAST_VALIDATION_OK			(1UL)
#endif

/* Return values */
#ifndef CKR_TOKEN_RESOURCE_EXCEEDED
#define CKR_TOKEN_RESOURCE_EXCEEDED		(0x201UL)
#endif
#ifndef CKR_OPERATION_CANCEL_FAILED
#define CKR_OPERATION_CANCEL_FAILED		(0x202UL)
#endif
#ifndef CKR_KEY_EXHAUSTED
#define CKR_KEY_EXHAUSTED			(0x203UL)
#endif
#ifndef CKR_PENDING
#define CKR_PENDING				(0x204UL)
#endif
#ifndef CKR_SESSION_ASYNC_NOT_SUPPORTED
#define CKR_SESSION_ASYNC_NOT_SUPPORTED		(0x205UL)
#endif
#ifndef CKR_SEED_RANDOM_REQUIRED
#define CKR_SEED_RANDOM_REQUIRED		(0x206UL)
#endif
#ifndef CKR_OPERATION_NOT_VALIDATED
#define CKR_OPERATION_NOT_VALIDATED		(0x207UL)
#endif
#ifndef CKR_TOKEN_NOT_INITIALIZED
#define CKR_TOKEN_NOT_INITIALIZED		(0x208UL)
#endif
#ifndef CKR_PARAMETER_SET_NOT_SUPPORTED
#define CKR_PARAMETER_SET_NOT_SUPPORTED		(0x209UL)
#endif

/*
 * The functions of each version in the order of its function list (5.4.4, and CK_FUNCTION_LIST_3_0,
 * CK_FUNCTION_LIST_3_2 in 3.6). X(name) for each.
 */
#define CK_EACH_FUNCTION_2_40(X)                                                                   \
	X(C_Initialize) X(C_Finalize) X(C_GetInfo) X(C_GetFunctionList) X(C_GetSlotList)           \
	X(C_GetSlotInfo) X(C_GetTokenInfo) X(C_GetMechanismList) X(C_GetMechanismInfo)             \
	X(C_InitToken) X(C_InitPIN) X(C_SetPIN) X(C_OpenSession) X(C_CloseSession)                 \
	X(C_CloseAllSessions) X(C_GetSessionInfo) X(C_GetOperationState) X(C_SetOperationState)    \
	X(C_Login) X(C_Logout) X(C_CreateObject) X(C_CopyObject) X(C_DestroyObject)                \
	X(C_GetObjectSize) X(C_GetAttributeValue) X(C_SetAttributeValue) X(C_FindObjectsInit)      \
	X(C_FindObjects) X(C_FindObjectsFinal) X(C_EncryptInit) X(C_Encrypt) X(C_EncryptUpdate)    \
	X(C_EncryptFinal) X(C_DecryptInit) X(C_Decrypt) X(C_DecryptUpdate) X(C_DecryptFinal)       \
	X(C_DigestInit) X(C_Digest) X(C_DigestUpdate) X(C_DigestKey) X(C_DigestFinal)              \
	X(C_SignInit) X(C_Sign) X(C_SignUpdate) X(C_SignFinal) X(C_SignRecoverInit)                \
	X(C_SignRecover) X(C_VerifyInit) X(C_Verify) X(C_VerifyUpdate) X(C_VerifyFinal)            \
	X(C_VerifyRecoverInit) X(C_VerifyRecover) X(C_DigestEncryptUpdate)                         \
	X(C_DecryptDigestUpdate) X(C_SignEncryptUpdate) X(C_DecryptVerifyUpdate) X(C_GenerateKey)  \
	X(C_GenerateKeyPair) X(C_WrapKey) X(C_UnwrapKey) X(C_DeriveKey) X(C_SeedRandom)            \
	X(C_GenerateRandom) X(C_GetFunctionStatus) X(C_CancelFunction) X(C_WaitForSlotEvent)

#define CK_EACH_FUNCTION_3_0(X)                                                                    \
	X(C_GetInterfaceList) X(C_GetInterface) X(C_LoginUser) X(C_SessionCancel)                  \
	X(C_MessageEncryptInit) X(C_EncryptMessage) X(C_EncryptMessageBegin)                       \
	X(C_EncryptMessageNext) X(C_MessageEncryptFinal) X(C_MessageDecryptInit)                   \
	X(C_DecryptMessage) X(C_DecryptMessageBegin) X(C_DecryptMessageNext)                       \
	X(C_MessageDecryptFinal) X(C_MessageSignInit) X(C_SignMessage) X(C_SignMessageBegin)       \
	X(C_SignMessageNext) X(C_MessageSignFinal) X(C_MessageVerifyInit) X(C_VerifyMessage)       \
	X(C_VerifyMessageBegin) X(C_VerifyMessageNext) X(C_MessageVerifyFinal)

#define CK_EACH_FUNCTION_3_2(X)                                                                    \
	X(C_EncapsulateKey) X(C_DecapsulateKey) X(C_VerifySignatureInit) X(C_VerifySignature)      \
	X(C_VerifySignatureUpdate) X(C_VerifySignatureFinal) X(C_GetSessionValidationFlags)        \
	X(C_AsyncComplete) X(C_AsyncGetID) X(C_AsyncJoin) X(C_WrapKeyAuthenticated)                \
	X(C_UnwrapKeyAuthenticated)

#define CK_DECLARE_(name, ...)                                                                     \
	typedef CK_RV (*CK_##name)(__VA_ARGS__);                                                   \
	CK_RV name(__VA_ARGS__);
#define CK_MEMBER_(name) CK_##name name;

/* ---- 3.0 ---- */
/* 6.3.16, CK_EDDSA_PARAMS: p11-kit 0.25 has all of 3.0 but this, and nobody can ask whether there is a
 * typedef; so it has a name of our own. */
typedef struct ecert_eddsa_params {
	CK_BBOOL phFlag;
	CK_ULONG ulContextDataLen;
	CK_BYTE_PTR pContextData;
} ECERT_EDDSA_PARAMS;

#ifndef CKF_INTERFACE_FORK_SAFE
#define CKF_INTERFACE_FORK_SAFE			(1UL << 0)

typedef struct CK_INTERFACE {
	CK_CHAR *pInterfaceName;
	CK_VOID_PTR pFunctionList;
	CK_FLAGS flags;
} CK_INTERFACE;
typedef CK_INTERFACE *CK_INTERFACE_PTR;
typedef CK_INTERFACE_PTR *CK_INTERFACE_PTR_PTR;

CK_DECLARE_(C_GetInterfaceList, CK_INTERFACE_PTR list, CK_ULONG_PTR n)
CK_DECLARE_(C_GetInterface, CK_UTF8CHAR_PTR name, CK_VERSION_PTR version,
	CK_INTERFACE_PTR_PTR out, CK_FLAGS flags)
CK_DECLARE_(C_LoginUser, CK_SESSION_HANDLE session, CK_USER_TYPE type, CK_UTF8CHAR_PTR pin,
	CK_ULONG pin_len, CK_UTF8CHAR_PTR name, CK_ULONG name_len)
CK_DECLARE_(C_SessionCancel, CK_SESSION_HANDLE session, CK_FLAGS flags)
CK_DECLARE_(C_MessageEncryptInit, CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism,
	CK_OBJECT_HANDLE key)
CK_DECLARE_(C_EncryptMessage, CK_SESSION_HANDLE session, CK_VOID_PTR param, CK_ULONG param_len,
	CK_BYTE_PTR aad, CK_ULONG aad_len, CK_BYTE_PTR plain, CK_ULONG plain_len,
	CK_BYTE_PTR cipher, CK_ULONG_PTR cipher_len)
CK_DECLARE_(C_EncryptMessageBegin, CK_SESSION_HANDLE session, CK_VOID_PTR param,
	CK_ULONG param_len, CK_BYTE_PTR aad, CK_ULONG aad_len)
CK_DECLARE_(C_EncryptMessageNext, CK_SESSION_HANDLE session, CK_VOID_PTR param,
	CK_ULONG param_len, CK_BYTE_PTR plain, CK_ULONG plain_len, CK_BYTE_PTR cipher,
	CK_ULONG_PTR cipher_len, CK_FLAGS flags)
CK_DECLARE_(C_MessageEncryptFinal, CK_SESSION_HANDLE session)
CK_DECLARE_(C_MessageDecryptInit, CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism,
	CK_OBJECT_HANDLE key)
CK_DECLARE_(C_DecryptMessage, CK_SESSION_HANDLE session, CK_VOID_PTR param, CK_ULONG param_len,
	CK_BYTE_PTR aad, CK_ULONG aad_len, CK_BYTE_PTR cipher, CK_ULONG cipher_len,
	CK_BYTE_PTR plain, CK_ULONG_PTR plain_len)
CK_DECLARE_(C_DecryptMessageBegin, CK_SESSION_HANDLE session, CK_VOID_PTR param,
	CK_ULONG param_len, CK_BYTE_PTR aad, CK_ULONG aad_len)
CK_DECLARE_(C_DecryptMessageNext, CK_SESSION_HANDLE session, CK_VOID_PTR param,
	CK_ULONG param_len, CK_BYTE_PTR cipher, CK_ULONG cipher_len, CK_BYTE_PTR plain,
	CK_ULONG_PTR plain_len, CK_FLAGS flags)
CK_DECLARE_(C_MessageDecryptFinal, CK_SESSION_HANDLE session)
CK_DECLARE_(C_MessageSignInit, CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism,
	CK_OBJECT_HANDLE key)
CK_DECLARE_(C_SignMessage, CK_SESSION_HANDLE session, CK_VOID_PTR param, CK_ULONG param_len,
	CK_BYTE_PTR data, CK_ULONG data_len, CK_BYTE_PTR sig, CK_ULONG_PTR sig_len)
CK_DECLARE_(C_SignMessageBegin, CK_SESSION_HANDLE session, CK_VOID_PTR param,
	CK_ULONG param_len)
CK_DECLARE_(C_SignMessageNext, CK_SESSION_HANDLE session, CK_VOID_PTR param, CK_ULONG param_len,
	CK_BYTE_PTR data, CK_ULONG data_len, CK_BYTE_PTR sig, CK_ULONG_PTR sig_len)
CK_DECLARE_(C_MessageSignFinal, CK_SESSION_HANDLE session)
CK_DECLARE_(C_MessageVerifyInit, CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism,
	CK_OBJECT_HANDLE key)
CK_DECLARE_(C_VerifyMessage, CK_SESSION_HANDLE session, CK_VOID_PTR param, CK_ULONG param_len,
	CK_BYTE_PTR data, CK_ULONG data_len, CK_BYTE_PTR sig, CK_ULONG sig_len)
CK_DECLARE_(C_VerifyMessageBegin, CK_SESSION_HANDLE session, CK_VOID_PTR param,
	CK_ULONG param_len)
CK_DECLARE_(C_VerifyMessageNext, CK_SESSION_HANDLE session, CK_VOID_PTR param,
	CK_ULONG param_len, CK_BYTE_PTR data, CK_ULONG data_len, CK_BYTE_PTR sig,
	CK_ULONG sig_len)
CK_DECLARE_(C_MessageVerifyFinal, CK_SESSION_HANDLE session)

typedef struct CK_FUNCTION_LIST_3_0 {
	CK_VERSION version;
	CK_EACH_FUNCTION_2_40(CK_MEMBER_)
	CK_EACH_FUNCTION_3_0(CK_MEMBER_)
} CK_FUNCTION_LIST_3_0;
typedef CK_FUNCTION_LIST_3_0 *CK_FUNCTION_LIST_3_0_PTR;
#endif

/* ---- 3.2 ---- */
#ifndef CKV_TYPE_SOFTWARE
#define CKV_TYPE_UNSPECIFIED			(0UL)
#define CKV_TYPE_SOFTWARE			(1UL)
#define CKV_TYPE_HARDWARE			(2UL)

typedef CK_ULONG CK_SESSION_VALIDATION_FLAGS_TYPE;
typedef CK_FLAGS *CK_FLAGS_PTR;
typedef struct CK_ASYNC_DATA {
	CK_ULONG ulVersion;
	CK_BYTE_PTR pValue;
	CK_ULONG ulValue;
	CK_OBJECT_HANDLE hObject;
	CK_OBJECT_HANDLE hAdditionalObject;
} CK_ASYNC_DATA;
typedef CK_ASYNC_DATA *CK_ASYNC_DATA_PTR;

CK_DECLARE_(C_EncapsulateKey, CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism,
	CK_OBJECT_HANDLE public_key, CK_ATTRIBUTE_PTR t, CK_ULONG n, CK_BYTE_PTR cipher,
	CK_ULONG_PTR cipher_len, CK_OBJECT_HANDLE_PTR key)
CK_DECLARE_(C_DecapsulateKey, CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism,
	CK_OBJECT_HANDLE private_key, CK_ATTRIBUTE_PTR t, CK_ULONG n, CK_BYTE_PTR cipher,
	CK_ULONG cipher_len, CK_OBJECT_HANDLE_PTR key)
CK_DECLARE_(C_VerifySignatureInit, CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism,
	CK_OBJECT_HANDLE key, CK_BYTE_PTR sig, CK_ULONG sig_len)
CK_DECLARE_(C_VerifySignature, CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG data_len)
CK_DECLARE_(C_VerifySignatureUpdate, CK_SESSION_HANDLE session, CK_BYTE_PTR part,
	CK_ULONG part_len)
CK_DECLARE_(C_VerifySignatureFinal, CK_SESSION_HANDLE session)
CK_DECLARE_(C_GetSessionValidationFlags, CK_SESSION_HANDLE session,
	CK_SESSION_VALIDATION_FLAGS_TYPE type, CK_FLAGS_PTR flags)
CK_DECLARE_(C_AsyncComplete, CK_SESSION_HANDLE session, CK_UTF8CHAR_PTR function,
	CK_ASYNC_DATA_PTR result)
CK_DECLARE_(C_AsyncGetID, CK_SESSION_HANDLE session, CK_UTF8CHAR_PTR function, CK_ULONG_PTR id)
CK_DECLARE_(C_AsyncJoin, CK_SESSION_HANDLE session, CK_UTF8CHAR_PTR function, CK_ULONG id,
	CK_BYTE_PTR data, CK_ULONG data_len)
CK_DECLARE_(C_WrapKeyAuthenticated, CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism,
	CK_OBJECT_HANDLE wrapping_key, CK_OBJECT_HANDLE key, CK_BYTE_PTR aad, CK_ULONG aad_len,
	CK_BYTE_PTR wrapped, CK_ULONG_PTR wrapped_len)
CK_DECLARE_(C_UnwrapKeyAuthenticated, CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism,
	CK_OBJECT_HANDLE unwrapping_key, CK_BYTE_PTR wrapped, CK_ULONG wrapped_len,
	CK_ATTRIBUTE_PTR t, CK_ULONG n, CK_BYTE_PTR aad, CK_ULONG aad_len,
	CK_OBJECT_HANDLE_PTR key)

typedef struct CK_FUNCTION_LIST_3_2 {
	CK_VERSION version;
	CK_EACH_FUNCTION_2_40(CK_MEMBER_)
	CK_EACH_FUNCTION_3_0(CK_MEMBER_)
	CK_EACH_FUNCTION_3_2(CK_MEMBER_)
} CK_FUNCTION_LIST_3_2;
typedef CK_FUNCTION_LIST_3_2 *CK_FUNCTION_LIST_3_2_PTR;
#endif

/* clang-format on */

#endif
