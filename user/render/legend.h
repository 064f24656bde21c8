/* SPDX-License-Identifier: GPL-2.0 */
/* What a picture's colours mean, in a line below it. */
#ifndef RENDER_LEGEND_H
#define RENDER_LEGEND_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/decimal.h"
#include "svg_options.h"

#define LEGEND_MAX 10  /* entries */
#define LEGEND_ROOM 30 /* of an entry, without its characters, in pixels */

struct legend {
	const char *name; /* before all others, or "" */
	double width;	  /* pixels, about */
	unsigned int count;
	struct {
		char label[DECIMAL_MAX];
		uint32_t colour;
		double x;
		bool hatched;
	} entries[LEGEND_MAX];
};

/* Without entries where colours have no meaning; of @kinds, those drawn. */
void legend_of(const struct svg_options *options, const bool *kinds,
	       struct legend *legend);

#endif
