"""Takes personal data out of texts before anything is stored, by the user's own expressions."""

import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from store.errors import ImportRefused

_TABLE: Final = "patterns"
_FORM: Final = f"It must hold a table [{_TABLE}] of names and regular expressions, such as\n  \
[{_TABLE}]\n  e-mail = '[\\w.+-]+@[\\w-]+(\\.[\\w-]+)+'"


@dataclass(frozen=True, slots=True)
class Redaction:
    """Named expressions of a file; what they match becomes the name in brackets.

    `counts` says how often each has matched so far.
    """

    file: str
    digest: str
    patterns: Mapping[str, re.Pattern[str]]
    counts: Counter[str] = field(default_factory=Counter)

    def apply(self, text: str) -> str:
        """A text without what the expressions match, in their order."""
        for name, pattern in self.patterns.items():
            text, found = pattern.subn(f"[{name}]", text)
            if found:
                self.counts[name] += found
        return text

    def apply_within(self, value: object) -> object:
        """A value of JSON with all texts in it redacted; keys stay."""
        if isinstance(value, str):
            return self.apply(value)
        if isinstance(value, list):
            return [self.apply_within(item) for item in value]
        if isinstance(value, dict):
            return {key: self.apply_within(item) for key, item in value.items()}
        return value


def read_redaction(path: Path) -> Redaction:
    """The expressions of a TOML file. Raises ImportRefused for one that cannot be used."""
    try:
        raw = path.read_bytes()
        found = tomllib.loads(raw.decode())
    except OSError as error:
        raise ImportRefused(f"{path} cannot be read: {error.strerror or error}.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ImportRefused(f"{path} is not TOML: {error}. {_FORM}") from error
    patterns = found.get(_TABLE)
    if set(found) != {_TABLE} or not isinstance(patterns, dict) or not patterns:
        raise ImportRefused(f"{path} has no patterns, or more than them. {_FORM}")
    compiled = {name: _compile(path, name, pattern) for name, pattern in patterns.items()}
    return Redaction(path.name, hashlib.sha256(raw).hexdigest(), compiled)


def _compile(path: Path, name: str, pattern: object) -> re.Pattern[str]:
    if not isinstance(pattern, str):
        raise ImportRefused(f"{path}: pattern {name!r} is not a text. {_FORM}")
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise ImportRefused(
            f"{path}: pattern {name!r} is not a regular expression: {error}."
        ) from error
    if compiled.search(""):
        raise ImportRefused(f"{path}: pattern {name!r} matches nothing at all; make it longer.")
    return compiled
