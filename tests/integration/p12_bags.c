/* SPDX-License-Identifier: BSD-2-Clause */
/* p12-bags FILE PASSWORD NAME...: a PKCS#12 file with the keys NAME.key and, where they are there,
 * the certificates NAME.pem; each key is called NAME. `openssl pkcs12` writes one key only. */
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <stdio.h>
#include <unistd.h>

static FILE *open_as(const char *name, const char *end)
{
	char path[256];

	snprintf(path, sizeof path, "%s.%s", name, end);
	return fopen(path, "re");
}

static int put_key(STACK_OF(PKCS12_SAFEBAG) * *bags, const char *name, const char *password)
{
	FILE *f = open_as(name, "key");
	EVP_PKEY *key = f ? PEM_read_PrivateKey(f, NULL, NULL, NULL) : NULL;
	PKCS12_SAFEBAG *bag = key ? PKCS12_add_key(bags, key, 0, 2048, NID_aes_256_cbc, password)
				  : NULL;
	int good = bag && PKCS12_add_friendlyname_utf8(bag, name, -1) == 1;

	EVP_PKEY_free(key);
	if (f)
		fclose(f);
	return good;
}

static int put_cert(STACK_OF(PKCS12_SAFEBAG) * *bags, const char *name)
{
	FILE *f = open_as(name, "pem");
	X509 *x = f ? PEM_read_X509(f, NULL, NULL, NULL) : NULL;
	int good = !f || (x && PKCS12_add_cert(bags, x));

	X509_free(x);
	if (f)
		fclose(f);
	return good;
}

int main(int argc, char **argv)
{
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
	STACK_OF(PKCS7) *safes = NULL;
	PKCS12 *p12 = NULL;
	int good = argc > 3;
	FILE *out;

	for (int i = 3; good && i < argc; i++)
		good = put_key(&bags, argv[i], argv[2]) && put_cert(&bags, argv[i]);
	good = good && PKCS12_add_safe(&safes, bags, -1, 0, NULL) == 1 &&
	       (p12 = PKCS12_add_safes(safes, 0)) != NULL &&
	       PKCS12_set_mac(p12, argv[2], -1, NULL, 0, 2048, EVP_sha256()) == 1;
	out = good ? fopen(argv[1], "we") : NULL;
	good = out && i2d_PKCS12_fp(out, p12) == 1;
	if (out)
		good = !fclose(out) && good;
	PKCS12_free(p12);
	sk_PKCS7_pop_free(safes, PKCS7_free);
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	return good ? 0 : 1;
}
