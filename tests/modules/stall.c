// SPDX-License-Identifier: GPL-2.0
/*
 * Lets user space on arm64 wait for an interrupt, for the guest tests: a part
 * of the module when it is made with `make module TEST=stall`. An emulated CPU
 * takes the same time for each instruction; one that waits lets cycles pass
 * without any, as one that stalls does. The parameter user_wfi sets it, on CPUs
 * that are on line then.
 */
#include <linux/module.h>
#include <linux/smp.h>
#include <asm/sysreg.h>

#define SCTLR_EL1_USER_WFI (1UL << 16) /* nTWI */

static bool user_wfi;

static void set_here(void *unused)
{
	u64 value = read_sysreg(sctlr_el1);

	if (user_wfi)
		value |= SCTLR_EL1_USER_WFI;
	else
		value &= ~SCTLR_EL1_USER_WFI;
	write_sysreg(value, sctlr_el1);
	isb();
}

static int set(const char *text, const struct kernel_param *parameter)
{
	int error = param_set_bool(text, parameter);

	if (!error)
		on_each_cpu(set_here, NULL, 1);
	return error;
}

static const struct kernel_param_ops ops = {
	.set = set,
	.get = param_get_bool,
};

module_param_cb(user_wfi, &ops, &user_wfi, 0644);
MODULE_PARM_DESC(user_wfi,
		 "Whether user space may wait for interrupts (default N)");
