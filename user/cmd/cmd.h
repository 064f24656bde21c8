/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The commands, as main.c's table calls them: argv[0] is the command's name.
 * They return the program's exit code (base/error.h).
 */
#ifndef CMD_H
#define CMD_H

int cmd_record(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_fold(int argc, char **argv);
int cmd_flame(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_import(int argc, char **argv);
int cmd_lab(int argc, char **argv);
int cmd_tables(int argc, char **argv);

#endif
