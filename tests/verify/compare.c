// SPDX-License-Identifier: GPL-2.0
/*
 * See compare.h. Frames are compared by place, innermost first: those behind
 * the first difference count as different, whatever they are. What the one had
 * no means to see, and says so (the copy ends, the module's depth does, a
 * file's table has not come yet, a rule is of no kind that tables have; libdw
 * guesses, for want of a rule, or of a register), is not compared, and counted apart.
 */
#include "compare.h"

#include <inttypes.h>
#include <stdio.h>

static const char *const names[OUTCOME_COUNT] = {
	[OUTCOME_EQUAL] = "equal to the end",
	[OUTCOME_DEPTH] = "equal, cut by depth",
	[OUTCOME_FAULT] = "equal, cut by a fault",
	[OUTCOME_COPY] = "equal, the copy is short",
	[OUTCOME_NO_TABLE] = "equal, then no table yet",
	[OUTCOME_GUESS] = "by frame pointers, no table yet",
	[OUTCOME_NO_RULE] = "libdw guesses, no CFI",
	[OUTCOME_ROUND] = "equal, then libdw goes round",
	[OUTCOME_NO_CODE] = "equal, then libdw is in no code",
	[OUTCOME_REGISTER] = "equal, then libdw lacks a register",
	[OUTCOME_REFERENCE_SHORT] = "libdw ends early",
	[OUTCOME_UNSUPPORTED] = "equal, then a rule of no kind",
	[OUTCOME_MODULE_SHORT] = "the module ends early",
	[OUTCOME_DIFFERENT] = "another address",
};

static const char *const ends[] = {
	[DITHER_END_ROOT] = "root",
	[DITHER_END_DEPTH] = "depth",
	[DITHER_END_FAULT] = "fault",
	[DITHER_END_BROKEN] = "broken",
	[DITHER_END_NO_TABLE] = "no table",
	[DITHER_END_UNSUPPORTED] = "unsupported",
};

/*
 * Callers only: of the module's, those behind the address that was sampled, and
 * without a link register that is stale, see DITHER_STACK_LR.
 */
struct callers {
	const uint64_t *addresses;
	unsigned int count;
};

/* Whether a link register, which other addresses follow, is not stale. */
static bool is_caller(const uint64_t *link, unsigned int count,
		      struct callers libdw)
{
	return libdw.count && *link == libdw.addresses[0] &&
	       (count < 2 || link[1] != *link);
}

static struct callers module_callers(const struct dither_sample *sample,
				     const struct replay_stack *user,
				     struct callers libdw)
{
	struct callers callers = { user->addresses, user->count };
	/* In kernel mode .ip is the kernel's, and the user's comes first. */
	unsigned int leads = !(sample->header.flags & DITHER_SAMPLE_USER);

	if (user->flags & DITHER_STACK_LR &&
	    !is_caller(user->addresses + leads, callers.count - leads, libdw))
		leads++;
	if (leads > callers.count)
		leads = callers.count;
	callers.addresses += leads;
	callers.count -= leads;
	return callers;
}

static unsigned int common(struct callers a, struct callers b)
{
	unsigned int count = 0;

	while (count < a.count && count < b.count &&
	       a.addresses[count] == b.addresses[count])
		count++;
	return count;
}

/* Where the two part, by the frame from which libdw went on. */
static bool guessed(struct reference *reference,
		    const struct reference_stack *stack, unsigned int equal)
{
	/* Address 0 is where it was, the others are behind a call. */
	return !reference_has_rule(reference,
				   stack->addresses[equal] - (equal > 0));
}

/*
 * Where call frame information is wrong or says nothing, libdw may stay where
 * it is, or leave for the data; the module is to end there.
 */
static bool goes_round(const struct reference_stack *stack, unsigned int equal)
{
	return stack->addresses[equal + 1] == stack->addresses[equal];
}

/*
 * Where the dynamic linker resolves a function, its CFA is in rbx. libdw 0.188
 * has that if a callee has saved it, not if it still is where it was (eu-stack
 * ends there, too).
 */
static bool lacks_register(struct reference *reference,
			   const struct reference_stack *stack,
			   struct callers libdw)
{
	return libdw.count && !stack->error &&
	       reference_needs_register(reference,
					libdw.addresses[libdw.count - 1] - 1);
}

static enum outcome judge(const struct process *process,
			  const struct reference_stack *stack,
			  const struct replay_stack *user,
			  struct callers module, struct callers libdw,
			  unsigned int equal)
{
	if (equal == module.count && user->end == DITHER_END_DEPTH)
		return OUTCOME_DEPTH;
	if (equal == module.count && user->end == DITHER_END_FAULT)
		return OUTCOME_FAULT;
	if (equal == libdw.count && stack->outside)
		return OUTCOME_COPY;
	if (equal == module.count && equal == libdw.count)
		return OUTCOME_EQUAL;
	if (equal == module.count && user->end == DITHER_END_NO_TABLE)
		return OUTCOME_NO_TABLE;
	if (user->unwinder != DITHER_UNWIND_TABLE &&
	    user->end != DITHER_END_UNSUPPORTED)
		return OUTCOME_GUESS;
	if (equal < libdw.count && equal == module.count &&
	    goes_round(stack, equal))
		return OUTCOME_ROUND;
	if (equal < libdw.count && equal == module.count &&
	    !process_mapping(process, libdw.addresses[equal]))
		return OUTCOME_NO_CODE;
	if (guessed(process->reference, stack, equal))
		return OUTCOME_NO_RULE;
	if (equal == libdw.count)
		return lacks_register(process->reference, stack, libdw) ?
			       OUTCOME_REGISTER :
			       OUTCOME_REFERENCE_SHORT;
	if (equal == module.count)
		return user->end == DITHER_END_UNSUPPORTED ?
			       OUTCOME_UNSUPPORTED :
			       OUTCOME_MODULE_SHORT;
	return OUTCOME_DIFFERENT;
}

static void print_callers(struct reference *reference, const char *whose,
			  struct callers callers, unsigned int equal)
{
	unsigned int first = equal > 2 ? equal - 2 : 0;

	for (unsigned int i = first; i < callers.count && i < equal + 6; i++) {
		printf("#     %s %2u %016" PRIx64 " ", whose, i,
		       callers.addresses[i]);
		reference_print(reference, callers.addresses[i]);
		printf("\n");
	}
}

static void print_example(struct reference *reference, enum outcome outcome,
			  const struct dither_sample *sample,
			  const struct reference_stack *stack,
			  const struct replay_stack *user,
			  struct callers module, struct callers libdw,
			  unsigned int equal)
{
	printf("# %s: process %u, %s mode, %u callers by the module (unwinder %u, end: %s), %u by libdw (%s), equal: %u\n",
	       names[outcome], sample->tgid,
	       sample->header.flags & DITHER_SAMPLE_USER ? "user" : "kernel",
	       module.count, user->unwinder,
	       user->end < sizeof(ends) / sizeof(ends[0]) ? ends[user->end] : "?",
	       libdw.count, stack->error ? stack->error : "no error", equal);
	printf("#     at        %016" PRIx64 " ", stack->addresses[0]);
	reference_print(reference, stack->addresses[0]);
	printf("\n");
	if (stack->outside)
		printf("#     libdw missed memory at %" PRIx64 "\n",
		       stack->missed);
	print_callers(reference, "module", module, equal);
	print_callers(reference, "libdw ", libdw, equal);
}

static bool is_cut(enum outcome outcome)
{
	return outcome == OUTCOME_DEPTH || outcome == OUTCOME_FAULT ||
	       outcome == OUTCOME_COPY || outcome == OUTCOME_NO_TABLE ||
	       outcome == OUTCOME_GUESS || outcome == OUTCOME_UNSUPPORTED ||
	       outcome == OUTCOME_NO_RULE || outcome == OUTCOME_ROUND ||
	       outcome == OUTCOME_NO_CODE || outcome == OUTCOME_REGISTER;
}

void compare(struct totals *totals, const struct dither_sample *sample,
	     const struct replay_stack *user, const struct process *process,
	     const struct copy *copy)
{
	static struct reference_stack stack;
	struct callers module, libdw;
	enum outcome outcome;
	unsigned int equal, longest;

	reference_unwind(process->reference, copy, &stack);
	if (!stack.count) {
		totals->unusable++;
		return;
	}
	libdw = (struct callers){ stack.addresses + 1, stack.count - 1 };
	module = module_callers(sample, user, libdw);
	equal = common(module, libdw);
	outcome = judge(process, &stack, user, module, libdw, equal);
	longest = module.count > libdw.count ? module.count : libdw.count;
	totals->samples++;
	totals->frames += is_cut(outcome) ? equal : longest;
	totals->equal += equal;
	totals->rest[outcome] += longest - equal;
	if (outcome != OUTCOME_EQUAL &&
	    totals->outcomes[outcome] < totals->examples)
		print_example(process->reference, outcome, sample, &stack, user,
			      module, libdw, equal);
	totals->outcomes[outcome]++;
}

static double percent(uint64_t part, uint64_t whole)
{
	return whole ? 100.0 * (double)part / (double)whole : 0;
}

uint64_t totals_different(const struct totals *totals)
{
	return totals->outcomes[OUTCOME_REFERENCE_SHORT] +
	       totals->outcomes[OUTCOME_MODULE_SHORT] +
	       totals->outcomes[OUTCOME_DIFFERENT];
}

void totals_print(const struct totals *totals)
{
	uint64_t all = totals->equal;
	uint64_t stacks = totals->samples - totals_different(totals) -
			  totals->outcomes[OUTCOME_GUESS] -
			  totals->outcomes[OUTCOME_NO_RULE];

	printf("# samples %" PRIu64 ", stacks equal %" PRIu64 " (%.3f%%), frames %" PRIu64
	       ", frames equal %" PRIu64 " (%.4f%%)\n",
	       totals->samples, stacks, percent(stacks, totals->samples),
	       totals->frames, totals->equal,
	       percent(totals->equal, totals->frames));
	for (int i = 0; i < OUTCOME_COUNT; i++)
		all += totals->rest[i];
	printf("#   with all that was left out: frames %" PRIu64
	       ", frames equal %" PRIu64 " (%.4f%%)\n",
	       all, totals->equal, percent(totals->equal, all));
	for (int i = 0; i < OUTCOME_COUNT; i++) {
		if (totals->outcomes[i])
			printf("#   %-32s %8" PRIu64 " stacks %8" PRIu64
			       " frames beyond\n",
			       names[i], totals->outcomes[i], totals->rest[i]);
	}
	if (totals->unknown_process || totals->unusable)
		printf("#   not compared: %" PRIu64 " of processes without mappings, %" PRIu64
		       " that libdw takes no part in\n",
		       totals->unknown_process, totals->unusable);
}
