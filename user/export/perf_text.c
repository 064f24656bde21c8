// SPDX-License-Identifier: GPL-2.0
/* See perf_text.h. */
#include "perf_text.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../base/utf8.h"
#include "../render/colour.h"

#define ADDRESS_FIRST ((uint64_t)0x400000)
#define ADDRESS_KERNEL ((uint64_t)0xffffffff81000000)

/* Nothing that would end a line. */
static void put_text(FILE *output, const char *text, size_t length)
{
	char bytes[4];
	uint32_t character;
	size_t count;

	for (size_t i = 0; i < length;) {
		i += utf8_next(text + i, length - i, &character);
		count = utf8_encode(character, bytes);
		fwrite(bytes, 1, count, output);
	}
}

static void put_frame(const struct profile *profile, uint32_t name,
		      FILE *output)
{
	static const char *const objects[FRAME_KINDS] = {
		[FRAME_USER] = "[unknown]",
		[FRAME_KERNEL] = "[kernel.kallsyms]",
		[FRAME_JIT] = "/tmp/perf-1.map",
		[FRAME_INLINED] = "inlined",
		[FRAME_WAKER] = "[unknown]",
		[FRAME_UNNAMED] = "[unknown]",
	};
	const char *text = profile_text(profile, name);
	size_t length = profile_text_length(profile, name);
	enum frame_kind kind = colour_kind(text, &length);

	fprintf(output, "\t%16" PRIx64 " ",
		(kind == FRAME_KERNEL ? ADDRESS_KERNEL : ADDRESS_FIRST) +
			(uint64_t)name * 16);
	put_text(output, text, length);
	fprintf(output, "%s (%s)\n", kind == FRAME_INLINED ? "" : "+0x0",
		objects[kind]);
}

static void put_sample(const struct profile *profile, uint32_t number,
		       uint64_t time, double weight, const char *event,
		       FILE *output)
{
	uint32_t root = number, up, name;

	if (number == PROFILE_ROOT)
		return;
	while ((up = profile_node(profile, root).parent) != PROFILE_ROOT)
		root = up;
	name = profile_node(profile, root).name;
	put_text(output, profile_text(profile, name),
		 profile_text_length(profile, name));
	fprintf(output,
		" 1/1 [000] %" PRIu64 ".%06" PRIu64 ": %10" PRIu64 " %s: \n",
		time / 1000000000, time / 1000 % 1000000,
		(uint64_t)round(fmin(weight, 0x1p62)), event);
	for (; number != root; number = profile_node(profile, number).parent)
		put_frame(profile, profile_node(profile, number).name, output);
	fputc('\n', output);
}

void perf_text_write(const struct profile *profile,
		     const struct moments *moments,
		     const struct meaning *meaning, FILE *output)
{
	const char *event = strcmp(meaning->name, "cpu") ? meaning->name :
							   "cpu-clock";
	uint64_t time = 0;

	for (size_t i = 0; moments && i < moments->count; i++)
		put_sample(profile, moments->items[i].node,
			   moments->items[i].time,
			   moments->items[i].weight * meaning->scale, event,
			   output);
	if (moments)
		return;
	for (uint32_t i = PROFILE_ROOT; i != PROFILE_NONE;
	     i = profile_next(profile, i)) {
		double self = profile_node(profile, i).self;

		if (self > 0)
			put_sample(profile, i, time += 1000000,
				   self * meaning->scale, event, output);
	}
}
