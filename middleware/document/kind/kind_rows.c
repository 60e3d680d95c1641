/* SPDX-License-Identifier: BSD-2-Clause */
/* What is said of each kind of file. */
#include "document/kind/kind.h"
#include "util/message.h"

#define ELSEWHERE MSG_ID("If the signature is a file of its own, name it as the second file.")

static const struct doc_kind_row rows[DOC_KIND_COUNT] = {
    [DOC_KIND_GM_CMS] = {MSG_ID("a signature of the Chinese kind (GM/T 0010: SM2 with SM3)"), true,
	false, MSG_ID("Use the signing CA's own program.")},
    [DOC_KIND_SIGNED_PDF] = {MSG_ID("a PDF with a signature inside"), true, false,
	MSG_ID("Name it alone: its signature is inside of it.")},
    [DOC_KIND_PDF] = {MSG_ID("a PDF without a signature inside"), false, true, ELSEWHERE},
    [DOC_KIND_ASIC] = {MSG_ID("an ASiC container with signatures inside"), true, false,
	MSG_ID("Use a program that does, as DigiDoc or the "
	       "European DSS demonstration, or have the signer send a detached signature (.p7s), "
	       "which ecert verify reads.")},
    [DOC_KIND_SIGNED_OOXML] = {MSG_ID("an Office document (OOXML) with a signature inside"), true,
	false,
	MSG_ID("Open it in Microsoft Office, or have the signer send a detached signature (.p7s), "
	       "which ecert verify reads.")},
    [DOC_KIND_SIGNED_ODF] = {MSG_ID("an OpenDocument file with a signature inside"), true, false,
	MSG_ID("Open it in LibreOffice, or have the signer send a detached signature (.p7s), which "
	       "ecert verify reads.")},
    [DOC_KIND_OFD] = {MSG_ID("an OFD document (GB/T 33190), which may have signatures inside"),
	true, false,
	MSG_ID("Open it in an OFD reader, or have the signer send a detached signature (.p7s), "
	       "which ecert verify reads.")},
    [DOC_KIND_SIGNED_JAR] = {MSG_ID("a signed Java or Android archive"), true, false,
	MSG_ID("Use `jarsigner -verify` or `apksigner verify`.")},
    [DOC_KIND_OOXML] = {MSG_ID("an Office document (OOXML) without a signature inside"), false,
	true, ELSEWHERE},
    [DOC_KIND_ODF] = {MSG_ID("an OpenDocument file without a signature inside"), false, true,
	ELSEWHERE},
    [DOC_KIND_JAR] = {MSG_ID("a Java or Android archive without a signature inside"), false, true,
	ELSEWHERE},
    [DOC_KIND_OLE] = {MSG_ID("an Office document or Outlook message of the old kind (OLE)"), false,
	true,
	MSG_ID("If the signature is a file of its own, name it as the second file; one that is "
	       "inside is "
	       "verified by the program that the file is of.")},
    [DOC_KIND_SIGNED_SFX] = {MSG_ID("a program that unpacks an archive with signatures inside"),
	true, false,
	MSG_ID("Do not start it: have the sender send the archive alone, without the program in "
	       "front of it.")},
    [DOC_KIND_SIGNED_PE] = {MSG_ID("a Windows program with a signature inside (Authenticode)"),
	true, false, MSG_ID("Use `osslsigncode verify`, or the file's properties in Windows.")},
    [DOC_KIND_PE] = {MSG_ID("a Windows program without a signature inside"), false, true,
	ELSEWHERE},
    [DOC_KIND_ZIP] = {MSG_ID("a ZIP archive"), false, true,
	MSG_ID("If the signature is a file of its own, name it as the second file; signatures of "
	       "what is "
	       "in the archive are verified after unpacking.")},
    [DOC_KIND_SIGNED_XML] = {MSG_ID("an XML document with a signature inside"), true, false,
	MSG_ID("Name it alone: its signature is inside of it.")},
    [DOC_KIND_OPENPGP] = {MSG_ID("an OpenPGP signature or message"), true, false,
	MSG_ID("Use `gpg --verify`.")},
    [DOC_KIND_SSHSIG] = {MSG_ID("an SSH signature"), true, false,
	MSG_ID("Use `ssh-keygen -Y verify`.")},
    [DOC_KIND_PKCS12] = {MSG_ID("a PKCS#12 file with a private key (.p12, .pfx)"), false, false,
	MSG_ID("Keep it secret; `ecert key import` puts its key on a token.")},
    [DOC_KIND_CERTIFICATE] = {MSG_ID("a certificate"), false, false,
	MSG_ID("Name the signed file, then its signature; a CA's certificate that you trust goes "
	       "behind "
	       "--anchor.")},
    [DOC_KIND_CRL] = {MSG_ID("a list of revoked certificates (CRL)"), false, false,
	MSG_ID("Name the signed file, and the list behind --crl.")},
    [DOC_KIND_REQUEST] = {MSG_ID("a certificate request (CSR)"), false, false,
	MSG_ID("It goes to the CA; `openssl req -verify` looks at it.")},
    [DOC_KIND_PRIVATE_KEY] = {MSG_ID("a private key"), false, false,
	MSG_ID("Keep it secret; there is nothing to verify.")},
    [DOC_KIND_TIME_STAMP] = {MSG_ID("a time stamp (RFC 3161)"), true, false,
	MSG_ID("Use `openssl ts -verify`.")},
    [DOC_KIND_AUTHENTICODE] = {MSG_ID("the signature of a program (Authenticode)"), true, false,
	MSG_ID("Use `osslsigncode verify` with the program itself.")},
    [DOC_KIND_STAMP_QUERY] = {MSG_ID("a request for a time stamp (RFC 3161)"), false, false,
	MSG_ID("It goes to a time-stamping authority (TSA); there is nothing to verify.")},
    [DOC_KIND_OCSP] = {MSG_ID("an OCSP response"), false, false,
	MSG_ID("Name the signed file, and the response behind --ocsp.")},
    [DOC_KIND_MAIL] = {MSG_ID("an e-mail without an S/MIME signature"), false, true, ELSEWHERE},
};

const struct doc_kind_row *doc_kind_row(enum doc_kind kind)
{
	return (unsigned)kind < DOC_KIND_COUNT && rows[kind].words ? &rows[kind] : NULL;
}
