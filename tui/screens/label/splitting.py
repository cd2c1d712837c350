"""Splitting a cluster: what takes time begins before the number of parts is typed."""

import asyncio
from typing import TYPE_CHECKING, Final

from store.counting import counted
from tui.frame.calls import Refused
from tui.screens.label.labelling import Labelling
from tui.screens.label.views import Change

if TYPE_CHECKING:
    from tui.screens.label.desk import LabelDesk
    from tui.services.splitting import PreparedSplit

FEWEST_PARTS: Final = 2
MOST_PARTS: Final = 8


async def split_current(labelling: Labelling) -> None:
    """Split the current cluster into as many parts as are asked for, and go to the largest."""
    desk, cluster = labelling.desk, labelling.state.work.current
    if desk is None or cluster is None:
        return
    if cluster.size < FEWEST_PARTS:
        labelling.say("A cluster of one cannot be split.", is_warning=True)
        return
    preparing = asyncio.ensure_future(labelling.make(lambda: desk.prepare_split(cluster)))
    most = min(MOST_PARTS, cluster.size)
    size = counted(cluster.size, labelling.labels.words.made)
    question = f"{size} into how many parts, {FEWEST_PARTS} to {most}?"
    text = await labelling.questions.ask("Split", question)
    prepared = await preparing
    if isinstance(prepared, Refused):
        return
    with prepared:
        if text is None:
            return
        if not (text.strip().isdecimal() and FEWEST_PARTS <= int(text) <= most):
            why = f"{text.strip()!r} is not a number from {FEWEST_PARTS} to {most}."
            labelling.say(why, is_warning=True)
            return
        await _split(labelling, desk, prepared, int(text))


async def split_in_two(labelling: Labelling) -> None:
    """Split the current cluster into two parts, if a model would, and go to the larger one."""
    desk, work = labelling.desk, labelling.state.work
    cluster, key = work.current, labelling.keymap.shown("label.split")
    if desk is None or cluster is None:
        return
    if cluster.cluster_id not in work.decisions.to_split or labelling.state.display.is_blind:
        labelling.say(f"No split of this cluster is proposed; {key} splits it.", is_warning=True)
        return
    prepared = await labelling.make(lambda: desk.prepare_split(cluster))
    if not isinstance(prepared, Refused):
        with prepared:
            await _split(labelling, desk, prepared, FEWEST_PARTS)


async def _split(
    labelling: Labelling, desk: "LabelDesk", prepared: "PreparedSplit", parts: int
) -> None:
    change = await labelling.take(lambda: desk.split(prepared, parts))
    if isinstance(change, Change):
        _show_parts(labelling, change.parts)


def _show_parts(labelling: Labelling, parts: tuple[str, ...]) -> None:
    work = labelling.state.work
    work.go_to(parts[0])
    labelling.state.show_pane("text")
    sizes = ", ".join(f"{work.decisions.cluster(part).size:,}" for part in parts)
    key, made = labelling.keymap.shown("label.undo"), labelling.labels.words.made
    labelling.say(f"Split into {len(parts)}: {sizes} {made}s. {key} merges them again.")
