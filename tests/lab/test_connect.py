"""Every way of reaching the same domain gives the same verdicts, as administrator and as an ordinary user."""
import pathlib
import unittest

import case
import lab as labs
from relay import Relay


class Connect(case.LabCase):
    def ways(self, user, password):
        lab, kerberos = self.lab, f"ldap://{self.lab.address}"
        cache = f"FILE:{self.tmp}/cc-{user}"
        lab.kinit(user, cache)
        password_file = lab.password_file(password)
        return {
            "ldaps simple": (self.simple(user, password), None),
            "starttls simple": (self.simple(user, password, uri=f"ldap://{lab.address}") + ["--starttls"], None),
            "gssapi ticket": (["--server", kerberos], lab.env(KRB5CCNAME=cache)),
            "gssapi keytab": (["--server", kerberos, "--user", user, "--keytab", lab.dir / f"client/{user}.keytab"],
                              lab.env(KRB5CCNAME=f"FILE:{self.tmp}/none")),
            "gssapi password": (["--server", kerberos, "--user", user, "--password-file", password_file],
                                lab.env(KRB5CCNAME=f"FILE:{self.tmp}/none")),
        }

    def check_identity(self, user, password):
        first = None
        for name, (args, env) in self.ways(user, password).items():
            with self.subTest(way=name):
                got = case.verdicts(self.audit(*args, env=env))
                first = first or got
                self.assertEqual(got, first)
        self.assertFalse(pathlib.Path(self.tmp, "none").exists(), "a ticket was written to disk")
        return first

    def test_administrator(self):
        self.check_identity(labs.ADMIN, labs.ADMIN_PASSWORD)

    def test_ordinary_user(self):
        self.check_identity(labs.READER, labs.READER_PASSWORD)

    def test_snapshot_gives_the_same_as_live(self):
        out = self.tmp / "live"
        live = self.audit(*self.simple(), output=out)
        again = self.audit("--snapshot", out / "snapshot.adsnap")
        self.assertEqual(case.verdicts(live), case.verdicts(again))
        self.assertEqual((out / "snapshot.adsnap").stat().st_mode & 0o777, 0o600)
        self.assertEqual(out.stat().st_mode & 0o777, 0o700)

    def test_one_controller_makes_last_logons_exact(self):
        for user, password in ((labs.ADMIN, labs.ADMIN_PASSWORD), (labs.READER, labs.READER_PASSWORD)):
            snap = self.tmp / f"logons-{user}.adsnap"
            self.program("collect", *self.simple(user, password), "--output", snap, expect=0)
            self.assertEqual(self.lab.run("sqlite3", str(snap), "select value from meta where key='last_logon'").strip(),
                             "all")
            self.assertEqual(self.lab.run("sqlite3", str(snap), "select * from coverage where detail like 'last_logon%'"),
                             "")

    def test_same_snapshot_same_bytes(self):
        snap = self.tmp / "twice.adsnap"
        self.program("collect", *self.simple(), "--output", snap, expect=0)
        for name in ("a", "b"):
            self.audit("--snapshot", snap, output=self.tmp / name)
        for file in ("results.json", "audit.xlsx"):
            self.assertEqual((self.tmp / "a" / file).read_bytes(), (self.tmp / "b" / file).read_bytes(), file)

    def test_no_secret_is_stored(self):
        snap = self.tmp / "secrets.adsnap"
        self.program("collect", *self.simple(), "--output", snap, expect=0)
        names = self.lab.run("sqlite3", str(snap), "select lower(name) from attribute")
        for secret in ("unicodepwd", "supplementalcredentials", "dbcspwd", "ntpwdhistory", "lmpwdhistory"):
            self.assertNotIn(secret, names.split())
        self.assertIn("useraccountcontrol", names.split())

    def test_slow_network(self):
        """Messages and handshakes that arrive in late pieces are waited for."""
        args = {"ldaps": self.simple(), "ldap": ["--user", labs.ADMIN, "--password-file",
                                                 self.lab.password_file(labs.ADMIN_PASSWORD), "--server", ""]}
        for scheme, port in (("ldaps", 636), ("ldap", 389)):
            with self.subTest(scheme=scheme):
                relay = Relay(self.lab.address, port, scheme)
                self.addCleanup(relay.close)
                relay.slow_start(12, 0.5)
                words = list(args[scheme])
                words[words.index("--server") + 1] = relay.uri
                self.assertEqual(self.audit(*words)["directory"]["source"], "ldap")

    def test_srv_records(self):
        """--domain asks the DNS server of the domain itself for its controllers."""
        lab = self.clone("dns", services="ldap, cldap, kdc, dns")
        # SRV records come from the domain's DNS; its A record still names the address it was cloned from.
        script = """printf "nameserver %s\\n" "$1" > "$2/resolv"; printf "%s %s\\n" "$1" "$3" > "$2/hosts"
            mount --bind "$2/resolv" /etc/resolv.conf; mount --bind "$2/hosts" /etc/hosts; shift 3; exec "$@" """
        out = self.tmp / "srv"
        p = case.in_namespace(script, lab.address, self.tmp, labs.FQDN, case.PROGRAM, "audit", "--domain", labs.DNS,
                              "--user", labs.ADMIN, "--password-file", lab.password_file(labs.ADMIN_PASSWORD), "--lang",
                              "en", "--output", out, env=lab.env(), timeout=120)
        self.assertEqual(p.returncode, 0, p.stderr)
        self.assertTrue((out / "results.json").exists())


if __name__ == "__main__":
    unittest.main()
