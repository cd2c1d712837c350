-- One row an answer: scores of three comparisons and of the same with shuffled partners.
ALTER TABLE drift RENAME TO drift_before;
CREATE TABLE drift (
    answer_id VARCHAR NOT NULL, sample_id VARCHAR NOT NULL, floor_answer_id VARCHAR,
    job_id VARCHAR NOT NULL, config_hash VARCHAR NOT NULL, config VARCHAR NOT NULL,
    answer_seed STRUCT("precision" FLOAT, recall FLOAT, f1 FLOAT),
    query_seed STRUCT("precision" FLOAT, recall FLOAT, f1 FLOAT),
    answer_query STRUCT("precision" FLOAT, recall FLOAT, f1 FLOAT),
    answer_seed_floor STRUCT("precision" FLOAT, recall FLOAT, f1 FLOAT),
    query_seed_floor STRUCT("precision" FLOAT, recall FLOAT, f1 FLOAT),
    answer_query_floor STRUCT("precision" FLOAT, recall FLOAT, f1 FLOAT),
    answer_cut BOOLEAN NOT NULL, query_cut BOOLEAN NOT NULL, seed_cut BOOLEAN NOT NULL,
    unmatched_answer INTEGER[] NOT NULL, unmatched_seed INTEGER[] NOT NULL,
    PRIMARY KEY (answer_id, config_hash));
INSERT INTO drift BY NAME
SELECT p.answer_id, p.reference_id AS sample_id, p.job_id, p.config_hash, p.config,
       {'precision': p.precision, 'recall': p.recall, 'f1': p.f1} AS answer_seed,
       CASE WHEN f.answer_id IS NOT NULL
            THEN {'precision': f.precision, 'recall': f.recall, 'f1': f.f1}
       END AS answer_seed_floor,
       p.cut AS answer_cut, false AS query_cut, false AS seed_cut,
       [] AS unmatched_answer, [] AS unmatched_seed
FROM drift_before p
LEFT JOIN drift_before f ON f.answer_id = p.answer_id AND f.config_hash = p.config_hash
    AND f.kind = 'floor'
WHERE p.kind = 'pair';
DROP TABLE drift_before;

-- The label of a sample as given, else as the newest detector that saw it predicted.
CREATE OR REPLACE VIEW sample_labels AS
SELECT s.sample_id, s.dataset, coalesce(s.label, p.label) AS label,
       CASE WHEN s.label IS NOT NULL THEN 'given'
            WHEN p.label IS NOT NULL THEN 'predicted' END AS origin
FROM samples s
LEFT JOIN (SELECT item_id, arg_max(p.label, d.created_at) AS label
           FROM predictions p JOIN detectors d USING (detector_id)
           WHERE item_kind = 'sample' AND d.recipe = 'initial' GROUP BY item_id) p
       ON p.item_id = s.sample_id;
