"""What must be found, control by control, by the words of the catalogue: from the facts of a World alone.

A rule gives the DNs of the findings. Whoever writes one reads `adhygiene explain CONTROL` and the specification
that it names, never the program's sources."""
import re

from families.world import (NEVER_EXPIRES, NOT_DELEGATED, NOTREQD, PRIVILEGED_BUILTIN, REVERSIBLE, SMARTCARD)
from sam import DISABLED

RULES = {}
# Of these an ordinary reader may know less: what they stand on is closed to it in a domain as installed.
LESS = {}
PSO_CLOSED = "the container of PSOs is closed to everybody but administrators"
OPERATORS = (548, 549, 550, 551, 552)


def rule(*names, less=None):
    def keep(function):
        for name in names:
            RULES[name] = function
            if less:
                LESS[name] = less
        return function
    return keep


def truth(w, name, params):
    return {o if isinstance(o, str) else o.dn for o in RULES[name](w, params)}


# ---- who -------------------------------------------------------------------------------------------

def of_kind(w, *kinds, enabled=True):
    return [a for a in w.accounts.values() if a.kind in kinds and (a.enabled or not enabled)]


def users(w):
    return of_kind(w, "user")


def everyone(w, enabled=True):
    return of_kind(w, "user", "computer", "msa", enabled=enabled)


def admins(w, *kinds, enabled=True):
    return [a for a in of_kind(w, *(kinds or ("user",)), enabled=enabled) if w.privileged(a)]


def all_admins(w, enabled=True):
    return admins(w, "user", "computer", "msa", enabled=enabled)


def protected_user(w, a):
    return w.is_in(a.dn, w.group(525).dn)


def below(dn, unit):
    return dn.lower().endswith("," + unit.lower())


def tier_groups(w, a):
    """Tiers by groups alone."""
    found = {t for t, tier in w.tiers.items() if any(w.is_in(a.dn, g) for g in tier["groups"])}
    return found | ({0} if any(w.group_privileged(g) for g in w.above(a.dn)) else set())


def in_tier(w, a, t):
    tier = w.tiers[t]
    return (t == 0 and w.privileged(a)) or t in tier_groups(w, a) or a.dn in tier["accounts"] or in_tier_units(w, a, t)


def in_tier_units(w, a, t):
    return any(below(a.dn, u) for u in w.tiers[t]["units"])


def tier_of(w, a):
    return next((t for t in (0, 1, 2) if in_tier(w, a, t)), None)


def population(w, name, a):
    """None: the policy declares no such population."""
    p = w.populations.get(name)
    if p is None:
        return None
    pattern = p.get("name_pattern")
    return (a.dn in p.get("accounts", []) or a.dn in p.get("computers", []) or
            any(w.is_in(a.dn, g) for g in p.get("groups", [])) or any(below(a.dn, u) for u in p.get("units", [])) or
            bool(pattern and re.search(pattern, a.sam, re.I)))


def is_named_admin(w, a):
    return bool(re.search(w.admin_pattern, a.sam, re.I)) if w.admin_pattern else True


def said_elsewhere(w, a, privileged):
    """Is it for the control on privileged accounts, or on people from outside, to say that nobody uses it?"""
    return (privileged in w.asked and a.kind != "computer" and w.privileged(a)) or \
        ("hyg_external_dormant" in w.asked and a.kind == "user" and bool(population(w, "external", a)))


# ---- passwords -------------------------------------------------------------------------------------

def policy_of(w, a):
    """The PSO that applies to a user, None: the domain's policy (MS-ADTS 3.1.1.4.5.36)."""
    linked = [p for p in w.psos.values() if a.dn in p.targets]
    if not linked:
        above = w.above(a.dn)
        linked = [p for p in w.psos.values() if any(t in above and w.groups[t].kind & 0x2 and w.groups[t].kind & 0x80000000
                                                   for t in p.targets if t in w.groups)]
    return min(linked, key=lambda p: (p.precedence, p.guid), default=None)


def settings(w, a):
    p = policy_of(w, a)
    if p:
        return p.length, p.complexity, p.max_age
    return w.domain["length"], w.domain["complexity"], w.domain["max_age"]


def weak(w, a, p, renewal=False, complexity=True, flag=False):
    length, complex_, age = settings(w, a)
    if a.has(NOTREQD):
        length = 0
    if flag and a.has(NEVER_EXPIRES):
        age = 0
    return (length < p["min_length"] or (complexity and p.get("complexity", False) and not complex_) or
            (renewal and (age == 0 or age > p["max_days"])))


def is_password_service(w, a):
    declared = population(w, "service_accounts", a)
    return bool(a.more.get("servicePrincipalName")) if declared is None else declared


@rule("hyg_password_length_users", less=PSO_CLOSED)
def _(w, p):
    apart = "hyg_password_service_accounts" in w.asked
    return [a for a in users(w) if not w.privileged(a) and not (apart and is_password_service(w, a)) and weak(w, a, p)]


@rule("hyg_password_length_admins", less=PSO_CLOSED)
def _(w, p):
    return [a for a in admins(w) if weak(w, a, p, renewal=True, flag=True)]


@rule("vuln_privileged_members_password", less=PSO_CLOSED)
def _(w, p):
    return [a for a in admins(w) if weak(w, a, p, renewal=True, complexity=False)]


def flagged(control, flag, who):
    rule(control)(lambda w, p: [a for a in who(w) if a.has(flag)])


flagged("hyg_password_not_required", NOTREQD, users)
flagged("vuln_dont_expire_priv", NEVER_EXPIRES, all_admins)
flagged("vuln_reversible_password_priv_uac", REVERSIBLE, all_admins)
flagged("warning_reversible_password", REVERSIBLE, lambda w: [a for a in everyone(w) if not w.privileged(a)])


@rule("vuln_password_change_priv")
def _(w, p):
    return [a for a in all_admins(w) if a.pwd is not None and a.pwd > p["max_days"]]


@rule("warning_password_change")
def _(w, p):
    return [a for a in users(w) if a.pwd is not None and a.pwd > p["max_days"]]


def share(w, p, bad, all_, over):
    return bad if (len(bad) * 100 > p["max_percent"] * len(all_)) == over else []


@rule("vuln_dont_expire")
def _(w, p):
    return share(w, p, [a for a in users(w) if a.has(NEVER_EXPIRES)], users(w), True)


@rule("warning_dont_expire")
def _(w, p):
    return share(w, p, [a for a in users(w) if a.has(NEVER_EXPIRES)], users(w), False)


@rule("vuln_reversible_password_priv_namingcontext")
def _(w, p):
    return [w.sam.base] if w.domain["reversible"] else []


@rule("info_password_policy_pso", less=PSO_CLOSED)
def _(w, p):
    return [o for o in w.psos.values() if not o.closed]


def weak_pso(pso, p):
    return (pso.length < p["min_length"] or not pso.complexity or pso.reversible or pso.max_age == 0 or
            pso.max_age > p["max_days"])


@rule("warning_password_policy_pso_weak", less=PSO_CLOSED)
def _(w, p):
    return [o for o in w.psos.values() if not o.closed and weak_pso(o, p)]


@rule("warning_password_policy_pso_weak2", less=PSO_CLOSED)
def _(w, p):
    return [a for a in admins(w) if policy_of(w, a) and weak_pso(policy_of(w, a), p)]


@rule("warning_password_policy_pso_missing")
def _(w, p):
    return {t for o in w.psos.values() if o.closed for t in o.targets}


# ---- accounts --------------------------------------------------------------------------------------

@rule("vuln_guest")
def _(w, p):
    return [a for a in [w.rid(501)] if a.enabled]


def dormant(w, p):
    def unused(a):
        return a.created > p["logon_days"] if a.logon is None else a.logon > p["logon_days"]

    def old(a):
        return a.created > p["password_days"] if a.pwd is None else a.pwd > p["password_days"]
    return [a for a in of_kind(w, "user", "computer") if unused(a) and old(a)]


@rule("vuln_user_accounts_dormant")
def _(w, p):
    return share(w, p, dormant(w, p), of_kind(w, "user", "computer"), True)


@rule("warning_user_accounts_dormant")
def _(w, p):
    return share(w, p, dormant(w, p), of_kind(w, "user", "computer"), False)


@rule("info_user_accounts_dormant")
def _(w, p):
    return dormant(w, p)


def odd_primary(w):
    usual = {"user": (513, 514), "computer": (515,), "msa": (515,)}
    return [a for a in everyone(w) if not (w.is_dc(a) and a.primary == 516) and a.primary not in usual[a.kind]]


@rule("vuln_primary_group_id_1000")
def _(w, p):
    return [a for a in odd_primary(w) if a.primary < 1000]


@rule("vuln_primary_group_id_nochange")
def _(w, p):
    return odd_primary(w)


@rule("warning_rid500")
def _(w, p):
    return [a for a in [w.rid(500)] if a.logon is not None and a.logon < p["min_days"]]


@rule("hyg_secret_in_description")
def _(w, p):
    return [o for o in [*everyone(w, enabled=False), *w.groups.values()] if o.secret]


@rule("hyg_duplicate_accounts")
def _(w, p):
    return w.duplicates


@rule("hyg_never_logged_on")
def _(w, p):
    return [a for a in of_kind(w, "user", "computer") if a.rid != 500 and a.logon is None and a.created > p["min_days"] and
            not said_elsewhere(w, a, "hyg_privileged_never_used")]


@rule("hyg_stale_computers")
def _(w, p):
    return [a for a in of_kind(w, "computer") if a.logon is not None and a.logon > p["max_days"]]


# ---- privileged ------------------------------------------------------------------------------------

@rule("hyg_admin_delegable")
def _(w, p):
    return [a for a in admins(w) if not a.has(NOT_DELEGATED) and not protected_user(w, a)]


def head_count(w):
    return [a for a in all_admins(w) if a.rid != 500 and not w.is_dc(a)]


@rule("vuln_privileged_members")
def _(w, p):
    return head_count(w) if len(head_count(w)) > max(3, p["max_members"]) else []


@rule("warning_privileged_members")
def _(w, p):
    many = len(head_count(w))
    return head_count(w) if p["min_members"] < many <= max(3, p["max_members"]) else []


@rule("vuln_privileged_members_no_admincount")
def _(w, p):
    return [a for a in all_admins(w) if not w.is_dc(a) and not a.admin_count]


@rule("vuln_protected_users")
def _(w, p):
    return [a for a in all_admins(w) if not w.is_dc(a) and not protected_user(w, a)]


@rule("vuln_silo_priv")
def _(w, p):
    return [a for a in admins(w) if not w.silos.get(a.silo)]


@rule("vuln_sd_failed_sd_read_on_priv")
def _(w, p):
    return [a for a in all_admins(w) if a.closed]


def longest(w, group, seen=()):
    inner = [m for m in w.groups[group].members if m in w.groups and m not in seen and m != group]
    return max((1 + longest(w, m, (*seen, group)) for m in inner), default=0)


@rule("vuln_group_loop")
def _(w, p):
    return [g for g in w.groups.values() if w.is_in(g.dn, g.dn)]


@rule("hyg_privileged_nesting")
def _(w, p):
    found = [g for g in w.privileged_groups() if longest(w, g.dn) > p["max_depth"]]
    if not p["nested_groups_allowed"]:
        found += [g for g in w.groups.values() if not w.group_privileged(g.dn) and
                  any(w.group_privileged(h) for h in w.parents(g.dn))]
    return found


@rule("hyg_privileged_disabled")
def _(w, p):
    return [a for a in all_admins(w, enabled=False) if not a.enabled and a.rid != 500]


@rule("hyg_operator_groups_not_empty")
def _(w, p):
    return [g for g in w.groups.values() if g.builtin in OPERATORS and w.direct_members(g.dn)]


@rule("hyg_everybody_privileged")
def _(w, p):
    def brings(dn):
        return w.group_privileged(dn) or any(w.group_privileged(g) for g in w.above(dn))
    everybody = [g for g in w.groups.values() if g.rid in (513, 514, 515) or g.builtin in (545, 546)]
    found = [g for g in everybody if any(w.group_privileged(h) for h in w.above(g.dn))]
    guest = w.rid(501)
    own = [g for g in w.parents(guest.dn) if w.groups[g] not in everybody]
    return found + ([guest] if any(brings(g) for g in own) else [])


@rule("warning_logonscript_priv")
def _(w, p):
    return [a for a in admins(w) if a.more.get("scriptPath")]


@rule("warning_privileged_members_expired_disabled")
def _(w, p):
    return [a for a in all_admins(w, enabled=False) if a.rid != 500 and
            (not a.enabled or (a.expires is not None and a.expires < 0))]


@rule("warning_privileged_members_foreign")
def _(w, p):
    return [g for g in w.privileged_groups() if any("CN=ForeignSecurityPrincipals," in m and "CN=S-1-5-21-" in m
                                                    for m in g.members)]


@rule("warning_privileged_members_not_empty")
def _(w, p):
    admin = w.rid(500).dn
    return [g for g in w.groups.values() if (g.builtin in OPERATORS or g.rid in (518, 519)) and
            [m for m in w.groups[g.dn].members if m != admin]]


@rule("warning_privileged_members_builtin_notpriv")
def _(w, p):
    def shielded(m):
        a = w.accounts.get(m)
        if a and (a.rid == 500 or a.kind == "computer"):
            return True
        if m in w.groups and w.groups[m].admin_count == 1:
            return True
        return any(w.group_privileged(g) and w.groups[g].admin_count == 1 for g in w.above(m))
    powerful = [g for g in w.groups.values() if g.rid in (517, 520) or g.builtin in (556, 557, 562, 578) or
                w.group_privileged(g.dn)]
    return [g for g in powerful if g.admin_count != 1 and [m for m in w.direct_members(g.dn) if not shielded(m)]]


def sdprop_protects(w, o):
    also = [g.dn for g in w.groups.values() if g.builtin == 552 or g.rid == 521]
    if any(g in also for g in w.parents(o.dn)) or o.dn in also:
        return True
    if o.dn in w.groups and w.group_privileged(o.dn):
        return True
    return any(w.group_privileged(g) for g in w.above(o.dn)) or getattr(o, "kind", "") == "user" and o.rid == 500


@rule("warning_admincount")
def _(w, p):
    return [o for o in [*everyone(w, enabled=False), *w.groups.values()] if o.admin_count and not sdprop_protects(w, o)]


@rule("hyg_adminsdholder_orphans")
def _(w, p):
    return [o for o in [*everyone(w, enabled=False), *w.groups.values()] if o.admin_count and o.cut and
            not sdprop_protects(w, o)]


@rule("warning_admincount_0")
def _(w, p):
    return [o for o in [*everyone(w, enabled=False), *w.groups.values()] if o.admin_count == 0]


@rule("info_privileged_members_recent_changes")
def _(w, p):
    return [g for g in w.privileged_groups() if g.changed <= p["max_days"]]


@rule("info_keycredentiallink_priv")
def _(w, p):
    return [a for a in admins(w) if a.keys]


@rule("info_keycredentiallink_dc")
def _(w, p):
    return [a for a in of_kind(w, "computer") if w.is_dc(a) and a.keys]


@rule("info_keycredentiallink_silo")
def _(w, p):
    return [a for a in of_kind(w, "computer") if a.silo and a.keys]


# ---- tiering ---------------------------------------------------------------------------------------

@rule("hyg_tier0_outside_units")
def _(w, p):
    return [a for a in everyone(w) if a.rid != 500 and not w.is_dc(a) and in_tier(w, a, 0) and not in_tier_units(w, a, 0)]


@rule("hyg_tier_membership_crossing")
def _(w, p):
    def tiers(a):
        return tier_groups(w, a) | {t for t, tier in w.tiers.items() if a.dn in tier["accounts"]}
    return [a for a in everyone(w) if len(tiers(a)) > 1]


@rule("hyg_admin_not_dedicated")
def _(w, p):
    return [a for a in admins(w) if a.more.get("mail") or (a.rid != 500 and not is_named_admin(w, a))]


# ---- mfa -------------------------------------------------------------------------------------------

STRONG = ("TOTP", "microsoftAuthenticatorPush", "softwareOneTimePasscode")
DECLARED = "radius-totp"  # a word that one export's policy calls a second factor
STRANGE = "a word of the export that the policy does not explain"
WEAK, KEY = ("SMS", "mobilePhone", "email"), ("fido2SecurityKey", "windowsHelloForBusiness")


def csv_methods(w, a):
    """What the exports say of the account, None: nothing."""
    found = [m for e in w.mfa_evidence if e["kind"] == "csv" for m in e["covers"].get(a.dn, [])]
    return found or None


def mfa_state(w, a):
    """yes, no, or unknown: a key whose device nobody knows may be the user's or an attacker's."""
    methods = csv_methods(w, a) or []
    if any(m in (*STRONG, *KEY, DECLARED) or (m in WEAK and w.mfa_weak) for m in methods):
        return "yes"
    return "unknown" if state_otherwise(w, a) == "no" and STRANGE in methods else state_otherwise(w, a)


def state_otherwise(w, a):
    kinds = {e["kind"] for e in w.mfa_evidence}
    if "smartcard_required" in kinds and a.has(SMARTCARD):
        return "yes"
    if any(e["kind"] == "group" and w.is_in(a.dn, e["dn"]) for e in w.mfa_evidence):
        return "yes"
    if "certificate_mapping" in kinds and any(re.match("X509:(<I>.*<SR>|<SKI>|<SHA1-PUKEY>)", v)
                                              for v in a.more.get("altSecurityIdentities", [])):
        return "yes"
    if "key_credential" in kinds and a.keys:
        return "yes" if any(device for _, device in a.keys) else "unknown"
    return "no"


def mfa_covered(w, a):
    return mfa_state(w, a) == "yes"


def mfa_excepted(w, a):
    return any(a.dn == e.get("object") or ("group" in e and w.is_in(a.dn, e["group"])) for e in w.mfa_excluded)


def mfa_asked(w, a):
    for s in w.mfa_required:
        if (s == "all" or (s == "privileged" and w.privileged(a)) or (s == "tier0" and in_tier(w, a, 0)) or
                (s == "tier1" and in_tier(w, a, 1)) or (s.startswith("group:") and w.is_in(a.dn, s[6:])) or
                (s.startswith("unit:") and below(a.dn, s[5:]))):
            return True
    return False


def lacks(w, a):
    return mfa_state(w, a) == "no" and not mfa_excepted(w, a)


@rule("hyg_mfa_privileged")
def _(w, p):
    return [a for a in admins(w) if lacks(w, a)]


@rule("hyg_mfa_required")
def _(w, p):
    return [a for a in users(w) if mfa_asked(w, a) and lacks(w, a)]


@rule("hyg_mfa_remote_access")
def _(w, p):
    return [a for a in users(w) if population(w, "remote_access", a) and lacks(w, a)]


@rule("hyg_mfa_excluded")
def _(w, p):
    return [a for a in users(w) if mfa_excepted(w, a) and mfa_state(w, a) == "no"]


@rule("hyg_mfa_weak_factor")
def _(w, p):
    def only_weak(a):
        methods = csv_methods(w, a)
        return methods and all(m in WEAK for m in methods)
    others = [e for e in w.mfa_evidence if e["kind"] != "csv"]
    return [a for a in users(w) if only_weak(a) and not mfa_excepted(w, a) and state_without_exports(w, a, others) == "no"]


def state_without_exports(w, a, others):
    kept, w.mfa_evidence = w.mfa_evidence, others
    try:
        return mfa_state(w, a)
    finally:
        w.mfa_evidence = kept


@rule("hyg_mfa_key_unconfirmed")
def _(w, p):
    def unknown(a):
        return a.keys and any(not device for _, device in a.keys)
    return [a for a in users(w) if unknown(a) and not any(m in KEY for m in csv_methods(w, a) or [])]


@rule("hyg_external_no_mfa")
def _(w, p):
    return [a for a in users(w) if population(w, "external", a) and lacks(w, a)]


def forest(w):
    return "CN=Partitions," + w.sam.config


@rule("hyg_mfa_export_unmatched")
def _(w, p):
    return [forest(w)] if any(e["kind"] == "csv" and not e.get("matched") for e in w.mfa_evidence) else []


@rule("hyg_mfa_export_stale")
def _(w, p):
    return [forest(w)] if any(e.get("age", 0) > p["max_days"] for e in w.mfa_evidence) else []
