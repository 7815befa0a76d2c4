fr|<#
fr|.SYNOPSIS
fr|    Commandes du plan d’action, écrites par adhygiene à partir d’un audit.
fr|.DESCRIPTION
fr|    Une partie par point non conforme, dans l’ordre du plan d’action. Sans -Apply rien n’est modifié :
fr|    chaque commande est essayée avec -WhatIf et dit ce qu’elle ferait.
fr|
fr|    Avec -Apply, les valeurs précédentes sont d’abord écrites dans un fichier CSV ; si elles ne peuvent pas
fr|    l’être, le script s’arrête. Ce qui supprime, retire, efface, désactive ou coupe un service à l’instant
fr|    est demandé à part pour chaque point, et chaque point que -Control ne nomme pas aussi.
fr|
fr|    Les objets sont désignés par leur objectGUID : un objet renommé ou déplacé depuis l’audit reste le bon.
fr|    Ce qui est en commentaire est à compléter et à décider par une personne : le script ne le lance jamais.
fr|    Les risques acceptés par la politique n’y figurent pas.
fr|.PARAMETER Apply
fr|    Modifie l’annuaire. Sans lui, le script ne fait que montrer.
fr|.PARAMETER Control
fr|    Seulement ces points (identifiants, séparés par des virgules).
fr|.PARAMETER ConfirmDestructive
fr|    Points dont les suppressions et désactivations sont confirmées d’avance (identifiants) : à défaut, le
fr|    script pose la question pour chaque point. Aucun joker.
fr|.PARAMETER BackupFolder
fr|    Où écrire les valeurs précédentes ; par défaut, à côté du script.
fr|.EXAMPLE
fr|    .\remediation.ps1
fr|    Montre tout ce que les commandes feraient.
fr|.EXAMPLE
fr|    .\remediation.ps1 -Control vuln_guest
fr|    Montre ce que feraient les commandes d’un seul point.
fr|.EXAMPLE
fr|    .\remediation.ps1 -Control vuln_guest -Apply
fr|    Corrige ce point, après confirmation.
fr|#>
en|<#
en|.SYNOPSIS
en|    Commands of the action plan, written by adhygiene from an audit.
en|.DESCRIPTION
en|    One part for each failed control, in the order of the action plan. Without -Apply nothing is changed:
en|    each command is tried with -WhatIf and says what it would do.
en|
en|    With -Apply the previous values are written to a CSV file first; when they cannot be, the script stops.
en|    What deletes, removes, clears, disables or stops a service at once is asked about apart for
en|    each control, and so is every control that -Control does not name.
en|
en|    Objects are addressed by objectGUID: one that was renamed or moved since the audit is still the right one.
en|    What stands in comments is for people to complete and to decide: the script never runs it.
en|    Risks that the policy accepts are left out.
en|.PARAMETER Apply
en|    Changes the directory. Without it the script only shows.
en|.PARAMETER Control
en|    These controls only (ids, separated by commas).
en|.PARAMETER ConfirmDestructive
en|    Controls whose removals and disabling are confirmed beforehand (ids): otherwise the script asks for each
en|    control. No wildcard.
en|.PARAMETER BackupFolder
en|    Where to write the previous values; by default beside the script.
en|.EXAMPLE
en|    .\remediation.ps1
en|    Shows all that the commands would do.
en|.EXAMPLE
en|    .\remediation.ps1 -Control vuln_guest
en|    Shows what the commands of one control would do.
en|.EXAMPLE
en|    .\remediation.ps1 -Control vuln_guest -Apply
en|    Mends this control, after confirmation.
en|#>
#Requires -Version 5.1
#Requires -Modules ActiveDirectory
[CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Medium')]
param(
    [switch]$Apply,
    [string[]]$Control = @(),
    [string[]]$ConfirmDestructive = @(),
    [string]$BackupFolder = $PSScriptRoot
)

Set-StrictMode -Version 1.0
$ErrorActionPreference = 'Stop'

fr|$Text = @{
fr|    DryRun       = "Essai à blanc : rien ne sera modifié. Ajouter -Apply, et -Control avec un point, pour agir."
fr|    Acting       = "L’annuaire va être modifié. Valeurs précédentes : {0}"
fr|    Unknown      = "Aucune partie de ce script ne s’appelle {0}."
fr|    Destructive  = "{0} : {1} ({2} objets). Ces commandes suppriment, retirent, désactivent ou coupent à l’instant. Les lancer ?"
fr|    Proceed      = "{0} : {1} ({2} objets). Lancer ces commandes ?"
fr|    Skipped      = "{0} : passé."
fr|    NotFound     = "Introuvable dans l’annuaire : {0}"
fr|    Failed       = "Échec sur {0} : {1}"
fr|    Done         = "Fait : {0}"
fr|    NoBackup     = "Les valeurs précédentes n’ont pas pu être écrites dans {0} : {1} Rien d’autre ne sera modifié."
fr|    NotMember    = "{0} n’est pas membre sous la forme d’un SID : à retirer à la main."
fr|    NotProtected = "porte un SPN, ou est le compte intégré : non ajouté à Protected Users."
fr|    NotSetting   = "Réglage inconnu : {0}"
fr|    Heading      = "== {0} : {1} ({2})"
fr|    LeftOut      = "{0} : {1}"
fr|    Summary      = "Commandes réussies : {0}, en échec : {1}, objets écartés : {2}."
fr|    Tried        = "Essai à blanc, rien n’a été modifié. Commandes essayées : {0}, en échec : {1}, objets écartés : {2}."
fr|    Declined     = "refusé."
fr|    Each         = "{0} : lancer la commande ?"
fr|    Backup       = "Valeurs précédentes : {0}"
fr|}
en|$Text = @{
en|    DryRun       = "Dry run: nothing will be changed. Add -Apply, and -Control with a control, to act."
en|    Acting       = "The directory is about to be changed. Previous values: {0}"
en|    Unknown      = "No part of this script is called {0}."
en|    Destructive  = "{0}: {1} ({2} objects). These commands delete, remove, disable or stop something at once. Run them?"
en|    Proceed      = "{0}: {1} ({2} objects). Run these commands?"
en|    Skipped      = "{0}: passed over."
en|    NotFound     = "Not found in the directory: {0}"
en|    Failed       = "Failed on {0}: {1}"
en|    Done         = "Done: {0}"
en|    NoBackup     = "The previous values could not be written to {0}: {1} Nothing else will be changed."
en|    NotMember    = "{0} is no member in the form of a SID: remove it by hand."
en|    NotProtected = "has an SPN, is the built-in account, or is no person's account: not added to Protected Users."
en|    Vital        = "a built-in account, a domain controller or an account of the system (or nothing rules it out): not by a command."
en|    Already      = "nothing to change: the setting is that already, or stricter."
en|    NotRead      = "{0} could not be read: nothing is changed."
en|    NoGroup      = "the privilege does not come from a protected group that the account is a direct member of: remove it by hand, along the path that the audit shows."
en|    Rest         = "{0}: the audit shows {1} of {2} values only. The others have stayed: audit again after this part."
en|    NotSetting   = "Unknown setting: {0}"
en|    Heading      = "== {0}: {1} ({2})"
en|    LeftOut      = "{0}: {1}"
en|    Summary      = "Commands that succeeded: {0}, failed: {1}, objects left out: {2}."
en|    Tried        = "Dry run, nothing was changed. Commands tried: {0}, failed: {1}, objects left out: {2}."
en|    Declined     = "declined."
en|    Each         = "{0}: run the command?"
en|    Backup       = "Previous values: {0}"
en|}

$Caller = $PSCmdlet
$DryRun = (-not $Apply) -or [bool]$WhatIfPreference
$AskEach = $PSBoundParameters.ContainsKey('Confirm') -and [bool]$PSBoundParameters['Confirm']
fr|# Une commande qui oublierait @Ad ne ferait rien non plus à blanc.
en|# A command that forgot @Ad would not do anything in a dry run either.
$WhatIfPreference = $DryRun
fr|# -Confirm : la question est posée ici pour chaque objet. Posée par une commande, sa réponse ne se saurait pas.
en|# -Confirm: the question is asked here for each object. Asked by a cmdlet, nobody would know the answer.
$Mode = @{ WhatIf = $DryRun; Confirm = $false; ErrorAction = 'Stop' }
$Selected = @($Control | ForEach-Object { $_ -split '[,;\s]+' } | Where-Object { $_ })
$Confirmed = @($ConfirmDestructive | ForEach-Object { $_ -split '[,;\s]+' } | Where-Object { $_ })
$Counts = @{ Done = 0; Failed = 0; Skipped = 0 }
fr|# Lu de chaque objet, en plus de ce qui est sauvegardé : de quoi reconnaître ce dont le domaine dépend.
en|# Read of each object beside what is backed up: what tells the objects that the domain rests on.
$Marks = 'objectSid', 'sAMAccountName', 'userAccountControl', 'isCriticalSystemObject'
$State = @{ Control = ''; Properties = @(); BackupFile = $null; Configuration = $null; Skip = $null }

fr|# ---- valeurs précédentes ----
fr|# Une ligne par valeur. « Value » commence par sa forme (text:, date:, base64:, sddl:, absent:), si bien
fr|# qu’aucune cellule n’est une formule.
en|# ---- previous values ----
en|# A row for each value. "Value" begins with its form (text:, date:, base64:, sddl:, absent:), so that
en|# no cell is a formula.

function New-BackupRow {
    param([string]$Id, [string]$Name, [string]$Attribute, [string]$Value)

    [pscustomobject]@{
        Time      = [DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ')
        Control   = $State.Control
        Object    = $Id
        Name      = $Name
        Attribute = $Attribute
        Value     = $Value
    }
}

function ConvertTo-BackupText {
    param($Value)

    if ($null -eq $Value) {
        'absent:'
    } elseif ($Value -is [byte[]]) {
        'base64:' + [Convert]::ToBase64String($Value)
    } elseif ($Value -is [System.Security.AccessControl.ObjectSecurity]) {
        'sddl:' + $Value.GetSecurityDescriptorSddlForm('Owner, Group, Access')
    } elseif ($Value -is [System.Collections.ICollection]) {
        if ($Value.Count -eq 0) { 'absent:' }
        foreach ($item in $Value) { ConvertTo-BackupText -Value $item }
    } elseif ($Value -is [DateTime]) {
        'date:' + $Value.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ssZ')
    } else {
        'text:' + [string]$Value
    }
}

function Write-Backup {
    param($Rows)

    try {
        if ($null -eq $State.BackupFile) {
            $name = 'remediation-backup-{0}.csv' -f [DateTime]::UtcNow.ToString('yyyyMMdd-HHmmss-fff')
            $file = Join-Path -Path $BackupFolder -ChildPath $name
            $Rows | Export-Csv -LiteralPath $file -NoTypeInformation -NoClobber -Encoding UTF8 -WhatIf:$false -Confirm:$false
            $State.BackupFile = $file
            Write-Host ($Text.Acting -f $file)
        } else {
            $file = $State.BackupFile
            $Rows | Export-Csv -LiteralPath $file -NoTypeInformation -Append -Encoding UTF8 -WhatIf:$false -Confirm:$false
        }
    } catch {
        $State.Skip = 'stop'
        throw ($Text.NoBackup -f $file, $_.Exception.Message)
    }
}

function Save-Previous {
    param($Object)

    $rows = foreach ($name in $State.Properties) {
        foreach ($value in @(ConvertTo-BackupText -Value ($Object.$name))) {
            New-BackupRow -Id ([string]$Object.ObjectGUID) -Name $Object.DistinguishedName -Attribute $name -Value $value
        }
    }
    Write-Backup -Rows $rows
}

fr|# ---- un point, un objet ----
en|# ---- a control, an object ----

function Enter-Control {
    param([string]$Id, [string]$Title, [int]$Count, [string[]]$Properties, [switch]$Destructive)

    if ($Selected.Count -and ($Selected -notcontains $Id)) { return $false }
    Write-Host ''
    Write-Host ($Text.Heading -f $Id, $Title, $Count)
    $State.Control = $Id
    $State.Properties = $Properties
    if ($DryRun) { return $true }
    if ($Destructive) {
        if ($Confirmed -contains $Id) { return $true }
        $question = $Text.Destructive -f $Id, $Title, $Count
    } else {
        if ($Selected -contains $Id) { return $true }
        $question = $Text.Proceed -f $Id, $Title, $Count
    }
    $answer = $false
    try { $answer = $Caller.ShouldContinue($question, $Id) } catch { Write-Warning $_.Exception.Message }
    if (-not $answer) { Write-Warning ($Text.Skipped -f $Id) }
    return $answer
}

function Get-ConfigurationPartition {
    if ($null -eq $State.Configuration) {
        $where = @{ ErrorAction = 'Stop' }
        if ($Forest) { $where['Server'] = $Forest }
        $State.Configuration = (Get-ADRootDSE @where).configurationNamingContext
    }
    $State.Configuration
}

fr|# Retrouve l’objet, met de côté ses valeurs, lance la commande. La commande voit $Id, $Object et $Ad.
en|# Finds the object, puts its values aside, runs the command. The command sees $Id, $Object and $Ad.
function Invoke-Change {
    param([string]$Target, [string]$Domain, [string]$Name, [scriptblock]$Command)

    $Ad = @{ WhatIf = $DryRun; Confirm = $false; ErrorAction = 'Stop' }
    $where = @{ Properties = @(@($State.Properties) + $Marks | Select-Object -Unique); ErrorAction = 'Stop' }
    try {
        if ($Domain) {
            $Ad['Server'] = $Domain
        } else {
            if ($Forest) { $Ad['Server'] = $Forest }
            $Ad['Partition'] = Get-ConfigurationPartition
        }
        foreach ($key in 'Server', 'Partition') { if ($Ad.ContainsKey($key)) { $where[$key] = $Ad[$key] } }
        if ($Target -like 'S-1-*') {
            $where.Remove('Partition')
            $Object = Get-ADObject -LDAPFilter ('(objectSid={0})' -f $Target) @where
        } else {
            $Object = Get-ADObject -Identity $Target @where
        }
        if ($null -eq $Object) { throw ($Text.NotFound -f $Target) }
        $Id = $Object.ObjectGUID
        $State.Skip = $null
        if ((-not $DryRun) -and $AskEach -and -not $Caller.ShouldContinue(($Text.Each -f $Name), $State.Control)) {
            $State.Skip = $Text.Declined
        } else {
            if (-not $DryRun) { Save-Previous -Object $Object }
            & $Command
        }
        if ($State.Skip) {
            $Counts.Skipped++
            Write-Warning ($Text.LeftOut -f $Name, $State.Skip)
        } else {
            $Counts.Done++
            if (-not $DryRun) { Write-Host ($Text.Done -f $Name) }
        }
    } catch {
        if ($State.Skip -eq 'stop') { throw }
        $Counts.Failed++
        Write-Warning ($Text.Failed -f $Name, $_.Exception.Message)
    }
}

fr|# Ce que la liste de l’audit ne montre pas n’a pas été touché.
en|# What the audit's list does not show was not touched.
function Show-Rest {
    param([string]$Name, [string]$Shown, [string]$Total)

    $Counts.Skipped++
    Write-Warning ($Text.Rest -f $Name, $Shown, $Total)
}

fr|# ---- commandes en plusieurs temps ----
en|# ---- commands of several steps ----

function Set-AttributeBits {
    param([string]$Attribute, [int]$Set = 0, [int]$Clear = 0)

    $before = [int]$Object.$Attribute
    $after = ($before -bor $Set) -band (-bnot $Clear)
    if ($after -eq $before) {
        $State.Skip = $Text.Already
        return
    }
    Set-ADObject -Identity $Id -Replace @{ $Attribute = $after } @Ad
}

fr|# Ce dont le domaine dépend : le compte intégré (RID 500), krbtgt (RID 502 et ceux des RODC), un contrôleur
fr|# (0x2000), un RODC (0x4000000), une approbation (0x800), ce que le système dit critique, l’ordinateur de
fr|# l’authentification unique de Microsoft Entra, qui n’ouvre jamais de session. Non lu : présumé tel.
en|# What the domain rests on: the built-in account (RID 500), krbtgt (RID 502 and those of RODCs), a domain
en|# controller (0x2000), an RODC (0x4000000), a trust (0x800), what the system calls critical, the computer of
en|# Microsoft Entra's single sign-on, which never logs on. Not read: taken for such a one.
function Test-Vital {
    foreach ($mark in 'objectSid', 'sAMAccountName', 'userAccountControl') {
        if ($null -eq $Object.$mark) { return $true }
    }
    return ($Object.objectSid.Value -match '-50[02]$') -or
        ($Object.sAMAccountName -match '^(krbtgt|AZUREADSSOACC\$$)') -or
        ([int]$Object.userAccountControl -band 0x4002800) -or [bool]$Object.isCriticalSystemObject
}

function Disable-Unused {
    if (Test-Vital) {
        $State.Skip = $Text.Vital
        return
    }
    Disable-ADAccount -Identity $Id @Ad
}

fr|# Un contrôleur de domaine (0x2000) délègue de droit : sans cela, il ne sert plus.
en|# A domain controller (0x2000) delegates by right: without that it is of no use.
function Clear-Delegation {
    if (($null -eq $Object.userAccountControl) -or ([int]$Object.userAccountControl -band 0x2000)) {
        $State.Skip = $Text.Vital
        return
    }
    Set-ADAccountControl -Identity $Id -TrustedForDelegation $false @Ad
}

fr|# Une PSO n’est jamais assouplie : de chaque réglage, le plus strict de ce qu’elle a et de ce qui est demandé.
fr|# L’annuaire garde les durées en négatif, par unités de 100 ns ; une durée de verrouillage de 0 dure jusqu’à
fr|# ce qu’un administrateur déverrouille, et n’est pas plus courte que la fenêtre (MS-ADTS 3.1.1.4.5.17).
en|# A PSO is never made looser: of each setting, the stricter of what it has and of what is asked for.
en|# The directory keeps durations as negative counts of 100 ns; a lockout duration of 0 lasts until an
en|# administrator unlocks, and is not shorter than the window (MS-ADTS 3.1.1.4.5.17).
function Set-StricterPolicy {
    param([int]$Attempts = 0, [int]$Minutes = 0, [int]$History = 0, [int]$MinimumDays = 0)

    foreach ($name in $State.Properties) {
        if ($null -eq $Object.$name) {
            $State.Skip = $Text.NotRead -f $name
            return
        }
    }
    $change = @{}
    if ($History -and ([int]$Object.'msDS-PasswordHistoryLength' -lt $History)) { $change['PasswordHistoryCount'] = $History }
    if ($MinimumDays) {
        $least = [TimeSpan]::FromDays($MinimumDays)
        if ([long]$Object.'msDS-MinimumPasswordAge' -gt (0 - $least.Ticks)) { $change['MinPasswordAge'] = $least }
    }
    if ($Attempts) {
        $threshold = [int]$Object.'msDS-LockoutThreshold'
        if (($threshold -eq 0) -or ($threshold -gt $Attempts)) { $change['LockoutThreshold'] = $Attempts }
        $least = [TimeSpan]::FromMinutes($Minutes)
        $before = [long]$Object.'msDS-LockoutObservationWindow'
        $window = [Math]::Min($before, 0 - $least.Ticks)
        if ($window -ne $before) { $change['LockoutObservationWindow'] = [TimeSpan]::FromTicks(0 - $window) }
        $before = [long]$Object.'msDS-LockoutDuration'
        $duration = [Math]::Min($before, $window)
        if (($before -ne 0) -and ($duration -ne $before)) { $change['LockoutDuration'] = [TimeSpan]::FromTicks(0 - $duration) }
    }
    if ($change.Count -eq 0) {
        $State.Skip = $Text.Already
        return
    }
    Set-ADFineGrainedPasswordPolicy -Identity $Id @change @Ad
}

fr|# Le groupe principal d’origine, d’après la sorte de compte : invité, RODC, contrôleur, ordinateur, utilisateur.
en|# The primary group as shipped, by the kind of account: guest, RODC, controller, computer, user.
function Set-PrimaryGroup {
    $flags = [int]$Object.userAccountControl
    $rid = 513
    if ($Object.objectSid.Value -like '*-501') { $rid = 514 }
    elseif ($flags -band 0x4000000) { $rid = 521 }
    elseif ($flags -band 0x2000) { $rid = 516 }
    elseif ($flags -band 0x1000) { $rid = 515 }
    $group = '{0}-{1}' -f $Object.objectSid.AccountDomainSid.Value, $rid
    $name = (Get-ADGroup -Identity $group -Server $Ad['Server'] -ErrorAction Stop).DistinguishedName
    if (@($Object.memberOf) -notcontains $name) { Add-ADGroupMember -Identity $group -Members $Id @Ad }
    Set-ADObject -Identity $Id -Replace @{ primaryGroupID = $rid } @Ad
}

function Add-ToProtectedUsers {
    $person = @('user', 'inetOrgPerson') -contains $Object.ObjectClass
    if ((-not $person) -or $Object.servicePrincipalName -or ($Object.objectSid.Value -like '*-500')) {
        $State.Skip = $Text.NotProtected
        return
    }
    $group = '{0}-525' -f $Object.objectSid.AccountDomainSid.Value
    Add-ADGroupMember -Identity $group -Members $Id @Ad
}

fr|# Les groupes où le compte est inscrit et qu’AdminSDHolder protège : ceux qui donnent les privilèges.
en|# Groups that the account stands in and that AdminSDHolder protects: those that give privileges.
function Remove-FromProtectedGroups {
    $State.Skip = $Text.NoGroup
    foreach ($name in @($Object.memberOf)) {
        if (-not $name) { continue }
        $group = Get-ADGroup -Identity $name -Properties adminCount -Server $Ad['Server'] -ErrorAction Stop
        if ($group.adminCount -ne 1) { continue }
        Remove-ADGroupMember -Identity $group -Members $Id @Ad
        $State.Skip = $null
    }
}

fr|# Membre d’une autre forêt ou identité prédéfinie : l’objet de CN=ForeignSecurityPrincipals.
en|# A member of another forest, or a well-known identity: the object of CN=ForeignSecurityPrincipals.
function Remove-ForeignMember {
    param([string]$Sid)

    $start = 'CN={0},CN=ForeignSecurityPrincipals,' -f $Sid
    $found = @($Object.member | Where-Object { $_ -and $_.StartsWith($start, [StringComparison]::OrdinalIgnoreCase) })
    if ($found.Count -ne 1) {
        $State.Skip = $Text.NotMember -f $Sid
        return
    }
    Set-ADObject -Identity $Id -Remove @{ member = $found[0] } @Ad
}

function Set-SafeOwner {
    param([string]$Sid)

    $descriptor = $Object.nTSecurityDescriptor
    $descriptor.SetOwner((New-Object -TypeName System.Security.Principal.SecurityIdentifier -ArgumentList $Sid))
    Set-ADObject -Identity $Id -Replace @{ nTSecurityDescriptor = $descriptor } @Ad
}

fr|# MS-ADTS 6.1.1.2.4.1.2 : les positions comptent à partir de 1 ; la 10e, la 20e et la 30e valent 1, 2 et 3.
en|# MS-ADTS 6.1.1.2.4.1.2: positions count from 1; the 10th, 20th and 30th are 1, 2 and 3.
function Set-DsHeuristic {
    param([string]$Setting)

    $positions = @{
        fAllowAnonNSPI = 8, '0'
        dwAdminSDExMask = 16, '0'
        fLDAPBlockAnonOps = 7, '0'
        DoNotVerifyUPNAndOrSPNUniqueness = 21, '0'
        DisableConfidentialAttributeEncryptionRequirements = 31, '0'
        AttributeAuthorizationOnLDAPAdd = 28, '1'
        BlockOwnerImplicitRights = 29, '1'
    }
    if (-not $positions.ContainsKey($Setting)) {
        $State.Skip = $Text.NotSetting -f $Setting
        return
    }
    $position = $positions[$Setting][0]
    $characters = ([string]$Object.dSHeuristics).PadRight($position, '0').ToCharArray()
    foreach ($tens in 1, 2, 3) {
        if ($characters.Length -ge 10 * $tens) { $characters[10 * $tens - 1] = [char][string]$tens }
    }
    $characters[$position - 1] = [char]$positions[$Setting][1]
    $after = -join $characters
    if ($after -ceq [string]$Object.dSHeuristics) {
        $State.Skip = $Text.Already
        return
    }
    Set-ADObject -Identity $Id -Replace @{ dSHeuristics = $after } @Ad
}

origin|

known|
foreach ($name in $Selected + $Confirmed) {
    if ($Known -notcontains $name) { throw ($Text.Unknown -f $name) }
}
if ($DryRun) { Write-Host $Text.DryRun }

plan|
Write-Host ''
$summary = $Text.Summary
if ($DryRun) { $summary = $Text.Tried }
Write-Host ($summary -f $Counts.Done, $Counts.Failed, $Counts.Skipped)
if ($State.BackupFile) { Write-Host ($Text.Backup -f $State.BackupFile) }
if ($Counts.Failed) { exit 1 }
exit 0
