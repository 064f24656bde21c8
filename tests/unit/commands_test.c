// SPDX-License-Identifier: GPL-2.0
/* What report, fold and flame say and leave behind, run as commands. */
#include "unit.h"

#include "../../user/cmd/cmd.h"
#include "load_inputs.h"
#include "run_command.h"

#define KTHREAD DITHER_SAMPLE_KTHREAD
#define IN_KERNEL DITHER_STACK_KERNEL
#define NEAR DITHER_STACK_ADJACENT
#define USER DITHER_SAMPLE_USER
#define U(offset) (0x401000ULL + (uint64_t)(offset))
#define K(offset) (KERNEL_TEXT + (uint64_t)(offset))

static void report(void)
{
	struct dither_ledger ledger = {
		.size = sizeof(ledger),
		.cells = 10,
		.kept = 2,
		.idle = 5,
		.overruns = 1,
		.filtered = 1,
		.lost = { 1, 0, 0, 7 },
		.running_ns = 1000,
		.handler_ns = 10,
	};
	struct ring ring = { .length = 0 };
	struct dither_sample sample;
	char text[8192];

	make_sample(&sample, 7, KTHREAD, K(0x210));
	put_stack(&ring, IN_KERNEL, DITHER_END_ROOT, 1, K(0x10));
	sample.kernel_stack = NEAR;
	put_sample(&ring, &sample);
	sample.kernel_stack = DITHER_STACK_NONE;
	put_sample(&ring, &sample);
	write_recording(&ring, "command=x \033[2J\nperiod_ns=1000000\n",
			&ledger);
	CU_ASSERT_EQUAL(run_command(cmd_report, text, sizeof(text), "report",
				    recording_file, NULL),
			EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "command   x \xef\xbf\xbd[2J\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "1000.00 Hz"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, " 66.67 [20.77-100.00]"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "inner"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "  balanced"));
	CU_ASSERT_PTR_NULL(strstr(text, "NOT BALANCED"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "median 1.50 us"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "root 50.0%"));
	ledger.idle = 8;
	write_recording(&ring, "", &ledger);
	run_command(cmd_report, text, sizeof(text), "report", "-i",
		    recording_file, NULL);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "NOT BALANCED by -3"));
}

/* What @meta and @ledger make the report say. */
static void report_of(const char *meta, const struct dither_ledger *ledger,
		      char *text, size_t room)
{
	struct ring ring = { .length = 0 };
	struct dither_sample sample;

	make_sample(&sample, 7, KTHREAD, K(0x210));
	put_sample(&ring, &sample);
	write_recording(&ring, meta, ledger);
	CU_ASSERT_EQUAL(run_command(cmd_report, text, room, "report",
				    recording_file, NULL),
			EXIT_DONE);
}

static void report_left_out(void)
{
	struct dither_ledger ledger = { .size = sizeof(ledger) };
	char text[8192];

	report_of("timer_ns=1\n", &ledger, text, sizeof(text));
	CU_ASSERT_PTR_NULL(strstr(text, "CPUs not sampled"));
	CU_ASSERT_PTR_NULL(strstr(text, "added later"));
	CU_ASSERT_PTR_NULL(strstr(text, "high resolution"));
	ledger.role = DITHER_ROLE_ISOLATED;
	ledger.ringless = 17;
	report_of("timer_ns=4000000\n", &ledger, text, sizeof(text));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "  CPUs not sampled: 0 (isolated: isolcpus or"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "lost on CPUs that were added later: 17\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "instants are ticks of 4.0 ms"));
	ledger.role = DITHER_ROLE_NOT_NAMED;
	report_of("", &ledger, text, sizeof(text));
	CU_ASSERT_PTR_NOT_NULL(strstr(
		text, "  CPUs not sampled: 0 (not among those of -C)\n"));
}

/* A sample of 2^@shift cells, of the stacks that stand before it. */
static void put_weighted(struct ring *ring, unsigned int flags, uint64_t ip,
			 unsigned int shift)
{
	struct dither_sample sample;

	make_sample(&sample, PROCESS, flags, ip);
	sample.user_stack = NEAR;
	sample.shift = (uint8_t)shift;
	put_sample(ring, &sample);
}

/* Sixteen cells in all. */
static void put_user_stacks(struct ring *ring)
{
	put_map(ring, U(0), 0x1000, program_file, 0);
	put_map(ring, 0x500000, 0, "/lib/one.so", 0);
	put_map(ring, 0x600000, 0, "", DITHER_MAP_ANONYMOUS);
	put_stack_by(ring, DITHER_UNWIND_TABLE, 0, DITHER_END_ROOT, 1, U(0x20));
	put_weighted(ring, USER, U(0xa0), 2);
	put_stack_by(ring, DITHER_UNWIND_MIXED, 0, DITHER_END_DEPTH, 1,
		     U(0x20));
	put_weighted(ring, USER, U(0xa0), 1);
	/* Callers tell where it ended, */
	put_stack_by(ring, DITHER_UNWIND_TABLE, 0, DITHER_END_NO_TABLE, 2,
		     U(0x20), 0x500010ULL);
	put_weighted(ring, USER, U(0xa0), 2);
	/* or the instruction itself, when there are none */
	put_stack_by(ring, DITHER_UNWIND_NONE, 0, DITHER_END_NO_TABLE, 0);
	put_weighted(ring, USER, 0x600010, 0);
	/* but a link register, or when the kernel was entered there. */
	put_stack_by(ring, DITHER_UNWIND_FRAME_POINTER, DITHER_STACK_LR,
		     DITHER_END_NO_TABLE, 1, U(0x20));
	put_weighted(ring, USER, 0x600010, 0);
	put_stack_by(ring, DITHER_UNWIND_TABLE, 0, DITHER_END_NO_TABLE, 1,
		     U(0xa0));
	put_weighted(ring, 0, K(0x10), 0);
	put_stack_by(ring, 9, 0, 99, 1, U(0x20));
	put_weighted(ring, USER, U(0xa0), 1);
	/* A stack that is not there. */
	put_bare(ring, 7, DITHER_SAMPLE_KTHREAD, K(0x10));
	put_weighted(ring, USER, U(0xa0), 0);
	/* None was taken. */
	put_bare(ring, PROCESS, USER, U(0xa0));
}

static void user_stacks(void)
{
	static const char table[] =
		"\n"
		"                   complete    depth    fault   broken no table unsupported    other      all\n"
		"  tables              25.00     0.00     0.00     0.00    31.25        0.00     0.00    56.25\n"
		"  mixed                0.00    12.50     0.00     0.00     0.00        0.00     0.00    12.50\n"
		"  frame pointers       0.00     0.00     0.00     0.00     6.25        0.00     0.00     6.25\n"
		"  registers only       0.00     0.00     0.00     0.00     6.25        0.00     0.00     6.25\n"
		"  other                0.00     0.00     0.00     0.00     0.00        0.00    12.50    12.50\n"
		"  not in the file      0.00     0.00     0.00     0.00     0.00        0.00     6.25     6.25\n"
		"  all                 25.00    12.50     0.00     0.00    43.75        0.00    18.75   100.00\n"
		"  Those for want of a table ended in\n"
		"     25.00  /lib/one.so\n"
		"     12.50  [anon]\n"
		"      6.25  ";
	struct ring ring = { .length = 0 };
	char text[16384];
	const char *at;

	put_user_stacks(&ring);
	write_recording(&ring,
			"unwind=tables\nfeatures=0x2f\ntables_count=12\n"
			"tables_bytes=3400000\ntables_dropped=5\n"
			"tables_evicted=7\n",
			NULL);
	CU_ASSERT_EQUAL(run_command(cmd_report, text, sizeof(text), "report",
				    recording_file, NULL),
			EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "  unwinding by tables\n"));
	at = strstr(text, table);
	CU_ASSERT_PTR_NOT_NULL(at);
	CU_ASSERT(at && !strncmp(at + sizeof(table) - 1, program_file,
				 strlen(program_file)));
	CU_ASSERT_PTR_NOT_NULL(strstr(
		text,
		"\n  tables in the module: 12, 3.4 MB, 5 dropped for others, 7 processes forgotten for others\n"));
}

static void many_places(void)
{
	struct ring ring = { .length = 0 };
	char text[16384], path[32];

	for (unsigned int i = 0; i < 8; i++) {
		snprintf(path, sizeof(path), "/lib/%c", 'h' - (int)i);
		put_map(&ring, 0x500000 + 0x1000 * i, 0, path, 0);
		put_stack_by(&ring, DITHER_UNWIND_TABLE, 0, DITHER_END_NO_TABLE,
			     0);
		put_weighted(&ring, USER, 0x500010 + 0x1000 * i, i == 3);
	}
	write_recording(&ring, "unwind=fp\nfeatures=0xf\n", NULL);
	run_command(cmd_report, text, sizeof(text), "report", recording_file,
		    NULL);
	CU_ASSERT_PTR_NOT_NULL(strstr(
		text,
		"ended in\n     22.22  /lib/e\n     11.11  /lib/a\n     11.11  /lib/b\n"
		"     11.11  /lib/c\n     11.11  /lib/d\n     33.33  in 3 more\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(
		text,
		"  unwinding by frame pointers: the module has no tables\n"));
	CU_ASSERT_PTR_NULL(strstr(text, "tables in the module"));
}

static void no_user_stacks(void)
{
	struct ring ring = { .length = 0 };
	char text[8192];

	put_bare(&ring, PROCESS, USER, U(0xa0));
	write_recording(&ring, "unwind=fp\nfeatures=0x2f\n", NULL);
	run_command(cmd_report, text, sizeof(text), "report", recording_file,
		    NULL);
	CU_ASSERT_PTR_NULL(strstr(text, "what unwound them"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "  unwinding by frame pointers\n"));
	write_recording(&ring, "", NULL);
	run_command(cmd_report, text, sizeof(text), "report", recording_file,
		    NULL);
	CU_ASSERT_PTR_NULL(strstr(text, "unwinding"));
}

static void usage(void)
{
	char text[4096];

	CU_ASSERT_EQUAL(run_command(cmd_fold, text, sizeof(text), "fold",
				    "--frob", NULL),
			EXIT_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "'--frob'"));
	CU_ASSERT_EQUAL(run_command(cmd_flame, text, sizeof(text), "flame",
				    "--pid", "-z", NULL),
			EXIT_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "'-z'"));
	CU_ASSERT_EQUAL(run_command(cmd_record, text, sizeof(text), "record",
				    "--unwind", "dwarf", "true", NULL),
			EXIT_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "--unwind dwarf: must be"));
	CU_ASSERT_EQUAL(run_command(cmd_report, text, sizeof(text), "report",
				    "--sort", "x", NULL),
			EXIT_USAGE);
	CU_ASSERT_EQUAL(run_command(cmd_fold, text, sizeof(text), "fold",
				    program_file, NULL),
			EXIT_USAGE);
	CU_ASSERT_EQUAL(run_command(cmd_fold, text, sizeof(text), "fold",
				    "--help", NULL),
			EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "--symfs"));
}

/* @bytes, packed, in a file whose name is returned. */
static const char *write_packed(const void *bytes, size_t length)
{
	static char path[80];
	gzFile file;

	snprintf(path, sizeof(path), "%s/packed.gz", directory);
	file = gzopen(path, "w");
	gzwrite(file, bytes, (unsigned int)length);
	gzclose(file);
	return path;
}

static void no_input(void)
{
	static int (*const commands[])(int, char **) = { cmd_report, cmd_fold,
							 cmd_flame };
	char text[4096];

	for (int i = 0; i < 3; i++) {
		CU_ASSERT_EQUAL(run_command(commands[i], text, sizeof(text),
					    "a", write_packed("", 0), NULL),
				EXIT_USAGE);
		CU_ASSERT_PTR_NOT_NULL(strstr(text, "no samples"));
		CU_ASSERT_EQUAL(
			run_command(commands[i], text, sizeof(text), "a",
				    write_packed("a;b 1\n\0 2\n", 10), NULL),
			EXIT_USAGE);
		CU_ASSERT_EQUAL(run_command(commands[i], text, sizeof(text),
					    "a", "/proc/self/exe", NULL),
				EXIT_USAGE);
	}
}

/* A copy is read where the input cannot be mapped; its name is not shown. */
static void names_of_copies(void)
{
	struct ring ring = { .length = 0 };
	char text[8192], bytes[8192];
	const char *path;
	size_t length;
	FILE *file;

	put_bare(&ring, 7, KTHREAD, K(0x10));
	write_recording(&ring, "", NULL);
	file = fopen(recording_file, "r");
	length = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	path = write_packed(bytes, length);
	CU_ASSERT_EQUAL(run_command(cmd_report, text, sizeof(text), "report",
				    path, NULL),
			EXIT_DONE);
	CU_ASSERT(!strncmp(text, "Recording ", 10));
	CU_ASSERT(!strncmp(text + 10, path, strlen(path)));
	run_command(cmd_report, text, sizeof(text), "report",
		    write_packed(bytes, length - 40), NULL);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "cut short"));
	CU_ASSERT_PTR_NULL(strstr(text, "/tmp/dither-"));
}

/* Titles count in what the weights are of. */
static void units(void)
{
	static const struct {
		const char *text, *option, *unit;
	} all[] = {
		{ "a 1/1 [0] 1.5: 2000 cpu-clock:u: \n\t1 f (/b)\n\n",
		  "--threads=1", ">2,000 ns<" },
		{ "a 1/1 [0] 1.5: 2000 cycles:u: \n\t1 f (/b)\n\n",
		  "--threads=1", ">2,000 cycles:u<" },
		{ "a 1/1 [0] 1.5: 2000 cycles: \n\t1 f (/b)\n\n", "--samples",
		  ">1 samples<" },
		{ "a 1/1 [0] 1.5: cycles: \n\t1 f (/b)\n\n", "--threads=1",
		  ">1 samples<" },
		{ "a 1/1 [0] 1.5: 2000 cycles: \n\t1 f (/b)\n\n"
		  "a 1/1 [0] 1.6: 30 faults: \n\t1 f (/b)\n\n",
		  "--threads=1", ">2,030 events<" },
		{ "a 1/1 [0] 1.5: 2000 cycles: \n\t1 f (/b)\n\n"
		  "a 1/1 [0] 1.6: 30 faults: \n\t1 f (/b)\n\n",
		  "--event=faults", ">30 faults<" },
		{ "a;b 30\n", "--threads=1", ">30 samples<" },
	};
	char text[65536];

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		const char *path =
			write_packed(all[i].text, strlen(all[i].text));

		CU_ASSERT_EQUAL(run_command(cmd_flame, text, sizeof(text),
					    "flame", all[i].option, path, NULL),
				EXIT_DONE);
		CU_ASSERT_PTR_NOT_NULL(strstr(text, all[i].unit));
		if (!strstr(text, all[i].unit))
			printf("# %s\n", all[i].unit);
	}
}

static void flame(void)
{
	struct ring ring = { .length = 0 };
	char text[65536], path[80];

	snprintf(path, sizeof(path), "%s/out.svg", directory);
	write_recording(&ring, "", NULL);
	CU_ASSERT_EQUAL(run_command(cmd_flame, text, sizeof(text), "flame",
				    "-o", path, recording_file, NULL),
			EXIT_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "no samples"));
	CU_ASSERT_NOT_EQUAL(access(path, F_OK), 0);
	CU_ASSERT_EQUAL(run_command(cmd_flame, text, sizeof(text), "flame",
				    "-o", path, program_file, NULL),
			EXIT_USAGE);
	CU_ASSERT_NOT_EQUAL(access(path, F_OK), 0);
	put_bare(&ring, 7, KTHREAD, K(0x10));
	write_recording(&ring, "command=ls -l\npolicy=poisson\n", NULL);
	CU_ASSERT_EQUAL(run_command(cmd_flame, text, sizeof(text), "flame",
				    recording_file, NULL),
			EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "<title>outer\n1 samples, 100.00%"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "ls -l \xc2\xb7 "));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, " \xc2\xb7 poisson"));
	CU_ASSERT_EQUAL(run_command(cmd_flame, text, sizeof(text), "flame",
				    "-o", "/dev/full", recording_file, NULL),
			EXIT_CANNOT);
	CU_ASSERT_EQUAL(access("/dev/full", F_OK), 0);
}

static void damage(void)
{
	struct ring ring = { .length = 0 };
	char text[4096];

	put_bare(&ring, 7, KTHREAD, K(0x10));
	write_recording(&ring, "", NULL);
	CU_ASSERT_EQUAL(truncate(recording_file, 16 + 24), 0);
	CU_ASSERT_EQUAL(run_command(cmd_fold, text, sizeof(text), "fold",
				    recording_file, NULL),
			EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, recording_file));
}

static void tables(void)
{
	char text[4096], path[80];
	FILE *file;

	snprintf(path, sizeof(path), "%s/program.c", directory);
	CU_ASSERT_EQUAL(run_command(cmd_tables, text, sizeof(text), "tables",
				    path, directory, program_file, "/bin/sh",
				    NULL),
			EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, " 2 tables,"));
	CU_ASSERT_PTR_NOT_NULL(strstr(
		text,
		"\n0 without call frame information, 0 of other machines, "
		"2 not ELF programs, 0 failed\n"));
	snprintf(path, sizeof(path), "%s/damaged", directory);
	file = fopen(path, "w");
	fputs("\177ELF, as it were", file);
	fclose(file);
	CU_ASSERT_EQUAL(run_command(cmd_tables, text, sizeof(text), "tables",
				    path, NULL),
			EXIT_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "0 not ELF programs, 1 failed\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "damaged: too short"));
}

static void export_roots(void)
{
	char text[1024];

	CU_ASSERT_EQUAL(run_command(cmd_export, text, sizeof(text), "export",
				    "--tid", "pprof", recording_file, NULL),
			EXIT_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "pprof does not take: it has"));
}

static const struct unit_case cases[] = {
	{ "empty and binary inputs are errors, of every command", no_input },
	{ "a copy of an input bears the input's name", names_of_copies },
	{ "titles have the event's own unit", units },
	{ "export refuses frames for threads where there are labels",
	  export_roots },
	{ "the report proves or disproves the balance", report },
	{ "the report names CPUs that were left out, and timers that are ticks",
	  report_left_out },
	{ "user stacks are summed up by unwinder, end and weight",
	  user_stacks },
	{ "of the files without a table the five heaviest are named",
	  many_places },
	{ "where no user stacks were taken there is no table of them",
	  no_user_stacks },
	{ "a wrong option is named", usage },
	{ "flame leaves a whole file or none", flame },
	{ "damage is told and is no failure", damage },
	{ "what is no program has no table, what is damaged fails", tables },
};

int main(void)
{
	return run_with_inputs("commands", cases,
			       sizeof(cases) / sizeof(cases[0]));
}
