// SPDX-License-Identifier: GPL-2.0
/*
 * Tables against libdw, which runs call frame programs and finds functions by
 * itself:
 *
 *	libdw FILE...
 *
 * For every address of every executable segment, both are asked where the CFA,
 * the caller's frame pointer and the return address are, and the answers are
 * computed on registers and memory that are made up: what must be equal is the
 * outcome, however it is said. In long gaps only some addresses are asked for.
 * tests/unwind/compare builds and runs it.
 */
#include <elfutils/libdw.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../kmod/core/table_lookup.h"
#include "../../user/unwind/compile.h"
#include "../../user/unwind/dwarf.h"
#include "../../user/unwind/machine.h"

/* Bytes in a row that neither knows, before only every so many is asked for. */
#define GAP_EXACT 1024
#define GAP_STEP 61

/* DW_OP_… of dwarf.h, and two that libdw puts into what it returns. */
#define OP_CALL_FRAME_CFA 0x9c
#define OP_STACK_VALUE 0x9f

struct counts {
	uint64_t rows, bytes, gaps, unsupported, fp_lost, wrong;
};

struct comparison {
	const char *path;
	const struct machine *machine;
	struct unwind_table table;
	struct elf *elf;
	Dwarf_CFI *eh, *debug;
	bool go;
	struct counts counts;
};

/* A value, or why there is none. */
struct answer {
	enum { VALUE, UNDEFINED, UNKNOWN } kind;
	uint64_t value;
};

static uint64_t mix(uint64_t number)
{
	number = (number ^ number >> 31) * 0x9e3779b97f4a7c15ULL;
	return number ^ number >> 29;
}

static uint64_t register_value(unsigned int number, uint64_t ip)
{
	return number == 16 ? ip : mix(number + 1000);
}

static uint64_t arm64_register_value(unsigned int number)
{
	return mix(number + 1000);
}

static uint64_t reg(const struct comparison *comparison, unsigned int number,
		    uint64_t ip)
{
	return comparison->machine->link_register ?
		       arm64_register_value(number) :
		       register_value(number, ip);
}

static uint64_t memory(uint64_t address)
{
	return mix(address ^ 0x5555);
}

/* The stack machine, with all that occurs. */
static struct answer evaluate(const struct comparison *comparison,
			      const Dwarf_Op *ops, size_t count, uint64_t cfa,
			      uint64_t ip, bool *is_value)
{
	struct answer unknown = { .kind = UNKNOWN };
	uint64_t stack[64], a;
	size_t depth = 0;

	*is_value = false;
	for (size_t i = 0; i < count; i++) {
		const Dwarf_Op *op = &ops[i];

		if (depth > 60)
			return unknown;
		switch (op->atom) {
		case OP_CALL_FRAME_CFA:
			stack[depth++] = cfa;
			continue;
		case DW_OP_lit0 ... DW_OP_lit31:
			stack[depth++] = op->atom - DW_OP_lit0;
			continue;
		case DW_OP_breg0 ... DW_OP_breg31:
			stack[depth++] = reg(comparison, op->atom - DW_OP_breg0,
					     ip) + op->number;
			continue;
		case DW_OP_bregx:
			stack[depth++] = reg(comparison, (unsigned int)op->number,
					     ip) + op->number2;
			continue;
		case 0x50 ... 0x6f:	/* DW_OP_reg0 …: its value */
			stack[depth++] = reg(comparison, op->atom - 0x50, ip);
			*is_value = true;
			continue;
		case 0x90:		/* DW_OP_regx */
			stack[depth++] = reg(comparison,
					     (unsigned int)op->number, ip);
			*is_value = true;
			continue;
		case DW_OP_const1u ... DW_OP_consts:
			stack[depth++] = op->number;
			continue;
		}
		if (!depth)
			return unknown;
		switch (op->atom) {
		case DW_OP_nop:
			continue;
		case OP_STACK_VALUE:
			*is_value = true;
			continue;
		case DW_OP_deref:
			stack[depth - 1] = memory(stack[depth - 1]);
			continue;
		case DW_OP_plus_uconst:
			stack[depth - 1] += op->number;
			continue;
		}
		if (depth < 2)
			return unknown;
		a = stack[--depth];
		switch (op->atom) {
		case DW_OP_plus:
			stack[depth - 1] += a;
			break;
		case DW_OP_minus:
			stack[depth - 1] -= a;
			break;
		case DW_OP_and:
			stack[depth - 1] &= a;
			break;
		case DW_OP_shl:
			stack[depth - 1] <<= a;
			break;
		case DW_OP_ge:
			stack[depth - 1] = (int64_t)stack[depth - 1] >=
					   (int64_t)a;
			break;
		default:
			return unknown;
		}
	}
	return depth ? (struct answer){ .value = stack[depth - 1] } : unknown;
}

static struct answer libdw_cfa(const struct comparison *comparison,
			       Dwarf_Frame *frame, uint64_t ip)
{
	bool is_value;
	Dwarf_Op *ops;
	size_t count;

	if (dwarf_frame_cfa(frame, &ops, &count) || !count)
		return (struct answer){ .kind = UNKNOWN };
	return evaluate(comparison, ops, count, 0, ip, &is_value);
}

static struct answer libdw_register(const struct comparison *comparison,
				    Dwarf_Frame *frame, int number,
				    uint64_t cfa, uint64_t ip)
{
	struct answer answer;
	Dwarf_Op room[3], *ops;
	bool is_value;
	size_t count;

	if (dwarf_frame_register(frame, number, room, &ops, &count))
		return (struct answer){ .kind = UNKNOWN };
	if (!count)
		return ops ? (struct answer){ .kind = UNDEFINED } :
			     (struct answer){ .value = reg(comparison,
							   (unsigned int)number,
							   ip) };
	answer = evaluate(comparison, ops, count, cfa, ip, &is_value);
	if (answer.kind == VALUE && !is_value)
		answer.value = memory(answer.value);
	return answer;
}

/* What include/dither/table.h says of a rule, on the same registers. */
static uint64_t rule_cfa(const struct comparison *comparison,
			 const struct dither_rule *rule, uint64_t ip)
{
	uint64_t sp = reg(comparison, comparison->machine->sp, ip);
	uint64_t fp = reg(comparison, comparison->machine->fp, ip);
	uint64_t offset = (uint64_t)(int64_t)rule->cfa_offset;
	uint64_t addend = (uint64_t)(int64_t)rule->cfa_addend;

	switch (rule->cfa) {
	case DITHER_CFA_SP:
		return sp + offset;
	case DITHER_CFA_FP:
		return fp + offset;
	case DITHER_CFA_REGISTER:
		return reg(comparison, rule->cfa_register, ip) + offset;
	case DITHER_CFA_SP_DEREF:
		return memory(sp + offset) + addend;
	case DITHER_CFA_FP_DEREF:
		return memory(fp + offset) + addend;
	case DITHER_CFA_PLT:
		return sp + offset + ((ip & 15) >= addend ? 8 : 0);
	default:
		abort();
	}
}

static struct answer rule_saved(const struct comparison *comparison,
				uint8_t saved, int32_t offset, uint64_t cfa,
				uint8_t number, uint64_t ip)
{
	uint64_t distance = (uint64_t)(int64_t)offset, base;

	switch (saved) {
	case DITHER_SAVED_NOT:
		return (struct answer){ .value = reg(comparison, number, ip) };
	case DITHER_SAVED_CFA:
		base = cfa;
		break;
	case DITHER_SAVED_SP:
		base = reg(comparison, comparison->machine->sp, ip);
		break;
	case DITHER_SAVED_FP:
		base = reg(comparison, comparison->machine->fp, ip);
		break;
	default:
		return (struct answer){ .kind = UNDEFINED };
	}
	return (struct answer){ .value = memory(base + distance) };
}

static bool same(struct answer first, struct answer second)
{
	return first.kind == second.kind &&
	       (first.kind != VALUE || first.value == second.value);
}

static void complain(struct comparison *comparison, uint64_t ip,
		     const struct dither_rule *rule, const char *what)
{
	if (comparison->counts.wrong++ < 10)
		printf("%s: 0x%" PRIx64 ": %s; rule cfa %u register %u offset %d addend %d fp %u%+d ra %u%+d flags %u\n",
		       comparison->path, ip, what, rule->cfa,
		       rule->cfa_register, rule->cfa_offset, rule->cfa_addend,
		       rule->fp, rule->fp_offset, rule->ra, rule->ra_offset,
		       rule->flags);
}

static void compare_frame(struct comparison *comparison, Dwarf_Frame *frame,
			  bool signal, uint64_t ip,
			  const struct dither_rule *rule)
{
	const struct machine *machine = comparison->machine;
	struct answer cfa = libdw_cfa(comparison, frame, ip), fp, ra;
	uint64_t value;

	if (rule->cfa == DITHER_CFA_NONE) {
		complain(comparison, ip, rule, "only libdw has it");
		return;
	}
	if (rule->cfa == DITHER_CFA_UNSUPPORTED) {
		comparison->counts.unsupported++;
		return;
	}
	value = rule_cfa(comparison, rule, ip);
	if (cfa.kind != VALUE || cfa.value != value) {
		complain(comparison, ip, rule, "the CFA differs");
		return;
	}
	fp = libdw_register(comparison, frame, machine->fp, value, ip);
	ra = libdw_register(comparison, frame, machine->ra, value, ip);
	if (rule->fp == DITHER_SAVED_UNDEFINED && fp.kind != UNDEFINED)
		comparison->counts.fp_lost++;
	else if (!same(fp, rule_saved(comparison, rule->fp, rule->fp_offset,
				      value, machine->fp, ip)))
		complain(comparison, ip, rule, "the frame pointer differs");
	if (!same(ra, rule_saved(comparison, rule->ra, rule->ra_offset, value,
				 machine->ra, ip)))
		complain(comparison, ip, rule, "the return address differs");
	if (signal != !!(rule->flags & DITHER_RULE_SIGNAL))
		complain(comparison, ip, rule, "only one is a signal frame");
}

/* libdw's word on @ip: up to @end. False: it knows nothing. */
static bool ask(struct comparison *comparison, uint64_t ip, Dwarf_Frame **frame,
		uint64_t *end, bool *signal)
{
	Dwarf_CFI *const both[] = { comparison->eh, comparison->debug };
	Dwarf_Addr from, to;

	for (int i = 0; i < 2; i++) {
		if (!both[i] || dwarf_cfi_addrframe(both[i], ip, frame))
			continue;
		dwarf_frame_info(*frame, &from, &to, signal);
		*end = to;
		return true;
	}
	return false;
}

static void compare_segment(struct comparison *comparison,
			    const struct elf_load *load)
{
	uint64_t ip = load->address, stop = ip + load->file_bytes, end;
	uint64_t gap = 0, step;
	const struct dither_rule *rule, *last;
	Dwarf_Frame *frame;
	bool signal;

	while (ip < stop) {
		const void *image = comparison->table.image;

		rule = dither_table_find(image, ip - load->address + load->offset);
		if (!ask(comparison, ip, &frame, &end, &signal)) {
			/* Returns from signals are known by their code, too. */
			if (rule->cfa != DITHER_CFA_NONE &&
			    !(rule->flags & DITHER_RULE_SIGNAL))
				complain(comparison, ip, rule,
					 "only the table has it");
			step = gap < GAP_EXACT || rule->cfa ? 1 : GAP_STEP;
			comparison->counts.gaps += step;
			gap += step;
			ip += step;
			continue;
		}
		gap = 0;
		comparison->counts.rows++;
		if (end > stop || end <= ip)
			end = stop;
		for (last = NULL; ip < end; ip++, last = rule) {
			comparison->counts.bytes++;
			rule = dither_table_find(image, ip - load->address +
							       load->offset);
			if (rule != last || rule->cfa == DITHER_CFA_PLT)
				compare_frame(comparison, frame, signal, ip,
					      rule);
		}
		free(frame);
	}
}

static void compare_file(const char *path, struct counts *sum)
{
	struct comparison comparison = { .path = path };
	struct error error = { "" };
	struct stat status;
	Dwarf *dwarf;
	int file = elf_open_regular(path, &status, &error);

	if (file < 0 || elf_read(file, (uint64_t)status.st_size,
				 &comparison.elf, &error))
		return;
	if (unwind_compile(comparison.elf, &comparison.table, &error)) {
		printf("%s: %s\n", path, error.text);
		elf_close(comparison.elf);
		return;
	}
	comparison.machine = machine_of(comparison.elf->machine);
	comparison.eh = dwarf_getcfi_elf(comparison.elf->handle);
	dwarf = dwarf_begin_elf(comparison.elf->handle, DWARF_C_READ, NULL);
	comparison.debug = dwarf ? dwarf_getcfi(dwarf) : NULL;
	for (size_t i = 0; i < comparison.elf->load_count; i++)
		if (comparison.elf->loads[i].executable)
			compare_segment(&comparison, &comparison.elf->loads[i]);
	printf("%9" PRIu64 " rows %10" PRIu64 " bytes %9" PRIu64
	       " bytes of gaps %4" PRIu64 " unsupported %4" PRIu64
	       " fp lost %4" PRIu64 " wrong  %s\n",
	       comparison.counts.rows, comparison.counts.bytes,
	       comparison.counts.gaps, comparison.counts.unsupported,
	       comparison.counts.fp_lost, comparison.counts.wrong, path);
	fflush(stdout);
	sum->rows += comparison.counts.rows;
	sum->bytes += comparison.counts.bytes;
	sum->gaps += comparison.counts.gaps;
	sum->unsupported += comparison.counts.unsupported;
	sum->fp_lost += comparison.counts.fp_lost;
	sum->wrong += comparison.counts.wrong;
	dwarf_cfi_end(comparison.eh);
	dwarf_end(dwarf);
	unwind_table_free(&comparison.table);
	elf_close(comparison.elf);
}

int main(int argc, char **argv)
{
	struct counts sum = { .rows = 0 };

	for (int i = 1; i < argc; i++)
		compare_file(argv[i], &sum);
	printf("%9" PRIu64 " rows %10" PRIu64 " bytes %9" PRIu64
	       " bytes of gaps %4" PRIu64 " unsupported %4" PRIu64
	       " fp lost %4" PRIu64 " wrong  in all\n",
	       sum.rows, sum.bytes, sum.gaps, sum.unsupported, sum.fp_lost,
	       sum.wrong);
	return sum.wrong != 0;
}
