// SPDX-License-Identifier: GPL-2.0
/*
 * See trampoline.h. What is known of the kernel's signal frames is written
 * down as call frame programs, and compiled as all others are.
 */
#include "trampoline.h"

#include <stdlib.h>
#include <string.h>

#include "dwarf.h"

/*
 * A vDSO's code is one or two pages. That of a C library without call frame
 * information is larger, but most files of that size have no such code.
 */
#define LOOK_MAX (64U << 10)
#define LOOK_UNCOVERED_MAX (4U << 20)

/* An offset of two LEB128 bytes. */
#define LEB_2(offset) ((offset) & 0x7f) | 0x80, (offset) >> 7

/* mov $15, %rax; syscall, and the shorter way to say so. */
static const uint8_t x86_64_long[] = { 0x48, 0xc7, 0xc0, 0x0f, 0x00,
				       0x00, 0x00, 0x0f, 0x05 };
static const uint8_t x86_64_short[] = { 0xb8, 0x0f, 0x00, 0x00,
					0x00, 0x0f, 0x05 };

/* sp points to a ucontext: rbp, rsp and rip at 120, 160, 168. */
static const uint8_t x86_64_program[] = {
	DW_CFA_def_cfa_expression, 4, DW_OP_breg7, LEB_2(160), DW_OP_deref,
	DW_CFA_expression, 6, 3, DW_OP_breg7, LEB_2(120),
	DW_CFA_expression, 16, 3, DW_OP_breg7, LEB_2(168),
};

/* mov x8, #139; svc #0 */
static const uint8_t arm64_code[] = { 0x68, 0x11, 0x80, 0xd2,
				      0x01, 0x00, 0x00, 0xd4 };

/*
 * sp points to 128 bytes of siginfo and a ucontext, whose machine context
 * begins at 176: x29, sp and pc at 240, 256, 264 of that.
 */
static const uint8_t arm64_program[] = {
	DW_CFA_def_cfa_expression, 4, DW_OP_breg31, LEB_2(560), DW_OP_deref,
	DW_CFA_expression, 29, 3, DW_OP_breg31, LEB_2(544),
	DW_CFA_expression, 30, 3, DW_OP_breg31, LEB_2(568),
};

struct pattern {
	uint16_t machine;
	uint8_t step;		/* instructions begin at multiples of it */
	uint8_t code_bytes, cfi_program_bytes;
	const uint8_t *code, *program;
};

static const struct pattern patterns[] = {
	{ DITHER_TABLE_X86_64, 1, sizeof(x86_64_long), sizeof(x86_64_program),
	  x86_64_long, x86_64_program },
	{ DITHER_TABLE_X86_64, 1, sizeof(x86_64_short), sizeof(x86_64_program),
	  x86_64_short, x86_64_program },
	{ DITHER_TABLE_ARM64, 4, sizeof(arm64_code), sizeof(arm64_program),
	  arm64_code, arm64_program },
};

/*
 * A handler was not called from here: the address that it returns to is the
 * first one, and is looked up as the byte before. In the system call it is the
 * one behind the last instruction. Each is a function of its own, since it may
 * belong to another that says more of itself.
 */
static void add_trampoline(struct frames *frames, const struct pattern *pattern,
			   uint64_t address, uint8_t source)
{
	const struct eh_frame_own own = { pattern->program,
					  pattern->cfi_program_bytes, true,
					  source };

	eh_frame_add(frames, address - 1, 1, &own);
	eh_frame_add(frames, address, pattern->code_bytes, &own);
	eh_frame_add(frames, address + pattern->code_bytes, 1, &own);
}

static void look(struct frames *frames, const struct pattern *pattern,
		 const unsigned char *code, uint64_t bytes, uint64_t address,
		 uint8_t source)
{
	const unsigned char *at = code, *end = code + bytes;

	while ((at = memmem(at, (size_t)(end - at), pattern->code,
			    pattern->code_bytes))) {
		if ((uint64_t)(at - code) % pattern->step == 0)
			add_trampoline(frames, pattern,
				       address + (uint64_t)(at - code), source);
		at++;
	}
}

/* How much code is worth looking at. */
static uint64_t look_max(const struct frames *frames)
{
	const struct elf *elf = frames->elf;
	uint64_t executable = 0, covered = 0;

	for (size_t i = 0; i < elf->load_count; i++)
		if (elf->loads[i].executable &&
		    elf->loads[i].file_bytes <= LOOK_UNCOVERED_MAX)
			executable += elf->loads[i].file_bytes;
	for (size_t i = 0; i < frames->function_count; i++)
		covered += frames->functions[i].length;
	return covered < executable / 2 ? LOOK_UNCOVERED_MAX : LOOK_MAX;
}

void trampoline_find(struct frames *frames, uint8_t source)
{
	const struct elf *elf = frames->elf;
	uint64_t room = look_max(frames);

	for (size_t i = 0; i < elf->load_count; i++) {
		const struct elf_load *load = &elf->loads[i];
		Elf_Data *data;

		if (!load->executable || load->file_bytes > room ||
		    load->offset > elf->bytes ||
		    load->file_bytes > elf->bytes - load->offset)
			continue;
		room -= load->file_bytes;
		data = elf_getdata_rawchunk(elf->handle, (int64_t)load->offset,
					    load->file_bytes, ELF_T_BYTE);
		for (size_t p = 0; data && data->d_buf &&
		     p < sizeof(patterns) / sizeof(patterns[0]); p++)
			if (patterns[p].machine == frames->machine->number)
				look(frames, &patterns[p], data->d_buf,
				     data->d_size, load->address, source);
	}
}
