#include "checks/sprawl.h"

#include "ad/dn.h"
#include "base/utf8.h"
#include "model/descriptor_marks.h"
#include "model/privilege.h"

/* ---- hyg_privileged_orphan_members -------------------------------------------------- */

#define TRUST_FOREST_TRANSITIVE 0x8u /* MS-ADTS 6.1.6.7.9 */

/* The SIDs of the other domains behind a forest trust are not looked for. */
static bool trusts_forests(const struct model *m)
{
	const struct ad_object *const *trusts;
	size_t n = model_of_kind(m, AD_TRUST, &trusts);

	for (size_t i = 0; i < n; i++)
		if ((obj_u32(trusts[i], ATTR_TRUST_ATTRIBUTES) & TRUST_FOREST_TRANSITIVE) ||
			model_readable(m, trusts[i], ATTR_TRUST_ATTRIBUTES) != READABLE)
			return true;
	return false;
}

/* Does the member's name hold a SID that no account has any more? */
static enum tri is_orphan(struct check_cx *cx, struct str dn)
{
	const struct model *m = cx_model(cx);
	const struct ad_object *o = model_find_dn(m, dn);
	struct sid sid;
	enum tri nobodys;

	if (o && o->kind != AD_FSP)
		return NO;
	if (!sid_from_text(dn_rdn_value(cx_arena(cx), dn), &sid) || !sid_is_domain_principal(&sid))
		return NO;
	o = model_find_sid(m, &sid);
	if (o && o->kind != AD_FSP)
		return NO;
	nobodys = descriptor_sid_is_nobodys(m, &sid);
	if (nobodys != YES || descriptor_sid_of_read_domain(m, &sid))
		return nobodys;
	if (model_complete(m, AD_TRUST, NULL) != YES)
		return UNKNOWN;
	return trusts_forests(m) ? UNKNOWN : YES;
}

int orphan_members(struct check_cx *cx, const struct ad_object *group)
{
	bool found = false, doubt = false;

	if (!object_brings_privilege(cx_model(cx), group))
		return passed_over(cx);
	for (size_t i = 0; i < obj_count(group, ATTR_MEMBER); i++) {
		struct str dn = obj_value(group, ATTR_MEMBER, i);

		switch (is_orphan(cx, dn)) {
		case NO:
			continue;
		case UNKNOWN:
			doubt = true;
			continue;
		case YES:
			break;
		}
		if (!found)
			finding(cx, group);
		found = true;
		evidence(cx, "member", dn_rdn_value(cx_arena(cx), dn));
	}
	if (doubt && !found)
		return undecided(cx, group, "principal_not_read");
	if (!found)
		readable(cx, group, ATTR_MEMBER);
	return 0;
}

/* A member by its name that was not read may be a group with members of its own. */
int orphan_members_after(struct check_cx *cx, const struct ad_object *obj)
{
	const struct model *m = cx_model(cx);
	const char *reason = "privileged_groups_not_read";

	(void)obj;
	for (size_t i = 0; i < model_privileged_unread_count(m); i++)
		if (!str_starts(model_privileged_unread(m, i), STR("S-1-")))
			undecided(cx, NULL, "privileged_member_not_read");
	return model_privileged_complete(cx_model(cx), &reason) == YES
		       ? 0
		       : undecided(cx, NULL, reason);
}

/* ---- hyg_exchange_groups ------------------------------------------------------------ */

/* Exchange's groups whose members are to be its servers alone: by the permissions that its setup
 * gives them, each can take the directory or what stands in it. Their names are in no language. */
static const char *const server_groups[] = { "Exchange Windows Permissions",
	"Exchange Trusted Subsystem" };
#define SERVER_GROUPS 0 /* counter */

/* The groups stand where setup made them, or the forest's configuration tells that Exchange was
 * set up: a group of the same name elsewhere is a coincidence. */
static enum tri is_server_group(
	struct check_cx *cx, const struct ad_object *group, const char **reason)
{
	const struct model *m = cx_model(cx);
	const struct ad_object *services;
	bool named = false;

	for (size_t i = 0; i < ARRAY_LEN(server_groups); i++)
		named |= utf8_ieq(group->name, str_of(server_groups[i]));
	if (!named)
		return NO;
	if (str_istarts(dn_parent(group->dn), STR("OU=Microsoft Exchange Security Groups,")) ||
		find_in_configuration(cx, "CN=Microsoft Exchange,CN=Services,"))
		return YES;
	if (model_configuration_complete(m, reason) != YES)
		return UNKNOWN;
	services = find_in_configuration(cx, "CN=Services,");
	*reason = "children_not_listable";
	return services && model_shows_children(m, services) != YES ? UNKNOWN : NO;
}

int exchange_group(struct check_cx *cx, const struct ad_object *group)
{
	const struct model *m = cx_model(cx);
	const struct ad_object *people[EVIDENCE_NAMES];
	const char *reason = NULL;
	size_t n;

	switch (is_server_group(cx, group, &reason)) {
	case NO:
		return passed_over(cx);
	case UNKNOWN:
		return undecided(cx, group, reason);
	case YES:
		break;
	}
	++*cx_counter(cx, SERVER_GROUPS);
	n = privilege_people(m, group, people, EVIDENCE_NAMES);
	if (n) {
		finding(cx, group);
		evidence_int(cx, "count", (int64_t)n);
		evidence_names(cx, "member", people, n < EVIDENCE_NAMES ? n : EVIDENCE_NAMES);
		return 0;
	}
	if (group_misses_members(m, group))
		undecided(cx, group, "members_not_readable");
	return 0;
}

int exchange_group_after(struct check_cx *cx, const struct ad_object *obj)
{
	const char *reason = NULL;

	(void)obj;
	if (model_complete(cx_model(cx), AD_GROUP, &reason) != YES)
		return undecided(cx, NULL, reason);
	return *cx_counter(cx, SERVER_GROUPS) ? 0 : not_applicable(cx, "no_exchange");
}
