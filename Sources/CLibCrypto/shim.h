#pragma once
// The functions of SHA-256 itself stand by themselves in libcrypto's archive, so that nothing else of it is linked and
// nothing of it is loaded. Its way to any digest by name, which the headers would rather see, brings the whole library: that
// takes a sixth of the time in which the program starts. They are marked as deprecated, and are the same code.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
