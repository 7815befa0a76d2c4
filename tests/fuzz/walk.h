/* Every byte of a snapshot that an importer made. */
#ifndef TESTS_FUZZ_WALK_H
#define TESTS_FUZZ_WALK_H

#include "snapshot/snapshot.h"

#include <assert.h>

static inline int walk_object(void *cx, const struct snapshot_record *r, struct err *err)
{
	struct packed_cursor c = packed_begin(r->packed);

	(void)err;
	while (packed_next(&c))
		while (packed_value(&c).p)
			;
	assert(!c.bad);
	++*(uint64_t *)cx;
	return 0;
}

/* It opens, is of that source, and holds as many objects as were put. */
static inline void walk_snapshot(const char *path, struct str source, uint64_t put)
{
	struct snapshot *s = NULL;
	struct err err = { 0 };
	uint64_t n = 0;

	assert(snapshot_open(path, &s, &err) == 0);
	assert(snapshot_each(s, walk_object, &n, &err) == 0);
	assert(n == put && n == snapshot_object_count(s));
	assert(str_eq(snapshot_meta(s, META_SOURCE), source));
	snapshot_close(s);
}

#endif
