from collections.abc import Iterable
from math import inf, nan

import pytest

from engine.stages.trial import TrialParams
from store.errors import UnknownName
from store.pairs import Draw
from tui.services.errors import NothingToDo, SettingsInvalid
from tui.services.jobs.trial import MOST_WAYS, TrialRequest, describe_trial, draft_trial
from tui.services.workspace import Workspace

CURRENT = ("bundled:smollm2-135m-instruct", "five-examples", 0.3)


def ways(workspace: Workspace, request: TrialRequest) -> list[tuple[str, str, float]]:
    with workspace.database() as database:
        (params,) = draft_trial(workspace, database, request).params(TrialParams)
    return [(way.model, way.template_file, way.sampling.temperature) for way in params.ways]


def test_without_a_wish_the_current_way_is_compared_with_the_other_templates(
    imported_workspace: Workspace,
) -> None:
    model, _, heat = CURRENT
    assert ways(imported_workspace, TrialRequest()) == [CURRENT, (model, "papers", heat)]


def test_wishes_are_crossed_and_those_of_one_model_come_in_a_row(
    imported_workspace: Workspace,
) -> None:
    request = TrialRequest(
        templates=("papers", "five-examples", "papers"),
        models=("path:a", "path:b"),
        temperatures=(0.6, 1.0),
    )
    found = ways(imported_workspace, request)
    assert len(found) == len(set(found)) == 8
    assert [model for model, _, _ in found] == ["path:a"] * 4 + ["path:b"] * 4


def test_seeds_that_were_asked_about_are_drawn_too(clustered_workspace: Workspace) -> None:
    with clustered_workspace.database() as database:
        draft = draft_trial(clustered_workspace, database, TrialRequest(Draw(total=20)))
    assert describe_trial(draft) == "20 seeds, 2 ways"
    assert draft.rows == (40,)


def test_a_draw_of_more_holds_that_of_fewer(imported_workspace: Workspace) -> None:
    drawn = []
    with imported_workspace.database() as database:
        for total in (5, 10):
            draft = draft_trial(imported_workspace, database, TrialRequest(Draw(total=total)))
            drawn.append(draft.planned[0].tables["samples"]["sample_id"].to_list())
    assert drawn[1][:5] == drawn[0]


@pytest.mark.parametrize("temperatures", [(nan,), (inf,), range(MOST_WAYS + 1)])
def test_what_cannot_be_compared_is_refused(
    imported_workspace: Workspace, temperatures: Iterable[float]
) -> None:
    with pytest.raises(SettingsInvalid, match=r"[Tt]emperature"):
        ways(imported_workspace, TrialRequest(temperatures=tuple(temperatures)))


def test_a_template_that_is_not_there_is_named(imported_workspace: Workspace) -> None:
    with pytest.raises(UnknownName, match="nope"):
        ways(imported_workspace, TrialRequest(templates=("nope",)))


def test_without_seeds_there_is_nothing_to_try(empty_workspace: Workspace) -> None:
    with pytest.raises(NothingToDo, match="backquery import"):
        ways(empty_workspace, TrialRequest())
