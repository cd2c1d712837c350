"""What the screen of the loop asks of the store: to be called in threads."""

from store.database.connection import Database
from store.datasets import list_datasets
from store.interventions import FlaggedRecord, list_logged
from tui.screens.loop.views import TEXTS_SHOWN, Choice, OverTime
from tui.services.results.intervention_rates import Period, Series
from tui.services.results.interventions import Interventions, read_flagged, read_interventions


class LoopDesk:
    """Reads what deployed guards did. Methods block; any thread may call."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def over_time(self, choice: Choice) -> OverTime:
        """The interventions on the chosen dataset; on the first if it is not there."""
        logged = tuple(list_logged(self._database))
        plain = tuple(
            item.dataset
            for item in list_datasets(self._database)
            if "production" in item.roles and item.dataset not in logged
        )
        if not logged:
            return OverTime(logged, plain, None)
        dataset = choice.dataset if choice.dataset in logged else logged[0]
        found = read_interventions(self._database, dataset, choice.by, choice.group)
        return OverTime(logged, plain, found)

    def flagged(
        self, found: Interventions, series: Series, period: Period
    ) -> tuple[FlaggedRecord, ...]:
        """At most TEXTS_SHOWN of the records of a series that were flagged in a period."""
        return read_flagged(self._database, found, series, period, TEXTS_SHOWN)
