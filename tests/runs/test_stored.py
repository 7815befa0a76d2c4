"""results.json read back: the same bytes when it is written again, and what the schema refuses is
refused (jsonschema is the judge)."""
import copy
import json
import os
import pathlib
import random
import subprocess
import tempfile
import unittest

import jsonschema

SOURCE = pathlib.Path(os.environ["SOURCE_DIR"])
SAMPLE = SOURCE / "tests/sample"
SCHEMA = json.loads((SOURCE / "docs/results.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
# What stands in place of a value.
OTHERS = [None, True, False, 0, 1, -1, 6, 2**63, 1.5, "", "x", "S-1-5-21-1", "S-1-", "2026-11-21T10:00:00Z",
          "2026-11-21", "0f0e0d0c-0b0a-0908-0706-000000000000", [], ["x"], [1], {}, {"x": "y"}]


def places(value, path=()):
    """The path of every value below this one."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from places(item, path + (key,))


def at(value, path):
    for key in path:
        value = value[key]
    return value


class Stored(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="adhygiene-stored-")
        cls.root = pathlib.Path(cls.folder.name)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def rewrite(self, path, *more):
        out = self.root / "again.json"
        out.unlink(missing_ok=True)
        done = subprocess.run([os.environ["REWRITE_RUN"], path, out, *more], capture_output=True, text=True,
                              timeout=120, check=False)
        return done, out.read_bytes() if done.returncode == 0 else b""

    def same(self, path):
        done, again = self.rewrite(path)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertTrue(again == path.read_bytes(), f"{path} is not the same when it is written again")

    def made(self, kind):
        folder = self.root / kind
        if not folder.exists():
            folder.mkdir()
            subprocess.run([os.environ["REPORT_MADE_RUN"], folder, kind, "fr", "1048576", "json"], check=True,
                           timeout=120)
        return folder / "results.json"

    def test_made_runs_are_the_same_again(self):
        for kind in ("small", "large", "clean"):
            self.same(self.made(kind))
        # Nothing was looked at there: its level would say what nobody knows.
        self.refused(self.made("empty").read_bytes(), "it has no controls")

    def test_the_sample_is_the_same_again_and_described(self):
        for lang in ("fr", "en"):
            folder = self.root / f"sample-{lang}"
            done = subprocess.run(
                [os.environ["ADHYGIENE"], "audit", "--ldif", SAMPLE / "sample.ldif.gz", "--sysvol", SAMPLE / "sysvol",
                 "--policy", SAMPLE / "policy.yaml", "--at", "2026-11-21", "--lang", lang, "--format", "json",
                 "--output", folder], capture_output=True, text=True, timeout=300, check=True)
            self.same(folder / "results.json")
            summary = self.root / f"summary-{lang}"
            # The folder of reports will do, too.
            self.assertEqual(self.rewrite(folder, summary, lang)[0].stderr, "")
            # Levels, numbers and the first actions in their order; then audit names its files.
            shown = summary.read_text()
            self.assertGreater(shown.count("\n"), 15)
            self.assertEqual(done.stdout[:len(shown)], shown)

    def with_ads(self):
        """The small run with what ADS would say of it: each difference once."""
        run = json.loads(self.made("small").read_text())
        controls = {c["id"]: c for c in run["controls"]}

        def point(id, difference, status, level=None, count=None, reasons=()):
            c = controls.get(id)
            ours = c and {"status": c["status"], "level": c["failed_level"], "count": c["count"] + c["waived"]}
            return {"id": id, "difference": difference, "ads": status and {"status": status, "level": level, "count": count},
                    "ours": ours, "reasons": list(reasons)}

        run["ads"] = {"dated": "2026-10-14T00:00:00Z", "level": 1, "points": [
            point("vuln_delegation_t4d", "missed", "fail", 1, 3, ["ads_older 38"]),
            point("vuln_privileged_members_password", "not_assessed", "fail", 2, None, ["attribute_not_readable msDS-PSOAppliesTo"]),
            point("vuln_tomorrow", "not_known", "fail", 4, 1, ["ads_not_known 2026-11"]),
            point("vuln_protected_users", "level", "fail", 1, 9),
            point("vuln_krbtgt", "ours_only", "pass"),
            point("vuln_spn_priv", "accepted", "fail", 2, 4, ["ads_waived 4"]),
            point("vuln_dont_expire", "count", "fail", 4, 13, ["ads_older 38", "ads_counting"]),
            point("vuln_user_accounts_dormant", "not_said", "unknown"),
            point("info_laps", "scope", "pass", None, 0),
            point("vuln_guest", "not_listed", None, None, None, ["ads_not_listed"]),
            point("vuln_kerberos_properties_deskey", "same", "fail", 3, 3)]}
        return run

    def test_ads_is_the_same_again(self):
        run = self.with_ads()
        VALIDATOR.validate(run)
        path, again = self.root / "ads.json", self.root / "ads-again.json"
        for value in (run, {"ads": run["ads"], **run}):  # wherever it stands
            path.write_text(json.dumps(value))
            done, written = self.rewrite(path)
            self.assertEqual(done.stderr, "")
            self.assertEqual(json.loads(written), run)
        again.write_bytes(written)
        self.same(again)

    def test_ads_that_contradicts_the_run_is_refused(self):
        run = self.with_ads()

        def broken(says, change):
            new = copy.deepcopy(run)
            change(new["ads"])
            self.refused(json.dumps(new), says)

        broken("is said to differ in is not so", lambda a: a["points"][0].update(difference="same"))
        broken("is said to differ in is not so", lambda a: a["points"][0]["ours"].update(status="fail"))
        broken("is said to differ in is not so", lambda a: a["points"][3]["ours"].update(level=1))
        broken("is said to differ in is not so", lambda a: a["points"][6]["ours"].update(count=13))
        broken("is said to differ in is not so", lambda a: a["points"][2].update(ours=a["points"][0]["ours"]))
        broken("is said to differ in is not so", lambda a: a["points"][0]["ads"].update(status="waived"))
        broken("is said to differ in is not so", lambda a: a["points"][4]["ads"].update(level=1))
        broken("not in their order", lambda a: a["points"].reverse())
        broken("not in their order", lambda a: a["points"].insert(0, a["points"][0]))
        broken("none of ANSSI's", lambda a: a["points"][2].update(id="hyg_stale_users"))
        broken("a reason stands twice", lambda a: a["points"][0].update(reasons=["a", "a"]))
        broken("is not the one of its points", lambda a: a.update(level=5))
        broken("is not the one of its points", lambda a: a.update(points=[]))
        broken("only an anonymous run withholds", lambda a: a.update(withheld=1))

    def test_members_may_stand_in_another_order(self):
        run = json.loads(self.made("small").read_text())

        def turned(value):
            if isinstance(value, dict):
                return {k: turned(v) for k, v in reversed(value.items())}
            return [turned(v) for v in value] if isinstance(value, list) else value

        fixed = turned(run)
        # The order of these is kept: it is theirs.
        for key in ("indicators", "indicator_controls"):
            fixed[key] = run[key]
        for new, old in zip(fixed["controls"], run["controls"]):
            new["parameters"] = old["parameters"]
            for o, was in zip(new["objects"], old["objects"]):
                o["evidence"] = was["evidence"]
        path = self.root / "turned.json"
        path.write_text(json.dumps(fixed, indent=1))
        done, again = self.rewrite(path)
        self.assertEqual(done.stderr, "")
        self.assertTrue(again == self.made("small").read_bytes())

    def refused(self, text, says):
        path = self.root / "wrong.json"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        done = self.rewrite(path)[0]
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn(says, done.stderr)
        return done.stderr

    def test_sentences_name_file_and_line(self):
        text = self.made("small").read_text()
        lines = text.split("\n")
        n = next(i for i, line in enumerate(lines) if '"status": "fail"' in line)
        lines[n] = lines[n].replace('"status": "fail"', '"status": "failed"')
        self.assertIn(f"wrong.json:{n + 1}: ", self.refused("\n".join(lines), 'knows no "failed" here'))
        self.refused(text[:-3], "ends too early")
        self.refused(text + "{}", "behind its end")
        self.refused(text.replace('"level": ', '"level": 1, "level": ', 1), '"level" stands twice')
        self.refused(text.replace('"max_days": 365', '"max_days": 365, "max_days": 1', 1), '"max_days" stands twice')
        self.refused(text.replace('"schema": 1', '"schema": 2', 1), "has schema 2; this version reads schema 1")
        self.refused('{"tool": {"name": "other"}, "schema": 1}', "neither schema nor tool")
        self.refused(b"\xff\xfe", "JSON")
        self.refused("[" * 100000, "JSON")

    def test_what_contradicts_itself_is_refused(self):
        run = json.loads(self.made("small").read_text())

        def broken(says, change):
            new = copy.deepcopy(run)
            change(new)
            self.refused(json.dumps(new), says)

        failed = next(i for i, c in enumerate(run["controls"]) if c["status"] == "fail" and c["count"] > 2)
        passed = next(i for i, c in enumerate(run["controls"]) if c["status"] in ("pass", "unknown"))
        broken("counts other findings", lambda r: r["controls"][failed]["objects"].pop())
        broken("counts other findings", lambda r: r["controls"][failed].update(count=1))
        broken("lists none", lambda r: r["controls"][failed].update(objects=[]))
        broken("a status that has none", lambda r: r["controls"][passed].update(count=1))
        broken("order of ids", lambda r: r["controls"].reverse())
        broken("order of ids", lambda r: r["controls"].insert(0, r["controls"][0]))
        broken("of other indicators", lambda r: r["indicators"]["mfa"].pop("required"))
        broken("more cells", lambda r: r["tables"][1]["rows"][0].append(None))
        broken("stands twice", lambda r: r["indicator_notes"].update(mfa=["a", "b", "a"]))
        broken("fewer cells", lambda r: r["tables"][1]["rows"][0].pop())
        broken("more rows than it counts", lambda r: r["tables"][1].update(row_total=1))

    def test_a_level_that_the_controls_do_not_give_is_refused(self):
        run = json.loads(self.made("small").read_text())
        levels = ("level", "level_floor", "level_with_waivers")
        self.assertEqual([run[k] for k in levels], [2, 1, 3])
        for name, right in zip(levels, (2, 1, 3)):
            for wrong in set(range(1, 6)) - {right}:
                self.refused(json.dumps({**run, name: wrong}), "its level is not the one of its controls")
        # With all of them 5 it would be the best there is.
        self.refused(json.dumps({**run, **dict.fromkeys(levels, 5)}), "its level is not the one of its controls")
        self.refused(json.dumps({**run, "controls": []}), "")

        def anonymous(**more):
            new = {**copy.deepcopy(run), "anonymous": True, "tables": [], **more}
            new["directory"]["forest"] = None
            for d in new["directory"]["domains"]:
                d.update(dns=None, netbios=None, sid=None, key="0" * 64)
            for c in new["controls"]:
                del c["objects"]
            return json.dumps(new)

        path = self.root / "anonymous.json"
        path.write_text(anonymous())
        self.assertEqual(self.rewrite(path)[0].stderr, "")
        self.refused(anonymous(level=5, level_floor=5, level_with_waivers=5), "its level is not the one of its controls")
        self.refused(anonymous(level_with_waivers=1), "its level is not the one of its controls")

    def test_what_the_schema_refuses_is_refused(self):
        """Hundreds of wrong values; jsonschema says which are wrong."""
        run = self.with_ads()
        run["controls"] = [c for c in run["controls"] if len(c["objects"]) < 10]
        for t in run["tables"]:
            t["rows"] = t["rows"][:2]
        VALIDATOR.validate(run)
        everywhere = [p for p in places(run) if p]
        rng, wrong = random.Random(20261121), 0
        for turn in range(300):
            new = copy.deepcopy(run)
            path = rng.choice(everywhere)
            parent = at(new, path[:-1])
            if turn % 3 == 0 and isinstance(parent, dict):
                del parent[path[-1]]
            elif turn % 3 == 1 and isinstance(parent, dict):
                parent["unheard of"] = rng.choice(OTHERS)
            else:
                parent[path[-1]] = rng.choice(OTHERS)
            if VALIDATOR.is_valid(new):
                continue
            wrong += 1
            self.refused(json.dumps(new), "wrong.json")
        self.assertGreater(wrong, 200)


if __name__ == "__main__":
    unittest.main()
