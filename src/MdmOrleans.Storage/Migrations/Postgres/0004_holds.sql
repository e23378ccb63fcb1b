-- How many commands of the device wait for a person. The index has a row only for those devices: a list of holds looks at nothing
-- else, and an update that leaves the count at 0 touches no index.
ALTER TABLE devices ADD COLUMN holds integer NOT NULL DEFAULT 0;
CREATE INDEX devices_held ON devices (tenant, device) WHERE holds > 0;
