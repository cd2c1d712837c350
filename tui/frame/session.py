"""The app's side of the workspace: everything it asks of store and jobs, for use in threads.

The app imports this module in a thread after its first paint, because polars and DuckDB come
with it. A decision is on disk when the method that takes it returns.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from engine.jobs.draft import JobDraft
from engine.jobs.job import JobFolder
from store.clusters import clustering_stamp
from store.counts import Counts, count_decisions, recount_decisions
from store.database.changes import Changes, count_elsewhere, read_changes
from store.database.connection import LOOKS_ON, Database
from store.database.owner import is_free
from tui.frame.facts import Facts, due_of, job_lines, read_due, read_facts
from tui.frame.snapshot import Draft, Due, JobLine, Snapshot
from tui.services.errors import SettingsInvalid
from tui.services.files.imports import ImportReport
from tui.services.files.seed_copies import copy_as_seeds
from tui.services.files.written import WrittenFigure, write_view
from tui.services.ingestion import Intake
from tui.services.jobs.newest import newest_texts
from tui.services.jobs.run_plan import RunRequest, draft_run, start_job
from tui.services.results.coverage import CoverageGrids, read_grids
from tui.services.results.new_text import ShownText
from tui.services.settings import Settings, Task, read_settings
from tui.services.tables import WrittenTable
from tui.services.workspace import Workspace

LOG_TAIL_BYTES = 16_384


class Session:
    """A workspace that this process owns, or on which it looks. Methods block, in any thread."""

    def __init__(self, workspace: Workspace, database: Database) -> None:
        self.workspace = workspace
        self.database = database
        self._due = Due()
        self._due_for: object = None
        self._intake = Intake(workspace.supervisor, database)
        self._facts: Facts | None = None
        self._seen = Changes()  # when the facts were read
        self._stamps: dict[Path, tuple[int, int]] = {}

    @property
    def looks_on(self) -> bool:
        """Whether another window has the workspace, and may alone start and end jobs."""
        return self.database.looks_on

    def snapshot(self, *, is_brief: bool = False) -> Snapshot:
        """Take finished parts in and return how things stand. One thread calls this.

        What has not changed is not counted again. A brief one counts only at first and what
        other processes changed, and what is due in it may be as it was: finding that out reads
        many rows.
        """
        # Before taking in: what is done in them leads to the next reading, never past it.
        found = self.workspace.jobs()
        jobs = job_lines(found)
        if not self.database.looks_on:
            self._intake.take_in()
        elsewhere = count_elsewhere(self.database)
        changes = read_changes(self.database)  # before the facts: they may hold more, never less
        is_outdated = changes.others != self._seen.others
        is_urgent = changes.served != self._seen.served and not self.database.looks_on
        if self._facts is None or (is_outdated and (is_urgent or not is_brief)):
            self._seen = changes
            self._facts = read_facts(self.workspace, self.database)
        elif is_brief:
            if is_outdated:
                self._follow_clustering(self._facts)
        elif self._facts.counts.decisions != count_decisions(self.database):
            counts = recount_decisions(self.database, self._facts.counts)
            self._facts = replace(self._facts, counts=counts)
        facts = self._facts
        if not is_brief:
            self._due = self._what_is_due(facts.counts, jobs)
        done = [job.done for job in reversed(jobs)]
        others = changes.others if self.database.looks_on else changes.served
        return facts.snapshot(
            jobs,
            self._due,
            strays=found.strays,
            figures=f"{facts.counts.answers}:{facts.counts.evaluations}:{done}:{others}",
            elsewhere=elsewhere,
        )

    def _follow_clustering(self, known: Facts) -> None:
        """Note other clusters, and count again where another window took or brought them."""
        stamp = clustering_stamp(self.database)
        if stamp != known.clustering and self.database.looks_on:
            self._facts = read_facts(self.workspace, self.database)
        else:
            self._facts = replace(known, clustering=stamp)

    def _what_is_due(self, counts: Counts, jobs: tuple[JobLine, ...]) -> Due:
        """Draft a run where something has changed that a run depends on; it reads many rows."""
        if self.database.looks_on:
            return Due(refusal=LOOKS_ON)
        if any(job.is_running for job in jobs):
            return Due()
        undecided = replace(counts, clusters_decided=0, decisions=0, labels=0, observed_labels=0)
        stamp = undecided, len(jobs)
        if stamp != self._due_for:
            self._due = read_due(self.workspace, self.database, jobs)
            self._due_for = stamp
        return self._due

    def draft(self) -> Draft:
        """What a run would do. Raises NothingToDo, JobUnfinished, or why it can't be."""
        self.database.require_writable()
        self.workspace.require_no_running_job()
        draft = draft_run(self.workspace, self.database, RunRequest())
        return Draft(due_of(draft), draft)

    def start(self, draft: Draft) -> str:
        """Start a drafted run and return its job's id."""
        assert isinstance(draft.job, JobDraft)
        with self.workspace.planning():
            return start_job(self.workspace, draft.job).job_id

    def cancel(self, job_id: str) -> str:
        """End a job and return its id; takes as long as its processes do."""
        self.database.require_writable()
        self.workspace.supervisor.cancel(self._job(job_id))
        return job_id

    def resume(self, job_id: str) -> str:
        """Start a job again where it stopped, and return its id.

        One that paused goes on whatever its first rows are like: the user has seen them.
        """
        self.database.require_writable()
        job = self._job(job_id)
        if job.state() == "paused":
            job.force()
        self.workspace.supervisor.start(job)
        return job_id

    def newest_texts(self, job_id: str) -> tuple[ShownText, ...]:
        """The newest texts that a job has written, newest first."""
        return newest_texts(self._job(job_id))

    def coverage(self) -> CoverageGrids:
        """What scenarios were drawn with. Raises ProblemMissing and SettingsInvalid."""
        return read_grids(self.workspace, self.database)

    def log_tail(self, job_id: str) -> str:
        """The end of a job's log, cut at a line; empty where it has none."""
        path = self._job(job_id).log_path
        if not path.exists():
            return ""
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - LOG_TAIL_BYTES))
            text = file.read().decode("utf-8", "replace")
        return text.partition("\n")[2] if size > LOG_TAIL_BYTES else text

    def write_view(
        self, tables: Sequence[WrittenTable], figures: Sequence[WrittenFigure]
    ) -> tuple[Path, ...]:
        """Write what a screen shows into new files in `exports/`."""
        folder = self.workspace.path / "exports"
        return write_view(folder, tables, figures, self.database.now())

    def _job(self, job_id: str) -> JobFolder:
        return self.workspace.supervisor.job(job_id)

    def copy_as_seeds(self, dataset: str, sample_ids: Sequence[str], name: str) -> ImportReport:
        """Copy evaluated rows as seeds. Raises ImportRefused, also for a benchmark."""
        return copy_as_seeds(self.workspace, self.database, dataset, sample_ids, name)

    def why_reopen(self) -> str | None:
        """Why the workspace has to be opened again; None while it need not be."""
        if self.database.looks_on and is_free(self.workspace.path):
            return "The other window was closed. This one has the workspace now."
        for name, is_other in (
            ("task.toml", self._is_other_task),
            ("workspace.toml", self._are_other_settings),
        ):
            if self._is_other(self.workspace.path / name, is_other):
                return f"{name} was changed, so the workspace was opened again."
        return None

    def _is_other(self, path: Path, is_other: Callable[[Path], bool]) -> bool:
        """Whether a file says something else than when the workspace was opened."""
        try:
            found = path.stat()
            stamp = (found.st_mtime_ns, found.st_size)
            if stamp == self._stamps.get(path):
                return False
            self._stamps[path] = stamp
            return is_other(path)
        except (OSError, SettingsInvalid):  # while it is being written: it counts once it is right
            return False

    def _is_other_task(self, path: Path) -> bool:
        return read_settings(path, Task) != self.workspace.task

    def _are_other_settings(self, path: Path) -> bool:
        """Whether the settings differ, but for what the user's file or the command may say."""
        now, found = self.workspace.settings, read_settings(path, Settings)
        own = {"annotator": now.annotator, "theme": now.theme}
        if "theme" in found.model_fields_set:
            del own["theme"]
        found = found.model_copy(update=own)
        return found != now
