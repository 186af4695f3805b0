#include "CDwarf.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>

// What libdw's public header promises; these types and calls are part of its stable interface.
typedef struct Dwarf Dwarf;
typedef struct Dwarf_CU Dwarf_CU;
typedef struct Dwarf_Lines Dwarf_Lines;
typedef struct Dwarf_Line Dwarf_Line;
typedef struct Dwarf_Files Dwarf_Files;
typedef struct {
    void *addr;
    Dwarf_CU *cu;
    void *abbrev;
    long padding;
} Dwarf_Die;
typedef struct {
    unsigned int code, form;
    unsigned char *value;
    Dwarf_CU *cu;
} Dwarf_Attribute;

static struct {
    Dwarf *(*begin)(int descriptor, int command);
    int (*end)(Dwarf *);
    int (*get_units)(Dwarf *, Dwarf_CU *, Dwarf_CU **next, uint16_t *version, uint8_t *type,
                     Dwarf_Die *unit, Dwarf_Die *sub);
    Dwarf_Die *(*offdie)(Dwarf *, uint64_t offset, Dwarf_Die *result);
    uint64_t (*dieoffset)(Dwarf_Die *);
    int (*child)(Dwarf_Die *, Dwarf_Die *result);
    int (*siblingof)(Dwarf_Die *, Dwarf_Die *result);
    int (*tag)(Dwarf_Die *);
    Dwarf_Attribute *(*attr)(Dwarf_Die *, unsigned int name, Dwarf_Attribute *result);
    Dwarf_Attribute *(*attr_integrate)(Dwarf_Die *, unsigned int name, Dwarf_Attribute *result);
    const char *(*formstring)(Dwarf_Attribute *);
    int (*formudata)(Dwarf_Attribute *, uint64_t *value);
    ptrdiff_t (*ranges)(Dwarf_Die *, ptrdiff_t offset, uint64_t *base, uint64_t *start,
                        uint64_t *end);
    int (*getsrclines)(Dwarf_Die *unit, Dwarf_Lines **lines, size_t *count);
    Dwarf_Line *(*onesrcline)(Dwarf_Lines *, size_t index);
    int (*lineaddr)(Dwarf_Line *, uint64_t *address);
    int (*lineno)(Dwarf_Line *, int *line);
    int (*lineendsequence)(Dwarf_Line *, bool *ends);
    int (*line_file)(Dwarf_Line *, Dwarf_Files **files, size_t *index);
    int (*getsrcfiles)(Dwarf_Die *unit, Dwarf_Files **files, size_t *count);
    const char *(*filesrc)(Dwarf_Files *, size_t index, uint64_t *time, uint64_t *length);
    Dwarf_Die *(*cu_die)(Dwarf_CU *, Dwarf_Die *result, uint16_t *version, uint64_t *abbrev_offset,
                         uint8_t *address_size, uint8_t *offset_size, uint64_t *type_signature,
                         uint64_t *type_offset);
} library;
static bool loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *handle = dlopen("libdw.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!handle) return;
#define TAKE(name) \
    if (!(library.name = (__typeof__(library.name))dlsym(handle, "dwarf_" #name))) return
    TAKE(begin);
    TAKE(end);
    TAKE(get_units);
    TAKE(offdie);
    TAKE(dieoffset);
    TAKE(child);
    TAKE(siblingof);
    TAKE(tag);
    TAKE(attr);
    TAKE(attr_integrate);
    TAKE(formstring);
    TAKE(formudata);
    TAKE(ranges);
    TAKE(getsrclines);
    TAKE(onesrcline);
    TAKE(lineaddr);
    TAKE(lineno);
    TAKE(lineendsequence);
    TAKE(line_file);
    TAKE(getsrcfiles);
    TAKE(filesrc);
    TAKE(cu_die);
#undef TAKE
    loaded = true;
}

bool vb_dwarf_load(void) {
    pthread_once(&once, load);
    return loaded;
}

// The library's own handle is all there is to know.
static Dwarf *handle(vb_dwarf *dwarf) { return (Dwarf *)dwarf; }

vb_dwarf *vb_dwarf_open(int descriptor) {
    return vb_dwarf_load() ? (vb_dwarf *)library.begin(descriptor, 0) : NULL;
}

void vb_dwarf_close(vb_dwarf *dwarf) { library.end(handle(dwarf)); }

// Ranges of one entry, at most so many: a damaged list may go in circles.
enum { ranges_max = 1 << 20, depth_max = 128 };

void vb_dwarf_each_unit(vb_dwarf *dwarf,
                        bool (*visit)(void *, uint64_t, uint64_t, uint64_t), void *context) {
    Dwarf_CU *unit = NULL;
    Dwarf_Die die;
    while (library.get_units(handle(dwarf), unit, &unit, NULL, NULL, &die, NULL) == 0) {
        // A unit of an unknown version has no entry.
        if (!die.addr) continue;
        uint64_t base, start, end;
        ptrdiff_t offset = 0;
        for (int count = 0; count < ranges_max; count++) {
            offset = library.ranges(&die, offset, &base, &start, &end);
            if (offset <= 0) break;
            if (start < end && !visit(context, library.dieoffset(&die), start, end)) return;
        }
    }
}

enum tags {
    enumeration_type = 0x04,
    lexical_block = 0x0b,
    class_type = 0x02,
    structure_type = 0x13,
    union_type = 0x17,
    inlined_subroutine = 0x1d,
    module = 0x1e,
    subprogram = 0x2e,
    try_block = 0x32,
    interface_type = 0x38,
    namespace_ = 0x39,
};

// Whether functions may stand below an entry.
static bool may_hold_functions(int tag) {
    switch (tag) {
    case enumeration_type:
    case lexical_block:
    case class_type:
    case structure_type:
    case union_type:
    case inlined_subroutine:
    case module:
    case subprogram:
    case try_block:
    case interface_type:
    case namespace_: return true;
    default: return false;
    }
}

static uint32_t number_of(Dwarf_Die *die, unsigned int name) {
    Dwarf_Attribute attribute;
    uint64_t value = 0;
    if (!library.attr(die, name, &attribute)) return 0;
    return library.formudata(&attribute, &value) == 0 && value <= UINT32_MAX ? (uint32_t)value : 0;
}

typedef struct {
    bool (*visit)(void *, const vb_dwarf_function *);
    void *context;
    uint32_t count;
    bool goes_on;
} walk;

enum attributes {
    at_name = 0x03,
    at_comp_dir = 0x1b,
    at_decl_file = 0x3a,
    at_decl_line = 0x3b,
    at_call_file = 0x58,
    at_call_line = 0x59,
    at_linkage_name = 0x6e,
    at_mips_linkage_name = 0x2007,
};

// Visits a function's ranges; answers its number, or its parent's when it has no code.
static int32_t visit_function(walk *self, Dwarf_Die *die, int tag, int32_t parent) {
    uint64_t base;
    vb_dwarf_function function = {.parent = parent, .number = self->count};
    bool has_code = false;
    ptrdiff_t offset = 0;
    for (int count = 0; count < ranges_max && self->goes_on; count++) {
        offset = library.ranges(die, offset, &base, &function.start, &function.end);
        if (offset <= 0) break;
        if (function.start >= function.end) continue;
        if (!has_code) {
            has_code = true;
            function.entry = library.dieoffset(die);
            if (tag == inlined_subroutine) {
                function.call_file = number_of(die, at_call_file);
                function.call_line = number_of(die, at_call_line);
            }
        }
        self->goes_on = self->visit(self->context, &function);
    }
    return has_code ? (int32_t)self->count++ : parent;
}

static void walk_below(walk *self, Dwarf_Die *die, int32_t parent, int depth) {
    Dwarf_Die child;
    if (depth > depth_max || library.child(die, &child) != 0) return;
    do {
        int tag = library.tag(&child);
        if (!may_hold_functions(tag)) continue;
        bool is_function = tag == subprogram || tag == inlined_subroutine;
        // A function that stands alone is nobody's inlined part, wherever it is described.
        int32_t around = tag == subprogram ? -1 : parent;
        walk_below(self, &child, is_function ? visit_function(self, &child, tag, around) : around,
                   depth + 1);
    } while (self->goes_on && library.siblingof(&child, &child) == 0);
}

void vb_dwarf_each_function(vb_dwarf *dwarf, uint64_t unit,
                            bool (*visit)(void *, const vb_dwarf_function *), void *context) {
    Dwarf_Die die;
    if (!library.offdie(handle(dwarf), unit, &die)) return;
    walk self = {.visit = visit, .context = context, .goes_on = true};
    walk_below(&self, &die, -1, 0);
}

void vb_dwarf_each_row(vb_dwarf *dwarf, uint64_t unit,
                       bool (*visit)(void *, const vb_dwarf_row *), void *context) {
    Dwarf_Die die;
    Dwarf_Lines *lines;
    size_t count;
    if (!library.offdie(handle(dwarf), unit, &die)) return;
    if (library.getsrclines(&die, &lines, &count) != 0) return;
    for (size_t index = 0; index < count; index++) {
        Dwarf_Line *line = library.onesrcline(lines, index);
        Dwarf_Files *files;
        size_t file = 0;
        int number = 0;
        vb_dwarf_row row = {0};
        if (!line || library.lineaddr(line, &row.address) != 0) continue;
        if (library.lineno(line, &number) == 0 && number > 0) row.line = (uint32_t)number;
        if (library.line_file(line, &files, &file) == 0 && file <= UINT32_MAX)
            row.file = (uint32_t)file;
        library.lineendsequence(line, &row.ends);
        if (!visit(context, &row)) return;
    }
}

static const char *text_of(Dwarf_Die *die, unsigned int name) {
    Dwarf_Attribute attribute;
    return library.attr_integrate(die, name, &attribute) ? library.formstring(&attribute) : NULL;
}

static vb_dwarf_path file_of(Dwarf_Die *unit, uint64_t index) {
    vb_dwarf_path file = {NULL, NULL};
    Dwarf_Files *files;
    size_t count;
    if (library.getsrcfiles(unit, &files, &count) != 0 || index >= count) return file;
    file.path = library.filesrc(files, index, NULL, NULL);
    file.folder = text_of(unit, at_comp_dir);
    return file;
}

vb_dwarf_path vb_dwarf_file(vb_dwarf *dwarf, uint64_t unit, uint32_t file) {
    Dwarf_Die die;
    if (library.offdie(handle(dwarf), unit, &die)) return file_of(&die, file);
    return (vb_dwarf_path){NULL, NULL};
}

const char *vb_dwarf_name(vb_dwarf *dwarf, uint64_t entry) {
    Dwarf_Die die;
    if (!library.offdie(handle(dwarf), entry, &die)) return NULL;
    const char *name = text_of(&die, at_linkage_name);
    if (!name) name = text_of(&die, at_mips_linkage_name);
    return name ? name : text_of(&die, at_name);
}

uint32_t vb_dwarf_declared(vb_dwarf *dwarf, uint64_t entry, vb_dwarf_path *file) {
    Dwarf_Die die, unit;
    Dwarf_Attribute attribute;
    uint64_t value;
    *file = (vb_dwarf_path){NULL, NULL};
    if (!library.offdie(handle(dwarf), entry, &die)) return 0;
    // The number of a file counts in the unit where the attribute was found.
    if (library.attr_integrate(&die, at_decl_file, &attribute) &&
        library.formudata(&attribute, &value) == 0 &&
        library.cu_die(attribute.cu, &unit, NULL, NULL, NULL, NULL, NULL, NULL))
        *file = file_of(&unit, value);
    if (!library.attr_integrate(&die, at_decl_line, &attribute)) return 0;
    return library.formudata(&attribute, &value) == 0 && value <= UINT32_MAX ? (uint32_t)value : 0;
}
