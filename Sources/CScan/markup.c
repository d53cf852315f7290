#include "cscan.h"

#include <string.h>

/// Bytes side by side, which the compiler makes of the vectors that the processor has.
typedef uint8_t bytes32 __attribute__((vector_size(32)));

#define FORCED static inline __attribute__((always_inline))

/// What is true of any byte so far.
typedef struct {
  int uncommon, ampersands, brackets;
  size_t line_feeds, carriage_returns;
} findings;

/// Whether a byte of `vector` is not 0.
FORCED int is_any(const bytes32 *vector) {
  uint64_t words[4];
  memcpy(words, vector, sizeof words);
  return (words[0] | words[1] | words[2] | words[3]) != 0;
}

/// Whether U+FFFE or U+FFFF stands there.
static int has_noncharacter(const uint8_t *bytes, size_t count) {
  for (size_t at = 0; at + 3 <= count; at++) {
    if (bytes[at] == 0xEF && bytes[at + 1] == 0xBF && bytes[at + 2] >= 0xBE) return 1;
  }
  return 0;
}

/// Looks at many bytes at a time, and returns how many it has looked at.
FORCED size_t look(const uint8_t *bytes, size_t count, findings *found) {
  bytes32 controls = {0}, ampersands = {0}, brackets = {0}, specials = {0};
  size_t at = 0;
  while (at + 33 <= count) {
    // Line ends at each place, until a byte can count no more.
    bytes32 feeds = {0}, returns = {0};
    for (int turn = 0; turn < 255 && at + 33 <= count; turn++, at += 32) {
      bytes32 here, next;
      memcpy(&here, bytes + at, sizeof here);
      memcpy(&next, bytes + at + 1, sizeof next);
      const bytes32 feed = (bytes32)(here == '\n');
      const bytes32 carriage_return = (bytes32)(here == '\r');
      feeds -= feed;
      returns -= carriage_return;
      controls |= (bytes32)(here < 0x20) & ~(feed | carriage_return | (bytes32)(here == '\t'));
      ampersands |= (bytes32)(here == '&');
      brackets |= (bytes32)(here == ']');
      specials |= (bytes32)(here == 0xEF) & (bytes32)(next == 0xBF);
    }
    for (int place = 0; place < 32; place++) {
      found->line_feeds += feeds[place];
      found->carriage_returns += returns[place];
    }
  }
  found->uncommon |= is_any(&controls) || (is_any(&specials) && has_noncharacter(bytes, count));
  found->ampersands |= is_any(&ampersands);
  found->brackets |= is_any(&brackets);
  return at;
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static size_t look_wide(
    const uint8_t *bytes, size_t count, findings *found) {
  return look(bytes, count, found);
}
#endif

static size_t look_narrow(const uint8_t *bytes, size_t count, findings *found) { return look(bytes, count, found); }

int ftally_look_at_xml(const uint8_t *bytes, size_t count, size_t *line_feeds, size_t *carriage_returns) {
  findings found = {0};
  size_t (*many)(const uint8_t *, size_t, findings *) = look_narrow;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) many = look_wide;
#endif
  for (size_t at = many(bytes, count, &found); at < count; at++) {
    const uint8_t byte = bytes[at];
    found.line_feeds += byte == '\n';
    found.carriage_returns += byte == '\r';
    found.ampersands |= byte == '&';
    found.brackets |= byte == ']';
    found.uncommon |= (byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t') ||
                      (byte == 0xEF && has_noncharacter(bytes + at, count - at));
  }
  *line_feeds = found.line_feeds;
  *carriage_returns = found.carriage_returns;
  return (found.uncommon ? FTALLY_XML_UNCOMMON : 0) | (found.ampersands ? FTALLY_XML_AMPERSANDS : 0) |
         (found.brackets ? FTALLY_XML_BRACKETS : 0);
}
