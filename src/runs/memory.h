/*
 * What is remembered of controls and findings from run to run, as it grows: by key, with the dates
 * of their runs and what people wrote.
 */
#ifndef RUNS_MEMORY_H
#define RUNS_MEMORY_H

#include "base/hash.h"
#include "engine/evolution.h"

/* How the last run that had a row looked for it. */
struct memory_trace {
	const struct evolution_measure *measure; /* NULL: not known */
	const struct run_domain *domain;	 /* it stood in; NULL: in any of domains */
	const struct run *seen_in;		 /* its domains and policy; nothing else */
};

/* Zero-initialise, with the arena that keys live in. The owner calls memory_free(). */
struct memory {
	struct arena *arena;
	struct hash index;
	struct evolution_memory *rows;
	struct memory_trace *traces; /* of rows */
	size_t count, room;
};

void memory_free(struct memory *m);
/* The row of this key; NULL: none. Valid until the next is added. */
struct evolution_memory *memory_find(const struct memory *m, struct str key);
/* The same; a new one has no dates (INT64_MIN), no followup and no trace. Its key is copied. */
struct evolution_memory *memory_at(struct memory *m, struct str key);
/* r is the next run in time: what r has, and what it has no more though it can tell. It can where
 * it looked as the last run that had the row did: with the same measure, and in the same domain. */
void memory_advance(struct memory *m, const struct run *r);
/* The first half of that: what r has. */
void memory_see(struct memory *m, const struct run *r);
/* By key as bytes; rows that say no more than "first seen at this date" are left out. In a. */
const struct evolution_memory *memory_export(
	const struct memory *m, int64_t at, struct arena *a, size_t *count);

/* By key as bytes. */
void memory_sort(struct evolution_memory *rows, size_t count);

#endif
