-- Two more ways in which an attempt ends.

ALTER TABLE purge_run DROP CONSTRAINT purge_run_state_ck;
ALTER TABLE purge_run ADD CONSTRAINT purge_run_state_ck
  CHECK (state IN ('RUNNING', 'STOPPED', 'PAUSED', 'BLOCKED', 'FAILED', 'COMPLETED', 'SUPERSEDED'));
ALTER TABLE purge_attempt DROP CONSTRAINT purge_attempt_state_ck;
ALTER TABLE purge_attempt ADD CONSTRAINT purge_attempt_state_ck
  CHECK (state IN ('RUNNING', 'STOPPED', 'PAUSED', 'BLOCKED', 'FAILED', 'COMPLETED', 'SUPERSEDED'));
