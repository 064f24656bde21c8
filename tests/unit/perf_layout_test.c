// SPDX-License-Identifier: GPL-2.0
/* The fields that perf script was told to print, and simpleperf's layout. */
#include "text_fold.h"

#define CHAIN                                          \
	"\t    55d0a0001136 work+0x6 (/usr/bin/app)\n" \
	"\t    55d0a0001100 main+0x10 (/usr/bin/app)\n"
#define FOLDED "app;main;work 1\n"
#define FRAME "      7fe53d9bac78 work+0x5e8 (/usr/bin/app)"

static void fields_before(void)
{
	expect_fold("app    99/98    [004]    12.123456: 1 cycles: \n" CHAIN,
		    FOLDED);
	expect_fold("app    99 U        5.000001:          1 cycles: \n" CHAIN,
		    FOLDED);
	expect_fold("app    99 [001] K        5.000001: 1 cycles: \n" CHAIN,
		    FOLDED);
	expect_fold("app  8997 2026-11-30 15:07:21.328764   995.662462:     "
		    "250000 cpu-clock: \n" CHAIN,
		    FOLDED);
	expect_fold(
		"app  8997 N/A   995.662462:     250000 cpu-clock: \n" CHAIN,
		FOLDED);
	expect_fold("VM: 4242 VCPU:001 app      77/79      [004] 12.123456: 1 "
		    "cycles:P: \n" CHAIN,
		    FOLDED);
	expect_fold("app   77/77    12.123456789: 1 cycles:P: \n" CHAIN,
		    FOLDED);
}

static void missing(void)
{
	expect_fold(" 28598   685.360074:    2004008 cpu-clock: \n" CHAIN,
		    "main;work 1\n");
	expect_fold("my app   685.360074:    2004008 cpu-clock: \n" CHAIN,
		    "my app;main;work 1\n");
	expect_fold("   685.360074:    2004008 cpu-clock: \n" CHAIN,
		    "main;work 1\n");
	expect_fold("my app 26907     250000 cpu-clock: \n" CHAIN,
		    "my app;main;work 1\n");
	expect_fold("my app     250000 cpu-clock: \n" CHAIN,
		    "my app;main;work 1\n");
	expect_fold("my app 26907    2004008 \n" CHAIN, "my app;main;work 1\n");
	expect_fold("my app 26907   685.360074: \n" CHAIN,
		    "my app;main;work 1\n");
	expect_fold("poold [worker] 21332 cycles:\n"
		    "                  67e2f0 my_func\n"
		    "                  64138b my_other\n",
		    "poold [worker];my_other;my_func 1\n");
	expect_fold("app 26907   685.360074: 1 cycles: \n"
		    "\tffffffff81001136 read\n\t    55d0a0001100 main\n",
		    "app;main;read_[k] 1\n");
}

static void latency(void)
{
	expect_fold(
		"  my app  1887   1 13162.799956:    2004008 cpu-clock: \n" CHAIN,
		"my app;main;work 1\n");
	expect_fold(
		"  my app  1887/1888    1 13162.799956: 2004008 c: \n" CHAIN,
		"my app;main;work 1\n");
	expect_refused("longcomm  1887   1 13162.799956: 2004008 c: \n" CHAIN,
		       "field comm");
	expect_refused("longcomm 26907 13162.799956:    2004008 c:" FRAME "\n",
		       "field comm");
	/* A field of blanks, as -F+flags has it, before the frame. */
	expect_refused("longcomm 27859 32522.956780:          1 page-faults:"
		       "                          ffffffff8175336a "
		       "elf_load+0x28a ([kernel.kallsyms])\n",
		       "field comm");
}

static void doubts(void)
{
	expect_refused("worker 5 13162.799956:    2004008 cpu-clock: \n" CHAIN,
		       "field tid");
	expect_refused("worker 5     2004008 cpu-clock: \n" CHAIN, "field tid");
	expect_refused("worker 12345 1.5: 1 c: \n" CHAIN
		       "\nmain 1.5: 1 c: \n" CHAIN,
		       "field tid");
	expect_refused(
		"app 26907 13162.799956: \n\t    55d0a0001136 (/bin/x)\n",
		"field sym");
	expect_refused("app 26907 13162.799956: 1 c: \n\n"
		       "app 26907 13162.799957: 1 c: \n\n",
		       "fields ip, sym");
	expect_refused("     7fe53d9bac78 work (/usr/bin/app)\n"
		       "     7fe53d9bac78 work (/usr/bin/app)\n",
		       "print the fields comm");
	expect_refused("             app 26907  1312.787920:     250000 c:"
		       "     7fe53d9bac78 work+0x5e8 (/usr/bin/app)\n",
		       "field ip is missing");
	expect_refused("app 26907 13162.799956: 1 c: \n" CHAIN
		       "\t0000000000401136\tinsn: 48 89 e5\n",
		       "field brstackinsn");
}

static void singles(void)
{
	expect_fold("          my app 26907 [000]     250000 cpu-clock:" FRAME
		    "\n",
		    "my app;work 1\n");
	expect_fold("app 1 [000] 1.0: 1 cycles:      4005d0 work+0x10 "
		    "(/usr/bin/app) 0x4005c0/0x4005d0/P/-/-/3/COND/- "
		    "0x400510/0x4005b0/P/-/-/1/CALL/- \n",
		    "app;work 1\n");
	expect_fold("         my app 26907  1312.787920:     250000 "
		    "cpu/mem-loads,ldlat=30/P:     7ffc1000     1e05080021 "
		    "|OP LOAD|LVL L1 hit|SNP None|TLB L1 or L2 hit|LCK No|BLK  "
		    "N/A               7     7fe53d9bac78 work+0x5e8 "
		    "(/usr/bin/app)\n",
		    "my app;work 1\n");
	expect_fold(
		"              ls  8900   990.983506:          1 "
		"page-faults:     557d715475c0 __progname+0x0 (/usr/bin/ls) "
		"ffffffff8175336a elf_load+0x28a ([kernel.kallsyms])\n",
		"ls;elf_load_[k] 1\n");
	expect_fold("app 77 [004] 12.123456: 1 cycles: /user.slice/app.scope  "
		    "   4005d0 work+0x10 (/usr/bin/app)\n",
		    "app;work 1\n");
	expect_fold("             app 26907  1312.787920:     250000 c:" FRAME
		    " ABI:2    AX:0x1f    IP:0x1136 \n",
		    "app;work 1\n");
	expect_fold("             app 26907  1312.787920:     250000 c:" FRAME
		    " ilen: 4 insn: 66 0f ef c0\n",
		    "app;work 1\n");
	expect_fold("             app 26907  1312.787920:     250000 c:" FRAME
		    "       123456000 4K N/A\n",
		    "app;work 1\n");
	expect_fold(
		"             app 26907  1312.787920:     250000 branches:" FRAME
		" =>     7fe53d9bac90 next+0x0 (/usr/bin/app)\n",
		"app;work 1\n");
}

static void chains(void)
{
	expect_fold("app 1 [000] 1.0: 1 cycles: \n" CHAIN
		    " ilen: 4 insn: 66 0f ef c0\n"
		    "app 1 [000] 1.1: 1 cycles: \n" CHAIN
		    " ABI:2    AX:0x1f    IP:0x1136 \n"
		    "app 1 [000] 1.2: 1 cycles: \n" CHAIN
		    "       123456000 4K\n"
		    "app 1 [000] 1.3: 1 cycles:                0\n" CHAIN "\n",
		    "app;main;work 4\n");
	expect_fold("app 1 [000] 1.0: 1 cycles: \n"
		    "\t            1136 inner+0x6\n  t.c:2 (inlined)\n"
		    "\t            1136 outer+0x6 (/usr/bin/app)\n  t.c:3\n"
		    "\t            1100 main+0x10 (/usr/bin/app)\n  t.c:9\n\n",
		    "app;main;outer;inner_[i] 1\n");
	expect_fold("Gecko\t25122 [007] 115539.936601:\t\t1000000 "
		    "task-clock:u:\n"
		    "        b3cea6c4\tLock::unlock() (/system/lib/libc.so)\n"
		    "        b3cea535\tshould_trace() (/system/lib/libc.so)\n",
		    "Gecko;should_trace;Lock::unlock 1\n");
}

/* Of an old perf, or edited: nothing comes before addresses. */
static void bare_frames(void)
{
	expect_fold("app 99 cycles:\n55d0a0001136 work (/usr/bin/app)\n"
		    "55d0a0001100 main (/usr/bin/app)\n\n"
		    "app 99 cycles:\n401136 main (/usr/bin/app)\n",
		    "app;main 1\napp;main;work 1\n");
	/* Words of messages, though all their letters are digits. */
	expect_fold("app 1 [000] 1.0: 1 cycles: \nadded a map (app)\n" CHAIN,
		    FOLDED);
}

static void messages(void)
{
	expect_fold(" instruction trace error type 1 time 4525.744123981 cpu 0 "
		    "pid 21595 tid 21595 ip 0 code 8: Lost trace data\n"
		    "app 1 [000] 1.0: 1 cycles: \n"
		    "Failed to open /tmp/perf-1.map, continuing without "
		    "symbols\n" CHAIN "Warning:\nProcessed 12 events and lost "
		    "1 chunks!\n\n",
		    FOLDED);
}

static void large_periods(void)
{
	fold_options.samples = false;
	expect_fold("app 1 [000] 1.0: 9007199254740993 cycles: \n" CHAIN
		    "\napp 1 [000] 1.1: 9007199254740993 cycles: \n" CHAIN
		    "\napp 1 [000] 1.2: 18446744073709551615 cycles: \n" CHAIN,
		    "app;main;work 18464758472219033601\n");
	fold_options.samples = true;
}

static const struct unit_case cases[] = {
	{ "guests, modes, dates and times to the nanosecond stand before the "
	  "event",
	  fields_before },
	{ "a field that perf did not print is not made up", missing },
	{ "perf script -L is read unless it cuts a comm", latency },
	{ "a layout that leaves a doubt is refused by its field", doubts },
	{ "a frame on the sample's own line is found among other fields",
	  singles },
	{ "what follows a call chain, and source lines, are no frames",
	  chains },
	{ "frames need not be indented", bare_frames },
	{ "perf's messages between samples and frames are skipped", messages },
	{ "periods above 2^53, and their sums, are exact", large_periods },
};

UNIT_MAIN("perf_layout", cases)
