#!/usr/bin/python3
"""results.py FOLDER FINDINGS [FACILITIES]: two results.json of one directory, two months apart, with so many
findings each over 20 controls: of every ten, one is gone, one is new and one was renamed. With FACILITIES, one
results.json of each of so many directories."""
import json
import pathlib
import sys

CONTROLS = 20
FAMILIES = ("password_policy", "privileged", "tiering", "stale", "mfa")
SID = "S-1-5-21-1004336348-1177238915-682003330"


def finding(i, renamed):
    name = f"compte-{'r' if renamed else ''}{i:06}"
    return {"dn": f"CN={name},OU=Comptes {i % 300:05},DC=chu,DC=example", "sid": f"{SID}-{1000 + i}",
            "guid": f"0f0e0d0c-0b0a-0908-0706-{i:012x}", "domain": "chu.example", "name": name, "kind": "user", "level": 2,
            "evidence": {"last_logon": f"2026-{i % 9 + 1:02}-{i % 28 + 1:02}T08:00:00Z", "days": str(i % 3000),
                         "privilege_path": [name, "Admins du domaine"]}, "waived": False}


def numbers(later):
    """Findings by their number: those of the earlier run, or of the later one."""
    def those(count):
        for i in range(count):
            if i % 10 != (0 if later else 1):
                yield i, later and i % 10 == 2
    return those


def write(path, later, count, facility=0):
    name, domain = (f"CH n° {facility:02}", f"ch{facility}.example") if facility else (None, "chu.example")
    empty = {f: {} for f in FAMILIES}
    empty["mfa"] = {n: 0 for n in ("required", "covered", "not_covered", "unknown", "percent")}
    behind = {f: {n: ["hyg_made_00"] for n in empty[f]} for f in FAMILIES}
    head = {"schema": 1, "tool": {"name": "adhygiene", "version": "0.1.0", "catalogue": "2026-11"},
            "facility": {"name": name, "finess": None, "ght": None},
            "directory": {"forest": domain, "domains": [{"dns": domain, "netbios": "CHU", "sid": SID[:-2] + f"{30 + facility}"}],
                          "source": "ldap", "collected_at": None,
                          "evaluated_at": "2027-01-20T10:00:00Z" if later else "2026-11-21T10:00:00Z",
                          "counts": {"objects": count, "users": count, "users_enabled": count, "computers": 0, "groups": 0}},
            "policy": {"name": "care", "sha256": "0" * 64}, "level": 5, "level_floor": 5, "level_with_waivers": 5,
            "indicators": empty, "indicator_controls": behind, "indicator_notes": {f: [] for f in FAMILIES}, "tables": []}
    with open(path, "w", encoding="utf-8") as out:
        out.write(json.dumps(head, ensure_ascii=False)[:-1] + ',\n"controls": [')
        for c in range(CONTROLS):
            rows = list(numbers(later)(count * 10 // 9 // CONTROLS))
            verdict = {"id": f"hyg_made_{c:02}", "area": "stale", "levels": [2], "failed_level": 2, "status": "fail",
                       "reason": None, "examined": count, "count": len(rows), "unknown": 0, "waived": 0, "parameters": {}}
            out.write((",\n" if c else "\n") + json.dumps(verdict)[:-1] + ', "objects": [')
            for k, (i, renamed) in enumerate(rows):
                row = finding(c * 10**6 + i, renamed)
                out.write((",\n" if k else "\n") + json.dumps(row, ensure_ascii=False))
            out.write("]}")
        out.write('],\n"coverage": []}\n')


if __name__ == "__main__":
    folder, findings = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    if len(sys.argv) > 3:
        for n in range(1, int(sys.argv[3]) + 1):
            write(folder / f"ch{n:02}.json", True, findings, n)
    else:
        for name, is_later in (("old.json", False), ("new.json", True)):
            write(folder / name, is_later, findings)
