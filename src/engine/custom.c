/*
 * A site's own controls: an LDAP filter over an object's attributes and the derived ones below.
 * To the rest of the engine they are rows like any other.
 */
#include "engine/internal.h"

#include "base/datetime.h"
#include "base/utf8.h"
#include "policy/filter.h"

#define CUSTOM_EVIDENCE_VALUES 3
#define CUSTOM_EVIDENCE_BYTES 256

/* The object at hand, and the first attribute that could not be read on it. */
struct custom_cx {
	struct check_cx *cx;
	const struct ad_object *obj;
	struct str unread;
};

/* What a derived attribute gives: 1 with *number, 0 absent, -1 not known. */
typedef int derive_fn(const struct model *m, const struct ad_object *o, int64_t *number);

static int from_tri(enum tri t, int64_t *number)
{
	*number = t == YES;
	return t == UNKNOWN ? -1 : 1;
}

static int derive_enabled(const struct model *m, const struct ad_object *o, int64_t *number)
{
	return from_tri(account_enabled(m, o), number);
}

static int derive_privileged(const struct model *m, const struct ad_object *o, int64_t *number)
{
	enum tri t = account_privileged(m, o);

	/* "Not privileged" is only known when every privileged group could be read. */
	if (t == NO && model_privileged_complete(m, NULL) != YES)
		t = UNKNOWN;
	return from_tri(t, number);
}

static int derive_tier(const struct model *m, const struct ad_object *o, int64_t *number)
{
	*number = object_tier(m, o);
	return *number == TIER_NONE ? 0 : 1;
}

static int derive_logon(const struct model *m, const struct ad_object *o, int64_t *number)
{
	struct logon l = account_last_logon(m, o);

	if (l.state == LOGON_AT)
		*number = (model_now(m) - l.at) / SECONDS_PER_DAY;
	return l.state == LOGON_AT ? 1 : l.state == LOGON_NEVER ? 0 : -1;
}

static int derive_password_age(const struct model *m, const struct ad_object *o, int64_t *number)
{
	int64_t at = model_past_time(m, o, ATTR_PWD_LAST_SET);

	if (model_readable(m, o, ATTR_PWD_LAST_SET) != READABLE)
		return -1;
	if (at == INT64_MIN)
		return obj_i64(o, ATTR_PWD_LAST_SET) ? -1 : 0;
	*number = (model_now(m) - at) / SECONDS_PER_DAY;
	return 1;
}

static int derive_mfa(const struct model *m, const struct ad_object *o, int64_t *number)
{
	struct mfa mfa = account_mfa(m, o);

	return from_tri(mfa.declared ? mfa.covered : UNKNOWN, number);
}

static int derive_mfa_required(const struct model *m, const struct ad_object *o, int64_t *number)
{
	return from_tri(account_mfa(m, o).required, number);
}

static int effective(const struct password_policy *p, bool known)
{
	return p->source == POLICY_NONE ? 0 : known ? 1 : -1;
}

static int derive_min_length(const struct model *m, const struct ad_object *o, int64_t *number)
{
	struct password_policy p = account_password_policy(m, o);

	*number = p.min_length;
	return effective(&p, p.length_known);
}

static int derive_complexity(const struct model *m, const struct ad_object *o, int64_t *number)
{
	struct password_policy p = account_password_policy(m, o);

	*number = p.complexity;
	return effective(&p, p.complexity_known);
}

static int derive_max_age(const struct model *m, const struct ad_object *o, int64_t *number)
{
	struct password_policy p = account_password_policy(m, o);

	*number = p.max_age / SECONDS_PER_DAY;
	return p.max_age_known && p.max_age <= 0 ? 0 : effective(&p, p.max_age_known);
}

static const struct derived {
	const char *name;
	derive_fn *derive;
	bool truth; /* written TRUE or FALSE */
	bool any;   /* of any object, not only of accounts */
} derived[] = {
	{ "x-daysSinceLogon", derive_logon, false, false },
	{ "x-enabled", derive_enabled, true, false },
	{ "x-maxPasswordAgeDays", derive_max_age, false, false },
	{ "x-mfa", derive_mfa, true, false },
	{ "x-mfaRequired", derive_mfa_required, true, false },
	{ "x-minPasswordLength", derive_min_length, false, false },
	{ "x-passwordAgeDays", derive_password_age, false, false },
	{ "x-passwordComplexity", derive_complexity, true, false },
	{ "x-privileged", derive_privileged, true, false },
	{ "x-tier", derive_tier, false, true },
};

static const struct derived *find_derived(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(derived); i++)
		if (str_ieq(name, str_of(derived[i].name)))
			return &derived[i];
	return NULL;
}

bool custom_attribute_known(struct str name)
{
	return !str_istarts(name, STR("x-")) || find_derived(name);
}

static int get_derived(const struct custom_cx *c, const struct derived *d,
	const struct str **values, size_t *count)
{
	struct arena *a = cx_arena(c->cx);
	struct str *value = ARENA_NEW(a, struct str);
	int64_t number = 0;
	int rc = 0;

	if (d->any || kind_is_account(c->obj->kind))
		rc = d->derive(cx_model(c->cx), c->obj, &number);
	if (rc != 1)
		return rc;
	if (d->truth)
		*value = number ? STR("TRUE") : STR("FALSE");
	else
		*value = arena_printf(a, "%lld", (long long)number);
	*values = value;
	*count = 1;
	return 1;
}

static int get(void *cx, struct str attribute, const struct str **values, size_t *count)
{
	struct custom_cx *c = cx;
	const struct model *m = cx_model(c->cx);
	const struct derived *d = find_derived(attribute);
	int rc;

	if (d)
		rc = get_derived(c, d, values, count);
	else if (obj_by_name(m, c->obj, attribute, values, count))
		rc = 1;
	else
		rc = model_readable_name(m, c->obj, attribute) == READABLE ? 0 : -1;
	if (rc < 0 && !c->unread.p)
		c->unread = attribute;
	return rc;
}

/* Are all memberships below group known? Only then "not in it" is known. */
static bool chain_readable(const struct model *m, const struct ad_object *group)
{
	if (model_complete(m, AD_GROUP, NULL) != YES)
		return false;
	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *g = model_object(m, i);

		if (g->kind != AD_GROUP || (g != group && !object_in_group(m, g, group)))
			continue;
		if (model_readable(m, g, ATTR_MEMBER) != READABLE)
			return false;
	}
	return true;
}

static enum filter_result in_chain(void *cx, struct str attribute, struct str dn)
{
	struct custom_cx *c = cx;
	const struct model *m = cx_model(c->cx);
	const struct ad_object *other = model_find_dn(m, dn);
	bool up = str_ieq(attribute, STR("memberOf"));
	const struct ad_object *group = up ? other : c->obj;
	const struct ad_object *member = up ? c->obj : other;

	if (up || str_ieq(attribute, STR("member"))) {
		if (group && member && object_in_group(m, member, group))
			return FILTER_TRUE;
		if (group && member && chain_readable(m, group))
			return FILTER_FALSE;
	}
	if (!c->unread.p)
		c->unread = attribute;
	return FILTER_UNDEFINED;
}

/* A few values of each attribute that the filter names: why the object was found. */
static void show_attribute(void *cx, struct str name)
{
	struct custom_cx *c = cx;
	const struct str *values = NULL;
	size_t count = 0;
	char key[64];

	if (name.n >= sizeof(key) || get(c, name, &values, &count) != 1)
		return;
	memcpy(key, name.p, name.n);
	key[name.n] = '\0';
	for (size_t i = 0; i < count && i < CUSTOM_EVIDENCE_VALUES; i++)
		if (values[i].n <= CUSTOM_EVIDENCE_BYTES && utf8_clean(values[i]))
			evidence(c->cx, key, values[i]);
}

static int run_filter(struct check_cx *cx, const struct ad_object *obj)
{
	const struct custom_control *control = cx->control->custom;
	struct custom_cx c = { .cx = cx, .obj = obj };
	struct filter_source source = { &c, get, in_chain };

	switch (filter_match(control->parsed, &source)) {
	case FILTER_TRUE:
		finding(cx, obj);
		filter_attributes(control->parsed, show_attribute, &c);
		break;
	case FILTER_UNDEFINED: {
		struct str reason = arena_printf(
			cx_arena(cx), "attribute_not_readable %.*s", STR_ARG(c.unread));

		undecided(cx, obj, reason.p);
		break;
	}
	case FILTER_FALSE:
		break;
	}
	return 0;
}

struct check custom_check(const struct custom_control *c)
{
	struct check check = { .run = run_filter };

	ad_kind_parse(c->each, &check.each); /* engine_bind() refused what is none */
	return check;
}
