/* Who must use several factors, what proves that an account does, and who is excepted (policy:
 * mfa). */
#include "model/mfa_sources.h"

static void load_wanted(struct model *m, struct mfa_wanted *w, const struct mfa_scope *from)
{
	w->kind = from->kind;
	if (from->kind == MFA_IN_GROUP) {
		w->group = scope_resolve(m, "mfa_required_group", from->name, true);
		w->unresolved = !w->group.object;
		w->unread = w->group.object && group_misses_members(m, w->group.object);
	} else if (from->kind == MFA_IN_UNIT) {
		w->unit = scope_unit(m, "mfa_required_unit", from->name, &w->unresolved);
	}
}

static void load_excluded(struct model *m, struct mfa_excluded *x, const struct mfa_exclusion *from)
{
	if (from->reach == REACH_UNIT)
		x->unit = scope_unit(m, "mfa_excluded_unit", from->target, &x->unresolved);
	else if (from->reach == REACH_GROUP)
		x->target = scope_resolve(m, "mfa_excluded_group", from->target, true);
	else
		x->target = scope_resolve(m, "mfa_excluded_object", from->target, false);
}

int mfa_build(struct model *m, struct err *err)
{
	const struct policy *p = m->policy;

	m->mfa_wanted = ARENA_ARRAY(&m->arena, struct mfa_wanted, p->mfa_required_count);
	for (size_t i = 0; i < p->mfa_required_count; i++)
		load_wanted(m, &m->mfa_wanted[i], &p->mfa_required[i]);
	m->mfa_excluded = ARENA_ARRAY(&m->arena, struct mfa_excluded, p->mfa_excluded_count);
	for (size_t i = 0; i < p->mfa_excluded_count; i++)
		load_excluded(m, &m->mfa_excluded[i], &p->mfa_excluded[i]);
	devices_build(m);
	m->mfa_sources = ARENA_ARRAY(&m->arena, struct mfa_source, p->mfa_evidence_count);
	for (size_t i = 0; i < p->mfa_evidence_count; i++)
		if (mfa_source_load(m, &m->mfa_sources[i], &p->mfa_evidence[i], err))
			return err->code;
	return 0;
}

void mfa_free(struct model *m)
{
	for (size_t i = 0; m->mfa_sources && i < m->policy->mfa_evidence_count; i++)
		mfa_source_free(&m->mfa_sources[i]);
	devices_free(m);
}

static enum tri tier_is(const struct model *m, const struct ad_object *o, int tier)
{
	/* An account that is also in a lower tier is no less in this one. */
	if (object_in_tier(m, o, tier))
		return YES;
	if (tier == 0 && account_privileged_whole(m, o) == UNKNOWN)
		return UNKNOWN;
	/* Its primary group may be one of the tier's. */
	if (scope_of_tier(m, tier)->group_count &&
		model_readable(m, o, ATTR_PRIMARY_GROUP_ID) != READABLE)
		return UNKNOWN;
	return scope_of_tier(m, tier)->unresolved ? UNKNOWN : NO;
}

static enum tri below_unit(const struct model *m, struct str unit, const struct ad_object *o)
{
	struct arena scratch = { 0 };
	struct str dn;
	enum tri r = UNKNOWN;

	if (unit.n && dn_canonical(&scratch, m->raw_dn[o->index], &dn))
		r = dn_is_below(dn, unit) ? YES : NO;
	arena_free(&scratch);
	return r;
}

static enum tri is_wanted(
	const struct model *m, const struct mfa_wanted *w, const struct ad_object *o)
{
	enum tri r = UNKNOWN;

	switch (w->kind) {
	case MFA_PRIVILEGED:
		return account_privileged_whole(m, o);
	case MFA_TIER0:
		return tier_is(m, o, 0);
	case MFA_TIER1:
		return tier_is(m, o, 1);
	case MFA_TIER2:
		return tier_is(m, o, 2);
	case MFA_REMOTE_ACCESS:
		r = object_in_population(m, o, POPULATION_REMOTE_ACCESS);
		return r == NO && (!model_population_declared(m, POPULATION_REMOTE_ACCESS) ||
					  model_population_unresolved(m, POPULATION_REMOTE_ACCESS))
			       ? UNKNOWN
			       : r;
	case MFA_ALL:
		return YES;
	case MFA_IN_GROUP:
		return scope_holds(m, &w->group, o);
	case MFA_IN_UNIT:
		r = below_unit(m, w->unit, o);
		break;
	}
	return r == NO && w->unresolved ? UNKNOWN : r;
}

bool model_mfa_is_required(const struct model *m)
{
	return m->policy->mfa_required_count > 0;
}

bool model_mfa_is_required_of_privileged(const struct model *m)
{
	for (size_t i = 0; i < m->policy->mfa_required_count; i++)
		if (m->mfa_wanted[i].kind == MFA_PRIVILEGED || m->mfa_wanted[i].kind == MFA_TIER0)
			return true;
	return false;
}

bool model_mfa_required_misses_members(const struct model *m)
{
	for (size_t i = 0; i < m->policy->mfa_required_count; i++)
		if (m->mfa_wanted[i].unread)
			return true;
	return false;
}

/* ---- exceptions ---- */

static enum tri is_excluded(const struct model *m, size_t i, const struct ad_object *o)
{
	const struct mfa_excluded *x = &m->mfa_excluded[i];
	enum tri r;

	switch (m->policy->mfa_excluded[i].reach) {
	case REACH_UNIT:
		r = below_unit(m, x->unit, o);
		return r != YES && x->unresolved ? NO : r;
	case REACH_GROUP:
		/* A group that is not there excepts nobody. */
		return x->target.object ? scope_holds(m, &x->target, o) : NO;
	case REACH_OBJECT:
	case REACH_ALL:
		break;
	}
	return x->target.object == o ? YES : NO;
}

static void find_exclusion(const struct model *m, const struct ad_object *o, struct mfa *r)
{
	for (size_t i = 0; i < m->policy->mfa_excluded_count && r->excluded != YES; i++) {
		enum tri t = is_excluded(m, i, o);

		r->excluded = t == NO ? r->excluded : t;
		if (t == YES)
			r->exclusion = m->policy->mfa_excluded[i].reason;
	}
}

/* ---- the answer ---- */

static void find_evidence(const struct model *m, const struct ad_object *o, struct mfa *r)
{
	for (size_t i = 0; i < m->policy->mfa_evidence_count; i++) {
		const struct mfa_source *s = &m->mfa_sources[i];
		struct mfa_proof p = mfa_source_proves(m, s, o);

		if (p.covers == YES) {
			r->covered = YES;
			r->source = i;
			r->evidence = s->evidence;
			r->reason = NULL;
			r->weak = (struct str){ NULL, 0 };
			return;
		}
		if (p.covers == UNKNOWN && r->covered == NO) {
			r->covered = UNKNOWN;
			r->reason = p.reason;
		}
		r->export_unclear |= p.covers == UNKNOWN && s->kind == MFA_CSV;
		if (p.weak && !r->weak.n) {
			r->weak = s->evidence;
			r->source = i;
		}
	}
	if (!r->weak.n || !m->policy->mfa_weak_methods)
		return;
	r->covered = YES;
	r->evidence = r->weak;
	r->reason = NULL;
}

struct mfa account_mfa(const struct model *m, const struct ad_object *o)
{
	const struct policy *p = m->policy;
	struct mfa r = { .required = NO, .covered = NO, .declared = p->mfa_evidence_count > 0 };

	for (size_t i = 0; i < p->mfa_required_count && r.required != YES; i++) {
		enum tri t = is_wanted(m, &m->mfa_wanted[i], o);

		r.required = t == NO ? r.required : t;
	}
	find_evidence(m, o, &r);
	find_exclusion(m, o, &r);
	return r;
}

size_t model_mfa_source_count(const struct model *m)
{
	return m->policy->mfa_evidence_count;
}

struct str model_mfa_source(const struct model *m, size_t i)
{
	return m->mfa_sources[i].evidence;
}

bool model_mfa_excludes(const struct model *m)
{
	return m->policy->mfa_excluded_count > 0;
}

bool model_mfa_exports_tell_methods(const struct model *m)
{
	for (size_t i = 0; i < m->policy->mfa_evidence_count; i++) {
		const struct mfa_evidence *e = &m->policy->mfa_evidence[i];

		if (e->kind == MFA_CSV && (e->method_column.n || e->format != MFA_GENERIC))
			return true;
	}
	return false;
}

size_t model_mfa_export_count(const struct model *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->policy->mfa_evidence_count; i++)
		n += m->mfa_sources[i].kind == MFA_CSV;
	return n;
}

struct mfa_export_view model_mfa_export(const struct model *m, size_t i)
{
	for (size_t k = 0; k < m->policy->mfa_evidence_count; k++)
		if (m->mfa_sources[k].kind == MFA_CSV && i-- == 0)
			return (struct mfa_export_view){ &m->policy->mfa_evidence[k],
				mfa_export_roster(m->mfa_sources[k].export) };
	return (struct mfa_export_view){ NULL, NULL };
}

enum tri account_key_in_export(const struct model *m, const struct ad_object *o)
{
	unsigned says = 0;

	for (size_t i = 0; i < m->policy->mfa_evidence_count; i++)
		if (m->mfa_sources[i].kind == MFA_CSV)
			says |= mfa_export_says(m->mfa_sources[i].export, o);
	return says & EXPORT_KEY ? YES : says & EXPORT_MAYBE ? UNKNOWN : NO;
}
