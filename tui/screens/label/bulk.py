"""Labelling all clusters that are shown, once the user knows what that means and agrees."""

from textual.content import Content

from store.counting import counted
from tui.screens.dialogs.confirm import Confirm
from tui.screens.label.bulk_dialog import AS_PREDICTED, BulkDialog
from tui.screens.label.labelling import Labelling
from tui.screens.label.views import Change
from tui.screens.label.wording import describe_bulk


async def label_all(labelling: Labelling) -> None:
    """Ask for a label, and give it to all clusters that are shown, as one action."""
    desk, state, labels = labelling.desk, labelling.state, labelling.labels
    clusters = state.work.clusters()
    if desk is None or not clusters:
        return
    text = describe_bulk(state.work, clusters)
    dialog = BulkDialog(text, labels, labelling.keymap, is_blind=state.display.is_blind)
    chosen = await labelling.questions.meet(dialog)
    if chosen is None:
        return
    names = [chosen or cluster.predicted_label for cluster in clusters]
    unknown = {name for name in names if not labels.named(name).key}
    if unknown:
        labelling.say(f"{min(unknown)!r} is not a label of this task.", is_warning=True)
        return
    what = "as predicted" if chosen == AS_PREDICTED else f"as {chosen}"
    unsure = sum((item.confidence or 0) < desk.bulk_confidence for item in clusters)
    if not await _agree(labelling, f"Label {what}", text, len(clusters), unsure):
        labelling.say("Nothing was labelled.")
        return
    states = state.work.decisions.states
    change = await labelling.take(lambda: desk.label(clusters, names, states))
    if isinstance(change, Change):
        state.work.go_on()
        key = labelling.keymap.shown("label.undo")
        labelling.say(f"Labelled {counted(len(clusters), 'cluster')} {what}. {key} undoes it all.")


async def _agree(labelling: Labelling, title: str, text: str, count: int, unsure: int) -> bool:
    """Ask; if a cluster is less sure than allowed, the number of clusters must be typed."""
    desk = labelling.desk
    assert desk is not None
    if not unsure:
        confirm = Confirm(title, Content(text), labelling.keymap)
        return await labelling.questions.meet(confirm) is True
    threshold, has = desk.bulk_confidence, "has" if unsure == 1 else "have"
    sure = f"\n{unsure:,} of them {has} a mean confidence below {threshold:g}."
    shown = "" if labelling.state.display.is_blind else sure
    typed = await labelling.questions.ask(title, f"{text}{shown}\nType {count} to do it.")
    return typed is not None and typed.strip() == str(count)
