/* SPDX-License-Identifier: GPL-2.0 */
/* What a picture stands on, where it is not left to the viewer's preference. */
#ifndef RENDER_BACKGROUND_H
#define RENDER_BACKGROUND_H

#include <stdbool.h>
#include <stdint.h>

struct background {
	uint32_t top, bottom; /* 0xrrggbb */
	bool dark;	      /* what is written on it is light */
};

/* "yellow", "blue", "green", "grey", or "#rrggbb"; false: none of them. */
bool background_named(const char *name, struct background *background);

#endif
