#include "snapshot/oradad_rows.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/platform.h"
#include "base/utf8.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What is read at once: little behind a seek, where often a single row is wanted. */
#define STEP_LEAST ((size_t)16 * 1024)
#define STEP_MOST ((size_t)1024 * 1024)
/* Each time that so much was added to a row, its long cells that nobody wants are dropped. */
#define SQUEEZE_EVERY ((size_t)16 * 1024 * 1024)
#define LONG_CELL ((size_t)1024 * 1024)
#define UNIT ((size_t)2) /* bytes of a UTF-16 unit */

struct oradad_rows {
	const char *path;
	FILE *f;
	unsigned char *p; /* bytes of the file from byte `from` on, `end` of them */
	size_t end, room, step;
	uint64_t from, bytes;
	bool ended; /* nothing follows what is in p */
	size_t columns;
	bool *wanted;	 /* by column; NULL: all */
	size_t low;	 /* in p: what stands before is not what `from` says */
	size_t squeezed; /* bytes dropped of the row that begins at `next` */

	size_t row, next; /* in p, where the row at hand and the next one begin */
	size_t *ends;	  /* of its cells, from `row` on */
	uint64_t line, next_line, offset;
};

static int broken(const struct oradad_rows *r, const char *what, struct err *err)
{
	return err_set(err, ERR_SOURCE, "%s:%" PRIu64 ": %s.", r->path, r->next_line, what);
}

/* Adds to p what follows in the file; what stands before the next row is given up. */
static int fill(struct oradad_rows *r, struct err *err)
{
	if (r->next) {
		memmove(r->p, r->p + r->next, r->end - r->next);
		r->end -= r->next;
		r->from += r->next;
		r->row = r->next = r->low = 0;
	}
	if (r->room - r->end < r->step) {
		while (r->room - r->end < r->step)
			r->room *= 2;
		r->p = xrealloc(r->p, r->room);
	}
	size_t got = fread(r->p + r->end, 1, r->step, r->f);
	if (got < r->step && ferror(r->f))
		return err_set(err, ERR_SOURCE, "Cannot read '%s': %s.", r->path, strerror(errno));
	r->ended = got < r->step;
	r->end += got;
	r->bytes += got;
	r->step = r->step < STEP_MOST ? r->step * 2 : STEP_MOST;
	return 0;
}

/* The first such unit in p from `at` on and before `end`, or `end`: low bytes are looked for as
 * fast as the machine can, and few of them belong to another character (U+0A.., U+..0A). */
static size_t find_unit(const struct oradad_rows *r, size_t at, size_t end, char unit)
{
	size_t start = at & 1; /* rows begin where `at` is even or where it is odd, and stay so */

	while (at + 1 < end) {
		const unsigned char *found = memchr(r->p + at, unit, end - 1 - at);

		if (!found)
			return end;
		at = (size_t)(found - r->p);
		if ((at & 1) == start && found[1] == 0)
			return at;
		at++;
	}
	return end;
}

static int check_mark(struct oradad_rows *r, struct err *err)
{
	if (fill(r, err))
		return err->code;
	if (r->end < UNIT || r->p[0] != 0xff || r->p[1] != 0xfe)
		return broken(r,
			r->end ? "it does not begin with the byte order mark of UTF-16LE, as a "
				 "table of ORADAD does"
			       : "it is empty: not even the byte order mark was copied",
			err);
	r->row = r->next = UNIT;
	return 0;
}

int oradad_rows_open(const char *path, size_t columns, struct oradad_rows **out, struct err *err)
{
	FILE *f = platform_open_read(path, ERR_SOURCE, err);

	assert(columns);
	if (!f)
		return err->code;
	setvbuf(f, NULL, _IONBF, 0); /* p is the buffer */
	struct oradad_rows *r = xcalloc(1, sizeof(*r));
	*r = (struct oradad_rows){
		.path = path,
		.f = f,
		.p = xmalloc(STEP_LEAST),
		.room = STEP_LEAST,
		.step = STEP_LEAST,
		.columns = columns,
		.ends = xcalloc(columns, sizeof(*r->ends)),
		.next_line = 1,
	};
	if (check_mark(r, err)) {
		oradad_rows_close(r);
		return err->code;
	}
	*out = r;
	return 0;
}

void oradad_rows_close(struct oradad_rows *r)
{
	if (!r)
		return;
	fclose(r->f);
	free(r->p);
	free(r->ends);
	free(r->wanted);
	free(r);
}

void oradad_rows_want(struct oradad_rows *r, size_t column)
{
	assert(column < r->columns);
	if (!r->wanted)
		r->wanted = xcalloc(r->columns, sizeof(*r->wanted));
	r->wanted[column] = true;
}

/* Drops the long cells that nobody wants of the row that begins at `next` and has no end yet. */
static void squeeze(struct oradad_rows *r)
{
	size_t to = r->next;

	for (size_t at = r->next, column = 0; at < r->end; column++) {
		size_t end = find_unit(r, at, r->end, '\t');
		/* Of the last cell a CR, or half a unit, may be there already. */
		size_t most = end < r->end ? end - at : (end - at) & ~(UNIT - 1);
		size_t drop = most > LONG_CELL && column < r->columns && !r->wanted[column]
				      ? most - UNIT
				      : 0;
		size_t keep = end - at - drop + (end < r->end ? UNIT : 0);

		memmove(r->p + to, r->p + at + drop, keep);
		to += keep;
		at += drop + keep;
		r->squeezed += drop;
	}
	r->end = to;
}

/* Where the line feed of the next row is, or r->end with *there false behind the last one. */
static int find_end(struct oradad_rows *r, size_t *lf, bool *there, struct err *err)
{
	size_t looked = 0, kept = 0; /* from r->next on */

	for (;;) {
		*lf = find_unit(r, r->next + looked, r->end, '\n');
		*there = *lf < r->end;
		if (*there)
			return 0;
		if (r->wanted && r->end - r->next - kept > SQUEEZE_EVERY) {
			squeeze(r);
			kept = r->end - r->next;
		}
		looked = (r->end - r->next) & ~(UNIT - 1);
		if (looked > LIMIT_ORADAD_ROW_BYTES)
			return broken(r, "the row is longer than a row of ORADAD can be", err);
		if (r->ended)
			break;
		if (fill(r, err))
			return err->code;
	}
	if (r->next == r->end)
		return 0;
	return broken(r,
		(r->end - r->next) % UNIT ? "it ends within a character; the file was cut short"
					  : "the last row has no end; the file was cut short",
		err);
}

static int split(struct oradad_rows *r, size_t end, struct err *err)
{
	size_t count = 0;

	for (size_t at = r->next;; at += UNIT) {
		at = find_unit(r, at, end, '\t');
		if (count < r->columns)
			r->ends[count] = at - r->next;
		count++;
		if (at == end)
			break;
	}
	if (count == r->columns)
		return 0;
	return err_set(err, ERR_SOURCE,
		"%s:%" PRIu64 ": the number of cells is %zu; tables.tsv says %zu.", r->path,
		r->next_line, count, r->columns);
}

int oradad_rows_next(struct oradad_rows *r, bool *there, struct err *err)
{
	size_t lf;

	if (find_end(r, &lf, there, err))
		return err->code;
	if (!*there)
		return 0;
	if (lf - r->next > LIMIT_ORADAD_ROW_BYTES)
		return broken(r, "the row is longer than a row of ORADAD can be", err);
	if (lf - r->next < UNIT || r->p[lf - 2] != '\r' || r->p[lf - 1] != 0)
		return broken(r, "the row does not end with CR and LF", err);
	if (split(r, lf - UNIT, err))
		return err->code;
	r->row = r->next;
	r->offset = r->from + r->row;
	r->line = r->next_line++;
	r->next = lf + UNIT;
	if (r->squeezed) {
		r->from += r->squeezed;
		r->low = r->next;
		r->squeezed = 0;
	}
	return 0;
}

uint64_t oradad_rows_line(const struct oradad_rows *r)
{
	return r->line;
}

uint64_t oradad_rows_offset(const struct oradad_rows *r)
{
	return r->offset;
}

struct str oradad_rows_cell(const struct oradad_rows *r, size_t column)
{
	size_t at = column ? r->ends[column - 1] + UNIT : 0;

	assert(column < r->columns);
	return (struct str){ (const char *)r->p + r->row + at, r->ends[column] - at };
}

int oradad_rows_seek(struct oradad_rows *r, uint64_t offset, uint64_t line, struct err *err)
{
	r->next_line = line;
	if (offset >= r->from + r->low && offset <= r->from + r->end) {
		r->next = (size_t)(offset - r->from);
		return 0;
	}
	if (!platform_seek(r->f, offset))
		return err_set(err, ERR_SOURCE, "Cannot read '%s': %s.", r->path, strerror(errno));
	r->from = offset;
	r->row = r->next = r->end = r->low = 0;
	r->ended = false;
	r->step = STEP_LEAST;
	return 0;
}

uint64_t oradad_rows_bytes(const struct oradad_rows *r)
{
	return r->bytes;
}

static uint32_t unit_at(struct str s, size_t i)
{
	return (uint32_t)(unsigned char)s.p[i] | (uint32_t)(unsigned char)s.p[i + 1] << 8;
}

void oradad_utf8(struct buf *out, struct str s)
{
	char plain[256];
	size_t n = 0;

	for (size_t i = 0; i + 1 < s.n; i += UNIT) {
		uint32_t c = unit_at(s, i);

		if (c < 0x80 && n < sizeof(plain)) {
			plain[n++] = (char)c;
			continue;
		}
		buf_put(out, plain, n);
		n = 0;
		if (c >= 0xd800 && c < 0xe000) {
			uint32_t low = i + 3 < s.n ? unit_at(s, i + UNIT) : 0;

			if (c < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
				c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
				i += UNIT;
			} else {
				c = 0xfffd;
			}
		}
		utf8_put(out, c);
	}
	buf_put(out, plain, n);
}
