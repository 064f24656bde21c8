// SPDX-License-Identifier: GPL-2.0
/* Colours by palette, kind and name, and what a legend calls them. */
#include "unit.h"

#include <string.h>

#include "../../user/render/background.h"
#include "../../user/render/colour.h"

static void colours(void)
{
	const struct palette *palette = colour_palette("kind");
	uint32_t seen[3] = { 0 };
	char names[128], *name, *save = NULL;
	size_t length = 4;

	CU_ASSERT_EQUAL(colour_kind("_[k]", &length), FRAME_KERNEL);
	CU_ASSERT_EQUAL(length, 0);
	CU_ASSERT_PTR_NULL(colour_palette("nothing"));
	CU_ASSERT_EQUAL(colour_frame(palette, FRAME_USER, "main", 4), 0xf5a95e);
	for (int kind = 0; kind < 3; kind++)
		seen[kind] = colour_frame(palette, kind, "main", 4);
	CU_ASSERT_NOT_EQUAL(seen[0], seen[1]);
	CU_ASSERT_NOT_EQUAL(seen[1], seen[2]);
	CU_ASSERT(strlen(colour_palettes()) < sizeof(names));
	strcpy(names, colour_palettes());
	for (name = strtok_r(names, ", ", &save); name;
	     name = strtok_r(NULL, ", ", &save))
		CU_ASSERT_PTR_NOT_NULL(colour_palette(name));
}

static void annotations(void)
{
	static const struct {
		const char *name;
		enum frame_kind kind;
	} names[] = {
		{ "f_[k]", FRAME_KERNEL },     { "f_[j]", FRAME_JIT },
		{ "f_[i]", FRAME_INLINED },    { "f_[w]", FRAME_WAKER },
		{ "[unknown]", FRAME_UNNAMED }, { "f[k]", FRAME_USER },
		{ "f_[x]", FRAME_USER },       { "f_[k] ", FRAME_USER },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		size_t length = strlen(names[i].name);

		CU_ASSERT_EQUAL(colour_kind(names[i].name, &length),
				names[i].kind);
		CU_ASSERT_EQUAL(length, names[i].name[1] == '_' &&
							names[i].kind ?
						1 :
						strlen(names[i].name));
	}
}

/* What the legend calls a frame of this name, with its suffix. */
static const char *label(const char *palette, const char *name)
{
	size_t length = strlen(name);
	enum frame_kind kind = colour_kind(name, &length);

	kind = colour_refine(colour_palette(palette), kind, name, length);
	return colour_label(colour_palette(palette), kind);
}

static void languages(void)
{
	static const struct {
		const char *palette, *name, *label;
	} frames[] = {
		{ "java", "Lorg/x/Main:::run_[j]", "Java" },
		{ "java", "org/x/Main.run", "Java" },
		{ "java", "Interpreter:::main", "Java" },
		{ "java", "java/util/Map.get_[i]", "inlined" },
		{ "java", "JavaThread::run", "C++" },
		{ "java", "tcp_send_[k]", "kernel" },
		{ "java", "start_thread", "native" },
		{ "java", "[libjvm.so]", "no symbol" },
		{ "js", "LazyCompile:~f /srv/app.js:3_[j]", "JavaScript" },
		{ "js", "Builtin:ArrayMap_[j]", "built in" },
		{ "js", "node::Start", "C++" },
		{ "js", "app.js", "JavaScript" },
		{ "js", "Builtin:Call", "built in" },
		{ "js", "uv_run", "native" },
		{ "js", "sys_read_[k]", "kernel" },
		{ "perl", "Perl_pp_entersub", "Perl" },
		{ "perl", "run.pl", "Perl" },
		{ "perl", "Foo::bar", "C++" },
		{ "perl", "main", "native" },
		{ "perl", "sys_read_[k]", "kernel" },
		{ "chain", "schedule_[k]", "blocked" },
		{ "chain", "try_to_wake_up_[w]", "waker" },
		{ "kind", "org/x/Main:::run", "user" },
		{ "kind", "f_[w]", "waker" },
	};

	for (size_t i = 0; i < sizeof(frames) / sizeof(*frames); i++) {
		const char *found = label(frames[i].palette, frames[i].name);

		CU_ASSERT_STRING_EQUAL(found ? found : "", frames[i].label);
	}
	CU_ASSERT_PTR_NULL(label("hot", "tcp_send_[k]"));
	CU_ASSERT_PTR_NULL(label("wakeup", "f"));
}

static void palettes_without_language(void)
{
	const struct palette *hot = colour_palette("hot");

	CU_ASSERT_EQUAL(colour_refine(hot, FRAME_USER, "A::b", 4), FRAME_USER);
	CU_ASSERT_EQUAL(colour_frame(hot, FRAME_USER, "f", 1),
			colour_frame(hot, FRAME_KERNEL, "f", 1));
	CU_ASSERT_NOT_EQUAL(colour_legend(colour_palette("chain"), FRAME_USER),
			    colour_legend(colour_palette("chain"),
					  FRAME_WAKER));
}

static void numbered(void)
{
	const struct palette *hot = colour_palette("hot");
	unsigned int same = 0;

	for (uint64_t i = 0; i < 100; i++) {
		CU_ASSERT_EQUAL(colour_numbered(hot, FRAME_USER, i),
				colour_numbered(hot, FRAME_USER, i));
		same += colour_numbered(hot, FRAME_USER, i) ==
			colour_numbered(hot, FRAME_USER, i + 1);
	}
	CU_ASSERT(same < 5);
}

static void backgrounds(void)
{
	struct background background;

	CU_ASSERT_TRUE(background_named("yellow", &background));
	CU_ASSERT_EQUAL(background.bottom, 0xeeeeb0);
	CU_ASSERT_FALSE(background.dark);
	CU_ASSERT_TRUE(background_named("#1A2b3c", &background));
	CU_ASSERT_EQUAL(background.top, 0x1a2b3c);
	CU_ASSERT_EQUAL(background.bottom, 0x1a2b3c);
	CU_ASSERT_TRUE(background.dark);
	CU_ASSERT_TRUE(background_named("#fafafa", &background));
	CU_ASSERT_FALSE(background.dark);
	CU_ASSERT_FALSE(background_named("#12345", &background));
	CU_ASSERT_FALSE(background_named("#1234567", &background));
	CU_ASSERT_FALSE(background_named("#12345g", &background));
	CU_ASSERT_FALSE(background_named("#-12345", &background));
	CU_ASSERT_FALSE(background_named("pink", &background));
	CU_ASSERT_FALSE(background_named("", &background));
}

static const struct unit_case cases[] = {
	{ "colours depend on palette, kind and name only", colours },
	{ "_[k] _[i] _[j] _[w] at the end of a name tell its kind",
	  annotations },
	{ "java, js and perl tell the language from C++, native and kernel",
	  languages },
	{ "other palettes make nothing of names", palettes_without_language },
	{ "neighbours by number differ, the same number does not", numbered },
	{ "a background is known by name or by #rrggbb", backgrounds },
};

UNIT_MAIN("colour", cases)
