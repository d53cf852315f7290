#include "csystem.h"

#include <malloc.h>
#include <stdlib.h>

// What is larger, as the keys of millions of records, goes back to the system: memory stays bounded by what is in use.
void ftally_keep_memory(void) {
  (void)mallopt(M_MMAP_THRESHOLD, 4 << 20);
  (void)mallopt(M_TRIM_THRESHOLD, 16 << 20);
}

void ftally_grow_heaps_at_once(void) { (void)mallopt(M_TOP_PAD, 64 << 20); }

void ftally_grow_heap(size_t bytes) {
  // The allocator enlarges the heap of a thread for what does not fit, and keeps what is let go of at its end. Volatile, since
  // a compiler may do without memory that nobody uses.
  void *volatile block = malloc(bytes);
  free(block);
}
