/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A profile: a prefix tree of frames with weights. Knows nothing of where
 * samples come from nor of how they will be drawn.
 */
#ifndef PROFILE_H
#define PROFILE_H

#include <stddef.h>
#include <stdint.h>

#include "../base/string_table.h"

struct profile;

#define PROFILE_ROOT 0U
#define PROFILE_NONE UINT32_MAX

/* Integers below are exact as doubles; see profile_rest(). */
#define PROFILE_EXACT 0x1p53

struct profile *profile_new(void);
void profile_free(struct profile *profile);

/* The number of a frame's name; the same text has the same number. */
uint32_t profile_name(struct profile *profile, const char *text, size_t length);
/* NUL-terminated; outside names may hold further NULs within their length. */
/* Of @count frames, at most INTERN_TOGETHER; see string_table_add_several(). */
void profile_name_several(struct profile *profile,
			  const struct string_table_word *words, size_t count,
			  uint32_t *numbers);

const char *profile_text(const struct profile *profile, uint32_t name);
size_t profile_text_length(const struct profile *profile, uint32_t name);
uint32_t profile_names(const struct profile *profile);

/*
 * Add @weight to the stack whose frames are @names, outermost first. Returns
 * the node of the innermost one.
 */
uint32_t profile_add(struct profile *profile, const uint32_t *names,
		     size_t count, double weight);

/*
 * The same in steps, for readers that know which frames a stack shares with
 * the one before: a node's child of that name, made if need be; then the
 * weight, to the last one.
 */
uint32_t profile_child(struct profile *profile, uint32_t parent, uint32_t name);
void profile_weigh(struct profile *profile, uint32_t node, double weight);

/* One of several stacks whose frames are one list, outermost first. */
struct profile_stack {
	size_t end;    /* behind its frames in that list */
	size_t shared; /* so many first ones are also the stack's before it */
};

/*
 * The nodes of @count stacks, as profile_child() makes them one after the
 * other, but faster where the tree is larger than caches. The first stack
 * shares no frame. Sets @nodes, one for each of @names.
 */
void profile_stacks(struct profile *profile, const uint32_t *names,
		    const struct profile_stack *stacks, size_t count,
		    uint32_t *nodes);
/*
 * More weight for a sample that was added: what a double of PROFILE_EXACT or
 * more cannot hold of a count.
 */
void profile_weigh_more(struct profile *profile, uint32_t node, double weight);
/* One sample that stands for @cells equal ones of that weight. */
void profile_weigh_cells(struct profile *profile, uint32_t node, double weight,
			 double cells);

/*
 * A new child, also where there is one of that name: for profiles in which
 * order matters. Those know no profile_child(), profile_add() and
 * profile_nest(), and end with profile_finish_in_order().
 */
uint32_t profile_new_child(struct profile *profile, uint32_t parent,
			   uint32_t name);

/*
 * Put a frame of this name between the root and all that was added so far.
 * It becomes node PROFILE_ROOT + 1; the others' numbers grow by one.
 */
void profile_nest(struct profile *profile, uint32_t name);

/* Total weight, sum of squared weights, number of profile_add() calls. */
double profile_total(const struct profile *profile);
double profile_squares(const struct profile *profile);
uint64_t profile_samples(const struct profile *profile);

/*
 * Sort every node's children by name (bytewise) and sum up totals: to be
 * called once, after the last profile_add() and before the walk below.
 */
void profile_finish(struct profile *profile);
/* The same, but children stay in the order in which they were made. */
void profile_finish_in_order(struct profile *profile);

/* The tree, after profile_finish(). Node PROFILE_ROOT is the "all" frame. */
struct profile_node {
	uint32_t name; /* of PROFILE_ROOT: PROFILE_NONE */
	uint32_t parent;
	uint32_t first_child; /* PROFILE_NONE: leaf */
	uint32_t next_sibling;
	double self;
	double total;
	uint64_t samples; /* profile_add() calls, children's included */
};

struct profile_node profile_node(const struct profile *profile, uint32_t node);
uint32_t profile_nodes(const struct profile *profile);

/*
 * What node.self lacks of the sum of the node's weights: not 0 only where the
 * sum is PROFILE_EXACT or more. Both together are exact up to 2^100.
 */
double profile_rest(const struct profile *profile, uint32_t node);

/* Depth first, siblings by name, from PROFILE_ROOT on; the end: PROFILE_NONE. */
uint32_t profile_next(const struct profile *profile, uint32_t node);

#endif
