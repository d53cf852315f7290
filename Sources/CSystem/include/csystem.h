#pragma once

#include <stddef.h>

/// renameat2(2), which the C library declares for GNU programs only.
enum { ftally_rename_keep_existing = 1, ftally_rename_exchange = 2 };
int ftally_rename(int old_folder, const char *old_name, int new_folder, const char *new_name, unsigned flags);

/// A file in `folder` without a name, for its owner only, which is gone when it is closed before it has one: O_TMPFILE, which
/// not all file systems have.
int ftally_nameless_file(const char *folder);

/// Gives it a name in `folder`, on the same file system. It needs `/proc`.
int ftally_name_file(int file, int folder, const char *name);

/// sync_file_range(2): the system begins to put the file onto the disk, and says nothing of how it goes.
void ftally_begin_writing(int file);

/// copy_file_range(2): copies the first `count` bytes of one file to where the other stands. Returns how many the system
/// copied; old kernels, and files on two file systems, may leave some or all of them to the caller.
long ftally_copy(int from, int to, long count);

/// Memory that is let go of is kept for what comes next, in place of giving it back to the system, which hands out zeroed
/// pages one by one. To be called before there are threads.
void ftally_keep_memory(void);

/// From now on the heaps of threads take all their room from the system at once, in place of a page and a call for each page:
/// for a task that fills hundreds of megabytes with small pieces. What it does not use costs nothing.
void ftally_grow_heaps_at_once(void);

/// The heap of this thread takes room for so many bytes from the system in one call, if it has not got them. Otherwise it takes
/// a page and a call at a time, for each of which all other threads wait.
void ftally_grow_heap(size_t bytes);
