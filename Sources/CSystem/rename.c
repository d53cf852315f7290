#define _GNU_SOURCE
#include "csystem.h"

#include <stdio.h>

_Static_assert(ftally_rename_keep_existing == RENAME_NOREPLACE, "same bits as the system's");
_Static_assert(ftally_rename_exchange == RENAME_EXCHANGE, "same bits as the system's");

int ftally_rename(int old_folder, const char *old_name, int new_folder, const char *new_name, unsigned flags) {
  return renameat2(old_folder, old_name, new_folder, new_name, flags);
}
