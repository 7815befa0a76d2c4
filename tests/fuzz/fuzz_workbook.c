/* First: its names are poisoned by base/banned.h. */
#include <zip.h>
/*
 * A workbook that somebody gives back. The first byte says how the input makes one: 0: the other
 * bytes are the file; else they are parts of a good package, each ended by a NUL: sheet, shared
 * strings, styles, memory, workbook; a part that is empty is a small good one.
 */
#include "base/buf.h"
#include "base/platform.h"
#include "base/utf8.h"
#include "runs/workbook.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROW(cells) "<row>" cells "</row>"
#define CELL(text) "<c t=\"inlineStr\"><is><t>" text "</t></is></c>"
#define SHEET(rows) "<worksheet><sheetData>" rows "</sheetData></worksheet>"
#define RELATION(id, kind, target)                                                                 \
	"<Relationship Id=\"" id "\" Type=\"http://x/" kind "\" Target=\"" target "\"/>"

static const struct {
	const char *name, *good;
	bool varies;
} parts[] = {
	{ "xl/s1.xml",
		SHEET(ROW(CELL("Identifiant") CELL("Responsable") CELL("Échéance") CELL("key"))
				ROW(CELL("a") CELL("b") "<c s=\"1\"><v>46000</v></c>" CELL("a"))),
		true },
	{ "xl/t.xml", "<sst><si><t>a</t></si></sst>", true },
	{ "xl/f.xml", "<styleSheet><cellXfs><xf/><xf numFmtId=\"14\"/></cellXfs></styleSheet>",
		true },
	{ "xl/s2.xml",
		SHEET(ROW(CELL("key") CELL("last_seen") CELL("comment"))
				ROW(CELL("@run") CELL("2026-11-21T10:00:00Z") CELL("x"))
					ROW(CELL("a|b") CELL("2026-11-21T10:00:00Z") CELL("c"))),
		true },
	{ "xl/w.xml",
		"<workbook><sheets><sheet name=\"Objets\" id=\"r1\"/><sheet name=\"Suivi\" "
		"id=\"r2\"/></sheets></workbook>",
		true },
	{ "_rels/.rels",
		"<Relationships>" RELATION("r1", "officeDocument", "xl/w.xml") "</Relationships>",
		false },
	{ "xl/_rels/w.xml.rels",
		"<Relationships>" RELATION("r1", "worksheet", "s1.xml") RELATION(
			"r2", "worksheet", "/xl/s2.xml") RELATION("r3", "sharedStrings", "t.xml")
			RELATION("r4", "styles", "f.xml") "</Relationships>",
		false },
};

static void add_part(zip_t *z, const char *name, struct str bytes)
{
	char *copy = malloc(bytes.n + 1);

	assert(copy);
	memcpy(copy, bytes.p, bytes.n);
	zip_source_t *source = zip_source_buffer(z, copy, bytes.n, 1);
	assert(source && zip_file_add(z, name, source, ZIP_FL_ENC_UTF_8) >= 0);
}

static void write_package(const char *path, struct str rest)
{
	int code = 0;
	zip_t *z = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);

	assert(z);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		struct str part = { NULL, 0 };

		if (parts[i].varies && rest.p)
			part = str_cut(rest, '\0', &rest);
		add_part(z, parts[i].name, part.n ? part : str_of(parts[i].good));
	}
	assert(zip_close(z) == 0);
}

static void check_text(struct str s)
{
	if (s.n && !utf8_clean(s))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str input = { (const char *)data + 1, size ? size - 1 : 0 };
	struct workbook w;
	struct err err = { 0 };
	char path[64];

	snprintf(path, sizeof(path), "fuzz-%ld.xlsx", platform_pid());
	platform_remove(path);
	if (size && data[0]) {
		write_package(path, input);
	} else {
		FILE *f = fopen(path, "wb");

		assert(f && fwrite(size ? input.p : "", 1, input.n, f) == input.n &&
			fclose(f) == 0);
	}
	if (workbook_read(path, &w, &err)) {
		if (err.code != ERR_SOURCE)
			abort();
	} else {
		for (size_t i = 0; i < w.memory_count; i++) {
			const struct run_followup *f = w.memory[i].followup;

			check_text(w.memory[i].key);
			if (i && str_cmp(w.memory[i - 1].key, w.memory[i].key) >= 0)
				abort();
			if (!f)
				continue;
			check_text(f->responsible);
			check_text(f->state);
			check_text(f->comment);
			check_text(f->proof);
		}
		workbook_free(&w);
	}
	platform_remove(path);
	return 0;
}
