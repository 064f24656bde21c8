// SPDX-License-Identifier: GPL-2.0
/*
 * Opening an ELF file for elf.h: libelf decodes, but what a damaged header
 * could make it allocate is checked before it sees the file.
 */
#include "elf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../base/alloc.h"

/* Notes looked at in search of the build-id. */
#define NOTES_MAX 64
#define NOTE_BYTES_MAX (64U << 10)

const char *elf_reason(void)
{
	const char *reason = elf_errmsg(-1);

	return reason ? reason : "unknown reason";
}

int elf_open_regular(const char *path, struct stat *status,
		     struct error *error)
{
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int code;

	if (file < 0) {
		code = -errno;
		return error_set(error, code, "%s", strerror(-code));
	}
	if (fstat(file, status)) {
		code = -errno;
		close(file);
		return error_set(error, code, "%s", strerror(-code));
	}
	if (!S_ISREG(status->st_mode)) {
		close(file);
		return error_set(error, -ENOEXEC, "not a regular file");
	}
	return file;
}

static uint64_t number(const unsigned char *bytes, unsigned int size, bool big)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < size; i++)
		value = value << 8 | bytes[big ? i : size - 1 - i];
	return value;
}

/* Where a raw section header table lies. */
struct table_place {
	uint64_t offset, count, entry_bytes;
};

/*
 * Both kinds of ELF header, read without libelf. Returns false where there is
 * no table.
 */
static bool find_headers(const unsigned char *start, struct table_place *place)
{
	bool wide = start[EI_CLASS] == ELFCLASS64;
	bool big = start[EI_DATA] == ELFDATA2MSB;

	if (wide) {
		place->offset = number(start + 40, 8, big);
		place->entry_bytes = number(start + 58, 2, big);
		place->count = number(start + 60, 2, big);
	} else {
		place->offset = number(start + 32, 4, big);
		place->entry_bytes = number(start + 46, 2, big);
		place->count = number(start + 48, 2, big);
	}
	return place->offset;
}

static bool read_bytes(int file, const unsigned char *image, uint64_t offset,
		       unsigned char *out, size_t length)
{
	if (file < 0 && image) {
		memcpy(out, image + offset, length);
		return true;
	}
	return pread(file, out, length, (off_t)offset) == (ssize_t)length;
}

/* Whether all section headers that the file claims to have are in it. */
static int check_headers(int file, const unsigned char *image, uint64_t bytes,
			 struct error *error)
{
	unsigned char start[sizeof(Elf64_Ehdr)];
	struct table_place place;
	bool wide, big, magic;

	memset(start, 0, sizeof(start));
	if (!read_bytes(file, image, 0, start,
			bytes < sizeof(start) ? bytes : sizeof(start)))
		return error_set(error, -EIO, "cannot be read");
	magic = !memcmp(start, ELFMAG, SELFMAG);
	if (bytes < sizeof(Elf32_Ehdr))
		return error_set(error, magic ? -EINVAL : -ENOEXEC,
				 "too short for an ELF file");
	if (!magic)
		return error_set(error, -ENOEXEC, "not an ELF file");
	wide = start[EI_CLASS] == ELFCLASS64;
	big = start[EI_DATA] == ELFDATA2MSB;
	if (!find_headers(start, &place))
		return 0;
	if (place.entry_bytes !=
	    (wide ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr)))
		return error_set(error, -EINVAL,
				 "damaged ELF header: section headers of %llu bytes",
				 (unsigned long long)place.entry_bytes);
	if (place.offset > bytes || bytes - place.offset < place.entry_bytes)
		return error_set(error, -EINVAL,
				 "cut short: section headers at 0x%llx, but only %llu bytes",
				 (unsigned long long)place.offset,
				 (unsigned long long)bytes);
	if (!place.count) {	/* too many for 16 bits */
		unsigned char first[sizeof(Elf64_Shdr)];

		if (!read_bytes(file, image, place.offset, first,
				place.entry_bytes))
			return error_set(error, -EIO, "cannot be read");
		place.count = wide ? number(first + 32, 8, big) :
				     number(first + 20, 4, big);
	}
	if (place.count > (bytes - place.offset) / place.entry_bytes)
		return error_set(error, -EINVAL,
				 "cut short: %llu section headers at 0x%llx, but only %llu bytes",
				 (unsigned long long)place.count,
				 (unsigned long long)place.offset,
				 (unsigned long long)bytes);
	return 0;
}

static int read_loads(struct elf *elf, struct error *error)
{
	size_t count, room = 0;

	if (elf_getphdrnum(elf->handle, &count))
		return error_set(error, -EINVAL, "damaged ELF header: %s",
				 elf_reason());
	if (count > elf->bytes / sizeof(Elf32_Phdr))
		return error_set(error, -EINVAL,
				 "damaged ELF header: %zu program headers",
				 count);
	for (size_t i = 0; i < count; i++) {
		struct elf_load *load;
		GElf_Phdr header;

		if (!gelf_getphdr(elf->handle, (int)i, &header))
			return error_set(error, -EINVAL,
					 "damaged program header %zu: %s", i,
					 elf_reason());
		if (header.p_type != PT_LOAD)
			continue;
		if (elf->load_count == ELF_LOADS_MAX)
			return error_set(error, -EINVAL,
					 "more than %u loaded segments",
					 ELF_LOADS_MAX);
		elf->loads = alloc_grow(elf->loads, elf->load_count, &room,
					sizeof(*load));
		load = &elf->loads[elf->load_count++];
		load->offset = header.p_offset;
		load->address = header.p_vaddr;
		load->file_bytes = header.p_filesz;
		load->memory_bytes = header.p_memsz;
		load->executable = header.p_flags & PF_X;
	}
	return 0;
}

static bool find_build_id(struct elf *elf, Elf_Data *notes)
{
	size_t offset = 0, name, id;
	GElf_Nhdr header;

	while (notes &&
	       (offset = gelf_getnote(notes, offset, &header, &name, &id))) {
		const char *bytes = notes->d_buf;

		if (header.n_type != NT_GNU_BUILD_ID || header.n_namesz != 4 ||
		    memcmp(bytes + name, "GNU", 4) || !header.n_descsz ||
		    header.n_descsz > ELF_BUILD_ID_MAX)
			continue;
		memcpy(elf->build_id, bytes + id, header.n_descsz);
		elf->build_id_size = header.n_descsz;
		return true;
	}
	return false;
}

/* In the segments, as the kernel does; else in the sections. */
static void read_build_id(struct elf *elf)
{
	unsigned int seen = 0;
	Elf_Scn *section = NULL;
	GElf_Phdr segment;
	GElf_Shdr header;
	size_t count;

	if (elf_getphdrnum(elf->handle, &count))
		count = 0;
	for (size_t i = 0; i < count && seen < NOTES_MAX; i++) {
		if (!gelf_getphdr(elf->handle, (int)i, &segment) ||
		    segment.p_type != PT_NOTE ||
		    segment.p_filesz > NOTE_BYTES_MAX ||
		    segment.p_offset > elf->bytes ||
		    segment.p_filesz > elf->bytes - segment.p_offset)
			continue;
		seen++;
		if (find_build_id(elf, elf_getdata_rawchunk(
					       elf->handle,
					       (int64_t)segment.p_offset,
					       segment.p_filesz,
					       segment.p_align == 8 ?
						       ELF_T_NHDR8 :
						       ELF_T_NHDR)))
			return;
	}
	seen = 0;
	while ((section = elf_nextscn(elf->handle, section)) &&
	       seen < NOTES_MAX) {
		if (!gelf_getshdr(section, &header) ||
		    header.sh_type != SHT_NOTE ||
		    header.sh_size > NOTE_BYTES_MAX)
			continue;
		seen++;
		if (find_build_id(elf, elf_section_data(elf, section, &header)))
			return;
	}
}

/* The part common to files and images: @elf is freed on failure. */
static int read_headers(struct elf *elf, struct elf **out, struct error *error)
{
	GElf_Ehdr header;
	int code;

	elf->unread = elf->bytes * 2;
	if (!elf->handle) {
		code = error_set(error, -EINVAL, "damaged ELF file: %s",
				 elf_reason());
		goto err_close;
	}
	if (elf_kind(elf->handle) != ELF_K_ELF ||
	    !gelf_getehdr(elf->handle, &header)) {
		code = error_set(error, -EINVAL, "not an ELF file");
		goto err_close;
	}
	if (header.e_type != ET_EXEC && header.e_type != ET_DYN) {
		code = error_set(error, -ENOEXEC,
				 "ELF file of type %u, neither program nor library",
				 header.e_type);
		goto err_close;
	}
	elf->machine = header.e_machine;
	code = read_loads(elf, error);
	if (code)
		goto err_close;
	read_build_id(elf);
	*out = elf;
	return 0;

err_close:
	elf_close(elf);
	return code;
}

int elf_read(int file, uint64_t bytes, struct elf **out, struct error *error)
{
	struct elf *elf;
	int code = check_headers(file, NULL, bytes, error);

	if (code) {
		close(file);
		return code;
	}
	elf_version(EV_CURRENT);
	elf = alloc_zeroed(1, sizeof(*elf));
	elf->file = file;
	elf->bytes = bytes;
	elf->handle = elf_begin(file, ELF_C_READ, NULL);
	return read_headers(elf, out, error);
}

int elf_read_memory(const unsigned char *image, size_t bytes,
		    struct elf **out, struct error *error)
{
	struct elf *elf;
	int code = check_headers(-1, image, bytes, error);

	if (code)
		return code;
	elf_version(EV_CURRENT);
	elf = alloc_zeroed(1, sizeof(*elf));
	elf->file = -1;
	elf->bytes = bytes;
	/* Opened for reading: libelf does not write to the image. */
	elf->handle = elf_memory((char *)image, bytes);
	return read_headers(elf, out, error);
}

void elf_close(struct elf *elf)
{
	if (!elf)
		return;
	elf_end(elf->handle);
	if (elf->file >= 0)
		close(elf->file);
	free(elf->loads);
	free(elf);
}

Elf_Data *elf_section_data(struct elf *elf, Elf_Scn *section,
			   const GElf_Shdr *header)
{
	if (header->sh_type == SHT_NOBITS ||
	    header->sh_flags & SHF_COMPRESSED ||
	    header->sh_offset > elf->bytes ||
	    header->sh_size > elf->bytes - header->sh_offset ||
	    header->sh_size > elf->unread)
		return NULL;
	elf->unread -= header->sh_size;
	return elf_getdata(section, NULL);
}

const char *elf_section_name(const struct elf *elf, const GElf_Shdr *header)
{
	const char *name = NULL;
	size_t names;

	if (!elf_getshdrstrndx(elf->handle, &names))
		name = elf_strptr(elf->handle, names, header->sh_name);
	return name ? name : "";
}

bool elf_debug_link(struct elf *elf, const char **name, uint32_t *crc)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	size_t place;
	Elf_Data *data;
	const char *ident = elf_getident(elf->handle, NULL);

	while ((section = elf_nextscn(elf->handle, section))) {
		if (!gelf_getshdr(section, &header) ||
		    header.sh_type != SHT_PROGBITS ||
		    strcmp(elf_section_name(elf, &header), ".gnu_debuglink"))
			continue;
		data = elf_section_data(elf, section, &header);
		if (!data || !data->d_buf)
			return false;
		*name = data->d_buf;
		place = (strnlen(*name, data->d_size) + 4) & ~(size_t)3;
		if (place > data->d_size || data->d_size - place < 4 ||
		    !**name || strchr(*name, '/'))
			return false;
		*crc = (uint32_t)number((unsigned char *)data->d_buf + place, 4,
					ident[EI_DATA] == ELFDATA2MSB);
		return true;
	}
	return false;
}
