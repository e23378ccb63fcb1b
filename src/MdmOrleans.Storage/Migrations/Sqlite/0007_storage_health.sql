-- Readiness tries a write, and this is where it writes to.
CREATE TABLE storage_health (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    written_at TEXT    NOT NULL DEFAULT CURRENT_TIMESTAMP
);
INSERT INTO storage_health (one) VALUES (1);
