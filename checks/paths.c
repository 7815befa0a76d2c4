#include "ad/dn.h"
#include "base/limits.h"
#include "checks/paths.h"
#include "model/descriptor_marks.h"
#include "model/gpo.h"
#include "model/graph.h"

#define MAX_STEPS 64
#define SHOWN 20 /* principals named in a finding */

/* Points of their own: vuln_delegation_*. */
#define DELEGATIONS (RELATION_BIT(RELATION_DELEGATION) | RELATION_BIT(RELATION_ALLOWED_TO_ACT))
#define REPLICATES                                                                                 \
	(RELATION_BIT(RELATION_DCSYNC) | RELATION_BIT(RELATION_ALL_EXTENDED_RIGHTS) |              \
		RELATION_BIT(RELATION_GENERIC_ALL))

/* A row's argument: the kinds of target, and how it judges them. */
#define TARGETS 0xfffff
#define TWO_LEVELS 0x100000	/* level 2 where every path is weak */
#define BY_PUBLICATION 0x200000 /* level 2 for templates that no CA issues */
#define PUBLISHED 0x400000	/* only templates that a CA issues */

/* Counters; from WEIGHED on: what weigh() said last of this search, and of the strong one. */
enum { EXAMINED, PROTECTED, IN_PART, WEIGHED, COUNTED, FLAGS, RELATIONS, WEIGHED_STRONG };

/* ---- one root cause is one finding ---- */

enum verdict { COUNTS, SAID_ELSEWHERE, ACCEPTED, DOUBTFUL };

/* What AD CS installs is no finding by itself. Who controls the host of a CA is one on the CA
 * alone, and hyg_adcs_esc5 shows the host. */
static enum verdict by_default(
	enum tri installed, const struct graph_step *last, size_t n, bool hosts_too)
{
	if (installed == UNKNOWN && n == 1)
		return DOUBTFUL;
	if (installed == YES && (n == 1 || hosts_too || last->to->kind != AD_ENROLLMENT_SERVICE))
		return SAID_ELSEWHERE;
	return COUNTS;
}

/* Does this path say something that no other finding says? */
static enum verdict sort_path(struct check_cx *cx, const struct graph_step *steps, size_t n)
{
	const struct model *m = cx_model(cx);
	const struct graph_step *last = &steps[n - 1];

	/* Its group is a principal of the same list. */
	if (n > 1 && steps[0].relation == RELATION_MEMBER_OF)
		return SAID_ELSEWHERE;
	if (n == 1 && !(steps[0].relations & ~DELEGATIONS))
		return SAID_ELSEWHERE;
	if (graph_is_protected(m, steps[0].from.object))
		return ACCEPTED;
	return by_default(
		graph_is_default(m, &last->from, last->to), last, n, cx_arg(cx) & WATCHED_CA_HOST);
}

/* ---- evidence ---- */

static void show_principal(struct check_cx *cx, const struct graph_node *who)
{
	evidence(cx, "principal", graph_name(cx_arena(cx), who->object, &who->sid));
}

static void show(struct check_cx *cx, const struct graph_step *steps, size_t n)
{
	show_principal(cx, &steps[0].from);
	evidence(cx, "path", graph_text(cx_arena(cx), steps, n));
}

static void show_relations(struct check_cx *cx, uint64_t relations)
{
	for (unsigned r = 0; r < RELATION_COUNT; r++)
		if (relations & RELATION_BIT(r))
			evidence_z(cx, "relation", relation_name((enum relation)r));
}

struct found {
	size_t count, protected;
	bool strong, doubt;
	uint64_t relations; /* over the target itself */
};

static bool is_strong(const struct graph_step *steps, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (graph_step_is_weak(&steps[i]))
			return false;
	return true;
}

static struct found weigh(
	struct check_cx *cx, const struct ad_object *o, const struct graph_reach *r)
{
	struct graph_step steps[MAX_STEPS];
	struct found f = { 0 };

	for (size_t i = 0; i < r->count; i++) {
		size_t n = graph_steps(cx_model(cx), r->principals[i].node, steps, MAX_STEPS);
		enum verdict v = n ? sort_path(cx, steps, n) : SAID_ELSEWHERE;

		f.protected += v == ACCEPTED;
		f.doubt |= v == DOUBTFUL;
		if (v != COUNTS)
			continue;
		f.count++;
		f.strong |= is_strong(steps, n);
		if (steps[n - 1].to == o)
			f.relations |= steps[n - 1].relations;
	}
	return f;
}

/* A thousand accounts with one descriptor are one question. */
static struct found weigh_once(
	struct check_cx *cx, const struct ad_object *o, const struct graph_reach *r)
{
	uint64_t *counted = cx_counter(cx, COUNTED), *flags = cx_counter(cx, FLAGS);

	if (*cx_counter(cx, WEIGHED) != r->number) {
		struct found f = weigh(cx, o, r);

		*cx_counter(cx, WEIGHED) = r->number;
		*counted = f.count << 32 | f.protected;
		*flags = (f.strong ? 1u : 0u) | (f.doubt ? 2u : 0u);
		*cx_counter(cx, RELATIONS) = f.relations;
	}
	return (struct found){ .count = *counted >> 32,
		.protected = *counted & UINT32_MAX,
		.strong = *flags & 1,
		.doubt = *flags & 2,
		.relations = *cx_counter(cx, RELATIONS) };
}

static bool has_strong_path(struct check_cx *cx, const struct ad_object *o, unsigned critical)
{
	struct graph_reach r = graph_reach_for(cx_model(cx), o, critical, true);
	uint64_t *memo = cx_counter(cx, WEIGHED_STRONG);

	if (*memo >> 1 != r.number)
		*memo = r.number << 1 | (weigh(cx, o, &r).count > 0);
	return *memo & 1;
}

static void report(struct check_cx *cx, const struct ad_object *o, unsigned critical,
	const struct graph_reach *r, const struct found *f)
{
	struct graph_step steps[MAX_STEPS];
	size_t shown = 0;

	for (size_t i = 0; i < r->count && shown < SHOWN && shown < f->count; i++) {
		size_t n = graph_steps(cx_model(cx), r->principals[i].node, steps, MAX_STEPS);

		if (!n || sort_path(cx, steps, n) != COUNTS)
			continue;
		show(cx, steps, n);
		shown++;
	}
	evidence_int(cx, "principals", (int64_t)f->count);
	show_relations(cx, f->relations);
	if (critical & CRITICAL_ADMINSDHOLDER)
		evidence_int(
			cx, "protected_objects", (int64_t)graph_protected_objects(cx_model(cx), o));
}

/* The shortest path of a principal may be weak and another of his strong. A template that is
 * perhaps published is found at its better level, and the control in part. */
static int level_of(
	struct check_cx *cx, const struct ad_object *o, unsigned critical, const struct found *f)
{
	if (cx_arg(cx) & BY_PUBLICATION) {
		enum tri published = template_published(cx_model(cx), o);

		if (published == UNKNOWN)
			undecided(cx, NULL, "publication_not_readable");
		return published == YES ? 1 : 2;
	}
	return f->strong || has_strong_path(cx, o, critical) ? 1 : 2;
}

static int found_paths(
	struct check_cx *cx, const struct ad_object *o, unsigned critical, struct found *f)
{
	bool leveled = cx_arg(cx) & (TWO_LEVELS | BY_PUBLICATION);
	int level = leveled ? level_of(cx, o, critical, f) : 0;
	struct graph_reach r = graph_reach_for(cx_model(cx), o, critical, false);

	if (leveled)
		finding_at(cx, o, level);
	else
		finding(cx, o);
	report(cx, o, critical, &r, f);
	*cx_counter(cx, IN_PART) += r.in_part;
	return 0;
}

static int controlled(struct check_cx *cx, const struct ad_object *o)
{
	const struct model *m = cx_model(cx);
	unsigned critical = (unsigned)cx_arg(cx) & TARGETS & graph_watched(m, o);
	const char *reason = NULL;

	/* A domain controller's account is privileged, and has a point of its own. */
	if (!critical || (!(cx_arg(cx) & CRITICAL_DC) && (graph_critical(m, o) & CRITICAL_DC)))
		return passed_over(cx);
	++*cx_counter(cx, EXAMINED);
	enum tri published = cx_arg(cx) & PUBLISHED ? template_published(m, o) : YES;

	if (published == NO)
		return 0;
	struct graph_reach r = graph_reach_for(m, o, critical, false);
	struct found f = weigh_once(cx, o, &r);

	*cx_counter(cx, PROTECTED) += f.protected;
	if (f.count && published == YES)
		return found_paths(cx, o, critical, &f);
	if (f.count)
		return undecided(cx, o, "publication_not_readable");
	if (f.doubt)
		return undecided(cx, o, "ca_host_not_read");
	if (graph_known(m, o, &reason) != YES)
		return undecided(cx, o, reason);
	if ((critical & CRITICAL_DNSADMINS) && group_unread_members(m, o))
		return undecided(cx, o, "members_not_readable");
	return 0;
}

/* ---- was everything there looked at? ---- */

static void say_counts(struct check_cx *cx)
{
	if (*cx_counter(cx, PROTECTED))
		note(cx, arena_printf(cx_arena(cx), "protected_delegates %llu",
				 (unsigned long long)*cx_counter(cx, PROTECTED))
				 .p);
	if (*cx_counter(cx, IN_PART))
		note(cx, "paths_in_part");
}

/* Could anything stand directly below dn that the reader does not see? */
static bool hides_children(const struct model *m, struct str dn)
{
	const struct ad_object *o = NULL;

	/* What is not there is seen not to be, in the nearest place that is. */
	for (unsigned n = 0; !o && dn.n && n < LIMIT_DN_DEPTH; n++) {
		o = model_find_dn(m, dn);
		if (!o)
			dn = dn_parent(dn);
	}
	return !o || model_shows_children(m, o) != YES;
}

/* Every domain has one: where there is none, the source left it out. */
static int one_a_domain(struct check_cx *cx, const struct ad_object *none)
{
	say_counts(cx);
	return *cx_counter(cx, EXAMINED) >= model_domain_count(cx_model(cx))
		       ? 0
		       : undecided(cx, none, "target_not_read");
}

/* Every forest has them. */
static int must_be_there(struct check_cx *cx, const struct ad_object *none)
{
	say_counts(cx);
	return *cx_counter(cx, EXAMINED) ? 0 : undecided(cx, none, "target_not_read");
}

/* A domain without DNS, or whose group has another name: nothing that could be controlled. */
static int may_be_absent(struct check_cx *cx, const struct ad_object *none)
{
	(void)none;
	say_counts(cx);
	return *cx_counter(cx, EXAMINED) ? 0 : not_applicable(cx, "target_absent");
}

/* In these places of the configuration, which a forest may not have. */
static const char *const places_of_keys[] = {
	"CN=Master Root Keys,CN=Group Key Distribution Service,CN=Services,", NULL
};
static const char *const places_of_templates[] = {
	"CN=Certificate Templates,CN=Public Key Services,CN=Services,", NULL
};
static const char *const places_of_pki[] = { "CN=Public Key Services,CN=Services,",
	"CN=Enrollment Services,CN=Public Key Services,CN=Services,",
	"CN=Certification Authorities,CN=Public Key Services,CN=Services,",
	"CN=AIA,CN=Public Key Services,CN=Services,", "CN=CDP,CN=Public Key Services,CN=Services,",
	NULL };

static int seen_in(struct check_cx *cx, const char *const *places)
{
	const struct model *m = cx_model(cx);
	const struct ad_object *none = NULL, *services = find_in_configuration(cx, "CN=Services,");
	const char *reason = NULL;

	if (model_configuration_complete(m, &reason) != YES)
		return undecided(cx, none, reason);
	for (size_t i = 0; services && places[i]; i++) {
		struct str place = arena_printf(
			cx_arena(cx), "%s%.*s", places[i], STR_ARG(dn_parent(services->dn)));

		if (hides_children(m, place))
			return undecided(cx, none, "children_not_listable");
	}
	return may_be_absent(cx, none);
}

static int keys_seen(struct check_cx *cx, const struct ad_object *none)
{
	(void)none;
	return seen_in(cx, places_of_keys);
}

static int templates_seen(struct check_cx *cx, const struct ad_object *none)
{
	const char *reason = NULL;

	/* One that shows its name alone is not told from what is none. */
	if (model_complete(cx_model(cx), AD_CERT_TEMPLATE, &reason) != YES)
		return undecided(cx, none, reason);
	return seen_in(cx, places_of_templates);
}

static int pki_seen(struct check_cx *cx, const struct ad_object *none)
{
	if ((cx_arg(cx) & WATCHED_CA_HOST) && graph_misses_ca_hosts(cx_model(cx)))
		return undecided(cx, none, "ca_host_not_read");
	return seen_in(cx, places_of_pki);
}

/* Does the reader see what stands in this place of each domain? */
static bool seen_in_domains(struct check_cx *cx, const char *place)
{
	const struct model *m = cx_model(cx);

	for (size_t d = 0; d < model_domain_count(m); d++)
		if (hides_children(m, arena_printf(cx_arena(cx), "%s%.*s", place,
					      STR_ARG(model_domain(m, d)->head->dn))))
			return false;
	return true;
}

/* A domain that replicates SYSVOL by NTFRS has none. */
static int dfsr_seen(struct check_cx *cx, const struct ad_object *none)
{
	if (!seen_in_domains(cx, "CN=Domain System Volume,CN=DFSR-GlobalSettings,CN=System,"))
		return undecided(cx, none, "children_not_listable");
	return may_be_absent(cx, none);
}

/* A domain may keep its zones elsewhere. */
static int dns_seen(struct check_cx *cx, const struct ad_object *none)
{
	if (*cx_counter(cx, EXAMINED) < model_domain_count(cx_model(cx)) &&
		!seen_in_domains(cx, "CN=System,"))
		return undecided(cx, none, "children_not_listable");
	return may_be_absent(cx, none);
}

static int secrets_seen(struct check_cx *cx, const struct ad_object *none)
{
	if (!seen_in_domains(cx, "CN=System,"))
		return undecided(cx, none, "children_not_listable");
	return one_a_domain(cx, none);
}

static int places_seen(struct check_cx *cx, const struct ad_object *none)
{
	if (!seen_in_domains(cx, "CN=System,") || !seen_in_domains(cx, ""))
		return undecided(cx, none, "children_not_listable");
	return one_a_domain(cx, none);
}

/* Was this context, or a part of it, left out or refused? */
static bool context_has_gap(const struct model *m, struct str dn)
{
	for (size_t i = 0; i < model_coverage_count(m); i++) {
		struct coverage c = model_coverage_at(m, i);

		if (str_starts(c.need, STR("context ")) &&
			str_ieq((struct str){ c.need.p + 8, c.need.n - 8 }, dn) &&
			(c.state == COVERAGE_DENIED || c.state == COVERAGE_TRUNCATED ||
				c.state == COVERAGE_MALFORMED || c.state == COVERAGE_MISSING))
			return true;
	}
	return false;
}

static int schema_seen(struct check_cx *cx, const struct ad_object *none)
{
	const struct model *m = cx_model(cx);

	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);

		if (!(graph_critical(m, o) & CRITICAL_NC) ||
			!(graph_critical(m, o) & CRITICAL_SCHEMA))
			continue;
		if (context_has_gap(m, o->dn))
			return undecided(cx, none, "not_read_whole");
		if (hides_children(m, o->dn))
			return undecided(cx, none, "children_not_listable");
	}
	/* Its head alone is no schema. */
	if (*cx_counter(cx, EXAMINED) < 2)
		return undecided(cx, none, "target_not_read");
	return must_be_there(cx, none);
}

/* Undecided for the control as a whole. */
static bool untold(struct check_cx *cx, const char *reason)
{
	undecided(cx, NULL, reason);
	return false;
}

/* Every context that the forest's list names, of domains that were read. */
static bool contexts_known(struct check_cx *cx)
{
	const struct model *m = cx_model(cx);
	const char *reason = NULL;

	if (model_configuration_complete(m, &reason) != YES)
		return untold(cx, reason);
	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);
		struct str nc = obj_value(o, ATTR_NC_NAME, 0);
		bool of_dns = str_istarts(nc, STR("DC=DomainDnsZones,")) ||
			      str_istarts(nc, STR("DC=ForestDnsZones,"));

		if (of_dns && !model_find_dn(m, nc) && model_find_dn(m, dn_parent(nc)))
			return untold(cx, "context_missing");
	}
	return true;
}

static int contexts_seen(struct check_cx *cx, const struct ad_object *none)
{
	return contexts_known(cx) ? must_be_there(cx, none) : 0;
}

/* A DN in a domain that was read? */
static bool is_of_read_domain(struct check_cx *cx, struct str dn)
{
	struct str dns = dn_dns_domain(cx_arena(cx), dn);

	for (size_t d = 0; d < model_domain_count(cx_model(cx)); d++)
		if (str_ieq(dns, model_domain(cx_model(cx), d)->dns))
			return true;
	return false;
}

/* Who controls a privileged member that was not read was not looked at; nor, where it is of a
 * domain that was, what is above it or above the members of the group that it may be. */
static bool privileged_members_known(struct check_cx *cx, unsigned targets)
{
	const struct model *m = cx_model(cx);

	for (size_t i = 0; i < model_privileged_unread_count(m); i++)
		if ((targets & CRITICAL_ACCOUNT) ||
			is_of_read_domain(cx, model_privileged_unread(m, i)))
			return false;
	return true;
}

/* Who is privileged decides what is looked at, of these kinds of target. */
static bool privilege_known(struct check_cx *cx, unsigned targets)
{
	const char *reason = NULL;

	if (model_privileged_complete(cx_model(cx), &reason) != YES)
		return untold(cx, reason);
	for (size_t i = 0; i < model_object_count(cx_model(cx)); i++) {
		const struct ad_object *o = model_object(cx_model(cx), i);

		/* Perhaps privileged: then it, or what is above it, was not looked at. */
		if (((KINDS_ACCOUNTS | KIND(AD_USER)) & KIND(o->kind)) &&
			account_privileged(cx_model(cx), o) == UNKNOWN)
			return untold(cx, "privilege_not_readable");
		if ((targets & CRITICAL_GPO) &&
			(o->kind == AD_DOMAIN ||
				(graph_critical(cx_model(cx), o) & CRITICAL_CONTAINER)) &&
			model_readable(cx_model(cx), o, ATTR_GP_LINK) != READABLE)
			return untold(cx, "attribute_not_readable gPLink");
	}
	return privileged_members_known(cx, targets) || untold(cx, "privileged_member_not_read");
}

static int privileged_known(struct check_cx *cx, const struct ad_object *none)
{
	return privilege_known(cx, (unsigned)cx_arg(cx)) ? must_be_there(cx, none) : 0;
}

/* The links decide which policies are looked at. */
static bool policies_known(struct check_cx *cx)
{
	const struct model *m = cx_model(cx);
	const char *reason = NULL;

	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);

		if (o->kind != AD_DOMAIN && !(graph_critical(m, o) & CRITICAL_CONTAINER))
			continue;
		reason = graph_links_gap(m, o);
		if (reason)
			undecided(cx, o, reason);
	}
	if (model_configuration_complete(m, &reason) != YES)
		return untold(cx, reason); /* the sites */
	return true;
}

static bool has_file_rights(const struct gpo_entry *entries, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!entries[i].sd)
			return false;
	return count > 0;
}

/* Ways over files are found where the descriptors of files were read; where they were not, nothing
 * is undecided (docs/controls/interpretations.md), but a run that knew them is not repeated. */
void note_file_rights(struct check_cx *cx)
{
	const struct model *m = cx_model(cx);
	const struct ad_object *const *policies;
	size_t count = model_of_kind(m, AD_GPO, &policies), unread = 0;

	for (size_t i = 0; i < count; i++) {
		const struct gpo_entry *entries;
		size_t n = gpo_entries(m, policies[i], &entries);

		unread += !gpo_files_read(m, policies[i], NULL) || !has_file_rights(entries, n);
	}
	if (unread && unread == count)
		note(cx, "policy_file_rights_not_read");
	else if (unread)
		note(cx, arena_printf(cx_arena(cx), "policy_file_rights_in_part %zu", unread).p);
}

static int links_known(struct check_cx *cx, const struct ad_object *none)
{
	note_file_rights(cx);
	return policies_known(cx) ? privileged_known(cx, none) : 0;
}

/* One of each in every domain. */
static bool domains_known(struct check_cx *cx)
{
	const struct model *m = cx_model(cx);

	for (size_t d = 0; d < model_domain_count(m); d++)
		if (!descriptor_admin_sd_holder(m, model_domain(m, d)))
			return untold(cx, "target_not_read");
	return model_domain_count(m) ? true : untold(cx, "no_domain_head");
}

void path_targets_known(struct check_cx *cx)
{
	if (domains_known(cx) && contexts_known(cx) && policies_known(cx))
		privilege_known(cx, CRITICAL_ACCOUNT | CRITICAL_GPO);
}

/* ---- hyg_dcsync ---- */

static int dcsync(struct check_cx *cx, const struct ad_object *head)
{
	const struct model *m = cx_model(cx);
	struct graph_control c[EVIDENCE_NAMES];
	size_t n = graph_direct(m, head, c, EVIDENCE_NAMES), found = 0;
	const char *reason = NULL;

	for (size_t i = 0; i < n; i++) {
		uint64_t by = c[i].relations & REPLICATES;

		if (!by)
			continue;
		if (!found++)
			finding(cx, head);
		show_principal(cx, &c[i].by);
		show_relations(cx, by);
	}
	if (!found && graph_known(m, head, &reason) != YES)
		return undecided(cx, head, reason);
	return 0;
}

/* ---- table -------------------------------------------------------------------------- */

#define READS                                                                                      \
	{                                                                                          \
		ATTR_MEMBER, ATTR_PRIMARY_GROUP_ID                                                 \
	}

static const struct check rows[] = {
	{ .id = "vuln_permissions_adminsdholder",
		.each = AD_CONTAINER,
		.kinds = KIND(AD_OTHER),
		.scope = SCOPE_NAMED,
		.run = controlled,
		.after = one_a_domain,
		.arg = CRITICAL_ADMINSDHOLDER | TWO_LEVELS },
	{ .id = "vuln_permissions_dc",
		.each = AD_COMPUTER,
		.run = controlled,
		.after = one_a_domain,
		.arg = CRITICAL_DC | TWO_LEVELS },
	{ .id = "vuln_permissions_naming_context",
		.each = AD_DOMAIN,
		.kinds = KIND(AD_OTHER),
		.scope = SCOPE_NAMED,
		.run = controlled,
		.after = contexts_seen,
		.arg = CRITICAL_NC | TWO_LEVELS },
	{ .id = "vuln_permissions_gpo_priv",
		.each = AD_GPO,
		.scope = SCOPE_NAMED,
		.run = controlled,
		.after = links_known,
		.reads = { ATTR_GP_LINK },
		.arg = CRITICAL_GPO },
	{ .id = "vuln_permissions_gpo_container_priv",
		.each = AD_OU,
		.kinds = KIND(AD_OTHER),
		.run = controlled,
		.after = privileged_known,
		.arg = CRITICAL_CONTAINER },
	{ .id = "vuln_privileged_members_perm",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS | KIND(AD_GROUP) | KIND(AD_KRBTGT),
		.run = controlled,
		.after = privileged_known,
		.reads = READS,
		.arg = CRITICAL_ACCOUNT | CRITICAL_GROUP | TWO_LEVELS },
	{ .id = "vuln_permissions_msdns",
		.each = AD_CONTAINER,
		.kinds = KIND(AD_OTHER),
		.scope = SCOPE_NAMED,
		.run = controlled,
		.after = dns_seen,
		.arg = CRITICAL_DNS },
	{ .id = "vuln_dnsadmins",
		.each = AD_GROUP,
		.run = controlled,
		.after = may_be_absent,
		.reads = { ATTR_MEMBER },
		.arg = CRITICAL_DNSADMINS },
	{ .id = "vuln_permissions_dpapi",
		.each = AD_OTHER,
		.scope = SCOPE_NAMED,
		.run = controlled,
		.after = secrets_seen,
		.arg = CRITICAL_DPAPI | TWO_LEVELS },
	{ .id = "vuln_permissions_schema",
		.each = AD_OTHER,
		.scope = SCOPE_NAMED,
		.run = controlled,
		.after = schema_seen,
		.arg = CRITICAL_SCHEMA | TWO_LEVELS },
	{ .id = "vuln_permissions_dfsr_sysvol",
		.each = AD_OTHER,
		.scope = SCOPE_NAMED,
		.run = controlled,
		.after = dfsr_seen,
		.arg = CRITICAL_DFSR | TWO_LEVELS },
	{ .id = "vuln_permissions_gmsa_keys",
		.each = AD_OTHER,
		.scope = SCOPE_NAMED,
		.run = controlled,
		.after = keys_seen,
		.arg = CRITICAL_GMSA_KEY | TWO_LEVELS },
	{ .id = "vuln_adcs_control",
		.each = AD_CERTIFICATION_AUTHORITY,
		.kinds = KIND(AD_ENROLLMENT_SERVICE) | KIND(AD_CONTAINER) | KIND(AD_OTHER),
		.scope = SCOPE_NAMED,
		.run = controlled,
		.after = pki_seen,
		.arg = CRITICAL_PKI },
	{ .id = "vuln_adcs_template_control",
		.each = AD_CERT_TEMPLATE,
		.scope = SCOPE_NAMED,
		.run = controlled,
		.after = templates_seen,
		.reads = { ATTR_CERTIFICATE_TEMPLATES },
		.arg = CRITICAL_TEMPLATE | BY_PUBLICATION },
	{ .id = "hyg_adcs_esc4",
		.each = AD_CERT_TEMPLATE,
		.scope = SCOPE_NAMED,
		.run = controlled,
		.before = needs_ca,
		.after = templates_seen,
		.reads = { ATTR_CERTIFICATE_TEMPLATES },
		.arg = CRITICAL_TEMPLATE | PUBLISHED },
	{ .id = "hyg_adcs_esc5",
		.each = AD_CERTIFICATION_AUTHORITY,
		.kinds = KIND(AD_ENROLLMENT_SERVICE) | KIND(AD_CONTAINER) | KIND(AD_OTHER) |
			 KIND(AD_COMPUTER),
		.scope = SCOPE_NAMED,
		.run = controlled,
		.before = needs_ca,
		.after = pki_seen,
		.arg = CRITICAL_PKI | WATCHED_CA_HOST },
	{ .id = "warning_permissions_specific_containers",
		.each = AD_CONTAINER,
		.kinds = KIND(AD_OU) | KIND(AD_OTHER),
		.scope = SCOPE_NAMED,
		.run = controlled,
		.after = places_seen,
		.arg = WATCHED_PLACE | TWO_LEVELS },
	{ .id = "hyg_dcsync", .each = AD_DOMAIN, .run = dcsync },
};

CHECK_AREA(paths, rows);
