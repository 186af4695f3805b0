#include "CFuzzer.h"

int LLVMFuzzerRunDriver(int *argc, char ***argv, vb_fuzz_body body);

int vb_fuzz_run(int *argc, char ***argv, vb_fuzz_body body) {
  return LLVMFuzzerRunDriver(argc, argv, body);
}
