/*
 * Every bound on a number that comes from outside, in one place. What is over a bound is damage:
 * of one record (a coverage note) or of the file (an error), as each line says.
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#include <stdint.h>

/* One attribute value, in bytes: AD's own largest values (thumbnails, PKI stores) stay under it. */
#define LIMIT_VALUE_BYTES 16777216u /* 16 MiB */
/* Values of one attribute of one object; a group may hold every account of a large forest. */
#define LIMIT_VALUES_PER_ATTRIBUTE 4000000u
/* Attributes of one object; a class of the AD schema allows a few hundred. */
#define LIMIT_ATTRIBUTES_PER_OBJECT 2000u
/* Distinct attribute names in one directory. */
#define LIMIT_ATTRIBUTE_NAMES 20000u
/* Bytes of one record of an LDIF and of one packed object of a snapshot: what a group of millions
 * of members takes. */
#define LIMIT_RECORD_BYTES 536870912u /* 512 MiB */
/* Bytes of an attribute's name (an OID or an lDAPDisplayName). */
#define LIMIT_ATTRIBUTE_NAME_BYTES 256u
/* Coverage entries of a snapshot: a source with more damage than this is refused. */
#define LIMIT_COVERAGE_ENTRIES 200000u
/* Duplicate DNs that are named one by one; the others are counted. */
#define LIMIT_DUPLICATES_NAMED 1000u
/* Objects of one directory. */
#define LIMIT_OBJECTS 20000000u
/* Bytes of one DN: MS-ADTS has no bound, LDAP servers refuse far less. */
#define LIMIT_DN_BYTES 16384u
/* RDNs of one DN. */
#define LIMIT_DN_DEPTH 256u
/* Type-and-value pairs of one multi-valued RDN; AD itself allows one. */
#define LIMIT_DN_PAIRS 16u
/* Subauthorities of a SID (MS-DTYP 2.4.2.2). */
#define LIMIT_SID_SUBAUTHORITIES 15u
/* Bytes of a security descriptor: an ACL's size is a 16-bit number (MS-DTYP 2.4.5). */
#define LIMIT_SECDESC_BYTES 524288u /* 512 KiB */
/* Bytes of one X.509 certificate: real ones take one to four KiB. */
#define LIMIT_CERTIFICATE_BYTES 1048576u /* 1 MiB */
/* Bytes of one policy or catalogue file, nesting of its YAML, and length of an extends chain. */
#define LIMIT_YAML_BYTES (4u * 1024 * 1024)
#define LIMIT_YAML_DEPTH 16u
#define LIMIT_YAML_NODES 200000u
#define LIMIT_EXTENDS 4u
/* Mistakes reported of one policy; what is beyond is said in one line. */
#define LIMIT_POLICY_MISTAKES 200u
/* Bytes of a PCRE2 pattern in a policy, steps of one match, and KiB that a match may take. */
#define LIMIT_PATTERN_BYTES 1024u
#define LIMIT_PATTERN_STEPS 100000u
#define LIMIT_PATTERN_KIB 4096u
/* Nesting and size of an LDAP filter (RFC 4515). */
#define LIMIT_FILTER_DEPTH 32u
#define LIMIT_FILTER_NODES 1024u
/* A number of days in a policy: a hundred years. */
#define LIMIT_POLICY_DAYS 36500
/* A CSV from outside: its bytes, rows, columns, and bytes of one row; more is refused. */
#define LIMIT_CSV_BYTES 1073741824u /* 1 GiB */
#define LIMIT_CSV_ROWS 2000000u
#define LIMIT_CSV_COLUMNS 1024u
#define LIMIT_CSV_LINE 65536u /* 64 KiB */
/* Control points that a result of ADS names; ANSSI has some 130. */
#define LIMIT_ADS_POINTS 1000u
/* Objects a page when asking an LDAP server (the default MaxPageSize of AD). */
#define LIMIT_PAGE_SIZE 1000
/* The smallest page that is still tried with a server that refuses larger ones. */
#define LIMIT_PAGE_SIZE_LEAST 50
/* Pages without an object, one after the other, before a server is taken to loop. */
#define LIMIT_EMPTY_PAGES 1000u
/* Bytes of one LDAP message, an object with its values: 512 MiB. */
#define LIMIT_PDU_BYTES 0x20000000u
/* Domain controllers of one domain that are asked for last logons; Microsoft tested 1,200. */
#define LIMIT_DOMAIN_CONTROLLERS 4096u
/* Servers of a --domain, and naming contexts and SIDs of a token that a server may name. */
#define LIMIT_SERVERS 64u
#define LIMIT_NAMING_CONTEXTS 1000u
#define LIMIT_TOKEN_SIDS 10000u
/* Bytes of a password; AD takes 256 characters. */
#define LIMIT_PASSWORD_BYTES 1024u
/* SYSVOL: bytes of one file (a larger one is a coverage entry) and of all that are kept, files
 * kept, entries looked at, nesting of folders, bytes of a path below the folder given. */
#define LIMIT_SYSVOL_FILE_BYTES 16777216u /* 16 MiB */
#define LIMIT_SYSVOL_BYTES 1073741824u	  /* 1 GiB */
#define LIMIT_SYSVOL_FILES 200000u
#define LIMIT_SYSVOL_DEPTH 32u
#define LIMIT_SYSVOL_PATH_BYTES 4096u
/* What ORADAD writes: bytes of tables.tsv, tables, columns of one (its schema has 4,065 attributes,
 * some take two), bytes of one row as UTF-16 in the columns that are wanted (400,000 members of a
 * group), and files and folders looked at. */
#define LIMIT_ORADAD_TABLES_BYTES 67108864u /* 64 MiB */
#define LIMIT_ORADAD_TABLES 20000u
#define LIMIT_ORADAD_COLUMNS 8192u
#define LIMIT_ORADAD_ROW_BYTES 67108864u /* 64 MiB */
#define LIMIT_ORADAD_FILES 500000u
/* Bytes of the distinct descriptors of files in its SYSVOL. */
#define LIMIT_ORADAD_SYSVOL_ACL_BYTES 134217728u /* 128 MiB */
/* Nodes of the control graph from which one search for controllers goes on. */
#define LIMIT_GRAPH_STATES 8192u
/* Ways from nested groups to privileged ones that are kept; with more, one way of each account. */
#define LIMIT_PRIVILEGE_WAYS 16777216u
/* Lines, values or elements of one policy file; more is damage of the file. */
#define LIMIT_GPO_RECORDS 500000u
/* Nesting of a group policy preference. */
#define LIMIT_GPP_DEPTH 64u
/* Bytes of a results.json; a larger one is refused. Half a million findings take 180 MB. */
#define LIMIT_RESULTS_BYTES 536870912u /* 512 MiB */
/* Members of one of its small objects, and different words and evidences that are kept once. */
#define LIMIT_RESULTS_MEMBERS 4096u
#define LIMIT_RESULTS_WORDS 1000000u
/* A workbook that somebody gives back: its parts, inflated bytes of all that are read and of one,
 * and how many times larger than its packed bytes a part over the small size may be (sheets of
 * half a million findings: 40 times). */
#define LIMIT_WORKBOOK_PARTS 10000u
#define LIMIT_WORKBOOK_BYTES 6442450944u      /* 6 GiB */
#define LIMIT_WORKBOOK_PART_BYTES 3221225472u /* 3 GiB */
#define LIMIT_WORKBOOK_SMALL_PART_BYTES 16777216u
#define LIMIT_WORKBOOK_RATIO 250u
/* Its sheets, styles, different texts and their bytes, and bytes of one cell before its escapes are
 * undone; a cell holds LIMIT_XLSX_CELL characters. */
#define LIMIT_WORKBOOK_SHEETS 1024u
#define LIMIT_WORKBOOK_STYLES 65536u
#define LIMIT_WORKBOOK_TEXTS 20000000u
#define LIMIT_WORKBOOK_TEXT_BYTES 2147483648u /* 2 GiB */
#define LIMIT_WORKBOOK_CELL_BYTES 262144u
/* Rows that it may remember of earlier runs, and bytes of their keys and of the different texts
 * that people wrote in them. */
#define LIMIT_WORKBOOK_ROWS 4000000u
#define LIMIT_WORKBOOK_KEPT_BYTES 536870912u /* 512 MiB */
/* Runs of one history: six a year are expected. */
#define LIMIT_HISTORY_RUNS 10000u
/* Runs and directories that history import finds below what it is given. */
#define LIMIT_SHELF_ITEMS 10000u
/* Columns of an Excel sheet. */
#define LIMIT_XLSX_COLUMNS 16384u
/* Columns of a family's table. */
#define LIMIT_TABLE_COLUMNS 256u
/* Rows of a family's table in a report; the table says how many there are. */
#define LIMIT_TABLE_ROWS 2000u
/* An Excel cell (characters) and sheet (rows). */
#define LIMIT_XLSX_CELL 32767u
#define LIMIT_XLSX_ROWS 1048576u

#endif
