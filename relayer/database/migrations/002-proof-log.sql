-- The proof log: entries and evidence only ever grow, and the database itself refuses anything else.

CREATE TABLE log_entries (
  index bigint PRIMARY KEY CHECK (index >= 0),
  leaf bytea NOT NULL CHECK (octet_length(leaf) = 32),
  body bytea NOT NULL CHECK (octet_length(body) <= 65535)
);

-- Roots of complete subtrees: `level` 1 and up; level 0 is log_entries.leaf.
CREATE TABLE log_nodes (
  level smallint NOT NULL CHECK (level BETWEEN 1 AND 62),
  position bigint NOT NULL CHECK (position >= 0),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  PRIMARY KEY (level, position)
);

-- Which entries are about which packet.
CREATE TABLE log_packets (
  source_chain text NOT NULL,
  source_client text NOT NULL,
  sequence numeric(20) NOT NULL,
  index bigint NOT NULL REFERENCES log_entries,
  PRIMARY KEY (source_chain, source_client, sequence, index)
);

-- Evidence by its SHA-256.
CREATE TABLE log_blobs (
  hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
  body bytea NOT NULL CHECK (hash = sha256(body))
);

CREATE TABLE log_head (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  size bigint NOT NULL,
  root bytea NOT NULL CHECK (octet_length(root) = 32),
  -- The log's verifier key, fixed by whoever opened it first; null until then.
  key text,
  -- The newest signed checkpoint and the size it is about.
  note text,
  note_size bigint CHECK (note_size <= size)
);

INSERT INTO log_head (size, root) VALUES (0, sha256(''));

CREATE FUNCTION log_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the proof log only grows: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION log_head_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.size < OLD.size
     OR (NEW.size = OLD.size AND NEW.root <> OLD.root)
     OR (OLD.key IS NOT NULL AND NEW.key IS DISTINCT FROM OLD.key)
     OR (OLD.note_size IS NOT NULL AND (NEW.note_size IS NULL OR NEW.note_size < OLD.note_size)) THEN
    RAISE EXCEPTION 'the proof log only grows: its head cannot go back' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER log_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_entries FOR EACH STATEMENT EXECUTE FUNCTION log_refuse();
CREATE TRIGGER log_nodes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_nodes FOR EACH STATEMENT EXECUTE FUNCTION log_refuse();
CREATE TRIGGER log_packets_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_packets FOR EACH STATEMENT EXECUTE FUNCTION log_refuse();
CREATE TRIGGER log_blobs_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_blobs FOR EACH STATEMENT EXECUTE FUNCTION log_refuse();
CREATE TRIGGER log_head_stays BEFORE DELETE OR TRUNCATE ON log_head FOR EACH STATEMENT EXECUTE FUNCTION log_refuse();
CREATE TRIGGER log_head_grows BEFORE UPDATE ON log_head FOR EACH ROW EXECUTE FUNCTION log_head_grows();
