// SPDX-License-Identifier: GPL-2.0
/*
 * Palettes are pairs of colours; a name's hash picks a point between them.
 * The default tells user from kernel by yellow against blue, the pair that
 * every kind of colour vision keeps apart; dark text reads well on all.
 * Integers only: the same bytes on every machine.
 */
#include "colour.h"

#include <string.h>

struct range {
	uint32_t from, to;
};

struct palette {
	const char *name;
	struct range range[FRAME_KINDS];
};

/* One range for every kind. */
#define SAME(from, to)                                 \
	{                                              \
		[0 ... FRAME_KINDS - 1] = { from, to } \
	}

static const struct palette palettes[] = {
	{ "kind",
	  {
		  [FRAME_USER] = { 0xfbd87f, 0xf4a259 },
		  [FRAME_KERNEL] = { 0xa9cbea, 0x6c9fd2 },
		  [FRAME_JIT] = { 0x8fd9b6, 0x55b58f },
		  [FRAME_INLINED] = { 0xfcebb6, 0xf6cf8e },
		  [FRAME_UNNAMED] = { 0xdcd8d2, 0xc3beb8 },
	  } },
	{ "hot", SAME(0xffdf6b, 0xf0653a) },
	{ "mem", SAME(0x9be3ae, 0x45b06f) },
	{ "io", SAME(0xa6c8f5, 0x8f8be0) },
	{ "red", SAME(0xffb4a8, 0xe8604f) },
	{ "green", SAME(0xb7e4a0, 0x5fae57) },
	{ "blue", SAME(0xafd3f2, 0x5d9bd5) },
	{ "aqua", SAME(0xa5e3e0, 0x4fb3b8) },
	{ "yellow", SAME(0xf5ea8c, 0xd9c33f) },
	{ "purple", SAME(0xe3bdf0, 0xb583d6) },
	{ "orange", SAME(0xffcf94, 0xf2913d) },
	{ "grey", SAME(0xdfe1e4, 0xb4b8be) },
};

enum frame_kind colour_kind(const char *name, size_t *length)
{
	static const struct {
		char suffix[5];
		enum frame_kind kind;
	} kinds[] = {
		{ "_[k]", FRAME_KERNEL },
		{ "_[j]", FRAME_JIT },
		{ "_[i]", FRAME_INLINED },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (*length < 4 ||
		    memcmp(name + *length - 4, kinds[i].suffix, 4))
			continue;
		*length -= 4;
		return kinds[i].kind;
	}
	if (!*length || (name[0] == '[' && name[*length - 1] == ']'))
		return FRAME_UNNAMED;
	return FRAME_USER;
}

const struct palette *colour_palette(const char *name)
{
	for (size_t i = 0; i < sizeof(palettes) / sizeof(*palettes); i++)
		if (!strcmp(palettes[i].name, name))
			return &palettes[i];
	return NULL;
}

const char *colour_palettes(void)
{
	return "kind, hot, mem, io, red, green, blue, aqua, yellow, purple, "
	       "orange, grey";
}

int colour_by_kind(const struct palette *palette)
{
	return palette == palettes;
}

static uint32_t hash_name(const char *name, size_t length)
{
	uint32_t hash = 0x811c9dc5U;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)name[i]) * 0x01000193U;
	hash ^= hash >> 15;
	hash *= 0x2c1b3c6dU;
	return hash ^ hash >> 13;
}

/* @place: 0 (from) to 255 (to). */
static uint32_t mix(const struct range *range, uint32_t place)
{
	uint32_t colour = 0;

	for (unsigned int shift = 0; shift < 24; shift += 8) {
		uint32_t from = range->from >> shift & 0xff;
		uint32_t to = range->to >> shift & 0xff;

		colour |= (from * (255 - place) + to * place + 127) / 255
			  << shift;
	}
	return colour;
}

uint32_t colour_frame(const struct palette *palette, enum frame_kind kind,
		      const char *name, size_t length)
{
	return mix(&palette->range[kind], hash_name(name, length) & 0xff);
}

uint32_t colour_legend(const struct palette *palette, enum frame_kind kind)
{
	return mix(&palette->range[kind], 127);
}
