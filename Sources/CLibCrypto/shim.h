#pragma once
#include <openssl/evp.h>
#include <openssl/hmac.h>

/// SHA-256, looked up once for all digests that follow.
static inline const EVP_MD *ftally_sha256(void) {
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
  return EVP_MD_fetch(NULL, "SHA256", NULL);
#else
  return EVP_sha256();
#endif
}
