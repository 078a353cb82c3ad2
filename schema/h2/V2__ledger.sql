-- The ledger: what was deleted, when, by which rule, and what became of it.

CREATE TABLE purge_definition (
  digest VARCHAR(64) NOT NULL,
  name VARCHAR(64) NOT NULL,
  definition_text CHARACTER LARGE OBJECT NOT NULL,
  first_seen_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  CONSTRAINT purge_definition_pk PRIMARY KEY (digest)
);

CREATE TABLE purge_run (
  name VARCHAR(64) NOT NULL,
  number INTEGER NOT NULL,
  mode VARCHAR(5) NOT NULL,
  digest VARCHAR(64) NOT NULL,
  parameters CHARACTER LARGE OBJECT NOT NULL,
  store CHARACTER LARGE OBJECT NOT NULL,
  as_of TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  guarantee VARCHAR(20) NOT NULL,
  tells_vanished BOOLEAN NOT NULL,
  launched_by CHARACTER LARGE OBJECT NOT NULL,
  host CHARACTER LARGE OBJECT NOT NULL,
  pid BIGINT NOT NULL,
  version VARCHAR(64) NOT NULL,
  attempts INTEGER NOT NULL,
  fence BIGINT NOT NULL,
  state VARCHAR(10) NOT NULL,
  reason CHARACTER LARGE OBJECT,
  started_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  ended_at TIMESTAMP(6) WITH TIME ZONE,
  previous_seal VARCHAR(64),
  seal VARCHAR(64),
  CONSTRAINT purge_run_pk PRIMARY KEY (name, number),
  CONSTRAINT purge_run_digest_fk FOREIGN KEY (digest) REFERENCES purge_definition (digest),
  CONSTRAINT purge_run_mode_ck CHECK (mode IN ('PURGE', 'PLAN')),
  CONSTRAINT purge_run_state_ck CHECK (state IN ('RUNNING', 'STOPPED', 'FAILED', 'COMPLETED', 'SUPERSEDED')),
  CONSTRAINT purge_run_seal_ck CHECK ((seal IS NOT NULL) = (state IN ('COMPLETED', 'SUPERSEDED')))
);

COMMENT ON TABLE purge_run IS 'One purge or plan of a definition, over all its attempts';
COMMENT ON COLUMN purge_run.fence IS 'Raised by each take-over: whoever holds an older number can write nothing';
COMMENT ON COLUMN purge_run.as_of IS 'The instant at which the rule is judged, fixed at the first launch';
COMMENT ON COLUMN purge_run.seal IS 'SHA-256 over the run, its ranges, their calls and the seal of the run sealed before it';

CREATE TABLE purge_range (
  name VARCHAR(64) NOT NULL,
  number INTEGER NOT NULL,
  range_no INTEGER NOT NULL,
  bounds CHARACTER LARGE OBJECT NOT NULL,
  position CHARACTER LARGE OBJECT NOT NULL,
  listed BIGINT NOT NULL,
  unmatched BIGINT NOT NULL,
  held BIGINT NOT NULL,
  undecided BIGINT NOT NULL,
  matched BIGINT NOT NULL,
  deleted BIGINT NOT NULL,
  vanished BIGINT NOT NULL,
  spared BIGINT NOT NULL,
  refused BIGINT NOT NULL,
  list_calls BIGINT NOT NULL,
  delete_calls BIGINT NOT NULL,
  other_calls BIGINT NOT NULL,
  retried_calls BIGINT NOT NULL,
  reasons CHARACTER LARGE OBJECT NOT NULL,
  done BOOLEAN NOT NULL,
  sealed_hash VARCHAR(64),
  CONSTRAINT purge_range_pk PRIMARY KEY (name, number, range_no),
  CONSTRAINT purge_range_run_fk FOREIGN KEY (name, number) REFERENCES purge_run (name, number),
  CONSTRAINT purge_range_counts_ck CHECK (listed >= 0 AND unmatched >= 0 AND held >= 0 AND undecided >= 0 AND matched >= 0
    AND deleted >= 0 AND vanished >= 0 AND spared >= 0 AND refused >= 0)
);

COMMENT ON TABLE purge_range IS 'A part of the keys of a run, and how far it has come';
COMMENT ON COLUMN purge_range.position IS 'Where the listing carries on; the counts speak of the entries up to here';
COMMENT ON COLUMN purge_range.sealed_hash IS 'What the seal of the run says of this range and its calls; null until the run is sealed';
COMMENT ON COLUMN purge_range.reasons IS 'Why rules could not be decided, with the number of entries';

CREATE TABLE purge_call (
  name VARCHAR(64) NOT NULL,
  number INTEGER NOT NULL,
  range_no INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  state VARCHAR(9) NOT NULL,
  key_count INTEGER NOT NULL,
  keys_packed BINARY LARGE OBJECT NOT NULL,
  outcomes CHARACTER LARGE OBJECT,
  reasons CHARACTER LARGE OBJECT,
  deleted INTEGER NOT NULL,
  inferred INTEGER NOT NULL,
  vanished INTEGER NOT NULL,
  spared INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  left_over INTEGER NOT NULL,
  announced_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  settled_at TIMESTAMP(6) WITH TIME ZONE,
  announced_hash VARCHAR(64) NOT NULL,
  settled_hash VARCHAR(64),
  CONSTRAINT purge_call_pk PRIMARY KEY (name, number, range_no, sequence),
  CONSTRAINT purge_call_range_fk FOREIGN KEY (name, number, range_no) REFERENCES purge_range (name, number, range_no),
  CONSTRAINT purge_call_state_ck CHECK (state IN ('ANNOUNCED', 'SETTLED')),
  CONSTRAINT purge_call_settled_ck CHECK ((state = 'SETTLED') = (settled_hash IS NOT NULL))
);

CREATE INDEX purge_call_state_ix ON purge_call (name, number, range_no, state);

COMMENT ON TABLE purge_call IS 'One bulk delete: written before it is sent (ANNOUNCED), completed when its outcome is known (SETTLED)';
COMMENT ON COLUMN purge_call.keys_packed IS 'The keys in the order in which they were listed: front-coded, then deflated';
COMMENT ON COLUMN purge_call.outcomes IS 'What became of each key, in order: D deleted, I found gone, V gone before, S spared, R refused, L left to be judged again';
