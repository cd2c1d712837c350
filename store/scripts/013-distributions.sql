-- How answers as a whole differ from their seeds.
CREATE TABLE distributions (
    result_id VARCHAR PRIMARY KEY, job_id VARCHAR NOT NULL, dataset VARCHAR,
    matched BOOLEAN NOT NULL, pairs BIGINT NOT NULL,
    mmd2 STRUCT("value" DOUBLE, low DOUBLE, high DOUBLE), mmd2_p DOUBLE, clusters BIGINT,
    seeds_distinct_2 STRUCT("value" DOUBLE, low DOUBLE, high DOUBLE),
    seeds_near_duplicates STRUCT("value" DOUBLE, low DOUBLE, high DOUBLE),
    seeds_empty_clusters STRUCT("value" DOUBLE, low DOUBLE, high DOUBLE),
    answers_distinct_2 STRUCT("value" DOUBLE, low DOUBLE, high DOUBLE),
    answers_near_duplicates STRUCT("value" DOUBLE, low DOUBLE, high DOUBLE),
    answers_empty_clusters STRUCT("value" DOUBLE, low DOUBLE, high DOUBLE),
    config VARCHAR NOT NULL, rows_digest VARCHAR NOT NULL);
