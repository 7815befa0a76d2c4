#include "base/progress.h"

#include "base/platform.h"

#include <inttypes.h>
#include <stdio.h>

#define EVERY_MS_TERMINAL 100
#define EVERY_MS_LINES 2000

void progress_init(struct progress *p, bool quiet)
{
	*p = (struct progress){ .quiet = quiet, .terminal = platform_stderr_is_terminal() };
}

void progress_start(struct progress *p, const char *what)
{
	p->what = what;
	p->last_ms = platform_monotonic_ms();
	p->shown = false;
}

void progress_step(struct progress *p, uint64_t done, uint64_t total)
{
	/* Asking the clock for each of a million objects would cost more than the work. */
	if (p->quiet || !p->what || (done % 256 && done != total))
		return;
	int64_t now = platform_monotonic_ms();
	if (now - p->last_ms < (p->terminal ? EVERY_MS_TERMINAL : EVERY_MS_LINES))
		return;
	p->last_ms = now;
	p->shown = true;
	fprintf(stderr, p->terminal ? "\r\033[K%s%s: %" PRIu64 : "%s%s: %" PRIu64,
		p->of ? p->of : "", p->what, done);
	if (total)
		fprintf(stderr, " / %" PRIu64 " (%" PRIu64 " %%)", total, done * 100 / total);
	fputs(p->terminal ? "" : "\n", stderr);
	fflush(stderr);
}

void progress_end(struct progress *p)
{
	if (p->shown && p->terminal)
		fputs("\r\033[K", stderr);
	p->shown = false;
	p->what = NULL;
}
