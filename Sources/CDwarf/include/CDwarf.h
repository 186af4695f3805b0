// elfutils' libdw as six questions about a file's debug information. The library is loaded at run
// time and its headers are not needed: the prototypes we use stand in CDwarf.c. No policy.
#ifndef CDWARF_H
#define CDWARF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// The debug information of one file.
typedef struct vb_dwarf vb_dwarf;

/// A stretch of code that a function fills, or a call that was replaced by the function's body.
typedef struct {
    uint64_t entry;      ///< where the function is described, for vb_dwarf_name and the like
    uint64_t start;      ///< first address; equal to `end` when it has no code of its own
    uint64_t end;        ///< one past the last
    uint32_t number;     ///< counts functions with code in the order of the walk, from zero
    int32_t parent;      ///< `number` of the function around it, or -1
    uint32_t call_file;  ///< of an inlined one: where it was called
    uint32_t call_line;
} vb_dwarf_function;

/// From `address` to the next row the code comes from this line of this file.
typedef struct {
    uint64_t address;
    uint32_t file;
    uint32_t line;  ///< zero for code that no line stands for
    bool ends;      ///< nothing is known from here to the next row
} vb_dwarf_row;

/// Loads libdw; false when it is not installed or too old.
bool vb_dwarf_load(void);

/// Opens a file's debug information; NULL when it has none. The descriptor must stay open.
vb_dwarf *_Nullable vb_dwarf_open(int descriptor);
void vb_dwarf_close(vb_dwarf *dwarf);

/// Visits every stretch of code of every unit. A visitor answers false to end the walk.
void vb_dwarf_each_unit(vb_dwarf *dwarf,
                        bool (*visit)(void *context, uint64_t unit, uint64_t start, uint64_t end),
                        void *context);

/// Visits every stretch of every function of a unit, the outer before those inlined into it.
void vb_dwarf_each_function(vb_dwarf *dwarf, uint64_t unit,
                            bool (*visit)(void *context, const vb_dwarf_function *function),
                            void *context);

/// Visits a unit's line table, sorted by address.
void vb_dwarf_each_row(vb_dwarf *dwarf, uint64_t unit,
                       bool (*visit)(void *context, const vb_dwarf_row *row), void *context);

/// A source file's path, and the folder that it counts from when it is relative. NULL when not said;
/// valid until the close.
typedef struct {
    const char *_Nullable path;
    const char *_Nullable folder;
} vb_dwarf_path;

/// A source file by its number in the unit.
vb_dwarf_path vb_dwarf_file(vb_dwarf *dwarf, uint64_t unit, uint32_t file);

/// What the linker calls a function, or its plain name; NULL without. Valid until the close.
const char *_Nullable vb_dwarf_name(vb_dwarf *dwarf, uint64_t entry);

/// The line on which a function begins, and its file; zero when not said.
uint32_t vb_dwarf_declared(vb_dwarf *dwarf, uint64_t entry, vb_dwarf_path *file);

#pragma clang assume_nonnull end
#endif
