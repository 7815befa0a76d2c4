#include "snapshot/oradad_log.h"

#include "base/limits.h"
#include "base/platform.h"
#include "base/utf8.h"
#include "snapshot/writer.h"

#include <errno.h>
#include <string.h>

#define ERRORS_MOST 100u  /* that are told one by one; those that lost values are all told */
#define LINE_BYTES 16384u /* ORADAD cuts a message at 8,192 */
#define TEXT_BYTES 256u
#define LEVEL_ERROR 2 /* 1 critical, 2 error, 3 warning, 4 information, 5 verbose */

/* "attribute|dn", in the arena. */
static struct str key_of(struct oradad_log *l, struct str dn, struct str attribute)
{
	return arena_printf(&l->arena, "%.*s|%.*s", STR_ARG(attribute), STR_ARG(dn));
}

void oradad_log_known(struct oradad_log *l, struct str dn, struct str attribute)
{
	hash_add(&l->known, key_of(l, dn, attribute), 1);
}

void oradad_log_free(struct oradad_log *l)
{
	hash_free(&l->known);
	arena_free(&l->arena);
}

static int source_note(struct snapshot_writer *w, enum coverage_state state, const char *code,
	struct str text, struct err *err)
{
	struct buf b = { 0 };

	buf_printf(&b, "%s %.*s", code, STR_ARG(text));
	int failed = snapshot_put_coverage(w, STR("source oradad"), state, buf_str(&b), err);
	buf_free(&b);
	return failed;
}

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

/* "… (<dn>|<attribute>)…": a DN may hold both signs. */
static int take_cut(
	struct oradad_log *l, struct str message, struct snapshot_writer *w, struct err *err)
{
	const char *open = memchr(message.p, '(', message.n);
	const char *bar = NULL, *close = NULL;

	for (const char *p = message.p; p < message.p + message.n; p++) {
		bar = *p == '|' ? p : bar;
		close = *p == ')' ? p : close;
	}
	if (!open || !bar || !close || bar < open || close < bar)
		return source_note(w, COVERAGE_TRUNCATED, "oradad_error", message, err);
	struct str dn = { open + 1, (size_t)(bar - open - 1) };
	struct str attribute = { bar + 1, (size_t)(close - bar - 1) };

	if (hash_get(&l->known, key_of(l, dn, attribute)) != HASH_NONE)
		return 0;
	/* What a code page made of the name may be nobody's: then all of it is in doubt. */
	if (!is_ascii(dn) && source_note(w, COVERAGE_TRUNCATED, "oradad_error", message, err))
		return err->code;
	return snapshot_put_damage(w, dn, attribute, COVERAGE_TRUNCATED, "oradad_cut", err);
}

static bool tells_failure(struct str message)
{
	return str_istarts(message, STR("Error")) || str_contains(message, STR("Unable to ")) ||
	       str_contains(message, STR(" failed")) || str_contains(message, STR("no value but"));
}

/* One line: time, level, file, function, line of ORADAD's own code, message. */
static int take_line(struct oradad_log *l, struct str line, struct snapshot_writer *w,
	size_t *errors, struct err *err)
{
	struct str cells[5] = { 0 }, message = line;
	int64_t level;

	for (size_t i = 0; i < ARRAY_LEN(cells) && message.n; i++)
		cells[i] = str_cut(message, '\t', &message);
	bool error = str_to_i64(cells[1], &level) && level <= LEVEL_ERROR;
	if (str_starts(message, STR("Attribute is truncated")))
		return take_cut(l, message, w, err);
	/* A group of which a part could not be read: it is not said which. */
	bool lost = str_contains(cells[3], STR("Ranged"));
	if ((!error && !tells_failure(message)) || (!lost && ++*errors > ERRORS_MOST))
		return 0;
	message.n = message.n < TEXT_BYTES ? message.n : TEXT_BYTES;
	return source_note(
		w, lost ? COVERAGE_TRUNCATED : COVERAGE_NOTE, "oradad_error", message, err);
}

/* ISO 8859-1, which has a character for every byte. */
static struct str decoded(struct buf *out, const char *line)
{
	buf_clear(out);
	for (const char *p = line; *p && *p != '\n' && *p != '\r'; p++)
		utf8_put(out, (unsigned char)*p);
	return buf_str(out);
}

int oradad_log_read(
	struct oradad_log *l, const char *path, struct snapshot_writer *w, struct err *err)
{
	FILE *f = platform_open_read(path, ERR_SOURCE, err);
	struct buf line = { 0 };
	char bytes[LINE_BYTES];
	size_t errors = 0;
	int code = 0;

	if (!f)
		return err->code;
	while (!code && fgets(bytes, sizeof(bytes), f))
		code = take_line(l, decoded(&line, bytes), w, &errors, err);
	if (!code && ferror(f))
		code = err_set(err, ERR_SOURCE, "Cannot read '%s': %s.", path, strerror(errno));
	fclose(f);
	buf_free(&line);
	return code;
}
