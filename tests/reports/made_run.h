/* Runs built by hand, so that reports are tested without an engine. */
#ifndef TESTS_REPORTS_MADE_RUN_H
#define TESTS_REPORTS_MADE_RUN_H

#include "engine/evolution.h"

enum made_kind {
	MADE_SMALL, /* a bit of everything, with hostile names */
	MADE_LARGE, /* more rows than real tables are made for */
	MADE_EMPTY, /* nothing was read: every optional thing is absent */
	MADE_CLEAN, /* level 5, nothing fails */
	MADE_HUGE,  /* half a million findings */
};

/* The caller calls run_free(). */
void made_run(enum made_kind kind, struct run *out);

/* made_evolution.c: what only some reports show; all in the run's arena. */
void made_waivers(struct run *r);
void made_deadlines(struct run *r);
/* An earlier run of the same directory, trends, and cells that people filled in. */
void made_evolution(struct run *r, struct run_evolution *out);

#endif
