// SPDX-License-Identifier: GPL-2.0
/*
 * perf-script text that was imported says what it said before: the same names,
 * nodes, times and periods, number by number.
 */
#include "unit.h"

#include "../../user/export/pprof.h"
#include "imported.h"
#include "script_results.h"

#define SAMPLE "prog 12/34 [001] 5.000001: 3 cycles: \n"

static struct perf_script_options options;

static struct profile *read_directly(const void *text, size_t length,
				     struct perf_script_summary *summary)
{
	FILE *input = fmemopen((void *)text, length, "r");
	struct lines *lines = lines_new(input, "in");
	struct profile *profile = profile_new();

	CU_ASSERT_EQUAL(
		perf_script_read(lines, &options, profile, summary, NULL), 0);
	lines_free(lines);
	fclose(input);
	return profile;
}

/* What the import tells, of which what could not be used is not in the file. */
static void expect_told(struct perf_script_summary *text,
			const struct perf_import_summary *import)
{
	CU_ASSERT_EQUAL(text->all_times, import->all_times);
	if (!options.event) {
		CU_ASSERT_EQUAL(text->samples, import->samples);
		CU_ASSERT_EQUAL(text->first_time, import->first_time);
		CU_ASSERT_EQUAL(text->last_time, import->last_time);
	}
	CU_ASSERT_EQUAL(text->other, import->other);
	CU_ASSERT(same_problems(&text->problems, &import->problems));
	text->other = 0;
	text->problems.count = 0;
}

/* Imported already. */
static void expect_read(const void *text, size_t length,
			const struct perf_import_summary *import)
{
	struct perf_script_summary direct, again;
	struct sample_times times = { 0 }, more_times = { 0 };
	struct profile *profile, *other;
	size_t damage;

	options.times = &times;
	profile = read_directly(text, length, &direct);
	options.times = &more_times;
	other = read_imported(&options, &again, &damage);
	options.times = NULL;
	expect_told(&direct, import);
	CU_ASSERT_EQUAL(damage, 0);
	CU_ASSERT(same_script(&direct, &again));
	CU_ASSERT(same_names(profile, other));
	CU_ASSERT(same_nodes(profile, other));
	CU_ASSERT(same_times(&times, &more_times));
	sample_times_free(&times);
	sample_times_free(&more_times);
	profile_free(profile);
	profile_free(other);
}

static void expect_same(const void *text, size_t length)
{
	struct perf_import_summary import;

	CU_ASSERT_EQUAL(import_bytes(text, length, &import), 0);
	expect_read(text, length, &import);
	options.pid = options.tid = options.cpu = options.samples = true;
	expect_read(text, length, &import);
	options.pid = options.tid = options.cpu = options.samples = false;
	options.modules = true;
	expect_read(text, length, &import);
	options.modules = false;
}

static char *make_text(uint64_t seed, size_t records, unsigned int events,
		       size_t *length)
{
	char *text = NULL;
	FILE *file = open_memstream(&text, length);

	put_script(file, &seed, records, events, 1000);
	fclose(file);
	return text;
}

static void any_text(void)
{
	size_t length;
	char *text;

	for (unsigned int i = 1; i < 30; i++) {
		text = make_text(i, 150, 1 + i % 3, &length);
		expect_same(text, length);
		free(text);
	}
}

static void many_events(void)
{
	size_t length;
	char *text = make_text(1, 600, PERF_SCRIPT_EVENTS + 5, &length);

	expect_same(text, length);
	options.event = "e1";
	expect_same(text, length);
	options.event = NULL;
	free(text);
}

static void odd_threads(void)
{
	static const char text[] =
		"a name of more than fifteen bytes; and more 1 [99999999] "
		"1.5: 1 c: \n\t1 f (/b)\n\n"
		":-1 -1 1.5: 1 c: \n\t1 f (/b)\n\n"
		"x 7/8 [0] 1.5: 1 c: \n\t1 f (/b)\n\n"
		"y 7/8 [0] 0.5: 1 c: \n\t1 f (/b)\n\n";

	expect_same(text, sizeof(text) - 1);
}

static void little_told(void)
{
	static const char text[] = "prog 12\n\t1 f (/b)\n\n"
				   "other 12\n\tf (/b)\n\n"
				   "prog 12 cycles: \n\t1 [unknown] (/b)\n\n"
				   "prog 12/13 5.5: cycles: \n\n"
				   "prog 12 5.5: 9999999999999999999 x: \n\n";

	expect_same(text, sizeof(text) - 1);
}

static void marks(void)
{
	static const char text[] = SAMPLE
		"\tffffffff81001000 schedule+0x1a ([kernel.kallsyms])\n"
		"\tffffffffc0001000 [unknown] ([ext4])\n"
		"\t  401136 small (inlined)\n"
		"\t  401136 large(int)+0x10 (/bin/prog (deleted))\n"
		"\t  7f0001 f+0x1 (/tmp/perf-12.map)\n"
		"\t  7f0001 a;b\n"
		"\t  7f0001 [unknown] ([unknown])\n";
	struct perf_import_summary import;
	struct recording *recording;
	struct named named;

	expect_same(text, sizeof(text) - 1);
	import_bytes(text, sizeof(text) - 1, &import);
	CU_ASSERT_EQUAL_FATAL(recording_open(file_path(), &recording, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(recording_named_count(recording), 1);
	CU_ASSERT_FATAL(recording_named(recording, 0, &named));
	CU_ASSERT_EQUAL_FATAL(named.count.frames, 7);
	CU_ASSERT_EQUAL(named.frames[0].kind, NAMED_KERNEL);
	CU_ASSERT_EQUAL(named.frames[0].address, 0xffffffff81001000);
	CU_ASSERT_EQUAL(named.frames[1].kind, NAMED_KERNEL);
	CU_ASSERT_EQUAL(named.frames[2].kind, NAMED_INLINED);
	CU_ASSERT_EQUAL(named.frames[3].kind, NAMED_PROGRAM);
	CU_ASSERT_EQUAL(named.frames[4].kind, NAMED_GENERATED);
	CU_ASSERT_EQUAL(named.frames[5].object, NAMED_NONE);
	named_free(&named);
	recording_close(recording);
}

static void deep(void)
{
	char *text = NULL;
	size_t length;
	FILE *file = open_memstream(&text, &length);

	fputs(SAMPLE, file);
	for (unsigned int i = 0; i < PERF_SCRIPT_DEPTH_MAX + 9; i++)
		fprintf(file, "\t%x f%u (/b)\n", i + 1, i);
	fputs("\n" SAMPLE "\t1 g (/b)\n", file);
	fclose(file);
	expect_same(text, length);
	free(text);
}

/* With nothing between the samples, so that none ends before the next begins. */
static void several_chunks(void)
{
	char *text = NULL;
	size_t length;
	FILE *file = open_memstream(&text, &length);
	struct perf_import_summary import;
	struct recording *recording;

	for (unsigned int i = 0; i < 120000; i++)
		fprintf(file,
			"c%u %u [000] %u.5: 1 e: \n\t%x f%u (/b)\n"
			"\t1 main (/b)\n",
			i % 7, i % 9, i, i, i % 5000);
	fclose(file);
	CU_ASSERT_EQUAL(import_bytes(text, length, &import), 0);
	expect_read(text, length, &import);
	CU_ASSERT_EQUAL_FATAL(recording_open(file_path(), &recording, NULL), 0);
	CU_ASSERT(recording_named_count(recording) > 1);
	CU_ASSERT(recording_complete(recording));
	recording_close(recording);
	free(text);
}

/* Imported, read as the text is; returns how many chunks that took. */
static size_t chunks_of(char *text, size_t length)
{
	struct perf_import_summary import;
	struct recording *recording;
	size_t count;

	CU_ASSERT_EQUAL(import_bytes(text, length, &import), 0);
	CU_ASSERT_EQUAL(import.problems.count, 0);
	expect_read(text, length, &import);
	CU_ASSERT_EQUAL_FATAL(recording_open(file_path(), &recording, NULL), 0);
	count = recording_named_count(recording);
	recording_close(recording);
	free(text);
	return count;
}

static void deep_often(void)
{
	char *text = NULL;
	size_t length;
	FILE *file = open_memstream(&text, &length);

	for (unsigned int i = 0; i < 600; i++) {
		fputs(SAMPLE, file);
		for (unsigned int j = 0; j < 1024; j++)
			fputs("\t1 f (b)\n", file);
	}
	fclose(file);
	CU_ASSERT(chunks_of(text, length) > 1);
}

/* A name of many bytes, in @count files. */
static void put_long(FILE *file, unsigned int bytes, unsigned int count,
		     const char *between)
{
	for (unsigned int i = 0; i < count; i++)
		fprintf(file, "%s\t1 %0*u (/%u)\n", between, (int)bytes, 0U, i);
}

static void long_often(void)
{
	char *text = NULL;
	size_t length;
	FILE *file = open_memstream(&text, &length);

	put_long(file, 20000, 400, SAMPLE);
	fclose(file);
	CU_ASSERT(chunks_of(text, length) > 1);
}

static void too_long_too_often(void)
{
	char *text = NULL;
	size_t length, damage;
	FILE *file = open_memstream(&text, &length);
	struct perf_script_summary summary;
	struct perf_import_summary import;

	fputs(SAMPLE "\t1 f (/b)\n" SAMPLE, file);
	put_long(file, 30000, 500, "");
	fputs(SAMPLE "\t1 f (/b)\n", file);
	fclose(file);
	CU_ASSERT_EQUAL(import_bytes(text, length, &import), 0);
	CU_ASSERT_EQUAL(import.samples, 2);
	CU_ASSERT_EQUAL_FATAL(import.problems.count, 1);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(import.problems.kept[0].text, "too large, left out"));
	profile_free(read_imported(&options, &summary, &damage));
	CU_ASSERT_EQUAL(summary.samples, 2);
	CU_ASSERT_EQUAL(damage, 0);
	free(text);
}

static char *export_traces(struct sample_table *table, size_t *length)
{
	const struct pprof_facts facts = { 0 };
	char *bytes = NULL;
	FILE *output = open_memstream(&bytes, length);

	pprof_write(table, &facts, output);
	fclose(output);
	sample_table_free(table);
	return bytes;
}

static void addresses(void)
{
	size_t length, direct_length, again_length, damage;
	char *text = make_text(5, 200, 2, &length), *direct, *again;
	struct perf_import_summary import;
	struct perf_script_summary summary;

	import_bytes(text, length, &import);
	options.modules = true;
	options.table = sample_table_new();
	profile_free(read_directly(text, length, &summary));
	direct = export_traces(options.table, &direct_length);
	options.table = sample_table_new();
	profile_free(read_imported(&options, &summary, &damage));
	again = export_traces(options.table, &again_length);
	options.table = NULL;
	options.modules = false;
	CU_ASSERT_EQUAL_FATAL(direct_length, again_length);
	CU_ASSERT(!memcmp(direct, again, direct_length));
	free(direct);
	free(again);
	free(text);
}

static char *read_whole_file(size_t *length)
{
	FILE *file = fopen(file_path(), "rb");
	char *bytes = malloc(1 << 20);

	*length = fread(bytes, 1, 1 << 20, file);
	fclose(file);
	return bytes;
}

static void same_bytes(void)
{
	size_t length, first_length, second_length;
	char *text = make_text(3, 300, 3, &length), *first, *second;
	struct perf_import_summary import;

	import_bytes(text, length, &import);
	first = read_whole_file(&first_length);
	import_bytes(text, length, &import);
	second = read_whole_file(&second_length);
	CU_ASSERT(first_length > 1000 && first_length < 1 << 20);
	CU_ASSERT_EQUAL_FATAL(first_length, second_length);
	CU_ASSERT(!memcmp(first, second, first_length));
	free(first);
	free(second);
	free(text);
}

static const struct unit_case cases[] = {
	{ "text of all kinds reads the same when it was imported", any_text },
	{ "events are kept, and too many are refused as in the text",
	  many_events },
	{ "threads may have long names, CPUs high numbers and processes none",
	  odd_threads },
	{ "what perf was told to leave out is not invented", little_told },
	{ "kernel, inlined and generated frames are marked, addresses kept",
	  marks },
	{ "stacks are as deep as in the text", deep },
	{ "a long text goes into chunks that each stand alone",
	  several_chunks },
	{ "a deep stack that repeats takes more chunks", deep_often },
	{ "a long name in many files takes more chunks", long_often },
	{ "a sample of long names, each in many files, is left out",
	  too_long_too_often },
	{ "exports with addresses are the same", addresses },
	{ "the same text gives the same bytes", same_bytes },
};

UNIT_MAIN("import", cases)
