#include "cscan.h"

int ftally_look_at_xml(const uint8_t *bytes, size_t count, size_t *line_feeds) {
  // The vectors of the compiler: no branch, and sums of bytes that cannot overflow within a stretch.
  uint8_t uncommon = 0, ampersands = 0, brackets = 0;
  size_t feeds = 0, at = 0;
  while (at + 2 < count) {
    const size_t stretch = count - 2 - at < 255 ? count - 2 - at : 255;
    const uint8_t *here = bytes + at;
    uint8_t some = 0;
    for (size_t i = 0; i < stretch; i++) {
      const uint8_t byte = here[i], next = here[i + 1], third = here[i + 2];
      const uint8_t feed = byte == '\n';
      some += feed;
      ampersands |= byte == '&';
      uncommon |= (byte < 0x20) & !feed & (byte != '\t');
      brackets |= (byte == ']') & (next == ']');
      uncommon |= (byte == 0xEF) & (next == 0xBF) & (third >= 0xBE);
    }
    feeds += some;
    at += stretch;
  }
  for (; at < count; at++) {
    feeds += bytes[at] == '\n';
    ampersands |= bytes[at] == '&';
    uncommon |= bytes[at] < 0x20 && bytes[at] != '\n' && bytes[at] != '\t';
    brackets |= bytes[at] == ']' && at + 1 < count && bytes[at + 1] == ']';
  }
  *line_feeds = feeds;
  return (uncommon ? FTALLY_XML_UNCOMMON : 0) | (ampersands ? FTALLY_XML_AMPERSANDS : 0) |
         (brackets ? FTALLY_XML_BRACKETS : 0);
}
