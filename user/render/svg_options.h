/* SPDX-License-Identifier: GPL-2.0 */
/* How a picture is to look. */
#ifndef RENDER_SVG_OPTIONS_H
#define RENDER_SVG_OPTIONS_H

#include <stdbool.h>

#include "../stats/shares.h"
#include "attributes.h"
#include "background.h"
#include "colour.h"
#include "difference.h"
#include "overlay.h"
#include "palette_map.h"

struct svg_options {
	const char *title;
	const char *subtitle;	/* NULL: none but the number of samples */
	const char *count_name; /* what weights count: "samples" */
	const char *name_type;	/* before names in tooltips; NULL: nothing */
	const char *notes;	/* not shown, for readers of the file; NULL */
	const char *font;	/* of the frames */
	/* NULL: light or dark, as the viewer prefers. */
	const struct background *background;
	const struct palette *palette;
	bool random; /* colours by a frame's place, not by its name */
	struct palette_map *palette_map; /* before the palette; NULL: none */
	const struct attributes *attributes; /* NULL: none */
	const struct overlay *overlay; /* colours by value; NULL: by name */
	unsigned int width;	       /* pixels, without script */
	unsigned int frame_height;
	double font_size;
	double min_width;	/* narrower frames are left out; pixels, or */
	bool min_width_percent; /* percent of all */
	bool inverted;		/* the root on top */
	const struct shares *shares; /* for intervals; NULL: none are told */
	const char *unsure; /* why none holds, as "fixed period"; NULL: they do */
	const char *lost; /* causes, for the figures of SYNTHETIC_LOST; NULL */
	double whole;	    /* weight of the full width; 0: the profile's */
	double factor;	    /* of counts in figures */
	const double *starts; /* of nodes, in weight; NULL: side by side */
	/* Colours tell how it differs, and figures by how much; or NULL. */
	const struct difference *difference;
};

#endif
