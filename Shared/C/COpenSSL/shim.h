// OpenSSL 3: the EVP interface, and functions for what its headers offer as macros only.
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

/// The bytes written to a memory BIO so far; they belong to it.
static inline long COpenSSL_BIO_memory(BIO *bio, const char **bytes) { return BIO_get_mem_data(bio, (char **)bytes); }
