// SPDX-License-Identifier: GPL-2.0
/* See foreign_formats.h. */
#include "foreign_formats.h"

#define COLLAPSE(tool) "fold it with stackcollapse" tool " of FlameGraph"
#define NO_STACKS FOREIGN_NO_STACKS
#define PPROF                                                     \
	"print it with `go tool pprof -raw FILE` and fold that with " \
	"stackcollapse-go.pl of FlameGraph"
#define PERF_SCRIPT "give what `perf script` prints of the perf.data file"
#define UNPACK "unpack it first; gzip and zstd are read as they are"

#define BYTES(name, advice, size, ...) \
	{ { name, advice }, FOREIGN_BYTES, size, { __VA_ARGS__ } }
#define BEGINS(name, advice, ...) BYTES(name, advice, 0, __VA_ARGS__)
#define TEXT(name, advice, ...) \
	{ { name, advice }, FOREIGN_TEXT, 0, { __VA_ARGS__ } }
#define LINES(name, advice, ...) \
	{ { name, advice }, FOREIGN_LINES, 0, { __VA_ARGS__ } }
#define HOLDS(name, advice, ...) \
	{ { name, advice }, FOREIGN_HOLDS, 0, { __VA_ARGS__ } }

/* clang-format off */
const struct foreign_format foreign_formats[] = {
	/* perf */
	BEGINS("perf's own file", PERF_SCRIPT " (`perf script -i FILE`)", "PERFILE2"),
	BEGINS("perf's own file", PERF_SCRIPT " (`perf script -i FILE`)", "PERFFILE"),
	BEGINS("perf's own file of a machine of the other byte order", PERF_SCRIPT " (`perf script -i FILE`)", "2ELIFREP"),
	HOLDS("a dump of perf's records", PERF_SCRIPT " without -D", "PERF_RECORD_", "]: PERF_RECORD_", "0x"),
	HOLDS("a table by perf report", PERF_SCRIPT, "# Overhead", "# Samples:"),
	LINES("a table by perf report", PERF_SCRIPT, "# Overhead"),
	HOLDS("figures by perf stat", "record with `perf record -g` instead", "Performance counter stats for"),
	HOLDS("code by perf annotate", PERF_SCRIPT, "Percent", "Source code & Disassembly"),
	LINES("a trace of ftrace's", "it holds events without call stacks; record with `perf record -g` or `dither record`", "# tracer:"),
	BYTES("a file of trace-cmd", "record with `perf record -g` or `dither record` instead", 10, "\x17\x08\x44tracing"),
	/* Other profilers' text */
	LINES("a profile by bpftrace", COLLAPSE("-bpftrace.pl"), "Attaching "),
	LINES("a profile by bpftrace", COLLAPSE("-bpftrace.pl"), "@", "]: "),
	LINES("a map by bpftrace", COLLAPSE("-bpftrace.pl"), "@["),
	TEXT("a map by bpftrace", COLLAPSE("-bpftrace.pl"), "@", "]: "),
	HOLDS("a profile by BCC", "run the tool with -f, which prints folded stacks", " b'", " - "),
	TEXT("a profile by BCC", "run the tool with -f, which prints folded stacks", "Sampling at ", "Ctrl-C to end"),
	TEXT("a profile by BCC", "run the tool with -f, which prints folded stacks", "Tracing ", "Ctrl-C to end"),
	HOLDS("a profile by DTrace", COLLAPSE(".pl"), "FUNCTION:NAME"),
	HOLDS("a profile by macOS's sample", COLLAPSE("-sample.awk"), "Call graph:", "Analysis of sampling"),
	HOLDS("a profile by macOS's sample", COLLAPSE("-sample.awk"), "Call graph:", "Thread_"),
	HOLDS("a profile by Instruments", COLLAPSE("-instruments.pl"), "Running Time", "Symbol Name"),
	TEXT("a profile by Instruments", COLLAPSE("-instruments.pl"), "Weight\t", "Self Weight\t", "Symbol Name"),
	TEXT("a profile by Instruments", COLLAPSE("-instruments.pl"), "Bytes Used\t", "Symbol Name"),
	TEXT("a profile by VTune", COLLAPSE("-vtune.pl"), "Function Stack,", "Module"),
	TEXT("a profile by VTune", COLLAPSE("-vtune-mc.pl"), "Function Stack", "Allocation Size"),
	TEXT("a profile by Visual Studio", COLLAPSE("-vsprof.pl"), "Level,", "Function Name,"),
	LINES("a profile by FreeBSD's pmcstat", COLLAPSE("-pmc.pl"), "@ ", "100.0%  ["),
	HOLDS("a profile by SystemTap", COLLAPSE("-stap.pl"), " 0xffffffff", " : ", "+0x"),
	LINES("stacks by eu-stack", COLLAPSE("-elfutils.pl"), "TID ", "#0 "),
	LINES("threads' stacks by IBM Java", COLLAPSE("-ibmjava.pl"), "1XMTHDINFO"),
	HOLDS("Python's stacks by faulthandler", COLLAPSE("-faulthandler.pl"), "(most recent call first)", "File \""),
	BYTES("a report by simpleperf", "print perf.data with simpleperf's report_sample.py instead, whose text dither reads", 10, "SIMPLEPERF"),
	BYTES("a trace of methods by Android", "record with simpleperf, and print perf.data with report_sample.py", 9, "*version\n"),
	BYTES("a trace of methods by Android", "record with simpleperf, and print perf.data with report_sample.py", 4, "SLOW"),
	HOLDS("a trace by xctrace", COLLAPSE("-xctrace.pl"), "<trace-query-result"),
	LINES("a callgrind profile", COLLAPSE("-callgrind.pl"), "# callgrind format"),
	LINES("a callgrind profile", COLLAPSE("-callgrind.pl"), "events:", "fn="),
	LINES("a massif profile", "read it with ms_print", "desc:", "cmd:", "time_unit:"),
	LINES("a table by gprof", "use `perf record -g` or `dither record` instead, which see whole stacks", "Flat profile:"),
	HOLDS("a table by gprof", "use `perf record -g` or `dither record` instead, which see whole stacks", "cumulative", "self  ", "seconds   seconds"),
	HOLDS("a call graph by gprof", "use `perf record -g` or `dither record` instead, which see whole stacks", "Call graph", "index", "% time"),
	BEGINS("profile data of gprof", "use `perf record -g` or `dither record` instead", "gmon"),
	LINES("a GHC profile (.prof)", "convert it with ghc-prof-flamegraph, which makes folded stacks", "COST CENTRE"),
	HOLDS("a GHC profile (.prof)", "convert it with ghc-prof-flamegraph, which makes folded stacks", "Time and Allocation Profiling Report"),
	LINES("a GHC heap profile (.hp)", "draw it with hp2ps; it holds no stacks", "BEGIN_SAMPLE", "END_SAMPLE"),
	LINES("a GHC heap profile (.hp)", "draw it with hp2ps; it holds no stacks", "JOB ", "SAMPLE_UNIT"),
	LINES("samples of `go tool pprof -raw`", COLLAPSE("-go.pl"), "PeriodType:"),
	LINES("stacks by pprof -traces", PPROF, "Type: ", "-----------+-----"),
	HOLDS("a table by pprof", PPROF, "Showing nodes accounting for"),
	HOLDS("a table by pprof", PPROF, "flat%", "sum%", "cum%"),
	TEXT("a pprof profile in Go's text form", PPROF, "heap profile: "),
	TEXT("a pprof profile in Go's text form", PPROF, "goroutine profile: "),
	TEXT("a pprof profile in Go's text form", PPROF, "threadcreate profile: "),
	LINES("a pprof profile in Go's text form", PPROF, "--- contention"),
	LINES("a pprof profile in Go's text form", PPROF, "--- symbol"),
	LINES("goroutines' stacks", COLLAPSE("-go.pl") " from samples, or a profile by runtime/pprof", "goroutine "),
	HOLDS("threads' stacks by jstack", COLLAPSE("-jstack.pl"), "Full thread dump"),
	HOLDS("threads' stacks by jstack", COLLAPSE("-jstack.pl"), "java.lang.Thread.State:"),
	LINES("stacks by gdb", COLLAPSE("-gdb.pl"), "#0 ", "#1  0x"),
	LINES("stacks by pstack", COLLAPSE("-gdb.pl"), "Thread 1 (", "#0"),
	BYTES("a Java Flight Recorder file", "convert it with async-profiler's `jfrconv --output collapsed`", 4, "FLR"),
	HOLDS("events by jfr print", "convert the .jfr file with async-profiler's `jfrconv --output collapsed`", "jdk.", "startTime = ", "{"),
	HOLDS("a table by async-profiler", "run it with `-o collapsed`", "--- Execution profile ---"),
	LINES("a profile by async-profiler", "run it with `-o collapsed`", "--- ", "[ 0] "),
	BEGINS("a log of V8's", "fold it with `node --prof-process --preprocess` and a converter, or use `node --perf-basic-prof` with perf", "v8-version,"),
	HOLDS("a table by node --prof-process", "use `node --perf-basic-prof` with perf", "Statistical profiling result"),
	HOLDS("a table by Python's cProfile", "record with `py-spy record -f raw`, which prints folded stacks", "function calls", "tottime"),
	LINES("stacks by py-spy dump", "record with `py-spy record -f raw`, which prints folded stacks", "Python v", "Thread "),
	LINES("a Python traceback", "record with `py-spy record -f raw`, which prints folded stacks", "Traceback (most recent call last)"),
	HOLDS("a trace by Xdebug", COLLAPSE("-xdebug.php"), "TRACE START"),
	TEXT("a profile by heaptrack", "print it with `heaptrack_print -F FILE`, which makes folded stacks", "v 1", "\nx ", "\nX "),
	BEGINS("a file of sysprof's", "record with `perf record -g` or `dither record` instead", "\xdc\xa9\xb1\xfd"),
	HOLDS("a trace by strace", "it holds no stacks; record with `perf record -g` or `dither record`", "execve(", ") = "),
	/* Profiles and traces in JSON */
	TEXT("a speedscope profile", "export folded stacks, or pprof, from the profiler that wrote it", "{", "speedscope.app/file-format-schema"),
	HOLDS("a trace of Chrome's", COLLAPSE("-chrome-tracing.py"), "\"traceEvents\""),
	TEXT("a trace of Chrome's", COLLAPSE("-chrome-tracing.py"), "[", "\"ph\":", "\"ts\":"),
	TEXT("a profile of V8's (.cpuprofile)", "record with `node --perf-basic-prof` and perf", "{", "\"callFrame\"", "\"nodes\""),
	TEXT("a profile of Firefox Profiler or samply", "give what `perf script` prints, or record with `dither record`", "{", "\"stackTable\""),
	TEXT("a profile by stackprof", "print it with `stackprof --collapsed` (or --stackcollapse)", "{", "\"mode\"", "\"raw\""),
	TEXT("OpenTelemetry data", "export folded stacks, or pprof, from the profiler that wrote it", "{", "\"resourceProfiles\""),
	/* Pictures and documents */
	HOLDS("a flame graph, drawn", "give the folded stacks that it was drawn from", "<svg", "flamegraph"),
	HOLDS("an SVG picture", NO_STACKS, "<svg", "xmlns"),
	TEXT("an HTML page", NO_STACKS, "<!DOCTYPE html"),
	TEXT("an HTML page", NO_STACKS, "<!doctype html"),
	TEXT("an HTML page", NO_STACKS, "<html"),
	TEXT("XML", NO_STACKS, "<?xml"),
	TEXT("XML", NO_STACKS, "<!DOCTYPE"),
	BEGINS("a PDF document", NO_STACKS, "%PDF-"),
	BEGINS("PostScript", NO_STACKS, "%!"),
	BEGINS("a PNG picture", NO_STACKS, "\x89PNG"),
	BEGINS("a JPEG picture", NO_STACKS, "\xff\xd8\xff"),
	BEGINS("a GIF picture", NO_STACKS, "GIF8"),
	BEGINS("sound or a picture", NO_STACKS, "RIFF"),
	BYTES("a TIFF picture", NO_STACKS, 4, "II*"),
	BEGINS("a picture (XPM)", NO_STACKS, "/* XPM */"),
	BYTES("an icon", NO_STACKS, 4, "\0\0\1\0"),
	BEGINS("rich text (RTF)", NO_STACKS, "{\\rtf"),
	LINES("a manual page", NO_STACKS, ".TH "),
	LINES("a manual page", NO_STACKS, ".Dd "),
	LINES("a manual page", NO_STACKS, ".so man"),
	LINES("TeX", NO_STACKS, "\\documentclass"),
	/* Programs and archives */
	BEGINS("an ELF file (a program, library or core)", "record it while it runs: `dither record -- PROGRAM`", "\x7f" "ELF"),
	BEGINS("a Java class", NO_STACKS, "\xca\xfe\xba\xbe"),
	BYTES("a program for Windows", NO_STACKS, 2, "MZ"),
	BEGINS("a program for macOS", NO_STACKS, "\xcf\xfa\xed\xfe"),
	BYTES("WebAssembly", NO_STACKS, 4, "\0asm"),
	BEGINS("a zip archive", UNPACK, "PK\3\4"),
	BEGINS("an archive (ar, deb)", UNPACK, "!<arch>"),
	BEGINS("data packed by xz", UNPACK " (xz -d)", "\xfd" "7zXZ"),
	BEGINS("data packed by bzip2", UNPACK " (bzip2 -d)", "BZh"),
	BEGINS("data packed by lz4", UNPACK " (lz4 -d)", "\x04\x22\x4d\x18"),
	BEGINS("a 7z archive", UNPACK, "7z\xbc\xaf"),
	BEGINS("an SQLite database", NO_STACKS, "SQLite format 3"),
	BEGINS("a CTF trace (LTTng)", "record with `perf record -g` or `dither record` instead", "\xc1\x1f\xfc\xc1"),
	/* Everyday text */
	BEGINS("a script", NO_STACKS, "#!"),
	LINES("a patch", NO_STACKS, "--- ", "+++ ", "@@ "),
	LINES("C or C++ source", NO_STACKS, "#include "),
	LINES("C or C++ source", NO_STACKS, "#define "),
	LINES("a key or certificate", NO_STACKS, "-----BEGIN "),
	LINES("mail", NO_STACKS, "From: ", "Subject: "),
	LINES("a catalogue of messages", NO_STACKS, "msgid ", "msgstr "),
	HOLDS("PHP source", NO_STACKS, "<?php"),
};
/* clang-format on */

const size_t foreign_format_count =
	sizeof(foreign_formats) / sizeof(*foreign_formats);
