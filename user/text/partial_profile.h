/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What one piece of a text adds to a profile. Each thread has a profile of its
 * own in which it numbers names and frames; a part tells what has been added to
 * that, and the samples by its numbers, and shares no memory with it. Added in
 * the order of the text, parts make the very profile, number by number, that
 * reading the text from end to end makes.
 */
#ifndef TEXT_PARTIAL_PROFILE_H
#define TEXT_PARTIAL_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../profile/profile.h"

struct partial_node {
	uint32_t parent, name;
};

struct partial_sample {
	double weight;
	uint64_t time; /* ns, where it is told */
	uint32_t node;
	bool more; /* of the sample before: as profile_weigh_more() has it */
};

struct partial_profile {
	bool anew;  /* the thread's numbers begin again at 0 */
	char *text; /* of new names, one behind the other */
	size_t text_length, text_room;
	size_t *name_ends; /* in @text */
	size_t name_count, name_room;
	struct partial_node *nodes;
	size_t node_count, node_room;
	struct partial_sample *samples;
	size_t sample_count, sample_room;
};

void partial_add(struct partial_profile *partial,
		 const struct partial_sample *sample);
void partial_free(struct partial_profile *partial);

/* A thread's own profile, and how much of it parts have told. */
struct partial_source {
	struct profile *profile;
	uint32_t names, nodes;
};

/*
 * Before a piece: where the profile has become large, a new one takes its
 * place. True: it has, or is the first.
 */
bool partial_source_begin(struct partial_source *source);
/* After it: what is new. */
void partial_source_end(struct partial_source *source,
			struct partial_profile *partial);
void partial_source_free(struct partial_source *source);

/* From a thread's numbers to those of the profile that all is added to. */
struct partial_map {
	uint32_t *names, *nodes;
	size_t name_count, name_room, node_count, node_room;
};

/*
 * What a format does its own way; NULL: as all others. @context is handed to
 * both.
 */
struct partial_special {
	void *context;
	/* Before the thread's name @name is looked at; true: it gets no number. */
	bool (*skip_name)(void *context, uint32_t name);
	/* The node for the frame @name just below the thread's root. */
	uint32_t (*top)(void *context, uint32_t name);
};

void partial_map_add(struct partial_map *map,
		     const struct partial_profile *partial,
		     struct profile *profile,
		     const struct partial_special *special);
/* What a sample of the part counts; @node is the profile's. */
void partial_weigh(const struct partial_sample *sample, struct profile *profile,
		   uint32_t node);
/* profile_nest() was called. */
void partial_map_nested(struct partial_map *map);
void partial_map_free(struct partial_map *map);

#endif
