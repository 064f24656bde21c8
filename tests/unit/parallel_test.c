// SPDX-License-Identifier: GPL-2.0
/*
 * Text read by threads: whatever it holds, wherever it is cut and however many
 * they are, what comes of it is what one thread makes of it, number by number.
 */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "../../user/text/folded.h"
#include "script_results.h"

struct result {
	struct profile *profile;
	struct sample_times times;
	struct perf_script_summary script;
	struct folded_summary folded;
	int failed;
	struct error error;
};

static struct perf_script_options options;
static size_t periods = 1000; /* different ones */

static void read_script(FILE *file, const struct parallel *parallel,
			struct result *result)
{
	struct lines *lines = lines_new(file, "in");

	memset(result, 0, sizeof(*result));
	result->profile = profile_new();
	options.times = &result->times;
	options.parallel = *parallel;
	result->failed = perf_script_read(lines, &options, result->profile,
					  &result->script, &result->error);
	options.times = NULL;
	lines_free(lines);
	fclose(file);
}

static void read_folded(FILE *file, const struct parallel *parallel,
			struct result *result)
{
	const struct folded_options how = { .parallel = parallel,
					    .demangle = true };
	struct lines *lines = lines_new(file, "in");

	memset(result, 0, sizeof(*result));
	result->profile = profile_new();
	result->failed = folded_read(lines, &how, result->profile,
				     &result->folded, &result->error);
	lines_free(lines);
	fclose(file);
}

static void free_result(struct result *result)
{
	profile_free(result->profile);
	sample_times_free(&result->times);
}

static bool same_summary(const struct result *a, const struct result *b)
{
	return a->folded.stacks == b->folded.stacks &&
	       a->folded.two_counts == b->folded.two_counts &&
	       a->failed == b->failed &&
	       !strcmp(a->error.text, b->error.text) &&
	       same_script(&a->script, &b->script) &&
	       same_problems(&a->folded.problems, &b->folded.problems);
}

typedef void reader(FILE *file, const struct parallel *parallel,
		    struct result *result);

/* By many threads, in pieces of several sizes, as by one. */
static void expect_same(reader *read, const void *text, size_t length)
{
	static const unsigned int threads[] = { 2, 3, 8 };
	static const size_t pieces[] = { 40, 900, 5000, 0 };
	const struct parallel one = { .threads = 1 };
	struct result alone, result;

	read(fmemopen((void *)text, length, "r"), &one, &alone);
	for (size_t i = 0; i < 3 * 4; i++) {
		const struct parallel parallel = {
			.threads = threads[i % 3],
			.piece = pieces[i / 3],
		};

		read(fmemopen((void *)text, length, "r"), &parallel, &result);
		CU_ASSERT(same_summary(&alone, &result));
		CU_ASSERT(same_names(alone.profile, result.profile));
		CU_ASSERT(same_nodes(alone.profile, result.profile));
		CU_ASSERT(same_times(&alone.times, &result.times));
		free_result(&result);
	}
	free_result(&alone);
}

static uint64_t state;

static void with_script(size_t records, unsigned int events)
{
	char *text = NULL;
	size_t length;
	FILE *file = open_memstream(&text, &length);

	put_script(file, &state, records, events, periods);
	fclose(file);
	expect_same(read_script, text, length);
	free(text);
}

static void script(void)
{
	state = 7;
	for (unsigned int i = 0; i < 12; i++) {
		periods = i % 2 ? 1000 : 1;
		with_script(150, 1 + i % 3);
	}
}

static void options_of_script(void)
{
	state = 8;
	options.event = "e1";
	with_script(150, 3);
	options.event = NULL;
	options.pid = options.tid = options.cpu = options.samples = true;
	with_script(150, 2);
	options.pid = options.tid = options.cpu = options.samples = false;
	options.modules = true;
	with_script(150, 2);
	options.modules = false;
}

static void many_events(void)
{
	state = 9;
	with_script(600, PERF_SCRIPT_EVENTS + 5);
}

/* An event's root and a thread of that name are two things. */
static void event_as_comm(void)
{
	static const char text[] = "[e0] 1 [0] 1.0: 1 e0: \n\t1 f (/b)\n\n"
				   "[e1] 1 [0] 1.0: 1 e0: \n\t1 [e1] (/b)\n\n"
				   "[e0] 1 [0] 1.0: 1 e1: \n\t1 [e0] (/b)\n\n"
				   "x 1 [0] 1.0: 1 e0: \n\t1 g (/b)\n\n";

	expect_same(read_script, text, sizeof(text) - 1);
}

static void put_folded(FILE *file, size_t lines)
{
	for (size_t i = 0; i < lines; i++) {
		size_t depth = below(&state, 9) + 1;

		while (depth--)
			fprintf(file, "%sf%zu",
				below(&state, 30) ? "" : "[e0] ;",
				below(&state, 7));
		switch (below(&state, 25)) {
		case 0:
			fputs(" -3\n", file);
			break;
		case 1:
			fprintf(file, " %zu.%zu\r\n", below(&state, 9),
				below(&state, 99999));
			break;
		case 2:
			fputs(" 1 2\n\n#\n", file);
			break;
		default:
			fprintf(file, ";g%zu %zu\n", below(&state, 9),
				below(&state, 99));
		}
	}
}

static void folded(void)
{
	char *text = NULL;
	size_t length;
	FILE *file;

	state = 10;
	for (unsigned int i = 0; i < 8; i++) {
		file = open_memstream(&text, &length);
		put_folded(file, 400);
		fprintf(file, "last %u", i);
		fclose(file);
		expect_same(read_folded, text, length);
		free(text);
	}
	expect_same(read_folded, "\n", 1);
	expect_same(read_folded, ";; 1\n; 2\n", 9);
}

/* More names and nodes than a thread keeps from one piece to the next. */
static void many_names(void)
{
	char *text = NULL;
	size_t length;
	FILE *file = open_memstream(&text, &length);
	const struct parallel one = { .threads = 1 };
	const struct parallel two = { .threads = 2, .piece = 1 << 16 };
	struct result alone, result;

	for (int i = 0; i < 100000; i++)
		fprintf(file, "a;f%d;g 1\nb;f%d 1.1\n", i, i / 2);
	fclose(file);
	read_folded(fmemopen(text, length, "r"), &one, &alone);
	read_folded(fmemopen(text, length, "r"), &two, &result);
	CU_ASSERT(same_names(alone.profile, result.profile));
	CU_ASSERT(same_nodes(alone.profile, result.profile));
	free_result(&alone);
	free_result(&result);
	free(text);
}

static void from_pipe(void)
{
	const struct parallel parallel = { .threads = 2, .piece = 1000 };
	struct result result;
	FILE *file;

	/* Its output comes in bits of all sizes, and not at once. */
	file = popen("for i in 1 2 3 4 5 6 7 8 9; do printf 'a;b'; printf "
		     "';c 1\\nd'; seq -f ';%g 1' $i $((i + 400)); done",
		     "r");
	read_folded(file, &parallel, &result);
	CU_ASSERT_EQUAL(profile_total(result.profile), 9 * 402);
	CU_ASSERT_EQUAL(result.folded.problems.count, 0);
	free_result(&result);
}

static void damaged(void)
{
	unsigned char packed[4096];
	z_stream stream = { 0 };
	char text[16000] = "";
	size_t length = 0;

	state = 11;
	while (length < sizeof(text) - 40)
		length += (size_t)snprintf(text + length, 40, "a;b%zu %zu\n",
					   below(&state, 9),
					   below(&state, 9) + 1);
	deflateInit2(&stream, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
	stream.next_in = (unsigned char *)text;
	stream.avail_in = (unsigned int)length;
	stream.next_out = packed;
	stream.avail_out = sizeof(packed);
	CU_ASSERT_EQUAL(deflate(&stream, Z_FINISH), Z_STREAM_END);
	length = sizeof(packed) - stream.avail_out;
	deflateEnd(&stream);
	expect_same(read_folded, packed, length);
	expect_same(read_folded, packed, length - 9);
	packed[length / 2] ^= 0xff;
	expect_same(read_folded, packed, length);
}

static const struct unit_case cases[] = {
	{ "perf-script text, whatever is in it, reads the same", script },
	{ "options of perf-script text hold for every thread",
	  options_of_script },
	{ "more events than there is room for are refused alike", many_events },
	{ "a thread may be named as an event's root", event_as_comm },
	{ "folded stacks, bad lines and decimals read the same", folded },
	{ "threads forget what they have told, and still agree", many_names },
	{ "a pipe's text comes as it likes", from_pipe },
	{ "packed text that is damaged gives the same part of it", damaged },
};

UNIT_MAIN("parallel", cases)
