/*
 * A folder of ORADAD through the importer into a snapshot and back. The input is its files, one
 * behind the other, each below a line "== name" (bytes as they are) or "=u name" (letters of which
 * UTF-16LE is made, with the mark, and CR LF of line feeds). Names carry '\', as those of an
 * archive that was extracted here do.
 */
#include "base/platform.h"
#include "snapshot/oradad.h"
#include "snapshot/oradad_folder.h"
#include "tests/fuzz/walk.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define FILES_MOST 32u
#define NAME_MOST 200u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str next_line(struct str *rest)
{
	struct str line = str_cut(*rest, '\n', rest);

	return line;
}

static bool is_heading(struct str line)
{
	if (line.n < 4 || line.n > NAME_MOST || line.p[0] != '=' || line.p[2] != ' ')
		return false;
	for (size_t i = 3; i < line.n; i++)
		if ((unsigned char)line.p[i] < 0x20 || line.p[i] == '/')
			return false;
	return line.p[3] != '.' && (line.p[1] == '=' || line.p[1] == 'u');
}

static void put_line(struct buf *b, struct str line, bool wide, bool more)
{
	for (size_t i = 0; i < line.n; i++) {
		buf_putc(b, line.p[i]);
		if (wide)
			buf_putc(b, '\0');
	}
	if (more && wide)
		buf_put_str(b, (struct str){ "\r\0\n\0", 4 });
	else if (more)
		buf_putc(b, '\n');
}

static void write_files(const char *folder, struct str rest)
{
	struct str line = next_line(&rest);

	for (size_t n = 0; n < FILES_MOST && rest.p; n++) {
		char path[512];
		struct buf b = { 0 };

		if (!is_heading(line))
			return;
		bool wide = line.p[1] == 'u';
		snprintf(path, sizeof(path), "%s/%.*s", folder, (int)line.n - 3, line.p + 3);
		if (wide)
			buf_put_str(&b, STR("\xff\xfe"));
		while (rest.p) {
			line = next_line(&rest);
			if (is_heading(line))
				break;
			put_line(&b, line, wide, rest.p != NULL);
		}
		FILE *f = fopen(path, "wb");
		if (f) {
			assert(fwrite(b.n ? b.p : "", 1, b.n, f) == b.n);
			assert(fclose(f) == 0);
		}
		buf_free(&b);
	}
}

static void import(const char *folder)
{
	struct progress quiet = { .quiet = true };
	struct snapshot_writer *w = NULL;
	struct err err = { 0 };
	char out[64];

	snprintf(out, sizeof(out), "fuzz-%ld.adsnap", platform_pid());
	assert(snapshot_create(out, &w, &err) == 0);
	if (oradad_import(w, folder, true, &quiet, &err)) {
		assert(err.code == ERR_SOURCE);
		snapshot_abandon(w);
	} else {
		uint64_t put = snapshot_count(w);

		assert(oradad_folder_is(folder));
		assert(snapshot_finish(w, &err) == 0);
		walk_snapshot(out, STR("oradad"), put);
	}
	platform_remove(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf folder = { 0 };
	struct err err = { 0 };

	assert(platform_make_temporary(&folder, &err) == 0);
	write_files(buf_z(&folder), (struct str){ (const char *)data, size });
	import(buf_z(&folder));
	platform_remove_all(buf_z(&folder));
	buf_free(&folder);
	return 0;
}
