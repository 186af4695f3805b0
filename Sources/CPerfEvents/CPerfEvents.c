#define _GNU_SOURCE
#include "CPerfEvents.h"

#include <asm/perf_regs.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int vb_event_open_in_group(
    const vb_event_attributes *attributes, int32_t pid, int32_t cpu, int leader) {
    long result = syscall(SYS_perf_event_open, attributes, pid, cpu, leader, PERF_FLAG_FD_CLOEXEC);
    return result < 0 ? -errno : (int)result;
}

int vb_event_open(const vb_event_attributes *attributes, int32_t pid, int32_t cpu) {
    return vb_event_open_in_group(attributes, pid, cpu, -1);
}

static int control(int descriptor, unsigned long request, unsigned long argument) {
    return ioctl(descriptor, request, argument) < 0 ? -errno : 0;
}

int vb_event_enable(int descriptor) { return control(descriptor, PERF_EVENT_IOC_ENABLE, 0); }

int vb_event_disable(int descriptor) { return control(descriptor, PERF_EVENT_IOC_DISABLE, 0); }

int vb_event_set_output(int descriptor, int target) {
    return control(descriptor, PERF_EVENT_IOC_SET_OUTPUT, (unsigned long)target);
}

int vb_event_set_period(int descriptor, uint64_t period) {
    return control(descriptor, PERF_EVENT_IOC_PERIOD, (unsigned long)&period);
}

int vb_event_set_filter(int descriptor, const char *filter) {
    return control(descriptor, PERF_EVENT_IOC_SET_FILTER, (unsigned long)filter);
}

int vb_event_id(int descriptor, uint64_t *id) {
    return control(descriptor, PERF_EVENT_IOC_ID, (unsigned long)id);
}

uint64_t vb_ring_head(const vb_ring_control *control) {
    return __atomic_load_n(&control->data_head, __ATOMIC_ACQUIRE);
}

uint64_t vb_ring_tail(const vb_ring_control *control) {
    return __atomic_load_n(&control->data_tail, __ATOMIC_RELAXED);
}

void vb_ring_release(vb_ring_control *control, uint64_t tail) {
    __atomic_store_n(&control->data_tail, tail, __ATOMIC_RELEASE);
}

uint64_t vb_register_mask(void) {
#if defined(__x86_64__)
    // All the kernel has, without the segment registers that mean nothing in 64-bit code.
    return 0xff0fffULL;
#elif defined(__aarch64__)
    // x0 … x30, sp and pc.
    return (1ULL << PERF_REG_ARM64_MAX) - 1;
#else
#error "the sampler knows x86-64 and aarch64"
#endif
}

#ifndef SYS_fsopen
#define SYS_fsopen 430
#define SYS_fsconfig 431
#define SYS_fsmount 432
#endif
enum { fsconfig_create = 6, fsopen_close_on_exec = 1, fsmount_close_on_exec = 1 };

int vb_tracefs_open(void) {
    int context = (int)syscall(SYS_fsopen, "tracefs", fsopen_close_on_exec);
    if (context < 0) return -errno;
    int mount = -1;
    if (syscall(SYS_fsconfig, context, fsconfig_create, 0, 0, 0) == 0)
        mount = (int)syscall(SYS_fsmount, context, fsmount_close_on_exec, 0);
    int error = errno;
    close(context);
    return mount < 0 ? -error : mount;
}

// Runs between fork and exec of a process with threads: only async-signal-safe calls.
static void become(char *const *arguments, char *const *environment, int hold, int failure) {
    char go = 0;
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, 0);
    // What we ignore for ourselves would stay ignored in the command.
    signal(SIGPIPE, SIG_DFL);
    ssize_t got;
    do got = read(hold, &go, 1);
    while (got < 0 && errno == EINTR);
    // The recorder is gone: nobody wants this command any more.
    if (got != 1) _exit(127);
    execvpe(arguments[0], arguments, environment);
    int error = errno;
    if (write(failure, &error, sizeof error) < 0) _exit(126);
    _exit(127);
}

int32_t vb_command_hold(char *const *arguments, char *const *environment, int *release,
                        int *failure) {
    int hold[2], report[2];
    if (pipe2(hold, O_CLOEXEC) < 0) return -errno;
    if (pipe2(report, O_CLOEXEC) < 0) {
        int error = errno;
        close(hold[0]);
        close(hold[1]);
        return -error;
    }
    pid_t pid = fork();
    if (pid == 0) {
        close(hold[1]);
        become(arguments, environment, hold[0], report[1]);
    }
    int error = errno;
    close(hold[0]);
    close(report[1]);
    if (pid < 0) {
        close(hold[1]);
        close(report[0]);
        return -error;
    }
    *release = hold[1];
    *failure = report[0];
    return pid;
}

int vb_command_release(int release, int failure) {
    char go = 1;
    int error = 0;
    ssize_t sent;
    do sent = write(release, &go, 1);
    while (sent < 0 && errno == EINTR);
    close(release);
    ssize_t got;
    do got = read(failure, &error, sizeof error);
    while (got < 0 && errno == EINTR);
    close(failure);
    return got == sizeof error ? error : 0;
}
