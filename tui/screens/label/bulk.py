"""Labelling many clusters at once, once the user knows what that means and agrees."""

from typing import TYPE_CHECKING

from textual.content import Content

from store.counting import counted
from tui.screens.dialogs.confirm import Confirm
from tui.screens.label.bulk_dialog import AS_PREDICTED, BulkChoice, BulkDialog, Target
from tui.screens.label.labelling import Labelling
from tui.screens.label.state import LabelState
from tui.screens.label.views import Change

if TYPE_CHECKING:
    from store.clusters import Cluster


async def label_all(labelling: Labelling) -> None:
    """Ask which clusters to label and how, and do it as one action."""
    desk, state, labels = labelling.desk, labelling.state, labelling.labels
    if desk is None or not state.work.shown:
        return
    shown = tuple(state.work.clusters())
    undecided = tuple(cluster for cluster in shown if _is_undecided(state, cluster))
    names, made = [view.name for view in labels.views], labels.words.made
    targets = [
        Target("undecided only", undecided, _count_changes(state, undecided, names), made),
        Target("all that are shown", shown, _count_changes(state, shown, names), made),
    ]
    dialog = BulkDialog(targets, labels, labelling.keymap, is_blind=state.display.is_blind)
    chosen = await labelling.questions.meet(dialog)
    if chosen is None:
        return
    clusters = chosen.target.clusters
    given = [chosen.label or cluster.predicted_label for cluster in clusters]
    unknown = {name for name in given if not labels.named(name).key}
    if unknown:
        labelling.say(f"{min(unknown)!r} is not a label of this task.", is_warning=True)
        return
    what = f"as {labels.words.guessed}" if chosen.label == AS_PREDICTED else f"as {chosen.label}"
    if not await _agree(labelling, f"Label {what}", chosen):
        labelling.say("Nothing was labelled.")
        return
    states = state.work.decisions.states
    change = await labelling.take(lambda: desk.label(clusters, given, states))
    if isinstance(change, Change):
        state.work.go_on()
        key = labelling.keymap.shown("label.undo")
        labelling.say(f"Labelled {counted(len(clusters), 'cluster')} {what}. {key} undoes it all.")


def _is_undecided(state: LabelState, cluster: "Cluster") -> bool:
    """Whether a cluster waits, as far as may be seen: blindly, by what oneself decided."""
    decisions, name = state.work.decisions, cluster.cluster_id
    if state.display.is_blind:
        return not decisions.is_by_me(name)
    return decisions.has_standing(name, "undecided")


def _count_changes(
    state: LabelState, clusters: "tuple[Cluster, ...]", labels: list[str]
) -> dict[str, int]:
    """How many decisions each label would change, and AS_PREDICTED."""
    changes = dict.fromkeys([*labels, AS_PREDICTED], 0)
    for cluster in clusters:
        decided = state.work.decisions.state(cluster.cluster_id)
        if decided is None or decided.kind is None or _is_undecided(state, cluster):
            continue
        for name in changes:
            changes[name] += decided.label != (name or cluster.predicted_label)
    return changes


async def _agree(labelling: Labelling, title: str, chosen: BulkChoice) -> bool:
    """Ask; if a cluster is less sure than allowed, the number of clusters must be typed."""
    desk, clusters = labelling.desk, chosen.target.clusters
    assert desk is not None
    text, count = chosen.target.describe(chosen.label), len(clusters)
    unsure = sum((item.confidence or 0) < desk.bulk_confidence for item in clusters)
    if not unsure:
        confirm = Confirm(title, Content(text), labelling.keymap)
        return await labelling.questions.meet(confirm) is True
    threshold, has = desk.bulk_confidence, "has" if unsure == 1 else "have"
    sure = f"\n{unsure:,} of them {has} a mean confidence below {threshold:g}."
    shown = "" if labelling.state.display.is_blind else sure
    typed = await labelling.questions.ask(title, f"{text}{shown}\nType {count} to do it.")
    return typed is not None and typed.strip() == str(count)
