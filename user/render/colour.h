/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The colours of frames: a pure function of palette and name, so that a
 * function looks the same in every picture.
 */
#ifndef RENDER_COLOUR_H
#define RENDER_COLOUR_H

#include <stddef.h>
#include <stdint.h>

/* What a frame is, told from its name. */
enum frame_kind {
	FRAME_USER,
	FRAME_KERNEL,  /* name_[k] */
	FRAME_JIT,     /* name_[j] */
	FRAME_INLINED, /* name_[i] */
	FRAME_UNNAMED, /* [unknown], [libfoo.so+0x12], [pid 7], … */
	FRAME_KINDS
};

/* Also sets @length to that of the name without such a suffix. */
enum frame_kind colour_kind(const char *name, size_t *length);

struct palette;

/* "kind", "hot", …; NULL: there is no such palette. */
const struct palette *colour_palette(const char *name);
/* All their names, for messages: "kind, hot, …". */
const char *colour_palettes(void);

/* Whether kinds differ in colour. */
int colour_by_kind(const struct palette *palette);

/* 0xrrggbb; @name without suffix. */
uint32_t colour_frame(const struct palette *palette, enum frame_kind kind,
		      const char *name, size_t length);
/* The middle of a kind's range, for the legend. */
uint32_t colour_legend(const struct palette *palette, enum frame_kind kind);

#endif
