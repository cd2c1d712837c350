-- How well seeds and answers can be told from production, one row a figure.
CREATE TABLE two_sample (
    result_id VARCHAR PRIMARY KEY, job_id VARCHAR NOT NULL,
    compared VARCHAR NOT NULL CHECK (compared IN ('seeds', 'answers')),
    features VARCHAR NOT NULL CHECK (features IN ('embedding', 'length')),
    matched BOOLEAN NOT NULL,
    n_compared BIGINT NOT NULL, n_production BIGINT NOT NULL, groups BIGINT NOT NULL,
    auc DOUBLE, low DOUBLE, high DOUBLE, config VARCHAR NOT NULL, rows_digest VARCHAR NOT NULL);
