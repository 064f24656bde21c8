/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Colours that pictures share, by function: flamegraph.pl's palette.map, lines
 * "NAME->rgb(R,G,B)".
 */
#ifndef RENDER_PALETTE_MAP_H
#define RENDER_PALETTE_MAP_H

#include <stdint.h>

#include "../base/error.h"
#include "../base/lines.h"

struct palette_map;

struct palette_map *palette_map_new(void);
void palette_map_free(struct palette_map *map);

/*
 * Add what the lines say; of one name, the last. -EINVAL, with the place, for
 * the first line that is not of this form.
 */
int palette_map_read(struct palette_map *map, struct lines *lines,
		     struct error *error);

/*
 * The colour of a name, 0xrrggbb; of one that is not in the map, @otherwise,
 * which it has from now on.
 */
uint32_t palette_map_colour(struct palette_map *map, const char *name,
			    size_t length, uint32_t otherwise);

/* Names that palette_map_colour() has added. */
size_t palette_map_added(const struct palette_map *map);

/*
 * Write all lines in the order of their bytes, but for names with a newline or
 * NUL. Write errors stay in @output's error flag.
 */
void palette_map_write(const struct palette_map *map, FILE *output);

#endif
