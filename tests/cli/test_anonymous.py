"""audit --anonymous: what a facility may send. Directories and policies in which every text that
somebody could have written holds a random token; none of them may be in the file, and every word
that is must be one of the program's own."""
import base64
import gzip
import hashlib
import hmac
import json
import os
import pathlib
import random
import re
import shutil
import stat
import subprocess
import unittest

import jsonschema

import case
import small_directory as small
from case import PROGRAM, ROOT, SAMPLE

# Never free text, or what the audit cannot do without.
KEPT = {"objectclass", "objectcategory", "objectguid", "objectsid", "ntsecuritydescriptor", "instancetype",
        "schemaidguid", "attributeid", "governsid", "gplink", "grouptype", "systemflags", "ms-ds-supportedencryptiontypes",
        "gpcfilesyspath", "gpcmachineextensionnames", "gpcuserextensionnames", "pkiextendedkeyusage", "cacertificate",
        "wellknownobjects", "serverreference", "ldapdisplayname", "dnsroot", "ncname"}
NAMED = {"user", "computer", "group", "organizationalunit", "contact", "inetorgperson"}
# Names by which Active Directory itself finds them.
WELL_KNOWN_UNITS = {"OU=Domain Controllers"}


def read_ldif(data):
    """[(dn, [(attribute, bytes)])]"""
    entries, lines = [], data.replace(b"\n ", b"").split(b"\n")
    entry = []
    for line in lines + [b""]:
        if not line:
            if entry and entry[0][0] == "dn":
                entries.append((entry[0][1].decode(), entry[1:]))
            entry = []
        elif not line.startswith(b"#"):
            name, value = line.split(b":", 1)
            value = base64.b64decode(value[1:].strip()) if value.startswith(b":") else value.strip()
            entry.append((name.decode(), value))
    return entries


def write_ldif(entries):
    out = []
    for dn, values in entries:
        for name, value in [("dn", dn.encode())] + values:
            out.append(name.encode() + b":: " + base64.b64encode(value))
        out.append(b"")
    return b"\n".join(out) + b"\n"


class Planter:
    """Puts a token of its own into each text."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.tokens = set()

    def token(self):
        kind = self.rng.randrange(5)
        if kind == 0:  # an identifier of a person: digits only
            t = str(self.rng.randrange(10**8, 10**12))
        elif kind == 1:
            t = "%x" % self.rng.getrandbits(64) + "zq"
        elif kind == 2:
            t = "Zq" + "".join(self.rng.choice("éàüœßñ日本") for _ in range(4)) + "%04x" % self.rng.getrandbits(16)
        elif kind == 3:
            t = "zq_" + "".join(self.rng.choice("abcdefghijklmnop_") for _ in range(9))
        else:
            t = "zq" + "%012d" % self.rng.randrange(10**12)
        self.tokens.add(t)
        return t

    def text(self, value):
        """The value with a token in it, here and there looking like one of our codes."""
        shape = self.rng.randrange(4)
        t = self.token()
        return [f"{value} {t}", f"{t}{value}", f"share {t} of 12 accounts {value}", f"{value}-{t}"][shape]


def plant_directory(planter, entries):
    """The sample with other names, SIDs and texts."""
    domain = planter.token().replace("_", "").lower()
    domain = "zq" + re.sub(r"[^a-z0-9]", "", domain)
    planter.tokens.add(domain)
    sid = planter.rng.randbytes(12)
    old_sid = b"".join(x.to_bytes(4, "little") for x in (1004336348, 1177238915, 682003330))
    renamed = {}
    for dn, values in entries:
        classes = {v.decode().lower() for n, v in values if n.lower() == "objectclass"}
        rdn = re.match(r"(?:\\.|[^,\\])*", dn).group()
        if classes & NAMED and rdn not in WELL_KNOWN_UNITS and "CN=Configuration" not in dn and rdn not in renamed:
            renamed[rdn] = rdn + re.sub(r"[^\w]", "", planter.token())
    pieces = re.compile(r"(?:\\.|[^,\\])+")

    def rename(text):
        return pieces.sub(lambda m: renamed.get(m.group(), m.group()), text)

    def swap(value):
        return value.replace(old_sid, sid).replace(b"ch-troisrivieres", domain.encode()).replace(b"CHTROISRIV", domain.upper()[:15].encode())

    out, names = [], {}
    for dn, values in entries:
        planted = []
        for name, value in values:
            low = name.lower()
            try:
                text = value.decode()
            except UnicodeDecodeError:
                planted.append((name, swap(value)))
                continue
            if low == "samaccountname" and not text.endswith("$"):
                names.setdefault(text, text + re.sub(r"[^\w]", "", planter.token())[:12])
                text = names[text]
                planter.tokens.add(text)
            elif low in ("cn", "ou", "name", "distinguishedname") or re.match(r"(CN|OU|DC)=", text):
                text = rename(text)
            elif low not in KEPT and re.search(r"[A-Za-z]", text) and not re.fullmatch(r"TRUE|FALSE|[0-9]{14}\.0Z", text):
                text = planter.text(text)
            planted.append((name, swap(text.encode())))
        for extra in ("description", "info", "comment", "employeeID", "extensionAttribute7"):
            planted.append((extra, planter.text("note").encode()))
        out.append((swap(rename(dn).encode()).decode(), planted))
    sid_text = "-".join(str(int.from_bytes(sid[i:i + 4], "little")) for i in (0, 4, 8))
    return out, names, domain, "S-1-5-21-" + sid_text


def plant_policy(planter, folder, names, domain, sid):
    t = planter.token
    reasons = lambda: planter.text("motif")  # noqa: E731
    custom = "zq" + re.sub(r"[^a-z0-9_]", "", t().lower()) + "_noms"
    planter.tokens.add(custom)
    csv = re.sub(r"[^\w]", "", t()) + ".csv"
    (folder / csv).write_text("login;sortie;courriel\n" + "".join(
        f"{re.sub(r'[^A-Za-z0-9]', '', t())};{t()};{t()}@{domain}.example\n" for _ in range(20)) + f"{names['narnaud']};2020-01-01;x\n", "utf-8")
    base = f"DC={domain},DC=example"
    policy = {
        "schema": 1, "name": t(), "extends": "care", "expect": {"domain_sid": sid},
        "facility": {"name": "CH Témoin", "finess": "010000000", "ght": "GHT Témoin"},
        "admin_accounts": {"name_pattern": f"^(adm|{re.sub(r'[^A-Za-z0-9]', '', t())})"},
        "tiers": {"0": {"groups": [names["GG-T0-Admins"], t()], "units": [f"OU={t()},{base}"], "accounts": [t()]}},
        "service_accounts": {"groups": [t()], "name_pattern": "^svc"},
        "backup": {"groups": [names["GG-Sauvegarde"]], "computers": [t()]},
        "mfa": {"required_for": ["privileged", "group:" + names["GG-VPN"]],
                "evidence": ["smartcard_required", {"group": names["GG-MFA-Inscrits"]},
                             {"csv": {"file": csv, "account": "login", "method": "sortie"}}],
                "excluded": [{"object": names["narnaud"], "reason": reasons()}]},
        "identity": {"attribute": "extensionAttribute7", "pattern": re.sub(r"[^A-Za-z0-9]", "", t())},
        "hr": {"csv": csv, "match": "sAMAccountName", "account": "login", "left": "sortie"},
        "leaks": {"csv": csv, "account": "login", "date": "sortie"},
        "controls": {"hyg_adcs_esc8": {"enabled": False, "reason": reasons()}},
        "waivers": [
            {"control": "vuln_dont_expire", "object": names["narnaud"], "reason": reasons(), "approved_by": t(), "until": "2027-01-31"},
            {"control": "vuln_dont_expire_priv", "object": t(), "reason": reasons(), "approved_by": t(), "until": "2020-01-31"},
            {"control": "vuln_user_accounts_dormant", "unit": f"OU={t()},{base}", "reason": reasons(), "approved_by": t(), "until": "2027-01-31"},
            {"control": "vuln_spn_priv", "group": names["GG-VPN"], "reason": reasons(), "approved_by": t(), "until": "2027-01-31"},
            {"control": "vuln_krbtgt", "reason": reasons(), "approved_by": t(), "until": "2027-01-31"},
            {"control": custom, "reason": reasons(), "approved_by": t(), "until": "2027-01-31"}],
        "custom_controls": [
            {"id": custom, "level": 3, "title": {"fr": t(), "en": t()}, "fix": {"fr": t(), "en": t()}, "each": "user",
             "filter": f"(description=*{re.sub(r'[^A-Za-z0-9]', '', t())}*)"},
            {"id": custom + "_b", "level": 2, "title": {"fr": t(), "en": t()}, "fix": {"fr": t(), "en": t()}, "each": "user",
             "filter": "(extensionAttribute7=*)"}]}
    (folder / "policy.yaml").write_text(json.dumps(policy, ensure_ascii=False), "utf-8")


def vocabulary():
    """Every word of the program's own that an anonymous run may hold."""
    words = {"…", "adhygiene", "", "custom"}
    for path in (ROOT / "reports").glob("codes*.def"):
        for group, code in re.findall(r'CODE\((\w+),\s*"([^"]+)"', path.read_text("utf-8")):
            words.update(w.split(".")[-1] for w in code.split(" "))
    for path in (ROOT / "checks").glob("*.yaml"):
        words.update(re.findall(r"^  ([a-z0-9_]+):$", path.read_text("utf-8"), re.M))
        words.update(re.findall(r"^area: (\w+)", path.read_text("utf-8"), re.M))
    words.update(re.findall(r'^ATTR\(\w+, "([^"]+)"', (ROOT / "src/model/attrs.def").read_text("utf-8"), re.M))
    for path in [*(ROOT / "src/engine").glob("*.c"), *(ROOT / "src/model").glob("password_*.c")]:
        words.update(re.findall(r'"([a-z][a-z0-9_]*)"', path.read_text("utf-8")))
    return words


def found_in(text, tokens):
    """Those of tokens that stand in the text: there are too many to look for one by one."""
    n = min(map(len, tokens))
    pieces = {text[i:i + n] for i in range(len(text) - n + 1)}
    return [t for t in tokens if t[:n] in pieces and t in text]


def strings(value, path=""):
    if isinstance(value, dict):
        for k, v in value.items():
            yield path + "/<key>", k
            yield from strings(v, f"{path}/{k}")
    elif isinstance(value, list):
        for v in value:
            yield from strings(v, path)
    elif isinstance(value, str):
        yield path, value


class Anonymous(case.CliCase):
    SCHEMA = json.loads((ROOT / "docs/results.schema.json").read_text("utf-8"))
    WORDS = vocabulary()
    FREE = re.compile(r"[0-9a-f]{64}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|site_\d{4}")

    def pair(self, *args):
        named, _, _ = self.audit(*args, "--format", "json", "--quiet")
        anonymous, _, out = self.audit(*args, "--anonymous", "--quiet")
        self.assertEqual([p.name for p in out.iterdir()], ["results.json"])
        text = (out / "results.json").read_text("utf-8")
        jsonschema.Draft202012Validator(self.SCHEMA).validate(anonymous)
        self.same_verdicts(named, anonymous)
        self.own_words_only(anonymous)
        for forbidden in ("S-1-5-21-", "DC=", "CN=", "OU=", "@"):
            self.assertNotIn(forbidden.lower(), text.lower())
        return named, anonymous, text

    def same_verdicts(self, named, anonymous):
        for key in ("level", "level_floor", "level_with_waivers", "indicators", "indicator_controls", "tool", "facility"):
            self.assertEqual(named[key], anonymous[key])
        for key in ("counts", "collected_at", "evaluated_at", "source"):
            self.assertEqual(named["directory"][key], anonymous["directory"][key])
        keep = ("area", "levels", "failed_level", "status", "examined", "count", "unknown", "waived", "parameters")
        row = lambda c: [c["area"] == "custom" or c["id"]] + [c[k] for k in keep]  # noqa: E731
        self.assertEqual(sorted(map(row, named["controls"]), key=str), sorted(map(row, anonymous["controls"]), key=str))
        self.assertEqual([c["id"] for c in anonymous["controls"]], sorted(c["id"] for c in anonymous["controls"]))
        # What was hashed may be a few names that somebody guesses: it is hashed again, with the key.
        declared = [{c["declared"] for c in run["controls"] if "declared" in c} for run in (named, anonymous)]
        self.assertEqual(len(declared[0]), len(declared[1]))
        self.assertFalse(declared[0] & declared[1])
        kept = {(t["family"], t["name"]): t for t in anonymous["tables"]}
        for t in named["tables"]:
            if {c["kind"] for c in t["columns"]} & {"text", "name"}:
                self.assertTrue((t["family"], t["name"]) not in kept or t["name"] in ("trusts", "foreign_members"), t["name"])
            else:
                self.assertEqual(kept[t["family"], t["name"]], t)

    def own_words_only(self, run):
        for path, text in strings(run):
            if path.startswith(("/facility/", "/tool/", "/policy/sha256", "/indicator")) or path.endswith("/<key>"):
                continue
            if path == "/controls/declared":
                self.assertRegex(text, r"\A[0-9a-f]{16}\Z")
                continue
            for word in text.split(" "):
                if not self.FREE.fullmatch(word) and not (word.isdigit() and " " in text):
                    self.assertIn(word, self.WORDS, f"{path}: {text}")

    def test_sample(self):
        named, anonymous, text = self.pair(*SAMPLE)
        names = {o["name"] for c in named["controls"] for o in c["objects"]}
        self.assertGreater(len(names), 1500)
        for name in names:
            self.assertNotIn(f'"{name}"', text)
        self.assertEqual(len(anonymous["directory"]["domains"]), 1)

    def test_planted(self):
        entries = read_ldif(gzip.decompress((ROOT / "tests/sample/sample.ldif.gz").read_bytes()))
        for seed in range(2):
            planter = Planter(seed)
            folder = self.tmp / f"planted{seed}"
            folder.mkdir()
            planted, names, domain, sid = plant_directory(planter, entries)
            (folder / "dir.ldif").write_bytes(write_ldif(planted))
            plant_policy(planter, folder, names, domain, sid)
            shutil.copytree(ROOT / "tests/sample/sysvol", folder / "sysvol")
            named, _, text = self.pair("--ldif", folder / "dir.ldif", "--policy", folder / "policy.yaml",
                                       "--sysvol", folder / "sysvol", "--at", "2026-11-21")
            # The tokens were read: a named run is full of them.
            full = json.dumps(named, ensure_ascii=False)
            self.assertGreater(len(found_in(full, sorted(planter.tokens)[::50])), 100)
            self.assertGreater(sum(c["status"] == "fail" for c in named["controls"]), 100)
            self.assertEqual(sum(c["area"] == "custom" for c in named["controls"]), 2)
            self.assertTrue(named["waiver_notes"] and any(c["waived"] for c in named["controls"]))
            self.assertEqual(found_in(text.lower(), {t.lower() for t in planter.tokens}), [])

    def test_random_directories(self):
        for seed in (7, 21, 1234):
            folder = self.tmp / f"random{seed}"
            folder.mkdir()
            subprocess.run(["/usr/bin/python3", ROOT / "tests/oracle/generate.py", str(seed), folder], check=True)
            self.pair("--ldif", folder / "dir.ldif", "--policy", folder / "policy.yaml", "--at", "2026-11-21T10:00:00Z")

    def test_key(self):
        """Made once, private, beside the outputs; the same facility gets the same hash, by HMAC-SHA-256."""
        out = self.tmp / "audits" / "un"
        p = self.run_program("audit", *SAMPLE, "--anonymous", "--lang", "fr", "--output", out)
        key = self.tmp / "audits" / "adhygiene-anonymous.key"
        self.assertIn("adhygiene-anonymous.key", p.stderr)
        self.assertEqual(stat.S_IMODE(key.stat().st_mode), 0o600)
        digest = hmac.new(bytes.fromhex(key.read_text().strip()), b"S-1-5-21-1004336348-1177238915-682003330", hashlib.sha256).hexdigest()
        first = (out / "results.json").read_bytes()
        self.assertEqual(json.loads(first)["directory"]["domains"], [{"dns": None, "netbios": None, "sid": None, "key": digest}])
        self.assertNotIn(key.read_text().strip(), first.decode())
        second = self.tmp / "audits" / "deux"
        p = self.run_program("audit", *SAMPLE, "--anonymous", "--quiet", "--output", second)
        self.assertEqual(p.stderr, "")  # no key was made
        self.assertEqual((second / "results.json").read_bytes(), first)
        other, _, _ = self.audit(*SAMPLE, "--anonymous", "--anonymous-key", self.tmp / "autre.key")
        self.assertNotEqual(other["directory"]["domains"][0]["key"], digest)
        shared, _, _ = self.audit(*SAMPLE, "--anonymous", "--anonymous-key", key)
        self.assertEqual(shared["directory"]["domains"][0]["key"], digest)

    def test_refused(self):
        for formats in ("html", "xlsx,json", "json,html"):
            p = self.run_program("audit", *SAMPLE, "--anonymous", "--format", formats, "--output", self.tmp / "x", expect=2)
            self.assertIn("results.json only", p.stderr)
        (self.tmp / "bad.key").write_text("court")
        p = self.run_program("audit", *SAMPLE, "--anonymous", "--anonymous-key", self.tmp / "bad.key", "--output", self.tmp / "x", expect=2)
        self.assertIn("holds no key", p.stderr)
        self.run_program("audit", *SAMPLE, "--anonymous-key", self.tmp / "k", "--output", self.tmp / "x", expect=2)
        p = self.run_program("audit", *SAMPLE, "--anonymous", "--anonymous-key", self.tmp / "x" / "k", "--output", self.tmp / "x", expect=2)
        self.assertIn("stays at the facility", p.stderr)
        self.assertFalse((self.tmp / "x").exists())
        if os.geteuid():  # root may write anywhere
            p = self.run_program("audit", *SAMPLE, "--anonymous", "--anonymous-key", "/nowhere/k", "--output", self.tmp / "x", expect=5)

    def test_default_folder(self):
        """Neither the folder's name nor the summary names the domain."""
        p = self.run_program("audit", *SAMPLE, "--anonymous", "--lang", "fr")
        self.assertTrue((self.tmp / "adhygiene-anonymous-2026-11-21" / "results.json").exists())
        self.assertTrue((self.tmp / "adhygiene-anonymous.key").exists())
        self.assertNotIn("troisrivieres", p.stdout)

    def small_audit(self, *args, expect=0):
        """Of a directory so small that each refusal is looked at."""
        path = self.tmp / "petit.ldif"
        path.write_text(small.ldif({"anne": (1101, True), "bob": (1102, False)}))
        return self.run_program("audit", "--ldif", path, "--at", "2026-07-21", *args, expect=expect)

    def test_the_key_never_stands_in_the_folder_that_is_sent(self):
        """However folder and key are spelled, and wherever below the folder."""
        out = self.tmp / "k"
        (out / "sous" / "dossier").mkdir(parents=True)
        (self.tmp / "lien").symlink_to(out)
        (self.tmp / "cle").symlink_to(out / "key")
        for folder, key in (("k/", "k/key"), ("k", "./k/key"), ("k", out / "key"), (out, "k/key"), ("k", "k//key"),
                            ("./k/../k", "k/key"), ("lien", "k/key"), ("k", "lien/key"), ("k", "k/sous/key"),
                            ("k", "k/sous/dossier/key"), ("k", "k/sous/../key")):
            with self.subTest(folder=folder, key=key):
                p = self.small_audit("--anonymous", "--output", folder, "--anonymous-key", key, expect=2)
                self.assertIn("stays at the facility", p.stderr)
        self.assertEqual([p.name for p in out.rglob("*") if p.is_file()], [])
        # A key that is there already, in it or reached by a link.
        (out / "key").write_text("ab" * 32)
        for key in ("k/key", "cle"):
            self.small_audit("--anonymous", "--output", "k", "--anonymous-key", key, expect=2)
        (out / "key").unlink()
        (self.tmp / "adhygiene-anonymous-2026-07-21").mkdir()
        self.small_audit("--anonymous", "--anonymous-key", "adhygiene-anonymous-2026-07-21/key", expect=2)
        self.assertFalse((self.tmp / "adhygiene-anonymous-2026-07-21/results.json").exists())
        # Beside it, and where a folder above holds both.
        self.small_audit("--anonymous", "--output", "k", "--anonymous-key", "k/../key")
        self.small_audit("--anonymous", "--output", "k/sous", "--anonymous-key", "k/key")

    def test_a_folder_that_names_people_is_refused(self):
        named = self.tmp / "nommes"
        self.small_audit("--format", "xlsx,html,json,csv,ps1", "--output", named)
        kept = {p.name: p.read_bytes() for p in named.iterdir()}
        self.assertIn("rights.ps1", kept)
        p = self.small_audit("--anonymous", "--output", named, expect=5)
        self.assertIn("names accounts", p.stderr)
        self.assertEqual({p.name: p.read_bytes() for p in named.iterdir()}, kept)
        self.assertFalse((self.tmp / "adhygiene-anonymous.key").exists())
        for name in [*kept, "snapshot.adsnap", "hier.adsnap", "diff.xlsx", "diff.html", "diff.json", "compare.xlsx", "compare.html",
                     "history.sqlite", ".audit.xlsx.4711.new"]:
            with self.subTest(name=name):
                out = self.tmp / f"un-{name}"
                out.mkdir()
                (out / name).write_bytes(kept.get(name, b"x"))
                self.assertIn(name, self.small_audit("--anonymous", "--output", out, expect=5).stderr)
                self.assertEqual([p.name for p in out.iterdir()], [name])
        (named / "results.json").write_text("{}")
        for name in set(kept) - {"results.json"}:
            (named / name).unlink()
        self.small_audit("--anonymous", "--output", named, expect=5)
        # The folder without --output is looked at too; an earlier anonymous run and other files stand there in peace.
        default = self.tmp / "adhygiene-anonymous-2026-07-21"
        default.mkdir()
        (default / "objects.csv").write_text("x")
        self.small_audit("--anonymous", expect=5)
        (default / "objects.csv").rename(default / "lettre.txt")
        self.small_audit("--anonymous")
        self.small_audit("--anonymous")
        self.assertEqual(sorted(p.name for p in default.iterdir()), ["lettre.txt", "results.json"])


if __name__ == "__main__":
    unittest.main()
