#include "model/dominators.h"
#include "model/privilege.h"
#include "base/buf.h"
#include "tests/model/made.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define FSP(sid)                                                                                   \
	"dn: CN=" sid ",CN=ForeignSecurityPrincipals,DC=chu,DC=example\nobjectClass: "             \
	"foreignSecurityPrincipal\nobjectSid: " sid "\n\n"
#define FSP_MEMBER(sid) "member: CN=" sid ",CN=ForeignSecurityPrincipals,DC=chu,DC=example\n"
#define WHOLE(da, builtin, operators)                                                              \
	MADE_HEAD MADE_ADMINS(da, builtin) MADE_ACCOUNT_OPERATORS(operators) MADE_OTHERS("")

/* "first>…>top" of each path, with p for primary and e for everybody in front, space between. */
static const char *paths_of(struct made *d, const char *name)
{
	struct privilege_path paths[16];
	const struct ad_object *groups[16];
	size_t n = privilege_paths(d->model, made_find(d, name), paths, 16);
	struct buf b = { 0 };
	struct str text;

	for (size_t i = 0; i < n; i++) {
		size_t count = privilege_path_groups(d->model, &paths[i], groups, 16);

		assert_int_equal(count, paths[i].length);
		buf_printf(&b, "%s%s%s", i ? " " : "", paths[i].primary ? "p:" : "",
			paths[i].everybody ? "e:" : "");
		for (size_t k = 0; k < count; k++)
			buf_printf(&b, "%s%.*s", k ? ">" : "", STR_ARG(groups[k]->name));
	}
	text = arena_str(&d->arena, buf_str(&b));
	buf_free(&b);
	return text.p;
}

static void every_way_is_told(void **state)
{
	struct made d = { 0 };

	(void)state;
	assert_int_equal(
		made_load(&d,
			WHOLE(MEMBER("top") MEMBER("alice"),
				MEMBER("top") MEMBER("Admins du domaine"),
				MEMBER("low") MEMBER("alice")) MADE_GROUP("top", "@1200",
				MEMBER("low") MEMBER("loop")) MADE_GROUP("low", "@1201",
				MEMBER("alice")) MADE_GROUP("loop", "@1202",
				MEMBER("top") MEMBER("bob")) MADE_USER("alice", "@1103",
				"") MADE_USER("bob", "@1104", "") MADE_USER("Renomme", "@500",
				"") "dn: CN=prim,CN=Users,DC=chu,DC=example\nobjectClass: user\n"
				    "sAMAccountName: prim\nobjectSid: @1107\nuserAccountControl: "
				    "512\n"
				    "primaryGroupID: 1202\n\n"),
		0);
	assert_string_equal(paths_of(&d, "alice"),
		"Admins du domaine Operateurs de compte low>Operateurs de compte "
		"low>top>Admins du domaine low>top>Administrateurs");
	assert_string_equal(
		paths_of(&d, "bob"), "loop>top>Admins du domaine loop>top>Administrateurs");
	assert_string_equal(
		paths_of(&d, "prim"), "p:loop>top>Admins du domaine p:loop>top>Administrateurs");
	assert_string_equal(paths_of(&d, "Renomme"), "");
	assert_string_equal(paths_of(&d, "low"),
		"Operateurs de compte top>Admins du domaine top>Administrateurs");
	struct privilege_count n = privilege_count(d.model, made_find(&d, "top"));

	assert_int_equal(n.direct, 0);
	assert_int_equal(n.direct_groups, 2);
	assert_int_equal(n.effective, 3);
	assert_int_equal(n.enabled, 3);
	made_free(&d);
}

static void everybody_is_a_way(void **state)
{
	struct made d = { 0 };

	(void)state;
	assert_int_equal(made_load(&d, WHOLE("", FSP_MEMBER("S-1-5-11"), "") FSP("S-1-5-11")
					       MADE_USER("alice", "@1103", "")),
		0);
	assert_string_equal(paths_of(&d, "alice"), "e:Administrateurs");
	made_free(&d);
}

/* "group/member=accounts" */
static const char *unlocks_of(struct made *d)
{
	const struct privilege_unlock *u;
	size_t n = privilege_unlocks(d->model, &d->arena, &u);
	struct buf b = { 0 };
	struct str text;

	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%s%.*s/%.*s%s=%u", i ? " " : "", STR_ARG(u[i].group->name),
			STR_ARG(u[i].member ? u[i].member->name : STR("*")),
			u[i].primary ? "(p)" : "", (unsigned)u[i].accounts);
	text = arena_str(&d->arena, buf_str(&b));
	buf_free(&b);
	return text.p;
}

static void a_membership_is_worth_whom_it_alone_makes(void **state)
{
	struct made d = { 0 };

	(void)state;
	assert_int_equal(
		made_load(&d,
			WHOLE(MEMBER("top") MEMBER("alice") MEMBER("Renomme"),
				MEMBER("Admins du domaine"), MEMBER("low")) MADE_GROUP("top",
				"@1200", MEMBER("low") MEMBER("team")) MADE_GROUP("low", "@1201",
				MEMBER("alice") MEMBER("bob")) MADE_GROUP("team", "@1202",
				MEMBER("carol") MEMBER("top")) MADE_USER("alice", "@1103",
				"") MADE_USER("bob", "@1104", "") MADE_USER("carol", "@1105",
				"") MADE_USER("Renomme", "@500",
				"") "dn: CN=prim,CN=Users,DC=chu,DC=example\nobjectClass: user\n"
				    "sAMAccountName: prim\nobjectSid: @1107\nuserAccountControl: "
				    "514\n"
				    "primaryGroupID: 1202\n\n"),
		0);
	/* bob has low by two ways, so that only the last step is his; alice has two ways. */
	assert_string_equal(unlocks_of(&d), "Admins du domaine/top=2 top/team=2 low/bob=1 "
					    "team/carol=1 team/prim(p)=1");
	made_free(&d);
}

static void everybody_is_one_membership(void **state)
{
	static const char both[] = WHOLE("", FSP_MEMBER("S-1-5-11") FSP_MEMBER("S-1-1-0"), "")
		MADE_USER("alice", "@1103", "");
	struct made d = { 0 };

	(void)state;
	assert_int_equal(made_load(&d, WHOLE("", FSP_MEMBER("S-1-5-11"), "") FSP("S-1-5-11")
					       MADE_USER("alice", "@1103", "")
						       MADE_USER("bob", "@1104", "")),
		0);
	assert_string_equal(unlocks_of(&d), "Administrateurs/S-1-5-11=2");
	made_free(&d);
	d = (struct made){ 0 };
	assert_int_equal(made_load(&d, WHOLE("", FSP_MEMBER("S-1-5-11"), "")
					       MADE_USER("alice", "@1103", "")),
		0);
	assert_string_equal(unlocks_of(&d), "Administrateurs/*=1");
	made_free(&d);
	/* Either of the two may go: the other stays. */
	d = (struct made){ 0 };
	assert_int_equal(made_load(&d, both), 0);
	assert_string_equal(unlocks_of(&d), "");
	made_free(&d);
}

#define RESET "(OA;;CR;00299570-246d-11d0-a768-00aa006e0529;;"
#define SHUT "nTSecurityDescriptor: O:S-1-5-21-1-2-3-512D:PAI(A;;GA;;;SY)(A;;LCRPRC;;;AU)"

/* eve has a right over two administrators, and by staff over a third one; the SID of an account
 * that is gone over one. */
static void hidden_administrators_are_counted_once(void **state)
{
	struct made d = { 0 };
	const struct hidden_admin *h;

	(void)state;
	assert_int_equal(
		made_load(&d,
			WHOLE(MEMBER("a1") MEMBER("a2") MEMBER("a3"), MEMBER("Admins du domaine"),
				"") MADE_USER("a1", "@1201",
				SHUT RESET "S-1-5-21-1-2-3-1101)\n") MADE_USER("a2", "@1202",
				SHUT RESET "S-1-5-21-1-2-3-1101)\n") MADE_USER("a3", "@1203",
				SHUT RESET "S-1-5-21-1-2-3-1301)" RESET "S-1-5-21-1-2-3-4444)\n")
				MADE_GROUP("staff", "@1301", MEMBER("eve") MEMBER("bob") SHUT "\n")
					MADE_USER("eve", "@1101", SHUT "\n")
						MADE_USER("bob", "@1102", SHUT "\n")),
		0);
	const struct hidden_admins *all = hidden_admins(d.model);

	assert_int_equal(all->count, 3);
	assert_ptr_equal(all->all[0].who.object, made_find(&d, "eve"));
	assert_int_equal(all->all[0].objects, 2);
	assert_int_equal(all->all[0].step_count, 1);
	assert_ptr_equal(all->all[0].target, made_find(&d, "a1"));
	h = hidden_admin_of(d.model, made_find(&d, "staff"));
	assert_non_null(h);
	assert_int_equal(h->objects, 1);
	assert_null(hidden_admin_of(d.model, made_find(&d, "bob")));
	assert_null(hidden_admin_of(d.model, made_find(&d, "a1")));
	assert_null(all->all[2].who.object);
	assert_int_equal(sid_rid(&all->all[2].who.sid), 4444);
	made_free(&d);
}

/* ---- against brute force ---- */

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

#define NODES 24
#define EDGES 64

struct random_graph {
	uint32_t count, edge_count, from[EDGES], start[NODES + 1], to[EDGES];
};

static void make_graph(struct random_graph *g, uint32_t *seed)
{
	g->count = 2 + next_random(seed) % (NODES - 2);
	g->edge_count = 0;
	for (uint32_t v = 0; v < g->count; v++) {
		uint32_t degree = next_random(seed) % 4;

		g->start[v] = g->edge_count;
		for (uint32_t i = 0; i < degree && g->edge_count < EDGES; i++) {
			g->from[g->edge_count] = v;
			g->to[g->edge_count++] = next_random(seed) % g->count;
		}
	}
	g->start[g->count] = g->edge_count;
}

/* What the root reaches without that node and that edge. */
static void reach(const struct random_graph *g, uint32_t node, uint32_t edge, bool *seen)
{
	bool more = node != 0;

	memset(seen, 0, NODES * sizeof(*seen));
	seen[0] = more;
	while (more) {
		more = false;
		for (uint32_t e = 0; e < g->edge_count; e++) {
			if (e == edge || !seen[g->from[e]] || g->to[e] == node || seen[g->to[e]])
				continue;
			seen[g->to[e]] = more = true;
		}
	}
}

static bool dominates(const struct dominators *d, uint32_t a, uint32_t v)
{
	while (v != a && d->idom[v] != NO_NODE)
		v = d->idom[v];
	return v == a;
}

static void dominators_are_those_of_brute_force(void **state)
{
	uint32_t seed = 7;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct random_graph g;
		struct dominators d;
		bool whole[NODES], cut[NODES];

		make_graph(&g, &seed);
		dominators_find(&(struct digraph){ g.count, g.start, g.to }, &d);
		reach(&g, NO_NODE, NO_NODE, whole);
		for (uint32_t v = 1; v < g.count; v++) {
			reach(&g, v, NO_NODE, cut);
			for (uint32_t w = 0; w < g.count; w++)
				if (whole[w] && whole[v])
					assert_int_equal(dominates(&d, v, w), !cut[w]);
			assert_int_equal(d.idom[v] != NO_NODE, whole[v]);
		}
		/* An edge is needed by somebody exactly when it is its end's bridge. */
		for (uint32_t e = 0; e < g.edge_count; e++) {
			reach(&g, NO_NODE, e, cut);
			bool needed = false;

			for (uint32_t w = 0; w < g.count; w++) {
				needed |= whole[w] && !cut[w];
				if (d.bridge[g.to[e]] == e)
					assert_int_equal(dominates(&d, g.to[e], w) && whole[w],
						whole[w] && !cut[w]);
			}
			assert_int_equal(needed, d.bridge[g.to[e]] == e);
		}
		dominators_free(&d);
	}
}

/* Directories of random groups: each membership is taken away, and the loss counted. */
#define GROUPS 8
#define USERS 10

struct random_directory {
	bool member[GROUPS][GROUPS + USERS]; /* the first is Domain Admins, the second 548 */
	uint32_t primary[USERS];	     /* a group, or GROUPS */
};

static const char *const group_names[GROUPS] = { "Admins du domaine", "Operateurs de compte", "g2",
	"g3", "g4", "g5", "g6", "g7" };
static const char *const group_sids[GROUPS] = { "@512", "S-1-5-32-548", "@1202", "@1203", "@1204",
	"@1205", "@1206", "@1207" };

static void make_directory(struct random_directory *r, uint32_t *seed)
{
	memset(r, 0, sizeof(*r));
	for (size_t g = 0; g < GROUPS; g++)
		for (size_t i = 0; i < GROUPS + USERS; i++)
			r->member[g][i] = g != i && next_random(seed) % 12 == 0;
	for (size_t u = 0; u < USERS; u++) {
		r->primary[u] = 2 + next_random(seed) % (4 * GROUPS);
		if (r->primary[u] > GROUPS)
			r->primary[u] = GROUPS;
		else if (r->primary[u] < GROUPS)
			r->member[r->primary[u]][GROUPS + u] = false;
	}
}

static void put_member(struct buf *b, size_t i)
{
	if (i < GROUPS)
		buf_printf(b, "member: CN=%s,CN=Users,DC=chu,DC=example\n", group_names[i]);
	else
		buf_printf(
			b, "member: CN=u%u,CN=Users,DC=chu,DC=example\n", (unsigned)(i - GROUPS));
}

static char *directory_text(const struct random_directory *r, struct arena *a)
{
	struct buf b = { 0 };
	char *text;

	buf_putz(&b, MADE_HEAD MADE_GROUP("Administrateurs", "S-1-5-32-544", "") MADE_OTHERS(""));
	for (size_t g = 0; g < GROUPS; g++) {
		buf_printf(&b,
			"dn: CN=%s,CN=Users,DC=chu,DC=example\nobjectClass: group\n"
			"sAMAccountName: %s\nobjectSid: %s\n",
			group_names[g], group_names[g], group_sids[g]);
		for (size_t i = 0; i < GROUPS + USERS; i++)
			if (r->member[g][i])
				put_member(&b, i);
		buf_putz(&b, "\n");
	}
	for (size_t u = 0; u < USERS; u++)
		buf_printf(&b,
			"dn: CN=u%u,CN=Users,DC=chu,DC=example\nobjectClass: user\n"
			"sAMAccountName: u%u\nobjectSid: @%u\nuserAccountControl: 512\n"
			"primaryGroupID: %u\n\n",
			(unsigned)u, (unsigned)u, u ? 1300 + (unsigned)u : 500,
			r->primary[u] < GROUPS ? 1200 + (unsigned)r->primary[u] : 513);
	text = arena_strdup(a, arena_str(a, buf_str(&b)).p);
	buf_free(&b);
	return text;
}

static size_t privileged_without(
	const struct random_directory *r, size_t group, size_t member, bool primary)
{
	bool in[GROUPS + USERS] = { [0] = true, [1] = true, [GROUPS] = true /* RID 500 */ };
	size_t count = 0;

	for (bool more = true; more;) {
		more = false;
		for (size_t g = 0; g < GROUPS; g++)
			for (size_t i = 0; i < GROUPS + USERS; i++) {
				bool gone = g == group && i == member;
				bool by = r->member[g][i] && !(gone && !primary);

				if (i >= GROUPS && r->primary[i - GROUPS] == g)
					by |= !(gone && primary);
				if (in[g] && by && !in[i])
					in[i] = more = true;
			}
	}
	for (size_t u = 0; u < USERS; u++)
		count += in[GROUPS + u];
	return count;
}

static uint32_t worth_of(struct made *d, const struct privilege_unlock *u, size_t n, size_t group,
	size_t member, bool primary)
{
	char name[8];
	const struct ad_object *of, *in = made_find(d, group_names[group]);

	snprintf(name, sizeof(name), "u%u", (unsigned)(member - GROUPS));
	of = made_find(d, member < GROUPS ? group_names[member] : name);
	for (size_t i = 0; i < n; i++)
		if (u[i].group == in && u[i].member == of && u[i].primary == primary)
			return u[i].accounts;
	return 0;
}

static void worths_are_those_of_brute_force(void **state)
{
	uint32_t seed = 11;
	size_t found = 0;

	(void)state;
	for (int round = 0; round < 150; round++) {
		struct random_directory r;
		struct made d = { 0 };
		const struct privilege_unlock *u;

		make_directory(&r, &seed);
		struct arena a = { 0 };

		assert_int_equal(made_load(&d, directory_text(&r, &a)), 0);
		size_t n = privilege_unlocks(d.model, &d.arena, &u), all, expected = 0;

		all = privileged_without(&r, GROUPS, 0, false);
		for (size_t g = 0; g < GROUPS; g++)
			for (size_t i = 0; i < GROUPS + USERS; i++)
				for (int primary = 0; primary < 2; primary++) {
					bool there =
						primary ? i >= GROUPS && r.primary[i - GROUPS] == g
							: r.member[g][i];
					size_t loss = all - privileged_without(&r, g, i, primary);

					if (!there)
						continue;
					assert_int_equal(worth_of(&d, u, n, g, i, primary), loss);
					expected += loss > 0;
				}
		assert_int_equal(n, expected);
		found += n;
		made_free(&d);
		arena_free(&a);
	}
	assert_true(found > 300);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_way_is_told),
		cmocka_unit_test(everybody_is_a_way),
		cmocka_unit_test(a_membership_is_worth_whom_it_alone_makes),
		cmocka_unit_test(everybody_is_one_membership),
		cmocka_unit_test(hidden_administrators_are_counted_once),
		cmocka_unit_test(dominators_are_those_of_brute_force),
		cmocka_unit_test(worths_are_those_of_brute_force),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
