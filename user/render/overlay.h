/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frames coloured by a value, such as instructions per cycle, instead of by
 * name: from orange for the worse end over pale to blue for the better one, a
 * pair that every kind of colour vision keeps apart.
 */
#ifndef RENDER_OVERLAY_H
#define RENDER_OVERLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "../stats/interval.h"

#define OVERLAY_STEPS 5U /* of the legend */
#define OVERLAY_UNKNOWN 0xdcd8d2U

struct overlay {
	const char *name; /* "IPC" */
	/* Of node @node of the profile; NAN: not known. */
	double (*value)(const void *context, uint32_t node,
			struct interval *interval);
	const void *context;
	double low, high; /* the ends of the scale; what lies beyond is cut */
	bool more_is_better;
};

/* 0xrrggbb, with dark text to stand on it. */
uint32_t overlay_colour(const struct overlay *overlay, double value);

/* The value at step 0 to OVERLAY_STEPS - 1 of the legend, low to high. */
double overlay_step(const struct overlay *overlay, unsigned int step);

/* Enough decimals to tell the steps apart. */
unsigned int overlay_decimals(const struct overlay *overlay);

#endif
