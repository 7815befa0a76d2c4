/* Reads a finished workbook back, a piece at a time. */
#include "reports/xlsx.h"

#include <stdlib.h>
#include <string.h>
#include <zip.h>

const char *xlsx_temporary_folder(void)
{
	/* In the order in which libxlsxwriter looks (its tmpfileplus). */
	static const char *const names[] = { "TMPDIR", "TMP", "TEMP", "TEMPDIR" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *folder = getenv(names[i]);

		if (folder && *folder)
			return folder;
	}
	return "/tmp";
}

/* Enough of an XML reader to see that a part is whole: libxlsxwriter writes no comments and no
 * CDATA, and escapes < and > in texts and attributes. */
struct part {
	enum { OUTSIDE, OPENED, IN_NAME, IN_TAG, IN_CLOSING, IN_DECLARATION } state;
	char last;
	bool broken;
	int64_t depth;
	uint64_t elements, rows;
	char name[4];
	size_t name_length;
};

static void tag_name(struct part *p, char c)
{
	if (c != ' ' && c != '/' && c != '>') {
		if (p->name_length < sizeof(p->name))
			p->name[p->name_length] = c;
		p->name_length++;
		return;
	}
	if (p->name_length == 3 && memcmp(p->name, "row", 3) == 0)
		p->rows++;
	p->state = IN_TAG;
}

static void part_byte(struct part *p, char c)
{
	switch (p->state) {
	case OUTSIDE:
		if (c == '<')
			p->state = OPENED;
		break;
	case OPENED:
		p->state = c == '/' ? IN_CLOSING : c == '?' ? IN_DECLARATION : IN_NAME;
		p->name_length = 0;
		if (p->state == IN_NAME) {
			/* A second root, or nothing but text behind the first. */
			p->broken |= p->elements && p->depth == 0;
			p->elements++;
			p->depth++;
			tag_name(p, c);
		}
		break;
	case IN_NAME:
		tag_name(p, c);
		break;
	case IN_TAG:
	case IN_CLOSING:
	case IN_DECLARATION:
		p->broken |= c == '<';
		break;
	}
	if (c == '>' && p->state != OUTSIDE) {
		p->depth -= p->state == IN_CLOSING || (p->state == IN_TAG && p->last == '/');
		p->broken |= p->depth < 0;
		p->state = OUTSIDE;
	}
	p->last = c;
}

/* The rest of a tag, behind its name: to its end, or to the end of what is there. */
static size_t skip_tag(struct part *p, struct str bytes)
{
	const char *end = memchr(bytes.p, '>', bytes.n);
	size_t n = end ? (size_t)(end - bytes.p) : bytes.n;

	if (!n)
		return 0;
	p->broken |= memchr(bytes.p, '<', n) != NULL;
	p->last = bytes.p[n - 1];
	return n;
}

/* Nearly all bytes are texts and attributes. */
static void part_bytes(struct part *p, struct str bytes)
{
	for (size_t i = 0; i < bytes.n; i++) {
		struct str rest = { bytes.p + i, bytes.n - i };

		if (p->state == OUTSIDE) {
			const char *next = memchr(rest.p, '<', rest.n);

			i = next ? (size_t)(next - bytes.p) : bytes.n;
		} else if (p->state == IN_TAG) {
			i += skip_tag(p, rest);
		}
		if (i < bytes.n)
			part_byte(p, bytes.p[i]);
	}
}

static bool read_part(zip_t *z, zip_uint64_t index, struct part *p)
{
	zip_file_t *f = zip_fopen_index(z, index, 0);
	char chunk[16384];
	zip_int64_t n = 0;

	if (!f)
		return false;
	while ((n = zip_fread(f, chunk, sizeof(chunk))) > 0)
		part_bytes(p, (struct str){ chunk, (size_t)n });
	/* A wrong checksum or size is told by the last read. */
	return zip_fclose(f) == 0 && n == 0 && p->state == OUTSIDE && p->depth == 0 &&
	       p->elements > 0 && !p->broken;
}

/* The number in "xl/worksheets/sheet12.xml", 0 for other parts. */
static size_t sheet_number(const char *name)
{
	struct str rest = str_of(name), prefix = STR("xl/worksheets/sheet"), digits;
	uint64_t n;

	if (!str_starts(rest, prefix))
		return 0;
	digits = str_cut((struct str){ rest.p + prefix.n, rest.n - prefix.n }, '.', &rest);
	return str_to_u64(digits, &n) ? (size_t)n : 0;
}

const char xlsx_make_room[] = "Free some space, or set TMPDIR to a folder with more room.";

static int not_whole(const char *path, struct err *err)
{
	return err_set(err, ERR_OUTPUT,
		"The workbook '%s' is not whole: the temporary folder '%s' (TMPDIR) or the disk "
		"is full. %s",
		path, xlsx_temporary_folder(), xlsx_make_room);
}

static int verify_parts(
	zip_t *z, const char *path, const uint64_t *rows, size_t sheet_count, struct err *err)
{
	zip_int64_t parts = zip_get_num_entries(z, 0);
	size_t sheets = 0;

	for (zip_int64_t i = 0; i < parts; i++) {
		const char *name = zip_get_name(z, (zip_uint64_t)i, 0);
		size_t sheet = name ? sheet_number(name) : 0;
		struct part part = { 0 };

		if (!read_part(z, (zip_uint64_t)i, &part))
			return not_whole(path, err);
		if (!sheet)
			continue;
		if (sheet > sheet_count || part.rows != rows[sheet - 1])
			return not_whole(path, err);
		sheets++;
	}
	return sheets == sheet_count ? 0 : not_whole(path, err);
}

int xlsx_verify(const char *path, const uint64_t *rows, size_t sheet_count, struct err *err)
{
	int code = 0, rc;
	zip_t *z = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, &code);

	if (!z)
		return not_whole(path, err);
	rc = verify_parts(z, path, rows, sheet_count, err);
	zip_discard(z);
	return rc;
}
