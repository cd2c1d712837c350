"""What stays on a cluster beside its label: a flag, and a note."""

from typing import TYPE_CHECKING

from tui.screens.label.labelling import Labelling
from tui.screens.label.views import Change
from tui.screens.label.wording import describe_cluster

if TYPE_CHECKING:
    from store.decisions import Mark


async def flag_current(labelling: Labelling) -> None:
    """Flag the current cluster, or take the flag away."""
    desk, work = labelling.desk, labelling.state.work
    cluster = work.current
    if desk is None or cluster is None:
        return
    states = work.decisions.states
    state = states.get(cluster.cluster_id)
    kind: Mark = "unflag" if state and state.is_flagged else "flag"
    change = await labelling.take(lambda: desk.mark(kind, cluster, states))
    if isinstance(change, Change):
        done = "Flagged" if kind == "flag" else "Took the flag off"
        labelling.say(f"{done}: {describe_cluster(work, cluster, labelling.labels.words)}.")


async def note_current(labelling: Labelling) -> None:
    """Ask for a note on the current cluster, and write it there."""
    desk, work = labelling.desk, labelling.state.work
    cluster = work.current
    if desk is None or cluster is None:
        return
    state = work.decisions.state(cluster.cluster_id)
    before = state.note if state else ""
    note = await labelling.questions.ask("Note", "An empty note takes it away.", before)
    if note is None or note.strip() == before:
        return
    states = work.decisions.states
    change = await labelling.take(lambda: desk.note(cluster, note.strip(), states))
    if isinstance(change, Change):
        labelling.say(f"Noted: {describe_cluster(work, cluster, labelling.labels.words)}.")
