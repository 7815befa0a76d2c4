#include "snapshot/oradad.h"

#include "snapshot/oradad_asked.h"
#include "snapshot/oradad_join.h"
#include "snapshot/oradad_sysvol.h"

struct import {
	struct snapshot_writer *w;
	struct oradad_folder *folder;
	struct oradad_tables tables;
	struct arena arena;
	struct progress *progress;
	struct oradad_log log;
	struct oradad_about about;
};

static bool is_top(const struct oradad_table *t)
{
	return str_ieq(t->name, STR("top"));
}

static int put_note(struct import *m, const char *what, struct str of, enum coverage_state state,
	struct str detail, struct err *err)
{
	struct arena scratch = { 0 };
	int code = snapshot_put_coverage(
		m->w, arena_printf(&scratch, "%s %.*s", what, STR_ARG(of)), state, detail, err);

	arena_free(&scratch);
	return code;
}

/* Without top, objects of this naming context lack their rights, and some are lost whole. */
static int put_missing(struct import *m, struct str file, bool top, struct err *err)
{
	int code = put_note(m, "table", file, COVERAGE_MISSING, STR("no_file"), err);

	if (!code && top)
		code = put_note(
			m, "source", STR("oradad"), COVERAGE_TRUNCATED, STR("no_file"), err);
	return code;
}

static int check_file(struct import *m, const struct oradad_table *t, struct err *err)
{
	return oradad_folder_file(m->folder, t->file) ? 0 : put_missing(m, t->file, is_top(t), err);
}

static bool names_top(const struct import *m, const char *base, struct str domain)
{
	for (size_t i = 0; i < m->tables.count; i++) {
		const struct oradad_table *t = &m->tables.tables[i];

		if (is_top(t) && str_ieq(t->base, str_of(base)) && str_eq(t->domain, domain))
			return true;
	}
	return false;
}

static int put_context(struct import *m, const char *name, struct str above, struct err *err)
{
	struct str dn = arena_printf(&m->arena, "DC=%s,%.*s", name, STR_ARG(above));

	return put_note(m, "context", dn, COVERAGE_MISSING, STR("no_file"), err);
}

/* "ch.example" to "DC=ch,DC=example" */
static struct str dn_of_name(struct arena *a, struct str name)
{
	struct buf dn = { 0 };

	while (name.n) {
		struct str label = str_cut(name, '.', &name);

		buf_printf(&dn, dn.n ? ",DC=%.*s" : "DC=%.*s", STR_ARG(label));
	}
	struct str s = arena_str(a, buf_str(&dn));
	buf_free(&dn);
	return s;
}

/* Contexts that tables.tsv names no top of; ORADAD does also where they are not there. */
static int check_contexts(struct import *m, struct err *err)
{
	static const struct str forest = { NULL, 0 };
	int code = 0;

	if (!names_top(m, "configuration", forest))
		code = put_missing(m, STR("configuration\\top.tsv"), true, err);
	if (!code && !names_top(m, "schema", forest))
		code = put_missing(m, STR("schema\\top.tsv"), true, err);
	if (!code && !names_top(m, "forestdns", forest))
		code = put_context(m, "ForestDnsZones", m->about.forest, err);
	for (size_t i = 0; !code && i < m->tables.count; i++) {
		const struct oradad_table *t = &m->tables.tables[i];

		if (is_top(t) && str_ieq(t->base, STR("domain")) &&
			!names_top(m, "domaindns", t->domain))
			code = put_context(
				m, "DomainDnsZones", dn_of_name(&m->arena, t->domain), err);
	}
	return code;
}

/* Without these nothing sure can be said of a domain; ORADAD stops when it cannot write them. */
static int check_core(struct import *m, const struct oradad_table *top, struct err *err)
{
	static const char *const core[] = { "top", "root", "user", "computer", "group" };
	int code = 0;

	for (size_t i = 0; !code && i < ARRAY_LEN(core); i++) {
		bool there = false;

		for (size_t k = 0; k < m->tables.count; k++) {
			const struct oradad_table *t = &m->tables.tables[k];

			there |= str_ieq(t->name, str_of(core[i])) && str_eq(t->base, top->base) &&
				 str_eq(t->domain, top->domain) &&
				 oradad_folder_file(m->folder, t->file);
		}
		if (!there)
			code = err_set(err, ERR_SOURCE,
				"'%s': %.*s\\%.*s\\%s.tsv is not there, without which nothing sure "
				"can be said of the domain; copy the whole folder of the run.",
				oradad_folder_path(m->folder), STR_ARG(top->base),
				STR_ARG(top->domain), core[i]);
	}
	return code;
}

/* Which objects are deleted, and of which class each is. */
static int check_top(struct import *m, const struct oradad_table *t, struct err *err)
{
	if (oradad_column(t, STR("dn")) == 0 && oradad_column(t, STR("objectClass")) != SIZE_MAX &&
		oradad_column(t, STR("isDeleted")) != SIZE_MAX)
		return str_ieq(t->base, STR("domain")) ? check_core(m, t, err) : 0;
	return err_set(err, ERR_SOURCE,
		"'%s', line %llu: %.*s has no columns dn, objectClass and isDeleted; objects "
		"cannot be told from each other.",
		oradad_folder_path(m->folder), (unsigned long long)t->line, STR_ARG(t->file));
}

static int check_tables(struct import *m, struct err *err)
{
	bool domain = false;

	for (size_t i = 0; i < m->tables.count; i++) {
		const struct oradad_table *t = &m->tables.tables[i];

		/* SYSVOL's own has its own words. */
		if (!str_ieq(t->name, STR("sysvol")) && check_file(m, t, err))
			return err->code;
		if (!is_top(t))
			continue;
		domain |= str_ieq(t->base, STR("domain"));
		if (check_top(m, t, err))
			return err->code;
	}
	if (domain)
		return 0;
	return err_set(err, ERR_SOURCE,
		"'%s' names no domain: there is no table domain\\…\\top.tsv. Was the run of ORADAD "
		"stopped before its end?",
		oradad_folder_path(m->folder));
}

/* Rows of two kinds of table that do not meet, where not all could be named. */
static int count_unmet(struct import *m, const struct oradad_join *j, struct err *err)
{
	static const uint64_t named = 1000;

	if (j->not_in_typed <= named && j->not_in_top <= named)
		return 0;
	return put_note(
		m, "source", STR("oradad"), COVERAGE_TRUNCATED, STR("rows_do_not_meet"), err);
}

static int join_all(struct import *m, struct err *err)
{
	struct oradad_join j = {
		.w = m->w,
		.folder = m->folder,
		.tables = &m->tables,
		.log = &m->log,
		.progress = m->progress,
		.limit = oradad_about_limit(&m->about),
		.first_only = oradad_about_first_only(&m->about),
	};

	for (size_t i = 0; i < m->tables.count; i++)
		if (is_top(&m->tables.tables[i]) && oradad_join(&j, &m->tables.tables[i], err))
			return err->code;
	return count_unmet(m, &j, err);
}

static int read_log(struct import *m, struct err *err)
{
	const char *path = oradad_folder_file(m->folder, STR("oradad.log"));

	return path ? oradad_log_read(&m->log, path, m->w, err)
		    : put_note(m, "source", STR("oradad"), COVERAGE_NOTE, STR("no_log"), err);
}

static int import(struct import *m, const char *path, bool sysvol, struct err *err)
{
	int code = oradad_folder_open(path, &m->folder, err);

	if (!code)
		code = oradad_tables_read(
			oradad_folder_path(m->folder), &m->arena, &m->tables, err);
	if (!code)
		code = check_tables(m, err);
	if (!code)
		code = oradad_about_read(&m->about, m->folder, &m->tables, m->w, &m->arena, err);
	if (!code)
		code = check_contexts(m, err);
	if (!code)
		code = join_all(m, err);
	if (!code)
		code = read_log(m, err);
	if (!code)
		code = oradad_about_put(&m->about, m->tables.run, m->w, err);
	if (!code)
		code = oradad_asked_put(&m->tables, m->folder, &m->about, m->w, err);
	if (!code && sysvol)
		code = oradad_sysvol_import(m->w, m->folder, &m->tables, m->progress, err);
	return code;
}

int oradad_import(struct snapshot_writer *w, const char *path, bool sysvol,
	struct progress *progress, struct err *err)
{
	struct import m = { .w = w, .progress = progress };
	int code = import(&m, path, sysvol, err);

	oradad_log_free(&m.log);
	oradad_folder_close(m.folder);
	arena_free(&m.arena);
	return code;
}
