// SPDX-License-Identifier: GPL-2.0
/*
 * perf-script text: every trap that other tools' readers fell into, read
 * directly, and imported and read again.
 */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "../../user/text/folded.h"
#include "imported.h"

#define HEAD "prog 12/34 [001] 5.000001: 3 cycles: \n"

static struct perf_script_summary summary;
static struct perf_script_options options;

static void expect_problem(unsigned int number, uint64_t line, const char *text)
{
	CU_ASSERT_EQUAL(summary.problems.kept[number].line, line);
	CU_ASSERT_STRING_EQUAL(summary.problems.kept[number].text, text);
}

/* The caller's to free; the profile is freed. */
static char *write_folded(struct profile *profile)
{
	char *text = NULL;
	size_t length;
	FILE *output = open_memstream(&text, &length);

	profile_finish(profile);
	folded_write(profile, output);
	fclose(output);
	profile_free(profile);
	return text;
}

/* What @input folds to; the caller's to free. */
static char *folded(const char *input)
{
	struct profile *profile = profile_new();
	FILE *file = fmemopen((void *)input, strlen(input), "r");
	struct lines *lines = lines_new(file, "in");

	CU_ASSERT_EQUAL(
		perf_script_read(lines, &options, profile, &summary, NULL), 0);
	lines_free(lines);
	fclose(file);
	return write_folded(profile);
}

/* The same by way of a recording. */
static void expect_imported(const char *input, const char *output)
{
	struct perf_script_summary again;
	struct perf_import_summary import;
	size_t damage;
	char *text;

	CU_ASSERT_EQUAL(import_bytes(input, strlen(input), &import), 0);
	text = write_folded(read_imported(&options, &again, &damage));
	CU_ASSERT_STRING_EQUAL(text, output);
	CU_ASSERT_EQUAL(damage, 0);
	CU_ASSERT_EQUAL(again.samples, summary.samples);
	CU_ASSERT_EQUAL(import.problems.count, summary.problems.count);
	free(text);
}

static void expect(const char *input, const char *output)
{
	char *text = folded(input);

	CU_ASSERT_STRING_EQUAL(text, output);
	if (strcmp(text, output))
		printf("# got: %s# not: %s", text, output);
	free(text);
	expect_imported(input, output);
}

/* One frame, as perf prints it behind its address. */
static void expect_frame(const char *frame, const char *name)
{
	char input[512], output[512];

	snprintf(input, sizeof(input), HEAD "\t    55d0 %s\n\n", frame);
	snprintf(output, sizeof(output), "prog;%s 3\n", name);
	expect(input, output);
	CU_ASSERT_EQUAL(summary.problems.count, 0);
}

static void chain(void)
{
	expect(HEAD "\tffffffff81001000 schedule+0x1a ([kernel.kallsyms])\n"
		    "\t          401136 inner+0x10 (/bin/prog)\n"
		    "\t          401100 main+0x0 (/bin/prog)\n\n",
	       "prog;main;inner;schedule_[k] 3\n");
	CU_ASSERT_EQUAL(summary.samples, 1);
	CU_ASSERT_STRING_EQUAL(summary.events[0].name, "cycles");
}

static void last_sample(void)
{
	expect(HEAD "\t1 a+0x1 (/b)\n\n" HEAD "\t1 b+0x1 (/b)",
	       "prog;a 3\nprog;b 3\n");
	expect(HEAD "\t1 a+0x1 (/b)\n" HEAD "\t1 b+0x1 (/b)\n",
	       "prog;a 3\nprog;b 3\n");
}

static void one_letter(void)
{
	expect("x 1 [000] 1.5: 1 c: \n\t1 f (/b)\n\n", "x;f 1\n");
}

static void comms(void)
{
	expect("V8 Worker 7 x 1 [000] 1.5: 1 c: \n\t1 f (/b)\n\n",
	       "V8 Worker 7 x;f 1\n");
	expect("10 99 [000] 1.5: 1 c: \n\t1 f (/b)\n\n", "10;f 1\n");
	expect("#1 worker 9 [000] 1.5: 1 c: \n\t1 f (/b)\n\n",
	       "#1 worker;f 1\n");
	expect("a: 9 [000] 1.5: 1 c: \n\t1 f (/b)\n\n", "a:;f 1\n");
	expect("    :-1    -1 [000] 1.5: 1 c: \n\t1 f (/b)\n\n", ":-1;f 1\n");
}

static void anonymous(void)
{
	expect_frame("(anonymous namespace)::f(int)+0x1 (/b)",
		     "(anonymous namespace)::f");
	expect_frame("a::(anonymous namespace)::f+0x1 (/b)",
		     "a::(anonymous namespace)::f");
}

static void template_arguments(void)
{
	expect_frame(
		"std::function<void (int)>::operator()(int) const+0x1 (/b)",
		"std::function<void (int)>::operator()");
	expect_frame("f<void (*)(int)>+0x1 (/b)", "f<void (*)(int)>");
}

static void cplusplus(void)
{
	expect_frame("f(int, char*)+0x1 (/b)", "f");
	expect_frame("a::operator<<(b&)+0x1 (/b)", "a::operator<<");
	expect_frame("operator new(unsigned long)+0x1 (/b)", "operator new");
	expect_frame("f(int)::{lambda()#1}::operator()() const+0x1 (/b)",
		     "f(int)::{lambda()#1}::operator()");
	expect_frame("<fn() -> T as core::Trait>::call+0x1 (/b)",
		     "<fn() -> T as core::Trait>::call");
	expect_frame("net/http.(*Client).Do+0x1 (/b)", "net/http.(*Client).Do");
	expect_frame("a;b+0x1 (/b)", "a:b");
	expect_frame("say \"hi\" & 'bye'+0x1 (/b)", "say \"hi\" & 'bye'");
}

static void deleted(void)
{
	expect_frame("f+0x1 (/tmp/x (deleted))", "f");
	expect_frame("[unknown] (/tmp/x (deleted))", "[x]");
	expect_frame("f(int)+0x1 (/memfd:x (deleted))", "f");
}

static void objects(void)
{
	expect_frame("[unknown] (/usr/lib/libc.so.6)", "[libc.so.6]");
	expect_frame("[unknown] ([unknown])", "[unknown]");
	expect_frame("[unknown] (/tmp/a) b)", "[a) b]");
	expect_frame("f+0x1 (/path with blanks/x)", "f");
	expect_frame("f+0x1", "f");
	expect_frame("f", "f");
}

static void kinds(void)
{
	expect_frame("f+0x1 ([ext4])", "f_[k]");
	expect_frame("f+0x1 (/usr/lib/debug/vmlinux)", "f_[k]");
	expect_frame("f+0x1 (/lib/modules/6/x.ko)", "f_[k]");
	expect_frame("__vdso_gettimeofday+0x1 ([vdso])", "__vdso_gettimeofday");
	expect_frame("f+0x1 (/tmp/perf-12.map)", "f_[j]");
	expect_frame("f (inlined)", "f_[i]");
	expect_frame("[unknown] ([kernel.kallsyms])", "[kernel.kallsyms]_[k]");
}

static void events(void)
{
	static const char input[] =
		"a 1 [0] 1.0: 2 cycles:ppp: \n\t1 f (/b)\n\n"
		"a 1 [0] 1.1: 5 cycles:ppp: \n\t1 g (/b)\n\n"
		"a 1 [0] 1.2: 7 sched:sched_switch: prev=1 next=2\n\t1 f (/b)\n";

	expect(input, "[cycles:ppp];a;f 2\n[cycles:ppp];a;g 5\n"
		      "[sched:sched_switch];a;f 7\n");
	CU_ASSERT_EQUAL(summary.event_count, 2);
	CU_ASSERT_EQUAL(summary.events[0].samples, 2);
	options.event = "sched:sched_switch";
	expect(input, "a;f 7\n");
	options.event = NULL;
	options.samples = true;
	expect(input, "[cycles:ppp];a;f 1\n[cycles:ppp];a;g 1\n"
		      "[sched:sched_switch];a;f 1\n");
	options.samples = false;
}

static void single_lines(void)
{
	expect("            bash  9 [000] 1.5:     250 cpu-clock:pppH:  "
	       "ffffffff81001000 schedule+0x1a ([kernel.kallsyms])\n"
	       "         kworker 10 [000] 1.6:     250 cpu-clock:pppH:  "
	       "          401000 main+0x0 (/bin/x)\n",
	       "bash;schedule_[k] 250\nkworker;main 250\n");
	CU_ASSERT_EQUAL(summary.problems.count, 0);
}

static void spaces(void)
{
	expect("prog 12 5.5: 1 c: \r\n        401136 f+0x1 (/b)  \r\n"
	       "        401100 main (/b)\r\n\r\n",
	       "prog;main;f 1\n");
}

static void short_headers(void)
{
	expect("prog 12\n\t1 f (/b)\n\n", "prog;f 1\n");
	expect("prog 12 cycles: \n\t1 f (/b)\n\n", "prog;f 1\n");
	expect("prog 12/13 5.5: cycles: \n\t1 f (/b)\n\n", "prog;f 1\n");
	expect("prog 12 [001] d.h1. 5.5: cycles: \n\t1 f (/b)\n\n",
	       "prog;f 1\n");
	expect(HEAD "\n", "prog 3\n");
}

static void others(void)
{
	expect("# cmdline : perf record\n#\n" HEAD "\t1 f (/b)\n  f.c:12\n\n"
	       "prog 1 [0] 2.0: PERF_RECORD_MMAP2 1/1: [0x1(0x2) @ 0 /b]\n"
	       "\n" HEAD "\t1 g (/b)\n",
	       "prog;f 3\nprog;g 3\n");
	CU_ASSERT_EQUAL(summary.other, 1);
	CU_ASSERT_EQUAL(summary.problems.count, 0);
}

/* As perf script --show-mmap-events and --show-task-events -F-time print them. */
static void records_without_times(void)
{
	expect("swapper     0 PERF_RECORD_MMAP -1/0: [0xffff(0x12) @ 0]: x [kernel.kallsyms]_text\n"
	       "my app 11604 PERF_RECORD_COMM exec: my app:11604/11604\n"
	       "my app 11604 PERF_RECORD_MMAP2 11604/11604: [0x7f(0x26) @ 0x1000 fe:00 325835 0]: r-xp /usr/lib/ld.so\n"
	       "my app 11604    5025125 cpu-clock: \n"
	       "\t           f82ad read+0xd (/usr/lib/libc.so.6)\n\n"
	       "  app 11604 PERF_RECORD_EXIT(11604:11604):(11599:11599)\n",
	       "my app;read 5025125\n");
	CU_ASSERT_EQUAL(summary.event_count, 1);
	CU_ASSERT_EQUAL(summary.problems.count, 0);
	/* Indented, they are no frames either. */
	expect("    app 11604    5025125 cpu-clock:      f82ad read+0xd (/libc.so.6)\n"
	       "    app 11604 PERF_RECORD_EXIT(11604:11604):(11599:11599)\n",
	       "app;read 5025125\n");
}

static void bad_lines(void)
{
	expect("what is this\n\t1 f (/b)\n\n" HEAD "\t1 g (/b)\n\n\t1 h (/b)\n",
	       "prog;g 3\n");
	CU_ASSERT_EQUAL(summary.problems.count, 2);
	expect_problem(0, 1, "neither a frame nor the beginning of a sample");
	expect_problem(1, 7, "a frame, but no sample that it belongs to");
}

static void roots(void)
{
	options.pid = options.tid = options.cpu = true;
	expect(HEAD "\t1 f (/b)\n", "prog;[pid 12];[tid 34];[cpu 1];f 3\n");
	options.pid = options.tid = options.cpu = false;
}

static void times(void)
{
	struct sample_times times = { 0 };

	options.times = &times;
	free(folded("a 1 [0] 2.000000001: 2 c: \n\t1 f (/b)\n\n"
		    "a 1 [0] 1.5: 5 c: \n\t1 g (/b)\n\n"
		    "a 1 [0] 3.5: 7 d: \n\t1 f (/b)\n"));
	options.times = NULL;
	CU_ASSERT(summary.all_times);
	CU_ASSERT_EQUAL_FATAL(times.count, 3);
	CU_ASSERT_EQUAL(times.items[0].time, 2000000001);
	CU_ASSERT_EQUAL(times.items[0].node, 3);
	CU_ASSERT_EQUAL(times.items[1].node, 4);
	sample_times_sort(&times);
	CU_ASSERT_EQUAL(times.items[0].time, 1500000000);
	CU_ASSERT_EQUAL(times.items[0].weight, 5);
	CU_ASSERT_EQUAL(times.items[2].weight, 7);
	sample_times_free(&times);
}

static const struct unit_case cases[] = {
	{ "a call chain is folded from its last line to its first", chain },
	{ "the last sample counts without a blank line behind", last_sample },
	{ "a comm may be one letter", one_letter },
	{ "a comm may be a number, hold blanks and colons", comms },
	{ "(anonymous namespace) is part of a name", anonymous },
	{ "brackets in a template's arguments, as in std::function<void (int)>, "
	  "cut no name",
	  template_arguments },
	{ "names of C++, Rust and Go lose their parameters only", cplusplus },
	{ "objects may be deleted", deleted },
	{ "objects may be unknown and hold blanks", objects },
	{ "kernel, generated and inlined frames are marked", kinds },
	{ "no event is dropped and none are mixed", events },
	{ "samples of one line, behind blanks, count", single_lines },
	{ "blanks in place of tabs, and CR LF, make no difference", spaces },
	{ "perf may have been told to print less", short_headers },
	{ "comments, source lines and other records are no samples", others },
	{ "records without times are no samples", records_without_times },
	{ "bad lines are counted and located", bad_lines },
	{ "process, thread and CPU become frames on demand", roots },
	{ "times are kept on demand, and stay right when events part", times },
};

UNIT_MAIN("perf_script", cases)
