-- What language models say of answers; they set no label. A model that is asked in another way, by
-- other definitions say, begins afresh, and only what it was asked last counts.
CREATE TABLE classifications (
    way_id VARCHAR NOT NULL, answer_id VARCHAR NOT NULL, annotator VARCHAR NOT NULL,
    job_id VARCHAR NOT NULL, label VARCHAR, reply VARCHAR, error VARCHAR,
    classified_at TIMESTAMP NOT NULL, PRIMARY KEY (way_id, answer_id));

CREATE VIEW current_classifications AS
SELECT c.answer_id, annotator, c.label, c.reply, c.error FROM classifications c
JOIN (SELECT annotator, arg_max(way_id, classified_at) AS way_id
      FROM classifications GROUP BY annotator) USING (annotator, way_id);
