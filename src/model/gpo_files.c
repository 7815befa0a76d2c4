/* Reads the files of SYSVOL and gives each group policy what its files say. */
#include "ad/audit_csv.h"
#include "ad/gpp.h"
#include "ad/gpt_tmpl.h"
#include "ad/registry_pol.h"
#include "ad/scripts_ini.h"
#include "ad/sysvol_secrets.h"
#include "base/search.h"
#include "base/utf8.h"
#include "model/state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pile { /* grows while the files of one policy are read */
	void *items;
	size_t count, room, size;
};

struct owner { /* of the files under way: they come folder by folder */
	struct str folder;
	struct gpo *gpo; /* NULL: no policy that was read */
};

struct files {
	struct model *m;
	struct pile *settings, *passwords, *entries; /* by gpo; the last: of none */
	struct owner owner;
	struct arena scratch;
	struct hash descriptors; /* bytes of each distinct one: index of parsed */
	struct parsed {
		const struct secdesc *sd; /* NULL: damaged */
	} * parsed;
	uint32_t parsed_count, parsed_room;
};

static void *pile_add(struct pile *p, size_t size)
{
	if (p->count == p->room) {
		p->room = p->room ? p->room * 2 : 16;
		p->items = xrealloc(p->items, p->room * size);
	}
	return memset((char *)p->items + size * p->count++, 0, size);
}

static const void *pile_take(struct model *m, struct pile *p, size_t size, size_t *count)
{
	void *kept = arena_array(&m->arena, p->count, size);

	if (p->count)
		memcpy(kept, p->items, p->count * size);
	*count = p->count;
	free(p->items);
	return kept;
}

/* ---- whose file is it ----------------------------------------------------------------------- */

static bool is_before(const void *gpo, const void *object)
{
	return ((const struct gpo *)gpo)->object < (const struct ad_object *)object;
}

const struct gpo *gpo_of(const struct model *m, const struct ad_object *o)
{
	size_t at = lower_bound(m->gpos, m->gpo_count, sizeof(*m->gpos), o, is_before);

	return at < m->gpo_count && m->gpos[at].object == o ? &m->gpos[at] : NULL;
}

/* The default policies have the same GUID in every domain: the domain's folder above tells them
 * apart. Without it, the GUID must be one domain's only. */
static struct gpo *find_gpo(
	const struct model *m, const struct guid *guid, const struct ad_domain *domain)
{
	struct gpo *found = NULL;

	for (size_t i = 0; i < m->gpo_count; i++) {
		if (!guid_eq(&m->gpos[i].guid, guid) ||
			(domain && m->gpos[i].object->domain != domain))
			continue;
		if (found)
			return NULL;
		found = &m->gpos[i];
	}
	return found;
}

static const struct ad_domain *domain_of(const struct model *m, struct str component)
{
	for (size_t i = 0; i < m->domain_count; i++)
		if (utf8_ieq(m->domains[i].dns, component))
			return &m->domains[i];
	return NULL;
}

/* Cuts path behind the folder of its policy; false when it is in none. */
static bool split_path(const struct model *m, struct str path, struct str *folder,
	struct guid *guid, const struct ad_domain **domain)
{
	struct str rest = path;

	*domain = NULL;
	while (rest.p) {
		struct str component = str_cut(rest, '/', &rest);

		/* What lost a conflict of the replication applies to nobody. */
		for (size_t i = 0; i + 7 <= component.n; i++)
			if (str_ieq((struct str){ component.p + i, 7 }, STR("_NTFRS_")))
				return false;
		if (guid_from_text(component, guid)) {
			*folder = (struct str){ path.p,
				(size_t)(component.p - path.p) + component.n };
			return true;
		}
		const struct ad_domain *d = domain_of(m, component);
		*domain = d ? d : *domain;
	}
	return false;
}

const struct gpo *gpo_of_path(const struct model *m, struct str path, struct str *folder)
{
	const struct ad_domain *domain;
	struct guid guid;

	*folder = STR("");
	if (!split_path(m, path, folder, &guid, &domain))
		return NULL;
	return find_gpo(m, &guid, domain);
}

static struct gpo *owner_of(struct files *f, struct str path, struct str *below)
{
	struct str folder = STR("");
	const struct ad_domain *domain;
	struct guid guid;

	*below = path;
	if (!split_path(f->m, path, &folder, &guid, &domain))
		return NULL;
	*below = (struct str){ path.p + folder.n, path.n - folder.n };
	if (!f->owner.folder.p || !str_eq(folder, f->owner.folder))
		f->owner = (struct owner){ arena_str(&f->m->arena, folder),
			find_gpo(f->m, &guid, domain) };
	return f->owner.gpo;
}

/* ---- what it says --------------------------------------------------------------------------- */

struct file { /* under way */
	struct files *f;
	struct gpo *gpo; /* NULL: nobody's */
	struct str path, bytes;
	bool user;
};

static size_t owner_index(const struct file *file)
{
	return file->gpo ? (size_t)(file->gpo - file->f->m->gpos) : file->f->m->gpo_count;
}

static struct gpo_setting *add_setting(struct file *file, enum gpo_store store)
{
	struct gpo_setting *s = pile_add(&file->f->settings[owner_index(file)], sizeof(*s));

	*s = (struct gpo_setting){ .store = store,
		.user = file->user,
		.path = STR(""),
		.name = STR(""),
		.value = STR(""),
		.file = file->path };
	return s;
}

static struct str keep(struct file *file, struct str s)
{
	return arena_str(&file->f->m->arena, s);
}

static struct str number(struct file *file, uint64_t n)
{
	return arena_printf(&file->f->m->arena, "%" PRIu64, n);
}

static struct str decimal(struct file *file, struct str text)
{
	uint64_t n;

	return str_to_u64(text, &n) ? number(file, n) : keep(file, text);
}

static struct gpo_password *add_password(struct file *file)
{
	struct gpo_password *p = pile_add(&file->f->passwords[owner_index(file)], sizeof(*p));

	*p = (struct gpo_password){ file->path, STR(""), STR(""), false };
	return p;
}

/* A registry value in clear text whose name is a password's; what it says was not stored. */
static void take_secret(struct file *file, struct str key, struct str name)
{
	if (secret_name_of(name) != SECRET_LIKELY)
		return;
	struct gpo_password *p = add_password(file);
	p->registry = true;
	p->item = arena_printf(&file->f->m->arena, "%.*s\\%.*s", STR_ARG(key), STR_ARG(name));
}

/* "MACHINE\\System\\…\\Name" */
static void split_registry_name(struct file *file, struct str name, struct gpo_setting *s)
{
	static const struct str machine = { "MACHINE\\", 8 };

	if (str_istarts(name, machine))
		name = (struct str){ name.p + machine.n, name.n - machine.n };
	size_t end = name.n;
	while (end > 0 && name.p[end - 1] != '\\')
		end--;
	s->path = keep(file, (struct str){ name.p, end ? end - 1 : 0 });
	s->name = keep(file, (struct str){ name.p + end, name.n - end });
}

static bool read_template(struct file *file)
{
	static const char *const sections[] = {
		[GPT_SYSTEM_ACCESS] = "System Access",
		[GPT_KERBEROS_POLICY] = "Kerberos Policy",
		[GPT_EVENT_AUDIT] = "Event Audit",
		[GPT_PRIVILEGE_RIGHTS] = "Privilege Rights",
		[GPT_REGISTRY_VALUES] = "",
		[GPT_GROUP_MEMBERSHIP] = "Group Membership",
		[GPT_REGISTRY_KEYS] = "Registry Keys",
		[GPT_FILE_SECURITY] = "File Security",
		[GPT_SERVICES] = "Service General Setting",
		[GPT_OTHER] = "",
	};
	struct gpt_tmpl t;

	if (!gpt_tmpl_parse(&file->f->m->arena, file->bytes, &t))
		return false;
	for (size_t i = 0; i < t.count; i++) {
		const struct gpt_setting *from = &t.settings[i];

		if (from->section == GPT_OTHER)
			continue;
		struct gpo_setting *s = add_setting(file, GPO_SECURITY);
		s->path = str_of(sections[from->section]);
		s->name = from->name;
		s->value = decimal(file, from->value);
		if (from->member_of)
			s->path = STR("Group Memberof");
		if (from->section == GPT_REGISTRY_VALUES)
			split_registry_name(file, from->name, s);
		if (from->section == GPT_REGISTRY_VALUES && from->type != REG_TYPE_DWORD &&
			from->value.n)
			take_secret(file, s->path, s->name);
	}
	/* A line that is not understood may be the one that is asked about. */
	return t.skipped == 0;
}

static bool read_pol(struct file *file)
{
	struct registry_pol r;
	uint32_t n;

	if (!registry_pol_parse(&file->f->scratch, file->bytes, &r))
		return false;
	for (size_t i = 0; i < r.count; i++) {
		const struct pol_entry *e = &r.entries[i];
		struct gpo_setting *s = add_setting(file, GPO_REGISTRY);

		s->path = keep(file, e->key);
		s->name = e->clears ? STR("") : keep(file, e->name);
		s->removed = e->clears || e->removes;
		if (pol_is_secret(e))
			take_secret(file, s->path, s->name);
		/* Only numbers are asked about; other data may hold secrets. */
		if (pol_number(e, &n))
			s->value = number(file, n);
	}
	return true;
}

static bool read_audit(struct file *file)
{
	struct audit_csv csv;
	char text[GUID_TEXT];

	if (!audit_csv_parse(&file->f->scratch, file->bytes, &csv))
		return false;
	for (size_t i = 0; i < csv.count; i++) {
		if (guid_is_none(&csv.rows[i].subcategory) || csv.rows[i].value == AUDIT_UNCHANGED)
			continue;
		struct gpo_setting *s = add_setting(file, GPO_AUDIT);
		s->name = keep(file, str_of(guid_text(&csv.rows[i].subcategory, text)));
		s->value = number(file, csv.rows[i].value & (AUDIT_SUCCESS | AUDIT_FAILURE));
	}
	return csv.skipped == 0;
}

static bool read_scripts(struct file *file)
{
	static const char *const events[] = {
		[SCRIPT_LOGON] = "Logon",
		[SCRIPT_LOGOFF] = "Logoff",
		[SCRIPT_STARTUP] = "Startup",
		[SCRIPT_SHUTDOWN] = "Shutdown",
	};
	struct scripts_ini ini;

	if (!scripts_ini_parse(&file->f->scratch, file->bytes, &ini))
		return false;
	for (size_t i = 0; i < ini.count; i++) {
		struct gpo_setting *s = add_setting(file, GPO_SCRIPT);

		s->path = str_of(events[ini.scripts[i].event]);
		s->name = keep(file, ini.scripts[i].command);
	}
	return true;
}

/* REG_DWORD is written in hexadecimal, eight digits. */
static struct str registry_number(struct file *file, const struct gpp_item *item)
{
	uint64_t n = 0;

	if (!str_ieq(item->value_type, STR("REG_DWORD")) || !item->value.n || item->value.n > 8)
		return STR("");
	for (size_t i = 0; i < item->value.n; i++) {
		int digit = ascii_hex(item->value.p[i]);

		if (digit < 0)
			return STR("");
		n = n << 4 | (unsigned)digit;
	}
	return number(file, n);
}

static void take_registry_item(struct file *file, const struct gpp_item *item)
{
	if (item->disabled || !str_ieq(item->hive, STR("HKEY_LOCAL_MACHINE")))
		return;
	struct gpo_setting *s = add_setting(file, GPO_PREFERENCE);
	s->path = keep(file, item->key);
	s->name = keep(file, item->value_name);
	s->value = registry_number(file, item);
	s->removed = item->action == 'D';
	s->maybe = item->filtered || item->action == 'C';
}

/* Text that it sets; one that is disabled or filtered stands in the file all the same. */
static bool sets_text(const struct gpp_item *item)
{
	return item->kind == GPP_REGISTRY && item->action != 'D' && item->value.n &&
	       !str_ieq(item->value_type, STR("REG_DWORD"));
}

static void take_task(struct file *file, const struct gpp_item *item)
{
	if (item->kind != GPP_TASK || item->disabled || item->action == 'D' || !item->command.n)
		return;
	struct gpo_setting *s = add_setting(file, GPO_SCRIPT);
	s->path = STR("ScheduledTask");
	s->name = keep(file, item->command);
	s->maybe = item->filtered;
}

static struct str sid_or_name(struct file *file, const struct sid *sid, struct str name)
{
	char text[SID_TEXT];

	return keep(file, sid_is_none(sid) ? name : str_of(sid_text(sid, text)));
}

/* One setting a member: what policies put into a local group adds up. */
static void take_members(struct file *file, const struct gpp_item *item)
{
	if (item->kind != GPP_GROUP || item->disabled || item->action == 'D')
		return;
	for (size_t i = 0; i < item->member_count; i++) {
		const struct gpp_member *member = &item->members[i];
		struct gpo_setting *s = add_setting(file, GPO_GROUPS);

		s->path = sid_or_name(file, &item->group, item->name);
		s->name = sid_or_name(file, &member->sid, member->name);
		s->removed = member->removed;
		s->maybe = item->filtered;
	}
}

static bool read_preference(struct file *file)
{
	struct gpp g;

	if (!gpp_parse(&file->f->scratch, file->bytes, &g))
		return false;
	for (size_t i = 0; i < g.count; i++) {
		const struct gpp_item *item = &g.items[i];

		if (item->kind == GPP_REGISTRY)
			take_registry_item(file, item);
		take_task(file, item);
		take_members(file, item);
		if (sets_text(item))
			take_secret(file, item->key, item->value_name);
		if (!item->has_password)
			continue;
		struct gpo_password *p = add_password(file);
		p->item = keep(file, item->name);
		p->user = keep(file, item->user);
	}
	return true;
}

/* ---- all files ------------------------------------------------------------------------------ */

static const struct {
	struct str name;
	bool (*read)(struct file *file);
	enum gpo_store store;
} readers[] = {
	{ { "gpttmpl.inf", 11 }, read_template, GPO_SECURITY },
	{ { "registry.pol", 12 }, read_pol, GPO_REGISTRY },
	{ { "audit.csv", 9 }, read_audit, GPO_AUDIT },
	{ { "psscripts.ini", 13 }, read_scripts, GPO_SCRIPT },
	{ { "scripts.ini", 11 }, read_scripts, GPO_SCRIPT },
	{ { "registry.xml", 12 }, read_preference, GPO_PREFERENCE },
	{ { "groups.xml", 10 }, read_preference, GPO_GROUPS },
};

static bool contains(struct str s, struct str part)
{
	for (size_t i = 0; i + part.n <= s.n; i++)
		if (str_ieq((struct str){ s.p + i, part.n }, part))
			return true;
	return false;
}

static struct str base_name(struct str path)
{
	size_t at = path.n;

	while (at > 0 && path.p[at - 1] != '/')
		at--;
	return (struct str){ path.p + at, path.n - at };
}

static bool read_file(struct file *file, struct str below)
{
	struct str name = base_name(file->path);
	bool xml = str_iends(name, STR(".xml"));

	/* Other XML may lie about; only a preference says something. */
	if (xml && !contains(below, STR("/Preferences/")))
		return true;
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
		if (!str_ieq(name, readers[i].name))
			continue;
		if (file->gpo && !file->user)
			file->gpo->files |= 1u << readers[i].store;
		return readers[i].read(file);
	}
	return !xml || read_preference(file);
}

static int take_file(void *cx, struct str path, struct str bytes, struct err *err)
{
	struct files *f = cx;
	struct model *m = f->m;
	struct str below;
	struct file file = { .f = f, .bytes = bytes };

	(void)err;
	file.path = utf8_sanitize(&m->arena, arena_str(&m->arena, path));
	file.gpo = owner_of(f, file.path, &below);
	file.user = str_istarts(below, STR("/User/"));
	if (file.gpo)
		file.gpo->found = true;
	if (!read_file(&file, below)) {
		if (file.gpo)
			file.gpo->gap = "gpo_file_not_read";
		else
			m->sysvol_gap = "gpo_file_not_read";
		coverage_add(m, arena_printf(&f->scratch, "sysvol %.*s", STR_ARG(file.path)),
			COVERAGE_MALFORMED, STR("malformed_file"));
	}
	arena_reset(&f->scratch);
	return 0;
}

static const struct secdesc *file_descriptor_of(struct files *f, struct str bytes)
{
	uint32_t at = bytes.p ? hash_get(&f->descriptors, bytes) : HASH_NONE;
	struct secdesc *sd;

	if (!bytes.p || at != HASH_NONE)
		return bytes.p ? f->parsed[at].sd : NULL;
	bytes = arena_str(&f->m->arena, bytes);
	sd = ARENA_NEW(&f->m->arena, struct secdesc);
	if (f->parsed_count == f->parsed_room) {
		f->parsed_room = f->parsed_room ? f->parsed_room * 2 : 16;
		f->parsed = xrealloc(f->parsed, f->parsed_room * sizeof(*f->parsed));
	}
	f->parsed[f->parsed_count].sd = secdesc_parse(&f->m->arena, bytes, sd) ? sd : NULL;
	hash_add(&f->descriptors, bytes, f->parsed_count);
	return f->parsed[f->parsed_count++].sd;
}

static int take_entry(void *cx, const struct sysvol_entry *from, struct err *err)
{
	struct files *f = cx;
	struct str path = utf8_sanitize(&f->m->arena, arena_str(&f->m->arena, from->path)), below;
	struct gpo *gpo = owner_of(f, path, &below);
	size_t owner = gpo ? (size_t)(gpo - f->m->gpos) : f->m->gpo_count;
	struct gpo_entry *e = pile_add(&f->entries[owner], sizeof(*e));

	(void)err;
	*e = (struct gpo_entry){ path, below, from->folder, from->modified,
		file_descriptor_of(f, from->descriptor), from->control_known };
	return 0;
}

/* Another XML file of preferences than those that settings are read of holds passwords at most. */
static bool holds_passwords_only(struct str path)
{
	struct str name = base_name(path);

	if (!str_iends(name, STR(".xml")) || str_ieq(name, STR("scheduledtasks.xml")))
		return false;
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
		if (str_ieq(name, readers[i].name))
			return false;
	return true;
}

static bool is_read_at_all(struct str path, struct str below)
{
	struct str name = base_name(path);

	if (str_iends(name, STR(".xml")))
		return contains(below, STR("/Preferences/"));
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
		if (str_ieq(name, readers[i].name))
			return true;
	return false;
}

/* A file that the source left out. */
static void take_not_asked(struct files *f, struct str path)
{
	static const char *const reason = "gpo_file_not_asked";
	struct str below;
	struct gpo *gpo = owner_of(f, path, &below);

	if (!is_read_at_all(path, below))
		return;
	*(gpo ? &gpo->password_gap : &f->m->password_gap) = reason;
	if (gpo && !holds_passwords_only(path))
		gpo->gap = reason;
}

/* What could not be copied, by the importer's coverage. */
static void take_coverage(struct files *f, struct coverage c)
{
	static const struct str prefix = { "sysvol ", 7 };
	struct str path = { c.need.p + prefix.n, c.need.n - prefix.n }, below;
	struct gpo *gpo;

	if (c.state == COVERAGE_OK || c.state == COVERAGE_NOTE)
		return;
	if (str_eq(c.need, STR("sysvol"))) {
		if (c.state == COVERAGE_DENIED || c.state == COVERAGE_TRUNCATED)
			f->m->sysvol_gap = "gpo_file_not_read";
		if (c.state == COVERAGE_NOT_ASKED)
			f->m->password_gap = "gpo_file_not_asked";
	}
	if (!str_starts(c.need, prefix))
		return;
	if (c.state == COVERAGE_NOT_ASKED) {
		take_not_asked(f, path);
		return;
	}
	gpo = owner_of(f, path, &below);
	if (gpo)
		gpo->gap = "gpo_file_not_read";
	else
		f->m->sysvol_gap = "gpo_file_not_read";
}

static void find_gpos(struct model *m)
{
	size_t n = 0;

	m->gpos = ARENA_ARRAY(&m->arena, struct gpo, m->count);
	for (size_t i = 0; i < m->count; i++) {
		if (m->objects[i].kind != AD_GPO)
			continue;
		m->gpos[n].object = &m->objects[i];
		guid_from_text(m->objects[i].name, &m->gpos[n].guid);
		n++;
	}
	m->gpo_count = n;
}

static void settle(struct files *f)
{
	struct model *m = f->m;

	for (size_t i = 0; i < m->gpo_count; i++) {
		struct gpo *g = &m->gpos[i];

		g->settings = pile_take(
			m, &f->settings[i], sizeof(struct gpo_setting), &g->setting_count);
		g->passwords = pile_take(
			m, &f->passwords[i], sizeof(struct gpo_password), &g->password_count);
		g->entries =
			pile_take(m, &f->entries[i], sizeof(struct gpo_entry), &g->entry_count);
		if (!m->sysvol_read)
			g->gap = "sysvol_not_read";
		else if (!g->found && !g->gap)
			g->gap = "gpo_folder_not_read";
		else if (!g->gap)
			g->gap = m->sysvol_gap;
	}
	size_t count;
	const struct gpo_password *orphans =
		pile_take(m, &f->passwords[m->gpo_count], sizeof(struct gpo_password), &count);
	m->orphan_entries = pile_take(
		m, &f->entries[m->gpo_count], sizeof(struct gpo_entry), &m->orphan_entry_count);
	free(f->settings[m->gpo_count].items);
	m->orphan_passwords = orphans;
	m->orphan_password_count = count;
}

int gpo_build(struct model *m, struct snapshot *s, struct err *err)
{
	struct files f = { .m = m };
	int rc;

	find_gpos(m);
	m->sysvol_read = snapshot_meta(s, META_SYSVOL).n > 0;
	f.settings = xcalloc(m->gpo_count + 1, sizeof(*f.settings));
	f.passwords = xcalloc(m->gpo_count + 1, sizeof(*f.passwords));
	f.entries = xcalloc(m->gpo_count + 1, sizeof(*f.entries));
	for (size_t i = 0; i < snapshot_coverage_count(s); i++)
		take_coverage(&f, snapshot_coverage_at(s, i));
	rc = snapshot_each_sysvol(s, take_file, &f, err);
	if (!rc)
		rc = snapshot_each_sysvol_entry(s, take_entry, &f, err);
	settle(&f);
	gpo_reach_build(m);
	gpo_entries_build(m);
	hash_free(&f.descriptors);
	free(f.parsed);
	free(f.entries);
	free(f.settings);
	free(f.passwords);
	arena_free(&f.scratch);
	return rc;
}

bool model_sysvol_read(const struct model *m)
{
	return m->sysvol_read;
}

bool gpo_files_read(const struct model *m, const struct ad_object *gpo, const char **reason)
{
	const struct gpo *g = gpo_of(m, gpo);
	const char *gap = g ? g->gap : "gpo_folder_not_read";

	if (gap && reason)
		*reason = gap;
	return !gap;
}

bool gpo_passwords_read(const struct model *m, const struct ad_object *gpo, const char **reason)
{
	const struct gpo *g = gpo ? gpo_of(m, gpo) : NULL;
	const char *gap = g ? g->password_gap : gpo ? NULL : m->password_gap;

	if (gpo && !gpo_files_read(m, gpo, reason))
		return false;
	if (gap && reason)
		*reason = gap;
	return !gap;
}

size_t gpo_settings(
	const struct model *m, const struct ad_object *gpo, const struct gpo_setting **out)
{
	const struct gpo *g = gpo_of(m, gpo);

	*out = g ? g->settings : NULL;
	return g ? g->setting_count : 0;
}

size_t gpo_passwords(
	const struct model *m, const struct ad_object *gpo, const struct gpo_password **out)
{
	const struct gpo *g = gpo ? gpo_of(m, gpo) : NULL;

	*out = g ? g->passwords : gpo ? NULL : m->orphan_passwords;
	return g ? g->password_count : gpo ? 0 : m->orphan_password_count;
}
