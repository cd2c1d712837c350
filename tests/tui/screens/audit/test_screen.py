"""Auditing by keys: what is asked, what the store holds afterwards, and what is not seen."""

import pytest
from textual.pilot import Pilot

from store.audit_findings import read_findings, read_wrong
from store.audits import list_rounds
from store.clusters import list_clusters
from store.database.connection import Database
from store.decisions import Decision, record
from tests import rows
from tests.tui.audited import classify_representatives, label_clusters
from tests.tui.driving import make_app, text_of, until
from tests.tui.filled import use_spread
from tui.app import BackqueryApp
from tui.frame.messages import ClusterWanted
from tui.screens.audit.screen import AuditScreen
from tui.screens.dialogs.confirm import Confirm
from tui.services.numbers import show_number, show_percent
from tui.services.results.agreement import read_agreement
from tui.services.results.audit import read_audit
from tui.services.results.label_quality import read_quality
from tui.services.results.quality_words import describe_quality
from tui.services.workspace import Workspace

WIDE, NARROW = (160, 48), (80, 24)
ADVICE, CONTENT, GENERAL = rows.LABELS


@pytest.fixture
def labelled(clustered_workspace: Workspace, database: Database) -> Workspace:
    """A workspace whose four largest clusters are labelled: a round has eight texts."""
    label_clusters(database, clustered_workspace.settings.annotator, clusters=4)
    return clustered_workspace


async def opened(pilot: Pilot[None]) -> None:
    """Wait until the audit screen shows how the audit stands."""
    app = pilot.app
    await until(pilot, lambda: isinstance(app.screen, AuditScreen) and app.screen.state)
    await settled(pilot)


async def settled(pilot: Pilot[None]) -> None:
    """Wait until nothing is being read; what comes from one read may ask for another."""
    idle = 0
    while idle < 2:
        await pilot.pause()
        idle = idle + 1 if all(worker.is_finished for worker in pilot.app.workers) else 0


async def press(pilot: Pilot[None], *keys: str) -> str:
    """Press keys and return what the app shows once it has settled."""
    await pilot.press(*keys)
    await settled(pilot)
    assert isinstance(pilot.app, BackqueryApp)
    return text_of(pilot.app)


def audited(database: Database) -> list[str | None]:
    """The labels given in the newest round, in its order."""
    rounds = list_rounds(database)
    return [item.found for item in read_findings(database, rounds[-1].audit_id)] if rounds else []


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_without_a_labelled_cluster_it_says_what_to_do(
    clustered_workspace: Workspace, database: Database, size: tuple[int, int]
) -> None:
    app = make_app(clustered_workspace, database, "audit")
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        shown = await press(pilot, "n", "1", "u", "v", "o")
        assert "once clusters are labelled" in " ".join(shown.split())
        assert "Label by the representatives" in shown
    assert list_rounds(database) == []


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_before_a_round_it_says_what_one_is_and_what_would_be_drawn(
    labelled: Workspace, database: Database, size: tuple[int, int]
) -> None:
    app = make_app(labelled, database, "audit")
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        shown = text_of(app)
        assert "An audit finds out how many" in shown
        assert "2 members of each of 4 clusters: 8 texts" in shown
        shown = await press(pilot, "n")
        assert "Audit: text 1 of 8" in shown
        assert "Drew 8 texts." in shown


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_a_round_is_audited_by_single_keys_and_ends_in_figures(
    labelled: Workspace, database: Database, size: tuple[int, int]
) -> None:
    app = make_app(labelled, database, "audit")
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        await press(pilot, "n", "1", "2", "u", "3", "d", "4")
        assert audited(database) == [ADVICE, GENERAL, None]
        shown = await press(pilot, "1", "1", "1", "1", "1")
        assert "Every text is audited." in shown
        report = read_audit(labelled, database)
        noise = report.noise
        assert (noise.n, noise.unsure, report.left) == (7, 1, 0)
        assert show_percent(noise.accuracy) in shown
        assert show_percent(noise.weighted_accuracy) in shown
        assert "STAR's Table 5" in " ".join(shown.split())
        assert "all datasets" in shown
        await press(pilot, "u")
        assert len(audited(database)) == 7


async def test_keys_in_a_burst_label_one_text_each(labelled: Workspace, database: Database) -> None:
    app = make_app(labelled, database, "audit")
    async with app.run_test(size=WIDE) as pilot:
        await opened(pilot)
        await pilot.press("n", "1", "2", "3", "d", "2")
        await press(pilot)
    assert audited(database) == [ADVICE, CONTENT, GENERAL, None, CONTENT]


async def test_a_round_goes_on_where_it_was_left(labelled: Workspace, database: Database) -> None:
    for keys, place in ((("n", "1", "2"), "text 3 of 8"), (("u",), "text 2 of 8")):
        app = make_app(labelled, database, "audit")
        async with app.run_test(size=NARROW) as pilot:
            await opened(pilot)
            assert place in await press(pilot, *keys)
    app = make_app(labelled, database, "audit")
    async with app.run_test(size=NARROW) as pilot:
        await opened(pilot)
        assert "text 2 of 8" in text_of(app)
    assert audited(database) == [ADVICE]


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_while_auditing_nothing_tells_the_label_but_the_text_itself(
    clustered_workspace: Workspace, database: Database, size: tuple[int, int]
) -> None:
    (cluster_id,) = label_clusters(database, "me", clusters=1)
    with database.write() as cursor:
        cursor.execute("UPDATE clusters SET predicted_label = 'predicted-so'")
        cursor.execute("UPDATE decisions SET label = 'labelled-so'")
        cursor.execute("UPDATE samples SET text = 'the seed', dataset = 'from-there'")
        cursor.execute("UPDATE queries SET text = 'the question'")
    app = make_app(clustered_workspace, database, "audit")
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        shown = await press(pilot, "n", "x")
        assert "Seed and question stay hidden" in shown
        shown += await press(pilot, "1")
        for word in ("predicted", "labelled-so", "the seed", "the question", "from-there",
                     cluster_id[:8], "0.8"):  # fmt: skip
            assert word not in shown
        assert f" 1  ● {ADVICE}" in shown
        assert "d  ? unsure" in shown
        with database.write() as cursor:  # figures are of labels that the task has
            cursor.execute("UPDATE audit_items SET label = ?", [CONTENT])
        shown = await press(pilot, "1", "x")
        assert CONTENT in shown
        assert "the question" in shown


async def test_an_audit_changes_no_label_and_only_o_overrides(
    labelled: Workspace, database: Database
) -> None:
    def labels() -> list[tuple[str, str]]:
        with database.read() as cursor:
            return cursor.rows("SELECT answer_id, label FROM answer_labels ORDER BY ALL")

    before = labels()
    app = make_app(labelled, database, "audit")
    async with app.run_test(size=WIDE) as pilot:
        await opened(pilot)
        await press(pilot, "n", "o", *("1" if n % 2 else "3" for n in range(8)))
        assert labels() == before
        wrong = read_wrong(database, list_rounds(database)[-1].audit_id)
        assert len(wrong) > 1
        shown = await press(pilot, "j", "o")
        assert f"Overrode: {'● ' if wrong[1].found == ADVICE else '■ '}{wrong[1].found}." in shown
        assert "It is overridden already" in await press(pilot, "o")
    changed = dict(set(labels()) - set(before))
    assert changed == {wrong[1].answer_id: wrong[1].found}
    with database.read() as cursor:
        assert cursor.number("SELECT count(*) FROM overrides") == 1


@pytest.mark.parametrize(("key", "then_split"), [("enter", False), ("p", True)])
async def test_the_cluster_of_a_wrong_label_is_gone_to(
    labelled: Workspace,
    database: Database,
    key: str,
    then_split: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wanted: list[ClusterWanted] = []

    async def keep(_: BackqueryApp, message: ClusterWanted) -> None:
        wanted.append(message)

    monkeypatch.setattr(BackqueryApp, "on_cluster_wanted", keep)
    app = make_app(labelled, database, "audit")
    async with app.run_test(size=WIDE) as pilot:
        await opened(pilot)
        await press(pilot, "n", key, *["1"] * 8)
        wrong = read_wrong(database, list_rounds(database)[-1].audit_id)
        await press(pilot, "j", key)
        await until(pilot, lambda: wanted)
    assert [(item.cluster_id, item.then_split) for item in wanted] == [
        (wrong[1].cluster_id, then_split)
    ]


async def test_enter_leads_from_the_list_to_the_labelling_screen(
    labelled: Workspace, database: Database
) -> None:
    app = make_app(labelled, database, "audit")
    async with app.run_test(size=NARROW) as pilot:
        await opened(pilot)
        await press(pilot, "n", *["1"] * 8)
        await pilot.press("enter")
        await until(pilot, lambda: app.current_mode == "label")


async def test_a_new_round_asks_before_it_takes_the_place_of_an_open_one(
    labelled: Workspace, database: Database
) -> None:
    app = make_app(labelled, database, "audit")
    async with app.run_test(size=NARROW) as pilot:
        await opened(pilot)
        await press(pilot, "n", "1", "n")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        assert "7 of 8 texts" in text_of(app)
        await pilot.press("n")
        assert len(list_rounds(database)) == 1
        await press(pilot, "n")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: len(list_rounds(database)) == 2)
        assert "text 1 of" in await press(pilot)


async def test_ones_own_clusters_come_once_more_before_the_round_goes_on(
    labelled: Workspace, database: Database
) -> None:
    app = make_app(labelled, database, "audit")
    async with app.run_test(size=WIDE) as pilot:
        await opened(pilot)
        assert "Once more: text 1 of 4" in await press(pilot, "n", "1", "c")
        assert "Audit: text 2 of 8" in await press(pilot, "1", "2", "3", "1")
        shown = await press(pilot, "v")
        found = read_audit(labelled, database).consistency
        assert found is not None
        assert found.agreement.n == 4
        assert f"then and now: n = 4, alike {show_percent(found.agreement.agreement)}" in shown
        assert "7 texts not audited yet" in shown
        assert "Audit: text 2 of 8" in await press(pilot, "V")


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_agreement_is_a_view_that_goes_from_pair_to_pair(
    labelled: Workspace, database: Database, size: tuple[int, int]
) -> None:
    label_clusters(database, "bob", clusters=8)
    classify_representatives(database)
    report = read_agreement(labelled, database)
    app = make_app(labelled, database, "audit")
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        shown = await press(pilot, "v", "v")
        first, second = report.pairs[:2]
        assert f"Down: {first.first}; across: {first.second}" in shown
        assert first.agreement.kappa is not None
        assert show_number(first.agreement.kappa.value) in shown
        assert f"Down: {second.first}; across: {second.second}" in await press(pilot, "j")
        assert "Krippendorff's alpha of people, models: " in text_of(app)
        assert audited(database) == []
        assert "There is no text to label here" in await press(pilot, "1")
        assert "An audit finds out how many" in await press(pilot, "v", "v")


async def test_before_two_labelled_the_same_agreement_says_what_to_do(
    labelled: Workspace, database: Database
) -> None:
    with database.write() as cursor:
        cursor.execute("DELETE FROM predictions")
    app = make_app(labelled, database, "audit")
    async with app.run_test(size=NARROW) as pilot:
        await opened(pilot)
        assert "backquery annotate --model REF" in await press(pilot, "V", "V")


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_the_share_of_right_labels_is_that_of_the_audit_where_labels_spread_by_cluster(
    labelled: Workspace, database: Database, size: tuple[int, int]
) -> None:
    app = make_app(labelled, database, "audit")
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        shown = await press(pilot, "V")
        assert "Labels right: unknown, it takes an audit." in shown
        assert "A curve is drawn where labels are learned" in shown
        await press(pilot, "v", "n", *"11111111", "v", "v")
        right = read_quality(labelled, database).right
        assert right is not None
        assert f"Labels right: {show_percent(right)} %, n = {right.n}" in text_of(app)


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_the_share_of_right_learned_labels_is_a_curve_against_keys(
    clustered_workspace: Workspace, database: Database, size: tuple[int, int]
) -> None:
    learned = use_spread(clustered_workspace, "learned")
    for place, cluster in enumerate(list_clusters(database)[:14]):
        label = (ADVICE, CONTENT)[place % 2]
        record(database, "ada", [Decision("label", cluster.cluster_id, label=label)])
    app = make_app(learned, database, "audit")
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        shown = " ".join((await press(pilot, "V")).split())
        quality = read_quality(learned, database)
        assert quality.right is not None
        assert [point.decisions for point in quality.curve] == [10, 14]
        assert describe_quality(quality) in shown
        assert f"right, 95 % intervals, n = {quality.right.n}" in shown
        assert "share right" in shown


async def test_keys_that_label_do_nothing_where_no_text_is_shown(
    labelled: Workspace, database: Database
) -> None:
    app = make_app(labelled, database, "audit")
    async with app.run_test(size=WIDE) as pilot:
        await opened(pilot)
        assert "n draws a round." in await press(pilot, "1")
        shown = await press(pilot, "n", "v", "1", "d")
        assert "the next one is in Text to audit (v and V change the view)." in shown
        assert "none is shown" in await press(pilot, "o")
        assert audited(database) == []
        await pilot.press("question_mark", "1", "2")
        assert audited(database) == []


async def test_hostile_text_is_shown_and_not_obeyed(
    labelled: Workspace, database: Database
) -> None:
    with database.write() as cursor:
        cursor.execute("UPDATE answers SET text = ?", ["[@click=app.quit]go[/] \x1b]0;owned\x07"])
    app = make_app(labelled, database, "audit")
    async with app.run_test(size=WIDE) as pilot:
        await opened(pilot)
        shown = await press(pilot, "n")
        assert "[@click=app.quit]go[/] ␛]0;owned␇" in shown
        assert not set("\x1b\x07") & set(shown)
        shown = await press(pilot, *["1"] * 8)
        assert shown.count("[@click=app.quit]go[/] ␛]0;owned␇") > 1
