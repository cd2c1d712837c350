"""Prompt templates: how a text becomes the prompt that a language model is given.

A template is a TOML file of the workspace. Its digest goes with every row it made, and so
does the digest of each rendered prompt.
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from engine.errors import JobSpecInvalid
from store.ids import text_digest
from store.validation import describe_problems

TrimRule = Literal["none", "question"]
LABELS: Final = "{labels}"  # the place of the task's labels in a template that asks for one
CONTEXT: Final = "{context}"  # the place of a pair's context in a template that takes pairs
ANSWER: Final = "{answer}"  # the place of a flagged answer in a template that asks for a better one
FORM: Final = "{form}"  # the place of the JSON to reply with in a template that asks for it


class Example(BaseModel):
    """A worked example of a few-shot template: an input and the wished output."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    output: str


class Template(BaseModel):
    """A prompt template. `{text}` in `prompt` stands for the seed or the question.

    `style` "chat" sends a system and a user message through the model's chat template;
    "completion" sends plain text, the examples first, each as `prompt` followed by its output.
    Generation ends at the first of `stop`. `trim` names the rule that makes the text which is
    sent on from the raw output.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    style: Literal["chat", "completion"]
    prompt: str
    system: str = ""
    examples: tuple[Example, ...] = ()
    separator: str = "\n\n"
    stop: tuple[str, ...] = ()
    trim: TrimRule = "none"
    description: str = Field(default="", exclude=True)

    @model_validator(mode="after")
    def _has_a_place_for_the_text(self) -> "Template":
        if "{text}" not in self.prompt:
            raise ValueError("prompt must contain {text}, the place where the text goes")
        return self

    @property
    def digest(self) -> str:
        """SHA-256 over everything that changes a prompt; the description does not."""
        return text_digest(self.model_dump_json())

    def fill(
        self, text: str, *, places: Mapping[str, str] = MappingProxyType({}), whole: bool = False
    ) -> "Prompt":
        """The prompt for one text, `whole` if it must not be cut.

        `places` are what other names in braces stand for. Braces in the text, and in what is put
        in other places, are left as they are.
        """
        asked = _put(self.prompt, {**places, "text": text.strip()})
        turns = tuple(
            (_put(self.prompt, {**places, "text": example.text}), example.output)
            for example in self.examples
        )
        system = _put(self.system, places)
        if self.style == "chat":
            return Prompt(user=asked, system=system, turns=turns, whole=whole)
        lead = [system] if system else []
        shown = [f"{example} {output}" for example, output in turns]
        asked = self.separator.join([*lead, *shown, asked])
        return Prompt(user=asked, completion=True, whole=whole)


def _put(form: str, places: Mapping[str, str]) -> str:
    """A text with what names in braces stand for in their places; other braces stay."""
    return re.sub(r"\{(\w+)\}", lambda found: places.get(found[1], found[0]), form)


class Prompt(BaseModel):
    """What a generator is asked: chat messages, or with `completion` one plain text.

    `turns` are earlier pairs of user and assistant messages (examples), oldest first. A `whole`
    prompt must not be cut: where the model cannot read all of it, there is an error.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    user: str
    system: str = ""
    turns: tuple[tuple[str, str], ...] = ()
    completion: bool = False
    whole: bool = False

    def with_system_inside(self) -> "Prompt":
        """The prompt with its system prompt at the head of its first user message."""
        (first, answer), *later = self.turns or ((self.user, ""),)
        opened = f"{self.system}\n\n{first}".strip()
        if not self.turns:
            return Prompt(user=opened)
        return Prompt(user=self.user, turns=((opened, answer), *later))

    def messages(self) -> list[dict[str, str]]:
        """The messages as chat models and servers take them."""
        found = [{"role": "system", "content": self.system}] if self.system else []
        for user, assistant in self.turns:
            found += [
                {"role": "user", "content": user},
                {"role": "assistant", "content": assistant},
            ]
        return [*found, {"role": "user", "content": self.user}]


def load_template(path: Path) -> Template:
    """Read a template file. Raises JobSpecInvalid with the file's name and what is wrong."""
    try:
        return Template.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise JobSpecInvalid(f"The template {path} cannot be read: {error}") from error
    except ValidationError as error:
        problems = describe_problems(error)
        raise JobSpecInvalid(f"The template {path} cannot be used: {problems}.") from error


def alike_templates(folder: Path, template: Template) -> list[str]:
    """The names of the other templates of a folder that ask for the same kind of text, in order.

    They trim it by the same rule, and name the same of labels, a form, an answer and a context.
    """
    found = []
    for path in sorted(folder.glob("*.toml")):
        try:
            other = load_template(path)
        except JobSpecInvalid:
            continue
        if _kind(other) == _kind(template) and other.digest != template.digest:
            found.append(path.stem)
    return found


def _kind(template: Template) -> tuple[TrimRule, *tuple[bool, ...]]:
    """What a template asks for, by the places that it has."""
    named = template.prompt + template.system
    return template.trim, *(place in named for place in (LABELS, FORM, ANSWER, CONTEXT))
