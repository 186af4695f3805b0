#include "CChecksum.h"

#include <pthread.h>
#include <string.h>

static uint32_t table[256];
static pthread_once_t table_once = PTHREAD_ONCE_INIT;

static void fill_table(void) {
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t value = byte;
    for (int bit = 0; bit < 8; bit++) value = value & 1 ? (value >> 1) ^ 0x82F63B78u : value >> 1;
    table[byte] = value;
  }
}

uint32_t vb_crc32c_table(uint32_t crc, const void *bytes, size_t count) {
  pthread_once(&table_once, fill_table);
  const uint8_t *at = bytes;
  crc = ~crc;
  for (size_t i = 0; i < count; i++) crc = (crc >> 8) ^ table[(crc ^ at[i]) & 0xFF];
  return ~crc;
}

#if defined(__x86_64__)
#include <nmmintrin.h>

__attribute__((target("sse4.2"))) static uint32_t crc32c_sse42(
    uint32_t crc, const void *bytes, size_t count) {
  const uint8_t *at = bytes;
  uint64_t state = ~crc;
  for (; count >= 8; count -= 8, at += 8) {
    uint64_t word;
    memcpy(&word, at, 8);
    state = _mm_crc32_u64(state, word);
  }
  uint32_t rest = (uint32_t)state;
  for (; count > 0; count--, at++) rest = _mm_crc32_u8(rest, *at);
  return ~rest;
}

int vb_crc32c_is_hardware(void) { return __builtin_cpu_supports("sse4.2") != 0; }

uint32_t vb_crc32c(uint32_t crc, const void *bytes, size_t count) {
  return vb_crc32c_is_hardware() ? crc32c_sse42(crc, bytes, count)
                                 : vb_crc32c_table(crc, bytes, count);
}
#else
int vb_crc32c_is_hardware(void) { return 0; }

uint32_t vb_crc32c(uint32_t crc, const void *bytes, size_t count) {
  return vb_crc32c_table(crc, bytes, count);
}
#endif
