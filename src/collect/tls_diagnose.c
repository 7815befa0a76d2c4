/* First: these headers use names that base/banned.h poisons. */
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "collect/tls_diagnose.h"

#include "base/platform.h"
#include "collect/socket.h"

#include <sys/socket.h>
#include <stdio.h>

#define NAMES_SHOWN 8

int tls_check_ca_file(const char *path, struct err *err)
{
	FILE *f = platform_open_read(path, ERR_USAGE, err);
	bool empty;
	X509 *first;

	if (!f)
		return err->code;
	empty = fgetc(f) == EOF;
	rewind(f);
	first = PEM_read_X509(f, NULL, NULL, NULL);
	fclose(f);
	ERR_clear_error();
	if (first) {
		X509_free(first);
		return 0;
	}
	return err_set(err, ERR_USAGE,
		empty ? "The CA file '%s' is empty; give the certificate of the authority that "
			"signed the domain controllers' certificates."
		      : "The CA file '%s' holds no certificate in PEM form (BEGIN CERTIFICATE); "
			"convert a DER file with 'openssl x509 -inform der'.",
		path);
}

const char *tls_system_ca_file(void)
{
	static const char *const files[] = { "/etc/ssl/certs/ca-certificates.crt",
		"/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem" };

	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		if (platform_exists(files[i]))
			return files[i];
	return NULL;
}

static void one_name(X509_NAME *name, struct buf *out)
{
	char *text = NULL;
	BIO *bio = BIO_new(BIO_s_mem());
	long n;

	X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB);
	n = BIO_get_mem_data(bio, &text);
	if (n > 0)
		buf_put(out, text, (size_t)n);
	BIO_free(bio);
}

static void one_address(const ASN1_OCTET_STRING *ip, struct buf *out)
{
	const unsigned char *b = ASN1_STRING_get0_data(ip);

	if (ASN1_STRING_length(ip) == 4)
		buf_printf(out, "%u.%u.%u.%u", b[0], b[1], b[2], b[3]);
	else
		for (int i = 0; i + 1 < ASN1_STRING_length(ip); i += 2)
			buf_printf(out, "%s%x", i ? ":" : "", (unsigned)(b[i] << 8 | b[i + 1]));
}

/* "dc1.chu.example, 10.0.0.1", or the subject when there are no alternative names. */
static void certificate_names(X509 *cert, struct buf *out)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
	int shown = 0;

	for (int i = 0; i < sk_GENERAL_NAME_num(names) && shown < NAMES_SHOWN; i++) {
		const GENERAL_NAME *n = sk_GENERAL_NAME_value(names, i);

		if (n->type != GEN_DNS && n->type != GEN_IPADD)
			continue;
		buf_putz(out, shown++ ? ", " : "");
		if (n->type == GEN_DNS)
			buf_put(out, ASN1_STRING_get0_data(n->d.dNSName),
				(size_t)ASN1_STRING_length(n->d.dNSName));
		else
			one_address(n->d.iPAddress, out);
	}
	GENERAL_NAMES_free(names);
	if (!shown)
		one_name(X509_get_subject_name(cert), out);
}

static void certificate_time(const ASN1_TIME *t, struct buf *out)
{
	char *text = NULL;
	BIO *bio = BIO_new(BIO_s_mem());
	long n;

	ASN1_TIME_print(bio, t);
	n = BIO_get_mem_data(bio, &text);
	if (n > 0)
		buf_put(out, text, (size_t)n);
	BIO_free(bio);
}

/* Words for a verification error; the certificate is the one it was found at. */
static void certificate_problem(
	long code, X509 *cert, const struct target *t, const char *ca_file, struct buf *out)
{
	switch (code) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
		buf_putz(out, "the certificate of ");
		one_name(X509_get_subject_name(cert), out);
		buf_putz(out, " expired on ");
		certificate_time(X509_get0_notAfter(cert), out);
		buf_putz(out, "; renew it on the server");
		break;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		buf_putz(out, "the certificate of ");
		one_name(X509_get_subject_name(cert), out);
		buf_putz(out, " is only valid from ");
		certificate_time(X509_get0_notBefore(cert), out);
		buf_putz(out, "; check this machine's clock");
		break;
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		buf_printf(out, "the certificate is not for '%s' but for ", t->server->host);
		certificate_names(cert, out);
		buf_putz(out, "; name the server in the way its certificate does");
		break;
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		buf_putz(out, "its certificate was issued by ");
		one_name(X509_get_issuer_name(cert), out);
		buf_printf(out,
			", which is not trusted by %s%s%s; give the certificate of that "
			"authority with --ca-file",
			ca_file ? "'" : "", ca_file ? ca_file : "this machine", ca_file ? "'" : "");
		break;
	default:
		buf_printf(out, "the certificate of ");
		one_name(X509_get_subject_name(cert), out);
		buf_printf(out, " is refused: %s", X509_verify_cert_error_string(code));
		break;
	}
}

/* LDAPMessage 1, ExtendedRequest 1.3.6.1.4.1.1466.20037 (RFC 4511 4.14); any success starts TLS. */
static bool start_tls(int fd)
{
	static const unsigned char request[] = { 0x30, 0x1d, 0x02, 0x01, 0x01, 0x77, 0x18, 0x80,
		0x16, '1', '.', '3', '.', '6', '.', '1', '.', '4', '.', '1', '.', '1', '4', '6',
		'6', '.', '2', '0', '0', '3', '7' };
	unsigned char answer[512];

	if (send(fd, request, sizeof(request), MSG_NOSIGNAL) != (ssize_t)sizeof(request))
		return false;
	return recv(fd, answer, sizeof(answer), 0) > 0;
}

static SSL *make_ssl(SSL_CTX *ctx, const struct target *t, const char *ca_file, int fd)
{
	char name[sizeof(t->server->host)]; /* OpenSSL's macro takes no const */
	SSL *ssl;

	if (ca_file)
		SSL_CTX_load_verify_locations(ctx, ca_file, NULL);
	/* The chain is judged by hand after the handshake, so that it goes to its end. */
	SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, NULL);
	ssl = SSL_new(ctx);
	if (!X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), t->server->host)) {
		memcpy(name, t->server->host, sizeof(name));
		SSL_set1_host(ssl, name);
		SSL_set_tlsext_host_name(ssl, name);
	}
	SSL_set_fd(ssl, fd);
	return ssl;
}

/* The error of the chain with the certificate it stands at; X509_V_OK when there is none. */
static long verify(SSL_CTX *ctx, SSL *ssl, X509 **cert)
{
	X509_STORE_CTX *v = X509_STORE_CTX_new();
	X509 *leaf = SSL_get0_peer_certificate(ssl);
	long code = X509_V_ERR_UNSPECIFIED;

	if (X509_STORE_CTX_init(
		    v, SSL_CTX_get_cert_store(ctx), leaf, SSL_get_peer_cert_chain(ssl))) {
		X509_STORE_CTX_set_default(v, "ssl_server");
		X509_VERIFY_PARAM_set1(X509_STORE_CTX_get0_param(v), SSL_get0_param(ssl));
		X509_verify_cert(v);
		code = X509_STORE_CTX_get_error(v);
	}
	*cert = X509_STORE_CTX_get_current_cert(v);
	if (!*cert)
		*cert = leaf;
	X509_up_ref(*cert);
	X509_STORE_CTX_free(v);
	return code;
}

static void handshake(
	const struct target *t, const char *ca_file, const char *said, int fd, struct buf *out)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	SSL *ssl = make_ssl(ctx, t, ca_file, fd);
	X509 *cert = NULL;
	long code;

	if (SSL_connect(ssl) != 1) {
		unsigned long e = ERR_get_error();

		buf_printf(out,
			"the server does not speak TLS there, or not in a version this machine "
			"accepts (%s); check the port, and that the domain controller has a "
			"certificate for server authentication",
			e ? ERR_reason_error_string(e) : "it closed the connection");
	} else if ((code = verify(ctx, ssl, &cert)) != X509_V_OK) {
		certificate_problem(code, cert, t, ca_file, out);
	} else {
		buf_printf(out,
			"%s; OpenSSL finds nothing wrong with its certificate, so look at "
			"the TLS versions and algorithms that both sides accept",
			said);
	}
	X509_free(cert);
	SSL_free(ssl);
	SSL_CTX_free(ctx);
	ERR_clear_error();
}

int tls_diagnose(const struct target *t, const char *ca_file, const char *said, struct err *err)
{
	struct buf words = { .max = 1500 };
	struct socket_watch watch;
	bool unreachable, cut;
	int fd;

	if (socket_connect(t, &fd, &unreachable, err))
		return err->code;
	if (socket_watch_begin(&watch, fd, t->timeout_seconds, err)) {
		socket_close(fd);
		return err->code;
	}
	if (t->starttls && !start_tls(fd))
		buf_putz(&words, "the server does not answer StartTLS");
	else
		handshake(t, ca_file, said, fd, &words);
	cut = socket_watch_end(&watch);
	socket_close(fd);
	if (!cut || !platform_check_interrupted(err))
		err_set(err, ERR_SERVER, "No trusted TLS with %s: %s.", t->server->uri,
			buf_z(&words));
	buf_free(&words);
	return err->code;
}
