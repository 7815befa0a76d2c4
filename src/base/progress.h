/*
 * What is under way, on standard error: a line that rewrites itself on a terminal, lines at most
 * every two seconds otherwise, nothing when quiet. Nothing else in the program prints progress.
 */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool quiet, terminal, shown;
	int64_t last_ms;
	const char *what;
	const char *of; /* said before each phase: which of several things is under way; NULL */
};

void progress_init(struct progress *p, bool quiet);
/* what: a short phrase already in the user's language; it must outlive the phase. */
void progress_start(struct progress *p, const char *what);
/* total 0: not known. Cheap enough to call for every object. */
void progress_step(struct progress *p, uint64_t done, uint64_t total);
/* Ends the phase and clears the line; steps outside a phase show nothing. */
void progress_end(struct progress *p);

#endif
