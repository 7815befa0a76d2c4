"""Random Samba domains with planted cases of the five families, and what the program finds there: per control
and object, nothing missed and nothing invented, read as administrator, from an LDIF export of the same, and as
an ordinary user, who may know less but never wrongly.

    FAMILIES_SEEDS="7 12-40" test_families.py    other seeds
    FAMILIES_KEEP=FOLDER …                       keeps each seed's facts, policy, truth and results there
"""
import json
import os
import pathlib
import pprint
import unittest

import case
import lab as labs
from families import decide, rules, rules_logon, rules_passwords, rules_stale, rules_tiering  # noqa: F401 each adds its rules
from families.world import World

SEEDS = "1 2"
AREAS = ("passwords", "privileged", "sprawl", "accounts", "stale", "tiering", "mfa", "people", "backup", "identity")
# The same accounts by the same share, over a limit and under it: who cannot count may list them under the other name.
ONE_SHARE = {"warning_user_accounts_dormant": "vuln_user_accounts_dormant", "warning_dont_expire": "vuln_dont_expire"}
# Controls that no seed makes fire, and why; one that a seed plants after all leaves this list.
NOT_PLANTED = {"hyg_privileged_growth": "asks for a previous run: growth() below compares it"}
# With so many seeds every other control of the five families was planted at least once.
ENOUGH = 12
# Family, a whole, its parts.
SUMS = [("mfa", "required", ("covered", "not_covered", "unknown")),
        ("tiering", "accounts", ("tier0", "tier1", "tier2", "no_tier", "unknown")),
        ("password_policy", "accounts", ("compliant", "not_compliant", "unknown")),
        ("password_policy", "admins", ("admins_compliant", "admins_not_compliant", "admins_unknown"))]


def seeds():
    for part in os.environ.get("FAMILIES_SEEDS", SEEDS).split():
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


class Families(case.LabCase):
    def test_families(self):
        asked, planted, seeds_ = set(), set(), list(seeds())
        for seed in seeds_:
            with self.subTest(seed=seed):
                truth, areas = self.one_domain(seed)
                asked |= {c for c in truth if areas[c] in AREAS}
                planted |= {c for c in truth if truth[c]}
        self.assertEqual(planted & set(NOT_PLANTED), set(), "planted after all: no longer for NOT_PLANTED")
        if len(seeds_) >= ENOUGH:
            self.assertEqual(asked - planted, set(NOT_PLANTED), "no seed makes these fire: plant them")

    def one_domain(self, seed):
        made = []
        known = self.known_controls()

        def prepare(lab):
            made.append(World(lab, seed, known))
            decide.domain(made[0])
            made[0].build()
        lab = self.lab = self.clone(f"families-{seed}", prepare=prepare, services="ldap, cldap")
        w = made[0]
        folder = pathlib.Path(os.environ.get("FAMILIES_KEEP", self.tmp), f"seed-{seed}")
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in w.files.items():
            (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        policy = ["--policy", folder / "policy.yaml", "--sysvol", lab.dir / "state/sysvol"]
        results = self.audit(*self.simple(lab=lab), *policy, output=str(folder / "administrator"))
        truth = known_truth = self.truth(w, results)
        (folder / "truth.json").write_text(json.dumps({c: sorted(t) for c, t in truth.items()}, ensure_ascii=False, indent=1))
        (folder / "facts.txt").write_text(pprint.pformat([vars(o) for o in [*w.accounts.values(), *w.groups.values(),
                                                                             *w.psos.values()]], width=150))
        self.w = w
        with self.subTest(seed=seed, read="administrator"):
            self.whole(truth, results, "administrator")
        with self.subTest(seed=seed, read="administrator's numbers"):
            self.adds_up(results)
            self.numbers(w, results)
        with self.subTest(seed=seed, read="with a previous run"):
            self.growth(w, results, folder, policy)
        mine = self.audit(*self.simple(labs.READER, labs.READER_PASSWORD, lab=lab), *policy,
                          output=str(folder / "ordinary"))
        with self.subTest(seed=seed, read="ordinary user"):
            self.less(truth, mine, "ordinary user", rules.LESS)
            self.adds_up(mine)
        if seed % 2:
            self.close(w)
            mine = self.audit(*self.simple(labs.READER, labs.READER_PASSWORD, lab=lab), *policy, output=str(folder / "closed"))
        else:
            mine = self.audit("--ldif", self.export(lab, folder / "export.ldif"), *policy, output=str(folder / "ldif"))
            w.exported = True  # without descriptors: an administrator's export is taken to be whole
            w.lag = 14  # msDS-LogonTimeSyncInterval where nothing is set: nobody asked the DC
            truth = self.truth(w, mine)
        reader = "LDIF" if seed % 2 == 0 else "ordinary user of a closed domain"
        with self.subTest(seed=seed, read=reader):
            self.less(truth, mine, reader, truth)
            self.adds_up(mine)
        lab.stop()
        return known_truth, {c["id"]: c["area"] for c in results["controls"]}

    def growth(self, w, results, folder, policy):
        """The same audit after one that knew fewer privileged accounts."""
        before = json.loads(json.dumps(results))
        table = next(t for t in before["tables"] if (t["family"], t["name"]) == ("privileged", "accounts"))
        sid = [c["name"] for c in table["columns"]].index("sid")
        new = [a for a in rules.all_admins(w, enabled=False) if not w.is_dc(a)][1:4]
        table["rows"] = [row for row in table["rows"] if row[sid] not in {a.sid for a in new}]
        table["row_total"] = len(table["rows"])
        (folder / "previous").mkdir(exist_ok=True)
        (folder / "previous/results.json").write_text(json.dumps(before))
        after = self.audit("--snapshot", folder / "administrator/snapshot.adsnap", *policy, "--previous", folder / "previous")
        c = case.control(after, "hyg_privileged_growth")
        if w.foreign:  # a member of an unknown forest: who was privileged before is not known whole
            self.assertIn(c["status"], ("unknown", "fail"))
        else:
            self.assertEqual({o["sid"] for o in c["objects"]}, {a.sid for a in new})

    def close(self, w):
        """What hides most attributes of accounts from ordinary users: nobody is in Pre-Windows 2000 … Access."""
        w.sam.modify(w.sam.builtin(554), controls=[], member=[])

    def export(self, lab, path):
        """As an administrator makes it with another tool: every ordinary attribute, no descriptors."""
        with open(path, "w", encoding="utf-8") as out:
            for base in (labs.BASE, "CN=Configuration," + labs.BASE):
                out.write(lab.run("ldapsearch", "-LLL", "-x", "-H", f"ldaps://{lab.address}", "-D", f"{labs.ADMIN}@{labs.DNS}",
                                  "-w", labs.ADMIN_PASSWORD, "-E", "pr=1000/noprompt", "-b", base, "(objectClass=*)", "*") + "\n")
        return path

    def truth(self, w, results):
        """By control: rules over facts, then what plants say themselves, which must agree."""
        truth = {}
        lacking = [c["id"] for c in results["controls"] if c["area"] in AREAS and c["id"] not in rules.RULES]
        self.assertEqual(lacking, [], "controls of the five families without a rule in families/")
        w.asked = {c["id"]: c["parameters"] for c in results["controls"] if c["status"] != "disabled"}
        for c in results["controls"]:
            if c["id"] in rules.RULES and c["status"] != "disabled":
                truth[c["id"]] = rules.truth(w, c["id"], c["parameters"])
        for name, values in ((n, v) for n, v in w.params.items() if n in w.known):
            shown = case.control(results, name)["parameters"]
            self.assertEqual({k: shown[k] for k in values}, values, name)
        for control, dn in w.expected:
            self.assertIn(dn, truth[control], control)
        for control, dn in w.decoys:
            self.assertNotIn(dn, truth[control], control)
        return truth

    def differences(self, truth, c):
        """What was missed and what was invented, with why, by DN as the facts or the program spell it."""
        found = {self.w.key(o["dn"]): o for o in c["objects"]}
        wanted = {self.w.key(dn): dn for dn in truth[c["id"]]}
        said = f"({c['status']} {c['reason']} unknown {c['unknown']})"
        return ([f"{c['id']}: missed {dn} {said}" for k, dn in wanted.items() if k not in found],
                [f"{c['id']}: invented {o['dn']} {o['evidence']}" for k, o in found.items() if k not in wanted])

    def whole(self, truth, results, reader):
        wrong = []
        for c in results["controls"]:
            if c["id"] in truth:
                missed, invented = self.differences(truth, c)
                wrong += missed + invented
        self.assertFalse(wrong, f"{reader}:\n" + "\n".join(wrong))

    def less(self, truth, results, reader, less):
        """Found all the same, but where the reader may not see what the control stands on: then unknown, never pass."""
        wrong = []
        for c in results["controls"]:
            if c["id"] not in truth or c["id"] in case.OF_THE_READER:
                continue
            missed, invented = self.differences(truth, c)
            other = truth.get(ONE_SHARE.get(c["id"]), ())
            keys = {self.w.key(dn) for dn in other}
            wrong += [] if keys and {self.w.key(o["dn"]) for o in c["objects"]} <= keys else invented
            said = c["status"] == "unknown" or (c["status"] == "fail" and (c["unknown"] or c["reason"]))
            if c["id"] not in less or not said:
                wrong += missed
        self.assertFalse(wrong, f"{reader}:\n" + "\n".join(wrong))

    def adds_up(self, results):
        """Whoever reads: the parts make the whole, and every number names the controls that stand behind it."""
        n, known = results["indicators"], {c["id"] for c in results["controls"]}
        behind = results["indicator_controls"]
        self.assertEqual({f: list(v) for f, v in n.items()}, {f: list(v) for f, v in behind.items()})
        for family, numbers in behind.items():
            for name, controls in numbers.items():
                self.assertTrue(controls and set(controls) <= known, f"{family}.{name}: {controls}")
        for family, whole, parts in SUMS:
            values = [n[family][p] for p in parts]
            if n[family][whole] is not None:
                self.assertEqual(sum(values), n[family][whole], f"{family}: {dict(zip(parts, values))} of {whole}")
        for t in results["tables"]:
            for i, total in enumerate(t["total"] or []):
                cells = [row[i] for row in t["rows"]]
                if isinstance(total, int) and t["row_total"] == len(cells):
                    self.assertEqual(sum(c or 0 for c in cells), total, f"{t['family']}.{t['name']} {t['columns'][i]['name']}")

    def numbers(self, w, results):
        """What the administrator's numbers must be."""
        n = results["indicators"]
        accounts = rules.everyone(w, enabled=False)
        tiers = [rules.tier_of(w, a) for a in accounts]
        want = {"tier0": tiers.count(0), "tier1": tiers.count(1), "tier2": tiers.count(2), "no_tier": tiers.count(None),
                "unknown": 0, "accounts": len(accounts)}
        self.assertEqual({k: n["tiering"][k] for k in want}, want)
        asked = [a for a in rules.users(w) if rules.mfa_asked(w, a) and not rules.mfa_excepted(w, a)]
        states = [rules.mfa_state(w, a) for a in asked]
        want = {"required": len(asked), "covered": states.count("yes"), "not_covered": states.count("no"),
                "unknown": states.count("unknown")}
        self.assertEqual({k: n["mfa"][k] for k in want}, want)
        admins = rules.all_admins(w, enabled=False)
        want = {"accounts": len(admins), "enabled": len([a for a in admins if a.enabled]), "domain_controllers": 1}
        self.assertEqual({k: n["privileged"][k] for k in want}, want)
        self.counts(w, results)

    def counts(self, w, results):
        """Members of each privileged group, direct and by any nesting, and how deep the nesting goes."""
        table = next(t for t in results["tables"] if (t["family"], t["name"]) == ("privileged", "groups"))
        name, *columns = ([c["name"] for c in table["columns"]].index(c) for c in
                          ("group", "direct_members", "effective_accounts", "nesting_depth"))
        groups = {g.name: g for g in w.privileged_groups()}
        for row in table["rows"]:
            g = groups.pop(row[name])
            effective = [a for a in w.accounts.values() if w.is_in(a.dn, g.dn)]
            looped = any(w.is_in(h, h) and w.is_in(h, g.dn) for h in w.groups)  # then its depth is a matter of taste
            want = [len(w.direct_members(g.dn)), len(effective), row[columns[2]] if looped else rules.longest(w, g.dn)]
            self.assertEqual([row[c] for c in columns], want, g.name)
        for g in groups.values():
            self.assertEqual(w.direct_members(g.dn), [], g.name)


if __name__ == "__main__":
    unittest.main()
