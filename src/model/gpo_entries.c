/* Files and folders of SYSVOL: who may change them, and which of them a script's name means. */
#include "ad/wellknown.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "model/state.h"

/* Rights over files and folders (MS-DTYP 2.4.3, MS-SMB2 2.2.13.1). */
#define FILE_WRITE_DATA 0x2u  /* in a folder: add a file */
#define FILE_APPEND_DATA 0x4u /* in a folder: add a folder */
#define FILE_DELETE_CHILD 0x40u
/* Entries of a DACL that are compared with another's, each with each; real ones have ten. */
#define MOST_COMPARED 128u
#define TAKES_OVER (RIGHT_WRITE_DAC | RIGHT_WRITE_OWNER | RIGHT_GENERIC_ALL)

size_t gpo_entries(const struct model *m, const struct ad_object *gpo, const struct gpo_entry **out)
{
	const struct gpo *g = gpo ? gpo_of(m, gpo) : NULL;

	*out = g ? g->entries : gpo ? NULL : m->orphan_entries;
	return g ? g->entry_count : gpo ? 0 : m->orphan_entry_count;
}

/* ---- by path -------------------------------------------------------------------------------- */

static struct str lower(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);

	for (size_t i = 0; i < s.n; i++) {
		p[i] = s.p[i];
		if (p[i] >= 'A' && p[i] <= 'Z')
			p[i] ^= 'a' ^ 'A';
	}
	return (struct str){ p, s.n };
}

static void add_all(struct model *m, const struct gpo_entry *entries, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		hash_add(&m->entry_by_path, lower(&m->arena, entries[i].path),
			(uint32_t)m->all_entry_count);
		m->all_entries[m->all_entry_count++] = &entries[i];
	}
}

void gpo_entries_build(struct model *m)
{
	size_t n = m->orphan_entry_count;

	for (size_t i = 0; i < m->gpo_count; i++)
		n += m->gpos[i].entry_count;
	m->all_entries = ARENA_ARRAY(&m->arena, const struct gpo_entry *, n);
	add_all(m, m->orphan_entries, m->orphan_entry_count);
	for (size_t i = 0; i < m->gpo_count; i++)
		add_all(m, m->gpos[i].entries, m->gpos[i].entry_count);
}

static const struct gpo_entry *find(const struct model *m, struct str path)
{
	struct arena a = { 0 };
	uint32_t at = hash_get(&m->entry_by_path, lower(&a, path));

	arena_free(&a);
	return at == HASH_NONE ? NULL : m->all_entries[at];
}

static struct str parent_of(struct str path)
{
	size_t n = path.n;

	while (n > 0 && path.p[n - 1] != '/')
		n--;
	return (struct str){ path.p, n ? n - 1 : 0 };
}

/* ---- what its folder hands down ------------------------------------------------------------- */

enum tri gpo_entry_protected(const struct gpo_entry *e)
{
	if (!e->sd)
		return UNKNOWN;
	if (e->control_known)
		return e->sd->control & SD_DACL_PROTECTED ? YES : NO;
	for (size_t i = 0; i < e->sd->dacl_count; i++)
		if (e->sd->dacl[i].flags & ACE_FLAG_INHERITED)
			return NO;
	return UNKNOWN;
}

/* Generic rights as those over files (MS-SMB2 2.2.13.1.1): an entry to be handed down may hold
 * them, the one that came of it does not. */
static uint32_t file_rights(uint32_t mask)
{
	static const uint32_t generic[][2] = {
		{ RIGHT_GENERIC_ALL, 0x001f01ffu },
		{ RIGHT_GENERIC_READ, 0x00120089u },
		{ RIGHT_GENERIC_WRITE, 0x00120116u },
		{ RIGHT_GENERIC_EXECUTE, 0x001200a0u },
	};
	uint32_t mapped = mask;

	for (size_t i = 0; i < sizeof(generic) / sizeof(generic[0]); i++)
		if (mask & generic[i][0])
			mapped = (mapped & ~generic[i][0]) | generic[i][1];
	return mapped;
}

static bool is_handed_down(const struct ace *ace, bool to_folder)
{
	unsigned any = ACE_FLAG_OBJECT_INHERIT | (to_folder ? ACE_FLAG_CONTAINER_INHERIT : 0u);

	return ace->flags & any;
}

static bool same_entry(const struct ace *from, const struct gpo_entry *e, const struct ace *ace)
{
	static const struct sid creator_owner = { 1, 1, 3, { 0 } };

	return from->type == ace->type && file_rights(from->mask) == file_rights(ace->mask) &&
	       (sid_eq(&from->sid, &ace->sid) ||
		       (sid_eq(&from->sid, &creator_owner) && sid_eq(&ace->sid, &e->sd->owner)));
}

bool gpo_entry_hands_down(const struct gpo_entry *folder, const struct gpo_entry *e, size_t ace)
{
	/* Identical descriptors were parsed once. */
	if (folder->sd == e->sd)
		return true;
	if (folder->sd->dacl_count > MOST_COMPARED)
		return false;
	for (size_t i = 0; i < folder->sd->dacl_count; i++)
		if (is_handed_down(&folder->sd->dacl[i], e->folder) &&
			same_entry(&folder->sd->dacl[i], e, &e->sd->dacl[ace]))
			return true;
	return false;
}

static bool has_entry(const struct gpo_entry *e, const struct ace *from)
{
	for (size_t i = 0; i < e->sd->dacl_count; i++)
		if (same_entry(from, e, &e->sd->dacl[i]))
			return true;
	return false;
}

bool gpo_entry_repeats(const struct gpo_entry *folder, const struct gpo_entry *e)
{
	const struct secdesc *sd = folder->sd;

	if (sd == e->sd)
		return true;
	if (!sd->has_dacl || !e->sd->has_dacl || e->sd->dacl_count > MOST_COMPARED)
		return false;
	for (size_t i = 0; i < e->sd->dacl_count; i++)
		if (!gpo_entry_hands_down(folder, e, i))
			return false;
	for (size_t i = 0; i < sd->dacl_count; i++)
		if (is_handed_down(&sd->dacl[i], e->folder) && !has_entry(e, &sd->dacl[i]))
			return false;
	return true;
}

/* ---- who may change it ---------------------------------------------------------------------- */

static uint32_t changing(const struct gpo_entry *e, uint32_t mask)
{
	if (mask & RIGHT_GENERIC_WRITE)
		mask |= FILE_WRITE_DATA | FILE_APPEND_DATA;
	if (!e->folder)
		return mask & (TAKES_OVER | FILE_WRITE_DATA | FILE_APPEND_DATA);
	/* To replace a file takes both. */
	if ((mask & (FILE_DELETE_CHILD | FILE_WRITE_DATA)) == (FILE_DELETE_CHILD | FILE_WRITE_DATA))
		return mask & (TAKES_OVER | FILE_DELETE_CHILD | FILE_WRITE_DATA);
	return mask & TAKES_OVER;
}

/* What earlier entries deny to the same trustee, or to everybody. One with a condition may deny
 * nothing. */
static uint32_t denied_before(const struct secdesc *sd, size_t at)
{
	uint32_t mask = 0;

	for (size_t i = 0; i < at; i++) {
		const struct ace *ace = &sd->dacl[i];

		if (ace->type == ACE_ACCESS_DENIED && !(ace->flags & ACE_FLAG_INHERIT_ONLY) &&
			(sid_eq(&ace->sid, &sd->dacl[at].sid) || wellknown_is_everybody(&ace->sid)))
			mask |= ace->mask;
	}
	return mask;
}

static bool allows_change(const struct gpo_entry *e, size_t at)
{
	const struct ace *ace = &e->sd->dacl[at];

	return (ace->type == ACE_ACCESS_ALLOWED || ace->type == ACE_ACCESS_ALLOWED_CALLBACK) &&
	       !(ace->flags & ACE_FLAG_INHERIT_ONLY) &&
	       changing(e, ace->mask & ~denied_before(e->sd, at));
}

void gpo_entry_writers(
	const struct gpo_entry *e, void (*visit)(void *arg, const struct sid *sid), void *arg)
{
	static const struct sid everyone = { 1, 1, 1, { 0 } };

	if (!e->sd)
		return;
	if (!e->sd->has_dacl) {
		visit(arg, &everyone);
		return;
	}
	if (!sid_is_none(&e->sd->owner))
		visit(arg, &e->sd->owner);
	for (size_t i = 0; i < e->sd->dacl_count; i++)
		if (allows_change(e, i))
			visit(arg, &e->sd->dacl[i].sid);
}

struct ordinary_writer {
	const struct model *m;
	struct sid *who;
	enum tri answer;
};

static void judge_writer(void *arg, const struct sid *sid)
{
	struct ordinary_writer *w = arg;
	enum tri one = w->answer == YES ? NO : gpo_principal_ordinary(w->m, sid);

	if (one == NO)
		return;
	*w->who = *sid;
	w->answer = one;
}

enum tri gpo_entry_writable(
	const struct model *m, const struct gpo_entry *e, struct sid *who, const char **reason)
{
	struct ordinary_writer w = { m, who, NO };

	*reason = "file_acl_not_read";
	if (!e->sd)
		return UNKNOWN;
	gpo_entry_writers(e, judge_writer, &w);
	*reason = "file_principal_not_read";
	return w.answer;
}

/* ---- scripts -------------------------------------------------------------------------------- */

/* A name of the domain, or of one of its controllers: the share is the one that was read. */
static bool is_our_host(const struct model *m, struct str host)
{
	struct arena a = { 0 };
	struct str rest, label = str_cut(host, '.', &rest);
	bool ambiguous, ours = false;

	for (size_t i = 0; i < m->domain_count; i++)
		ours |= utf8_ieq(m->domains[i].dns, host) || utf8_ieq(m->domains[i].netbios, host);
	if (!ours) {
		const struct ad_object *o =
			model_find_name(m, arena_printf(&a, "%.*s$", STR_ARG(label)), &ambiguous);

		ours = o && o->kind == AD_COMPUTER &&
		       obj_u32(o, ATTR_PRIMARY_GROUP_ID) == RID_DOMAIN_CONTROLLERS;
	}
	arena_free(&a);
	return ours;
}

/* The path below the share as it was read: of a policy's file, below that policy's folder. */
static const struct gpo_entry *find_shared(const struct model *m, struct arena *a, struct str path)
{
	struct str folder;
	const struct gpo *g = gpo_of_path(m, path, &folder);

	if (!g || !g->entry_count)
		return find(m, path);
	return find(m, arena_printf(a, "%.*s%.*s", STR_ARG(g->entries[0].path),
			       (int)(path.n - folder.n), path.p + folder.n));
}

/* A file of NETLOGON, which is the folder scripts of the domain. */
static const struct gpo_entry *find_netlogon(
	const struct model *m, struct arena *a, const struct ad_domain *domain, struct str rest)
{
	const struct gpo_entry *e = NULL;

	if (domain)
		e = find(m,
			arena_printf(a, "%.*s/scripts/%.*s", STR_ARG(domain->dns), STR_ARG(rest)));
	return e || m->domain_count > 1 ? e
					: find(m, arena_printf(a, "scripts/%.*s", STR_ARG(rest)));
}

/* "//host/share/rest"; NULL with *outside where that is no share that was read. */
static const struct gpo_entry *find_unc(const struct model *m, struct arena *a,
	const struct ad_domain *domain, struct str path, bool *outside)
{
	struct str rest = { path.p + 2, path.n - 2 };
	struct str host = str_cut(rest, '/', &rest), share = str_cut(rest, '/', &rest);

	*outside = !rest.n || !is_our_host(m, host);
	if (*outside)
		return NULL;
	if (str_ieq(share, STR("sysvol")))
		return find_shared(m, a, rest);
	if (str_ieq(share, STR("netlogon")))
		return find_netlogon(m, a, domain, rest);
	*outside = true;
	return NULL;
}

/* With '/', without the quotes around it. */
static struct str plain_path(struct arena *a, struct str command)
{
	struct str s = str_trim(command);

	if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"')
		s = (struct str){ s.p + 1, s.n - 2 };
	char *p = arena_alloc(a, s.n + 1);
	for (size_t i = 0; i < s.n; i++) {
		p[i] = s.p[i];
		if (p[i] == '\\')
			p[i] = '/';
	}
	return (struct str){ p, s.n };
}

/* "C:/…", "%windir%/…", "/…" */
static bool is_absolute(struct str path)
{
	return !path.n || path.p[0] == '/' || path.p[0] == '%' || (path.n > 1 && path.p[1] == ':');
}

static bool settle(const struct model *m, const struct gpo_entry *file, bool outside,
	struct gpo_script_files *out, const char **reason)
{
	*reason = outside ? "script_outside_sysvol" : "script_not_read";
	if (!file || file->folder)
		return false;
	*out = (struct gpo_script_files){ file, find(m, parent_of(file->path)) };
	return true;
}

bool gpo_find_script(const struct model *m, const struct ad_object *gpo,
	const struct gpo_setting *setting, struct gpo_script_files *out, const char **reason)
{
	const struct gpo *g = gpo_of(m, gpo);
	const struct gpo_entry *file = NULL;
	struct arena a = { 0 };
	struct str path = plain_path(&a, setting->name);
	bool outside = str_eq(setting->path, STR("ScheduledTask")) || is_absolute(path);

	if (str_starts(path, STR("//")))
		file = find_unc(m, &a, gpo->domain, path, &outside);
	else if (!outside && g && g->entry_count)
		file = find(
			m, arena_printf(&a, "%.*s/%s/Scripts/%.*s/%.*s",
				   STR_ARG(g->entries[0].path), setting->user ? "User" : "Machine",
				   STR_ARG(setting->path), STR_ARG(path)));
	bool found = settle(m, file, outside, out, reason);
	arena_free(&a);
	return found;
}

bool gpo_find_logon_script(const struct model *m, const struct ad_domain *domain,
	struct str script_path, struct gpo_script_files *out, const char **reason)
{
	const struct gpo_entry *file = NULL;
	struct arena a = { 0 };
	struct str path = plain_path(&a, script_path);
	bool outside = false;

	if (str_starts(path, STR("//")))
		file = find_unc(m, &a, domain, path, &outside);
	else if (!is_absolute(path) || (path.n > 1 && path.p[0] == '/'))
		file = find_netlogon(m, &a, domain,
			path.p[0] == '/' ? (struct str){ path.p + 1, path.n - 1 } : path);
	else
		outside = true;
	bool found = settle(m, file, outside, out, reason);
	arena_free(&a);
	return found;
}
