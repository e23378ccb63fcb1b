-- What few ask for and a list is filtered by: { "model", "owner", "failing": [ ids of rules ] }. One column, written when it changes;
-- unchanged, it costs a check-in nothing. Versions are compared and apps are looked through when somebody asks.
ALTER TABLE devices ADD COLUMN searched jsonb;

-- Rows from before, which 'migrate' fills in; empty then.
CREATE INDEX devices_unsearched ON devices (tenant, device) WHERE searched IS NULL;
