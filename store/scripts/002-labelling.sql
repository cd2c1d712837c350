DROP VIEW answer_labels;
DROP VIEW cluster_decisions;
DROP VIEW leaf_clusters;
DROP VIEW effective_decisions;

-- `reach`: how many members a label reaches, nearest first; NULL is all of them.
ALTER TABLE decisions RENAME TO decisions_before;
CREATE TABLE decisions (
    decision_id BIGINT PRIMARY KEY DEFAULT nextval('decision_order'),
    action_id VARCHAR NOT NULL, annotator VARCHAR NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN
        ('label', 'skip', 'unsure', 'flag', 'unflag', 'note', 'split', 'undo', 'redo')),
    cluster_id VARCHAR, answer_id VARCHAR, label VARCHAR, note VARCHAR, reach BIGINT,
    target_action_id VARCHAR, decided_at TIMESTAMP NOT NULL);
INSERT INTO decisions BY NAME SELECT * FROM decisions_before;
DROP TABLE decisions_before;

-- What a queue of clusters shows is counted once, because a cluster never changes.
ALTER TABLE members ADD COLUMN confidence FLOAT;
ALTER TABLE clusters ADD COLUMN spread DOUBLE;
ALTER TABLE clusters ADD COLUMN confidence DOUBLE;
ALTER TABLE clusters ADD COLUMN seed_labels MAP(VARCHAR, BIGINT);
ALTER TABLE clusters ADD COLUMN datasets MAP(VARCHAR, BIGINT);
ALTER TABLE clusters ADD COLUMN representative VARCHAR;

-- An action counts until it is undone, and again once that undo is redone.
CREATE VIEW effective_decisions AS
SELECT d.* FROM decisions d
LEFT JOIN (SELECT target_action_id, arg_max(kind, decision_id) AS last_kind
           FROM decisions WHERE kind IN ('undo', 'redo') GROUP BY target_action_id) u
       ON u.target_action_id = d.action_id
WHERE d.kind NOT IN ('undo', 'redo') AND coalesce(u.last_kind, 'redo') = 'redo';

-- Where two splits of one cluster count, the newest does.
CREATE VIEW effective_splits AS
SELECT cluster_id, arg_max(action_id, decision_id) AS action_id
FROM effective_decisions WHERE kind = 'split' GROUP BY cluster_id;

-- A split cluster gives way to its parts while the split counts, and they to theirs.
CREATE VIEW leaf_clusters AS
WITH RECURSIVE standing AS (
    SELECT cluster_id FROM clusters WHERE parent_id IS NULL
    UNION ALL
    SELECT c.cluster_id FROM clusters c
    JOIN standing p ON p.cluster_id = c.parent_id
    JOIN effective_splits s ON s.cluster_id = c.parent_id AND s.action_id = c.split_action_id)
SELECT * FROM clusters
WHERE cluster_id IN (SELECT cluster_id FROM standing)
  AND cluster_id NOT IN (SELECT cluster_id FROM effective_splits);

-- The newest of label, skip and unsure is what a cluster is decided as.
CREATE VIEW cluster_decisions AS
SELECT cluster_id, newest.kind AS kind, newest.label AS label, newest.reach AS reach,
       newest.annotator AS annotator, newest.decision_id AS decision_id
FROM (SELECT cluster_id, arg_max({'kind': kind, 'label': label, 'reach': reach,
             'annotator': annotator, 'decision_id': decision_id}, decision_id) AS newest
      FROM effective_decisions
      WHERE cluster_id IS NOT NULL AND kind IN ('label', 'skip', 'unsure')
      GROUP BY cluster_id);

CREATE VIEW overrides AS
SELECT answer_id, arg_max(label, decision_id) AS label, max(decision_id) AS decision_id
FROM effective_decisions WHERE answer_id IS NOT NULL AND kind = 'label' GROUP BY answer_id;

-- An answer's label: its override, else its active leaf cluster's, else an older clustering's.
CREATE VIEW answer_labels AS
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
SELECT answer_id, label, origin, decision_id FROM chosen WHERE label IS NOT NULL;

UPDATE members SET confidence = list_max(p.probabilities)
FROM clusters c, clusterings g, predictions p
WHERE c.cluster_id = members.cluster_id AND g.clustering_id = c.clustering_id
  AND p.item_id = members.answer_id AND p.detector_id = g.detector_id;
UPDATE clusters SET spread = n.spread, confidence = n.confidence, seed_labels = n.seed_labels,
    datasets = n.datasets, representative = n.representative
FROM (SELECT m.cluster_id, avg(m.distance) AS spread, avg(m.confidence) AS confidence,
             histogram(l.label) AS seed_labels, histogram(s.dataset) AS datasets,
             arg_min(a.text, m.rank) AS representative
      FROM members m JOIN answers a USING (answer_id) JOIN queries q USING (query_id)
      JOIN samples s USING (sample_id) JOIN sample_labels l USING (sample_id)
      GROUP BY m.cluster_id) n
WHERE n.cluster_id = clusters.cluster_id;
