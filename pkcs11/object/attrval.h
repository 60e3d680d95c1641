/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the values of attributes come from: one function for each source. */
#ifndef ECERT_PKCS11_ATTRVAL_H
#define ECERT_PKCS11_ATTRVAL_H

#include "pkcs11/object/object.h"

/* Appends the value to out; arg is the table row's. Errors: as attr_get. */
typedef CK_RV val_fn(struct object *o, CK_ULONG arg, struct buf *out);

val_fn val_bool, val_ulong, val_empty, val_class, val_unique, val_private, val_label;
val_fn val_application, val_object_id, val_value, val_check_value, val_cert, val_date;
val_fn val_key_subject, val_spki, val_id, val_key_type, val_usage, val_local, val_gen_mechanism;
val_fn val_allowed, val_always, val_modulus, val_modulus_bits, val_exponent, val_ec_params;
val_fn val_ec_point, val_secret, val_profile, val_mechanism, val_pin_policy, val_touch_policy;
val_fn val_origin, val_reference, val_modifiable, val_verifies, val_destroyable;

/* A session object's; its secrets only where they may be read. */
CK_RV val_stored(struct object *o, CK_ATTRIBUTE_TYPE type, struct buf *out);

/* The public key's attributes from a key, for session objects. */
CK_RV val_put_key_type(enum key_alg alg, struct buf *out);
CK_RV val_put_modulus(const struct pubkey *k, struct buf *out);
CK_RV val_put_exponent(const struct pubkey *k, struct buf *out);
CK_RV val_put_ec_params(const struct pubkey *k, struct buf *out);
CK_RV val_put_ec_point(const struct pubkey *k, struct buf *out);

#endif
