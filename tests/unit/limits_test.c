// SPDX-License-Identifier: GPL-2.0
/*
 * Limits derived from the machine, kmod/core/limits.h: from boards of 16 MiB to
 * machines of 64 TiB, from 1 to 8,192 CPUs.
 */
#include "unit.h"

#include "../../include/dither/abi.h"
#include "../../kmod/core/limits.h"

#define KIB (1ULL << 10)
#define MIB (1ULL << 20)
#define GIB (1ULL << 30)
#define TIB (1ULL << 40)

static void test_tables(void)
{
	CU_ASSERT_EQUAL(dither_limit_tables(0), MIB);
	CU_ASSERT_EQUAL(dither_limit_tables(8 * MIB), MIB);
	CU_ASSERT_EQUAL(dither_limit_tables(27 * MIB), MIB);
	CU_ASSERT_EQUAL(dither_limit_tables(32 * MIB), 2 * MIB);
	CU_ASSERT_EQUAL(dither_limit_tables(1000 * MIB), 62 * MIB);
	CU_ASSERT_EQUAL(dither_limit_tables(2048 * MIB), 128 * MIB);
	CU_ASSERT_EQUAL(dither_limit_tables(UINT64_MAX), 128 * MIB);
}

static void test_rings(void)
{
	CU_ASSERT_EQUAL(dither_limit_rings(27 * MIB, 1), 27 * MIB / 8);
	CU_ASSERT_EQUAL(dither_limit_rings(384 * MIB, 2), 48 * MIB);
	CU_ASSERT_EQUAL(dither_limit_rings(4 * GIB, 8), 512 * MIB);
	CU_ASSERT_EQUAL(dither_limit_rings(64 * TIB, 256), 512 * MIB);
	CU_ASSERT_EQUAL(dither_limit_rings(64 * TIB, 4096), 8 * GIB);
	CU_ASSERT_EQUAL(dither_limit_rings(64 * GIB, 8192), 8 * GIB);
}

/* What the module takes beside rings on x86-64, with room to spare. */
static struct dither_limit_need need_of(u32 cpus, u32 sides, u32 page)
{
	return (struct dither_limit_need){
		.cpus = cpus,
		.sides = sides,
		.cpu_bytes = 32 * KIB + 2 * page,
		.side_bytes = 16 * KIB + 2 * page,
		.ring_min = page > DITHER_RING_MIN ? page : DITHER_RING_MIN,
	};
}

static bool is_size(u32 bytes)
{
	return bytes >= DITHER_RING_MIN && bytes <= MIB &&
	       !(bytes & (bytes - 1));
}

/* A session of that size, on a machine where others have taken nothing. */
static void check_machine(u64 ram, u32 cpus, u32 page)
{
	struct dither_limit_need all = need_of(cpus, 0, page);
	struct dither_limit_need one = need_of(1, cpus - 1, page);
	u64 limit = dither_limit_rings(ram, cpus);
	u32 bytes = dither_limit_ring(&all, limit);
	u64 taken = dither_limit_session(&all, bytes);

	CU_ASSERT(is_size(bytes));
	CU_ASSERT(bytes == all.ring_min || taken <= limit / 4);
	CU_ASSERT(bytes == MIB ||
		  dither_limit_session(&all, 2 * bytes) > limit / 4);
	/* A board of 16 MiB has a few CPUs; a large machine has memory. */
	if (ram / cpus >= 4 * MIB)
		CU_ASSERT(taken <= limit);
	/* Most CPUs left out take less. */
	CU_ASSERT(dither_limit_session(&one, bytes) <= taken);
	CU_ASSERT(dither_limit_ring(&one, limit) >= bytes);
}

static void test_machines(void)
{
	for (u64 ram = 16 * MIB; ram <= 64 * TIB; ram *= 2) {
		for (u32 cpus = 1; cpus <= 8192; cpus++) {
			check_machine(ram, cpus, 4096);
			check_machine(ram, cpus, 65536);
		}
	}
}

static u32 default_ring(u64 ram, u32 cpus)
{
	struct dither_limit_need need = need_of(cpus, 0, 4096);

	return dither_limit_ring(&need, dither_limit_rings(ram, cpus));
}

static void test_defaults(void)
{
	CU_ASSERT_EQUAL(default_ring(27 * MIB, 1), 512 * KIB);
	CU_ASSERT_EQUAL(default_ring(32 * MIB, 4), 128 * KIB);
	CU_ASSERT_EQUAL(default_ring(2 * GIB, 2), MIB);
	CU_ASSERT_EQUAL(default_ring(8 * GIB, 16), MIB);
	CU_ASSERT_EQUAL(default_ring(512 * GIB, 512), 256 * KIB);
	CU_ASSERT_EQUAL(default_ring(4 * TIB, 4096), 256 * KIB);
}

/* Sessions of the default size, until @count are open. */
static void test_sessions(void)
{
	static const struct {
		u64 ram;
		u32 cpus;
	} machines[] = {
		{ 64 * MIB, 1 }, { 256 * MIB, 4 },   { 2 * GIB, 2 },
		{ 64 * GIB, 96 }, { 1 * TIB, 512 }, { 4 * TIB, 4096 },
	};

	for (int i = 0; i < 6; i++) {
		struct dither_limit_need need =
			need_of(machines[i].cpus, 0, 4096);
		u64 left = dither_limit_rings(machines[i].ram,
					      machines[i].cpus);

		for (int session = 0; session < 4; session++) {
			u32 bytes = dither_limit_ring(&need, left);
			u64 taken = dither_limit_session(&need, bytes);

			CU_ASSERT_FATAL(taken <= left);
			left -= taken;
		}
	}
}

static void test_sides(void)
{
	CU_ASSERT_EQUAL(dither_limit_side(64 * KIB, 64 * KIB), 64 * KIB);
	CU_ASSERT_EQUAL(dither_limit_side(256 * KIB, 64 * KIB), 64 * KIB);
	CU_ASSERT_EQUAL(dither_limit_side(512 * KIB, 64 * KIB), 128 * KIB);
	CU_ASSERT_EQUAL(dither_limit_side(MIB, 64 * KIB), DITHER_RING_SIDE);
	CU_ASSERT_EQUAL(dither_limit_side(256 * MIB, 64 * KIB),
			DITHER_RING_SIDE);
	CU_ASSERT_EQUAL(dither_limit_side(256 * KIB, 256 * KIB), 256 * KIB);
}

static const struct unit_case cases[] = {
	{ "tables may take a sixteenth of the memory, 1 to 128 MiB",
	  test_tables },
	{ "rings may take an eighth of the memory, 512 MiB or 2 MiB a CPU at most",
	  test_rings },
	{ "a session's default is a quarter of the limit, or its least size",
	  test_machines },
	{ "the default ring of some machines is known", test_defaults },
	{ "four sessions of the default size are open at a time",
	  test_sessions },
	{ "the ring of a CPU that is not sampled is a quarter, 64 to 256 KiB",
	  test_sides },
};

UNIT_MAIN("limits", cases)
