"""The shipped sample directory: every control fires, the reports are whole, runs are repeatable."""
import json
import re
import subprocess
import unittest

from case import PROGRAM, ROOT, SAMPLE, CliCase

# What one directory cannot show beside the rest, and why.
NOT_SHOWN = {
    "warning_dump_error_rp": "what a reader may not read is told where the reader is known; a file's is not",
    "warning_dump_error_vuln_rp": "what a reader may not read is told where the reader is known; a file's is not",
    "warning_tool_version": "the sample was not collected by ORADAD",
    "info_laps_missing": "some of its computers have LAPS, which info_laps needs",
    "vuln_critical_objects": "a file whose reader is not known never fails it, and the others need these objects",
    "warning_spn_priv": "vuln_spn_priv shows the SPNs that are not tolerated; the PSOs here are too short",
    "warning_privileged_members": "vuln_privileged_members fails, and the one excludes the other",
    "warning_dont_expire": "vuln_dont_expire fails, and the one excludes the other",
    "warning_user_accounts_dormant": "vuln_user_accounts_dormant fails, and the one excludes the other",
    "hyg_gpo_script_writable": "files in a source tree carry no Windows permissions",
    "warning_sysvol_files_acl": "files in a source tree carry no Windows permissions",
    "warning_sysvol_files_sd": "files in a source tree carry no Windows permissions",
    "warning_sysvol_root_sd": "files in a source tree carry no Windows permissions",
    "info_gpo_sysvol": "files of a checkout have the times of the checkout, later than the sample's own date",
    "hyg_privileged_growth": "one directory is read once: a test of its own gives a previous run",
    "warning_sysvol_no_repl": "the sample replicates by NTFRS, as vuln_sysvol_ntfrs shows",
}

# What no directory can tell is unknown wherever it has a meaning.
OUTSIDE_LDAP = {f"hyg_adcs_esc{n}" for n in (6, 7, 8, 10, 11, 12, 16)}


class Sample(CliCase):
    def test_every_control_fires(self):
        results, p, _ = self.audit(*SAMPLE, "--lang", "fr")
        ids = {c["id"] for c in json.loads(self.run_program("controls", "--json").stdout)["controls"]}
        self.assertEqual({c["id"] for c in results["controls"]}, ids)
        self.assertEqual({c["id"] for c in results["controls"] if c["status"] != "fail"}, set(NOT_SHOWN) | OUTSIDE_LDAP)
        for c in results["controls"]:
            if c["id"] in NOT_SHOWN:
                continue
            if c["id"] in OUTSIDE_LDAP:
                self.assertEqual((c["status"], c["count"]), ("unknown", 0), c["id"])
                continue
            self.assertEqual(c["status"], "fail", c["id"])
            self.assertEqual(c["count"], len(c["objects"]), c["id"])
            self.assertGreater(c["count"], 0, c["id"])
        self.assertEqual((results["level"], results["level_floor"]), (1, 1))
        self.assertIn("NIVEAU 1", p.stdout.upper())
        lines = p.stdout.splitlines()
        self.assertLessEqual(len(lines), 24)
        self.assertTrue(any(line.startswith("10.") for line in lines), p.stdout)

    def test_numbers_that_the_generator_knows(self):
        """Counted again from the LDIF's text, without the program."""
        import gzip
        text = gzip.decompress((ROOT / "tests/sample/sample.ldif.gz").read_bytes()).decode().replace("\n ", "")
        people = [e for e in text.split("\n\n") if "\nobjectClass: user\n" in e and "\nobjectClass: computer\n" not in e
                  and "\nsAMAccountName: krbtgt" not in e and "\nuserAccountControl: 2080\n" not in e]
        uac = [int(e.split("\nuserAccountControl: ")[1].split("\n")[0]) for e in people]
        results, _, _ = self.audit(*SAMPLE)
        counts = results["directory"]["counts"]
        self.assertEqual(counts["users"], len(people))
        self.assertEqual(counts["users_enabled"], sum(not u & 2 for u in uac))
        by_id = {c["id"]: c for c in results["controls"]}
        self.assertEqual(by_id["vuln_dont_expire"]["count"], sum(bool(u & 0x10000) and not u & 2 for u in uac))
        self.assertEqual(by_id["hyg_password_not_required"]["count"], sum(bool(u & 0x20) and not u & 2 for u in uac))
        self.assertEqual(by_id["vuln_kerberos_properties_deskey"]["count"],
                         sum(bool(u & 0x200000) and not u & 2 for u in uac))

    def check_sums(self, results):
        """Everything that tests/cases/sums.def says, and the totals of tables."""
        def equal(where, values):
            with self.subTest(where):
                self.assertEqual(values[0], sum(values[1:]))
        seen = set()
        rules = re.findall(r'^(SUM|ROW_SUM)\("([\w.]+)", (.*)\)$', (ROOT / "tests/cases/sums.def").read_text("utf-8"), re.M)
        for kind, where, names in rules:
            names = re.findall(r'"(\w+)"', names)
            if kind == "SUM":
                equal(where, [results["indicators"][where][n] for n in names])
                continue
            for t in results["tables"]:
                if f"{t['family']}.{t['name']}" == where:
                    seen.add(where)
                    columns = [c["name"] for c in t["columns"]]
                    for row in t["rows"] + ([t["total"]] if t["total"] else []):
                        equal(where, [row[columns.index(n)] for n in names])
        self.assertEqual(seen, {where for kind, where, _ in rules if kind == "ROW_SUM"})
        for t in results["tables"]:
            for i, total in enumerate(t["total"] or []):
                if total is not None:
                    equal(f"{t['family']}.{t['name']}", [total] + [row[i] or 0 for row in t["rows"]])

    def test_families(self):
        """Numbers add up; what is behind each is a control of the catalogue."""
        results, _, _ = self.audit(*SAMPLE)
        self.check_sums(results)
        ids = {c["id"] for c in results["controls"]}
        for family, indicators in results["indicators"].items():
            behind = results["indicator_controls"][family]
            self.assertEqual(list(behind), list(indicators))
            for name, controls in behind.items():
                self.assertTrue(controls and set(controls) <= ids, f"{family}.{name}")
            self.assertTrue([t for t in results["tables"] if t["family"] == family], family)
        tables = {f"{t['family']}.{t['name']}": t for t in results["tables"]}
        self.assertEqual(len(tables), len(results["tables"]))
        users = results["directory"]["counts"]["users_enabled"]
        # One policy, one age and one last use each; the sample hides nobody's state.
        for name in ("password_policy.policies", "password_policy.password_age", "stale.last_use"):
            column = [c["name"] for c in tables[name]["columns"]].index("users")
            self.assertEqual(tables[name]["total"][column], users)
        self.check_savings(results, tables["stale.savings"])
        self.assertEqual(sum(row[4] for row in tables["stale.systems"]["rows"]), tables["stale.systems"]["total"][4])
        self.assertEqual(tables["tiering.tiers"]["total"][5], results["indicators"]["tiering"]["accounts"])

    def check_savings(self, results, table):
        """Each object once: counted again from the findings; a licence for each enabled person's account."""
        by_id = {c["id"]: c for c in results["controls"]}
        found = {i: {o["dn"]: o for o in by_id[i]["objects"] if not o["waived"]}
                 for i in results["indicator_controls"]["stale"]["objects_to_remove"]}
        people = results["indicator_controls"]["stale"]["licences_to_free"]
        everything = set().union(*found.values())
        services = {o["dn"] for i in ("vuln_spn_priv", "hyg_kerberoastable_users", "hyg_privileged_service")
                    for o in by_id[i]["objects"]}
        licences = {dn for i in people for dn, o in found[i].items() if o["kind"] == "user"} - services
        stale = results["indicators"]["stale"]
        self.assertEqual((stale["objects_to_remove"], stale["licences_to_free"]), (len(everything), len(licences)))
        self.assertEqual([sum(row[c] for row in table["rows"]) for c in (2, 3)], table["total"][2:])
        self.assertEqual(table["total"][2:], [len(everything), len(licences)])

    def test_tables_say_where_names_are(self):
        """Without the columns of text and names, no table says anything of the directory."""
        results, _, _ = self.audit(*SAMPLE)
        said = {o[key].lower() for c in results["controls"] for o in c["objects"] for key in ("name", "dn", "sid")
                if o[key] and (key != "name" or len(o[key]) > 4)}
        said -= {"users", "computers", "builtin", "group"}  # containers, a class, and words of our own
        self.assertGreater(len(said), 1000)
        kinds = set()
        for t in results["tables"]:
            for row in t["rows"] + ([t["total"]] if t["total"] else []):
                self.assertEqual(len(row), len(t["columns"]))
                for column, cell in zip(t["columns"], row):
                    kinds.add(column["kind"])
                    where = f"{t['family']}.{t['name']}.{column['name']}: {cell}"
                    if cell is None or column["kind"] in ("text", "name"):
                        continue
                    if column["kind"] == "number":
                        self.assertIsInstance(cell, int, where)
                    elif column["kind"] == "date":
                        self.assertRegex(cell, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", where)
                    else:
                        self.assertRegex(cell, r"^[a-z][a-z0-9_]*( [A-Za-z0-9_.-]+)*$", where)
                        self.assertEqual({cell.lower(), *cell.lower().split(" ")[1:]} & said, set(), where)
        self.assertLessEqual({"name", "number", "code"}, kinds)

    def test_sample_is_what_the_script_makes(self):
        made = self.tmp / "sample.ldif.gz"
        subprocess.run(["/usr/bin/python3", ROOT / "scripts/make-sample", made], check=True, capture_output=True)
        self.assertEqual(made.read_bytes(), (ROOT / "tests/sample/sample.ldif.gz").read_bytes())

    def files_of(self, folder):
        return {p.name: p.read_bytes() for p in folder.iterdir()}

    def test_same_bytes_twice_whatever_the_language_of_the_machine(self):
        """Every format of an audit, of one that knows the one before, of a diff and of a comparison."""
        runs = []
        before = self.audit(*SAMPLE[:-1], "2026-09-21", "--lang", "fr", "--format", "json,xlsx")[2]
        for locale, zone in (("C", "UTC"), ("fr_FR.UTF-8", "Asia/Tokyo"), ("en_US.UTF-8", "America/New_York")):
            env = {"LC_ALL": locale, "TZ": zone}
            out = self.audit(*SAMPLE, "--lang", "fr", "--format", "xlsx,html,json,csv,ps1", "--previous", before, env=env)[2]
            files = self.files_of(out)
            for command in ("diff", "compare"):
                made = self.tmp / f"{command}-{len(runs)}"
                self.run_program(command, before, out, "--lang", "fr", "--output", made, env=env)
                files |= self.files_of(made)
            runs.append(files)
        self.assertEqual(set(runs[0]), {"audit.xlsx", "audit.html", "results.json", "objects.csv", "controls.csv",
                                        "remediation.ps1", "rights.ps1", "diff.xlsx", "diff.html", "diff.json",
                                        "compare.xlsx", "compare.html"})
        for other in runs[1:]:
            self.assertEqual(set(other), set(runs[0]))
            for name, data in runs[0].items():
                self.assertTrue(data == other[name], name)

    def test_results_are_of_no_language(self):
        runs = [self.audit(*SAMPLE, "--format", "json", "--lang", lang)[2] for lang in ("fr", "en")]
        self.assertEqual(*[(r / "results.json").read_bytes() for r in runs])

    def test_schema(self):
        import jsonschema
        results, _, _ = self.audit(*SAMPLE)
        jsonschema.validate(results, json.loads((ROOT / "docs/results.schema.json").read_text("utf-8")))

    def test_fail_level_and_strict(self):
        self.audit(*SAMPLE, "--fail-level", "1", expect=1)
        part = self.tmp / "part.ldif"  # nothing but an ordinary user: nothing fails, everything is unknown
        part.write_text("dn: CN=a,DC=x\nobjectClass: user\nuserAccountControl: 512\nsAMAccountName: a\n")
        results, _, _ = self.audit("--ldif", part, "--fail-level", "1", "--at", "2026-11-21", "--policy", "anssi")
        self.assertEqual((results["level"], results["level_floor"]), (5, 1))
        self.assertEqual({c["status"] for c in results["controls"] if c["id"] != "warning_tool_version"} -
                         {"unknown", "disabled"}, set())
        self.audit("--ldif", part, "--fail-level", "1", "--strict", "--at", "2026-11-21", expect=1)

    def test_files_are_private(self):
        out = self.tmp / "new/deep"
        self.run_program("audit", *SAMPLE, "--output", out, "--quiet")
        self.assertEqual(sorted(p.name for p in out.iterdir()), ["audit.html", "audit.xlsx", "results.json", "rights.ps1"])
        self.assertEqual(out.stat().st_mode & 0o777, 0o700)
        for p in out.iterdir():
            self.assertEqual(p.stat().st_mode & 0o777, 0o600)

    def test_default_folder(self):
        self.run_program("audit", *SAMPLE)
        self.assertEqual([p.name for p in self.tmp.iterdir()], ["adhygiene-ch-troisrivieres.example-2026-11-21"])

    def test_closed_standard_output_is_an_error(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            p = subprocess.run([PROGRAM, "controls", "--json"], stdout=full, stderr=subprocess.PIPE, check=False)
        self.assertEqual(p.returncode, 5)


if __name__ == "__main__":
    unittest.main()
