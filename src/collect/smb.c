/* First: this header uses names that base/banned.h poisons. */
#include <libsmbclient.h>

#include "collect/smb.h"

#include "ad/smb_acl.h"
#include "base/limits.h"
#include "base/platform.h"
#include "collect/kerberos.h"
#include "snapshot/sysvol.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ATTRIBUTE_FOLDER 0x10u	 /* MS-FSCC 2.6 */
#define ATTRIBUTE_REPARSE 0x400u /* a junction */
#define DESCRIPTOR_ATTRIBUTE "system.nt_sec_desc.*"
#define CHUNK 65536u

struct smb {
	const struct smb_request *rq;
	SMBCCTX *context;
	struct buf folder; /* of our own: configuration and ticket */
	struct buf configuration, ticket, url, user;
	char *old_cache;      /* the environment's KRB5CCNAME */
	bool cache_set, lost; /* lost: the connection; nothing more is asked */
	int why;	      /* errno of the first failure */
};

/* ---- what libsmbclient is told -------------------------------------------------------------- */

static void put_name(char *to, int room, const char *from)
{
	if (room > 0)
		snprintf(to, (size_t)room, "%s", from);
}

/* Asked for a name and password; without a password the ticket is used. */
static void give_logon(SMBCCTX *context, const char *server, const char *share, char *workgroup,
	int workgroup_room, char *user, int user_room, char *password, int password_room)
{
	const struct smb *s = smbc_getOptionUserData(context);
	bool with_password = s->rq->password && s->rq->password->n;

	(void)server;
	(void)share;
	put_name(workgroup, workgroup_room, s->rq->realm);
	put_name(user, user_room, s->user.n ? s->user.p : "");
	put_name(password, password_room, with_password ? s->rq->password->p : "");
}

static void say_nothing(void *cx, int level, const char *text)
{
	(void)cx;
	(void)level;
	(void)text;
}

/* A configuration of our own, so that nothing hangs on the machine's smb.conf. */
static int write_configuration(struct smb *s, struct err *err)
{
	const char *at = buf_z(&s->folder);
	FILE *f;

	buf_printf(&s->configuration, "%s/smb.conf", at);
	f = platform_create(buf_z(&s->configuration), err);
	if (!f)
		return err->code;
	fprintf(f,
		"[global]\nclient min protocol = SMB3\nclient max protocol = SMB3\n"
		"client ipc min protocol = SMB3\nclient signing = required\n"
		"client ipc signing = required\nclient smb encrypt = required\n"
		"client protection = encrypt\nclient use kerberos = required\n"
		"name resolve order = host\nrealm = %s\nlock directory = %s\n"
		"state directory = %s\ncache directory = %s\nprivate dir = %s\n",
		s->rq->realm, at, at, at, at);
	return platform_finish(f, buf_z(&s->configuration), err);
}

/* Without a name libsmbclient would log on as nobody. */
static void put_user(struct smb *s, const char *principal)
{
	buf_clear(&s->user);
	buf_putz(&s->user, principal);
	buf_z(&s->user);
}

/* Keytab or ticket cache: into a file that libsmbclient's own Kerberos reads. */
static int give_ticket(struct smb *s, struct err *err)
{
	struct kerberos_request rq = { s->rq->principal, NULL, s->rq->keytab };
	const char *old = getenv("KRB5CCNAME");
	struct kerberos *k = NULL;
	int rc = kerberos_acquire(&rq, &k, err);

	buf_printf(&s->ticket, "%s/ticket", buf_z(&s->folder));
	platform_remove_when_killed(buf_z(&s->ticket));
	if (!rc)
		rc = kerberos_write_cache(k, buf_z(&s->ticket), err);
	if (!rc)
		put_user(s, kerberos_principal(k));
	kerberos_release(k);
	if (rc)
		return rc;
	if (old) {
		s->old_cache = xmalloc(strlen(old) + 1);
		memcpy(s->old_cache, old, strlen(old) + 1);
	}
	struct buf name = { 0 };
	buf_printf(&name, "FILE:%s", buf_z(&s->ticket));
	s->cache_set = setenv("KRB5CCNAME", buf_z(&name), 1) == 0;
	buf_free(&name);
	return 0;
}

static void remove_ticket(struct smb *s)
{
	if (s->ticket.n)
		platform_remove(buf_z(&s->ticket));
	platform_remove_when_killed(NULL);
}

static bool make_context(struct smb *s)
{
	SMBCCTX *c = smbc_new_context();

	if (!c)
		return false;
	s->context = c;
	smbc_setDebug(c, 0);
	smbc_setLogCallback(c, NULL, say_nothing);
	smbc_setOptionUserData(c, s);
	smbc_setTimeout(c, s->rq->timeout_seconds * 1000);
	smbc_setFunctionAuthDataWithContext(c, give_logon);
	smbc_setOptionUseKerberos(c, 1);
	smbc_setOptionFallbackAfterKerberos(c, 0);
	smbc_setOptionNoAutoAnonymousLogin(c, 1);
	smbc_setOptionSmbEncryptionLevel(c, SMBC_ENCRYPTLEVEL_REQUIRE);
	if (smbc_setConfiguration(c, buf_z(&s->configuration)) != 0 ||
		!smbc_setOptionProtocols(c, "SMB3", "SMB3"))
		return false;
	return smbc_init_context(c) != NULL;
}

/* ---- the source of sysvol_walk() ------------------------------------------------------------ */

/* Percent-encoded but for '/'. */
static const char *url_of(struct smb *s, const char *path)
{
	static const char *const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					 "0123456789-._~/";

	buf_clear(&s->url);
	buf_printf(&s->url, "smb://%s/SYSVOL/", s->rq->host);
	for (; *path; path++) {
		if (strchr(plain, *path))
			buf_putc(&s->url, *path);
		else
			buf_printf(&s->url, "%%%02X", (unsigned)(unsigned char)*path);
	}
	return buf_z(&s->url);
}

static enum sysvol_result failed(struct smb *s)
{
	if (!s->why)
		s->why = errno;
	s->lost |= errno == ETIMEDOUT || errno == ECONNRESET || errno == ENOTCONN ||
		   errno == EPIPE || errno == EHOSTUNREACH || errno == ECONNREFUSED;
	return SYSVOL_DENIED;
}

static enum sysvol_result smb_list(void *source, const char *path,
	void (*each)(void *cx, const struct sysvol_name *name), void *cx)
{
	struct smb *s = source;
	const struct libsmb_file_info *i;
	SMBCFILE *folder;

	errno = 0;
	folder = s->lost ? NULL : smbc_getFunctionOpendir(s->context)(s->context, url_of(s, path));
	if (!folder)
		return failed(s);
	errno = 0;
	while ((i = smbc_getFunctionReaddirPlus(s->context)(s->context, folder)) != NULL) {
		/* Below the share the domain's folder is a junction, that the server follows. */
		bool junction = (i->attrs & ATTRIBUTE_REPARSE) && *path;
		struct sysvol_name n = { i->name, PLATFORM_FILE, (int64_t)i->mtime_ts.tv_sec };

		if (strcmp(i->name, ".") == 0 || strcmp(i->name, "..") == 0 || strchr(i->name, '/'))
			continue;
		if (i->attrs & ATTRIBUTE_FOLDER)
			n.kind = junction ? PLATFORM_LINK : PLATFORM_FOLDER;
		each(cx, &n);
		errno = 0;
	}
	enum sysvol_result result = errno ? failed(s) : SYSVOL_GOOD;
	smbc_getFunctionClosedir(s->context)(s->context, folder);
	return result;
}

static enum sysvol_result smb_read(void *source, const char *path, size_t max, struct buf *out)
{
	struct smb *s = source;
	char *chunk;
	ssize_t n;
	SMBCFILE *f;

	errno = 0;
	f = s->lost ? NULL
		    : smbc_getFunctionOpen(s->context)(s->context, url_of(s, path), O_RDONLY, 0);
	if (!f)
		return failed(s);
	chunk = xmalloc(CHUNK);
	while ((n = smbc_getFunctionRead(s->context)(s->context, f, chunk, CHUNK)) > 0 &&
		out->n <= max)
		buf_put(out, chunk, (size_t)n);
	free(chunk);
	enum sysvol_result result = n < 0 ? failed(s) : SYSVOL_GOOD;
	smbc_getFunctionClose(s->context)(s->context, f);
	return result == SYSVOL_GOOD && out->n > max ? SYSVOL_TOO_LARGE : result;
}

/* text: LIMIT_SECDESC_BYTES, zeroed. */
static bool get_descriptor(struct smb *s, const char *path, char *text)
{
	int n;

	if (s->lost)
		return false;
	errno = 0;
	n = smbc_getFunctionGetxattr(s->context)(
		s->context, url_of(s, path), DESCRIPTOR_ATTRIBUTE, text, LIMIT_SECDESC_BYTES - 1);
	if (n < 0)
		failed(s);
	return n >= 0;
}

static bool smb_descriptor(void *source, const char *path, struct buf *out)
{
	char *text = xcalloc(1, LIMIT_SECDESC_BYTES);
	bool good = get_descriptor(source, path, text) && smb_acl_descriptor(str_of(text), out);

	free(text);
	return good;
}

/* libsmbclient says nothing of the control flags. */
static const struct sysvol_source smb_source = { "smb", false, smb_list, smb_read, smb_descriptor,
	NULL };

/* ---- the whole ------------------------------------------------------------------------------ */

/* libsmbclient prints some refusals on standard output, which is the summary's. */
static int mute(void)
{
	int kept = dup(STDOUT_FILENO), nowhere = open("/dev/null", O_WRONLY);

	fflush(stdout);
	if (kept >= 0 && nowhere >= 0)
		dup2(nowhere, STDOUT_FILENO);
	if (nowhere >= 0)
		close(nowhere);
	return kept;
}

static void unmute(int kept)
{
	fflush(stdout);
	if (kept < 0)
		return;
	dup2(kept, STDOUT_FILENO);
	close(kept);
}

/*
 * libsmbclient 4.17 turns encryption on for the share where the server has it, and goes on without
 * where it has not, whatever it was told; only the connection by which it reads descriptors is then
 * refused. So nothing is read before a descriptor was: both connections negotiate the same, and
 * SMB 3.1.1 notices who changes what is negotiated (MS-SMB2 3.2.5.2).
 */
static bool is_encrypted(struct smb *s)
{
	char *text = xcalloc(1, LIMIT_SECDESC_BYTES);
	bool good = get_descriptor(s, "", text);

	free(text);
	return good;
}

static int put_failure(struct smb *s, struct snapshot_writer *w, struct err *err)
{
	struct buf detail = { 0 };

	switch (s->why) {
	case ECONNREFUSED:
	case ETIMEDOUT:
	case EHOSTUNREACH:
	case ENETUNREACH:
	case ENOENT: /* the name does not resolve */
		buf_putz(&detail, "smb_not_reachable");
		break;
	case EACCES:
	case EPERM:
	case ENODATA:
		buf_putz(&detail, "smb_refused");
		break;
	default:
		buf_printf(&detail, "smb_failed %s", strerror(s->why));
	}
	int rc = snapshot_put_coverage(w, STR("sysvol"), COVERAGE_DENIED, buf_str(&detail), err);
	buf_free(&detail);
	return rc;
}

static int read_all(
	struct smb *s, struct snapshot_writer *w, struct progress *progress, struct err *err)
{
	uint64_t policies = 0;

	errno = 0;
	if (!make_context(s)) {
		s->why = errno ? errno : EIO;
		return put_failure(s, w, err);
	}
	if (!is_encrypted(s))
		return put_failure(s, w, err);
	/* Both connections have logged on, and a lost one is not made again. */
	remove_ticket(s);
	return sysvol_walk(w, &smb_source, s, progress, &policies, err);
}

static void clean_up(struct smb *s)
{
	if (s->context)
		smbc_free_context(s->context, 1);
	if (s->cache_set && s->old_cache)
		setenv("KRB5CCNAME", s->old_cache, 1);
	else if (s->cache_set)
		unsetenv("KRB5CCNAME");
	free(s->old_cache);
	remove_ticket(s);
	platform_remove_all(buf_z(&s->folder));
	buf_free(&s->folder);
	buf_free(&s->configuration);
	buf_free(&s->ticket);
	buf_free(&s->url);
	buf_free(&s->user);
}

int smb_read_sysvol(const struct smb_request *rq, struct snapshot_writer *w,
	struct progress *progress, struct err *err)
{
	struct smb s = { .rq = rq };
	struct err why;
	int rc = platform_make_temporary(&s.folder, err), kept;

	if (rc)
		return rc;
	kept = mute();
	put_user(&s, rq->principal ? rq->principal : "");
	rc = write_configuration(&s, err);
	if (!rc && !(rq->password && rq->password->n) && give_ticket(&s, &why))
		rc = snapshot_put_coverage(
			w, STR("sysvol"), COVERAGE_DENIED, STR("smb_no_ticket"), err);
	else if (!rc)
		rc = read_all(&s, w, progress, err);
	clean_up(&s);
	unmute(kept);
	return rc;
}
