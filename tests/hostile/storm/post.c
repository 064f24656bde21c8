// SPDX-License-Identifier: GPL-2.0
/* SCM_RIGHTS over datagrams; what nobody takes dies with the sockets. */
#include "post.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "../lib/tally.h"

union control {
	struct cmsghdr header;
	char room[CMSG_SPACE(sizeof(int))];
};

void post_init(int sockets[2])
{
	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
		       sockets)) {
		perror("socketpair");
		exit(2);
	}
}

void post_send(int socket, int fd)
{
	char letter = 'd';
	struct iovec part = { &letter, 1 };
	union control control = {
		.header.cmsg_level = SOL_SOCKET,
		.header.cmsg_type = SCM_RIGHTS,
		.header.cmsg_len = CMSG_LEN(sizeof(fd)),
	};
	const struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};

	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	tally_note(TALLY_SEND, sendmsg(socket, &message, 0));
}

int post_receive(int socket)
{
	char letter;
	struct iovec part = { &letter, 1 };
	union control control;
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *header;
	int fd;

	if (tally_note(TALLY_RECEIVE, recvmsg(socket, &message, MSG_CMSG_CLOEXEC)) < 0)
		return -EAGAIN;
	header = CMSG_FIRSTHDR(&message);
	if (!header || header->cmsg_type != SCM_RIGHTS)
		return -ENOMSG;
	memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	tally_reach(TALLY_RECEIVED);
	return fd;
}
