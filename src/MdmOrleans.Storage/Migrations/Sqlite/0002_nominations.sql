-- Devices that the ladder nominated for retirement: few, and listed by tenant and name.
ALTER TABLE devices ADD COLUMN nominated_at INTEGER;

CREATE INDEX devices_nominated ON devices (tenant, device) WHERE nominated_at IS NOT NULL;
