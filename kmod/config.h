/* SPDX-License-Identifier: GPL-2.0 */
#ifndef DITHER_CONFIG_H
#define DITHER_CONFIG_H

struct dither_config;
struct dither_session;

/* DITHER_IOC_CONFIGURE; see the ABI. The session's lock is held. */
int dither_config_take(struct dither_session *session, void __user *argument);

/*
 * Whether the caller may let this session see what it is configured for: 0,
 * -EACCES without the capability or a security module's leave, -EPERM if the
 * kernel is locked down.
 */
int dither_config_allowed(const struct dither_config *config);

/* Before any session: the budget where none is asked for. */
void dither_config_init(unsigned int budget_ppm);

#endif
