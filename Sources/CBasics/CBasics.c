#define _GNU_SOURCE
#include "CBasics.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int vb_set_thread_name(const char *name) { return prctl(PR_SET_NAME, name, 0, 0, 0); }

int32_t vb_thread_id(void) { return (int32_t)syscall(SYS_gettid); }

void vb_set_exact_timers(void) { prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0); }

void vb_die_with_parent(void) { prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); }
