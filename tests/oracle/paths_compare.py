#!/usr/bin/python3
"""Control paths of the program and of the independent evaluator, over random directories.

usage: paths_compare.py PROGRAM FIRST COUNT [--keep FOLDER] [--summary]
Exit 1 when something differs, or when a control never passed, never failed or was never unknown.
"""
import argparse
import collections
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import generate  # noqa: E402
import paths_evaluate  # noqa: E402
import paths_generate  # noqa: E402

ENOUGH = 100
SHOWN = 20   # principals that a finding names
# As the program calls what was not read.
WELL_KNOWN = {"S-1-1-0": "Everyone", "S-1-5-11": "Authenticated Users", "S-1-5-7": "Anonymous Logon",
	"S-1-5-4": "Interactive"}


def audit(program, ldif, out):
	command = [program, "audit", "--policy", "care", "--at", generate.AT, "--format", "json", "--output",
		out, "--quiet", "--ldif", ldif]
	done = subprocess.run(command, capture_output=True, timeout=120)
	if done.returncode != 0 or done.stderr:
		raise SystemExit("%s: exit %d\n%s" % (" ".join(command), done.returncode,
			done.stderr.decode("utf-8", "replace")))
	with open(os.path.join(out, "results.json"), encoding="utf-8") as f:
		return json.load(f)


def as_list(v):
	return v if isinstance(v, list) else [v] if v else []


def named(mine, directory):
	"""SIDs as the program names them."""
	out = set()
	for sid in mine:
		o = directory.by_sid.get(sid)
		out.add((o.text("samaccountname") or o.text("cn") or sid) if o is not None and o.kind != "fsp"
			else WELL_KNOWN.get(sid, sid))
	return out


def differences(evaluator, mine, theirs):
	controls = {c["id"]: c for c in theirs["controls"]}
	for name, m in mine.items():
		t = controls[name]
		if m["status"] == "unknown" and t["status"] == "not_applicable" and not m["examined"]:
			continue
		if m["status"] != t["status"]:
			yield name, "status %s/%s" % (m["status"], t["status"]), m["findings"], {
				"reason": t["reason"], "found": [o["dn"] for o in t["objects"]]}
			continue
		found = {o["dn"]: o for o in t["objects"]}
		for dn in sorted(set(found) ^ set(m["findings"])):
			yield name, "object " + ("not found" if dn in m["findings"] else "found"), dn, \
				(m["findings"].get(dn) or found.get(dn))
		for dn in sorted(set(found) & set(m["findings"])):
			level = m["findings"][dn]["level"]
			if level and level != found[dn]["level"]:
				yield name, "level", (dn, level), found[dn]["level"]
			shown = set(as_list(found[dn]["evidence"].get("principal")))
			known = named(m["findings"][dn]["principals"], evaluator.d)
			if not shown <= known:
				yield name, "principals", (dn, sorted(known)), sorted(shown - known)
			at_once = named(m["findings"][dn]["at_once"], evaluator.d) - shown
			if at_once and len(shown) < SHOWN:
				yield name, "principal not shown", (dn, sorted(at_once)), sorted(shown)


def main():
	p = argparse.ArgumentParser()
	p.add_argument("program")
	p.add_argument("first", type=int)
	p.add_argument("count", type=int)
	p.add_argument("--keep")
	p.add_argument("--summary", action="store_true")
	a = p.parse_args()
	kinds, examples, statuses = collections.Counter(), {}, collections.Counter()
	with tempfile.TemporaryDirectory() as temporary:
		for seed in range(a.first, a.first + a.count):
			folder = os.path.join(a.keep or temporary, str(seed))
			paths_generate.write(seed, folder)
			ldif = os.path.join(folder, "dir.ldif")
			theirs = audit(a.program, ldif, os.path.join(folder, "out"))
			evaluator = paths_evaluate.Paths([ldif])
			mine = evaluator.run()
			for c in theirs["controls"]:
				statuses[c["id"], c["status"]] += 1
			for control, kind, m, t in differences(evaluator, mine, theirs):
				kinds[control, kind] += 1
				examples.setdefault((control, kind), []).append(seed)
				if not a.summary:
					print("seed %d %s %s\n  evaluator %s\n  program   %s" % (seed, control, kind, m, t))
	for (control, kind), n in sorted(kinds.items()):
		print("%5d %s: %s, seeds %s" % (n, control, kind, examples[control, kind][:6]))
	silent = [(c, s) for c in sorted(paths_evaluate.Paths.POINTS) + ["hyg_dcsync"] for s in ("pass", "fail", "unknown")
		if a.count >= ENOUGH and not statuses[c, s]]
	for control, status in silent:
		print("%s never said %s" % (control, status))
	print("%d directories, %d differences" % (a.count, sum(kinds.values())))
	return 1 if kinds or silent else 0


if __name__ == "__main__":
	sys.exit(main())
