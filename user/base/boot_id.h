/* SPDX-License-Identifier: GPL-2.0 */
/* Which machine this is. */
#ifndef BASE_BOOT_ID_H
#define BASE_BOOT_ID_H

/*
 * What no other machine has, nor this one after its next start: the kernel's boot
 * id. To be freed; NULL: not known.
 */
char *machine_name(void);

#endif
