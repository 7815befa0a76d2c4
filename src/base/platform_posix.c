#include "base/platform.h"

#include "base/arena.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#ifdef __linux__
#include <sys/xattr.h>
#endif
#include <time.h>
#include <unistd.h>

void platform_random(void *out, size_t n)
{
	unsigned char *p = out;

	while (n) {
		ssize_t got = getrandom(p, n, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			fputs("adhygiene: no random numbers from the system\n", stderr);
			exit(70);
		}
		p += got;
		n -= (size_t)got;
	}
}

int64_t platform_monotonic_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t platform_now(void)
{
	return (int64_t)time(NULL);
}

bool platform_stderr_is_terminal(void)
{
	return isatty(STDERR_FILENO) == 1;
}

bool platform_stdout_is_terminal(void)
{
	return isatty(STDOUT_FILENO) == 1;
}

int platform_columns(void)
{
	struct winsize w;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 0)
		return w.ws_col;
	return 80;
}

bool platform_locale_is_english(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *v = getenv(names[i]);

		if (v && *v)
			return str_istarts(str_of(v), STR("en"));
	}
	return false;
}

void platform_wipe(void *p, size_t n)
{
	explicit_bzero(p, n);
}

static volatile sig_atomic_t interrupted;

/* Like the flag above this cannot be handed to a signal handler otherwise. */
static char doomed[PATH_MAX];
static volatile sig_atomic_t has_doomed;

static void on_signal(int number)
{
	(void)number;
	if (interrupted) {
		if (has_doomed)
			unlink(doomed);
		_exit(130);
	}
	interrupted = 1;
}

void platform_remove_when_killed(const char *path)
{
	has_doomed = 0;
	if (!path || strlen(path) >= sizeof(doomed))
		return;
	memcpy(doomed, path, strlen(path) + 1);
	has_doomed = 1;
}

void platform_catch_interrupts(void)
{
	struct sigaction sa = { .sa_handler = on_signal };

	sigemptyset(&sa.sa_mask);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	/* A closed pipe is an error of the write, and a full disk must not end us mid-way either.
	 */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

bool platform_interrupted(void)
{
	return interrupted != 0;
}

int platform_check_interrupted(struct err *err)
{
	if (!interrupted)
		return 0;
	return err_set(err, ERR_INTERRUPTED,
		"Interrupted; nothing was written, and older reports are as they were.");
}

int platform_read_file(
	const char *path, size_t max, struct buf *out, enum err_code code, struct err *err)
{
	bool standard_input = strcmp(path, "-") == 0;
	FILE *f = standard_input ? stdin : platform_open_read(path, code, err);
	char chunk[8192];
	size_t n;

	if (!f)
		return err->code;
	out->max = max;
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0 && !out->overflow)
		buf_put(out, chunk, n);
	platform_wipe(chunk, sizeof(chunk));
	int failed = ferror(f) ? errno : 0;
	if (!standard_input)
		fclose(f);
	if (failed)
		return err_set(err, code, "Cannot read '%s': %s.", path, strerror(failed));
	if (out->overflow)
		return err_set(err, code, "'%s' is larger than %zu bytes; is it the right file?",
			path, max);
	return 0;
}

FILE *platform_open_read(const char *path, enum err_code code, struct err *err)
{
	struct stat st;
	FILE *f = fopen(path, "rb");

	if (!f) {
		err_set(err, code, "Cannot open '%s': %s.", path, strerror(errno));
		return NULL;
	}
	if (fstat(fileno(f), &st) == 0 && S_ISDIR(st.st_mode)) {
		fclose(f);
		err_set(err, code, "'%s' is a folder; a file is needed.", path);
		return NULL;
	}
	return f;
}

bool platform_seek(FILE *f, uint64_t offset)
{
	return offset <= INT64_MAX && (off_t)offset >= 0 && fseeko(f, (off_t)offset, SEEK_SET) == 0;
}

bool platform_exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

bool platform_is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool is_one(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool platform_is_same(const char *path, const char *other)
{
	struct stat a, b;

	return stat(path, &a) == 0 && stat(other, &b) == 0 && is_one(&a, &b);
}

/* Without links and dots, or that of its folder when nothing is there; the caller frees it. */
static char *real_path(const char *path)
{
	char *real = realpath(path, NULL), *copy, *end;

	if (real)
		return real;
	copy = xmalloc(strlen(path) + 3);
	memcpy(copy, path, strlen(path) + 1);
	for (end = copy + strlen(copy); end > copy && end[-1] == '/'; end--)
		;
	while (end > copy && end[-1] != '/')
		end--;
	memcpy(end, ".", 2);
	real = realpath(copy, NULL);
	free(copy);
	return real;
}

bool platform_is_within(const char *path, const char *folder)
{
	struct stat wanted, st;
	char *real, *slash;
	bool found = false;

	if (stat(folder, &wanted))
		return false;
	real = real_path(path);
	while (real && !found) {
		found = stat(real, &st) == 0 && is_one(&st, &wanted);
		slash = strrchr(real, '/');
		if (!slash || !real[1])
			break;
		slash[slash == real] = '\0'; /* "/a", then "/" */
	}
	free(real);
	return found;
}

enum platform_kind platform_kind_of(const char *path)
{
	struct stat st;

	if (lstat(path, &st))
		return PLATFORM_NOTHING;
	if (S_ISLNK(st.st_mode))
		return PLATFORM_LINK;
	if (S_ISDIR(st.st_mode))
		return PLATFORM_FOLDER;
	return S_ISREG(st.st_mode) ? PLATFORM_FILE : PLATFORM_OTHER;
}

int64_t platform_modified_at(const char *path)
{
	struct stat st;

	return lstat(path, &st) ? INT64_MIN : (int64_t)st.st_mtime;
}

bool platform_file_attribute(const char *path, const char *name, size_t max, struct buf *out)
{
#ifdef __linux__
	ssize_t n = lgetxattr(path, name, NULL, 0);

	if (n <= 0 || (size_t)n > max)
		return false;
	char *bytes = xmalloc((size_t)n);
	n = lgetxattr(path, name, bytes, (size_t)n);
	if (n > 0)
		buf_put(out, bytes, (size_t)n);
	free(bytes);
	return n > 0;
#else
	(void)path;
	(void)name;
	(void)max;
	(void)out;
	return false;
#endif
}

bool platform_folder_opens(const char *path)
{
	DIR *d = opendir(path);

	if (d)
		closedir(d);
	return d != NULL;
}

struct platform_dir {
	DIR *dir;
};

const char *platform_dir_next(const char *folder, struct platform_dir **state)
{
	if (!*state) {
		DIR *d = opendir(folder);

		if (!d)
			return NULL;
		*state = xcalloc(1, sizeof(**state));
		(*state)->dir = d;
	}
	struct dirent *e = readdir((*state)->dir);
	if (e)
		return e->d_name;
	closedir((*state)->dir);
	free(*state);
	*state = NULL;
	return NULL;
}

int platform_make_folder(const char *path, bool *created, struct err *err)
{
	struct stat st;

	*created = false;
	if (stat(path, &st) == 0) {
		if (S_ISDIR(st.st_mode))
			return 0;
		return err_set(err, ERR_OUTPUT,
			"'%s' is a file, not a folder; choose another --output.", path);
	}
	char *copy = xmalloc(strlen(path) + 1);
	memcpy(copy, path, strlen(path) + 1);
	for (char *p = copy + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		mkdir(copy, 0700); /* the last mkdir tells what is wrong */
		*p = '/';
	}
	free(copy);
	if (mkdir(path, 0700) && errno != EEXIST)
		return err_set(err, ERR_OUTPUT, "Cannot create the folder '%s': %s.", path,
			strerror(errno));
	*created = true;
	return 0;
}

void platform_remove_folder(const char *path)
{
	rmdir(path);
}

FILE *platform_create(const char *path, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "wb");

	if (!f) {
		err_set(err, ERR_OUTPUT, "Cannot create '%s': %s.", path, strerror(errno));
		if (fd >= 0)
			close(fd);
	}
	return f;
}

int platform_finish(FILE *f, const char *path, struct err *err)
{
	int failed = 0;

	errno = 0;
	if (fflush(f) || ferror(f) || fsync(fileno(f)))
		failed = errno ? errno : EIO;
	if (fclose(f) && !failed)
		failed = errno ? errno : EIO;
	if (failed)
		return err_set(err, ERR_OUTPUT,
			"Cannot write '%s': %s. Free some space, or choose "
			"another folder with --output.",
			path, strerror(failed));
	return 0;
}

int platform_sync_path(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int failed = fd < 0 || fsync(fd) ? errno : 0;

	if (fd >= 0)
		close(fd);
	if (failed)
		return err_set(err, ERR_OUTPUT, "Cannot write '%s': %s.", path, strerror(failed));
	return 0;
}

int platform_set_private(const char *path, struct err *err)
{
	if (chmod(path, 0600))
		return err_set(
			err, ERR_OUTPUT, "Cannot set the mode of '%s': %s.", path, strerror(errno));
	return 0;
}

int platform_rename(const char *from, const char *to, struct err *err)
{
	if (rename(from, to))
		return err_set(err, ERR_OUTPUT, "Cannot rename '%s' to '%s': %s.", from, to,
			strerror(errno));
	return 0;
}

void platform_remove(const char *path)
{
	unlink(path);
}

long platform_pid(void)
{
	return (long)getpid();
}

int platform_make_temporary(struct buf *out, struct err *err)
{
	const char *folder = getenv("TMPDIR");
	struct buf path = { 0 };
	int rc = 0;

	buf_printf(&path, "%s/adhygiene-XXXXXX", folder && *folder ? folder : "/tmp");
	buf_z(&path);
	if (mkdtemp(path.p))
		buf_put_str(out, buf_str(&path));
	else
		rc = err_set(err, ERR_OUTPUT, "The folder '%s' cannot be made: %s.", path.p,
			strerror(errno));
	buf_free(&path);
	return rc;
}

#define TEMPORARY_DEPTH 8u

static void remove_below(const char *path, unsigned depth)
{
	struct platform_dir *state = NULL;
	struct buf entry = { 0 };
	const char *name;

	if (platform_kind_of(path) != PLATFORM_FOLDER) {
		platform_remove(path);
		return;
	}
	while (depth < TEMPORARY_DEPTH && (name = platform_dir_next(path, &state)) != NULL) {
		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
			continue;
		buf_clear(&entry);
		buf_printf(&entry, "%s/%s", path, name);
		remove_below(buf_z(&entry), depth + 1);
	}
	buf_free(&entry);
	platform_remove_folder(path);
}

void platform_remove_all(const char *path)
{
	remove_below(path, 0);
}
