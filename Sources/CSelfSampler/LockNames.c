#include "CSelfSampler.h"

__attribute__((used, visibility("default"))) vb_lock_name vb_lock_names[vb_lock_names_capacity];

// Where an address would stand if nobody else were there.
static uint32_t home(uint64_t address) {
  return (uint32_t)((address * 0x9E3779B97F4A7C15ull) >> 54) % vb_lock_names_capacity;
}

void vb_lock_remember(uint64_t address, const char *name) {
  for (uint32_t tried = 0; tried < 64; tried++) {
    vb_lock_name *place = &vb_lock_names[(home(address) + tried) % vb_lock_names_capacity];
    uint64_t nobody = 0;
    if (!__atomic_compare_exchange_n(&place->address, &nobody, address, 0, __ATOMIC_RELAXED,
                                     __ATOMIC_RELAXED))
      continue;
    __atomic_store_n(&place->name, name, __ATOMIC_RELEASE);
    return;
  }
}

void vb_lock_forget(uint64_t address) {
  for (uint32_t tried = 0; tried < 64; tried++) {
    vb_lock_name *place = &vb_lock_names[(home(address) + tried) % vb_lock_names_capacity];
    if (__atomic_load_n(&place->address, __ATOMIC_RELAXED) != address) continue;
    __atomic_store_n(&place->name, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&place->address, 0, __ATOMIC_RELEASE);
    return;
  }
}
