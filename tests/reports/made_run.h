/* Runs built by hand, so that reports are tested without an engine. */
#ifndef TESTS_REPORTS_MADE_RUN_H
#define TESTS_REPORTS_MADE_RUN_H

#include "engine/run.h"

enum made_kind {
	MADE_SMALL, /* a bit of everything, with hostile names */
	MADE_LARGE, /* more rows than real tables are made for */
	MADE_EMPTY, /* nothing was read: every optional thing is absent */
	MADE_CLEAN, /* level 5, nothing fails */
	MADE_HUGE,  /* half a million findings */
};

/* The caller calls run_free(). */
void made_run(enum made_kind kind, struct run *out);

#endif
