/* SPDX-License-Identifier: GPL-2.0 */
/* dither flame --html. */
#ifndef CMD_FLAME_HTML_H
#define CMD_FLAME_HTML_H

#include "../load/input.h"
#include "../render/html.h"
#include "flame_options.h"

/*
 * Write the page of @input, which was read with these options and times; of a
 * recording with events each of them is read, too, unless one was chosen. @unit
 * is what the weights of @input count: "samples". @difference: NULL, or that of
 * its profile to another, which is told without times.
 * Returns 0, or what could not be read: the page is not whole then.
 */
int flame_html(const struct flame_options *options, struct input *input,
	       const char *unit, const struct html_options *html,
	       const struct difference *difference, FILE *output,
	       struct error *error);

#endif
