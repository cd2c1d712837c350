from pathlib import Path

import pytest

from engine.errors import JobSpecInvalid
from engine.generation.templates import Example, Template, load_template
from tui.services.settings import presets

SHIPPED = sorted(Path(str(presets() / "templates")).glob("*.toml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_templates_can_be_used_and_are_named_like_their_files(path: Path) -> None:
    template = load_template(path)
    assert template.name == path.stem
    assert "a seed text" in template.fill("a seed text").user


def test_the_papers_template_asks_word_for_word_as_in_table_1() -> None:
    prompt = load_template(Path(str(presets() / "templates" / "papers.toml"))).fill("Drink water.")
    assert prompt.user == (
        "What question did the user ask to generate the following text:\n\n"
        "Drink water.\n\nThe user prompt is:"
    )
    assert prompt.messages() == [{"role": "user", "content": prompt.user}]


def test_examples_come_first_in_a_completion_and_the_prompt_ends_where_the_model_goes_on() -> None:
    template = Template(
        name="t",
        style="completion",
        prompt="T: {text}\nQ:",
        examples=(Example(text="one", output="two?"),),
    )
    assert template.fill("three ").user == "T: one\nQ: two?\n\nT: three\nQ:"


def test_examples_are_turns_of_a_chat() -> None:
    template = Template(
        name="t", style="chat", prompt="{text}", system="Be brief.",
        examples=(Example(text="one", output="two?"),),
    )  # fmt: skip
    roles = [message["role"] for message in template.fill("three").messages()]
    assert roles == ["system", "user", "assistant", "user"]


def test_braces_in_a_text_are_only_text() -> None:
    template = Template(name="t", style="chat", prompt="Say {text}")
    assert template.fill("{text} {0} {}").user == "Say {text} {0} {}"


def test_the_digest_changes_with_the_prompt_but_not_with_the_description() -> None:
    one = Template(name="t", style="chat", prompt="{text}", description="a")
    assert one.digest == one.model_copy(update={"description": "b"}).digest
    assert one.digest != one.model_copy(update={"prompt": "{text}!"}).digest


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('name = "t"\nstyle = "chat"\nprompt = "no place"', "must contain {text}"),
        ('name = "t"\nstyle = "chat"\nprompt = "{text}"\nmood = 1', "mood"),
        ("name = ", "Invalid"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_with_its_path(
    text: str, problem: str, tmp_path: Path
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(JobSpecInvalid, match=f"(?s)mine.toml.*{problem}"):
        load_template(path)
