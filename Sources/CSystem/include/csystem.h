#pragma once

/// renameat2(2), which the C library declares for GNU programs only.
enum { ftally_rename_keep_existing = 1, ftally_rename_exchange = 2 };
int ftally_rename(int old_folder, const char *old_name, int new_folder, const char *new_name, unsigned flags);

/// sync_file_range(2): the disk begins to write what the file holds, and nobody waits for it. It promises nothing.
int ftally_begin_writing(int file);
