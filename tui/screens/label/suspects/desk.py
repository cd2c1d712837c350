"""What the dialog of doubtful labels asks of the store. Methods block; any thread may call them."""

from typing import TYPE_CHECKING

from store.database.connection import Database
from store.decisions import Decision, record
from store.suspects import keep_label, suspects_stamp
from tui.screens.label.views import Change, Overrides
from tui.services.learning import Learning

if TYPE_CHECKING:
    from tui.services.results.suspects import Suspect, SuspectReport

MOST = 500  # in the queue at a time


class SuspectsDesk:
    """Doubtful labels, searched for again only if something else is decided or said."""

    def __init__(self, database: Database, learning: Learning, annotator: str) -> None:
        self._database = database
        self._learning = learning
        self._report: SuspectReport | None = None
        self._stamp = ""
        self.annotator = annotator

    def find(self) -> "SuspectReport":
        """The most doubtful labels; takes seconds where they have to be searched for."""
        from tui.services.results.suspects import find_suspects  # polars comes with it

        stamp = suspects_stamp(self._database)
        if self._report is None or stamp != self._stamp:
            self._learning.make_fresh()
            self._report, self._stamp = find_suspects(self._database, MOST), stamp
        return self._report

    def keep(self, suspect: "Suspect") -> Change:
        """Leave a label as it is, and out of the queue until something else is said of it."""
        keep_label(self._database, self.annotator, suspect.answer_id, suspect.said)
        return Change()

    def override(self, suspect: "Suspect", label: str, before: Overrides) -> Change:
        """Label one answer, whatever is decided on its cluster now or later."""
        decision = Decision("label", answer_id=suspect.answer_id, label=label)
        record(self._database, self.annotator, [decision])
        if suspect.cluster_id is None or suspect.rank is None:
            return Change()
        own = before.get(suspect.cluster_id, {})
        changed = {**own, suspect.answer_id: (suspect.rank, label)}
        return Change(overrides={**before, suspect.cluster_id: changed})
