/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A profile as a flame graph: one SVG file that needs nothing else, still
 * readable without scripts, with them zoomable and searchable.
 */
#ifndef RENDER_SVG_H
#define RENDER_SVG_H

#include <stdbool.h>
#include <stdio.h>

#include "../base/error.h"
#include "../profile/profile.h"
#include "colour.h"
#include "difference.h"
#include "overlay.h"

struct svg_options {
	const char *title;
	const char *subtitle;	/* NULL: none but the number of samples */
	const char *count_name; /* what weights count: "samples" */
	const char *font;	/* of the frames */
	const struct palette *palette;
	const struct overlay *overlay; /* colours by value; NULL: by name */
	unsigned int width;	       /* pixels, without script */
	unsigned int frame_height;
	double font_size;
	double min_width;	/* narrower frames are left out; pixels, or */
	bool min_width_percent; /* percent of all */
	bool inverted;		/* the root on top */
	double effective;	/* samples, for intervals; 0: not known */
	/* Colours tell how it differs, and figures by how much; or NULL. */
	const struct difference *difference;
};

/* Sensible values for everything. */
void svg_defaults(struct svg_options *options);

/*
 * Draw a finished profile. -ENODATA: it holds no weight, nothing was written.
 * Write errors stay in @output's error flag.
 */
int svg_write(const struct profile *profile, const struct svg_options *options,
	      FILE *output, struct error *error);

#endif
