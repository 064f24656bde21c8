// SPDX-License-Identifier: GPL-2.0
/* Folded text: what is taken, what is refused, and how it is written. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "../../user/text/folded.h"
#include "random_numbers.h"

static struct folded_summary summary;

static void expect_problem(unsigned int number, uint64_t line, const char *text)
{
	CU_ASSERT_EQUAL(summary.problems.kept[number].line, line);
	CU_ASSERT_STRING_EQUAL(summary.problems.kept[number].text, text);
}

static struct profile *read_bytes(const char *text, size_t length)
{
	struct profile *profile = profile_new();
	FILE *input = fmemopen((void *)text, length ? length : 1, "r");
	struct lines *lines;

	if (!length)
		fgetc(input);
	lines = lines_new(input, "in");
	CU_ASSERT_EQUAL(folded_read(lines, NULL, profile, &summary, NULL), 0);
	lines_free(lines);
	fclose(input);
	profile_finish(profile);
	return profile;
}

/* The text of the profile; the caller's to free. */
static char *written(const struct profile *profile)
{
	char *text = NULL;
	size_t length;
	FILE *output = open_memstream(&text, &length);

	folded_write(profile, output);
	fclose(output);
	return text;
}

static void expect(const char *input, const char *output)
{
	struct profile *profile = read_bytes(input, strlen(input));
	char *text = written(profile);

	CU_ASSERT_STRING_EQUAL(text, output);
	free(text);
	profile_free(profile);
}

static void skipped(void)
{
	expect("\n  \t\n# comment 5\na 1\r\n\r\n", "a 1\n");
	CU_ASSERT_EQUAL(summary.stacks, 1);
	CU_ASSERT_EQUAL(summary.problems.count, 0);
}

static void blanks(void)
{
	expect("a;b 3  \r\n", "a;b 3\n");
	expect("a;b\t3\n", "a;b 3\n");
	expect("a b;operator new(int) 3", "a b;operator new(int) 3\n");
	expect(" a;b  3\n", " a;b  3\n");
	CU_ASSERT_EQUAL(summary.problems.count, 0);
}

static void decimals(void)
{
	expect("a 1.5\na 0.25\n", "a 1.75\n");
	expect("a 0.1\n", "a 0.1\n");
	expect("a 2.\n", "a 2\n");
	expect("a 9007199254740992\n", "a 9007199254740992\n");
	expect("a 3.0000001\n", "a 3\n");
	expect("a 1.12345678901234567890123\n", "a 1.123457\n");
	expect("a 0.0000015\nb 0.000000001\n", "a 0.0000015\nb 0.000000001\n");
	expect("a 0.00\nb 1\n", "b 1\n");
	CU_ASSERT_EQUAL(summary.problems.count, 0);
}

static void too_small(void)
{
	expect("a 0.0000000009\nb 0.00000000000000001\nc 1\n", "c 1\n");
	CU_ASSERT_EQUAL(summary.problems.count, 2);
	expect_problem(0, 1, "'0.0000000009' is not a count of samples");
	expect_problem(1, 2,
		       "'0.00000000000000001' is not a count of samples");
}

static void refused(void)
{
	expect("a -3\nb 1e3\nc\nd .5\n7\nf 999999999999999999999999999999\ng +1\nok 2\n",
	       "ok 2\n");
	CU_ASSERT_EQUAL(summary.problems.count, 7);
	CU_ASSERT_EQUAL(summary.stacks, 1);
	expect_problem(0, 1, "'-3' is not a count of samples");
	expect_problem(4, 5, "a count, but no stack");
}

static void many_refused(void)
{
	char text[4 * 50 + 1] = "";

	for (int i = 0; i < 50; i++)
		strcat(text, "a x\n");
	expect(text, "");
	CU_ASSERT_EQUAL(summary.problems.count, 50);
	expect_problem(PROBLEMS_KEPT - 1, 8, "'x' is not a count of samples");
}

static void hostile_message(void)
{
	expect("a \033[2Jthere is more than fits\n", "");
	expect("a \033[2Jmuch_more_than_what_fits\n", "");
	expect_problem(0, 1,
		       "'?[2Jmuch_more_than_w..' is not a count of samples");
}

static void binary(void)
{
	struct profile *profile = read_bytes("a\0b 3\nc 4\n", 10);

	CU_ASSERT_EQUAL(summary.problems.count, 1);
	CU_ASSERT_EQUAL(profile_total(profile), 4);
	profile_free(profile);
}

static void empty_frames(void)
{
	struct profile *profile = read_bytes("a;;b 2\n", 7);
	struct profile_node node = profile_node(profile, PROFILE_ROOT);

	node = profile_node(profile, node.first_child);
	node = profile_node(profile, node.first_child);
	CU_ASSERT_STRING_EQUAL(profile_text(profile, node.name), "");
	CU_ASSERT_EQUAL(node.total, 2);
	profile_free(profile);
	expect("a;;b 2\n;a 1\nb; 1\n", ";a 1\na;;b 2\nb; 1\n");
}

static void ruby(void)
{
	expect("#<Class:Foo>#call;bar 5\n#Foo 1\n## 7\n#! 8\n#\n# x;y 2\n",
	       "#<Class:Foo>#call;bar 5\n#Foo 1\n");
	CU_ASSERT_EQUAL(summary.problems.count, 0);
}

static void large(void)
{
	expect("a;b 9007199254740993\na;b 9007199254740993\n"
	       "c 18446744073709551615\nc 18446744073709551615\nc 1\n"
	       "d 12345678901234567890123456789\n"
	       "e 9007199254740993.5\n",
	       "a;b 18014398509481986\nc 36893488147419103231\n"
	       "d 12345678901234567890123456789\ne 9007199254740993\n");
	CU_ASSERT_EQUAL(summary.problems.count, 0);
	CU_ASSERT_EQUAL(summary.stacks, 7);
}

static void two_counts(void)
{
	struct profile *profile = read_bytes("a;b 3 5\na;c 1 2\n", 16);

	CU_ASSERT_EQUAL(summary.two_counts, 2);
	profile_free(profile);
	expect("thread 7 3\na 1\n", "a 1\nthread 7 3\n");
	CU_ASSERT_EQUAL(summary.two_counts, 1);
}

static void too_deep(void)
{
	size_t length = FOLDED_DEPTH_MAX + 3;
	char *text = malloc(length);
	struct profile *profile;

	memset(text, ';', length);
	memcpy(text + length - 2, " 1", 2);
	profile = read_bytes(text, length);
	CU_ASSERT_EQUAL(summary.problems.count, 1);
	profile_free(profile);
	profile = read_bytes(text + 2, length - 2);
	CU_ASSERT_EQUAL(summary.problems.count, 0);
	CU_ASSERT_EQUAL(profile_nodes(profile), 1 + FOLDED_DEPTH_MAX);
	profile_free(profile);
	free(text);
}

static void no_input(void)
{
	expect("", "");
	CU_ASSERT_EQUAL(summary.stacks, 0);
}

static void prefixes(void)
{
	expect("a;b;c 1\na;b 2\na;bc 4\na;b;c;d 8\na 16\na;b;c 32\n;a 64\n",
	       ";a 64\na 16\na;b 2\na;b;c 33\na;b;c;d 8\na;bc 4\n");
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sorted(void)
{
	/* Frames that begin alike, with bytes around ' ' and ';' behind. */
	static const char input[] =
		"a;x 1\na 12\na 1;x 3\na 1 4\na!;y 5\na! 6\na\x01 7\na\x01;z 8\n"
		"a9 1\na 2;q 1\nab;c 1\na: 1\na< 2\na:;b 3\na;b;c 4\na;b 5\n"
		"a 12;r 2\n\xc3\xa4 1\n";
	struct profile *profile = read_bytes(input, sizeof(input) - 1);
	char *text = written(profile), *lines[64], *save = NULL, *copy;
	char joined[sizeof(input)] = "";
	size_t count = 0;

	copy = strdup(text);
	for (char *line = strtok_r(copy, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		lines[count++] = line;
	CU_ASSERT_EQUAL(count, 18);
	qsort(lines, count, sizeof(*lines), by_bytes);
	for (size_t i = 0; i < count; i++) {
		strcat(joined, lines[i]);
		strcat(joined, "\n");
	}
	CU_ASSERT_STRING_EQUAL(text, joined);
	free(copy);
	free(text);
	profile_free(profile);
}

static void round_trip(void)
{
	static const char text[] = "# no 1\nx;y 2\nx;y;z 2.5\nx 1\nw;; 3\n";
	struct profile *profile = read_bytes(text, sizeof(text) - 1);
	char *once = written(profile), *twice;

	profile_free(profile);
	profile = read_bytes(once, strlen(once));
	twice = written(profile);
	CU_ASSERT_STRING_EQUAL(once, twice);
	CU_ASSERT_STRING_EQUAL(once, "w;; 3\nx 1\nx;y 2\nx;y;z 2.5\n");
	profile_free(profile);
	free(once);
	free(twice);
}

/* Bytes that mean something at the beginning of a file or line. */
static size_t draw_name(uint64_t *state, char *name)
{
	static const char *const beginnings[] = {
		"\xef\xbb\xbf",
		"\xff\xfe",
		"\xfe\xff",
		"\x1f\x8b",
		"\x28\xb5\x2f\xfd",
		"\x89"
		"DITHER",
		"#",
		" ",
		"\t",
		"\r",
	};
	size_t length = 0, more = random_below(state, 4);

	for (uint64_t i = random_below(state, 3); i; i--)
		length += (size_t)sprintf(
			name + length, "%s",
			beginnings[random_below(state,
						sizeof(beginnings) /
							sizeof(*beginnings))]);
	while (more--)
		name[length++] = (char)random_below(state, 256);
	return length;
}

/* What is written reads as itself; the second time nothing is replaced. */
static bool returns(const struct profile *profile, size_t *written_length)
{
	struct profile *again;
	char *once = NULL, *twice = NULL;
	size_t length;
	FILE *output = open_memstream(&once, written_length);
	bool same;

	folded_write(profile, output);
	fclose(output);
	again = read_bytes(once, *written_length);
	output = open_memstream(&twice, &length);
	folded_write(again, output);
	fclose(output);
	same = length == *written_length && !memcmp(once, twice, length) &&
	       !summary.problems.count &&
	       profile_total(profile) == profile_total(again) &&
	       profile_nodes(profile) == profile_nodes(again);
	profile_free(again);
	free(once);
	free(twice);
	return same;
}

static void first_frames(void)
{
	uint64_t state = 17;
	unsigned int different = 0;

	for (unsigned int i = 0; i < 20000; i++) {
		struct profile *profile = profile_new();
		uint32_t names[2];
		char name[32];
		size_t length;

		names[0] = profile_name(profile, name, draw_name(&state, name));
		names[1] = profile_name(profile, name, draw_name(&state, name));
		profile_add(profile, names, 2, 3);
		profile_finish(profile);
		different += !returns(profile, &length) || !length;
		profile_free(profile);
	}
	CU_ASSERT_EQUAL(different, 0);
}

/* A mark comes first only where the first bytes need one. */
static void marks(void)
{
	expect("a 1\n\xef\xbb\xbf"
	       "b 2\n",
	       "a 1\n\xef\xbb\xbf"
	       "b 2\n");
	expect("\xef\xbb\xbf"
	       "a 1\n",
	       "a 1\n");
	expect("\xef\xbb\xbf\xef\xbb\xbf"
	       "a 1\n",
	       "\xef\xbb\xbf\xef\xbb\xbf"
	       "a 1\n");
	expect("\xef\xbb\xbf\x1f\x8b"
	       "a 1\n",
	       "\xef\xbb\xbf\x1f\x8b"
	       "a 1\n");
}

static void cleaned(void)
{
	struct profile *profile = profile_new();
	uint32_t names[2];
	char *text;

	names[0] = profile_name(profile, "#sh;x", 5);
	names[1] = profile_name(profile, "f\n#g", 4);
	profile_add(profile, names, 2, 1);
	names[0] = profile_name(profile, "_sh_x", 5);
	profile_add(profile, names, 2, 2);
	names[1] = profile_name(profile, "#h", 2);
	profile_add(profile, names, 2, 4);
	names[0] = profile_name(profile, "# x", 3);
	profile_add(profile, names, 1, 8);
	profile_finish(profile);
	text = written(profile);
	CU_ASSERT_STRING_EQUAL(text, "#sh_x;f_#g 1\n_ x 8\n_sh_x;#h 4\n_sh_x;f_#g 2\n");
	free(text);
	profile_free(profile);
}

static const struct unit_case cases[] = {
	{ "blank lines and comments are skipped", skipped },
	{ "blanks matter inside frames and not at the end", blanks },
	{ "counts keep their decimals", decimals },
	{ "a count that would be written as 0 is refused by its line",
	  too_small },
	{ "what is no count is refused by line number", refused },
	{ "all bad lines are counted, the first ones told", many_refused },
	{ "a message cannot steer the terminal", hostile_message },
	{ "lines with NUL bytes are refused", binary },
	{ "empty frames stay", empty_frames },
	{ "a '#' begins a comment before a blank, '#' or '!', else a name of "
	  "Ruby's",
	  ruby },
	{ "counts above 2^53, and their sums, are exact", large },
	{ "lines with two counts are noticed", two_counts },
	{ "stacks have a greatest depth", too_deep },
	{ "a line may begin as the one before, and end earlier", prefixes },
	{ "no input is no stacks", no_input },
	{ "lines come in the order of their bytes", sorted },
	{ "written text reads as the same profile", round_trip },
	{ "whatever the first frame begins with, it comes back", first_frames },
	{ "a byte order mark comes before what would be taken for one", marks },
	{ "what the format cannot hold is replaced, and falls together",
	  cleaned },
};

UNIT_MAIN("folded", cases)
