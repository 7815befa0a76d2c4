/* rights.ps1: what the audit account would have to be allowed to read, as a script that an
 * administrator reads over and runs. Nothing here runs it. */
#include "reports/rights.h"

#include "base/platform.h"
#include "reports/powershell_text.h"

/* Two comments of one meaning, then the code; lines end in \n here and in CRLF in the file. */
static const char head_fr[] =
	"<#\n"
	"  adhygiene : droits de lecture pour le compte d’audit.\n"
	"\n"
	"  Ce script n’est jamais lancé par l’audit. Un administrateur le relit, puis :\n"
	"    .\\rights.ps1 -Account 'DOMAINE\\svc-audit'           montre ce qui serait fait\n"
	"    .\\rights.ps1 -Account 'DOMAINE\\svc-audit' -Apply    donne les droits\n"
	"    .\\rights.ps1 -Account 'DOMAINE\\svc-audit' -Undo -Apply   reprend ceux qui ont été "
	"donnés\n"
	"  Il ne donne que des lectures, au seul compte nommé. Avant tout changement, les\n"
	"  autorisations d’origine et ce qui est ajouté vont dans le fichier -Backup ; -Undo s’en "
	"sert.\n"
	"  Le lancer avec un compte qui peut changer ces autorisations, depuis un poste "
	"d’administration.\n"
	"#>\n";
static const char head_en[] =
	"<#\n"
	"  adhygiene: read rights for the audit account.\n"
	"\n"
	"  The audit never runs this script. An administrator reads it over, then:\n"
	"    .\\rights.ps1 -Account 'DOMAIN\\svc-audit'           shows what would be done\n"
	"    .\\rights.ps1 -Account 'DOMAIN\\svc-audit' -Apply    grants the rights\n"
	"    .\\rights.ps1 -Account 'DOMAIN\\svc-audit' -Undo -Apply   takes back those that were "
	"granted\n"
	"  It grants nothing but reading, to the one account that is named. Before any change the\n"
	"  permissions as they were and what is added go to the file -Backup; -Undo uses it.\n"
	"  Run it as an account that may change these permissions, from an administration "
	"workstation.\n"
	"#>\n";

static const char body[] =
	"[CmdletBinding()]\n"
	"param(\n"
	"    [Parameter(Mandatory = $true)][string]$Account,\n"
	"    [switch]$Apply,\n"
	"    [switch]$Undo,\n"
	"    [string]$Backup = (Join-Path (Get-Location) 'adhygiene-rights.csv')\n"
	")\n"
	"Set-StrictMode -Version 2.0\n"
	"$ErrorActionPreference = 'Stop'\n"
	"\n"
	"$sid = (New-Object Security.Principal.NTAccount($Account)).Translate(\n"
	"    [Security.Principal.SecurityIdentifier])\n"
	"$none = [guid]::Empty\n"
	"\n"
	"function Get-SchemaGuid([string]$Name) {\n"
	"    if (-not $Name) { return $none }\n"
	"    $root = New-Object DirectoryServices.DirectoryEntry('LDAP://RootDSE')\n"
	"    $at = 'LDAP://' + [string]$root.Properties['schemaNamingContext'].Value\n"
	"    $search = New-Object DirectoryServices.DirectorySearcher(\n"
	"        (New-Object DirectoryServices.DirectoryEntry($at)), \"(lDAPDisplayName=$Name)\",\n"
	"        [string[]]@('schemaIDGUID'))\n"
	"    $found = $search.FindOne()\n"
	"    if (-not $found) { throw \"Not in the schema: $Name\" }\n"
	"    return New-Object guid(, [byte[]]$found.Properties['schemaidguid'][0])\n"
	"}\n"
	"\n"
	"function Open-Object([string]$Dn) {\n"
	"    $entry = New-Object DirectoryServices.DirectoryEntry('LDAP://' + $Dn.Replace('/', "
	"'\\/'))\n"
	"    $entry.Options.SecurityMasks = [DirectoryServices.SecurityMasks]::Dacl\n"
	"    return $entry\n"
	"}\n"
	"\n"
	"function New-Rule([string]$Rights, [string]$Attribute, [string]$Inherit, [string]$Class) "
	"{\n"
	"    return New-Object DirectoryServices.ActiveDirectoryAccessRule(\n"
	"        $sid, [DirectoryServices.ActiveDirectoryRights]$Rights,\n"
	"        [Security.AccessControl.AccessControlType]::Allow, (Get-SchemaGuid $Attribute),\n"
	"        [DirectoryServices.ActiveDirectorySecurityInheritance]$Inherit, (Get-SchemaGuid "
	"$Class))\n"
	"}\n"
	"\n"
	"function Test-Held($Entry, $Rule) {\n"
	"    $type = [Security.Principal.SecurityIdentifier]\n"
	"    foreach ($r in $Entry.ObjectSecurity.GetAccessRules($true, $true, $type)) {\n"
	"        if ($r.IdentityReference -eq $sid -and $r.AccessControlType -eq 'Allow' -and\n"
	"            ($r.ActiveDirectoryRights -band $Rule.ActiveDirectoryRights) -eq "
	"$Rule.ActiveDirectoryRights -and\n"
	"            $r.ObjectType -eq $Rule.ObjectType -and $r.InheritanceType -eq "
	"$Rule.InheritanceType -and\n"
	"            $r.InheritedObjectType -eq $Rule.InheritedObjectType) { return $true }\n"
	"    }\n"
	"    return $false\n"
	"}\n"
	"\n"
	"function Grant-Read([string]$Dn, [string]$Rights, [string]$Attribute, [string]$Inherit, "
	"[string]$Class) {\n"
	"    $what = \"$Rights $Attribute ($Inherit $Class) : $Dn\"\n"
	"    $entry = Open-Object $Dn\n"
	"    $rule = New-Rule $Rights $Attribute $Inherit $Class\n"
	"    if (Test-Held $entry $rule) { \"=  $what\"; return }\n"
	"    if (-not $Apply) { \"?  $what\"; return }\n"
	"    [pscustomobject]@{ Account = $sid.Value; Dn = $Dn; Rights = $Rights; Attribute = "
	"$Attribute;\n"
	"        Inherit = $Inherit; Class = $Class;\n"
	"        Before = $entry.ObjectSecurity.GetSecurityDescriptorSddlForm('Access') } |\n"
	"        Export-Csv -Path $Backup -Append -NoTypeInformation -Encoding UTF8\n"
	"    $entry.ObjectSecurity.AddAccessRule($rule)\n"
	"    $entry.CommitChanges()\n"
	"    \"+  $what\"\n"
	"}\n"
	"\n"
	"if ($Undo) {\n"
	"    foreach ($row in (Import-Csv -Path $Backup | Where-Object { $_.Account -eq $sid.Value "
	"})) {\n"
	"        $what = \"$($row.Rights) $($row.Attribute) ($($row.Inherit) $($row.Class)) : "
	"$($row.Dn)\"\n"
	"        if (-not $Apply) { \"?  $what\"; continue }\n"
	"        $entry = Open-Object $row.Dn\n"
	"        $rule = New-Rule $row.Rights $row.Attribute $row.Inherit $row.Class\n"
	"        [void]$entry.ObjectSecurity.RemoveAccessRule($rule)\n"
	"        $entry.CommitChanges()\n"
	"        \"-  $what\"\n"
	"    }\n"
	"    return\n"
	"}\n";

/* A class whose objects a kind of ours stands for; others are all classes. */
static const struct {
	const char *kind, *class;
} classes[] = { { "user", "user" }, { "krbtgt", "user" }, { "trust_account", "user" },
	{ "computer", "computer" }, { "msa", "msDS-GroupManagedServiceAccount" },
	{ "group", "group" }, { "domain", "domainDNS" }, { "trust", "trustedDomain" },
	{ "ou", "organizationalUnit" }, { "gpo", "groupPolicyContainer" },
	{ "container", "container" } };

static void put_quoted(struct buf *out, struct str s)
{
	buf_putc(out, '\'');
	powershell_put_quoted(out, s);
	buf_putc(out, '\'');
}

/* "DC=chu,DC=example" below `above`, which may be empty. */
static void put_dn(struct buf *out, const char *above, struct str dns)
{
	struct buf dn = { 0 };

	buf_putz(&dn, above);
	while (dns.n) {
		buf_putz(&dn, "DC=");
		buf_put_str(&dn, str_cut(dns, '.', &dns));
		if (dns.n)
			buf_putc(&dn, ',');
	}
	put_quoted(out, buf_str(&dn));
	buf_free(&dn);
}

static void put_grant(struct buf *out, const char *above, struct str dns, const char *rights,
	struct str attribute, const char *inherit, const char *class)
{
	buf_putz(out, "Grant-Read ");
	put_dn(out, above, dns);
	buf_printf(out, " '%s' ", rights);
	put_quoted(out, attribute);
	buf_printf(out, " '%s' '%s'\n", inherit, class);
}

static bool wants(const struct run *r, enum right right)
{
	for (size_t i = 0; i < r->control_count; i++)
		if (r->controls[i].status == STATUS_UNKNOWN &&
			right_of(r->controls[i].reason) == right)
			return true;
	return false;
}

/* The attribute of a denied need, and the kind of object; false: it is no such entry. */
static bool denied(const struct run_coverage *c, struct str *attribute, struct str *kind)
{
	struct str rest;

	if (!str_eq(c->state, STR("denied")) ||
		!str_eq(str_cut(c->need, ' ', attribute), STR("attribute")))
		return false;
	*kind = str_cut(c->detail, ' ', &rest);
	return true;
}

/* Is it what only the container of the policies gives? */
static bool is_of_pso(struct str attribute, struct str kind)
{
	return str_eq(kind, STR("pso")) || str_eq(attribute, STR("msDS-PSOAppliesTo"));
}

static const char *class_of(struct str kind)
{
	for (size_t i = 0; i < ARRAY_LEN(classes); i++)
		if (str_eq(kind, str_of(classes[i].kind)))
			return classes[i].class;
	return "";
}

static void comment(struct buf *out, enum text_id id, enum lang lang)
{
	buf_printf(out, "\n# %s\n", text(id, lang));
}

static void put_domain(struct buf *out, const struct run *r, struct str dns, enum lang lang)
{
	struct str attribute, kind;
	bool pso = wants(r, RIGHT_PSO), descriptors = wants(r, RIGHT_DESCRIPTOR), any = false;

	for (size_t i = 0; i < r->coverage_count; i++) {
		if (!denied(&r->coverage[i], &attribute, &kind))
			continue;
		pso |= is_of_pso(attribute, kind);
		descriptors |= str_eq(attribute, STR("nTSecurityDescriptor"));
	}
	if (pso) {
		comment(out, TEXT_rights_pso, lang);
		put_grant(out, "CN=Password Settings Container,CN=System,", dns, "GenericRead",
			(struct str){ 0 }, "All", "");
	}
	if (descriptors) {
		comment(out, TEXT_rights_descriptors, lang);
		put_grant(out, "", dns, "ReadControl", (struct str){ 0 }, "All", "");
	}
	if (wants(r, RIGHT_LIST)) {
		comment(out, TEXT_rights_list, lang);
		put_grant(out, "", dns, "ListChildren, ListObject", (struct str){ 0 }, "All", "");
	}
	for (size_t i = 0; i < r->coverage_count; i++) {
		if (!denied(&r->coverage[i], &attribute, &kind) || is_of_pso(attribute, kind) ||
			str_eq(attribute, STR("nTSecurityDescriptor")))
			continue;
		if (!any)
			comment(out, TEXT_rights_attributes, lang);
		any = true;
		put_grant(out, "", dns, "ReadProperty", attribute,
			*class_of(kind) ? "Descendents" : "All", class_of(kind));
	}
}

static void put_subject(struct buf *out, const struct run *r, enum lang lang)
{
	struct buf line = { 0 };

	words_subject(&line, r, lang);
	powershell_put_line(out, 0, buf_str(&line), true);
	buf_free(&line);
}

static int write_lines(struct str script, const char *path, struct err *err)
{
	FILE *f = platform_create(path, err);

	if (!f)
		return err->code;
	fputs("\xEF\xBB\xBF", f);
	while (script.n) {
		struct str line = str_cut(script, '\n', &script);

		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		fwrite(line.p, 1, line.n, f);
		fputs(POWERSHELL_LINE_END, f);
	}
	return platform_finish(f, path, err);
}

int rights_write(const struct run *r, enum lang lang, const char *path, struct err *err)
{
	struct buf script = { 0 };
	int rc;

	buf_putz(&script, "#requires -Version 5.1\n");
	put_subject(&script, r, lang);
	buf_putz(&script, lang == LANG_EN ? head_en : head_fr);
	buf_putz(&script, body);
	for (size_t i = 0; i < r->domain_count; i++)
		put_domain(&script, r, r->domains[i].dns, lang);
	rc = write_lines(buf_str(&script), path, err);
	buf_free(&script);
	return rc;
}
