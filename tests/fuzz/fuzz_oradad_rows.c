/* One file as a table of ORADAD, whose first byte says how many columns are expected, and as its
 * tables.tsv: rows of cells that are all of the row, the same when sought again, or a sentence. */
#include "base/arena.h"
#include "base/limits.h"
#include "base/platform.h"
#include "base/utf8.h"
#include "snapshot/oradad_rows.h"
#include "snapshot/oradad_tables.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t look_at(const struct oradad_rows *r, size_t columns, struct buf *out)
{
	size_t bytes = 0;

	buf_clear(out);
	for (size_t i = 0; i < columns; i++) {
		struct str cell = oradad_rows_cell(r, i);

		assert(cell.n % 2 == 0);
		bytes += cell.n + 2;
		oradad_utf8(out, cell);
		buf_putc(out, '\t');
	}
	for (size_t at = 0, len; at < out->n; at += len)
		assert(utf8_decode((struct str){ out->p + at, out->n - at }, &len) != 0xfffd ||
			len == 3);
	return bytes;
}

static void read_rows(const char *path, size_t columns)
{
	struct oradad_rows *r = NULL;
	struct buf first = { 0 }, again = { 0 };
	struct err err = { 0 };
	uint64_t offset = 2, line = 0;
	bool there;

	if (oradad_rows_open(path, columns, &r, &err)) {
		assert(err.code == ERR_SOURCE);
		return;
	}
	while (!oradad_rows_next(r, &there, &err) && there) {
		assert(oradad_rows_offset(r) == offset && oradad_rows_line(r) == ++line);
		uint64_t begin = offset;
		offset += look_at(r, columns, &first) + 2;
		assert(oradad_rows_seek(r, line % 3 ? begin : 2, line % 3 ? line : 1, &err) == 0);
		assert(oradad_rows_next(r, &there, &err) == 0 && there);
		look_at(r, columns, &again);
		assert(line % 3 == 0 || str_eq(buf_str(&first), buf_str(&again)));
		assert(oradad_rows_seek(r, offset, line + 1, &err) == 0);
	}
	assert(err.code == 0 || err.code == ERR_SOURCE);
	oradad_rows_close(r);
	buf_free(&first);
	buf_free(&again);
}

static void read_tables(const char *path)
{
	struct oradad_tables t;
	struct arena a = { 0 };
	struct err err = { 0 };

	if (oradad_tables_read(path, &a, &t, &err)) {
		assert(err.code == ERR_SOURCE && strstr(err.text, path));
		arena_free(&a);
		return;
	}
	for (size_t i = 0; i < t.count; i++) {
		const struct oradad_table *table = &t.tables[i];

		assert(table->column_count && table->column_count <= LIMIT_ORADAD_COLUMNS);
		assert(!str_eq(table->base, STR("..")) && !str_eq(table->domain, STR("..")));
		assert(table->name.n);
		for (size_t k = 0; k < table->column_count; k++)
			assert(oradad_column(table, table->columns[k].name) <= k);
	}
	arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64];

	if (!size)
		return 0;
	snprintf(path, sizeof(path), "fuzz-%ld.tsv", platform_pid());
	FILE *f = fopen(path, "wb");
	assert(f && fwrite(data + 1, 1, size - 1, f) == size - 1 && fclose(f) == 0);
	read_rows(path, 1 + data[0] % 64u);
	read_tables(path);
	platform_remove(path);
	return 0;
}
