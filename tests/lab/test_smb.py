"""SYSVOL over SMB from a real Samba domain controller: the same as its folder copied, for every kind of logon."""
import os
import shutil
import sqlite3
import unittest

import case
import lab as labs

POLICY = "{31B2F340-016D-11D2-945F-00C04FB984F9}"
SECRET = "Bloc-2019"


def plant(lab):
    """A script that everybody may write, and a password, in the default policy."""
    folder = lab.dir / "state/sysvol" / labs.DNS / "Policies" / POLICY / "MACHINE"
    (folder / "Scripts/Startup").mkdir(parents=True)
    (folder / "Scripts/scripts.ini").write_bytes(b"[Startup]\r\n0CmdLine=map.bat\r\n0Parameters=-p " + SECRET.encode())
    script = folder / "Scripts/Startup/map.bat"
    script.write_bytes(b"rem " + SECRET.encode())
    (folder / "Preferences/Groups").mkdir(parents=True)
    (folder / "Preferences/Groups/Groups.xml").write_text(f'<Groups><User><Properties cpassword="{SECRET}"/></User></Groups>')
    for path in [folder, *folder.rglob("*")]:
        lab.samba_tool("ntacl", "set", "O:BAG:BAD:P(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;AU)", str(path))
    lab.samba_tool("ntacl", "set", "O:BAG:BAD:P(A;;FA;;;BA)(A;;0x1301bf;;;WD)", str(script))
    for path in (lab.dir / "state/sysvol").rglob("*"):
        os.utime(path, (1_600_000_000, 1_600_000_000))


def rows(snapshot, query):
    with sqlite3.connect(f"file:{snapshot}?mode=ro&immutable=1", uri=True) as db:
        return db.execute(query).fetchall()


class Smb(case.SmbCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lab = labs.Lab(cls.tmp / "smb", services=case.SMB_SERVICES).clone_from(case.TREE)
        plant(cls.lab)
        cls.lab.start()
        cls.addClassCleanup(cls.lab.stop)

    def sysvol_coverage(self, out):
        return rows(out, "SELECT state, detail FROM coverage WHERE need='sysvol' ORDER BY id")

    def ways(self):
        lab, kerberos = self.lab, f"ldap://{self.lab.address}"
        cache = f"FILE:{self.tmp}/ticket"
        lab.kinit(labs.READER, cache)
        return {
            "simple": (self.simple(lab=lab), {}),
            "password": (["--server", kerberos, "--user", labs.READER, "--password-file",
                          lab.password_file(labs.READER_PASSWORD)], {}),
            "keytab": (["--server", kerberos, "--keytab", lab.dir / f"client/{labs.ADMIN}.keytab"], {}),
            "ticket": (["--server", kerberos], {"KRB5CCNAME": cache}),
        }

    def test_every_logon_reads_what_the_folder_holds(self):
        files = "SELECT path, bytes FROM sysvol_file ORDER BY path"
        entries = "SELECT path, folder, modified FROM sysvol_entry ORDER BY path"
        copy = self.tmp / "copy"
        shutil.copytree(self.lab.dir / "state/sysvol", copy)
        for path in copy.rglob("*"):
            os.utime(path, (1_600_000_000, 1_600_000_000))
        args, more = self.ways()["simple"]
        out, _ = self.collect(*args, "--sysvol", copy)
        want = rows(out, files), rows(out, entries)
        self.assertIn(("note", "no_file_acls"), self.sysvol_coverage(out))
        self.assertGreaterEqual(len(want[0]), 5)
        self.assertEqual(rows(out, "SELECT value FROM meta WHERE key='sysvol'"), [("copy",)])
        for way, (args, more) in self.ways().items():
            with self.subTest(way=way):
                out, _ = self.collect(*args, env=self.env(**more))
                self.assertEqual(self.sysvol_coverage(out), [("ok", f"files {len(want[0])}")])
                self.assertEqual((rows(out, files), rows(out, entries)), want)
                self.assertEqual(rows(out, "SELECT value FROM meta WHERE key='sysvol'"), [("smb",)])
                self.assertNotIn(SECRET.encode(), out.read_bytes())

    def test_descriptors_decide(self):
        args, more = self.ways()["keytab"]
        results = self.audit(*args, env=self.env(**more))
        found = case.control(results, "hyg_gpo_script_writable")
        self.assertEqual(found["status"], "fail")
        evidence = found["objects"][0]["evidence"]
        self.assertIn("map.bat", str(evidence["file"]))
        self.assertIn("Everyone", str(evidence["who"]))
        self.assertEqual(case.control(results, "hyg_gpo_cpassword")["status"], "fail")

    def test_as_provisioned(self):
        """What Samba made itself is no finding; the control flags are known not to be known."""
        lab = self.clone("default", services=case.SMB_SERVICES)
        out, _ = self.collect(*self.simple(lab=lab), lab=lab)
        self.assertEqual(rows(out, "SELECT DISTINCT control_known, descriptor IS NULL FROM sysvol_entry"), [(0, 0)])
        results = self.audit(*self.simple(lab=lab), env=self.env(lab))
        for name in ("warning_sysvol_files_acl", "warning_sysvol_root_sd", "hyg_gpo_script_writable"):
            self.assertEqual(case.control(results, name)["status"], "pass", name)
        options = case.control(results, "warning_sysvol_files_sd")
        self.assertEqual((options["status"], options["reason"]), ("unknown", "file_control_not_read"))

    def test_no_server(self):
        """LDAP alone: the run goes on, and says why."""
        lab = self.clone("plain")
        out, _ = self.collect(*self.simple(lab=lab), lab=lab)
        self.assertEqual(self.sysvol_coverage(out), [("denied", "smb_not_reachable")])
        results = self.audit(*self.simple(lab=lab), env=self.env(lab))
        self.assertEqual(case.control(results, "hyg_gpo_cpassword")["reason"], "sysvol_not_read")

    def test_no_encryption_no_files(self):
        def refuse(lab):
            lab.conf.write_text(lab.conf.read_text().replace("[global]", "[global]\n\tserver smb encrypt = off"))
        lab = self.clone("plaintext", prepare=refuse, services=case.SMB_SERVICES)
        out, _ = self.collect(*self.simple(lab=lab), lab=lab)
        self.assertEqual(self.sysvol_coverage(out), [("denied", "smb_refused")])
        self.assertEqual(rows(out, "SELECT count(*) FROM sysvol_file"), [(0,)])


if __name__ == "__main__":
    unittest.main()
