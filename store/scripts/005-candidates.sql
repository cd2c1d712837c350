-- All questions that were written for the seed, in their order; NULL where only one was asked for.
ALTER TABLE queries ADD COLUMN candidates STRUCT("text" VARCHAR, score FLOAT)[];
