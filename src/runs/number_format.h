/* Which cell formats of a workbook show a number as a date (ECMA-376 part 1, 18.8.30). */
#ifndef RUNS_NUMBER_FORMAT_H
#define RUNS_NUMBER_FORMAT_H

#include "base/arena.h"
#include "runs/xml_walk.h"

struct number_formats {
	struct arena *arena;
	/* of the workbook's own formats, in arena */
	struct number_format {
		uint64_t id;
		bool is_date;
	} * own;
	size_t own_count, own_room;
	bool *is_date; /* by cell format; in arena */
	size_t count, room;
	bool in_cell_formats;
};

/* For xml_walk() over the part of the styles, with a struct number_formats. */
extern const struct xml_events number_format_events;
/* "dd/mm/yyyy" and its like: letters of dates outside quotes, brackets and escapes. */
bool number_format_is_date(struct str code);

#endif
