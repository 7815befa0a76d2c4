"""What a seed plants: units, groups, a policy, and accounts that each depart from a clean one in one way or two,
in every role. Facts only: world.build() writes them."""
import json
import time

from families import rules
from families.rules_tiering import DENIALS
from families.world import (NEVER_EXPIRES, NORMAL, NOT_DELEGATED, NOTREQD, REVERSIBLE, SMARTCARD, FIDO, NGC, Account)
from sam import DISABLED, DOMAIN_LOCAL, TICKS, UNIVERSAL

SECRETS = ["Mot de passe : Hiver2024!", "pwd=Azerty123", "compte test, mdp: Soleil.7"]
NO_SECRETS = ["mot de passe : voir le coffre", "Passe-partout du bloc", "compass: north", "mdp :"]
ADMIN_PATTERN = "^(adm|t0)[-_.]"


def lists(w):
    """The files beside the policy, each now and then."""
    w.policy_lists = {}
    if w.r.random() < 0.7:
        leaks(w)
    if w.r.random() < 0.7:
        hr(w)
    if w.r.random() < 0.8:
        identities(w)


# ---- the frame: units, groups, tiers, the policy's names ---------------------------------------------

def frame(w):
    r = w.r
    w.root = w.unit(r.choice(["Hôpital", "CHU, site Nord", "GHT \"Est\""]))
    w.tier0_unit = w.unit("Tier0", w.root)
    w.people_units = [w.unit(n, w.root) for n in ("Soins", "Médecins; internes", "Prestataires")]
    w.people_units.append(w.unit("Nuit", w.people_units[0]))
    w.machine_unit, w.group_unit = w.unit("Postes", w.root), w.unit("Groupes", w.root)
    w.tier1_unit = w.unit("Serveurs", w.root)
    w.tier_group = {t: w.new_group(f"GG-T{t}", w.group_unit) for t in (0, 1, 2)}
    w.mfa_group, w.vpn = w.new_group("GG-MFA", w.group_unit), w.new_group("GG-VPN", w.group_unit, kind=UNIVERSAL)
    w.admin_pattern = r.choice([None, ADMIN_PATTERN])
    w.tiers = {0: {"groups": [w.tier_group[0].dn], "units": [w.tier0_unit], "accounts": []},
               1: {"groups": [w.tier_group[1].dn], "units": [w.tier1_unit], "accounts": []},
               2: {"groups": [w.tier_group[2].dn], "units": [w.machine_unit], "accounts": []}}
    populations(w)
    w.mfa_required = ["privileged", "group:" + w.vpn.dn, "unit:" + w.people_units[2], *r.sample(["tier0", "tier1"], 1)]
    w.mfa_evidence = [{"kind": "smartcard_required"}, {"kind": "group", "dn": w.mfa_group.dn}]
    w.mfa_csv = r.random() < 0.7
    w.silo = f"CN=Silo {w.serial},CN=AuthN Silos,CN=AuthN Policy Configuration,CN=Services,{w.sam.config}"
    w.loose_silo = w.silo.replace("CN=Silo ", "CN=Souple ")
    w.silos.update({w.silo: True, w.loose_silo: False})
    w.param("hyg_stale_users", max_days=r.choice([60, 90, 120]))
    w.param("hyg_stale_computers", max_days=r.choice([60, 90]))
    w.param("hyg_never_logged_on", min_days=r.choice([15, 30]))
    w.param("hyg_expired_enabled", max_days=r.choice([30, 60]))
    w.param("hyg_privileged_nesting", max_depth=r.choice([1, 2, 3]), nested_groups_allowed=r.random() < 0.3)
    w.param("vuln_privileged_members", max_members=r.choice([3, 50]))
    w.param("warning_privileged_members", max_members=w.params["vuln_privileged_members"]["max_members"],
            min_members=r.choice([2, 25]))
    w.param("vuln_dont_expire", max_percent=r.choice([1, 10]))
    w.param("warning_dont_expire", max_percent=w.params["vuln_dont_expire"]["max_percent"])
    w.param("vuln_user_accounts_dormant", max_percent=r.choice([1, 25]))
    w.param("warning_user_accounts_dormant", max_percent=w.params["vuln_user_accounts_dormant"]["max_percent"])


def populations(w):
    """Each of them now and then: what the policy does not declare is not applicable."""
    r = w.r
    w.esx, w.backup_admins = w.new_group("GG-ESX", w.group_unit), w.new_group("GG-Sauvegarde", w.group_unit)
    w.contractors = w.new_group("GG-Externes", w.group_unit, kind=DOMAIN_LOCAL)
    w.service_group = w.new_group("GG-Services", w.group_unit)
    w.biomedical_unit = w.unit("Biomédical", w.machine_unit)
    every = {"external": {"groups": [w.contractors.dn], "units": [w.people_units[2]], "max_days": r.choice([90, 365])},
             "service_accounts": {"groups": [w.service_group.dn], "name_pattern": "^svc[-_.]"},
             "shared_accounts": {"accounts": [], "name_pattern": "^(accueil|garde)"},
             "remote_access": {"groups": [w.vpn.dn]},
             "hypervisor": {"groups": [w.esx.dn]},
             "backup": {"groups": [w.backup_admins.dn], "accounts": [], "computers": []},
             "biomedical": {"units": [w.biomedical_unit]}}
    w.populations = {k: v for k, v in every.items() if r.random() < 0.8}


def passwords(w):
    r = w.r
    w.domain.update(length=r.choice([8, 12, 14]), complexity=r.random() < 0.8, max_age=r.choice([0, 90, 365]),
                    history=r.choice([12, 24]), min_age=r.choice([0, 1]), threshold=r.choice([0, 5, 50]),
                    reversible=r.random() < 0.2)
    w.pso_group = {}
    for name, kind in (("fort", -2147483646), ("faible", -2147483646), ("universel", UNIVERSAL), ("local", DOMAIN_LOCAL)):
        w.pso_group[name] = w.new_group("GG-PSO-" + name, w.group_unit, kind=kind)
    w.new_pso("PSO, fort", 10, w.pso_group["fort"], length=16, max_age=700)
    w.new_pso("PSO récent", 3, w.new_group("GG-PSO-récent", w.group_unit), length=15, created=60, changed=40,
              max_age=r.choice([0, 200]))
    w.pso_group["récent"] = w.groups[w.psos[list(w.psos)[-1]].targets[0]]
    if r.random() < 0.5:
        w.new_pso("PSO orphelin", 60)
    w.new_pso("PSO faible", 20, w.pso_group["faible"], length=6, complexity=r.random() < 0.5, max_age=r.choice([0, 2000]),
              threshold=0, history=3, reversible=True)
    if r.random() < 0.5:  # Samba applies these, AD does not (MS-ADTS 3.1.1.4.5.36)
        w.new_pso("PSO universel", 5, w.pso_group["universel"], length=20)
        w.new_pso("PSO local", 6, w.pso_group["local"], length=20)


# ---- accounts ----------------------------------------------------------------------------------------

def near(w, control, name):
    """Around a threshold: a day or more on either side."""
    return w.params[control][name] + w.r.choice([-3, -1.5, 1.5, 3, 40])


DEVIATIONS = {
    "clean": lambda w, a: None,
    "old password": lambda w, a: setattr(a, "pwd", w.r.choice([200, 380, 1090, 1100, 2000])),
    "password erased": lambda w, a: setattr(a, "pwd", None),
    "unused": lambda w, a: setattr(a, "logon", near(w, "hyg_stale_users", "max_days")),
    "dormant": lambda w, a: a.__dict__.update(logon=900, pwd=1500, created=2000),
    "never used": lambda w, a: setattr(a, "logon", None),
    "never used, new": lambda w, a: a.__dict__.update(logon=None, created=near(w, "hyg_never_logged_on", "min_days"), pwd=2),
    "no password": lambda w, a: flag(a, NOTREQD),
    "reversible": lambda w, a: flag(a, REVERSIBLE),
    "never expires": lambda w, a: flag(a, NEVER_EXPIRES),
    "smart card": lambda w, a: flag(a, SMARTCARD),
    "delegable": lambda w, a: setattr(a, "uac", a.uac & ~NOT_DELEGATED),
    "disabled": lambda w, a: flag(a, DISABLED),
    "expired": lambda w, a: setattr(a, "expires", w.r.choice([-400, -61.5, -2])),
    "expires": lambda w, a: setattr(a, "expires", w.r.choice([2, 200, 900])),
    "mail": lambda w, a: a.more.update(mail=f"{a.sam}@lab.test"),
    "secret": lambda w, a: (a.more.update(description=w.r.choice(SECRETS)), setattr(a, "secret", True)),
    "no secret": lambda w, a: (a.more.update(description=w.r.choice(NO_SECRETS)), setattr(a, "secret", False)),
    "script": lambda w, a: a.more.update(scriptPath="connexion.bat"),
    "stamped": lambda w, a: a.__dict__.update(admin_count=1, cut=w.r.random() < 0.5),
    "stamped 0": lambda w, a: a.__dict__.update(admin_count=0, cut=False),
    "weak PSO": lambda w, a: (swap(a, w.pso_group["fort"]), w.join(a, w.pso_group["faible"])),
    "strong PSO": lambda w, a: w.join(a, w.pso_group["fort"]),
    "recent PSO": lambda w, a: (swap(a, w.pso_group["fort"]), w.join(a, w.pso_group["récent"]),
                                setattr(a, "pwd", w.r.choice([20, 58, 62, 300]))),
    "no PSO": lambda w, a: w.join(a, w.pso_group[w.r.choice(["universel", "local"])]),
    "MFA": lambda w, a: w.join(a, w.mfa_group),
    "VPN": lambda w, a: w.join(a, w.vpn),
    "tier 0": lambda w, a: w.join(a, w.tier_group[0]),
    "tier 1": lambda w, a: w.join(a, w.tier_group[1]),
    "tier 2": lambda w, a: w.join(a, w.tier_group[2]),
    "in tier 0's unit": None,  # chosen at creation
    "tier 0 by name": lambda w, a: w.tiers[0]["accounts"].append(a.dn),
    "tier 1 by name": lambda w, a: w.tiers[1]["accounts"].append(a.dn),
    "protected": lambda w, a: w.join(a, w.group(525)) if w.group(525).dn not in a.groups else None,
    "unprotected": lambda w, a: swap(a, w.group(525)),
    "silo": lambda w, a: setattr(a, "silo", w.silo),
    "loose silo": lambda w, a: setattr(a, "silo", w.loose_silo),
    "long disabled": lambda w, a: a.__dict__.update(uac=a.uac | DISABLED, changed=w.r.choice([300, 364, 367, 800]), created=1500,
                                                    logon=900, pwd=1000),
    "expired long ago": lambda w, a: setattr(a, "expires", -near(w, "hyg_expired_enabled", "max_days")),
    "contractor": lambda w, a: w.join(a, w.contractors),
    "contractor with an end": lambda w, a: (w.join(a, w.contractors), setattr(a, "expires", w.r.choice([30, 89, 91, 364, 367]))),
    "service by name": lambda w, a: setattr(a, "sam", f"svc-{w.serial}"),
    "service by group": lambda w, a: w.join(a, w.service_group),
    "service by SPN": lambda w, a: a.more.update(servicePrincipalName=f"HTTP/srv{w.serial}.lab.test"),
    "service, unused": lambda w, a: (w.join(a, w.service_group), a.__dict__.update(logon=w.r.choice([190, 193, 195, 300]), created=999)),
    "shared": lambda w, a: setattr(a, "sam", f"accueil{w.serial}"),
    "shared by account": lambda w, a: w.populations.get("shared_accounts", {"accounts": []})["accounts"].append(a.dn),
    "hypervisor": lambda w, a: w.join(a, w.esx),
    "old logon, old password": lambda w, a: a.__dict__.update(logon=400, pwd=800, created=900),
    "reset, never chosen": lambda w, a: a.__dict__.update(pwd=None, logon=200, created=900, changed=150),
    "password at its end": lambda w, a: setattr(a, "pwd", (w.domain["max_age"] or 365) + w.r.choice([20, 88, 92, 200])),
    "disabled, VPN": lambda w, a: (flag(a, DISABLED), w.join(a, w.vpn)),
    "powerful group": lambda w, a: w.join(a, w.group(w.r.choice([517, 520]))),
    "operator": lambda w, a: w.join(a, w.group(builtin=w.r.choice([548, 549, 550, 551, 552]))),
}


def flag(account, bit):
    account.uac |= bit


def swap(account, group):
    """Out of group, if it is in."""
    account.groups = [g for g in account.groups if g != group.dn]


def ordinary(w, unit):
    return w.user(unit)


def admin(w, unit):
    """As an administrator should be, before anything departs from it."""
    a = w.user(w.tier0_unit if unit == w.people_units[0] else unit, "adm-", uac=NORMAL | NOT_DELEGATED, admin_count=1, cut=True)
    w.join(a, w.group(525), w.pso_group["fort"], w.mfa_group)
    a.silo = w.silo
    return a


def direct(w, unit):
    return w.join(admin(w, unit), w.group(w.r.choice([512, 512, 518, 519])))


def nested(w, unit):
    return w.join(admin(w, unit), w.r.choice(w.admin_chain))


def by_primary(w, unit):
    a = admin(w, unit)
    a.notes.add(("primary", w.group(512).dn))
    a.primary = 512
    return a


def operator(w, unit):
    return w.join(admin(w, unit), w.group(builtin=w.r.choice([544, 548, 549, 550, 551])))


def people(w):
    """Every deviation once, some twice, in any role; a second one joins now and then."""
    r = w.r
    w.admin_chain = chain(w)
    kinds = list(DEVIATIONS) + r.sample(list(DEVIATIONS), 12)
    r.shuffle(kinds)
    for kind in kinds:
        role = r.choice([ordinary, ordinary, ordinary, direct, nested, by_primary, operator])
        unit = w.tier0_unit if kind == "in tier 0's unit" else r.choice(w.people_units)
        a = role(w, unit)
        more = [kind] + (r.sample(list(DEVIATIONS), 1) if r.random() < 0.4 else [])
        for k in dict.fromkeys(more):
            if DEVIATIONS[k]:
                DEVIATIONS[k](w, a)
        if a.kind == "user" and r.random() < 0.1:
            odd_primary(w, a)
        a.groups = list(dict.fromkeys(a.groups))
    if r.random() < 0.4:
        guest = w.rid(501)
        guest.uac &= ~DISABLED
    if r.random() < 0.5:
        w.rid(500).uac |= NOT_DELEGATED
    mfa(w)
    backups(w)


def mfa(w):
    """Exports of the second factor, keys of known and unknown devices, and who is excepted."""
    r = w.r
    people_ = [a for a in w.accounts.values() if a.kind == "user" and not a.adopted]
    devices = [w.computer(w.machine_unit, "HELLO", os="Windows 11 Enterprise LTSC", os_version="10.0 (26100)", supported=True).dn]
    if "hyg_mfa_key_unconfirmed" in w.known:
        if r.random() < 0.7:
            w.mfa_evidence.append({"kind": "key_credential"})
        for a in r.sample(people_, 8):
            a.keys = [(r.choice([NGC, FIDO]), r.choice([*devices, None])) for _ in range(r.choice([1, 1, 2]))]
    if w.mfa_csv:
        listed = {a.dn: r.sample(rules.STRONG + rules.WEAK + rules.KEY, r.choice([1, 1, 2])) for a in r.sample(people_, 14)}
        if "hyg_mfa_weak_factor" not in w.known:
            listed = {dn: ["TOTP"] for dn in listed}
        rows = [f"{w.accounts[dn].sam.upper()};{', '.join(m)}" for dn, m in listed.items()]
        text = "\r\n".join(["sAMAccountName;méthode", *rows, "inconnu;TOTP", ""])
        w.files["mfa.csv"] = encoded(w, text) if "hyg_mfa_weak_factor" in w.known else text
        w.mfa_evidence.append({"kind": "csv", "file": "mfa.csv", "account": "sAMAccountName", "method": "méthode",
                               "covers": listed})
        if r.random() < 0.6 and "hyg_mfa_export_stale" in w.known:
            age = r.choice([10, 88, 92, 400])
            day = time.strftime("%Y-%m-%d", time.gmtime(w.sam.now / TICKS - 11644473600 - age * 86400))
            w.mfa_evidence[-1].update(exported=day, age=age)
    if r.random() < 0.6 and "hyg_mfa_excluded" in w.known:
        w.mfa_excluded = [{"object": r.choice(people_).dn, "reason": "compte de secours"},
                          {"group": w.esx.dn, "reason": "hyperviseurs"}]
        w.mfa_weak = r.random() < 0.3


def backups(w):
    """Who makes the backups, and with what."""
    if "backup" not in w.populations:
        return
    r, unit = w.r, w.people_units[0]
    backup = w.populations["backup"]
    w.join(w.user(unit), w.backup_admins)
    w.join(w.user(unit, sam=f"svc-veeam{w.serial}"), w.backup_admins)
    w.join(w.user(unit, more={"servicePrincipalName": "MSSQLSvc/sauvegarde.lab.test"}), w.backup_admins)
    deposit = w.join(w.user(unit), w.backup_admins)
    backup["accounts"].append(deposit.dn)
    if r.random() < 0.5:
        w.join(deposit, w.group(builtin=551))
    for tier in (w.tier0_unit, w.machine_unit, w.tier1_unit):
        server = w.computer(tier, "BKP", os="Windows Server 2022 Standard", os_version="10.0 (20348)", supported=True)
        if r.random() < 0.7:
            backup["computers"].append(server.dn)
    if not backup["computers"]:
        del backup["computers"]


def identities(w):
    """RPPS numbers: right, wrong, missing and twice the same."""
    r = w.r
    w.identity = {"attribute": "employeeNumber", "pattern": "^8[0-9]{10}$", "units": [w.people_units[0]]}
    w.policy_lists["identity"] = w.identity
    w.param("hyg_identity_missing", max_percent=r.choice([0, 50]))
    numbers = [f"8{r.randrange(10**9, 10**10)}" for _ in range(60)]
    for a in w.accounts.values():
        if a.kind == "user" and not a.adopted:
            value = r.choice([numbers[-1], numbers.pop(0), numbers.pop(0), "81234", None])
            if value:
                a.more["employeeNumber"] = value
            if len(numbers) < 4:
                break


def chain(w):
    """Groups between people and privilege: a chain, perhaps a loop at its end."""
    top = w.new_group("GG-Exploitants", w.group_unit, admin_count=1, cut=True)
    w.group(512).members.append(top.dn)
    found = [top]
    for _ in range(w.r.choice([0, 1, 2])):
        g = w.new_group("GG-Équipe", w.group_unit, admin_count=1, cut=True)
        found[-1].members.append(g.dn)
        found.append(g)
    if len(found) > 1 and w.r.random() < 0.5:
        found[-1].members.append(found[1].dn if found[1] is not found[-1] else found[0].dn)
    return found


def odd_primary(w, a):
    if any(isinstance(n, tuple) for n in a.notes):
        return
    target = w.r.choice([w.group(515), w.new_group("GG-Primaire", w.group_unit)])
    a.notes.add(("primary", target.dn))
    a.primary = target.rid or -w.serial
    target.rid = a.primary
    if target.dn in a.groups:
        a.groups.remove(target.dn)


# Name, version, still supported; the ends of those that are lie years from now.
SYSTEMS = [("Windows 11 Enterprise LTSC", "10.0 (26100)", True), ("Windows Server 2022 Standard", "10.0 (20348)", True),
           ("Windows 10 Enterprise LTSC", "10.0 (17763)", True), ("Windows 7 Professional", "6.1 (7601)", False),
           ("Windows Server 2012 R2 Standard", "6.3 (9600)", False), ("Windows 10 Enterprise", "10.0 (19045)", False),
           ("Ubuntu", "22.04", None)]


def machines(w):
    r = w.r
    for _ in range(16):
        os, version, supported = r.choice(SYSTEMS)
        c = w.computer(r.choice([w.machine_unit, w.machine_unit, w.tier1_unit, w.tier0_unit, w.biomedical_unit]), os=os,
                       os_version=version, supported=supported)
        r.choice([lambda: None, lambda: setattr(c, "logon", near(w, "hyg_stale_computers", "max_days")),
                  lambda: c.__dict__.update(logon=None, created=100), lambda: flag(c, DISABLED),
                  lambda: c.__dict__.update(logon=900, pwd=1500, created=2000),
                  lambda: w.join(c, w.group(builtin=551)), lambda: flag(c, REVERSIBLE),
                  lambda: w.join(c, w.esx),
                  lambda: c.__dict__.update(uac=c.uac | DISABLED, changed=500, logon=700, pwd=700, created=900),
                  lambda: c.__dict__.update(logon=None, created=100, pwd=None),
                  lambda: c.__dict__.update(logon=None, created=100, pwd=100, uac=c.uac | NOTREQD),
                  lambda: c.__dict__.update(logon=None, created=5, pwd=5, uac=c.uac | NOTREQD),
                  lambda: c.laps.update({"msLAPS-PasswordExpirationTime": r.choice([-10, 20, 60, 200])}),
                  lambda: (c.laps.update({"ms-Mcs-AdmPwdExpirationTime": r.choice([20, 200])}), setattr(c, "logon", r.choice([5, 180]))),
                  lambda: c.laps.update({"ms-Mcs-AdmPwdExpirationTime": 300, "msLAPS-PasswordExpirationTime": r.choice([-5, 90])}),
                  lambda: c.__dict__.update(pwd=95, uac=c.uac | NOTREQD, created=100),
                  lambda: w.join(c, w.tier_group[1])])()
    for _ in range(3):
        w.serial += 1
        a = w.add_account(Account(f"CN=gmsa{w.serial},{r.choice(w.people_units)}", f"gmsa{w.serial}", f"gmsa{w.serial}$",
                                  kind="msa", uac=0x1000, primary=515))
        r.choice([lambda: None, lambda: w.join(a, w.group(512)), lambda: setattr(a, "logon", 400),
                  lambda: a.__dict__.update(logon=None, created=r.choice([170, 190]), pwd=20),
                  lambda: w.join(a, w.contractors), lambda: flag(a, DISABLED)])()


def groups(w):
    r = w.r
    loop = [w.new_group("GG-Boucle", w.group_unit) for _ in range(3)]
    for i, g in enumerate(loop):
        g.members.append(loop[(i + 1) % 3].dn)
    w.new_group("GG-Oubliée", w.group_unit, admin_count=1, cut=r.random() < 0.5)
    g = w.new_group("GG-Secret", w.group_unit)
    g.more["description"], g.secret = r.choice(SECRETS), True
    w.new_group("GG-Vide", w.group_unit, created=r.choice([1, 500]))
    w.unit("Vide", w.group_unit)
    w.unit("Dessous", w.unit("Vide aussi", w.root))
    w.gpo("Liée", w.machine_unit, w.people_units[0])
    w.gpo("Ailleurs")
    if r.random() < 0.6:
        exchange(w)
    for _ in range(2):
        hidden_admin(w)
    w.foreign = r.random() < 0.3
    if w.foreign:
        w.group(builtin=551).members.append(f"<SID=S-1-5-21-9-9-9-{1100 + w.seed % 50}>")
    if r.random() < 0.3:
        w.join(w.rid(501), w.new_group("GG-Invités", w.group_unit))
        w.group(builtin=550).members.append(w.rid(501).groups[-1])
    for g in r.sample(w.privileged_groups(), 2):
        g.changed = r.choice([1, 5, 300])



def logon_rights(w):
    """Policies that keep tier 0 away from lower machines, some with a gap, and some that let it in."""
    r = w.r
    # On a machine that is no domain controller the SID of Backup Operators is that of its own group.
    groups_ = [g.dn for g in w.privileged_groups() if not g.builtin] + [w.tier_group[0].dn]
    everybody = groups_ + w.denied_too + [a.dn for a in rules.users(w) if a.rid != 500 and rules.in_tier(w, a, 0) and
                           not any(g in groups_ for g in w.above(a.dn))]
    for unit in (w.machine_unit, w.tier1_unit, w.biomedical_unit):
        rights, local = {}, {}
        kind = r.choice(["none", "all", "all", "gap"])
        if kind != "none":
            rights = {d: list(everybody) for d in DENIALS}
        if kind == "gap":
            what = r.choice(DENIALS)
            rights[what] = rights[what][1:] if r.random() < 0.5 else []
            if not rights[what]:
                del rights[what]
        who = r.choice([w.group(512), w.tier_group[0], w.tier_group[1], w.new_group("GG-Support", w.group_unit)])
        if r.random() < 0.6:
            rights[r.choice(["SeRemoteInteractiveLogonRight", "SeInteractiveLogonRight", "SeBatchLogonRight"])] = [who.dn]
        elif r.random() < 0.4:
            local = {r.choice([544, 555]): [who.dn]}
        if rights or local:
            w.gpo("Droits " + unit[3:12], unit, rights=rights, local=local)


def encoded(w, text):
    """As some program writes it; Windows-1252 where it can."""
    encoding = w.r.choice(["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return text.encode("utf-8")


def leaks(w):
    """Mail, UPN or account name in any case, days as spreadsheets write them."""
    r = w.r
    lines = []
    for a in r.sample([a for a in w.accounts.values() if a.kind == "user" and not a.adopted and not a.closed], 12):
        a.more.setdefault("userPrincipalName", f"{a.sam}@lab.test")
    for a in r.sample([a for a in w.accounts.values() if a.kind == "user" and not a.adopted], 8):
        days = r.choice([10, 60, 500])
        if a.pwd is not None and abs(a.pwd - days) < 2:
            continue
        day = time.gmtime(w.sam.now / TICKS - 11644473600 - days * 86400)
        names_ = [a.more[k] for k in ("mail", "userPrincipalName") if k in a.more]
        name = r.choice(names_).upper() if names_ and r.random() < 0.7 else a.sam
        lines.append((name, time.strftime(r.choice(["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"]), day)))
        if r.random() < 0.3:
            lines.append((a.sam, time.strftime("%Y-%m-%d", time.gmtime(w.sam.now / TICKS - 11644473600 - 3000 * 86400))))
        w.leaks[a.dn] = days
    lines.append(("inconnu@ailleurs.example", "2024-01-31"))
    r.shuffle(lines)
    mark = r.choice([";", ",", "\t"])
    text = "".join(f"{n}{mark}{d}\r\n" for n, d in [("identifiant", "fuite"), *lines])
    w.files["fuites.csv"] = encoded(w, text)
    w.policy_lists["leaks"] = {"csv": "fuites.csv", "account": "identifiant", "date": "fuite"}


def hr(w):
    """Everybody who is paid, with those who left; some are missing."""
    r = w.r
    w.hr, lines, rows = {}, ["matricule;nom;sortie"], {}
    w.hr_match = r.choice(["employeeID", "employeeID", "sAMAccountName"])
    for a in w.accounts.values():
        if a.kind != "user" or a.adopted or r.random() < 0.3:
            continue
        if rows and r.random() < 0.3:  # a second account of somebody
            a.more["employeeID"] = r.choice(list(rows))
            continue
        number = f"{10000 + len(lines)}"
        a.more["employeeID"] = number
        if r.random() < 0.2:
            continue
        left = r.random() < 0.2
        ahead = r.random() < 0.3
        rows[number] = key = number if w.hr_match == "employeeID" else a.sam
        w.hr[key] = "left" if left else "there"
        lines.append(f"{key};=SOMME(A1);{'31/12/2020' if left else '2099-01-31' if ahead else ''}")
    w.files["rh.csv"] = encoded(w, "\r\n".join(lines))
    w.policy_lists["hr"] = {"csv": "rh.csv", "match": w.hr_match, "account": "matricule", "left": "sortie"}
    bosses = [a for a in w.accounts.values() if a.kind == "user" and not a.adopted]
    for a in r.sample(bosses, 8):
        a.more["manager"] = r.choice(bosses).dn


def exchange(w):
    unit = w.unit("Microsoft Exchange Security Groups")
    ews, ets = (w.add_group(f"Exchange {n}", unit) for n in ("Windows Permissions", "Trusted Subsystem"))
    ews.members.append(ets.dn)
    w.exchange = [ews, ets]
    w.join(w.computer(w.tier1_unit, "EX", supported=True, os_version="10.0 (20348)", os="Windows Server 2022 Standard"), ets)
    if w.r.random() < 0.6:
        w.join(w.user(w.people_units[1]), w.r.choice(w.exchange))


RESET = "00299570-246d-11d0-a768-00aa006e0529"


def hidden_admin(w):
    """Somebody ordinary with a right over an administrator, a privileged group, the domain or a policy of tier 0; and
    somebody whose right leads nowhere."""
    r = w.r
    victim = direct(w, w.people_units[0])
    who = w.user(w.people_units[0])
    holder = who
    if r.random() < 0.5:
        holder = w.join(who, w.new_group("GG-Délégués", w.group_unit)).groups[-1]
        holder = w.groups[holder]
    r.choice([lambda: w.grant(victim.dn, "WD", holder.dn),
              lambda: w.grant(victim.dn, "CR", holder.dn, "OA", RESET),
              lambda: w.grant(w.group(512).dn, "WO", holder.dn),
              lambda: w.grant(w.sam.base, "WD", holder.dn)])()
    w.hidden.append(holder)
    if r.random() < 0.5:
        crosser = w.user(w.people_units[0])
        w.grant(w.tier_group[1].dn, "WD", crosser.dn)
        w.crossers.append(crosser)
    w.grant(victim.dn, "RP", w.user(w.people_units[0]).dn)
    w.grant(w.user(w.people_units[0]).dn, "GA", w.user(w.people_units[0]).dn)


CSV_KEYS = ("file", "format", "account", "match", "method", "factors", "exported")


def names(w):
    """The policy of this domain, as a YAML file says it (JSON is YAML)."""
    def tier(t):
        return {k: list(v) for k, v in w.tiers[t].items()}
    evidence = []
    for e in w.mfa_evidence:
        evidence.append({"smartcard_required": lambda: "smartcard_required", "key_credential": lambda: "key_credential",
                         "certificate_mapping": lambda: "certificate_mapping",
                         "group": lambda: {"group": e["dn"]},
                         "csv": lambda: {"csv": {k: e[k] for k in CSV_KEYS if k in e}}}[e["kind"]]())
    w.policy = {"schema": 1, "name": f"familles {w.seed}", "extends": "care", "tiers": {str(t): tier(t) for t in w.tiers},
                "mfa": {"required_for": w.mfa_required, "evidence": evidence, "excluded": w.mfa_excluded, "weak_methods": w.mfa_weak},
                "controls": {c: v for c, v in w.params.items() if c in w.known}}
    if w.admin_pattern:
        w.policy["admin_accounts"] = {"name_pattern": w.admin_pattern}
    w.policy.update(w.populations)
    w.policy.update(w.policy_lists)
    w.files["policy.yaml"] = json.dumps(w.policy, ensure_ascii=False, indent=1)
