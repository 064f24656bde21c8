// SPDX-License-Identifier: GPL-2.0
/*
 * Where and why the user stacks of a recording ended that are not complete,
 * samples in exec and exit left out, as by starts, and those of the recorder:
 *
 *	build/bench/ends RECORDING
 *
 * Each line: samples, end, unwinder, file, function; the most frequent first.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../user/base/alloc.h"
#include "../../user/base/string_table.h"
#include "../../user/file/recording.h"
#include "../../user/file/replay.h"
#include "../../user/resolve/resolve.h"

struct counter {
	struct resolver *resolver;
	struct string_table *places;
	unsigned long *counts; /* by number in .places */
	size_t room;
};

static void on_fork(void *context, const struct dither_fork *record)
{
	resolver_fork(((struct counter *)context)->resolver, record);
}

static void on_comm(void *context, const struct dither_comm *record)
{
	if (record->header.flags & DITHER_COMM_EXEC)
		resolver_exec(((struct counter *)context)->resolver, record);
}

static void on_exit_record(void *context, const struct dither_exit *record)
{
	resolver_exit(((struct counter *)context)->resolver, record);
}

static void on_map(void *context, const struct dither_map *record)
{
	resolver_map(((struct counter *)context)->resolver, record);
}

static bool is_exec_or_exit(struct resolver *resolver,
			    const struct replay_stack *kernel)
{
	for (unsigned int i = 0; kernel && i < kernel->count; i++) {
		const char *text =
			resolver_kernel(resolver, kernel->addresses[i], true)
				->text;

		if (!strncmp(text, "do_execveat_common", 18) ||
		    !strcmp(text, "do_exit"))
			return true;
	}
	return false;
}

static const struct name *last_place(struct resolver *resolver,
				     const struct dither_sample *sample,
				     const struct replay_stack *stack)
{
	bool in_user = sample->header.flags & DITHER_SAMPLE_USER;
	unsigned int before = !in_user + !!(stack->flags & DITHER_STACK_LR);
	uint64_t ip = in_user ? sample->ip : 0;

	if (!in_user && stack->count)
		ip = stack->addresses[0];
	if (stack->count <= before)
		return resolver_user(resolver, sample->tgid, ip, false);
	return resolver_user(resolver, sample->tgid,
			     stack->addresses[stack->count - 1], true);
}

static void count(struct counter *counter, const char *place)
{
	size_t known = string_table_count(counter->places);
	uint32_t number =
		string_table_add(counter->places, place, strlen(place));

	if (number == known) {
		counter->counts = alloc_grow(counter->counts, known,
					     &counter->room,
					     sizeof(*counter->counts));
		counter->counts[number] = 0;
	}
	counter->counts[number]++;
}

static void on_sample(void *context, unsigned int cpu,
		      const struct dither_sample *sample,
		      const struct replay_stack *kernel,
		      const struct replay_stack *user)
{
	static const char *const ends[] = {
		"root", "depth", "fault", "broken", "no-table", "unsupported"
	};
	static const char *const unwinders[] = { "registers", "fp", "kernel",
						 "table", "mixed" };
	struct counter *counter = context;
	const struct name *name;
	char text[1024];

	(void)cpu;
	if (!user || user->end == DITHER_END_ROOT || user->end > 5 ||
	    user->unwinder > 4 || is_exec_or_exit(counter->resolver, kernel))
		return;
	name = last_place(counter->resolver, sample, user);
	snprintf(text, sizeof(text), "%s %s %s %s", ends[user->end],
		 unwinders[user->unwinder], *name->path ? name->path : "-",
		 name->text);
	count(counter, text);
}

static void show(const struct counter *counter)
{
	size_t all = string_table_count(counter->places);

	for (size_t shown = 0; shown < all; shown++) {
		size_t most = 0;

		for (size_t i = 1; i < all; i++)
			if (counter->counts[i] > counter->counts[most])
				most = i;
		printf("%lu %s\n", counter->counts[most],
		       string_table_text(counter->places, (uint32_t)most));
		counter->counts[most] = 0;
	}
}

int main(int argc, char **argv)
{
	const struct resolver_options options = { 0 };
	struct counter counter = { .places = string_table_new() };
	const struct replay_handler handler = {
		.context = &counter,
		.sample = on_sample,
		.fork = on_fork,
		.comm = on_comm,
		.exit = on_exit_record,
		.map = on_map,
	};
	struct recording *recording;
	struct error error;

	if (argc != 2)
		return 2;
	if (recording_open(argv[1], &recording, &error)) {
		fprintf(stderr, "%s\n", error.text);
		return 2;
	}
	counter.resolver = resolver_new(&options);
	for (size_t i = 0; i < recording_kernel_texts(recording); i++) {
		struct recorded_text text;

		if (!recording_kernel_text(recording, i, &text))
			continue;
		if (!text.timed)
			resolver_add_kernel(counter.resolver, text.text,
					    text.length, &error);
		free(text.text);
	}
	if (replay_run(recording, &handler, &error)) {
		fprintf(stderr, "%s\n", error.text);
		return 1;
	}
	show(&counter);
	return 0;
}
