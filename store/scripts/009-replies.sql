-- What a language model replied when it was asked for a label, and why a row has none.
ALTER TABLE evaluation_rows ADD COLUMN reply VARCHAR;
ALTER TABLE evaluation_rows ADD COLUMN error VARCHAR;
