// SPDX-License-Identifier: GPL-2.0
/*
 * Two passes: process records are gathered and put in order, then samples
 * stream by, each preceded by the process records that hold from before it.
 * Handlers get copies, made before the last look at whether the file can still
 * be read: what they see is not half gone. A file that lost only a part of its
 * last page is found out at the end.
 */
#include "replay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "processes.h"
#include "records.h"
#include "timeline.h"

struct stack_copy {
	struct replay_stack stack;
	uint64_t addresses[STACKS_FRAMES_MAX];
};

struct replay {
	struct recording *recording;
	const struct replay_handler *handler;
	struct error *error;
	struct process_record *processes;
	size_t count, next; /* of .processes */
	struct stack_copy kernel, user;
	_Alignas(8) unsigned char copy[UINT16_MAX + 1]; /* of a record */
};

static int changed(struct replay *replay)
{
	return error_set(replay->error, -EIO,
			 "%s: changed or became unreadable while it was read",
			 recording_path(replay->recording));
}

static int copy_record(struct replay *replay,
		       const struct dither_record *record, uint16_t size)
{
	memcpy(replay->copy, record, size);
	if (recording_broken(replay->recording) ||
	    records_problem(replay->copy, size))
		return changed(replay);
	return 0;
}

/* *sound: nothing is wrong with the copy, which would be told. */
static int copy_process(struct replay *replay,
			const struct process_record *process, bool *sound)
{
	const char *problem;
	int code = copy_record(replay, process->record, process->size);

	if (code)
		return code;
	problem = processes_problem((const void *)replay->copy);
	if (problem)
		recording_add_damage(replay->recording, "%s:0x%llx: CPU %u: %s",
				     recording_path(replay->recording),
				     (unsigned long long)process->file_offset,
				     process->cpu, problem);
	*sound = !problem;
	return 0;
}

static int deliver_process(struct replay *replay,
			   const struct process_record *process)
{
	const struct replay_handler *handler = replay->handler;
	const struct dither_record *header = (const void *)replay->copy;
	const void *record = header;
	bool sound;
	int code = copy_process(replay, process, &sound);

	if (code || !sound)
		return code;
	switch (header->type) {
	case DITHER_RECORD_FORK:
		if (handler->fork)
			handler->fork(handler->context, record);
		break;
	case DITHER_RECORD_COMM:
		if (handler->comm)
			handler->comm(handler->context, record);
		break;
	case DITHER_RECORD_EXIT:
		if (handler->exit)
			handler->exit(handler->context, record);
		break;
	case DITHER_RECORD_MAP:
		if (handler->map)
			handler->map(handler->context, record);
		break;
	case DITHER_RECORD_DROPPED:
		if (handler->dropped)
			handler->dropped(handler->context, record);
		break;
	case DITHER_RECORD_FORGET:
		if (handler->forget)
			handler->forget(handler->context, record);
		break;
	}
	return 0;
}

/* What the kernel ran at a time is not known before the last record of it. */
static int deliver_code(struct replay *replay)
{
	const struct replay_handler *handler = replay->handler;
	int code = 0;

	for (size_t i = 0; !code && handler->code && i < replay->count; i++) {
		bool sound;

		if (replay->processes[i].record->type != DITHER_RECORD_CODE)
			continue;
		code = copy_process(replay, &replay->processes[i], &sound);
		if (!code && sound)
			handler->code(handler->context,
				      (const void *)replay->copy);
	}
	return code;
}

static int deliver_processes(struct replay *replay, uint64_t until)
{
	int code = 0;

	while (!code && replay->next < replay->count &&
	       replay->processes[replay->next].effective <= until)
		code = deliver_process(replay,
				       &replay->processes[replay->next++]);
	return code;
}

static const struct replay_stack *copy_stack(struct stack_copy *copy,
					     struct stack_place place)
{
	if (!place.record ||
	    stacks_decode(place, copy->addresses, &copy->stack.count))
		return NULL;
	copy->stack.addresses = copy->addresses;
	copy->stack.flags = place.record->header.flags & ~DITHER_STACK_BASE;
	copy->stack.unwinder = place.record->unwinder;
	copy->stack.end = place.record->end;
	return &copy->stack;
}

static int deliver_item(struct replay *replay, const struct timeline_item *item)
{
	const struct replay_handler *handler = replay->handler;
	const struct replay_stack *kernel, *user;
	const struct dither_record *header = (const void *)replay->copy;
	const void *record = header;
	int code;

	kernel = copy_stack(&replay->kernel, item->kernel);
	user = copy_stack(&replay->user, item->user);
	code = copy_record(replay, item->record, item->size);
	if (code)
		return code;
	switch (header->type) {
	case DITHER_RECORD_SAMPLE:
		if (item->missing && handler->missing_stack)
			handler->missing_stack(handler->context, item->cpu,
					       record);
		if (handler->sample)
			handler->sample(handler->context, item->cpu, record,
					kernel, user);
		break;
	case DITHER_RECORD_LOST:
		if (handler->lost)
			handler->lost(handler->context, item->cpu, record);
		break;
	case DITHER_RECORD_RATE:
		if (handler->rate)
			handler->rate(handler->context, item->cpu, record);
		break;
	}
	return 0;
}

static int run(struct replay *replay, struct timeline *timeline)
{
	struct timeline_item item;
	int code = deliver_code(replay);

	while (!code && timeline_next(timeline, &item)) {
		code = deliver_processes(replay, item.time);
		if (!code)
			code = deliver_item(replay, &item);
	}
	if (!code)
		code = deliver_processes(replay, UINT64_MAX);
	if (!code && recording_shrunk(replay->recording))
		code = changed(replay);
	return code;
}

int replay_run(struct recording *recording,
	       const struct replay_handler *handler, struct error *error)
{
	struct replay replay = {
		.recording = recording,
		.handler = handler,
		.error = error,
	};
	struct timeline *timeline;
	int code;

	replay.processes = processes_gather(recording, &replay.count);
	timeline = timeline_new(recording);
	code = run(&replay, timeline);
	timeline_free(timeline);
	free(replay.processes);
	return code;
}
