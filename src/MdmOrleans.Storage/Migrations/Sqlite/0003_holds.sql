-- How many commands of the device wait for a person; the index has a row only for those devices.
ALTER TABLE devices ADD COLUMN holds INTEGER NOT NULL DEFAULT 0;
CREATE INDEX devices_held ON devices (tenant, device) WHERE holds > 0;
