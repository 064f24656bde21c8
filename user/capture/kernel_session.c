// SPDX-License-Identifier: GPL-2.0
/*
 * The system calls behind kernel_session.h, and what their errors mean to a
 * person.
 */
#include "kernel_session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../base/alloc.h"

/* The first minor version of the ABI in which ledgers tell rings' sizes. */
#define MINOR_LIMITS 4

static int explain_open(struct error *error)
{
	switch (errno) {
	case ENOENT:
	case ENXIO:
	case ENODEV:
		return error_set(error, -ENOENT,
				 DITHER_DEVICE " is not there: load the module (modprobe dither, or insmod dither.ko)");
	case EACCES:
	case EPERM:
		return error_set(error, -EACCES,
				 DITHER_DEVICE ": permission denied: run as root, or with CAP_PERFMON and access to the device");
	case EMFILE:
		return error_set(error, -EMFILE,
				 DITHER_DEVICE ": too many sessions are open: end another recording, or load the module with a larger max_sessions");
	default:
		return error_set(error, -errno, DITHER_DEVICE ": %s",
				 strerror(errno));
	}
}

int capture_open(struct capture_device *device, struct error *error)
{
	struct dither_info *info = &device->info;
	int result;

	memset(device, 0, sizeof(*device));
	device->fd = open(DITHER_DEVICE, O_RDWR | O_CLOEXEC);
	if (device->fd < 0)
		return explain_open(error);
	info->size = sizeof(*info);
	if (ioctl(device->fd, DITHER_IOC_INFO, info)) {
		result = error_set(error, -EPROTO, DITHER_DEVICE
				   ": is not a dither module: %s",
				   strerror(errno));
		goto err_close;
	}
	if (info->abi_major != DITHER_ABI_MAJOR) {
		result = error_set(error, -EPROTO, DITHER_DEVICE
				   ": the module speaks ABI %u.%u, this tool %u.%u: use those built together",
				   info->abi_major, info->abi_minor,
				   DITHER_ABI_MAJOR, DITHER_ABI_MINOR);
		goto err_close;
	}
	return 0;

err_close:
	close(device->fd);
	device->fd = -1;
	return result;
}

static void *map(struct capture_device *device, size_t length, int protection,
		 uint64_t offset)
{
	void *mapped = mmap(NULL, length, protection, MAP_SHARED, device->fd,
			    offset);

	return mapped == MAP_FAILED ? NULL : mapped;
}

static int map_ring(struct capture_device *device, struct capture_ring *ring,
		    uint32_t size, struct error *error)
{
	size_t page = device->info.page_size;
	const unsigned char *head;

	ring->size = size;
	ring->tail = map(device, page, PROT_READ | PROT_WRITE,
			 DITHER_MMAP_TAIL(ring->cpu));
	head = map(device, page + size, PROT_READ, DITHER_MMAP_DATA(ring->cpu));
	if (!ring->tail || !head)
		return error_set(error, -errno,
				 DITHER_DEVICE ": mapping the ring of CPU %u: %s",
				 ring->cpu, strerror(errno));
	ring->head = (const void *)head;
	ring->data = head + page;
	return 0;
}

static int is_sampled(const struct dither_config *config, unsigned int cpu)
{
	const uint8_t *mask = (const void *)(uintptr_t)config->cpumask;

	if (!mask)
		return 1;
	return cpu / 8 < config->cpumask_bytes && mask[cpu / 8] >> (cpu % 8) & 1;
}

/* A module before minor version 4 leaves the mask to its caller to know. */
static uint32_t ring_size(const struct capture_device *device,
			  const struct dither_config *config,
			  const struct dither_ledger *ledger)
{
	if (device->info.abi_minor >= MINOR_LIMITS)
		return ledger->ring_bytes;
	if (is_sampled(config, ledger->cpu) ||
	    config->ring_bytes < DITHER_RING_SIDE)
		return config->ring_bytes;
	return DITHER_RING_SIDE;
}

static int map_rings(struct capture_device *device,
		     const struct dither_config *config, struct error *error)
{
	device->rings = alloc_zeroed(device->info.cpus, sizeof(*device->rings));
	for (unsigned int cpu = 0; cpu < device->info.cpus; cpu++) {
		struct capture_ring *ring = &device->rings[device->ring_count];
		struct dither_ledger ledger;
		int result;

		ring->cpu = cpu;
		if (capture_ledger(device, ring, &ledger))
			continue;	/* not present */
		ring->role = ledger.role;
		result = map_ring(device, ring,
				  ring_size(device, config, &ledger), error);
		device->ring_count++;
		if (result)
			return result;
	}
	return 0;
}

static double mib(uint64_t bytes)
{
	return (double)bytes / (1 << 20);
}

static int explain_memory(const struct capture_device *device,
			  const struct dither_config *config,
			  struct error *error)
{
	if (config->memory > config->memory_left)
		return error_set(
			error, -ENOMEM,
			"rings of %u KiB per CPU take %.1f MiB in all, but of the %.1f MiB that the rings of all sessions may take %.1f MiB are left: use a smaller --ring-size (64K at least) or fewer CPUs (-C), or load the module with a larger memory_mb",
			config->ring_bytes >> 10, mib(config->memory),
			mib(device->info.memory_max), mib(config->memory_left));
	return error_set(
		error, -ENOMEM,
		"rings of %u KiB per CPU take %.1f MiB in all, which this machine, or the memory cgroup of this process, has not free: use a smaller --ring-size (64K at least) or fewer CPUs (-C)",
		config->ring_bytes >> 10, mib(config->memory));
}

/* CONFIGURE or START was refused for what the caller may, or the machine. */
static int explain_refusal(const char *what, struct error *error)
{
	switch (errno) {
	case EACCES:
		return error_set(error, -EACCES,
				 DITHER_DEVICE ": %s: permission denied: this process needs CAP_PERFMON (CAP_SYS_ADMIN before Linux 5.8), and a security module may have to allow it to profile the kernel: run as root, and see the audit log",
				 what);
	case EPERM:
		return error_set(error, -EPERM,
				 "the kernel is locked down and gives no kernel samples: try --all-user");
	default:
		return error_set(error, -errno, DITHER_DEVICE ": %s: %s", what,
				 strerror(errno));
	}
}

static int explain_configure(const struct capture_device *device,
			     const struct dither_config *config,
			     struct error *error)
{
	switch (errno) {
	case ESRCH:
		return error_set(error, -ESRCH,
				 "no such process among those given by -p");
	case ENOMEM:
		return explain_memory(device, config, error);
	default:
		return explain_refusal("configure", error);
	}
}

int capture_configure(struct capture_device *device,
		      struct dither_config *config, struct error *error)
{
	if (ioctl(device->fd, DITHER_IOC_CONFIGURE, config))
		return explain_configure(device, config, error);
	return map_rings(device, config, error);
}

int capture_start(struct capture_device *device, struct error *error)
{
	if (ioctl(device->fd, DITHER_IOC_START))
		return explain_refusal("start", error);
	return 0;
}

int capture_stop(struct capture_device *device, struct error *error)
{
	if (ioctl(device->fd, DITHER_IOC_STOP))
		return error_set(error, -errno, DITHER_DEVICE ": stop: %s",
				 strerror(errno));
	return 0;
}

int capture_ledger(struct capture_device *device,
		   const struct capture_ring *ring,
		   struct dither_ledger *ledger)
{
	*ledger = (struct dither_ledger){
		.size = sizeof(*ledger),
		.cpu = ring->cpu,
	};
	return ioctl(device->fd, DITHER_IOC_LEDGER, ledger) ? -errno : 0;
}

int capture_send_table(void *descriptor, const struct dither_table_image *image)
{
	int device = (int)(intptr_t)descriptor, result;

	do {
		result = ioctl(device, DITHER_IOC_TABLE, image);
	} while (result && errno == EINTR);
	return result ? -errno : 0;
}

int capture_tables(const struct capture_device *device,
		   struct dither_tables *tables)
{
	*tables = (struct dither_tables){ .size = sizeof(*tables) };
	return ioctl(device->fd, DITHER_IOC_TABLES, tables) ? -errno : 0;
}

void capture_close(struct capture_device *device)
{
	size_t page = device->info.page_size;

	for (unsigned int i = 0; i < device->ring_count; i++) {
		struct capture_ring *ring = &device->rings[i];

		if (ring->tail)
			munmap(ring->tail, page);
		if (ring->head)
			munmap((void *)ring->head, page + ring->size);
	}
	free(device->rings);
	if (device->fd >= 0)
		close(device->fd);
}
