-- A sample may be a pair: a text with its context. What an LLM invented from a problem's definition
-- hangs on a draw, a sample of a dataset of the role "invented": a scenario is a row of queries, its
-- text the context, and each of its prompts an answer with the label that it was written for.
ALTER TABLE samples ADD COLUMN context VARCHAR;
CREATE TABLE sample_dimensions (
    sample_id VARCHAR NOT NULL, dimension VARCHAR NOT NULL, "value" VARCHAR NOT NULL);
CREATE TABLE constructed_labels (answer_id VARCHAR PRIMARY KEY, label VARCHAR NOT NULL);

ALTER TABLE dataset_roles RENAME TO dataset_roles_before;
CREATE TABLE dataset_roles (
    dataset VARCHAR NOT NULL,
    role VARCHAR NOT NULL
        CHECK (role IN ('seed', 'train', 'benchmark', 'production', 'invented')),
    PRIMARY KEY (dataset, role));
INSERT INTO dataset_roles SELECT * FROM dataset_roles_before;
DROP TABLE dataset_roles_before;

-- Seed, question and answer side by side: one row an answer that can be used. Of what was invented,
-- the question is the context that the answer, a prompt, came with.
CREATE OR REPLACE VIEW pairs AS
SELECT a.answer_id, a.text AS answer, a.model AS answer_model, a.flags AS answer_flags,
       q.query_id, q.text AS query, q.raw AS raw_query, q.model AS query_model,
       q.flags AS query_flags, q.template,
       s.sample_id, s.dataset, s.text AS seed_text,
       l.label AS seed_label, l.origin AS seed_label_origin,
       CASE WHEN s.dataset IN (SELECT dataset FROM dataset_roles WHERE role = 'invented')
            THEN q.text END AS context
FROM answers a
JOIN queries q USING (query_id)
JOIN samples s USING (sample_id)
JOIN sample_labels l USING (sample_id)
WHERE a.error IS NULL;

-- An answer's label: its override, else its active leaf cluster's, else an older clustering's, else
-- that it was written for. What is skipped or put off has none, whatever it was written for.
CREATE OR REPLACE VIEW labels_by_cluster AS
WITH spread AS (
    SELECT m.answer_id, CASE WHEN m.rank < d.reach OR d.reach IS NULL THEN d.label END AS label,
           d.decision_id,
           CASE WHEN NOT g.active THEN 'carried'
                WHEN m.rank = 0 THEN 'centroid' ELSE 'propagated' END AS origin,
           CASE WHEN g.active THEN 1 ELSE 2 END AS precedence
    FROM members m
    JOIN leaf_clusters c USING (cluster_id)
    JOIN clusterings g USING (clustering_id)
    JOIN cluster_decisions d USING (cluster_id)
    UNION ALL
    SELECT answer_id, label, decision_id, 'override', 0 FROM overrides
    UNION ALL
    SELECT answer_id, label, NULL, 'constructed', 3 FROM constructed_labels),
chosen AS (
    SELECT * FROM spread
    QUALIFY row_number() OVER (PARTITION BY answer_id ORDER BY precedence, decision_id DESC) = 1)
SELECT answer_id, label, origin, decision_id, NULL::FLOAT AS probability
FROM chosen WHERE label IS NOT NULL;

-- What people said of an answer, else what the model gives it, with that label's probability, else
-- what it was written for.
CREATE OR REPLACE VIEW labels_learned AS
SELECT answer_id, label, origin, decision_id, NULL::FLOAT AS probability
FROM own_labels WHERE label IS NOT NULL
UNION ALL
SELECT answer_id, label, 'learned', NULL, probability FROM learned
UNION ALL
SELECT answer_id, label, 'constructed', NULL, NULL FROM constructed_labels
WHERE answer_id NOT IN (SELECT answer_id FROM own_labels)
  AND answer_id NOT IN (SELECT answer_id FROM learned);
