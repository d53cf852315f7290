#pragma once
// The loops in which a vector instruction is worth ten lines of C: Swift emits no movemask (0.22 GB/s for the same
// loop in SIMD64, against 4.9 GB/s here). Nothing else belongs in this module.
#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// `may_be_wide`: whether instructions of 32 bytes may be used, where the processor has them. Tests do without, since no
// machine of today takes the other way by itself.

/// A cell of a text: where its content begins, and the bytes that it has. Escapes are still in it.
typedef struct {
  uint32_t start, count;
} ftally_cell;

/// A scan for cells. Each list must have room for 64 entries a block; `places` for five more.
typedef struct {
  /// What the end of the text that was scanned says of what follows; 0 before the first cell.
  uint64_t open;
  ftally_cell *cells;
  /// The place before the first cell, as the caller or the last call left it; the separator or line feed behind each.
  uint32_t *places;
  /// The last cell of each row.
  uint32_t *line_ends;
  /// In the order of the text, `cell << 1 | kind`: 0 for a line break inside a cell, 1 for a quote that is text.
  uint32_t *marks;
  uint32_t *quoted;
  uint32_t count, line_end_count, mark_count, quoted_count, is_broken;
  // While it runs.
  const uint8_t *text;
  uint64_t ends;
} ftally_cells;

/// Finds the cells that end in `blocks` blocks of 64 bytes from `at` on, or before `limit`, behind which 64 bytes can be
/// read; numbers in the lists begin with 0 at each call. As long as the text has the common form: a quote opens only at
/// the start of a cell, a closing quote stands before a separator, a line end or another quote (two of them are one that
/// is text), and rows end with LF or CRLF. Then the quotes alone say what is inside a cell. 0 where that does not hold;
/// then the lists have what ends before. `quote` may be a byte that is in no text.
int ftally_find_cells(
    ftally_cells *scan, const uint8_t *text, size_t at, size_t limit, size_t blocks, uint8_t quote, uint8_t separator,
    int may_be_wide);

/// At what else a valid prefix ends.
enum { FTALLY_AT_MARKER = 1, FTALLY_AT_NUL = 2 };

/// Length of the longest valid UTF-8 prefix of `bytes` that ends on a character; `count` when all of it is valid.
/// Overlong forms, surrogates and values above U+10FFFF are invalid (Unicode 15, table 3-7). As `stops` says it ends
/// before the first U+FDD0 or NUL as well.
size_t ftally_valid_prefix(const uint8_t *bytes, size_t count, int stops, int may_be_wide);

/// Whether white space or an invisible character stands at an end of the text, beside a plain space, or is anything but a
/// plain space. Characters: ASCII 0x00...0x20, U+00A0, U+2000...U+200D, U+2028, U+2029, U+202F, U+205F, U+2060, U+3000,
/// U+FEFF.
int ftally_has_loose_space(const uint8_t *bytes, size_t count);

/// What `ftally_look_at_xml` found. Uncommon: a control character beside tab and line end, U+FFFE or U+FFFF, which XML
/// forbids. An `&`; a `]`.
enum { FTALLY_XML_UNCOMMON = 1, FTALLY_XML_AMPERSANDS = 2, FTALLY_XML_BRACKETS = 4 };

/// Looks at a small XML document, valid UTF-8, as a whole: which of the above it holds, and how many line feeds and carriage
/// returns.
int ftally_look_at_xml(const uint8_t *bytes, size_t count, size_t *line_feeds, size_t *carriage_returns);

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
