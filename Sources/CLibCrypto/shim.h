#pragma once
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

/// SHA-256, looked up once for all digests that follow. The library's settings on the machine are not read: nothing of them
/// changes the digest, and reading them takes as long as all the rest.
static inline const EVP_MD *ftally_sha256(void) {
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
  OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
  return EVP_MD_fetch(NULL, "SHA256", NULL);
#else
  return EVP_sha256();
#endif
}
