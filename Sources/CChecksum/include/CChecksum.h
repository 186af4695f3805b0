// CRC32C (Castagnoli), by the processor's instruction where it has one, else by table.
#ifndef CCHECKSUM_H
#define CCHECKSUM_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Continues `crc` (0 at the start) over `count` bytes, the fastest way this machine has.
uint32_t vb_crc32c(uint32_t crc, const void *bytes, size_t count);

/// The same by table: the oracle of the fast one, and its stand-in on older machines.
uint32_t vb_crc32c_table(uint32_t crc, const void *bytes, size_t count);

/// Whether `vb_crc32c` uses the instruction here.
int vb_crc32c_is_hardware(void);

#pragma clang assume_nonnull end
#endif
