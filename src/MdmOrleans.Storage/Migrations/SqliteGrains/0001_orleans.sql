-- What Orleans' ADO.NET providers need on SQLite: reminders and grain storage. Only Orleans writes this file.
-- The names of OrleansQuery and its columns, of the parameters and of the columns of the answers are the providers'.
-- Clustering is not here: with SQLite there is one silo.

CREATE TABLE OrleansQuery (
    QueryKey  TEXT PRIMARY KEY,
    QueryText TEXT NOT NULL
) WITHOUT ROWID;

-- Grain storage. Found by the key itself, so the hashes that the provider offers are not kept.
CREATE TABLE orleans_grain_state (
    service_id  TEXT    NOT NULL,
    grain_type  TEXT    NOT NULL,
    id_n0       INTEGER NOT NULL,
    id_n1       INTEGER NOT NULL,
    id_text     TEXT    NOT NULL, -- empty where the provider sends null
    version     INTEGER NOT NULL,
    modified_at TEXT    NOT NULL DEFAULT CURRENT_TIMESTAMP,
    payload     BLOB,             -- null once cleared
    PRIMARY KEY (service_id, grain_type, id_n0, id_n1, id_text)
);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('ReadFromStorageKey', '
    SELECT payload AS PayloadBinary, version AS Version
    FROM orleans_grain_state
    WHERE service_id = @ServiceId AND grain_type = @GrainTypeString
      AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1 AND id_text = coalesce(@GrainIdExtensionString, '''')
'),
-- No row comes back when the version is not the stored one, which the provider reports as an inconsistent state.
('WriteToStorageKey', '
    INSERT INTO orleans_grain_state AS stored (service_id, grain_type, id_n0, id_n1, id_text, version, payload)
    SELECT @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''''), 1, @PayloadBinary
    WHERE @GrainStateVersion IS NULL OR EXISTS (
        SELECT 1 FROM orleans_grain_state
        WHERE service_id = @ServiceId AND grain_type = @GrainTypeString
          AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1 AND id_text = coalesce(@GrainIdExtensionString, ''''))
    ON CONFLICT (service_id, grain_type, id_n0, id_n1, id_text) DO UPDATE
    SET version = stored.version + 1, payload = excluded.payload, modified_at = CURRENT_TIMESTAMP
    WHERE stored.version = @GrainStateVersion
    RETURNING version AS NewGrainStateVersion
'),
('ClearStorageKey', '
    UPDATE orleans_grain_state
    SET version = version + 1, payload = NULL, modified_at = CURRENT_TIMESTAMP
    WHERE service_id = @ServiceId AND grain_type = @GrainTypeString
      AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1 AND id_text = coalesce(@GrainIdExtensionString, '''')
      AND version = @GrainStateVersion
    RETURNING version AS NewGrainStateVersion
'),
('DeleteStorageKey', '
    DELETE FROM orleans_grain_state
    WHERE service_id = @ServiceId AND grain_type = @GrainTypeString
      AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1 AND id_text = coalesce(@GrainIdExtensionString, '''')
      AND version = @GrainStateVersion
    RETURNING version + 1 AS NewGrainStateVersion
');

-- Reminders. They keep the deadline shards alive; no device has one of its own.
CREATE TABLE orleans_reminders (
    service_id TEXT    NOT NULL,
    grain_id   TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    grain_hash INTEGER NOT NULL,
    start_at   TEXT    NOT NULL,
    period_ms  INTEGER NOT NULL,
    version    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (service_id, grain_id, name)
);
CREATE INDEX orleans_reminders_by_hash ON orleans_reminders (service_id, grain_hash);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('UpsertReminderRowKey', '
    INSERT INTO orleans_reminders AS stored (service_id, grain_id, name, grain_hash, start_at, period_ms)
    VALUES (@ServiceId, @GrainId, @ReminderName, @GrainHash, @StartTime, @Period)
    ON CONFLICT (service_id, grain_id, name) DO UPDATE
    SET grain_hash = excluded.grain_hash, start_at = excluded.start_at, period_ms = excluded.period_ms, version = stored.version + 1
    RETURNING version AS Version
'),
('ReadReminderRowKey', '
    SELECT grain_id AS GrainId, name AS ReminderName, start_at AS StartTime, period_ms AS Period, version AS Version
    FROM orleans_reminders
    WHERE service_id = @ServiceId AND grain_id = @GrainId AND name = @ReminderName
'),
('ReadReminderRowsKey', '
    SELECT grain_id AS GrainId, name AS ReminderName, start_at AS StartTime, period_ms AS Period, version AS Version
    FROM orleans_reminders
    WHERE service_id = @ServiceId AND grain_id = @GrainId
'),
('ReadRangeRows1Key', '
    SELECT grain_id AS GrainId, name AS ReminderName, start_at AS StartTime, period_ms AS Period, version AS Version
    FROM orleans_reminders
    WHERE service_id = @ServiceId AND grain_hash > @BeginHash AND grain_hash <= @EndHash
'),
-- The range that passes the end of the ring.
('ReadRangeRows2Key', '
    SELECT grain_id AS GrainId, name AS ReminderName, start_at AS StartTime, period_ms AS Period, version AS Version
    FROM orleans_reminders
    WHERE service_id = @ServiceId AND (grain_hash > @BeginHash OR grain_hash <= @EndHash)
'),
('DeleteReminderRowKey', '
    DELETE FROM orleans_reminders
    WHERE service_id = @ServiceId AND grain_id = @GrainId AND name = @ReminderName AND version = @Version;
    SELECT changes()
'),
('DeleteReminderRowsKey', '
    DELETE FROM orleans_reminders WHERE service_id = @ServiceId
');
