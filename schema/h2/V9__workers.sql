-- Ranges that are worked on by other processes: what these must know, who holds which range, and their pace.

CREATE TABLE purge_handout (
  name VARCHAR(64) NOT NULL,
  number INTEGER NOT NULL,
  fence BIGINT NOT NULL,
  terms CHARACTER LARGE OBJECT NOT NULL,
  stopping CHARACTER LARGE OBJECT,
  paused_until TIMESTAMP(6) WITH TIME ZONE,
  CONSTRAINT purge_handout_pk PRIMARY KEY (name, number, fence),
  CONSTRAINT purge_handout_run_fk FOREIGN KEY (name, number) REFERENCES purge_run (name, number)
);

COMMENT ON TABLE purge_handout IS 'What workers must know of an attempt whose ranges are handed out';
COMMENT ON COLUMN purge_handout.stopping IS 'Why the workers shall end at their next chunk; null while they shall not';
COMMENT ON COLUMN purge_handout.paused_until IS 'The store asked to be left alone until then';

CREATE TABLE purge_claim (
  name VARCHAR(64) NOT NULL,
  number INTEGER NOT NULL,
  range_no INTEGER NOT NULL,
  claim BIGINT NOT NULL,
  worker VARCHAR(100) NOT NULL,
  claimed_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  alive_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  released_at TIMESTAMP(6) WITH TIME ZONE,
  dealt_with BIGINT NOT NULL,
  CONSTRAINT purge_claim_pk PRIMARY KEY (name, number, range_no),
  CONSTRAINT purge_claim_run_fk FOREIGN KEY (name, number) REFERENCES purge_run (name, number)
);

COMMENT ON TABLE purge_claim IS 'The worker that holds a range, or held it last';
COMMENT ON COLUMN purge_claim.claim IS 'Raised each time the range is taken: whoever has an older number can write nothing to it';
COMMENT ON COLUMN purge_claim.alive_at IS 'When the worker last proved that the range is its own';
COMMENT ON COLUMN purge_claim.dealt_with IS 'How many entries the range had listed or deleted when it was taken';

CREATE TABLE purge_worker (
  worker VARCHAR(100) NOT NULL,
  version VARCHAR(64) NOT NULL,
  slots INTEGER NOT NULL,
  started_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  alive_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  remark CHARACTER LARGE OBJECT,
  CONSTRAINT purge_worker_pk PRIMARY KEY (worker)
);

COMMENT ON TABLE purge_worker IS 'The workers that are there';
COMMENT ON COLUMN purge_worker.remark IS 'Which runs it takes no ranges of, and why';

CREATE TABLE purge_bucket (
  id BIGINT NOT NULL,
  state BINARY LARGE OBJECT,
  expires_at BIGINT,
  CONSTRAINT purge_bucket_pk PRIMARY KEY (id)
);

COMMENT ON TABLE purge_bucket IS 'Bucket4j''s: how many requests the workers of a run may send';

CREATE TABLE purge_queue (
  name VARCHAR(64) NOT NULL,
  CONSTRAINT purge_queue_pk PRIMARY KEY (name)
);

INSERT INTO purge_queue (name) VALUES ('kvpurge.' || cast(random_uuid() as varchar));

COMMENT ON TABLE purge_queue IS 'One row: the queue of the broker through which ranges of this ledger are handed out';

COMMENT ON COLUMN purge_range.findings IS 'How many entries have which metadata, as JSON: those that match, with some of them, for a plan or a run that finds first; otherwise those that were deleted';
