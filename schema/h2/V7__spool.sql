-- Runs that find everything first, are judged, and then delete what they found.

ALTER TABLE purge_run ADD COLUMN stage VARCHAR(8);
ALTER TABLE purge_run ADD CONSTRAINT purge_run_stage_ck CHECK (stage IN ('FINDING', 'DELETING'));

COMMENT ON COLUMN purge_run.stage IS 'How far such a run has come; null for a run that deletes while it finds';
