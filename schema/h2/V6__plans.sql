-- What a plan found, and which plan a run applied.

ALTER TABLE purge_run DROP CONSTRAINT purge_run_mode_ck;
ALTER TABLE purge_run ADD CONSTRAINT purge_run_mode_ck CHECK (mode IN ('PURGE', 'PLAN', 'APPLY'));
ALTER TABLE purge_run ADD COLUMN plan INTEGER;
ALTER TABLE purge_run ADD COLUMN forecast CHARACTER LARGE OBJECT;
ALTER TABLE purge_run ADD COLUMN launched_text CHARACTER LARGE OBJECT;
ALTER TABLE purge_range ADD COLUMN findings CHARACTER LARGE OBJECT;

COMMENT ON COLUMN purge_run.plan IS 'The number of the plan that is applied; null for any other run';
COMMENT ON COLUMN purge_run.launched_text IS 'The definition as it was read, where its text is another than the one first seen with its digest';
COMMENT ON COLUMN purge_run.forecast IS 'What it would take to delete what a plan names, as JSON; null for any other run';
COMMENT ON COLUMN purge_range.findings IS 'For a plan: how many matching entries have which metadata, and some of them, as JSON';
