CREATE SEQUENCE audit_order;
CREATE TABLE audit_rounds (
    audit_id VARCHAR PRIMARY KEY, position BIGINT NOT NULL DEFAULT nextval('audit_order'),
    kind VARCHAR NOT NULL CHECK (kind IN ('propagation', 'consistency')),
    annotator VARCHAR NOT NULL, seed BIGINT NOT NULL, per_cluster INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL);
-- `label` is the one that is audited, as it was when drawn; `stratum_size` counts such labels.
CREATE TABLE audit_items (
    audit_id VARCHAR NOT NULL, position BIGINT NOT NULL, answer_id VARCHAR NOT NULL,
    cluster_id VARCHAR NOT NULL, dataset VARCHAR NOT NULL, label VARCHAR NOT NULL,
    decision_id BIGINT NOT NULL, stratum_size BIGINT NOT NULL, PRIMARY KEY (audit_id, answer_id));
CREATE TABLE audit_strata (
    audit_id VARCHAR NOT NULL, cluster_id VARCHAR NOT NULL, size BIGINT NOT NULL,
    propagated BIGINT NOT NULL, drawn BIGINT NOT NULL, PRIMARY KEY (audit_id, cluster_id));
CREATE SEQUENCE judgement_order;
CREATE TABLE audit_judgements (
    judgement_id BIGINT PRIMARY KEY DEFAULT nextval('judgement_order'),
    audit_id VARCHAR NOT NULL, answer_id VARCHAR NOT NULL, annotator VARCHAR NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('label', 'unsure', 'undo')),
    label VARCHAR, judged_at TIMESTAMP NOT NULL);

CREATE VIEW labelled_clusters AS
SELECT c.cluster_id, c.size, d.label, d.reach, d.decision_id
FROM leaf_clusters c JOIN clusterings g USING (clustering_id)
JOIN cluster_decisions d USING (cluster_id)
WHERE g.active AND d.kind = 'label';

-- Those of answer_labels that are propagated, found without looking at every other label.
CREATE VIEW propagated_labels AS
SELECT m.cluster_id, m.answer_id, c.label, c.decision_id
FROM labelled_clusters c JOIN members m USING (cluster_id)
WHERE m.rank > 0 AND (m.rank < c.reach OR c.reach IS NULL)
  AND m.answer_id NOT IN (SELECT answer_id FROM overrides);

-- The newest judgement of an item counts, unless it was taken back.
CREATE VIEW judged_items AS
SELECT audit_id, answer_id, newest.kind AS kind, newest.label AS label,
       newest.judgement_id AS judgement_id
FROM (SELECT audit_id, answer_id, arg_max({'kind': kind, 'label': label,
             'judgement_id': judgement_id}, judgement_id) AS newest
      FROM audit_judgements GROUP BY audit_id, answer_id)
WHERE newest.kind <> 'undo';

-- What each annotator says now of a cluster or, by an override, of an answer.
CREATE VIEW annotator_labels AS
SELECT CASE WHEN answer_id IS NULL THEN 'cluster' ELSE 'answer' END AS item_kind,
       coalesce(cluster_id, answer_id) AS item_id, annotator, newest.label AS label,
       newest.decision_id AS decision_id
FROM (SELECT cluster_id, answer_id, annotator, arg_max({'kind': kind, 'label': label,
             'decision_id': decision_id}, decision_id) AS newest
      FROM effective_decisions WHERE kind IN ('label', 'skip', 'unsure')
      GROUP BY cluster_id, answer_id, annotator)
WHERE newest.kind = 'label';
