// SPDX-License-Identifier: GPL-2.0
/* The tree of stacks, and the flat list of functions made from it. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../user/profile/functions.h"
#include "../../user/profile/profile.h"

/* Add "a;b;c" with @weight. */
static void add(struct profile *profile, const char *stack, double weight)
{
	uint32_t names[64];
	size_t count = 0;

	for (;;) {
		size_t length = strcspn(stack, ";");

		names[count++] = profile_name(profile, stack, length);
		if (!stack[length])
			break;
		stack += length + 1;
	}
	profile_add(profile, names, count, weight);
}

static struct profile_node child(const struct profile *profile,
				 struct profile_node node, const char *name)
{
	for (uint32_t i = node.first_child; i != PROFILE_NONE;) {
		node = profile_node(profile, i);
		if (!strcmp(profile_text(profile, node.name), name))
			return node;
		i = node.next_sibling;
	}
	CU_FAIL_FATAL("there is no such child");
	return node;
}

static void sums(void)
{
	struct profile *profile = profile_new();
	struct profile_node root, a, b;

	add(profile, "a;b", 4);
	add(profile, "a", 1);
	add(profile, "a;c", 2);
	add(profile, "a;b", .5);
	profile_finish(profile);
	root = profile_node(profile, PROFILE_ROOT);
	a = child(profile, root, "a");
	b = child(profile, a, "b");
	CU_ASSERT_EQUAL(root.total, 7.5);
	CU_ASSERT_EQUAL(root.self, 0);
	CU_ASSERT_EQUAL(root.name, PROFILE_NONE);
	CU_ASSERT_EQUAL(a.self, 1);
	CU_ASSERT_EQUAL(a.total, 7.5);
	CU_ASSERT_EQUAL(a.samples, 4);
	CU_ASSERT_EQUAL(b.total, 4.5);
	CU_ASSERT_EQUAL(b.samples, 2);
	CU_ASSERT_EQUAL(b.first_child, PROFILE_NONE);
	CU_ASSERT_EQUAL(profile_total(profile), 7.5);
	CU_ASSERT_EQUAL(profile_squares(profile), 16 + 1 + 4 + .25);
	CU_ASSERT_EQUAL(profile_samples(profile), 4);
	CU_ASSERT_EQUAL(profile_nodes(profile), 4);
	profile_free(profile);
}

static void sorted(void)
{
	static const char *const order[] = { "", "B", "a", "a b", "ab", "\xc3" };
	static const char *const stacks[] = {
		"ab", "\xc3", "a", "B", "a b", ""
	};
	struct profile *profile = profile_new();
	uint32_t node;

	for (size_t i = 0; i < 6; i++)
		add(profile, stacks[i], 1);
	profile_finish(profile);
	node = profile_node(profile, PROFILE_ROOT).first_child;
	for (size_t i = 0; i < 6; i++) {
		CU_ASSERT_NOT_EQUAL_FATAL(node, PROFILE_NONE);
		CU_ASSERT_STRING_EQUAL(
			profile_text(profile, profile_node(profile, node).name),
			order[i]);
		node = profile_node(profile, node).next_sibling;
	}
	CU_ASSERT_EQUAL(node, PROFILE_NONE);
	profile_free(profile);
}

static void bytes(void)
{
	struct profile *profile = profile_new();
	uint32_t one = profile_name(profile, "a\0b", 3);
	uint32_t other = profile_name(profile, "a\0c", 3);

	CU_ASSERT_NOT_EQUAL(one, other);
	CU_ASSERT_EQUAL(profile_name(profile, "a\0b", 3), one);
	CU_ASSERT_EQUAL(profile_text_length(profile, one), 3);
	CU_ASSERT_EQUAL(profile_names(profile), 2);
	profile_free(profile);
}

static void large(void)
{
	struct profile *profile = profile_new();
	uint32_t names[2];
	double total = 0;
	uint32_t node;

	for (uint32_t i = 0; i < 200000; i++) {
		char text[16];

		names[0] = profile_name(profile, text,
					(size_t)snprintf(text, 16, "f%u",
							 i % 701));
		names[1] = profile_name(profile, text,
					(size_t)snprintf(text, 16, "g%u",
							 i % 997));
		profile_add(profile, names, 2, 1);
	}
	profile_finish(profile);
	CU_ASSERT_EQUAL(profile_node(profile, PROFILE_ROOT).total, 200000);
	for (node = profile_node(profile, PROFILE_ROOT).first_child;
	     node != PROFILE_NONE;
	     node = profile_node(profile, node).next_sibling)
		total += profile_node(profile, node).total;
	CU_ASSERT_EQUAL(total, 200000);
	CU_ASSERT_EQUAL(profile_nodes(profile), 1 + 701 + 200000);
	profile_free(profile);
}

static void empty(void)
{
	struct profile *profile = profile_new();
	struct function *functions;
	size_t count;

	profile_finish(profile);
	CU_ASSERT_EQUAL(profile_nodes(profile), 1);
	CU_ASSERT_EQUAL(profile_node(profile, PROFILE_ROOT).total, 0);
	functions = functions_list(profile, FUNCTIONS_BY_SELF, &count);
	CU_ASSERT_EQUAL(count, 0);
	free(functions);
	profile_free(profile);
}

static void recursion(void)
{
	struct profile *profile = profile_new();
	struct function *functions;
	size_t count;

	add(profile, "main;f;g;f", 3);
	add(profile, "main;f;f;f", 2);
	add(profile, "main;g", 1);
	profile_finish(profile);
	functions = functions_list(profile, FUNCTIONS_BY_TOTAL, &count);
	CU_ASSERT_EQUAL_FATAL(count, 3);
	CU_ASSERT_STRING_EQUAL(functions[0].text, "main");
	CU_ASSERT_EQUAL(functions[0].total, 6);
	CU_ASSERT_STRING_EQUAL(functions[1].text, "f");
	CU_ASSERT_EQUAL(functions[1].total, 5);
	CU_ASSERT_EQUAL(functions[1].self, 5);
	CU_ASSERT_EQUAL(functions[1].samples, 2);
	CU_ASSERT_STRING_EQUAL(functions[2].text, "g");
	CU_ASSERT_EQUAL(functions[2].total, 4);
	CU_ASSERT_EQUAL(functions[2].self, 1);
	CU_ASSERT_EQUAL(functions[2].samples, 2);
	free(functions);
	profile_free(profile);
}

static void by_self(void)
{
	struct profile *profile = profile_new();
	struct function *functions;
	size_t count;

	add(profile, "r;b", 2);
	add(profile, "r;a", 2);
	add(profile, "r;c", 7);
	profile_finish(profile);
	functions = functions_list(profile, FUNCTIONS_BY_SELF, &count);
	CU_ASSERT_EQUAL_FATAL(count, 4);
	CU_ASSERT_STRING_EQUAL(functions[0].text, "c");
	CU_ASSERT_STRING_EQUAL(functions[1].text, "a");
	CU_ASSERT_STRING_EQUAL(functions[2].text, "b");
	CU_ASSERT_STRING_EQUAL(functions[3].text, "r");
	CU_ASSERT_EQUAL(functions[3].self, 0);
	free(functions);
	profile_free(profile);
}

static void nested(void)
{
	struct profile *profile = profile_new();
	struct profile_node root, nest, a;

	add(profile, "a;b", 1);
	add(profile, "a;c", 2);
	add(profile, "b", 4);
	profile_nest(profile, profile_name(profile, "n", 1));
	add(profile, "n;a;b", 8);
	add(profile, "m", 16);
	add(profile, "n;a;c", 32);
	profile_finish(profile);
	root = profile_node(profile, PROFILE_ROOT);
	nest = child(profile, root, "n");
	CU_ASSERT_EQUAL(nest.name,
			profile_node(profile, PROFILE_ROOT + 1).name);
	CU_ASSERT_EQUAL(nest.total, 47);
	CU_ASSERT_EQUAL(nest.samples, 5);
	a = child(profile, nest, "a");
	CU_ASSERT_EQUAL(child(profile, a, "b").total, 9);
	CU_ASSERT_EQUAL(child(profile, a, "c").total, 34);
	CU_ASSERT_EQUAL(root.total, 63);
	CU_ASSERT_EQUAL(profile_nodes(profile), 7);
	profile_free(profile);
}

/* Whatever there is room for when the new node comes. */
static void nested_at_any_size(void)
{
	for (uint64_t leaves = 1; leaves <= 40; leaves++) {
		struct profile *profile = profile_new();
		struct profile_node nest;

		for (uint64_t i = 0; i < leaves; i++) {
			char text[] = { (char)('A' + i), '\0' };

			add(profile, text, 1);
		}
		profile_nest(profile, profile_name(profile, "n", 1));
		profile_finish(profile);
		nest = child(profile, profile_node(profile, PROFILE_ROOT), "n");
		CU_ASSERT_EQUAL(nest.total, leaves);
		CU_ASSERT_EQUAL(profile_nodes(profile), leaves + 2);
		profile_free(profile);
	}
}

/* Stacks of a random tree, in which some are prefixes of others. */
struct random_stacks {
	struct profile_stack stacks[300];
	uint32_t names[300 * 40], nodes[300 * 40];
};

static void make_stack(struct random_stacks *all, size_t at, uint32_t *state)
{
	size_t before = at ? all->stacks[at - 1].end : 0;
	size_t first = at > 1 ? all->stacks[at - 2].end : 0, shared = 0;
	size_t length = 1 + (*state >> 8) % 40;

	while (shared < length && first + shared < before &&
	       (*state = *state * 1664525 + 1013904223) >> 29) {
		all->names[before + shared] = all->names[first + shared];
		shared++;
	}
	for (size_t i = shared; i < length; i++) {
		*state = *state * 1664525 + 1013904223;
		all->names[before + i] = (*state >> 30) + (uint32_t)i % 3;
	}
	all->stacks[at] = (struct profile_stack){ before + length, shared };
}

static void several_stacks(void)
{
	static struct random_stacks all;
	uint32_t state = 5;

	for (unsigned int round = 0; round < 200; round++) {
		struct profile *one = profile_new(), *other = profile_new();
		size_t count = 1 + round, begin = 0;

		for (char name = 'a'; name < 'a' + 8; name++) {
			profile_name(one, &name, 1);
			profile_name(other, &name, 1);
		}
		for (size_t i = 0; i < count; i++)
			make_stack(&all, i, &state);
		profile_stacks(one, all.names, all.stacks, count, all.nodes);
		for (size_t i = 0; i < count; i++) {
			uint32_t node = PROFILE_ROOT;

			for (size_t j = begin; j < all.stacks[i].end; j++) {
				node = profile_child(other, node, all.names[j]);
				CU_ASSERT_EQUAL_FATAL(node, all.nodes[j]);
			}
			begin = all.stacks[i].end;
		}
		CU_ASSERT_EQUAL(profile_nodes(one), profile_nodes(other));
		profile_free(one);
		profile_free(other);
	}
}

static void several_names(void)
{
	struct profile *one = profile_new(), *other = profile_new();
	struct string_table_word words[INTERN_TOGETHER];
	uint32_t numbers[INTERN_TOGETHER];
	char texts[INTERN_TOGETHER][8];

	for (unsigned int round = 0; round < 500; round++) {
		size_t count = 1 + round % INTERN_TOGETHER;

		for (size_t i = 0; i < count; i++) {
			snprintf(texts[i], sizeof(texts[i]), "%zu",
				 (round * 7 + i * i * 13) % 900);
			words[i] =
				(struct string_table_word){ texts[i],
							    strlen(texts[i]) };
		}
		profile_name_several(one, words, count, numbers);
		for (size_t i = 0; i < count; i++)
			CU_ASSERT_EQUAL(numbers[i],
					profile_name(other, words[i].text,
						     words[i].length));
	}
	profile_free(one);
	profile_free(other);
}

static const struct unit_case cases[] = {
	{ "self, total and samples add up from the leaves to the root", sums },
	{ "children stand in the order of their names' bytes", sorted },
	{ "names are told apart behind a NUL", bytes },
	{ "a large tree loses nothing", large },
	{ "an empty profile is a root without weight", empty },
	{ "a function that calls itself counts once a stack", recursion },
	{ "all that was added may be put below another frame", nested },
	{ "and so may a tree of any size", nested_at_any_size },
	{ "functions are sorted by self, equal ones by name", by_self },
	{ "several stacks get the nodes that they get one by one",
	  several_stacks },
	{ "several names get the numbers that they get one by one",
	  several_names },
};

UNIT_MAIN("profile", cases)
