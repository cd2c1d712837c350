"""The stored rows that stages plan from, read from the database."""

from dataclasses import dataclass
from typing import Literal

import polars as pl

from store import attempts, distributions, lineage, pairs
from store.database.connection import Database
from store.detectors import detector_frame
from store.pairs import Draw, Made
from store.two_sample import production_samples
from store.vectors import stored_vectors


@dataclass(frozen=True, slots=True)
class DrawnRows:
    """The StoredRows of a run: those of the seeds that are drawn; see `engine.jobs.due`.

    With `observed`, ids of answers that production wrote, they are those and no others.
    """

    database: Database
    draw: Draw
    observed: pl.Series | None = None

    def due_samples(self, made: Made, *, retry: bool) -> pl.DataFrame:
        """Drawn seeds without a query made so."""
        return pairs.due_samples(self.database, self.draw, made, retry=retry)

    def due_queries(self, made: Made, *, retry: bool) -> pl.DataFrame:
        """Usable queries of the draw's datasets and labels without an answer made so."""
        return pairs.due_queries(self.database, self.draw, made, retry=retry)

    def usable_answers(
        self, lacking: str = "", made: Made | None = None, *, only_worded: bool = False
    ) -> pl.DataFrame:
        """Answers without an error, whatever the draw."""
        return pairs.usable_answers(
            self.database, lacking, made, only_worded=only_worded, chosen=self.observed
        )

    def drawn_answers(self, limit: int, seed: int) -> pl.Series:
        """Usable answers, whatever the draw of seeds."""
        return distributions.drawn_answers(self.database, limit, seed)

    def unlabelled_samples(self, detector_id: str | None) -> pl.DataFrame:
        """Seeds with neither a label nor a prediction of the detector."""
        found = pairs.unlabelled_samples(self.database, detector_id)
        return found if self.observed is None else found.clear()

    def due_for_clustering(self, detector_id: str) -> pl.DataFrame:
        """The detector's predictions of answers in none of its clusterings."""
        return pairs.due_for_clustering(self.database, detector_id, self.observed)

    def meant_labels(self, answer_ids: pl.Series) -> pl.DataFrame:
        """The labels that these answers were written for, or that their guard gave them."""
        return lineage.meant_labels(self.database, answer_ids)

    def stored_vectors(self, encoder: str, answer_ids: pl.Series) -> pl.DataFrame:
        """The rows of these answers that an encoder has embedded."""
        return stored_vectors(self.database, encoder, answer_ids)

    def production_samples(self) -> pl.DataFrame:
        """Samples of all datasets with the role production."""
        return production_samples(self.database)

    def detectors(self, detector_id: str) -> pl.DataFrame:
        """The row of a detector."""
        return detector_frame(self.database, [detector_id])

    def answers_of(self, answer_ids: pl.Series) -> pl.DataFrame:
        """Answers by their ids."""
        return lineage.answers_of(self.database, answer_ids)

    def queries_of(self, answer_ids: pl.Series) -> pl.DataFrame:
        """Queries of these answers."""
        return lineage.queries_of(self.database, answer_ids)

    def samples_of(self, sample_ids: pl.Series) -> pl.DataFrame:
        """Samples by their ids."""
        return lineage.samples_of(self.database, sample_ids)

    def next_attempt(self, table: Literal["queries", "answers"]) -> int:
        """The number of the next attempt at rows that failed."""
        return attempts.next_attempt(self.database, table)

    def next_question(self) -> int:
        """The number of the next attempt at seeds that were sent back."""
        return attempts.next_question(self.database)
