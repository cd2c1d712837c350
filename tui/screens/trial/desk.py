"""The blocking calls of the screen."""

from store.database.connection import Database
from store.pairs import Draw
from tui.screens.trial.views import (
    Options,
    QuestionView,
    SeedView,
    Taken,
    TrialView,
    Wanted,
    WayView,
)
from tui.services.files.chosen_way import use_way
from tui.services.jobs.run_plan import start_job
from tui.services.jobs.trial import TrialRequest, draft_trial, question_templates
from tui.services.results.quality import describe_signs
from tui.services.results.trial import (
    TriedQuestion,
    TriedSeed,
    TriedWay,
    last_trial,
    read_trial,
)
from tui.services.workspace import Workspace

TEMPERATURES = (0.0, 0.3, 0.6, 1.0)


class TrialDesk:
    """Reads the last try, starts another, and takes a way over. Any thread may ask."""

    def __init__(self, workspace: Workspace, database: Database) -> None:
        self._workspace = workspace
        self._database = database

    def last(self) -> TrialView | None:
        """The last try; None if nothing was tried yet."""
        job = last_trial(self._workspace)
        if job is None:
            return None
        trial = read_trial(job, self._workspace.settings)
        return TrialView(
            job_id=trial.job_id,
            is_running=trial.state in ("running", "waiting"),
            ways=tuple(map(_way, trial.ways)),
            seeds=tuple(map(_seed, trial.seeds)),
        )

    def options(self) -> Options:
        """What can be tried with the templates and models that the workspace names."""
        queries, answers = self._workspace.settings.queries, self._workspace.settings.answers
        heat = queries.sampling.temperature
        return Options(
            templates=tuple(question_templates(self._workspace)),
            models=tuple(dict.fromkeys((queries.model, *answers.models))),
            temperatures=tuple(dict.fromkeys((heat, *TEMPERATURES))),
        )

    def start(self, wanted: Wanted) -> str:
        """Start a try and return its job's id. Raises NothingToDo and JobUnfinished."""
        self._database.require_writable()
        draw = Draw(total=wanted.seeds, seed=self._workspace.settings.seed)
        request = TrialRequest(draw, wanted.templates, wanted.models, wanted.temperatures)
        with self._workspace.planning():
            draft = draft_trial(self._workspace, self._database, request)
            return start_job(self._workspace, draft).job_id

    def use(self, number: int) -> Taken:
        """Write a way of the last try into workspace.toml. Raises SettingsInvalid."""
        self._database.require_writable()
        job = last_trial(self._workspace)
        assert job is not None
        way = read_trial(job, self._workspace.settings).ways[number - 1]
        changes = use_way(self._workspace, way)
        return Taken(number, tuple(f"{item.name} = {item.after}" for item in changes))


def _way(way: TriedWay) -> WayView:
    rows = way.n + way.failed
    signs = describe_signs(way.signs) or "no sign of trouble"
    return WayView(
        number=way.number,
        is_current=way.is_current,
        template=way.template,
        model=way.model,
        temperature=f"{way.temperature:g}",
        n=str(way.n) if rows else "",
        similarity=_similarity(way),
        rate=f"{way.tokens_per_s:,.0f}" if way.tokens_per_s else "",
        signs=(f"{way.failed} failed" if way.failed else signs) if rows else "",
        error=way.error or "",
    )


def _similarity(way: TriedWay) -> str:
    found = way.similarity
    if found is None:
        return ""
    return f"{found.value:.2f}" + (f" [{found.low:.2f}–{found.high:.2f}]" if found.interval else "")


def _seed(seed: TriedSeed) -> SeedView:
    return SeedView(seed.dataset, seed.text, tuple(map(_question, seed.questions)))


def _question(question: TriedQuestion) -> QuestionView:
    similarity = "" if question.similarity is None else f"{question.similarity:.2f}"
    return QuestionView(
        way=question.way,
        text=question.error or question.text or "–",
        remark=", ".join(filter(None, (similarity, *question.flags))),
        is_error=question.error is not None,
    )
