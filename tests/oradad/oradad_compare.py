"""The same directory read in two ways: what the import decides must be what the reference found, and what it cannot
tell must be unknown, object by object."""
UNKNOWN = "unknown"


def by_id(results):
    return {c["id"]: c for c in results["controls"]}


def dns(c):
    return sorted(o["dn"] for o in c["objects"])


def facts(c):
    """What of a finding must not depend on the source."""
    return sorted((o["dn"], o["sid"], o["guid"], o["kind"], o["name"]) for o in c["objects"])


def contradiction(reference, imported, listed=True):
    """None, or why these two verdicts on one control cannot both be true. The reference may not know either: then
    nothing is held against the import but findings that are no findings there."""
    r, i = reference, imported
    if r["status"] == UNKNOWN or i["status"] == UNKNOWN:
        # Findings beside what is not known stand: none may be invented.
        return f"invented {extra[:3]}" if r["status"] != UNKNOWN and (extra := sorted(set(dns(i)) - set(dns(r)))) else None
    if r["status"] != i["status"]:
        return f"{i['status']}, not {r['status']}"
    if r["unknown"] > i["unknown"]:
        return None if set(dns(r)) <= set(dns(i)) else f"lost {sorted(set(dns(r)) - set(dns(i)))[:3]}"
    if extra := sorted(set(dns(i)) - set(dns(r))):
        return f"invented {extra[:3]}"
    if r["count"] - i["count"] > i["unknown"] - r["unknown"]:
        return f"{i['count']} and {i['unknown']} unknown, not {r['count']}"
    if r["unknown"] == i["unknown"] and listed and facts(r) != facts(i):
        return f"other facts {sorted(set(facts(r)) ^ set(facts(i)))[:2]}"
    return None


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
