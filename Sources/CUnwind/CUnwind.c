#define _GNU_SOURCE
#include "CUnwind.h"

#include <dlfcn.h>
#include <libunwind.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

// The calls we use, taken from the library by the names that libunwind.h's macros give them.
static struct {
    __typeof__(&unw_create_addr_space) create;
    __typeof__(&unw_destroy_addr_space) destroy;
    __typeof__(&unw_init_remote) init;
    __typeof__(&unw_step) step;
    __typeof__(&unw_get_reg) get;
    __typeof__(&unw_is_signal_frame) is_signal_frame;
    __typeof__(&unw_flush_cache) flush;
    __typeof__(&unw_set_caching_policy) cache;
    int (*search)(unw_addr_space_t, unw_word_t, unw_dyn_info_t *, unw_proc_info_t *, int, void *);
} library;
static bool loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *handle = dlopen("libunwind-" TEXT(UNW_TARGET) ".so.8", RTLD_NOW | RTLD_LOCAL);
    if (!handle) return;
#define TAKE(field, name) \
    if (!((library.field) = (__typeof__(library.field))dlsym(handle, TEXT(name)))) return
    TAKE(create, unw_create_addr_space);
    TAKE(destroy, unw_destroy_addr_space);
    TAKE(init, unw_init_remote);
    TAKE(step, unw_step);
    TAKE(get, unw_get_reg);
    TAKE(is_signal_frame, unw_is_signal_frame);
    TAKE(flush, unw_flush_cache);
    TAKE(cache, unw_set_caching_policy);
    TAKE(search, UNW_OBJ(dwarf_search_unwind_table));
#undef TAKE
    loaded = true;
}

bool vb_unwind_load(void) {
    pthread_once(&once, load);
    return loaded;
}

struct vb_unwinder {
    unw_addr_space_t space;
    unw_cursor_t cursor;
    vb_unwind_questions questions;
    const vb_unwind_registers *registers;
    void *context;
};

static int find_proc_info(unw_addr_space_t space, unw_word_t ip, unw_proc_info_t *info, int need,
                          void *argument) {
    struct vb_unwinder *self = argument;
    vb_unwind_table table;
    if (!self->questions.find_table(self->context, ip, &table)) return -UNW_ENOINFO;
    unw_dyn_info_t description;
    memset(&description, 0, sizeof description);
    description.start_ip = table.start;
    description.end_ip = table.end;
    description.format = UNW_INFO_FORMAT_REMOTE_TABLE;
    description.u.rti.segbase = table.header;
    description.u.rti.table_data = table.table;
    // In words of the target, as libunwind counts a table.
    description.u.rti.table_len = table.table_count * 8 / sizeof(unw_word_t);
    return library.search(space, ip, &description, info, need, argument);
}

static void put_unwind_info(unw_addr_space_t space, unw_proc_info_t *info, void *argument) {
    (void)space, (void)info, (void)argument;
}

static int get_dyn_info_list(unw_addr_space_t space, unw_word_t *list, void *argument) {
    (void)space, (void)list, (void)argument;
    return -UNW_ENOINFO;
}

static int access_mem(unw_addr_space_t space, unw_word_t address, unw_word_t *value, int write,
                      void *argument) {
    (void)space;
    struct vb_unwinder *self = argument;
    uint64_t word = 0;
    if (write || !self->questions.read_word(self->context, address, &word)) return -UNW_EINVAL;
    *value = word;
    return 0;
}

static int access_reg(unw_addr_space_t space, unw_regnum_t number, unw_word_t *value, int write,
                      void *argument) {
    (void)space;
    struct vb_unwinder *self = argument;
    if (write || number < 0 || number > 32) return -UNW_EBADREG;
    *value = self->registers->values[number];
    return 0;
}

static int access_fpreg(unw_addr_space_t space, unw_regnum_t number, unw_fpreg_t *value, int write,
                        void *argument) {
    (void)space, (void)number, (void)value, (void)write, (void)argument;
    return -UNW_EBADREG;
}

static int resume(unw_addr_space_t space, unw_cursor_t *cursor, void *argument) {
    (void)space, (void)cursor, (void)argument;
    return -UNW_EINVAL;
}

static int get_proc_name(unw_addr_space_t space, unw_word_t address, char *name, size_t length,
                         unw_word_t *offset, void *argument) {
    (void)space, (void)address, (void)name, (void)length, (void)offset, (void)argument;
    return -UNW_ENOINFO;
}

static unw_accessors_t accessors = {
    .find_proc_info = find_proc_info,
    .put_unwind_info = put_unwind_info,
    .get_dyn_info_list_addr = get_dyn_info_list,
    .access_mem = access_mem,
    .access_reg = access_reg,
    .access_fpreg = access_fpreg,
    .resume = resume,
    .get_proc_name = get_proc_name,
};

vb_unwinder *vb_unwinder_create(const vb_unwind_questions *questions) {
    if (!vb_unwind_load()) return NULL;
    struct vb_unwinder *self = calloc(1, sizeof *self);
    if (!self) return NULL;
    self->questions = *questions;
    self->space = library.create(&accessors, 0);
    if (!self->space) {
        free(self);
        return NULL;
    }
    // One for each process: a cache of the thread would mix what two processes have at one address.
    library.cache(self->space, UNW_CACHE_GLOBAL);
    return self;
}

void vb_unwinder_destroy(vb_unwinder *self) {
    library.destroy(self->space);
    free(self);
}

void vb_unwinder_flush(vb_unwinder *self) { library.flush(self->space, 0, 0); }

int vb_unwinder_walk(vb_unwinder *self, const vb_unwind_registers *registers, void *context,
                     uint64_t *addresses, uint64_t *stack_pointers, int capacity, int *how) {
    self->registers = registers;
    self->context = context;
    *how = vb_unwind_broken;
    if (library.init(&self->cursor, self->space, self) != 0) return 0;
    unw_word_t last_sp = 0;
    for (int count = 0;; count++) {
        unw_word_t ip = 0, sp = 0;
        if (library.get(&self->cursor, UNW_REG_IP, &ip) != 0) return count;
        if (library.get(&self->cursor, UNW_REG_SP, &sp) != 0) return count;
        // A zero return address is how some hand-written code marks the outermost frame.
        if (ip == 0) {
            *how = count > 0 ? vb_unwind_reached_end : vb_unwind_broken;
            return count;
        }
        if (count == capacity) {
            *how = vb_unwind_full;
            return count;
        }
        bool exact = count == 0 || library.is_signal_frame(&self->cursor) > 0;
        addresses[count] = exact ? ip : ip - 1;
        stack_pointers[count] = sp;
        // A stack that stands still would be walked for ever.
        if (count > 1 && sp < last_sp) return count + 1;
        last_sp = sp;
        int step = library.step(&self->cursor);
        if (step == 0) *how = vb_unwind_reached_end;
        if (step <= 0) return count + 1;
    }
}

int vb_register_pc(void) { return UNW_REG_IP; }
int vb_register_sp(void) { return UNW_REG_SP; }

#if defined(__x86_64__)
int vb_register_fp(void) { return UNW_X86_64_RBP; }

int vb_register_number(int kernel_register) {
    // The kernel's order: ax bx cx dx si di bp sp ip flags cs ss ds es fs gs r8 … r15.
    static const signed char numbers[] = {0,  3,  2,  1,  4,  5,  6, 7, 16, -1, -1, -1,
                                          -1, -1, -1, -1, 8,  9, 10, 11, 12, 13, 14, 15};
    int known = kernel_register >= 0 && kernel_register < (int)sizeof numbers;
    return known ? numbers[kernel_register] : -1;
}
#elif defined(__aarch64__)
int vb_register_fp(void) { return UNW_AARCH64_X29; }

int vb_register_number(int kernel_register) {
    return kernel_register >= 0 && kernel_register <= 32 ? kernel_register : -1;
}
#endif

const char *vb_symbol_origin(const char *name) {
    void *address = dlsym(RTLD_DEFAULT, name);
    Dl_info info;
    return address && dladdr(address, &info) ? info.dli_fname : NULL;
}

uint64_t vb_vdso_address(void) { return getauxval(AT_SYSINFO_EHDR); }
