"""The shortest set of changes that holds every account to its rule, against an evaluator of its own.

password_changes.py PROGRAM FIRST COUNT: random domains, one for each seed. The list is made in the
directory: nobody is left then, by this evaluator and by the program; each change brings as many as
it says; and no smaller set of the allowed changes would do, which is tried out.
"""
import base64
import itertools
import os
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from results_schema import checked  # noqa: E402

BASE = "DC=lab,DC=test"
PSC = "CN=Password Settings Container,CN=System," + BASE
DAY = 864000000000
USER, SERVICE, ADMIN = range(3)
RULES = {USER: (12, True, 0), SERVICE: (16, True, 0), ADMIN: (16, True, 1095)}  # length, complexity, days
NOT_REQUIRED, NEVER_EXPIRES = 0x20, 0x10000
POLICY = """schema: 1
name: changes
extends: care
controls:
  hyg_password_length_users: {enabled: true, min_length: 12, complexity: true}
  hyg_password_service_accounts: {enabled: true, min_length: 16, complexity: true}
  hyg_password_length_admins: {enabled: true, min_length: 16, complexity: true, max_days: 1095, note_days: 365}
"""


def sid(rid=None):
    parts = (21, 1, 2, 3) if rid is None else (21, 1, 2, 3, rid)
    return base64.b64encode(bytes([1, len(parts), 0, 0, 0, 0, 0, 5]) + struct.pack(f"<{len(parts)}I", *parts)).decode()


class Domain:
    """Policies by name ("" is the domain's), groups of PSOs, accounts."""

    def __init__(self, seed):
        rng = random.Random(seed)

        def settings():
            return [rng.choice((6, 8, 12, 14, 16)), rng.random() < 0.7, rng.choice((0, 90, 1095, 2000))]
        self.policies = {"": settings()}
        self.precedence = {}
        for i in range(rng.randrange(5)):
            self.policies[f"PSO{i}"] = settings()
            self.precedence[f"PSO{i}"] = rng.choice((10, 20, 30))
        self.accounts = {}
        lean = {name: rng.choice((None, None, USER, SERVICE, ADMIN)) for name in self.policies}
        for i in range(rng.randrange(1, 40)):
            direct = rng.choice(list(self.policies)[1:] or [""]) if rng.random() < 0.15 else ""
            group = rng.choice(list(self.policies)) if rng.random() < 0.6 else ""
            kind = lean[direct or group]
            if kind is None or rng.random() < 0.1:
                kind = rng.choice((USER, USER, USER, SERVICE, ADMIN))
            flags = 512 | (NOT_REQUIRED if rng.random() < 0.1 else 0) | (NEVER_EXPIRES if rng.random() < 0.2 else 0)
            self.accounts[f"user{i}"] = {"class": kind, "flags": flags, "direct": direct, "group": group}

    def policy_of(self, a):
        return a["direct"] or a["group"]

    def held(self, a):
        length, complexity, days = self.policies[self.policy_of(a)]
        need, signs, most = RULES[a["class"]]
        if a["flags"] & NOT_REQUIRED:
            length = 0
        if a["flags"] & NEVER_EXPIRES:
            days = 0
        return length >= need and (complexity or not signs) and (not most or 0 < days <= most)

    def count(self):
        return sum(self.held(a) for a in self.accounts.values())

    def copy(self):
        d = object.__new__(Domain)
        d.policies = {k: list(v) for k, v in self.policies.items()}
        d.precedence = dict(self.precedence)
        d.accounts = {k: dict(v) for k, v in self.accounts.items()}
        return d

    def make(self, change):
        kind, policy, rule = change
        if kind == "raise":
            p = self.policies[policy]
            p[0], p[1] = max(p[0], rule[0]), p[1] or rule[1]
            if rule[2]:
                p[2] = min(p[2] or rule[2], rule[2])
        elif kind == "new":
            name = f"PSO-new-{policy}"
            self.policies[name] = list(rule)
            self.precedence[name] = 1
            for a in self.accounts.values():
                if a["class"] == policy:
                    a["direct"], a["group"] = "", name
        else:
            for a in self.accounts.values():
                if kind == NOT_REQUIRED or a["class"] == ADMIN:
                    a["flags"] &= ~kind

    def allowed(self):
        """Every change that asks of nobody more than the rule of the class."""
        under = {name: {a["class"] for a in self.accounts.values() if self.policy_of(a) == name}
                 for name in self.policies}
        out = [("new", c, RULES[c]) for c in (SERVICE, ADMIN)] + [(f, None, None) for f in (NOT_REQUIRED, NEVER_EXPIRES)]
        for name, classes in under.items():
            gentlest = min(classes, default=USER) if name else USER
            out += [("raise", name, RULES[c]) for c in range(USER, ADMIN + 1) if c <= gentlest]
        return out

    def smallest(self):
        """The size of the smallest set of allowed changes that holds everybody."""
        changes = self.allowed()
        for n in range(len(changes) + 1):
            for chosen in itertools.combinations(changes, n):
                d = self.copy()
                # first what moves accounts, since a policy that nobody is under needs nothing
                for change in sorted(chosen, key=lambda c: c[0] != "new"):
                    d.make(change)
                if d.count() == len(d.accounts):
                    return n
        raise AssertionError("no set of changes is enough")

    def ldif(self):
        out = []

        def entry(dn, *lines):
            out.append("\n".join((f"dn: {dn}", *lines, "instanceType: 4", "uSNChanged: 1",
                                  "whenCreated: 20200101000000.0Z", "whenChanged: 20200101000000.0Z")))
        length, complexity, days = self.policies[""]
        entry(BASE, "objectClass: top", "objectClass: domain", "objectClass: domainDNS", f"objectSid:: {sid()}",
              "msDS-Behavior-Version: 7", f"minPwdLength: {length}", f"pwdProperties: {int(complexity)}",
              f"maxPwdAge: {-days * DAY or -2**63}", "minPwdAge: 0", "pwdHistoryLength: 24", "lockoutThreshold: 5",
              "lockoutDuration: -18000000000", "lockOutObservationWindow: -18000000000")
        entry("CN=System," + BASE, "objectClass: top", "objectClass: container")
        entry(PSC, "objectClass: top", "objectClass: msDS-PasswordSettingsContainer")
        entry("CN=Users," + BASE, "objectClass: top", "objectClass: container")

        def group(name, rid, members):
            entry(f"CN={name},CN=Users,{BASE}", "objectClass: top", "objectClass: group", f"cn: {name}",
                  f"sAMAccountName: {name}", f"objectSid:: {sid(rid)}", "groupType: -2147483646",
                  *(f"member: CN={m},CN=Users,{BASE}" for m in members))
        group("Domain Users", 513, [])
        group("Domain Admins", 512, [n for n, a in self.accounts.items() if a["class"] == ADMIN])
        for i, (name, (length, complexity, days)) in enumerate(list(self.policies.items())[1:]):
            group(f"GG-{name}", 1200 + i, [n for n, a in self.accounts.items() if a["group"] == name])
            targets = [f"GG-{name}"] + [n for n, a in self.accounts.items() if a["direct"] == name]
            entry(f"CN={name},{PSC}", "objectClass: top", "objectClass: msDS-PasswordSettings", f"cn: {name}",
                  "objectGUID:: " + base64.b64encode(bytes([i + 1] * 16)).decode(),
                  f"msDS-PasswordSettingsPrecedence: {self.precedence[name]}", f"msDS-MinimumPasswordLength: {length}",
                  f"msDS-PasswordComplexityEnabled: {str(complexity).upper()}",
                  "msDS-PasswordReversibleEncryptionEnabled: FALSE", "msDS-PasswordHistoryLength: 24",
                  f"msDS-MaximumPasswordAge: {-days * DAY or -2**63}", "msDS-MinimumPasswordAge: 0",
                  "msDS-LockoutThreshold: 5", "msDS-LockoutDuration: -18000000000",
                  "msDS-LockoutObservationWindow: -18000000000",
                  *(f"msDS-PSOAppliesTo: CN={t},CN=Users,{BASE}" for t in targets))
        for i, (name, a) in enumerate(self.accounts.items()):
            entry(f"CN={name},CN=Users,{BASE}", "objectClass: top", "objectClass: person",
                  "objectClass: organizationalPerson", "objectClass: user", f"cn: {name}", f"sAMAccountName: {name}",
                  f"objectSid:: {sid(2000 + i)}", "primaryGroupID: 513", f"userAccountControl: {a['flags']}",
                  "pwdLastSet: 133000000000000000", "lastLogonTimestamp: 133000000000000000",
                  *(["servicePrincipalName: http/" + name] if a["class"] == SERVICE else []))
        return "\n\n".join(out) + "\n"


def audit(program, domain, folder):
    (folder / "d.ldif").write_text(domain.ldif())
    (folder / "p.yaml").write_text(POLICY)
    run = subprocess.run([program, "audit", "--ldif", folder / "d.ldif", "--policy", folder / "p.yaml", "--at",
                          "2026-11-21", "--output", folder / "out", "--quiet"],
                         capture_output=True, text=True, check=False)
    if run.returncode:
        raise SystemExit(run.stderr)
    results = checked((folder / "out/results.json").read_text("utf-8"))
    table = next(t for t in results["tables"] if (t["family"], t["name"]) == ("password_policy", "changes"))
    return results["indicators"]["password_policy"], table["rows"]


def change_of(row):
    name, policy, length, complexity, days = row[:5]
    rule = (length, complexity == "yes", days or 0)
    return {"raise_domain_policy": ("raise", "", rule), "raise_pso": ("raise", policy, rule),
            "new_pso_admins": ("new", ADMIN, rule), "new_pso_services": ("new", SERVICE, rule),
            "clear_not_required": (NOT_REQUIRED, None, None),
            "clear_never_expires": (NEVER_EXPIRES, None, None)}[name]


def compare(program, seed, folder):
    d = Domain(seed)
    numbers, rows = audit(program, d, folder)
    faults = []

    def same(what, got, wanted):
        if got != wanted:
            faults.append(f"seed {seed}: {what}: {got}, expected {wanted}")
    same("required", numbers["required"], len(d.accounts))
    same("held", numbers["held"], d.count())
    same("not held", numbers["not_held"], len(d.accounts) - d.count())
    same("number of changes", len(rows), d.smallest())
    same("indicator of changes", numbers["changes"], len(rows))
    after, held, gains = d.copy(), d.count(), []
    for row in rows:
        after.make(change_of(row))
        gains.append(after.count() - held)
        held = after.count()
        same(f"so far, {row[0]} {row[1]}", row[7], held - d.count())
    same("brought", [row[6] for row in rows], gains)
    same("held in the end", held, len(d.accounts))
    numbers, rest = audit(program, after, folder)
    same("held by the program in the end", (numbers["held"], numbers["not_held"], rest), (len(d.accounts), 0, []))
    for left_out in range(len(rows)):
        part = d.copy()
        for i, row in enumerate(rows):
            if i != left_out:
                part.make(change_of(row))
        if part.count() == len(d.accounts):
            faults.append(f"seed {seed}: {rows[left_out][0]} is not needed")
    return faults


def main():
    program, first, count = os.path.abspath(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    faults = []
    with tempfile.TemporaryDirectory(prefix="adhygiene-changes-") as folder:
        for seed in range(first, first + count):
            faults += compare(program, seed, pathlib.Path(folder))
    print("\n".join(faults), f"{count} domains, {len(faults)} faults", sep="\n")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
