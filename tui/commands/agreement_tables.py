"""The tables of agreement: annotators, every two of them, and which labels they differ in."""

import typer

from tui.commands.figures import percent
from tui.commands.output import print_table, say
from tui.services.inert import one_line
from tui.services.numbers import show_share
from tui.services.results.agreement import AgreementReport, PairAgreement, describe_alphas

REPLY_WIDTH = 60  # of an unread reply


def print_agreement(report: AgreementReport) -> None:
    """Print who labelled how much, how far every two agree, and where they differ."""
    if not report.annotators:
        say(
            "Nobody has labelled anything yet: `backquery label` and `backquery annotate --model "
            "REF` do."
        )
        return
    print_table(
        ["annotator", "kind", "labelled", "not read"],
        [[item.name, item.kind, item.n, item.failed] for item in report.annotators],
        title="Annotators: answers labelled; replies of models in which no label was found",
    )
    if not report.pairs:
        say("No two of them have labelled the same answer yet.")
    else:
        print_table(
            ["first", "second", "n", "alike, per cent", "kappa"],
            [
                [
                    pair.first,
                    pair.second,
                    pair.agreement.n,
                    percent(pair.agreement.agreement),
                    show_share(pair.agreement.kappa),
                ]
                for pair in report.pairs
            ],
            title="Every two on the answers that both labelled (95 % interval)",
        )
        for line in describe_alphas(report):
            typer.echo(line)
        typer.echo("")
        for pair in report.pairs:
            _print_confusion(pair)
        typer.echo(f"{report.method}.")
    for failure in report.failures:
        reply = "no reply" if failure.reply is None else repr(one_line(failure.reply, REPLY_WIDTH))
        say(f"{one_line(failure.annotator)}: {reply}: {one_line(failure.error, REPLY_WIDTH)}")


def _print_confusion(pair: PairAgreement) -> None:
    labels, rows = pair.confusion.labels, pair.confusion.rows
    print_table(
        ["", *labels],
        [[label, *counts] for label, counts in zip(labels, rows, strict=True)],
        title=f"Down: {pair.first}; across: {pair.second}",
    )
