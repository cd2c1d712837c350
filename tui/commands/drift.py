"""The command that shows drift."""

from collections.abc import Sequence
from typing import Any

import typer

from tui.commands.output import JsonOption, open_workspace, print_json, print_table, say


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command("drift")(drift)


def drift(context: typer.Context, as_json: JsonOption = False) -> None:
    """Show how far answers are from their seeds, where that happens, and what labels became."""
    from tui.services.results.drift import drift_figures

    workspace = open_workspace(context)
    with workspace.database() as database:
        figures = drift_figures(database)
    if as_json:
        print_json(figures)
        return
    if not figures["groups"]:
        say("No answer has a drift score yet; `backquery run drift` makes them.")
    else:
        print_drift(figures)
        _print_parts(figures)
        _print_flow(figures)
        _print_labels(figures)
        _print_ways(figures)
    _print_production(figures)


def print_drift(figures: dict[str, Any]) -> None:
    """Print the scores of answers against their seeds."""
    print_table(
        ["dataset", "seed label", "n", "precision", "recall", "F1", "95 % interval", "median",
         "floor F1", "rescaled"],
        [
            [
                group["dataset"] or "all",
                group["seed_label"] or "all",
                group["n"],
                group["precision"],
                group["recall"],
                group["f1"],
                _show_interval(group["interval"]),
                group["median"],
                group["floor_f1"],
                group["rescaled_f1"],
            ]
            for group in figures["groups"]
        ],
        title="BERTScore of answers against their seeds; the floor is that of shuffled pairs, "
        "rescaled is 0 there and 1 for equal texts",
    )  # fmt: skip


def _show_interval(interval: Sequence[float] | None) -> str | None:
    return "{:.4f}–{:.4f}".format(*interval) if interval else None


def _print_parts(figures: dict[str, Any]) -> None:
    """Print where drift happens: from seed to question, and from question to answer."""
    rows = []
    for group in figures["groups"]:
        row = [group["dataset"] or "all", group["seed_label"] or "all"]
        for name in ("query_seed", "answer_query"):
            part = group[name] or {}
            row += [part.get("f1"), part.get("floor_f1"), part.get("rescaled_f1")]
        rows.append(row)
    heads = [f"{what} {figure}" for what in ("question", "answer")
             for figure in ("F1", "floor", "rescaled")]  # fmt: skip
    print_table(
        ["dataset", "seed label", *heads],
        rows,
        title="Where it happens: question against seed, answer against question",
    )


def _print_flow(figures: dict[str, Any]) -> None:
    """Print what became of the seeds' labels."""
    labels = sorted({label for flow in figures["flow"] for label in flow["labels"]})
    if not labels:
        return
    print_table(
        ["dataset", "seed label", *labels, "stays, %", "95 % interval"],
        [
            [
                flow["dataset"] or "all",
                seed,
                *(row["to"].get(label, 0) for label in labels),
                None if row["stays"]["share"] is None else f"{100 * row['stays']['share']:.1f}",
                _show_percent(row["stays"]["interval"]),
            ]
            for flow in figures["flow"]
            for seed, row in flow["from"].items()
        ],
        title="What became of labels: answers by the label of their seed and their own",
    )


def _print_labels(figures: dict[str, Any]) -> None:
    """Print the answers' labels by dataset, and how their clusters' sizes are spread."""
    labels = sorted({label for flow in figures["flow"] for label in flow["labels"]})
    if not labels:
        return
    sizes = {item["dataset"]: item for item in figures["cluster_sizes"]}
    nothing = {"n": 0, "share": 0.0}
    print_table(
        ["dataset", "answers", *labels, "clusters", "size, SD"],
        [
            [
                flow["dataset"] or "all",
                flow["n"],
                *(
                    "{n:,} ({share:.1%})".format(**flow["labels"].get(label, nothing))
                    for label in labels
                ),
                sizes.get(flow["dataset"], {}).get("clusters"),
                sizes.get(flow["dataset"], {}).get("deviation"),
            ]
            for flow in figures["flow"]
        ],
        title="Labels of answers by dataset; sizes where clusters were made within it",
    )


def _show_percent(interval: Sequence[float] | None) -> str | None:
    return "{:.1f}–{:.1f}".format(*(100 * end for end in interval)) if interval else None


def _print_ways(figures: dict[str, Any]) -> None:
    """Print ways of asking side by side, where there are more than one."""
    from tui.screens.drift.wording import describe_way

    ways = figures["ways"]
    if len(ways) < 2:
        return
    print_table(
        ["way", "seeds", "answers", "answer F1", "question F1", "stays, %", "what differs"],
        [
            [
                number,
                way["seeds"],
                way["answers"],
                way["answer_seed"],
                way["query_seed"],
                None if way["stays"]["share"] is None else f"{100 * way['stays']['share']:.1f}",
                describe_way(way["differs"]),
            ]
            for number, way in enumerate(ways)
        ],
        title="Ways of asking",
    )
    print_table(
        ["second − first", "compared", "seeds", "difference of F1", "95 % interval", "p"],
        [
            [
                f"{pair['second']} − {pair['first']}",
                pair["comparison"].replace("_", " against "),
                pair["n"],
                f"{pair['difference']:+.4f}",
                None if pair["p"] is None else f"{pair['low']:+.4f} to {pair['high']:+.4f}",
                None if pair["p"] is None else f"{pair['p']:.2g}",
            ]
            for pair in figures["paired"]
        ],
        title="Paired over the seeds that both ways asked about (Student's t)",
    )


def _print_production(figures: dict[str, Any]) -> None:
    """Print how well seeds and answers can be told from production, where that was measured."""
    if not figures["production"]:
        return
    print_table(
        ["compared", "by", "length matched", "n", "production n", "ROC-AUC", "95 % interval"],
        [
            [
                row["compared"],
                row["features"],
                f"≤ {row['config']['cut_tokens']} tokens" if row["matched"] else "no",
                row["n_compared"],
                row["n_production"],
                "too few" if row["auc"] is None else row["auc"],
                None if row["auc"] is None else _show_interval((row["low"], row["high"])),
            ]
            for row in figures["production"]
        ],
        title="How well they can be told from production: 0.5 is not at all, 1 always",
    )
