// SPDX-License-Identifier: GPL-2.0
/*
 * Bytes are counted without a lock. A user's place is free again when nothing
 * of it is left. Should another user take it at the moment when it is used
 * again, the two share one: accounts get inexact, and nothing else.
 */
#include <linux/cred.h>
#include <linux/hash.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/user_namespace.h>

#include "memory_shares.h"

#define USERS_BITS 9
#define USERS (1U << USERS_BITS)
/* Places that are tried for a user. */
#define TRIES 16U

static struct dither_user users[USERS];
static DEFINE_RAW_SPINLOCK(users_lock);
static u32 users_key;
static atomic64_t maps_bytes; /* of maps and files */
static atomic64_t tables_bytes;
static u64 bytes_max; /* for both */

/* Users that a namespace invents are its maker's. */
static kuid_t uid_of(const struct task_struct *task)
{
	const struct cred *cred = __task_cred(task);
	const struct user_namespace *space = cred->user_ns;

	if (space == &init_user_ns)
		return cred->uid;
	while (space->parent != &init_user_ns)
		space = space->parent;
	return space->owner;
}

static bool is_free(const struct dither_user *user)
{
	return !atomic64_read(&user->bytes) && !atomic_read(&user->files) &&
	       !READ_ONCE(user->processes);
}

static struct dither_user *nth_place(kuid_t uid, u32 n)
{
	u32 home = hash_32(__kuid_val(uid) ^ users_key, USERS_BITS);

	return &users[(home + n) % USERS];
}

static struct dither_user *user_at(kuid_t uid)
{
	struct dither_user *user;
	u32 i;

	for (i = 0; i < TRIES; i++) {
		user = nth_place(uid, i);
		if (uid_eq(user->uid, uid))
			return user;
	}
	return NULL;
}

static struct dither_user *take_place(kuid_t uid)
{
	struct dither_user *user;
	u32 i;

	for (i = 0; i < TRIES; i++) {
		user = nth_place(uid, i);
		if (is_free(user)) {
			user->uid = uid;
			return user;
		}
	}
	return nth_place(uid, 0);
}

const struct dither_user *dither_user_known(const struct task_struct *task)
{
	return user_at(uid_of(task));
}

struct dither_user *dither_user_of(const struct task_struct *task)
{
	kuid_t uid = uid_of(task);
	struct dither_user *user = user_at(uid);

	if (user)
		return user;
	raw_spin_lock(&users_lock);
	user = user_at(uid);
	if (!user)
		user = take_place(uid);
	raw_spin_unlock(&users_lock);
	return user;
}

struct dither_user *dither_user_with_most_bytes(void)
{
	struct dither_user *most = users;
	u32 i;

	for (i = 1; i < USERS; i++) {
		if (atomic64_read(&users[i].bytes) >
		    atomic64_read(&most->bytes))
			most = &users[i];
	}
	return most;
}

struct dither_user *dither_user_with_most_processes(void)
{
	struct dither_user *most = users;
	u32 i;

	for (i = 1; i < USERS; i++) {
		if (READ_ONCE(users[i].processes) > READ_ONCE(most->processes))
			most = &users[i];
	}
	return most;
}

bool dither_charge_common(u64 bytes)
{
	s64 old = atomic64_read(&maps_bytes);

	do {
		if (old + bytes > bytes_max / 2 ||
		    old + bytes + atomic64_read(&tables_bytes) > bytes_max)
			return false;
	} while (!atomic64_try_cmpxchg(&maps_bytes, &old, old + bytes));
	return true;
}

void dither_give_back_common(u64 bytes)
{
	atomic64_sub(bytes, &maps_bytes);
}

bool dither_charge(struct dither_user *user, u64 bytes)
{
	if (!dither_charge_common(bytes))
		return false;
	atomic64_add(bytes, &user->bytes);
	return true;
}

void dither_give_back(struct dither_user *user, u64 bytes)
{
	atomic64_sub(bytes, &user->bytes);
	dither_give_back_common(bytes);
}

/* Of this and a charge for maps at the same time, one sees the other. */
bool dither_charge_tables(s64 bytes)
{
	s64 sum = atomic64_add_return(bytes, &tables_bytes);

	if (bytes <= 0 || sum + atomic64_read(&maps_bytes) <= (s64)bytes_max)
		return true;
	atomic64_sub(bytes, &tables_bytes);
	return false;
}

u64 dither_charged(void)
{
	return atomic64_read(&maps_bytes);
}

u64 dither_charged_tables(void)
{
	return atomic64_read(&tables_bytes);
}

u64 dither_charge_max(void)
{
	return bytes_max;
}

bool dither_maps_crowded(void)
{
	return dither_charged() > bytes_max / 2 / 8 * 7;
}

bool dither_maps_above_low(void)
{
	return dither_charged() > bytes_max / 2 / 4 * 3;
}

void dither_shares_init(u64 limit)
{
	u32 i;

	bytes_max = limit;
	users_key = get_random_u32();
	for (i = 0; i < USERS; i++) {
		users[i].uid = INVALID_UID;
		INIT_LIST_HEAD(&users[i].oldest);
	}
}
