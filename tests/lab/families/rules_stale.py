"""What nobody uses, who left, and privileged accounts that nobody should have; rules.py explains."""
import re

from families.rules import (admins, all_admins, below, everyone, in_tier, is_named_admin, of_kind, population, rule,
                            said_elsewhere, share, tier_of, users)
from families.rules_passwords import is_service

def unused(w, a, days):
    return a.logon is not None and a.logon - w.lag > days


def strictest(w, a, days):
    """The limit of the ordinary control, where that is asked for and stricter."""
    if a.logon is None:
        other = w.asked.get("hyg_never_logged_on", {}).get("min_days", days)
    else:
        other = w.asked.get("hyg_stale_service_accounts" if a.kind == "msa" or is_service(w, a) else "hyg_stale_users",
                            {}).get("max_days", days)
    return min(days, other)


@rule("hyg_stale_users")
def _(w, p):
    return [a for a in users(w) if a.rid != 500 and not is_service(w, a) and unused(w, a, p["max_days"]) and
            not said_elsewhere(w, a, "hyg_privileged_stale")]


@rule("hyg_stale_computers")
def _(w, p):
    return [a for a in of_kind(w, "computer") if a.sam not in ("AZUREADSSOACC$", "AzureADKerberos$") and unused(w, a, p["max_days"])]


@rule("hyg_stale_service_accounts")
def _(w, p):
    return [a for a in of_kind(w, "user", "msa") if a.rid != 500 and (a.kind == "msa" or is_service(w, a)) and
            not said_elsewhere(w, a, "hyg_privileged_stale" if a.logon is not None else None) and
            (unused(w, a, p["max_days"]) or (a.kind == "msa" and a.logon is None and a.created > p["max_days"]))]


@rule("hyg_expired_enabled")
def _(w, p):
    return [a for a in users(w) if a.expires is not None and -a.expires > p["max_days"]]


@rule("hyg_disabled_long")
def _(w, p):
    return [a for a in everyone(w, enabled=False) if not a.enabled and a.rid not in (500, 501, 503) and
            a.changed > p["max_days"] and a.created > p["max_days"] and (a.logon is None or a.logon > p["max_days"])]


@rule("hyg_disabled_remote_access")
def _(w, p):
    return [a for a in of_kind(w, "user", enabled=False) if not a.enabled and population(w, "remote_access", a)]


@rule("hyg_empty_groups")
def _(w, p):
    return [g for g in w.groups.values() if not g.adopted and not w.direct_members(g.dn) and g.created >= p["min_days"]]


@rule("hyg_empty_ous")
def _(w, p):
    things = [*w.accounts, *w.groups, *w.units]
    return [u for u, facts in w.units.items() if facts["created"] >= p["min_days"] and not any(below(t, u) for t in things)]


@rule("hyg_gpo_unlinked")
def _(w, p):
    return [g for g in w.gpos.values() if not g.links and g.created >= p["min_days"]]


def obsolete(w, biomedical):
    return [a for a in of_kind(w, "computer") if not w.is_dc(a) and a.supported is False and
            bool(population(w, "biomedical", a)) == biomedical]


@rule("hyg_obsolete_computers")
def _(w, p):
    return obsolete(w, False)


@rule("hyg_obsolete_biomedical")
def _(w, p):
    return obsolete(w, True)


def hr_key(w, a):
    return a.sam if w.hr_match == "sAMAccountName" else a.more.get("employeeID")


@rule("hyg_hr_left")
def _(w, p):
    return [a for a in users(w) if w.hr and w.hr.get(hr_key(w, a)) == "left"]


def personal(w, a):
    apart = ("shared_accounts", "external", "backup", "hypervisor", "biomedical")
    if re.match("MSOL_|AAD_|Sync_", a.sam):
        return False
    return not (is_service(w, a) or any(population(w, n, a) for n in apart) or a.rid < 1000 or
                (w.admin_pattern and is_named_admin(w, a)))


@rule("hyg_hr_unknown")
def _(w, p):
    # Whether an account behind a descriptor that nobody may read has a number is not known: any row may be its.
    return [a for a in users(w) if w.hr is not None and personal(w, a) and hr_key(w, a) not in w.hr and
            (hr_key(w, a) or not a.closed or w.exported)]


@rule("hyg_manager_left")
def _(w, p):
    def left(dn):
        boss = w.accounts[dn]
        return not boss.enabled or (w.hr is not None and w.hr.get(hr_key(w, boss)) == "left")
    return [a for a in users(w) if a.more.get("manager") and left(a.more["manager"])]


# ---- privileged sprawl -----------------------------------------------------------------------------

@rule("hyg_privileged_stale")
def _(w, p):
    return [a for a in admins(w, "user", "msa") if a.rid != 500 and unused(w, a, strictest(w, a, p["max_days"])) and
            not said_elsewhere(w, a, None)]


@rule("hyg_privileged_never_used")
def _(w, p):
    return [a for a in admins(w) if a.rid != 500 and a.logon is None and a.created > strictest(w, a, p["min_days"]) and
            not said_elsewhere(w, a, None)]


@rule("hyg_privileged_service")
def _(w, p):
    return [a for a in all_admins(w) if a.kind == "msa" or population(w, "service_accounts", a)]


@rule("hyg_privileged_shared")
def _(w, p):
    return [a for a in admins(w) if population(w, "shared_accounts", a)]


@rule("hyg_privileged_computers")
def _(w, p):
    return [a for a in admins(w, "computer") if not w.is_dc(a)]


@rule("hyg_privileged_orphan_members")
def _(w, p):
    def brings(g):
        return w.group_privileged(g.dn) or any(w.group_privileged(h) for h in w.above(g.dn))
    return [g for g in w.groups.values() if brings(g) and any("CN=S-1-5-21-" in m for m in g.members)]


@rule("hyg_exchange_groups")
def _(w, p):
    return [g for g in w.exchange if any(g.dn in w.above(a.dn) for a in of_kind(w, "user", "msa", enabled=False))]


@rule("hyg_hypervisor_admins_not_tier0")
def _(w, p):
    return [a for a in everyone(w) if population(w, "hypervisor", a) and not in_tier(w, a, 0)]


# ---- people from outside, backups ------------------------------------------------------------------

def external(w):
    return [a for a in users(w) if population(w, "external", a)]


@rule("hyg_external_no_expiry")
def _(w, p):
    days = w.populations.get("external", {}).get("max_days", p["max_days"])
    return [a for a in external(w) if a.expires is None or a.expires > days]


@rule("hyg_external_dormant")
def _(w, p):
    def limit(a):
        days = strictest(w, a, p["max_days"])
        if not w.privileged(a):
            return days
        own, key = ("hyg_privileged_never_used", "min_days") if a.logon is None else ("hyg_privileged_stale", "max_days")
        return min(days, w.asked.get(own, {}).get(key, days))
    return [a for a in external(w) if unused(w, a, limit(a)) or (a.logon is None and a.created > limit(a))]


@rule("hyg_external_privileged")
def _(w, p):
    return [a for a in of_kind(w, "user", "msa") if population(w, "external", a) and tier_of(w, a) in (0, 1)]


@rule("hyg_shared_accounts")
def _(w, p):
    return [a for a in users(w) if population(w, "shared_accounts", a) and not w.privileged(a)]


def deposits(w):
    """Accounts that backups are written with."""
    b = w.populations.get("backup", {})
    members = [a for a in everyone(w) if any(w.is_in(a.dn, g) for g in b.get("groups", []))]
    return [a for a in of_kind(w, "user", "msa") if a.dn in b.get("accounts", []) or
            (a in members and (a.kind == "msa" or is_service(w, a)))]


@rule("hyg_backup_admins_in_directory")
def _(w, p):
    b = w.populations.get("backup", {})
    return [a for a in users(w) if any(w.is_in(a.dn, g) for g in b.get("groups", [])) and a not in deposits(w)]


@rule("hyg_backup_deposit_privileged")
def _(w, p):
    return [a for a in deposits(w) if w.privileged(a)]


@rule("hyg_privileged_growth")
def _(w, p):
    return w.grown


@rule("hyg_backup_server_not_tier0")
def _(w, p):
    return [a for a in of_kind(w, "computer") if a.dn in w.populations.get("backup", {}).get("computers", []) and
            not in_tier(w, a, 0)]


def carers(w):
    """Ordinary accounts of the population identity."""
    return [a for a in users(w) if w.identity and any(below(a.dn, u) for u in w.identity["units"]) and ordinary(w, a) and
            not population(w, "service_accounts", a) and not population(w, "shared_accounts", a)]


def ordinary(w, a):
    return not w.privileged(a) and not (w.admin_pattern and is_named_admin(w, a))


def identifier(w, a):
    value = a.more.get(w.identity["attribute"], "")
    return value if re.search(w.identity["pattern"], value) else None


@rule("hyg_identity_missing")
def _(w, p):
    return share(w, p, [a for a in carers(w) if not identifier(w, a)], carers(w), True) if w.identity else []


@rule("hyg_identity_duplicates")
def _(w, p):
    if not w.identity:
        return []
    by_value = {}
    for a in users(w):
        if ordinary(w, a) and identifier(w, a):
            by_value.setdefault(identifier(w, a), []).append(a)
    return [a for who in by_value.values() for a in who if len(who) > 1 and
            any(below(b.dn, u) for b in who for u in w.identity["units"])]


@rule("hyg_leaked_not_changed")
def _(w, p):
    return [a for a in users(w) if a.dn in w.leaks and a.pwd is not None and a.pwd > w.leaks[a.dn] + 1]
