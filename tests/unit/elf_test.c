// SPDX-License-Identifier: GPL-2.0
/*
 * ELF files of many makes, against what nm, objdump and readelf say of them:
 * user/resolve/elf.h, symtab.h, plt.h.
 */
#include "unit.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>

#include "resolve_inputs.h"
#include "../../user/resolve/plt.h"
#include "../../user/resolve/symtab.h"

static const char program[] =
	"#include <stdio.h>\n"
	"#include <stdlib.h>\n"
	"__attribute__((noinline)) static int hidden(int x) {"
	" return x * 3 + atoi(\"4\"); }\n"
	"__attribute__((noinline)) int visible(int x) {"
	" return hidden(x) + rand(); }\n"
	"int main(int argc, char **argv) { (void)argv;"
	" printf(\"%d\\n\", visible(argc)); return 0; }\n";

static const char assembly[] =
	".text\n"
	".globl sized\n.type sized,@function\nsized: .skip 16, 0x90\n"
	".size sized, 8\n"
	".globl sizeless\n.type sizeless,@function\nsizeless: .skip 16, 0x90\n"
	".globl _start\n_start: .skip 16, 0x90\n"
	".type twin_b,@function\ntwin_b: .globl twin_a\n"
	".type twin_a,@function\ntwin_a: .skip 16, 0x90\n"
	".size twin_a, 16\n.size twin_b, 16\n"
	"\"$x.7\": .skip 8, 0x90\n\".Lleft\": .skip 8, 0x90\n"
	".data\n.globl datum\ndatum: .long 1\n";

static void prepare(void)
{
	inputs_begin();
	inputs_write("program.c", program, sizeof(program) - 1);
	inputs_write("assembly.s", assembly, sizeof(assembly) - 1);
}

static struct elf *open_elf(const char *path, struct error *error)
{
	struct elf *elf = NULL;
	struct stat status;
	int file = elf_open_regular(path, &status, error);

	if (file < 0 || elf_read(file, (uint64_t)status.st_size, &elf, error))
		return NULL;
	return elf;
}

static struct symbols *read_all(const char *path)
{
	struct symbols *symbols = symbols_new();
	struct error error = { "" };
	struct elf *elf = open_elf(path, &error);

	CU_ASSERT_STRING_EQUAL(error.text, "");
	CU_ASSERT_PTR_NOT_NULL_FATAL(elf);
	CU_ASSERT_EQUAL(symtab_read(elf, symbols, &error), 0);
	plt_read(elf, symbols);
	elf_close(elf);
	symbols_finish(symbols);
	return symbols;
}

/*
 * Lines "address name" from @command: each address must be the start of a
 * symbol, with one of the names listed for that address. Returns how many.
 */
static int compare(const struct symbols *symbols, const char *command)
{
	static char lines[20000][200];
	static unsigned long long addresses[20000];
	FILE *pipe = popen(command, "r");
	int count = 0, wrong = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(pipe);
	while (count < 20000 &&
	       fscanf(pipe, "%llx %199s\n", &addresses[count],
		      lines[count]) == 2)
		count++;
	pclose(pipe);
	for (int i = 0; i < count; i++) {
		struct symbol symbol = { 0, "", false };
		bool named = false;

		symbols_find(symbols, addresses[i], &symbol);
		for (int j = 0; j < count && !named; j++)
			named = addresses[j] == addresses[i] &&
				!strcmp(lines[j], symbol.name);
		if (symbol.start != addresses[i] || !named) {
			printf("# %llx: %s, not %s\n", addresses[i],
			       symbol.name, lines[i]);
			wrong++;
		}
	}
	CU_ASSERT_EQUAL(wrong, 0);
	return count;
}

static int compare_nm(const struct symbols *symbols, const char *options,
		      const char *path)
{
	char command[256];

	snprintf(command, sizeof(command),
		 "nm --defined-only %s %s |"
		 " awk '$2 ~ /[tTwWi]/ && $3 != \"data_start\" {print $1, $3}'",
		 options, path);
	return compare(symbols, command);
}

static void check_build(const char *flags, const char *options, int least)
{
	struct symbols *symbols;

	CU_ASSERT_EQUAL_FATAL(inputs_shell("gcc -O1 %s -o built program.c",
					   flags), 0);
	symbols = read_all("built");
	CU_ASSERT(compare_nm(symbols, options, "built") >= least);
	symbols_free(symbols);
}

static void test_makes(void)
{
	prepare();
	check_build("-pie -fPIE", "", 8);
	check_build("-no-pie", "", 8);
	check_build("-static", "", 500);
	check_build("-static-pie -fPIE", "", 500);
	check_build("-shared -fPIC", "", 6);
	check_build("-Wl,--build-id=none", "", 8);
	check_build("-s", "-D", 0);
	check_build("-shared -fPIC -s", "-D", 2);
	check_build("-fuse-ld=gold", "", 6);
}

static void test_narrow(void)
{
	struct symbols *symbols;

	prepare();
	CU_ASSERT_EQUAL_FATAL(
		inputs_shell("echo 'static int inner(void) { return 1; }"
			     " int (*outer(void))(void) { return inner; }'"
			     " > narrow.c && gcc -m32 -O1 -nostdlib"
			     " -ffreestanding -shared -fPIC -o narrow"
			     " narrow.c"), 0);
	symbols = read_all("narrow");
	CU_ASSERT(compare_nm(symbols, "", "narrow") >= 2);
	symbols_free(symbols);
}

/* Big-endian words at least: an ELF of another machine, by hand. */
static void test_big_endian(void)
{
	struct symbols *symbols = symbols_new();
	struct symbol symbol = { 0, "", false };
	unsigned char *image;
	struct elf *elf = NULL;
	size_t bytes = 0x300;
	Elf32_Sym *entry;
	Elf32_Ehdr *header;
	Elf32_Shdr *section;
	static const char names[] = "\0far_away\0";

	image = calloc(1, bytes);
	header = (Elf32_Ehdr *)image;
	memcpy(header->e_ident, ELFMAG, SELFMAG);
	header->e_ident[EI_CLASS] = ELFCLASS32;
	header->e_ident[EI_DATA] = ELFDATA2MSB;
	header->e_ident[EI_VERSION] = EV_CURRENT;
	header->e_type = htobe16(ET_EXEC);
	header->e_machine = htobe16(EM_PPC);
	header->e_version = htobe32(EV_CURRENT);
	header->e_ehsize = htobe16(sizeof(*header));
	header->e_shentsize = htobe16(sizeof(*section));
	header->e_shoff = htobe32(0x100);
	header->e_shnum = htobe16(4);
	section = (Elf32_Shdr *)(image + 0x100);
	section[1].sh_type = htobe32(SHT_PROGBITS);
	section[1].sh_flags = htobe32(SHF_ALLOC | SHF_EXECINSTR);
	section[1].sh_addr = htobe32(0x10000000);
	section[1].sh_size = htobe32(0x100);
	section[2].sh_type = htobe32(SHT_SYMTAB);
	section[2].sh_offset = htobe32(0x200);
	section[2].sh_size = htobe32(2 * sizeof(*entry));
	section[2].sh_entsize = htobe32(sizeof(*entry));
	section[2].sh_link = htobe32(3);
	section[3].sh_type = htobe32(SHT_STRTAB);
	section[3].sh_offset = htobe32(0x280);
	section[3].sh_size = htobe32(sizeof(names));
	entry = (Elf32_Sym *)(image + 0x200);
	entry[1].st_name = htobe32(1);
	entry[1].st_value = htobe32(0x10000040);
	entry[1].st_size = htobe32(8);
	entry[1].st_info = ELF32_ST_INFO(STB_GLOBAL, STT_FUNC);
	entry[1].st_shndx = htobe16(1);
	memcpy(image + 0x280, names, sizeof(names));

	CU_ASSERT_EQUAL_FATAL(elf_read_memory(image, bytes, &elf, NULL), 0);
	CU_ASSERT_EQUAL(elf->machine, EM_PPC);
	CU_ASSERT_EQUAL(symtab_read(elf, symbols, NULL), 0);
	symbols_finish(symbols);
	CU_ASSERT(symbols_find(symbols, 0x10000047, &symbol));
	CU_ASSERT_STRING_EQUAL(symbol.name, "far_away");
	CU_ASSERT(!symbols_find(symbols, 0x10000048, &symbol));
	elf_close(elf);
	symbols_free(symbols);
	free(image);
}

static void test_assembly(void)
{
	struct symbols *symbols;
	struct symbol symbol;
	char line[100] = "";
	unsigned long long sized = 0;
	FILE *pipe;

	prepare();
	CU_ASSERT_EQUAL_FATAL(inputs_shell("gcc -nostdlib -static -o assembled"
					   " assembly.s"), 0);
	pipe = popen("nm assembled | grep ' sized$'", "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(fgets(line, sizeof(line), pipe));
	pclose(pipe);
	sized = strtoull(line, NULL, 16);
	symbols = read_all("assembled");
	CU_ASSERT(symbols_find(symbols, sized + 7, &symbol));
	CU_ASSERT_STRING_EQUAL(symbol.name, "sized");
	CU_ASSERT(!symbols_find(symbols, sized + 8, &symbol));
	CU_ASSERT(symbols_find(symbols, sized + 31, &symbol));
	CU_ASSERT_STRING_EQUAL(symbol.name, "sizeless");
	CU_ASSERT(symbols_find(symbols, sized + 47, &symbol));
	CU_ASSERT_STRING_EQUAL(symbol.name, "_start");
	CU_ASSERT(symbols_find(symbols, sized + 48, &symbol));
	CU_ASSERT_STRING_EQUAL(symbol.name, "twin_a");
	/* markers of compilers and assemblers */
	CU_ASSERT(!symbols_find(symbols, sized + 64, &symbol));
	CU_ASSERT(!symbols_find(symbols, sized + 72, &symbol));
	symbols_free(symbols);
}

/* Needs no C library: there may be none for another machine. */
static const char calls[] =
	"extern int one(int), two(int), three(int);\n"
	"int call(int x) { return one(x) + two(x) + three(x); }\n";

static const char three[] =
	"int one(int x) { return x; }\n"
	"int two(int x) { return x; }\n"
	"int three(int x) { return x; }\n";

static int count_stubs(const char *tools, const char *flags)
{
	struct symbols *symbols;
	char command[256];
	int count;

	CU_ASSERT_EQUAL_FATAL(inputs_shell("%sgcc -O1 -nostdlib -o stubs"
					   " calls.c %s", tools, flags), 0);
	symbols = read_all("stubs");
	snprintf(command, sizeof(command),
		 "%sobjdump -d stubs |"
		 " sed -n 's/^\\([0-9a-f]*\\) <\\(.*\\)@plt>:$/\\1 \\2/p'",
		 tools);
	count = compare(symbols, command);
	symbols_free(symbols);
	return count;
}

static void test_stubs(void)
{
	prepare();
	inputs_write("calls.c", calls, sizeof(calls) - 1);
	inputs_write("three.c", three, sizeof(three) - 1);
	CU_ASSERT(count_stubs("", "-shared -fPIC") >= 3);
	CU_ASSERT(count_stubs("", "-shared -fPIC -fuse-ld=gold") >= 3);
	CU_ASSERT(count_stubs("", "-shared -fPIC -Wl,-z,now") >= 3);
	CU_ASSERT(count_stubs("", "-shared -fPIC -fcf-protection -Wl,-z,ibtplt") >= 3);
	if (!inputs_shell("aarch64-linux-gnu-gcc --version > /dev/null 2>&1")) {
		CU_ASSERT(count_stubs("aarch64-linux-gnu-", "-shared -fPIC") >= 3);
		CU_ASSERT_EQUAL_FATAL(inputs_shell(
			"aarch64-linux-gnu-gcc -nostdlib -shared -fPIC -o"
			" libthree.so three.c"), 0);
		/* entries with a landing pad are made for programs only */
		CU_ASSERT(count_stubs("aarch64-linux-gnu-",
				      "-mbranch-protection=standard"
				      " -Wl,-z,force-bti -Wl,-e,call -no-pie"
				      " ./libthree.so") >= 3);
	}
}

static void test_build_id(void)
{
	struct error error = { "" };
	char wanted[100] = "", got[2 * ELF_BUILD_ID_MAX + 2] = "";
	struct elf *elf;
	FILE *pipe;

	prepare();
	CU_ASSERT_EQUAL_FATAL(inputs_shell("gcc -Wl,--build-id -o id"
					   " program.c"), 0);
	pipe = popen("readelf -n id | sed -n 's/.*Build ID: //p'", "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(fgets(wanted, sizeof(wanted), pipe));
	pclose(pipe);
	elf = open_elf("id", &error);
	CU_ASSERT_PTR_NOT_NULL_FATAL(elf);
	for (size_t i = 0; i < elf->build_id_size; i++)
		sprintf(got + 2 * i, "%02x", elf->build_id[i]);
	strcat(got, "\n");
	CU_ASSERT_STRING_EQUAL(got, wanted);
	CU_ASSERT_EQUAL(elf->build_id_size, 20);
	elf_close(elf);
	CU_ASSERT_EQUAL(inputs_shell("gcc -Wl,--build-id=none -o none"
				     " program.c"), 0);
	elf = open_elf("none", &error);
	CU_ASSERT_PTR_NOT_NULL_FATAL(elf);
	CU_ASSERT_EQUAL(elf->build_id_size, 0);
	elf_close(elf);
}

/* What reading the file as ELF ends with. */
static int code_of(const char *path)
{
	struct stat status;
	struct elf *elf;
	int code = elf_open_regular(path, &status, NULL);

	if (code >= 0)
		code = elf_read(code, (uint64_t)status.st_size, &elf, NULL);
	if (!code)
		elf_close(elf);
	return code;
}

static void test_other_files(void)
{
	struct error error = { "" };
	struct stat status;

	prepare();
	CU_ASSERT_EQUAL(elf_open_regular("absent", &status, &error), -ENOENT);
	CU_ASSERT_EQUAL(elf_open_regular(".", &status, &error), -ENOEXEC);
	CU_ASSERT_EQUAL(mkfifo("pipe", 0600), 0);
	CU_ASSERT_EQUAL(elf_open_regular("pipe", &status, &error), -ENOEXEC);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "not a regular file"));
	CU_ASSERT_PTR_NULL(open_elf("program.c", &error));
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "not an ELF file"));
	CU_ASSERT_EQUAL(inputs_shell("gcc -c -o object.o program.c"), 0);
	CU_ASSERT_PTR_NULL(open_elf("object.o", &error));
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "neither"));
	inputs_write("nothing", "", 0);
	CU_ASSERT_PTR_NULL(open_elf("nothing", &error));
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "too short"));
	CU_ASSERT_EQUAL(code_of("program.c"), -ENOEXEC);
	CU_ASSERT_EQUAL(code_of("object.o"), -ENOEXEC);
	CU_ASSERT_EQUAL(code_of("nothing"), -ENOEXEC);
	inputs_write("start", ELFMAG "and no more", 11);
	CU_ASSERT_EQUAL(code_of("start"), -EINVAL);
}

static int try_image(const char *bytes, size_t length)
{
	struct symbols *symbols = symbols_new();
	struct error error = { "" };
	struct symbol symbol;
	struct elf *elf;
	int file = memfd_create("image", MFD_CLOEXEC);
	int code;

	CU_ASSERT_FATAL(file >= 0);
	CU_ASSERT_EQUAL(write(file, bytes, length), (ssize_t)length);
	code = elf_read(file, length, &elf, &error);
	CU_ASSERT_EQUAL(!code, !error.text[0]);
	if (!code) {
		symtab_read(elf, symbols, &error);
		plt_read(elf, symbols);
		symbols_finish(symbols);
		for (uint64_t at = 0; at < 0x5000; at += 0x10)
			symbols_find(symbols, at, &symbol);
		elf_close(elf);
	}
	symbols_free(symbols);
	return code;
}

static void test_damage(void)
{
	uint64_t state = 3;
	size_t length;
	char *bytes;
	int cut = 0, whole = 0;

	prepare();
	CU_ASSERT_EQUAL_FATAL(inputs_shell("gcc -o whole program.c"), 0);
	bytes = inputs_read("whole", &length);
	CU_ASSERT_EQUAL(try_image(bytes, length), 0);
	for (size_t at = 0; at < length; at += at < 1024 ? 7 : 61)
		cut += try_image(bytes, at) == -EINVAL;
	/* the section headers stand at the end */
	CU_ASSERT(cut > 300);
	for (int round = 0; round < 2000; round++) {
		char *damaged = malloc(length);

		memcpy(damaged, bytes, length);
		for (int flips = 0; flips < 1 + round % 8; flips++) {
			size_t where;

			state = state * 6364136223846793005ULL + 1;
			/* headers, tables, then anywhere */
			where = round % 3 == 0 ? (state >> 33) % 1024 :
				round % 3 == 1 ?
				length - 1 - (state >> 33) % 4096 :
				(state >> 33) % length;
			damaged[where] ^= 1 << (state >> 60 & 7);
		}
		whole += !try_image(damaged, length);
		free(damaged);
	}
	CU_ASSERT(whole > 0);
	free(bytes);
}

static void test_claims(void)
{
	unsigned char image[256] = { 0 };
	Elf64_Ehdr *header = (Elf64_Ehdr *)image;
	Elf64_Shdr *section = (Elf64_Shdr *)(image + 64);
	struct error error = { "" };
	struct elf *elf;

	memcpy(header->e_ident, ELFMAG, SELFMAG);
	header->e_ident[EI_CLASS] = ELFCLASS64;
	header->e_ident[EI_DATA] = ELFDATA2LSB;
	header->e_ident[EI_VERSION] = EV_CURRENT;
	header->e_type = ET_DYN;
	header->e_version = EV_CURRENT;
	header->e_shentsize = sizeof(*section);
	header->e_shoff = 64;
	section->sh_size = 1ULL << 40;
	CU_ASSERT_EQUAL(elf_read_memory(image, sizeof(image), &elf, &error),
			-EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text,
				      "1099511627776 section headers"));
}

static const struct unit_case cases[] = {
	{ "PIE, fixed, static, static-pie, shared, stripped: names are nm's",
	  test_makes },
	{ "a 32 bit library's names are nm's", test_narrow },
	{ "another machine's byte order is understood", test_big_endian },
	{ "sizes, labels, gaps and twins of assembly are kept apart",
	  test_assembly },
	{ "jumps into libraries have objdump's names", test_stubs },
	{ "the build-id is the one that readelf shows", test_build_id },
	{ "what is no program is refused with the reason", test_other_files },
	{ "cut and damaged files end in an error or in some symbols",
	  test_damage },
	{ "a header that claims a trillion sections is not believed",
	  test_claims },
};

UNIT_MAIN("elf", cases)
