"""Which patterns a language model is asked about, and what it is told of them."""

import pytest

from store.schema import CLUSTER_TITLES
from tests import rows
from tests.tui.filled import write_job
from tests.tui.production import LIVE, add_patterns
from tui.services.errors import NothingToDo
from tui.services.jobs.titles import draft_titles
from tui.services.results.patterns import summarise_patterns
from tui.services.workspace import Workspace


@pytest.fixture
def workspace(clustered_workspace: Workspace) -> Workspace:
    add_patterns(clustered_workspace)
    return clustered_workspace


def give_titles(workspace: Workspace, job: str, titles: dict[str, str | None]) -> None:
    made = rows.frame(
        CLUSTER_TITLES,
        [{"cluster_id": name, "title": title, "error": None if title else "none"}
         for name, title in titles.items()],
        job_id=job, model="m", template="t", template_digest="d", sampling="{}",
    )  # fmt: skip
    write_job(workspace, job, [("titles", made)])


def test_each_pattern_is_asked_about_once_with_its_terms_and_texts(workspace: Workspace) -> None:
    with workspace.database() as database:
        (stage,) = draft_titles(workspace, database, LIVE).planned
    told = dict(stage.tables["patterns"].iter_rows())
    assert set(told) == {"p-cough", "p-knit", "p-odd"}
    assert told["p-knit"].splitlines() == [
        "Terms: knitting, wool", "Texts:", "- Knitting with wool, row 4.",
        "- Knitting with wool, row 5.", "- Knitting with wool, row 6.",
    ]  # fmt: skip


def test_a_title_names_a_pattern_and_what_failed_is_asked_about_again(workspace: Workspace) -> None:
    first = {"p-cough": "Coughs", "p-knit": None, "p-odd": "[b]Odd[/b]"}
    give_titles(workspace, "20260108-090000-0001", first)
    with workspace.database() as database:
        assert [item.name for item in summarise_patterns(workspace, database, LIVE).patterns] == [
            "Coughs", "knitting, wool", "[b]Odd[/b]"
        ]  # fmt: skip
        (stage,) = draft_titles(workspace, database, LIVE).planned
        assert stage.tables["patterns"]["cluster_id"].to_list() == ["p-knit"]
    give_titles(workspace, "20260108-090000-0002", {"p-knit": "Knitting", "p-cough": "Other"})
    with workspace.database() as database:
        found = summarise_patterns(workspace, database, LIVE).patterns
        assert [item.title for item in found] == ["Coughs", "Knitting", "[b]Odd[/b]"]
        with pytest.raises(NothingToDo, match="has a title"):
            draft_titles(workspace, database, LIVE)
