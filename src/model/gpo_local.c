/* Whom group policies put into the local groups of a computer (MS-GPSB 2.2.5, MS-GPPREF 2.2.1.4).
 */
#include "ad/wellknown.h"
#include "base/utf8.h"
#include "model/state.h"

#include <stdlib.h>
#include <string.h>

/* Preferences and templates that were written without a resolver name the groups. */
static const struct {
	uint32_t rid;
	const char *name;
} names[] = {
	{ RID_BUILTIN_ADMINISTRATORS, "Administrators" },
	{ RID_BUILTIN_ADMINISTRATORS, "Administrateurs" },
	{ RID_BUILTIN_REMOTE_DESKTOP_USERS, "Remote Desktop Users" },
	{ RID_BUILTIN_REMOTE_DESKTOP_USERS, "Utilisateurs du Bureau à distance" },
};

struct gathering {
	const struct model *m;
	uint32_t rid;
	struct gpo_member *all;
	size_t count, room;
	bool listed; /* a policy that certainly applies says who the members are */
};

/* "S-1-5-32-544", "*S-1-5-32-544", "BUILTIN\\Administrators", "Administrators (built-in)" */
static bool is_group(struct str text, uint32_t rid)
{
	struct str rest;
	struct sid sid;

	text = str_trim(text);
	if (text.n > 1 && text.p[0] == '*')
		text = (struct str){ text.p + 1, text.n - 1 };
	if (sid_from_text(text, &sid))
		return sid.authority == 5 && sid.count == 2 && sid.sub[0] == 32 &&
		       sid.sub[1] == rid;
	struct str first = str_cut(text, '\\', &rest);
	struct str name = str_trim(str_cut(rest.p ? rest : first, '(', &rest));

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (names[i].rid == rid && utf8_ieq(name, str_of(names[i].name)))
			return true;
	return false;
}

static void add(struct gathering *ga, const struct ad_object *gpo, struct str who, bool sure)
{
	if (!who.n)
		return;
	if (ga->count == ga->room) {
		ga->room = ga->room ? ga->room * 2 : 16;
		ga->all = xrealloc(ga->all, ga->room * sizeof(*ga->all));
	}
	ga->all[ga->count++] = (struct gpo_member){ gpo, who, sure };
}

static void add_list(struct gathering *ga, const struct ad_object *gpo, struct str list, bool sure)
{
	struct str rest = list;

	while (rest.p)
		add(ga, gpo, str_trim(str_cut(rest, ',', &rest)), sure);
}

static bool lists_group(struct str list, uint32_t rid)
{
	struct str rest = list;

	while (rest.p)
		if (is_group(str_cut(rest, ',', &rest), rid))
			return true;
	return false;
}

static void take_restricted(void *arg, const struct ad_object *gpo, bool sure)
{
	struct gathering *ga = arg;
	const struct gpo_setting *s;
	size_t n = gpo_settings(ga->m, gpo, &s);
	bool listed = ga->listed;

	for (size_t i = 0; i < n; i++) {
		if (s[i].store != GPO_SECURITY || s[i].user)
			continue;
		if (utf8_ieq(s[i].path, STR("Group Memberof")) && lists_group(s[i].value, ga->rid))
			add(ga, gpo, s[i].name, sure);
		if (listed || !utf8_ieq(s[i].path, STR("Group Membership")) ||
			!is_group(s[i].name, ga->rid))
			continue;
		add_list(ga, gpo, s[i].value, sure);
		ga->listed |= sure;
	}
}

static void take_preferences(void *arg, const struct ad_object *gpo, bool sure)
{
	struct gathering *ga = arg;
	const struct gpo_setting *s;
	size_t n = gpo_settings(ga->m, gpo, &s);

	for (size_t i = 0; i < n; i++)
		if (s[i].store == GPO_GROUPS && !s[i].user && !s[i].removed &&
			is_group(s[i].path, ga->rid))
			add(ga, gpo, s[i].name, sure && !s[i].maybe);
}

struct gpo_members gpo_local_members(
	const struct model *m, const struct ad_object *computer, uint32_t rid, struct arena *a)
{
	struct gathering ga = { .m = m, .rid = rid };
	const char *unknown = gpo_each(m, computer, GPO_SECURITY, take_restricted, &ga);
	const char *others = gpo_each(m, computer, GPO_GROUPS, take_preferences, &ga);
	struct gpo_member *all = ARENA_ARRAY(a, struct gpo_member, ga.count + 1);

	if (ga.count)
		memcpy(all, ga.all, ga.count * sizeof(*all));
	free(ga.all);
	return (struct gpo_members){ all, ga.count, unknown ? unknown : others };
}
