#include "checks/logon_denials.h"

#include "checks/common.h"

static bool is_sid(const struct sid *s, const char *text)
{
	struct sid other;

	return sid_from_text(str_of(text), &other) && sid_eq(s, &other);
}

bool logon_sid_may_be_somebody(struct check_cx *cx, const struct sid *s)
{
	const struct model *m = cx_model(cx);
	uint32_t rid;

	if (!sid_is_domain_principal(s))
		return false;
	for (size_t d = 0; d < model_domain_count(m); d++)
		if (sid_in_domain(s, &model_domain(m, d)->sid, &rid))
			return model_complete(m, AD_USER, NULL) != YES ||
			       model_complete(m, AD_GROUP, NULL) != YES;
	return true;
}

static void take_denied(struct check_cx *cx, struct str text, struct denied *d)
{
	const struct ad_object *o;
	struct sid sid;

	if (!gpo_principal(cx_model(cx), text, &sid, &o)) {
		d->unclear = true;
		return;
	}
	d->everybody |= is_sid(&sid, "S-1-1-0") || is_sid(&sid, "S-1-5-11");
	d->local_accounts |= is_sid(&sid, "S-1-5-113") || is_sid(&sid, "S-1-5-114");
	/* The group of the computer, not the domain's: who is in it is not in the directory. */
	if (is_sid(&sid, "S-1-5-32-544") || is_sid(&sid, "S-1-5-32-545") ||
		(!o && logon_sid_may_be_somebody(cx, &sid)))
		d->unclear = true;
	else if (o)
		d->who[d->count++] = o;
}

static size_t count_commas(struct str list)
{
	size_t n = 0;

	for (size_t i = 0; i < list.n; i++)
		n += list.p[i] == ',';
	return n;
}

void denials_read(struct check_cx *cx, const struct ad_object *computer, const char *right,
	struct denials *out)
{
	struct gpo_query q = { GPO_SECURITY, STR("Privilege Rights"), str_of(right) };
	struct gpo_answer a = gpo_effective(cx_model(cx), computer, &q);

	*out = (struct denials){ .count = a.count, .unknown = a.unknown };
	for (size_t i = 0; i < a.count; i++) {
		struct denied *d = &out->values[i];
		struct str rest = a.values[i].value;

		d->gpo = a.values[i].gpo;
		d->who =
			ARENA_ARRAY(cx_arena(cx), const struct ad_object *, count_commas(rest) + 1);
		while (d->gpo && rest.p) {
			struct str one = str_trim(str_cut(rest, ',', &rest));

			if (one.n)
				take_denied(cx, one, d);
		}
	}
}

enum tri denial_holds(const struct model *m, const struct denied *d, const struct ad_object *o)
{
	bool unclear = d->unclear;

	if (d->everybody)
		return YES;
	for (size_t i = 0; i < d->count; i++) {
		if (d->who[i] == o || object_in_group(m, o, d->who[i]))
			return YES;
		unclear |= d->who[i]->kind == AD_GROUP && group_misses_members(m, d->who[i]);
	}
	return unclear ? UNKNOWN : NO;
}

enum tri denials_hold(const struct model *m, const struct denials *d, const struct ad_object *o)
{
	size_t yes = 0, no = 0;

	for (size_t i = 0; i < d->count; i++) {
		enum tri t = denial_holds(m, &d->values[i], o);

		yes += t == YES;
		no += t == NO;
	}
	if (d->unknown || (yes < d->count && no < d->count))
		return UNKNOWN;
	return yes && yes == d->count ? YES : NO;
}
