// SPDX-License-Identifier: GPL-2.0
/*
 * Kprobes on perf's hooks, which the kernel calls for each BPF program and
 * trampoline, with or without a perf session. A program is reported before its
 * first run; its last run may end after its unloading was reported.
 */
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/perf_event.h>

#include "arch.h"
#include "kernel_code.h"
#include "kprobe_cost.h"
#include "kprobes.h"

/* 32 bit arguments lie elsewhere, by the machine's own rules. */
#if defined(CONFIG_64BIT) && defined(CONFIG_BPF_JIT) && \
	defined(CONFIG_PERF_EVENTS)

static void tell_function(const struct bpf_prog *program, unsigned int flags)
{
	const struct dither_code_event event = {
		.kind = DITHER_CODE_BPF,
		.flags = flags,
		.start = (unsigned long)program->bpf_func,
		.length = program->jited_len,
		.name = program->aux->ksym.name,
	};

	if (program->jited)
		dither_code_emit(&event);
}

/* The first function is the program itself, or, on old kernels, stands for it. */
static void tell_program(const struct bpf_prog *program, unsigned int flags)
{
	const struct bpf_prog_aux *aux = program->aux;
	u32 i;

	if (!aux->func_cnt || (program->jited_len && aux->ksym.name[0]))
		tell_function(program, flags);
	else
		tell_function(aux->func[0], flags);
	for (i = 1; i < aux->func_cnt; i++)
		tell_function(aux->func[i], flags);
}

/* perf_event_bpf_event(program, type, flags) */
static int probe_program(struct kprobe *probe, struct pt_regs *regs)
{
	const struct bpf_prog *program = (void *)dither_argument(regs, 0);
	u16 type = dither_argument(regs, 1);

	dither_kprobe_cost_count();
	if (type == PERF_BPF_EVENT_PROG_LOAD)
		tell_program(program, 0);
	else if (type == PERF_BPF_EVENT_PROG_UNLOAD)
		tell_program(program, DITHER_CODE_GONE);
	return 0;
}

/* perf_event_ksymbol(type, address, length, unregister, name) */
static int probe_symbol(struct kprobe *probe, struct pt_regs *regs)
{
	u16 type = dither_argument(regs, 0);
	const struct dither_code_event event = {
		.kind = type == PERF_RECORD_KSYMBOL_TYPE_BPF ?
				DITHER_CODE_BPF :
				DITHER_CODE_GENERATED,
		.start = dither_argument(regs, 1),
		.length = (u32)dither_argument(regs, 2),
		.flags = dither_argument(regs, 3) & 1 ? DITHER_CODE_GONE : 0,
		.name = (const char *)dither_argument(regs, 4),
	};

	dither_kprobe_cost_count();
	dither_code_emit(&event);
	return 0;
}

static struct dither_kprobe probes[] = {
	{ .function = "perf_event_bpf_event", .handler = probe_program },
	{ .function = "perf_event_ksymbol", .handler = probe_symbol },
};

int dither_code_bpf_watch(void)
{
	int i, error;

	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		error = dither_kprobe_attach(&probes[i]);
		if (error) {
			dither_code_bpf_unwatch();
			return error;
		}
	}
	return 0;
}

void dither_code_bpf_unwatch(void)
{
	dither_kprobes_detach(probes, ARRAY_SIZE(probes));
}

bool dither_code_bpf_can_watch(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		if (!dither_kprobe_possible(&probes[i]))
			return false;
	}
	return true;
}

#else

int dither_code_bpf_watch(void)
{
	return 0;
}

void dither_code_bpf_unwatch(void)
{
}

bool dither_code_bpf_can_watch(void)
{
	return false;
}

#endif
