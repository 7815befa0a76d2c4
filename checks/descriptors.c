#include "checks/common.h"

#include "ad/sddl.h"
#include "base/datetime.h"
#include "model/descriptor_marks.h"
#include "model/graph.h"
#include "model/schema_classes.h"

#define ALL_KINDS ((1u << AD_KIND_COUNT) - 1)

enum { STARTED, EXAMINED, SHOWN }; /* counters */

/* Rows over everything have AD_FOREST too, whose object is Partitions; where that was not read the
 * engine gives another in its place, first of all, which comes again as what it is. */
static bool is_stand_in(struct check_cx *cx, const struct ad_object *o)
{
	return ++*cx_counter(cx, STARTED) == 1 && o->kind != AD_FOREST;
}

static int without_descriptor(struct check_cx *cx, const struct ad_object *o)
{
	return undecided(cx, o,
		o->sd == SNAPSHOT_NO_DESCRIPTOR ? "descriptor_not_readable" : "descriptor_damaged");
}

/* The object's descriptor, or NULL: then it is undecided. */
static const struct secdesc *whole_descriptor(struct check_cx *cx, const struct ad_object *o)
{
	const struct secdesc *sd = model_descriptor(cx_model(cx), o, cx_arena(cx));

	if (!sd)
		without_descriptor(cx, o);
	return sd;
}

static void show_trustee(struct check_cx *cx, const struct sid *s)
{
	const struct ad_object *o = model_find_sid(cx_model(cx), s);
	const char *name = wellknown_name(s);
	char text[SID_TEXT];

	if (o && o->kind != AD_FSP)
		evidence(cx, "principal", o->name);
	else
		evidence(cx, "principal",
			str_of(name ? name : arena_strdup(cx_arena(cx), sid_text(s, text))));
}

static void show_ace(struct check_cx *cx, const struct ace *ace)
{
	show_trustee(cx, &ace->sid);
	evidence(cx, "ace", ace_to_sddl(cx_arena(cx), ace));
}

/* ---- entries with a mark ------------------------------------------------------------ */

static int marked(struct check_cx *cx, const struct ad_object *o)
{
	const struct model *m = cx_model(cx);
	unsigned mark = (unsigned)cx_arg(cx);
	size_t shown = 0;

	/* Rights of replication mean something on heads of naming contexts only. */
	if (mark == MARK_REPLICATION ? !(graph_critical(m, o) & CRITICAL_NC) : is_stand_in(cx, o))
		return passed_over(cx);
	unsigned marks = descriptor_marks(m, o);

	if (marks & MARK_MISSING)
		return without_descriptor(cx, o);
	if (!(marks & mark)) {
		if (mark == MARK_NOBODY && (marks & MARK_UNTOLD))
			return undecided(cx, o, "principal_not_read");
		return marks & MARK_IN_PART ? undecided(cx, o, "descriptor_damaged") : 0;
	}
	const struct secdesc *sd = whole_descriptor(cx, o);

	finding(cx, o);
	for (size_t i = 0; sd && i < sd->dacl_count && shown < EVIDENCE_NAMES; i++)
		if (descriptor_ace_stands(m, o, i, mark)) {
			show_ace(cx, &sd->dacl[i]);
			shown++;
		}
	return 0;
}

/* What holds no kind of its own, such as the schema, holds objects all the same. */
static int everything_examined(struct check_cx *cx, const struct ad_object *none)
{
	const char *reason = NULL;

	return model_contexts_complete(cx_model(cx), &reason) == YES ? 0
								     : undecided(cx, none, reason);
}

/* Every domain has a head: where none was read, nothing was. */
static int heads_examined(struct check_cx *cx, const struct ad_object *none)
{
	const char *reason = NULL;

	if (model_configuration_complete(cx_model(cx), &reason) != YES)
		return undecided(cx, none, reason);
	return 0;
}

/* ---- descriptors that were not read ------------------------------------------------- */

static int find_descriptors(struct check_cx *cx, const struct ad_object *none)
{
	const struct model *m = cx_model(cx);

	(void)none;
	for (size_t i = 0; i < model_object_count(m) && !*cx_counter(cx, SHOWN); i++)
		*cx_counter(cx, SHOWN) = model_has_descriptor(m, model_object(m, i));
	return 0;
}

/* A source without any descriptor was not asked for them: nothing is wrong with the object. */
static int failed_sd_read(struct check_cx *cx, const struct ad_object *o)
{
	if (is_stand_in(cx, o))
		return passed_over(cx);
	if (model_has_descriptor(cx_model(cx), o))
		return 0;
	if (!*cx_counter(cx, SHOWN))
		return undecided(cx, o, "attribute_not_collected nTSecurityDescriptor");
	if (model_known_in_part(cx_model(cx), o))
		return undecided(cx, o, "descriptor_not_readable");
	finding(cx, o);
	evidence_z(cx, "descriptor", o->sd == SNAPSHOT_NO_DESCRIPTOR ? "absent" : "damaged");
	return 0;
}

/* What AD puts on every account: without it the object was read with fewer rights, whoever read. */
static int lacks_what_all_have(struct check_cx *cx, const struct ad_object *o)
{
	bool account = KIND(o->kind) & (KIND(AD_USER) | KINDS_ACCOUNTS | KIND(AD_KRBTGT));

	if (account && model_readable(cx_model(cx), o, ATTR_USER_ACCOUNT_CONTROL) == NOT_READABLE) {
		finding(cx, o);
		evidence_z(cx, "attribute", attr_table[ATTR_USER_ACCOUNT_CONTROL].ldap);
		return 0;
	}
	return undecided(cx, o, "reader_unknown");
}

/* .arg: objects of tier 0 alone. */
static int read_in_part(struct check_cx *cx, const struct ad_object *o)
{
	const struct model *m = cx_model(cx);
	enum attr missing[ATTR_COUNT];
	size_t n, alike = 1;

	if (is_stand_in(cx, o) || (cx_arg(cx) && !graph_critical(m, o)))
		return passed_over(cx);
	++*cx_counter(cx, EXAMINED);
	if (!descriptor_reader_known(m))
		return lacks_what_all_have(cx, o);
	if (!model_has_descriptor(m, o))
		return without_descriptor(cx, o);
	n = descriptor_unreadable(m, o, missing, ATTR_COUNT);
	/* Thousands of accounts inherit the same rights: one cause is one finding. */
	if (!n || (!cx_arg(cx) && descriptor_first_like(m, o, &alike) != o))
		return 0;
	finding(cx, o);
	for (size_t i = 0; i < n && i < EVIDENCE_NAMES; i++)
		evidence_z(cx, "attribute", attr_table[missing[i]].ldap);
	if (alike > 1)
		evidence_int(cx, "same_rights", (int64_t)alike);
	return 0;
}

static int some_examined(struct check_cx *cx, const struct ad_object *none)
{
	const char *reason = NULL;

	/* Who is tier 0 depends on who is in its groups. */
	if (cx_arg(cx) && model_privileged_complete(cx_model(cx), &reason) != YES)
		return undecided(cx, none, reason);
	return *cx_counter(cx, EXAMINED) ? everything_examined(cx, none)
					 : undecided(cx, none, "target_not_read");
}

/* ---- warning_tool_version ----------------------------------------------------------- */

/* The latest ORADAD that this program knows, and when it was published (its release page). */
static const int64_t oradad_latest[] = { 3, 6, 218 };
#define ORADAD_LATEST "3.6.218"
#define ORADAD_LATEST_DAY "2025-10-03"
/* ORADAD itself asks for confirmation when it is older. */
#define ORADAD_DAYS 200

/* ANSSI's point is about ORADAD; what this program reads itself has no such version. */
static int tool_before(struct check_cx *cx, const struct ad_object *none)
{
	(void)none;
	if (!str_eq(model_source(cx_model(cx)), STR("oradad")))
		return not_applicable(cx, "not_read_by_oradad");
	return 0;
}

/* Below 0: older than the latest; false: text is no version. */
static bool compare_version(struct str text, int *order)
{
	*order = 0;
	for (size_t i = 0; i < ARRAY_LEN(oradad_latest); i++) {
		struct str word = str_cut(text, '.', &text);
		int64_t n;

		if (!str_to_i64(word, &n) || n < 0)
			return false;
		if (!*order)
			*order = (n > oradad_latest[i]) - (n < oradad_latest[i]);
	}
	return true;
}

static int tool_version(struct check_cx *cx, const struct ad_object *forest)
{
	const struct model *m = cx_model(cx);
	struct str version = model_oradad_version(m);
	int64_t published;
	int order;

	if (!compare_version(version, &order))
		return undecided(cx, forest, "oradad_version_not_read");
	if (order < 0) {
		finding(cx, forest);
		evidence(cx, "version", version);
		evidence_z(cx, "oradad_latest", ORADAD_LATEST);
		return 0;
	}
	/* By then there may have been a later one. */
	if (!order && datetime_parse(STR(ORADAD_LATEST_DAY), &published) &&
		model_collected_at(m) > published + ORADAD_DAYS * SECONDS_PER_DAY)
		return undecided(cx, forest, "oradad_version_may_be_old " ORADAD_LATEST);
	return 0;
}

/* ---- AdminSDHolder ------------------------------------------------------------------ */

static int holder_protected(struct check_cx *cx, const struct ad_object *head)
{
	const struct ad_object *holder = descriptor_admin_sd_holder(cx_model(cx), head->domain);
	const struct secdesc *sd;

	if (!holder)
		return undecided(cx, head, "target_not_read");
	sd = whole_descriptor(cx, holder);
	if (!sd || ((sd->control & SD_DACL_PROTECTED) && sd->has_dacl))
		return 0;
	finding(cx, holder);
	evidence_z(cx, "dacl", sd->has_dacl ? "inherits" : "absent");
	return 0;
}

/* As vuln_privileged_members_no_admincount: SDProp comes every hour, and not to DC computers. */
static int not_protected(struct check_cx *cx, const struct ad_object *o)
{
	const char *reason = NULL;

	if (is_dc_computer(o) || obj_time(o, ATTR_WHEN_CREATED) > cx_now(cx) - 3600)
		return passed_over(cx);
	switch (descriptor_is_protected(cx_model(cx), o, &reason)) {
	case YES:
		return 0;
	case UNKNOWN:
		return undecided(cx, o, reason);
	case NO:
		break;
	}
	if (!account_privileged_for_an_hour(cx_model(cx), o))
		return undecided(cx, o, "membership_changed_recently");
	const struct secdesc *sd = model_descriptor(cx_model(cx), o, cx_arena(cx));

	finding(cx, o);
	evidence_z(cx, "dacl", sd->control & SD_DACL_PROTECTED ? "differs" : "inherits");
	evidence_privilege_path(cx, o);
	return 0;
}

/* ---- organizational units ----------------------------------------------------------- */

static int missing_list(struct check_cx *cx, const struct ad_object *unit)
{
	const char *reason = NULL;

	switch (descriptor_users_may_list(cx_model(cx), unit, &reason)) {
	case YES:
		break;
	case UNKNOWN:
		return undecided(cx, unit, reason);
	case NO:
		finding(cx, unit);
		break;
	}
	return 0;
}

static int protected_unit(struct check_cx *cx, const struct ad_object *unit)
{
	const struct secdesc *sd = whole_descriptor(cx, unit);

	if (sd && (sd->control & SD_DACL_PROTECTED))
		finding(cx, unit);
	return 0;
}

/* ---- schema ------------------------------------------------------------------------- */

/* Is o a class of the schema that objects may have? */
static bool is_class(struct check_cx *cx, const struct ad_object *o)
{
	if (!has_class(o, "classSchema")) {
		passed_over(cx);
		return false;
	}
	++*cx_counter(cx, EXAMINED);
	return readable(cx, o, ATTR_IS_DEFUNCT) && !obj_bool(o, ATTR_IS_DEFUNCT);
}

static int schema_examined(struct check_cx *cx, const struct ad_object *none)
{
	static const char *const some[] = { "user", "computer", "group", "container" };

	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++)
		if (!schema_class(cx_model(cx), str_of(some[i])))
			return undecided(cx, none, "schema_not_read");
	return everything_examined(cx, none);
}

/* An account or group of one domain: a default of the schema names none. */
static bool is_of_one_domain(const struct sid *s)
{
	return sid_is_domain_principal(s) && sid_rid(s) >= 1000;
}

static bool is_modified(const struct ace *ace)
{
	if (ace->type != ACE_ACCESS_ALLOWED && ace->type != ACE_ACCESS_ALLOWED_OBJECT)
		return false;
	return is_of_one_domain(&ace->sid) ||
	       (descriptor_ace_controls(ace) && !descriptor_default_holder(&ace->sid));
}

static int default_sd(struct check_cx *cx, const struct ad_object *o)
{
	/* For aliases such as DA, which the schema writes for whatever domain it will be. */
	static const struct sid domain = { 1, 4, 5, { 21, 1, 1, 1 } };
	struct secdesc sd;
	struct str bytes;
	size_t shown = 0;

	if (!is_class(cx, o) || !readable(cx, o, ATTR_DEFAULT_SECURITY_DESCRIPTOR) ||
		!obj_has(o, ATTR_DEFAULT_SECURITY_DESCRIPTOR))
		return 0;
	if (!sddl_to_bytes(cx_arena(cx), obj_value(o, ATTR_DEFAULT_SECURITY_DESCRIPTOR, 0), &domain,
		    &bytes) ||
		!secdesc_parse(cx_arena(cx), bytes, &sd))
		return undecided(cx, o, "descriptor_damaged");
	for (size_t i = 0; i < sd.dacl_count && shown < EVIDENCE_NAMES; i++) {
		if (!is_modified(&sd.dacl[i]))
			continue;
		if (!shown++)
			finding(cx, o);
		show_ace(cx, &sd.dacl[i]);
	}
	return 0;
}

static int poss_superiors(struct check_cx *cx, const struct ad_object *o)
{
	struct str below, holds;

	if (!is_class(cx, o))
		return 0;
	switch (schema_class_is_ladder(cx_model(cx), o, &below, &holds)) {
	case NO:
		break;
	case UNKNOWN:
		return undecided(cx, o, "schema_not_read");
	case YES:
		finding(cx, o);
		evidence(cx, "created_below", below);
		evidence(cx, "may_hold", holds);
		break;
	}
	return 0;
}

/* ---- table -------------------------------------------------------------------------- */

#define OVER_EVERYTHING .each = AD_FOREST, .kinds = ALL_KINDS

static const struct check rows[] = {
	{ .id = "warning_sd_anonymous_control",
		OVER_EVERYTHING,
		.run = marked,
		.after = everything_examined,
		.arg = MARK_ANONYMOUS_CONTROL },
	{ .id = "warning_sd_deny_read",
		OVER_EVERYTHING,
		.run = marked,
		.after = everything_examined,
		.arg = MARK_DENIES_READ },
	{ .id = "warning_sd_generic_perm",
		OVER_EVERYTHING,
		.run = marked,
		.after = everything_examined,
		.arg = MARK_GENERIC },
	{ .id = "warning_sd_repl_perm",
		.each = AD_DOMAIN,
		.kinds = KIND(AD_OTHER),
		.run = marked,
		.after = heads_examined,
		.arg = MARK_REPLICATION },
	{ .id = "warning_sd_unknown_sid",
		OVER_EVERYTHING,
		.run = marked,
		.after = everything_examined,
		.reads = { ATTR_SECURITY_IDENTIFIER, ATTR_TRUST_ATTRIBUTES, ATTR_SID_HISTORY },
		.arg = MARK_NOBODY },
	{ .id = "warning_sd_failed_sd_read",
		OVER_EVERYTHING,
		.before = find_descriptors,
		.run = failed_sd_read,
		.after = everything_examined },
	{ .id = "warning_dump_error_rp",
		OVER_EVERYTHING,
		.run = read_in_part,
		.reads = { ATTR_USER_ACCOUNT_CONTROL },
		.after = some_examined },
	{ .id = "warning_dump_error_vuln_rp",
		OVER_EVERYTHING,
		.run = read_in_part,
		.reads = { ATTR_USER_ACCOUNT_CONTROL },
		.after = some_examined,
		.arg = 1 },
	{ .id = "warning_sd_adminsdholder_protec", .each = AD_DOMAIN, .run = holder_protected },
	{ .id = "warning_privileged_members_no_adminsdholder",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS,
		.scope = SCOPE_ENABLED | SCOPE_PRIVILEGED,
		.reads = { ATTR_WHEN_CREATED },
		.run = not_protected },
	{ .id = "warning_schema_default_sd",
		.each = AD_OTHER,
		.run = default_sd,
		.reads = { ATTR_DEFAULT_SECURITY_DESCRIPTOR, ATTR_IS_DEFUNCT },
		.after = schema_examined },
	{ .id = "warning_schema_posssuperiors",
		.each = AD_OTHER,
		.run = poss_superiors,
		.reads = { ATTR_POSS_SUPERIORS, ATTR_SYSTEM_POSS_SUPERIORS, ATTR_SUB_CLASS_OF,
			ATTR_AUXILIARY_CLASS, ATTR_SYSTEM_AUXILIARY_CLASS, ATTR_IS_DEFUNCT },
		.after = schema_examined },
	{ .id = "warning_tool_version",
		.each = AD_FOREST,
		.before = tool_before,
		.run = tool_version },
	{ .id = "info_sd",
		OVER_EVERYTHING,
		.run = marked,
		.after = everything_examined,
		.arg = MARK_ANONYMOUS },
	{ .id = "info_sd_missing_au_lc",
		.each = AD_OU,
		.run = missing_list,
		.reads = { ATTR_MEMBER } },
	{ .id = "info_sd_protected_ou", .each = AD_OU, .run = protected_unit },
};

CHECK_AREA(descriptors, rows);
