#define _GNU_SOURCE
#include "CBasics.h"

#include <fcntl.h>
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
