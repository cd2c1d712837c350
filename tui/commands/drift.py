"""The command that shows drift."""

from collections.abc import Sequence

import typer

from engine.statistics.estimate import Estimate
from tui.commands.output import JsonOption, open_workspace, print_json, print_table, say
from tui.services.numbers import show_plain_percent
from tui.services.results.drift import Drift, read_drift
from tui.services.results.drift_scores import GroupScores, Scores
from tui.services.results.label_flow import DatasetFlow, SeedLabelFlow
from tui.services.results.production import ProductionTest
from tui.services.results.ways import PairedWays, Way


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command("drift")(drift)


def drift(context: typer.Context, as_json: JsonOption = False) -> None:
    """Show how far answers are from their seeds, where that happens, and what labels became."""
    workspace = open_workspace(context)
    with workspace.database() as database:
        found = read_drift(database)
    if as_json:
        print_json(found)
    else:
        _print_tables(found)


def _print_tables(found: Drift) -> None:
    if not found.groups:
        say("No answer has a drift score yet; `backquery run drift` makes them.")
    else:
        print_scores(found.groups)
        _print_steps(found.groups)
        labels = sorted({label for flow in found.flow for label in flow.labels})
        if labels:
            _print_flow(found.flow, labels)
            _print_labels(found, labels)
        if len(found.ways) > 1:
            _print_ways(found.ways)
            _print_paired(found.paired)
    if found.production:
        _print_production(found.production)


def print_scores(groups: Sequence[GroupScores]) -> None:
    """Print the scores of answers against their seeds."""
    print_table(
        ["dataset", "seed label", "n", "precision", "recall", "F1", "95 % interval", "median",
         "floor F1", "rescaled"],
        [
            [
                group.dataset or "all",
                group.seed_label or "all",
                group.n,
                group.precision,
                group.recall,
                group.f1.value,
                _show_interval(group.f1),
                group.median,
                group.floor_f1,
                group.rescaled_f1,
            ]
            for group in groups
        ],
        title="BERTScore of answers against their seeds; the floor is that of shuffled pairs, "
        "rescaled is 0 there and 1 for equal texts",
    )  # fmt: skip


def _show_interval(estimate: Estimate | None) -> str | None:
    return "{:.4f}–{:.4f}".format(*estimate.interval) if estimate and estimate.interval else None


def _print_steps(groups: Sequence[GroupScores]) -> None:
    """Print where drift happens: from seed to question, and from question to answer."""
    heads = [f"{what} {figure}" for what in ("question", "answer")
             for figure in ("F1", "floor", "rescaled")]  # fmt: skip
    print_table(
        ["dataset", "seed label", *heads],
        [
            [
                group.dataset or "all",
                group.seed_label or "all",
                *_step_cells(group.query_seed),
                *_step_cells(group.answer_query),
            ]
            for group in groups
        ],
        title="Where it happens: question against seed, answer against question",
    )


def _step_cells(scores: Scores | None) -> list[float | None]:
    if scores is None:
        return [None, None, None]
    return [scores.f1.value, scores.floor_f1, scores.rescaled_f1]


def _print_flow(flow: Sequence[DatasetFlow], labels: Sequence[str]) -> None:
    """Print what became of the seeds' labels."""
    print_table(
        ["dataset", "seed label", *labels, "stays, %", "95 % interval"],
        [
            [item.dataset or "all", seed, *_flow_cells(row, labels)]
            for item in flow
            for seed, row in item.from_.items()
        ],
        title="What became of labels: answers by the label of their seed and their own",
    )


def _flow_cells(row: SeedLabelFlow, labels: Sequence[str]) -> list[object]:
    counts = [row.to.get(label, 0) for label in labels]
    if row.stays is None:
        return [*counts, None, None]
    ends = f"{100 * row.stays.low:.1f}–{100 * row.stays.high:.1f}"
    return [*counts, show_plain_percent(row.stays.value), ends]


def _print_labels(found: Drift, labels: Sequence[str]) -> None:
    """Print the answers' labels by dataset, and how their clusters' sizes are spread."""
    sizes = {item.dataset: item for item in found.cluster_sizes}
    rows = []
    for flow in found.flow:
        own = sizes.get(flow.dataset)
        rows.append(
            [
                flow.dataset or "all",
                flow.n,
                *(_show_label(flow, label) for label in labels),
                own and own.clusters,
                own and own.deviation,
            ]
        )
    print_table(
        ["dataset", "answers", *labels, "clusters", "size, SD"], rows,
        title="Labels of answers by dataset; sizes where clusters were made within it",
    )  # fmt: skip


def _show_label(flow: DatasetFlow, label: str) -> str:
    found = flow.labels.get(label)
    return f"{found.n:,} ({found.n / flow.n:.1%})" if found else "0 (0.0%)"


def _print_ways(ways: Sequence[Way]) -> None:
    """Print ways of asking side by side."""
    print_table(
        ["way", "seeds", "answers", "answer F1", "question F1", "stays, %", "what differs"],
        [
            [
                number,
                way.seeds,
                way.answers,
                way.answer_seed,
                way.query_seed,
                way.stays and show_plain_percent(way.stays.value),
                way.describe(),
            ]
            for number, way in enumerate(ways)
        ],
        title="Ways of asking",
    )


def _print_paired(paired: Sequence[PairedWays]) -> None:
    """Print the differences between ways of asking."""
    print_table(
        ["second − first", "compared", "seeds", "difference of F1", "95 % interval", "p"],
        [
            [
                f"{test.second} − {test.first}",
                test.comparison.replace("_", " against "),
                test.n,
                f"{test.difference.value:+.4f}",
                None if test.p is None else
                f"{test.difference.low:+.4f} to {test.difference.high:+.4f}",
                None if test.p is None else f"{test.p:.2g}",
            ]
            for test in paired
        ],
        title="Paired over the seeds that both ways asked about (Student's t)",
    )  # fmt: skip


def _print_production(tests: Sequence[ProductionTest]) -> None:
    """Print how well seeds and answers can be distinguished from production."""
    print_table(
        ["compared", "by", "length matched", "n", "production n", "ROC-AUC", "95 % interval"],
        [
            [
                test.compared,
                test.features,
                f"≤ {test.cut_tokens} tokens" if test.matched else "no",
                test.n_compared,
                test.n_production,
                "too few" if test.auc is None else test.auc.value,
                _show_interval(test.auc),
            ]
            for test in tests
        ],
        title="How well they can be distinguished from production: 0.5 is not at all, 1 always",
    )
