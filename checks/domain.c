#include "checks/common.h"

/* ---- vuln_functional_level ---------------------------------------------------------- */

/* The forest's msDS-Behavior-Version stands on CN=Partitions; the rootDSE repeats it. forest is
 * either of them, or a domain head, which does not know it. -1: not read. */
static int64_t forest_level(const struct model *m, const struct ad_object *forest)
{
	const struct ad_object *dse = model_rootdse(m);
	bool partitions = forest != dse && forest->kind != AD_DOMAIN;

	if (partitions && obj_has(forest, ATTR_MSDS_BEHAVIOR_VERSION))
		return obj_i64(forest, ATTR_MSDS_BEHAVIOR_VERSION);
	if (dse && obj_has(dse, ATTR_FOREST_FUNCTIONALITY))
		return obj_i64(dse, ATTR_FOREST_FUNCTIONALITY);
	/* Absent is Windows 2000 (MS-ADTS 6.1.4.4). */
	if (partitions && model_readable(m, forest, ATTR_MSDS_BEHAVIOR_VERSION) == READABLE)
		return 0;
	return -1;
}

static void evidence_domain_levels(struct check_cx *cx)
{
	const struct model *m = cx_model(cx);

	for (size_t i = 0; i < model_domain_count(m); i++) {
		const struct ad_domain *d = model_domain(m, i);

		if (d->functional_level >= 0)
			evidence(cx, "domain_level",
				arena_printf(cx_arena(cx), "%.*s=%d", STR_ARG(d->dns),
					d->functional_level));
	}
}

static int functional_level(struct check_cx *cx, const struct ad_object *forest)
{
	static const struct {
		const char *param;
		int level;
	} steps[] = { { "level1_min", 1 }, { "level3_min", 3 }, { "level4_min", 4 } };
	int64_t value = forest_level(cx_model(cx), forest);

	if (value < 0)
		return undecided(cx, forest, "forest_functional_level_not_read");
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (value >= cx_int(cx, steps[i].param))
			continue;
		finding_at(cx, forest, steps[i].level);
		evidence_int(cx, "forest_level", value);
		evidence_domain_levels(cx);
		return 0;
	}
	return 0;
}

/* ---- vuln_user_accounts_machineaccountquota ----------------------------------------- */

static int machine_account_quota(struct check_cx *cx, const struct ad_object *head)
{
	/* AD creates the domain with 10; what its absence means is not specified. */
	if (!obj_has(head, ATTR_MACHINE_ACCOUNT_QUOTA))
		return undecided(cx, head, "machine_account_quota_absent");
	if (obj_i64(head, ATTR_MACHINE_ACCOUNT_QUOTA) == 0)
		return 0;
	finding(cx, head);
	evidence_int(cx, "machine_account_quota", obj_i64(head, ATTR_MACHINE_ACCOUNT_QUOTA));
	return 0;
}

/* ---- table -------------------------------------------------------------------------- */

static const struct param_spec level_params[] = {
	{ "level1_min", PARAM_INT, 0, 100, 1 },
	{ "level3_min", PARAM_INT, 0, 100, 1 },
	{ "level4_min", PARAM_INT, 0, 100, 1 },
	{ 0 },
};

static const struct check rows[] = {
	{ .id = "vuln_functional_level",
		.each = AD_FOREST,
		.run = functional_level,
		.params = level_params },
	{ .id = "vuln_user_accounts_machineaccountquota",
		.each = AD_DOMAIN,
		.run = machine_account_quota,
		.needs = { ATTR_MACHINE_ACCOUNT_QUOTA } },
};

CHECK_AREA(domain, rows);
