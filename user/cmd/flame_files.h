/* SPDX-License-Identifier: GPL-2.0 */
/* The files beside the profile that a flame graph is drawn by. */
#ifndef CMD_FLAME_FILES_H
#define CMD_FLAME_FILES_H

#include "../base/error.h"
#include "../render/attributes.h"
#include "../render/palette_map.h"

/* To be freed; NULL: @error tells why. */
struct attributes *flame_attributes(const char *path, struct error *error);

/* The same; a file that does not exist holds no colours. */
struct palette_map *flame_palette_map(const char *path, struct error *error);

/* If names were added. 0, or EXIT_CANNOT after a message; the old file stays. */
int flame_palette_map_write(const struct palette_map *map, const char *path);

#endif
