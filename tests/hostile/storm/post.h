/* SPDX-License-Identifier: GPL-2.0 */
/* Descriptors on their way from process to process, in messages. */
#ifndef HOSTILE_POST_H
#define HOSTILE_POST_H

/* A pair of sockets that do not wait. */
void post_init(int sockets[2]);
void post_send(int socket, int fd);
/* A descriptor, or a negative error: mostly there is none. */
int post_receive(int socket);

#endif
