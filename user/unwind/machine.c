// SPDX-License-Identifier: GPL-2.0
#include "machine.h"

#include <elf.h>
#include <stddef.h>

static const struct machine x86_64 = {
	.number = DITHER_TABLE_X86_64,
	.sp = 7,
	.fp = 6,
	.ra = 16,
	.bx = DITHER_BX_NUMBER,
	.registers = 16,
};

static const struct machine arm64 = {
	.number = DITHER_TABLE_ARM64,
	.sp = 31,
	.fp = 29,
	.ra = 30,
	.bx = UINT8_MAX,
	.registers = 31,
	.link_register = true,
};

const struct machine *machine_of(unsigned int elf_machine)
{
	switch (elf_machine) {
	case EM_X86_64:
		return &x86_64;
	case EM_AARCH64:
		return &arm64;
	default:
		return NULL;
	}
}
