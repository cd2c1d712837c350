-- Rows of production have no label to judge a detector by.
ALTER TABLE evaluation_rows RENAME TO evaluation_rows_before;
CREATE TABLE evaluation_rows (
    evaluation_id VARCHAR NOT NULL, sample_id VARCHAR NOT NULL, label VARCHAR,
    predicted_label VARCHAR, probabilities FLOAT[],
    PRIMARY KEY (evaluation_id, sample_id));
INSERT INTO evaluation_rows BY NAME SELECT * FROM evaluation_rows_before;
DROP TABLE evaluation_rows_before;

-- Where a detector's positive probability is cut, chosen again and again; the newest counts. Null
-- is the most probable label again.
CREATE SEQUENCE threshold_order;
CREATE TABLE thresholds (
    threshold_id BIGINT PRIMARY KEY DEFAULT nextval('threshold_order'),
    detector_id VARCHAR NOT NULL, threshold DOUBLE, rule VARCHAR NOT NULL, dataset VARCHAR,
    chosen_at TIMESTAMP NOT NULL);
