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
/// Reads exactly 64 bytes at `block`.
static inline ftally_masks ftally_structure(const uint8_t *block, uint8_t quote, uint8_t separator) {
  ftally_masks masks = {0, 0, 0, 0};
  const __m128i q = _mm_set1_epi8((char)quote), s = _mm_set1_epi8((char)separator);
  const __m128i lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');
  for (int part = 0; part < 4; part++) {
    const __m128i bytes = _mm_loadu_si128((const __m128i *)block + part);
    const int shift = 16 * part;
    masks.quote |= (uint64_t)(uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, q)) << shift;
    masks.separator |= (uint64_t)(uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, s)) << shift;
    masks.line_feed |= (uint64_t)(uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, lf)) << shift;
    masks.carriage_return |= (uint64_t)(uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, cr)) << shift;
  }
  return masks;
}
#else
static inline ftally_masks ftally_structure(const uint8_t *block, uint8_t quote, uint8_t separator) {
  ftally_masks masks = {0, 0, 0, 0};
  for (int at = 0; at < 64; at++) {
    const uint64_t bit = (uint64_t)1 << at;
    if (block[at] == quote) masks.quote |= bit;
    if (block[at] == separator) masks.separator |= bit;
    if (block[at] == '\n') masks.line_feed |= bit;
    if (block[at] == '\r') masks.carriage_return |= bit;
  }
  return masks;
}
#endif

/// Length of the longest valid UTF-8 prefix of `bytes` that ends on a character; `count` when all of it is valid.
/// Overlong forms, surrogates and values above U+10FFFF are invalid (Unicode 15, table 3-7).
size_t ftally_valid_utf8(const uint8_t *bytes, size_t count);

/// The same of text that holds no U+FDD0: the prefix ends before the first.
size_t ftally_valid_text(const uint8_t *bytes, size_t count);

/// Whether white space or an invisible character stands at an end of the text, beside a plain space, or is anything but a
/// plain space. Characters: ASCII 0x00...0x20, U+00A0, U+2000...U+200D, U+2028, U+2029, U+202F, U+205F, U+2060, U+3000,
/// U+FEFF.
int ftally_has_loose_space(const uint8_t *bytes, size_t count);

/// Asks for the line of memory at `place`, to be looked at soon.
static inline void ftally_prefetch(const void *place) { __builtin_prefetch(place); }
