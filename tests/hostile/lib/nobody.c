// SPDX-License-Identifier: GPL-2.0
/* Groups first: after setresuid() nothing is left to give them up with. */
#include "nobody.h"

#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void become_nobody(void)
{
	if (geteuid())
		return;
	if (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY)) {
		perror("cannot become nobody");
		exit(2);
	}
}
