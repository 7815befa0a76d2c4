/* Whom an ACE speaks of, and who holds power by design. */
#include "ad/wellknown.h"
#include "model/graph_state.h"

/* Power by design, the machine's own accounts, and names that ACEs resolve elsewhere (SELF, CREATOR
 * OWNER, OWNER RIGHTS): no person stands behind them. */
static const struct one_part { /* S-1-authority-part */
	uint32_t authority, part;
} accepted[] = {
	{ 3, 0 },  /* CREATOR OWNER */
	{ 3, 1 },  /* CREATOR GROUP */
	{ 3, 4 },  /* OWNER RIGHTS */
	{ 5, 9 },  /* Enterprise Domain Controllers */
	{ 5, 10 }, /* SELF */
	{ 5, 18 }, /* SYSTEM */
	{ 5, 19 }, /* LOCAL SERVICE and NETWORK SERVICE, of domain controllers */
	{ 5, 20 },
};

/* Everybody, or nearly: never tier 0, even where somebody put them into a privileged group. */
static const struct one_part everyone = { 1, 0 };
static const struct one_part anonymous = { 5, 7 };
static const struct one_part authenticated = { 5, 11 };
static const struct one_part wide[] = {
	{ 1, 0 },  /* Everyone */
	{ 5, 2 },  /* NETWORK */
	{ 5, 4 },  /* INTERACTIVE */
	{ 5, 7 },  /* ANONYMOUS LOGON */
	{ 5, 11 }, /* Authenticated Users */
	{ 5, 15 }, /* This Organization */
};
static const uint32_t wide_rids[] = { RID_DOMAIN_USERS, RID_DOMAIN_GUESTS, RID_DOMAIN_COMPUTERS,
	RID_GUEST };
static const uint32_t wide_builtins[] = { RID_BUILTIN_USERS, RID_BUILTIN_GUESTS,
	RID_BUILTIN_PRE_WINDOWS_2000 };

/* Tier 0 or accepted in every domain of the forest (controls.md, accepted principals). */
static const uint32_t trusted_builtins[] = { RID_BUILTIN_ADMINISTRATORS,
	RID_BUILTIN_ACCOUNT_OPERATORS, RID_BUILTIN_SERVER_OPERATORS, RID_BUILTIN_PRINT_OPERATORS,
	RID_BUILTIN_BACKUP_OPERATORS, RID_BUILTIN_INCOMING_FOREST_TRUST_BUILDERS };
static const uint32_t trusted_rids[] = { RID_ADMINISTRATOR, RID_KRBTGT, RID_ENTERPRISE_RODCS,
	RID_DOMAIN_ADMINS, RID_DOMAIN_CONTROLLERS, RID_SCHEMA_ADMINS, RID_ENTERPRISE_ADMINS,
	RID_RODCS, RID_CLONEABLE_DCS, RID_KEY_ADMINS, RID_ENTERPRISE_KEY_ADMINS };

static bool among(const uint32_t *rids, size_t n, uint32_t rid)
{
	for (size_t i = 0; i < n; i++)
		if (rids[i] == rid)
			return true;
	return false;
}

static bool is(const struct sid *s, struct one_part p)
{
	return s->count == 1 && s->authority == p.authority && s->sub[0] == p.part;
}

static bool among_sids(const struct one_part *list, size_t n, const struct sid *s)
{
	for (size_t i = 0; i < n; i++)
		if (is(s, list[i]))
			return true;
	return false;
}

static bool is_builtin(const struct sid *s)
{
	return s->authority == 5 && s->count == 2 && s->sub[0] == 32;
}

bool graph_is_wide(const struct sid *s)
{
	if (is_builtin(s))
		return among(wide_builtins, ARRAY_LEN(wide_builtins), s->sub[1]);
	if (sid_is_domain_principal(s))
		return among(wide_rids, ARRAY_LEN(wide_rids), sid_rid(s));
	return among_sids(wide, ARRAY_LEN(wide), s);
}

static bool is_read_domain(const struct model *m, const struct sid *s)
{
	uint32_t rid;

	for (size_t d = 0; d < m->domain_count; d++)
		if (sid_in_domain(s, &m->domains[d].sid, &rid))
			return true;
	return false;
}

/* RIDs 518, 519, 527 and 498 exist in a forest's root only. Those of a domain that was not read are
 * tier 0 when a domain of this forest was not read; whose they are cannot be told apart. */
static bool sid_is_trusted(const struct graph *g, const struct model *m, const struct sid *s)
{
	if (is_builtin(s))
		return among(trusted_builtins, ARRAY_LEN(trusted_builtins), s->sub[1]);
	if (!sid_is_domain_principal(s))
		return among_sids(accepted, ARRAY_LEN(accepted), s);
	return among(trusted_rids, ARRAY_LEN(trusted_rids), sid_rid(s)) &&
	       (g->forest_in_part || is_read_domain(m, s));
}

static bool object_is_trusted(
	const struct graph *g, const struct model *m, const struct ad_object *o)
{
	if (graph_is_wide(&o->sid))
		return false;
	return o->kind == AD_KRBTGT || graph_is_rodc(o) || m->via[o->index] != NO_OBJECT ||
	       account_privileged(m, o) == YES || sid_is_trusted(g, m, &o->sid);
}

/* A SID of a domain that was read whole and that no object has is that of somebody deleted. */
static bool accounts_known(const struct model *m)
{
	static const enum ad_kind kinds[] = { AD_USER, AD_COMPUTER, AD_MSA, AD_KRBTGT };

	if (!model_knows_group_sids(m))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (model_complete(m, kinds[i], NULL) != YES)
			return false;
	for (size_t i = 0; i < m->count; i++)
		if (object_is_account(&m->objects[i]) && sid_is_none(&m->objects[i].sid))
			return false;
	return true;
}

void graph_principals_build(struct graph *g, const struct model *m)
{
	size_t builtins = 0;

	for (size_t i = 0; i < m->coverage.count; i++)
		g->forest_in_part |= str_starts(m->coverage.items[i].need, STR("domain "));
	g->accounts_known = accounts_known(m);
	g->trusted = ARENA_ARRAY(&g->arena, uint8_t, m->count + 1);
	g->hidden_halves = ARENA_ARRAY(&g->arena, bool, m->count + 1);
	for (size_t i = 0; i < m->count; i++) {
		const struct ad_object *o = &m->objects[i];

		if (sid_is_none(&o->sid))
			continue;
		g->trusted[i] = object_is_trusted(g, m, o);
		builtins += is_builtin(&o->sid);
	}
	g->builtins = ARENA_ARRAY(&g->arena, struct builtin, builtins);
	for (size_t i = 0; i < m->count; i++)
		if (is_builtin(&m->objects[i].sid) && m->objects[i].kind != AD_FSP)
			g->builtins[g->builtin_count++] =
				(struct builtin){ m->objects[i].sid.sub[1], (uint32_t)i,
					m->objects[i].domain };
}

static struct str sid_key(const struct sid *s, unsigned char *bytes)
{
	return (struct str){ (const char *)bytes, sid_bytes(s, bytes) };
}

uint32_t graph_find_principal(const struct graph *g, const struct model *m, const struct sid *sid)
{
	unsigned char bytes[80];
	struct str key = sid_key(sid, bytes);
	uint32_t at = hash_get(&m->by_sid, key);

	if (at != HASH_NONE)
		return at;
	at = hash_get(&g->by_sid, key);
	return at == HASH_NONE ? NO_OBJECT : (uint32_t)m->count + 1 + at;
}

static uint32_t add_bare(struct graph *g, const struct model *m, const struct sid *sid)
{
	unsigned char bytes[80];
	struct str key = arena_str(&g->arena, sid_key(sid, bytes));

	if (g->bare_count == g->bare_room) {
		g->bare_room = g->bare_room ? g->bare_room * 2 : 256;
		g->bare = xrealloc(g->bare, g->bare_room * sizeof(*g->bare));
	}
	g->bare[g->bare_count] = *sid;
	hash_add(&g->by_sid, key, g->bare_count);
	return (uint32_t)m->count + 1 + g->bare_count++;
}

uint32_t graph_principal(struct graph *g, const struct model *m, const struct sid *sid,
	const struct ad_domain *domain)
{
	if (is_builtin(sid) && domain)
		for (size_t i = 0; i < g->builtin_count; i++)
			if (g->builtins[i].rid == sid->sub[1] && g->builtins[i].domain == domain)
				return g->builtins[i].object;
	uint32_t at = graph_find_principal(g, m, sid);

	return at != NO_OBJECT ? at : add_bare(g, m, sid);
}

bool graph_trusts(const struct graph *g, const struct model *m, uint32_t node)
{
	if (node <= m->count)
		return g->trusted[node];
	const struct sid *s = &g->bare[node - m->count - 1];

	return sid_is_trusted(g, m, s) || (g->accounts_known && is_read_domain(m, s));
}

bool graph_trusts_sid(const struct graph *g, const struct model *m, const struct sid *sid,
	const struct ad_domain *domain)
{
	for (size_t i = 0; domain && is_builtin(sid) && i < g->builtin_count; i++)
		if (g->builtins[i].rid == sid->sub[1] && g->builtins[i].domain == domain)
			return g->trusted[g->builtins[i].object];
	uint32_t at = graph_find_principal(g, m, sid);

	if (at != NO_OBJECT)
		return graph_trusts(g, m, at);
	return sid_is_trusted(g, m, sid) || (g->accounts_known && is_read_domain(m, sid));
}

struct graph_node graph_node(const struct graph *g, const struct model *m, uint32_t node)
{
	if (node <= m->count)
		return (struct graph_node){ &m->objects[node], m->objects[node].sid };
	return (struct graph_node){ NULL, g->bare[node - m->count - 1] };
}

bool graph_certainly_in(const struct graph *g, const struct model *m, uint32_t who, uint32_t group)
{
	if (who == group)
		return true;
	struct sid a = graph_node(g, m, who).sid, b = graph_node(g, m, group).sid;

	/* Anonymous callers are in neither, unless a policy of the controllers says so. */
	if (is(&b, everyone))
		return !is(&a, anonymous);
	if (is(&b, authenticated))
		return !is(&a, everyone) && !is(&a, anonymous) && !sid_is_none(&a) &&
		       sid_rid(&a) != RID_GUEST && sid_rid(&a) != RID_DOMAIN_GUESTS &&
		       sid_rid(&a) != RID_BUILTIN_GUESTS;
	return who < m->count && group < m->count &&
	       object_in_group(m, &m->objects[who], &m->objects[group]);
}
