"""The tables that `drift` prints; where they are too wide, intervals go below their figures."""

from collections.abc import Sequence

from engine.statistics.estimate import Estimate
from tui.commands.figures import Figure, percent
from tui.commands.output import print_table
from tui.services.numbers import show_interval
from tui.services.results.distribution import Distribution
from tui.services.results.drift import Drift
from tui.services.results.drift_over_time import JobDrift
from tui.services.results.drift_scores import GroupScores, Scores
from tui.services.results.label_flow import DatasetFlow, SeedLabelFlow
from tui.services.results.production import ProductionTest
from tui.services.results.ways import PairedWays, Way


def print_scores(groups: Sequence[GroupScores]) -> None:
    """Print the scores of answers against their seeds."""
    print_table(
        ["dataset", "seed label", "n", "F1 (95 %)", "floor", "rescaled", "median", "P", "R"],
        [
            [
                group.dataset or "all",
                group.seed_label or "all",
                group.n,
                _four_digits(group.f1),
                group.floor_f1,
                group.rescaled_f1,
                group.median,
                group.precision,
                group.recall,
            ]
            for group in groups
        ],
        title="BERTScore of answers against their seeds; the floor is that of shuffled pairs, "
        "rescaled is 0 there and 1 for equal texts",
    )


def _four_digits(estimate: Estimate | None) -> Figure | None:
    """A figure with its interval."""
    if estimate is None:
        return None
    value = f"{estimate.value:.4f}"
    if estimate.interval is None:
        return Figure(value, (value,))
    ends = show_interval(*estimate.interval, 4)
    return Figure(f"{value} ({ends})", (value, ends))


def print_steps(groups: Sequence[GroupScores]) -> None:
    """Print where drift happens: from seed to question, and from question to answer."""
    heads = ["question F1", "floor", "rescaled", "answer F1", "floor", "rescaled"]
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
        title="Where it happens: question against seed, answer against question (95 %)",
    )


def _step_cells(scores: Scores | None) -> list[object]:
    if scores is None:
        return [None, None, None]
    return [_four_digits(scores.f1), scores.floor_f1, scores.rescaled_f1]


def print_over_time(jobs: Sequence[JobDrift]) -> None:
    """Print the drift of each job that wrote answers; of one job it is in the scores already."""
    if len({job.job_id for job in jobs}) < 2:
        return
    print_table(
        ["job", "began (UTC)", "dataset", "n", "answer F1 (95 %)", "question F1 (95 %)"],
        [
            [
                job.job_id,
                None if job.began_at is None else f"{job.began_at:%Y-%m-%d %H:%M}",
                job.dataset or "all",
                job.answers,
                _four_digits(job.answer_seed),
                _four_digits(job.query_seed),
            ]
            for job in jobs
        ],
        title="Over time: the answers that each job wrote, and their questions, against the seeds",
    )


def print_flow(flow: Sequence[DatasetFlow], labels: Sequence[str]) -> None:
    """Print what became of the seeds' labels."""
    print_table(
        ["dataset", "seed label", *labels, "stays, % (95 %)"],
        [
            [item.dataset or "all", seed, *_flow_cells(row, labels)]
            for item in flow
            for seed, row in item.from_.items()
        ],
        title="What became of labels: answers by the label of their seed and their own",
    )


def _flow_cells(row: SeedLabelFlow, labels: Sequence[str]) -> list[object]:
    return [*(row.to.get(label, 0) for label in labels), percent(row.stays)]


def print_labels(found: Drift, labels: Sequence[str]) -> None:
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


def _show_label(flow: DatasetFlow, label: str) -> Figure:
    found = flow.labels.get(label)
    n = found.n if found else 0
    share = f"{n / flow.n:.1%}" if flow.n else "–"
    return Figure(f"{n:,} ({share})", (f"{n:,}", share))


def print_ways(ways: Sequence[Way]) -> None:
    """Print ways of asking side by side."""
    print_table(
        ["way", "seeds", "answers", "answer F1", "question F1", "stays, % (95 %)", "what differs"],
        [
            [
                number,
                way.seeds,
                way.answers,
                way.answer_seed,
                way.query_seed,
                percent(way.stays),
                way.describe(),
            ]
            for number, way in enumerate(ways)
        ],
        title="Ways of asking",
    )


def print_paired(paired: Sequence[PairedWays]) -> None:
    """Print the differences between ways of asking."""
    print_table(
        ["second − first", "compared", "seeds", "difference of F1 (95 %)", "p"],
        [
            [
                f"{test.second} − {test.first}",
                test.comparison.replace("_", " against "),
                test.n,
                _difference(test.difference),
                None if test.p is None else f"{test.p:.2g}",
            ]
            for test in paired
        ],
        title="Paired over the seeds that both ways asked about (Student's t)",
    )


def _difference(estimate: Estimate) -> Figure:
    value = f"{estimate.value:+.4f}"
    if estimate.interval is None:
        return Figure(value, (value,))
    ends = "{:+.4f} to {:+.4f}".format(*estimate.interval)
    return Figure(f"{value} ({ends})", (value, ends))


def print_distributions(found: Sequence[Distribution]) -> None:
    """Print how answers as a whole differ from their seeds."""
    rows: list[list[object]] = []
    for item in found:
        texts = "equal length" if item.matched else "as they are"
        p = None if item.mmd2_p is None else f"{item.mmd2_p:.2g}"
        name = [item.dataset or "all", texts]
        sides = (item.seeds, item.answers)
        distinct = (_four_digits(side.distinct_2) for side in sides)
        rows += [
            [*name, "MMD²", item.pairs, "", _four_digits(item.mmd2), p],
            [*name, "distinct-2", item.pairs, *distinct, ""],
            [*name, "near copies, %", item.pairs, *(percent(s.near_duplicates) for s in sides), ""],
            [*name, "empty clusters, %", item.clusters, *(percent(s.empty_clusters) for s in sides),
             ""],
        ]  # fmt: skip
    print_table(
        ["dataset", "texts", "figure", "n", "seeds (95 %)", "answers (95 %)", "p"], rows,
        title="Answers and seeds as a whole. Answers are longer, which alone makes a difference: "
        "rely on equal length, where each pair is cut to its shorter text",
    )  # fmt: skip


def print_production(tests: Sequence[ProductionTest]) -> None:
    """Print how well seeds and answers can be distinguished from production."""
    print_table(
        ["compared", "by", "length matched", "n", "production n", "ROC-AUC (95 %)"],
        [
            [
                test.compared,
                test.features,
                f"≤ {test.cut_tokens} tokens" if test.matched else "no",
                test.n_compared,
                test.n_production,
                "too few" if test.auc is None else _four_digits(test.auc),
            ]
            for test in tests
        ],
        title="How well they can be distinguished from production: 0.5 is not at all, 1 always",
    )
