-- What a model that was fitted on the decisions gives all other answers. A workspace that spreads
-- labels so has one fit, at first an empty one; one that spreads them by cluster has none. Rows of
-- the next fit come into the other of two tables, and count at once when it takes the place: to
-- make a table again takes a moment, to delete a million rows seconds.
CREATE SEQUENCE fit_order;
CREATE TABLE learned_fits (
    fit_id BIGINT PRIMARY KEY, stamp VARCHAR NOT NULL, fitted_at TIMESTAMP NOT NULL);
CREATE TABLE learned_labels_0 (
    fit_id BIGINT NOT NULL, answer_id VARCHAR NOT NULL, label VARCHAR NOT NULL,
    probability FLOAT NOT NULL);
CREATE TABLE learned_labels_1 (
    fit_id BIGINT NOT NULL, answer_id VARCHAR NOT NULL, label VARCHAR NOT NULL,
    probability FLOAT NOT NULL);

DROP VIEW judged_items;
DROP VIEW propagated_labels;
DROP VIEW answer_labels;

-- A learned label follows from no single decision.
ALTER TABLE audit_items RENAME TO audit_items_before;
CREATE TABLE audit_items (
    audit_id VARCHAR NOT NULL, position BIGINT NOT NULL, answer_id VARCHAR NOT NULL,
    cluster_id VARCHAR NOT NULL, dataset VARCHAR NOT NULL, label VARCHAR NOT NULL,
    decision_id BIGINT, stratum_size BIGINT NOT NULL, PRIMARY KEY (audit_id, answer_id));
INSERT INTO audit_items BY NAME SELECT * FROM audit_items_before;
DROP TABLE audit_items_before;

-- The newest judgement of an item counts, unless it was taken back.
CREATE VIEW judged_items AS
SELECT audit_id, answer_id, newest.kind AS kind, newest.label AS label,
       newest.judgement_id AS judgement_id
FROM (SELECT audit_id, answer_id, arg_max({'kind': kind, 'label': label,
             'judgement_id': judgement_id}, judgement_id) AS newest
      FROM audit_judgements GROUP BY audit_id, answer_id)
WHERE newest.kind <> 'undo';

-- What people said of an answer that they read: its override, else what an audit found, else of
-- which cluster it is the representative. NULL is what they could not, or not yet, label.
CREATE VIEW own_labels AS
SELECT answer_id, label, origin, decision_id, judgement_id, cluster_id
FROM (
    SELECT answer_id, label, 'override' AS origin, decision_id, NULL AS judgement_id,
           NULL AS cluster_id, 0 AS precedence
    FROM overrides
    UNION ALL
    SELECT answer_id, arg_max(j.label, judgement_id), 'audited', NULL, max(judgement_id), NULL, 1
    FROM judged_items j JOIN audit_rounds r USING (audit_id)
    WHERE r.kind = 'propagation' AND j.kind = 'label' GROUP BY answer_id
    UNION ALL
    SELECT c.representative_id, d.label, CASE WHEN g.active THEN 'centroid' ELSE 'carried' END,
           d.decision_id, NULL, c.cluster_id, CASE WHEN g.active THEN 2 ELSE 3 END
    FROM leaf_clusters c JOIN clusterings g USING (clustering_id)
    JOIN cluster_decisions d USING (cluster_id))
QUALIFY row_number() OVER (PARTITION BY answer_id ORDER BY precedence, decision_id DESC) = 1;

-- The labels of the current fit, but for answers that people have read since.
CREATE VIEW learned AS
SELECT answer_id, label, probability
FROM (SELECT * FROM learned_labels_0 UNION ALL SELECT * FROM learned_labels_1)
JOIN learned_fits USING (fit_id) ANTI JOIN own_labels USING (answer_id);

-- An answer's label: its override, else its active leaf cluster's, else an older clustering's.
CREATE VIEW labels_by_cluster AS
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
    SELECT answer_id, label, decision_id, 'override', 0 FROM overrides),
chosen AS (
    SELECT * FROM spread
    QUALIFY row_number() OVER (PARTITION BY answer_id ORDER BY precedence, decision_id DESC) = 1)
SELECT answer_id, label, origin, decision_id, NULL::FLOAT AS probability
FROM chosen WHERE label IS NOT NULL;

-- What people said of an answer, else what the model gives it, with that label's probability.
CREATE VIEW labels_learned AS
SELECT answer_id, label, origin, decision_id, NULL::FLOAT AS probability
FROM own_labels WHERE label IS NOT NULL
UNION ALL
SELECT answer_id, label, 'learned', NULL, probability FROM learned;

-- Labels of answers whose text nobody read for it, with the cluster that each is in.
CREATE VIEW propagated_by_cluster AS
SELECT m.cluster_id, m.answer_id, c.label, c.decision_id
FROM labelled_clusters c JOIN members m USING (cluster_id)
WHERE m.rank > 0 AND (m.rank < c.reach OR c.reach IS NULL)
  AND m.answer_id NOT IN (SELECT answer_id FROM overrides);

CREATE VIEW propagated_learned AS
SELECT c.cluster_id, l.answer_id, l.label, NULL::BIGINT AS decision_id
FROM learned l JOIN members m USING (answer_id) JOIN leaf_clusters c USING (cluster_id)
JOIN clusterings g USING (clustering_id)
WHERE g.active;

-- One of each is what counts; store/learned_labels.py makes the two again where another does.
CREATE VIEW answer_labels AS SELECT * FROM labels_by_cluster;
CREATE VIEW propagated_labels AS SELECT * FROM propagated_by_cluster;
