// OpenSSL 3: the EVP interface, and functions for what its headers offer as macros only.
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

/// The bytes written to a memory BIO so far; they belong to it.
static inline long COpenSSL_BIO_memory(BIO *bio, const char **bytes) { return BIO_get_mem_data(bio, (char **)bytes); }

/// Begins a message of a MAC that is HMAC, with this hash and key.
static inline int COpenSSL_HMAC_begin(EVP_MAC_CTX *context, const char *hash, const unsigned char *key, size_t size) {
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)hash, 0), OSSL_PARAM_construct_end()};
    return EVP_MAC_init(context, key, size, parameters);
}
