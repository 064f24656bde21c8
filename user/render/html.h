/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Profiles as a page for a browser: one HTML file that needs nothing else, with
 * flame, icicle, callers and callees, table, and a heat map to select a time.
 */
#ifndef RENDER_HTML_H
#define RENDER_HTML_H

#include <stdbool.h>
#include <stdio.h>

#include "../profile/profile.h"
#include "../profile/sample_times.h"
#include "../stats/shares.h"
#include "colour.h"
#include "difference.h"

struct html_options {
	const char *title;
	const char *subtitle; /* NULL: none */
	const struct palette *palette;
	bool inverted; /* begin with the root on top */
};

/* One of the page's profiles: there may be one for each event. */
struct html_set {
	const char *name;	       /* what it is weighed by: "time" */
	const char *unit;	       /* "samples" */
	const struct profile *profile; /* finished */
	/* When its samples were taken, in order; NULL: not known. */
	const struct sample_times *times;
	const struct shares *shares; /* for intervals; NULL: none are told */
	const char *unsure;	     /* why none holds; NULL: they do */
	const char *lost; /* causes, for SYNTHETIC_LOST; NULL: not known */
	/* To another profile, of .profile's nodes; NULL: there is no other. */
	const struct difference *difference;
};

/* Write errors stay in @output's error flag. */
void html_begin(FILE *output, const struct html_options *options);
void html_add(FILE *output, const struct html_options *options,
	      const struct html_set *set, bool first);
void html_end(FILE *output);

#endif
