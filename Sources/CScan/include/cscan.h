#pragma once
// The loops in which a vector instruction is worth ten lines of C: Swift emits no movemask (0.22 GB/s for the same
// loop in SIMD64, against 4.9 GB/s here). Nothing else belongs in this module.
#include <stddef.h>
#include <stdint.h>

/// One bit per byte of a 64-byte block: quotes, separators, line feeds and carriage returns.
typedef struct {
  uint64_t quote, separator, line_feed, carriage_return;
} ftally_masks;

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// `may_be_wide`: whether instructions of 32 bytes may be used, where the processor has them. Tests do without, since no
// machine of today takes the other way by itself.

/// The structure of `count` blocks of 64 bytes, one behind another.
void ftally_structures(
    const uint8_t *block, size_t count, uint8_t quote, uint8_t separator, ftally_masks *masks, int may_be_wide);

/// Length of the longest valid UTF-8 prefix of `bytes` that ends on a character; `count` when all of it is valid.
/// Overlong forms, surrogates and values above U+10FFFF are invalid (Unicode 15, table 3-7). Where `stops_at_marker`, it ends
/// before the first U+FDD0 as well.
size_t ftally_valid_prefix(const uint8_t *bytes, size_t count, int stops_at_marker, int may_be_wide);

/// Whether white space or an invisible character stands at an end of the text, beside a plain space, or is anything but a
/// plain space. Characters: ASCII 0x00...0x20, U+00A0, U+2000...U+200D, U+2028, U+2029, U+202F, U+205F, U+2060, U+3000,
/// U+FEFF.
int ftally_has_loose_space(const uint8_t *bytes, size_t count);

/// How many of the bytes are `byte`.
static inline size_t ftally_count(const uint8_t *bytes, size_t count, uint8_t byte) {
  size_t found = 0;
  while (count > 0) {
    // As many as a byte can count: the compiler adds up bytes many at a time.
    const size_t stretch = count < 255 ? count : 255;
    uint8_t some = 0;
    for (size_t at = 0; at < stretch; at++) some += bytes[at] == byte;
    found += some;
    bytes += stretch;
    count -= stretch;
  }
  return found;
}

/// Asks for the line of memory at `place`, to be looked at soon.
static inline void ftally_prefetch(const void *place) { __builtin_prefetch(place); }
