#include "base/hash.h"

#include "base/arena.h"
#include "base/platform.h"

#include <stdlib.h>
#include <string.h>

static uint64_t rotl(uint64_t x, int b)
{
	return x << b | x >> (64 - b);
}

static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotl(v[1], 13) ^ v[0];
	v[0] = rotl(v[0], 32);
	v[2] += v[3];
	v[3] = rotl(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotl(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotl(v[1], 17) ^ v[2];
	v[2] = rotl(v[2], 32);
}

/* SipHash-1-3. */
uint64_t hash_bytes(struct str key)
{
	static uint64_t seed[2];
	static bool seeded;

	if (!seeded) {
		platform_random(seed, sizeof(seed));
		seeded = true;
	}
	uint64_t v[4] = { seed[0] ^ 0x736f6d6570736575u, seed[1] ^ 0x646f72616e646f6du,
		seed[0] ^ 0x6c7967656e657261u, seed[1] ^ 0x7465646279746573u };
	size_t whole = key.n / 8 * 8;
	for (size_t i = 0; i < whole; i += 8) {
		uint64_t m;

		memcpy(&m, key.p + i, 8);
		v[3] ^= m;
		sip_round(v);
		v[0] ^= m;
	}
	uint64_t last = (uint64_t)key.n << 56;
	for (size_t i = whole; i < key.n; i++)
		last |= (uint64_t)(unsigned char)key.p[i] << 8 * (i - whole);
	v[3] ^= last;
	sip_round(v);
	v[0] ^= last;
	v[2] ^= 0xff;
	sip_round(v);
	sip_round(v);
	sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static struct hash_slot *find(const struct hash *h, struct str key, uint64_t hash)
{
	size_t at = (size_t)hash & (h->room - 1);

	while (h->slots[at].used && !(h->slots[at].hash == hash && str_eq(h->slots[at].key, key)))
		at = (at + 1) & (h->room - 1);
	return &h->slots[at];
}

static void grow(struct hash *h)
{
	struct hash bigger = { NULL, h->room ? h->room * 2 : 64, h->count };

	bigger.slots = xcalloc(bigger.room, sizeof(*bigger.slots));
	for (size_t i = 0; i < h->room; i++)
		if (h->slots[i].used)
			*find(&bigger, h->slots[i].key, h->slots[i].hash) = h->slots[i];
	free(h->slots);
	*h = bigger;
}

uint32_t hash_get(const struct hash *h, struct str key)
{
	if (!h->room)
		return HASH_NONE;
	const struct hash_slot *s = find(h, key, hash_bytes(key));
	return s->used ? s->value : HASH_NONE;
}

static struct hash_slot *slot_for(struct hash *h, struct str key, uint32_t value)
{
	if ((h->count + 1) * 4 > h->room * 3)
		grow(h);
	uint64_t hash = hash_bytes(key);
	struct hash_slot *s = find(h, key, hash);
	if (!s->used) {
		*s = (struct hash_slot){ key, hash, value, true };
		h->count++;
	}
	return s;
}

uint32_t hash_add(struct hash *h, struct str key, uint32_t value)
{
	return slot_for(h, key, value)->value;
}

void hash_set(struct hash *h, struct str key, uint32_t value)
{
	slot_for(h, key, value)->value = value;
}

void hash_free(struct hash *h)
{
	free(h->slots);
	*h = (struct hash){ 0 };
}
