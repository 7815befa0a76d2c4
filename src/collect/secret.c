#include "collect/secret.h"

#include "base/platform.h"

#include <stdio.h>
#include <string.h>

static int read_unbuffered(FILE *f, const char *path, struct secret *out, struct err *err)
{
	/* Without a buffer of its own, stdio keeps no copy of the password. */
	setvbuf(f, NULL, _IONBF, 0);
	out->n = fread(out->p, 1, sizeof(out->p) - 1, f);
	if (ferror(f))
		return err_set(err, ERR_USAGE, "Cannot read the password from '%s'.", path);
	return 0;
}

static int check(struct secret *s, const char *path, struct err *err)
{
	if (s->n && s->p[s->n - 1] == '\n') {
		s->n--;
		if (s->n && s->p[s->n - 1] == '\r')
			s->n--;
	}
	s->p[s->n] = '\0';
	if (s->n == 0)
		return err_set(err, ERR_USAGE,
			"The password file '%s' is empty; an empty password is never sent, because "
			"servers take it for an anonymous logon (RFC 4513, 5.1.2).",
			path);
	if (s->n > LIMIT_PASSWORD_BYTES)
		return err_set(err, ERR_USAGE,
			"The password file '%s' holds more than %u bytes; is it the right file?",
			path, LIMIT_PASSWORD_BYTES);
	if (memchr(s->p, '\0', s->n))
		return err_set(err, ERR_USAGE,
			"The password file '%s' holds a NUL byte; is it UTF-8 text?", path);
	return 0;
}

int secret_read(const char *path, struct secret *out, struct err *err)
{
	bool standard_input = strcmp(path, "-") == 0;
	FILE *f = standard_input ? stdin : platform_open_read(path, ERR_USAGE, err);
	struct secret s = { 0 };
	int rc;

	if (!f)
		return err->code;
	rc = read_unbuffered(f, path, &s, err);
	if (!standard_input)
		fclose(f);
	if (!rc)
		rc = check(&s, path, err);
	if (!rc)
		*out = s;
	secret_wipe(&s);
	return rc;
}

void secret_wipe(struct secret *s)
{
	platform_wipe(s, sizeof(*s));
}
