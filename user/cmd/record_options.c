// SPDX-License-Identifier: GPL-2.0
/* Command line → struct dither_config; every refusal names the option. */
#include "record_options.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/error.h"
#include "../base/policy.h"
#include "../load/input_options.h"
#include "record_events.h"

enum {
	OPTION_JITTER = OPTION_OWN,
	OPTION_SEED,
	OPTION_ALL_USER,
	OPTION_ALL_KERNEL,
	OPTION_BUDGET,
	OPTION_RING_SIZE,
	OPTION_DEPTH,
	OPTION_IDLE,
	OPTION_DURATION,
	OPTION_UNWIND,
	OPTION_CLOCK,
	OPTION_ALLOW_MISSING,
};

static const struct option long_options[] = {
	{ "freq", required_argument, NULL, 'F' },
	{ "pid", required_argument, NULL, 'p' },
	{ "all-cpus", no_argument, NULL, 'a' },
	{ "cpu", required_argument, NULL, 'C' },
	{ "event", required_argument, NULL, 'e' },
	{ "clock", required_argument, NULL, OPTION_CLOCK },
	{ "allow-missing", no_argument, NULL, OPTION_ALLOW_MISSING },
	{ "output", required_argument, NULL, 'o' },
	{ "no-inherit", no_argument, NULL, 'i' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ "jitter", required_argument, NULL, OPTION_JITTER },
	{ "seed", required_argument, NULL, OPTION_SEED },
	{ "all-user", no_argument, NULL, OPTION_ALL_USER },
	{ "all-kernel", no_argument, NULL, OPTION_ALL_KERNEL },
	{ "budget", required_argument, NULL, OPTION_BUDGET },
	{ "ring-size", required_argument, NULL, OPTION_RING_SIZE },
	{ "depth", required_argument, NULL, OPTION_DEPTH },
	{ "idle", no_argument, NULL, OPTION_IDLE },
	{ "duration", required_argument, NULL, OPTION_DURATION },
	{ "unwind", required_argument, NULL, OPTION_UNWIND },
	{ 0 }
};

static const char help_text[] =
	"Usage: dither record [OPTIONS] [-- COMMAND [ARGUMENT...]]\n"
	"Sample COMMAND and its children, the processes of -p, or the whole system.\n"
	"\n"
	"  -F, --freq HZ      samples per second and CPU, 1 to 20000 (default: 99)\n"
	"  -p, --pid PID,...  sample these processes and their children\n"
	"  -a, --all-cpus     sample everything, also beside COMMAND\n"
	"  -C, --cpu LIST     only on these CPUs (0,2-3; default: all but isolated\n"
	"                     ones: isolcpus, nohz_full)\n"
	"  -e, --event EVENT,...  count these with every sample, by perf's names\n"
	"                     (cycles,instructions,cache-misses; r1a8; cpu/event=.../);\n"
	"                     up to 6 with those of --clock\n"
	"      --clock CLOCK,...  what samples: time (default), EVENT:PERIOD (each\n"
	"                     PERIOD events on average), EVENT (as often as -F says)\n"
	"      --allow-missing  go on without events that cannot be had\n"
	"  -o, --output FILE  (default: dither.dither)\n"
	"  -i, --no-inherit   leave children out\n"
	"      --jitter POLICY  stratified (default), poisson, uniform:J, fixed;\n"
	"                     J: intervals vary by this part of the mean, 0 to 1\n"
	"      --seed N       for the instants, to repeat a schedule\n"
	"      --all-user     only samples in user mode\n"
	"      --all-kernel   only samples in kernel mode\n"
	"      --budget PERCENT  of each CPU that sampling may take (default: the\n"
	"                     module's, 1); 100: no limit\n"
	"      --ring-size SIZE  bytes per CPU, a power of two, K or M (default: 64K\n"
	"                     to 1M, by the machine's memory and CPUs)\n"
	"      --depth N      frames of one stack, 1 to 255 (default: 127)\n"
	"      --unwind tables|fp  how user stacks are walked: by unwind tables\n"
	"                     (default), or by frame pointers alone\n"
	"      --idle         sample idle CPUs too\n"
	"      --duration S   stop after so many seconds\n"
	"  -q, --quiet        no progress and no summary\n"
	"  -h, --help\n"
	"\n"
	"Ends with COMMAND's exit status; 2: wrong use, 3: this machine cannot.\n";

static int refuse(const char *option, const char *value, const char *why)
{
	error_print("record: %s %s: %s", option, value, why);
	return EXIT_USAGE;
}

static int parse_number(const char *text, double low, double high,
			double *number)
{
	char *end;

	errno = 0;
	*number = strtod(text, &end);
	if (end == text || *end || errno || !(*number >= low) ||
	    !(*number <= high))
		return -EINVAL;
	return 0;
}

static int parse_frequency(struct record_options *options, const char *text)
{
	double hertz;

	if (parse_number(text, 1, 20000, &hertz))
		return refuse("-F", text, "must lie in 1 to 20000 (Hz)");
	options->config.period_ns = llround(1e9 / hertz);
	return 0;
}

static int parse_pids(struct record_options *options, const char *text)
{
	struct dither_config *config = &options->config;
	const char *at = text;
	char *end;

	do {
		long pid = strtol(at, &end, 10);

		if (end == at || pid < 1 || pid > 0x7fffffff ||
		    (*end && *end != ','))
			return refuse("-p", text,
				      "must be process numbers (PID,PID,...)");
		if (config->nr_pids == DITHER_PIDS_MAX)
			return refuse("-p", text, "too many processes");
		options->pids[config->nr_pids++] = pid;
		at = end + 1;
	} while (*end);
	return 0;
}

static int parse_cpus(struct record_options *options, const char *text)
{
	const char *at = text;
	char *end;

	do {
		long first = strtol(at, &end, 10), last = first;

		if (end == at)
			first = -1;
		if (end != at && *end == '-') {
			at = end + 1;
			last = strtol(at, &end, 10);
			if (end == at)
				last = -1;
		}
		if (first < 0 || last < first || last >= RECORD_CPUS_MAX ||
		    (*end && *end != ','))
			return refuse("-C", text,
				      "must be a list of CPUs (0,2-3)");
		for (long cpu = first; cpu <= last; cpu++) {
			options->cpumask[cpu / 8] |= 1 << cpu % 8;
			if (cpu / 8 >= (long)options->config.cpumask_bytes)
				options->config.cpumask_bytes = cpu / 8 + 1;
		}
		at = end + 1;
	} while (*end);
	return 0;
}

static int parse_jitter(struct record_options *options, const char *text)
{
	struct dither_config *config = &options->config;

	if (!policy_read(text, &config->policy, &config->jitter_ppm))
		return refuse("--jitter", text, "must be " POLICY_WORDS);
	return 0;
}

static int parse_seed(struct record_options *options, const char *text)
{
	char *end;

	errno = 0;
	options->config.seed = strtoull(text, &end, 0);
	if (end == text || *end || errno || *text == '-')
		return refuse("--seed", text, "must be a number below 2^64");
	options->config.flags |= DITHER_F_SEED;
	return 0;
}

static int parse_ring_size(struct record_options *options, const char *text)
{
	unsigned long long bytes;
	char *end;

	errno = 0;
	bytes = strtoull(text, &end, 10);
	if (*end == 'K' || *end == 'M')
		bytes <<= *end++ == 'K' ? 10 : 20;
	if (end == text || *end || errno || bytes & (bytes - 1) ||
	    bytes < DITHER_RING_MIN || bytes > DITHER_RING_MAX)
		return refuse("--ring-size", text,
			      "must be a power of two, 64K to 256M");
	options->config.ring_bytes = bytes;
	return 0;
}

static int parse_unwind(struct record_options *options, const char *text)
{
	if (!strcmp(text, "tables"))
		options->unwind = RECORD_UNWIND_TABLES;
	else if (!strcmp(text, "fp"))
		options->unwind = RECORD_UNWIND_FRAME_POINTERS;
	else
		return refuse("--unwind", text, "must be tables or fp");
	return 0;
}

static int parse_option(struct record_options *options, int option)
{
	struct dither_config *config = &options->config;
	double number;

	switch (option) {
	case 'F':
		return parse_frequency(options, optarg);
	case 'p':
		return parse_pids(options, optarg);
	case 'a':
		options->system_wide = true;
		return 0;
	case 'C':
		return parse_cpus(options, optarg);
	case 'o':
		options->output = optarg;
		return 0;
	case 'i':
		config->flags &= ~DITHER_F_INHERIT;
		return 0;
	case 'q':
		options->quiet = true;
		return 0;
	case OPTION_JITTER:
		return parse_jitter(options, optarg);
	case OPTION_SEED:
		return parse_seed(options, optarg);
	case OPTION_ALL_USER:
		config->flags |= DITHER_F_USER_ONLY;
		return 0;
	case OPTION_ALL_KERNEL:
		config->flags |= DITHER_F_KERNEL_ONLY;
		return 0;
	case OPTION_BUDGET:
		if (parse_number(optarg, 0.0001, 100, &number))
			return refuse("--budget", optarg,
				      "must lie in 0.0001 to 100 (percent)");
		config->budget_ppm = lround(number * 10000);
		return 0;
	case OPTION_RING_SIZE:
		return parse_ring_size(options, optarg);
	case OPTION_DEPTH:
		if (parse_number(optarg, 1, DITHER_DEPTH_MAX, &number) ||
		    number != floor(number))
			return refuse("--depth", optarg,
				      "must be a whole number, 1 to 255");
		config->max_depth = number;
		return 0;
	case 'e':
		return record_events_add(options, optarg);
	case OPTION_CLOCK:
		return record_events_clock(options, optarg);
	case OPTION_ALLOW_MISSING:
		options->allow_missing = true;
		return 0;
	case OPTION_UNWIND:
		return parse_unwind(options, optarg);
	case OPTION_IDLE:
		config->flags |= DITHER_F_IDLE;
		return 0;
	case OPTION_DURATION:
		if (parse_number(optarg, 0.001, 1e9, &options->duration))
			return refuse("--duration", optarg,
				      "must be a number of seconds");
		return 0;
	}
	return EXIT_USAGE;
}

static int check_together(struct record_options *options)
{
	struct dither_config *config = &options->config;

	if (config->flags & DITHER_F_USER_ONLY &&
	    config->flags & DITHER_F_KERNEL_ONLY) {
		error_print("record: --all-user and --all-kernel leave nothing");
		return EXIT_USAGE;
	}
	if (config->nr_pids && (options->system_wide || options->command)) {
		error_print("record: -p does not go with %s",
			    options->command ? "a command" : "-a");
		return EXIT_USAGE;
	}
	return 0;
}

int record_options_parse(struct record_options *options, int argc, char **argv,
			 bool *help)
{
	int option, result;

	memset(options, 0, sizeof(*options));
	*help = false;
	options->output = "dither.dither";
	options->config.size = sizeof(options->config);
	options->config.period_ns = llround(1e9 / 99);
	options->config.flags = DITHER_F_INHERIT;

	options_begin();
	/* "+": what follows the command is the command's. */
	while ((option = getopt_long(argc, argv, "+:F:p:aC:e:o:iqh",
				     long_options, NULL)) != -1) {
		if (option == 'h') {
			fputs(help_text, stdout);
			*help = true;
			return 0;
		}
		if (option == '?' || option == ':')
			return options_wrong(option, argv);
		result = parse_option(options, option);
		if (result)
			return result;
	}
	if (optind < argc)
		options->command = argv + optind;
	options->config.pids = (uintptr_t)options->pids;
	if (options->config.cpumask_bytes)
		options->config.cpumask = (uintptr_t)options->cpumask;
	result = check_together(options);
	return result ? result : record_events_settle(options);
}
