// SPDX-License-Identifier: GPL-2.0
/*
 * See world.h. Most processes are copies of others in which little has changed:
 * the sampler's cached state must nearly fit to be tried at all. This file also
 * answers what the unwinder asks about processes, for kmod/process_maps.h,
 * code_map.h and table_registry.h.
 */
#include "world.h"

#include "../../kmod/missing_tables.h"
#include "../../kmod/process_maps.h"
#include "../../kmod/table_registry.h"
#include "../unit/random_numbers.h"
#include "../unit/table_images.h"

#define RANGES 4
#define RANGE_BYTES 0x1000UL
#define CODE 0x10000000UL
#define FILES 3
#define RULES 24

struct world_map {
	struct dither_code_map map;
	struct dither_node leaf;
};

struct world_process world_processes[WORLD_PROCESSES];
struct task_struct *current;
u32 dither_tables_generation;

static struct task_struct idle;
static struct dither_file files[FILES];
static struct world_process *running;
static unsigned long loaded;
static u64 state;
static u64 maps;
static u64 clock_ns;

u64 world_draw(u64 bound)
{
	return random_below(&state, bound);
}

/* A place in a segment, at its end or beyond now and then. */
static unsigned long draw_place(int segment)
{
	return memory_segment_at[segment] +
	       world_draw(MEMORY_WORDS + 2) * sizeof(u64);
}

static unsigned long draw_code(void)
{
	return CODE + world_draw(RANGES) * RANGE_BYTES + world_draw(8) * 0x110;
}

/* What a program may write where an address is looked for. */
static u64 draw_word(void)
{
	static const u64 words[] = {
		0,
		1,
		8,
		16,
		0xfff,
		0x1000,
		-1ULL,
		-8ULL,
		-16ULL,
		0x4141414141414140,
		0x800000000000,
		0x8000000000000000,
		0xffff800000000000,
		0xffff900012345670,
		0xffffffff81000000,
		TASK_SIZE_MAX - 24,
		TASK_SIZE_MAX - 16,
		TASK_SIZE_MAX - 8,
		TASK_SIZE_MAX,
		TASK_SIZE_MAX + 8,
		0x7fffffffffff,
	};

	switch (world_draw(4)) {
	case 0:
		return draw_code();
	case 1:
		return draw_place(world_draw(MEMORY_SEGMENTS));
	case 2:
		return words[world_draw(sizeof(words) / sizeof(words[0]))];
	default:
		return words[world_draw(sizeof(words) / sizeof(words[0]))] +
		       world_draw(32) - 16;
	}
}

/* Frames from the beginning of a segment on, which end as it comes. */
static void make_chain(struct memory *memory, int segment)
{
	unsigned long at = memory_segment_at[segment];
	u64 *words = memory->words[segment];
	u32 count = world_draw(14);
	u32 step = 2 + 2 * world_draw(4);
	u32 i = 0;

	for (; count && i + step < MEMORY_WORDS - 2; count--, i += step) {
		words[i] = at + (i + step) * sizeof(u64);
		words[i + 1] = draw_code();
	}
	words[i] = world_draw(2) ? 0 : draw_word();
	words[i + 1] = draw_code();
}

static void make_registers(struct pt_regs *regs)
{
	int segment = world_draw(MEMORY_SEGMENTS);

	regs->user = true;
	regs->compat = !world_draw(12);
	regs->ip = world_draw(8) ? draw_code() : draw_word();
	regs->bp = world_draw(4) ? memory_segment_at[segment] : draw_word();
	regs->sp = world_draw(4) ?
			   memory_segment_at[segment] - 8 * world_draw(3) :
			   draw_word();
	regs->bx = draw_word();
	regs->ax = draw_word();
}

static void make_memory(struct memory *memory)
{
	for (int i = 0; i < MEMORY_SEGMENTS; i++) {
		make_chain(memory, i);
		memory->missing[i] = !world_draw(8);
	}
}

/* Mapped code: of a file, or generated, which no table can be for. */
static struct dither_range draw_range(u32 place)
{
	u32 file = world_draw(2 * FILES);

	return (struct dither_range){
		.start = CODE + place * RANGE_BYTES,
		.end = CODE + (place + 1) * RANGE_BYTES,
		.offset = world_draw(4) * RANGE_BYTES,
		.file = file < FILES ? &files[file] : NULL,
	};
}

static struct world_map *make_map(void)
{
	struct world_map *made = calloc(1, sizeof(*made));

	made->map.id = ++maps;
	made->map.root = &made->leaf;
	for (u32 i = 0; i < RANGES; i++) {
		struct dither_range range = draw_range(i);

		/* It ends early, or is not there. */
		if (!world_draw(6))
			range.end -= world_draw(RANGE_BYTES);
		if (world_draw(6))
			made->leaf.ranges[made->leaf.count++] = range;
	}
	return made;
}

/* What is mapped where nothing was leaves the space what it is otherwise. */
static void fill_hole(struct world_map *known)
{
	u32 place = world_draw(RANGES);
	const struct dither_range range = draw_range(place);
	struct dither_node *leaf = &known->leaf;

	for (u32 i = 0; i < leaf->count; i++) {
		if (leaf->ranges[i].start == range.start)
			return;
	}
	leaf->ranges[leaf->count++] = range;
}

static void change_map(struct world_process *process, bool wanted)
{
	free(process->map);
	process->map = wanted ? make_map() : NULL;
}

static struct dither_rule draw_rule(void)
{
	return (struct dither_rule){
		.cfa = 1 + world_draw(DITHER_CFA_COUNT - 1),
		.cfa_register = world_draw(2) ? DITHER_BX_NUMBER :
						world_draw(18),
		.fp = world_draw(DITHER_SAVED_COUNT),
		.ra = 1 + world_draw(DITHER_SAVED_COUNT - 1),
		.cfa_offset = world_draw(8) ? 8 * (s32)world_draw(6) :
					      (s32)random_next(&state),
		.fp_offset = 8 * (s32)world_draw(5) - 24,
		.ra_offset = world_draw(8) ? -8 : (s32)random_next(&state),
		.cfa_addend = 8 * (s32)world_draw(4),
		.flags = world_draw(6) ? 0 : world_draw(4),
		.bx = world_draw(3) ? 0 : world_draw(256),
	};
}

/* A table of any rules that the module takes. */
static struct dither_uploaded_table *make_image(void)
{
	struct table_image table =
		table_image_new(DITHER_TABLE_X86_64, RULES, 1, RULES);
	struct dither_uploaded_table *image =
		calloc(1, sizeof(*image) + table.size);
	struct dither_rule *rules;

	for (u32 i = 0; i < RULES; i++) {
		table.rules[i].cfa = i ? DITHER_CFA_UNSUPPORTED :
					 DITHER_CFA_NONE;
		table.rows[i].low = i * 0x130;
		table.rows[i].rule = i ? i : world_draw(RULES);
	}
	memcpy(image->table, table.bytes, table.size);
	rules = (void *)(image->table + sizeof(*table.header) / sizeof(u64));
	for (u32 i = 1; i < RULES; i++) {
		do {
			rules[i] = draw_rule();
		} while (dither_table_check(image->table, table.size));
	}
	image->bytes = table.size;
	free(table.bytes);
	return image;
}

/* A file's first table, at a new inode: those that walk must notice. */
static void bring_table(struct dither_file *file)
{
	if (file->image)
		return;
	file->image = make_image();
	dither_tables_generation++;
}

/* Another file takes its place everywhere: no process has the old one. */
static void replace_file(struct dither_file *file)
{
	for (int i = 0; i < WORLD_PROCESSES; i++)
		change_map(&world_processes[i], world_draw(2));
	free(file->image);
	file->image = NULL;
}

static void fork_process(struct world_process *child,
			 const struct world_process *parent)
{
	if (child == parent)
		return;
	child->memory = parent->memory;
	child->task.regs = parent->task.regs;
	change_map(child, world_draw(2));
}

static void exec_process(struct world_process *process)
{
	make_memory(&process->memory);
	make_registers(&process->task.regs);
	change_map(process, world_draw(2));
}

static void scribble(struct memory *memory)
{
	u32 segment = world_draw(MEMORY_SEGMENTS);
	u32 word = world_draw(world_draw(2) ? MEMORY_WORDS : 32);

	memory->words[segment][word] = draw_word();
}

void world_scribble(void)
{
	if (memory_used())
		scribble(memory_used());
}

void world_step(void)
{
	struct world_process *process =
		&world_processes[world_draw(WORLD_PROCESSES)];
	u32 segment = world_draw(MEMORY_SEGMENTS);

	switch (world_draw(16)) {
	case 0:
		exec_process(process);
		break;
	case 1 ... 4:
		fork_process(process,
			     &world_processes[world_draw(WORLD_PROCESSES)]);
		break;
	case 5:
		change_map(process, world_draw(2));
		break;
	case 11:
		if (process->map)
			fill_hole(process->map);
		break;
	case 6:
		make_chain(&process->memory, segment);
		break;
	case 7:
		process->memory.missing[segment] ^= true;
		break;
	case 8:
		make_registers(&process->task.regs);
		break;
	case 9:
		bring_table(&files[world_draw(FILES)]);
		break;
	case 10:
		if (!world_draw(64))
			replace_file(&files[world_draw(FILES)]);
		break;
	default:
		scribble(&process->memory);
	}
}

void world_run(struct world_process *process)
{
	running = process;
	current = process ? &process->task : &idle;
	memory_use(process ? &process->memory : NULL);
	loaded = process ? __pa(process->mm.pgd) : 0;
}

struct pt_regs world_kernel_regs(void)
{
	return (struct pt_regs){
		.ip = 0xffffffff81000000 + world_draw(64) * 16,
		.bp = draw_word(),
		.sp = draw_word(),
	};
}

void world_begin(u64 seed)
{
	state = seed;
	for (int i = 0; i < WORLD_PROCESSES; i++) {
		struct world_process *process = &world_processes[i];

		process->task.pid = process->task.tgid = 100 + i;
		process->task.mm = process->task.active_mm = &process->mm;
		process->mm.pgd = process;
		exec_process(process);
	}
	world_run(NULL);
}

void world_load(bool own)
{
	loaded = own ? __pa(current->mm->pgd) : 0;
	memory_use(own ? &running->memory : NULL);
}

unsigned long read_cr3_pa(void)
{
	return loaded;
}

u64 ktime_get_mono_fast_ns(void)
{
	return ++clock_ns;
}

/* What the unwinder asks. */

const struct dither_code_map *dither_process_maps_find(u32 tgid)
{
	return running && (u32)running->task.tgid == tgid && running->map ?
		       &running->map->map :
		       NULL;
}

/* Spaces are made above, and never changed. */
void dither_node_share_file(struct dither_file *file)
{
	walks_fail("a walk changes the space of a process, for %p",
		   (void *)file);
}

void dither_tables_ask(struct dither_cpu *cpu, const struct dither_range *range)
{
	if (!cpu || !range->file || range->file->image)
		walks_fail("a table is asked for that nobody needs");
}
