// SPDX-License-Identifier: GPL-2.0
/* Finding a probe's place, attaching and detaching it; see kprobes.h. */
#include "arch.h"
#include "kprobes.h"

/*
 * Where the function tracer patches a function's beginning, a probe is one of
 * its users and has no copy of an instruction to go on with. Should a breakpoint
 * that patching leaves there for a moment be met when that is over, such a probe
 * sends the CPU to address 0. Processors are waited for, but emulators that keep
 * translated code may be late (QEMU before 8.1). So probes stand behind that
 * place, where nothing has happened yet.
 */
static void *behind_tracer(const struct kprobe *probe)
{
	void *place = probe->addr;

#ifdef CONFIG_KPROBES_ON_FTRACE
	if (probe->flags & KPROBE_FLAG_FTRACE)
		place += MCOUNT_INSN_SIZE;
#endif
	return place;
}

static int find_place(struct dither_kprobe *probe)
{
	struct kprobe trial = {
		.symbol_name = probe->function,
		.offset = DITHER_ARCH_PROBE_OFFSET,
		.pre_handler = probe->handler,
		.flags = KPROBE_FLAG_DISABLED,
	};
	int error;

	if (READ_ONCE(probe->place))
		return 0;
	error = register_kprobe(&trial);
	if (error)
		return error;
	WRITE_ONCE(probe->place, behind_tracer(&trial));
	unregister_kprobe(&trial);
	return 0;
}

bool dither_kprobe_possible(struct dither_kprobe *probe)
{
	return !find_place(probe);
}

int dither_kprobe_attach(struct dither_kprobe *probe)
{
	int error = find_place(probe);

	if (error)
		return error;
	probe->kprobe = (struct kprobe){
		.addr = probe->place,
		.pre_handler = probe->handler,
	};
	error = register_kprobe(&probe->kprobe);
	probe->attached = !error;
	return error;
}

void dither_kprobe_detach(struct dither_kprobe *probe)
{
	dither_kprobes_detach(probe, 1);
}

void dither_kprobes_detach(struct dither_kprobe *probes, int count)
{
	struct kprobe *attached[DITHER_KPROBES_MAX];
	int found = 0;
	int i;

	for (i = 0; i < min(count, DITHER_KPROBES_MAX); i++) {
		if (probes[i].attached)
			attached[found++] = &probes[i].kprobe;
		probes[i].attached = false;
	}
	unregister_kprobes(attached, found);
}
