"""What each request of ORADAD asks for, as far as an auditor is concerned: the attributes that adhygiene knows and some
others, for noise. The order of columns is another one in each version; so are the columns, a little."""
import random

DOMAIN, CONFIGURATION, SCHEMA, DOMAIN_DNS, FOREST_DNS = "domain", "configuration", "schema", "domaindns", "forestdns"
EVERYWHERE = (DOMAIN, CONFIGURATION, SCHEMA, DOMAIN_DNS, FOREST_DNS)
DEFAULT_LEVEL = 4


def version_of(text):
    return tuple(int(n) for n in text.split("."))


class Column:
    """"name KIND [>=version] [<version] [Lnumber]"."""

    def __init__(self, text):
        self.name, self.kind, *conditions = text.split()
        self.since = next((version_of(c[2:]) for c in conditions if c.startswith(">=")), (0,))
        self.until = next((version_of(c[1:]) for c in conditions if c[0] == "<"), (99,))
        self.level = next((int(c[1:]) for c in conditions if c[0] == "L"), 1)

    def asked(self, version, level):
        return self.since <= version < self.until and self.level <= level


def columns(*texts):
    return [Column(c.strip()) for text in texts for c in text.split(",") if c.strip()]


TOP = """shortname STR, shortdn STR, objectClass STRS, objectCategory STR, nTSecurityDescriptor SD, whenCreated DATE,
whenChanged DATE, uSNCreated INT64, uSNChanged INT64, systemFlags TEXT:systemFlags, revision INT, name STR, proxyAddresses STRS,
objectVersion INT, objectGUID GUID, msDS-ReplValueMetaData STRS L4, msDS-ReplAttributeMetaData STRS, memberOf STRS, isRecycled BOOL,
isDeleted BOOL, lastKnownParent STR, fSMORoleOwner STR, flags INT, displayName STR, description STRS, cn STR, parentGUID GUID,
msDS-KrbTgtLinkBl STRS, msDS-SupersededManagedAccountLinkBL STR >=3.5.214, unixUserPassword BIN <3.2.0,
wellKnownObjects BIN L9, isCriticalSystemObject BOOL L9, distinguishedName STR L9"""
ACCOUNT = """cn STR, userPassword BIN L2, sn STR, givenName STR, msDS-AllowedToActOnBehalfOfOtherIdentity SD,
msDS-AllowedToDelegateTo STRS, manager STR, mail STR, comment STR, info STR, homeMDB STR, userCertificate BIN, description STRS,
uid STRS, sAMAccountName STR, objectSid SID, sIDHistory SID, securityIdentifier SID, sAMAccountType INT,
altSecurityIdentities STRS, msExchRecipientTypeDetails INT64, msExchVersion INT64, versionNumber INT, msDS-KeyCredentialLink BIN,
msDS-AssignedAuthNPolicySilo STR, msDS-AssignedAuthNPolicy STR, msDS-ResultantPSO STR,
msDS-SupportedEncryptionTypes TEXT:supportedEncryptionTypes, msDS-SecondaryKrbTgtNumber INT, userWorkstations STR,
userPrincipalName STR, userParameters STR, userAccountControl TEXT:userAccountControl, servicePrincipalName STRS, scriptPath STR,
pwdLastSet DATEINT64, primaryGroupID INT, msDS-User-Account-Control-Computed TEXT:userAccountControl, mS-DS-CreatorSID SID,
logonHours BIN, logonCount INT L3, lockoutTime DATEINT64, lastLogonTimestamp DATEINT64, lastLogon DATEINT64, badPwdCount INT,
badPasswordTime DATEINT64, adminCount INT, accountExpires DATEINT64, displayName STR,
msDS-SupersededServiceAccountState INT >=3.5.214, msDS-SupersededManagedAccountLink STR >=3.5.214, employeeID STR L9,
title STR L9, msDS-PSOApplied STRS L9"""
COMPUTER = """msDS-RevealOnDemandGroup STRS, msDS-NeverRevealGroup STRS, msDS-RevealedUsers BIN, msDS-KrbTgtLink STR,
operatingSystemVersion STR, operatingSystemServicePack STR, operatingSystem STR, managedBy STR, location STR, dNSHostName STR,
msDS-isRODC BOOL, ms-Mcs-AdmPwdExpirationTime INT64, msLAPS-PasswordExpirationTime TEXT:Filetime >=3.3.198"""
MANAGED = "msDS-ManagedPasswordInterval INT, msDS-GroupMSAMembership SD, msDS-ManagedPasswordId BIN"
ZONE = "dc STR, dNSProperty BIN, dnsAllowXFR BOOL, managedBy STR"
DFSR = "msDFSR-Extension BIN, msDFSR-Options INT, msDFSR-Flags INT"

ROOT_DSE = columns("""configurationNamingContext STR, currentTime DATE, dNSHostName STR, defaultNamingContext STR,
domainControllerFunctionality INT, domainFunctionality INT, dsServiceName STR, forestFunctionality INT, highestCommittedUSN INT64,
isGlobalCatalogReady BOOL, isSynchronized BOOL, ldapServiceName STR, msDS-PrincipalName STR, namingContexts STRS,
rootDomainNamingContext STR, schemaNamingContext STR, serverName STR, supportedCapabilities STRS, supportedLDAPVersion INT,
supportedSASLMechanisms STRS, tokenGroups BIN:sid, usnAtRifm INT64""")

SMSA, GMSA, DMSA = ("msds-managedserviceaccount", "msds-groupmanagedserviceaccount", "msds-delegatedmanagedserviceaccount")


class Request:
    """takes(classes of an object, in lower case); scope base: the head of the context alone."""

    def __init__(self, name, bases, takes, *texts, base=False, since=(0,)):
        self.name, self.bases, self.takes, self.base, self.since = name, bases, takes, base, since
        self.columns = columns(*texts)

    def ordered(self, version, level):
        """Its columns in a version, without dn."""
        asked = [c for c in self.columns if c.asked(version, level)]
        first = asked[:2] if self.name == "top" else []
        rest = asked[len(first):]
        random.Random(f"{self.name} {version}").shuffle(rest)
        return first + rest


def of(name):
    return lambda classes: name.lower() in classes


def simple(name, bases, *texts, cls=None):
    return Request(name, bases, of(cls or name), *texts)


D, C, S = (DOMAIN,), (CONFIGURATION,), (SCHEMA,)
REQUESTS = [
    Request("top", EVERYWHERE, lambda classes: True, TOP),
    simple("class", S, """subClassOf STR, schemaIDGUID GUID, governsID STR, cn STR, systemPossSuperiors STRS, systemMayContain STRS,
           systemAuxiliaryClass STRS, schemaFlagsEx TEXT:schemaFlagsEx, possSuperiors STRS, mayContain STRS, lDAPDisplayName STR,
           defaultSecurityDescriptor STR, auxiliaryClass STRS, isDefunct BOOL L9""", cls="classSchema"),
    simple("attribute", S, """schemaIDGUID GUID, lDAPDisplayName STR, isSingleValued BOOL, cn STR, attributeID STR,
           searchFlags TEXT:searchFlags, linkID INT, attributeSecurityGUID GUID, isDefunct BOOL L9""", cls="attributeSchema"),
    Request("root", D, lambda classes: True, """dc STR, pwdProperties INT, pwdHistoryLength INT, objectSid SID, revision INT,
            minPwdLength INT, minPwdAge TEXT:NegFiletime, maxPwdAge TEXT:NegFiletime, lockoutThreshold INT, lockoutDuration TEXT:NegFiletime,
            lockOutObservationWindow TEXT:NegFiletime, forceLogoff INT64, creationTime DATEINT64, nTMixedDomain INT, nETBIOSName STR,
            ms-DS-MachineAccountQuota INT, msDS-LogonTimeSyncInterval INT, gPOptions INT, gPLink STR, description STRS, cACertificate BIN,
            msDS-ExpirePasswordsOnSmartCardOnlyAccounts BOOL >=3.1.180, msDS-EnabledFeature STRS, msDS-Behavior-Version INT,
            managedBy STR""", base=True),
    simple("foreignSecurityPrincipal", (DOMAIN, CONFIGURATION), "objectSid SID, foreignIdentifier BIN"),
    Request("user", D, lambda c: "user" in c and not c & {"computer", SMSA, GMSA}, ACCOUNT),
    Request("computer", D, lambda c: "computer" in c and not c & {SMSA, GMSA}, ACCOUNT, COMPUTER),
    simple("trustedDomain", D, """trustType TEXT:trustType, trustPartner STR, trustDirection TEXT:trustDirection,
           trustAttributes TEXT:trustAttributes, securityIdentifier SID, msDS-TrustForestTrustInfo BIN, flatName STR,
           msDS-SupportedEncryptionTypes TEXT:supportedEncryptionTypes, initialAuthOutgoing STR"""),
    Request("smsa", D, of(SMSA), ACCOUNT, COMPUTER),
    Request("gmsa", D, of(GMSA), ACCOUNT, COMPUTER, MANAGED),
    Request("dmsa", D, of(DMSA), ACCOUNT, COMPUTER, MANAGED, "msDS-DelegatedMSAState INT, msDS-ManagedAccountPrecededByLink STR",
            since=(3, 5, 214)),
    simple("group", (DOMAIN, CONFIGURATION), """cn STR, userPassword BIN L2, description STRS, mail STR, info STR, sAMAccountName STR,
           objectSid SID, sIDHistory SID, sAMAccountType INT, altSecurityIdentities STRS, groupType TEXT:groupType, member STRS,
           msDS-NonMembers STRS, managedBy STR, adminCount INT, location STR, msExchRecipientTypeDetails INT64,
           msDS-PSOApplied STRS L9"""),
    simple("ou", D, "ou STRS, userPassword BIN L2, managedBy STR, gPOptions INT, gPLink STR, uPNSuffixes STRS",
           cls="organizationalUnit"),
    simple("gpo", D, """cn STR, versionNumber INT, gPCWQLFilter STR, gPCUserExtensionNames STR, gPCMachineExtensionNames STR,
           gPCFileSysPath STR, flags INT, gPCFunctionalityVersion INT""", cls="groupPolicyContainer"),
    simple("msWMI-Som", D, "msWMI-Name STR, msWMI-ID STR, msWMI-Parm2 STR, msWMI-Author STR"),
    simple("passwordSettings", D, """msDS-PasswordHistoryLength INT, msDS-PasswordSettingsPrecedence INT,
           msDS-PasswordReversibleEncryptionEnabled BOOL, msDS-LockoutThreshold INT, msDS-LockoutDuration TEXT:NegFiletime,
           msDS-LockoutObservationWindow TEXT:NegFiletime, msDS-PasswordComplexityEnabled BOOL, msDS-MinimumPasswordLength INT,
           msDS-MinimumPasswordAge TEXT:NegFiletime, msDS-MaximumPasswordAge TEXT:NegFiletime, msDS-PSOAppliesTo STRS""",
           cls="msDS-PasswordSettings"),
    simple("rIDManager", D, "rIDAvailablePool INT64"),
    simple("infrastructureUpdate", D, "dNReferenceUpdate STRS"),
    *(simple(f"msDFSR-{n}", D, DFSR) for n in ("LocalSettings", "Subscriber", "Subscription", "GlobalSettings",
                                               "ReplicationGroup", "Content", "ContentSet", "Connection", "Topology", "Member")),
    simple("nTFRSSubscriptions", D, "fRSWorkingPath STR"), simple("nTFRSSubscriber", D, "fRSRootPath STR"),
    simple("nTFRSReplicaSet", D, "managedBy STR"), simple("nTFRSMember", D, "serverReference STR"),
    simple("serviceConnectionPoint", (DOMAIN, CONFIGURATION), "cn STR, keywords STRS, serviceBindingInformation STRS, managedBy STR"),
    simple("dnsZone", (DOMAIN, DOMAIN_DNS, FOREST_DNS), ZONE),
    simple("dnsNode", (DOMAIN, DOMAIN_DNS, FOREST_DNS), "dc STR, dNSTombstoned BOOL, dnsRecord BIN, dNSProperty BIN"),
    simple("userProxy", D, "objectSid SID, userPrincipalName STR, displayName STR"),
    simple("controlAccessRight", C, "validAccesses INT, rightsGuid STR, appliesTo STRS"),
    simple("site", C, "managedBy STR, location STR, gPOptions INT, gPLink STR"),
    simple("siteLink", C, "siteList STRS, cost INT, options INT"),
    simple("subnet", C, "siteObject STR, location STR"),
    simple("server", C, "serverReference STR, managedBy STR, dNSHostName STR, msDS-isRODC BOOL"),
    simple("nTDSDSA", C, """msDS-EnabledFeature STRS, msDS-RevealedUsers BIN, msDS-RevealOnDemandGroup STRS,
           msDS-NeverRevealGroup STRS, options INT, msDS-hasMasterNCs STRS, msDS-Behavior-Version INT, invocationId GUID,
           hasMasterNCs STRS"""),
    simple("msDNS-ServerSettings", C, ""), simple("nTDSConnection", C, "options INT, fromServer STR, enabledConnection BOOL"),
    simple("certificationauthority", C, "cn STR, cACertificate BIN, certificateRevocationList BIN, dNSHostName STR, certificateTemplates STRS"),
    simple("authNPolicy", C, """msDS-AuthNPolicyEnforced BOOL, msDS-StrongNTLMPolicy INT, msDS-UserTGTLifetime TEXT:Filetime,
           msDS-UserAllowedToAuthenticateFrom DACL, msDS-ComputerAllowedToAuthenticateTo DACL""", cls="msDS-AuthNPolicy"),
    simple("authNPolicySilo", C, """msDS-AuthNPolicySiloEnforced BOOL, msDS-UserAuthNPolicy STR, msDS-ComputerAuthNPolicy STR,
           msDS-AuthNPolicySiloMembers STRS""", cls="msDS-AuthNPolicySilo"),
    simple("crossRefContainer", C, "msDS-EnabledFeature STRS, uPNSuffixes STRS, msDS-Behavior-Version INT"),
    simple("crossRef", C, """nCName STR, dnsRoot STRS, cn STR, trustParent STR, nETBIOSName STR, Enabled BOOL,
           msDS-Behavior-Version INT"""),
    simple("nTDSService", C, "tombstoneLifetime INT, sPNMappings STRS, dSHeuristics STR, msDS-Other-Settings STRS"),
    simple("msDS-ShadowPrincipal", C, "msDS-ShadowPrincipalSid SID, member STRS"),
    simple("displaySpecifier", C, "adminContextMenu STRS, contextMenu STRS L9, shellContextMenu STRS L9"),
    simple("pKICertificateTemplate", C, """pKIExtendedKeyUsage STRS, pKIKeyUsage BIN, pKIExpirationPeriod BIN, pKIDefaultCSPs STRS,
           msPKI-RA-Signature INT, msPKI-RA-Application-Policies STRS, msPKI-Template-Schema-Version INT, msPKI-Enrollment-Flag INT,
           msPKI-Certificate-Policy STRS, msPKI-Certificate-Name-Flag INT, msPKI-Certificate-Application-Policy STRS,
           msPKI-Cert-Template-OID STR, msPKI-Private-Key-Flag INT, flags INT, displayName STR"""),
    simple("pKIEnrollmentService", C, "msPKI-Enrollment-Servers STRS, dNSHostName STR, certificateTemplates STRS, cACertificate BIN"),
    simple("exchange_organization", C, "msExchVersion INT64, msExchProductID STR", cls="msExchOrganizationContainer"),
    simple("exchange_server", C, "msExchVersion INT64, serialNumber STRS", cls="msExchExchangeServer"),
]

# Files that are copied, by the end of their name; *.xml of these names alone.
TAKEN = ("gpt.ini", "gpe.ini", "comment.cmtx", "registry.pol", "gpttmpl.inf", "audit.csv", "scripts.ini", ".aas", ".cmd", ".bat",
         ".vbs", ".vbe", ".ps1", ".reg") + tuple(
    n + ".xml" for n in ("scheduledtasks", "groups", "registry", "internetsettings", "shortcuts", "devices",
                         "environmentvariables", "folderoptions", "services"))
