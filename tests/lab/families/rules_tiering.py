"""Where tier 0 may log on, by the policies of the units; rules.py explains."""
from families.rules import RULES, below, everyone, in_tier, is_named_admin, of_kind, population, rule, tier_of, users
from families.rules_stale import deposits

DENIALS = ("SeDenyInteractiveLogonRight", "SeDenyRemoteInteractiveLogonRight", "SeDenyNetworkLogonRight",
           "SeDenyServiceLogonRight", "SeDenyBatchLogonRight")
ALLOWED = ("SeInteractiveLogonRight", "SeRemoteInteractiveLogonRight", "SeNetworkLogonRight", "SeServiceLogonRight",
           "SeBatchLogonRight")


def unit_of(w, dn):
    return next(u for u in w.units if below(dn, u) and not any(below(dn, v) and below(v, u) for v in w.units))


def lower_units(w):
    """Units that directly hold enabled Windows computers of tier 1 or 2: {unit: tiers}."""
    found = {}
    for c in of_kind(w, "computer"):
        if tier_of(w, c) in (1, 2) and (c.os or "").startswith("Windows"):
            unit = unit_of(w, c.dn)
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
    def crosses(g):
        """What tier 0 has of the kind is said by its policy, what privileged accounts have by another point."""
        return not reaches_privileged(w, g) and not any(of_tier_unit(w, u, 0) for u in g.links) and any(
            below(o.dn, u) and tier_of(w, o) in (0, 1) for u in g.links for o in everyone(w, enabled=False))
    return w.crossers + [who for g, who in w.edits if crosses(g)]


def reaches_privileged(w, g):
    return any(below(a.dn, u) and (w.privileged(a) or w.is_dc(a)) for u in g.links for a in w.accounts.values())


def of_tier_unit(w, unit, t):
    return any(unit == u or below(unit, u) or below(u, unit) for u in w.tiers[t]["units"])


@rule("hyg_tier0_computer_outside_units")
def _(w, p):
    return w.fact_tier0


@rule("hyg_tier0_gpo_editable")
def _(w, p):
    return [g for g, _ in w.edits if not reaches_privileged(w, g) and any(of_tier_unit(w, u, 0) for u in g.links)]


@rule("vuln_permissions_gpo_priv")
def _(w, p):
    return [g for g, _ in w.edits if reaches_privileged(w, g)]


@rule("hyg_hidden_admins")
def _(w, p):
    return w.hidden + [who for g, who in w.edits if reaches_privileged(w, g)]


@rule("hyg_backup_interactive_logon")
def _(w, p):
    servers = w.populations.get("backup", {}).get("computers", [])

    def may_in(a, unit):
        """As Windows has it: a local session is everybody's, a remote one of local groups that are not seen."""
        for way, everybody in (("InteractiveLogonRight", True), ("RemoteInteractiveLogonRight", False)):
            given = in_force(w, unit, "Se" + way)
            if (named(w, a.dn, given) if given else everybody) and not named(w, a.dn, in_force(w, unit, "SeDeny" + way)):
                return True
        return False

    def units(a):
        if a.limited:
            return [unit_of(w, c) for c in a.limited if c not in servers]
        return {unit_of(w, c.dn) for c in of_kind(w, "computer") if not w.is_dc(c) and (c.os or "").startswith("Windows")}
    return [a for a in deposits(w) if a.kind == "user" and any(may_in(a, u) for u in units(a))]
