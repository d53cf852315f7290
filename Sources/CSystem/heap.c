#include "csystem.h"

#include <malloc.h>

// What is larger, as the keys of millions of records, goes back to the system: memory stays bounded by what is in use.
void ftally_keep_memory(void) {
  (void)mallopt(M_MMAP_THRESHOLD, 4 << 20);
  (void)mallopt(M_TRIM_THRESHOLD, 16 << 20);
}

void ftally_grow_heaps_at_once(void) { (void)mallopt(M_TOP_PAD, 64 << 20); }
