// SPDX-License-Identifier: GPL-2.0
/* Mangled names in folded stacks, with what tools append to them. */
#include "text_fold.h"

#include "../../user/text/folded_names.h"

static void expect_name(const char *text, const char *wanted)
{
	char *name = folded_name_demangle(text, strlen(text));

	if (!wanted) {
		CU_ASSERT_PTR_NULL(name);
	} else {
		CU_ASSERT_PTR_NOT_NULL(name);
		if (name)
			CU_ASSERT_STRING_EQUAL(name, wanted);
	}
	if (name && (!wanted || strcmp(name, wanted)))
		printf("# of: %s\n# got: %s\n", text, name);
	free(name);
}

static void mangled(void)
{
	expect_name("_RNvC5crate4main", "crate::main");
	expect_name("_ZN4core3fmt5Write9write_str17h0123456789abcdefE",
		    "core::fmt::Write::write_str");
	expect_name("core::fmt::Write::write_str::h0123456789abcdef",
		    "core::fmt::Write::write_str");
	expect_name("__RNvC5crate4main", "crate::main");
}

static void annotated(void)
{
	expect_name("_RNvC5crate4main_[k]", "crate::main_[k]");
	expect_name("_RNvC5crate4main.cold", "crate::main.cold");
	expect_name("_RNvC5crate4main.isra.0_[k]", "crate::main.isra.0_[k]");
	expect_name("_RNvC5crate4main@plt", "crate::main@plt");
	expect_name("_RNvC5crate4main.llvm.1234567", "crate::main");
	expect_name("_RNvC5crate4main [clone .cold]",
		    "crate::main [clone .cold]");
	expect_name("_RNvC5crate4main+0x1f", "crate::main+0x1f");
	expect_name("_RNvC5crate4main+0x1f_[k]", "crate::main+0x1f_[k]");
	expect_name("libx.so.1`_RNvC5crate4main", "libx.so.1`crate::main");
	expect_name("app!_RNvC5crate4main", "app!crate::main");
	expect_name("a::b::h0123456789abcdef_[k]", "a::b_[k]");
}

static void others(void)
{
	static const char *const names[] = {
		"",
		"_",
		"_Z",
		"_R",
		"main",
		"_start",
		"_Zebra",
		"_Reset_[k]",
		"_ZN_[k]",
		"__Zebra",
		"a`b",
		"a!_R",
		"`",
		"!_[k]",
		"_[k]",
		"std::sort<int>(int*)",
		"x::h0123",
		"a::hash_of_sixteen_c",
		"_RNvC5crate4main_[j]",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		expect_name(names[i], NULL);
}

#ifdef HAVE_LIBIBERTY
static void cplusplus(void)
{
	expect_name("_ZN3foo3barEv", "foo::bar");
	expect_name("_ZN3foo3barEv.cold", "foo::bar.cold");
	expect_name("_ZN3foo3barEv.constprop.0.isra.0",
		    "foo::bar.constprop.0.isra.0");
	expect_name("_ZN3foo3barEv@plt", "foo::bar@plt");
	expect_name("_ZNSt6vectorIiSaIiEE9push_backERKi_[i]",
		    "std::vector<int, std::allocator<int> >::push_back_[i]");
	expect_name("_Znwm", "operator new");
	expect_name("__ZN3foo3barEv", "foo::bar");
}
#endif

/* fold_options as a command would have them. */
static char *fold_as(const char *text, bool fold, bool no_demangle)
{
	char *folded;

	fold_options.as_written = fold;
	fold_options.load.mangled = no_demangle;
	folded = fold_bytes(text, strlen(text));
	fold_options.as_written = fold_options.load.mangled = false;
	return folded;
}

static void expect_same(char *one, char *other)
{
	CU_ASSERT_STRING_EQUAL(one, other);
	if (strcmp(one, other))
		printf("# got: %s\n# not: %s\n", one, other);
	free(one);
	free(other);
}

#define FRAME_OF(symbol, object) "\t    55d0a0001136 " symbol " (" object ")\n"
#define SAMPLE                                                                 \
	"app 1 [000] 1.0: 1 cycles: \n" FRAME_OF("_RNvC6kernel4poll.cold+0x6", \
						 "[kernel.kallsyms]")          \
		FRAME_OF("_RNvC6kernel4wake.llvm.77", "[drm]") FRAME_OF(       \
			"_ZN4core3fmt5write17h0123456789abcdefE+0x1",          \
			"/bin/app") FRAME_OF("a::b::h0123456789abcdef",        \
					     "/bin/app")                       \
			FRAME_OF("_RNvC5crate3jit", "/tmp/perf-1.map")         \
				FRAME_OF("_RNvC5crate4line", "inlined")        \
					FRAME_OF("_RNvC5crate4main@plt",       \
						 "/bin/app")                   \
						FRAME_OF("main+0x10",          \
							 "/bin/app")

/* The same picture from a text, and from what fold makes of it either way. */
static void pictures(void)
{
	for (int way = 0; way < 2; way++) {
		char *folded = fold_as(SAMPLE, true, way);

		CU_ASSERT_EQUAL(!strstr(folded, "_RNvC5crate4main"), !way);
		expect_same(fold_as(folded, false, false),
			    fold_as(SAMPLE, false, false));
		expect_same(fold_as(folded, false, true),
			    fold_as(SAMPLE, false, way));
		expect_same(fold_as(folded, true, false), folded);
	}
}

static void together(void)
{
	char *text = fold_as("a;_RNvC1x1f.llvm.1;g 1\n"
			     "a;_RNvC1x1f.llvm.2;g 2\na;x::f;g 4\n",
			     false, false);

	CU_ASSERT_STRING_EQUAL(text, "a;x::f;g 7\n");
	free(text);
}

static const struct unit_case cases[] = {
	{ "names of C++ and Rust are those that were written", mangled },
	{ "what tools append to a mangled name stays", annotated },
	{ "other names, and those of generated code, are left alone", others },
#ifdef HAVE_LIBIBERTY
	{ "C++ has its clones, stubs and operators", cplusplus },
#endif
	{ "a text and its fold, mangled or not, make the same picture",
	  pictures },
	{ "functions that are the same once demangled are one", together },
};

UNIT_MAIN("folded_names", cases)
