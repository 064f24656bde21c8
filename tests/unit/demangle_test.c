// SPDX-License-Identifier: GPL-2.0
/* Names of C++ and Rust, real ones and such as no compiler makes. */
#include "unit.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../user/resolve/demangle.h"

static char name[DEMANGLE_NAME_MAX];

/* NULL: it is to stay as it is. */
static void expect(const char *symbol, const char *wanted)
{
	size_t length = demangle(symbol, strlen(symbol), name);
	bool same = wanted ? length == strlen(wanted) &&
				     !memcmp(name, wanted, length) :
			     !length;

	CU_ASSERT(same);
	if (!same)
		printf("# %s: got '%.*s'\n", symbol, (int)length, name);
}

static void cplus(void)
{
#ifdef HAVE_LIBIBERTY
	expect("_Z3foov", "foo");
	expect("_Z3fooIiEvT_", "foo<int>");
	expect("_ZN3gcc12pass_managerC1EPNS_7contextE",
	       "gcc::pass_manager::pass_manager");
	expect("_ZNSt6vectorIiSaIiEE9push_backERKi",
	       "std::vector<int, std::allocator<int> >::push_back");
	expect("_ZN12_GLOBAL__N_11fEv", "(anonymous namespace)::f");
	expect("_ZNKSt8functionIFviEEclEi",
	       "std::function<void (int)>::operator()");
	expect("_ZZ4mainENKUlvE_clEv", "main::{lambda()#1}::operator()");
	expect("_ZTV3Foo", "vtable for Foo");
	expect("_ZN3fooD0Ev", "foo::~foo");
#endif
}

static void suffixes(void)
{
#ifdef HAVE_LIBIBERTY
	expect("_Z3foov.cold", "foo.cold");
	expect("_Z3fooIiEvT_.isra.0.part.1", "foo<int>.isra.0.part.1");
	expect("_Z3foov@plt", "foo@plt");
	expect("_ZSt4endlv@@GLIBCXX_3.4EXTRA", "std::endl@@GLIBCXX_3.4EXTRA");
#endif
	expect("_RNvC1a1b.cold", "a::b.cold");
	expect("_RNvC1a1b.llvm.1234567", "a::b");
	expect("_ZN1a1b17h0123456789abcdefE.llvm.ABC", "a::b");
}

/* Of Rust's own tests and of RFC 2603. */
static void v0(void)
{
	expect("_RNvC6_123foo3bar", "123foo::bar");
	expect("_RNqCs4fqI2P2rA04_11utf8_identsu30____7hkackfecea1cbdathfdh9hlq6y",
	       "utf8_idents::\xe1\x83\xa1\xe1\x83\x90\xe1\x83\xad\xe1\x83\x9b"
	       "\xe1\x83\x94\xe1\x83\x9a\xe1\x83\x90\xe1\x83\x93_\xe1\x83\x92"
	       "\xe1\x83\x94\xe1\x83\x9b\xe1\x83\xa0\xe1\x83\x98\xe1\x83\x94"
	       "\xe1\x83\x9a\xe1\x83\x98_\xe1\x83\xa1\xe1\x83\x90\xe1\x83\x93"
	       "\xe1\x83\x98\xe1\x83\x9a\xe1\x83\x98");
	expect("_RNCINkXs25_NgCsbmNqQUJIY6D_4core5sliceINyB9_4IterhENuNgNoBb_4iter8iterator8Iterator9rpositionNCNgNpB9_6memchr7memrchrs_0E0Bb_",
	       "<core::slice::Iter<u8> as core::iter::iterator::Iterator>::rposition::<core::slice::memchr::memrchr::{closure#1}>::{closure#0}");
	expect("_RINbNbCskIICzLVDPPb_5alloc5alloc8box_freeDINbNiB4_5boxed5FnBoxuEp6OutputuEL_ECs1iopQbuBiw2_3std",
	       "alloc::alloc::box_free::<dyn alloc::boxed::FnBox<(), Output = ()>>");
	expect("_RNvMsr_NtCs3ssYzQotkvD_3std4pathNtB5_7PathBuf3newCs15kBYyAo9fc_7mycrate",
	       "<std::path::PathBuf>::new");
	expect("_RINvNtC3std3mem8align_ofdE", "std::mem::align_of::<f64>");
	expect("_RNvYNtC1a1SNtC1b5Trait4call", "<a::S as b::Trait>::call");
}

static void v0_types(void)
{
	expect("_RIC1aTEThEThiEE", "a::<(), (u8,), (u8, isize)>");
	expect("_RIC1aRhQSeAhj8_PvOzE",
	       "a::<&u8, &mut [str], [u8; 8], *const ..., *mut !>");
	expect("_RIC1aFUKCRhEuFG_RL0_eERL0_eE",
	       "a::<unsafe extern \"C\" fn(&u8), for<'a> fn(&'a str) -> &'a str>");
	expect("_RIC1aDNtC1b1TNtC1b4SendEL_E", "a::<dyn b::T + b::Send>");
	expect("_RIC1aDG_INtC1b1TL0_Ep1ImEL_E",
	       "a::<dyn for<'a> b::T<'a, I = u32>>");
	expect("_RIC1aKsn98_Kb1_Kc76_Kof0000000000000000_KpE",
	       "a::<-152, true, 'v', 0xf0000000000000000, _>");
	expect("_RNSC1as0_5reify", "a::{shim:reify#2}");
}

static void legacy(void)
{
	expect("_ZN4core3fmt5Write9write_str17h0123456789abcdefE",
	       "core::fmt::Write::write_str");
	expect("_ZN71_$LT$Test$u20$$u2b$$u20$$u27$static$u20$as$u20$foo..Bar$LT$Test$GT$$GT$3bar17h930b740aa94f1d3aE",
	       "<Test + 'static as foo::Bar<Test>>::bar");
	expect("_ZN28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE",
	       "{{closure}}");
	expect("_ZN9$odd$name17h0123456789abcdefE", "$odd$name");
#ifdef HAVE_LIBIBERTY
	/* No hash: C++. */
	expect("_ZN4core3fmt17h0123456789abcdeGE",
	       "core::fmt::h0123456789abcdeG");
#endif
}

static void others(void)
{
	static const char *const plain[] = {
		"main",
		"_start",
		"_Z",
		"_R",
		"_ZN",
		"_RNv",
		"_ZN1aE",
		"__Z3foov",
		"_R1",
		"_RB_",
		"_RNvB0_1a",
		"_RC9abc",
		"_RCu1_",
		"_RIC1aKsn98",
		"_RIC1aRL1_hE",
		"_RNvC1a1b!",
		"_ZN17h0123456789abcdefE",
		"_Z3fo",
	};

	for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++)
#ifndef HAVE_LIBIBERTY
		expect(plain[i], NULL);
#else
		if (strcmp(plain[i], "_ZN1aE") &&
		    strcmp(plain[i], "_ZN17h0123456789abcdefE"))
			expect(plain[i], NULL);
#endif
	CU_ASSERT_EQUAL(demangle("_RC1\0a", 6, name), 0);
	/* A control character that an escape or punycode would bring. */
	expect("_ZN9_$u1b$abc17h0123456789abcdefE", "abc");
}

/* @times @part between @head and @tail. */
static void repeat(const char *head, const char *part, size_t times,
		   const char *tail)
{
	char *symbol =
		malloc(strlen(head) + times * strlen(part) + strlen(tail) + 1);
	char *end = stpcpy(symbol, head);

	for (size_t i = 0; i < times; i++)
		end = stpcpy(end, part);
	strcpy(end, tail);
	(void)demangle(symbol, strlen(symbol), name);
	free(symbol);
}

static void deep_and_wide(void)
{
	static const char *const parts[] = { "P",   "R",    "S_", "N1a", "I1a",
					     "X",   "DpT_", "F",  "M",	 "l",
					     "cvv", "A_",   "sZ", "L",	 "ad",
					     "_",   "h1_",  "1a" };
	static const char *const rust[] = { "R", "Q", "S", "T",	  "F", "D",
					    "I", "M", "X", "NvB", "P", "Kp" };
	struct timespec begin, end;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		size_t times = (DEMANGLE_SYMBOL_MAX - 8) / strlen(parts[i]);

		repeat("_Z1f", parts[i], times, "");
		repeat("_Z1fI", parts[i], times, "iE");
		repeat("_ZN1a", parts[i], times, "E");
		repeat("_ZTI", parts[i], times, "i");
	}
	for (size_t i = 0; i < sizeof(rust) / sizeof(*rust); i++)
		repeat("_RIC1a", rust[i],
		       (DEMANGLE_SYMBOL_MAX - 8) / strlen(rust[i]), "h");
	clock_gettime(CLOCK_MONOTONIC, &end);
	CU_ASSERT(end.tv_sec - begin.tv_sec < 10);
	repeat("_RC", "9", DEMANGLE_SYMBOL_MAX, "");
}

/* A reference back in a symbol of Rust, to what stands there. */
static char *refer(char *end, unsigned int place)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz"
				     "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	*end++ = 'B';
	if (place > 62)
		*end++ = digits[(place - 1) / 62];
	*end++ = digits[(place - 1) % 62];
	*end++ = '_';
	return end;
}

/* Each pair is one of two of the pair before. */
static void growing(void)
{
	static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	char symbol[1024] = "_Z1fI1bIiiE", *end = symbol + strlen(symbol);
	unsigned int before = 3;

	for (unsigned int i = 1; i < 4; i++)
		end += sprintf(end, "S0_IS%c_S%c_E", digits[i], digits[i]);
	strcpy(end, "EvT_");
#ifdef HAVE_LIBIBERTY
	CU_ASSERT(demangle(symbol, strlen(symbol), name) > 200);
#endif
	for (unsigned int i = 4; i < 35; i++)
		end += sprintf(end, "S0_IS%c_S%c_E", digits[i], digits[i]);
	strcpy(end, "EvT_");
	expect(symbol, NULL);

	end = stpcpy(symbol, "_RIC1aThhE");
	for (int i = 0; i < 40; i++) {
		unsigned int place = (unsigned int)(end - symbol) - 2;

		*end++ = 'T';
		end = refer(refer(end, i ? before : 4), i ? before : 4);
		*end++ = 'E';
		before = place;
		strcpy(end, "E");
		if (i == 3)
			CU_ASSERT(demangle(symbol, strlen(symbol), name) > 100);
	}
	expect(symbol, NULL);
	/* To what it stands in itself. */
	expect("_RIC1aTB4_EE", NULL);
}

static void too_long(void)
{
	static char symbol[DEMANGLE_SYMBOL_MAX + 2];
	size_t length = DEMANGLE_SYMBOL_MAX;

	memset(symbol, 'b', sizeof(symbol));
	memcpy(symbol, "_RNvC1a8181", strlen("_RNvC1a8181"));
	CU_ASSERT_EQUAL(length - strlen("_RNvC1a8181"), 8181);
	CU_ASSERT_EQUAL(demangle(symbol, length, name), 8181 + strlen("a::"));
	CU_ASSERT_EQUAL(demangle(symbol, length + 1, name), 0);
}

static const struct unit_case cases[] = {
	{ "names of C++ are without parameters, but for templates'", cplus },
	{ "what compilers append stays, but for a hash", suffixes },
	{ "Rust's own mangling is read as its specification has it", v0 },
	{ "every type and constant of Rust is spelt as it was written",
	  v0_types },
	{ "Rust's older names lose hash and escapes", legacy },
	{ "what is not mangled, or wrongly, stays as it is", others },
	{ "deep and wide symbols take little time and stack", deep_and_wide },
	{ "a name that grows without end is left", growing },
	{ "the longest symbol is read, a longer one is not", too_long },
};

UNIT_MAIN("demangle", cases)
