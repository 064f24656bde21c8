/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The records of a recording, all CPUs merged in the order of their time,
 * stacks looked up. What process records a snapshot brought late is delivered
 * where it belongs: SNAPSHOT MAP and COMM records come before the first record
 * of their process, or right behind the last fork or exec that preceded the
 * snapshot; behind a FORGET record, at their own time.
 */
#ifndef FILE_REPLAY_H
#define FILE_REPLAY_H

#include "recording.h"

struct replay_stack {
	const uint64_t *addresses;	/* innermost first */
	unsigned int count;
	unsigned int flags;		/* DITHER_STACK_* */
	enum dither_unwinder unwinder;
	enum dither_unwind_end end;
};

/*
 * Called in time order; NULL members are skipped. Pointers are valid during
 * the call. A stack pointer is NULL where the sample has none; when the
 * sample names a stack that the file does not hold, the stack is NULL and
 * missing_stack is called first.
 */
struct replay_handler {
	void *context;
	void (*sample)(void *context, unsigned int cpu,
		       const struct dither_sample *sample,
		       const struct replay_stack *kernel,
		       const struct replay_stack *user);
	void (*missing_stack)(void *context, unsigned int cpu,
			      const struct dither_sample *sample);
	void (*fork)(void *context, const struct dither_fork *record);
	void (*comm)(void *context, const struct dither_comm *record);
	void (*exit)(void *context, const struct dither_exit *record);
	/* .path is NUL-terminated inside the record */
	void (*map)(void *context, const struct dither_map *record);
	void (*dropped)(void *context, const struct dither_dropped *record);
	/* Of all processes of a class: see abi.h. */
	void (*forget)(void *context, const struct dither_forget *record);
	/* .name is NUL-terminated. All of them before the first sample. */
	void (*code)(void *context, const struct dither_code *record);
	void (*lost)(void *context, unsigned int cpu,
		     const struct dither_lost_record *record);
	void (*rate)(void *context, unsigned int cpu,
		     const struct dither_rate *record);
};

/*
 * Malformed records are reported by recording_add_damage() and left out. -EIO:
 * the file shrank or became unreadable meanwhile, what was told is not to be
 * used.
 */
int replay_run(struct recording *recording,
	       const struct replay_handler *handler, struct error *error);

#endif
