// SPDX-License-Identifier: GPL-2.0
/* See reference.h. libdw is given the copy for memory, and the files' own. */
#include "reference.h"

#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../user/base/alloc.h"
#include "tasks.h"

struct reference {
	Dwfl *dwfl;
	unsigned int registers;	/* DWARF's, on this machine */
	const struct copy *copy;
	struct reference_stack *stack;
};

/* One file in one place: from its first byte to where its code ends. */
struct place {
	const struct image *image;
	uint64_t bias, start, end;
};

static int no_debuginfo(Dwfl_Module *module, void **data, const char *name,
			Dwarf_Addr base, const char *file, const char *link,
			GElf_Word crc, char **found)
{
	(void)module, (void)data, (void)name, (void)base;
	(void)file, (void)link, (void)crc, (void)found;
	return -1;
}

static int open_image(Dwfl_Module *module, void **data, const char *name,
		      Dwarf_Addr base, char **path, Elf **elf)
{
	const struct image *image = *data;

	(void)module, (void)name, (void)base, (void)elf;
	*path = alloc_string(image->path);
	return image_open(image);
}

static const Dwfl_Callbacks callbacks = {
	.find_elf = open_image,
	.find_debuginfo = no_debuginfo,
};

static pid_t next_thread(Dwfl *dwfl, void *argument, void **thread)
{
	(void)dwfl, (void)argument, (void)thread;
	return 0;
}

static bool get_thread(Dwfl *dwfl, pid_t tid, void *argument, void **thread)
{
	(void)dwfl, (void)tid;
	*thread = argument;
	return true;
}

/* From what the file has for a place that is not written to. */
static bool read_file(Dwfl *dwfl, uint64_t address, uint64_t *word)
{
	Dwfl_Module *module = dwfl_addrmodule(dwfl, address);
	GElf_Addr bias;
	GElf_Phdr header;
	Elf_Data *data;
	size_t count;
	Elf *elf;

	elf = module ? dwfl_module_getelf(module, &bias) : NULL;
	if (!elf || elf_getphdrnum(elf, &count))
		return false;
	address -= bias;
	for (size_t i = 0; i < count; i++) {
		if (!gelf_getphdr(elf, (int)i, &header) ||
		    header.p_type != PT_LOAD || header.p_flags & PF_W ||
		    address < header.p_vaddr ||
		    address + sizeof(*word) > header.p_vaddr + header.p_filesz)
			continue;
		address += header.p_offset - header.p_vaddr;
		data = elf_getdata_rawchunk(elf, (int64_t)address,
					    sizeof(*word), ELF_T_BYTE);
		if (data)
			memcpy(word, data->d_buf, sizeof(*word));
		return data;
	}
	return false;
}

static bool memory_read(Dwfl *dwfl, Dwarf_Addr address, Dwarf_Word *result,
			void *argument)
{
	struct reference *reference = argument;
	struct reference_stack *stack = reference->stack;
	uint64_t word;

	if (!copy_word(reference->copy, address, &word) &&
	    !read_file(dwfl, address, &word)) {
		if (!stack->outside)
			stack->missed = address;
		stack->outside = true;
		return false;
	}
	*result = word;
	return true;
}

static bool set_registers(Dwfl_Thread *thread, void *argument)
{
	struct reference *reference = argument;
	const struct dither_test_registers *registers =
		reference->copy->registers;
	Dwarf_Word values[DITHER_TEST_REGISTERS_MAX];

	for (unsigned int i = 0; i < reference->registers; i++)
		values[i] = registers->values[i];
	if (!dwfl_thread_state_registers(thread, 0, reference->registers,
					 values))
		return false;
	dwfl_thread_state_register_pc(thread, registers->pc);
	return true;
}

static const Dwfl_Thread_Callbacks thread_callbacks = {
	.next_thread = next_thread,
	.get_thread = get_thread,
	.memory_read = memory_read,
	.set_initial_registers = set_registers,
};

static int take_frame(Dwfl_Frame *frame, void *argument)
{
	struct reference_stack *stack = argument;
	Dwarf_Addr address;

	if (stack->count == REFERENCE_FRAMES_MAX ||
	    !dwfl_frame_pc(frame, &address, NULL))
		return DWARF_CB_ABORT;
	stack->addresses[stack->count++] = address;
	return DWARF_CB_OK;
}

/*
 * Where the mapping's file lies; false: no file of code. Data behind the code
 * may be far away, and other files between.
 */
static bool place_of(const struct mapping *mapping, struct place *place)
{
	const struct image *image = mapping->image;

	if (!image || !image->usable ||
	    !image_bias(image, mapping->start, mapping->offset, &place->bias))
		return false;
	place->image = image;
	place->start = UINT64_MAX;
	place->end = 0;
	for (size_t i = 0; i < image->load_count; i++) {
		const struct image_load *load = &image->loads[i];
		uint64_t start = load->address + place->bias;
		uint64_t end = start + load->memory_bytes;

		if (start < place->start)
			place->start = start;
		if (load->executable && end > place->end)
			place->end = end;
	}
	return true;
}

static void report(Dwfl *dwfl, const struct place *place)
{
	Dwfl_Module *module;
	void **data;

	module = dwfl_report_module(dwfl, place->image->path, place->start,
				    place->end);
	if (!module)
		return;
	dwfl_module_info(module, &data, NULL, NULL, NULL, NULL, NULL, NULL);
	*data = (void *)place->image;
}

/*
 * The latest first: what overlaps with it is gone, though nobody told so, and
 * libdw wants files that do not overlap.
 */
static void report_all(Dwfl *dwfl, const struct process *process)
{
	struct place *taken = alloc_zeroed(process->count + 1, sizeof(*taken));
	size_t count = 0;

	for (size_t i = process->count; i-- > 0;) {
		struct place *place = &taken[count];
		bool clear = place_of(&process->mappings[i], place);

		for (size_t j = 0; clear && j < count; j++)
			clear = place->start >= taken[j].end ||
				place->end <= taken[j].start;
		if (clear) {
			report(dwfl, place);
			count++;
		}
	}
	free(taken);
}

static int machine_of(Dwfl_Module *module, void **data, const char *name,
		      Dwarf_Addr start, void *argument)
{
	GElf_Addr bias;
	GElf_Ehdr header;
	Elf *elf = dwfl_module_getelf(module, &bias);

	(void)data, (void)name, (void)start;
	if (!elf || !gelf_getehdr(elf, &header))
		return DWARF_CB_OK;
	*(unsigned int *)argument = header.e_machine == EM_AARCH64 ? 32 : 17;
	return DWARF_CB_ABORT;
}

struct reference *reference_new(const struct process *process)
{
	struct reference *reference = alloc_zeroed(1, sizeof(*reference));

	reference->dwfl = dwfl_begin(&callbacks);
	if (!reference->dwfl) {
		free(reference);
		return NULL;
	}
	dwfl_report_begin(reference->dwfl);
	report_all(reference->dwfl, process);
	dwfl_report_end(reference->dwfl, NULL, NULL);
	dwfl_getmodules(reference->dwfl, machine_of, &reference->registers, 0);
	if (!dwfl_attach_state(reference->dwfl, NULL, 1, &thread_callbacks,
			       reference)) {
		reference_free(reference);
		return NULL;
	}
	return reference;
}

void reference_free(struct reference *reference)
{
	dwfl_end(reference->dwfl);
	free(reference);
}

void reference_unwind(struct reference *reference, const struct copy *copy,
		      struct reference_stack *stack)
{
	int code;

	stack->count = 0;
	stack->outside = false;
	reference->copy = copy;
	reference->stack = stack;
	code = dwfl_getthread_frames(reference->dwfl, 1, take_frame, stack);
	stack->error = code ? dwfl_errmsg(-1) : NULL;
}

/* That of @address, to be freed; NULL: there is none. */
static Dwarf_Frame *rule_of(struct reference *reference, uint64_t address)
{
	Dwfl_Module *module = dwfl_addrmodule(reference->dwfl, address);
	Dwarf_Frame *frame;
	Dwarf_Addr bias = 0;
	Dwarf_CFI *cfi;

	if (!module)
		return NULL;
	cfi = dwfl_module_eh_cfi(module, &bias);
	if (cfi && !dwarf_cfi_addrframe(cfi, address - bias, &frame))
		return frame;
	cfi = dwfl_module_dwarf_cfi(module, &bias);
	if (cfi && !dwarf_cfi_addrframe(cfi, address - bias, &frame))
		return frame;
	return NULL;
}

bool reference_has_rule(struct reference *reference, uint64_t address)
{
	Dwarf_Frame *frame = rule_of(reference, address);

	free(frame);
	return frame;
}

bool reference_needs_register(struct reference *reference, uint64_t address)
{
	unsigned int fp = reference->registers == 17 ? 6 : 29;
	unsigned int sp = reference->registers == 17 ? 7 : 31;
	Dwarf_Frame *frame = rule_of(reference, address);
	uint64_t number;
	Dwarf_Op *ops;
	size_t count;

	if (!frame || dwarf_frame_cfa(frame, &ops, &count) || !count) {
		free(frame);
		return false;
	}
	if (ops[0].atom == DW_OP_bregx)
		number = ops[0].number;
	else if (ops[0].atom >= DW_OP_breg0 && ops[0].atom <= DW_OP_breg31)
		number = ops[0].atom - DW_OP_breg0;
	else
		number = sp;
	free(frame);
	return number != fp && number != sp;
}

void reference_print(struct reference *reference, uint64_t address)
{
	Dwfl_Module *module = dwfl_addrmodule(reference->dwfl, address);
	const char *name, *file;
	GElf_Off offset;
	Dwarf_Addr start;
	GElf_Sym symbol;

	if (!module) {
		printf("? (no file)");
		return;
	}
	file = dwfl_module_info(module, NULL, &start, NULL, NULL, NULL, NULL,
				NULL);
	name = dwfl_module_addrinfo(module, address, &offset, &symbol, NULL,
				    NULL, NULL);
	if (name)
		printf("%s+0x%llx (%s+0x%llx)", name, (unsigned long long)offset,
		       file, (unsigned long long)(address - start));
	else
		printf("? (%s+0x%llx)", file,
		       (unsigned long long)(address - start));
}
