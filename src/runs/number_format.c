#include "runs/number_format.h"

#include "base/limits.h"

#include <string.h>

bool number_format_is_date(struct str code)
{
	bool quoted = false, bracketed = false;

	for (size_t i = 0; i < code.n; i++) {
		char c = code.p[i];

		if (quoted || bracketed) {
			quoted &= c != '"';
			bracketed &= c != ']';
		} else if (c == '"') {
			quoted = true;
		} else if (c == '[') {
			bracketed = true;
		} else if (c == '\\' || c == '_' || c == '*') {
			i++; /* the next character stands for itself */
		} else if (c == ';') {
			return false; /* the first section decides */
		} else if (c && strchr("dDyYmMhHsS", c)) {
			return true;
		} else if (str_istarts((struct str){ code.p + i, code.n - i }, STR("General"))) {
			i += 6;
		}
	}
	return false;
}

/* The formats that every workbook has, East Asian ones too. */
static bool built_in_is_date(uint64_t id)
{
	return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) ||
	       (id >= 50 && id <= 58);
}

static bool is_date(const struct number_formats *f, uint64_t id)
{
	for (size_t i = 0; i < f->own_count; i++)
		if (f->own[i].id == id)
			return f->own[i].is_date;
	return built_in_is_date(id);
}

/* Room for one more in an array that grows in the arena. */
static void *room_for(struct arena *a, const void *items, size_t count, size_t *room, size_t size)
{
	size_t more = *room ? *room * 2 : 64;
	void *bigger = arena_array(a, more, size);

	if (count)
		memcpy(bigger, items, count * size);
	*room = more;
	return bigger;
}

static bool open_style(
	void *cx, struct str name, const struct xml_attribute *attributes, size_t count)
{
	struct number_formats *f = cx;
	uint64_t id = 0;

	if (str_eq(name, STR("cellXfs")))
		f->in_cell_formats = true;
	if (!str_to_u64(xml_attribute(attributes, count, "numFmtId"), &id))
		id = 0;
	if (str_eq(name, STR("numFmt")) && f->own_count < LIMIT_WORKBOOK_STYLES / 16) {
		if (f->own_count == f->own_room)
			f->own = room_for(
				f->arena, f->own, f->own_count, &f->own_room, sizeof(*f->own));
		f->own[f->own_count++] = (struct number_format){ id,
			number_format_is_date(xml_attribute(attributes, count, "formatCode")) };
	}
	if (str_eq(name, STR("xf")) && f->in_cell_formats && f->count < LIMIT_WORKBOOK_STYLES) {
		if (f->count == f->room)
			f->is_date = room_for(
				f->arena, f->is_date, f->count, &f->room, sizeof(*f->is_date));
		f->is_date[f->count++] = is_date(f, id);
	}
	return true;
}

static bool close_style(void *cx, struct str name)
{
	struct number_formats *f = cx;

	if (str_eq(name, STR("cellXfs")))
		f->in_cell_formats = false;
	return true;
}

const struct xml_events number_format_events = { open_style, close_style, NULL };
