// SPDX-License-Identifier: GPL-2.0
/*
 * DWARF expressions, user/unwind/expression.h: what compilers and linkers
 * really write is understood; and whatever is understood means what an
 * evaluator with real registers and memory computes.
 */
#include "unit.h"

#include "../../user/unwind/dwarf.h"
#include "../../user/unwind/expression.h"
#include "frame_bytes.h"
#include "random_numbers.h"

#include <elf.h>

#define BREG(n) (DW_OP_breg0 + (n))

static enum unwind_unsupported read_x86(const void *bytes, size_t size,
					bool with_cfa, struct expression *out)
{
	return expression_read(machine_of(EM_X86_64), bytes, size, with_cfa,
			       UNWIND_CFA_EXPRESSION, out);
}

#define READ(with_cfa, out, ...)					\
	read_x86((const uint8_t[]){ __VA_ARGS__ },			\
		 sizeof((const uint8_t[]){ __VA_ARGS__ }), with_cfa, out)

static bool is(const struct expression *out, enum expression_base base,
	       uint8_t reg, bool dereferenced, int32_t offset, int16_t addend)
{
	return out->base == base && out->reg == reg &&
	       out->dereferenced == dereferenced && out->offset == offset &&
	       out->addend == addend;
}

static void real_ones(void)
{
	struct expression out;

	/* The C library's return from a signal. */
	CU_ASSERT(!READ(false, &out, BREG(7), 0xa0, 0x01, DW_OP_deref));
	CU_ASSERT(is(&out, EXPRESSION_REGISTER, 7, true, 160, 0));
	/* gcc's realigned stack. */
	CU_ASSERT(!READ(false, &out, BREG(6), 0x78, DW_OP_deref));
	CU_ASSERT(is(&out, EXPRESSION_REGISTER, 6, true, -8, 0));
	CU_ASSERT(!READ(true, &out, BREG(6), 0));
	CU_ASSERT(is(&out, EXPRESSION_REGISTER, 6, false, 0, 0));
	/* OpenSSL's assembly. */
	CU_ASSERT(!READ(false, &out, BREG(7), 0xf8, 0x00, DW_OP_deref,
			DW_OP_plus_uconst, 8));
	CU_ASSERT(is(&out, EXPRESSION_REGISTER, 7, true, 120, 8));
	CU_ASSERT(!READ(true, &out, DW_OP_plus_uconst, 16));
	CU_ASSERT(is(&out, EXPRESSION_CFA, 0, false, 16, 0));
}

static void plt(void)
{
	uint8_t bytes[] = { BREG(7), 8, BREG(16), 0, DW_OP_lit15, DW_OP_and,
			    DW_OP_lit0 + 11, DW_OP_ge, DW_OP_lit3, DW_OP_shl,
			    DW_OP_plus };
	struct expression out;

	CU_ASSERT(!read_x86(bytes, sizeof(bytes), false, &out));
	CU_ASSERT(is(&out, EXPRESSION_PLT, 0, false, 8, 11));
	CU_ASSERT_EQUAL(expression_read(machine_of(EM_AARCH64), bytes,
					sizeof(bytes), false,
					UNWIND_CFA_EXPRESSION, &out),
			UNWIND_CFA_EXPRESSION);
	/* Any limit, any offset; but no byte may differ otherwise. */
	for (size_t i = 0; i < sizeof(bytes); i++) {
		int kept = 0;

		for (int value = 0; value < 256; value++) {
			uint8_t honest = bytes[i];

			bytes[i] = (uint8_t)value;
			kept += !read_x86(bytes, sizeof(bytes), false, &out) &&
				out.base == EXPRESSION_PLT;
			bytes[i] = honest;
		}
		CU_ASSERT_EQUAL(kept, i == 1 ? 128 : i == 6 ? 16 : 1);
		CU_ASSERT(read_x86(bytes, i, false, &out) ||
			  out.base != EXPRESSION_PLT);
	}
}

static void other_ones(void)
{
	struct expression out;

	CU_ASSERT_EQUAL(READ(false, &out, BREG(7), 0, DW_OP_deref, DW_OP_deref),
			UNWIND_CFA_EXPRESSION);
	CU_ASSERT_EQUAL(READ(false, &out, DW_OP_plus), UNWIND_CFA_EXPRESSION);
	CU_ASSERT_EQUAL(READ(false, &out, BREG(7)), UNWIND_CFA_EXPRESSION);
	CU_ASSERT_EQUAL(READ(false, &out, BREG(7), 0x80, 0x80),
			UNWIND_CFA_EXPRESSION);
	CU_ASSERT_EQUAL(READ(false, &out, 0xff), UNWIND_CFA_EXPRESSION);
	CU_ASSERT_EQUAL(read_x86("", 0, false, &out), UNWIND_CFA_EXPRESSION);
	/* Two registers, as for an index. */
	CU_ASSERT_EQUAL(READ(false, &out, BREG(7), 0, BREG(1), 0, DW_OP_plus),
			UNWIND_CFA_EXPRESSION);
	CU_ASSERT_EQUAL(READ(false, &out, BREG(7), 0, DW_OP_const4u, 0xff, 0xff,
			     0xff, 0xff, DW_OP_plus),
			UNWIND_RANGE);
	CU_ASSERT_EQUAL(READ(false, &out, BREG(7), 0, DW_OP_deref,
			     DW_OP_plus_uconst, 0x80, 0x80, 0x02),
			UNWIND_RANGE);
}

/* An evaluator with values: registers and memory yield what their number says. */

static uint64_t mix(uint64_t number)
{
	number = (number ^ number >> 31) * 0x9e3779b97f4a7c15ULL;
	return number ^ number >> 29;
}

static uint64_t register_value(uint64_t number)
{
	return mix(number + 1000);
}

#define CFA_VALUE 0x7ffd12345678ULL

static uint64_t fixed(const uint8_t **at, size_t size, bool with_sign)
{
	uint64_t value = 0;

	memcpy(&value, *at, size);
	*at += size;
	if (with_sign && size < 8 && value >> (8 * size - 1) & 1)
		value -= 1ULL << (8 * size);
	return value;
}

static int64_t leb(const uint8_t **at, bool with_sign)
{
	uint64_t value = 0;
	unsigned int shift = 0;

	do {
		value |= (uint64_t)(**at & 0x7f) << shift;
		shift += 7;
	} while (*(*at)++ & 0x80);
	if (with_sign && shift < 64 && (*at)[-1] & 0x40)
		value |= ~0ULL << shift;
	return (int64_t)value;
}

static uint64_t evaluate(const uint8_t *at, size_t size, bool with_cfa)
{
	uint64_t stack[64] = { CFA_VALUE }, number;
	const uint8_t *end = at + size;
	size_t depth = with_cfa;

	while (at < end) {
		uint8_t op = *at++;

		if (op >= DW_OP_lit0 && op <= DW_OP_lit31) {
			stack[depth++] = op - DW_OP_lit0;
		} else if (op >= DW_OP_breg0 && op <= DW_OP_breg31) {
			stack[depth++] = register_value(op - DW_OP_breg0) +
					 (uint64_t)leb(&at, true);
		} else if (op == DW_OP_bregx) {
			number = (uint64_t)leb(&at, false);
			stack[depth++] = register_value(number) +
					 (uint64_t)leb(&at, true);
		} else if (op >= DW_OP_const1u && op <= DW_OP_const8s) {
			stack[depth++] = fixed(&at,
					       1U << (op - DW_OP_const1u) / 2,
					       op & 1);
		} else if (op == DW_OP_constu || op == DW_OP_consts) {
			stack[depth++] = (uint64_t)leb(&at, op == DW_OP_consts);
		} else if (op == DW_OP_plus_uconst) {
			stack[depth - 1] += (uint64_t)leb(&at, false);
		} else if (op == DW_OP_deref) {
			stack[depth - 1] = mix(stack[depth - 1]);
		} else if (op == DW_OP_plus || op == DW_OP_minus) {
			number = stack[--depth];
			stack[depth - 1] += op == DW_OP_plus ? number : -number;
		}
	}
	return stack[depth - 1];
}

static uint64_t meant(const struct expression *out)
{
	uint64_t value = (uint64_t)(int64_t)out->offset;

	if (out->base == EXPRESSION_REGISTER)
		value += register_value(out->reg);
	if (out->base == EXPRESSION_CFA)
		value += CFA_VALUE;
	if (!out->dereferenced)
		return value;
	return mix(value) + (uint64_t)(int64_t)out->addend;
}

static void put_operation(struct frame_bytes *out, uint64_t *random)
{
	static const uint8_t plain[] = { DW_OP_plus, DW_OP_minus, DW_OP_deref,
					 DW_OP_nop };
	uint64_t kind = random_below(random, 12);
	int64_t number = (int64_t)random_next(random) >>
			 random_below(random, 64);

	if (kind < 3) {
		put(out, BREG(random_below(random, 32)), 1);
		put_sleb(out, number);
	} else if (kind == 3) {
		put(out, DW_OP_bregx, 1);
		put_uleb(out, random_below(random, 200));
		put_sleb(out, number);
	} else if (kind == 4) {
		put(out, DW_OP_lit0 + random_below(random, 32), 1);
	} else if (kind == 5) {
		uint64_t op = random_below(random, 8);

		put(out, DW_OP_const1u + op, 1);
		put(out, (uint64_t)number, 1U << op / 2);
	} else if (kind == 6) {
		put(out, DW_OP_constu, 1);
		put_uleb(out, (uint64_t)number);
	} else if (kind == 7) {
		put(out, DW_OP_consts, 1);
		put_sleb(out, number);
	} else if (kind == 8) {
		put(out, DW_OP_plus_uconst, 1);
		put_uleb(out, (uint64_t)number);
	} else {
		put(out, plain[random_below(random, 4)], 1);
	}
}

static void meanings(void)
{
	int understood = 0, dereferenced = 0, wrong = 0;
	uint64_t random = 11;

	for (int round = 0; round < 400000; round++) {
		struct frame_bytes bytes = { .count = 0 };
		bool with_cfa = random_below(&random, 2);
		struct expression out;

		for (uint64_t i = 1 + random_below(&random, 5); i; i--)
			put_operation(&bytes, &random);
		if (read_x86(bytes.bytes, bytes.count, with_cfa, &out))
			continue;
		understood++;
		dereferenced += out.dereferenced;
		wrong += meant(&out) !=
			 evaluate(bytes.bytes, bytes.count, with_cfa);
	}
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT(understood > 20000);
	CU_ASSERT(dereferenced > 2000);
}

static const struct unit_case cases[] = {
	{ "what compilers and assemblers write is understood", real_ones },
	{ "so is what linkers write for the PLT, and nothing else is", plt },
	{ "other expressions, and those cut short, are refused", other_ones },
	{ "whatever is understood means what an evaluation yields", meanings },
};

UNIT_MAIN("unwind_expression", cases)
