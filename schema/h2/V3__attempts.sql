-- Each launch of a run, what replaced what, what was pruned, and holds where several hosts share the database.

CREATE TABLE purge_attempt (
  name VARCHAR(64) NOT NULL,
  number INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  launched_by CHARACTER LARGE OBJECT NOT NULL,
  host CHARACTER LARGE OBJECT NOT NULL,
  pid BIGINT NOT NULL,
  version VARCHAR(64) NOT NULL,
  started_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  alive_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  ended_at TIMESTAMP(6) WITH TIME ZONE,
  state VARCHAR(10) NOT NULL,
  reason CHARACTER LARGE OBJECT,
  progress BIGINT NOT NULL,
  CONSTRAINT purge_attempt_pk PRIMARY KEY (name, number, attempt),
  CONSTRAINT purge_attempt_run_fk FOREIGN KEY (name, number) REFERENCES purge_run (name, number),
  CONSTRAINT purge_attempt_state_ck CHECK (state IN ('RUNNING', 'STOPPED', 'FAILED', 'COMPLETED', 'SUPERSEDED'))
);

COMMENT ON TABLE purge_attempt IS 'One launch of a run: who, where, how it ended';
COMMENT ON COLUMN purge_attempt.alive_at IS 'When the process last proved that it owns the run';
COMMENT ON COLUMN purge_attempt.progress IS 'How far the run had come when the attempt began; a greater number is further';

ALTER TABLE purge_run ADD COLUMN replaces INTEGER;
ALTER TABLE purge_run ADD COLUMN pruned_at TIMESTAMP(6) WITH TIME ZONE;

COMMENT ON COLUMN purge_run.replaces IS 'The run that was given up, after attempts that came no further, for this one';
COMMENT ON COLUMN purge_run.pruned_at IS 'When its calls were removed, long after it was sealed';

CREATE TABLE purge_hold (
  name VARCHAR(64) NOT NULL,
  hold_text CHARACTER LARGE OBJECT NOT NULL,
  CONSTRAINT purge_hold_pk PRIMARY KEY (name)
);

COMMENT ON TABLE purge_hold IS 'Definitions that are held; the name * stands for all of them';
