#ifndef FIELDTALLY_CUNICODE_H
#define FIELDTALLY_CUNICODE_H

#include <stdint.h>

/// Where the compatibility decomposition of a character begins (from bit 8 on) and how many characters it has (below);
/// 0 when it has none. Hangul syllables are computed by the caller.
uint32_t fieldtally_decomposition(uint32_t scalar);

/// A character of a decomposition.
uint32_t fieldtally_decomposed(uint32_t place);

/// Canonical combining class; 0 for most.
int fieldtally_combining_class(uint32_t scalar);

/// The character that is canonically `first` and `second`; 0 when there is none.
uint32_t fieldtally_compose(uint32_t first, uint32_t second);

#endif
