/* SPDX-License-Identifier: BSD-2-Clause */
/* The words and what they mean, each in one or two plain sentences. */
#include "cli/help/words.h"

const struct word words[] = {
    {MSG_ID("anchor"), "",
	MSG_ID(
	    "A certificate authority that you trust: you name its certificate, and signatures are "
	    "followed back to it. Without one nobody's signature is called valid."),
	""},
    {MSG_ID("ASiC"), "ASiC-E|ASiC-S|asice|asics|container|containers",
	MSG_ID("A container: a ZIP file that holds files together with their signatures, by a "
	       "European standard. Programs such as DigiDoc open it."),
	""},
    {MSG_ID("attestation"), "attest|attests|attested|attestation root",
	MSG_ID("A certificate that the token itself signs, which says that a key was made inside "
	       "it and "
	       "cannot leave. An attestation root is the token maker's certificate that vouches "
	       "for such "
	       "tokens."),
	""},
    {MSG_ID("audience"), "",
	MSG_ID(
	    "For whom a statement is made. Whoever it is not made for has to refuse it, so that it "
	    "cannot be passed on."),
	""},
    {MSG_ID("CA"), "certificate authority|CAs",
	MSG_ID(
	    "Certificate authority: the office that says, with its own signature, whose a key is. "
	    "Hongkong Post is one."),
	""},
    {MSG_ID("CAdES"), "CAdES-B-B",
	MSG_ID("The European standard for signatures in .p7s files. Programs of other makers read "
	       "them."),
	""},
    {MSG_ID("certificate"), "certificates",
	MSG_ID("A file in which a certificate authority (CA) says whose a key is and until when. "
	       "It is no "
	       "secret and goes along with every signature."),
	""},
    {MSG_ID("co-resident"), "",
	MSG_ID(
	    "A level of evidence: the key is on the same token as one that is attested, but nobody "
	    "vouches for the key itself."),
	""},
    {MSG_ID("content digest"), "digest|digests|hash",
	MSG_ID("A number that is computed from all of a file, and is another one as soon as a "
	       "letter of it changes. It is what is signed."),
	MSG_ID("what `ecert verify` says of the file that was signed")},
    {MSG_ID("counterparty"), "counterparty token",
	MSG_ID("Whoever is at the other end of a business. A counterparty token is a short-lived "
	       "file in "
	       "which one proves to the other who one is and where one's key lives."),
	""},
    {MSG_ID("CRL"), "CRLs|list of revoked certificates",
	MSG_ID("Certificate revocation list: a CA's signed list of the certificates that count no "
	       "longer, "
	       "because a token was lost for instance."),
	""},
    {MSG_ID("CSV"), "",
	MSG_ID("A table as plain text, a line for each row, that every spreadsheet program opens."),
	""},
    {MSG_ID("declared"), "",
	MSG_ID("A level of evidence: the holder says that the key is on a token, and nothing "
	       "proves it."),
	""},
    {MSG_ID("DER"), "",
	MSG_ID("A form of certificates and other files, as bytes that no editor shows. PEM is the "
	       "same as "
	       "text."),
	""},
    {MSG_ID("detached"), "",
	MSG_ID("A signature in a file of its own, beside the file that was signed. Both have to be "
	       "sent."),
	MSG_ID("what `ecert verify` advises for files that it does not read")},
    {MSG_ID("ES256"), "ES384|RS256|PS256",
	MSG_ID(
	    "Ways to sign: RS256 and PS256 with an RSA key, ES256 and ES384 with an elliptic-curve "
	    "key. "
	    "The right one is chosen when you name none."),
	""},
    {MSG_ID("escrow"), "escrow file|ESCROW",
	MSG_ID(
	    "A file that keeps the management key of a token, and perhaps its PIN and PUK. Put it "
	    "where "
	    "you would put a spare key of the office: whoever has it can change the token."),
	""},
    {MSG_ID("F9"), "attestation certificate",
	MSG_ID("The place on a token where the key lives with which it attests other keys."), ""},
    {MSG_ID("HTML"), "", MSG_ID("The form of a page that web browsers show and print."), ""},
    {MSG_ID("id"), "PKCS#11 id|HEX",
	MSG_ID(
	    "The number by which programs tell keys on a token apart: 01 is slot 9a, 02 is slot "
	    "9c, 03 "
	    "is slot 9d, 04 is slot 9e. It is written in hexadecimal digits, 0 to 9 and a to f."),
	""},
    {MSG_ID("indication"), "sub-indication",
	MSG_ID("Why a signature is not called valid, as a European standard (EN 319 102-1) puts it "
	       "in capital letters, so that every program says the same: HASH_FAILURE is a file "
	       "that was changed, NO_CERTIFICATE_CHAIN_FOUND a signer whom nobody you trust "
	       "vouches for."),
	MSG_ID("what `ecert verify` says of a signature that is not valid")},
    {MSG_ID("intermediate"), "chain",
	MSG_ID(
	    "A CA's certificate between the signer's and the anchor: the anchor signed it, and it "
	    "signed "
	    "the signer's. Together they are the chain."),
	""},
    {MSG_ID("JAdES"), "JAdES-B-B",
	MSG_ID("The European standard for signatures in JSON (JWS), in files .jws. Services on the "
	       "web read them."),
	""},
    {MSG_ID("journal"), "",
	MSG_ID("The record of everything that keys were used for, which ecertd keeps. Nobody can "
	       "change "
	       "it "
	       "later without being noticed."),
	""},
    {MSG_ID("JPEG"), "", MSG_ID("A form of pictures such as photographs."), ""},
    {MSG_ID("JSON"), "", MSG_ID("A form of answers and files that programs read easily."), ""},
    {MSG_ID("JWT"), "jwt|JWS|jws",
	MSG_ID("A signed text in one line, as websites use them; trust marks and their requests "
	       "are such "
	       "files (.jwt)."),
	""},
    {MSG_ID("kid"), "",
	MSG_ID("Key id: the name in a trust mark or a list of the key that has to have signed."),
	MSG_ID("what `ecert verify` and `ecert trustmark show` say of trust marks")},
    {MSG_ID("LT"), "LTA|B-LT|B-LTA",
	MSG_ID("How long a signature lasts: with a time stamp (T), with all that its verification "
	       "needs of others inside (LT), and with a time stamp of all that (LTA)."),
	""},
    {MSG_ID("management key"), "management-key-source",
	MSG_ID("The token's key for those who set it up: only with it keys and certificates are "
	       "put on "
	       "the "
	       "token. It is in the escrow file, and is no PIN."),
	""},
    {MSG_ID("nonce"), "nonces",
	MSG_ID("A number that is used once: whoever asks makes it up, and the answer has to "
	       "contain it, "
	       "so "
	       "that an old answer cannot be used again."),
	""},
    {MSG_ID("OCSP"), "OCSP response",
	MSG_ID("A CA's signed answer to the question whether one certificate still counts."), ""},
    {MSG_ID("OID"), "",
	MSG_ID("A number with dots, as 1.2.840, by which standards name things. Policies of CAs "
	       "have such "
	       "numbers."),
	""},
    {MSG_ID("PAdES"), "PAdES-B-B|PDF|PDFs",
	MSG_ID(
	    "The European standard for signatures inside of PDF files. PDF readers verify them."),
	""},
    {MSG_ID("PEM"), "",
	MSG_ID("A form of certificates and keys as text, which begins with -----BEGIN. It may be "
	       "sent by "
	       "mail."),
	""},
    {MSG_ID("PIN"), "PINs",
	MSG_ID("The secret number that lets you use the token. After a few wrong tries the token "
	       "blocks "
	       "it."),
	""},
    {MSG_ID("pinentry"), "",
	MSG_ID("A small window that asks for the PIN, instead of the terminal."), ""},
    {MSG_ID("PIV"), "",
	MSG_ID("The American standard for smart cards that hold keys. Tokens of many makers follow "
	       "it."),
	""},
    {MSG_ID("PKCS#10"), "certificate request",
	MSG_ID("The form in which a CA is asked for a certificate. It holds your name and the "
	       "public key, "
	       "and is signed with the key on the token."),
	""},
    {MSG_ID("PKCS#11"), "module",
	MSG_ID("How browsers and other programs talk to tokens. A module is the file that does it "
	       "for one "
	       "kind of token; ours is ecert-pkcs11.so."),
	""},
    {MSG_ID("PKCS#12"), "p12",
	MSG_ID(
	    "A file with a key and its certificate behind a password (.p12 or .pfx), as an e-Cert "
	    "comes. "
	    "Delete it when the key is on the token, because it can be copied."),
	""},
    {MSG_ID("PKCS#7"), "p7b",
	MSG_ID(
	    "A form of files for several certificates at once (.p7b), and for signatures (.p7s)."),
	""},
    {MSG_ID("PNG"), "", MSG_ID("A form of pictures with sharp edges, such as logos."), ""},
    {MSG_ID("policy"), "policies|pin-policy|touch-policy",
	MSG_ID("A rule. A key's policy says when the token asks for the PIN or a touch; a CA's "
	       "says how "
	       "it "
	       "found out who somebody is."),
	""},
    {MSG_ID("PUK"), "",
	MSG_ID("The code that unblocks a PIN after too many wrong tries. When the PUK is blocked "
	       "as well, "
	       "the token can only be reset, and its keys are gone."),
	""},
    {MSG_ID("QR"), "QR code",
	MSG_ID("A square of black and white dots that a phone's camera reads as an address on the "
	       "web."),
	""},
    {MSG_ID("reader"), "readers",
	MSG_ID("The device that a smart card is put in. A USB token is card and reader in one."),
	""},
    {MSG_ID("reconcile"), "",
	MSG_ID("To compare the journal with the numbers that the token itself counts."), ""},
    {MSG_ID("revoked"), "revocation", MSG_ID("A certificate that its CA took back before its end."),
	""},
    {MSG_ID("root"), "", MSG_ID("A CA's certificate that nobody else signed; where trust begins."),
	""},
    {MSG_ID("seal"), "seals|SEAL",
	MSG_ID("A signature over the end of the journal. Nobody without the token can change "
	       "afterwards "
	       "what came before it."),
	""},
    {MSG_ID("serial number"), "serial|SERIAL|cert-serial",
	MSG_ID("The number of one token, or the number that a CA gave one certificate."), ""},
    {MSG_ID("SHA-256"), "SHA|SHA1|SHA-1|SHA256|MD5|RSA-1024",
	MSG_ID(
	    "Ways to make a short fingerprint of a file, and kinds of keys, have such names. Old "
	    "ones (MD5, SHA-1, RSA-1024) can be forged by now; SHA-256 is the one in use."),
	""},
    {MSG_ID("slot"), "slot 9a|slot 9d|slot 9e|9a|9d|9e|slot-id",
	MSG_ID(
	    "A place for a key on the token: 9a is for logging in, 9c for signing, 9d for opening "
	    "what "
	    "was encrypted, 9e for doors, 82 to 95 for former keys. For --slot-id it is the place "
	    "where a "
	    "token is plugged in."),
	""},
    {MSG_ID("slot 9c"), "9c",
	MSG_ID("The place on the token for the key that signs. Tokens want the PIN anew for every "
	       "signature "
	       "with it; a command asks you once."),
	""},
    {MSG_ID("SM2"), "ed25519|x25519|p256|p384|rsa2048|rsa3072|rsa4096",
	MSG_ID("Kinds of keys have such names: rsa2048 and p256 are on every token, SM2 is the "
	       "Chinese "
	       "standard. Take p256 unless your CA asks for another."),
	""},
    {MSG_ID("token"), "tokens",
	MSG_ID("A smart card, or a USB stick with the same chip. Keys on it can be used, but not "
	       "copied."),
	""},
    {MSG_ID("trust list"), "trust-list",
	MSG_ID(
	    "A signed file that says whom to trust and for what, made by somebody you chose: your "
	    "federation, for instance."),
	""},
    {MSG_ID("trust mark"), "trust marks|trust mark's|mark|marks",
	MSG_ID("A signed statement that a merchant keeps a code of practice, for customers to "
	       "check. Its "
	       "issuer can take it back at any time."),
	""},
    {MSG_ID("TSA"), "time stamp|time stamps|time-stamp",
	MSG_ID("Time-stamping authority: an office that signs a file's fingerprint with the time, "
	       "which proves that a signature was there by then."),
	""},
    {MSG_ID("UBL"), "UBL document|UBL documents",
	MSG_ID("Universal Business Language: invoices and orders as XML, by an international "
	       "standard."),
	""},
    {MSG_ID("unable to get local issuer certificate"), "",
	MSG_ID("A certificate is missing between the signer's and an anchor of yours. Name the "
	       "CA's root "
	       "with --anchor, and what lies between with --intermediate."),
	MSG_ID("what `openssl` and other programs say where `ecert verify` names the missing CA")},
    {MSG_ID("URL"), "URLs|URI", MSG_ID("An address on the web, as https://wong.example."), ""},
    {MSG_ID("virtual token"), "",
	MSG_ID("A program that behaves as a token does, for trying and testing. It never counts as "
	       "hardware."),
	MSG_ID("the option --reader, and ecert-vcard(1)")},
    {MSG_ID("XAdES"), "XAdES-B-B|xades",
	MSG_ID("The European standard for signatures in XML. Tax offices and services that take "
	       "XML read them."),
	""},
    {MSG_ID("XML"), "",
	MSG_ID("A form of documents that programs exchange, such as invoices and orders."), ""},
    {0},
};
