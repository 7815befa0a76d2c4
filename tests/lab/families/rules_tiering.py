"""Where tier 0 may log on, by the policies of the units; rules.py explains."""
from families.rules import RULES, below, in_tier, is_named_admin, of_kind, population, rule, tier_of, users

DENIALS = ("SeDenyInteractiveLogonRight", "SeDenyRemoteInteractiveLogonRight", "SeDenyNetworkLogonRight",
           "SeDenyServiceLogonRight", "SeDenyBatchLogonRight")
ALLOWED = ("SeInteractiveLogonRight", "SeRemoteInteractiveLogonRight", "SeNetworkLogonRight", "SeServiceLogonRight",
           "SeBatchLogonRight")


def lower_units(w):
    """Units that directly hold enabled Windows computers of tier 1 or 2: {unit: tiers}."""
    found = {}
    for c in of_kind(w, "computer"):
        if tier_of(w, c) in (1, 2) and (c.os or "").startswith("Windows"):
            unit = next(u for u in w.units if below(c.dn, u) and not any(below(c.dn, v) and below(v, u) for v in w.units))
            found.setdefault(unit, set()).add(tier_of(w, c))
    return found


def in_force(w, unit, right, of="rights"):
    """Of the nearest policy that sets it."""
    while unit in w.units:
        for g in w.gpos.values():
            if unit in g.links and right in getattr(g, of):
                return getattr(g, of)[right]
        unit = next((u for u in sorted(w.units, key=len, reverse=True) if below(unit, u)), None)
    return []


def named(w, dn, holders):
    return dn in holders or any(g in holders for g in w.above(dn))


@rule("hyg_tier0_deny_logon")
def _(w, p):
    asked = [d for d in DENIALS if p["network"] or d != "SeDenyNetworkLogonRight"]
    tier0 = [a for a in users(w) if a.rid != 500 and in_tier(w, a, 0)]
    return [u for u in lower_units(w) if any(not named(w, a.dn, in_force(w, u, d)) for a in tier0 for d in asked)]


def group_tier(w, g):
    for t in (0, 1, 2):
        if g in w.tiers[t]["groups"] or any(h in w.tiers[t]["groups"] for h in w.above(g)):
            return t
        if t == 0 and (w.group_privileged(g) or any(w.group_privileged(h) for h in w.above(g))):
            return 0
    return next((t for t in (0, 1, 2) if any(below(g, u) for u in w.tiers[t]["units"])), None)


@rule("hyg_tier_admin_logon_down")
def _(w, p):
    found = []
    for unit, tiers in lower_units(w).items():
        for right in ALLOWED:
            denied = in_force(w, unit, right.replace("Se", "SeDeny", 1))
            for who in in_force(w, unit, right):
                if who not in denied and group_tier(w, who) is not None and group_tier(w, who) < max(tiers):
                    found.append(unit)
        for local in (544, 555):
            for who in in_force(w, unit, local, "local"):
                # Members of Administrators and Remote Desktop Users may log on locally and remotely.
                ways = ("SeDenyInteractiveLogonRight", "SeDenyRemoteInteractiveLogonRight", "SeDenyNetworkLogonRight")
                if group_tier(w, who) is not None and group_tier(w, who) < max(tiers) and any(
                        not named(w, who, in_force(w, unit, d)) for d in ways):
                    found.append(unit)
    return set(found)


@rule("hyg_tier_same_person")
def _(w, p):
    def only_one(a):
        number = a.more.get("employeeID")
        return number and not any(b.more.get("employeeID") == number and tier_of(w, b) not in (0, 1) for b in users(w))

    def for_both(a):
        return tier_of(w, a) == 1 and (a.more.get("mail") or (w.admin_pattern and not is_named_admin(w, a)))
    said = RULES["hyg_admin_not_dedicated"](w, p)
    return [a for a in users(w) if a.rid != 500 and tier_of(w, a) in (0, 1) and a not in said and
            not population(w, "service_accounts", a) and (only_one(a) or for_both(a))]


@rule("hyg_tier_control_crossing")
def _(w, p):
    return w.crossers


@rule("hyg_tier0_gpo_editable", "hyg_tier0_computer_outside_units")
def _(w, p):
    return []  # nothing of the kind is planted: neither an authority nor a policy of tier 0 that no administrator is under
