/* SPDX-License-Identifier: GPL-2.0 */
/* The commands of dither lab, as lab.c's table calls them; see cmd.h. */
#ifndef CMD_LAB_H
#define CMD_LAB_H

int cmd_lab_run(int argc, char **argv);
int cmd_lab_replay(int argc, char **argv);
int cmd_lab_simulate(int argc, char **argv);

#endif
