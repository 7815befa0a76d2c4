#include "ad/registry_pol.h"

#include "ad/gpo_text.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/reader.h"

#define SIGNATURE 0x67655250u /* "PReg" */
#define VERSION 1u
/* A key's name has at most 255 characters and a path a few hundred levels; far above it. */
#define NAME_UNITS 32768u

/* A NUL-terminated UTF-16 string, as UTF-8. */
static struct str read_name(struct arena *a, struct reader *r)
{
	const char *start = (const char *)r->p;
	size_t units = 0;

	while (!r->bad && reader_u16le(r) != 0)
		if (++units > NAME_UNITS)
			r->bad = true;
	if (r->bad || units == 0)
		return STR("");
	/* With a mark, so that the first character is never taken for one. */
	struct buf marked = { 0 };
	buf_putz(&marked, "\xff\xfe");
	buf_put(&marked, start, 2 * units);
	struct str name = gpo_text(a, buf_str(&marked));
	buf_free(&marked);
	return name;
}

static void expect(struct reader *r, char c)
{
	if (reader_u16le(r) != (unsigned char)c)
		r->bad = true;
}

static void read_command(struct pol_entry *e)
{
	static const struct str del = { "**del.", 6 }, soft = { "**soft.", 7 };

	if (str_istarts(e->name, del)) {
		e->removes = true;
		e->name = (struct str){ e->name.p + del.n, e->name.n - del.n };
	} else if (str_istarts(e->name, soft)) {
		/* Set only where nothing is set (MS-GPREG 3.2.5.1): a value all the same. */
		e->name = (struct str){ e->name.p + soft.n, e->name.n - soft.n };
	} else if (str_starts(e->name, STR("**"))) {
		e->clears = true;
	}
}

static struct pol_entry read_entry(struct arena *a, struct reader *r)
{
	struct pol_entry e = { 0 };
	uint32_t size;

	expect(r, '[');
	e.key = read_name(a, r);
	expect(r, ';');
	e.name = read_name(a, r);
	expect(r, ';');
	e.type = reader_u32le(r);
	expect(r, ';');
	size = reader_u32le(r);
	expect(r, ';');
	e.data = reader_bytes(r, size);
	expect(r, ']');
	read_command(&e);
	return e;
}

/* How many entries there are, or SIZE_MAX when they are too many or damaged. */
static size_t count_entries(struct reader r)
{
	struct arena scratch = { 0 };
	size_t n = 0;

	while (r.left && !r.bad && n <= LIMIT_GPO_RECORDS) {
		read_entry(&scratch, &r);
		arena_reset(&scratch);
		n++;
	}
	arena_free(&scratch);
	return r.bad || n > LIMIT_GPO_RECORDS ? SIZE_MAX : n;
}

bool registry_pol_parse(struct arena *a, struct str bytes, struct registry_pol *out)
{
	struct reader r = reader_of(bytes);

	if (bytes.n > LIMIT_SYSVOL_FILE_BYTES || reader_u32le(&r) != SIGNATURE ||
		reader_u32le(&r) != VERSION || r.bad)
		return false;
	size_t n = count_entries(r);
	if (n == SIZE_MAX)
		return false;
	struct pol_entry *entries = ARENA_ARRAY(a, struct pol_entry, n);
	for (size_t i = 0; i < n; i++)
		entries[i] = read_entry(a, &r);
	*out = (struct registry_pol){ entries, n };
	return true;
}

bool pol_number(const struct pol_entry *e, uint32_t *out)
{
	struct reader r = reader_of(e->data);

	if (e->type != REG_TYPE_DWORD || e->data.n != 4)
		return false;
	*out = reader_u32le(&r);
	return true;
}
