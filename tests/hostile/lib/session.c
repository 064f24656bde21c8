// SPDX-License-Identifier: GPL-2.0
/* The system calls of a session, in the order of include/dither/abi.h. */
#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

static int map_ring(struct session *session, struct session_ring *ring)
{
	size_t page = session->info.page_size;
	void *tail, *head;

	tail = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, session->fd,
		    DITHER_MMAP_TAIL(ring->cpu));
	if (tail == MAP_FAILED)
		return -errno;
	head = mmap(NULL, page + ring->size, PROT_READ, MAP_SHARED, session->fd,
		    DITHER_MMAP_DATA(ring->cpu));
	if (head == MAP_FAILED) {
		munmap(tail, page);
		return -errno;
	}
	ring->tail = tail;
	ring->head = head;
	ring->data = (const uint8_t *)head + page;
	return 0;
}

static int map_rings(struct session *session)
{
	struct dither_ledger ledger;
	unsigned int cpu;
	int error;

	for (cpu = 0; cpu < session->info.cpus && cpu < SESSION_CPUS_MAX; cpu++) {
		struct session_ring *ring = &session->rings[session->ring_count];

		if (session_ledger(session, cpu, &ledger))
			continue;	/* not present */
		ring->cpu = cpu;
		ring->size = ledger.ring_bytes;
		error = map_ring(session, ring);
		if (error)
			return error;
		session->ring_count++;
	}
	return 0;
}

int session_adopt(struct session *session, int fd,
		  const struct dither_config *config)
{
	memset(session, 0, sizeof(*session));
	session->fd = fd;
	session->info.size = sizeof(session->info);
	if (ioctl(fd, DITHER_IOC_INFO, &session->info))
		return -errno;
	session->config = *config;
	session->config.size = sizeof(session->config);
	if (ioctl(fd, DITHER_IOC_CONFIGURE, &session->config))
		return -errno;
	return map_rings(session);
}

int session_open(struct session *session, const struct dither_config *config)
{
	int fd = open(DITHER_DEVICE, O_RDWR | O_CLOEXEC);
	int error;

	if (fd < 0)
		return -errno;
	error = session_adopt(session, fd, config);
	if (error)
		session_close(session);
	return error;
}

int session_start(struct session *session)
{
	return ioctl(session->fd, DITHER_IOC_START) ? -errno : 0;
}

int session_stop(struct session *session)
{
	return ioctl(session->fd, DITHER_IOC_STOP) ? -errno : 0;
}

int session_snapshot(const struct session *session, int pid)
{
	struct dither_snapshot request = { .size = sizeof(request), .pid = pid };
	int result = ioctl(session->fd, DITHER_IOC_SNAPSHOT, &request);

	return result < 0 ? -errno : result;
}

int session_ledger(const struct session *session, unsigned int cpu,
		   struct dither_ledger *ledger)
{
	*ledger = (struct dither_ledger){ .size = sizeof(*ledger), .cpu = cpu };
	return ioctl(session->fd, DITHER_IOC_LEDGER, ledger) ? -errno : 0;
}

void session_close(struct session *session)
{
	size_t page = session->info.page_size;
	unsigned int i;

	for (i = 0; i < session->ring_count; i++) {
		munmap(session->rings[i].tail, page);
		munmap((void *)session->rings[i].head, page + session->rings[i].size);
	}
	close(session->fd);
}

bool session_balances(const struct dither_ledger *ledger)
{
	return ledger->cells == ledger->kept + ledger->idle + ledger->overruns +
					ledger->filtered + ledger->offline +
					ledger->lost[DITHER_LOST_RING] +
					ledger->lost[DITHER_LOST_NESTED] +
					ledger->lost[DITHER_LOST_REGS];
}
