#include "engine/catalogue.h"

#include "engine/internal.h"
#include "policy/yaml.h"

#include <stdarg.h>
#include <stdlib.h>

static const struct param_spec include_disabled_spec = { "include_disabled", PARAM_BOOL, 0, 1, 1 };

const struct param_spec *check_param_spec(const struct check *check, struct str name)
{
	for (const struct param_spec *p = check->params; p && p->name; p++)
		if (str_eq(str_of(p->name), name))
			return p;
	if ((check->scope & SCOPE_ENABLED) && str_eq(name, str_of(include_disabled_spec.name)))
		return &include_disabled_spec;
	return NULL;
}

static int wrong(struct err *err, struct policy_position at, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

static int wrong(struct err *err, struct policy_position at, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return err_set(err, ERR_INTERNAL, "%s:%u:%u: %s", at.file, at.line, at.column, text);
}

struct loader {
	struct catalogue *c;
	struct catalogue_entry *entries; /* room for every C row */
	struct catalogue_area *areas;
	struct run_change *changes;
	const struct yaml_node *change_nodes; /* the map of changes.yaml */
	const struct check_area *area;	      /* the one under way */
	struct err *err;
};

/* Every key of map must be one of the words of known (separated by spaces), and those before '|'
 * must be there. */
static int only_keys(struct loader *l, const struct yaml_node *map, const char *known)
{
	bool required = true;

	if (map->kind != YAML_MAP)
		return wrong(l->err, map->at, "a map with the keys %s is expected here", known);
	for (size_t i = 0; i < map->count; i++) {
		struct str rest = str_of(known);
		bool found = false;

		while (rest.n > 0 && !found)
			found = str_eq(str_cut(rest, ' ', &rest), map->keys[i]);
		if (!found || str_eq(map->keys[i], STR("|")))
			return wrong(l->err, map->key_at[i], "unknown key '%.*s'; known: %s",
				STR_ARG(map->keys[i]), known);
	}
	for (struct str rest = str_of(known); rest.n > 0;) {
		struct str word = str_cut(rest, ' ', &rest);
		char key[32];

		if (str_eq(word, STR("|")))
			required = false;
		if (!required || word.n >= sizeof(key))
			continue;
		memcpy(key, word.p, word.n);
		key[word.n] = '\0';
		if (!yaml_get(map, key))
			return wrong(l->err, map->at, "the key '%s' is missing", key);
	}
	return 0;
}

static int read_scalar(
	struct loader *l, const struct yaml_node *n, const char *what, struct str *out)
{
	if (n->kind != YAML_SCALAR || str_trim(n->text).n == 0)
		return wrong(l->err, n->at, "%s must be a text that is not empty", what);
	*out = n->text;
	return 0;
}

static int read_text(
	struct loader *l, const struct yaml_node *map, const char *key, struct run_text *out)
{
	const struct yaml_node *n = yaml_get(map, key);
	int rc = only_keys(l, n, "fr en");

	if (rc == 0)
		rc = read_scalar(l, yaml_get(n, "fr"), key, &out->fr);
	if (rc == 0)
		rc = read_scalar(l, yaml_get(n, "en"), key, &out->en);
	return rc;
}

static int read_levels(struct loader *l, const struct yaml_node *n, struct catalogue_entry *e)
{
	int *levels;

	if (n->kind != YAML_LIST || n->count == 0)
		return wrong(l->err, n->at, "levels must be a list of at least one level");
	levels = ARENA_ARRAY(&l->c->arena, int, n->count);
	for (size_t i = 0; i < n->count; i++) {
		int64_t v = 0;

		if (n->items[i].kind != YAML_SCALAR || !str_to_i64(n->items[i].text, &v) || v < 1 ||
			v > 5)
			return wrong(l->err, n->items[i].at, "a level is a number from 1 to 5");
		if (i > 0 && v <= levels[i - 1])
			return wrong(l->err, n->items[i].at,
				"levels are in ascending order, the worst first");
		levels[i] = (int)v;
	}
	e->levels = levels;
	e->level_count = n->count;
	return 0;
}

static int read_references(struct loader *l, const struct yaml_node *n, struct catalogue_entry *e)
{
	struct str *references;

	if (n->kind != YAML_LIST || n->count == 0)
		return wrong(l->err, n->at, "references must be a list of at least one text");
	references = ARENA_ARRAY(&l->c->arena, struct str, n->count);
	for (size_t i = 0; i < n->count; i++) {
		int rc = read_scalar(l, &n->items[i], "a reference", &references[i]);

		if (rc)
			return rc;
	}
	e->references = references;
	e->reference_count = n->count;
	return 0;
}

static int read_default(struct loader *l, const struct yaml_node *n, const struct param_spec *spec,
	struct policy_param *out)
{
	struct policy_param p = { .name = str_of(spec->name), .kind = spec->kind, .at = n->at };

	if (n->kind != YAML_SCALAR)
		return wrong(l->err, n->at, "the default of '%s' must be one value", spec->name);
	switch (spec->kind) {
	case PARAM_INT:
		if (n->quoted || !str_to_i64(n->text, &p.number))
			return wrong(l->err, n->at, "the default of '%s' must be a whole number",
				spec->name);
		if (p.number < spec->min || p.number > spec->max)
			return wrong(l->err, n->at, "the default of '%s' must be from %lld to %lld",
				spec->name, (long long)spec->min, (long long)spec->max);
		break;
	case PARAM_BOOL:
		p.number = str_eq(n->text, STR("true"));
		if (n->quoted || (!p.number && !str_eq(n->text, STR("false"))))
			return wrong(l->err, n->at, "the default of '%s' must be true or false",
				spec->name);
		break;
	case PARAM_STRING:
		p.text = n->text;
		break;
	}
	*out = p;
	return 0;
}

/* The defaults in the order of the C row, the implied one last. */
static int read_parameters(struct loader *l, const struct yaml_node *control,
	const struct yaml_node *n, struct catalogue_entry *e)
{
	struct policy_param *defaults =
		ARENA_ARRAY(&l->c->arena, struct policy_param, CONTROL_PARAMS);
	size_t count = 0;

	if (n && n->kind != YAML_MAP)
		return wrong(l->err, n->at, "parameters must be a map");
	for (size_t i = 0; n && i < n->count; i++)
		if (!check_param_spec(e->check, n->keys[i]))
			return wrong(l->err, n->key_at[i],
				"the C row of %s has no parameter '%.*s'", e->check->id,
				STR_ARG(n->keys[i]));
	for (const struct param_spec *p = e->check->params; p && p->name; p++) {
		const struct yaml_node *v = n ? yaml_get(n, p->name) : NULL;
		int rc;

		if (!v)
			return wrong(l->err, control->at,
				"%s has no default for its parameter '%s'", e->check->id, p->name);
		if (count + 1 >= CONTROL_PARAMS)
			return wrong(
				l->err, control->at, "%s has too many parameters", e->check->id);
		rc = read_default(l, v, p, &defaults[count++]);
		if (rc)
			return rc;
	}
	if (e->check->scope & SCOPE_ENABLED) {
		const struct yaml_node *v = n ? yaml_get(n, include_disabled_spec.name) : NULL;
		struct policy_param *p = &defaults[count++];

		*p = (struct policy_param){ .name = str_of(include_disabled_spec.name),
			.kind = PARAM_BOOL,
			.at = control->at };
		if (v && read_default(l, v, &include_disabled_spec, p))
			return l->err->code;
	}
	e->defaults = defaults;
	e->default_count = count;
	return 0;
}

static const struct check *find_row(const struct check_area *area, struct str id)
{
	for (size_t i = 0; i < area->count; i++)
		if (str_eq(str_of(area->checks[i].id), id))
			return &area->checks[i];
	return NULL;
}

static int read_change(struct loader *l, const struct yaml_node *n, struct catalogue_entry *e)
{
	struct str id = { 0 };
	int rc = read_scalar(l, n, "change", &id);

	if (rc)
		return rc;
	for (size_t i = 0; i < l->c->change_count; i++)
		if (str_eq(l->changes[i].id, id)) {
			e->change = &l->changes[i];
			return 0;
		}
	return wrong(l->err, n->at, "changes.yaml has no kind of change '%.*s'", STR_ARG(id));
}

/* Keys of [System Access] in GptTmpl.inf (MS-GPSB 2.2.1.1, 2.2.1.2). */
static int read_account_policy(
	struct loader *l, const struct yaml_node *n, struct catalogue_entry *e)
{
	static const char *const known[] = { "MinimumPasswordLength", "PasswordComplexity",
		"PasswordHistorySize", "MinimumPasswordAge", "MaximumPasswordAge",
		"ClearTextPassword", "LockoutBadCount", "LockoutDuration", "ResetLockoutCount" };

	if (!n)
		return 0;
	for (size_t i = 0; n->kind == YAML_SCALAR && i < ARRAY_LEN(known); i++)
		if (str_eq(n->text, str_of(known[i]))) {
			e->account_policy = n->text;
			return 0;
		}
	return wrong(l->err, n->at, "an account_policy is a key of [System Access] in GptTmpl.inf");
}

static int read_interpretation(
	struct loader *l, const struct yaml_node *n, struct catalogue_entry *e)
{
	if (n && (n->kind != YAML_SCALAR || n->quoted || !str_eq(n->text, STR("true"))))
		return wrong(l->err, n->at, "interpretation is true, or left out");
	e->interpretation = n != NULL;
	return 0;
}

static int read_control(struct loader *l, const struct yaml_node *controls, size_t i)
{
	const struct yaml_node *n = &controls->items[i];
	struct catalogue_entry e = { .id = controls->keys[i], .area = str_of(l->area->name) };
	int rc;

	e.check = find_row(l->area, e.id);
	if (!e.check)
		return wrong(l->err, controls->key_at[i], "'%.*s' has no row in checks/%s.c",
			STR_ARG(e.id), l->area->name);
	rc = only_keys(l, n,
		"levels change title why measure fix references | account_policy "
		"interpretation parameters");
	if (rc == 0)
		rc = read_levels(l, yaml_get(n, "levels"), &e);
	if (rc == 0)
		rc = read_change(l, yaml_get(n, "change"), &e);
	if (rc == 0)
		rc = read_text(l, n, "title", &e.title);
	if (rc == 0)
		rc = read_text(l, n, "why", &e.why);
	if (rc == 0)
		rc = read_text(l, n, "measure", &e.measure);
	if (rc == 0)
		rc = read_text(l, n, "fix", &e.fix);
	if (rc == 0)
		rc = read_references(l, yaml_get(n, "references"), &e);
	if (rc == 0)
		rc = read_account_policy(l, yaml_get(n, "account_policy"), &e);
	if (rc == 0)
		rc = read_interpretation(l, yaml_get(n, "interpretation"), &e);
	if (rc == 0)
		rc = read_parameters(l, n, yaml_get(n, "parameters"), &e);
	if (rc == 0)
		l->entries[l->c->entry_count++] = e;
	return rc;
}

/* Every C row of the area was named by the file. */
static int rows_have_entries(struct loader *l, const struct yaml_node *controls)
{
	for (size_t i = 0; i < l->area->count; i++)
		if (!yaml_get(controls, l->area->checks[i].id))
			return wrong(l->err, controls->at,
				"checks/%s.c has a row '%s' without entry here", l->area->name,
				l->area->checks[i].id);
	return 0;
}

static const struct embedded_file *find_file(
	const struct embedded_file *files, size_t count, const char *stem)
{
	char name[128];

	snprintf(name, sizeof(name), "%s.yaml", stem);
	for (size_t i = 0; i < count; i++)
		if (strcmp(files[i].name, name) == 0)
			return &files[i];
	return NULL;
}

static int parse_file(struct loader *l, const struct embedded_file *f, struct yaml_node **out)
{
	struct str bytes = { (const char *)f->bytes, f->size };

	return yaml_parse(&l->c->arena, bytes, f->name, out, l->err);
}

static int read_area(struct loader *l, const struct embedded_file *f)
{
	struct catalogue_area *area = &l->areas[l->c->area_count];
	const struct yaml_node *controls;
	struct yaml_node *root = NULL;
	int rc = parse_file(l, f, &root);

	if (rc == 0)
		rc = only_keys(l, root, "area title controls");
	if (rc == 0)
		rc = read_scalar(l, yaml_get(root, "area"), "area", &area->name);
	if (rc == 0 && !str_eq(area->name, str_of(l->area->name)))
		rc = wrong(l->err, yaml_get(root, "area")->at, "the area of this file is '%s'",
			l->area->name);
	if (rc == 0)
		rc = read_text(l, root, "title", &area->title);
	if (rc)
		return rc;
	controls = yaml_get(root, "controls");
	if (controls->kind != YAML_MAP)
		return wrong(l->err, controls->at, "controls must be a map");
	for (size_t i = 0; rc == 0 && i < controls->count; i++)
		rc = read_control(l, controls, i);
	if (rc == 0)
		rc = rows_have_entries(l, controls);
	l->c->area_count++;
	return rc;
}

static int read_version(struct loader *l, const struct embedded_file *files, size_t count)
{
	const struct embedded_file *f = find_file(files, count, "catalogue");
	struct yaml_node *root = NULL;
	int rc;

	if (!f)
		return err_set(l->err, ERR_INTERNAL, "the catalogue has no catalogue.yaml");
	rc = parse_file(l, f, &root);
	if (rc == 0)
		rc = only_keys(l, root, "version");
	if (rc == 0)
		rc = read_scalar(l, yaml_get(root, "version"), "version", &l->c->version);
	return rc;
}

static int read_effort(struct loader *l, const struct yaml_node *n, enum run_effort *out)
{
	for (unsigned i = 0; n->kind == YAML_SCALAR && i < EFFORT_COUNT; i++)
		if (str_eq(n->text, str_of(run_effort_name((enum run_effort)i)))) {
			*out = (enum run_effort)i;
			return 0;
		}
	return wrong(l->err, n->at, "effort is low, medium or high");
}

static int read_kind(struct loader *l, const struct yaml_node *n, struct run_change *out)
{
	int rc = only_keys(l, n, "effort risk test back");

	if (rc == 0)
		rc = read_effort(l, yaml_get(n, "effort"), &out->effort);
	if (rc == 0)
		rc = read_text(l, n, "risk", &out->risk);
	if (rc == 0)
		rc = read_text(l, n, "test", &out->test);
	if (rc == 0)
		rc = read_text(l, n, "back", &out->back);
	return rc;
}

static int read_changes(struct loader *l, const struct embedded_file *files, size_t count)
{
	const struct embedded_file *f = find_file(files, count, "changes");
	struct yaml_node *root = NULL;
	const struct yaml_node *kinds;
	int rc;

	if (!f)
		return err_set(l->err, ERR_INTERNAL, "the catalogue has no changes.yaml");
	rc = parse_file(l, f, &root);
	if (rc == 0)
		rc = only_keys(l, root, "changes");
	if (rc)
		return rc;
	kinds = yaml_get(root, "changes");
	if (kinds->kind != YAML_MAP)
		return wrong(l->err, kinds->at, "changes must be a map");
	l->changes = ARENA_ARRAY(&l->c->arena, struct run_change, kinds->count);
	l->change_nodes = kinds;
	for (size_t i = 0; rc == 0 && i < kinds->count; i++) {
		l->changes[i].id = kinds->keys[i];
		rc = read_kind(l, &kinds->items[i], &l->changes[i]);
	}
	l->c->changes = l->changes;
	l->c->change_count = kinds->count;
	return rc;
}

/* A kind that no control has is words that nobody reads. */
static int changes_are_used(struct loader *l)
{
	const struct yaml_node *kinds = l->change_nodes;

	for (size_t i = 0; kinds && i < kinds->count; i++) {
		bool used = false;

		for (size_t k = 0; k < l->c->entry_count && !used; k++)
			used = l->entries[k].change == &l->changes[i];
		if (!used)
			return wrong(l->err, kinds->key_at[i],
				"no control has the kind of change '%.*s'",
				STR_ARG(kinds->keys[i]));
	}
	return 0;
}

/* A file that no C area has is words without a check. */
static int files_have_areas(struct loader *l, const struct check_area *const *areas,
	size_t area_count, const struct embedded_file *files, size_t file_count)
{
	for (size_t i = 0; i < file_count; i++) {
		bool known = strcmp(files[i].name, "catalogue.yaml") == 0 ||
			     strcmp(files[i].name, "changes.yaml") == 0;

		for (size_t a = 0; a < area_count && !known; a++)
			known = find_file(&files[i], 1, areas[a]->name) != NULL;
		if (!known)
			return err_set(l->err, ERR_INTERNAL, "%s:1:1: no C area has this name",
				files[i].name);
	}
	return 0;
}

static int by_id(const void *a, const void *b)
{
	const struct catalogue_entry *x = a, *y = b;

	return str_cmp(x->id, y->id);
}

static int load(struct loader *l, const struct check_area *const *areas, size_t area_count,
	const struct embedded_file *files, size_t file_count)
{
	int rc = read_version(l, files, file_count);

	if (rc == 0)
		rc = read_changes(l, files, file_count);
	if (rc == 0)
		rc = files_have_areas(l, areas, area_count, files, file_count);
	for (size_t i = 0; rc == 0 && i < area_count; i++) {
		const struct embedded_file *f = find_file(files, file_count, areas[i]->name);

		l->area = areas[i];
		if (!f)
			return err_set(l->err, ERR_INTERNAL,
				"the catalogue has no %s.yaml for checks/%s.c", areas[i]->name,
				areas[i]->name);
		rc = read_area(l, f);
	}
	if (rc == 0)
		rc = changes_are_used(l);
	if (rc)
		return rc;
	if (l->c->entry_count > 0)
		qsort(l->entries, l->c->entry_count, sizeof(*l->entries), by_id);
	for (size_t i = 1; i < l->c->entry_count; i++)
		if (str_eq(l->entries[i - 1].id, l->entries[i].id))
			return err_set(l->err, ERR_INTERNAL, "two areas have the control '%.*s'",
				STR_ARG(l->entries[i].id));
	return 0;
}

int catalogue_load(const struct check_area *const *areas, size_t area_count,
	const struct embedded_file *files, size_t file_count, struct catalogue *out,
	struct err *err)
{
	struct catalogue c = { 0 };
	struct loader l = { .c = &c, .err = err };
	size_t rows = 0;
	int rc;

	for (size_t i = 0; i < area_count; i++)
		rows += areas[i]->count;
	l.entries = ARENA_ARRAY(&c.arena, struct catalogue_entry, rows);
	l.areas = ARENA_ARRAY(&c.arena, struct catalogue_area, area_count);
	c.entries = l.entries;
	c.areas = l.areas;
	rc = load(&l, areas, area_count, files, file_count);
	if (rc) {
		catalogue_free(&c);
		return rc;
	}
	*out = c;
	return 0;
}

void catalogue_free(struct catalogue *c)
{
	arena_free(&c->arena);
	*c = (struct catalogue){ 0 };
}

const struct catalogue_entry *catalogue_find(const struct catalogue *c, struct str id)
{
	struct catalogue_entry key = { .id = id };

	if (c->entry_count == 0)
		return NULL;
	return bsearch(&key, c->entries, c->entry_count, sizeof(*c->entries), by_id);
}
