/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A profile as a flame graph: one SVG file that needs nothing else, still
 * readable without scripts, with them zoomable and searchable.
 */
#ifndef RENDER_SVG_H
#define RENDER_SVG_H

#include <stdio.h>

#include "../base/error.h"
#include "../profile/profile.h"
#include "svg_options.h"

/* Sensible values for everything. */
void svg_defaults(struct svg_options *options);

/*
 * Draw a finished profile. @options->whole is not less than what it holds.
 * -ENODATA: it holds no weight, nothing was written.
 * Write errors stay in @output's error flag.
 */
int svg_write(const struct profile *profile, const struct svg_options *options,
	      FILE *output, struct error *error);

#endif
