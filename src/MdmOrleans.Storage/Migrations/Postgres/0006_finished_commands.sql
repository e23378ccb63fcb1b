-- The finished commands that stay with the twin, in its binary form: they change once for each command, and the twin four times.
-- A row from before has them in its state until it is written next; the history has them all.
ALTER TABLE devices ADD COLUMN finished_commands bytea;
ALTER TABLE devices ALTER COLUMN finished_commands SET STORAGE EXTERNAL;
