#pragma once

/// What the package manager makes the program's entry point.
int Fuzz_main(int argc, char **argv);
