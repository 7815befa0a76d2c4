#include "model/roster_index.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	unsigned match;
	enum attr attr;
	enum { OF_ANYBODY, OF_ONE_IN_DOMAIN, OF_ONE } unique;
	char key; /* keys of the table begin with it */
} names[] = {
	{ "userPrincipalName", ROSTER_UPN, ATTR_USER_PRINCIPAL_NAME, OF_ONE, 'u' },
	{ "sAMAccountName", ROSTER_SAM, ATTR_SAM_ACCOUNT_NAME, OF_ONE_IN_DOMAIN, 's' },
	{ "mail", ROSTER_MAIL, ATTR_MAIL, OF_ANYBODY, 'm' },
	{ "employeeID", ROSTER_EMPLOYEE_ID, ATTR_EMPLOYEE_ID, OF_ANYBODY, 'e' },
	{ "objectSid", ROSTER_SID, ATTR_OBJECT_SID, OF_ONE, 0 },
};
#define NAMES ARRAY_LEN(names)

struct roster_index {
	const struct model *m;
	unsigned match;
	struct arena arena;    /* keys */
	struct arena scratch;  /* wiped at each question */
	struct hash table;     /* the first account of a key, by object index */
	uint32_t *next[NAMES]; /* by object: another one with the same key, or NO_OBJECT */
	size_t hidden[NAMES];  /* users whose attribute could not be read */
};

unsigned roster_match_parse(struct str name)
{
	for (size_t i = 0; i < NAMES; i++)
		if (str_ieq(name, str_of(names[i].name)))
			return names[i].match;
	return !name.n || str_ieq(name, STR("any")) ? ROSTER_ANY : 0;
}

static struct str key_of(struct arena *a, char kind, struct str text)
{
	struct str folded = utf8_folded(a, text);
	char *p = arena_alloc(a, folded.n + 1);

	p[0] = kind;
	if (folded.n)
		memcpy(p + 1, folded.p, folded.n);
	return (struct str){ p, folded.n + 1 };
}

/* Accounts of one name are chained in DN order: the walk below goes backwards. */
static void add_account(struct roster_index *x, size_t name, const struct ad_object *o)
{
	struct str value = str_trim(obj_value(o, names[name].attr, 0));

	if (!value.n)
		return;
	struct str key = key_of(&x->arena, names[name].key, value);
	uint32_t first = hash_get(&x->table, key);

	x->next[name][o->index] = first == HASH_NONE ? NO_OBJECT : first;
	hash_set(&x->table, key, o->index);
}

static void count_hidden(struct roster_index *x)
{
	for (size_t i = 0; i < x->m->count; i++) {
		unsigned misses = x->m->objects[i].kind == AD_USER
					  ? roster_index_misses(x->m, x->match, &x->m->objects[i])
					  : 0;

		for (size_t n = 0; misses && n < NAMES; n++)
			x->hidden[n] += (misses & names[n].match) != 0;
	}
}

struct roster_index *roster_index_build(const struct model *m, unsigned match)
{
	struct roster_index *x = xcalloc(1, sizeof(*x));

	x->m = m;
	x->match = match;
	count_hidden(x);
	for (size_t n = 0; n < NAMES; n++) {
		if (!(match & names[n].match) || !names[n].key)
			continue;
		x->next[n] = xcalloc(m->count ? m->count : 1, sizeof(*x->next[n]));
		for (size_t i = m->count; i > 0; i--)
			if (object_is_account(&m->objects[i - 1]))
				add_account(x, n, &m->objects[i - 1]);
	}
	return x;
}

void roster_index_free(struct roster_index *x)
{
	if (!x)
		return;
	for (size_t n = 0; n < NAMES; n++)
		free(x->next[n]);
	hash_free(&x->table);
	arena_free(&x->arena);
	arena_free(&x->scratch);
	free(x);
}

struct candidates {
	uint32_t *found;
	size_t count;
	bool more, any;
};

static void candidates_add(struct candidates *c, uint32_t object)
{
	c->any = true;
	for (size_t i = 0; i < c->count; i++)
		if (c->found[i] == object)
			return;
	if (c->count == ROSTER_CANDIDATES)
		c->more = true;
	else
		c->found[c->count++] = object;
}

static bool of_domain(const struct ad_object *o, struct str domain)
{
	return o->domain &&
	       (utf8_ieq(o->domain->netbios, domain) || utf8_ieq(o->domain->dns, domain));
}

/* domain {NULL,0}: of any. */
static void find_by(struct roster_index *x, size_t name, struct str text, struct str domain,
	struct candidates *c)
{
	struct str key = key_of(&x->scratch, names[name].key, text);
	uint32_t i = hash_get(&x->table, key);

	for (size_t steps = 0; i != HASH_NONE && i != NO_OBJECT; i = x->next[name][i]) {
		if (!domain.p || of_domain(&x->m->objects[i], domain))
			candidates_add(c, i);
		if (c->more || ++steps > ROSTER_CANDIDATES) {
			c->more = true;
			return;
		}
	}
}

static void find_sid(struct roster_index *x, struct str text, struct candidates *c)
{
	struct sid sid;
	const struct ad_object *o = sid_from_text(text, &sid) ? model_find_sid(x->m, &sid) : NULL;

	if (o && object_is_account(o))
		candidates_add(c, o->index);
}

size_t roster_index_find(struct roster_index *x, struct str text, uint32_t found[ROSTER_CANDIDATES],
	bool *more, unsigned *by)
{
	struct candidates c = { .found = found };
	struct str account, domain = str_cut(text, '\\', &account);

	if (!account.p) {
		account = text;
		domain = (struct str){ NULL, 0 };
	}
	arena_reset(&x->scratch);
	*by = 0;
	for (size_t n = 0; n < NAMES; n++) {
		if (!(x->match & names[n].match))
			continue;
		c.any = false;
		if (names[n].match == ROSTER_SID)
			find_sid(x, text, &c);
		else if (names[n].match == ROSTER_SAM)
			find_by(x, n, account, domain, &c);
		else
			find_by(x, n, text, (struct str){ NULL, 0 }, &c);
		*by |= c.any ? names[n].match : 0;
	}
	*more = c.more;
	return c.count;
}

unsigned roster_index_misses(const struct model *m, unsigned match, const struct ad_object *o)
{
	unsigned misses = 0;

	for (size_t n = 0; n < NAMES; n++)
		if (match & names[n].match && model_readable(m, o, names[n].attr) != READABLE)
			misses |= names[n].match;
	return misses;
}

unsigned roster_index_open(const struct roster_index *x, unsigned by)
{
	unsigned open = x->match;

	for (size_t n = 0; n < NAMES; n++)
		if ((by & names[n].match) &&
			(names[n].unique == OF_ONE || (names[n].unique == OF_ONE_IN_DOMAIN &&
							      model_domain_count(x->m) < 2)))
			open &= ~names[n].match;
	return open;
}

bool roster_index_shares(const struct roster_index *x, unsigned open, const struct ad_object *o)
{
	unsigned own = o->kind == AD_USER ? roster_index_misses(x->m, open, o) : 0;

	for (size_t n = 0; n < NAMES; n++)
		if ((open & names[n].match) && x->hidden[n] > ((own & names[n].match) ? 1 : 0))
			return true;
	return false;
}
