// SPDX-License-Identifier: GPL-2.0
/*
 * Walks by frame pointer over memory that is mapped for them into the process
 * that runs the tests, in each context that a sampler may be in.
 */
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "../../../kmod/arch.h"
#include "../../../kmod/unwind.h"
#include "selftest.h"

#if DITHER_ARCH_USER_FRAMES

#define FRAMES 8U
#define DISTANCE 64U
#define CODE 0x400000UL
#define IP (CODE + 0x10)

/* A chain in a page that is there, and a page that nobody has touched. */
struct scene {
	unsigned long page;
	unsigned long absent;
	struct dither_cached_stack cached;
	struct dither_walk walk;
	struct pt_regs regs;
	unsigned int disabled; /* page faults, before and after */
	unsigned int disabled_after;
};

/* Where a frame pointer points whose two words lie at @record. */
static unsigned long pointer_to(unsigned long record)
{
	return DITHER_ARCH_BARE_LEAVES ? record + 2 * sizeof(long) : record;
}

static unsigned long record_of(const struct scene *scene, unsigned int number)
{
	return scene->page + DISTANCE * (number + 1);
}

static int write_frame(const struct scene *scene, unsigned int number,
		       unsigned long next)
{
	unsigned long words[2] = { next, CODE + 0x100 * (number + 1) };
	void __user *at = (void __user *)record_of(scene, number);

	return copy_to_user(at, words, sizeof(words)) ? -EFAULT : 0;
}

/* A chain of FRAMES that ends with the frame pointer @last. */
static int write_chain(const struct scene *scene, unsigned long last)
{
	unsigned long next;
	unsigned int i;
	int error = 0;

	for (i = 0; i < FRAMES && !error; i++) {
		next = last;
		if (i < FRAMES - 1)
			next = pointer_to(record_of(scene, i + 1));
		error = write_frame(scene, i, next);
	}
	return error;
}

static void set_registers(struct scene *scene)
{
	struct pt_regs *regs = &scene->regs;
	unsigned long pointer = pointer_to(record_of(scene, 0));

	memset(regs, 0, sizeof(*regs));
#if defined(CONFIG_X86_64)
	regs->cs = __USER_CS;
	regs->bp = pointer;
	regs->ip = IP;
	regs->sp = scene->page;
#elif defined(CONFIG_ARM64)
	regs->regs[29] = pointer;
	regs->pc = IP;
	regs->sp = scene->page;
#else
	regs->s0 = pointer;
	regs->epc = IP;
	regs->sp = scene->page;
#endif
}

static unsigned int faults_disabled(void)
{
	return current->pagefault_disabled;
}

static void walk(void *data)
{
	struct scene *scene = data;

	scene->walk = (struct dither_walk){
		.cached = &scene->cached,
		.room = DITHER_DEPTH_MAX,
	};
	scene->disabled = faults_disabled();
	dither_unwind_user(&scene->regs, true, &scene->walk);
	scene->disabled_after = faults_disabled();
	/* As the sampler keeps it for the next walk. */
	scene->cached.count = scene->walk.count;
	scene->cached.room = scene->walk.room;
	scene->cached.flags = scene->walk.flags;
	scene->cached.unwinder = scene->walk.unwinder;
	scene->cached.end = scene->walk.end;
}

static const char *check_chain(const struct scene *scene, u8 end)
{
	unsigned int i;

	SELFTEST_EXPECT(scene->walk.unwinder == DITHER_UNWIND_FRAME_POINTER);
	SELFTEST_EXPECT(scene->walk.count == FRAMES + 1);
	SELFTEST_EXPECT(scene->cached.addresses[0] == IP);
	for (i = 0; i < FRAMES; i++)
		SELFTEST_EXPECT(scene->cached.addresses[i + 1] ==
				CODE + 0x100 * (i + 1));
	SELFTEST_EXPECT(scene->walk.end == end);
	SELFTEST_EXPECT(scene->disabled == scene->disabled_after);
	return NULL;
}

/* In each context twice: the second walk may trust what the first one kept. */
static const char *walk_everywhere(struct scene *scene, u8 end)
{
	enum selftest_context context;
	const char *wrong = NULL;

	scene->cached.count = 0;
	for (context = 0; context < SELFTEST_CONTEXTS && !wrong; context++) {
		migrate_disable();
		selftest_in(context, walk, scene);
		wrong = check_chain(scene, end);
		selftest_in(context, walk, scene);
		wrong = wrong ?: check_chain(scene, end);
		migrate_enable();
	}
	return wrong;
}

/* Whether the kernel can read there without a fault that is served. */
static bool is_present(unsigned long at)
{
	unsigned long word;

	return !copy_from_user_nofault(&word, (void __user *)at, sizeof(word));
}

static const char *walk_to_root(struct scene *scene)
{
	SELFTEST_EXPECT(!write_chain(scene, 0));
	return walk_everywhere(scene, DITHER_END_ROOT);
}

static const char *walk_to_absent(struct scene *scene)
{
	const char *wrong;

	SELFTEST_EXPECT(!write_chain(scene, pointer_to(scene->absent)));
	SELFTEST_EXPECT(!is_present(scene->absent));
	wrong = walk_everywhere(scene, DITHER_END_FAULT);
	SELFTEST_EXPECT(!is_present(scene->absent));
	return wrong;
}

/* Half of a frame is there. */
static const char *walk_across(struct scene *scene)
{
	unsigned long at = scene->absent - sizeof(long);
	const char *wrong;

	SELFTEST_EXPECT(!write_chain(scene, pointer_to(at)));
	wrong = walk_everywhere(scene, DITHER_END_FAULT);
	SELFTEST_EXPECT(!is_present(scene->absent));
	return wrong;
}

static const char *walk_out(struct scene *scene)
{
	const unsigned long words[] = {
		8,
		-8UL,
		-16UL,
		TASK_SIZE_MAX - 8,
		TASK_SIZE_MAX,
		TASK_SIZE_MAX + 8,
		0x4141414141414140UL,
		1UL << 63,
		(unsigned long)scene,
		(unsigned long)walk_out & -16UL,
	};
	const char *wrong = NULL;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(words) && !wrong; i++) {
		SELFTEST_EXPECT(!write_chain(scene, words[i]));
		wrong = walk_everywhere(scene, DITHER_END_BROKEN);
	}
	return wrong;
}

/*
 * What is kept says that the chain goes on, as by another way of walking it
 * may: the walk must find for itself that it does not.
 */
static const char *walk_with_lies(struct scene *scene)
{
	unsigned int i;

	SELFTEST_EXPECT(!write_chain(scene, (unsigned long)scene));
	scene->cached.count = 0;
	walk(scene);
	for (i = FRAMES + 1; i < 2 * FRAMES; i++)
		scene->cached.addresses[i] = CODE + 0x100 * i;
	scene->cached.count = 2 * FRAMES;
	walk(scene);
	return check_chain(scene, DITHER_END_BROKEN);
}

static const char *with_scene(const char *(*test)(struct scene *scene))
{
	struct scene *scene = kzalloc(sizeof(*scene), GFP_KERNEL);
	const char *wrong = "no memory";

	if (!scene)
		return wrong;
	scene->page = vm_mmap(NULL, 0, 2 * PAGE_SIZE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, 0);
	if (!IS_ERR_VALUE(scene->page)) {
		scene->absent = scene->page + PAGE_SIZE;
		set_registers(scene);
		wrong = test(scene);
		vm_munmap(scene->page, 2 * PAGE_SIZE);
	}
	kfree(scene);
	return wrong;
}

static const char *test_root(void)
{
	return with_scene(walk_to_root);
}

static const char *test_absent(void)
{
	return with_scene(walk_to_absent);
}

static const char *test_across(void)
{
	return with_scene(walk_across);
}

static const char *test_out(void)
{
	return with_scene(walk_out);
}

static const char *test_lies(void)
{
	return with_scene(walk_with_lies);
}

const struct selftest selftest_walk[] = {
	{ "a chain is walked to its root in every context", test_root },
	{ "a page that is absent stays so in every context, and ends the walk",
	  test_absent },
	{ "a frame that is half there ends the walk", test_across },
	{ "a chain that leads out of user memory ends there", test_out },
	{ "kept state that says more than the chain is not believed",
	  test_lies },
	{},
};

#else

const struct selftest selftest_walk[] = {
	{},
};

#endif
