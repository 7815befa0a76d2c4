/* A growing run of bytes with a bound of its own; the owner calls buf_free(). */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/compiler.h"
#include "base/str.h"

struct buf {
	char *p;
	size_t n, room;
	size_t max;    /* 0: no bound but memory */
	bool overflow; /* something did not fit under max and was left out: checked once, at the end
			*/
};

void buf_put(struct buf *b, const void *bytes, size_t n);
void buf_put_str(struct buf *b, struct str s);
void buf_putz(struct buf *b, const char *z);
void buf_putc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* The bytes so far; valid until the next change. */
struct str buf_str(const struct buf *b);
/* The same, with a NUL behind the last byte. */
const char *buf_z(struct buf *b);
void buf_clear(struct buf *b);
void buf_free(struct buf *b);

#endif
