// SPDX-License-Identifier: GPL-2.0
/*
 * The generic names are the kernel's own (enum perf_hw_id and its sisters);
 * those of PMUs are read from sysfs, where format/TERM says which bits of which
 * config a term fills, and events/NAME is a list of terms.
 */
#include "event_names.h"

#include <dirent.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"

#define TEXT_MAX 4096

struct generic {
	const char *name;
	uint32_t type;
	uint64_t config;
};

#define HARDWARE(name, config)                   \
	{                                        \
		name, PERF_TYPE_HARDWARE, config \
	}
#define SOFTWARE(name, config)                   \
	{                                        \
		name, PERF_TYPE_SOFTWARE, config \
	}

static const struct generic generics[] = {
	HARDWARE("cycles", PERF_COUNT_HW_CPU_CYCLES),
	HARDWARE("cpu-cycles", PERF_COUNT_HW_CPU_CYCLES),
	HARDWARE("instructions", PERF_COUNT_HW_INSTRUCTIONS),
	HARDWARE("cache-references", PERF_COUNT_HW_CACHE_REFERENCES),
	HARDWARE("cache-misses", PERF_COUNT_HW_CACHE_MISSES),
	HARDWARE("branches", PERF_COUNT_HW_BRANCH_INSTRUCTIONS),
	HARDWARE("branch-instructions", PERF_COUNT_HW_BRANCH_INSTRUCTIONS),
	HARDWARE("branch-misses", PERF_COUNT_HW_BRANCH_MISSES),
	HARDWARE("bus-cycles", PERF_COUNT_HW_BUS_CYCLES),
	HARDWARE("stalled-cycles-frontend",
		 PERF_COUNT_HW_STALLED_CYCLES_FRONTEND),
	HARDWARE("idle-cycles-frontend", PERF_COUNT_HW_STALLED_CYCLES_FRONTEND),
	HARDWARE("stalled-cycles-backend",
		 PERF_COUNT_HW_STALLED_CYCLES_BACKEND),
	HARDWARE("idle-cycles-backend", PERF_COUNT_HW_STALLED_CYCLES_BACKEND),
	HARDWARE("ref-cycles", PERF_COUNT_HW_REF_CPU_CYCLES),
	SOFTWARE("cpu-clock", PERF_COUNT_SW_CPU_CLOCK),
	SOFTWARE("task-clock", PERF_COUNT_SW_TASK_CLOCK),
	SOFTWARE("page-faults", PERF_COUNT_SW_PAGE_FAULTS),
	SOFTWARE("faults", PERF_COUNT_SW_PAGE_FAULTS),
	SOFTWARE("context-switches", PERF_COUNT_SW_CONTEXT_SWITCHES),
	SOFTWARE("cs", PERF_COUNT_SW_CONTEXT_SWITCHES),
	SOFTWARE("cpu-migrations", PERF_COUNT_SW_CPU_MIGRATIONS),
	SOFTWARE("migrations", PERF_COUNT_SW_CPU_MIGRATIONS),
	SOFTWARE("minor-faults", PERF_COUNT_SW_PAGE_FAULTS_MIN),
	SOFTWARE("major-faults", PERF_COUNT_SW_PAGE_FAULTS_MAJ),
	SOFTWARE("alignment-faults", PERF_COUNT_SW_ALIGNMENT_FAULTS),
	SOFTWARE("emulation-faults", PERF_COUNT_SW_EMULATION_FAULTS),
};

/* "L1-dcache" + "-load-misses". */
static const char *const caches[] = {
	[PERF_COUNT_HW_CACHE_L1D] = "L1-dcache",
	[PERF_COUNT_HW_CACHE_L1I] = "L1-icache",
	[PERF_COUNT_HW_CACHE_LL] = "LLC",
	[PERF_COUNT_HW_CACHE_DTLB] = "dTLB",
	[PERF_COUNT_HW_CACHE_ITLB] = "iTLB",
	[PERF_COUNT_HW_CACHE_BPU] = "branch",
	[PERF_COUNT_HW_CACHE_NODE] = "node",
};

/* By operation, then result. */
static const char *const accesses[][2] = {
	[PERF_COUNT_HW_CACHE_OP_READ] = { "-loads", "-load-misses" },
	[PERF_COUNT_HW_CACHE_OP_WRITE] = { "-stores", "-store-misses" },
	[PERF_COUNT_HW_CACHE_OP_PREFETCH] = { "-prefetches",
					      "-prefetch-misses" },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool find_generic(const char *name, struct dither_event *event)
{
	for (size_t i = 0; i < COUNT(generics); i++) {
		if (strcmp(name, generics[i].name))
			continue;
		event->type = generics[i].type;
		event->config = generics[i].config;
		return true;
	}
	return false;
}

static bool find_cache(const char *name, struct dither_event *event)
{
	for (size_t cache = 0; cache < COUNT(caches); cache++) {
		size_t length = strlen(caches[cache]);

		if (strncmp(name, caches[cache], length))
			continue;
		for (size_t access = 0; access < COUNT(accesses) * 2;
		     access++) {
			size_t operation = access / 2, result = access % 2;

			if (strcmp(name + length, accesses[operation][result]))
				continue;
			event->type = PERF_TYPE_HW_CACHE;
			event->config = cache | operation << 8 | result << 16;
			return true;
		}
	}
	return false;
}

static bool parse_value(const char *text, int base, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, base);
	return end != text && !*end && !errno && *text != '-' && *text != ' ';
}

static bool find_raw(const char *name, struct dither_event *event)
{
	uint64_t value;

	if (name[0] != 'r' || !name[1] || !parse_value(name + 1, 16, &value))
		return false;
	event->config = value;
	event->type = PERF_TYPE_RAW;
	return true;
}

/* A small file below sysfs, without its newline; NULL: it is not there. */
static char *read_text(const char *sysfs, const char *pmu, const char *folder,
		       const char *file)
{
	char *path = alloc_format("%s/%s/%s%s%s", sysfs, pmu, folder,
				  *folder ? "/" : "", file);
	FILE *input = fopen(path, "re");
	char *text = NULL;
	size_t length;

	free(path);
	if (!input)
		return NULL;
	text = alloc_zeroed(TEXT_MAX + 1, 1);
	length = fread(text, 1, TEXT_MAX, input);
	fclose(input);
	text[length] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return text;
}

static bool is_plain(const char *name)
{
	return *name && *name != '.' && !strpbrk(name, "/\n");
}

/* Spread @value over the bits of @format, "config1:0-7,21". */
static bool put_bits(struct dither_event *event, const char *format,
		     uint64_t value)
{
	const char *at = strchr(format, ':');
	__u64 *config;
	char *end;

	if (!at)
		return false;
	if (!strncmp(format, "config:", 7))
		config = &event->config;
	else if (!strncmp(format, "config1:", 8))
		config = &event->config1;
	else if (!strncmp(format, "config2:", 8))
		config = &event->config2;
	else
		return false;
	do {
		unsigned long low = strtoul(at + 1, &end, 10), high = low;

		if (end == at + 1)
			return false;
		if (*end == '-')
			high = strtoul(end + 1, &end, 10);
		if (high < low || high > 63)
			return false;
		for (unsigned long bit = low; bit <= high; bit++, value >>= 1) {
			*config &= ~(1ULL << bit);
			*config |= (value & 1) << bit;
		}
		at = end;
	} while (*at == ',');
	/* More than the field holds. */
	return !*at && !value;
}

static int take_terms(const char *sysfs, const char *pmu, char *terms,
		      bool aliases, struct dither_event *event,
		      struct error *error);

static int take_term(const char *sysfs, const char *pmu, char *term,
		     bool aliases, struct dither_event *event,
		     struct error *error)
{
	char *equals = strchr(term, '='), *text;
	uint64_t value = 1;
	int result;
	bool good;

	if (equals)
		*equals = '\0';
	if (!is_plain(term) || (equals && !parse_value(equals + 1, 0, &value)))
		return error_set(error, -EINVAL,
				 "'%s' of %s is no number, 0 to 2^64-1", term,
				 pmu);
	if (!strcmp(term, "config")) {
		event->config = value;
		return 0;
	}
	if (!strcmp(term, "config1")) {
		event->config1 = value;
		return 0;
	}
	if (!strcmp(term, "config2")) {
		event->config2 = value;
		return 0;
	}
	text = read_text(sysfs, pmu, "format", term);
	if (text) {
		good = put_bits(event, text, value);
		free(text);
		if (good)
			return 0;
		return error_set(error, -EINVAL,
				 "'%s' of %s does not take that value", term,
				 pmu);
	}
	text = aliases && !equals ? read_text(sysfs, pmu, "events", term) :
				    NULL;
	if (!text)
		return error_set(error, -EINVAL,
				 "PMU %s has neither a term nor an event '%s'",
				 pmu, term);
	result = take_terms(sysfs, pmu, text, false, event, error);
	free(text);
	return result;
}

static int take_terms(const char *sysfs, const char *pmu, char *terms,
		      bool aliases, struct dither_event *event,
		      struct error *error)
{
	char *term;
	int result = 0;

	while (!result && (term = strsep(&terms, ",")))
		if (*term)
			result = take_term(sysfs, pmu, term, aliases, event,
					   error);
	return result;
}

static int find_in_pmu(const char *sysfs, const char *pmu, char *terms,
		       struct dither_event *event, struct error *error)
{
	char *type = is_plain(pmu) ? read_text(sysfs, pmu, "", "type") : NULL;
	uint64_t number;
	bool good;

	if (!type)
		return error_set(error, -EINVAL,
				 "this machine has no PMU '%s'; see %s", pmu,
				 sysfs);
	good = parse_value(type, 10, &number) && number <= UINT32_MAX;
	free(type);
	if (!good)
		return error_set(error, -EINVAL, "PMU '%s' has no type", pmu);
	event->type = number;
	return take_terms(sysfs, pmu, terms, true, event, error);
}

/* A word of its own, such as "inst_retired": the first PMU that knows it. */
static bool find_anywhere(const char *sysfs, const char *name,
			  struct dither_event *event, struct error *error)
{
	struct dirent **entries;
	int count = scandir(sysfs, &entries, NULL, alphasort);
	bool found = false;

	for (int i = 0; i < count; i++) {
		const char *pmu = entries[i]->d_name;
		char *text = NULL;

		if (!found && *pmu != '.' && is_plain(name))
			text = read_text(sysfs, pmu, "events", name);
		if (text) {
			char *terms = alloc_string(name);

			found = !find_in_pmu(sysfs, pmu, terms, event, error);
			free(terms);
		}
		free(text);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return found;
}

int event_name_resolve(const char *name, const char *sysfs,
		       struct dither_event *event, struct error *error)
{
	char *copy, *terms, *end;
	int result;

	if (!strchr(name, '/')) {
		if (find_generic(name, event) || find_cache(name, event) ||
		    find_raw(name, event) ||
		    find_anywhere(sysfs, name, event, error))
			return 0;
		return error_set(
			error, -EINVAL,
			"no event is called so: see 'perf list', or write rHEX or pmu/event=.../");
	}
	copy = alloc_string(name);
	terms = strchr(copy, '/');
	*terms++ = '\0';
	end = strchr(terms, '/');
	if (!end || end[1]) {
		result = error_set(error, -EINVAL,
				   "must end with a '/', as cpu/event=0x3c/");
	} else {
		*end = '\0';
		result = find_in_pmu(sysfs, copy, terms, event, error);
	}
	free(copy);
	return result;
}
