"""ORADAD's folders against the same directory as LDIF or as a snapshot, one test a trap of the format: what differs is
unknown, never compliant. The folders are written by tests/oradad, from a description of the format."""
import os
import pathlib
import shutil
import sqlite3
import struct
import tempfile
import unittest

from case import SAMPLE
from oradad_case import AT, FOREST, HEAD, NEW, POLICY, SYSVOL, TOKEN, OradadCase, compare, drop, given, is_leaf, ldif, renamed, whole
from oradad_writer import VERSIONS, Writer


class Agreement(OradadCase):
    def test_the_whole_sample(self):
        """Nearly every control finds something there, so that each has much to get wrong."""
        ref = self.audit("--ldif", SAMPLE[1], "--sysvol", SYSVOL, *POLICY, "--format", "json")[0]
        res = self.imported(self.written(whole()))
        self.same(ref, res, at_least=170)
        self.assertEqual(res["directory"]["source"], "oradad")
        # employeeID is above ORADAD's level; every other word of evidence is the same.
        self.assertEqual([e for e in compare.other_evidence(ref, res) if e[0] != "hyg_tier_same_person"], [])
        kept = self.audit("--snapshot", self.snapshot(self.written(whole())), *POLICY, "--format", "json")[0]
        self.assertEqual(kept["controls"], res["controls"])

    def test_versions_differ_in_columns_and_their_order(self):
        ref = self.reference()
        for version in VERSIONS:
            with self.subTest(version=version):
                res = self.imported(self.written(self.small, version))
                self.same(ref, res, at_least=150)
                own = next(c for c in res["controls"] if c["id"] == compare.ORADAD_ALONE)
                self.assertNotEqual(own["status"], "fail" if version == NEW else "pass", own)

    def test_a_column_that_an_old_version_lacks_is_unknown(self):
        """LAPS of Windows before it existed: no computer is said to have none."""
        new, old = (compare.by_id(self.imported(self.written(self.small, v))) for v in (NEW, "3.0.155"))
        changed = {name for name in new if new[name]["status"] != old[name]["status"]}
        self.assertTrue(changed)
        self.assertEqual({old[name]["status"] for name in changed}, {"unknown"}, changed)
        self.assertTrue(any("laps" in name for name in changed), changed)

    def test_levels(self):
        """A configuration of level 1 asks for less, one of level 9 for more."""
        ref = self.reference()
        decided = []
        for level in (1, 4, 9):
            results = self.imported(self.written(self.small, level=level))
            self.same(ref, results)
            decided.append(len(compare.decided(results)))
        self.assertLess(decided[0], decided[1] + 1)
        self.assertLess(decided[1], decided[2])

    def test_several_domains(self):
        """A child domain: its own folder, rootDSE and token; the reference is the forest in one LDIF."""
        d, child = self.fresh(), f"DC=annexe,{HEAD}"
        old = d.find(HEAD)
        d.entries.append(given.Entry(child, {**old.attrs, "dc": "annexe", "name": "annexe", "objectguid": bytes(range(16)),
                                             "objectsid": given.sid("S-1-5-21-9-8-7"), "minpwdlength": "3"}))
        for i, flags in enumerate(("544", "512")):
            d.entries.append(self.account(f"annexe{i}", child, f"S-1-5-21-9-8-7-{1100 + i}", userAccountControl=flags))
        ref = self.from_ldif(d)
        d.roots["annexe." + FOREST] = given.root_dse(child, HEAD)
        d.roots[FOREST].attrs["namingcontexts"] = [v for v in d.roots[FOREST].get("namingContexts")]
        run = self.written(d)
        self.assertTrue((run / "domain" / f"annexe.{FOREST}" / "user.tsv").exists())
        res = self.imported(run)
        self.same(ref, res, at_least=140)
        self.assertIn(f"CN=annexe0,{child}", compare.dns(compare.by_id(res)["hyg_password_not_required"]))

    def test_an_application_partition(self):
        """Asked all that a domain is asked: a group in it is one, and it is no domain."""
        d, nc = self.fresh(), "DC=application,DC=example"
        d.roots[FOREST].attrs["namingcontexts"] = [*d.roots[FOREST].get("namingContexts"), nc.encode()]
        d.entries.append(given.Entry(nc, {"objectClass": ["top", "domain", "domainDNS"], "objectGUID": bytes(16), "name": "application",
                                          "nTSecurityDescriptor": given.descriptor("S-1-5-32-544")}))
        d.entries.append(given.Entry(f"CN=Zone,{nc}", {"objectClass": ["top", "container"], "objectGUID": bytes(15) + b"1", "cn": "Zone",
                                                       "name": "Zone", "nTSecurityDescriptor": given.descriptor("S-1-5-32-544")}))
        run = self.written(d)
        self.assertTrue((run / "application/application.example/top.tsv").exists())
        self.same(self.from_ldif(d), self.imported(run), at_least=150)


class Traps(OradadCase):
    """Section 5 of the description, line by line."""

    def changed(self, change, version=NEW, at_least=150, **kw):
        """change(directory) is what differs from the small directory; both sources see it."""
        d = self.fresh()
        change(d)
        ref, res = self.from_ldif(d), self.imported(self.written(d, version, **kw))
        self.same(ref, res, at_least=at_least)
        return compare.by_id(ref), compare.by_id(res)

    def test_1_and_2_the_first_columns_are_no_names(self):
        """rootDSE begins with the server, top has shortname and shortdn behind dn."""
        snapshot = self.snapshot(self.written(self.small))
        self.assertEqual(self.query(snapshot, "SELECT count(*) FROM object WHERE dn LIKE 'dc1.%'"), [(0,)])
        self.assertEqual(self.query(snapshot, "SELECT count(*) FROM object WHERE dn=''"), [(1,)])
        self.assertEqual(self.query(snapshot, "SELECT name FROM attribute WHERE lower(name) IN ('shortname','shortdn','server')"), [])
        meta = dict(self.query(snapshot, "SELECT key, value FROM meta"))
        self.assertEqual(meta["source"], "oradad")
        self.assertEqual(meta["collected_at"], "2026-11-21T08:00:00Z")
        self.assertTrue(meta["oradad_version"].startswith(NEW), meta["oradad_version"])
        self.assertEqual(sorted(meta["reader_token"].split()), sorted(TOKEN))

    def test_3_deleted_objects_are_left_out(self):
        for deleted in (0, 5):
            snapshot = self.snapshot(self.written(self.small, deleted=deleted))
            self.assertEqual(self.query(snapshot, "SELECT count(*) FROM object WHERE dn<>''"), [(len(self.small.entries),)])
            self.assertEqual(self.query(snapshot, "SELECT count(*) FROM object WHERE dn LIKE '%0ADEL:%'"), [(0,)])

    def big_group(self, d, count=9000):
        """Members that need more than 1 MiB: the privileged ones are the last."""
        group = next(e for e in d.entries if e.text("sAMAccountName") == "GG-VPN")
        padding = [f"CN=compte{i:05},OU=Unité au nom assez long pour remplir la cellule,OU=Utilisateurs,{HEAD}".encode()
                   for i in range(count)]
        group.attrs["member"] = padding + group.get("member")
        return group.dn

    def test_4_a_cut_cell_is_read_in_part(self):
        names = []
        ref, res = self.changed(lambda d: names.append(self.big_group(d)), at_least=100)
        results = self.imported(self.run_with_big_group())
        self.assertIn(("attribute member", "truncated", "oradad_cut"), self.coverage(results))
        cut = [c for c in results["coverage"] if c["detail"].startswith("oradad_cut") and c["need"] == "attribute member"]
        self.assertEqual([c["detail"] for c in cut], [f"oradad_cut {names[0]}"])
        more = {n for n in res if res[n]["status"] == "unknown" or res[n]["unknown"] > ref[n]["unknown"]}
        self.assertTrue(any("mfa" in n for n in more), more)  # GG-VPN asks for a second factor: who is in it is not known

    def run_with_big_group(self):
        d = self.fresh()
        self.big_group(d)
        run = self.written(d)
        self.assertIn("Attribute is truncated (CN=GG-VPN", (run / "oradad.log").read_text("latin-1"))
        cell = Writer(d).table(f"domain\\{FOREST}\\group.tsv")
        row = next(r for r in cell.rows if r[0].startswith("CN=GG-VPN"))
        self.assertTrue(row[cell.column("member")].endswith(";;;;"))
        return run

    def test_4_the_ends_of_a_cut_cell_alone(self):
        """The same without its line in the log and below the bound: ;;;; says it."""
        def change(w):
            w.log[:] = [line for line in w.log if "truncated" not in line]
        res = self.never_better(self.written(self.small, change=change, cut=300))
        self.assertIn(("attribute member", "truncated", "oradad_cut"), self.coverage(res))

    def test_4_a_long_cell_of_an_old_version_is_whole(self):
        d = self.fresh()
        self.big_group(d)
        self.same(self.from_ldif(d), self.imported(self.written(d, "3.5.214")), at_least=100)

    def test_quotes_at_the_start_of_a_value(self):
        def change(d):
            for i, e in enumerate(e for e in d.entries if is_leaf(e)):
                e.attrs["description"] = [b'"Accueil', b'"""', b'"a" b', b"'x"][i % 4:i % 4 + 1]
                e.attrs["displayname"] = [b'"Nom']
        self.changed(change)

    def test_semicolons_in_a_value(self):
        """Values are joined by ';' and it is not escaped: a text of one value may hold it, and end with it."""
        def change(d):
            for i, e in enumerate(e for e in d.entries if is_leaf(e)):
                e.attrs["description"] = [(b"mdp; Hopital2019", b"mot de passe : Hopital2019;", b";;;;", b"a;b")[i % 4]]
            group = next(e for e in d.entries if e.text("sAMAccountName") == "GG-VPN")
            odd = self.account("Martin\\; Paul", f"OU=Utilisateurs,{HEAD}", "S-1-5-21-1004336348-1177238915-682003330-77003")
            escaped = self.account("Martin\\3B Anne", f"OU=Utilisateurs,{HEAD}", "S-1-5-21-1004336348-1177238915-682003330-77004")
            d.entries += [odd, escaped]
            group.attrs["member"] = [*group.get("member"), odd.dn.encode(), escaped.dn.encode()]
        self.changed(change, at_least=140)

    def test_cr_lf_and_tab_are_replaced(self):
        """A text of several lines comes on one; nothing of a row moves."""
        def change(d):
            for e in d.entries:
                if is_leaf(e):
                    e.attrs["description"] = [b"ligne\r\nmot de passe:\tHopital2019\n" if e.text("sAMAccountName") < "m" else b"\r\n\t"]
        self.changed(change)

    def test_surrogates(self):
        name = "Agent \U0001F3E5 \U0001D49C"

        def change(d):
            d.entries.append(self.account(name, f"OU=Utilisateurs,{HEAD}", "S-1-5-21-1004336348-1177238915-682003330-77001",
                                          userAccountControl="544"))
        ref, res = self.changed(change)
        for c in (ref, res):
            self.assertIn(f"CN={name},OU=Utilisateurs,{HEAD}", compare.dns(c["hyg_password_not_required"]))

    def test_half_a_pair(self):
        """Half a surrogate pair, as no directory gives it: the value is damaged, the run goes on and stays valid text."""
        def change(w):
            table = w.table(f"domain\\{FOREST}\\top.tsv")
            row = next(r for r in table.rows if "CN=GG-VPN" in r[0])
            row[table.column("description")] = "a\ud83c b"
        self.same(self.reference(), self.imported(self.written(self.small, change=change)))

    def test_files_of_the_mark_alone(self):
        """No forestdns is nothing; no row in a table whose objects top names is not "none"."""
        for path in (f"domain\\{FOREST}\\group.tsv", f"domain\\{FOREST}\\user.tsv", "configuration\\pKICertificateTemplate.tsv",
                     "schema\\class.tsv", "configuration\\nTDSService.tsv"):
            with self.subTest(path=path):
                self.never_better(self.written(self.small, change=lambda w, p=path: w.table(p).rows.clear()))

    def test_no_top(self):
        """Without the objects' common part nothing is compliant."""
        def change(w):
            w.table(f"domain\\{FOREST}\\top.tsv").rows.clear()
        self.never_better(self.written(self.small, change=change))

    def test_missing_tables(self):
        """Tables that few controls stand on: whatever these say else is what they say of the whole."""
        for name in ("gpo", "passwordSettings", "trustedDomain", "ou"):
            path = f"domain\\{FOREST}\\{name}.tsv"
            with self.subTest(table=name):
                run = self.written(self.small)
                run.joinpath(*path.split("\\")).unlink()
                res = self.imported(run)
                self.same(self.reference(), res)
                self.assertIn("missing", {c["state"] for c in res["coverage"] if c["need"].startswith("table ")})
        for name in ("gpo", "pKICertificateTemplate", "pKIEnrollmentService", "certificationauthority", "nTDSDSA", "nTDSService",
                     "crossRefContainer", "crossRef", "class", "attribute", "authNPolicySilo", "dnsZone", "msDFSR-GlobalSettings",
                     "foreignSecurityPrincipal", "displaySpecifier"):
            with self.subTest(table=name, how="not named"):
                self.same(self.reference(), self.imported(self.written(self.small, skip=(name,))))

    def test_missing_accounts(self):
        """Tables that nearly all stands on: nothing looks better than it is."""
        for name in ("user", "computer", "group", "root", "server", "gmsa", "top"):
            with self.subTest(table=name):
                run = self.written(self.small)
                for path in run.rglob(name + ".tsv"):
                    path.unlink()
                self.never_better(run)
            with self.subTest(table=name, how="not named"):
                self.never_better(self.written(self.small, skip=(name,)))

    def test_missing_columns(self):
        """A column that is not there says nothing: neither that nobody has it, nor that all do."""
        names = os.environ.get("ORADAD_COLUMNS", "userAccountControl pwdLastSet member nTSecurityDescriptor objectSid "
                               "servicePrincipalName adminCount gPLink primaryGroupID whenCreated objectClass isDeleted").split()
        for name in names:
            with self.subTest(column=name):
                self.never_better(self.written(self.small, change=lambda w, n=name: drop(w, n)))

    def test_a_name_beyond_ascii(self):
        """Domain, folders and 8-bit tables.tsv: with and without letters that 8 bits can hold."""
        for name in ("hôpital-forêt", "hôpital-œuvre"):
            with self.subTest(name=name):
                d = given.from_ldif(ldif(self.small).replace("\n ", ""), (), TOKEN)
                d = renamed(d, "ch-troisrivieres", name)
                ref = self.from_ldif(d, *AT, sysvol=None)
                run = self.written(d)
                self.assertTrue((run / "domain" / f"{name}.example").is_dir())
                res = self.imported(run, *AT)
                self.same(ref, res, at_least=120)

    def test_a_log_of_8_bits(self):
        """Bytes that are no UTF-8, and errors that it tells: they are coverage, and the report stays valid."""
        def change(w):
            w.say("[!] Cannot read 'CN=Hôpital,DC=été' (error 1722)", 2)
        res = self.imported(self.written(self.small, change=change))
        self.same(self.reference(), res, at_least=150)
        self.assertIn(("source oradad", "note", "oradad_error"), self.coverage(res))

    # ---- what cannot be told apart -------------------------------------------------------------------

    def test_pwd_last_set_0_is_no_date(self):
        """0, unreadable and absent are one empty cell."""
        def change(d):
            for i, e in enumerate(e for e in d.entries if is_leaf(e)):
                if i % 3 == 0:
                    e.attrs["pwdlastset"] = [b"0"]
                elif i % 3 == 1:
                    e.attrs.pop("pwdlastset", None)
        self.changed(change, at_least=100)

    def test_a_reader_with_few_rights(self):
        """What is absent and what this reader may not see are one empty cell: less is decided, nothing otherwise."""
        decided = []
        for token in (["S-1-5-21-1004336348-1177238915-682003330-1199", "S-1-5-11", "S-1-1-0"], TOKEN):
            d = self.fresh()
            d.token = token
            for e in d.entries:
                if is_leaf(e):
                    e.attrs["ntsecuritydescriptor"] = [given.descriptor("S-1-5-32-544", given.ace(0, 0xF01FF, "S-1-5-32-544"))]
            ref, res = self.from_ldif(d), self.imported(self.written(d))
            self.same(ref, res)
            decided.append(len(compare.decided(res)))
        self.assertLess(decided[0], decided[1])

    def test_never_and_0_are_told_apart(self):
        """accountExpires 0 and never, durations without end or of seconds: the number beside the text counts."""
        def change(d):
            for i, e in enumerate(e for e in d.entries if is_leaf(e)):
                e.attrs["accountexpires"] = [(b"0", b"9223372036854775807", b"132000000000000000", b"134500000000000000")[i % 4]]
            for age in (b"-9223372036854775808",):
                d.find(HEAD).attrs["maxpwdage"] = [age]
            for e in d.entries:
                if "msds-passwordsettings" in e.classes():
                    e.attrs["msds-lockoutduration"] = [b"-300000000"]
        self.changed(change)

    def test_keys_and_delegations(self):
        """Binary values: a DN with octets, a descriptor in an attribute, certificates."""
        def change(d):
            for i, e in enumerate(e for e in d.entries if is_leaf(e)):
                if i % 5 == 0:
                    e.attrs["msds-keycredentiallink"] = [f"B:8:00020000:{e.dn}".encode()]
                if i % 7 == 0:
                    e.attrs["msds-allowedtoactonbehalfofotheridentity"] = [given.descriptor(
                        "S-1-5-32-544", given.ace(0, 0xF01FF, "S-1-5-21-1004336348-1177238915-682003330-1105"))]
        self.changed(change)

    def test_a_managed_account_that_delegates_is_in_two_tables(self):
        """A delegated managed service account is a computer too: one object."""
        dn = f"CN=svc-dmsa,CN=Managed Service Accounts,{HEAD}"

        def change(d):
            d.entries.append(given.Entry(dn, {**self.account("svc-dmsa", HEAD, "S-1-5-21-1004336348-1177238915-682003330-77002").attrs,
                                              "objectclass": [b"top", b"person", b"organizationalPerson", b"user", b"computer",
                                                              b"msDS-DelegatedManagedServiceAccount"],
                                              "samaccountname": [b"svc-dmsa$"], "useraccountcontrol": [b"4096"]}))
        d = self.fresh()
        change(d)
        for version in (NEW, "3.4.212"):
            snapshot = self.snapshot(self.written(d, version))
            self.assertEqual(self.query(snapshot, "SELECT count(*) FROM object WHERE dn=?", dn), [(1,)])
        self.changed(change)

    def test_secrets_never_reach_the_snapshot(self):
        secret = b"Urgences-2019!"

        def change(d):
            for e in d.entries:
                if is_leaf(e):
                    e.attrs["userpassword"] = [secret]
                    e.attrs["unixuserpassword"] = [secret]
        d = self.fresh()
        change(d)
        for version in (NEW, "3.1.180"):
            run = self.written(d, version)
            self.assertIn(secret.hex().encode("utf-16-le"), (run / f"domain/{FOREST}/user.tsv").read_bytes())
            raw = self.snapshot(run).read_bytes()
            self.assertNotIn(secret, raw)
            self.assertNotIn(secret.hex().encode(), raw)


class Sysvol(OradadCase):
    """sysvol.tsv and the copies: what is not there is not known."""

    def sysvol_table(self, w):
        return w.table(f"domain\\{FOREST}\\sysvol.tsv")

    def test_gaps_in_sysvol(self):
        """A copy that is not there, a file that could not be opened, no table: what they would have said is not known."""
        def no_copy(w):
            w.files.clear()

        def errors(w):
            table = self.sysvol_table(w)
            for row in table.rows:
                if row[12] == "1":
                    row[13] = "5"
                    w.files.pop("\\".join(p for p in (row[1], row[2], f"{row[5]}_{row[4]}") if p))

        def no_rows(w):
            self.sysvol_table(w).rows.clear()
            w.files.clear()

        def no_table(w):
            w.tables.remove(self.sysvol_table(w))
            w.files.clear()
        for change in (no_copy, errors, no_rows, no_table):
            with self.subTest(gap=change.__name__):
                res = self.imported(self.written(self.small, change=change))
                self.same(self.reference(), res)
                self.assertNotEqual(self.verdict(res, "hyg_gpo_cpassword"), "pass")
                self.assertIn(change.__name__ == "errors", {c["detail"] == "windows_error 5" for c in res["coverage"]})
        with self.subTest(gap="process_sysvol=0"):
            res = self.imported(self.written(self.small, process_sysvol=False))
            self.same(self.reference(), res)
            self.assertIn(("sysvol", "missing", "no_table"), self.coverage(res))

    def test_a_copy_given_beside_takes_its_place(self):
        res = self.imported(self.written(self.small, process_sysvol=False), "--sysvol", SYSVOL, *POLICY)
        self.same(self.reference(), res, at_least=150)
        self.assertEqual(self.verdict(res, "hyg_gpo_cpassword"), "fail")

    def test_each_copy_that_is_missing(self):
        for i in range(len(Writer(self.small).files)):
            with self.subTest(file=i):
                res = self.imported(self.written(self.small, change=lambda w, n=i: w.files.pop(sorted(w.files)[n])))
                self.same(self.reference(), res)
                self.assertIn("no_copy", {c["detail"].split(" ")[0] for c in res["coverage"]})

    def clean(self):
        """Without the password that the sample plants in SYSVOL, and without policies that have no folder there."""
        d = self.fresh()
        d.sysvol = [i for i in d.sysvol if not i.path.endswith("Groups.xml")]
        folders = {i.path.rpartition("/")[2].lower() for i in d.sysvol if i.folder}
        d.entries = [e for e in d.entries if "grouppolicycontainer" not in e.classes() or e.dn.split(",")[0][3:].lower() in folders]
        return d

    def test_a_file_outside_the_filter(self):
        """Drives.xml is named and never copied: whether a password is in it is not known, never compliant."""
        d = self.clean()
        self.assertEqual(self.verdict(self.imported(self.written(d)), "hyg_gpo_cpassword"), "pass")
        policy = next(i.path for i in d.sysvol if i.folder and i.path.endswith("}"))
        d.sysvol.append(given.SysvolItem(policy + "/USER/Preferences/Drives/Drives.xml", data=b'<Drives><Drive><Properties '
                                         b'cpassword="j1Uyj3Vx8TY9LtLZil2uAuZkFQA/4latT76ZwgdHdhw"/></Drive></Drives>'))
        res = self.imported(self.written(d))
        self.assertEqual(self.verdict(res, "hyg_gpo_cpassword"), "unknown")
        self.assertIn("not_in_filter", {c["detail"].split(" ")[0] for c in res["coverage"]})

    def test_a_copy_that_is_shorter_than_its_row_says(self):
        """ORADAD loses whole MiB of a larger file: what is left is not the file."""
        d = self.clean()
        policy = next(i.path for i in d.sysvol if i.folder and i.path.endswith("}"))
        data = b'<Groups><User><Properties cpassword="j1Uyj3Vx8TY9LtLZil2uAuZk"/></User>' + b" " * (1 << 20) + b"</Groups>"
        d.sysvol.append(given.SysvolItem(policy + "/MACHINE/Preferences/Groups/Groups.xml", data=data))

        def cut(w):
            name = next(n for n in w.files if n.endswith("Groups.xml"))
            w.files[name] = w.files[name][1 << 20:]
        self.assertNotEqual(self.verdict(self.imported(self.written(d, change=cut)), "hyg_gpo_cpassword"), "pass")

    def test_descriptors_of_files(self):
        """Those of sysvol.tsv against the same in a snapshot: a script that everybody may write, and one of the root."""
        d = self.clean()
        good = given.descriptor("S-1-5-32-544", given.ace(0, 0x1F01FF, "S-1-5-32-544", 3), given.ace(0, 0x1200A9, "S-1-5-11", 3),
                                control=0x9004)
        bad = given.descriptor("S-1-5-32-544", given.ace(0, 0x1F01FF, "S-1-5-32-544"), given.ace(0, 0x1301BF, "S-1-1-0"),
                               control=0x8004)
        policy = next(i.path for i in d.sysvol if i.folder and i.path.endswith("}"))
        scripts = [given.SysvolItem(f"{policy}/MACHINE/Scripts", True), given.SysvolItem(f"{policy}/MACHINE/Scripts/Startup", True),
                   given.SysvolItem(f"{policy}/MACHINE/Scripts/Startup/map.bat", data=b"rem")]
        scripts += [given.SysvolItem(f"{policy}/MACHINE/Scripts/scripts.ini", data=b"[Startup]\r\n0CmdLine=map.bat\r\n0Parameters=\r\n")]
        d.sysvol = [given.SysvolItem(i.path, i.folder, i.data or b"", bad if i.path.endswith("map.bat") else good, 1_600_000_000)
                    for i in [*d.sysvol, *scripts]]
        res = self.imported(self.written(d))
        ref = self.with_descriptors(d)
        self.same(ref, res, at_least=150)
        for name in ("hyg_gpo_script_writable", "warning_sysvol_files_acl", "warning_sysvol_files_sd", "warning_sysvol_root_sd"):
            self.assertEqual(self.verdict(res, name), self.verdict(ref, name), name)
            self.assertNotEqual(self.verdict(ref, name), "unknown", name)

    def with_descriptors(self, d):
        """Of LDIF and a copy, with the descriptors put into the snapshot."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.tmp))
        for i in d.sysvol:
            path = folder / "sysvol" / i.path
            (path if i.folder else path.parent).mkdir(parents=True, exist_ok=True)
            if not i.folder:
                path.write_bytes(i.data)
        (folder / "d.ldif").write_text(ldif(d), "utf-8")
        self.run_program("collect", "--ldif", folder / "d.ldif", "--sysvol", folder / "sysvol", "--output", folder / "d.adsnap")
        db = sqlite3.connect(folder / "d.adsnap")
        for i in d.sysvol:
            db.execute("UPDATE sysvol_entry SET descriptor=?, control_known=1, modified=? WHERE path=?", (i.descriptor, i.modified, i.path))
        db.execute("DELETE FROM coverage WHERE detail='no_file_acls'")
        db.execute("UPDATE coverage SET id=(SELECT count(*) FROM coverage c WHERE c.id<coverage.id)")
        db.commit()
        db.close()
        return self.audit("--snapshot", folder / "d.adsnap", *POLICY, "--format", "json")[0]


class Place(OradadCase):
    """Where the folder lies, and what it may be called."""

    def test_folders_above_and_the_newest_run(self):
        """The folder of the forest, and the one above it: the newest run is taken, and says which it was."""
        out = pathlib.Path(tempfile.mkdtemp(dir=self.tmp))
        for run in ("20260921-080000", "20261121-080000", "20260101-080000"):
            Writer(self.small, run=run).write(out)
        for folder in (out, out / FOREST, out / FOREST / "20261121-080000"):
            snapshot = self.snapshot(folder)
            self.assertEqual(self.query(snapshot, "SELECT value FROM meta WHERE key='collected_at'"), [("2026-11-21T08:00:00Z",)])
        snapshot = self.snapshot(out / FOREST / "20260101-080000")
        self.assertEqual(self.query(snapshot, "SELECT value FROM meta WHERE key='collected_at'"), [("2026-01-01T08:00:00Z",)])

    def test_names_with_backslashes(self):
        """An archive extracted where \\ is no separator."""
        out = Writer(self.small).write(tempfile.mkdtemp(dir=self.tmp), backslash=True)
        self.assertTrue(all(p.is_file() for p in out.iterdir()))
        res = self.imported(out)
        self.same(self.reference(), res, at_least=150)
        self.assertEqual(self.verdict(res, "hyg_gpo_cpassword"), "fail")

    def test_a_run_with_a_name_of_its_own(self):
        """-name: the systemtime is that text, and the clock the rootDSE's."""
        snapshot = self.snapshot(self.written(self.small, run="audit-noel"))
        self.assertEqual(self.query(snapshot, "SELECT value FROM meta WHERE key='collected_at'"), [("2026-11-21T00:00:00Z",)])

    def test_an_archive_is_refused_with_what_helps(self):
        archive = self.tmp / f"{FOREST}_20261121-080000.mla"
        archive.write_bytes(b"MLA" + struct.pack("<I", 1) + b"\x03" + bytes(100))
        (self.tmp / "only").mkdir()
        shutil.copy(archive, self.tmp / "only")
        for path in (archive, self.tmp / "only"):
            p = self.run_program("audit", "--oradad", path, "--output", self.tmp / "x", expect=4)
            for word in ("outputFiles", "mlar", ".mla"):
                self.assertIn(word, p.stderr)


if __name__ == "__main__":
    unittest.main()
