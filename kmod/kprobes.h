/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Probes where functions of the kernel begin, with the arguments still in their
 * registers. All functions: task context only, may sleep.
 */
#ifndef DITHER_KPROBES_H
#define DITHER_KPROBES_H

#include <linux/kprobes.h>

struct dither_kprobe {
	const char *function;
	kprobe_pre_handler_t handler;
	void *place;			/* found at the first use */
	struct kprobe kprobe;
	bool attached;
};

/* Whether the kernel lets a probe stand there. */
bool dither_kprobe_possible(struct dither_kprobe *probe);

/* Or a negative error, of register_kprobe(). */
int dither_kprobe_attach(struct dither_kprobe *probe);

/* If it is attached; its handler does not run any more when this returns. */
void dither_kprobe_detach(struct dither_kprobe *probe);

/* The same for so many, which are waited for together. */
#define DITHER_KPROBES_MAX 4
void dither_kprobes_detach(struct dither_kprobe *probes, int count);

#endif
