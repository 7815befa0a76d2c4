#include "ad/registry_pol.h"

#include "ad/gpo_text.h"
#include "ad/gpp.h"
#include "ad/sysvol_secrets.h"
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

#define REG_TYPE_BINARY 3u
#define REG_TYPE_MULTI_SZ 7u

bool pol_is_secret(const struct pol_entry *e)
{
	bool text = (e->type >= REG_TYPE_SZ && e->type <= REG_TYPE_BINARY) ||
		    e->type == REG_TYPE_MULTI_SZ;

	/* Two bytes are the NUL of an empty text. */
	return text && !e->removes && !e->clears && e->data.n > 2 &&
	       secret_name_of(e->name) != SECRET_NO;
}

static void put_u32le(struct buf *out, uint32_t n)
{
	for (unsigned i = 0; i < 4; i++)
		buf_putc(out, (char)(n >> (8 * i) & 0xff));
}

static void put_redacted(struct buf *out)
{
	static const char word[] = GPP_REDACTED;

	put_u32le(out, 2 * sizeof(word));
	buf_put(out, ";\0", 2);
	for (size_t i = 0; i < sizeof(word); i++) {
		buf_putc(out, word[i]);
		buf_putc(out, '\0');
	}
	buf_put(out, "]\0", 2);
}

void registry_pol_redact(struct str bytes, struct buf *out)
{
	struct reader r = reader_of(bytes);
	struct arena scratch = { 0 };
	bool good = reader_u32le(&r) == SIGNATURE && reader_u32le(&r) == VERSION && !r.bad;

	if (good)
		buf_put(out, bytes.p, 8);
	while (good && r.left) {
		const char *start = (const char *)r.p;
		struct pol_entry e = read_entry(&scratch, &r);

		good = !r.bad;
		if (good && pol_is_secret(&e)) {
			/* Up to its size, which stands before ';' and the data. */
			buf_put(out, start, (size_t)(e.data.p - start) - 6);
			put_redacted(out);
		} else if (good) {
			buf_put(out, start, (size_t)((const char *)r.p - start));
		}
		arena_reset(&scratch);
	}
	if (!good)
		buf_putc(out, '?');
	arena_free(&scratch);
}
