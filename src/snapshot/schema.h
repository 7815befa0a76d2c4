/* The tables of a snapshot (docs/snapshot.md). The reader accepts these texts and nothing else, so
 * that no view, trigger or generated column of a crafted file is ever evaluated. */
#ifndef SNAPSHOT_SCHEMA_H
#define SNAPSHOT_SCHEMA_H

#define SNAPSHOT_APPLICATION_ID 0x41444859 /* "ADHY" */
#define SNAPSHOT_VERSION 1

/* Rows of meta that the writer keeps for itself. */
#define META_COMPLETE "complete"	     /* "1": the last row written */
#define META_OBJECTS "objects"		     /* number of rows of object */
#define META_SYSVOL_FILES "sysvol_files"     /* number of rows of sysvol_file; absent: none */
#define META_SYSVOL_ENTRIES "sysvol_entries" /* number of rows of sysvol_entry; absent: none */

/* name, definition; in order of creation. Every id counts from 0 without holes. */
static const char *const snapshot_tables[][2] = {
	{ "meta",
		"CREATE TABLE meta(id INTEGER PRIMARY KEY,key TEXT NOT NULL,value TEXT NOT NULL)" },
	{ "attribute", "CREATE TABLE attribute(id INTEGER PRIMARY KEY,name TEXT NOT NULL)" },
	{ "descriptor", "CREATE TABLE descriptor(id INTEGER PRIMARY KEY,bytes BLOB NOT NULL)" },
	{ "object", "CREATE TABLE object(id INTEGER PRIMARY KEY,domain TEXT NOT NULL,"
		    "dn TEXT NOT NULL,guid BLOB,descriptor INTEGER,packed BLOB NOT NULL)" },
	{ "coverage", "CREATE TABLE coverage(id INTEGER PRIMARY KEY,need TEXT NOT NULL,"
		      "state TEXT NOT NULL,detail TEXT NOT NULL)" },
	{ "log", "CREATE TABLE log(id INTEGER PRIMARY KEY,text TEXT NOT NULL)" },
	{ "sysvol_file", "CREATE TABLE sysvol_file(id INTEGER PRIMARY KEY,path TEXT NOT NULL,"
			 "bytes BLOB NOT NULL)" },
	/* Files made by 0.1.0 and before do not have it. */
	{ "sysvol_entry", "CREATE TABLE sysvol_entry(id INTEGER PRIMARY KEY,path TEXT NOT NULL,"
			  "folder INTEGER NOT NULL,modified INTEGER,descriptor BLOB,"
			  "control_known INTEGER NOT NULL)" },
};
#define SNAPSHOT_TABLES_REQUIRED 7

#endif
