"""Planted around tier 0: servers that are of it in fact, policies that others may change, and where the accounts that
write the backups may open a session."""
from families.world import FIRST
from sam import DISABLED

SERVER = {"os": "Windows Server 2022 Standard", "os_version": "10.0 (20348)", "supported": True}
EDIT = ["GA", "WD", "WO", "CCDCLCSWRPWPSDRCWDWO", "WP"]
SYNC = ["Account created by Microsoft Azure Active Directory Connect with installation identifier {id} running on computer "
        "{host} configured to synchronize to tenant chu.onmicrosoft.com.",
        "Account created by the Windows Azure Active Directory Sync tool with installation identifier '{id}' running on "
        "computer '{host}' configured to synchronize to tenant 'chu.onmicrosoft.com'."]


def decide(w):
    r = w.r
    w.stations = w.unit("Stations", w.tier0_unit)
    w.pki_unit = w.unit("PKI", w.root)
    w.offices = w.unit("Bureaux", w.root)
    w.tiers[0]["units"].append(w.pki_unit)
    for unit in (w.stations, w.offices):
        w.computer(unit, "ADM", **SERVER)
    if r.random() < 0.7:
        authorities(w)
    if r.random() < 0.7:
        synchronisation(w)
    if r.random() < 0.8:
        policies(w)
    if "backup" in w.populations:
        deposits(w)


def server(w, unit, prefix="SRV", **facts):
    a = w.computer(unit, prefix, **SERVER, **facts)
    a.more["dNSHostName"] = f"{a.name.lower()}.lab.test"
    return a


def authorities(w):
    """One outside, and those that are in their place, declared, or no longer in use."""
    def carries(a):
        w.authorities[f"CA-{a.name}"] = a.more["dNSHostName"]
        return a
    if w.r.random() < 0.7:
        outside = carries(server(w, w.r.choice([w.machine_unit, w.tier1_unit, w.offices])))
        w.fact_tier0.append(outside)
        w.expect("hyg_tier0_computer_outside_units", outside)
    quiet = [lambda: carries(server(w, w.pki_unit)), lambda: carries(server(w, w.stations)),
             lambda: carries(w.join(server(w, w.offices), w.tier_group[0])),
             lambda: carries(server(w, w.offices, uac=0x1000 | DISABLED)),
             lambda: server(w, w.offices)]  # carries nothing
    for plant in w.r.sample(quiet, 3):
        w.never("hyg_tier0_computer_outside_units", plant())
    if w.r.random() < 0.5:
        declared = carries(server(w, w.offices))
        w.tiers[0]["accounts"].append(declared.dn)
        w.never("hyg_tier0_computer_outside_units", declared)
        w.expect("hyg_tier0_outside_units", declared)


def synchronisation(w):
    """The account of Entra Connect names the server that reads every password."""
    r = w.r

    def account(host, name, **facts):
        w.serial += 1
        text = r.choice(SYNC).format(id=f"{r.getrandbits(128):032x}", host=r.choice([host.name, host.name.lower()]))
        return w.user(w.offices, sam=f"{name}{w.serial:012x}"[:20], more={"description": text}, **facts)
    host = server(w, r.choice([w.offices, w.stations]))
    account(host, "MSOL_")
    if host.dn.endswith(w.offices):
        w.fact_tier0.append(host)
    old, other = server(w, w.offices), server(w, w.offices)
    account(old, "MSOL_", uac=0x200 | DISABLED)
    account(other, "svc_MSOL")  # no account of the synchronisation, whatever it says
    w.never("hyg_tier0_computer_outside_units", old)
    w.never("hyg_tier0_computer_outside_units", other)


def policies(w):
    """Of tier 0 and editable; of tier 0 and read alone, or edited by its own; editable and of nobody."""
    r = w.r

    def editor():
        who = w.user(w.people_units[0])
        if r.random() < 0.5:
            return w.groups[w.join(who, w.new_group("GG-Éditeurs", w.group_unit)).groups[-1]]
        return who
    def edit(gpo):
        who = editor()
        w.grant(gpo.dn, r.choice(EDIT), who.dn)
        w.edits.append((gpo, who))
        return gpo
    w.expect("hyg_tier0_gpo_editable", edit(w.gpo("Stations", r.choice([w.stations, w.pki_unit]))))
    server(w, w.tier1_unit)
    servers = edit(w.gpo("Serveurs", w.tier1_unit))
    read, own, elsewhere = w.gpo("Lue", w.stations), w.gpo("À nous", w.pki_unit), w.gpo("Bureaux", w.offices)
    w.grant(read.dn, "RPLCLORC", editor().dn)
    w.grant(own.dn, "GA", r.choice([w.join(w.user(w.tier0_unit), w.tier_group[0]), w.group(512)]).dn)
    edit(elsewhere)
    for g in (read, own, elsewhere, servers):
        w.never("hyg_tier0_gpo_editable", g)
    if r.random() < 0.4:  # it reaches privileged accounts: another point's, and a hidden administrator
        w.never("hyg_tier0_gpo_editable", edit(w.gpo("Partout", w.root)))


def deposits(w):
    """Denied by a policy above everything, by each unit's, limited to some computers, or not at all."""
    r, backup = w.r, w.populations["backup"]
    denied = w.new_group("GG-Refus", w.group_unit)
    inner = w.new_group("GG-Refus-Dépôts", w.group_unit)
    denied.members.append(inner.dn)
    if r.random() < 0.7:
        rights = {"SeDenyInteractiveLogonRight": [denied.dn], "SeDenyRemoteInteractiveLogonRight": [denied.dn]}
        if r.random() < 0.2:
            del rights[r.choice(list(rights))]
        w.gpo("Refus " + r.choice(FIRST), w.root, rights=rights)
    w.denied_too = [denied.dn] if r.random() < 0.7 else []
    plain = w.computer(w.machine_unit, "POSTE", **SERVER)
    own = w.computer(w.machine_unit, "SAUV", **SERVER)
    backup.setdefault("computers", []).append(own.dn)
    for kind in ("open", "denied", "denied by nesting", "own server", "plain", "both", "denied, plain"):
        a = w.user(w.people_units[0])
        backup["accounts"].append(a.dn)
        if "denied" in kind:
            w.join(a, inner if "nesting" in kind else denied)
        names = {"own server": [own], "plain": [plain], "both": [own, plain], "denied, plain": [plain]}.get(kind, [])
        if names:
            a.more["userWorkstations"] = ",".join(r.choice([c.name, c.name.lower()]) for c in names)
            a.limited = [c.dn for c in names]


