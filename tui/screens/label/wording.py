"""What the labelling screen says about clusters, and about what was done to them."""

from typing import TYPE_CHECKING

from store.counting import counted
from tui.frame.snapshot import Labels, LabelView
from tui.frame.task_words import TaskWords
from tui.keys.keymap import Keymap
from tui.screens.label.worklist import Worklist
from tui.services.logged_words import describe_logged, describe_told

if TYPE_CHECKING:
    from store.clusters import Cluster
    from store.decisions import Action
    from store.origins import Pair


def describe_cluster(work: Worklist, cluster: "Cluster", words: TaskWords) -> str:
    """A cluster by its place in what is shown, and its size."""
    size = counted(cluster.size, words.made)
    if cluster.cluster_id not in work.shown:
        return f"a cluster of {size}"
    return f"cluster {work.shown.index(cluster.cluster_id) + 1:,}, {size}"


def describe_labelled(label: LabelView, cluster: "Cluster", labels: Labels) -> str:
    """What a label's key did, and what it overturned of what was written, or told of production."""
    done = f"Labelled {label.glyph} {label.name}"
    overturns = labels.words.is_pair or cluster.told is not None
    if not overturns or label.name == cluster.predicted_label:
        return done
    meant = labels.named(cluster.predicted_label)
    if cluster.told is not None:
        how = describe_told(cluster.told, labels.words.guessed)
        return f"{done}, not {meant.glyph} {meant.name} as {how}"
    return f"{done}, not {meant.glyph} {meant.name} as written"


def describe_beginning(keymap: Keymap, words: TaskWords, *, is_learned: bool) -> str:
    """What to do, for somebody who has not decided anything yet."""
    key, made = keymap.shown("label.guidelines"), words.made
    if is_learned:
        return (
            f"A label's key labels this {made}; others learn from it. {key} says what labels mean."
        )
    return f"A label's key labels all these {made}s and goes on; {key} says what labels mean."


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
        return f"{what}, on one {labels.words.made}"
    cluster_id = action.cluster_ids[0]
    if cluster_id not in work.decisions:
        return f"{what}, on a cluster that is not in this list"
    return f"{what}, {describe_cluster(work, work.decisions.cluster(cluster_id), labels.words)}"


def describe_pair(pair: "Pair", words: TaskWords) -> str:
    """Where an answer came from and the answer, as plain text, to be copied."""
    if pair.logged is not None:
        facts = "\n".join(describe_logged(pair.logged))
        first, second, last = (name.upper() for name in words.observed)
        asked = f"{second}\n{pair.query}\n\n" if pair.query else ""
        return f"{first} ({pair.dataset})\n{facts}\n\n{asked}{last}\n{pair.answer}\n"
    label = f", {pair.seed_label}" if pair.seed_label else ""
    meant = f" ({words.guessed_as} {pair.written_for})" if pair.written_for else ""
    first, second, last = (name.upper() for name in words.origins)
    return (
        f"{first} ({pair.dataset}{label})\n{pair.seed_text}\n\n"
        f"{second}\n{pair.query}\n\n{last}{meant}\n{pair.answer}\n"
    )
