/* SPDX-License-Identifier: GPL-2.0 */
#ifndef DITHER_CONFIG_H
#define DITHER_CONFIG_H

struct dither_session;

/* DITHER_IOC_CONFIGURE; see the ABI. The session's lock is held. */
int dither_config_take(struct dither_session *session, void __user *argument);

/* Before any session: the budget where none is asked for. */
void dither_config_init(unsigned int budget_ppm);

#endif
