#include "engine/previous.h"

#include "base/compiler.h"
#include "model/model.h"

#include <stdlib.h>

static int by_sid(const void *key, const void *item)
{
	return str_cmp(*(const struct str *)key, ((const struct previous_account *)item)->sid);
}

const struct previous_account *previous_find(const struct previous_run *p, struct str sid)
{
	return p->count ? bsearch(&sid, p->accounts, p->count, sizeof(*p->accounts), by_sid) : NULL;
}

/* An account that is not there may be one that was not seen, or whose SID was not. */
static bool knows_all_accounts(const struct model *m)
{
	static const enum ad_kind kinds[] = { AD_USER, AD_COMPUTER, AD_MSA };
	const struct ad_object *const *list;

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		size_t count = model_of_kind(m, kinds[i], &list);

		if (model_complete(m, kinds[i], NULL) != YES)
			return false;
		for (size_t k = 0; k < count; k++)
			if (sid_is_none(&list[k]->sid))
				return false;
	}
	return true;
}

static enum tri is_gone(const struct model *m, const struct sid *sid, bool knows_all)
{
	for (size_t i = 0; knows_all && i < model_domain_count(m); i++) {
		uint32_t rid;

		if (sid_in_domain(sid, &model_domain(m, i)->sid, &rid))
			return YES;
	}
	return UNKNOWN;
}

static enum tri is_privileged_still(const struct model *m, struct str text, bool knows_all)
{
	const struct ad_object *o;
	struct sid sid;
	enum tri gone;

	if (!sid_from_text(text, &sid))
		return UNKNOWN;
	o = model_find_sid(m, &sid);
	if (o)
		return account_privileged(m, o);
	gone = is_gone(m, &sid, knows_all);
	return gone == YES ? NO : UNKNOWN;
}

/* A list that says "removed" of one account says it of none that it leaves out: all of them are
 * known, or it is not made. A member that was not read may be a group that holds one of them. */
static bool find_removed(const struct model *m, const struct previous_run *p,
	const struct previous_account **list, size_t *count)
{
	bool knows_all = knows_all_accounts(m);

	*count = 0;
	if (model_privileged_complete(m, NULL) != YES || model_privileged_unread_count(m))
		return false;
	for (size_t i = 0; i < p->count; i++) {
		enum tri still = is_privileged_still(m, p->accounts[i].sid, knows_all);

		if (still == UNKNOWN)
			return false;
		if (still == NO)
			list[(*count)++] = &p->accounts[i];
	}
	return true;
}

struct privilege_changes privilege_changes(
	const struct model *m, const struct previous_run *p, struct arena *a)
{
	size_t count = model_privileged_count(m);
	const struct ad_object **added = ARENA_ARRAY(a, const struct ad_object *, count);
	const struct previous_account **removed =
		ARENA_ARRAY(a, const struct previous_account *, p->count);
	struct privilege_changes c = { .added = added, .removed = removed };
	char sid[SID_TEXT];

	for (size_t i = 0; i < count; i++) {
		const struct ad_object *o = model_privileged(m, i);

		/* Without a SID it cannot be told. */
		if (!sid_is_none(&o->sid) && !previous_find(p, str_of(sid_text(&o->sid, sid))))
			added[c.added_count++] = o;
	}
	c.removed_known = find_removed(m, p, removed, &c.removed_count);
	if (!c.removed_known)
		c.removed_count = 0;
	return c;
}
