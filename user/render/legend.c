// SPDX-License-Identifier: GPL-2.0
/* See legend.h. */
#include "legend.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define CHARACTER 7 /* pixels, about */

_Static_assert(FRAME_KINDS <= LEGEND_MAX && OVERLAY_STEPS < LEGEND_MAX,
	       "a legend has room for all");

static void legend_add(struct legend *legend, const char *label,
		       uint32_t colour)
{
	unsigned int at = legend->count++;

	snprintf(legend->entries[at].label, DECIMAL_MAX, "%s", label);
	legend->entries[at].colour = colour;
	legend->entries[at].x = legend->width;
	legend->width += LEGEND_ROOM + (double)strlen(label) * CHARACTER;
}

/* The scale's steps, each with its value, and what is not known. */
static void legend_of_overlay(const struct overlay *overlay,
			      struct legend *legend)
{
	unsigned int decimals = overlay_decimals(overlay);
	char buffer[DECIMAL_MAX];

	legend->name = overlay->name;
	legend->width = (double)strlen(overlay->name) * CHARACTER;
	for (unsigned int step = 0; step < OVERLAY_STEPS; step++) {
		double value = overlay_step(overlay, step);

		legend_add(legend, decimal_fixed(buffer, value, decimals),
			   overlay_colour(overlay, value));
	}
	legend_add(legend, "unknown", overlay_colour(overlay, NAN));
}

void legend_of(const struct svg_options *options, const bool *kinds,
	       struct legend *legend)
{
	static const char *const labels[FRAME_KINDS] = {
		[FRAME_USER] = "user",	       [FRAME_KERNEL] = "kernel",
		[FRAME_JIT] = "generated",     [FRAME_INLINED] = "inlined",
		[FRAME_UNNAMED] = "no symbol",
	};

	legend->name = "";
	legend->width = 0;
	legend->count = 0;
	if (options->difference) {
		legend_add(legend, "grew", DIFFERENCE_GREW);
		legend_add(legend, "shrank", DIFFERENCE_SHRANK);
	} else if (options->overlay) {
		legend_of_overlay(options->overlay, legend);
	} else if (colour_by_kind(options->palette)) {
		for (int kind = 0; kind < FRAME_KINDS; kind++)
			if (kinds[kind])
				legend_add(legend, labels[kind],
					   colour_legend(options->palette,
							 kind));
	}
}
