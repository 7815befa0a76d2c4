#!/usr/bin/python3
"""Runs the program and the evaluator over random directories and shows every difference.

usage: compare.py PROGRAM FIRST COUNT [--keep FOLDER] [--summary] [--invariants N]
--invariants N: also what must hold without knowing the right answer, on every Nth directory.
Exit 1 when something differs, or when a control never passed, never failed or was never unknown: a
comparison of hundreds of directories in which it did not proves little about it.
"""
import argparse
import collections
import gzip
import json
import os
import subprocess
import sys
import tempfile

import jsonschema

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import evaluate  # noqa: E402
import generate  # noqa: E402


ENOUGH = 100   # directories in which every control should have said everything


def audit(program, ldif, policy, out, extra=()):
	command = [program, "audit", "--policy", policy, "--at", generate.AT, "--format", "json",
		"--output", out, "--quiet"] + [a for f in ldif for a in ("--ldif", f)] + list(extra)
	done = subprocess.run(command, capture_output=True, timeout=120)
	if done.returncode != 0 or done.stderr:
		raise SystemExit("%s: exit %d\n%s" % (" ".join(command), done.returncode,
			done.stderr.decode("utf-8", "replace")))
	with open(os.path.join(out, "results.json"), "rb") as f:
		return f.read()


def differences(mine, theirs):
	"""(control, kind of difference, the two answers)"""
	controls = {c["id"]: c for c in theirs["controls"]}
	for name, m in mine["controls"].items():
		t = controls.get(name)
		if t is None:
			yield name, "missing", "", ""
			continue
		found = sorted(o["dn"] for o in t["objects"])
		waived = sorted(o["dn"] for o in t["objects"] if o["waived"])
		if m["objects"] == ["*"]:
			found = ["*"] if found else []
		if m["status"] != t["status"]:
			yield name, "status %s/%s" % (m["status"], t["status"]), m, {
				"reason": t["reason"], "unknown": t["unknown"], "found": found}
		elif m["objects"] != found:
			yield name, "objects", {"only": sorted(set(m["objects"]) - set(found))}, {
				"only": sorted(set(found) - set(m["objects"]))}
		elif m["waived"] != waived:
			yield name, "waived", m["waived"], waived
	for key, value in levels(c for c in theirs["controls"] if c["id"] in mine["controls"]).items():
		if mine[key] != value:
			yield key, "number", mine[key], value
	for key, value in mine["counts"].items():
		if value != theirs["directory"]["counts"][key]:
			yield "counts." + key, "number", value, theirs["directory"]["counts"][key]


def levels(controls):
	"""The three levels over these controls alone: the evaluator does not know all of them."""
	out = {"level": 5, "level_floor": 5, "level_with_waivers": 5}
	for c in controls:
		if not c["id"].startswith("vuln_"):
			continue
		failed = [(o["level"], o["waived"]) for o in c["objects"]]
		out["level"] = min([out["level"]] + [lv for lv, _ in failed])
		out["level_with_waivers"] = min([out["level_with_waivers"]] + [lv for lv, w in failed if not w])
		out["level_floor"] = min([out["level_floor"]] + [lv for lv, _ in failed])
		if c["status"] in ("unknown", "disabled"):
			out["level_floor"] = min(out["level_floor"], c["levels"][0])
	return out


def verdicts(results):
	return {c["id"]: (c["status"], {o["dn"] for o in c["objects"]})
		for c in json.loads(results)["controls"]}


def write(path, entries, seed):
	with open(path, "w", encoding="utf-8") as f:
		f.write(generate.write_ldif(entries, seed))
	return path


def same_whatever_the_file(program, folder, seed, g, results):
	"""Twice; in another order and UTF-16; in two files, one packed."""
	policy = os.path.join(folder, "policy.yaml")
	paths = [os.path.join(folder, n) for n in ("utf16.ldif", "a.ldif", "b.ldif.gz")]
	half = len(g.entries) // 2
	with open(paths[0], "wb") as f:
		f.write(generate.write_ldif(g.entries, seed + 1).encode("utf-16"))
	write(paths[1], g.entries[:half], seed)
	with open(paths[2], "wb") as f:
		f.write(gzip.compress(generate.write_ldif(g.entries[half:], seed).encode(), mtime=0))
	for what, files in (("twice", [os.path.join(folder, "dir.ldif")]), ("UTF-16", paths[:1]),
			("split", paths[1:])):
		if audit(program, files, policy, os.path.join(folder, "out2")) != results:
			yield "invariant", "not the same: " + what, "", ""


def nothing_unrelated(program, folder, seed, g, results):
	"""An object that no control is about changes no verdict."""
	dn = g.domains[0].dn
	more = [generate.Entry("CN=printer,OU=Postes," + dn, ("top", "leaf", "printQueue")),
		generate.Entry("CN=Ailleurs,OU=Postes," + dn, ("top", "person", "organizationalPerson",
		"contact"))]
	for e in more:
		e.set("whenCreated", "20200101000000.0Z").set("cn", e.dn.split(",")[0][3:])
		if g.star:
			e.set("uSNChanged", 1).set("instanceType", 4)
	path = write(os.path.join(folder, "more.ldif"), g.entries + more, seed)
	got = audit(program, [path], os.path.join(folder, "policy.yaml"), os.path.join(folder, "out2"))
	before, after = verdicts(results), verdicts(got)
	for control in before:
		# one without a descriptor is what this control is about
		if before[control] != after[control] and control != "warning_sd_failed_sd_read":
			yield control, "changed by an unrelated object", before[control], after[control]


HIDEABLE = ("userAccountControl", "pwdLastSet", "lastLogonTimestamp", "whenCreated", "memberOf",
	"adminCount", "member", "primaryGroupID", "servicePrincipalName", "msDS-PSOApplied", "mail",
	"msDS-KeyCredentialLink", "msDS-SupportedEncryptionTypes", "groupType", "minPwdLength",
	"pwdProperties", "maxPwdAge", "ms-DS-MachineAccountQuota", "msDS-Behavior-Version",
	"msDS-MinimumPasswordLength", "msDS-PSOAppliesTo", "whenChanged", "systemFlags", "nCName",
	"userPrincipalName", "msDS-PasswordSettingsPrecedence")
# Where the finding is worth more than the doubt. Who is privileged is not known, but what is weak is so
# all the same: only what these controls found before. Nearly nothing is younger than an hour; nearly no
# forest has 17 domains.
WORTH_MORE = {
	("hyg_password_length_users", "member"): {"hyg_password_length_admins"},
	("hyg_password_service_accounts", "member"): {"hyg_password_length_admins"},
	("warning_reversible_password", "member"): {"vuln_reversible_password_priv_namingcontext",
		"vuln_reversible_password_priv_uac"},
	("vuln_privileged_members", "nCName"): None,
	("vuln_privileged_members_no_admincount", "whenCreated"): None,
	("vuln_privileged_members_no_admincount", "whenChanged"): None,
	("vuln_privileged_members", "systemFlags"): None,
}


def may_be_found(control, name, results):
	"""What this control may find without the attribute, beyond what it found with it; None: all."""
	others = WORTH_MORE.get((control, name), set())
	if others is None:
		return None
	controls = {c["id"]: c for c in json.loads(results)["controls"]}
	disabled_too = controls[control]["parameters"].get("include_disabled")
	out = set()
	for o in (controls[o] for o in others):
		# It did not look at the same accounts.
		if o["status"] == "disabled" or o["parameters"].get("include_disabled") != disabled_too:
			return None
		out |= {f["dn"] for f in o["objects"]}
	return out


def hidden_is_never_better(program, folder, seed, g, results):
	"""What is hidden takes findings away and turns pass into unknown, never the other way."""
	policy, out = os.path.join(folder, "policy.yaml"), os.path.join(folder, "out2")
	r = generate.random.Random(seed)
	for e in g.entries:
		for name in ("uSNChanged", "instanceType", "dSCorePropagationData"):
			e.a.pop(name, None)
	path = os.path.join(folder, "hidden.ldif")
	results = audit(program, [write(path, g.entries, seed)], policy, out)
	before = verdicts(results)
	for name in r.sample(HIDEABLE, 4):
		kept = {id(e): e.a.pop(name) for e in g.entries if name in e.a}
		after = verdicts(audit(program, [write(path, g.entries, seed)], policy, out))
		for e in g.entries:
			if id(e) in kept:
				e.a[name] = kept[id(e)]
		for control, (status, found) in before.items():
			now, still = after[control]
			if status in ("fail", "waived", "unknown") and now in ("pass", "not_applicable"):
				yield control, "%s -> %s without %s" % (status, now, name), "", ""
			allowed = may_be_found(control, name, results) if still - found else set()
			if allowed is not None and still - found - allowed:
				yield control, "found without " + name, "", sorted(still - found - allowed)


def invariants(program, folder, seed, g, results):
	"""What must hold without knowing the right answer."""
	yield from same_whatever_the_file(program, folder, seed, g, results)
	yield from nothing_unrelated(program, folder, seed, g, results)
	yield from hidden_is_never_better(program, folder, seed, g, results)


def main():
	p = argparse.ArgumentParser()
	p.add_argument("program")
	p.add_argument("first", type=int)
	p.add_argument("count", type=int)
	p.add_argument("--keep")
	p.add_argument("--summary", action="store_true")
	p.add_argument("--invariants", type=int, default=0)
	a = p.parse_args()
	with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs",
			"results.schema.json"), encoding="utf-8") as f:
		schema = jsonschema.Draft202012Validator(json.load(f))
	kinds, examples, statuses = collections.Counter(), {}, collections.Counter()
	with tempfile.TemporaryDirectory() as temporary:
		for seed in range(a.first, a.first + a.count):
			folder = os.path.join(a.keep or temporary, str(seed))
			g = generate.write(seed, folder)
			policy, ldif = (os.path.join(folder, n) for n in ("policy.yaml", "dir.ldif"))
			results = audit(a.program, [ldif], policy, os.path.join(folder, "out"))
			theirs = json.loads(results)
			schema.validate(theirs)
			mine = evaluate.evaluate([ldif], policy, generate.AT)
			found = list(differences(mine, theirs))
			if a.invariants and seed % a.invariants == 0:
				found += invariants(a.program, folder, seed, g, results)
			for c in theirs["controls"]:
				statuses[c["id"], c["status"]] += 1
			for control, kind, m, t in found:
				kinds[control, kind] += 1
				examples.setdefault((control, kind), []).append(seed)
				if not a.summary:
					print("seed %d %s %s\n  evaluator %s\n  program   %s" % (seed, control, kind, m, t))
	for (control, kind), n in sorted(kinds.items()):
		print("%5d %s: %s, seeds %s" % (n, control, kind, examples[control, kind][:6]))
	silent = [(c, s) for c in sorted(evaluate.LEVELS) for s in ("pass", "fail", "unknown")
		if a.count >= ENOUGH and not statuses[c, s]]
	for control, status in silent:
		print("%s never said %s" % (control, status))
	print("%d directories, %d differences" % (a.count, sum(kinds.values())))
	return 1 if kinds or silent else 0


if __name__ == "__main__":
	sys.exit(main())
