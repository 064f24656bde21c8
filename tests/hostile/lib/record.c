// SPDX-License-Identifier: GPL-2.0
/* One function for each type of record; every field is looked at. */
#include "record.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* The kernel's half: the sign is set; on 32 bit ARM its modules come first. */
static bool is_kernel(uint64_t address)
{
	return sizeof(long) == 8 ? address >> 63 : address >= 0xbf000000;
}

static bool is_zero(const void *bytes, size_t count)
{
	const uint8_t *byte = bytes;

	while (count--)
		if (*byte++)
			return false;
	return true;
}

/* A name in a field: after its end there is nothing. */
static bool is_terminated(const char *text, size_t room)
{
	size_t length = strnlen(text, room);

	return length < room && is_zero(text + length, room - length);
}

#define FITS(record, structure) ((record)->size == sizeof(structure))

static const char *pad_fault(const struct dither_record *record,
			     const struct record_place *place)
{
	if (record->flags || record->tid)
		return "a padding with a content";
	if (memcmp(record + 1, place->shadow + sizeof(*record),
		   record->size - sizeof(*record)))
		return "a padding over bytes that were never published";
	return NULL;
}

static const char *sample_fault(const struct dither_sample *sample,
				const struct record_place *place)
{
	uint32_t flags = sample->header.flags, asked = place->config->flags;
	bool user = flags & DITHER_SAMPLE_USER;

	if (!FITS(&sample->header, *sample) || sample->counters || sample->event ||
	    sample->shift > DITHER_SHIFT_MAX || flags > 15)
		return "a sample of a wrong shape";
	if (sample->time > place->now)
		return "a sample from the future";
	if (asked & DITHER_F_USER_ONLY && !user)
		return "a sample in kernel mode, in a session of user mode";
	if (asked & DITHER_F_KERNEL_ONLY &&
	    (user || sample->user_stack != DITHER_STACK_NONE))
		return "user code, in a session of kernel mode";
	if (user != !is_kernel(sample->ip))
		return "a sample whose address is in the other half";
	if (user && sample->kernel_stack != DITHER_STACK_NONE)
		return "a sample in user mode with a kernel stack";
	return NULL;
}

/* Returns the byte after it, or NULL: it does not end before @end. */
static const uint8_t *varint(const uint8_t *at, const uint8_t *end,
			     uint64_t *value)
{
	unsigned int shift = 0;

	*value = 0;
	while (at < end && shift < 64) {
		*value |= (uint64_t)(*at & 0x7f) << shift;
		if (!(*at++ & 0x80))
			return at;
		shift += 7;
	}
	return NULL;
}

static const char *stack_fault(const struct dither_stack *stack,
			       const struct record_place *place)
{
	const uint8_t *at = stack->data;
	const uint8_t *end = (const uint8_t *)stack + stack->header.size;
	bool kernel = stack->header.flags & DITHER_STACK_KERNEL;
	bool based = stack->header.flags & DITHER_STACK_BASE;
	struct dither_stack_base base = { .frames = 0 };
	uint64_t address = 0, difference;

	if (stack->header.size < sizeof(*stack) || stack->header.flags > 7 ||
	    stack->frames > place->config->max_depth ||
	    stack->unwinder > DITHER_UNWIND_MIXED ||
	    stack->end > DITHER_END_UNSUPPORTED)
		return "a stack of a wrong shape";
	if (place->config->flags & (kernel ? DITHER_F_USER_ONLY : DITHER_F_KERNEL_ONLY))
		return "a stack of the half that was not asked for";
	if (stack->unwinder >= DITHER_UNWIND_TABLE &&
	    (kernel || !(place->config->flags & DITHER_F_TABLES)))
		return "a stack by tables that were not asked for";
	if (based) {
		memcpy(&base, at, DITHER_STACK_BASE_BYTES);
		at += DITHER_STACK_BASE_BYTES;
		if (kernel || !(place->config->flags & DITHER_F_TABLES) ||
		    !base.frames || base.frames > stack->frames)
			return "a stack with a base that it cannot have";
	}
	for (int i = base.frames; i < stack->frames; i++) {
		at = varint(at, end, &difference);
		if (!at)
			return "a stack that is cut short";
		address += difference >> 1 ^ -(difference & 1);
		if (kernel != is_kernel(address))
			return kernel ? "a kernel stack with a user address" :
					"a user stack with a kernel address";
	}
	if (end - at >= 8 || !is_zero(at, end - at))
		return "a stack with something behind it";
	return NULL;
}

static const char *lost_fault(const struct dither_lost_record *lost,
			      const struct record_place *place)
{
	if (!FITS(&lost->header, *lost) || lost->header.flags || lost->header.tid ||
	    lost->time > place->now || lost->last > place->now ||
	    lost->first > place->now ||
	    lost->count[DITHER_LOST_FLOOD] ||
	    !is_zero(&lost->count[DITHER_LOST_FILTER + 1],
		     sizeof(lost->count[0]) * (DITHER_LOST_COUNT - DITHER_LOST_FILTER - 1)))
		return "a record of losses of a wrong shape";
	return NULL;
}

static const char *rate_fault(const struct dither_rate *rate,
			      const struct record_place *place)
{
	if (!FITS(&rate->header, *rate) || rate->header.flags ||
	    rate->header.tid > DITHER_RATE_RESUME || rate->reserved ||
	    rate->shift > DITHER_SHIFT_MAX || rate->time > place->now ||
	    rate->cell_ns != place->config->period_ns << rate->shift)
		return "a rate of a wrong shape";
	return NULL;
}

static const char *comm_fault(const struct dither_comm *comm,
			      const struct record_place *place)
{
	if (!FITS(&comm->header, *comm) || comm->reserved || comm->time > place->now ||
	    comm->header.flags & ~(DITHER_COMM_EXEC | DITHER_RECORD_SNAPSHOT))
		return "a name of a wrong shape";
	if (!is_terminated(comm->comm, sizeof(comm->comm)))
		return "a name with something behind it";
	return NULL;
}

static const char *map_fault(const struct dither_map *map,
			     const struct record_place *place, uint32_t flags)
{
	size_t room = map->header.size - offsetof(struct dither_map, path);

	if (map->header.size < offsetof(struct dither_map, path) + 8 ||
	    map->header.flags & ~flags || map->time > place->now || !map->length)
		return "a mapping of a wrong shape";
	if (is_kernel(map->start) || is_kernel(map->start + map->length - 1))
		return "a mapping in the kernel's half";
	if (map->reserved || !is_zero(map->reserved2, sizeof(map->reserved2)) ||
	    map->build_id_size > DITHER_BUILD_ID_MAX ||
	    !is_zero(map->build_id + map->build_id_size,
		     DITHER_BUILD_ID_MAX - map->build_id_size))
		return "a mapping with something between its fields";
	if (!is_terminated(map->path, room) || strlen(map->path) != map->path_len ||
	    room - map->path_len > 8)
		return "a path with something behind it";
	return NULL;
}

/* Those that have nothing but numbers. */
static const char *plain_fault(const struct dither_record *record,
			       const struct record_place *place)
{
	const struct dither_epoch *epoch = (const void *)record;
	const struct dither_fork *fork = (const void *)record;
	const struct dither_exit *exit = (const void *)record;
	const struct dither_dropped *dropped = (const void *)record;
	const struct dither_forget *forget = (const void *)record;
	const struct dither_code *code = (const void *)record;

	switch (record->type) {
	case DITHER_RECORD_EPOCH:
		if (!FITS(record, *epoch) || record->flags || !record->tid ||
		    epoch->time > place->now)
			return "an epoch of a wrong shape";
		return NULL;
	case DITHER_RECORD_FORK:
		if (!FITS(record, *fork) || record->flags || fork->reserved ||
		    fork->time > place->now)
			return "a fork of a wrong shape";
		return NULL;
	case DITHER_RECORD_EXIT:
		if (!FITS(record, *exit) || record->flags & ~DITHER_EXIT_PROCESS ||
		    exit->reserved || exit->time > place->now)
			return "an exit of a wrong shape";
		return NULL;
	case DITHER_RECORD_DROPPED:
		if (!FITS(record, *dropped) || record->flags ||
		    dropped->first > dropped->last ||
		    dropped->last > place->now || dropped->time > place->now ||
		    is_zero(dropped->count, sizeof(dropped->count)))
			return "a record of drops of a wrong shape";
		return NULL;
	case DITHER_RECORD_FORGET:
		if (!FITS(record, *forget) || record->flags ||
		    forget->time > place->now)
			return "a record of what to forget of a wrong shape";
		return NULL;
	case DITHER_RECORD_CODE:
		if (record->size <= sizeof(*code) ||
		    record->flags & ~(DITHER_CODE_GONE | DITHER_CODE_INIT) ||
		    code->reserved || code->kind > DITHER_CODE_GENERATED ||
		    !code->name_len ||
		    code->name_len >= record->size - sizeof(*code) ||
		    code->time > place->now)
			return "a record of code of a wrong shape";
		return NULL;
	}
	return "a record of no known type";
}

const char *record_fault(const struct dither_record *record,
			 const struct record_place *place)
{
	switch (record->type) {
	case DITHER_RECORD_PAD:
		return pad_fault(record, place);
	case DITHER_RECORD_SAMPLE:
		return sample_fault((const void *)record, place);
	case DITHER_RECORD_STACK:
		return stack_fault((const void *)record, place);
	case DITHER_RECORD_LOST:
		return lost_fault((const void *)record, place);
	case DITHER_RECORD_RATE:
		return rate_fault((const void *)record, place);
	case DITHER_RECORD_COMM:
		return comm_fault((const void *)record, place);
	case DITHER_RECORD_MAP:
		return map_fault((const void *)record, place,
				 DITHER_MAP_ANONYMOUS | DITHER_MAP_VDSO |
					 DITHER_MAP_COMPAT | DITHER_RECORD_SNAPSHOT);
	case DITHER_RECORD_TABLE_WANTED:
		if (!(place->config->flags & DITHER_F_TABLES))
			return "a wish for tables that were not asked for";
		return map_fault((const void *)record, place, DITHER_MAP_VDSO);
	default:
		return plain_fault(record, place);
	}
}
