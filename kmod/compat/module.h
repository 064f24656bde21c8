/* SPDX-License-Identifier: GPL-2.0 */
/* A module's memory is in a piece for each kind since 6.4. */
#ifndef DITHER_COMPAT_MODULE_H
#define DITHER_COMPAT_MODULE_H

#include "version.h"
#include <linux/module.h>

struct dither_module_code {
	unsigned long start, length;
};

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
static inline struct dither_module_code
dither_module_code(const struct module *module, bool init)
{
	const struct module_layout *layout = init ? &module->init_layout :
						    &module->core_layout;

	return (struct dither_module_code){ (unsigned long)layout->base,
					    layout->text_size };
}
#else
static inline struct dither_module_code
dither_module_code(const struct module *module, bool init)
{
	const struct module_memory *memory =
		&module->mem[init ? MOD_INIT_TEXT : MOD_TEXT];

	return (struct dither_module_code){ (unsigned long)memory->base,
					    memory->size };
}
#endif

#endif
