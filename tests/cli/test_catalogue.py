"""The catalogue against ANSSI's list of control points: every id is there with its levels and its
anchor on the page, and no other id looks like one of ANSSI's. Informations have no level there; here
5, which never moves the directory's."""
import json
import re
import unittest

from case import ROOT, CliCase

POINTS = {
    (1,): """
        vuln_adcs_control vuln_adcs_template_auth_enroll_with_name vuln_critical_objects
        vuln_dc_inconsistent_uac vuln_dc_obsolete vuln_delegation_a2d2 vuln_delegation_sourcedeleg
        vuln_delegation_t2a4d vuln_delegation_t4d vuln_display_specifier vuln_dnsadmins vuln_dont_expire_priv
        vuln_kerberos_properties_preauth_priv vuln_password_change_dc_no_change vuln_password_change_inactive_dc
        vuln_password_change_priv vuln_permissions_gpo_priv vuln_permissions_msdns vuln_primary_group_id_1000
        vuln_spn_priv vuln_trusts_domain_notfiltered vuln_trusts_forest_sidhistory vuln_user_accounts_dormant
        warning_dnszone_duplicated_zones warning_dump_error_rp warning_dump_error_vuln_rp
        warning_password_change warning_privileged_members_foreign warning_rid500 warning_schema_default_sd
        warning_sd_anonymous_control warning_sd_deny_read warning_spn_priv warning_tool_version
        warning_user_accounts_dormant""",
    (1, 2): """
        vuln_adcs_template_control vuln_permissions_adminsdholder vuln_permissions_dc
        vuln_permissions_dfsr_sysvol vuln_permissions_dpapi vuln_permissions_gmsa_keys
        vuln_permissions_naming_context vuln_permissions_schema vuln_privileged_members
        vuln_privileged_members_perm warning_permissions_specific_containers warning_privileged_members""",
    (1, 2, 3): """
        vuln_certificates_vuln""",
    (1, 2, 4): """
        vuln_dsheuristics_bad""",
    (1, 3): """
        vuln_dnszone_bad_prop warning_admincount warning_admincount_0""",
    (1, 3, 4): """
        vuln_functional_level""",
    (2,): """
        vuln_adupdate_bad vuln_compatible_2000_anonymous vuln_dont_expire vuln_guest
        vuln_kerberos_properties_deskey vuln_kerberos_properties_preauth vuln_krbtgt
        vuln_password_change_cluster_no_change_3years vuln_password_change_msa_no_change_90
        vuln_password_change_server_no_change_90 vuln_permissions_gpo_container_priv
        vuln_privileged_members_no_admincount vuln_privileged_members_password vuln_rodc_priv_revealed
        vuln_sidhistory_dangerous vuln_sysvol_ntfrs vuln_trusts_accounts warning_dont_expire
        warning_logonscript_priv warning_privileged_members_builtin_notpriv
        warning_privileged_members_no_adminsdholder warning_schema_posssuperiors warning_sd_adminsdholder_protec
        warning_sd_failed_sd_read warning_sd_generic_perm warning_sd_repl_perm warning_sd_unknown_sid
        warning_sysvol_files_acl warning_sysvol_files_sd warning_sysvol_no_repl warning_sysvol_root_sd""",
    (2, 3, 4): """
        vuln_dc_crypto""",
    (3,): """
        vuln_compatible_2000_not_default vuln_kerberos_properties_encryption vuln_owner
        vuln_password_change_inactive_servers vuln_password_change_server_no_change_45
        vuln_primary_group_id_nochange vuln_protected_users vuln_reversible_password_priv_namingcontext
        vuln_reversible_password_priv_uac vuln_rodc_allowed_group vuln_rodc_denied_group vuln_rodc_never_reveal
        vuln_rodc_orphan_krbtgt vuln_rodc_reveal vuln_sd_failed_sd_read_on_priv vuln_sidhistory_present
        vuln_trusts_tgt_deleg warning_password_policy_pso_missing warning_password_policy_pso_weak
        warning_password_policy_pso_weak2 warning_privileged_members_not_empty warning_reversible_password
        warning_trusts_tgt_deleg""",
    (4,): """
        vuln_group_loop vuln_silo_priv vuln_smartcard_expire_passwords vuln_user_accounts_machineaccountquota
        warning_privileged_members_expired_disabled""",
    (5,): """
        info_gpo info_gpo_sysvol info_keycredentiallink_dc info_keycredentiallink_priv
        info_keycredentiallink_silo info_laps info_laps_missing info_password_policy_pso
        info_privileged_members_recent_changes info_sd info_sd_missing_au_lc info_sd_protected_ou
        info_user_accounts_dormant""",
}
LEVELS = {i: list(levels) for levels, ids in POINTS.items() for i in ids.split()}

# Not built yet: the list only gets shorter.
PENDING = """vuln_adcs_control vuln_adcs_template_control vuln_permissions_dfsr_sysvol vuln_permissions_gmsa_keys
    vuln_permissions_schema warning_permissions_specific_containers warning_sysvol_files_acl warning_sysvol_files_sd
    warning_sysvol_root_sd info_gpo_sysvol""".split()


class Catalogue(CliCase):
    def setUp(self):
        super().setUp()
        controls = json.loads(self.run_program("controls", "--json").stdout)["controls"]
        self.controls = {c["id"]: c for c in controls}
        self.assertEqual(len(self.controls), len(controls))

    def test_every_point_is_there(self):
        self.assertEqual(len(LEVELS), 126)
        self.assertLessEqual(set(LEVELS) - set(self.controls), set(PENDING))
        named = {i for i in self.controls if re.match("(vuln|warning|info)_", i)}
        self.assertLessEqual(named, set(LEVELS))

    def test_levels_and_anchors(self):
        for i, levels in LEVELS.items():
            if i in self.controls:
                self.assertEqual(self.controls[i]["levels"], levels, i)
                self.assertIn(f"ANSSI {i}", self.controls[i]["references"])

    def test_texts_in_both_languages(self):
        for i, c in self.controls.items():
            for part in ("title", "why", "measure", "fix", "risk", "test", "back"):
                for lang in ("fr", "en"):
                    self.assertTrue(c[part][lang].strip(), (i, part, lang))
                # A text that was copied from the other language.
                self.assertNotEqual(c[part]["fr"], c[part]["en"], (i, part))

    def test_what_to_know_before_a_change(self):
        self.assertEqual({c["effort"] for c in self.controls.values()}, {"low", "medium", "high"})
        for i, words in (
            ("vuln_dont_expire", {"risk": "sur-le-champ"}),
            ("vuln_protected_users", {"risk": "NTLM, délégation"}),
            ("vuln_dc_crypto", {"risk": "imagerie"}),
            ("vuln_krbtgt", {"back": "plus de 10 heures"}),
            ("hyg_mfa_privileged", {"risk": "valeur aléatoire"}),
            ("hyg_recycle_bin", {"back": "définitive"}),
        ):
            for part, word in words.items():
                self.assertIn(word, self.controls[i][part]["fr"], (i, part))

    def test_the_domain_policy_is_a_gpos(self):
        """Whoever sets the domain's password policy must know that the PDC emulator sets it back."""
        for i in ("hyg_password_length_users", "hyg_password_forced_renewal", "hyg_password_lockout",
                  "hyg_password_history", "hyg_password_min_age", "vuln_reversible_password_priv_namingcontext"):
            for part in ("fix", "test"):
                self.assertIn("émulateur PDC", self.controls[i][part]["fr"], (i, part))
                self.assertIn("PDC emulator", self.controls[i][part]["en"], (i, part))
        for part in ("fix", "test"):
            self.assertRegex(self.controls["hyg_password_length_users"][part]["fr"],
                             "14 caractères,.* PSO.*RelaxMinimumPasswordLengthLimits")

    def test_interpretations_are_marked(self):
        """interpretation: true in the catalogue, and a place in docs/controls/interpretations.md: one with the other."""
        page = (ROOT / "docs/controls/interpretations.md").read_text("utf-8")
        heads = re.findall(r"^## (.*)$|^- \*\*([^*]*\*?)\*\*|^- ((?:`\w+`(?:, )?)+):", page, re.M)
        named = {w for h in heads for w in re.findall(r"(?:vuln|warning|info)_\w+\*?", " ".join(h))}
        every = {i for i in self.controls if re.match("(vuln|warning|info)_", i)}
        wanted = set()
        for word in named:
            meant = {i for i in every if i == word or (word.endswith("*") and i.startswith(word[:-1]))}
            self.assertTrue(meant, f"{word} is no control")
            wanted |= meant
        marked = set()
        for path in (ROOT / "checks").glob("*.yaml"):
            marked |= {i for i, body in re.findall(r"^  (\w+):\n((?:    .*\n|\n)*)", path.read_text("utf-8"), re.M)
                       if "    interpretation: true\n" in body}
        self.assertEqual(marked, wanted)
        self.assertGreater(len(marked), 50)

    def test_explain_says_it(self):
        for lang, heads in (("fr", ("Effort", "Risque pour les soins", "À essayer avant", "Retour en arrière")),
                            ("en", ("Effort", "Risk for care", "Test before", "Way back"))):
            shown = self.run_program("explain", "vuln_krbtgt", "--lang", lang).stdout
            self.assertRegex(shown, r"(?s)\n" + r"[^\n]*\n  .*\n".join(heads) + r"[^\n]*\n  ")
            for part in ("risk", "test", "back"):
                self.assertIn(self.controls["vuln_krbtgt"][part][lang], " ".join(shown.split()))

    def test_policies_name_every_control_of_ours(self):
        """anssi judges by ANSSI's points alone; care and strict by all that there are."""
        ours = {i for i in self.controls if i.startswith("hyg_")}
        part = self.tmp / "part.ldif"
        part.write_text("version: 1\n\ndn: DC=a,DC=example\nobjectClass: domainDNS\n", "utf-8")
        for policy, off in (("anssi", ours), ("care", set()), ("strict", set())):
            results, _, _ = self.audit("--ldif", part, "--policy", policy, "--at", "2026-11-21")
            status = {c["id"]: c["status"] for c in results["controls"]}
            self.assertEqual(set(status), set(self.controls))
            self.assertEqual({i for i in status if status[i] == "disabled"}, off, policy)


if __name__ == "__main__":
    unittest.main()
