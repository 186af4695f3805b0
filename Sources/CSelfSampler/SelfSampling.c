#define _GNU_SOURCE
#include "CSelfSampler.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

// Everything the handler touches; written before it can run.
static uint8_t *buffer;
static size_t capacity;
static uint32_t limit;
static size_t used;
static uint64_t lost;
static int32_t inside;
static int32_t process;
static const vb_self_region *regions;
static size_t region_count;

static uint32_t copy_registers(const ucontext_t *context, uint64_t *out) {
#if defined(__x86_64__)
  // ax bx cx dx si di bp sp ip flags cs ss, then r8 … r15: the order of the kernel's mask.
  static const int order[] = {REG_RAX, REG_RBX, REG_RCX, REG_RDX, REG_RSI, REG_RDI, REG_RBP,
                              REG_RSP, REG_RIP, REG_EFL, -1,      -1,      REG_R8,  REG_R9,
                              REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
  uint32_t count = sizeof order / sizeof order[0];
  for (uint32_t index = 0; index < count; index++)
    out[index] = order[index] < 0 ? 0 : (uint64_t)context->uc_mcontext.gregs[order[index]];
  return count;
#elif defined(__aarch64__)
  for (int index = 0; index < 31; index++) out[index] = context->uc_mcontext.regs[index];
  out[31] = context->uc_mcontext.sp;
  out[32] = context->uc_mcontext.pc;
  return 33;
#endif
}

static uint64_t stack_pointer(const ucontext_t *context) {
#if defined(__x86_64__)
  return (uint64_t)context->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
  return context->uc_mcontext.sp;
#endif
}

// How far the stack may be read: to the end of its mapping, or of its page when that is not known.
static uint64_t stack_end(uint64_t sp) {
  const vb_self_region *known = __atomic_load_n(&regions, __ATOMIC_ACQUIRE);
  size_t low = 0, high = __atomic_load_n(&region_count, __ATOMIC_ACQUIRE);
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (known[middle].end <= sp) low = middle + 1;
    else high = middle;
  }
  if (low < __atomic_load_n(&region_count, __ATOMIC_ACQUIRE) && known[low].start <= sp)
    return known[low].end;
  return (sp | 4095) + 1;
}

// The kernel copies, page by page, because a list of mappings may be older than the stack it is
// used for: an address that is gone ends the copy and not the process.
static uint32_t copy_stack(uint8_t *to, uint64_t sp, uint32_t bytes) {
  struct iovec local = {to, bytes};
  struct iovec remote[16];
  unsigned long count = 0;
  uint64_t at = sp;
  for (uint32_t left = bytes; left > 0 && count < 16;) {
    uint32_t piece = 4096 - (uint32_t)(at & 4095);
    if (piece > left) piece = left;
    remote[count].iov_base = (void *)at;
    remote[count++].iov_len = piece;
    at += piece;
    left -= piece;
  }
  long got = syscall(SYS_process_vm_readv, (long)process, &local, 1ul, remote, count, 0ul);
  if (got > 0) return (uint32_t)got;
  // Refused by a sandbox: the page the stack pointer is in is there for sure.
  uint32_t page = 4096 - (uint32_t)(sp & 4095);
  if (page > bytes) page = bytes;
  memcpy(to, (const void *)sp, page);
  return page;
}

// Never a place that another handler may get as well: what does not fit takes nothing.
static int reserve(size_t size, size_t *place) {
  size_t now = __atomic_load_n(&used, __ATOMIC_RELAXED);
  do {
    if (now + size > capacity) return 0;
  } while (!__atomic_compare_exchange_n(&used, &now, now + size, 1, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED));
  *place = now;
  return 1;
}

static void handle(int number, siginfo_t *info, void *context) {
  (void)number, (void)info;
  int saved = errno;
  __atomic_fetch_add(&inside, 1, __ATOMIC_SEQ_CST);
  uint64_t sp = stack_pointer(context);
  uint64_t room = stack_end(sp) - sp;
  uint32_t bytes = room < limit ? (uint32_t)room : limit;
  size_t size = (sizeof(vb_self_sample) + bytes + 7) & ~(size_t)7;
  size_t place;
  if (reserve(size, &place)) {
    vb_self_sample *sample = (vb_self_sample *)(buffer + place);
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    sample->cpu_time = (uint64_t)now.tv_sec * 1000000000ull + (uint64_t)now.tv_nsec;
    sample->tid = (int32_t)syscall(SYS_gettid);
    sample->size = (uint32_t)size;
    sample->register_count = copy_registers(context, sample->registers);
    sample->stack_bytes = copy_stack((uint8_t *)(sample + 1), sp, bytes);
  } else {
    __atomic_fetch_add(&lost, 1, __ATOMIC_RELAXED);
  }
  __atomic_fetch_sub(&inside, 1, __ATOMIC_SEQ_CST);
  errno = saved;
}

int vb_self_begin(uint8_t *memory, size_t size, uint32_t stack_limit) {
  buffer = memory;
  capacity = size;
  limit = stack_limit;
  used = 0;
  lost = 0;
  process = (int32_t)getpid();
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = handle;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  return sigaction(SIGPROF, &action, NULL) == 0 ? 0 : -errno;
}

void vb_self_set_regions(const vb_self_region *list, size_t count) {
  // Never a new list with an old, longer count.
  __atomic_store_n(&region_count, 0, __ATOMIC_SEQ_CST);
  __atomic_store_n(&regions, list, __ATOMIC_SEQ_CST);
  __atomic_store_n(&region_count, count, __ATOMIC_SEQ_CST);
}

// The kernel's number for the CPU clock of a thread; pthread has it only for a pthread_t.
static clockid_t thread_clock(int32_t tid) { return (clockid_t)(~(unsigned)tid << 3 | 6); }

int vb_self_watch(int32_t tid, uint64_t period, int32_t *timer) {
  struct sigevent event;
  memset(&event, 0, sizeof event);
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = SIGPROF;
  event._sigev_un._tid = tid;
  int made = 0;
  if (syscall(SYS_timer_create, thread_clock(tid), &event, &made) != 0) return -errno;
  struct itimerspec spec;
  spec.it_interval.tv_sec = (time_t)(period / 1000000000ull);
  spec.it_interval.tv_nsec = (long)(period % 1000000000ull);
  spec.it_value = spec.it_interval;
  if (syscall(SYS_timer_settime, made, 0, &spec, NULL) != 0) {
    int code = errno;
    syscall(SYS_timer_delete, made);
    return -code;
  }
  *timer = made;
  return 0;
}

void vb_self_unwatch(int32_t timer) { syscall(SYS_timer_delete, timer); }

size_t vb_self_end(uint64_t *dropped) {
  // A signal that is on its way to a thread without a core may come any time later.
  signal(SIGPROF, SIG_IGN);
  while (__atomic_load_n(&inside, __ATOMIC_SEQ_CST) != 0) sched_yield();
  *dropped = lost;
  return used;
}

uint64_t vb_thread_cpu(int32_t tid) {
  struct timespec now;
  if (clock_gettime(thread_clock(tid), &now) != 0) return 0;
  return (uint64_t)now.tv_sec * 1000000000ull + (uint64_t)now.tv_nsec;
}
