// The door to libFuzzer, which the toolchain links in with -sanitize=fuzzer.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef int (*vb_fuzz_body)(const uint8_t *bytes, size_t count);

/// Runs libFuzzer with its own command line until time is up or an input fails.
int vb_fuzz_run(int *argc, char ***argv, vb_fuzz_body body);
