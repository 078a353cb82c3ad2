-- Where a run saves what it deletes, and which run another one puts back.

ALTER TABLE purge_run ALTER COLUMN mode SET DATA TYPE VARCHAR(7);
ALTER TABLE purge_run DROP CONSTRAINT purge_run_mode_ck;
ALTER TABLE purge_run ADD CONSTRAINT purge_run_mode_ck CHECK (mode IN ('PURGE', 'PLAN', 'APPLY', 'RESTORE'));
ALTER TABLE purge_run ADD COLUMN backup CHARACTER LARGE OBJECT;
ALTER TABLE purge_run ADD COLUMN restores INTEGER;
ALTER TABLE purge_run ADD COLUMN restores_where CHARACTER LARGE OBJECT;
ALTER TABLE purge_run ADD COLUMN overwrites BOOLEAN;

COMMENT ON COLUMN purge_run.backup IS 'The directory in which entries are saved before they are deleted, ''home'' for beside the ledger; null if none are';
COMMENT ON COLUMN purge_run.restores IS 'The number of the run whose deletes are put back; null for any other run';
COMMENT ON COLUMN purge_run.restores_where IS 'Which of them, as a rule; null for all';
COMMENT ON COLUMN purge_run.overwrites IS 'Whether keys that are there again are overwritten';
COMMENT ON COLUMN purge_call.outcomes IS 'What became of each key, in order: D deleted, I found gone, V gone before, S spared, R refused, L left to be judged again, P planned; of a call that puts back: W restored, F found restored, E there again, X expired, R refused, L left';
