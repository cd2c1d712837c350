-- What deployed guards logged: one row a verdict on a text. The text is a sample with the same id of
-- a dataset with the role "production"; where the log has none, there is no sample.
CREATE TABLE log_records (
    record_id VARCHAR PRIMARY KEY, dataset VARCHAR NOT NULL,
    missing VARCHAR CHECK (missing IN ('redacted', 'absent')),
    logged_at TIMESTAMP, guard VARCHAR, guard_version VARCHAR,
    verdict VARCHAR CHECK (verdict IN ('flagged', 'passed', 'failed')),
    score DOUBLE, categories VARCHAR[] NOT NULL, prompt VARCHAR, conversation VARCHAR,
    feedback VARCHAR CHECK (feedback IN ('right', 'wrong')),
    source VARCHAR NOT NULL, line BIGINT NOT NULL);

-- How far a log was read that may still grow, whatever it is called by now: known by the digests of
-- its first bytes and of the last before `read_bytes`. One whose records are told apart by their
-- occurrence `is_counted` from its start.
CREATE TABLE log_files (
    dataset VARCHAR NOT NULL, file_name VARCHAR NOT NULL, head_digest VARCHAR NOT NULL,
    tail_digest VARCHAR NOT NULL, read_bytes BIGINT NOT NULL, read_lines BIGINT NOT NULL,
    is_counted BOOLEAN NOT NULL, options VARCHAR NOT NULL);

-- Rows of production that were taken to be labelled. Each is an answer, to a query whose text is
-- the prompt that it came with; `label` is what the guard's verdict says it is, or what a detector
-- of the name `guard` predicted, in which case there is no verdict.
CREATE TABLE observed_answers (
    answer_id VARCHAR PRIMARY KEY, sample_id VARCHAR NOT NULL, label VARCHAR,
    guard VARCHAR, verdict VARCHAR);
CREATE TABLE selections (
    selection_id VARCHAR PRIMARY KEY, dataset VARCHAR NOT NULL,
    purpose VARCHAR NOT NULL CHECK (purpose IN ('patterns', 'recall', 'queue')),
    settings VARCHAR NOT NULL, selected_at TIMESTAMP NOT NULL);
CREATE TABLE selected_answers (
    selection_id VARCHAR NOT NULL, answer_id VARCHAR NOT NULL, place BIGINT NOT NULL,
    stratum INTEGER, PRIMARY KEY (selection_id, answer_id));

-- What clusters are called: by the terms that tell them apart, and by an LLM that was asked.
CREATE TABLE cluster_terms (
    cluster_id VARCHAR PRIMARY KEY, job_id VARCHAR NOT NULL, terms VARCHAR[] NOT NULL);
CREATE TABLE cluster_titles (
    cluster_id VARCHAR PRIMARY KEY, job_id VARCHAR NOT NULL, model VARCHAR NOT NULL,
    template VARCHAR NOT NULL, template_digest VARCHAR NOT NULL, sampling VARCHAR NOT NULL,
    title VARCHAR, error VARCHAR);

-- What an LLM would rather have answered: several candidates for an observed answer, each with what
-- the detector and BERTScore say of it, and why it cannot be used.
CREATE TABLE corrections (
    correction_id VARCHAR PRIMARY KEY, answer_id VARCHAR NOT NULL, job_id VARCHAR NOT NULL,
    candidate INTEGER NOT NULL, attempt INTEGER NOT NULL, model VARCHAR NOT NULL,
    template VARCHAR NOT NULL, template_digest VARCHAR NOT NULL, prompt_digest VARCHAR NOT NULL,
    sampling VARCHAR NOT NULL, text VARCHAR, flags VARCHAR[] NOT NULL, new_tokens INTEGER NOT NULL,
    detector_id VARCHAR, label VARCHAR, probability FLOAT, f1 FLOAT, floor FLOAT, error VARCHAR,
    taken_at TIMESTAMP NOT NULL);

-- Corrections of a cluster can be approved ("approve", "withdraw").
ALTER TABLE decisions RENAME TO decisions_before;
CREATE TABLE decisions (
    decision_id BIGINT PRIMARY KEY DEFAULT nextval('decision_order'),
    action_id VARCHAR NOT NULL, annotator VARCHAR NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('label', 'skip', 'unsure', 'flag', 'unflag', 'note',
        'split', 'exclude', 'include', 'ask-again', 'keep', 'approve', 'withdraw', 'undo', 'redo')),
    cluster_id VARCHAR, answer_id VARCHAR, label VARCHAR, note VARCHAR, reach BIGINT,
    target_action_id VARCHAR, decided_at TIMESTAMP NOT NULL);
INSERT INTO decisions BY NAME SELECT * FROM decisions_before;
DROP TABLE decisions_before;

-- What was approved was seen: corrections that were taken in until the time in the note.
CREATE VIEW approved_clusters AS
SELECT cluster_id, newest.annotator AS annotator, newest.decided_at AS approved_at,
       coalesce(newest.note::TIMESTAMP, newest.decided_at) AS seen_until
FROM (SELECT cluster_id, arg_max({'kind': kind, 'note': note, 'annotator': annotator,
             'decided_at': decided_at}, decision_id) AS newest
      FROM effective_decisions WHERE kind IN ('approve', 'withdraw') GROUP BY cluster_id)
WHERE newest.kind = 'approve';

-- Turns of the loop on a dataset of production: of the traffic logged after `after` (null for all
-- before) and until `until`; what each step made, and `figures` as JSON once it is finished. Keys
-- that were pressed for it are decisions after `decisions_before`.
CREATE TABLE rounds (
    dataset VARCHAR NOT NULL, number INTEGER NOT NULL, old_detector_id VARCHAR NOT NULL,
    "after" TIMESTAMP, until TIMESTAMP, patterns_id VARCHAR, recall_id VARCHAR, seeds VARCHAR,
    new_detector_id VARCHAR, figures VARCHAR, decisions_before BIGINT NOT NULL,
    started_at TIMESTAMP NOT NULL, finished_at TIMESTAMP,
    PRIMARY KEY (dataset, number));

-- How the traffic of a period differs from that of the period before, one row a figure.
CREATE TABLE traffic (
    result_id VARCHAR PRIMARY KEY, job_id VARCHAR NOT NULL, dataset VARCHAR NOT NULL,
    period VARCHAR NOT NULL CHECK (period IN ('hour', 'day', 'week')),
    "before" TIMESTAMP NOT NULL, "begin" TIMESTAMP NOT NULL,
    features VARCHAR NOT NULL CHECK (features IN ('embedding', 'length')),
    n_before BIGINT NOT NULL, n BIGINT NOT NULL, auc DOUBLE, low DOUBLE, high DOUBLE,
    config VARCHAR NOT NULL, rows_digest VARCHAR NOT NULL);

-- Seed, question and answer side by side: one row an answer that can be used. Of what was invented,
-- the question is the context that the answer, a prompt, came with; of what was observed, the seed
-- is the answer itself, and has the context.
CREATE OR REPLACE VIEW pairs AS
SELECT a.answer_id, a.text AS answer, a.model AS answer_model, a.flags AS answer_flags,
       q.query_id, q.text AS query, q.raw AS raw_query, q.model AS query_model,
       q.flags AS query_flags, q.template,
       s.sample_id, s.dataset, s.text AS seed_text,
       l.label AS seed_label, l.origin AS seed_label_origin,
       CASE WHEN s.dataset IN (SELECT dataset FROM dataset_roles WHERE role = 'invented')
            THEN q.text
            WHEN a.answer_id IN (SELECT answer_id FROM observed_answers) THEN s.context
       END AS context
FROM answers a
JOIN queries q USING (query_id)
JOIN samples s USING (sample_id)
JOIN sample_labels l USING (sample_id)
WHERE a.error IS NULL;

-- Rows of production are clustered by themselves, and a key on such a cluster always labels its
-- members: what is learned from answers to seeds says nothing of them.
CREATE VIEW observed_clusterings AS
SELECT DISTINCT clustering_id FROM clusters
WHERE representative_id IN (SELECT answer_id FROM observed_answers);
CREATE VIEW propagated_observed AS
SELECT c.cluster_id, m.answer_id, c.label, c.decision_id
FROM labelled_clusters c
JOIN (SELECT * FROM members WHERE answer_id IN (SELECT answer_id FROM observed_answers)) m
     USING (cluster_id)
WHERE m.rank > 0 AND (m.rank < c.reach OR c.reach IS NULL)
  AND m.answer_id NOT IN (SELECT answer_id FROM own_labels);

CREATE OR REPLACE VIEW labels_learned AS
SELECT answer_id, label, origin, decision_id, NULL::FLOAT AS probability
FROM own_labels WHERE label IS NOT NULL
UNION ALL
SELECT answer_id, label, 'learned', NULL, probability FROM learned
UNION ALL
SELECT answer_id, label, 'propagated', decision_id, NULL FROM propagated_observed
UNION ALL
SELECT answer_id, label, 'constructed', NULL, NULL FROM constructed_labels
WHERE answer_id NOT IN (SELECT answer_id FROM own_labels)
  AND answer_id NOT IN (SELECT answer_id FROM learned);

CREATE OR REPLACE VIEW propagated_learned AS
SELECT c.cluster_id, l.answer_id, l.label, NULL::BIGINT AS decision_id
FROM learned l JOIN members m USING (answer_id) JOIN leaf_clusters c USING (cluster_id)
JOIN clusterings g USING (clustering_id)
WHERE g.active
UNION ALL
SELECT cluster_id, answer_id, label, decision_id FROM propagated_observed;
