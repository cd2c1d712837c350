"""A try as tables: a row for each way, then what each asked for every seed."""

import typer

from tui.commands.output import print_table
from tui.services.inert import one_line
from tui.services.results.quality import describe_signs
from tui.services.results.trial import Trial, TriedQuestion, TriedWay


def print_trial(trial: Trial) -> None:
    """Print the ways, and then their questions seed by seed."""
    models = {way.model for way in trial.ways}
    columns = ["way", "template", "temp.", "n", "similarity", "tokens/s", "signs, share [95 %]"]
    if len(models) > 1:
        columns.insert(1, "model")
    print_table(columns, [_way(way, with_model=len(models) > 1) for way in trial.ways])
    typer.echo("* as in workspace.toml; similarity is the mean cosine of a question to its seed")
    for place, seed in enumerate(trial.seeds, start=1):
        typer.echo(f"\nseed {place}  {one_line(seed.text)}")
        for question in seed.questions:
            typer.echo(f"{question.way:>6}  {_question(question)}")


def _way(way: TriedWay, *, with_model: bool) -> list[object]:
    figures = [way.n, _similarity(way), _rate(way), _signs(way)]
    model: list[object] = [way.model] if with_model else []
    number = f"{way.number}*" if way.is_current else str(way.number)
    return [number, *model, way.template, f"{way.temperature:g}", *figures]


def _similarity(way: TriedWay) -> str | None:
    found = way.similarity
    if found is None:
        return None
    return f"{found.value:.2f}" + (f" [{found.low:.2f}–{found.high:.2f}]" if found.interval else "")


def _rate(way: TriedWay) -> int | None:
    return None if way.tokens_per_s is None else round(way.tokens_per_s)


def _signs(way: TriedWay) -> str:
    if way.error:
        return f"{way.failed} failed: {way.error}"
    return describe_signs(way.signs) or "none"


def _question(question: TriedQuestion) -> str:
    text = one_line(question.error or question.text or "–")
    return f"{text}  [{', '.join(question.flags)}]" if question.flags else text
