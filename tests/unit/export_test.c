// SPDX-License-Identifier: GPL-2.0
/* Other tools' formats, as far as their bytes can be judged here. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "../../user/base/json.h"
#include "../../user/export/gzip.h"
#include "../../user/export/json_formats.h"
#include "../../user/export/perf_text.h"
#include "../../user/export/protobuf.h"
#include "../../user/export/speedscope.h"
#include "../../user/text/perf_script.h"
#include "folded_text.h"

static const struct value_type meaning = { "cpu", "nanoseconds", 2 };
static char *text;
static size_t length;
static FILE *output;

static void begin(void)
{
	output = open_memstream(&text, &length);
}

static void expect(const char *wanted)
{
	fclose(output);
	CU_ASSERT_STRING_EQUAL(text, wanted);
	if (strcmp(text, wanted))
		printf("# got: %s\n", text);
	free(text);
}

static void json(void)
{
	static const char hostile[] =
		"a\0\"\\</script>&\xff\x1b\xe2\x80\xa8\xc3\xa9";

	begin();
	json_text(output, hostile, sizeof(hostile) - 1);
	expect("\"a\xef\xbf\xbd\\\"\\\\\\u003c/script\\u003e\\u0026\xef\xbf\xbd"
	       "\xef\xbf\xbd\\u2028\xc3\xa9\"");
}

static void protobuf(void)
{
	static const unsigned char wanted[] = { 0x08, 0x96, 0x01, 0x12,
						3,    'a',  'b',  'c',
						0x1a, 2,    0x28, 1 };
	struct protobuf message = { 0 }, inner = { 0 };

	protobuf_number(&message, 1, 150);
	protobuf_number(&message, 9, 0);
	protobuf_bytes(&message, 2, "abc", 3);
	protobuf_number(&inner, 5, 1);
	protobuf_message(&message, 3, &inner);
	CU_ASSERT_EQUAL_FATAL(message.length, sizeof(wanted));
	CU_ASSERT_EQUAL(memcmp(message.bytes, wanted, sizeof(wanted)), 0);
	protobuf_free(&message);
	protobuf_free(&inner);
}

static void inflates_to(const unsigned char *bytes, size_t size)
{
	unsigned char *out = malloc(size + 1);
	z_stream stream = { 0 };

	begin();
	gzip_write(output, bytes, size);
	fclose(output);
	CU_ASSERT_EQUAL(inflateInit2(&stream, 31), Z_OK);
	stream.next_in = (unsigned char *)text;
	stream.avail_in = (unsigned int)length;
	stream.next_out = out;
	stream.avail_out = (unsigned int)size + 1;
	CU_ASSERT_EQUAL(inflate(&stream, Z_FINISH), Z_STREAM_END);
	CU_ASSERT_EQUAL(stream.total_out, size);
	CU_ASSERT(!size || !memcmp(out, bytes, size));
	inflateEnd(&stream);
	free(out);
	free(text);
}

static void gzip(void)
{
	unsigned char *bytes = malloc(200000);

	for (size_t i = 0; i < 200000; i++)
		bytes[i] = (unsigned char)(i * 7 + i / 255);
	inflates_to(bytes, 200000);
	inflates_to(bytes, 65535);
	inflates_to(bytes, 65536);
	inflates_to(bytes, 1);
	inflates_to(bytes, 0);
	free(bytes);
}

/* Frames outermost first, by ' '. */
static uint32_t sample_of(struct sample_table *table, const char *frames,
			  const struct table_labels *labels)
{
	uint32_t locations[8];
	size_t count = 0;
	const char *end = frames + strlen(frames), *begin = end;

	for (;; begin--) {
		if (begin > frames && begin[-1] != ' ')
			continue;
		locations[count++] = sample_table_location(
			table,
			&(struct table_location){
				.mapping = TRACES_NONE,
				.source = TRACES_NONE,
				.name = sample_table_text(
					table, begin, (size_t)(end - begin)),
			});
		if (begin == frames)
			return sample_table_sample(table, locations, count,
						   labels);
		end = begin - 1;
	}
}

static void add_moment(struct sample_table *table, uint32_t sample,
		       uint32_t column, uint64_t time, double value)
{
	sample_table_add(table, sample, column, value);
	sample_table_moment(table, &(struct table_moment){
					   .time = time,
					   .value = value,
					   .sample = sample,
					   .column = column,
				   });
}

/* Two threads: one of two CPUs, whose second sample stands for 30 ns. */
static struct sample_table *two_threads(void)
{
	struct sample_table *table = sample_table_new();
	struct table_labels labels = {
		.process = TRACES_NONE,
		.thread = sample_table_text(table, "one", 3),
		.pid = 7,
		.tid = 8,
		.known = TRACE_PID | TRACE_TID | TRACE_CPU,
	};
	uint32_t cpu = sample_table_column(table, "cpu", "nanoseconds"), first;

	first = sample_of(table, "a b", &labels);
	add_moment(table, first, cpu, 1010, 10);
	labels.cpu = 1;
	add_moment(table, sample_of(table, "a c", &labels), cpu, 1100, 30);
	add_moment(table, first, cpu, 1105, 10);
	labels.thread = sample_table_text(table, "two", 3);
	labels.tid = 9;
	add_moment(table, sample_of(table, "a", &labels), cpu, 1050, 10);
	sample_table_sort(table);
	return table;
}

static void speedscope(void)
{
	static const uint32_t columns[] = { 0 };
	struct sample_table *table = two_threads();
	const struct speedscope_facts facts = {
		.title = "t<",
		.timed = true,
		.columns = columns,
		.column_count = 1,
	};

	begin();
	speedscope_write(table, &facts, output);
	/* Of 10 to 70 nothing is known, then 10 overlap what came before. */
	expect("{\"$schema\":"
	       "\"https://www.speedscope.app/file-format-schema.json\",\n"
	       "\"exporter\":\"dither\",\"name\":\"t\\u003c\","
	       "\"activeProfileIndex\":0,\n"
	       "\"shared\":{\"frames\":[\n{\"name\":\"b\"},\n"
	       "{\"name\":\"a\"},\n{\"name\":\"c\"}]},\n"
	       "\"profiles\":[\n{\"type\":\"sampled\",\"name\":\"t\\u003c\","
	       "\"unit\":\"nanoseconds\",\"startValue\":0,\"endValue\":60,\n"
	       "\"samples\":[\n[1],\n[1,0],\n[1,2]],\n\"weights\":[10,20,30]},\n"
	       "{\"type\":\"sampled\",\"name\":\"one (7/8)\","
	       "\"unit\":\"nanoseconds\",\"startValue\":0,\"endValue\":110,\n"
	       "\"samples\":[\n[1,0],\n[],\n[1,2],\n[1,0]],\n"
	       "\"weights\":[10,60,30,10]},\n"
	       "{\"type\":\"sampled\",\"name\":\"two (7/9)\","
	       "\"unit\":\"nanoseconds\",\"startValue\":0,\"endValue\":50,\n"
	       "\"samples\":[\n[],\n[1]],\n\"weights\":[40,10]}]}\n");
	sample_table_free(table);
}

static void real_threads(void)
{
	struct sample_table *table = two_threads();
	const struct perf_text_facts facts = { .timed = true };

	begin();
	perf_text_write(table, &facts, output);
	expect("one 7/8 [000] 0.000001:         10 cpu-clock: \n"
	       "\t               0 b ([unknown])\n"
	       "\t               0 a ([unknown])\n\n"
	       "two 7/9 [001] 0.000001:         10 cpu-clock: \n"
	       "\t               0 a ([unknown])\n\n"
	       "one 7/8 [001] 0.000001:         30 cpu-clock: \n"
	       "\t               0 c ([unknown])\n"
	       "\t               0 a ([unknown])\n\n"
	       "one 7/8 [000] 0.000001:         10 cpu-clock: \n"
	       "\t               0 b ([unknown])\n"
	       "\t               0 a ([unknown])\n\n");
	sample_table_free(table);
}

static void nested_set(void)
{
	struct profile *profile = read_text("a;b 3\na;c 1\nd 2\n");

	begin();
	nested_set_write(profile, &meaning, output);
	fclose(output);
	CU_ASSERT_PTR_NOT_NULL(strstr(text,
				      "\"data\":{\"values\":[\n[0,1,2,2,1],\n"
				      "[12,8,6,2,4],\n"
				      "[\"total\",\"a\",\"b\",\"c\",\"d\"],\n"
				      "[0,0,6,2,4]]}}]\n"));
	free(text);
	profile_free(profile);
}

static void perf_text(void)
{
	static const char folded[] = "ab;f_[j];[libc.so] 6\nab;g;h_[i] 8\n"
				     "ab;g;k_[k] 4\nx y 2\n";
	const struct perf_script_options options = { 0 };
	const struct perf_text_facts facts = { .timed = false };
	struct profile *profile = read_text(folded), *again = profile_new();
	struct sample_table *table = sample_table_new();
	struct perf_script_summary summary;
	struct lines *lines;
	FILE *input;

	sample_table_add_profile(table, profile,
				 sample_table_column(table, "cycles", "count"));
	begin();
	perf_text_write(table, &facts, output);
	fclose(output);
	sample_table_free(table);
	input = fmemopen(text, length, "r");
	lines = lines_new(input, "in");
	CU_ASSERT_EQUAL(
		perf_script_read(lines, &options, again, &summary, NULL), 0);
	CU_ASSERT_EQUAL(summary.problems.count, 0);
	CU_ASSERT_EQUAL(summary.samples, 4);
	lines_free(lines);
	fclose(input);
	free(text);
	profile_finish(again);
	begin();
	folded_write(again, output);
	expect(folded);
	profile_free(profile);
	profile_free(again);
}

static const struct unit_case cases[] = {
	{ "no name can end a JSON string or an HTML script", json },
	{ "protocol buffers are as their specification shows them", protobuf },
	{ "the gzip file unpacks, whatever its size", gzip },
	{ "speedscope has all samples, then each thread's in time",
	  speedscope },
	{ "perf's text has each sample's thread, CPU, time and period",
	  real_threads },
	{ "the nested set is depth first", nested_set },
	{ "what is written as perf's text reads as the same profile",
	  perf_text },
};

UNIT_MAIN("export", cases)
