// SPDX-License-Identifier: GPL-2.0
/*
 * A library that is made twice, as TWIN a and b: of the same size, so that one
 * is loaded where the other was; with frames and chains of calls of their own.
 * A call goes outer, (b: middle,) inner, leaf.
 */
#define NAME_(twin, part) twin##_##part
#define NAME(twin, part) NAME_(twin, part)
#define NOINLINE __attribute__((noinline, noclone))

#define IS_a 0
#define IS_b 1
#define IS_(twin) IS_##twin
#define IS(twin) IS_(twin)

unsigned long NAME(TWIN, outer)(unsigned long value);

static NOINLINE unsigned long NAME(TWIN, leaf)(unsigned long value)
{
	for (int i = 0; i < 300000; i++)
		value = value * 6364136223846793005UL + (value >> 33);
	return value;
}

static NOINLINE unsigned long NAME(TWIN, inner)(unsigned long value)
{
	volatile unsigned long room[IS(TWIN) ? 37 : 5];

	room[value % 5] = value;
	return NAME(TWIN, leaf)(value) + room[value % 5];
}

#if IS(TWIN)
static NOINLINE unsigned long NAME(TWIN, middle)(unsigned long value)
{
	return NAME(TWIN, inner)(value) + 1;
}
#define NEXT NAME(TWIN, middle)
#else
#define NEXT NAME(TWIN, inner)
#endif

unsigned long NAME(TWIN, outer)(unsigned long value)
{
	volatile unsigned long room[IS(TWIN) ? 3 : 80];

	room[value % 3] = value;
	return NEXT(value) ^ room[value % 3];
}
