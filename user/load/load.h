/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a recording to a profile: replays the records, keeps track of threads,
 * resolves addresses, and strings the frames together.
 */
#ifndef LOAD_LOAD_H
#define LOAD_LOAD_H

#include <stdbool.h>

#include "../base/error.h"
#include "../file/events.h"
#include "../file/recording.h"
#include "../stats/event_sums.h"
#include "../profile/profile.h"
#include "../profile/sample_times.h"
#include "../profile/sample_table.h"
#include "../resolve/resolve.h"
#include "../schedule/schedule_check.h"
#include "dropped_records.h"
#include "late_samples.h"
#include "lost_samples.h"
#include "recording_quality.h"
#include "user_stacks.h"
#include "sample_weight.h"

struct load_options {
	const char *path;
	const char *symfs;     /* NULL: / */
	const char *debug_dir; /* NULL: the usual one */
	bool mangled;	       /* symbols as files have them */
	bool lines;	       /* of source are wanted in .traces */
	const char *event; /* as sample_weight_choose() has it; NULL: time */
	bool pid, tid, cpu;    /* a root frame for each */
	/*
	 * For tables of functions: frames are "name\tmodule", without the
	 * frames for thread, process and CPU.
	 */
	bool modules;
	/*
	 * By time, do not draw what has no sample of its own: frames
	 * SYNTHETIC_IRQS_OFF and SYNTHETIC_LATE on stacks of late samples,
	 * SYNTHETIC_LOST at the root.
	 */
	bool no_unseen;
	const char *late;      /* as late_begin() has it; NULL: the usual */
	struct sample_times *times; /* filled, unless NULL */
	struct sample_table *table; /* filled, unless NULL: all samples' */
};

struct load {
	struct recording *recording;
	struct resolver *resolver;
	struct profile *profile; /* finished */
	struct recorded_events events;
	struct sample_weight weigh;
	struct event_sums *event_sums; /* finished; NULL: no events */
	/* What the samples stand for that each event made. */
	double stood_for[DITHER_COUNTERS_MAX];
	uint64_t unknown; /* samples with counts not known */
	uint64_t strange; /* … of events that are not known */
	struct statistics statistics;
	struct late late;
	struct lost lost;
	struct floods floods; /* sorted; names are profile_text()'s, or none */
	struct user_stacks user_stacks; /* those of clock samples */
	struct schedule_check
		*schedule_check;	/* NULL: not told how it was sampled */
	double recorder;		/* weight of the recorder's process */
	bool unseen;			/* late and lost ones are in .profile */
	uint32_t sample_column;		/* of traces, of what .weigh weighs */
};

/*
 * -EINVAL, -ENOENT, …: nothing could be read, nothing is held. A damaged
 * recording loads as far as it goes: complain.h tells of it.
 */
int load_open(const struct load_options *options, struct load *load,
	      struct error *error);
/* The same of an open recording, which it takes over, also when it fails. */
int load_recording(const struct load_options *options,
		   struct recording *recording, struct load *load,
		   struct error *error);
void load_close(struct load *load);

/*
 * What the profile's weights count, for a picture: as sample_weight_unit(), but
 * "instants" where some of those that are drawn became no sample.
 */
const char *load_unit(const struct load *load);

#endif
