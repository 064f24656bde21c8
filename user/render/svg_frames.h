/* SPDX-License-Identifier: GPL-2.0 */
/* The frames of a picture: for svg.c. */
#ifndef RENDER_SVG_FRAMES_H
#define RENDER_SVG_FRAMES_H

#include "svg_picture.h"

/* What will be drawn: levels, kinds, and what is left out. */
void frames_survey(struct picture *picture);
/* After that, one <g> for each frame. */
void frames_draw(struct picture *picture);

#endif
