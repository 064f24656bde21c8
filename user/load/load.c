// SPDX-License-Identifier: GPL-2.0
/*
 * The one place where records become a profile. What was lost has no stack, and
 * what came late hides the end of one: both have frames of their own, where they
 * are asked for.
 */
#include "load.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "../base/boot_id.h"
#include "../profile/synthetic_frames.h"
#include "sample_stack.h"

struct loader {
	const struct load_options *options;
	struct load *load;
	struct threads *threads;
	struct sample_collector *collector; /* NULL: no traces are wanted */
	struct sample_stack stack; /* the current one */
	uint64_t last_time;
	uint64_t bad_shifts;
	uint64_t recorder; /* its process; 0: not known */
};

static const char *thread_name(const struct loader *loader, uint32_t tid,
			       uint32_t tgid)
{
	uint32_t name = threads_get(loader->threads, tid, tgid);

	return name == THREADS_UNKNOWN ?
		       NULL :
		       profile_text(loader->load->profile, name);
}

static void table_sample(struct loader *loader, unsigned int cpu,
			 const struct dither_sample *sample,
			 const struct sample_counts *counts, double cells)
{
	bool idle = sample->header.flags & DITHER_SAMPLE_IDLE;
	const struct collected_sample traced = {
		.sample = sample,
		.counts = counts,
		.cpu = cpu,
		.cells = cells,
		.process =
			idle ? sample_stack_idle :
			       thread_name(loader, sample->tgid, sample->tgid),
		.thread = idle ? sample_stack_idle :
				 thread_name(loader, sample->header.tid,
					     sample->tgid),
	};

	if (!loader->collector)
		return;
	collector_sample(loader->collector, &traced);
}

/*
 * What the sample counts for, if it does, and the counts that it carries.
 * @cells: as many of that weight.
 */
static void add_sample(struct loader *loader,
		       const struct dither_sample *sample,
		       const struct sample_counts *counts, double weight,
		       double cells)
{
	const struct sample_stack *stack = &loader->stack;
	struct load *load = loader->load;
	uint32_t node = PROFILE_ROOT;

	for (size_t i = 0; i < stack->count; i++)
		node = profile_child(load->profile, node, stack->frames[i]);
	profile_weigh_cells(load->profile, node, weight, cells);
	if (loader->options->times)
		sample_times_add(loader->options->times, sample->time, node,
				 weight * cells);
	if (!load->event_sums || !counts->counted)
		return;
	if (counts->known)
		event_sums_add(load->event_sums, node, counts->value);
	else
		load->unknown++;
}

/* What was lost has a frame of its own. */
static void add_lost(struct loader *loader, unsigned int cpu,
		     const struct lost_cells *cells, uint64_t time)
{
	struct sample_stack *stack = &loader->stack;
	struct load *load = loader->load;
	uint32_t node;

	if (!(cells->count > 0) || !load->unseen)
		return;
	stack->count = 0;
	sample_stack_leaf(stack, SYNTHETIC_LOST);
	node = profile_child(load->profile, PROFILE_ROOT, stack->frames[0]);
	profile_weigh_cells(load->profile, node, cells->weight, cells->count);
	if (loader->options->times)
		sample_times_add(loader->options->times, time, node,
				 cells->weight * cells->count);
	if (loader->collector)
		collector_lost(loader->collector, cpu, time,
			       cells->weight * cells->count);
}

/*
 * How late a sample of the clock, whose stack is made, was. Returns for how many
 * cells it stands.
 */
static double judge_lateness(struct loader *loader,
			     const struct dither_sample *sample, double weight,
			     uint32_t passed)
{
	struct load *load = loader->load;
	struct sample_stack *stack = &loader->stack;
	enum late_kind kind = late_sample(&load->late, sample, weight, passed);
	double cells = 1 + (double)passed;

	if (load->weigh.by != WEIGH_TIME)
		return 1;
	if (kind == LATE_IRQS_OFF)
		late_function(&load->late, stack->frames[stack->count - 1],
			      sample, weight, cells);
	if (!load->unseen)
		return 1;
	if (kind == LATE_NOT)
		return cells;
	sample_stack_leaf(stack, late_names[kind]);
	if (loader->collector)
		collector_leaf(loader->collector, late_names[kind]);
	return cells;
}

static void on_clock_sample(struct loader *loader, unsigned int cpu,
			    const struct dither_sample *sample,
			    const struct sample_counts *counts,
			    const struct replay_stack *kernel,
			    const struct replay_stack *user)
{
	struct load *load = loader->load;
	uint32_t passed =
		schedule_check_sample(load->schedule_check, cpu, sample);
	struct lost_cells lost =
		lost_sample(&load->lost, cpu, sample->overruns - passed);
	double cells, weight;

	cells = judge_lateness(loader, sample, counts->weight, passed);
	if (sample_weight_of(&load->weigh, counts, &weight))
		add_sample(loader, sample, counts, weight, cells);
	if (loader->recorder && sample->tgid == loader->recorder)
		load->recorder += counts->weight * cells;
	table_sample(loader, cpu, sample, counts, cells);
	add_lost(loader, cpu, &lost, sample->time);
	loader->bad_shifts += sample->shift > DITHER_SHIFT_MAX;
	user_stacks_sample(&load->user_stacks, load->resolver, sample, user,
			   counts->weight);
	statistics_sample(&load->statistics, sample, kernel, user);
}

static void on_event_sample(struct loader *loader, unsigned int cpu,
			    const struct dither_sample *sample,
			    const struct sample_counts *counts,
			    const struct replay_stack *kernel,
			    const struct replay_stack *user)
{
	struct load *load = loader->load;
	double weight;

	if (counts->event < 0)
		load->strange++;
	else if (sample_weight_of(&load->weigh, counts, &weight))
		add_sample(loader, sample, counts, weight, 1);
	if (counts->event >= 0) {
		load->stood_for[counts->event] += counts->weight;
		table_sample(loader, cpu, sample, counts, 1);
	}
	statistics_event(&load->statistics, sample, kernel, user);
}

static void on_sample(void *context, unsigned int cpu,
		      const struct dither_sample *sample,
		      const struct replay_stack *kernel,
		      const struct replay_stack *user)
{
	struct loader *loader = context;
	struct sample_counts counts;
	double weight;

	loader->last_time = sample->time;
	resolver_set_time(loader->load->resolver, sample->time);
	if (!events_of_sample(&loader->load->events, sample, &counts))
		counts.event = -1;
	else if (sample_weight_of(&loader->load->weigh, &counts, &weight) ||
		 loader->collector)
		sample_stack_make(&loader->stack, cpu, sample, &counts, kernel,
				  user);
	if (sample->event)
		on_event_sample(loader, cpu, sample, &counts, kernel, user);
	else
		on_clock_sample(loader, cpu, sample, &counts, kernel, user);
}

static void on_fork(void *context, const struct dither_fork *record)
{
	struct loader *loader = context;

	threads_set(loader->threads, record->header.tid, record->tgid,
		    threads_get(loader->threads, record->parent_tid,
				record->parent_tgid));
	resolver_fork(loader->load->resolver, record);
}

static void on_comm(void *context, const struct dither_comm *record)
{
	struct loader *loader = context;
	size_t length = strnlen(record->comm, sizeof(record->comm));

	threads_set(loader->threads, record->header.tid, record->tgid,
		    profile_name(loader->load->profile, record->comm, length));
	if (record->header.flags & DITHER_COMM_EXEC)
		resolver_exec(loader->load->resolver, record);
}

static void on_exit_record(void *context, const struct dither_exit *record)
{
	struct loader *loader = context;

	resolver_exit(loader->load->resolver, record);
}

static void on_map(void *context, const struct dither_map *record)
{
	struct loader *loader = context;

	resolver_map(loader->load->resolver, record);
}

static void on_dropped(void *context, const struct dither_dropped *record)
{
	struct loader *loader = context;

	floods_add(&loader->load->floods, record,
		   threads_get(loader->threads, record->header.tid,
			       record->header.tid));
}

static void on_forget(void *context, const struct dither_forget *record)
{
	struct loader *loader = context;

	threads_forget(loader->threads, record->header.tid);
	resolver_forget(loader->load->resolver, record);
}

static void on_code(void *context, const struct dither_code *record)
{
	struct loader *loader = context;

	resolver_code(loader->load->resolver, record);
}

static void on_lost(void *context, unsigned int cpu,
		    const struct dither_lost_record *record)
{
	struct loader *loader = context;
	struct lost_cells lost = lost_record(&loader->load->lost, cpu, record);

	statistics_lost(&loader->load->statistics, record);
	add_lost(loader, cpu, &lost, record->last);
}

static void on_rate(void *context, unsigned int cpu,
		    const struct dither_rate *record)
{
	struct loader *loader = context;

	statistics_rate(&loader->load->statistics, cpu, record);
	schedule_check_rate(loader->load->schedule_check, cpu, record);
	lost_rate(&loader->load->lost, cpu, record);
}

static void add_kernel_text(struct load *load, size_t number)
{
	struct kernel_reading reading;
	struct recorded_text text;
	struct error error;

	if (!recording_kernel_text(load->recording, number, &text))
		return;
	reading.begun = text.begun;
	reading.ended = text.ended;
	if (resolver_add_kernel_code(load->resolver, text.text, text.length,
				     text.timed ? &reading : NULL, &error))
		recording_add_damage(load->recording, "%s: kernel symbols: %s",
				     recording_path(load->recording),
				     error.text);
	free(text.text);
}

/* Without them frames have no names, which is worth saying, not stopping. */
static void add_kernel_and_vdso(struct load *load)
{
	struct error error = { "" };
	const unsigned char *vdso;
	size_t length;

	for (size_t i = 0; i < recording_kernel_texts(load->recording); i++)
		add_kernel_text(load, i);
	vdso = recording_vdso(load->recording, &length);
	if (vdso && resolver_add_vdso(load->resolver, vdso, length, &error))
		recording_add_damage(load->recording, "%s: vDSO: %s",
				     recording_path(load->recording),
				     error.text);
}

static void add_contents(struct load *load)
{
	const struct chunk_file *files;
	size_t count;

	files = recording_files(load->recording, &count);
	for (size_t i = 0; i < count; i++) {
		const struct recorded_content content = {
			.inode = files[i].inode,
			.bytes = files[i].bytes,
			.mtime_ns = files[i].mtime_ns,
			.dev_major = files[i].dev_major,
			.dev_minor = files[i].dev_minor,
			.content = { files[i].code, files[i].names },
		};

		resolver_content(load->resolver, &content);
	}
}

/* Whether files are this machine's, and what the records' times are here. */
static void place_files(const struct recording *recording,
			struct resolver_options *options)
{
	uint64_t real = recording_number(recording, "start_realtime_ns");
	const char *host = recording_meta(recording, "host");
	const char *machine = recording_meta(recording, "machine");
	struct utsname here;
	char *own = machine_name();

	if (machine)
		options->foreign = !own || strcmp(machine, own) != 0;
	else
		options->foreign = uname(&here) || !host ||
				   strcmp(host, here.nodename) != 0;
	if (real)
		options->calendar_ns =
			(int64_t)(real - recording_number(recording,
							  "start_ns"));
	free(own);
}

/* NULL: none is wanted. */
static struct sample_collector *new_tracer(struct load *load,
					   const struct load_options *options)
{
	struct sample_collector *collector;

	if (!options->table)
		return NULL;
	collector = collector_new(
		options->table, load->resolver, &load->events, &load->weigh,
		recording_number(load->recording, "period_ns"));
	load->sample_column = collector_column(collector);
	return collector;
}

static int replay(struct load *load, const struct load_options *options,
		  struct error *error)
{
	struct loader loader = {
		.options = options,
		.load = load,
		.threads = threads_new(),
		.collector = new_tracer(load, options),
		.recorder = recording_number(load->recording, "recorder"),
	};
	const struct replay_handler handler = {
		.context = &loader,
		.sample = on_sample,
		.fork = on_fork,
		.comm = on_comm,
		.exit = on_exit_record,
		.map = on_map,
		.dropped = on_dropped,
		.forget = on_forget,
		.code = on_code,
		.lost = on_lost,
		.rate = on_rate,
	};
	int result;

	loader.stack = (struct sample_stack){
		.pid = options->pid,
		.tid = options->tid,
		.cpu = options->cpu,
		.no_roots = options->modules,
		.makers = load->weigh.by == WEIGH_ALL,
		.profile = load->profile,
		.resolver = load->resolver,
		.events = &load->events,
		.threads = loader.threads,
		.names = frame_names_new(load->profile, options->modules),
		.collector = loader.collector,
	};
	result = replay_run(load->recording, &handler, error);
	for (unsigned int cpu = 0; cpu < recording_cpus(load->recording);
	     cpu++) {
		struct lost_cells lost = lost_end(&load->lost, cpu);

		add_lost(&loader, cpu, &lost, loader.last_time);
	}
	if (loader.bad_shifts)
		recording_add_damage(
			load->recording,
			"%s: %" PRIu64
			" samples with a weight out of range, taken as 2^%u",
			recording_path(load->recording), loader.bad_shifts,
			DITHER_SHIFT_MAX);
	threads_free(loader.threads);
	frame_names_free(loader.stack.names);
	sample_stack_free(&loader.stack);
	collector_free(loader.collector);
	return result;
}

int load_recording(const struct load_options *options,
		   struct recording *recording, struct load *load,
		   struct error *error)
{
	struct resolver_options where = {
		.lines = options->lines,
		.debug_dir = options->debug_dir,
		.root = options->symfs,
		.mangled = options->mangled,
	};
	int result;

	place_files(recording, &where);

	memset(load, 0, sizeof(*load));
	load->recording = recording;
	load->resolver = resolver_new(&where);
	load->profile = profile_new();
	load->schedule_check = schedule_check_new(load->recording, NULL, NULL);
	events_read(load->recording, &load->events);
	lost_begin(&load->lost, load->recording);
	statistics_begin(&load->statistics, load->recording);
	result = sample_weight_choose(&load->events, options->event,
				      &load->weigh, error);
	if (!result)
		result = late_begin(&load->late, load->recording,
				    load->statistics.lateness,
				    load->statistics.lateness_count,
				    options->late, error);
	if (result) {
		load_close(load);
		return result;
	}
	load->unseen = !options->no_unseen && load->weigh.by == WEIGH_TIME;
	if (load->events.count)
		load->event_sums = event_sums_new(load->events.count);
	add_kernel_and_vdso(load);
	add_contents(load);
	result = replay(load, options, error);
	if (result) {
		load_close(load);
		return result;
	}
	floods_sort(&load->floods);
	profile_finish(load->profile);
	if (load->event_sums)
		event_sums_finish(load->event_sums, load->profile);
	return 0;
}

int load_open(const struct load_options *options, struct load *load,
	      struct error *error)
{
	struct recording *recording;
	int result = recording_open(options->path, &recording, error);

	return result ? result :
			load_recording(options, recording, load, error);
}

void load_close(struct load *load)
{
	user_stacks_free(&load->user_stacks);
	event_sums_free(load->event_sums);
	late_free(&load->late);
	lost_free(&load->lost);
	floods_free(&load->floods);
	statistics_free(&load->statistics);
	schedule_check_free(load->schedule_check);
	profile_free(load->profile);
	resolver_free(load->resolver);
	recording_close(load->recording);
}

const char *load_unit(const struct load *load)
{
	if (load->unseen && profile_total(load->profile) !=
				    (double)profile_samples(load->profile))
		return "instants";
	return sample_weight_unit(&load->weigh, &load->events);
}
