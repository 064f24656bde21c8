// SPDX-License-Identifier: GPL-2.0
/* The kernel's code through a recording: user/resolve/kernel.h. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "../../user/resolve/kernel.h"

#define BASE "1000 start\n1100 end\n2000 old_a\t[old]\n2040 old_b\t[old]\n"
#define OLD "2000-2100\t[old]\n"
#define NEW "2000-2200\t[new]\n2000 new_a\t[new]\n2080 new_b\t[new]\n"
#define PROG(name) "3000-3040 " name "\t[bpf]\n"

static struct kernel *kernel;

static void begin(void)
{
	bool hidden;

	kernel = kernel_new();
	CU_ASSERT_EQUAL_FATAL(
		kernel_add(kernel, BASE, strlen(BASE), NULL, &hidden, NULL), 0);
}

static void reading(uint64_t begun, uint64_t ended, const char *text)
{
	const struct kernel_reading when = { begun, ended };
	bool hidden;

	CU_ASSERT_EQUAL_FATAL(kernel_add(kernel, text, strlen(text), &when,
					 &hidden, NULL),
			      0);
}

static void record(uint64_t time, uint8_t flags, uint16_t kind, uint64_t start,
		   uint64_t length, const char *name)
{
	struct dither_code *code = calloc(1, sizeof(*code) + strlen(name) + 1);

	code->header.flags = flags;
	code->time = time;
	code->start = start;
	code->length = length;
	code->kind = kind;
	code->name_len = (uint16_t)strlen(name);
	strcpy(code->name, name);
	kernel_add_record(kernel, code);
	free(code);
}

/* "": nothing; "[m]": a module without a name. */
static void expect(uint64_t address, uint64_t time, const char *name)
{
	struct kernel_symbol symbol = { .name = "" };
	const char *found = "";
	bool lasting;

	if (kernel_find(kernel, address, time, &symbol, &lasting))
		found = symbol.name ? symbol.name : symbol.module;
	if (strcmp(found, name) != 0)
		printf("# %llx at %llu is \"%s\", not \"%s\"\n",
		       (unsigned long long)address, (unsigned long long)time,
		       found, name);
	CU_ASSERT_STRING_EQUAL(found, name);
}

static void end(void)
{
	kernel_free(kernel);
}

static void test_lasting(void)
{
	begin();
	reading(10, 20, OLD);
	expect(0x10ff, 0, "start");
	expect(0x10ff, 1000, "start");
	expect(0x2030, 20, "old_a");
	expect(0x20ff, 1000, "old_b");
	expect(0x2100, 1000, "");
	end();
}

static void test_untimed(void)
{
	bool hidden;

	begin();
	CU_ASSERT_EQUAL(kernel_add(kernel, "2000 new_a\t[new]\n5000 b\t[m]\n",
				   28, NULL, &hidden, NULL),
			0);
	expect(0x5fff, 0, "b");
	expect(0x2050, 0, ""); /* both say that it is theirs */
	expect(0x1000, 0, "start");
	end();
}

static void test_records(void)
{
	begin();
	reading(10, 20, OLD);
	record(30, 0, DITHER_CODE_BPF, 0x3000, 0x40, "p");
	record(50, DITHER_CODE_GONE, DITHER_CODE_BPF, 0x3000, 0x40, "p");
	record(60, 0, DITHER_CODE_BPF, 0x3020, 0x40, "q");
	reading(90, 99, OLD "3020-3060 q\t[bpf]\n");
	expect(0x3010, 29, "");
	expect(0x3010, 30, "p");
	expect(0x303f, 50, "p");
	expect(0x3040, 40, "");
	expect(0x3030, 51, "");
	expect(0x3030, 60, "q");
	expect(0x305f, 1000, "q");
	end();
}

static void test_module_replaced(void)
{
	begin();
	reading(10, 20, OLD);
	record(30, DITHER_CODE_GONE, DITHER_CODE_MODULE, 0x2000, 0x100, "old");
	record(40, 0, DITHER_CODE_MODULE, 0x2000, 0x180, "new");
	reading(50, 60, NEW);
	record(80, DITHER_CODE_GONE, DITHER_CODE_MODULE, 0x2000, 0x180, "new");
	reading(90, 99, "");
	expect(0x2000, 30, "old_a");
	expect(0x2000, 35, "");
	expect(0x2000, 40, "new_a");
	expect(0x217f, 80, "new_b");
	expect(0x2180, 50, ""); /* where the record says that it ends */
	expect(0x2000, 81, "");
	end();
}

/* Nobody saw when: it is believed as long as it was seen. */
static void test_unseen(void)
{
	begin();
	reading(10, 20, OLD PROG("p"));
	reading(50, 60, OLD NEW);
	reading(90, 99, OLD);
	expect(0x3000, 20, "p");
	expect(0x3000, 21, "");
	expect(0x2000, 1000, "old_a");
	expect(0x20ff, 59, "old_b");
	end();

	begin();
	reading(10, 20, "");
	reading(50, 60, PROG("p"));
	reading(90, 99, PROG("p"));
	expect(0x3000, 59, "");
	expect(0x3000, 60, "p");
	expect(0x3000, 1000, "p");
	end();
}

/* A record that found no room: the other one tells what happened. */
static void test_lost(void)
{
	begin();
	reading(10, 20, OLD PROG("p"));
	record(50, 0, DITHER_CODE_BPF, 0x2ff0, 0x100, "q");
	expect(0x3000, 40, "p");
	expect(0x3000, 50, "q");
	expect(0x3000, 60, "q");
	end();

	begin();
	reading(10, 20, "");
	record(50, DITHER_CODE_GONE, DITHER_CODE_BPF, 0x3000, 0x40, "p");
	expect(0x3000, 40, "");
	expect(0x3000, 60, "");
	end();
}

/* Reading takes a while, in which things happen. */
static void test_while_reading(void)
{
	begin();
	reading(10, 20, OLD PROG("p"));
	record(15, DITHER_CODE_GONE, DITHER_CODE_BPF, 0x3000, 0x40, "p");
	record(55, 0, DITHER_CODE_BPF, 0x4000, 0x40, "q");
	reading(50, 60, OLD);
	expect(0x3000, 30, "");
	expect(0x4000, 55, "q");
	expect(0x4000, 1000, "q");
	end();
}

static void test_beginning(void)
{
	begin();
	reading(10, 20, OLD);
	record(30, 0, DITHER_CODE_MODULE, 0x5000, 0x100, "m");
	record(30, DITHER_CODE_INIT, DITHER_CODE_MODULE, 0x6000, 0x100, "m");
	reading(35, 40,
		OLD "5000-5100\t[m]\n5000 m_a\t[m]\n6000 m_init\t[m]\n");
	record(50, DITHER_CODE_GONE | DITHER_CODE_INIT, DITHER_CODE_MODULE,
	       0x6000, 0x100, "m");
	expect(0x6010, 30, "m_init");
	expect(0x6010, 50, "m_init");
	expect(0x6010, 51, "");
	expect(0x5010, 30, "m_a");
	expect(0x5010, 1000, "m_a");
	end();

	/* It was too short for a reading. */
	begin();
	reading(10, 20, OLD);
	record(30, DITHER_CODE_INIT, DITHER_CODE_MODULE, 0x6000, 0x100, "m");
	record(31, DITHER_CODE_GONE | DITHER_CODE_INIT, DITHER_CODE_MODULE,
	       0x6000, 0x100, "m");
	reading(35, 40, OLD);
	expect(0x6010, 30, "[m]");
	expect(0x6010, 32, "");
	end();

	/* Nobody saw its end. */
	begin();
	reading(10, 20, OLD);
	record(30, DITHER_CODE_INIT, DITHER_CODE_MODULE, 0x6000, 0x100, "m");
	expect(0x6010, 1000, "");
	end();
}

static void test_within(void)
{
	begin();
	/* The size of all of a module is more than that of its code. */
	reading(10, 20, "2000-4000\t[old]\n" PROG("p"));
	expect(0x2ff0, 30, "old_b");
	expect(0x3010, 30, "p");
	end();
}

static void test_again(void)
{
	begin();
	reading(10, 20, "");
	for (uint64_t time = 100; time < 100000; time += 100) {
		record(time, 0, DITHER_CODE_BPF, 0x3000, 0x40,
		       time % 200 ? "p" : "q");
		record(time + 50, DITHER_CODE_GONE, DITHER_CODE_BPF, 0x3000,
		       0x40, time % 200 ? "p" : "q");
	}
	expect(0x3000, 99900, "p");
	expect(0x3000, 99850, "q");
	expect(0x3000, 99875, "");
	expect(0x3000, 100, "p");
	end();
}

static const struct unit_case cases[] = {
	{ "the kernel's own code lasts, a module's reaches to its end",
	  test_lasting },
	{ "symbols without times are all taken, but where they disagree",
	  test_untimed },
	{ "a program is there from record to record", test_records },
	{ "a module in place of another has names of its own",
	  test_module_replaced },
	{ "what went unseen is believed as long as it was seen", test_unseen },
	{ "what came to a place has it, whatever was lost", test_lost },
	{ "what happens during a reading is as records tell",
	  test_while_reading },
	{ "what a module begins with has a name as long as that takes",
	  test_beginning },
	{ "what lies within another's size is itself", test_within },
	{ "one place may be many programs' in turn", test_again },
};

UNIT_MAIN("kernel", cases)
