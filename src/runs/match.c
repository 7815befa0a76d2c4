#include "runs/match.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

/* Findings of before under each key, first to last. */
struct chains {
	struct hash heads;
	uint32_t *next;
};

struct matching {
	const struct run_control *before, *now;
	uint32_t *match;
	bool *taken;	      /* by place in before */
	struct arena scratch; /* keys that are made */
};

static void chains_free(struct chains *c)
{
	hash_free(&c->heads);
	free(c->next);
}

/* ---- keys ----------------------------------------------------------------------------------- */

/* SIDs below S-1-5-21 stand for the same principal in every domain and forest: Administrators of
 * two domains are two objects with one SID. */
static bool has_own_sid(const struct run_object *o)
{
	return str_starts(o->sid, STR("S-1-5-21-"));
}

static struct str key_guid(struct arena *a, const struct run_object *o)
{
	(void)a;
	return o->guid;
}

/* What else the object is told by stands in front: two that both have a GUID are told by that. */
static struct str key_sid(struct arena *a, const struct run_object *o, bool guid)
{
	if (!has_own_sid(o))
		return (struct str){ 0 };
	return arena_printf(a, "%c%.*s", guid ? 'g' : '-', STR_ARG(o->sid));
}

static struct str key_dn(struct arena *a, struct str folded, bool guid, bool sid)
{
	return arena_printf(a, "%c%c%.*s", guid ? 'g' : '-', sid ? 's' : '-', STR_ARG(folded));
}

/* The object and everything that is said of it. */
static struct str key_whole(struct arena *a, const struct run_object *o)
{
	struct buf b = { 0 };
	struct str key;

	buf_put_str(&b, o->guid.n ? o->guid : has_own_sid(o) ? o->sid : utf8_folded(a, o->dn));
	for (size_t i = 0; i < o->evidence_count; i++) {
		buf_putc(&b, '\0');
		buf_put_str(&b, o->evidence[i].key);
		for (size_t k = 0; k < o->evidence[i].count; k++) {
			buf_putc(&b, '\1');
			buf_put_str(&b, o->evidence[i].values[k]);
		}
	}
	key = arena_str(a, buf_str(&b));
	buf_free(&b);
	return key;
}

static struct str own_sid_key(struct arena *a, const struct run_object *o)
{
	return key_sid(a, o, o->guid.n > 0);
}

static struct str own_dn_key(struct arena *a, const struct run_object *o)
{
	return key_dn(a, utf8_folded(a, o->dn), o->guid.n > 0, has_own_sid(o));
}

/* ---- taking --------------------------------------------------------------------------------- */

typedef struct str key_fn(struct arena *a, const struct run_object *o);

/* True when a key stands several times. */
static bool chains_make(struct matching *m, key_fn *key_of, struct chains *out)
{
	size_t count = m->before->object_count;
	bool several = false;

	*out = (struct chains){ .next = xcalloc(count, sizeof(*out->next)) };
	for (size_t i = count; i-- > 0;) {
		struct str key = key_of(&m->scratch, &m->before->objects[i]);

		if (!key.n || m->taken[i])
			continue;
		out->next[i] = hash_get(&out->heads, key);
		several |= out->next[i] != HASH_NONE;
		hash_set(&out->heads, key, (uint32_t)i);
	}
	return several;
}

/* The next finding of before under the key that nobody took; places that were taken are left for
 * good. */
static bool take(struct matching *m, struct chains *c, struct str key, size_t now)
{
	uint32_t at = key.n ? hash_get(&c->heads, key) : HASH_NONE, first = at;

	while (at != HASH_NONE && m->taken[at])
		at = c->next[at];
	if (at != first)
		hash_set(&c->heads, key, at);
	if (at == HASH_NONE)
		return false;
	m->taken[at] = true;
	m->match[now] = at;
	return true;
}

static void match_by(struct matching *m, key_fn *key_of)
{
	struct chains c;

	chains_make(m, key_of, &c);
	for (size_t i = 0; i < m->now->object_count; i++)
		if (m->match[i] == MATCH_NONE)
			take(m, &c, key_of(&m->scratch, &m->now->objects[i]), i);
	chains_free(&c);
}

/* The same SID, of two findings of which one has no GUID. */
static void match_by_sid(struct matching *m)
{
	struct chains c;

	chains_make(m, own_sid_key, &c);
	for (size_t i = 0; i < m->now->object_count; i++) {
		const struct run_object *o = &m->now->objects[i];

		if (m->match[i] == MATCH_NONE && !take(m, &c, key_sid(&m->scratch, o, false), i) &&
			!o->guid.n)
			take(m, &c, key_sid(&m->scratch, o, true), i);
	}
	chains_free(&c);
}

/* The same DN, of two findings that have neither GUIDs nor SIDs to be told by. */
static void match_by_dn(struct matching *m)
{
	struct chains c;

	chains_make(m, own_dn_key, &c);
	for (size_t i = 0; i < m->now->object_count; i++) {
		const struct run_object *o = &m->now->objects[i];
		struct str folded;

		if (m->match[i] != MATCH_NONE)
			continue;
		folded = utf8_folded(&m->scratch, o->dn);
		for (unsigned has = 0; has < 4 && m->match[i] == MATCH_NONE; has++) {
			bool guid = has & 1u, sid = has & 2u;

			if (!(guid && o->guid.n) && !(sid && has_own_sid(o)))
				take(m, &c, key_dn(&m->scratch, folded, guid, sid), i);
		}
	}
	chains_free(&c);
}

static bool all_have_guids(const struct run_control *c)
{
	for (size_t i = 0; i < c->object_count; i++)
		if (!c->objects[i].guid.n)
			return false;
	return true;
}

/* Does an object stand several times in before? */
static bool has_several(struct matching *m, bool guids)
{
	struct chains c;
	bool several = chains_make(m, guids ? key_guid : own_dn_key, &c);

	chains_free(&c);
	return several;
}

void match_findings(
	const struct run_control *before, const struct run_control *now, uint32_t *match)
{
	struct matching m = { .before = before, .now = now, .match = match };
	bool guids = all_have_guids(before) && all_have_guids(now);

	for (size_t i = 0; i < now->object_count; i++)
		match[i] = MATCH_NONE;
	if (!before->object_count || !now->object_count)
		return;
	m.taken = xcalloc(before->object_count, sizeof(*m.taken));
	if (has_several(&m, guids))
		match_by(&m, key_whole);
	match_by(&m, key_guid);
	if (!guids) {
		match_by_sid(&m);
		match_by_dn(&m);
	}
	arena_free(&m.scratch);
	free(m.taken);
}
