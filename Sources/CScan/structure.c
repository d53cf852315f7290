#include "cscan.h"

#if defined(__x86_64__)
static void narrow(const uint8_t *block, size_t count, uint8_t quote, uint8_t separator, ftally_masks *masks) {
  const __m128i q = _mm_set1_epi8((char)quote), s = _mm_set1_epi8((char)separator);
  const __m128i lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');
  for (size_t index = 0; index < count; index++, block += 64) {
    ftally_masks found = {0, 0, 0, 0};
    for (int part = 0; part < 4; part++) {
      const __m128i bytes = _mm_loadu_si128((const __m128i *)block + part);
      const int shift = 16 * part;
      found.quote |= (uint64_t)(uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, q)) << shift;
      found.separator |= (uint64_t)(uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, s)) << shift;
      found.line_feed |= (uint64_t)(uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, lf)) << shift;
      found.carriage_return |= (uint64_t)(uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, cr)) << shift;
    }
    masks[index] = found;
  }
}

__attribute__((target("avx2"))) static inline uint64_t both(__m256i low, __m256i high) {
  return (uint64_t)(uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

__attribute__((target("avx2"))) static void wide(
    const uint8_t *block, size_t count, uint8_t quote, uint8_t separator, ftally_masks *masks) {
  const __m256i q = _mm256_set1_epi8((char)quote), s = _mm256_set1_epi8((char)separator);
  const __m256i lf = _mm256_set1_epi8('\n'), cr = _mm256_set1_epi8('\r');
  for (size_t index = 0; index < count; index++, block += 64) {
    const __m256i low = _mm256_loadu_si256((const void *)block), high = _mm256_loadu_si256((const void *)(block + 32));
    masks[index].quote = both(_mm256_cmpeq_epi8(low, q), _mm256_cmpeq_epi8(high, q));
    masks[index].separator = both(_mm256_cmpeq_epi8(low, s), _mm256_cmpeq_epi8(high, s));
    masks[index].line_feed = both(_mm256_cmpeq_epi8(low, lf), _mm256_cmpeq_epi8(high, lf));
    masks[index].carriage_return = both(_mm256_cmpeq_epi8(low, cr), _mm256_cmpeq_epi8(high, cr));
  }
}
#endif

void ftally_structures(
    const uint8_t *block, size_t count, uint8_t quote, uint8_t separator, ftally_masks *masks, int may_be_wide) {
#if defined(__x86_64__)
  (may_be_wide && __builtin_cpu_supports("avx2") ? wide : narrow)(block, count, quote, separator, masks);
#else
  for (size_t index = 0; index < count; index++, block += 64) {
    ftally_masks found = {0, 0, 0, 0};
    for (int at = 0; at < 64; at++) {
      const uint64_t bit = (uint64_t)1 << at;
      if (block[at] == quote) found.quote |= bit;
      if (block[at] == separator) found.separator |= bit;
      if (block[at] == '\n') found.line_feed |= bit;
      if (block[at] == '\r') found.carriage_return |= bit;
    }
    masks[index] = found;
  }
#endif
}
