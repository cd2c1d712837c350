from tui.services.results.new_text import ShownText, in_lines, in_one_line

TEXT = ShownText(
    row_id="q1",
    stage="answers",
    texts=(
        ("seed", "Rest. " * 50),
        ("question", "How\nlong?"),
        ("answer", "\x1b[2JTwo days. " * 50),
    ),
    flags=("echo",),
    new_tokens=1,
    ended="limit",
    error=None,
)


def test_a_text_is_said_with_flags_length_and_what_ended_it() -> None:
    assert TEXT.remark == "echo, 1 token, token limit"
    failed = ShownText("q1", "answers", TEXT.texts, (), 0, "error", "HTTP 500\n\x1b[31mred")
    assert failed.remark == "error: HTTP 500 ␛[31mred"


def test_on_one_line_what_was_written_has_most_of_it_and_nothing_acts() -> None:
    line = in_one_line(TEXT, 80)
    seed, question, answer = line.split(" ▸ ")
    assert (len(line) <= 80, question) == (True, "How long?")
    assert seed.startswith("Rest. Rest.")
    assert answer.startswith("␛[2JTwo days.")
    assert len(answer) > len(seed)


def test_in_lines_each_text_has_one_after_its_name() -> None:
    lines = list(in_lines(TEXT, 60))
    assert [line[:10].strip() for line in lines] == ["seed", "question", "answer", ""]
    assert all(len(line) <= 60 for line in lines)
    assert lines[-1].strip() == TEXT.remark
