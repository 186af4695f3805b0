// The few calls of Linux that Swift's Glibc module does not show. No policy in here.
#ifndef CBASICS_H
#define CBASICS_H

#include <stdint.h>

#pragma clang assume_nonnull begin

/// Names the calling thread; the kernel keeps the first 15 bytes.
int vb_set_thread_name(const char *name);

/// The kernel's number of the calling thread.
int32_t vb_thread_id(void);

/// Asks for timer wake-ups as exact as the machine gives them, for the calling thread.
void vb_set_exact_timers(void);

/// Has the kernel kill this process when its parent dies.
void vb_die_with_parent(void);

/// From now on SIGINT and SIGTERM are counted instead of fatal; the third ends the process.
void vb_count_interrupts(void);

/// How many came so far.
int vb_interrupts(void);

/// A pipe whose ends are closed on exec: ends[0] reads, ends[1] writes.
int vb_pipe(int *ends);

/// The posix_spawn flag that gives the child a session of its own.
int vb_spawn_session_flag(void);

/// The open flag that reads around the page cache.
int vb_direct_flag(void);

/// An event that counts the CPU time of the calling thread. Answers the descriptor, or minus the
/// error number.
int vb_thread_clock_open(void);

/// Nanoseconds so far; zero when they cannot be read.
uint64_t vb_thread_clock_read(int descriptor);

#pragma clang assume_nonnull end
#endif
