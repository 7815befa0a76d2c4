/*
 * What files of SYSVOL give away in clear text: passwords in registry settings, in preferences and
 * on the command lines of scripts and tasks. It is taken out before anything is stored; that it was
 * there stays visible (GPP_REDACTED in its place).
 */
#ifndef AD_SYSVOL_SECRETS_H
#define AD_SYSVOL_SECRETS_H

#include "base/buf.h"

/* Does a setting of this name hold a secret? SECRET_LIKELY: its name ends as that of a password
 * does (DefaultPassword); SECRET_POSSIBLE: it speaks of one. */
enum secret_name { SECRET_NO, SECRET_POSSIBLE, SECRET_LIKELY };
enum secret_name secret_name_of(struct str name);

/*
 * The file (told by the end of its path) without its secrets, appended to out; false when it is a
 * kind of file that is stored as it is. Works on damaged files too: those stay damaged, and what
 * stands behind the damage in a Registry.pol is left out.
 *   *.xml                     cpassword; value beside a name of a secret; arguments of programs
 *   Registry.pol              text and binary values that secret_name_of() names
 *   GptTmpl.inf               the same in [Registry Values]
 *   scripts.ini, psscripts.ini  Parameters
 */
bool sysvol_redact(struct str path, struct str bytes, struct buf *out);

#endif
