/*
 * An LD_PRELOAD shim that watches gss_init_sec_context() and writes the channel bindings it is
 * given, one line a call, to the file named by GSS_WATCH: "bindings <hex of application_data>" or
 * "no bindings". It proves that a logon inside TLS is bound to the server's certificate, which no
 * server at hand can enforce.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <gssapi/gssapi.h>
#include <stdio.h>
#include <stdlib.h>

typedef OM_uint32 init_fn(OM_uint32 *, gss_cred_id_t, gss_ctx_id_t *, gss_name_t, gss_OID,
	OM_uint32, OM_uint32, gss_channel_bindings_t, gss_buffer_t, gss_OID *, gss_buffer_t,
	OM_uint32 *, OM_uint32 *);

static void record(gss_channel_bindings_t bindings)
{
	const char *path = getenv("GSS_WATCH");
	FILE *f = path ? fopen(path, "a") : NULL;

	if (!f)
		return;
	if (bindings) {
		const unsigned char *p = bindings->application_data.value;

		fputs("bindings ", f);
		for (size_t i = 0; i < bindings->application_data.length; i++)
			fprintf(f, "%02x", p[i]);
		fputc('\n', f);
	} else {
		fputs("no bindings\n", f);
	}
	fclose(f);
}

OM_uint32 gss_init_sec_context(OM_uint32 *minor, gss_cred_id_t credential, gss_ctx_id_t *context,
	gss_name_t target, gss_OID mechanism, OM_uint32 flags, OM_uint32 time,
	gss_channel_bindings_t bindings, gss_buffer_t in, gss_OID *actual, gss_buffer_t out,
	OM_uint32 *got, OM_uint32 *seconds)
{
	void *found = dlsym(RTLD_NEXT, "gss_init_sec_context");
	init_fn *real;

	/* ISO C has no conversion from an object pointer to a function pointer; POSIX promises it.
	 */
	*(void **)&real = found;
	record(bindings);
	return real(minor, credential, context, target, mechanism, flags, time, bindings, in,
		actual, out, got, seconds);
}
