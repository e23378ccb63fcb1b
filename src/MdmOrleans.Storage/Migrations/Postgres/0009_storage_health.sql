-- Readiness tries a write, and this is where it writes to. Half empty pages, so that an update touches nothing else.
CREATE TABLE storage_health (
    one        boolean     PRIMARY KEY DEFAULT true CHECK (one),
    written_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 10);
INSERT INTO storage_health DEFAULT VALUES;
