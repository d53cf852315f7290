#include "cscan.h"

#define FORCED static inline __attribute__((always_inline))

/// One bit per byte of a block, lowest first.
typedef struct {
  uint64_t quote, separator, line_feed, carriage_return;
} masks;

/// What the text before a block says of it (`ftally_cells.open`): its last byte is a quote that ends a quoted part, or
/// a carriage return behind such a quote; or it ends inside a quoted cell. The last is for `wide_blocks`.
enum { AFTER_CLOSING = 1, AFTER_RETURN = 2, INSIDE = 4, NO_TABLE = 8 };

static const uint64_t highest = (uint64_t)1 << 63;

FORCED unsigned lowest(uint64_t bits) { return bits ? (unsigned)__builtin_ctzll(bits) : 64; }
FORCED uint32_t count_of(uint64_t bits) { return (uint32_t)__builtin_popcountll(bits); }

/// Bit n is the parity of bits 0...n.
FORCED uint64_t parity(uint64_t bits) {
  for (int shift = 1; shift < 64; shift <<= 1) bits ^= bits << shift;
  return bits;
}

/// Separators and line ends of a block with quotes or carriage returns in it, or behind such a one; the line ends are in
/// `s->ends`. Notes what is to be known of quoted cells, and where the common form breaks; then only what stands before
/// that counts.
///
/// - `valid`: a bit for each byte of the text. `parities`: the parity of its quotes. `base`: where it begins.
FORCED uint64_t structure_by_quotes(
    ftally_cells *s, const masks *found, uint64_t valid, uint64_t parities, int is_line_feed_next, uint32_t base) {
  const uint64_t quotes = found->quote & valid, feeds = found->line_feed & valid;
  const uint64_t returns = found->carriage_return & valid;
  const uint64_t within = s->open & INSIDE ? ~parities : parities;
  const uint64_t opening = quotes & within, closing = quotes & ~within;
  uint64_t line_ends = feeds & ~within, structure = (found->separator & valid & ~within) | line_ends;
  const uint64_t outer_returns = returns & ~within;
  const uint64_t returns_of_pair = returns & (feeds >> 1 | (is_line_feed_next ? highest : 0));
  const uint64_t is_after_closing = s->open & AFTER_CLOSING, after_closing = closing << 1 | is_after_closing;
  const uint64_t stops = structure | opening | outer_returns;
  const uint64_t starts_cell = s->places[s->count] + 1 == base;

  const uint64_t bad_opening = opening & ~(structure << 1 | starts_cell | after_closing);
  const uint64_t bad_closing = closing & ~(stops >> 1) & ~highest & valid >> 1;
  const uint64_t violations = bad_opening | bad_closing | (outer_returns & ~returns_of_pair);
  const uint64_t pairs = opening & after_closing, after_return = after_closing & outer_returns;
  uint64_t quoted = structure & (after_closing | after_return << 1 | (s->open & AFTER_RETURN) >> 1);
  uint64_t marks = pairs | (within & (feeds | (returns & ~returns_of_pair)));
  if (__builtin_expect(violations != 0 || (is_after_closing & ~stops), 0)) {
    const uint64_t proven = is_after_closing & ~stops ? 0 : (violations & -violations) - 1;
    structure &= proven, line_ends &= proven, quoted &= proven, marks &= proven;
    s->is_broken = 1;
  }
  for (; quoted; quoted &= quoted - 1)
    s->quoted[s->quoted_count++] = s->count + count_of(structure & ((quoted & -quoted) - 1));
  for (; marks; marks &= marks - 1) {
    const uint64_t bit = marks & -marks;
    s->marks[s->mark_count++] = (s->count + count_of(structure & (bit - 1))) << 1 | ((pairs & bit) != 0);
  }
  s->open = (closing >> 63) | (after_return >> 63) << 1 | (within >> 63) << 2;
  s->ends = line_ends;
  return structure;
}

/// Writes down the places of `structure` behind the first `count`, and which of them are `ends` of a row.
FORCED uint32_t write(ftally_cells *s, uint32_t count, uint64_t structure, uint64_t ends, uint32_t base) {
  for (; ends; ends &= ends - 1)
    s->line_ends[s->line_end_count++] = count + count_of(structure & ((ends & -ends) - 1));
  uint32_t *place = s->places + 1 + count;
  count += count_of(structure);
  // Four at a time, though there may be fewer: the processor need not guess how many.
  for (; structure; place += 4)
    for (int each = 0; each < 4; each++, structure &= structure - 1) place[each] = base + lowest(structure);
  return count;
}

/// Makes cells of the places behind them.
FORCED void make_cells(ftally_cells *s, const uint8_t *text) {
  uint32_t *restrict places = s->places;
  ftally_cell *restrict cells = s->cells;
  for (uint32_t index = 0; index < s->count; index++) {
    const uint32_t start = places[index] + 1;
    cells[index].start = start;
    cells[index].count = places[index + 1] - start;
  }
  for (uint32_t index = 0; index < s->quoted_count; index++) {
    ftally_cell *cell = cells + s->quoted[index];
    cell->start += 1, cell->count -= 2;
  }
  for (uint32_t index = 0; index < s->line_end_count; index++) {
    const uint32_t last = s->line_ends[index], end = places[last + 1];
    if (places[last] + 1 < end && text[end - 1] == '\r') cells[last].count -= 1;
  }
  places[0] = places[s->count];
}

FORCED uint64_t bits_below(size_t count) { return count >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << count) - 1; }

#if defined(__x86_64__)
FORCED masks narrow_masks(const uint8_t *block, uint8_t quote, uint8_t separator) {
  const __m128i q = _mm_set1_epi8((char)quote), s = _mm_set1_epi8((char)separator);
  const __m128i lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');
  masks found = {0, 0, 0, 0};
  for (int part = 0; part < 4; part++) {
    const __m128i bytes = _mm_loadu_si128((const __m128i *)block + part);
    const int shift = 16 * part;
    found.quote |= (uint64_t)(uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, q)) << shift;
    found.separator |= (uint64_t)(uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, s)) << shift;
    found.line_feed |= (uint64_t)(uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, lf)) << shift;
    found.carriage_return |= (uint64_t)(uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, cr)) << shift;
  }
  return found;
}
#else
FORCED masks narrow_masks(const uint8_t *block, uint8_t quote, uint8_t separator) {
  masks found = {0, 0, 0, 0};
  for (int at = 0; at < 64; at++) {
    const uint64_t bit = (uint64_t)1 << at;
    if (block[at] == quote) found.quote |= bit;
    if (block[at] == separator) found.separator |= bit;
    if (block[at] == '\n') found.line_feed |= bit;
    if (block[at] == '\r') found.carriage_return |= bit;
  }
  return found;
}
#endif

/// One block, as far as the text goes.
static void narrow_block(
    ftally_cells *s, const uint8_t *text, size_t at, size_t limit, uint8_t quote, uint8_t separator) {
  const masks found = narrow_masks(text + at, quote, separator);
  const uint64_t valid = bits_below(limit - at);
  uint64_t structure = (found.separator | found.line_feed) & valid, ends = found.line_feed & valid;
  if (((found.quote | found.carriage_return) & valid) | s->open) {
    const int is_line_feed_next = limit - at > 64 && text[at + 64] == '\n';
    structure =
        structure_by_quotes(s, &found, valid, parity(found.quote & valid), is_line_feed_next, (uint32_t)at);
    ends = s->ends;
  }
  s->count = write(s, s->count, structure, ends, (uint32_t)at);
}

#if defined(__x86_64__)
#define WIDE __attribute__((target("avx2,bmi,bmi2,popcnt,pclmul")))

static int has_wide(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
         __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("pclmul");
}

WIDE FORCED uint64_t both(__m256i low, __m256i high) {
  return (uint64_t)(uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

/// Apart from the loop, which needs all registers.
WIDE __attribute__((noinline)) static uint64_t wide_structure_by_quotes(
    ftally_cells *s, uint64_t quote, uint64_t separator, uint64_t line_feed, uint64_t carriage_return, size_t at) {
  const __m128i product = _mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)quote), _mm_set1_epi8(-1), 0);
  const masks found = {quote, separator, line_feed, carriage_return};
  return structure_by_quotes(
      s, &found, ~(uint64_t)0, (uint64_t)_mm_cvtsi128_si64(product), s->text[at + 64] == '\n', (uint32_t)at);
}

/// For each lower half of a byte the mark that has it; 0 when two have the same. Bytes above 0x7F find nothing in it.
static int table_of_marks(uint8_t quote, uint8_t separator, uint8_t table[16]) {
  const uint8_t all[4] = {'\n', '\r', separator, quote};
  unsigned seen = 0;
  for (int half = 0; half < 16; half++) table[half] = (uint8_t)(half ^ 1);  // which has another half
  for (int mark = 0; mark < (quote < 0x80 ? 4 : 3); mark++) {
    const unsigned bit = 1u << (all[mark] & 15);
    if ((seen & bit) || all[mark] >= 0x80) return 0;
    seen |= bit;
    table[all[mark] & 15] = all[mark];
  }
  return 1;
}

/// All blocks before `end`, behind each of which there is a byte of the text.
WIDE static void wide_blocks(
    ftally_cells *s, const uint8_t *text, size_t at, size_t end, uint8_t quote, uint8_t separator) {
  uint8_t table[16];
  const uint64_t no_table = table_of_marks(quote, separator, table) ? 0 : NO_TABLE;
  const __m256i known = _mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)table));
  const __m256i q = _mm256_set1_epi8((char)quote), c = _mm256_set1_epi8((char)separator);
  const __m256i lf = _mm256_set1_epi8('\n'), cr = _mm256_set1_epi8('\r');
  uint32_t count = 0;
  uint64_t open = s->open | no_table;
  for (; at < end; at += 64) {
    const __m256i low = _mm256_loadu_si256((const void *)(text + at));
    const __m256i high = _mm256_loadu_si256((const void *)(text + at + 32));
    // Four of ten blocks of a text with Chinese in it hold no mark.
    const __m256i any = _mm256_or_si256(
        _mm256_cmpeq_epi8(low, _mm256_shuffle_epi8(known, low)),
        _mm256_cmpeq_epi8(high, _mm256_shuffle_epi8(known, high)));
    if (_mm256_testz_si256(any, any) && !(open & (AFTER_CLOSING | AFTER_RETURN | NO_TABLE))) continue;
    const uint64_t quotes = both(_mm256_cmpeq_epi8(low, q), _mm256_cmpeq_epi8(high, q));
    const uint64_t separators = both(_mm256_cmpeq_epi8(low, c), _mm256_cmpeq_epi8(high, c));
    const uint64_t feeds = both(_mm256_cmpeq_epi8(low, lf), _mm256_cmpeq_epi8(high, lf));
    const uint64_t returns = both(_mm256_cmpeq_epi8(low, cr), _mm256_cmpeq_epi8(high, cr));
    uint64_t structure = separators | feeds, ends = feeds;
    if (quotes | returns | (open & ~(uint64_t)NO_TABLE)) {
      s->count = count;
      structure = wide_structure_by_quotes(s, quotes, separators, feeds, returns, at);
      ends = s->ends;
      open = s->open | (open & NO_TABLE);
      if (s->is_broken) end = at;
    }
    count = write(s, count, structure, ends, (uint32_t)at);
  }
  s->count = count;
}
#endif

int ftally_find_cells(
    ftally_cells *s, const uint8_t *text, size_t at, size_t limit, size_t blocks, uint8_t quote, uint8_t separator,
    int may_be_wide) {
  s->count = s->line_end_count = s->quoted_count = s->mark_count = s->is_broken = 0;
  if (at >= limit) return 1;
  const size_t followed = (limit - at - 1) / 64, end = at + 64 * (blocks < followed ? blocks : followed);
  const size_t stop = blocks <= followed ? end : limit;
  s->text = text;
#if defined(__x86_64__)
  if (may_be_wide && has_wide()) {
    wide_blocks(s, text, at, end, quote, separator);
    at = end;
  }
#endif
  for (; at < stop && !s->is_broken; at += 64) narrow_block(s, text, at, limit, quote, separator);
  make_cells(s, text);
  return !s->is_broken;
}
