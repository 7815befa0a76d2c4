"""The same directory read in two ways: what the import decides must be what the reference found, and what it cannot
tell must be unknown, object by object."""
UNKNOWN = "unknown"
ORADAD_ALONE = "warning_tool_version"  # is about ORADAD's own version


def by_id(results):
    return {c["id"]: c for c in results["controls"] if c["id"] != ORADAD_ALONE}


def dns(c):
    return sorted(o["dn"] for o in c["objects"])


def facts(c):
    """What of a finding must not depend on the source. ORADAD replaces the line feed in the name of a conflict."""
    return [(o["dn"], o["sid"], o["guid"], o["kind"], (o["name"] or "").replace("\n", " ")) for o in sorted(c["objects"], key=lambda o: o["dn"])]


def contradiction(reference, imported):
    """None, or why these two verdicts on one control cannot both be true. A verdict with a reason is a lower bound, and
    where the reference does not know either nothing is held against the import but findings beyond all that is known."""
    r, i = reference, imported
    if r["status"] == UNKNOWN:
        return None
    if i["status"] != UNKNOWN and r["status"] != i["status"]:
        return f"{i['status']}, not {r['status']}"
    if not r["unknown"] and not r["reason"] and set(dns(i)) - set(dns(r)):
        return said("invented", set(dns(i)) - set(dns(r)))
    if i["status"] == UNKNOWN or i["reason"] or i["unknown"] > r["unknown"]:
        return None if i["reason"] or i["status"] == UNKNOWN or r["count"] - i["count"] <= i["unknown"] - r["unknown"] else (
            f"{i['count']} and {i['unknown']} unknown, not {r['count']}")
    if set(dns(r)) - set(dns(i)):
        return said("lost", set(dns(r)) - set(dns(i)))
    if i["unknown"] == r["unknown"] and facts(r) != facts(i):
        return f"other facts {sorted(set(facts(r)) ^ set(facts(i)), key=str)[:2]}"
    return None


def said(word, names):
    return f"{word} {len(names)}: {min(names)}"


def better(reference, imported):
    """Controls that look better than they are: compliant or not applicable where the reference is not, or fewer objects
    without a word of what is not known. What a damaged folder must never do, whatever else it costs."""
    r, i, out = by_id(reference), by_id(imported), {}
    for name in r:
        if r[name]["status"] == "fail" and i[name]["status"] not in ("fail", UNKNOWN):
            out[name] = f"{i[name]['status']}, not fail"
        elif r[name]["status"] == i[name]["status"] == "fail" and not i[name]["reason"] and not i[name]["unknown"] and (
                i[name]["count"] < r[name]["count"]):
            out[name] = f"{i[name]['count']} and none unknown, not {r[name]['count']}"
    return out


def contradictions(reference, imported):
    r, i = by_id(reference), by_id(imported)
    out = {name: why for name in r if (why := contradiction(r[name], i[name]))}
    if set(r) != set(i):
        out["controls"] = sorted(set(r) ^ set(i))
    return out


def lost(reference, imported):
    """{control: reason} that only the reference decides."""
    r, i = by_id(reference), by_id(imported)
    return {name: i[name]["reason"] for name in sorted(r) if r[name]["status"] != UNKNOWN and i[name]["status"] == UNKNOWN}


def decided(results):
    return {name for name, c in by_id(results).items() if c["status"] != UNKNOWN}


def other_evidence(reference, imported):
    """(control, DN, there, here) where both found the same object and say something else of it."""
    r, i = by_id(reference), by_id(imported)
    there = {(name, o["dn"]): o["evidence"] for name in r for o in r[name]["objects"]}
    return [(name, o["dn"], there[name, o["dn"]], o["evidence"]) for name in i for o in i[name]["objects"]
            if there.get((name, o["dn"]), o["evidence"]) != o["evidence"]]
