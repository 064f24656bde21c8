/* SPDX-License-Identifier: GPL-2.0 */
/* A picture as it is drawn: for svg.c and svg_frames.c only. */
#ifndef RENDER_SVG_PICTURE_H
#define RENDER_SVG_PICTURE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "../profile/profile.h"
#include "svg_options.h"

/* Pixels; picture/layout.js knows the margin and the padding, too. */
#define MARGIN 12
#define HEADER 64
#define FOOTER 40
#define TEXT_PADDING 3
#define CHARACTER_WIDTH 0.61 /* of a fixed-width font, in its size */

struct picture {
	const struct profile *profile;
	const struct svg_options *options;
	FILE *output;
	double total;
	double scale; /* pixels per weight */
	double min_weight;
	double left_out;     /* weight of frames too narrow to draw */
	unsigned int levels; /* of the frames that are drawn */
	uint64_t drawn;	     /* frames so far */
	bool kinds[FRAME_KINDS];
};

/* @before, then the number, at most @decimals of them. */
void picture_number(const struct picture *picture, const char *before,
		    double value, unsigned int decimals);

#endif
