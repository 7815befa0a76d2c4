/*
 * Text files that people and other programs export, as UTF-8, a part at a time: UTF-8 and UTF-16
 * with or without byte order mark, and Windows-1252 for what is not valid UTF-8. A file is looked
 * at whole before its first part is handed out, so that a file that is no text is refused before
 * anything is concluded from it; memory stays bounded whatever its size.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/buf.h"
#include "base/err.h"

enum text_encoding { TEXT_UTF8, TEXT_UTF16LE, TEXT_UTF16BE, TEXT_WINDOWS_1252 };

struct text;

/* Errors are ERR_USAGE and begin with the file's name, "name:line: " where a line is to blame: a
 * file that cannot be read twice, holds more than max bytes, NUL characters (another kind of file)
 * or bytes of no encoding above. The caller calls text_close(). */
int text_open(const char *path, uint64_t max, struct text **out, struct err *err);
/* The same of bytes in memory, which must outlive it; name stands for the path. */
int text_of_bytes(const char *name, struct str bytes, struct text **out, struct err *err);
void text_close(struct text *t);
enum text_encoding text_encoding(const struct text *t);
/* Appends the next part to out, without byte order mark; *more is false when there was none. */
int text_more(struct text *t, struct buf *out, bool *more, struct err *err);

#endif
