/* Before base/banned.h: its names are poisoned there. */
#include <zip.h>

#include "runs/package.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/platform.h"

#include <stdlib.h>
#include <string.h>

struct package {
	struct arena arena;
	const char *name;
	zip_t *zip;
	uint64_t inflated; /* of all parts so far */
};

int package_damaged(const struct package *p, const char *why, struct err *err)
{
	return err_set(err, ERR_SOURCE,
		"The workbook '%s' cannot be read: %s. Nothing was changed; give a copy that Excel "
		"or "
		"LibreOffice opens, or the results.json of that audit.",
		p->name, why);
}

/* Says "no such file" better than libzip does, and what people mistake for a workbook. */
static int look_at_start(const struct package *p, const char *path, struct err *err)
{
	static const unsigned char ole[] = { 0xd0, 0xcf, 0x11, 0xe0 };
	FILE *f = platform_open_read(path, ERR_SOURCE, err);
	unsigned char head[4] = { 0 };

	if (!f)
		return err->code;
	size_t n = fread(head, 1, sizeof(head), f);
	fclose(f);
	if (n == sizeof(head) && memcmp(head, ole, sizeof(ole)) == 0)
		return package_damaged(p,
			"it is protected by a password, or of the format before Excel 2007; save "
			"it as "
			".xlsx without a password",
			err);
	if (n < sizeof(head) || memcmp(head, "PK", 2) != 0)
		return package_damaged(p, "it is no .xlsx file", err);
	return 0;
}

static bool ignore(void *cx, struct str bytes)
{
	(void)cx, (void)bytes;
	return true;
}

static int read_part(
	struct package *p, zip_uint64_t at, package_fn *each, void *cx, struct err *err);

/* The checksums of all parts, of those too that nobody asks for: a file that was damaged anywhere
 * is not to be trusted with what people wrote. */
static int check_all(struct package *p, struct err *err)
{
	zip_int64_t count = zip_get_num_entries(p->zip, 0);

	for (zip_int64_t i = 0; i < count; i++)
		if (read_part(p, (zip_uint64_t)i, ignore, NULL, err))
			return err->code;
	p->inflated = 0;
	return 0;
}

int package_open(const char *path, const char *name, struct package **out, struct err *err)
{
	struct package *p = xcalloc(1, sizeof(*p));
	int code = 0;

	p->name = arena_strdup(&p->arena, name);
	int rc = look_at_start(p, path, err);
	if (!rc) {
		p->zip = zip_open(path, ZIP_RDONLY, &code);
		if (!p->zip)
			rc = package_damaged(p, "it is damaged or cut short", err);
		else if (zip_get_num_entries(p->zip, 0) > (zip_int64_t)LIMIT_WORKBOOK_PARTS)
			rc = package_damaged(p, "it has too many parts", err);
		else if (package_has(p, STR("content.xml")))
			rc = package_damaged(
				p, "it is of LibreOffice's own format; save it as .xlsx", err);
		else
			rc = check_all(p, err);
	}
	if (rc)
		package_close(p);
	else
		*out = p;
	return rc;
}

void package_close(struct package *p)
{
	if (!p)
		return;
	if (p->zip)
		zip_discard(p->zip);
	arena_free(&p->arena);
	free(p);
}

static zip_int64_t find(const struct package *p, struct str part)
{
	struct arena scratch = { 0 };
	zip_int64_t at = memchr(part.p, 0, part.n)
				 ? -1
				 : zip_name_locate(p->zip, arena_str(&scratch, part).p, 0);

	arena_free(&scratch);
	return at;
}

bool package_has(const struct package *p, struct str part)
{
	return find(p, part) >= 0;
}

/* What the zip says of the part: our own bounds stand over it while it is read. */
static const char *check_part(const zip_stat_t *st)
{
	const zip_uint64_t wanted = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD |
				    ZIP_STAT_ENCRYPTION_METHOD;

	if ((st->valid & wanted) != wanted)
		return "it is damaged";
	if (st->encryption_method != ZIP_EM_NONE)
		return "it is protected by a password";
	if (st->comp_method != ZIP_CM_STORE && st->comp_method != ZIP_CM_DEFLATE)
		return "it is packed in a way that no spreadsheet program uses";
	if (st->size > LIMIT_WORKBOOK_PART_BYTES)
		return "a sheet is too large";
	if (st->size > LIMIT_WORKBOOK_SMALL_PART_BYTES &&
		st->size / LIMIT_WORKBOOK_RATIO > st->comp_size)
		return "it unpacks to far more than a workbook holds";
	return NULL;
}

static int read_open_part(struct package *p, zip_file_t *f, zip_uint64_t size, package_fn *each,
	void *cx, struct err *err)
{
	char chunk[32768];
	zip_uint64_t total = 0;
	zip_int64_t n;

	while ((n = zip_fread(f, chunk, sizeof(chunk))) > 0) {
		total += (zip_uint64_t)n;
		p->inflated += (uint64_t)n;
		if (total > size || p->inflated > LIMIT_WORKBOOK_BYTES)
			return package_damaged(p, "it is too large", err);
		if (!each(cx, (struct str){ chunk, (size_t)n }))
			return 0;
	}
	if (n < 0 || total != size)
		return package_damaged(p, "it is damaged or cut short", err);
	return 0;
}

static int read_part(
	struct package *p, zip_uint64_t at, package_fn *each, void *cx, struct err *err)
{
	zip_stat_t st;

	if (zip_stat_index(p->zip, at, 0, &st) != 0)
		return package_damaged(p, "it is damaged", err);
	const char *why = check_part(&st);
	if (why)
		return package_damaged(p, why, err);
	zip_file_t *f = zip_fopen_index(p->zip, at, 0);
	if (!f)
		return package_damaged(p, "it is damaged or cut short", err);
	int rc = read_open_part(p, f, st.size, each, cx, err);
	zip_fclose(f);
	return rc;
}

int package_read(struct package *p, struct str part, package_fn *each, void *cx, struct err *err)
{
	zip_int64_t at = find(p, part);

	if (at < 0)
		return package_damaged(p, "a part of it is missing", err);
	return read_part(p, (zip_uint64_t)at, each, cx, err);
}
