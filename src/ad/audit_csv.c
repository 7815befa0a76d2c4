#include "ad/audit_csv.h"

#include "ad/gpo_text.h"
#include "base/compiler.h"
#include "base/limits.h"

#define FIELDS 16u

enum column { TARGET, NAME, SUBCATEGORY, VALUE, COLUMN_COUNT };

static const char *const titles[COLUMN_COUNT] = {
	[TARGET] = "Policy Target",
	[NAME] = "Subcategory",
	[SUBCATEGORY] = "Subcategory GUID",
	[VALUE] = "Setting Value",
};

/* Fields hold neither line ends nor doubled quotes: names of subcategories, GUIDs, numbers. */
static size_t split(struct str line, struct str fields[FIELDS])
{
	size_t n = 0;

	while (line.p && n < FIELDS) {
		struct str after;

		line = str_trim(line);
		if (line.n && line.p[0] == '"') {
			fields[n++] = str_cut((struct str){ line.p + 1, line.n - 1 }, '"', &after);
			str_cut(after, ',', &line);
		} else {
			fields[n++] = str_trim(str_cut(line, ',', &line));
		}
	}
	return n;
}

static bool find_columns(struct str line, size_t columns[COLUMN_COUNT])
{
	struct str fields[FIELDS];
	size_t n = split(line, fields);

	for (size_t c = 0; c < COLUMN_COUNT; c++) {
		columns[c] = 0;
		while (columns[c] < n && !str_ieq(fields[columns[c]], str_of(titles[c])))
			columns[c]++;
		if (columns[c] == n)
			return false;
	}
	return true;
}

static bool read_row(
	struct str line, const size_t columns[COLUMN_COUNT], bool *of_system, struct audit_row *out)
{
	struct str fields[FIELDS];
	size_t n = split(line, fields);
	struct audit_row row = { 0 };
	uint64_t value;

	for (size_t c = 0; c < COLUMN_COUNT; c++)
		if (columns[c] >= n)
			return false;
	struct str target = fields[columns[TARGET]];
	/* Options leave the target empty; a SID or a name there is one account's policy. */
	*of_system = !target.n || str_ieq(target, STR("System"));
	row.name = fields[columns[NAME]];
	guid_from_text(fields[columns[SUBCATEGORY]], &row.subcategory);
	if (!str_to_u64(fields[columns[VALUE]], &value) || value > UINT32_MAX)
		return false;
	row.value = (uint32_t)value;
	*out = row;
	return true;
}

static size_t count_lines(struct str text)
{
	size_t n = 1;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	return n;
}

bool audit_csv_parse(struct arena *a, struct str bytes, struct audit_csv *out)
{
	size_t columns[COLUMN_COUNT];
	struct audit_csv csv = { 0 };

	if (bytes.n > LIMIT_SYSVOL_FILE_BYTES)
		return false;
	struct str text = gpo_text(a, bytes);
	size_t lines = count_lines(text);
	if (lines > LIMIT_GPO_RECORDS || !find_columns(str_cut(text, '\n', &text), columns))
		return false;
	struct audit_row *rows = ARENA_ARRAY(a, struct audit_row, lines);
	while (text.p) {
		struct str line = str_trim(str_cut(text, '\n', &text));
		bool of_system = true;

		if (!line.n)
			continue;
		if (!read_row(line, columns, &of_system, &rows[csv.count]))
			csv.skipped++;
		else if (of_system)
			csv.count++;
	}
	csv.rows = rows;
	*out = csv;
	return true;
}
