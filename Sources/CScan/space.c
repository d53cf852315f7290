#include "cscan.h"

/// Whether a character that `ftally_has_loose_space` lists, beside the plain space, begins at `at`. Control characters that
/// are no white space count too: the answer may be yes too often, never no.
static int is_unusual(const uint8_t *bytes, size_t count, size_t at) {
  const uint8_t lead = bytes[at];
  if (lead < 0x20) return 1;
  if (lead == 0xC2) return at + 1 < count && bytes[at + 1] == 0xA0;
  if (at + 2 >= count) return 0;
  const uint8_t second = bytes[at + 1], third = bytes[at + 2];
  switch (lead) {
  case 0xE2:
    if (second == 0x80) return (third >= 0x80 && third < 0x8E) || third == 0xA8 || third == 0xA9 || third == 0xAF;
    return second == 0x81 && (third == 0x9F || third == 0xA0);
  case 0xE3: return second == 0x80 && third == 0x80;
  case 0xEF: return second == 0xBB && third == 0xBF;
  default: return 0;
  }
}

int ftally_has_loose_space(const uint8_t *bytes, size_t count) {
  if (count == 0) return 0;
  if (bytes[0] <= 0x20 || bytes[count - 1] <= 0x20) return 1;
  size_t at = 0;
#if defined(__x86_64__)
  // The byte behind the sixteen is looked at too: two spaces, or the second byte of a character.
  for (; at + 17 <= count; at += 16) {
    const __m128i here = _mm_loadu_si128((const __m128i *)(bytes + at));
    const __m128i next = _mm_loadu_si128((const __m128i *)(bytes + at + 1));
    const __m128i space = _mm_cmpeq_epi8(here, _mm_set1_epi8(0x20));
    const __m128i control = _mm_cmpeq_epi8(_mm_max_epu8(here, _mm_set1_epi8(0x1F)), _mm_set1_epi8(0x1F));
    const __m128i next80 = _mm_cmpeq_epi8(next, _mm_set1_epi8((char)0x80));
    const __m128i general = _mm_and_si128(
        _mm_cmpeq_epi8(here, _mm_set1_epi8((char)0xE2)),
        _mm_or_si128(next80, _mm_cmpeq_epi8(next, _mm_set1_epi8((char)0x81))));
    const __m128i ideographic = _mm_and_si128(_mm_cmpeq_epi8(here, _mm_set1_epi8((char)0xE3)), next80);
    const __m128i noBreak = _mm_and_si128(
        _mm_cmpeq_epi8(here, _mm_set1_epi8((char)0xC2)), _mm_cmpeq_epi8(next, _mm_set1_epi8((char)0xA0)));
    const __m128i mark = _mm_and_si128(
        _mm_cmpeq_epi8(here, _mm_set1_epi8((char)0xEF)), _mm_cmpeq_epi8(next, _mm_set1_epi8((char)0xBB)));
    const __m128i pair = _mm_and_si128(space, _mm_cmpeq_epi8(next, _mm_set1_epi8(0x20)));
    if (_mm_movemask_epi8(_mm_or_si128(pair, control))) return 1;
    int unusual = _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(general, ideographic), _mm_or_si128(noBreak, mark)));
    for (; unusual; unusual &= unusual - 1) {
      if (is_unusual(bytes, count, at + (size_t)__builtin_ctz((unsigned)unusual))) return 1;
    }
  }
#endif
  for (; at < count; at++) {
    if ((uint8_t)(bytes[at] - 0x21) < 0x5F + 0x42) continue;  // 0x21 to 0xC1 begins none of them
    if (bytes[at] == 0x20 ? at + 1 < count && bytes[at + 1] == 0x20 : is_unusual(bytes, count, at)) return 1;
  }
  return 0;
}
