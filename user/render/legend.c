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
	legend->entries[at].hatched = false;
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

/* Kinds of one label, which are of one colour, are one entry. */
static void legend_of_palette(const struct palette *palette, const bool *kinds,
			      struct legend *legend)
{
	for (int kind = 0; kind < FRAME_KINDS; kind++) {
		const char *label = colour_label(palette, kind);
		unsigned int i = 0;

		if (!kinds[kind] || !label)
			continue;
		while (i < legend->count &&
		       strcmp(legend->entries[i].label, label))
			i++;
		if (i < legend->count)
			continue;
		legend_add(legend, label, colour_legend(palette, kind));
		legend->entries[i].hatched = kind == FRAME_UNSEEN;
	}
}

void legend_of(const struct svg_options *options, const bool *kinds,
	       struct legend *legend)
{
	legend->name = "";
	legend->width = 0;
	legend->count = 0;
	if (options->difference) {
		legend_add(legend, "grew", DIFFERENCE_GREW);
		legend_add(legend, "unchanged", DIFFERENCE_SAME);
		legend_add(legend, "shrank", DIFFERENCE_SHRANK);
	} else if (options->overlay) {
		legend_of_overlay(options->overlay, legend);
	} else {
		legend_of_palette(options->palette, kinds, legend);
	}
}
