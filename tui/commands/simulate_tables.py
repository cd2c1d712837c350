"""A simulation as a table: a row for each way of labelling, a column for each number of keys."""

from typing import Final

from store.counting import counted
from tui.commands.figures import percent
from tui.commands.output import print_table, tell
from tui.services.numbers import show_plain_percent
from tui.services.results.simulation import LabelSimulation, SimulatedWay

ORDERS: Final = {
    "clusters": "clusters",
    "useful-clusters": "useful clusters",
    "useful-answers": "useful answers",
}


def print_simulation(found: LabelSimulation) -> None:
    """Print the shares of right labels, and what they are of."""
    keys = sorted({way.keys for way in found.ways})
    ways = dict.fromkeys((way.embeddings, way.spread, way.order) for way in found.ways)
    right = {(way.embeddings, way.spread, way.order, way.keys): way.right for way in found.ways}
    print_table(
        ["embeddings", "spread", "decided", *(counted(count, "key") for count in keys)],
        [
            [way[0], way[1], ORDERS[way[2]], *(percent(right.get((*way, count))) for count in keys)]
            for way in ways
        ],
        title=f"Simulated labels of {found.dataset}: % right of {counted(found.rows, 'row')}",
    )
    for line in describe_simulation(found):
        tell(line)


def describe_simulation(found: LabelSimulation) -> list[str]:
    """Sentences on a simulation: what took an annotator's place, leaks, and the best way."""
    best = (_describe_best(found, keys) for keys in sorted({way.keys for way in found.ways}))
    return [
        "The known labels took the annotator's place; no label was stored.",
        f"95 % intervals are over {counted(found.starts, 'start')}, on the same rows.",
        f"Before any key, {found.detector} predicts "
        f"{show_plain_percent(found.detector_right)} % right.",
        *_describe_leak(found),
        "Best ways, and what they gain on the papers' way (first row), in points:",
        *best,
    ]


def _describe_leak(found: LabelSimulation) -> list[str]:
    if found.trained_on is None or found.trained_on_answers is None:
        return [f"Which rows {found.detector} was trained on is not known."]
    if not found.trained_on and not found.trained_on_answers:
        return []
    return [
        f"⚠ {found.detector} was trained on {counted(found.trained_on, 'row')} of these, and on "
        f"answers to {counted(found.trained_on_answers, 'other')}: what uses its embeddings or "
        "predictions is better here than on new rows."
    ]


def _describe_best(found: LabelSimulation, keys: int) -> str:
    ways = [way for way in found.ways if way.keys == keys]
    best = max(ways, key=lambda way: way.right.value)
    (papers,) = [way for way in ways if _is_papers(way)]
    gain = 100 * (best.right.value - papers.right.value)
    return f"{counted(keys, 'key'):>10}  {gain:+5.1f}  {_name(best)}"


def _is_papers(way: SimulatedWay) -> bool:
    return (way.embeddings, way.spread, way.order) == ("detector", "cluster", "clusters")


def _name(way: SimulatedWay) -> str:
    return f"{way.embeddings} · {way.spread} · {ORDERS[way.order]}"
