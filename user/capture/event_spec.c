// SPDX-License-Identifier: GPL-2.0
/* Lists of events, their modifiers and periods, and refusals in words. */
#include "event_spec.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "event_names.h"

/* Distances to begin with, where a frequency is to be met. */
#define FIRST_PERIOD_MANY 100000 /* cycles and the like */
#define FIRST_PERIOD_SOME 1000
#define FIRST_PERIOD_FEW 1 /* page faults */

/* Sets @flags from "u", "k" or both; false: other letters. */
static bool take_modifiers(const char *text, uint32_t *flags)
{
	bool user = false, kernel = false;

	if (!*text)
		return false;
	for (; *text; text++) {
		user |= *text == 'u';
		kernel |= *text == 'k';
		if (*text != 'u' && *text != 'k')
			return false;
	}
	if (user != kernel)
		*flags = user ? DITHER_EVENT_USER_ONLY :
				DITHER_EVENT_KERNEL_ONLY;
	return true;
}

/* Cuts "NAME:u", "pmu/terms/u" and "pmu/terms/:u" down to the name. */
static bool split_modifiers(char *name, uint32_t *flags)
{
	char *slash = strrchr(name, '/'), *colon = strrchr(name, ':');

	if (slash && slash != strchr(name, '/')) {
		char *rest = slash + 1;

		if (!*rest)
			return true;
		if (!take_modifiers(*rest == ':' ? rest + 1 : rest, flags))
			return false;
		*rest = '\0';
		return true;
	}
	if (!colon)
		return true;
	*colon = '\0';
	return take_modifiers(colon + 1, flags);
}

static bool same(const struct dither_event *a, const struct dither_event *b)
{
	return a->type == b->type && a->config == b->config &&
	       a->config1 == b->config1 && a->config2 == b->config2 &&
	       a->flags == b->flags;
}

/* Its place in the list, where it may have been before; or negative. */
static int add(struct event_list *list, const char *text, const char *sysfs,
	       struct error *error)
{
	struct dither_event event = { .size = sizeof(event) };
	char *name = alloc_string(text);
	struct error why = { "" };
	int result = -EINVAL;
	unsigned int place;

	if (!split_modifiers(name, &event.flags)) {
		error_set(
			error, -EINVAL,
			"'%s': what follows the name may be u (user) or k (kernel)",
			text);
		goto out;
	}
	if (event_name_resolve(name, sysfs, &event, &why)) {
		error_set(error, -EINVAL, "'%s': %s", text, why.text);
		goto out;
	}
	for (place = 0; place < list->count; place++)
		if (same(&list->event[place], &event))
			break;
	if (place == DITHER_COUNTERS_MAX) {
		error_set(error, -EINVAL, "'%s': no more than %u events", text,
			  DITHER_COUNTERS_MAX);
		goto out;
	}
	if (place == list->count) {
		list->event[place] = event;
		list->name[place] = alloc_string(text);
		list->count++;
	}
	result = (int)place;
out:
	free(name);
	return result;
}

/* The next of @text, up to a comma that is not between slashes. */
static char *next_word(const char **text)
{
	const char *at = *text;
	bool inside = false;
	char *word;

	for (; *at && (*at != ',' || inside); at++)
		inside ^= *at == '/';
	word = alloc_zeroed((size_t)(at - *text) + 1, 1);
	memcpy(word, *text, (size_t)(at - *text));
	*text = *at ? at + 1 : NULL;
	return word;
}

int events_add(struct event_list *list, const char *text, const char *sysfs,
	       struct error *error)
{
	int result = 0;

	while (text && result >= 0) {
		char *word = next_word(&text);

		result = add(list, word, sysfs, error);
		free(word);
	}
	return result < 0 ? result : 0;
}

/* Cuts ":PERIOD" off; 0: there is none. */
static int split_period(char *word, uint64_t *period, struct error *error)
{
	char *colon = strrchr(word, ':'), *end;
	unsigned long long number;

	*period = 0;
	if (!colon || colon[1] < '0' || colon[1] > '9')
		return 0;
	errno = 0;
	number = strtoull(colon + 1, &end, 10);
	if (errno || *end || !number || number > DITHER_EVENT_PERIOD_MAX)
		return error_set(
			error, -EINVAL,
			"'%s': a period is a number of events, 1 to 2^40",
			word);
	*period = number;
	*colon = '\0';
	return 0;
}

static uint64_t first_period(const struct dither_event *event)
{
	if (event->type == PERF_TYPE_SOFTWARE)
		return event->config <= PERF_COUNT_SW_TASK_CLOCK ?
			       FIRST_PERIOD_MANY :
			       FIRST_PERIOD_FEW;
	if (event->type == PERF_TYPE_HARDWARE &&
	    event->config <= PERF_COUNT_HW_INSTRUCTIONS)
		return FIRST_PERIOD_MANY;
	return FIRST_PERIOD_SOME;
}

static int add_clock(struct event_list *list, char *word, const char *sysfs,
		     struct error *error)
{
	struct dither_event *event;
	uint64_t period;
	int place;

	place = split_period(word, &period, error);
	if (!place)
		place = add(list, word, sysfs, error);
	if (place < 0)
		return place;
	event = &list->event[place];
	event->target_ns = !period;
	event->period = period ? period : first_period(event);
	return 0;
}

int events_add_clocks(struct event_list *list, const char *text,
		      const char *sysfs, bool *time, struct error *error)
{
	int result = 0;

	while (text && !result) {
		char *word = next_word(&text);

		if (!strcmp(word, "time"))
			*time = true;
		else
			result = add_clock(list, word, sysfs, error);
		free(word);
	}
	return result;
}

void events_aim(struct event_list *list, unsigned long long ns)
{
	for (unsigned int i = 0; i < list->count; i++)
		if (list->event[i].target_ns)
			list->event[i].target_ns = ns;
}

bool events_make_samples(const struct event_list *list)
{
	for (unsigned int i = 0; i < list->count; i++)
		if (list->event[i].period)
			return true;
	return false;
}

void events_drop(struct event_list *list, unsigned int number)
{
	free(list->name[number]);
	list->count--;
	for (unsigned int i = number; i < list->count; i++) {
		list->event[i] = list->event[i + 1];
		list->name[i] = list->name[i + 1];
	}
}

void events_free(struct event_list *list)
{
	while (list->count)
		events_drop(list, list->count - 1);
}

const char *events_refusal(const struct dither_event *event, bool has_pmu)
{
	bool hardware = event->type != PERF_TYPE_SOFTWARE;

	if (hardware && !has_pmu &&
	    (event->error == -ENOENT || event->error == -ENODEV ||
	     event->error == -EOPNOTSUPP))
		return "no PMU: this machine has no hardware counters that its kernel knows (a virtual machine often has none)";
	switch (event->error) {
	case -ENOENT:
	case -ENODEV:
		return "not supported: the PMU does not have it";
	case -EOPNOTSUPP:
		return event->period ?
			       "not supported as a clock: it can be counted only (-e)" :
			       "not supported by this PMU";
	case -EXDEV:
		return "not supported: it is counted for several CPUs together";
	case -EBUSY:
	case -ENOSPC:
		return "no counter is free: leave other events out, or end what else uses counters (perf, the NMI watchdog)";
	case -EINVAL:
		return "the PMU does not take these values";
	case -EACCES:
	case -EPERM:
		return "permission denied";
	default:
		return strerror(-event->error);
	}
}
