"""Kerberos against a Samba DC of this test's own: the channel binding inside TLS, and errors in words.

Needs COLLECT_DRIVER, GSS_WATCH_LIBRARY, CLOCK_LIBRARY, and LAB_TREE: a provisioned, stopped tree of tests/lab."""
import hashlib
import os
import pathlib
import shutil
import ssl
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lab"))
import lab as labs

DRIVER = os.environ["COLLECT_DRIVER"]


class Kerberos(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tmp = pathlib.Path(tempfile.mkdtemp(prefix="collect-lab-"))
        cls.lab = labs.Lab(cls.tmp / "dc", strong_auth="allow_sasl_over_tls").clone_from(os.environ["LAB_TREE"])
        for name, password in (("old", "Passw0rd.Old1"), ("off", "Passw0rd.Off1")):
            cls.lab.samba_tool("user", "create", name, password)
        cls.lab.samba_tool("user", "setpassword", "old", "--newpassword=Passw0rd.Old2", "--must-change-at-next-login")
        cls.lab.samba_tool("user", "disable", "off")
        cls.lab.start()
        cls.plain, cls.tls = f"ldap://{cls.lab.address}", f"ldaps://{cls.lab.address}"

    @classmethod
    def tearDownClass(cls):
        cls.lab.stop()
        shutil.rmtree(cls.tmp, ignore_errors=True)

    def collect(self, *args, expect=0, **env):
        output = pathlib.Path(tempfile.mkdtemp(dir=self.tmp)) / "out.adsnap"
        env = self.lab.env(**{"KRB5CCNAME": f"FILE:{self.tmp}/none", **env})
        p = subprocess.run([DRIVER, *map(str, args), "--output", str(output)], capture_output=True, text=True, env=env,
                           timeout=120, check=False)
        self.assertEqual(p.returncode, expect, p.stdout + p.stderr)
        self.assertEqual(output.exists(), expect == 0)
        self.assertFalse((self.tmp / "none").exists(), "a ticket was written to disk")
        return p.stdout + p.stderr

    def by_password(self, user, password, server=None):
        return ["--server", server or self.plain, "--user", user, "--password-file", self.lab.password_file(password)]

    def preload(self, library):
        """A sanitizer's own library has to come first; it does not mind the other one."""
        return {"LD_PRELOAD": os.environ[library], "ASAN_OPTIONS": "verify_asan_link_order=0"}

    def reader(self, server=None):
        return self.by_password(labs.READER, labs.READER_PASSWORD, server)

    def test_channel_binding_is_the_hash_of_the_certificate(self):
        certificate = ssl.PEM_cert_to_DER_cert((self.lab.dir / "private/tls/cert.pem").read_text())
        # RFC 5929 4.1: the hash of the certificate's own signature, SHA-256 here
        want = b"tls-server-end-point:" + hashlib.sha256(certificate).digest()
        for more in (["--server", self.tls], ["--server", self.plain, "--starttls"]):
            with self.subTest(more=more):
                log = self.tmp / "watched"
                log.unlink(missing_ok=True)
                args = self.reader()[2:] + more + ["--ca-file", self.lab.ca]
                self.assertIn("objects ", self.collect(*args, GSS_WATCH=str(log), **self.preload("GSS_WATCH_LIBRARY")))
                lines = log.read_text().splitlines()
                self.assertEqual(set(lines), {"bindings " + want.hex()})

    def test_sealed_without_tls(self):
        log = self.tmp / "sealed"
        self.collect(*self.reader(), GSS_WATCH=str(log), **self.preload("GSS_WATCH_LIBRARY"))
        self.assertEqual(set(log.read_text().splitlines()), {"no bindings"})

    def test_three_sources_of_a_ticket_read_the_same(self):
        cache = f"FILE:{self.tmp}/cache"
        self.lab.kinit(labs.READER, cache)
        keytab = self.lab.dir / f"client/{labs.READER}.keytab"
        outs = [self.collect(*self.reader()), self.collect("--server", self.plain, KRB5CCNAME=cache),
                self.collect("--server", self.plain, "--user", labs.READER, KRB5CCNAME=cache),
                self.collect("--server", self.plain, "--keytab", keytab),
                self.collect("--server", self.plain, "--keytab", keytab, "--user", f"{labs.READER}@{labs.DNS}")]
        outs = [[line for line in o.splitlines() if not line.startswith("collected_at")] for o in outs]
        self.assertTrue(all(o == outs[0] for o in outs), outs)
        self.assertIn(f"reader_dn CN={labs.READER},CN=Users,{labs.BASE}", outs[0])

    def fails(self, *args, says, expect=3, **env):
        text = self.collect(*args, expect=expect, **env)
        for words in says:
            self.assertIn(words, text)

    def test_wrong_password(self):
        self.fails(*self.by_password(labs.READER, "wrong"), says=["password", "is wrong", labs.READER])

    def test_unknown_account(self):
        self.fails(*self.by_password("nobody", "wrong"), says=["does not exist"])

    def test_password_that_must_change(self):
        self.fails(*self.by_password("old", "Passw0rd.Old2"), says=["must be changed", "old@"])

    def test_disabled_account(self):
        self.fails(*self.by_password("off", "Passw0rd.Off1"), says=["disabled"])

    def test_no_ticket(self):
        self.fails("--server", self.plain, says=["run kinit"])
        cache = f"FILE:{self.tmp}/other"
        self.lab.kinit(labs.READER, cache)
        self.fails("--server", self.plain, "--user", "somebody", says=["somebody@", "run kinit"], KRB5CCNAME=cache)

    def test_expired_ticket(self):
        cache = f"FILE:{self.tmp}/expired"
        self.lab.kinit(labs.READER, cache, lifetime="1s")
        import time
        end = time.monotonic() + 30
        while subprocess.run(["klist", "-s"], env=self.lab.env(KRB5CCNAME=cache), check=False).returncode == 0:
            self.assertLess(time.monotonic(), end)
            time.sleep(0.2)
        self.fails("--server", self.plain, says=["has expired", "run kinit"], KRB5CCNAME=cache)

    def test_clock_skew(self):
        cache = f"FILE:{self.tmp}/skew"
        self.lab.kinit(labs.READER, cache)
        self.fails("--server", self.plain, says=["clock", "NTP"], KRB5CCNAME=cache, CLOCK_SHIFT="3600",
                   **self.preload("CLOCK_LIBRARY"))

    def test_unknown_realm(self):
        self.fails(*self.by_password("alice@NOWHERE.TEST", "x"), says=["NOWHERE.TEST", "realm is not known"])

    def test_kdc_that_is_not_there(self):
        conf = self.tmp / "krb5.conf"
        text = (self.lab.dir / "client/krb5.conf").read_text()
        conf.write_text(text.replace(f"kdc = {self.lab.address}:88", f"kdc = {self.lab.address}:9"))
        self.fails(*self.reader(), says=["no KDC", "port 88"], KRB5_CONFIG=str(conf))

    def test_no_service_of_that_name(self):
        """The same server by a name that no account carries."""
        other = self.lab.address.rsplit(".", 1)[0] + ".254"
        with open(self.tmp / "krb5-other.conf", "w", encoding="utf-8") as f:
            f.write((self.lab.dir / "client/krb5.conf").read_text() + f"\t{other} = {labs.REALM}\n")
        relay = subprocess.Popen([sys.executable, "-c", RELAY, other, self.lab.address], stdout=subprocess.PIPE)
        try:
            relay.stdout.readline()
            self.fails(*self.reader(f"ldap://{other}"), says=["ldap/" + other, "DNS name"],
                       KRB5_CONFIG=str(self.tmp / "krb5-other.conf"))
        finally:
            relay.kill()
            relay.wait()
            relay.stdout.close()

    def test_short_domain_name(self):
        self.fails(*self.by_password("LAB\\reader", "x"), says=["LAB", "@REALM"], expect=2)


RELAY = """
import socket, sys
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind((sys.argv[1], 389)); s.listen(); print("ready", flush=True)
kept = []
while True: kept.append(s.accept())
"""

if __name__ == "__main__":
    unittest.main()
