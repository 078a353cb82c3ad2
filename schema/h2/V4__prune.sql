-- What stays of the calls that were pruned, so that the seal can be recomputed without them.

ALTER TABLE purge_range ADD COLUMN pruned_calls INTEGER;
ALTER TABLE purge_range ADD COLUMN pruned_announced VARCHAR(64);
ALTER TABLE purge_range ADD COLUMN pruned_settled VARCHAR(64);

COMMENT ON COLUMN purge_range.pruned_calls IS 'How many calls were pruned; null if they are there';
COMMENT ON COLUMN purge_range.pruned_announced IS 'The announced_hash of the last of them, or what stands before the first';
COMMENT ON COLUMN purge_range.pruned_settled IS 'The settled chain over all of them';
