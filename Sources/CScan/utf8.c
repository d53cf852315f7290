#include "cscan.h"
#include <string.h>

/// Bytes of the character at `at`, or 0 when it is not valid (table 3-7 of the Unicode standard).
static size_t character(const uint8_t *bytes, size_t count, size_t at) {
  const uint8_t lead = bytes[at];
  if (lead < 0x80) return 1;
  size_t length;
  uint8_t low = 0x80, high = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) length = 2;
  else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  } else return 0;
  if (at + length > count) return 0;
  if (bytes[at + 1] < low || bytes[at + 1] > high) return 0;
  for (size_t next = 2; next < length; next++)
    if ((bytes[at + next] & 0xC0) != 0x80) return 0;
  return length;
}

/// Whether U+FDD0 stands at `at`.
static int is_marker(const uint8_t *bytes, size_t count, size_t at) {
  return at + 2 < count && bytes[at] == 0xEF && bytes[at + 1] == 0xB7 && bytes[at + 2] == 0x90;
}

static size_t scalar(const uint8_t *bytes, size_t count, size_t at, int stops) {
  const uint64_t ones = 0x0101010101010101u, highest = ones << 7;
  while (at < count) {
    uint64_t eight;
    if (at + 8 <= count && (memcpy(&eight, bytes + at, 8), (eight & highest) == 0) &&
        !((stops & FTALLY_AT_NUL) && ((eight - ones) & highest) != 0)) {
      at += 8;
      continue;
    }
    const size_t length = character(bytes, count, at);
    if (length == 0 || ((stops & FTALLY_AT_MARKER) && is_marker(bytes, count, at))) return at;
    if ((stops & FTALLY_AT_NUL) && bytes[at] == 0) return at;
    at += length;
  }
  return at;
}

#if defined(__x86_64__)
#include <immintrin.h>
// The lookup method of Keiser and Lemire ("Validating UTF-8 in less than one instruction per byte", 2021): each pair of
// neighbouring bytes is classified by three 16-entry tables, and a bit that survives their conjunction is an error.
enum {
  TOO_SHORT = 1, TOO_LONG = 2, OVERLONG_3 = 4, TOO_LARGE = 8, SURROGATE = 16, OVERLONG_2 = 32,
  TOO_LARGE_1000 = 64, OVERLONG_4 = 64, TWO_CONTINUATIONS = 128
};
#define CARRY (TOO_SHORT | TOO_LONG | TWO_CONTINUATIONS)
#define BIG (CARRY | TOO_LARGE | TOO_LARGE_1000)
#define CONTINUED (TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS)

// Of the first byte's halves and of the second byte's upper one: the errors that a pair with such a half may be.
#define FIRST_HIGH \
  TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, (char)TWO_CONTINUATIONS, \
      (char)TWO_CONTINUATIONS, (char)TWO_CONTINUATIONS, (char)TWO_CONTINUATIONS, TOO_SHORT | OVERLONG_2, TOO_SHORT, \
      TOO_SHORT | OVERLONG_3 | SURROGATE, TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4
#define FIRST_LOW \
  (char)(CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4), (char)(CARRY | OVERLONG_2), (char)CARRY, (char)CARRY, \
      (char)(CARRY | TOO_LARGE), (char)BIG, (char)BIG, (char)BIG, (char)BIG, (char)BIG, (char)BIG, (char)BIG, \
      (char)BIG, (char)(BIG | SURROGATE), (char)BIG, (char)BIG
#define SECOND_HIGH \
  TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, \
      (char)(CONTINUED | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4), (char)(CONTINUED | OVERLONG_3 | TOO_LARGE), \
      (char)(CONTINUED | SURROGATE | TOO_LARGE), (char)(CONTINUED | SURROGATE | TOO_LARGE), TOO_SHORT, TOO_SHORT, \
      TOO_SHORT, TOO_SHORT

/// Whether all of it is valid and holds nothing at which the prefix stops.
__attribute__((target("ssse3"))) static int all_valid(const uint8_t *bytes, size_t count, int stops) {
  const __m128i first_high = _mm_setr_epi8(FIRST_HIGH), first_low = _mm_setr_epi8(FIRST_LOW);
  const __m128i second_high = _mm_setr_epi8(SECOND_HIGH);
  const __m128i nibble = _mm_set1_epi8(0x0F), zero = _mm_setzero_si128();
  const __m128i incomplete_above = _mm_setr_epi8(
      -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, (char)(0xF0 - 1), (char)(0xE0 - 1), (char)(0xC0 - 1));
  __m128i previous = zero, error = zero, incomplete = zero, smallest = _mm_set1_epi8(-1);
  for (size_t at = 0; at < count; at += 16) {
    __m128i input;
    if (at + 16 <= count) {
      input = _mm_loadu_si128((const void *)(bytes + at));
    } else {
      uint8_t rest[16];
      memset(rest, ' ', 16);
      memcpy(rest, bytes + at, count - at);
      input = _mm_loadu_si128((const void *)rest);
    }
    smallest = _mm_min_epu8(smallest, input);
    if (_mm_movemask_epi8(input) == 0) {
      error = _mm_or_si128(error, incomplete);
      incomplete = zero;
      previous = input;
      continue;
    }
    const __m128i one_back = _mm_alignr_epi8(input, previous, 15);
    const __m128i special = _mm_and_si128(
        _mm_and_si128(_mm_shuffle_epi8(first_high, _mm_and_si128(_mm_srli_epi16(one_back, 4), nibble)),
                      _mm_shuffle_epi8(first_low, _mm_and_si128(one_back, nibble))),
        _mm_shuffle_epi8(second_high, _mm_and_si128(_mm_srli_epi16(input, 4), nibble)));
    const __m128i two_back = _mm_alignr_epi8(input, previous, 14), three_back = _mm_alignr_epi8(input, previous, 13);
    const __m128i third = _mm_subs_epu8(two_back, _mm_set1_epi8((char)(0xE0 - 0x80)));
    const __m128i fourth = _mm_subs_epu8(three_back, _mm_set1_epi8((char)(0xF0 - 0x80)));
    const __m128i must_continue = _mm_and_si128(_mm_or_si128(third, fourth), _mm_set1_epi8((char)0x80));
    error = _mm_or_si128(error, _mm_xor_si128(must_continue, special));
    if (stops & FTALLY_AT_MARKER) {
      const __m128i marker = _mm_and_si128(
          _mm_and_si128(_mm_cmpeq_epi8(two_back, _mm_set1_epi8((char)0xEF)),
                        _mm_cmpeq_epi8(one_back, _mm_set1_epi8((char)0xB7))),
          _mm_cmpeq_epi8(input, _mm_set1_epi8((char)0x90)));
      error = _mm_or_si128(error, marker);
    }
    incomplete = _mm_subs_epu8(input, incomplete_above);
    previous = input;
  }
  error = _mm_or_si128(error, incomplete);
  if (stops & FTALLY_AT_NUL) error = _mm_or_si128(error, _mm_cmpeq_epi8(smallest, zero));
  return _mm_movemask_epi8(_mm_cmpeq_epi8(error, zero)) == 0xFFFF;
}

#define TWICE(list) _mm256_broadcastsi128_si256(_mm_setr_epi8(list))
#define WIDE __attribute__((target("avx2")))
#define FORCED static inline __attribute__((always_inline))

/// What was found so far: errors; the first two bytes of U+FDD0 or a neighbour of it; the smallest byte at each place.
typedef struct {
  __m256i error, suspect, smallest;
} findings;

WIDE FORCED __m256i load(const uint8_t *at) { return _mm256_loadu_si256((const void *)at); }

/// Looks at 32 bytes. The three bytes before them can be read.
WIDE FORCED void check(const uint8_t *at, findings *found) {
  const __m256i nibble = _mm256_set1_epi8(0x0F), pair = _mm256_set1_epi16((short)0xB7EF);
  const __m256i input = load(at), one_back = load(at - 1);
  const __m256i special = _mm256_and_si256(
      _mm256_and_si256(
          _mm256_shuffle_epi8(TWICE(FIRST_HIGH), _mm256_and_si256(_mm256_srli_epi16(one_back, 4), nibble)),
          _mm256_shuffle_epi8(TWICE(FIRST_LOW), _mm256_and_si256(one_back, nibble))),
      _mm256_shuffle_epi8(TWICE(SECOND_HIGH), _mm256_and_si256(_mm256_srli_epi16(input, 4), nibble)));
  const __m256i third = _mm256_subs_epu8(load(at - 2), _mm256_set1_epi8((char)(0xE0 - 0x80)));
  const __m256i fourth = _mm256_subs_epu8(load(at - 3), _mm256_set1_epi8((char)(0xF0 - 0x80)));
  const __m256i must_continue = _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)0x80));
  found->error = _mm256_or_si256(found->error, _mm256_xor_si256(must_continue, special));
  found->suspect = _mm256_or_si256(
      found->suspect, _mm256_or_si256(_mm256_cmpeq_epi16(input, pair), _mm256_cmpeq_epi16(one_back, pair)));
  found->smallest = _mm256_min_epu8(found->smallest, input);
}

/// Notes a character that does not end before `at`, of the 32 bytes before it.
WIDE FORCED void check_end(const uint8_t *at, findings *found) {
  __m256i most = _mm256_set1_epi8(-1);
  most = _mm256_insert_epi8(most, (char)(0xF0 - 1), 29);
  most = _mm256_insert_epi8(most, (char)(0xE0 - 1), 30);
  most = _mm256_insert_epi8(most, (char)(0xC0 - 1), 31);
  found->error = _mm256_or_si256(found->error, _mm256_subs_epu8(load(at - 32), most));
}

/// The same as `all_valid`, 32 bytes a step. `count` is 96 at least.
WIDE static int all_valid_wide(const uint8_t *bytes, size_t count, int stops) {
  const __m256i zero = _mm256_setzero_si256();
  findings found = {zero, zero, _mm256_set1_epi8(-1)};
  uint8_t start[64];
  memset(start, ' ', 32);
  memcpy(start + 32, bytes, 32);
  check(start + 32, &found);
  size_t at = 32;
  for (; at + 64 <= count; at += 64) {
    if (_mm256_movemask_epi8(_mm256_or_si256(load(bytes + at), load(bytes + at + 32))) == 0) {
      check_end(bytes + at, &found);
      found.smallest = _mm256_min_epu8(found.smallest, _mm256_min_epu8(load(bytes + at), load(bytes + at + 32)));
    } else {
      check(bytes + at, &found);
      check(bytes + at + 32, &found);
    }
  }
  // What is left, with bytes before it that were looked at already.
  check(bytes + count - 64, &found);
  check(bytes + count - 32, &found);
  check_end(bytes + count, &found);
  if (stops & FTALLY_AT_NUL) found.error = _mm256_or_si256(found.error, _mm256_cmpeq_epi8(found.smallest, zero));
  if (!_mm256_testz_si256(found.error, found.error)) return 0;
  if (!(stops & FTALLY_AT_MARKER) || _mm256_testz_si256(found.suspect, found.suspect)) return 1;
  for (size_t place = 0; place < count; place++)
    if (is_marker(bytes, count, place)) return 0;
  return 1;
}
#endif

#if defined(__x86_64__)
/// Length of `bytes` without the start of a character at its end.
static size_t whole_characters(const uint8_t *bytes, size_t count) {
  for (size_t back = 1; back <= 3 && back < count; back++) {
    const uint8_t byte = bytes[count - back];
    if (byte < 0x80) return count;
    if (byte >= 0xC0) return (byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2) > back ? count - back : count;
  }
  return count;
}
#endif

size_t ftally_valid_prefix(const uint8_t *bytes, size_t count, int stops, int may_be_wide) {
  size_t at = 0;
#if defined(__x86_64__)
  // In pieces, so that a bad byte costs a second look at one piece and not at all that came before it.
  const size_t piece = 1 << 14;
  const int is_wide = may_be_wide && __builtin_cpu_supports("avx2");
  while (count - at >= 16 && __builtin_cpu_supports("ssse3")) {
    const size_t whole = whole_characters(bytes + at, count - at < piece ? count - at : piece);
    if (!(is_wide && whole >= 96 ? all_valid_wide : all_valid)(bytes + at, whole, stops)) break;
    at += whole;
  }
#endif
  return scalar(bytes, count, at, stops);  // finds the place, in broken text and the last bytes
}
