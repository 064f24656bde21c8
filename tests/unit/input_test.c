// SPDX-License-Identifier: GPL-2.0
/* One reader for all: what a file is, its content tells. */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "../../user/load/input.h"
#include "scratch_file.h"

static struct error error;
static struct input_options options;

static int open_bytes(struct input *input, const void *bytes, size_t length)
{
	FILE *file = fopen(file_path(), "w");

	fwrite(bytes, 1, length, file);
	fclose(file);
	options.load.path = file_path();
	return input_open(&options, input, &error);
}

static void expect(const char *text, enum input_kind kind, double total)
{
	struct input input;

	CU_ASSERT_EQUAL_FATAL(open_bytes(&input, text, strlen(text)), 0);
	CU_ASSERT_EQUAL(input.kind, kind);
	CU_ASSERT_EQUAL(profile_total(input.profile), total);
	input_close(&input);
}

static void kinds(void)
{
	expect("a;b 3\nc 4\n", INPUT_FOLDED, 7);
	expect("# x\na 1 [000] 1.5: 9 c: \n\t1 f (/b)\n", INPUT_PERF_SCRIPT, 9);
}

static void packed(void)
{
	/* "a;b 3\n" by gzip -n. */
	static const unsigned char gzip[] = {
		0x1f, 0x8b, 8,	  0,	0,    0,    0,	  0, 0,
		3,    0x4b, 0xb4, 0x4e, 0x52, 0x30, 0xe6, 2, 0,
	};
	unsigned char whole[64];
	struct input input;

	/* Without its check sum it is cut off; with a wrong one, damaged. */
	CU_ASSERT_EQUAL(open_bytes(&input, gzip, sizeof(gzip)), -EINVAL);
	memcpy(whole, gzip, sizeof(gzip));
	memset(whole + sizeof(gzip), 0, 8);
	CU_ASSERT_EQUAL(open_bytes(&input, whole, sizeof(gzip) + 8), -EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "damaged"));
}

static void refused(void)
{
	struct input input;

	CU_ASSERT_EQUAL(open_bytes(&input, "PERFILE2....", 12), -EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "perf script"));
	CU_ASSERT_EQUAL(open_bytes(&input,
				   "\x7f"
				   "ELF\0\1\2\n",
				   8),
			-EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "an ELF file"));
	CU_ASSERT_PTR_NULL(input.profile);
	options.load.path = "/nonexistent";
	CU_ASSERT_EQUAL(input_open(&options, &input, &error), -ENOENT);
}

static void strict(void)
{
	struct input input;

	options.strict = true;
	CU_ASSERT_EQUAL(open_bytes(&input, "a 1\nb x\n", 8), -EINVAL);
	options.strict = false;
	CU_ASSERT_EQUAL_FATAL(open_bytes(&input, "a 1\nb x\n", 8), 0);
	CU_ASSERT_EQUAL(input.folded.problems.count, 1);
	input_close(&input);
}

static void events(void)
{
	static const char text[] = "a 1 [0] 1.5: 9 c: \n\t1 f (/b)\n\n"
				   "a 1 [0] 1.6: 8 d: \n\t1 f (/b)\n";
	struct input input;

	options.load.event = "d";
	expect(text, INPUT_PERF_SCRIPT, 8);
	options.load.event = "none";
	CU_ASSERT_EQUAL(open_bytes(&input, text, sizeof(text) - 1), -EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "none"));
	options.load.event = NULL;
}

static void threads(void)
{
	static const char *const wrong[] = { "0", "", "-1", "2x", "257" };
	struct input input;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		options.threads = wrong[i];
		CU_ASSERT_EQUAL(open_bytes(&input, "a 1\n", 4), -EINVAL);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "--threads"));
	}
	options.threads = "2";
	expect("a;b 3\nc 4\n", INPUT_FOLDED, 7);
	options.threads = NULL;
}

static const struct unit_case cases[] = {
	{ "folded and perf-script text are told apart", kinds },
	{ "damaged packing is told", packed },
	{ "what is no profile is refused by name", refused },
	{ "bad lines are an error on demand", strict },
	{ "one event may be chosen, and must be there", events },
	{ "threads are a number that there can be", threads },
};

UNIT_MAIN("input", cases)
