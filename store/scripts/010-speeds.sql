-- How quickly a detector judged texts of a dataset, as often as it was timed; the newest is shown.
CREATE TABLE speeds (
    detector_id VARCHAR NOT NULL, job_id VARCHAR NOT NULL, dataset VARCHAR NOT NULL,
    device VARCHAR NOT NULL, batch_size INTEGER NOT NULL,
    rows BIGINT NOT NULL, rows_per_second DOUBLE NOT NULL,
    latency_rows BIGINT NOT NULL, latency_ms DOUBLE NOT NULL, latency_p95_ms DOUBLE NOT NULL,
    measured_at TIMESTAMP NOT NULL, PRIMARY KEY (detector_id, dataset, job_id));
