from pathlib import Path

import pytest

from engine.errors import JobSpecInvalid
from engine.generation.templates import Example, Template, alike_templates, load_template
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


def test_other_names_in_braces_stand_for_what_is_given_for_them() -> None:
    template = Template(name="t", style="completion", prompt="{a}: {text} {b}", system="{a}!")
    filled = template.fill("{a}", places={"a": "{text}"})
    assert filled.user == "{text}!\n\n{text}: {a} {b}"


def test_a_template_is_like_those_that_ask_for_the_same_thing(tmp_path: Path) -> None:
    for name, prompt in {
        "answer": "{text}", "judge": "{labels} {text}", "scenario": "{labels} {text} {form}",
        "other": "{text} {form} {labels}",
    }.items():  # fmt: skip
        content = f'name = "{name}"\nstyle = "chat"\nprompt = "{prompt}"\n'
        (tmp_path / f"{name}.toml").write_text(content)
    scenario = load_template(tmp_path / "scenario.toml")
    assert alike_templates(tmp_path, scenario) == ["other"]
    assert alike_templates(tmp_path, load_template(tmp_path / "answer.toml")) == []


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
