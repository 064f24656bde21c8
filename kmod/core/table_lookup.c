// SPDX-License-Identifier: GPL-2.0
/*
 * Unwind tables as include/dither/table.h describes them: what makes an image
 * one, and the search in it. An image comes from user space, so nothing of it
 * is believed: after the check a search ends within the image, whatever the
 * offset. What a rule says of memory is for the unwinder to doubt.
 */
#include "table_lookup.h"

/* DWARF numbers: general registers below the count, and the two named ones. */
struct registers {
	u8 count, sp, fp;
};

static bool machine_registers(u16 machine, struct registers *registers)
{
	switch (machine) {
	case DITHER_TABLE_X86_64:
		*registers = (struct registers){ 16, 7, 6 };
		return true;
	case DITHER_TABLE_ARM64:
		*registers = (struct registers){ 31, 31, 29 };
		return true;
	default:
		return false;
	}
}

static bool is_empty(const struct dither_rule *rule)
{
	return !rule->cfa_register && !rule->fp && !rule->ra &&
	       !rule->cfa_offset && !rule->fp_offset && !rule->ra_offset &&
	       !rule->cfa_addend && !rule->flags && !rule->bx;
}

static bool saved_is_sane(u8 saved, s32 offset)
{
	switch (saved) {
	case DITHER_SAVED_CFA:
	case DITHER_SAVED_SP:
	case DITHER_SAVED_FP:
		return true;
	case DITHER_SAVED_NOT:
	case DITHER_SAVED_UNDEFINED:
		return !offset;
	default:
		return false;
	}
}

static bool cfa_is_sane(const struct dither_rule *rule, u16 machine,
			const struct registers *registers)
{
	switch (rule->cfa) {
	case DITHER_CFA_SP:
	case DITHER_CFA_FP:
		return !rule->cfa_register && !rule->cfa_addend;
	case DITHER_CFA_REGISTER:
		return rule->cfa_register < registers->count &&
		       rule->cfa_register != registers->sp &&
		       rule->cfa_register != registers->fp && !rule->cfa_addend;
	case DITHER_CFA_SP_DEREF:
	case DITHER_CFA_FP_DEREF:
		return !rule->cfa_register;
	case DITHER_CFA_PLT:
		return machine == DITHER_TABLE_X86_64 && !rule->cfa_register &&
		       rule->cfa_addend >= 0 && rule->cfa_addend < 16;
	default:
		return false;
	}
}

static bool rule_is_sane(const struct dither_rule *rule, u16 machine,
			 const struct registers *registers)
{
	if (rule->cfa == DITHER_CFA_UNSUPPORTED)
		return is_empty(rule);
	if (rule->flags & ~(DITHER_RULE_SIGNAL | DITHER_RULE_GO))
		return false;
	if (machine != DITHER_TABLE_X86_64 &&
	    (rule->bx || rule->flags & DITHER_RULE_GO))
		return false;
	if (machine == DITHER_TABLE_X86_64 && rule->ra == DITHER_SAVED_NOT)
		return false;
	return cfa_is_sane(rule, machine, registers) &&
	       saved_is_sane(rule->fp, rule->fp_offset) &&
	       saved_is_sane(rule->ra, rule->ra_offset);
}

static bool rules_are_sane(const struct dither_table_header *header)
{
	const struct dither_rule *rules = (const void *)(header + 1);
	struct registers registers;
	u32 i;

	if (!machine_registers(header->machine, &registers))
		return false;
	if (rules[0].cfa != DITHER_CFA_NONE || !is_empty(&rules[0]))
		return false;
	for (i = 1; i < header->nr_rules; i++)
		if (!rule_is_sane(&rules[i], header->machine, &registers))
			return false;
	return true;
}

static bool pages_are_sane(const struct dither_table_header *header,
			   const u32 *pages)
{
	u32 i;

	if (pages[0])
		return false;
	for (i = 0; i < header->nr_pages; i++)
		if (pages[i + 1] < pages[i])
			return false;
	return pages[header->nr_pages] == header->nr_rows;
}

static bool is_zero(const u8 *bytes, u64 from, u64 to)
{
	for (; from < to; from++)
		if (bytes[from])
			return false;
	return true;
}

/* What fills a part up to the next one's place. */
static bool padding_is_zero(const struct dither_table_header *header)
{
	const u8 *image = (const void *)header;
	u64 pages_at = dither_table_pages_at(header);

	return is_zero(image,
		       sizeof(*header) + (u64)header->nr_rules *
						 sizeof(struct dither_rule),
		       pages_at) &&
	       is_zero(image,
		       pages_at + ((u64)header->nr_pages + 1) * sizeof(u32),
		       dither_table_rows_at(header));
}

int dither_table_check_head(const void *image, u64 bytes)
{
	const struct dither_table_header *header = image;
	const u8 *start = image;

	if (bytes < sizeof(*header) || header->magic != DITHER_TABLE_MAGIC)
		return -EINVAL;
	if (header->version != DITHER_TABLE_VERSION)
		return -EPROTO;
	if (!header->nr_pages || header->nr_pages > DITHER_TABLE_PAGES_MAX ||
	    !header->nr_rows || header->nr_rows > DITHER_TABLE_ROWS_MAX ||
	    !header->nr_rules || header->nr_rules > DITHER_TABLE_RULES_MAX ||
	    header->reserved)
		return -EINVAL;
	if (header->first_page > ~0U - header->nr_pages)
		return -EINVAL;
	if (header->bytes != bytes || dither_table_bytes(header) != bytes)
		return -EINVAL;
	if (!rules_are_sane(header) || !padding_is_zero(header) ||
	    !pages_are_sane(header, (const void *)(start +
						   dither_table_pages_at(header))))
		return -EINVAL;
	return 0;
}

int dither_table_check_page(const void *image, u32 page)
{
	const struct dither_table_header *header = image;
	const u8 *start = image;
	const struct dither_row *rows = (const void *)(start + dither_table_rows_at(header));
	const u32 *pages = (const void *)(start + dither_table_pages_at(header));
	u32 i;

	if (pages[page] == pages[page + 1])
		return 0;
	if (rows[pages[page]].low)
		return -EINVAL;
	for (i = pages[page]; i < pages[page + 1]; i++) {
		if (rows[i].rule >= header->nr_rules)
			return -EINVAL;
		if (i > pages[page] && rows[i].low <= rows[i - 1].low)
			return -EINVAL;
	}
	return 0;
}

int dither_table_check(const void *image, u64 bytes)
{
	const struct dither_table_header *header = image;
	int code = dither_table_check_head(image, bytes);
	u32 page;

	for (page = 0; !code && page < header->nr_pages; page++)
		code = dither_table_check_page(image, page);
	return code;
}

const struct dither_rule *dither_table_find(const void *image, u64 offset)
{
	const struct dither_table_header *header = image;
	const struct dither_rule *rules = (const void *)(header + 1);
	u64 page = (offset >> DITHER_TABLE_PAGE_SHIFT) - header->first_page;
	const u8 *start = image;
	const struct dither_row *rows;
	const u32 *pages;
	u32 count, half, index;
	u16 low;

	if (page >= header->nr_pages)
		return rules;
	/* Any program chooses at which offset it maps a file. */
	index = array_index_nospec((u32)page, header->nr_pages);
	pages = (const void *)(start + dither_table_pages_at(header));
	rows = (const void *)(start + dither_table_rows_at(header));
	count = pages[index + 1] - pages[index];
	if (!count)
		return rules;
	/* The page's first row is not above any address of it. */
	rows += pages[index];
	low = offset & ((1U << DITHER_TABLE_PAGE_SHIFT) - 1);
	while (count > 1) {
		half = count / 2;
		if (rows[half].low <= low)
			rows += half;
		count -= half;
	}
	return &rules[rows->rule];
}
