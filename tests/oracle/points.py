#!/usr/bin/python3
"""The points that attributes of accounts, trusts and descriptors decide, against an evaluator of their
own, over random directories.

usage: points.py PROGRAM FIRST COUNT [--keep FOLDER] [--summary] [--invariants N]
"""
import re
import struct
import sys

import compare
import evaluate
import generate
import paths_generate
from evaluate import both, split_dn

DAY = 86400
TO_AUTH, PARTIAL_SECRETS = 0x1000000, 0x4000000
LEVELS = {
	"hyg_kerberoastable_users": [3], "hyg_rbcd": [2], "vuln_compatible_2000_anonymous": [2],
	"vuln_compatible_2000_not_default": [3], "vuln_dc_crypto": [2, 3, 4], "vuln_dc_obsolete": [1],
	"vuln_delegation_a2d2": [1], "vuln_delegation_sourcedeleg": [1], "vuln_delegation_t2a4d": [1],
	"vuln_kerberos_properties_encryption": [3], "vuln_owner": [3],
	"vuln_password_change_cluster_no_change_3years": [2], "vuln_password_change_dc_no_change": [1],
	"vuln_password_change_inactive_dc": [1], "vuln_password_change_inactive_servers": [3],
	"vuln_password_change_msa_no_change_90": [2], "vuln_password_change_server_no_change_45": [3],
	"vuln_password_change_server_no_change_90": [2], "vuln_primary_group_id_1000": [1],
	"vuln_primary_group_id_nochange": [3], "vuln_rodc_allowed_group": [3],
	"vuln_rodc_denied_group": [3], "vuln_rodc_never_reveal": [3], "vuln_rodc_orphan_krbtgt": [3],
	"vuln_rodc_priv_revealed": [2], "vuln_rodc_reveal": [3], "vuln_sidhistory_dangerous": [2],
	"vuln_sidhistory_present": [3], "vuln_trusts_accounts": [2],
	"vuln_trusts_domain_notfiltered": [1], "vuln_trusts_forest_sidhistory": [1],
	"vuln_trusts_tgt_deleg": [3],
}
# End of support (controls.md), by the version that a computer says of itself.
ENDS = {"6.1 (7601)": 2020, "6.3 (9600)": 2023, "10.0 (14393)": 2027, "10.0 (17763)": 2029,
	"10.0 (20348)": 2031}
SYSTEMS = {"6.1 (7601)": "Windows Server 2008 R2 Standard",
	"6.3 (9600)": "Windows Server 2012 R2 Datacenter", "10.0 (14393)": "Windows Server 2016 Standard",
	"10.0 (17763)": "Windows Server 2019 Standard", "10.0 (20348)": "Windows Server 2022 Standard",
	"10.0 (19045)": "Windows 10 Pro"}


class Generator(generate.Generator):
	def damage(self):
		"""The last step of the generator: everything of ours before it."""
		r = self.r
		for e in list(self.entries):
			classes = e.a["objectClass"]
			if "computer" in classes:
				self.machine(e)
			if "user" in classes:
				self.account_more(e)
		for d in self.domains:
			self.trusts(d)
			self.replication_groups(d)
		for e in self.entries:
			if r.random() > 0.02:
				self.owner(e)
		super().damage()
		if not self.star:
			for name in ("operatingSystem", "operatingSystemVersion", "msDS-AllowedToDelegateTo",
					"msDS-AllowedToActOnBehalfOfOtherIdentity", "sIDHistory", "trustAttributes",
					"msDS-NeverRevealGroup", "msDS-KrbTgtLink", "dNSHostName", "msDS-RevealedUsers",
					"msDS-RevealOnDemandGroup"):
				if r.random() < (0.15 if name.startswith(("msDS-Rev", "msDS-Nev", "msDS-Krb")) else 0.04):
					for e in self.entries:
						e.a.pop(name, None)

	def machine(self, e):
		r = self.r
		dc = e.a["primaryGroupID"][0] in ("516", "521")
		version = r.choice(["10.0 (17763)", "10.0 (20348)"] if dc and self.calm else list(SYSTEMS))
		if dc and version == "10.0 (19045)":
			version = "10.0 (17763)"
		if not self.odd(0.1):
			e.set("operatingSystem", SYSTEMS[version])
			if not self.odd(0.2):
				e.set("operatingSystemVersion", version)
		e.set("dNSHostName", e.a["cn"][0].lower() + ".chu.example")
		e.set("pwdLastSet", generate.filetime(generate.NOW - r.choice([1, 20] if self.calm else
			[1, 20, 44, 45, 46, 89, 90, 91, 400, 1200]) * DAY))
		made = evaluate.generalized(e.a["whenCreated"][0].encode()) if "whenCreated" in e.a else 0
		if r.random() < 0.8:
			e.set("lastLogonTimestamp", generate.filetime(max(made, generate.NOW - r.choice(
				[1, 10] if self.calm else [1, 44, 46, 89, 91, 300]) * DAY)))
		if r.random() < 0.8 or self.calm:
			e.set("msDS-SupportedEncryptionTypes", r.choice([24, 0x80000018] if self.calm else
				[0, 3, 4, 7, 8, 24, 28, 31]))
		if self.odd(0.1):
			e.add("servicePrincipalName", "MSClusterVirtualServer/" + e.a["cn"][0])
		if e.a["primaryGroupID"][0] == "521":
			self.rodc(e)

	def rodc(self, e):
		r, d = self.r, e.domain
		names = [d.known[rid].dn for rid in (544, 549, 548, 551)] + [self.named(d, 572).dn]
		e.set("msDS-NeverRevealGroup", *r.sample(names, len(names) - (1 if self.odd(0.4) else 0)))
		e.set("msDS-RevealOnDemandGroup", self.named(d, 571).dn)
		if self.odd(0.5):
			e.add("msDS-RevealOnDemandGroup", r.choice(self.users + self.groups).dn)
		e.set("msDS-RevealedUsers", *["B:8:00000001:" + r.choice(
			[e] if self.calm else self.users + [e]).dn])
		links = [k for k in self.entries if "msDS-SecondaryKrbTgtNumber" in k.a and k.domain is d]
		if links and not self.odd(0.2):
			e.set("msDS-KrbTgtLink", links[0].dn)

	def named(self, d, rid):
		if rid not in d.known:
			d.known[rid] = self.group(d, {571: "Allowed RODC Password Replication Group",
				572: "Denied RODC Password Replication Group"}[rid], d.users, -0x7FFFFFFC,
				"%s-%d" % (d.sid, rid))
		return d.known[rid]

	def replication_groups(self, d):
		r = self.r
		self.named(d, 571)
		if self.odd(0.3):
			self.named(d, 571).add("member", r.choice(self.users).dn)
		wanted = [d.known[n].dn for n in (516, 521, 512, 517)]
		wanted += [self.group(d, "Group Policy Creator Owners", d.users, -0x7FFFFFFE, d.sid + "-520").dn]
		wanted += [e.dn for e in self.entries if e.a.get("sAMAccountName") == ["krbtgt"] and e.domain is d]
		if d is self.domains[0]:
			wanted += [d.known[n].dn for n in (519, 518)]
		self.named(d, 572).set("member", *[w for w in wanted if not self.odd(0.05)])
		g = d.known[554]
		self.fsp(d, g, "S-1-5-11")
		if self.odd(0.3):
			self.fsp(d, g, r.choice(["S-1-5-7", "S-1-1-0"]))
		if self.odd(0.2):
			g.add("member", r.choice(self.machines + self.users).dn)

	def account_more(self, e):
		r = self.r
		if self.odd(0.2) and "userAccountControl" in e.a:
			uac = e.a["userAccountControl"][0]
			if re.fullmatch("[0-9]+", uac) and r.random() < 0.5:
				e.set("userAccountControl", int(uac) | TO_AUTH)
			targets = r.sample(self.machines, min(2, len(self.machines)))
			e.set("msDS-AllowedToDelegateTo", *[r.choice(["cifs/%s", "HTTP/%s.chu.example:80",
				"ldap/%s.CHU.example/chu.example", "krbtgt/%s.not.here", "host/%s"]) % t.a["cn"][0]
				for t in targets] + ["http/ailleurs"])
			if r.random() < 0.1:
				e.add("msDS-AllowedToDelegateTo", "krbtgt/CHU.EXAMPLE")
		if self.odd(0.1):
			kind = r.choice([0, 0, 1, None])
			aces = [] if kind is None else [paths_generate.ace(kind, 0, 0xF01FF, "S-1-5-32-545")]
			e.set("msDS-AllowedToActOnBehalfOfOtherIdentity", paths_generate.descriptor("S-1-5-32-544",
				aces, dacl=r.random() > 0.05))
		if self.odd(0.1):
			e.set("sIDHistory", *[generate.sid_bytes(r.choice(["S-1-5-21-9-9-9-%d" % n
				for n in (500, 512, 999, 1000, 4000)] + ["S-1-5-32-544", "S-1-5-18", self.users[0].sid]))])
		if "inetOrgPerson" not in e.a["objectClass"] and self.odd(0.05):
			e.set("primaryGroupID", r.choice([513, 515, 544, 999, 1000, 1150]))

	def trusts(self, d):
		r = self.r
		for n in range(r.randrange(0, 4)):
			t = self.entry("CN=partner%d.example,CN=System,%s" % (n, d.dn), "leaf", "trustedDomain")
			t.set("trustPartner", "partner%d.example" % n).set("trustType", r.choice([2, 2, 2, 1, 3]))
			t.set("trustDirection", r.choice([0, 1, 2, 3]))
			t.set("trustAttributes", r.choice([4, 0x4C, 8, 0x28, 0x20, 0x20C] if self.calm else
				[0, 4, 8, 0x48, 0x4C, 0x20, 0x40, 0x800, 0x808, 0xA08, 0x440]))
			if self.odd(0.05):
				del t.a[r.choice(["trustDirection", "trustAttributes"])]
		if r.random() < 0.3:
			t = self.entry("CN=interne,CN=System," + d.dn, "leaf", "trustedDomain")
			t.set("trustPartner", "chu.example").set("trustDirection", 3).set("trustAttributes", 0)
			t.set("trustType", 2)

	def owner(self, e):
		r = self.r
		root = self.domains[0].sid
		good = [root + "-512", "S-1-5-32-544", "S-1-5-18", root + "-519"]
		e.set("nTSecurityDescriptor", paths_generate.descriptor(r.choice(good) if not self.odd(0.1) else
			r.choice([u.sid for u in self.users] + ["S-1-5-21-9-9-9-512", None]),
			[paths_generate.ace(0, 0, 0xF01FF, "S-1-5-18")]))


class Evaluator(evaluate.Evaluator):
	def computers(self, control, test, dc=None):
		"""Enabled computers; dc: only, or never, domain controllers."""
		def one(o):
			if dc is True and not self.is_dc(o):
				if "primarygroupid" in o.values or "useraccountcontrol" in o.values:
					return "skip"
				return None
			return test(o)
		return self.each(control, ["computer"], one)

	# ---- delegation -------------------------------------------------------------------------

	def service_of(self, o, spn):
		"""The DC or krbtgt that answers for this SPN; None: another, "?": perhaps one."""
		low = spn.lower()
		targets = [x for x in self.d.all if x.kind == "krbtgt" or self.is_dc(x)]
		for x in self.d.of("user", "computer", "msa", "krbtgt"):
			if low in [s.decode().lower() for s in x.values.get("serviceprincipalname", [])]:
				return self.perhaps(x) if x is not o and x not in targets else \
					x if x is not o else None
		parts = low.split("/")
		host = parts[1].split(":")[0]
		for x in targets:
			names = [(x.text("dnshostname") or "").lower(), (x.text("samaccountname") or "").lower()]
			if x.kind == "computer" and x is not o and host and (host == names[0] or
					host + "$" == names[1]):
				return x
		if parts[0] == "krbtgt":
			return "krbtgt"
		for x in self.d.of("computer"):
			names = [(x.text("dnshostname") or "").lower(), (x.text("samaccountname") or "").lower()]
			if host and (host == names[0] or host + "$" == names[1]):
				return self.perhaps(x) if x is not o else None
		heads = {d.key for d in self.d.domains}
		unread = any((r.number("systemflags") or 0) & 3 == 3 and
			evaluate.split_dn(r.values["ncname"][0]) not in heads for r in self.d.of("crossref"))
		suffixes = [d.dn.lower().replace("dc=", "").replace(",", ".") for d in self.d.domains]
		return "?" if unread and host.partition(".")[2] not in suffixes else None

	@staticmethod
	def perhaps(x):
		"""What was not read of an account may make it a DC or krbtgt."""
		bare = x.number("primarygroupid") is None and x.number("useraccountcontrol") is None
		return "?" if not x.sid or (x.kind == "computer" and bare) else None

	def constrained(self, control, transition):
		def test(o):
			spns = [v.decode() for v in o.values.get("msds-allowedtodelegateto", [])]
			if not spns:
				return False if self.d.readable(o, "msds-allowedtodelegateto") else None
			if self.is_dc(o) and o.number("primarygroupid") == 516:
				return False
			uac = o.number("useraccountcontrol")
			if uac is None:
				return None
			if bool(uac & TO_AUTH) != transition:
				return False
			services = [self.service_of(o, s) for s in spns]
			return True if any(s not in (None, "?") for s in services) else None if "?" in services else False
		return self.each(control, evaluate.ACCOUNTS, test)

	def vuln_delegation_a2d2(self, c):
		return self.constrained(c, False)

	def vuln_delegation_t2a4d(self, c):
		return self.constrained(c, True)

	def acts(self, o):
		name = "msds-allowedtoactonbehalfofotheridentity"
		if name not in o.values:
			return False if self.d.readable(o, name) else None
		raw = o.values[name][0]
		at = struct.unpack_from("<I", raw, 16)[0]
		if not struct.unpack_from("<H", raw, 2)[0] & 4 or not at:
			return True    # no list: everybody
		count, at = struct.unpack_from("<H", raw, at + 4)[0], at + 8
		for _ in range(count):
			if raw[at] == 0:
				return True
			at += struct.unpack_from("<H", raw, at + 2)[0]
		return False

	def vuln_delegation_sourcedeleg(self, c):
		def one(o):
			if o.kind == "computer" and not self.is_dc(o):
				if "primarygroupid" in o.values or "useraccountcontrol" in o.values:
					return "skip"
				return None
			return self.acts(o)
		return self.each(c, ["computer", "krbtgt"], one, enabled=False)

	def hyg_rbcd(self, c):
		return self.each(c, evaluate.ACCOUNTS, lambda o: "skip" if self.is_dc(o) else self.acts(o))

	# ---- Kerberos ---------------------------------------------------------------------------

	def has_spn(self, o):
		if "serviceprincipalname" in o.values:
			return True
		return False if self.d.readable(o, "serviceprincipalname") else None

	def hyg_kerberoastable_users(self, c):
		return self.each(c, ["user"], self.has_spn)

	def vuln_kerberos_properties_encryption(self, c):
		def test(o):
			types = o.number("msds-supportedencryptiontypes")
			if types is None and "msds-supportedencryptiontypes" not in o.values:
				weak = True if self.d.readable(o, "msds-supportedencryptiontypes") else None
			else:
				weak = not (types or 0) & 0x18
			spn = self.has_spn(o)
			return "skip" if spn is False else weak if spn else None
		return self.each(c, ["user", "msa"], test)

	def vuln_dc_crypto(self, c):
		v = evaluate.Verdict()
		for o in self.d.of("computer"):
			if not self.is_dc(o) or self.enabled(o) is False:
				if not self.is_dc(o) and "primarygroupid" not in o.values and \
						"useraccountcontrol" not in o.values:
					v.take(o, None)
				continue
			if "msds-supportedencryptiontypes" not in o.values and not self.d.readable(o,
					"msds-supportedencryptiontypes"):
				v.take(o, None)
				continue
			types = o.number("msds-supportedencryptiontypes") or 0
			level = 2 if types & 3 else 3 if not types & 0x18 else 4 if types & 4 else None
			v.take(o, both(self.enabled(o), level is not None), level)
		v.lost = not self.d.domains
		return v

	# ---- machines ---------------------------------------------------------------------------

	def vuln_dc_obsolete(self, c):
		def test(o):
			version, system = o.text("operatingsystemversion"), o.text("operatingsystem")
			if version is None:
				known = [v for v, s in SYSTEMS.items() if s == system]
				version = known[0] if known else None
			if version not in ENDS:
				return None
			return ENDS[version] < 2026
		return self.computers(c, test, dc=True)

	def vuln_password_change_dc_no_change(self, c):
		return self.computers(c, lambda o: self.older(o, "pwdlastset", 45), dc=True)

	def unused(self, o, days):
		"""Not used for so many days; no logon precedes the account."""
		last, sure = self.last_use(o)
		limit = self.now - days * DAY
		if last is not None:
			return False if last >= limit else True if sure else None
		made = self.created(o)
		if made is not None and made >= limit:
			return False
		never = sure and self.date(o, "lastlogontimestamp") == "never" and \
			self.date(o, "lastlogon") in ("never", "?") and self.never(o)
		return True if never and made is not None else None

	def never(self, o):
		return all(n not in o.values or o.number(n) == 0 for n in ("lastlogontimestamp", "lastlogon"))

	def vuln_password_change_inactive_dc(self, c):
		return self.computers(c, lambda o: self.unused(o, 45), dc=True)

	def is_cluster(self, o):
		return any(s.decode().lower().startswith("msclustervirtualserver/")
			for s in o.values.get("serviceprincipalname", []))

	def servers(self, c, test):
		def one(o):
			if self.is_dc(o) or self.is_cluster(o):
				return "skip"
			system = o.text("operatingsystem")
			if system is not None and "server" not in system.lower():
				return "skip"
			is_it = True if system is not None else (
				False if self.d.readable(o, "operatingsystem") else None)
			return "skip" if is_it is False else both(is_it, test(o))
		return self.computers(c, one)

	def vuln_password_change_server_no_change_90(self, c):
		return self.servers(c, lambda o: self.older(o, "pwdlastset", 90))

	def vuln_password_change_server_no_change_45(self, c):
		return self.servers(c, lambda o: self.older(o, "pwdlastset", 45))

	def vuln_password_change_inactive_servers(self, c):
		return self.servers(c, lambda o: self.unused(o, 90))

	def vuln_password_change_cluster_no_change_3years(self, c):
		def test(o):
			spn = self.has_spn(o)
			if spn is None:
				return None
			return self.older(o, "pwdlastset", 1095) if self.is_cluster(o) else "skip"
		return self.computers(c, test)

	def vuln_password_change_msa_no_change_90(self, c):
		return self.each(c, ["msa"], lambda o: self.older(o, "pwdlastset", 90))

	# ---- primary groups, SID history ----------------------------------------------------------

	def primary(self, c, below):
		def test(o):
			rid, uac = o.number("primarygroupid"), o.number("useraccountcontrol")
			if "primarygroupid" not in o.values:
				return None
			rid = rid or 0
			if below and rid >= below:
				return False
			if o.kind == "user":
				return rid not in (513, 514)
			if o.kind == "msa":
				return rid != 515
			if uac is None:
				return None if rid not in self.possible else None
			want = 521 if uac & PARTIAL_SECRETS else 516 if uac & 0x2000 else 515
			return rid != want
		return self.each(c, evaluate.ACCOUNTS, test)

	possible = (515, 516, 521)

	def vuln_primary_group_id_1000(self, c):
		return self.primary(c, 1000)

	def vuln_primary_group_id_nochange(self, c):
		return self.primary(c, None)

	def history(self, c, dangerous):
		def test(o):
			if "sidhistory" not in o.values:
				return False if self.d.readable(o, "sidhistory") else None
			return any(dangerous(evaluate.sid_text(v)) for v in o.values["sidhistory"])
		return self.each(c, evaluate.ACCOUNTS + ("group",), test, enabled=False)

	def vuln_sidhistory_present(self, c):
		return self.history(c, lambda sid: True)

	def vuln_sidhistory_dangerous(self, c):
		def dangerous(sid):
			if not sid.startswith("S-1-5-21-") or int(sid.rsplit("-", 1)[1]) < 1000:
				return True
			o = self.d.by_sid.get(sid)
			return o is not None and (o.key in self.d.privileged or self.d.is_privileged_group(o))
		return self.history(c, dangerous)

	# ---- trusts -----------------------------------------------------------------------------

	def trusts(self, c, test):
		v = evaluate.Verdict()
		for o in self.d.all:
			if b"trustedDomain" not in o.values.get("objectclass", []):
				continue
			direction, attributes = o.number("trustdirection"), o.number("trustattributes")
			answer = None if direction is None or attributes is None else test(o, direction, attributes)
			if answer != "skip":
				v.take(o, answer)
		v.lost = not self.d.domains
		return v

	def vuln_trusts_domain_notfiltered(self, c):
		inside = {(o.text("dnsroot") or "").lower() for o in self.d.of("crossref")}

		def test(o, direction, attributes):
			if o.number("trusttype") == 3 or attributes & 0x28 or \
					(o.text("trustpartner") or "").lower() in inside:
				return "skip"
			return bool(direction & 2) and not attributes & 4
		return self.trusts(c, test)

	def vuln_trusts_forest_sidhistory(self, c):
		return self.trusts(c, lambda o, direction, a: "skip" if not a & 8 else
			bool(direction & 2 and a & 0x40 and not a & 4))

	def vuln_trusts_tgt_deleg(self, c):
		return self.trusts(c, lambda o, direction, a: bool(direction & 1 and a & 0x800 and not a & 0x200))

	def vuln_trusts_accounts(self, c):
		def test(o):
			if o.kind == "user":
				if "useraccountcontrol" in o.values or "samaccounttype" in o.values or \
						not (o.text("samaccountname") or "$").endswith("$"):
					return "skip"
				return None
			return self.older(o, "pwdlastset", 365)
		return self.each(c, ["trust_account", "user"], test)

	# ---- read-only domain controllers -----------------------------------------------------------

	def rodcs(self, c, name, test):
		def one(o):
			is_it = o.number("primarygroupid") == 521 or \
				(o.number("useraccountcontrol") or 0) & PARTIAL_SECRETS
			if not is_it:
				known = "primarygroupid" in o.values or "useraccountcontrol" in o.values
				return "skip" if known else None
			if name not in o.values and not self.d.readable(o, name):
				return None
			return test(o, [split_dn(v) for v in o.values.get(name, [])])
		return self.each(c, ["computer"], one, enabled=False)

	def misses(self, o, named, wanted):
		"""Is one of the SIDs not named? A name that was not read may be it."""
		there = {self.d.by_dn[k].sid for k in named if k in self.d.by_dn}
		if set(wanted) <= there:
			return False
		return None if any(k not in self.d.by_dn for k in named) else True

	def vuln_rodc_never_reveal(self, c):
		def test(o, named):
			d = self.d.domain_of(o)
			return None if d is None else self.misses(o, named, ["S-1-5-32-%d" % r
				for r in (544, 549, 548, 551)] + [d.sid + "-572"])
		return self.rodcs(c, "msds-neverrevealgroup", test)

	def vuln_rodc_reveal(self, c):
		def test(o, named):
			answers = [False]
			for k in named:
				x = self.d.by_dn.get(k)
				if x is None or x.sid is None:
					answers.append(None)
				else:
					rid = int(x.sid.rsplit("-", 1)[1])
					answers.append(rid != 571 and (rid < 1000 or x.key in self.d.privileged or
						self.d.is_privileged_group(x)))
			return evaluate.either(*answers)
		return self.rodcs(c, "msds-revealondemandgroup", test)

	def vuln_rodc_priv_revealed(self, c):
		v = evaluate.Verdict()
		for o in self.d.of("computer"):
			if not (o.number("primarygroupid") == 521 or
					(o.number("useraccountcontrol") or 0) & PARTIAL_SECRETS):
				if "primarygroupid" not in o.values and "useraccountcontrol" not in o.values:
					v.take(o, None)
				continue
			if not self.d.readable(o, "msds-revealedusers"):
				v.take(o, None)
				continue
			v.examined += 1
			for value in o.values.get("msds-revealedusers", []):
				who = self.d.by_dn.get(split_dn(value.split(b":", 3)[3]))
				privileged = None if who is None else self.d.is_privileged_group(who) or \
					self.d.is_privileged(who)
				if privileged is None:
					v.unknown += 1
				elif privileged and not self.is_dc(who):
					v.found[who.dn] = None
		v.lost = not self.d.domains
		return v

	def of_each_domain(self, rid, test):
		v = evaluate.Verdict()
		for d in self.d.domains:
			g = self.d.by_sid.get("%s-%d" % (d.sid, rid))
			if g is None or not self.d.readable(g, "member"):
				v.take(d, None)
			else:
				v.take(g, test(d, g))
		v.lost = not self.d.domains
		return v

	def vuln_rodc_allowed_group(self, c):
		return self.of_each_domain(571, lambda d, g: "member" in g.values)

	def vuln_rodc_denied_group(self, c):
		def test(d, g):
			wanted = [516, 521, 520, 512, 517, 502] + ([519, 518] if d.dn == self.d.root_dn else [])
			return self.misses(g, [split_dn(v) for v in g.values.get("member", [])],
				["%s-%d" % (d.sid, r) for r in wanted])
		self.d.root_dn = min((d.dn for d in self.d.domains), key=len, default="")
		return self.of_each_domain(572, test)

	def vuln_rodc_orphan_krbtgt(self, c):
		def test(o):
			if o.rid == 502:
				return "skip"
			hidden = False
			for x in self.d.of("computer"):
				if "msds-krbtgtlink" in x.values:
					if split_dn(x.values["msds-krbtgtlink"][0]) == o.key:
						return False
				elif (x.number("primarygroupid") == 521 or (x.number("useraccountcontrol") or 0) &
						PARTIAL_SECRETS) and not self.d.readable(x, "msds-krbtgtlink"):
					hidden = True
			return None if hidden else True
		return self.each(c, ["krbtgt"], test, enabled=False)

	# ---- Pre-Windows 2000, owners -----------------------------------------------------------

	def compatible(self, c, bad):
		v, seen = evaluate.Verdict(), 0
		for g in self.d.of("group"):
			if g.sid != "S-1-5-32-554":
				continue
			seen += 1
			if not self.d.readable(g, "member"):
				v.take(g, None)
				continue
			sids = []
			for value in g.values.get("member", []):
				key = split_dn(value)
				o = self.d.by_dn.get(key)
				sids.append(o.sid if o is not None and o.sid else key[0][1].upper())
			v.take(g, any(bad(s) for s in sids))
		v.lost = not self.d.domains or seen < len(self.d.domains)
		return v

	def vuln_compatible_2000_anonymous(self, c):
		return self.compatible(c, lambda s: s == "S-1-5-7")

	def vuln_compatible_2000_not_default(self, c):
		return self.compatible(c, lambda s: s != "S-1-5-11")

	def vuln_owner(self, c):
		def test(o):
			made = self.created(o)
			raw = o.values.get("ntsecuritydescriptor")
			if made is not None and self.now - made < 7 * DAY:
				return "skip"
			if raw is None:
				return None
			at = struct.unpack_from("<I", raw[0], 4)[0]
			if not at:
				return None
			owner = evaluate.sid_text(raw[0][at:at + 8 + 4 * raw[0][at + 1]])
			good = owner in ("S-1-5-32-544", "S-1-5-18") or any(owner in (d.sid + "-512", d.sid + "-519")
				for d in self.d.domains)
			# an administrators' group of a domain that was not read, perhaps of this forest
			elsewhere = owner.startswith("S-1-5-21-") and owner.rsplit("-", 1)[1] in ("512", "519")
			if not good and (made is None or elsewhere):
				return None
			return not good
		return self.each(c, evaluate.ACCOUNTS + ("group", "ou"), test, enabled=False)


def main():
	# With userAccountControl goes what Pre-Windows 2000 Compatible Access shows and Authenticated Users
	# do not see: all that is in no set of the four that everybody reads.
	evaluate.HIDDEN_TOGETHER |= {"msds-allowedtoactonbehalfofotheridentity", "operatingsystem",
		"operatingsystemversion", "msds-neverrevealgroup", "msds-revealondemandgroup",
		"msds-revealedusers", "msds-krbtgtlink"}
	evaluate.LEVELS, evaluate.Evaluator, generate.Generator = LEVELS, Evaluator, Generator
	compare.HIDEABLE = HIDEABLE
	compare.WORTH_MORE = dict.fromkeys(WORTH_MORE) | compare.WORTH_MORE
	return compare.main()


HIDEABLE = ("userAccountControl", "pwdLastSet", "lastLogonTimestamp", "whenCreated", "primaryGroupID",
	"servicePrincipalName", "msDS-SupportedEncryptionTypes", "operatingSystem", "dNSHostName",
	"operatingSystemVersion", "msDS-AllowedToDelegateTo", "sIDHistory", "trustAttributes",
	"msDS-AllowedToActOnBehalfOfOtherIdentity", "trustDirection", "msDS-NeverRevealGroup",
	"msDS-RevealOnDemandGroup", "msDS-RevealedUsers", "msDS-KrbTgtLink", "nTSecurityDescriptor",
	"member", "sAMAccountType", "trustType", "trustPartner")
# A computer whose primary group is hidden is a domain controller when its flags say so; somebody may
# be privileged, but what he controls is controlled all the same; a partner may be of the forest. What
# everybody controls is found at the first object reached: another one, where a service has no host.
WORTH_MORE = {(c, "primaryGroupID") for c in LEVELS} | {(c, n) for n in ("member", "primaryGroupID")
	for c in ("vuln_permissions_gpo_container_priv", "vuln_permissions_naming_context",
	"vuln_permissions_dc", "vuln_privileged_members_perm", "vuln_permissions_gpo_priv",
	"warning_reversible_password", "vuln_permissions_adminsdholder")} | {
	("hyg_hidden_admins", "dNSHostName")}

if __name__ == "__main__":
	sys.exit(main())
