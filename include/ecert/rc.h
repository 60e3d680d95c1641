/* SPDX-License-Identifier: BSD-2-Clause */
/* Return codes: one list for every layer, from the reader to the command line. */
#ifndef ECERT_RC_H
#define ECERT_RC_H

#define MUST_CHECK __attribute__((warn_unused_result))

/*
 * The order is part of ecertd's wire format (include/ecert/ipc.h): add at the end, before
 * ECERT_RC_COUNT. Each has its sentence in middleware/util/rc.c and its CKR_ in pkcs11/.
 */
enum ecert_rc {
	ECERT_OK = 0,
	ECERT_E_ARG, /* the caller broke the contract */
	ECERT_E_MEMORY,
	ECERT_E_INTERNAL, /* cannot happen; a defect of ours */
	ECERT_E_CRYPTO,	  /* OpenSSL failed where it should not */
	ECERT_E_IO,	  /* a file or socket of the host */
	ECERT_E_FORKED,	  /* the handle belongs to the parent process */
	ECERT_E_TIMEOUT,
	ECERT_E_CANCELLED, /* the person, or another thread, said stop */
	/* readers */
	ECERT_E_NO_SERVICE,   /* pcscd (or ecertd) does not answer */
	ECERT_E_NO_READER,    /* no such reader now */
	ECERT_E_NO_CARD,      /* the reader is empty */
	ECERT_E_REMOVED,      /* the card went away in the middle */
	ECERT_E_RESET,	      /* somebody reset the card: its PIN state is lost */
	ECERT_E_EXCLUSIVE,    /* another program holds the card for itself */
	ECERT_E_MUTE,	      /* a card is in, and does not answer */
	ECERT_E_UNRECOGNISED, /* a card is in, and is not a PIV card */
	/* data from outside */
	ECERT_E_MALFORMED, /* it breaks its own format */
	ECERT_E_TOO_LARGE, /* over a limit of ours */
	ECERT_E_BUFFER,	   /* the caller's buffer is too small */
	ECERT_E_NOT_FOUND,
	ECERT_E_EXISTS,
	ECERT_E_UNSUPPORTED, /* this card or build cannot */
	/* authorisation */
	ECERT_E_AUTH, /* log in first */
	ECERT_E_PIN_WRONG,
	ECERT_E_PIN_BLOCKED,
	ECERT_E_PIN_FORMAT,   /* length or characters that no PIN can have; no try was used */
	ECERT_E_PIN_LAST_TRY, /* one try left and no consent to use it; nothing was sent */
	ECERT_E_PIN_DEFAULT,  /* a factory default is still in place */
	ECERT_E_DENIED,	      /* policy forbids it */
	/* operations */
	ECERT_E_KEY_TYPE, /* the key cannot do this */
	ECERT_E_DATA,	  /* the input is wrong for the mechanism */
	ECERT_E_DATA_LEN,
	ECERT_E_BAD_SIGNATURE, /* does not verify */
	ECERT_E_CARD,	       /* the card refused or answered nonsense */
	ECERT_E_CARD_FULL,
	ECERT_E_PASSWORD,     /* of a file, not of a card: no try is used up */
	ECERT_E_FULL,	      /* ecertd serves as many as it can; nothing was carried out */
	ECERT_E_KEY_FUNCTION, /* the card does not let this key do that (PIV: its slot's use) */
	ECERT_E_NO_SLOT,      /* the card has no such key slot */
	ECERT_RC_COUNT
};

/* One plain English sentence for rc, without a full stop; never NULL. */
const char *ecert_strerror(enum ecert_rc rc);

/* The identifier, "ECERT_E_PIN_WRONG", for logs and JSON; never NULL. */
const char *ecert_rc_name(enum ecert_rc rc);

#endif
