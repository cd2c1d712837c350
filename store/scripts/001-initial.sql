CREATE TABLE imports (
    import_id VARCHAR PRIMARY KEY, dataset VARCHAR NOT NULL, file_name VARCHAR NOT NULL,
    digest VARCHAR NOT NULL, options VARCHAR NOT NULL,
    rows_read BIGINT NOT NULL, rows_taken BIGINT NOT NULL, rows_rejected BIGINT NOT NULL,
    duplicates BIGINT NOT NULL, rejects_file VARCHAR, imported_at TIMESTAMP NOT NULL,
    UNIQUE (dataset, digest));
CREATE TABLE dataset_roles (
    dataset VARCHAR NOT NULL,
    role VARCHAR NOT NULL CHECK (role IN ('seed', 'train', 'benchmark', 'production')),
    PRIMARY KEY (dataset, role));
CREATE TABLE samples (
    sample_id VARCHAR PRIMARY KEY, dataset VARCHAR NOT NULL, text VARCHAR NOT NULL,
    text_hash VARCHAR NOT NULL, label VARCHAR, external_id VARCHAR, group_key VARCHAR,
    source VARCHAR NOT NULL, line BIGINT NOT NULL);

CREATE TABLE queries (
    query_id VARCHAR PRIMARY KEY, sample_id VARCHAR NOT NULL, job_id VARCHAR NOT NULL,
    attempt INTEGER NOT NULL, model VARCHAR NOT NULL, template VARCHAR NOT NULL,
    template_digest VARCHAR NOT NULL, prompt_digest VARCHAR NOT NULL, sampling VARCHAR NOT NULL,
    raw VARCHAR, text VARCHAR, trim_rule VARCHAR NOT NULL, flags VARCHAR[] NOT NULL,
    new_tokens INTEGER NOT NULL, error VARCHAR);
CREATE TABLE answers (
    answer_id VARCHAR PRIMARY KEY, query_id VARCHAR NOT NULL, job_id VARCHAR NOT NULL,
    attempt INTEGER NOT NULL, model VARCHAR NOT NULL, template VARCHAR NOT NULL,
    template_digest VARCHAR NOT NULL, prompt_digest VARCHAR NOT NULL, sampling VARCHAR NOT NULL,
    text VARCHAR, flags VARCHAR[] NOT NULL, new_tokens INTEGER NOT NULL, error VARCHAR);
CREATE TABLE detectors (
    detector_id VARCHAR PRIMARY KEY, name VARCHAR NOT NULL, recipe VARCHAR NOT NULL,
    job_id VARCHAR NOT NULL, base VARCHAR NOT NULL, labels VARCHAR[] NOT NULL,
    pooling VARCHAR NOT NULL, width INTEGER NOT NULL, seed BIGINT NOT NULL,
    training_digest VARCHAR NOT NULL, training_rows BIGINT NOT NULL,
    params VARCHAR NOT NULL, versions VARCHAR NOT NULL, losses FLOAT[] NOT NULL,
    created_at TIMESTAMP NOT NULL);
CREATE TABLE predictions (
    detector_id VARCHAR NOT NULL,
    item_kind VARCHAR NOT NULL CHECK (item_kind IN ('answer', 'sample')),
    item_id VARCHAR NOT NULL, job_id VARCHAR NOT NULL, label VARCHAR,
    probabilities FLOAT[], embedding FLOAT[], error VARCHAR,
    PRIMARY KEY (item_id, detector_id));

CREATE SEQUENCE clustering_order;
CREATE TABLE clusterings (
    clustering_id VARCHAR PRIMARY KEY, position BIGINT NOT NULL DEFAULT nextval('clustering_order'),
    job_id VARCHAR NOT NULL, detector_id VARCHAR NOT NULL, scope VARCHAR NOT NULL,
    k INTEGER NOT NULL, seed BIGINT NOT NULL, threads INTEGER NOT NULL,
    active BOOLEAN NOT NULL DEFAULT true, created_at TIMESTAMP NOT NULL);
CREATE TABLE clusters (
    cluster_id VARCHAR PRIMARY KEY, clustering_id VARCHAR NOT NULL, dataset VARCHAR,
    predicted_label VARCHAR NOT NULL, size BIGINT NOT NULL, representative_id VARCHAR NOT NULL,
    parent_id VARCHAR, split_action_id VARCHAR);
CREATE TABLE members (
    cluster_id VARCHAR NOT NULL, answer_id VARCHAR NOT NULL, rank INTEGER NOT NULL,
    distance FLOAT NOT NULL);

CREATE SEQUENCE decision_order;
CREATE TABLE decisions (
    decision_id BIGINT PRIMARY KEY DEFAULT nextval('decision_order'),
    action_id VARCHAR NOT NULL, annotator VARCHAR NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN
        ('label', 'skip', 'unsure', 'flag', 'note', 'split', 'undo', 'redo')),
    cluster_id VARCHAR, answer_id VARCHAR, label VARCHAR, note VARCHAR,
    target_action_id VARCHAR, decided_at TIMESTAMP NOT NULL);

CREATE TABLE drift (
    answer_id VARCHAR NOT NULL, reference_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('pair', 'floor')),
    job_id VARCHAR NOT NULL, config_hash VARCHAR NOT NULL, config VARCHAR NOT NULL,
    precision DOUBLE NOT NULL, recall DOUBLE NOT NULL, f1 DOUBLE NOT NULL, cut BOOLEAN NOT NULL,
    PRIMARY KEY (answer_id, kind, config_hash));
CREATE TABLE evaluations (
    evaluation_id VARCHAR PRIMARY KEY, detector_id VARCHAR NOT NULL, dataset VARCHAR NOT NULL,
    job_id VARCHAR NOT NULL, evaluated_at TIMESTAMP NOT NULL);
CREATE TABLE evaluation_rows (
    evaluation_id VARCHAR NOT NULL, sample_id VARCHAR NOT NULL, label VARCHAR NOT NULL,
    predicted_label VARCHAR, probabilities FLOAT[],
    PRIMARY KEY (evaluation_id, sample_id));
CREATE TABLE ingested_parts (
    job_id VARCHAR NOT NULL, stage VARCHAR NOT NULL, part VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL, rows BIGINT NOT NULL, ingested_at TIMESTAMP NOT NULL,
    PRIMARY KEY (job_id, stage, part));

-- An action counts until it is undone, and again once that undo is redone.
CREATE VIEW effective_decisions AS
SELECT d.* FROM decisions d
LEFT JOIN (SELECT target_action_id, arg_max(kind, decision_id) AS last_kind
           FROM decisions WHERE kind IN ('undo', 'redo') GROUP BY target_action_id) u
       ON u.target_action_id = d.action_id
WHERE d.kind NOT IN ('undo', 'redo') AND coalesce(u.last_kind, 'redo') = 'redo';

-- A split cluster gives way to its parts while the split counts.
CREATE VIEW leaf_clusters AS
SELECT c.* FROM clusters c
WHERE (c.split_action_id IS NULL
       OR c.split_action_id IN (SELECT action_id FROM effective_decisions WHERE kind = 'split'))
  AND c.cluster_id NOT IN (SELECT cluster_id FROM effective_decisions WHERE kind = 'split');

-- The newest of label, skip and unsure is what a cluster is decided as.
CREATE VIEW cluster_decisions AS
SELECT cluster_id, arg_max(kind, decision_id) AS kind,
       CASE WHEN arg_max(kind, decision_id) = 'label' THEN arg_max(label, decision_id) END AS label,
       max(decision_id) AS decision_id
FROM effective_decisions
WHERE cluster_id IS NOT NULL AND kind IN ('label', 'skip', 'unsure')
GROUP BY cluster_id;

-- An answer's label: its override, else its active leaf cluster's, else an older clustering's.
CREATE VIEW answer_labels AS
WITH spread AS (
    SELECT m.answer_id, d.label, d.decision_id,
           CASE WHEN NOT g.active THEN 'carried'
                WHEN m.rank = 0 THEN 'centroid' ELSE 'propagated' END AS origin,
           CASE WHEN g.active THEN 1 ELSE 2 END AS precedence
    FROM members m
    JOIN leaf_clusters c USING (cluster_id)
    JOIN clusterings g USING (clustering_id)
    JOIN cluster_decisions d USING (cluster_id)
    UNION ALL
    SELECT answer_id, label, decision_id, 'override', 0
    FROM effective_decisions WHERE answer_id IS NOT NULL AND kind = 'label'),
chosen AS (
    SELECT * FROM spread
    QUALIFY row_number() OVER (PARTITION BY answer_id ORDER BY precedence, decision_id DESC) = 1)
SELECT answer_id, label, origin, decision_id FROM chosen WHERE label IS NOT NULL;

-- The label of a sample as given, else as the newest detector that saw it predicted.
CREATE VIEW sample_labels AS
SELECT s.sample_id, coalesce(s.label, p.label) AS label,
       CASE WHEN s.label IS NOT NULL THEN 'given'
            WHEN p.label IS NOT NULL THEN 'predicted' END AS origin
FROM samples s
LEFT JOIN (SELECT item_id, arg_max(p.label, d.created_at) AS label
           FROM predictions p JOIN detectors d USING (detector_id)
           WHERE item_kind = 'sample' AND d.recipe = 'initial' GROUP BY item_id) p
       ON p.item_id = s.sample_id;

-- Seed, question and answer side by side: one row an answer that can be used.
CREATE VIEW pairs AS
SELECT a.answer_id, a.text AS answer, a.model AS answer_model, a.flags AS answer_flags,
       q.query_id, q.text AS query, q.raw AS raw_query, q.model AS query_model,
       q.flags AS query_flags, q.template,
       s.sample_id, s.dataset, s.text AS seed_text,
       l.label AS seed_label, l.origin AS seed_label_origin
FROM answers a
JOIN queries q USING (query_id)
JOIN samples s USING (sample_id)
JOIN sample_labels l USING (sample_id)
WHERE a.error IS NULL;
