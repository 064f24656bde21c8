// SPDX-License-Identifier: GPL-2.0
/* Symbols and objects as perf prints them: names of frames. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "../../user/text/perf_symbol.h"

static void expect(const char *text, const char *name)
{
	struct perf_symbol symbol;
	size_t length;
	char *made;

	perf_symbol_parse(text, strlen(text), &symbol);
	made = perf_symbol_frame(&symbol, false, false, &length);
	CU_ASSERT_STRING_EQUAL(made, name);
	if (strcmp(made, name))
		printf("# got: %s\n# not: %s\n", made, name);
	free(made);
}

static void kernel_objects(void)
{
	static const char *const objects[] = {
		"[kernel.kallsyms]",
		"[kernel.kallsyms]+0x275f1",
		"[kernel.vmlinux]",
		"[guest.kernel.kallsyms.77]",
		"[ext4]",
		"[nf_conntrack]",
		"/proc/kcore",
		"/root/.debug/.build-id/ab/cdef/kallsyms",
		"/root/.debug/[kernel.kcore]/ab/20261130/kcore",
		"/usr/lib/debug/boot/vmlinux-6.1.0-18-amd64.debug",
		"/usr/lib/debug/boot/vmlinux-5.4.14-acme",
		"/boot/vmlinuz-6.1",
		"/lib/modules/6.1/kernel/fs/ext4/ext4.ko.zst",
		"/usr/lib/debug/lib/modules/6.1/ext4.ko.debug",
		"/lib/modules/6.1/x.ko.gz",
		"bpf_prog_2b956549c660136a_lb",
		"bpf_trampoline_12",
		"__builtin__kprobes",
	};
	char text[256];

	for (size_t i = 0; i < sizeof(objects) / sizeof(*objects); i++) {
		snprintf(text, sizeof(text), "f+0x1 (%s)", objects[i]);
		expect(text, "f_[k]");
	}
}

static void user_objects(void)
{
	static const char *const objects[] = {
		"[vdso]",
		"[vdso32]",
		"[uprobes]",
		"[vectors]",
		"[sigpage]",
		"[stack]",
		"[heap]",
		"[vsyscall]",
		"[anon:x]",
		"[unknown]",
		"/bin/x",
		"/memfd:x (deleted)",
		"/lib/modules/6.1/vdso/vdso64.so",
		"/usr/lib/libc.so.6+0x29d8f",
	};
	char text[256];

	for (size_t i = 0; i < sizeof(objects) / sizeof(*objects); i++) {
		snprintf(text, sizeof(text), "f+0x1 (%s)", objects[i]);
		expect(text, "f");
	}
	expect("[unknown] (/usr/lib/libc.so.6+0x29d8f)", "[libc.so.6]");
}

static void generated_objects(void)
{
	static const char *const objects[] = {
		"/tmp/perf-77.map",
		"/tmp/perf-77.map (deleted)",
		"/proc/9/root/tmp/perf-77.map",
		"/memfd:doublemapper (deleted)",
		"/memfd:jit-cache (deleted)",
		"[JIT] tid 7",
		"[JIT app cache]",
		"/tmp/.debug/jit/x/jitted-7-1.so",
		"[anon:dalvik-jit-code-cache]",
		"//anon",
	};
	char text[256];

	for (size_t i = 0; i < sizeof(objects) / sizeof(*objects); i++) {
		snprintf(text, sizeof(text), "f+0x1 (%s)", objects[i]);
		expect(text, "f_[j]");
	}
	expect("f (/tmp/perf-x.map)", "f");
}

static void parameters(void)
{
	expect("decltype (f({parm#1})) call<int>(int)+0x4 (/b)",
	       "decltype (f({parm#1})) call<int>");
	expect("void (*pick(int))(char)+0x4 (/b)", "void (*pick(int))");
	expect("my_operator(int)+0x4 (/b)", "my_operator");
	expect("f(int)::'lambda'(char)::operator()(char) const (/b)",
	       "f(int)::'lambda'(char)::operator()");
	expect("f(int) [clone .isra.0] (/b)", "f");
	expect("f(int) (.cold) (/b)", "f");
	expect("f[abi:cxx11](int) const & (/b)", "f[abi:cxx11]");
	expect("-[NSObject(Category) foo:] (/b)", "-[NSObject(Category) foo:]");
}

static void swift(void)
{
	expect("app.f(n: Swift.Int) throws -> () (/b)", "app.f");
	expect("closure #1 (Swift.Int) -> () in app.work(n: Swift.Int) -> () "
	       "(/b)",
	       "closure #1 (Swift.Int) -> () in app.work");
	expect("app.Foo.(bar in _ABC123)(x: Swift.Int) -> () (/b)",
	       "app.Foo.(bar in _ABC123)");
	expect("(extension in app):Swift.Int.foo() -> () (/b)",
	       "(extension in app):Swift.Int.foo");
}

static void tagged(void)
{
	expect("JS:*render /srv/app/(shop)/page.js:12:3 (/tmp/perf-7.map)",
	       "JS:*render /srv/app/(shop)/page.js:12:3_[j]");
	expect("RegExp:^(a|b)(c) (/tmp/perf-7.map)", "RegExp:^(a|b)(c)_[j]");
	expect("py::f:/srv/copy(1) (/tmp/perf-7.map)",
	       "py::f:/srv/copy(1)_[j]");
	expect("void [app] A::m(int32)[Tier0] (/tmp/perf-7.map)",
	       "void [app] A::m_[j]");
}

/* As perf-map-agent writes them; perf cuts long ones. */
static void java(void)
{
	expect("Lio/a/Loop;.run()V (/tmp/perf-7.map)", "Lio/a/Loop:.run_[j]");
	expect("Lio/a/Loop;.read(IILjava/x/B$C;[J)[Lio/a/D; (/tmp/perf-7.map)",
	       "Lio/a/Loop:.read_[j]");
	expect("Lio/a/Loop;.read(Ljava/x/B;)Lio/a (/tmp/perf-7.map)",
	       "Lio/a/Loop:.read_[j]");
	expect("Lio/a/Loop;.read([Ljava/x/B (/tmp/perf-7.map)",
	       "Lio/a/Loop:.read_[j]");
	expect("Lio/a/Loop;::read(I)Z (/tmp/perf-7.map)",
	       "Lio/a/Loop:::read_[j]");
	expect("Loop.read(I)Z (/tmp/perf-7.map)", "Loop.read(I)Z_[j]");
}

static void rust(void)
{
	expect("alpha::main::h459eee3a05af1eb1+0x4 (/b)", "alpha::main");
	expect("f::h459eee3a05af1eb1.llvm.123 (/b)", "f");
	expect("f::h459eee3a05af1eb1.cold (/b)", "f.cold");
	expect("f::h459eee3a05af1eb (/b)", "f::h459eee3a05af1eb");
	expect("_$LT$alloc..vec..Vec$LT$T$GT$$u20$as$u20$core..ops..Drop$GT$"
	       "::drop::h0123456789abcdef (/b)",
	       "<alloc::vec::Vec<T> as core::ops::Drop>::drop");
	expect("LFoo$C$;::x (/tmp/perf-7.map)", "LFoo$C$:::x_[j]");
}

static void mangled(void)
{
	const char *text = "_RNvCs8K9WJNlS7Dz_5trace17multiply_matrices+0x4";
	struct perf_symbol symbol;
	size_t length;
	char *made;

	expect(text, "trace::multiply_matrices");
#ifdef HAVE_LIBIBERTY
	expect("_ZN3Foo3barEi+0x4 (/b)", "Foo::bar");
	expect("__ZN3Foo3barEi.part.0 (/b)", "Foo::bar.part.0");
#endif
	perf_symbol_parse(text, strlen(text), &symbol);
	made = perf_symbol_frame(&symbol, false, true, &length);
	CU_ASSERT_STRING_EQUAL(made,
			       "_RNvCs8K9WJNlS7Dz_5trace17multiply_matrices");
	free(made);
}

static void unfolded(void)
{
	const char *text = "La/A;::f->La/B;::g->La/C;::h (/tmp/perf-7.map)";
	const char *const names[] = { "La/C:::h_[i]", "La/B:::g_[i]",
				      "La/A:::f_[j]" };
	struct perf_symbol symbol, frame;
	size_t length;
	bool more;
	char *made;

	perf_symbol_parse(text, strlen(text), &symbol);
	for (size_t i = 0; i < 3; i++) {
		more = perf_symbol_take(&symbol, &frame);
		CU_ASSERT_EQUAL(more, i < 2);
		made = perf_symbol_frame(&frame, false, false, &length);
		CU_ASSERT_STRING_EQUAL(made, names[i]);
		free(made);
	}
	text = "A::operator->() (/bin/x)";
	perf_symbol_parse(text, strlen(text), &symbol);
	CU_ASSERT_FALSE(perf_symbol_take(&symbol, &frame));
}

static const struct unit_case cases[] = {
	{ "the kernel's code is known under all its objects' names",
	  kernel_objects },
	{ "the vDSO, probes and vectors are user space's", user_objects },
	{ "generated code is known under all its objects' names",
	  generated_objects },
	{ "only a list of parameters is cut off", parameters },
	{ "Swift's closures and private names keep their brackets", swift },
	{ "a method of Java's loses its descriptor", java },
	{ "names by V8 and Python keep their brackets", tagged },
	{ "Rust's older hashes go and its escapes are undone", rust },
	{ "mangled symbols are demangled, unless told not to be", mangled },
	{ "unfolded Java methods are frames of their own", unfolded },
};

UNIT_MAIN("perf_symbol", cases)
