#define _GNU_SOURCE
#include "csystem.h"

#include <fcntl.h>
#include <unistd.h>

void ftally_begin_writing(int file) { (void)sync_file_range(file, 0, 0, SYNC_FILE_RANGE_WRITE); }

long ftally_copy(int from, int to, long count) {
  off_t place = 0;
  while (place < count && copy_file_range(from, &place, to, NULL, (size_t)(count - place), 0) > 0) {}
  return place;
}
