"""Password policies, service accounts, LAPS and prepared computers; rules.py explains."""
from families.rules import (PSO_CLOSED, admins, of_kind, policy_of, population, rule, settings, users, weak)
from families.world import NEVER_EXPIRES, NOTREQD, SMARTCARD

HOUR = 1 / 24
UNIT_LESS = "who is under a closed PSO is not known"


def policies(w, applied=True):
    """(DN, settings) of the domain's policy and of each PSO; applied: to one enabled account at least."""
    used = {policy_of(w, a).dn for a in users(w) if policy_of(w, a)}
    d = w.domain
    found = [(w.sam.base, d)]
    for p in w.psos.values():
        if not p.closed and (p.dn in used or not applied):
            found.append((p.dn, {k: getattr(p, k) for k in ("length", "complexity", "max_age", "history", "min_age",
                                                            "threshold", "window", "duration", "reversible")}))
    return found


def is_service(w, a):
    named = population(w, "service_accounts", a)
    return bool(named) or bool(a.more.get("servicePrincipalName"))


@rule("hyg_password_history", less=PSO_CLOSED)
def _(w, p):
    return [dn for dn, s in policies(w) if s["history"] < p["min_count"]]


@rule("hyg_password_min_age", less=PSO_CLOSED)
def _(w, p):
    return [dn for dn, s in policies(w) if s["min_age"] < p["min_days"]]


@rule("hyg_password_lockout", less=PSO_CLOSED)
def _(w, p):
    def bad(s):
        if s["threshold"] == 0 or s["threshold"] > p["max_attempts"]:
            return True
        return s["window"] < p["min_minutes"] or 0 < s["duration"] < p["min_minutes"]
    return [dn for dn, s in policies(w) if bad(s)]


@rule("hyg_password_forced_renewal", less=PSO_CLOSED)
def _(w, p):
    under = {(policy_of(w, a).dn if policy_of(w, a) else w.sam.base) for a in users(w) if not w.privileged(a) and
             not is_service(w, a) and not a.has(NEVER_EXPIRES) and not a.has(SMARTCARD)}
    return [dn for dn, s in policies(w) if dn in under and s["length"] >= p["min_length"] and
            (s["complexity"] or not p["complexity"]) and s["max_age"] and
            not (p["tolerated_days"] and s["max_age"] >= p["tolerated_days"])]


@rule("hyg_password_never_set")
def _(w, p):
    return [a for a in users(w) if a.rid != 501 and not a.has(SMARTCARD) and a.pwd is None and a.created > p["min_days"] and
            (a.logon is None or (a.changed > p["min_days"] and a.logon > p["min_days"]))]


@rule("hyg_password_expired", less=PSO_CLOSED)
def _(w, p):
    return [a for a in users(w) if not a.has(NEVER_EXPIRES) and not a.has(SMARTCARD) and a.pwd is not None and
            settings(w, a)[2] and a.pwd > settings(w, a)[2] + p["min_days"]]


@rule("hyg_password_before_policy", less=PSO_CLOSED)
def _(w, p):
    return [a for a in users(w) if policy_of(w, a) and a.pwd is not None and a.pwd > policy_of(w, a).created]


@rule("hyg_password_pso_no_effect", less=PSO_CLOSED)
def _(w, p):
    def moot(t):
        if t in w.groups:
            kind = w.groups[t].kind
            return not (kind & 0x2 and kind & 0x80000000)
        return w.accounts[t].kind != "user"
    return [o for o in w.psos.values() if not o.targets or any(moot(t) for t in o.targets)]


@rule("hyg_password_service_accounts", less=PSO_CLOSED)
def _(w, p):
    declared = "service_accounts" in w.populations
    return [a for a in users(w) if not w.privileged(a) and weak(w, a, p) and
            (population(w, "service_accounts", a) if declared else a.more.get("servicePrincipalName"))]


def laps_expiry(a):
    days = [a.laps[k] for k in a.laps]
    return min(days) if days else None  # days ago: the later one is the smaller


@rule("hyg_laps_expired")
def _(w, p):
    found = []
    for a in of_kind(w, "computer"):
        over = laps_expiry(a)
        lived = min([d for d in (a.logon, a.pwd) if d is not None], default=None)
        if over is not None and over > p["max_days"] and lived is not None and lived < over - p["max_days"]:
            found.append(a)
    return found


@rule("hyg_computer_default_password")
def _(w, p):
    def prepared(a):
        return a.pwd is None or (a.has(NOTREQD) and 0 <= a.created - a.pwd < HOUR)
    return [a for a in of_kind(w, "computer") if not w.is_dc(a) and a.created > p["min_days"] and a.logon is None and prepared(a)]
