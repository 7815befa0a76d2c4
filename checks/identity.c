/* Whom an account stands for: accounts that several people share, identifiers of carers that are
 * missing or stand twice, and credentials that leaked. */
#include "checks/common.h"
#include "checks/population.h"

/* ---- hyg_shared_accounts ------------------------------------------------------------ */

static int shared_before(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	return population_before(cx, POPULATION_SHARED);
}

static int shared_after(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	return population_after(cx, POPULATION_SHARED);
}

static int shared_account(struct check_cx *cx, const struct ad_object *obj)
{
	if (!population_may_hold(cx, obj, POPULATION_SHARED) ||
		!population_holds(cx, obj, POPULATION_SHARED))
		return 0;
	finding(cx, obj);
	evidence_last_use(cx, obj);
	if (object_in_population(cx_model(cx), obj, POPULATION_REMOTE_ACCESS) == YES)
		evidence_z(cx, "population", policy_population_name(POPULATION_REMOTE_ACCESS));
	return 0;
}

/* ---- identifiers -------------------------------------------------------------------- */

static int identity_before(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	return population_before(cx, POPULATION_IDENTITY);
}

static enum share_part missing_sort(struct check_cx *cx, const struct ad_object *obj)
{
	switch (account_identity(cx_model(cx), obj)) {
	case IDENTITY_OUTSIDE:
		return SHARE_OUTSIDE;
	case IDENTITY_VERIFIED:
		return SHARE_GOOD;
	case IDENTITY_MISSING:
		return SHARE_BAD;
	case IDENTITY_UNKNOWN:
		break;
	}
	/* Whether a good one counts matters to a share, not to "none at all". */
	return cx_int(cx, "max_percent") == 0 && object_has_identifier(cx_model(cx), obj) == YES
		       ? SHARE_GOOD
		       : SHARE_UNREAD;
}

static void missing_show(struct check_cx *cx, const struct ad_object *obj)
{
	struct str refused = object_refused_identifier(cx_model(cx), obj);

	evidence(cx, "attribute", model_identity_attribute(cx_model(cx)));
	if (refused.n)
		evidence(cx, "value", refused);
	else
		evidence_z(cx, "value", "none");
}

static const struct share missing_share = {
	.kinds = KIND(AD_USER),
	.sort = missing_sort,
	.show = missing_show,
	.unread = "identifier_not_readable",
};

static int identity_missing(struct check_cx *cx, const struct ad_object *obj)
{
	return share_count(cx, obj, &missing_share);
}

static int identity_missing_after(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	share_decide(cx, &missing_share);
	return population_after(cx, POPULATION_IDENTITY);
}

/* Each account is looked at for what could hide a second one; the findings come of the list of
 * identifiers that stand on several accounts. */
static int identity_duplicates(struct check_cx *cx, const struct ad_object *obj)
{
	if (object_has_identifier(cx_model(cx), obj) == UNKNOWN)
		return undecided(cx, obj, "identifier_not_readable");
	return 0;
}

/* Does o count as one of the accounts between which an identifier may not be shared? */
static enum tri counts(const struct model *m, const struct ad_object *o)
{
	enum tri enabled = account_enabled(m, o), privileged = account_privileged(m, o);
	enum tri named = account_matches_admin_pattern(m, o);

	if (enabled == NO || privileged == YES || named == YES)
		return NO;
	return enabled == YES && privileged == NO && named == NO ? YES : UNKNOWN;
}

struct holders {
	size_t sure, maybe; /* that count */
	enum tri care;	    /* is one of them of the population? */
};

static struct holders weigh_holders(
	const struct model *m, const struct shared_identifier *identifier)
{
	struct holders h = { .care = NO };

	for (size_t i = 0; i < identifier->count; i++) {
		const struct ad_object *o = identifier->holders[i];
		enum tri counted = counts(m, o), care;

		h.sure += counted == YES;
		h.maybe += counted == UNKNOWN;
		care = counted == NO ? NO : object_in_population(m, o, POPULATION_IDENTITY);
		if (care == YES || (care == UNKNOWN && h.care == NO))
			h.care = care;
	}
	return h;
}

/* A value that a whole hospital carries by mistake is shown on each of its accounts. */
#define HOLDERS_SHOWN 10

/* The first accounts with the identifier that are not disabled, one more than is shown. */
static size_t first_holders(const struct model *m, const struct shared_identifier *identifier,
	const struct ad_object *first[HOLDERS_SHOWN + 1])
{
	size_t n = 0;

	for (size_t i = 0; i < identifier->count && n <= HOLDERS_SHOWN; i++)
		if (account_enabled(m, identifier->holders[i]) != NO)
			first[n++] = identifier->holders[i];
	return n;
}

/* The others among them. */
static void evidence_holders(struct check_cx *cx, const struct ad_object *const *first, size_t n,
	const struct ad_object *of)
{
	size_t shown = 0;

	for (size_t i = 0; i < n && shown < HOLDERS_SHOWN; i++) {
		if (first[i] == of)
			continue;
		evidence(cx, counts(cx_model(cx), first[i]) == NO ? "admin_account" : "also_on",
			first[i]->name);
		shown++;
	}
}

static void judge_identifier(struct check_cx *cx, const struct shared_identifier *identifier)
{
	const struct model *m = cx_model(cx);
	struct holders h = weigh_holders(m, identifier);
	const struct ad_object *first[HOLDERS_SHOWN + 1];
	size_t n;

	if (h.sure + h.maybe < 2 || h.care == NO)
		return;
	n = first_holders(m, identifier, first);
	for (size_t i = 0; i < identifier->count; i++) {
		const struct ad_object *o = identifier->holders[i];
		enum tri counted = counts(m, o);

		if (counted == NO)
			continue;
		if (h.sure < 2 || h.care == UNKNOWN || counted == UNKNOWN) {
			undecided(cx, o, "identifier_holder_not_known");
			continue;
		}
		finding(cx, o);
		evidence(cx, "identifier", identifier->value);
		evidence_holders(cx, first, n, o);
	}
}

static int identity_duplicates_after(struct check_cx *cx, const struct ad_object *obj)
{
	const struct shared_identifier *list;
	size_t count = model_shared_identifiers(cx_model(cx), &list);

	(void)obj;
	for (size_t i = 0; i < count; i++)
		judge_identifier(cx, &list[i]);
	return population_after(cx, POPULATION_IDENTITY);
}

/* ---- hyg_leaked_not_changed --------------------------------------------------------- */

static int leaks_before(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	return model_leaks_declared(cx_model(cx)) ? 0 : not_applicable(cx, "leaks_not_declared");
}

#define LEVEL_EXPOSED 1 /* privileged, or may come in from outside */
#define LEVEL_OTHERS 2

static int show_leak(struct check_cx *cx, const struct ad_object *obj, const struct leak *leak)
{
	const struct model *m = cx_model(cx);
	bool remote = object_in_population(m, obj, POPULATION_REMOTE_ACCESS) == YES;
	bool exposed = remote || account_privileged(m, obj) == YES;

	finding_at(cx, obj, exposed ? LEVEL_EXPOSED : LEVEL_OTHERS);
	evidence_date(cx, "leaked", leak->from);
	evidence_date(cx, "password_set", obj_time(obj, ATTR_PWD_LAST_SET));
	evidence_int(cx, "line", (int64_t)leak->line);
	if (remote)
		evidence_z(cx, "population", policy_population_name(POPULATION_REMOTE_ACCESS));
	evidence_privilege_path(cx, obj);
	return 0;
}

static int leaked(struct check_cx *cx, const struct ad_object *obj)
{
	struct leak leak = account_leak(cx_model(cx), obj);
	const char *reason;

	if (leak.state == LEAK_NONE)
		return passed_over(cx);
	switch (leaked_password_kept(cx_model(cx), obj, &leak, &reason)) {
	case YES:
		return show_leak(cx, obj, &leak);
	case UNKNOWN:
		return reason || readable(cx, obj, ATTR_PWD_LAST_SET) ? undecided(cx, obj, reason)
								      : 0;
	case NO:
		break;
	}
	return 0;
}

/* ---- table -------------------------------------------------------------------------- */

static const struct param_spec percent_params[] = {
	{ "max_percent", PARAM_INT, 0, 100, 0 },
	{ 0 },
};

static const struct check rows[] = {
	{ .id = "hyg_leaked_not_changed",
		.each = AD_USER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_PWD_LAST_SET, ATTR_MAIL, ATTR_USER_PRINCIPAL_NAME,
			ATTR_SAM_ACCOUNT_NAME },
		.run = leaked,
		.before = leaks_before },
	{ .id = "hyg_identity_missing",
		.each = AD_USER,
		.reads = { ATTR_USER_ACCOUNT_CONTROL, ATTR_PRIMARY_GROUP_ID, ATTR_MEMBER },
		.run = identity_missing,
		.before = identity_before,
		.after = identity_missing_after,
		.params = percent_params },
	{ .id = "hyg_identity_duplicates",
		.each = AD_USER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_PRIMARY_GROUP_ID, ATTR_MEMBER },
		.run = identity_duplicates,
		.before = identity_before,
		.after = identity_duplicates_after },
	{ .id = "hyg_shared_accounts",
		.each = AD_USER,
		.scope = SCOPE_ENABLED | SCOPE_UNPRIVILEGED,
		.reads = { ATTR_PRIMARY_GROUP_ID, ATTR_MEMBER },
		.run = shared_account,
		.before = shared_before,
		.after = shared_after },
};

CHECK_AREA(identity, rows);
