// libunwind's remote unwinding as plain functions: its documented calls are macros, and the
// library is loaded at run time so that its `_Unwind_*` stay out of C++ exceptions. No policy.
#ifndef CUNWIND_H
#define CUNWIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Where an unwind table lies in the target: what a PT_GNU_EH_FRAME header says.
typedef struct {
    uint64_t start;        ///< first address of the object's code
    uint64_t end;          ///< one past its last
    uint64_t header;       ///< address of .eh_frame_hdr, to which table entries are relative
    uint64_t table;        ///< address of the sorted table
    uint64_t table_count;  ///< entries of eight bytes
} vb_unwind_table;

/// What the unwinder asks while it works. Each answers false when it cannot say.
typedef struct {
    bool (*read_word)(void *context, uint64_t address, uint64_t *value);
    bool (*find_table)(void *context, uint64_t address, vb_unwind_table *table);
} vb_unwind_questions;

/// Registers by their DWARF number; `pc` stands apart because x86-64 numbers it 16.
typedef struct {
    uint64_t values[33];
} vb_unwind_registers;

typedef struct vb_unwinder vb_unwinder;

enum {
    vb_unwind_reached_end = 0,
    vb_unwind_full = 1,
    vb_unwind_broken = 2,
};

/// Loads libunwind; false when it is not installed.
bool vb_unwind_load(void);

/// An unwinder for one process; NULL when there is no memory or no library.
vb_unwinder *_Nullable vb_unwinder_create(const vb_unwind_questions *questions);
void vb_unwinder_destroy(vb_unwinder *unwinder);

/// Forgets what it learned about the code of the process.
void vb_unwinder_flush(vb_unwinder *unwinder);

/// Walks from `registers` outwards and writes instruction addresses, innermost first.
///
/// A return address is written minus one, so that it lies inside the call. Beside each stands the
/// stack pointer of its frame. `how` says why it stopped: at the outermost frame, because
/// `capacity` was full, or broken. Answers the count.
int vb_unwinder_walk(vb_unwinder *unwinder, const vb_unwind_registers *registers, void *context,
                     uint64_t *addresses, uint64_t *stack_pointers, int capacity, int *how);

/// The DWARF numbers of the program counter, stack pointer and frame pointer.
int vb_register_pc(void);
int vb_register_sp(void);
int vb_register_fp(void);

/// For each bit of a sample's register mask, its DWARF number or -1.
int vb_register_number(int kernel_register);

/// The file from which this process takes `name`, such as _Unwind_RaiseException.
const char *_Nullable vb_symbol_origin(const char *name);

/// The vdso of this process, which is the same in every process of this kernel.
uint64_t vb_vdso_address(void);

#pragma clang assume_nonnull end
#endif
