/* The command line, checked against one table (options.def). */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/arena.h"
#include "base/err.h"
#include "reports/report.h"

#include <stdio.h>

#define CMD_AUDIT 0x1u
#define CMD_COLLECT 0x2u
#define CMD_CONTROLS 0x4u
#define CMD_EXPLAIN 0x8u
#define CMD_SHOW 0x10u
#define CMD_POLICY 0x20u
#define CMD_OTHER 0x40u
#define CMD_LIVE (CMD_AUDIT | CMD_COLLECT)
#define CMD_DIFF 0x80u
#define CMD_HISTORY 0x100u
#define CMD_COMPARE 0x200u
#define CMD_ALL 0x3ffu

enum option_id {
#define OPTION(id, name, value, commands, repeatable, fr, en) OPT_##id,
#include "cli/options.def"
#undef OPTION
	OPT_COUNT
};

struct options {
	struct {
		const char **values; /* "" for a flag */
		size_t count;
	} given[OPT_COUNT];
	const char **args; /* what is no option, in order */
	size_t arg_count;
};

/* Parses argv[0 … argc) for the command with this bit; everything lives in a. --name value and
 * --name=value are the same; "--" ends options. ERR_USAGE with a suggestion on any mistake. */
int options_parse(struct arena *a, int argc, char **argv, unsigned command, struct options *out,
	struct err *err);
/* The value, or NULL when not given. */
const char *option_value(const struct options *o, enum option_id id);
bool option_given(const struct options *o, enum option_id id);
/* --lang, else the locale. */
int options_lang(const struct options *o, enum lang *out, struct err *err);
/* Lists the options of a command. */
void options_help(FILE *out, unsigned command, enum lang lang);

#endif
