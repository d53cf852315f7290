#include "csystem.h"

#include <malloc.h>

void ftally_grow_heaps_at_once(void) { (void)mallopt(M_TOP_PAD, 64 << 20); }
