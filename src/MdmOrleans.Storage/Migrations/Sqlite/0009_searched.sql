-- What few ask for and a list is filtered by: { "model", "owner", "failing": [ ids of rules ] }, as text. Written when it changes.
-- Rows from before are filled in behind the migrations.
ALTER TABLE devices ADD COLUMN searched TEXT;
