/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Probes where functions of the kernel begin, with the arguments still in their
 * registers. All functions: task context only, may sleep.
 */
#ifndef DITHER_KPROBES_H
#define DITHER_KPROBES_H

#include <linux/kprobes.h>

struct dither_probe {
	const char *function;
	kprobe_pre_handler_t handler;
	void *place;			/* found at the first use */
	struct kprobe kprobe;
	bool attached;
};

/* Whether the kernel lets a probe stand there. */
bool dither_probe_possible(struct dither_probe *probe);

/* Or a negative error, of register_kprobe(). */
int dither_probe_attach(struct dither_probe *probe);

/* If it is attached; its handler does not run any more when this returns. */
void dither_probe_detach(struct dither_probe *probe);

/* The same for so many, which are waited for together. */
#define DITHER_PROBES_MAX 4
void dither_probes_detach(struct dither_probe *probes, int count);

#endif
