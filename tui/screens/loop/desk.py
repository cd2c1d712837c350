"""What the screen of the loop asks of the store: to be called in threads."""

from engine.jobs.draft import JobDraft
from store.clusters import Member, read_members
from store.database.connection import Database
from store.datasets import list_datasets
from store.detectors import list_contestants
from store.evaluations import list_evaluations
from store.interventions import FlaggedRecord, list_logged
from store.observed import list_selections
from store.taking import has_verdicts
from tui.screens.loop.views import TEXTS_SHOWN, Choice, OverTime, Recalls, Shadows
from tui.services.jobs.run_plan import start_job
from tui.services.jobs.traffic import draft_traffic
from tui.services.results.flagger_names import GUARD
from tui.services.results.intervention_rates import Period, Series
from tui.services.results.interventions import Interventions, read_flagged, read_interventions
from tui.services.results.patterns import Pattern, Patterns, summarise_patterns
from tui.services.results.queue import Queues, read_queues
from tui.services.results.recall import read_recall
from tui.services.results.rounds import Rounds, read_rounds
from tui.services.results.shadow import read_shadow
from tui.services.task_labels import unknown_labels
from tui.services.workspace import Workspace


class LoopDesk:
    """Reads what deployed guards did. Methods block; any thread may call."""

    def __init__(self, workspace: Workspace, database: Database) -> None:
        self._workspace = workspace
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

    def patterns(self, dataset: str) -> Patterns:
        """The patterns of a dataset."""
        return summarise_patterns(self._workspace, self._database, dataset)

    def members(self, pattern: Pattern) -> tuple[Member, ...]:
        """At most TEXTS_SHOWN rows of a pattern, nearest to its centre first."""
        return tuple(read_members(self._database, pattern.cluster_id, limit=TEXTS_SHOWN))

    def draft_traffic(self, found: Interventions) -> JobDraft:
        """The job that measures how the texts changed. Raises NothingToDo and JobUnfinished."""
        self._database.require_writable()
        self._workspace.require_no_running_job()
        return draft_traffic(self._workspace, self._database, found.dataset, found.by)

    def start(self, draft: JobDraft) -> str:
        """Start a job and return its id."""
        with self._workspace.planning():
            return start_job(self._workspace, draft).job_id

    def flagged(
        self, found: Interventions, series: Series, period: Period
    ) -> tuple[FlaggedRecord, ...]:
        """At most TEXTS_SHOWN of the records of a series that were flagged in a period."""
        return read_flagged(self._database, found, series, period, TEXTS_SHOWN)

    def rounds(self, dataset: str) -> Rounds:
        """The rounds of a dataset."""
        return read_rounds(self._workspace, self._database, dataset)

    def recalls(self, dataset: str) -> Recalls:
        """The newest sample of the guard, and that of each detector, as they are labelled now."""
        names = {item.detector_id: item.name for item in list_contestants(self._database)}
        newest = {
            item.settings["detector_id"]: item
            for item in list_selections(self._database, dataset)
            if item.purpose == "recall"
        }
        return Recalls(
            dataset,
            tuple(
                read_recall(self._workspace, self._database, names.get(detector_id, GUARD), item)
                for detector_id, item in newest.items()
            ),
        )

    def queues(self, dataset: str) -> Queues:
        """The queues of a dataset, as they are labelled now."""
        return read_queues(self._workspace, self._database, dataset)

    def shadows(self, dataset: str, pair: tuple[str, str] | None) -> Shadows:
        """A pair that ran on a dataset; that of the newest detector if it is not there."""
        known = {item.detector_id: item for item in list_contestants(self._database)}
        ran = [
            known[item.detector_id].name
            for item in list_evaluations(self._database, dataset)
            if not unknown_labels(self._workspace.task, known[item.detector_id].labels)
        ]
        guards = [GUARD] if has_verdicts(self._database, dataset) else []
        pairs = tuple(
            (new, old)
            for place, new in reversed(list(enumerate(ran)))
            for old in [*guards, *reversed(ran[:place])]
        )
        if not pairs:
            return Shadows(dataset, (), 0, None)
        place = pairs.index(pair) if pair in pairs else 0
        found = read_shadow(self._workspace, self._database, dataset, *pairs[place])
        return Shadows(dataset, pairs, place, found)
