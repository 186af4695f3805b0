#define _GNU_SOURCE
#include "CBasics.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int vb_set_thread_name(const char *name) { return prctl(PR_SET_NAME, name, 0, 0, 0); }

int32_t vb_thread_id(void) { return (int32_t)syscall(SYS_gettid); }

void vb_set_exact_timers(void) { prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0); }

void vb_die_with_parent(void) { prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); }

static volatile sig_atomic_t interrupts;

static void count_interrupt(int signal) {
  (void)signal;
  // The third is a user who wants out now; store copies are then removed by the janitor.
  if (++interrupts >= 3) _exit(130);
}

void vb_count_interrupts(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = count_interrupt;
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  // Whoever started us may have had them blocked, and a child inherits that.
  sigset_t both;
  sigemptyset(&both);
  sigaddset(&both, SIGINT);
  sigaddset(&both, SIGTERM);
  sigprocmask(SIG_UNBLOCK, &both, NULL);
}

int vb_interrupts(void) { return interrupts; }

int vb_pipe(int *ends) { return pipe2(ends, O_CLOEXEC); }

int vb_spawn_session_flag(void) { return POSIX_SPAWN_SETSID; }

int vb_direct_flag(void) { return O_DIRECT; }

int vb_thread_clock_open(void) {
  struct perf_event_attr attributes;
  memset(&attributes, 0, sizeof attributes);
  attributes.size = sizeof attributes;
  attributes.type = PERF_TYPE_SOFTWARE;
  attributes.config = PERF_COUNT_SW_TASK_CLOCK;
  // Counts what is done in the kernel all the same; without it less may be watched.
  attributes.exclude_kernel = 1;
  attributes.exclude_hv = 1;
  long descriptor = syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
  return descriptor < 0 ? -errno : (int)descriptor;
}

uint64_t vb_thread_clock_read(int descriptor) {
  uint64_t nanoseconds = 0;
  return read(descriptor, &nanoseconds, sizeof nanoseconds) == sizeof nanoseconds ? nanoseconds : 0;
}
