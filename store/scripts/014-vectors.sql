-- Answers as a sentence encoder places them, one row for an answer and an encoder.
CREATE TABLE vectors (
    encoder VARCHAR NOT NULL, answer_id VARCHAR NOT NULL, job_id VARCHAR NOT NULL,
    vector FLOAT[], error VARCHAR,
    PRIMARY KEY (answer_id, encoder));

-- In which space a clustering was made: see store/spaces.py.
ALTER TABLE clusterings ADD COLUMN embeddings VARCHAR DEFAULT 'detector';
ALTER TABLE clusterings ADD COLUMN encoder VARCHAR;
