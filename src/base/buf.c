#include "base/buf.h"

#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool reserve(struct buf *b, size_t n)
{
	if (b->overflow || n > SIZE_MAX / 2 - b->n || (b->max && n > b->max - b->n)) {
		b->overflow = true;
		return false;
	}
	size_t want = b->n + n + 1;
	if (want > b->room) {
		size_t room = b->room ? b->room : 64;

		while (room < want)
			room *= 2;
		b->p = xrealloc(b->p, room);
		b->room = room;
	}
	return true;
}

void buf_put(struct buf *b, const void *bytes, size_t n)
{
	if (n == 0 || !reserve(b, n))
		return;
	memcpy(b->p + b->n, bytes, n);
	b->n += n;
}

void buf_put_str(struct buf *b, struct str s)
{
	buf_put(b, s.p, s.n);
}

void buf_putz(struct buf *b, const char *z)
{
	buf_put(b, z, strlen(z));
}

void buf_putc(struct buf *b, char c)
{
	buf_put(b, &c, 1);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || !reserve(b, (size_t)n))
		return;
	va_start(ap, fmt);
	vsnprintf(b->p + b->n, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->n += (size_t)n;
}

struct str buf_str(const struct buf *b)
{
	return (struct str){ b->p ? b->p : "", b->n };
}

const char *buf_z(struct buf *b)
{
	if (b->n + 1 > b->room) {
		b->p = xrealloc(b->p, b->n + 1);
		b->room = b->n + 1;
	}
	b->p[b->n] = '\0';
	return b->p;
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	b->overflow = false;
}

void buf_free(struct buf *b)
{
	free(b->p);
	*b = (struct buf){ .max = b->max };
}
