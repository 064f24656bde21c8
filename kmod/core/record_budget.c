// SPDX-License-Identifier: GPL-2.0
/*
 * Token buckets, each one time: when it would be full again. A bucket that is
 * full is as good as none, so its place is free. Where all places of a key are
 * taken, the one that is full first goes, and the newcomer begins with what
 * that had left: coming with ever new keys does not pay.
 */
#include "record_budget.h"

#define SECOND 1000000000ULL
/* Records of those that had to make room: 64 a second. */
#define EVICTED_RATE ((u32)(64 * sizeof(struct dither_dropped)))

#define SETS(entries) ((entries) / DITHER_FLOOD_WAYS)

void dither_flood_init(struct dither_flood *flood, u64 key)
{
	memset(flood, 0, sizeof(*flood));
	flood->key = key;
	flood->due = DITHER_FLOOD_NEVER;
}

/* The time in which so many bytes come in. */
static u64 refill(u32 bytes, u32 rate)
{
	return div_u64(bytes * SECOND, rate);
}

/* Whether @bytes are in the bucket, which holds a second's. */
static bool has(u64 full, u32 bytes, u32 rate, u64 now)
{
	return full <= now || full - now + refill(bytes, rate) <= SECOND;
}

static void spend(u64 *full, u32 bytes, u32 rate, u64 now)
{
	if (*full < now)
		*full = now;
	*full += refill(bytes, rate);
}

static u32 first_way(const struct dither_flood *flood, u64 key, u32 sets)
{
	u64 hash = (key ^ flood->key) * 0x9e3779b97f4a7c15ULL;

	return ((u32)(hash >> 32) & (sets - 1)) * DITHER_FLOOD_WAYS;
}

/* The place of @key, or of who has to make room for it. */
static u32 find(const struct dither_flood *flood,
		const struct dither_flood_bucket *buckets, u32 sets, u64 key)
{
	u32 first = first_way(flood, key, sets), place = first, way;

	for (way = first; way < first + DITHER_FLOOD_WAYS; way++) {
		if (buckets[way].key == key)
			return way;
		if (buckets[way].full < buckets[place].full)
			place = way;
	}
	return place;
}

static bool is_empty(const struct dither_dropped *drops)
{
	return !drops->header.size;
}

static void add(struct dither_dropped *sum, const struct dither_dropped *drops)
{
	u32 kind;

	if (is_empty(sum)) {
		*sum = *drops;
		return;
	}
	if (sum->header.tid != drops->header.tid)
		sum->header.tid = 0;
	if (drops->first < sum->first)
		sum->first = drops->first;
	if (drops->last > sum->last)
		sum->last = drops->last;
	for (kind = 0; kind < DITHER_DROPPED_KINDS; kind++)
		sum->count[kind] += drops->count[kind];
}

static void put_aside(struct dither_flood *flood, struct dither_dropped *drops)
{
	if (is_empty(drops))
		return;
	add(is_empty(&flood->evicted) ? &flood->evicted : &flood->others,
	    drops);
	drops->header.size = 0;
	WRITE_ONCE(flood->due, 0);
}

static void count(struct dither_flood *flood, u32 place,
		  const struct dither_flood_cause *cause, u64 now)
{
	struct dither_dropped *drops = &flood->drops[place];
	u64 due = now + DITHER_FLOOD_TELL_NS;

	local_add(1, &flood->dropped);
	if (is_empty(drops)) {
		*drops = (struct dither_dropped){
			.header.size = sizeof(*drops),
			.header.type = DITHER_RECORD_DROPPED,
			.header.tid = cause->number,
			.first = now,
		};
		if (due < flood->due)
			WRITE_ONCE(flood->due, due);
	}
	drops->last = now;
	drops->count[cause->kind]++;
}

bool dither_flood_admit(struct dither_flood *flood,
			const struct dither_flood_cause *cause, u32 bytes,
			u64 now)
{
	/* 0 is a place that nobody has had. */
	u64 user_key = cause->user + 1ULL;
	u64 payer_key = user_key << 32 ^ cause->tgid;
	struct dither_flood_bucket *user, *payer;
	u32 place;

	user = &flood->users[find(flood, flood->users, SETS(DITHER_FLOOD_USERS),
				  user_key)];
	place = find(flood, flood->payers, SETS(DITHER_FLOOD_PAYERS),
		     payer_key);
	payer = &flood->payers[place];
	if (payer->key != payer_key)
		put_aside(flood, &flood->drops[place]);
	user->key = user_key;
	payer->key = payer_key;
	if (!has(flood->full, bytes, DITHER_FLOOD_CPU_RATE, now) ||
	    !has(user->full, bytes, DITHER_FLOOD_USER_RATE, now) ||
	    !has(payer->full, bytes, DITHER_FLOOD_PAYER_RATE, now)) {
		count(flood, place, cause, now);
		return false;
	}
	spend(&flood->full, bytes, DITHER_FLOOD_CPU_RATE, now);
	spend(&user->full, bytes, DITHER_FLOOD_USER_RATE, now);
	spend(&payer->full, bytes, DITHER_FLOOD_PAYER_RATE, now);
	return true;
}

bool dither_flood_may_ask(struct dither_flood *flood, u32 bytes, u64 now)
{
	u64 full = READ_ONCE(flood->asked);

	if (!has(full, bytes, DITHER_FLOOD_ASK_RATE, now))
		return false;
	spend(&full, bytes, DITHER_FLOOD_ASK_RATE, now);
	WRITE_ONCE(flood->asked, full);
	return true;
}

static bool take(struct dither_dropped *drops, struct dither_dropped *record)
{
	if (is_empty(drops))
		return false;
	*record = *drops;
	drops->header.size = 0;
	return true;
}

static struct dither_dropped *older(struct dither_dropped *a,
				    struct dither_dropped *b)
{
	return is_empty(b) || (a && a->first <= b->first) ? a : b;
}

/* The record that has waited longest, NULL: there is none. */
static struct dither_dropped *oldest(struct dither_flood *flood)
{
	struct dither_dropped *found = NULL;
	u32 place;

	for (place = 0; place < DITHER_FLOOD_PAYERS; place++)
		found = older(found, &flood->drops[place]);
	return older(older(found, &flood->evicted), &flood->others);
}

/*
 * The drops of a payer that had to make room are reported at once, so that the
 * next one has a record of its own, too, but only 64 times a second.
 */
static bool may_tell_evicted(struct dither_flood *flood, u64 now)
{
	const u32 bytes = sizeof(flood->evicted);

	if (is_empty(&flood->evicted) ||
	    !has(flood->told, bytes, EVICTED_RATE, now))
		return false;
	spend(&flood->told, bytes, EVICTED_RATE, now);
	return true;
}

bool dither_flood_take(struct dither_flood *flood, u64 now,
		       struct dither_dropped *record)
{
	struct dither_dropped *drops;

	if (now != DITHER_FLOOD_NEVER && may_tell_evicted(flood, now))
		return take(&flood->evicted, record);
	drops = oldest(flood);
	if (drops && now >= drops->first + DITHER_FLOOD_TELL_NS)
		return take(drops, record);
	WRITE_ONCE(flood->due, drops ? drops->first + DITHER_FLOOD_TELL_NS :
				       DITHER_FLOOD_NEVER);
	return false;
}

void dither_flood_give_back(struct dither_flood *flood,
			    const struct dither_dropped *record)
{
	add(is_empty(&flood->evicted) ? &flood->evicted : &flood->others,
	    record);
}
