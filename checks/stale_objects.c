/* Objects that serve nobody: groups without members, empty units, policies that nothing links. */
#include "ad/dn.h"
#include "checks/common.h"
#include "checks/stale.h"
#include "model/gpo.h"

/* Younger than min_days: it may not have been put to use yet. Creation is on every object. */
static bool is_young(struct check_cx *cx, const struct ad_object *obj)
{
	int64_t created = obj_time(obj, ATTR_WHEN_CREATED);

	return created != INT64_MIN && created > cx_now(cx) - DAYS(cx_int(cx, "min_days"));
}

static bool may_be_young(struct check_cx *cx, const struct ad_object *obj)
{
	return cx_int(cx, "min_days") > 0 && !obj_has(obj, ATTR_WHEN_CREATED) &&
	       !readable(cx, obj, ATTR_WHEN_CREATED);
}

static void evidence_dates(struct check_cx *cx, const struct ad_object *obj)
{
	if (obj_time(obj, ATTR_WHEN_CREATED) != INT64_MIN)
		evidence_date(cx, "created", obj_time(obj, ATTR_WHEN_CREATED));
	if (obj_time(obj, ATTR_WHEN_CHANGED) != INT64_MIN)
		evidence_date(cx, "changed", obj_time(obj, ATTR_WHEN_CHANGED));
}

/* ---- hyg_empty_groups --------------------------------------------------------------- */

/* What roles and products of Microsoft make, expect to find again, and fill or not: by name, in the
 * languages in which the name differs, or by the place that a product keeps for itself. */
static const char *const product_groups[] = { "ADSyncAdmins", "ADSyncBrowse", "ADSyncOperators",
	"ADSyncPasswordSet", "Administrateurs DHCP", "Administrateurs WSUS",
	"ConfigMgr Remote Control Users", "DHCP Administrators", "DHCP Users", "DnsAdmins",
	"DnsUpdateProxy", "HelpServicesGroup", "IIS_WPG", "Netmon Users", "Rapporteurs WSUS",
	"SMSMSE Admins", "SMSMSE Viewers", "TelnetClients", "Utilisateurs DHCP",
	"Utilisateurs WINS", "WINS Users", "WSS_ADMIN_WPG", "WSS_RESTRICTED_WPG", "WSS_WPG",
	"WSUS Administrators", "WSUS Reporters" };

static const char *const product_places[] = { "OU=Microsoft Exchange Security Groups,",
	"CN=Microsoft Exchange System Objects,", "CN=Program Data,", "CN=System," };

/* Skype for Business and its forerunners name theirs so. */
static const char *const product_prefixes[] = { "CSServer", "CSVoice", "CSUser", "CSHelpDesk",
	"CSLocation", "CSResponse", "CSPersistentChat", "CSArchiving", "CSViewOnly", "RTCUniversal",
	"RTCHS", "RTCProxy", "RTCSBAUniversal", "RTCComponent" };

/* DOMAIN$$$, which has to be empty: hyg_sidhistory_auditing looks at it. */
static bool is_sid_history_group(struct str name)
{
	return name.n > 3 && str_eq((struct str){ name.p + name.n - 3, 3 }, STR("$$$"));
}

static bool is_of_product(const struct ad_object *group)
{
	struct str head = group->domain ? group->domain->head->dn : STR("");

	if (is_sid_history_group(group->name))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(product_groups); i++)
		if (str_ieq(group->name, str_of(product_groups[i])))
			return true;
	for (size_t i = 0; i < ARRAY_LEN(product_prefixes); i++)
		if (str_istarts(group->name, str_of(product_prefixes[i])))
			return true;
	for (struct str dn = group->dn; dn.n > head.n && head.n; dn = dn_parent(dn))
		for (size_t i = 0; i < ARRAY_LEN(product_places); i++)
			if (str_istarts(dn, str_of(product_places[i])) &&
				dn.n == strlen(product_places[i]) + head.n)
				return true;
	return false;
}

int empty_group(struct check_cx *cx, const struct ad_object *group)
{
	const char *reason = NULL;

	if (is_system_object(group) || is_of_product(group))
		return passed_over(cx);
	if (is_young(cx, group))
		return 0;
	switch (group_has_members(cx_model(cx), group, &reason)) {
	case YES:
		return 0;
	case UNKNOWN:
		return undecided(cx, group, reason);
	case NO:
		break;
	}
	if (may_be_system_object(cx, group) || may_be_young(cx, group))
		return 0;
	finding(cx, group);
	evidence_dates(cx, group);
	return 0;
}

/* ---- hyg_empty_ous ------------------------------------------------------------------ */

/* Where the domain puts what is made without a place: redirusr and redircmp name units there
 * (MS-ADTS 6.1.1.4). They may be empty on purpose. */
static bool is_wellknown_place(struct check_cx *cx, const struct ad_object *unit)
{
	const struct ad_object *head = unit->domain->head;

	for (size_t i = 0; i < obj_count(head, ATTR_WELL_KNOWN_OBJECTS); i++) {
		struct str hex, dn;

		if (dn_binary_split(obj_value(head, ATTR_WELL_KNOWN_OBJECTS, i), &hex, &dn) &&
			model_find_dn(cx_model(cx), dn) == unit)
			return true;
	}
	return false;
}

int empty_unit(struct check_cx *cx, const struct ad_object *unit)
{
	const char *reason = NULL;

	if (!unit->domain || obj_bool(unit, ATTR_IS_CRITICAL_SYSTEM_OBJECT))
		return passed_over(cx);
	if (is_young(cx, unit))
		return 0;
	switch (object_has_children(cx_model(cx), unit, &reason)) {
	case YES:
		return 0;
	case UNKNOWN:
		return undecided(cx, unit, reason);
	case NO:
		break;
	}
	if (is_wellknown_place(cx, unit))
		return passed_over(cx);
	if (!readable(cx, unit->domain->head, ATTR_WELL_KNOWN_OBJECTS) || may_be_young(cx, unit))
		return 0;
	finding(cx, unit);
	evidence_dates(cx, unit);
	return 0;
}

/* ---- hyg_gpo_unlinked --------------------------------------------------------------- */

/* Default Domain Policy and Default Domain Controllers Policy: not to be deleted, linked or not. */
static bool is_default_policy(const struct ad_object *gpo)
{
	struct str rdn = dn_rdn(gpo->dn);

	return str_ieq(rdn, STR("CN={31B2F340-016D-11D2-945F-00C04FB984F9}")) ||
	       str_ieq(rdn, STR("CN={6AC1786C-016F-11D2-945F-00C04FB984F9}"));
}

int unlinked_gpo(struct check_cx *cx, const struct ad_object *gpo)
{
	const char *reason = NULL;

	if (is_default_policy(gpo))
		return passed_over(cx);
	if (is_young(cx, gpo))
		return 0;
	switch (gpo_is_linked(cx_model(cx), gpo, &reason)) {
	case YES:
		return 0;
	case UNKNOWN:
		return undecided(cx, gpo, reason);
	case NO:
		break;
	}
	if (may_be_young(cx, gpo))
		return 0;
	finding(cx, gpo);
	evidence(cx, "display_name", obj_str(gpo, ATTR_DISPLAY_NAME));
	evidence_dates(cx, gpo);
	return 0;
}
