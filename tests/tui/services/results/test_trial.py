from statistics import fmean

import pytest

from engine.statistics.measures import wilson
from tests.tui.tried import ECHO, JOB_ID, SEEDS, write_trial
from tui.services.results.trial import Trial, last_trial, read_trial
from tui.services.workspace import Workspace


def read(workspace: Workspace, ways_done: int = 4) -> Trial:
    write_trial(workspace, ways_done=ways_done)
    job = last_trial(workspace)
    assert job is not None
    return read_trial(job, workspace.settings)


def test_before_the_first_try_there_is_none(imported_workspace: Workspace) -> None:
    assert last_trial(imported_workspace) is None


def test_a_way_has_its_figures_with_n_and_intervals(imported_workspace: Workspace) -> None:
    trial = read(imported_workspace)
    assert trial.job_id == JOB_ID
    third = trial.ways[2]
    assert (third.number, third.template, third.temperature) == (3, "papers", 0.3)
    assert (third.n, third.failed, third.error) == (SEEDS, 0, None)
    shares = {item.sign: item.share for item in third.signs}
    assert shares["template-echo"] == wilson(8, SEEDS)
    assert shares["equal"] == wilson(8, SEEDS)
    assert third.tokens_per_s == pytest.approx(20 * SEEDS / 6)
    cosines = [seed.questions[2].similarity or 0 for seed in trial.seeds]
    assert third.similarity is not None
    assert third.similarity.value == pytest.approx(fmean(cosines))
    assert third.similarity.n == SEEDS
    assert third.similarity.low < third.similarity.value < third.similarity.high


def test_the_way_of_the_workspace_is_told(imported_workspace: Workspace) -> None:
    assert [way.is_current for way in read(imported_workspace).ways] == [True, False, False, False]


def test_a_seed_has_what_each_way_asked(imported_workspace: Workspace) -> None:
    seed = read(imported_workspace).seeds[1]
    assert [question.way for question in seed.questions] == [1, 2, 3, 4]
    assert seed.questions[2].text == ECHO
    assert seed.questions[2].flags == ("template-echo",)


def test_ways_that_were_not_asked_yet_have_no_figures(imported_workspace: Workspace) -> None:
    trial = read(imported_workspace, ways_done=1)
    assert [way.n for way in trial.ways] == [SEEDS, 0, 0, 0]
    assert trial.ways[1].similarity is None
    assert trial.ways[1].signs == ()
    assert all(len(seed.questions) == 1 for seed in trial.seeds)


def test_rows_of_a_try_are_never_taken_in(imported_workspace: Workspace) -> None:
    read(imported_workspace)
    with imported_workspace.database() as database:
        assert imported_workspace.ingest(database) == 0
