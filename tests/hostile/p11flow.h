/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of p11flow: objects and operations, each judged with what the honest card said. */
#ifndef ECERT_TESTS_P11FLOW_H
#define ECERT_TESTS_P11FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "ecert/cryptoki.h"
#include "ecert/vendor.h"

#define REFERENCES 5 /* CKA_ID 1 to 5: 9A 9C 9D 9E 82 */

extern CK_FUNCTION_LIST_PTR p11;

/* "what=how" or, with a number, "whatN=how". */
void tell(const char *what, unsigned n, const char *how);
const char *rv_text(CK_RV rv);
bool is_clean(const CK_UTF8CHAR *text, size_t n);

/* Reads N.pub (PEM; P-256 or RSA) and N.der from dir, as far as they are there. */
bool flow_references(const char *dir);
/* All objects with their attributes: certs=, ids=, text=. */
void flow_list(CK_SESSION_HANDLE s);
void flow_count(CK_SESSION_HANDLE s, CK_OBJECT_CLASS class, const char *what);
void flow_cert(CK_SESSION_HANDLE s, unsigned n);
void flow_attestations(CK_SESSION_HANDLE s);
void flow_sign(CK_SESSION_HANDLE s, unsigned n, const char *pin);
void flow_decrypt(CK_SESSION_HANDLE s, unsigned n, const char *pin);
void flow_derive(CK_SESSION_HANDLE s, unsigned n);

/* The object of a class with this CKA_ID. */
CK_RV flow_find(CK_SESSION_HANDLE s, CK_OBJECT_CLASS class, unsigned n, CK_OBJECT_HANDLE *h);

#endif
