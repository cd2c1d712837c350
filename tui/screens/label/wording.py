"""What the labelling screen says about clusters, and about what was done to them."""

from typing import TYPE_CHECKING

from store.counting import counted
from tui.frame.snapshot import Labels
from tui.keys.keymap import Keymap
from tui.screens.label.worklist import Worklist

if TYPE_CHECKING:
    from store.clusters import Cluster
    from store.decisions import Action
    from store.origins import Pair


def describe_cluster(work: Worklist, cluster: "Cluster") -> str:
    """A cluster by its place in what is shown, and its size."""
    if cluster.cluster_id not in work.shown:
        return f"a cluster of {counted(cluster.size, 'answer')}"
    return (
        f"cluster {work.shown.index(cluster.cluster_id) + 1:,}, {counted(cluster.size, 'answer')}"
    )


def describe_beginning(keymap: Keymap, *, is_learned: bool) -> str:
    """What to do, for somebody who has not decided anything yet."""
    key = keymap.shown("label.guidelines")
    if is_learned:
        return (
            f"A label's key labels this answer; others learn from it. {key} says what labels mean."
        )
    return f"A label's key labels all these answers and goes on; {key} says what labels mean."


def describe_no_member(keymap: Keymap) -> str:
    """Why no label can be given where members are."""
    return f"There is no other member to label; {keymap.shown('label.text')} goes back."


def describe_outlook(work: Worklist, keymap: Keymap) -> str:
    """What can be done now, after a decision."""
    tally, current = work.decisions.tally, work.current
    if tally.undecided:
        if current is not None and work.decisions.kind(current.cluster_id) is not None:
            key = keymap.shown("label.filter")
            return f"None that is shown waits; {key} shows others."
        return f"{keymap.shown('label.undo')} undoes it."
    put_off = tally.skipped + tally.unsure
    if put_off:
        key = keymap.shown("label.filter")
        are, them = ("is", "it") if put_off == 1 else ("are", "them")
        return f"Only {put_off:,} skipped or unsure {are} left; {key} shows {them}."
    return f"All are decided; {keymap.shown('everywhere.pipeline')} says what is next."


def describe_action(work: Worklist, action: "Action", labels: Labels) -> str:
    """An action that was undone or done again."""
    if action.size > 1:
        return f"{action.size:,} decisions taken at once"
    what = action.kind
    if action.label:
        view = labels.named(action.label)
        what = f"{view.glyph} {view.name}"
    if action.answer_ids:
        return f"{what}, on one answer"
    cluster_id = action.cluster_ids[0]
    if cluster_id not in work.decisions:
        return f"{what}, on a cluster that is not in this list"
    return f"{what}, {describe_cluster(work, work.decisions.cluster(cluster_id))}"


def describe_pair(pair: "Pair") -> str:
    """Seed, question and answer as plain text, to be copied."""
    label = f", {pair.seed_label}" if pair.seed_label else ""
    return (
        f"SEED ({pair.dataset}{label})\n{pair.seed_text}\n\n"
        f"QUESTION\n{pair.query}\n\nANSWER\n{pair.answer}\n"
    )
