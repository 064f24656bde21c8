# SPDX-License-Identifier: GPL-2.0
# dither: `make` builds the tool, and the module where kernel headers are.
#
#   make                  tool and module into build/
#   make KDIR=DIR module  the module for another kernel (ARCH, CROSS_COMPILE
#                         as kbuild wants them)
#   make check            the fast tests, no guest
#   make test             all tests, in guests too (root: installs packages)
#   make test-all         the same at full size, on every kernel: takes many
#                         hours, or PARTS of it (scripts/test-all --help)
#   make reach            a table of kernels, and what holds on each
#   make demo             a flame graph of a real workload (root)
#   make bench            the figures of the README
#   make browser          the pictures in Chromium (root: installs packages)
#   make viewers          exports in pprof, speedscope, Grafana, Firefox Profiler
#                         (root: the same)
#   make lint format      checkers; clang-format
#   make compile_commands compile_commands.json, for clangd and clang-tidy
#   make install          tool, its lab, manual, the module if built
#                         (DESTDIR, PREFIX)
#   make clean

VERSION := 0.1
PREFIX ?= /usr/local
KDIR ?= /lib/modules/$(shell uname -r)/build
OUT ?= build
CC = $(CROSS_COMPILE)gcc
CXX = $(CROSS_COMPILE)g++

# STATIC=1: no shared libraries, for appliances and guests of another kind.
# SYSROOT=DIR: headers and libraries of the machine that it is built for.
# SANITIZE=address,undefined builds tool and tests with sanitizers.
CFLAGS ?= -O2 -g
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
ALL_CFLAGS := -std=gnu11 -D_GNU_SOURCE -DDITHER_VERSION='"$(VERSION)"' \
	-D_FILE_OFFSET_BITS=64 $(WARNINGS) $(CFLAGS) $(CPPFLAGS) \
	$(if $(SYSROOT),--sysroot=$(SYSROOT)) \
	$(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer)
ALL_LDFLAGS := $(LDFLAGS) $(if $(SANITIZE),-fsanitize=$(SANITIZE)) \
	$(if $(STATIC),-static) $(if $(SYSROOT),--sysroot=$(SYSROOT))
# has HEADER: 1 if the compiler finds it. make before and after 4.3 disagree on
# what a hash in a function is; in a variable it is the same for both.
HASH := \#
has = $(shell echo '$(HASH)include <$1>' | \
	$(CC) $(if $(SYSROOT),--sysroot=$(SYSROOT)) -E - >/dev/null 2>&1 && echo 1)
# Unpacks perf's text, where its header is; without it the tool says so.
ZSTD ?= $(call has,zstd.h)
ALL_CFLAGS += $(if $(ZSTD),-DHAVE_ZSTD)
# Names of C++; always linked statically, there is no other way.
IBERTY ?= $(call has,libiberty/demangle.h)
ALL_CFLAGS += $(if $(IBERTY),-DHAVE_LIBIBERTY)
LIBS := -lelf -lz -lm -lpthread $(if $(ZSTD),-lzstd) $(if $(IBERTY),-liberty)

SOURCES := $(filter-out user/main.c,$(wildcard user/*.c user/*/*.c))
OBJECTS := $(SOURCES:%.c=$(OUT)/%.o)
# Pure files of the module that user space compiles too.
CORE := $(wildcard kmod/core/*.c)
SHARED := $(CORE:%.c=$(OUT)/%.o)
UNIT_TESTS := $(patsubst tests/unit/%.c,$(OUT)/unit/%,$(wildcard tests/unit/*_test.c))
WORKLOADS := $(patsubst tests/workloads/%.c,$(OUT)/workloads/%,\
	$(filter-out %/short.c %/compat.c %/names.c,$(wildcard tests/workloads/*.c)) \
	$(addprefix tests/workloads/short_,a.c b.c c.c d.c) \
	$(addprefix tests/workloads/names_,one.c other.c)) \
	$(addprefix $(OUT)/workloads/,frameless_deepspin frameless_deeptree \
		untold_deepspin untold_frameless_deepspin late.so)
# A 32 bit program, made without any 32 bit library, for x86 kernels of 64 bit.
ifeq ($(shell $(CC) -dumpmachine),x86_64-linux-gnu)
WORKLOADS += $(OUT)/workloads/compat
endif
# The programs of dither lab run.
LAB := $(patsubst tests/workloads/lab/%.c,$(OUT)/lab/%,$(wildcard tests/workloads/lab/*.c))
# As distributions build: without frame pointers, calls as the compiler likes.
BARE := $(patsubst tests/workloads/bare/%.c,$(OUT)/workloads/%,\
	$(filter-out %/twin.c,$(wildcard tests/workloads/bare/*.c))) \
	$(OUT)/workloads/liba.so $(OUT)/workloads/libb.so
# Where there is a C++ compiler.
ifneq ($(shell command -v $(CXX)),)
BARE += $(OUT)/workloads/templates
endif
# Programs that attack the module, each linked with all their parts.
HOSTILE := $(patsubst tests/hostile/%.c,$(OUT)/hostile/%,$(wildcard tests/hostile/*.c))
HOSTILE_PARTS := $(patsubst %.c,$(OUT)/%.o,$(wildcard tests/hostile/*/*.c))
FUZZERS := $(patsubst tests/fuzz/%.c,$(OUT)/fuzz/%,$(wildcard tests/fuzz/*_fuzz.c))

all: tool $(if $(wildcard $(KDIR)/Makefile),module,no-module)

tool: $(OUT)/dither

no-module:
	@echo "no kernel headers at $(KDIR): the module is not built (KDIR=DIR)"

$(OUT)/dither: $(OUT)/user/main.o $(OUT)/libdither.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(OUT)/libdither.a: $(OBJECTS) $(SHARED)
	@rm -f $@
	$(CROSS_COMPILE)ar rcsD $@ $^

# The assembler takes these files in; the compiler does not list them.
$(OUT)/user/render/assets.o $(OUT)/fuzz/user/render/assets.o: $(wildcard user/render/picture/* user/render/page/*)

$(OUT)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# kbuild writes beside its sources, so it gets a copy: one per kernel, and the
# tree stays clean.
MODULE_DIR = $(OUT)/module$(if $(MODULE_NAME),-$(MODULE_NAME))

module:
	@mkdir -p $(MODULE_DIR)/tests
	@cp -Rup Kbuild kmod include $(MODULE_DIR)/
	@cp -Rup tests/modules $(MODULE_DIR)/tests/
	$(MAKE) -C $(KDIR) M=$(abspath $(MODULE_DIR)) modules
	@cp $(MODULE_DIR)/dither.ko $(OUT)/dither$(if $(MODULE_NAME),-$(MODULE_NAME)).ko

# Needs libelf only, and nothing shared: for appliances. Without unwind tables of
# its own code, which only debuggers and profilers of this tool would read.
tiny:
	$(MAKE) OUT=$(OUT)/tiny STATIC=1 \
		CFLAGS="-Os -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables" \
		LDFLAGS="-Wl,--gc-sections -s" ZSTD= IBERTY= tool

$(OUT)/tests/unit/unit.o: | have-cunit

$(OUT)/unit/%: tests/unit/%.c $(OUT)/tests/unit/unit.o $(OUT)/libdither.a | have-cunit
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -MF $@.d $(ALL_LDFLAGS) -o $@ $< $(filter %.o %.a,$^) $(LIBS) -lcunit

# Every function with a frame on every path: the stacks' depths are known.
WORKLOAD_CC = $(CC) $(ALL_CFLAGS) -O1 -fno-omit-frame-pointer \
	-fno-optimize-sibling-calls -fno-shrink-wrap -MMD -MP -MF $@.d $(ALL_LDFLAGS) -o $@ $<

$(OUT)/workloads/compat: tests/workloads/compat.c
	@mkdir -p $(@D)
	$(CC) -m32 -O1 -fno-omit-frame-pointer -fno-optimize-sibling-calls \
		-fno-shrink-wrap -fno-pic -no-pie -static -nostdlib -fno-stack-protector -o $@ $<

BARE_FLAGS = -O2 -g $(WARNINGS) -fomit-frame-pointer -MMD -MP -MF $@.d $(ALL_LDFLAGS)

$(OUT)/workloads/lib%.so: tests/workloads/bare/twin.c
	@mkdir -p $(@D)
	$(CC) $(BARE_FLAGS) -fno-optimize-sibling-calls -DTWIN=$* -shared -fPIC -o $@ $<

$(OUT)/workloads/%: tests/workloads/bare/%.cc
	@mkdir -p $(@D)
	$(CXX) -std=gnu++17 $(filter-out -Wstrict-prototypes -Wmissing-prototypes,$(BARE_FLAGS)) -o $@ $<

$(OUT)/workloads/%: tests/workloads/bare/%.c
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -D_GNU_SOURCE $(BARE_FLAGS) -o $@ $< -lpthread -ldl

$(OUT)/workloads/short_%: tests/workloads/short.c
	@mkdir -p $(@D)
	$(WORKLOAD_CC) -DWORK=work_$*

# Two programs of the same size, by nothing in which a build can be known.
NAMES = $(CC) -O2 -Wl,--build-id=none $(ALL_LDFLAGS) -o $@ $<

$(OUT)/workloads/names_one: tests/workloads/names.c
	@mkdir -p $(@D)
	$(NAMES)

$(OUT)/workloads/names_other: tests/workloads/names.c
	@mkdir -p $(@D)
	$(NAMES) -DOTHER

# The same frames, by which no frame pointer leads: only unwind tables tell.
$(OUT)/workloads/frameless_%: tests/workloads/%.c
	@mkdir -p $(@D)
	$(WORKLOAD_CC) -fomit-frame-pointer

# Without what unwind tables are made of.
$(OUT)/workloads/untold_%: $(OUT)/workloads/%
	$(CROSS_COMPILE)objcopy -R .eh_frame -R .eh_frame_hdr $< $@

$(OUT)/workloads/late.so: tests/workloads/late.c
	@mkdir -p $(@D)
	$(WORKLOAD_CC) -DLIBRARY -shared -fpic -fomit-frame-pointer

$(OUT)/workloads/%: tests/workloads/%.c
	@mkdir -p $(@D)
	$(WORKLOAD_CC) -lpthread -lm

$(OUT)/lab/%: tests/workloads/lab/%.c
	@mkdir -p $(@D)
	$(WORKLOAD_CC) -lpthread -lm

$(OUT)/hostile/%: $(OUT)/tests/hostile/%.o $(HOSTILE_PARTS) $(OUT)/kmod/core/table_lookup.o
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ -lpthread

# The module's stacks against libdw's; see tests/vm/copy_test.sh.
$(OUT)/verify: $(patsubst %.c,$(OUT)/%.o,$(wildcard tests/verify/*.c)) $(OUT)/libdither.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ -ldw $(LIBS)

# What lists how stacks ended, for a bench.
$(OUT)/bench/ends: $(OUT)/tests/bench/ends.o $(OUT)/libdither.a
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# Each file once, for all harnesses.
FUZZ_CC = clang -std=gnu11 -D_GNU_SOURCE $(if $(ZSTD),-DHAVE_ZSTD) \
	$(if $(IBERTY),-DHAVE_LIBIBERTY) -g -O1 -fno-sanitize-recover=all
FUZZ_OBJECTS := $(patsubst %.c,$(OUT)/fuzz/%.o,$(SOURCES) $(CORE))

$(OUT)/fuzz/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(FUZZ_CC) -fsanitize=fuzzer-no-link,address,undefined -MMD -MP -c -o $@ $<

$(OUT)/fuzz/libdither.a: $(FUZZ_OBJECTS)
	@rm -f $@
	ar rcsD $@ $^

$(OUT)/fuzz/%: $(OUT)/fuzz/tests/fuzz/%.o $(OUT)/fuzz/libdither.a
	$(FUZZ_CC) -fsanitize=fuzzer,address,undefined -o $@ $^ $(LIBS)

# Or the patterns above would make dependency files out of programs' names.
$(UNIT_TESTS:%=%.d) $(WORKLOADS:%=%.d) $(BARE:%=%.d) $(LAB:%=%.d): ;

# Says what is missing before a compiler does.
CUNIT ?= $(call has,CUnit/CUnit.h)
have-cunit:
	@$(if $(CUNIT),true,echo "CUnit is missing, which the unit tests need: sudo scripts/packages check installs it" >&2; exit 1)

unit: $(UNIT_TESTS)
workloads: $(WORKLOADS) $(BARE) $(LAB) $(HOSTILE)
lab: $(LAB)
fuzz: $(FUZZERS)
verify: $(OUT)/verify

check: tool unit
	@scripts/check $(UNIT_TESTS)

test:
	@scripts/test

test-all:
	@scripts/test-all $(PARTS)

reach:
	@scripts/reach

demo:
	@scripts/demo

bench:
	@scripts/bench

# Not of make test: npm fetches what drives the browser.
browser: tool
	@scripts/packages browser
	@tests/browser/run $(OUT)/dither

$(OUT)/viewers/recording: $(OUT)/tests/viewers/recording.o $(OUT)/libdither.a
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# Not of make test: go and npm fetch the viewers.
viewers: tool $(OUT)/viewers/recording
	@scripts/packages viewers
	@tests/viewers/run $(OUT)/dither $(OUT)/viewers/recording

lint:
	@scripts/lint

compile_commands:
	@scripts/compile-commands >compile_commands.json.new
	@mv compile_commands.json.new compile_commands.json

format:
	clang-format -i $(shell git ls-files '*.c' '*.h')

install: tool lab
	install -D -m 755 $(OUT)/dither $(DESTDIR)$(PREFIX)/bin/dither
	install -D -m 755 -t $(DESTDIR)$(PREFIX)/libexec/dither $(LAB)
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man1 docs/*.1
	$(if $(wildcard $(OUT)/dither.ko),install -D -m 644 $(OUT)/dither.ko \
		$(DESTDIR)/lib/modules/$(shell modinfo -F vermagic $(OUT)/dither.ko 2>/dev/null | cut -d' ' -f1)/updates/dither.ko)

clean:
	rm -rf $(OUT) demo.svg demo.dither

-include $(OBJECTS:.o=.d) $(SHARED:.o=.d) $(OUT)/user/main.d \
	$(UNIT_TESTS:%=%.d) $(WORKLOADS:%=%.d) $(BARE:%=%.d) $(LAB:%=%.d) $(HOSTILE_PARTS:.o=.d) \
	$(HOSTILE:$(OUT)/%=$(OUT)/tests/%.d) $(wildcard $(OUT)/tests/verify/*.d) \
	$(FUZZ_OBJECTS:.o=.d) $(FUZZERS:$(OUT)/fuzz/%=$(OUT)/fuzz/tests/fuzz/%.d)

.PHONY: all tool module no-module tiny unit have-cunit workloads lab fuzz verify check \
	test test-all reach demo bench browser viewers lint compile_commands format install \
	clean
.SECONDARY:
