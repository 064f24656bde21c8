// SPDX-License-Identifier: GPL-2.0
/* profile.proto, taken apart again field by field. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "../../user/export/pprof.h"
#include "../../user/text/perf_script.h"
#include "folded_text.h"

/* The unpacked message, as text: see print(). */
static char *text;
static unsigned char *message;
static size_t message_length;

static uint64_t varint(const unsigned char **at)
{
	uint64_t value = 0;
	int shift = 0;

	do {
		value |= (uint64_t)(**at & 0x7f) << shift;
		shift += 7;
	} while (*(*at)++ & 0x80);
	return value;
}

/* The string of this number, of the whole message. */
static const char *string(uint64_t wanted)
{
	static char out[64];
	const unsigned char *at = message;
	uint64_t number = 0;

	while (at < message + message_length) {
		uint64_t tag = varint(&at), length = varint(&at);

		if ((tag & 7) == 0)
			continue;
		if (tag >> 3 == 6 && number++ == wanted) {
			snprintf(out, sizeof(out), "%.*s", (int)length, at);
			return out;
		}
		at += length;
	}
	return "?";
}

/* What is a number's meaning of each field of a message. */
struct shape {
	const char *name;
	const char *strings; /* fields that are numbers of strings */
	const char *packed;
	const struct shape *inner[4]; /* by field, from .first on */
	unsigned int first;
};

static const struct shape line = { "line", "", "", { 0 }, 0 };
static const struct shape label = { "label", "124", "", { 0 }, 0 };
static const struct shape sample = { "sample", "", "12", { &label }, 3 };
static const struct shape type = { "type", "12", "", { 0 }, 0 };
static const struct shape mapping = { "mapping", "56", "", { 0 }, 0 };
static const struct shape location = { "location", "", "", { &line }, 4 };
static const struct shape function = { "function", "234", "", { 0 }, 0 };

/* "3=name 4={…}" for the fields of a message. */
static void print(FILE *out, const struct shape *shape, const unsigned char *at,
		  size_t size)
{
	const unsigned char *end = at + size;

	fprintf(out, "%s", shape->name);
	while (at < end) {
		uint64_t tag = varint(&at), value = varint(&at);
		unsigned int field = (unsigned int)(tag >> 3);
		char digit = (char)('0' + field);

		fprintf(out, " %u=", field);
		if ((tag & 7) == 0 && strchr(shape->strings, digit)) {
			fprintf(out, "%s", string(value));
		} else if ((tag & 7) == 0) {
			fprintf(out, "%llx", (unsigned long long)value);
		} else if (strchr(shape->packed, digit)) {
			const unsigned char *stop = at + value;

			while (at < stop)
				fprintf(out, "%llu,",
					(unsigned long long)varint(&at));
		} else {
			fputc('{', out);
			print(out, shape->inner[field - shape->first], at,
			      value);
			fputc('}', out);
			at += value;
		}
	}
}

/* All but the table of strings, a line a field. */
static void print_all(FILE *out)
{
	static const struct shape *const shapes[16] = {
		[1] = &type,	 [2] = &sample,	  [3] = &mapping,
		[4] = &location, [5] = &function, [11] = &type,
	};
	const unsigned char *at = message;

	while (at < message + message_length) {
		uint64_t tag = varint(&at), value = varint(&at);
		unsigned int field = (unsigned int)(tag >> 3);

		if ((tag & 7) == 0) {
			if (field == 14)
				fprintf(out, "14 is %s\n", string(value));
			else
				fprintf(out, "%u is %llu\n", field,
					(unsigned long long)value);
			continue;
		}
		if (field != 6) {
			print(out, shapes[field], at, value);
			fputc('\n', out);
		}
		at += value;
	}
}

static void unpack(char *packed, size_t length)
{
	z_stream stream = { 0 };

	message = malloc(1 << 16);
	CU_ASSERT_EQUAL_FATAL(inflateInit2(&stream, 31), Z_OK);
	stream.next_in = (unsigned char *)packed;
	stream.avail_in = (unsigned int)length;
	stream.next_out = message;
	stream.avail_out = 1 << 16;
	CU_ASSERT_EQUAL(inflate(&stream, Z_FINISH), Z_STREAM_END);
	message_length = stream.total_out;
	inflateEnd(&stream);
}

static void write_traces(struct sample_table *table,
			 const struct pprof_facts *facts)
{
	size_t length, printed;
	FILE *output;
	char *packed;

	output = open_memstream(&packed, &length);
	pprof_write(table, facts, output);
	fclose(output);
	unpack(packed, length);
	free(packed);
	output = open_memstream(&text, &printed);
	print_all(output);
	fclose(output);
	free(message);
	sample_table_free(table);
}

static void expect(const char *wanted)
{
	CU_ASSERT_PTR_NOT_NULL(strstr(text, wanted));
	if (!strstr(text, wanted))
		printf("# lacks: %s\n# in: %s\n", wanted, text);
}

static void expect_not(const char *unwanted)
{
	CU_ASSERT_PTR_NULL(strstr(text, unwanted));
}

static uint32_t add_location(struct sample_table *table, uint32_t of,
			     uint64_t address, const char *name)
{
	struct table_location item = {
		.address = address,
		.mapping = of,
		.source = TRACES_NONE,
		.name = sample_table_text(table, name, strlen(name)),
	};

	item.symbol = item.name;
	return sample_table_location(table, &item);
}

static uint32_t add_mapping(struct sample_table *table, uint64_t start,
			    const char *file, const char *build_id)
{
	const struct table_mapping item = {
		.start = start,
		.limit = start + 0x1000,
		.offset = 0x200,
		.file = sample_table_text(table, file, strlen(file)),
		.build_id = build_id ? sample_table_text(table, build_id,
							 strlen(build_id)) :
				       TRACES_NONE,
	};

	return sample_table_mapping(table, &item);
}

static struct sample_table *two_samples(void)
{
	struct sample_table *table = sample_table_new();
	uint32_t samples = sample_table_column(table, "samples", "count");
	uint32_t cpu = sample_table_column(table, "cpu", "nanoseconds");
	uint32_t libc = add_mapping(table, 0x7000, "/lib/libc.so.6", NULL);
	uint32_t program = add_mapping(table, 0x1000, "/bin/p", "ab01");
	uint32_t inner = add_location(table, libc, 0x7010, "inner");
	uint32_t stack[] = {
		inner,
		add_location(table, program, 0x1020, "main"),
	};
	const struct table_labels labels = {
		.process = sample_table_text(table, "p", 1),
		.thread = TRACES_NONE,
		.pid = 7,
		.cpu = 0,
		.known = TRACE_PID | TRACE_CPU,
	};
	uint32_t number = sample_table_sample(table, stack, 2, &labels);

	CU_ASSERT_EQUAL(add_location(table, libc, 0x7010, "inner"), inner);
	CU_ASSERT_EQUAL(sample_table_sample(table, stack, 2, &labels), number);
	sample_table_add(table, number, samples, 1);
	sample_table_add(table, number, cpu, 10);
	sample_table_add(table, number, samples, 1);
	sample_table_add(table, number, cpu, 5.4);
	number = sample_table_sample(table, stack + 1, 1, &labels);
	sample_table_add(table, number, samples, 0.2);
	return table;
}

static void everything(void)
{
	const struct pprof_facts facts = {
		.shown = 1,
		.period_of = 1,
		.period = 10,
		.time_ns = 99,
		.duration_ns = 55,
	};

	write_traces(two_samples(), &facts);
	expect("type 1=samples 2=count\ntype 1=cpu 2=nanoseconds\nsample ");
	expect("sample 1=1,2, 2=2,15, 3={label 1=process 2=p} "
	       "3={label 1=pid 3=7 4=pid} 3={label 1=cpu 4=cpu}\nmapping");
	expect("mapping 1=2 2=1000 3=2000 4=200 5=/bin/p 6=ab01 7=1\n"
	       "mapping 1=1 2=7000 3=8000 4=200 5=/lib/libc.so.6 7=1\n");
	expect("location 1=1 2=1 3=7010 4={line 1=1}\n");
	expect("function 1=2 2=main 3=main\n");
	expect("9 is 99\n10 is 55\ntype 1=cpu 2=nanoseconds\n12 is 10\n"
	       "14 is cpu\n");
	free(text);
}

/* The first mapping of a stack through x.so, x.so.1 and a program "/bin/so". */
static void libraries(void)
{
	static const char *const libraries[] = {
		"/lib/x.so",	       "/lib/x.so.1",	   "/lib/so.so",
		"/lib/a.sot/x.so.2.3", "/opt/b.so.d/y.so", "[vdso]",
	};
	static const char *const programs[] = {
		"/bin/so",
		"/bin/x.sock",
		"/opt/x.sofa/run",
		"/bin/so.sox",
	};
	const struct table_labels labels = {
		.process = TRACES_NONE,
		.thread = TRACES_NONE,
	};
	const struct pprof_facts facts = { 0 };

	for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++) {
		struct sample_table *table = sample_table_new();
		uint32_t stack[8], column;
		char wanted[80];
		size_t count = 0;

		column = sample_table_column(table, "samples", "count");
		for (; count < sizeof(libraries) / sizeof(*libraries); count++)
			stack[count] = add_location(
				table,
				add_mapping(table, 0x1000 * (count + 1),
					    libraries[count], NULL),
				0x1000 * (count + 1), "f");
		stack[count++] = add_location(
			table, add_mapping(table, 0x9000, programs[i], NULL),
			0x9000, "main");
		sample_table_add(table,
				 sample_table_sample(table, stack, count,
						     &labels),
				 column, 1);
		write_traces(table, &facts);
		snprintf(
			wanted, sizeof(wanted),
			"mapping 1=7 2=9000 3=a000 4=200 5=%s 7=1\nmapping 1=1 ",
			programs[i]);
		expect(wanted);
		free(text);
	}
}

/* Lines of a function, and of what was inlined into it from another file. */
static void lines(void)
{
	struct sample_table *table = sample_table_new();
	uint32_t of = add_mapping(table, 0x1000, "/bin/p", NULL);
	uint32_t plain = add_mapping(table, 0x4000, "/bin/q", NULL);
	const struct table_labels labels = {
		.process = TRACES_NONE,
		.thread = TRACES_NONE,
	};
	const struct pprof_facts facts = { 0 };
	struct table_location item = {
		.address = 0x1010,
		.mapping = of,
		.name = sample_table_text(table, "f", 1),
		.symbol = sample_table_text(table, "f", 1),
		.source = sample_table_text(table, "/src/f.c", 8),
		.line = 300,
	};
	uint32_t stack[4];

	stack[0] = sample_table_location(table, &item);
	item.address++;
	item.line = 301;
	stack[1] = sample_table_location(table, &item);
	item.address++;
	item.source = sample_table_text(table, "/src/f.h", 8);
	item.line = 7;
	stack[2] = sample_table_location(table, &item);
	stack[3] = add_location(table, plain, 0x4000, "g");
	sample_table_add(table, sample_table_sample(table, stack, 4, &labels),
			 sample_table_column(table, "samples", "count"), 1);
	write_traces(table, &facts);
	expect("location 1=1 2=1 3=1010 4={line 1=1 2=12c}\n");
	expect("location 1=2 2=1 3=1011 4={line 1=1 2=12d}\n");
	expect("location 1=3 2=1 3=1012 4={line 1=2 2=7}\n");
	expect("location 1=4 2=2 3=4000 4={line 1=3}\n");
	expect("function 1=1 2=f 3=f 4=/src/f.c\n");
	expect("function 1=2 2=f 3=f 4=/src/f.h\n");
	expect("function 1=3 2=g 3=g\n");
	expect("5=/bin/p 7=1 8=1 9=1\n");
	expect("5=/bin/q 7=1\n");
	free(text);
}

static void unknown(void)
{
	const struct pprof_facts facts = { 0 };

	write_traces(two_samples(), &facts);
	expect("location 1=2 2=2 3=1020 4={line 1=2}\n14 is samples\n");
	free(text);
}

static struct sample_table *read_perf(const char *script,
				      struct perf_script_summary *summary)
{
	struct sample_table *table = sample_table_new();
	const struct perf_script_options options = { .modules = true,
						     .table = table };
	struct profile *profile = profile_new();
	FILE *input = fmemopen((void *)script, strlen(script), "r");
	struct lines *lines = lines_new(input, "in");

	CU_ASSERT_EQUAL(
		perf_script_read(lines, &options, profile, summary, NULL), 0);
	CU_ASSERT_EQUAL(summary->problems.count, 0);
	lines_free(lines);
	fclose(input);
	profile_free(profile);
	return table;
}

static void perf(void)
{
	const struct pprof_facts facts = { .shown = 1 };
	struct perf_script_summary summary;

	write_traces(read_perf("a b 3/4 [001] 1.5: 250 cpu-clock:u: \n"
			       "\t7f0010 read+0x10 (/lib/libc.so.6)\n"
			       "\t  4010 main(int)+0x10 (/bin/p (deleted))\n"
			       "\t  4010 old (inlined)\n"
			       "\t  5000 [unknown] ([unknown])\n\n"
			       "c 9 [000] 2.0: 250 cpu-clock:u: \n"
			       "\t7f0014 read+0x14 (/lib/libc.so.6)\n\n"
			       "c 9 [000] 2.5: 3 cycles: 10 f+0x0 (/bin/p)\n",
			       &summary),
		     &facts);
	expect("type 1=samples 2=count\ntype 1=cpu 2=nanoseconds\n"
	       "type 1=cycles 2=count\n");
	expect("sample 1=1,2,3,4, 2=1,250,0, 3={label 1=thread 2=a b} "
	       "3={label 1=pid 3=3 4=pid} 3={label 1=tid 3=4 4=tid} "
	       "3={label 1=cpu 3=1 4=cpu}\n"
	       "sample 1=5, 2=1,250,0, 3={label 1=thread 2=c} "
	       "3={label 1=tid 3=9 4=tid} 3={label 1=cpu 4=cpu}\n"
	       "sample 1=6, 2=1,0,3,");
	expect("mapping 1=2 5=/bin/p 7=1\nmapping 1=1 5=/lib/libc.so.6 7=1\n");
	expect("location 1=2 2=2 3=4010 4={line 1=2}\n");
	expect("location 1=3 3=4010 4={line 1=3}\n");
	expect("location 1=5 2=1 3=7f0014 4={line 1=1}\n");
	expect("function 1=2 2=main 3=main\n");
	CU_ASSERT_EQUAL(summary.events[0].period, 250);
	CU_ASSERT_EQUAL(summary.last_time - summary.first_time, 1000000000);
	CU_ASSERT(summary.all_periods);
	free(text);
}

static void no_periods(void)
{
	const struct pprof_facts facts = { 0 };
	struct perf_script_summary summary;

	write_traces(read_perf("a 3 1.5: cpu-clock: \n\t10 f+0x1 (/p)\n\n"
			       "a 3 1.6: cpu-clock: \n\t10 f+0x1 (/p)\n",
			       &summary),
		     &facts);
	expect("type 1=samples 2=count\nsample 1=1, 2=2, ");
	CU_ASSERT_FALSE(summary.all_periods);
	CU_ASSERT_EQUAL(summary.events[0].period, 0);
	free(text);
}

static void folded(void)
{
	static const char stacks[] = "a;b;a 3\na 1.4\n;c\xff 2\n";
	const struct pprof_facts facts = { 0 };
	struct sample_table *table = sample_table_new();
	struct profile *profile = read_text(stacks);

	sample_table_add_profile(
		table, profile, sample_table_column(table, "samples", "count"));
	write_traces(table, &facts);
	expect("sample 1=1,2, 2=2,\nsample 1=3, 2=1,\nsample 1=3,4,3, 2=3,\n");
	expect("function 1=1 2=c\xef\xbf\xbd 3=c\xef\xbf\xbd\n");
	expect("function 1=2 2=[empty] 3=[empty]\n");
	expect_not("mapping");
	free(text);
	profile_free(profile);
}

static void nothing(void)
{
	write_traces(sample_table_new(), &(struct pprof_facts){ .shown = 0 });
	CU_ASSERT_STRING_EQUAL(text, "");
	free(text);
}

static const struct unit_case cases[] = {
	{ "a sample has leaf first, all its values, and labels, even of 0; the program's mapping is first",
	  everything },
	{ "lines of source are kept where there are any", lines },
	{ "the main program is no shared library, whatever its name ends in",
	  libraries },
	{ "what is not known is not there", unknown },
	{ "perf's text brings addresses, files, threads and a value an event",
	  perf },
	{ "without periods there is nothing but samples to count", no_periods },
	{ "folded stacks bring names alone, in UTF-8, none of them empty",
	  folded },
	{ "without samples there is nothing, nor a value to show", nothing },
};

UNIT_MAIN("pprof", cases)
