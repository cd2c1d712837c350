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
    counts, made = snapshot.counts, "answer" if snapshot.invention is None else "prompt"
    yield from _written(snapshot)
    yield "predictions", counts.predictions, counts.answers, "label and embedding of each"
    if counts.vectors or any(name == "embed" for name, _ in snapshot.due.stages):
        yield "vectors", counts.vectors, counts.answers, "by the sentence encoder"
    if counts.observed:
        labelled = f"of production, selected to be labelled; {counts.observed_labels:,} are"
        yield "rows", counts.observed, None, labelled
    yield "clusters", counts.clusters, None, "one representative each"
    yield (
        "labelled",
        counts.clusters_decided,
        counts.clusters,
        f"clusters, that is {counted(counts.labels - counts.observed_labels, made)}",
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


def _written(snapshot: Snapshot) -> Iterator[Station]:
    """What models wrote, and what from: seeds, or draws of a problem."""
    counts, found = snapshot.counts, snapshot.invention
    if found is not None:
        yield "draws", found.draws, None, _others(counts.samples - found.draws)
        failed = _failed(counts.failed_queries, "invent")
        yield "scenarios", counts.queries, found.draws, failed
        yield "prompts", counts.answers, None, "each with the label that it was written for"
        return
    yield "seeds", snapshot.seeds, None, _others(counts.samples - snapshot.seeds)
    yield "questions", counts.queries, snapshot.seeds, _failed(counts.failed_queries, "run")
    yield "answers", counts.answers, counts.queries, _failed(counts.failed_answers, "run")


def _others(samples: int) -> str:
    return f"and {samples:,} other samples" if samples else ""


def _failed(rows: int, command: str) -> str:
    if not rows:
        return ""
    return f"{rows:,} failed; `backquery {command} --retry-errors` asks again"
