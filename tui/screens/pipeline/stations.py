"""The counts along the way from seeds to evaluations."""

from collections.abc import Iterator

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from store.counting import counted
from tui.frame.snapshot import Snapshot
from tui.widgets.bar import bar

BAR_WIDTH = 16

Station = tuple[str, int, int | None, str]  # name, count, of how many, remark


class Stations(Widget):
    """A line a station: its count, a bar of how much of the station before it covers, a remark."""

    snapshot: reactive[Snapshot | None] = reactive(None, layout=True)

    def render(self) -> Content:
        """Draw the lines."""
        if self.snapshot is None:
            return Content("")
        lines = [_line(*station) for station in stations(self.snapshot)]
        return Content("\n").join(lines)


def _line(name: str, count: int, whole: int | None, remark: str) -> Content:
    share = None if not whole else count / whole
    drawn = bar(share, BAR_WIDTH)
    quiet = "$quiet" if count == 0 else ""
    return Content.assemble(
        (f"{name:<12}", quiet or "bold"),
        (f"{count:>9,}  ", quiet),
        (drawn, "$accent"),
        "  ",
        (remark, "$quiet"),
    )


def stations(snapshot: Snapshot) -> Iterator[Station]:
    """Yield (name, count, of how many, remark) along the way."""
    counts = snapshot.counts
    others = counts.samples - snapshot.seeds
    yield "seeds", snapshot.seeds, None, f"and {others:,} other samples" if others else ""
    yield "questions", counts.queries, snapshot.seeds, _failed(counts.failed_queries)
    yield "answers", counts.answers, counts.queries, _failed(counts.failed_answers)
    yield "predictions", counts.predictions, counts.answers, "label and embedding of each"
    if counts.vectors or any(name == "embed" for name, _ in snapshot.due.stages):
        yield "vectors", counts.vectors, counts.answers, "by the sentence encoder"
    yield "clusters", counts.clusters, None, "one representative each"
    yield (
        "labelled",
        counts.clusters_decided,
        counts.clusters,
        f"clusters, that is {counted(counts.labels, 'answer')}",
    )
    initial = counts.detectors - snapshot.recipes
    yield (
        "detectors",
        snapshot.recipes,
        None,
        f"by recipes; {'and the initial one' if initial else 'no initial one yet'}",
    )
    on = f"on {', '.join(snapshot.benchmarks)}" if snapshot.benchmarks else "no benchmark yet"
    yield "evaluations", counts.evaluations, None, on


def _failed(rows: int) -> str:
    if not rows:
        return ""
    return f"{rows:,} failed; `backquery run --retry-errors` asks again"
