/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the commands read: a recording, folded stacks or perf-script text,
 * packed or not, from a file or standard input. The content tells.
 */
#ifndef LOAD_INPUT_H
#define LOAD_INPUT_H

#include <stdbool.h>

#include "../text/folded.h"
#include "../text/perf_script.h"
#include "../profile/profile.h"
#include "../profile/sample_times.h"
#include "load.h"

enum input_kind {
	INPUT_RECORDING,
	INPUT_FOLDED,
	INPUT_PERF_SCRIPT, /* also where it was imported: see .imported */
};

struct input_options {
	struct load_options load; /* .event is that of perf-script text, too */
	bool strict;		  /* what cannot be used is an error */
	bool lenient;		  /* also where most of a text cannot be used */
	bool samples;	 /* of perf-script text: count one each, no periods */
	bool times;	 /* fill .times */
	bool order;	 /* the same, also where only the order is known */
	bool as_written; /* mangled names of folded stacks stay as they are */
	const char *threads; /* that read text; NULL: one for each CPU */
};

struct input {
	enum input_kind kind;
	const char *name;	    /* for messages */
	struct profile *profile;    /* finished */
	struct sample_times times;  /* in the order of the input */
	bool has_times;		    /* each sample's is known */
	struct load load;	    /* of INPUT_RECORDING */
	struct recording *imported; /* that perf's samples are in, or NULL */
	struct perf_script_summary script; /* of INPUT_PERF_SCRIPT */
	struct folded_summary folded;	   /* of INPUT_FOLDED */
	struct parallel parallel;
};

/*
 * Read, and say on stderr what could not be used. An error leaves nothing to
 * close.
 */
int input_open(const struct input_options *options, struct input *input,
	       struct error *error);
void input_close(struct input *input);

#endif
