/* Computers by their system and the end of its support. */
#include "ad/uac.h"
#include "ad/windows.h"
#include "base/datetime.h"
#include "engine/family.h"

#include <stdlib.h>

#define SOON_DAYS 183

struct system {
	struct str name, version;
	int64_t computers, controllers, biomedical;
};

struct systems {
	struct system *list;
	size_t count, room;
	struct hash by_text;
	struct arena texts;
};

static struct system *system_of(struct systems *s, const struct ad_object *o)
{
	struct str name = obj_str(o, ATTR_OPERATING_SYSTEM);
	struct str version = obj_str(o, ATTR_OPERATING_SYSTEM_VERSION);
	struct str key = arena_printf(&s->texts, "%.*s\n%.*s", STR_ARG(name), STR_ARG(version));
	uint32_t at = hash_add(&s->by_text, key, (uint32_t)s->count);

	if (at == s->count) {
		if (s->count == s->room) {
			s->room = s->room ? 2 * s->room : 32;
			s->list = xrealloc(s->list, s->room * sizeof(*s->list));
		}
		s->list[s->count++] = (struct system){ name, version, 0, 0, 0 };
	}
	return &s->list[at];
}

static void count_systems(const struct model *m, struct systems *s)
{
	const struct ad_object *const *computers;
	size_t all = model_of_kind(m, AD_COMPUTER, &computers);

	for (size_t i = 0; i < all; i++) {
		const struct ad_object *o = computers[i];
		struct system *of;

		if (account_enabled(m, o) == NO)
			continue;
		of = system_of(s, o);
		of->computers++;
		of->controllers +=
			(obj_u32(o, ATTR_USER_ACCOUNT_CONTROL) &
				(UAC_SERVER_TRUST_ACCOUNT | UAC_PARTIAL_SECRETS_ACCOUNT)) != 0;
		of->biomedical += object_in_population(m, o, POPULATION_BIOMEDICAL) == YES;
	}
}

enum { SUPPORT_NOT_KNOWN, SUPPORT_ENDED, SUPPORT_ENDS_SOON, SUPPORTED };
static const char *const support_codes[] = { "not_known", "support_ended", "support_ends_soon",
	"supported" };

/* The end of support is the last supported day. */
static size_t support_state(const struct model *m, int64_t end)
{
	int64_t left;

	if (end == INT64_MIN)
		return SUPPORT_NOT_KNOWN;
	left = end + SECONDS_PER_DAY - model_now(m);
	if (left <= 0)
		return SUPPORT_ENDED;
	return left <= SOON_DAYS * SECONDS_PER_DAY ? SUPPORT_ENDS_SOON : SUPPORTED;
}

static void show_system(struct table_maker *t, const struct model *m, const struct system *of)
{
	const char *last = windows_end_of_support(of->name, of->version);
	int64_t end = INT64_MIN;

	if (last && !datetime_parse(str_of(last), &end))
		end = INT64_MIN;
	table_row(t);
	cell_text(t, of->name);
	cell_text(t, of->version);
	cell_date(t, end);
	cell_code(t, support_codes[support_state(m, end)]);
	cell_number(t, of->computers);
	cell_number(t, of->controllers);
	if (model_population_declared(m, POPULATION_BIOMEDICAL))
		cell_number(t, of->biomedical);
	else
		cell_null(t);
}

/* Enabled computers, or not known to be disabled, by what they say of themselves. */
void tables_stale_systems(struct evaluation *e, struct table_maker *t)
{
	struct systems s = { 0 };
	struct system sum = { 0 };

	count_systems(e->model, &s);
	table_begin(t, "systems");
	table_column(t, "system", COLUMN_TEXT);
	table_column(t, "version", COLUMN_TEXT);
	table_column(t, "end_of_support", COLUMN_DATE);
	table_column(t, "support", COLUMN_CODE);
	table_column(t, "computers", COLUMN_NUMBER);
	table_column(t, "domain_controllers", COLUMN_NUMBER);
	table_column(t, "biomedical", COLUMN_NUMBER);
	table_sort(t, 2, false);
	for (size_t i = 0; i < s.count; i++) {
		show_system(t, e->model, &s.list[i]);
		sum.computers += s.list[i].computers;
		sum.controllers += s.list[i].controllers;
		sum.biomedical += s.list[i].biomedical;
	}
	table_total(t);
	for (int i = 0; i < 4; i++)
		cell_null(t);
	cell_number(t, sum.computers);
	cell_number(t, sum.controllers);
	if (model_population_declared(e->model, POPULATION_BIOMEDICAL))
		cell_number(t, sum.biomedical);
	else
		cell_null(t);
	table_end(t);
	free(s.list);
	hash_free(&s.by_text);
	arena_free(&s.texts);
}
