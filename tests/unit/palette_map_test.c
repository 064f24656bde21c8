// SPDX-License-Identifier: GPL-2.0
/* Colours that pictures share: read, given, and written again. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../../user/render/palette_map.h"

static int read_map(struct palette_map *map, const char *text, size_t length,
		    struct error *error)
{
	FILE *input = fmemopen((void *)text, length, "r");
	struct lines *lines = lines_new(input, "p.map");
	int result = palette_map_read(map, lines, error);

	lines_free(lines);
	fclose(input);
	return result;
}

static void expect_written(const struct palette_map *map, const char *expected)
{
	char *text = NULL;
	size_t length;
	FILE *output = open_memstream(&text, &length);

	palette_map_write(map, output);
	fclose(output);
	CU_ASSERT_STRING_EQUAL(text, expected);
	free(text);
}

static void known_and_new(void)
{
	static const char text[] = "main->rgb(1,2,3)\r\n\n"
				   "a b->rgb(255,0,16) \n"
				   "main->rgb(9,9,9)\n";
	struct palette_map *map = palette_map_new();

	CU_ASSERT_EQUAL(read_map(map, text, strlen(text), NULL), 0);
	CU_ASSERT_EQUAL(palette_map_colour(map, "main", 4, 7), 0x090909);
	CU_ASSERT_EQUAL(palette_map_colour(map, "a b", 3, 7), 0xff0010);
	CU_ASSERT_EQUAL(palette_map_added(map), 0);
	CU_ASSERT_EQUAL(palette_map_colour(map, "f_[k]", 5, 0x102030),
			0x102030);
	CU_ASSERT_EQUAL(palette_map_colour(map, "f_[k]", 5, 7), 0x102030);
	CU_ASSERT_EQUAL(palette_map_added(map), 1);
	expect_written(map, "a b->rgb(255,0,16)\nf_[k]->rgb(16,32,48)\n"
			    "main->rgb(9,9,9)\n");
	palette_map_free(map);
}

static void arrows(void)
{
	static const char text[] = "operator->->rgb(1,2,3)\n->rgb(4,5,6)\n"
				   "a->rgb(1,1,1)->rgb(7,8,9)\n";
	struct palette_map *map = palette_map_new();

	CU_ASSERT_EQUAL(read_map(map, text, strlen(text), NULL), 0);
	CU_ASSERT_EQUAL(palette_map_colour(map, "operator->", 10, 0), 0x010203);
	CU_ASSERT_EQUAL(palette_map_colour(map, "", 0, 0), 0x040506);
	CU_ASSERT_EQUAL(palette_map_colour(map, "a->rgb(1,1,1)", 13, 0),
			0x070809);
	palette_map_free(map);
}

static void wrong(void)
{
	static const char *const lines[] = {
		"main",
		"main->rgb(1,2)",
		"main->rgb(1,2,256)",
		"main->rgb(1,2,3",
		"main->rgb(1,2,3)x",
		"main->rgb(1,,3)",
		"main->rgb(-1,2,3)",
		"main->rgb(0001,2,3)",
		"main->rgb(1,2,3,4)",
		"main->rgb(",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		struct palette_map *map = palette_map_new();
		struct error error = { "" };
		char text[64];

		snprintf(text, sizeof(text), "a->rgb(1,2,3)\n%s\n", lines[i]);
		CU_ASSERT_EQUAL(read_map(map, text, strlen(text), &error),
				-EINVAL);
		CU_ASSERT_STRING_EQUAL(error.text,
				       "p.map:2: not NAME->rgb(R,G,B)");
		palette_map_free(map);
	}
}

static void unwritable(void)
{
	static const char nul[] = "a\0b->rgb(1,2,3)\n";
	struct palette_map *map = palette_map_new();
	struct error error;

	CU_ASSERT_EQUAL(palette_map_colour(map, "a\nb", 3, 1), 1);
	CU_ASSERT_EQUAL(palette_map_colour(map, "a\0b", 3, 2), 2);
	CU_ASSERT_EQUAL(palette_map_colour(map, "c", 1, 3), 3);
	expect_written(map, "c->rgb(0,0,3)\n");
	CU_ASSERT_EQUAL(read_map(map, nul, sizeof(nul) - 1, &error), -EINVAL);
	palette_map_free(map);
}

static const struct unit_case cases[] = {
	{ "known names keep their colour, others get one and are added",
	  known_and_new },
	{ "a name may hold arrows itself", arrows },
	{ "a line that is no colour is told with its place", wrong },
	{ "a name that is no line has a colour, but is not written",
	  unwritable },
};

UNIT_MAIN("palette_map", cases)
