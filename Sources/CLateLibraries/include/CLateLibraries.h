#pragma once
// libxml2 and libxlsxwriter, opened when the first of their functions is called. With the libraries that they need in turn
// (ICU, the C++ library, libcrypto) they take a third of the time in which the program starts, and most runs read no XML and
// write no workbook. Who calls their functions sees nothing of it: the ones with the same names here hand each call on.

/// What is done when `library`, a file name, cannot be opened or lacks what the program needs of it: `reason`, the loader's
/// words. It is called by whichever thread needs the library, and must end the program.
typedef void (*ftally_missing_library)(const char *library, const char *reason);
void ftally_on_missing_library(ftally_missing_library handler);
