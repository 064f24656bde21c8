/* SPDX-License-Identifier: GPL-2.0 */
/* What dither lab run found, as a page that needs nothing else. */
#ifndef LAB_LAB_PAGE_H
#define LAB_LAB_PAGE_H

#include <stdio.h>

#include "lab_cases.h"

void lab_page(const struct lab_cases *cases, FILE *output);

#endif
