"""What goes wrong in real life: the exit code, a sentence that says what to do, and the older report as it was."""
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

import case
import lab as labs
from relay import Relay

OLD = b"the report of two months ago"


class Faults(case.LabCase):
    def old_report(self):
        """A folder with an older report, and a check that it is untouched and alone."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.tmp))
        for name in ("audit.xlsx", "results.json", "snapshot.adsnap"):
            (folder / name).write_bytes(OLD)
        return folder

    def assert_untouched(self, folder):
        self.assertEqual(sorted(p.name for p in folder.iterdir()), ["audit.xlsx", "results.json", "snapshot.adsnap"])
        for p in folder.iterdir():
            self.assertEqual(p.read_bytes(), OLD, p.name)

    def fails(self, *args, code, says, **kw):
        folder = self.old_report()
        p = self.audit(*args, expect=code, output=folder, **kw)
        self.assert_says(p.stderr, *says)
        self.assert_untouched(folder)
        return p

    # ---- authentication and certificates -------------------------------------------------------

    def test_wrong_password(self):
        self.fails(*self.simple(password="Wrong.Passw0rd1"), code=3, says=["password"])

    def test_wrong_password_kerberos(self):
        self.fails("--server", f"ldap://{self.lab.address}", "--user", labs.ADMIN, "--password-file",
                   self.lab.password_file("Wrong.Passw0rd1"), code=3, says=["password"])

    def test_empty_password(self):
        empty = self.tmp / "empty"
        empty.write_text("\n")
        self.fails("--server", f"ldaps://{self.lab.address}", "--auth", "simple", "--user", "x", "--ca-file", self.lab.ca,
                   "--password-file", empty, code=2, says=["empty"])

    def test_simple_without_tls(self):
        self.fails(*self.simple(uri=f"ldap://{self.lab.address}"), code=2, says=["tls"])

    def test_missing_ca_file(self):
        args = self.simple()
        args[args.index("--ca-file") + 1] = self.tmp / "nowhere.pem"
        self.fails(*args, code=2, says=["nowhere.pem"])

    def test_untrusted_certificate(self):
        other = self.tmp / "other-ca.pem"
        self.lab.run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                     "30", "-subj", "/CN=Other CA", "-keyout", str(self.tmp / "k"), "-out", str(other))
        args = self.simple()
        args[args.index("--ca-file") + 1] = other
        self.fails(*args, code=3, says=["certificate"])

    def test_wrong_host_name_in_certificate(self):
        lab = self.clone("names", prepare=lambda l: l.sign_certificate("DNS:other.example"))
        self.fails(*self.simple(lab=lab), code=3, says=["certificate", "other.example"])

    def test_disabled_account(self):
        self.fails(*self.simple("parti", "whatever1"), code=3, says=["adhygiene:"])

    def test_expired_ticket(self):
        cache = f"FILE:{self.tmp}/expired"
        self.lab.kinit(labs.READER, cache, lifetime="2s")
        time.sleep(4)
        self.fails("--server", f"ldap://{self.lab.address}", code=3, says=["kinit"], env=self.lab.env(KRB5CCNAME=cache))

    def test_no_ticket(self):
        self.fails("--server", f"ldap://{self.lab.address}", code=3, says=["kinit"],
                   env=self.lab.env(KRB5CCNAME=f"FILE:{self.tmp}/nothing"))

    def test_stopped_kdc(self):
        lab = self.clone("nokdc", services="ldap, cldap")
        self.fails("--server", f"ldap://{lab.address}", "--user", labs.READER, "--password-file",
                   lab.password_file(labs.READER_PASSWORD), code=3, says=["kdc"], env=lab.env())

    def test_unreachable(self):
        self.fails("--server", f"ldaps://{labs.free_address()}", "--auth", "simple", "--user", "x@lab.test", "--ca-file",
                   self.lab.ca, "--password-file", self.lab.password_file("x"), code=3, says=["refused"])

    def test_failover_to_the_second_server(self):
        args = ["--server", f"ldaps://{labs.free_address()}"] + self.simple()
        self.assertEqual(self.audit(*args)["directory"]["source"], "ldap")

    # ---- in the middle of the work -------------------------------------------------------------

    def slow_server(self):
        """A relay in front of the domain that passes some bytes of the answers and then waits or ends."""
        r = Relay(self.lab.address, 389)
        self.addCleanup(r.close)
        return r

    def start_audit(self, folder, relay):
        cache = f"FILE:{self.tmp}/cc-relay"
        self.lab.kinit(labs.ADMIN, cache)
        env = self.lab.env(KRB5CCNAME=cache, KRB5_CONFIG=str(self.lab.dir / "client/krb5.conf"))
        return subprocess.Popen([case.PROGRAM, "audit", "--server", relay.uri, "--output", folder, "--lang", "en"],
                                stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)

    def test_server_ends_in_the_middle_of_a_page(self):
        folder, relay = self.old_report(), self.slow_server()
        relay.cut_after(200_000)
        p = self.start_audit(folder, relay)
        _, err = p.communicate(timeout=60)
        self.assertTrue(relay.reached.is_set(), "the relay never got so far: " + err)
        self.assertEqual(p.returncode, 3, err)
        self.assert_says(err, "adhygiene:")
        self.assert_untouched(folder)

    def test_interrupted(self):
        folder, relay = self.old_report(), self.slow_server()
        relay.stall_after(200_000)
        p = self.start_audit(folder, relay)
        self.assertTrue(relay.reached.wait(60))
        p.send_signal(signal.SIGINT)
        _, err = p.communicate(timeout=20)
        self.assertEqual(p.returncode, 130, err)
        self.assert_says(err, "interrupted")
        self.assert_untouched(folder)

    def test_server_process_killed(self):
        """The whole domain ends while its pages are being read."""
        lab = self.clone("killed")
        folder = self.old_report()
        r = Relay(lab.address, 389)
        self.addCleanup(r.close)
        r.stall_after(200_000)
        cache = f"FILE:{self.tmp}/cc-killed"
        lab.kinit(labs.ADMIN, cache)
        p = subprocess.Popen([case.PROGRAM, "audit", "--server", r.uri, "--output", folder, "--lang", "en", "--timeout", "5"],
                             stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=lab.env(KRB5CCNAME=cache))
        self.assertTrue(r.reached.wait(60))
        lab.stop()
        r.close()
        _, err = p.communicate(timeout=60)
        self.assertEqual(p.returncode, 3, err)
        self.assert_untouched(folder)

    # ---- disks ---------------------------------------------------------------------------------

    def snapshot(self):
        snap = self.tmp / "disk.adsnap"
        if not snap.exists():
            self.program("collect", *self.simple(), "--output", snap, expect=0)
        return snap

    def on_small_disk(self, what, script):
        p = case.in_namespace('mount -t tmpfs -o size=64k none "$1"; ' + script, what, case.PROGRAM, self.snapshot(),
                              env=self.lab.env(), timeout=120)
        self.assertEqual(p.returncode, 0, p.stdout + p.stderr)
        return p

    def test_full_disk(self):
        disk = self.tmp / "disk"
        disk.mkdir()
        p = self.on_small_disk(disk, '''
            for f in audit.xlsx results.json; do echo old > "$1/$f"; done
            set +e; "$2" audit --snapshot "$3" --output "$1" --lang en; code=$?; set -e
            [ "$code" = 5 ]; [ "$(cat "$1/audit.xlsx" "$1/results.json")" = "$(printf 'old\\nold')" ]
            [ "$(ls -A "$1" | wc -l)" = 2 ]''')
        self.assert_says(p.stderr, "space")

    def test_full_disk_while_collecting(self):
        disk = self.tmp / "disk2"
        disk.mkdir()
        args = " ".join(f"'{a}'" for a in map(str, self.simple()))
        self.on_small_disk(disk, f'''
            echo old > "$1/x.adsnap"
            set +e; "$2" collect {args} --output "$1/x.adsnap" --lang en; code=$?; set -e
            [ "$code" = 5 ]; [ "$(cat "$1/x.adsnap")" = old ]; [ "$(ls -A "$1" | wc -l)" = 1 ]''')

    def test_full_tmpdir(self):
        tmpdir, folder = self.tmp / "small-tmp", self.old_report()
        tmpdir.mkdir()
        p = self.on_small_disk(tmpdir, f'''
            dd if=/dev/zero of="$1/fill" bs=1k count=64 2>/dev/null || true
            set +e; TMPDIR="$1" "$2" audit --snapshot "$3" --output "{folder}" --lang en; code=$?; set -e
            [ "$code" = 5 ]''')
        self.assert_says(p.stderr, str(tmpdir))
        self.assert_untouched(folder)

    # ---- files ---------------------------------------------------------------------------------

    def test_truncated_snapshot(self):
        whole = self.snapshot().read_bytes()
        for part in (0, 10, 512, 4096, len(whole) // 2, len(whole) - 1):
            with self.subTest(bytes=part):
                cut = self.tmp / "cut.adsnap"
                cut.write_bytes(whole[:part])
                self.fails("--snapshot", cut, code=4, says=["cut.adsnap"])

    def test_policy_with_a_typo(self):
        policy = self.tmp / "typo.yaml"
        policy.write_text("schema: 1\nname: x\nextends: care\ncontrols:\n  vuln_dont_expire_prev: {enabled: true}\n")
        self.fails("--snapshot", self.snapshot(), "--policy", policy, code=2, says=["typo.yaml:5:3", "vuln_dont_expire_priv"])
        policy.write_text("schema: 1\nname: x\nextends: care\ntires: {}\n")
        self.fails("--snapshot", self.snapshot(), "--policy", policy, code=2, says=["typo.yaml:4:1", "tiers"])

    def test_another_domain_than_expected(self):
        policy = self.tmp / "expect.yaml"
        policy.write_text("schema: 1\nname: x\nextends: care\nexpect: {domain_sid: S-1-5-21-9-9-9}\n")
        self.fails("--snapshot", self.snapshot(), "--policy", policy, code=3, says=["S-1-5-21-9-9-9"])

    def test_output_is_a_file(self):
        file = self.tmp / "afile"
        file.write_text("x")
        p = self.program("audit", "--snapshot", self.snapshot(), "--output", file, expect=5)
        self.assert_says(p.stderr, "afile")
        self.assertEqual(file.read_text(), "x")


if __name__ == "__main__":
    unittest.main()
