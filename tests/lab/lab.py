"""A real Samba AD DC on a loopback address of its own, for tests.

Everything lives below one folder; nothing of the machine's own Samba, Kerberos or hosts files is read
or written. A provisioned tree (4 s) is cached and cloned for each use (0.3 s); a clone starts in
half a second. LDAP ports are fixed in Samba, so instances differ by address: 127.0.0.x.

As a program:  lab.py provision DIR   |   lab.py clone FROM DIR [ADDRESS]   |   lab.py start|stop DIR
               lab.py tree DIR        a provisioned and filled tree, made anew when these scripts changed
               lab.py up FROM DIR     a fresh clone, running
               lab.py env DIR         prints what a shell needs to talk to it
"""
import base64
import hashlib
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import time

REALM, DOMAIN, HOST = "LAB.TEST", "LAB", "dc1"
DNS = REALM.lower()
BASE = "DC=" + DNS.replace(".", ",DC=")
FQDN = f"{HOST}.{DNS}"
ADMIN, ADMIN_PASSWORD = "Administrator", "Passw0rd.Lab1"
READER, READER_PASSWORD = "lecteur", "Passw0rd.Lecteur1"
DOMAIN_SID = "S-1-5-21-1004336348-1177238915-682003330"
PYTHON = "/usr/bin/python3"  # the one that has the samba modules
HERE = pathlib.Path(__file__).resolve().parent

SMB_CONF = """[global]
	netbios name = {host}
	realm = {realm}
	workgroup = {domain}
	server role = active directory domain controller
	server services = {services}
	interfaces = {address}/8
	bind interfaces only = yes
	private dir = {dir}/private
	state directory = {dir}/state
	cache directory = {dir}/cache
	lock directory = {dir}/lock
	pid directory = {dir}/pid
	ncalrpc dir = {dir}/ncalrpc
	binddns dir = {dir}/bind-dns
	ntp signd socket directory = {dir}/ntp_signd
	log file = {dir}/log/log.%m
	logging = file
	log level = 1
	max log size = 0
	tls enabled = yes
	tls certfile = {dir}/private/tls/cert.pem
	tls keyfile = {dir}/private/tls/key.pem
	tls cafile = {dir}/private/tls/ca.pem
	ldap server require strong auth = {strong_auth}
	dns forwarder =
	allow dns updates = disabled
	vfs objects = dfs_samba4 acl_xattr xattr_tdb
	xattr_tdb:file = {dir}/state/xattr.tdb
	load printers = no
	disable spoolss = yes
	idmap_ldb:use rfc2307 = yes
	dsdb:schema update allowed = yes
[sysvol]
	path = {dir}/state/sysvol
	read only = no
[netlogon]
	path = {dir}/state/sysvol/{dns}/scripts
	read only = no
"""

KRB5_CONF = """[libdefaults]
	default_realm = {realm}
	dns_lookup_realm = false
	dns_lookup_kdc = false
	dns_canonicalize_hostname = false
	rdns = false
	udp_preference_limit = 1
	ticket_lifetime = 10h
	forwardable = false
[realms]
	{realm} = {{
		kdc = {address}:88
		admin_server = {address}
	}}
[domain_realm]
	.{dns} = {realm}
	{dns} = {realm}
	{address} = {realm}
"""


def free_address():
    """A loopback address where nobody listens on LDAP's port."""
    while True:
        address = f"127.{random.randrange(64, 128)}.{random.randrange(256)}.{random.randrange(1, 255)}"
        with socket.socket() as s:
            if s.connect_ex((address, 389)):
                return address


class Lab:
    def __init__(self, folder, address=None, services="ldap, cldap, kdc", strong_auth="yes"):
        self.dir = pathlib.Path(folder).resolve()
        self.meta = self.dir / "lab.json"
        if self.meta.exists():
            stored = json.loads(self.meta.read_text())
            address, services = address or stored["address"], stored["services"]
            strong_auth = stored["strong_auth"]
        address = address or free_address()
        self.address, self.services, self.strong_auth = address, services, strong_auth
        self.conf = self.dir / "etc/smb.conf"
        self.ca = self.dir / "private/tls/ca.pem"
        self.pid_file = self.dir / "pid/lab.pid"

    # ---- files ---------------------------------------------------------------------------------

    def write_conf(self):
        for sub in ("etc", "run/winbindd", "private", "state", "cache", "lock", "pid", "ncalrpc", "log",
                    "bind-dns", "ntp_signd", "client"):
            (self.dir / sub).mkdir(parents=True, exist_ok=True)
        os.chmod(self.dir / "ntp_signd", 0o750)
        values = {"host": HOST.upper(), "realm": REALM, "domain": DOMAIN, "dns": DNS, "dir": self.dir,
                  "address": self.address, "services": self.services, "strong_auth": self.strong_auth}
        self.conf.write_text(SMB_CONF.format(**values))
        (self.dir / "client/krb5.conf").write_text(KRB5_CONF.format(**values))
        (self.dir / "client/ldap.conf").write_text(
            f"BASE {BASE}\nURI ldap://{self.address}\nTLS_CACERT {self.ca}\nTLS_REQCERT demand\nSASL_NOCANON on\n")
        self.meta.write_text(json.dumps({"address": self.address, "services": self.services,
                                         "strong_auth": self.strong_auth}))

    def env(self, **more):
        """The environment of a client of this domain."""
        e = {k: v for k, v in os.environ.items() if not k.startswith(("KRB5", "LDAP", "LC_", "LANG"))}
        e.update(KRB5_CONFIG=str(self.dir / "client/krb5.conf"), LDAPCONF=str(self.dir / "client/ldap.conf"),
                 KRB5CCNAME=f"FILE:{self.dir}/client/ccache", LC_ALL="C.UTF-8")
        e.update(more)
        return e

    def password_file(self, password):
        path = self.dir / "client" / f"password-{abs(hash(password))}"
        path.write_text(password + "\n")
        os.chmod(path, 0o600)
        return str(path)

    def run(self, *command, **kw):
        p = subprocess.run(command, env=self.env(), check=False, capture_output=True, text=True, **kw)
        if p.returncode:
            raise RuntimeError(f"{' '.join(command)}\n{p.stdout}{p.stderr}")
        return p.stdout

    def samba_tool(self, *args):
        return self.run(PYTHON, str(HERE / "samba-tool-2016.py"), *args, "-s", str(self.conf))

    def script(self, name, *args):
        return self.run(PYTHON, str(HERE / name), str(self.conf), *args)

    # ---- life ----------------------------------------------------------------------------------

    def provision(self, dns="SAMBA_INTERNAL", store="tdb"):
        self.write_conf()
        self.samba_tool("domain", "provision", f"--realm={REALM}", f"--domain={DOMAIN}", "--server-role=dc",
                        f"--dns-backend={dns}", f"--adminpass={ADMIN_PASSWORD}", f"--host-name={HOST}",
                        f"--host-ip={self.address}", "--function-level=2008_R2", "--base-schema=2016", "--use-rfc2307",
                        f"--domain-sid={DOMAIN_SID}", f"--backend-store={store}",
                        *(["--backend-store-size=16Gb"] if store == "mdb" else []))
        self.make_certificates()
        self.script("spn.py", self.address, FQDN)
        self.samba_tool("user", "create", READER, READER_PASSWORD)
        for name in (ADMIN, READER):
            self.samba_tool("domain", "exportkeytab", str(self.dir / f"client/{name}.keytab"), f"--principal={name}")

    def make_certificates(self):
        t = self.dir / "private/tls"
        t.mkdir(exist_ok=True)
        self.run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                 "3650", "-subj", "/CN=Lab Test CA", "-addext", "basicConstraints=critical,CA:TRUE", "-addext",
                 "keyUsage=critical,keyCertSign,cRLSign", "-keyout", str(t / "ca.key"), "-out", str(self.ca))
        self.run("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={FQDN}", "-keyout", str(t / "key.pem"),
                 "-out", str(t / "req.pem"))
        self.sign_certificate()
        os.chmod(t / "key.pem", 0o600)
        os.chmod(t / "ca.key", 0o600)

    def sign_certificate(self, names=None, days="3650"):
        """names: the subjectAltName; by default the DC's names and its address."""
        t = self.dir / "private/tls"
        names = names or f"DNS:{FQDN},DNS:{HOST},DNS:localhost,IP:{self.address}"
        (t / "ext").write_text(f"subjectAltName={names}\nextendedKeyUsage=serverAuth\n")
        self.run("openssl", "x509", "-req", "-in", str(t / "req.pem"), "-CA", str(self.ca), "-CAkey", str(t / "ca.key"),
                 "-CAcreateserial", "-days", days, "-out", str(t / "cert.pem"), "-extfile", str(t / "ext"))

    def clone_from(self, source):
        """A copy of a stopped tree, re-homed to this address."""
        source = pathlib.Path(source)
        self.dir.mkdir(parents=True)
        for sub in ("private", "state", "client"):
            subprocess.run(["cp", "-a", "--reflink=auto", "--sparse=always", str(source / sub), str(self.dir / sub)],
                           check=True)
        for sub in ("ldapi", "ldap_priv", "smbd.tmp"):
            p = self.dir / "private" / sub
            if p.is_dir():
                shutil.rmtree(p)
            elif p.exists():
                p.unlink()
        self.write_conf()
        self.sign_certificate()
        self.script("spn.py", self.address, FQDN)
        return self

    def start(self):
        """Returns when rootDSE and the KDC answer."""
        out = open(self.dir / "log/samba.out", "ab")
        command = ["samba", "-s", str(self.conf), "-F", "-M", "single", "--debug-stdout"]
        if "s3fs" in self.services:
            # smbd looks for winbindd in /run/samba, whatever the configuration says.
            os.chmod(self.dir / "run", 0o755)
            os.chmod(self.dir / "run/winbindd", 0o755)
            command = ["unshare", "-m", "sh", "-euc",
                       'mkdir -p /run/samba; mount --bind "$0" /run/samba; exec "$@"', str(self.dir / "run")] + command
        p = subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, start_new_session=True)
        out.close()
        self.pid_file.write_text(str(p.pid))
        ports = [389, 636] + ([445] if "s3fs" in self.services else []) + ([88] if "kdc" in self.services else []) + ([53] if "dns" in self.services else [])
        for _ in range(400):
            if p.poll() is not None:
                raise RuntimeError("samba ended: " + (self.dir / "log/samba.out").read_text()[-2000:])
            if all(self.answers(port) for port in ports) and self.rootdse():
                return self
            time.sleep(0.05)
        self.stop()
        raise RuntimeError("samba does not answer: " + (self.dir / "log/samba.out").read_text()[-2000:])

    def answers(self, port):
        try:
            socket.create_connection((self.address, port), 1).close()
            return True
        except OSError:
            return False

    def rootdse(self):
        return subprocess.run(["ldapsearch", "-x", "-H", f"ldap://{self.address}", "-b", "", "-s", "base", "currentTime"],
                              env=self.env(), capture_output=True, check=False).returncode == 0

    def stop(self):
        """Ends exactly the process group that start() made; clones are thrown away, so at once."""
        if not self.pid_file.exists():
            return
        pid = int(self.pid_file.read_text())
        try:
            os.killpg(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        for _ in range(100):
            if not self.answers(389):
                break
            time.sleep(0.05)
        self.pid_file.unlink()

    # ---- asking it by other tools --------------------------------------------------------------

    def kinit(self, name, cache, keytab=None, lifetime=None):
        subprocess.run(["kinit", "-k", "-t", keytab or str(self.dir / f"client/{name}.keytab"),
                        *(["-l", lifetime] if lifetime else []), f"{name}@{REALM}"],
                       env=self.env(KRB5CCNAME=cache), check=True, capture_output=True)

    def ldapsearch(self, filter_, *attributes, base=BASE, user=ADMIN, password=ADMIN_PASSWORD, more=()):
        """Entries as dicts of lists, by ldapsearch over LDAPS."""
        out = self.run("ldapsearch", "-LLL", "-o", "ldif-wrap=no", "-x", "-H", f"ldaps://{self.address}", "-D",
                       f"{user}@{DNS}", "-w", password, "-E", "pr=1000/noprompt", "-b", base, *more, filter_, *attributes)
        entries = []
        for block in out.split("\n\n"):
            entry = {}
            for line in block.splitlines():
                if line.startswith(("#", "ref")) or ":" not in line:
                    continue
                key, _, value = line.partition(":")
                if value.startswith(":"):
                    value = base64.b64decode(value[1:]).decode("utf-8", "replace")
                entry.setdefault(key.lower(), []).append(value.strip())
            if "dn" in entry:
                entries.append(entry)
        return entries


def make_tree(folder):
    """Provisioned, filled and stopped; kept as long as the scripts that made it are the same."""
    folder = pathlib.Path(folder)
    stamp = folder / "made-by"
    mark = hashlib.sha256(b"".join((HERE / n).read_bytes() for n in ("lab.py", "fill.py", "spn.py"))).hexdigest()
    if stamp.exists() and stamp.read_text() == mark:
        return
    shutil.rmtree(folder, ignore_errors=True)
    lab = Lab(folder)
    lab.provision()
    print(lab.script("fill.py"), end="")
    stamp.write_text(mark)


def main():
    verb, folder = sys.argv[1], sys.argv[2]
    rest = sys.argv[3:]
    if verb == "provision":
        Lab(folder).provision()
    elif verb == "tree":
        make_tree(folder)
    elif verb == "clone":
        Lab(rest[0], *rest[1:]).clone_from(folder)
    elif verb == "up":
        Lab(rest[0]).stop()
        shutil.rmtree(rest[0], ignore_errors=True)
        print(Lab(rest[0]).clone_from(folder).start().address)
    elif verb == "start":
        Lab(folder).start()
    elif verb == "stop":
        Lab(folder).stop()
    elif verb == "env":
        lab = Lab(folder)
        for k in ("KRB5_CONFIG", "LDAPCONF", "KRB5CCNAME"):
            print(f"export {k}={lab.env()[k]}")
        print(f"# ldaps://{lab.address}  --ca-file {lab.ca}")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
