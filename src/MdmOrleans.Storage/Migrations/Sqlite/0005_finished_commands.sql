-- The finished commands that stay with the twin, in its binary form. A table of its own, since an update writes the whole row.
-- A twin from before has them in its state until it is written next; the history has them all.
CREATE TABLE device_finished_commands (
    tenant   TEXT NOT NULL,
    device   TEXT NOT NULL,
    commands BLOB NOT NULL,
    PRIMARY KEY (tenant, device)
);
