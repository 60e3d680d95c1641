// SPDX-License-Identifier: BSD-2-Clause
// @openid-federation/core fetches an issuer's entity configuration as any member of a federation would, with
// node's own crypto for signatures, and prints the claims that it accepted. It says what it refuses, and ends with 1.
//
//   NODE_EXTRA_CA_CERTS=CA node federation.js PACKAGES ISSUER
'use strict';
const crypto = require('node:crypto');

const [packages, issuer] = process.argv.slice(2);
const { fetchEntityConfiguration } = require(`${packages}/@openid-federation/core`);

// By the key that the package has picked, by the algorithm that the header names.
const ways = { ES256: { dsaEncoding: 'ieee-p1363' }, RS256: {} };
async function verifyJwtCallback({ header, data, signature, jwk }) {
  if (!ways[header.alg]) throw new Error(`an algorithm that nobody allowed: ${header.alg}`);
  return crypto.verify('sha256', data, { key: crypto.createPublicKey({ key: jwk, format: 'jwk' }), ...ways[header.alg] }, signature);
}

fetchEntityConfiguration({ entityId: issuer, verifyJwtCallback })
  .then((claims) => console.log(JSON.stringify(claims)))
  .catch((e) => { console.error(String(e?.stack ?? e)); process.exit(1); });
