-- A file can be imported again with other options; the newest import of it says how it was read.
ALTER TABLE imports RENAME TO imports_before;
CREATE SEQUENCE import_order;
CREATE TABLE imports (
    import_id BIGINT PRIMARY KEY DEFAULT nextval('import_order'),
    dataset VARCHAR NOT NULL, file_name VARCHAR NOT NULL,
    digest VARCHAR NOT NULL, options VARCHAR NOT NULL,
    rows_read BIGINT NOT NULL, rows_taken BIGINT NOT NULL, rows_rejected BIGINT NOT NULL,
    duplicates BIGINT NOT NULL, rejects_file VARCHAR, imported_at TIMESTAMP NOT NULL);
INSERT INTO imports BY NAME
SELECT * EXCLUDE (import_id) FROM imports_before ORDER BY imported_at, file_name;
DROP TABLE imports_before;
