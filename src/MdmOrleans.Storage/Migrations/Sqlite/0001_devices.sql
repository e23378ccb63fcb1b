-- One row per device. Only the store of devices writes here, on behalf of the device's grain. Instants are UTC, in ticks of
-- 100 ns since year 1; the typed columns are for searching, the twin is read from state and the blocks.
CREATE TABLE devices (
    tenant         TEXT    NOT NULL,
    device         TEXT    NOT NULL,
    shard          INTEGER NOT NULL, -- stable hash of the identity, 0 to 255, as on PostgreSQL
    version        INTEGER NOT NULL CHECK (version > 0),
    epoch          INTEGER NOT NULL,
    lifecycle      TEXT    NOT NULL,
    compliance     TEXT    NOT NULL,
    access         TEXT    NOT NULL,
    platform       TEXT,
    os_version     TEXT,
    serial         TEXT,
    policy         TEXT,
    policy_version INTEGER,
    created_at     INTEGER NOT NULL,
    next_due_at    INTEGER,
    checked_in_at  INTEGER,
    seen_at        INTEGER, -- as of the last write of this row; device_seen may know better
    state          BLOB    NOT NULL, -- see TwinCodec
    labels         TEXT    NOT NULL, -- JSON
    attributes     BLOB,             -- UTF-8 JSON, as the device sent it
    PRIMARY KEY (tenant, device)
);

CREATE INDEX devices_due ON devices (shard, next_due_at) WHERE next_due_at IS NOT NULL;
CREATE INDEX devices_not_active ON devices (tenant, lifecycle, device) WHERE lifecycle <> 'Active';
CREATE INDEX devices_not_compliant ON devices (tenant, compliance, device) WHERE compliance <> 'compliant';
CREATE INDEX devices_not_allowed ON devices (tenant, access, device) WHERE access <> 'allow';
CREATE INDEX devices_serial ON devices (tenant, serial) WHERE serial IS NOT NULL;

-- Beside the row, because SQLite writes a whole record anew with every update of it.
CREATE TABLE device_apps (
    tenant TEXT NOT NULL,
    device TEXT NOT NULL,
    apps   BLOB NOT NULL, -- UTF-8 JSON, as the device sent it
    PRIMARY KEY (tenant, device)
);

-- When a device was last heard of, for check-ins that change nothing else. Written behind, coalesced, without a version check.
CREATE TABLE device_seen (
    tenant       TEXT    NOT NULL,
    device       TEXT    NOT NULL,
    seen_at      INTEGER NOT NULL,
    check_in_at  INTEGER,
    device_clock INTEGER,
    seq          INTEGER,
    boot         TEXT,
    PRIMARY KEY (tenant, device)
) WITHOUT ROWID;

-- The history. Rows are never updated. There is one writer, so the position is the order of the commits.
CREATE TABLE device_events (
    position    INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant      TEXT    NOT NULL,
    device      TEXT    NOT NULL,
    number      INTEGER NOT NULL CHECK (number > 0),
    recorded_at INTEGER NOT NULL,
    body        BLOB    NOT NULL, -- UTF-8 JSON
    UNIQUE (tenant, device, number)
);
CREATE INDEX device_events_of_tenant ON device_events (tenant, position);
