/* Who must use several factors, and what proves that an account does (policy: mfa). */
#include "model/mfa_csv.h"

#include "ad/uac.h"
#include "model/state.h"

static struct str file_name(struct str path)
{
	for (size_t i = path.n; i > 0; i--)
		if (path.p[i - 1] == '/' || path.p[i - 1] == '\\')
			return (struct str){ path.p + i, path.n - i };
	return path;
}

static int load_source(
	struct model *m, struct mfa_source *s, const struct mfa_evidence *from, struct err *err)
{
	struct str file = file_name(from->file);

	s->kind = from->kind;
	switch (from->kind) {
	case MFA_SMARTCARD_REQUIRED:
		s->evidence = STR("smartcard_required");
		break;
	case MFA_KEY_CREDENTIAL:
		s->evidence = STR("key_credential");
		break;
	case MFA_GROUP:
		s->group = scope_resolve(m, "mfa_evidence_group", from->group, true);
		s->evidence = arena_printf(&m->arena, "group:%.*s", STR_ARG(from->group));
		break;
	case MFA_CSV:
		s->account = model_slot(m, from->account_attribute);
		s->evidence = arena_printf(&m->arena, "csv:%.*s", STR_ARG(file));
		return mfa_csv_read(from, &s->csv, err);
	}
	return 0;
}

static void load_wanted(struct model *m, struct mfa_wanted *w, const struct mfa_scope *from)
{
	w->kind = from->kind;
	if (from->kind == MFA_IN_GROUP) {
		w->group = scope_resolve(m, "mfa_required_group", from->name, true);
		w->unresolved = !w->group.object;
	} else if (from->kind == MFA_IN_UNIT) {
		w->unit = scope_unit(m, "mfa_required_unit", from->name, &w->unresolved);
	}
}

int mfa_build(struct model *m, struct err *err)
{
	const struct policy *p = m->policy;

	m->mfa_wanted = ARENA_ARRAY(&m->arena, struct mfa_wanted, p->mfa_required_count);
	for (size_t i = 0; i < p->mfa_required_count; i++)
		load_wanted(m, &m->mfa_wanted[i], &p->mfa_required[i]);
	m->mfa_sources = ARENA_ARRAY(&m->arena, struct mfa_source, p->mfa_evidence_count);
	for (size_t i = 0; i < p->mfa_evidence_count; i++) {
		int rc = load_source(m, &m->mfa_sources[i], &p->mfa_evidence[i], err);

		if (rc)
			return rc;
	}
	return 0;
}

void mfa_free(struct model *m)
{
	for (size_t i = 0; m->mfa_sources && i < m->policy->mfa_evidence_count; i++)
		mfa_csv_free(m->mfa_sources[i].csv);
}

/* Who is in a privileged group whose members could not be read is not known. */
static enum tri is_privileged(const struct model *m, const struct ad_object *o)
{
	enum tri r = account_privileged(m, o);

	return r == NO && m->privileged_gap ? UNKNOWN : r;
}

static enum tri tier_is(const struct model *m, const struct ad_object *o, int tier)
{
	/* An account that is also in a lower tier is no less in this one. */
	if (object_in_tier(m, o, tier))
		return YES;
	if (tier == 0 && is_privileged(m, o) == UNKNOWN)
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
		return is_privileged(m, o);
	case MFA_TIER0:
		return tier_is(m, o, 0);
	case MFA_TIER1:
		return tier_is(m, o, 1);
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

static enum tri in_csv(const struct model *m, const struct mfa_source *s, const struct ad_object *o)
{
	char text[SID_TEXT];
	struct str name = s->account == SLOT_NONE ? STR("") : (struct str){ NULL, 0 };
	const struct ad_value *v = s->account == SLOT_NONE ? NULL : object_slot(o, s->account);

	if (s->account == ATTR_OBJECT_SID)
		name = str_of(sid_text(&o->sid, text));
	else if (v && v->count)
		name = value_list(v)[0];
	if (name.n)
		return mfa_csv_holds(s->csv, name) ? YES : NO;
	if (s->account == SLOT_NONE)
		return UNKNOWN;
	return s->account < ATTR_COUNT && model_readable(m, o, (enum attr)s->account) == READABLE
		       ? NO
		       : UNKNOWN;
}

static enum tri proves(const struct model *m, const struct mfa_source *s, const struct ad_object *o)
{
	switch (s->kind) {
	case MFA_SMARTCARD_REQUIRED:
		if (!obj_has(o, ATTR_USER_ACCOUNT_CONTROL))
			return UNKNOWN;
		return obj_u32(o, ATTR_USER_ACCOUNT_CONTROL) & UAC_SMARTCARD_REQUIRED ? YES : NO;
	case MFA_KEY_CREDENTIAL:
		if (obj_has(o, ATTR_MSDS_KEY_CREDENTIAL_LINK))
			return YES;
		return model_readable(m, o, ATTR_MSDS_KEY_CREDENTIAL_LINK) == READABLE ? NO
										       : UNKNOWN;
	case MFA_GROUP:
		return scope_holds(m, &s->group, o);
	case MFA_CSV:
		return in_csv(m, s, o);
	}
	return UNKNOWN;
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

struct mfa account_mfa(const struct model *m, const struct ad_object *o)
{
	const struct policy *p = m->policy;
	struct mfa r = { .required = NO, .covered = NO, .declared = p->mfa_evidence_count > 0 };

	for (size_t i = 0; i < p->mfa_required_count && r.required != YES; i++) {
		enum tri t = is_wanted(m, &m->mfa_wanted[i], o);

		r.required = t == NO ? r.required : t;
	}
	for (size_t i = 0; i < p->mfa_evidence_count && r.covered != YES; i++) {
		enum tri t = proves(m, &m->mfa_sources[i], o);

		r.covered = t == NO ? r.covered : t;
		if (t == YES)
			r.evidence = m->mfa_sources[i].evidence;
	}
	return r;
}
