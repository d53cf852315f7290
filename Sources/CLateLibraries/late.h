#pragma once
#include <stdatomic.h>
#include <stddef.h>

/// A library that is opened when it is needed.
struct late_library {
  const char *file;
  _Atomic(void *) handle;
};

/// The library's function `name`. Ends the program when there is none.
void *late_function(struct late_library *library, const char *name);

/// Defines the function `name`, which hands its call on to the one of `library`. The headers of the library must be seen, so
/// that the compiler compares the two.
#define LATE(library, result, name, parameters, arguments)                       \
  result name parameters {                                                       \
    static _Atomic(void *) known;                                                \
    void *function = atomic_load_explicit(&known, memory_order_acquire);         \
    if (function == NULL) {                                                      \
      function = late_function(&library, #name);                                 \
      atomic_store_explicit(&known, function, memory_order_release);             \
    }                                                                            \
    return ((result(*) parameters)function)arguments;                            \
  }
