// The calls of perf_event_open(2) that Swift cannot spell: a variadic system call, ioctl numbers
// made by macros, the two fences of the ring, a command held back before exec. No policy in here.
#ifndef CPERFEVENTS_H
#define CPERFEVENTS_H

#include <linux/perf_event.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

typedef struct perf_event_attr vb_event_attributes;
typedef struct perf_event_mmap_page vb_ring_control;

/// Opens an event, closed on exec. Answers the descriptor, or minus the error number.
int vb_event_open(const vb_event_attributes *attributes, int32_t pid, int32_t cpu);
/// The same for an event that counts only while `leader` does, or by itself when that is −1.
int vb_event_open_in_group(
    const vb_event_attributes *attributes, int32_t pid, int32_t cpu, int leader);

/// Each answers 0, or minus the error number.
int vb_event_enable(int descriptor);
int vb_event_disable(int descriptor);
int vb_event_set_output(int descriptor, int target);
/// From now on a sample at every `period`-th event.
int vb_event_set_period(int descriptor, uint64_t period);
int vb_event_set_filter(int descriptor, const char *filter);
int vb_event_id(int descriptor, uint64_t *id);

/// Reads where the kernel has written up to; what lies before it may be read afterwards.
uint64_t vb_ring_head(const vb_ring_control *control);
/// Where the reader stands.
uint64_t vb_ring_tail(const vb_ring_control *control);
/// Gives everything before `tail` back to the kernel; it must have been read before.
void vb_ring_release(vb_ring_control *control, uint64_t tail);

/// The registers a sample carries, as a mask of PERF_REG_…, and their places in that list.
uint64_t vb_register_mask(void);

/// Opens a tracefs that is mounted nowhere. Answers a folder descriptor, or minus the error number.
int vb_tracefs_open(void);

/// Forks a command that waits for `vb_command_release` before it execs.
///
/// Answers the pid, or minus the error number. `release` is the pipe end that lets it go;
/// `failure` the one from which the error number of a failed exec can be read.
int32_t vb_command_hold(char *_Nullable const *_Nonnull arguments,
                        char *_Nullable const *_Nonnull environment, int *release, int *failure);

/// Lets the command go. Answers 0 after a successful exec, else the error number of the exec.
int vb_command_release(int release, int failure);

#pragma clang assume_nonnull end
#endif
