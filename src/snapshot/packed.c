#include "snapshot/packed.h"

#include "base/limits.h"
#include "base/reader.h"
#include "snapshot/snapshot.h"

#include <string.h>

void packed_put_varint(struct buf *b, uint64_t v)
{
	char bytes[10];
	size_t n = 0;

	while (v >= 0x80) {
		bytes[n++] = (char)(v | 0x80);
		v >>= 7;
	}
	bytes[n++] = (char)v;
	buf_put(b, bytes, n);
}

void packed_put_head(struct buf *b, uint32_t attribute, uint32_t count)
{
	packed_put_varint(b, attribute);
	packed_put_varint(b, count);
}

void packed_put_value(struct buf *b, struct str value)
{
	packed_put_varint(b, value.n);
	buf_put_str(b, value);
}

struct packed_cursor packed_begin(struct str packed)
{
	return (struct packed_cursor){ .rest = packed };
}

/* Nearly every number is one byte; a snapshot holds millions. */
static uint64_t take_varint(struct reader *r)
{
	if (r->bad || r->left == 0 || *r->p >= 0x80)
		return reader_varint(r);
	r->left--;
	return *r->p++;
}

/* The value at the start of r; an empty run and r->bad when its length leaves the bytes. */
static struct str take_value(struct reader *r)
{
	uint64_t n = take_varint(r);
	struct str value = { (const char *)r->p, (size_t)n };

	if (r->bad || n > r->left) {
		r->bad = true;
		return (struct str){ "", 0 };
	}
	r->p += n;
	r->left -= (size_t)n;
	return value;
}

static struct str rest_of(const struct reader *r)
{
	return (struct str){ (const char *)r->p, r->left };
}

bool packed_next(struct packed_cursor *c)
{
	if (c->bad || c->rest.n == 0)
		return false;
	struct reader r = reader_of(c->rest);
	uint64_t attribute = take_varint(&r), count = take_varint(&r);
	const unsigned char *first = r.p;
	/* A value takes a byte at least, so that the loop is bounded by the bytes. An attribute
	 * without values is never written. */
	if (count == 0 || count > r.left || count > LIMIT_VALUES_PER_ATTRIBUTE ||
		attribute >= LIMIT_ATTRIBUTE_NAMES)
		r.bad = true;
	for (uint64_t i = 0; i < count && !r.bad; i++)
		take_value(&r);
	if (r.bad) {
		c->bad = true;
		return false;
	}
	c->attribute = (uint32_t)attribute;
	c->count = (uint32_t)count;
	c->values = (struct str){ (const char *)first, (size_t)(r.p - first) };
	c->rest = rest_of(&r);
	return true;
}

struct str packed_value(struct packed_cursor *c)
{
	struct str none = { NULL, 0 };

	if (c->values.n == 0)
		return none;
	struct reader r = reader_of(c->values);
	struct str value = take_value(&r);
	if (r.bad) {
		c->bad = true;
		c->values.n = 0;
		return none;
	}
	c->values = rest_of(&r);
	return value;
}

bool packed_check(struct str bytes, size_t attributes)
{
	struct packed_cursor c = packed_begin(bytes);

	while (packed_next(&c))
		if (c.attribute >= attributes)
			return false;
	return !c.bad;
}
