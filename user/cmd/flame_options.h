/* SPDX-License-Identifier: GPL-2.0 */
/* What dither flame is asked for. */
#ifndef CMD_FLAME_OPTIONS_H
#define CMD_FLAME_OPTIONS_H

#include <stdbool.h>

#include "../load/input.h"
#include "../render/svg.h"

struct flame_options {
	struct input_options input;
	/* .title and .count_name: NULL where not given; files are not read. */
	struct svg_options svg;
	struct background background;
	const char *output; /* NULL: not given */
	bool reverse;
	bool html;   /* a page */
	bool chart;  /* in the order of time */
	bool negate; /* differences */
	bool merge_noise; /* without noise */
	struct confidence confidence;
	bool help;		/* was asked for, and is all that is wanted */
	const char *base;	/* NULL: no differences */
	const char *color;	/* a ratio of events, or NULL */
	const char *map;	/* the file of --cp, or NULL */
	const char *attributes; /* that of --nameattr, or NULL */
};

/* 0, or EXIT_USAGE after a message. */
int flame_options_read(struct flame_options *options, int argc, char **argv);

extern const char flame_help[];

#endif
