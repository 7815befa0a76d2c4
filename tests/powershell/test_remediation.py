"""remediation.ps1 of the sample directory, and of the same with hostile names, read by a real parser
(tree-sitter's grammar) and by a strict reader of PowerShell's lexical grammar."""
import base64
import collections
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from hostile import Hostile, entries
from ps_lexer import UNSAFE, lines, skeleton, tokens

sys.path.insert(0, os.path.join(os.environ["SOURCE_DIR"], "tests"))
from results_schema import checked  # noqa: E402

PROGRAM, PARSE = os.environ["ADHYGIENE"], os.environ["PARSE_POWERSHELL"]
ROOT = pathlib.Path(os.environ["SOURCE_DIR"])
SAMPLE = ROOT / "tests/sample/sample.ldif.gz"
CHANGES = re.compile(r"^(?:Set|Add|Remove|Disable|Enable|Move|New|Unlock|Clear)-AD\w+$")


def audit(folder, ldif, lang, *more):
    done = subprocess.run(
        [PROGRAM, "audit", "--ldif", ldif, "--at", "2026-11-21", "--lang", lang, "--format", "json,ps1",
         "--quiet", "--output", folder, *more], capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        raise AssertionError(done.stderr)
    run = checked(pathlib.Path(folder, "results.json").read_text("utf-8"))
    with open(os.path.join(folder, "remediation.ps1"), "rb") as f:
        return run, f.read()


def safe(text):
    """What becomes of a value in the script: one line, no hidden marks."""
    return "".join("\ufffd" if c in UNSAFE or c == "\t" else c for c in text)


OLD = {"pwdLastSet": b"132000000000000000", "lastLogonTimestamp": b"132000000000000000", "lastLogon": b"132000000000000000"}


def neglected(path):
    """The sample directory in which nobody used the built-in account, a domain controller and the computer of
    seamless sign-on for years, a PSO is stricter than what is asked for but for its window, and lists are long."""
    def privileged(values):
        return values.get("adminCount") == b"1" and b"user" in values["objectClass"] and values.get("userAccountControl") == b"512"

    long_one = None
    with open(path, "wb") as f:
        for rows in entries(SAMPLE):
            values, dn = dict(rows), dict(rows)["dn"]
            sid = values.get("objectSid", b"")
            if sid[-4:] == (500).to_bytes(4, "little") or dn.startswith((b"CN=DC1,", b"CN=AZUREADSSOACC,")):
                rows = [(k, OLD.get(k, v)) for k, v in rows]
            elif dn.startswith(b"CN=PSO-Medecins,"):
                new = {"msDS-LockoutThreshold": b"3", "msDS-LockoutObservationWindow": b"-3000000000", "msDS-LockoutDuration": b"0"}
                rows = [(k, new.get(k, v)) for k, v in rows]
            elif not long_one and len(sid) == 28 and privileged(values):
                long_one = dn.decode()
                rows = [(k, v) for k, v in rows if k not in ("servicePrincipalName", "sIDHistory")]
                rows += [("servicePrincipalName", b"svc/host%d" % i) for i in range(60)]
                rows += [("sIDHistory", b"\1\5\0\0\0\0\0\5" + b"".join(n.to_bytes(4, "little") for n in (
                    21, 7, 7, 7, 500 + i if i > 60 else 2000 + i))) for i in range(122)]
            for name, value in rows:
                f.write(name.encode() + b":: " + base64.b64encode(value) + b"\n")
            f.write(b"\n")
    return long_one


class Remediation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="adhygiene-ps1-")
        root = cls.folder.name
        full = ["--sysvol", ROOT / "tests/sample/sysvol", "--policy", ROOT / "tests/sample/policy.yaml"]
        cls.runs, cls.scripts = {}, {}
        for lang in ("fr", "en"):
            cls.runs[lang], cls.scripts[lang] = audit(f"{root}/{lang}", SAMPLE, lang, *full)
        cls.runs["plain"], cls.scripts["plain"] = audit(f"{root}/plain", SAMPLE, "fr")
        for seed in (1, 2, 3):
            Hostile(SAMPLE, seed).write(f"{root}/{seed}.ldif")
            cls.runs[seed], cls.scripts[seed] = audit(f"{root}/{seed}", f"{root}/{seed}.ldif", "fr")
        cls.long_one = neglected(f"{root}/neglected.ldif")
        cls.runs["neglected"], cls.scripts["neglected"] = audit(f"{root}/neglected", f"{root}/neglected.ldif", "fr")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def code(self, key):
        """Skeletons of the lines of code."""
        return collections.Counter(s for s in map(skeleton, lines(tokens(self.scripts[key]))) if s)

    def commands(self, key):
        """(control, target, domain, name, [words and strings of the command])"""
        control, found = None, []
        for row in lines(tokens(self.scripts[key])):
            words = [v for k, v in row if k in ("word", "string")]
            if words[:2] == ["if", "Enter-Control"]:
                control = words[3]
            elif words[:1] == ["Invoke-Change"]:
                found.append((control, words[1], words[2], words[3], words[4:]))
        return found

    def test_parses(self):
        for key, script in self.scripts.items():
            path = os.path.join(self.folder.name, "script.ps1")
            with open(path, "wb") as f:
                f.write(script)
            done = subprocess.run([PARSE, path], capture_output=True, text=True, timeout=300, check=False)
            self.assertEqual((key, done.returncode), (key, 0))
            kinds = collections.Counter(line.split()[1] for line in done.stdout.splitlines())
            self.assertEqual(kinds["ERROR"], 0)
            self.assertGreater(kinds["function_statement"], 10)
            self.assertEqual(kinds["if_statement"] > 20, True)
            # A script that is broken is seen to be.
            with open(path, "wb") as f:
                f.write(script.replace(b"    Invoke-Change '", b"    Invoke-Change ''", 1))
            self.assertEqual(subprocess.run([PARSE, path], capture_output=True, timeout=300, check=False).returncode, 1)

    def test_rights_script_parses(self):
        path = os.path.join(self.folder.name, "plain/rights.ps1")
        self.assertEqual(subprocess.run([PARSE, path], capture_output=True, timeout=300, check=False).returncode, 0)

    def test_hostile_names_add_no_code(self):
        plain = self.code("plain")
        for seed in (1, 2, 3):
            hostile = self.code(seed)
            self.assertEqual(set(hostile) - set(plain), set())
            self.assertGreater(sum(hostile.values()), 0.8 * sum(plain.values()))

    def test_hostile_names_are_there(self):
        for seed in (1, 2, 3):
            run = self.runs[seed]
            dns = {o["guid"]: o["dn"] for c in run["controls"] for o in c["objects"]}
            commands = self.commands(seed)
            self.assertGreater(len(commands), 500)
            marks = collections.Counter()
            for _, target, _, name, _ in commands:
                self.assertEqual(name, safe(dns[target]))
                marks.update(set(name))
            for c in "'\u2018\u2019\u201a\u201b`$;}#\ufffd":
                self.assertGreater(marks[c], 0, repr(c))

    def test_every_finding_has_its_command(self):
        """What the table changes: a command for each finding that is not waived, by objectGUID."""
        for key in ("fr", "en", "plain"):
            found = collections.defaultdict(list)
            for control, target, domain, name, _ in self.commands(key):
                found[control].append((target, domain, name))
            self.assertGreater(len(found), 50 if key != "plain" else 30)
            for c in self.runs[key]["controls"]:
                if c["id"] not in found:
                    continue
                self.assertEqual(c["status"], "fail")
                due = {(o["guid"], o["domain"] or "", safe(o["dn"])) for o in c["objects"] if not o["waived"] and
                       (c["id"] != "vuln_protected_users" or o["kind"] == "user")}
                if c["id"] not in ("hyg_password_history", "hyg_password_min_age", "hyg_password_lockout"):
                    self.assertEqual(set(found[c["id"]]), due, c["id"])
                self.assertLessEqual(set(found[c["id"]]), due)

    def test_waived_findings_are_left_out(self):
        guest = next(c for c in self.runs["fr"]["controls"] if c["id"] == "vuln_dont_expire")["objects"][0]["guid"]
        policy = pathlib.Path(self.folder.name, "waived.yaml")
        policy.write_text("schema: 1\nname: w\nextends: care\nwaivers:\n  - {control: vuln_dont_expire, object: "
                          f"'{self.sid_of(guest)}', reason: r, approved_by: a, until: 2027-01-31}}\n", "utf-8")
        run, script = audit(f"{self.folder.name}/waived", SAMPLE, "fr", "--policy", policy)
        control = next(c for c in run["controls"] if c["id"] == "vuln_dont_expire")
        self.assertEqual(control["waived"], 1)
        self.scripts["waived"] = script
        targets = [t for c, t, *_ in self.commands("waived") if c == "vuln_dont_expire"]
        del self.scripts["waived"]
        self.assertNotIn(guest, targets)
        self.assertEqual(len(targets), control["count"])

    def sid_of(self, guid):
        return next(o["sid"] for c in self.runs["fr"]["controls"] for o in c["objects"] if o["guid"] == guid)

    def test_dry_run_by_default(self):
        """Every command that changes something is told what-if, server and confirmation, or stands in a comment."""
        for key in ("fr", "plain", 1):
            for row in lines(tokens(self.scripts[key])):
                words = [v for k, v in row if k == "word"]
                if any(CHANGES.match(w) for w in words):
                    code = " ".join(v or "" for k, v in row if k in ("word", "mark"))
                    self.assertRegex(code, r"@ (Ad|Mode)\b", row)
        text = self.scripts["fr"].decode("utf-8-sig")
        self.assertIn("$DryRun = (-not $Apply) -or [bool]$WhatIfPreference\r\n", text)
        self.assertIn("$WhatIfPreference = $DryRun\r\n", text)
        self.assertIn("$Mode = @{ WhatIf = $DryRun;", text)
        self.assertIn("    $Ad = @{ WhatIf = $DryRun;", text)

    def test_destructive_parts_ask(self):
        """Disabling, removing and clearing stand in a part that is asked about apart."""
        asked = {}
        for row in lines(tokens(self.scripts["fr"])):
            words = [v for k, v in row if k in ("word", "string")]
            if words[:2] == ["if", "Enter-Control"]:
                asked[words[3]] = "-Destructive" in words
        for control, _, _, _, command in self.commands("fr"):
            harmful = command[0].startswith(("Disable-", "Remove-")) or "-Remove" in command or (
                "-Clear" in command and command[0] != "Set-AttributeBits")
            if harmful or "-PasswordNeverExpires" in command:
                self.assertTrue(asked[control], control)
        self.assertFalse(asked["vuln_user_accounts_machineaccountquota"])

    def test_backup_comes_first(self):
        text = self.scripts["fr"].decode("utf-8-sig")
        body = text[text.index("function Invoke-Change"):text.index("function Set-AttributeBits")]
        self.assertLess(body.index("Save-Previous -Object $Object"), body.index("& $Command"))
        for row in lines(tokens(self.scripts["fr"])):
            words = [v for k, v in row if k in ("word", "string")]
            if words[:2] == ["if", "Enter-Control"]:
                self.assertRegex(words[words.index("-Properties") + 1], r"^[A-Za-z][\w-]+$")

    def test_order_is_that_of_the_plan(self):
        text = self.scripts["fr"].decode("utf-8-sig")
        ranks = [int(n) for n in re.findall(r"(?m)^# (\d+)\. ", text)]
        self.assertEqual(ranks, sorted(set(ranks)))
        levels = [int(n) for n in re.findall(r"(?m)^# \w+ – niveau (\d) – \d+ objets?\r$", text)]
        self.assertEqual(len(levels), len(ranks))

    def test_every_failed_control_is_named(self):
        """With its commands, or among those that no command mends."""
        named = re.findall(r"(?m)^# (\w+) – ", self.scripts["fr"].decode("utf-8-sig"))
        failed = [c["id"] for c in self.runs["fr"]["controls"] if c["status"] == "fail"]
        self.assertEqual(sorted(named), failed)

    def test_table_names_controls(self):
        """remediation.def: each control exists, its rows stand together, and what runs says what it backs up."""
        text = (ROOT / "reports/remediation.def").read_text("utf-8")
        rows = re.findall(r"(?m)^(?:REMEDY|RIGHTS|ENTRIES|SETTINGS)\((\w+)", text)
        known = [c["id"] for c in self.runs["fr"]["controls"]]
        self.assertEqual(set(rows) - set(known), set())
        together = [c for i, c in enumerate(rows) if not i or rows[i - 1] != c]
        self.assertEqual(len(together), len(set(together)))
        self.assertNotRegex(text, r"REMEDY\(\w+, (?:NULL|\"\w+\"), \w+, NULL, (?:NULL|\"\w+\"), \"")

    def test_domain_policy(self):
        text = self.scripts["fr"].decode("utf-8-sig")
        self.assertIn("GPO « Default Domain Policy »", text.replace("\u00a0", " "))
        self.assertNotIn("'PSO-Users'", text)
        policy = pathlib.Path(self.folder.name, "long.yaml")
        policy.write_text("schema: 1\nname: long\nextends: care\ncontrols:\n  hyg_password_length_users: {min_length: 15}\n"
                          "  hyg_password_history: {min_count: 30}\n", "utf-8")
        _, script = audit(f"{self.folder.name}/long", SAMPLE, "fr", "--policy", policy)
        self.assertRegex(script.decode("utf-8-sig"), r"New-ADFineGrainedPasswordPolicy -Name 'PSO-Users' .*-MinPasswordLength 15 "
                         r".*-PasswordHistoryCount 30 ")

    def test_commented_commands_are_quoted_too(self):
        """Somebody will take the # away: each reads as strings, words and no more."""
        shown = 0
        for key in ("fr", 1, 2, 3):
            for row in lines(tokens(self.scripts[key])):
                for kind, value in row:
                    if kind != "comment" or not re.match(r"   [A-Za-z]+(?:-[A-Za-z]+)? ['-]", value):
                        continue
                    shown += 1
                    found = tokens(b"\xef\xbb\xbf" + value.strip().encode("utf-8") + b"\r\n")
                    names = [v for k, v in found if k == "word" and v.isalpha() and v == "calc"]
                    self.assertEqual(names, [])
        self.assertGreater(shown, 1000)

    def findings(self, key, control):
        return next(c for c in self.runs[key]["controls"] if c["id"] == control)["objects"]

    def body(self, name):
        text = self.scripts["fr"].decode("utf-8-sig")
        return text[text.index(f"function {name} {{"):].split("\r\n}\r\n", 1)[0]

    def test_spares_what_the_domain_rests_on(self):
        """The built-in account, domain controllers and the computer of seamless sign-on are findings; no command
        disables them. What the run does not tell, the script asks the directory."""
        kept = {o["guid"]: o["dn"] for o in self.findings("neglected", "info_user_accounts_dormant")
                if o["sid"].endswith("-500") or o["dn"].startswith(("CN=DC1,", "CN=AZUREADSSOACC,"))}
        self.assertEqual(len(kept), 3)
        self.assertIn("CN=DC1,", str([o["dn"] for o in self.findings("neglected", "hyg_stale_computers")]))
        disabling = 0
        for control, target, _, name, command in self.commands("neglected"):
            self.assertTrue(command[0] != "Disable-ADAccount" or control == "vuln_guest", control)
            if command[0] == "Disable-Unused":
                disabling += 1
                self.assertNotIn(target, kept, name)
        self.assertGreater(disabling, 100)
        text = self.scripts["neglected"].decode("utf-8-sig")
        for dn in kept.values():
            self.assertIn(f"    # {dn} – pas par une commande", text)
        # Nor does a comment propose to: the way in when nothing else works needs no card.
        admin = next(g for g, dn in kept.items() if dn.startswith("CN=Administrateur,"))
        for line in text.split("\r\n"):
            if admin in line:
                self.assertNotRegex(line, "Disable-AD|Remove-ADObject|SmartcardLogonRequired|AuthenticationPolicySilo")
        self.assertIn(admin, [o["guid"] for o in self.findings("neglected", "vuln_silo_priv")])
        body = self.body("Disable-Unused")
        self.assertLess(body.index("if (Test-Vital) {"), body.index("Disable-ADAccount"))
        self.assertIn("$State.Skip = $Text.Vital\r\n        return", body)
        vital = self.body("Test-Vital")
        for mark in ("-50[02]$", "krbtgt|AZUREADSSOACC", "-band 0x4002800", "isCriticalSystemObject"):
            self.assertIn(mark, vital)
        self.assertIn("+ $Marks", self.body("Invoke-Change"))
        self.assertIn("-band 0x2000", self.body("Clear-Delegation"))

    def test_settings_are_never_loosened(self):
        """A PSO that is stricter but for its window keeps the rest: no command names a value outright."""
        pso = self.findings("neglected", "hyg_password_lockout")
        self.assertIn("window_too_short", str([o["evidence"]["reason"] for o in pso]))
        commands = [c for control, *_, c in self.commands("neglected") if control == "hyg_password_lockout"]
        self.assertEqual(commands, [["Set-StricterPolicy", "-Attempts", "10", "-Minutes", "10"]])
        for _, _, _, _, command in self.commands("fr") + self.commands("neglected"):
            self.assertNotEqual(command[0], "Set-ADFineGrainedPasswordPolicy")
        body = self.body("Set-StricterPolicy")
        for rule in ("-eq 0) -or ($threshold -gt $Attempts)", "[Math]::Min($before, 0 - $least.Ticks)",
                     "[Math]::Min($before, $window)", "if (($before -ne 0) -and", "-lt $History)", "$State.Skip = $Text.NotRead"):
            self.assertIn(rule, body)

    def test_weak_pso_shows_what_is_weak(self):
        found = self.findings("fr", "warning_password_policy_pso_weak")
        self.assertEqual([o["evidence"]["reason"] for o in found], [["too_short", "no_maximum_age"]])
        text = self.scripts["fr"].decode("utf-8-sig")
        shown = [line for line in text.split("\r\n") if line.startswith("#   Set-ADFineGrainedPasswordPolicy") and
                 found[0]["guid"] in line and "-WhatIf" in line and "::Zero" not in line]
        self.assertEqual([re.findall(r" -(M\w+|C\w+|R\w+) ", line) for line in shown], [["MinPasswordLength"], ["MaxPasswordAge"]])
        self.assertNotIn("?too_short", text)

    def test_protected_users_takes_people_alone(self):
        kinds = {o["guid"]: o["kind"] for o in self.findings("fr", "vuln_protected_users")}
        self.assertIn("computer", kinds.values())
        added = [t for c, t, *_ in self.commands("fr") if c == "vuln_protected_users"]
        self.assertEqual({kinds[t] for t in added}, {"user"})
        self.assertIn("@('user', 'inetOrgPerson') -contains $Object.ObjectClass", self.body("Add-ToProtectedUsers"))

    def test_trust_commands_name_the_trusting_domain_first(self):
        """netdom trust TRUSTING /domain:TRUSTED: SIDs are filtered by the one that trusts, delegation is closed by the
        one that is trusted (Microsoft KB4490425)."""
        text = self.scripts["fr"].decode("utf-8-sig")
        self.assertIn("netdom trust 'ght-voisin.example' '/domain:ch-troisrivieres.example' /enabletgtdelegation:no\r\n", text)
        self.assertIn("netdom trust 'ch-troisrivieres.example' '/domain:labo-partenaire.example' /quarantine:yes\r\n", text)
        self.assertIn("netdom trust 'ch-troisrivieres.example' '/domain:ght-voisin.example' /enablesidhistory:no\r\n", text)

    def test_nothing_done_is_not_done(self):
        body = self.body("Remove-FromProtectedGroups")
        self.assertLess(body.index("$State.Skip = $Text.NoGroup"), body.index("foreach"))
        self.assertLess(body.index("Remove-ADGroupMember"), body.index("$State.Skip = $null"))
        for name in ("Set-AttributeBits", "Set-DsHeuristic", "Set-StricterPolicy"):
            self.assertIn("$State.Skip = $Text.Already", self.body(name))
        # A dry run does not speak of success, and what somebody declines was not done.
        text = self.scripts["fr"].decode("utf-8-sig")
        self.assertIn("if ($DryRun) { $summary = $Text.Tried }", text)
        self.assertNotIn("Confirm = $AskEach", text)
        change = self.body("Invoke-Change")
        self.assertLess(change.index("$State.Skip = $Text.Declined"), change.index("& $Command"))

    def test_cut_lists_are_told(self):
        """Of 60 SPNs and 61 dangerous SIDs behind as many others, 50 are shown: the script says that more stand."""
        text = self.scripts["neglected"].decode("utf-8-sig")
        for control, key, total in (("vuln_spn_priv", "spn", 60), ("vuln_sidhistory_dangerous", "sid_history", 61),
                                    ("vuln_sidhistory_present", "sid_history", 122)):
            finding = next(o for o in self.findings("neglected", control) if o["dn"] == self.long_one)
            self.assertEqual((len(finding["evidence"][key]), finding["evidence"]["count"]), (50, str(total)))
            self.assertEqual(len([1 for c, t, *_ in self.commands("neglected") if (c, t) == (control, finding["guid"])]), 50)
            self.assertIn(f"    Show-Rest '{self.long_one}' '50' '{total}'\r\n", text)
        self.assertNotIn("    Show-Rest '", self.scripts["plain"].decode("utf-8-sig"))

    def test_same_bytes(self):
        again = audit(f"{self.folder.name}/again", SAMPLE, "fr")[1]
        self.assertEqual(again, self.scripts["plain"])


if __name__ == "__main__":
    unittest.main()
