-- The tables of version 1, as that version made them: never edited.
PRAGMA application_id=1094994025;
CREATE TABLE run(id INTEGER PRIMARY KEY,evaluated_at INTEGER NOT NULL,added_at INTEGER NOT NULL,sha256 TEXT NOT NULL UNIQUE,chain TEXT NOT NULL,size INTEGER NOT NULL,results BLOB NOT NULL);
CREATE TRIGGER run_not_changed BEFORE UPDATE ON run BEGIN SELECT RAISE(ABORT,'the past is not changed'); END;
CREATE TRIGGER run_not_removed BEFORE DELETE ON run BEGIN SELECT RAISE(ABORT,'the past is not removed'); END;
CREATE TRIGGER run_not_replaced BEFORE INSERT ON run WHEN EXISTS(SELECT 1 FROM run WHERE id=NEW.id) BEGIN SELECT RAISE(ABORT,'the past is not replaced'); END;
PRAGMA user_version=1;
