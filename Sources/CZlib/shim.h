#pragma once
#include <zlib.h>

/// inflateInit2 and deflateInit2 are macros, which Swift does not see. `bits`: -15 for raw deflate, 31 for gzip.
static inline int ftally_inflate_init(z_stream *stream, int bits) { return inflateInit2(stream, bits); }
