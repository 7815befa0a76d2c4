/* The files of SYSVOL: who may change them, what is odd about their descriptors, when they changed.
 */
#include "checks/gpo_sysvol.h"

#include "ad/guid.h"
#include "base/compiler.h"
#include "base/hash.h"
#include "checks/common.h"

/* One finding on one object, made when the first piece of evidence comes. */
struct tally {
	const struct ad_object *object;
	size_t found;
	const char *reason; /* why something is not decided; NULL: nothing is */
};

static bool add(struct check_cx *cx, struct tally *t)
{
	if (!t->found++) {
		finding(cx, t->object);
		if (t->object->kind == AD_GPO)
			evidence(cx, "display_name", obj_str(t->object, ATTR_DISPLAY_NAME));
	}
	return t->found <= EVIDENCE_NAMES;
}

static int conclude(struct check_cx *cx, const struct tally *t)
{
	if (t->found)
		evidence_int(cx, "count", (int64_t)t->found);
	return !t->found && t->reason ? undecided(cx, t->object, t->reason) : 0;
}

/* What stands in the policy's folder; t learns why it was not read whole. */
static size_t entries_of(struct check_cx *cx, struct tally *t, const struct gpo_entry **entries)
{
	size_t count = gpo_entries(cx_model(cx), t->object, entries);

	gpo_files_read(cx_model(cx), t->object, &t->reason);
	return count;
}

/* The same; without any, no descriptor was read either. */
static size_t entries_with_acl(
	struct check_cx *cx, struct tally *t, const struct gpo_entry **entries)
{
	size_t count = entries_of(cx, t, entries);

	if (!count && !t->reason)
		t->reason = "file_acl_not_read";
	return count;
}

/* ---- hyg_gpo_script_writable -------------------------------------------------------- */

static struct str sid_name(struct check_cx *cx, const struct sid *sid)
{
	const struct ad_object *o = model_find_sid(cx_model(cx), sid);
	const char *known = wellknown_name(sid);
	char text[SID_TEXT];

	if (o || known)
		return o ? o->name : str_of(known);
	return arena_str(cx_arena(cx), str_of(sid_text(sid, text)));
}

/* The script or the folder it stands in, whichever somebody ordinary may change. */
static void judge_script(struct check_cx *cx, struct tally *t, const struct gpo_script_files *files)
{
	const struct gpo_entry *both[] = { files->file, files->folder };

	for (size_t i = 0; i < ARRAY_LEN(both); i++) {
		const char *reason = "file_acl_not_read";
		struct sid who;
		enum tri answer = both[i] ? gpo_entry_writable(cx_model(cx), both[i], &who, &reason)
					  : UNKNOWN;

		if (answer == UNKNOWN)
			t->reason = reason;
		if (answer != YES)
			continue;
		if (add(cx, t)) {
			evidence(cx, "file", both[i]->path);
			evidence(cx, "who", sid_name(cx, &who));
		}
		return;
	}
}

int gpo_scripts(struct check_cx *cx, const struct ad_object *gpo)
{
	struct tally t = { .object = gpo };
	const struct gpo_setting *settings;
	size_t count = gpo_settings(cx_model(cx), gpo, &settings);
	struct gpo_script_files files;
	const char *reason;

	gpo_files_read(cx_model(cx), gpo, &t.reason);
	for (size_t i = 0; i < count; i++) {
		if (settings[i].store != GPO_SCRIPT)
			continue;
		if (gpo_find_script(cx_model(cx), gpo, &settings[i], &files, &reason))
			judge_script(cx, &t, &files);
		else
			t.reason = reason;
	}
	return conclude(cx, &t);
}

static void judge_domain(struct check_cx *cx, const struct ad_domain *domain, struct hash *seen)
{
	const struct model *m = cx_model(cx);
	struct tally t = { .object = domain->head };
	struct gpo_script_files files;
	const struct ad_object *const *users;
	size_t all = model_of_kind(m, AD_USER, &users);

	model_complete(m, AD_USER, &t.reason);
	for (size_t i = 0; i < all; i++) {
		const struct ad_object *o = users[i];
		struct str path = obj_str(o, ATTR_SCRIPT_PATH);

		if (o->domain != domain)
			continue;
		if (model_readable(m, o, ATTR_SCRIPT_PATH) != READABLE)
			t.reason = "attribute_not_readable scriptPath";
		if (!path.n || hash_get(seen, path) != HASH_NONE)
			continue;
		hash_add(seen, path, 0);
		const char *reason;
		if (gpo_find_logon_script(m, domain, path, &files, &reason))
			judge_script(cx, &t, &files);
		else
			t.reason = reason;
	}
	conclude(cx, &t);
}

int gpo_logon_scripts(struct check_cx *cx, const struct ad_object *none)
{
	(void)none;
	if (!model_sysvol_read(cx_model(cx)))
		return undecided(cx, NULL, "sysvol_not_read");
	for (size_t d = 0; d < model_domain_count(cx_model(cx)); d++) {
		struct hash seen = { 0 };

		judge_domain(cx, model_domain(cx_model(cx), d), &seen);
		hash_free(&seen);
	}
	return 0;
}

/* ---- warning_sysvol_… --------------------------------------------------------------- */

/* The policy's folder itself, with its descriptor; NULL: not read. */
static const struct gpo_entry *root_of(const struct gpo_entry *entries, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!entries[i].below.n && entries[i].sd)
			return &entries[i];
	return NULL;
}

/* An entry of its own that says more than the policy's folder hands down. */
static enum tri has_own_ace(const struct gpo_entry *root, const struct gpo_entry *e)
{
	for (size_t i = 0; i < e->sd->dacl_count; i++) {
		if (e->sd->dacl[i].flags & ACE_FLAG_INHERITED)
			continue;
		if (!root)
			return UNKNOWN;
		if (!gpo_entry_hands_down(root, e, i))
			return YES;
	}
	return NO;
}

int gpo_files_acl(struct check_cx *cx, const struct ad_object *gpo)
{
	struct tally t = { .object = gpo };
	const struct gpo_entry *entries;
	size_t count = entries_with_acl(cx, &t, &entries);
	const struct gpo_entry *root = root_of(entries, count);

	for (size_t i = 0; i < count; i++) {
		if (!entries[i].below.n)
			continue;
		enum tri answer = entries[i].sd ? has_own_ace(root, &entries[i]) : UNKNOWN;

		if (answer == UNKNOWN)
			t.reason = "file_acl_not_read";
		if (answer == YES && add(cx, &t))
			evidence(cx, "file", entries[i].path);
	}
	return conclude(cx, &t);
}

/* What setup made: up to Windows Server 2012 R2 their folders inherit from Policies (Microsoft's
 * KB 828760). */
static bool is_default_policy(const struct gpo_entry *root)
{
	static const char *const guids[] = {
		"31b2f340-016d-11d2-945f-00c04fb984f9",
		"6ac1786c-016f-11d2-945f-00c04fb984f9",
	};
	struct str rest = root->path, name = rest;
	char text[GUID_TEXT];
	struct guid guid;

	while (rest.p)
		name = str_cut(rest, '/', &rest);
	if (!guid_from_text(name, &guid))
		return false;
	guid_text(&guid, text);
	for (size_t i = 0; i < ARRAY_LEN(guids); i++)
		if (str_ieq(str_of(text), str_of(guids[i])))
			return true;
	return false;
}

/* Is its inheritance other than it should be? *reason when UNKNOWN. */
static enum tri inherits_wrongly(
	const struct gpo_entry *root, const struct gpo_entry *e, const char **reason)
{
	enum tri is_protected = gpo_entry_protected(e);

	*reason = "file_control_not_read";
	if (!e->below.n && is_default_policy(e))
		return NO;
	if (!e->below.n)
		return is_protected == UNKNOWN ? UNKNOWN : is_protected == YES ? NO : YES;
	if (is_protected == NO || (root && gpo_entry_repeats(root, e)))
		return NO;
	if (!root)
		*reason = "file_acl_not_read";
	return root ? is_protected : UNKNOWN;
}

static void judge_options(struct check_cx *cx, struct tally *t, const struct gpo_entry *root,
	const struct gpo_entry *e)
{
	const struct secdesc *sd = e->sd;
	const char *what = NULL, *reason;

	if (!sd) {
		t->reason = "file_acl_not_read";
		return;
	}
	enum tri inheritance = inherits_wrongly(root, e, &reason);
	enum tri owner = sid_is_none(&sd->owner) ? UNKNOWN
						 : gpo_principal_ordinary(cx_model(cx), &sd->owner);
	if (!sd->has_dacl)
		what = "no_dacl";
	else if (owner == YES)
		what = "owner";
	else if (inheritance == YES)
		what = e->below.n ? "protected" : "not_protected";
	if (!what && inheritance == UNKNOWN)
		t->reason = reason;
	if (!what && owner == UNKNOWN)
		t->reason = "file_principal_not_read";
	if (!what || !add(cx, t))
		return;
	evidence(cx, "file", e->path);
	evidence_z(cx, "descriptor", what);
	if (owner == YES)
		evidence(cx, "owner", sid_name(cx, &sd->owner));
}

int gpo_files_sd(struct check_cx *cx, const struct ad_object *gpo)
{
	struct tally t = { .object = gpo };
	const struct gpo_entry *entries;
	size_t count = entries_with_acl(cx, &t, &entries);

	const struct gpo_entry *root = root_of(entries, count);

	for (size_t i = 0; i < count; i++)
		if (entries[i].below.n)
			judge_options(cx, &t, root, &entries[i]);
	return conclude(cx, &t);
}

int gpo_root_sd(struct check_cx *cx, const struct ad_object *gpo)
{
	struct tally t = { .object = gpo };
	const struct gpo_entry *entries;
	size_t count = entries_with_acl(cx, &t, &entries);

	for (size_t i = 0; i < count; i++)
		if (!entries[i].below.n)
			judge_options(cx, &t, NULL, &entries[i]);
	return conclude(cx, &t);
}

/* ---- info_gpo_sysvol ---------------------------------------------------------------- */

int gpo_files_changed(struct check_cx *cx, const struct ad_object *gpo)
{
	struct tally t = { .object = gpo };
	int64_t since = cx_now(cx) - DAYS(cx_int(cx, "max_days")), newest = INT64_MIN;
	const struct gpo_entry *entries;
	size_t count = entries_of(cx, &t, &entries);

	if (!count && !t.reason)
		t.reason = "file_time_not_read";
	for (size_t i = 0; i < count; i++) {
		if (entries[i].folder)
			continue;
		bool later = entries[i].modified > cx_now(cx);

		/* Later than what is judged: the time of a copy, not the file's own. */
		if (entries[i].modified == INT64_MIN || later)
			t.reason = "file_time_not_read";
		if (entries[i].modified < since || later)
			continue;
		if (entries[i].modified > newest)
			newest = entries[i].modified;
		if (add(cx, &t))
			evidence(cx, "file", entries[i].path);
	}
	if (t.found)
		evidence_date(cx, "changed", newest);
	return conclude(cx, &t);
}
