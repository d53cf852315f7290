#define _GNU_SOURCE
#include "late.h"

#include <dlfcn.h>
#include <stdio.h>
#include <unistd.h>

#include "CLateLibraries.h"

static void report(const char *library, const char *reason) { fprintf(stderr, "%s: %s\n", library, reason); }
static _Atomic(ftally_missing_library) on_missing = report;

void ftally_on_missing_library(ftally_missing_library handler) { atomic_store(&on_missing, handler); }

/// The loader's words about its last call, which are gone with the next.
static void keep_words(char *reason, size_t size) {
  const char *words = dlerror();
  snprintf(reason, size, "%s", words == NULL ? "" : words);
}

void *late_function(struct late_library *library, const char *name) {
  void *handle = atomic_load_explicit(&library->handle, memory_order_acquire);
  if (handle == NULL) {
    // Two threads may open it at once: the loader has it once, and gives both the same.
    handle = dlopen(library->file, RTLD_LAZY | RTLD_LOCAL);
    if (handle != NULL) atomic_store_explicit(&library->handle, handle, memory_order_release);
  }
  char reason[512];
  keep_words(reason, sizeof reason);
  // Where the program was linked with the library as usual, the loader has it already, by whatever name.
  void *function = dlsym(handle == NULL ? RTLD_DEFAULT : handle, name);
  if (function != NULL) return function;
  if (handle != NULL) keep_words(reason, sizeof reason);
  // Other threads that need it find the same: it is said once.
  static atomic_flag is_said = ATOMIC_FLAG_INIT;
  while (atomic_flag_test_and_set(&is_said)) pause();
  atomic_load(&on_missing)(library->file, reason);
  // EX_UNAVAILABLE of sysexits.h, should nothing have ended the program.
  _exit(69);
}
