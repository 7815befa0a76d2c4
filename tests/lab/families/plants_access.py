"""Planted in what can be read: a password policy and an administrator's descriptor that are closed even to
administrators, what a replication conflict leaves, and keys of controllers and computers of a silo."""
from families.world import FIDO, NGC
from sam import DISABLED, DOMAIN_LOCAL


def decide(w, admin):
    """admin(w, unit): makes an administrator as it should be."""
    r = w.r
    duplicates(w)
    keys(w)
    if r.random() < 0.4:
        closed_pso(w)
    if r.random() < 0.4:
        a = w.join(admin(w, w.people_units[0]), w.group(512))
        a.closed = True
        a.more["userPrincipalName"] = f"{a.sam}@lab.test"  # or an export's row might be this account's


def duplicates(w):
    """By DN, by account name, enabled or not; and names that only look like it."""
    r = w.r
    unit = r.choice(w.people_units)

    def conflict(a):
        """As MS-ADTS 3.1.1.1.5.2.3 renames: a line feed, CNF: and the objectGUID."""
        del w.accounts[a.dn]
        a.dn = a.dn.replace("," + unit, f"\\0ACNF:{w.uuid()},{unit}", 1)
        return w.add_account(a)
    plants = [lambda: conflict(w.user(unit)), lambda: conflict(w.user(unit, uac=0x200 | DISABLED)),
              lambda: conflict(w.computer(unit)), lambda: w.user(unit, sam=f"$DUPLICATE-{w.seed + 0x44f:x}"),
              lambda: w.new_group("GG-Double", w.group_unit, more={"sAMAccountName": f"$DUPLICATE-{w.seed + 0x10000:x}"})]
    for plant in r.sample(plants, r.choice([0, 2, 3])):
        o = plant()
        w.duplicates.append(o.dn)
        w.expect("hyg_duplicate_accounts", o)
    for near in (w.new_group("CNF: réunion", w.group_unit), w.user(unit, sam=f"DUPLICATE-{w.serial}"),
                 w.user(unit, sam=f"x$DUPLICATE-{w.serial}"[:20])):
        w.never("hyg_duplicate_accounts", near)


def keys(w):
    r = w.r
    if r.random() < 0.5:
        w.dc.keys = [(NGC, w.dc.dn)]
    for silo, keyed, disabled in ((w.silo, True, False), (w.loose_silo, True, False), (w.silo, False, False),
                                  (None, True, False), (w.silo, True, True)):
        if r.random() < 0.6:
            c = w.computer(w.offices, "CLE", os="Windows 11 Enterprise LTSC", os_version="10.0 (26100)", supported=True)
            c.silo = silo
            c.uac |= DISABLED * disabled
            c.keys = [(r.choice([NGC, FIDO]), c.dn)] if keyed else []


def closed_pso(w):
    """It applies to a group and to an account, and no reader finds it; its settings are good ones."""
    group, who = w.new_group("GG-PSO-fermé", w.group_unit), w.user(w.people_units[0])
    w.join(w.user(w.people_units[1]), group)
    pso = w.new_pso("PSO fermé", 1, group, who, length=20, max_age=365)
    pso.closed = True
    for near in (w.pso_group["fort"], w.new_group("GG-PSO-rien", w.group_unit, kind=DOMAIN_LOCAL)):
        w.never("warning_password_policy_pso_missing", near)
