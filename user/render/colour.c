// SPDX-License-Identifier: GPL-2.0
/*
 * Palettes are pairs of colours; a name's hash picks a point between them.
 * The default tells user from kernel by yellow against blue, the pair that
 * every kind of colour vision keeps apart; dark text reads well on all.
 * Integers only: the same bytes on every machine.
 */
#include "colour.h"

#include <stdbool.h>
#include <string.h>

#include "../profile/synthetic_frames.h"

struct range {
	uint32_t from, to;
};

struct kind {
	struct range range;
	const char *label; /* NULL: not told from others */
};

enum language { NO_LANGUAGE, JAVA, JAVASCRIPT, PERL };

struct palette {
	const char *name;
	enum language language;
	struct range others;
	struct kind kinds[FRAME_KINDS];
};

#define GREEN { 0xb7e4a0, 0x5fae57 }
#define AQUA { 0xa5e3e0, 0x4fb3b8 }
#define BLUE { 0xafd3f2, 0x5d9bd5 }
#define YELLOW { 0xf5ea8c, 0xd9c33f }
#define ORANGE { 0xffcf94, 0xf2913d }
#define RED { 0xffb4a8, 0xe8604f }
#define PALE { 0xdcd8d2, 0xc3beb8 }

static const struct palette palettes[] = {
	{ .name = "kind",
	  .others = { 0xfbd87f, 0xf4a259 },
	  .kinds = {
		  [FRAME_USER] = { { 0xfbd87f, 0xf4a259 }, "user" },
		  [FRAME_KERNEL] = { { 0xa9cbea, 0x6c9fd2 }, "kernel" },
		  [FRAME_JIT] = { { 0x8fd9b6, 0x55b58f }, "generated" },
		  [FRAME_INLINED] = { { 0xfcebb6, 0xf6cf8e }, "inlined" },
		  [FRAME_WAKER] = { { 0xd9c2ee, 0xb18fdb }, "waker" },
		  [FRAME_UNNAMED] = { PALE, "no symbol" },
	  } },
	{ .name = "hot", .others = { 0xffdf6b, 0xf0653a } },
	{ .name = "mem", .others = { 0x9be3ae, 0x45b06f } },
	{ .name = "io", .others = { 0xa6c8f5, 0x8f8be0 } },
	{ .name = "wakeup", .others = AQUA },
	{ .name = "chain",
	  .others = BLUE,
	  .kinds = {
		  [FRAME_USER] = { BLUE, "blocked" },
		  [FRAME_KERNEL] = { BLUE, "blocked" },
		  [FRAME_WAKER] = { AQUA, "waker" },
	  } },
	{ .name = "java",
	  .language = JAVA,
	  .others = RED,
	  .kinds = {
		  [FRAME_USER] = { RED, "native" },
		  [FRAME_KERNEL] = { ORANGE, "kernel" },
		  [FRAME_JIT] = { GREEN, "Java" },
		  [FRAME_INLINED] = { AQUA, "inlined" },
		  [FRAME_SCRIPT] = { GREEN, "Java" },
		  [FRAME_CXX] = { YELLOW, "C++" },
		  [FRAME_UNNAMED] = { PALE, "no symbol" },
	  } },
	{ .name = "js",
	  .language = JAVASCRIPT,
	  .others = RED,
	  .kinds = {
		  [FRAME_USER] = { RED, "native" },
		  [FRAME_KERNEL] = { ORANGE, "kernel" },
		  [FRAME_SCRIPT] = { GREEN, "JavaScript" },
		  [FRAME_BUILTIN] = { AQUA, "built in" },
		  [FRAME_CXX] = { YELLOW, "C++" },
		  [FRAME_UNNAMED] = { PALE, "no symbol" },
	  } },
	{ .name = "perl",
	  .language = PERL,
	  .others = RED,
	  .kinds = {
		  [FRAME_USER] = { RED, "native" },
		  [FRAME_KERNEL] = { ORANGE, "kernel" },
		  [FRAME_SCRIPT] = { GREEN, "Perl" },
		  [FRAME_CXX] = { YELLOW, "C++" },
		  [FRAME_UNNAMED] = { PALE, "no symbol" },
	  } },
	{ .name = "red", .others = RED },
	{ .name = "green", .others = GREEN },
	{ .name = "blue", .others = BLUE },
	{ .name = "aqua", .others = AQUA },
	{ .name = "yellow", .others = YELLOW },
	{ .name = "purple", .others = { 0xe3bdf0, 0xb583d6 } },
	{ .name = "orange", .others = ORANGE },
	{ .name = "grey", .others = { 0xdfe1e4, 0xb4b8be } },
};

/* In every palette: a hatching lies over it. */
static const struct kind unseen = { PALE, "not seen" };

static const struct kind *kind_of(const struct palette *palette,
				  enum frame_kind kind)
{
	return kind == FRAME_UNSEEN ? &unseen : &palette->kinds[kind];
}

enum frame_kind colour_kind(const char *name, size_t *length)
{
	static const struct {
		char suffix[5];
		enum frame_kind kind;
	} kinds[] = {
		{ "_[k]", FRAME_KERNEL },
		{ "_[j]", FRAME_JIT },
		{ "_[i]", FRAME_INLINED },
		{ "_[w]", FRAME_WAKER },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (*length < 4 ||
		    memcmp(name + *length - 4, kinds[i].suffix, 4))
			continue;
		*length -= 4;
		return kinds[i].kind;
	}
	if (synthetic_meaning(name, *length))
		return FRAME_UNSEEN;
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
	return "kind, hot, mem, io, wakeup, chain, java, js, perl, red, green, "
	       "blue, aqua, yellow, purple, orange, grey";
}

static bool holds(const char *name, size_t length, const char *what)
{
	return memmem(name, length, what, strlen(what));
}

/*
 * perf-map-agent writes methods with '/' between packages, with or without the
 * L of a class's signature before them, or ":::" before the method.
 */
static enum frame_kind refine_java(const char *name, size_t length)
{
	if (holds(name, length, "/") || holds(name, length, ":::"))
		return FRAME_SCRIPT;
	return holds(name, length, "::") ? FRAME_CXX : FRAME_USER;
}

/* V8 names its functions "LazyCompile:~name /path/file.js:12". */
static enum frame_kind refine_javascript(enum frame_kind kind, const char *name,
					 size_t length)
{
	if (kind == FRAME_JIT || kind == FRAME_INLINED)
		return holds(name, length, "/") ? FRAME_SCRIPT : FRAME_BUILTIN;
	if (holds(name, length, "::"))
		return FRAME_CXX;
	if (holds(name, length, ".js"))
		return FRAME_SCRIPT;
	return holds(name, length, ":") ? FRAME_BUILTIN : FRAME_USER;
}

static enum frame_kind refine_perl(const char *name, size_t length)
{
	if (holds(name, length, "::"))
		return FRAME_CXX;
	return holds(name, length, "Perl") || holds(name, length, ".pl") ?
		       FRAME_SCRIPT :
		       FRAME_USER;
}

enum frame_kind colour_refine(const struct palette *palette,
			      enum frame_kind kind, const char *name,
			      size_t length)
{
	bool generated = kind == FRAME_JIT || kind == FRAME_INLINED;

	if (kind != FRAME_USER && !generated)
		return kind;
	if (palette->language == JAVASCRIPT)
		return refine_javascript(kind, name, length);
	if (generated)
		return kind;
	if (palette->language == JAVA)
		return refine_java(name, length);
	return palette->language == PERL ? refine_perl(name, length) : kind;
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
static uint32_t mix(const struct palette *palette, enum frame_kind kind,
		    uint32_t place)
{
	const struct kind *known = kind_of(palette, kind);
	const struct range *range = known->label ? &known->range :
						   &palette->others;
	uint32_t colour = 0;

	for (unsigned int shift = 0; shift < 24; shift += 8) {
		uint32_t from = range->from >> shift & 0xff;
		uint32_t to = range->to >> shift & 0xff;

		colour |= (from * (255 - place) + to * place + 127) / 255
			  << shift;
	}
	return colour;
}

/* The finalizer of splitmix64. */
static uint32_t hash_number(uint64_t number)
{
	number += 0x9e3779b97f4a7c15ULL;
	number = (number ^ number >> 30) * 0xbf58476d1ce4e5b9ULL;
	number = (number ^ number >> 27) * 0x94d049bb133111ebULL;
	return (uint32_t)(number ^ number >> 31);
}

uint32_t colour_frame(const struct palette *palette, enum frame_kind kind,
		      const char *name, size_t length)
{
	return mix(palette, kind, hash_name(name, length) & 0xff);
}

uint32_t colour_numbered(const struct palette *palette, enum frame_kind kind,
			 uint64_t number)
{
	return mix(palette, kind, hash_number(number) & 0xff);
}

uint32_t colour_legend(const struct palette *palette, enum frame_kind kind)
{
	return mix(palette, kind, 127);
}

const char *colour_label(const struct palette *palette, enum frame_kind kind)
{
	return kind_of(palette, kind)->label;
}
