"""Every command and option: what it prints, and what a mistake is told."""
import json
import os
import re
import shutil
import unittest

import small_directory as small
from case import ROOT, SAMPLE, CliCase


class Commands(CliCase):
    def test_help_lists_every_command_and_each_has_help_and_a_page(self):
        listed = re.findall(r"^  (\w+) ", self.run_program("help", "--lang", "en").stdout, re.M)
        self.assertIn("audit", listed)
        page = (ROOT / "docs/man/adhygiene.1").read_text()
        for name in listed:
            for lang in ("fr", "en"):
                self.assertIn("adhygiene " + name, self.run_program("help", name, "--lang", lang).stdout)
            self.assertIn("--lang", self.run_program(name, "--help").stdout)
            later = name in ("version", "help")
            self.assertTrue(later or (ROOT / f"docs/man/adhygiene-{name}.1").exists(), name)
            self.assertIn(name, page)

    def test_manual_names_every_option_of_audit(self):
        page = (ROOT / "docs/man/adhygiene-audit.1").read_text().replace("\\-", "-")
        common = (ROOT / "docs/man/adhygiene.1").read_text().replace("\\-", "-")
        for option in re.findall(r"^  (--[\w-]+)", self.run_program("help", "audit", "--lang", "en").stdout, re.M):
            self.assertIn(option, page + common, option)

    def test_version(self):
        self.assertRegex(self.run_program("version").stdout, r"^adhygiene \d+\.\d+\.\d+ \(catalogue \d{4}-\d\d\)\n$")
        self.assertEqual(self.run_program("--version").stdout, self.run_program("version").stdout)

    def test_controls(self):
        data = json.loads(self.run_program("controls", "--json").stdout)
        self.assertEqual(set(data), {"catalogue", "controls"})
        ids = [c["id"] for c in data["controls"]]
        self.assertEqual(ids, sorted(ids))
        for c in data["controls"]:
            self.assertEqual(set(c), {"id", "area", "levels", "title", "why", "measure", "fix", "effort", "risk", "test", "back",
                                      "references", "needs", "parameters"})
            for key in ("title", "why", "measure", "fix"):
                self.assertTrue(c[key]["fr"] and c[key]["en"], (c["id"], key))
        listed = self.run_program("controls", "--lang", "fr").stdout
        for i in ids:
            self.assertIn(i, listed)
            self.assertIn(i, self.run_program("explain", i, "--lang", "fr").stdout)

    def test_policy_check_and_show(self):
        self.run_program("policy", "check", ROOT / "tests/sample/policy.yaml")
        shown = self.run_program("policy", "show", "care").stdout
        self.assertRegex(shown, r"(?m)^controls\.hyg_password_length_users\.min_length = 12 ")
        bad = self.tmp / "bad.yaml"
        bad.write_text("schema: 1\nname: x\nextends: care\ncontrols:\n  vuln_krbtgt: {max_days: 400}\n  nope: {}\n")
        err = self.run_program("policy", "check", bad, expect=2).stderr
        self.assertRegex(err, r"bad\.yaml:5:\d+: ")  # a vuln_ threshold is never loosened
        self.assertRegex(err, r"bad\.yaml:6:\d+: ")

    def test_mistakes_are_usage_errors(self):
        for args in (["nothing"], [], ["audit"], ["audit", "--ldif"], ["audit", "--nope"], ["audit", "-x"],
                     ["audit", *SAMPLE, "--format", "sarif"], ["audit", *SAMPLE, "--format", "csv,csv"],
                     ["audit", *SAMPLE, "--at", "hier"], ["audit", *SAMPLE, "--lang", "de"],
                     ["audit", *SAMPLE, "--snapshot", "x"], ["audit", *SAMPLE, "--fail-level", "6"],
                     ["audit", "--ldif", "x", "--user", "y"], ["collect", *SAMPLE[:2]], ["explain", "nope"], ["explain"],
                     ["audit", "--oradad", "x", "--ldif", "y"], ["policy"], ["diff", "a"], ["diff", "a", "b", "--format", "pdf"], ["show", "x"],
                     ["audit", "--policy", "nope", *SAMPLE[:2]], ["help", "nope"]):
            with self.subTest(args=args):
                err = self.run_program(*args, expect=2).stderr
                self.assertRegex(err, r"^adhygiene: .+\.\n$|\nadhygiene: .+\.\n$")
        self.assertEqual(list(self.tmp.iterdir()), [])

    def test_missing_and_broken_sources(self):
        self.run_program("audit", "--ldif", "nowhere.ldif", expect=4)
        self.run_program("audit", "--snapshot", "nowhere.adsnap", expect=4)
        self.run_program("audit", "--oradad", "nowhere", expect=4)
        (self.tmp / "bad.ldif").write_text("dn: CN=x\nchangetype: modify\nreplace: cn\ncn: y\n-\n")
        self.assertIn("bad.ldif:2", self.run_program("audit", "--ldif", "bad.ldif", expect=4).stderr)
        self.assertEqual([p.name for p in self.tmp.iterdir()], ["bad.ldif"])

    def test_a_source_without_a_date(self):
        """Ages from 1970 would make everything young."""
        path = self.tmp / "undated.ldif"
        path.write_text("dn: DC=a,DC=example\nobjectClass: top\nobjectClass: domain\nobjectClass: domainDNS\n")
        p = self.run_program("audit", "--ldif", path, "--output", self.tmp / "out", expect=2)
        self.assertIn("--at", p.stderr)
        self.assertFalse((self.tmp / "out").exists())
        results, _, _ = self.audit("--ldif", path, "--at", "2026-11-21")
        self.assertIsNone(results["directory"]["collected_at"])
        self.assertEqual({c["status"] for c in results["controls"]}, {"unknown", "not_applicable"})

    def test_a_source_is_never_replaced(self):
        path = self.tmp / "petit.ldif"
        path.write_text(small.ldif({"anne": (1101, True)}))
        (self.tmp / "lien.ldif").symlink_to(path)
        os.link(path, self.tmp / "autre.ldif")
        before = path.read_bytes()
        for out in (path, "petit.ldif", "./petit.ldif", "lien.ldif", "autre.ldif"):
            p = self.run_program("collect", "--ldif", path, "--output", out, expect=5)
            self.assertIn("would be replaced", p.stderr)
        self.run_program("collect", "--ldif", self.tmp / "petit.ldif", "--ldif", path, "--output", "petit.ldif", expect=5)
        self.assertEqual(path.read_bytes(), before)
        # audit: a source that bears the name of a report, and a snapshot that does not.
        shutil.copy(path, self.tmp / "results.json")
        p = self.run_program("audit", "--ldif", "results.json", "--at", "2026-07-21", "--output", self.tmp, expect=5)
        self.assertIn("would be replaced", p.stderr)
        self.assertEqual((self.tmp / "results.json").read_bytes(), before)
        out = self.tmp / "out"
        out.mkdir()
        self.run_program("collect", "--ldif", path, "--output", out / "snapshot.adsnap")
        snapshot = (out / "snapshot.adsnap").read_bytes()
        p = self.run_program("audit", "--snapshot", out / "snapshot.adsnap", "--at", "2026-07-21", "--output", out)
        self.assertEqual((out / "snapshot.adsnap").read_bytes(), snapshot)
        self.assertNotIn("adsnap", p.stderr)

    def test_older_reports_are_named(self):
        path = self.tmp / "petit.ldif"
        path.write_text(small.ldif({"anne": (1101, True)}))
        audit = ["audit", "--ldif", path, "--at", "2026-07-21", "--output", "out", "--lang"]

        def notes(p):  # a slow machine has lines of progress besides
            return [line for line in p.stderr.splitlines() if "audit" in line]
        p = self.run_program(*audit, "fr", "--format", "xlsx,html,json,ps1")
        self.assertEqual(notes(p), [])
        wrote = p.stdout.splitlines()[-1].split(" : ")[1].split(", ")
        self.assertEqual(sorted(wrote), sorted(f"out/{f.name}" for f in (self.tmp / "out").iterdir()))
        self.assertIn("out/rights.ps1", wrote)
        old = (self.tmp / "out" / "audit.html").read_bytes()
        p = self.run_program(*audit, "fr", "--format", "xlsx,json")
        self.assertEqual(notes(p), ["out\u00a0: d’un audit précédent, à ne pas lire avec celui-ci\u00a0: audit.html, remediation.ps1."])
        self.assertEqual((self.tmp / "out" / "audit.html").read_bytes(), old)
        p = self.run_program(*audit, "en", "--format", "html,ps1")
        self.assertEqual(notes(p), ["out: left by an earlier audit, not to be read with this one: audit.xlsx, results.json."])
        self.assertEqual(self.run_program(*audit, "en", "--format", "html", "--quiet").stderr, "")

    def test_show(self):
        snap = self.tmp / "s.adsnap"
        self.run_program("collect", *SAMPLE[:2], "--output", snap)
        for wanted in ("svc-sauvegarde", "CN=svc-sauvegarde,OU=Comptes de service,DC=ch-troisrivieres,DC=example"):
            text = self.run_program("show", snap, wanted, "--lang", "en", "--at", "2026-11-21").stdout
            self.assertIn("DONT_EXPIRE_PASSWORD", text)
            self.assertIn("PSO-Services", text)
            self.assertIn("Admins du domaine", text)
        for lang, lines in (
                ("fr", ["  populations             service_accounts, backup",
                        "  Tier                    0, par le groupe Admins du domaine",
                        "                          Opérateurs de sauvegarde",
                        "  mot de passe            2020-08-03, il y a 2300 j, n'expire jamais"]),
                ("en", ["  populations             service_accounts, backup",
                        "  second factor           required yes, in place no",
                        "  last use                2026-11-15, 5 days ago (at the latest 2026-11-21)",
                        "  privileged              yes"])):
            text = self.run_program("show", snap, "svc-sauvegarde", "--policy", ROOT / "tests/sample/policy.yaml",
                                    "--lang", lang, "--at", "2026-11-21").stdout
            for line in lines:
                self.assertIn(line, text.splitlines())
        text = self.run_program("show", snap, "GG-VPN", "--lang", "en", "--at", "2026-11-21").stdout
        self.assertIn("  hidden administrator    GG-VPN → may reset the password of → nbenali", text.splitlines())
        text = self.run_program("show", snap, "S-1-5-21-1004336348-1177238915-682003330-500", "--lang", "en").stdout
        self.assertIn("Administrateur", text)
        self.run_program("show", snap, "nobody", expect=2)

    def test_show_prints_no_password(self):
        ldif = self.tmp / "secret.ldif"
        ldif.write_text("dn: DC=chu,DC=example\nobjectClass: domainDNS\n\ndn: CN=u,DC=chu,DC=example\nobjectClass: user\n"
                        "sAMAccountName: u\ndescription: poste accueil mdp=Ete2026!\ninfo: Password : Heartsbane\n")
        self.run_program("collect", "--ldif", ldif, "--output", self.tmp / "secret.adsnap", "--quiet")
        for lang, words in (("fr", "contient un mot de passe"), ("en", "holds a password")):
            text = self.run_program("show", self.tmp / "secret.adsnap", "u", "--lang", lang, "--at", "2026-11-21").stdout
            self.assertEqual(text.count(words), 2)
            self.assertNotIn("Ete2026", text)
            self.assertNotIn("Heartsbane", text)

    def test_show_says_who_controls(self):
        """The sample's planted rights, as sentences in both languages, and the same paths in results.json."""
        snap = self.tmp / "s.adsnap"
        self.run_program("collect", *SAMPLE[:2], "--output", snap)

        def shown(wanted, lang):
            text = self.run_program("show", snap, wanted, "--lang", lang, "--at", "2026-11-21").stdout
            head = {"fr": "Qui le contrôle, hors Tier 0", "en": "Who controls it, outside tier 0"}[lang]
            return [line[2:] for line in text.split(f"\n{head}\n")[1].split("\n\n")[0].splitlines()]
        results, _, _ = self.audit(*SAMPLE)
        paths = [(o["dn"], p) for c in results["controls"] if c["id"].startswith("vuln_") for o in c["objects"]
                 for p in ([o["evidence"]["path"]] if isinstance(o["evidence"].get("path"), str)
                           else o["evidence"].get("path", []))]
        reset = next(dn for dn, p in paths if p == "GG-VPN > reset_password > nbenali")
        self.assertIn("GG-VPN → peut réinitialiser le mot de passe de → nbenali", shown(reset, "fr"))
        self.assertIn("GG-VPN → may reset the password of → nbenali", shown("nbenali", "en"))
        members = [line for line in shown(reset, "en") if "→ is a member of → GG-VPN → may reset" in line]
        self.assertGreater(len(members), 0)
        holder = "CN=AdminSDHolder,CN=System,DC=ch-troisrivieres,DC=example"
        self.assertIn((holder, "svc-intranet > write_dacl > AdminSDHolder"), paths)
        self.assertIn("svc-intranet → may write the rights of → AdminSDHolder", shown(holder, "en"))
        self.assertEqual(shown("svc-intranet", "en"), ["nobody"])
        self.assertEqual(shown("svc-intranet", "fr"), ["personne"])
        # A descriptor that was not read: never "nobody".
        cut = self.tmp / "cut.ldif"
        cut.write_text("dn: DC=a,DC=b\nobjectClass: top\nobjectClass: domain\nobjectClass: domainDNS\n\n"
                       "dn: CN=u,DC=a,DC=b\nobjectClass: top\nobjectClass: user\nsAMAccountName: u\n")
        self.run_program("collect", "--ldif", cut, "--output", self.tmp / "cut.adsnap")
        text = self.run_program("show", self.tmp / "cut.adsnap", "u", "--lang", "en", "--at", "2026-11-21").stdout
        self.assertIn("not evaluated whole: The rights on the object are not readable", text)
        # Nor "none" for a tier that hidden groups would give, nor silence about hidden keys.
        self.assertRegex(text, r"(?m)^  tier +not evaluated \(")
        self.assertRegex(text, r"(?m)^  keys +not evaluated")
        self.assertNotIn("nobody", text)

    def test_language_from_the_locale(self):
        for locale, word in (("en_GB.UTF-8", "Usage|audit"), ("fr_FR.UTF-8", "lire un annuaire"), ("", "lire un annuaire")):
            out = self.run_program("help", env={"LC_ALL": locale}).stdout
            self.assertRegex(out, word)


if __name__ == "__main__":
    unittest.main()
