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
	FRAME_WAKER,   /* name_[w]: of the thread that woke this one */
	FRAME_UNNAMED, /* [unknown], [libfoo.so+0x12], [pid 7], … */
	FRAME_UNSEEN,  /* [lost], …: see ../profile/unseen.h; to be hatched */
	/* Told only by palettes that know a language; see colour_refine(). */
	FRAME_CXX,     /* C++: name::name */
	FRAME_SCRIPT,  /* a function of the language itself */
	FRAME_BUILTIN, /* generated, but not from the program's own source */
	FRAME_KINDS
};

/* Also sets @length to that of the name without such a suffix. */
enum frame_kind colour_kind(const char *name, size_t *length);

struct palette;

/* "kind", "hot", …; NULL: there is no such palette. */
const struct palette *colour_palette(const char *name);
/* All their names, for messages: "kind, hot, …". */
const char *colour_palettes(void);

/* The same of a name without suffix, as this palette's language has it. */
enum frame_kind colour_refine(const struct palette *palette,
			      enum frame_kind kind, const char *name,
			      size_t length);

/* 0xrrggbb; of a refined kind, and @name without suffix. */
uint32_t colour_frame(const struct palette *palette, enum frame_kind kind,
		      const char *name, size_t length);
/* One of the kind's colours, whatever the name: the same for each @number. */
uint32_t colour_numbered(const struct palette *palette, enum frame_kind kind,
			 uint64_t number);

/*
 * For the legend: the middle of a kind's range, and what it is called. NULL:
 * the palette does not tell this kind from others.
 */
uint32_t colour_legend(const struct palette *palette, enum frame_kind kind);
const char *colour_label(const struct palette *palette, enum frame_kind kind);

#endif
