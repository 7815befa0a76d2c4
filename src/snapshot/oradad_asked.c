#include "snapshot/oradad_asked.h"

#include "snapshot/oradad_join.h"

#include <stdio.h>
#include <string.h>

#define DEFAULT_LEVEL 4 /* ORADAD's own */

/* By attribute. */
struct asked {
	bool *of; /* every table of the name so far has it */
	bool any; /* there is such a table */
};

static void note_table(struct asked *asked, const struct oradad_folder *f,
	const struct oradad_table *t, struct arena *scratch)
{
	const struct oradad_taken *taken;
	size_t n = oradad_folder_file(f, t->file) ? oradad_take(t, scratch, &taken) : 0;
	bool *here = ARENA_ARRAY(scratch, bool, oradad_attribute_count);

	for (size_t i = 0; i < n; i++)
		here[taken[i].attribute - oradad_attributes] = true;
	for (size_t i = 0; i < oradad_attribute_count; i++)
		asked->of[i] = here[i] && (asked->of[i] || !asked->any);
	asked->any = true;
}

static struct asked asked_of(const struct oradad_tables *tables, const struct oradad_folder *f,
	const char *name, struct arena *scratch)
{
	struct asked asked = { .of = ARENA_ARRAY(scratch, bool, oradad_attribute_count) };

	for (size_t i = 0; i < tables->count; i++)
		if (str_ieq(tables->tables[i].name, str_of(name)))
			note_table(&asked, f, &tables->tables[i], scratch);
	return asked;
}

static int put_list(
	const struct asked *asked, const char *key, struct snapshot_writer *w, struct err *err)
{
	struct buf b = { 0 };

	/* A list without a name would mean "not known". */
	buf_putz(&b, "dn");
	for (size_t i = 0; i < oradad_attribute_count; i++)
		if (asked->of[i])
			buf_printf(&b, " %s", oradad_attributes[i].name);
	int code = snapshot_put_meta(w, key, buf_str(&b), err);
	buf_free(&b);
	return code;
}

static int put_class(const struct oradad_class *c, const struct oradad_tables *tables,
	const struct oradad_folder *f, struct snapshot_writer *w, struct err *err)
{
	char key[sizeof(META_ATTRIBUTES_ASKED_OF) + 64];
	struct arena scratch = { 0 };
	int code = 0;

	/* Versions without a table for them have them among the computers. */
	if (oradad_has_table(tables, c->table) || strcmp(c->table, "dmsa") != 0) {
		struct asked asked = asked_of(tables, f, c->table, &scratch);

		snprintf(key, sizeof(key), META_ATTRIBUTES_ASKED_OF "%s", c->object_class);
		code = put_list(&asked, key, w, err);
	}
	arena_free(&scratch);
	return code;
}

/* ---- what no table has ---- */

static void mark_taken(bool *taken, const struct oradad_tables *tables)
{
	struct arena scratch = { 0 };

	for (size_t i = 0; i < tables->count; i++) {
		const struct oradad_taken *list;
		size_t n = oradad_take(&tables->tables[i], &scratch, &list);

		for (size_t k = 0; k < n; k++)
			taken[list[k].attribute - oradad_attributes] = true;
		arena_reset(&scratch);
	}
	arena_free(&scratch);
}

/* Why it is in no table; "" when nobody asks for it. */
static struct str reason_of(
	struct arena *a, const struct oradad_attribute *attribute, const struct oradad_about *about)
{
	switch (attribute->how) {
	case ORADAD_EXTRA:
		return STR("");
	case ORADAD_SECRET:
		return about->confidential > 0 ? STR("") : STR("oradad_confidential");
	case ORADAD_NEVER:
		return STR("oradad_never");
	case ORADAD_ABOVE:
		break;
	case ORADAD_COLLECTED:
	case ORADAD_UNRANGED:
	case ORADAD_FIRST:
		if (!about->level || about->level >= DEFAULT_LEVEL)
			return STR("oradad_never");
		break;
	}
	return arena_printf(
		a, "oradad_level %lld", (long long)(about->level ? about->level : DEFAULT_LEVEL));
}

static int put_left_out(const struct oradad_tables *tables, const struct oradad_about *about,
	struct snapshot_writer *w, struct err *err)
{
	struct arena scratch = { 0 };
	bool *taken = ARENA_ARRAY(&scratch, bool, oradad_attribute_count);
	int code = 0;

	mark_taken(taken, tables);
	for (size_t i = 0; !code && i < oradad_attribute_count; i++) {
		const struct oradad_attribute *attribute = &oradad_attributes[i];
		struct str reason = taken[i] ? STR("") : reason_of(&scratch, attribute, about);

		if (reason.n)
			code = snapshot_put_coverage(w,
				arena_printf(&scratch, "attribute %s", attribute->name),
				COVERAGE_NOT_ASKED, reason, err);
	}
	arena_free(&scratch);
	return code;
}

int oradad_asked_put(const struct oradad_tables *tables, const struct oradad_folder *f,
	const struct oradad_about *about, struct snapshot_writer *w, struct err *err)
{
	struct arena scratch = { 0 };
	struct asked top = asked_of(tables, f, "top", &scratch);
	int code = put_list(&top, META_ATTRIBUTES_ASKED, w, err);

	for (size_t i = 0; !code && i < oradad_class_count; i++)
		code = put_class(&oradad_classes[i], tables, f, w, err);
	arena_free(&scratch);
	return code ? code : put_left_out(tables, about, w, err);
}
