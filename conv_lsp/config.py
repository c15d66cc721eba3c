"""Settings, from `[tool.conv-lsp]` in pyproject.toml and from editors: one schema for both.

What is not known or has the wrong type is reported in words, and the rest is used.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from pathlib import Path

Level: TypeAlias = Literal["error", "warning", "info", "hint", "off"]

LEVELS: tuple[Level, ...] = ("error", "warning", "info", "hint", "off")

Values: TypeAlias = Literal["changes", "all", "off"]

VALUES: tuple[Values, ...] = ("changes", "all", "off")


@dataclass(frozen=True, slots=True)
class Hints:
    """Which inlay hints are shown.

    `values`: those behind tensor lines: all, or only where the size is another than before.
    """

    layers: bool = True
    values: Values = "changes"
    inputs: bool = True
    receptive_field: bool = True


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person can choose.

    `python` is the path of the interpreter whose installed packages are read; None is the project's
    own environment. `max_hint_length` is in characters. `rules` gives the level of single rules by
    code. `steps` bounds the work of one analysis. `worker` tells whether torch may be asked about
    operators that are not modelled; it is only where the editor says that the workspace is trusted.
    """

    python: str | None = None
    hints: Hints = field(default_factory=Hints)
    max_hint_length: int = 43
    rules: Mapping[str, Level] = field(default_factory=dict)
    steps: int = 500_000
    worker: bool = True


DIAGNOSTIC_MODES = ("openFilesOnly", "workspace")

LOG_LEVELS = ("error", "warning", "info", "debug")

_LEAST = {"max_hint_length": 10, "steps": 1_000}


def load(path: Path) -> tuple[Settings, list[str]]:
    """Settings of a pyproject.toml, and what is wrong with them. No file is no settings."""
    try:
        document = tomllib.loads(path.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        return Settings(), []
    except OSError as error:
        return Settings(), [f"{path.name} cannot be read: {error.strerror}"]
    except (ValueError, RecursionError) as error:
        return Settings(), [f"{path.name} is not valid TOML: {error}"]
    tool = document.get("tool", {})
    tables = tool if isinstance(tool, dict) else {}
    settings, problems = _read(tables.get("conv-lsp", {}), Settings(), ())
    told = [f"{path.name}, [tool.conv-lsp]: {problem}" for problem in problems]
    if "conv_lsp" in tables:
        told.append(f"{path.name}: [tool.conv_lsp] is not read; the table is [tool.conv-lsp]")
    return settings, told


def from_client(given: object, base: Settings | None = None) -> tuple[Settings, list[str]]:
    """An editor's settings over `base`, and what is wrong with them.

    Names may be written as in `receptiveField`, and nested ones as in `hints.layers`.
    """
    settings, problems = _read(given, base or Settings(), _CLIENT_ONLY)
    for key, value in given.items() if isinstance(given, Mapping) else ():
        accepted = _CHOICES.get(_name_of(str(key)))
        if accepted is not None and value not in accepted:
            problems.append(_wrong(str(key), _either(accepted), value))
    return settings, problems


def diagnostic_mode(given: Mapping[str, object]) -> str:
    """Of an editor's settings: whether findings in files are wanted that are not open."""
    found = [value for key, value in given.items() if _name_of(key) == "diagnostic_mode"]
    return "workspace" if "workspace" in found else "openFilesOnly"


def log_level(given: Mapping[str, object]) -> str:
    """Of an editor's settings: the least severe of what is logged."""
    found = [value for key, value in given.items() if _name_of(key) == "log_level"]
    return next((level for level in LOG_LEVELS if level in found), "info")


def unknown_rules(settings: Settings, codes: Iterable[str]) -> list[str]:
    """What is wrong with the rules named in the settings, given the codes that there are."""
    known = sorted(codes)
    return [
        f"there is no rule '{code}'{_suggestion(code, known)}"
        for code in settings.rules
        if code not in known
    ]


_CHOICES = {"diagnostic_mode": DIAGNOSTIC_MODES, "log_level": LOG_LEVELS}

# Keys that only an editor's section has, most of them for the editor's own side.
_CLIENT_ONLY = ("path", "trace", "enable", "interpreter", "import_strategy", "trusted", *_CHOICES)


def _read(given: object, base: Settings, ignored: tuple[str, ...]) -> tuple[Settings, list[str]]:
    if given is None:
        return base, []
    if not isinstance(given, Mapping):
        return base, [f"a table of settings is expected, not {_shown(given)}"]
    problems: list[str] = []
    changes: dict[str, Any] = {}
    for key, value in _unfolded(given).items():
        if _name_of(key.split(".")[0]) in ignored:
            continue
        name = _name_of(key)
        if name == "python" and (value is None or isinstance(value, str)):
            changes[name] = value or None
        elif name == "python":
            problems.append(_wrong(key, "a path", value))
        elif name == "hints":
            changes[name] = _hints(value, base.hints, problems)
        elif name == "rules":
            changes[name] = {**base.rules, **_rules(value, problems)}
        elif name == "worker":
            if value in ("on", "off") or isinstance(value, bool):
                changes[name] = value in ("on", True)
            else:
                problems.append(_wrong(key, "on or off", value))
        elif name in _LEAST:
            if type(value) is int and value >= _LEAST[name]:
                changes[name] = value
            else:
                expected = f"a whole number of at least {_LEAST[name]}"
                problems.append(_wrong(key, expected, value))
        elif name in _CHOICES:
            problems.append(f"'{key}' is a setting of editors only")
        else:
            problems.append(_unknown(key, [_key_of(f.name) for f in fields(Settings)]))
    return replace(base, **changes), problems


def _hints(given: object, base: Hints, problems: list[str]) -> Hints:
    if not isinstance(given, Mapping):
        problems.append(_wrong("hints", "a table", given))
        return base
    names = [f.name for f in fields(Hints)]
    changes: dict[str, Any] = {}
    for key, value in given.items():
        name = _name_of(key)
        if name not in names:
            keys = [f"hints.{_key_of(name)}" for name in names]
            problems.append(_unknown(f"hints.{key}", keys))
        elif name == "values":
            if isinstance(value, str) and value in VALUES:
                changes[name] = value
            else:
                problems.append(_wrong(f"hints.{key}", _either(VALUES), value))
        elif not isinstance(value, bool):
            problems.append(_wrong(f"hints.{key}", "true or false", value))
        else:
            changes[name] = value
    return replace(base, **changes)


def _rules(given: object, problems: list[str]) -> dict[str, Level]:
    if not isinstance(given, Mapping):
        problems.append(_wrong("rules", "a table from codes to levels", given))
        return {}
    found: dict[str, Level] = {}
    for code, level in given.items():
        if isinstance(level, str) and level in LEVELS:
            found[str(code)] = level
        else:
            near = _suggestion(level, LEVELS) if isinstance(level, str) else ""
            problems.append(_wrong(f"rules.{code}", _either(LEVELS), level) + near)
    return found


def _unfolded(given: Mapping[object, object]) -> dict[str, object]:
    """`{"hints.layers": x}` as `{"hints": {"layers": x}}`."""
    result: dict[str, object] = {}
    for key, value in given.items():
        head, dot, rest = str(key).partition(".")
        if not dot or head not in ("hints", "rules"):
            result[str(key)] = value
            continue
        inner = result.get(head)
        result[head] = {**(inner if isinstance(inner, Mapping) else {}), rest: value}
    return result


def _name_of(key: object) -> str:
    """`receptiveField` and `receptive-field` as `receptive_field`."""
    text = str(key).replace("-", "_")
    return "".join(f"_{c.lower()}" if c.isascii() and c.isupper() else c for c in text)


def _key_of(name: str) -> str:
    """`receptive_field` as the documents have it, `receptiveField`."""
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))


def _either(choices: Sequence[str]) -> str:
    return f"{', '.join(choices[:-1])} or {choices[-1]}"


def _unknown(key: str, names: list[str]) -> str:
    return f"unknown key '{key}'{_suggestion(key, names)}; accepted: {', '.join(names)}"


def _suggestion(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, known, 1)
    return f", did you mean '{near[0]}'?" if near else ""


def _wrong(key: str, expected: str, value: object) -> str:
    return f"'{key}' has to be {expected}, not {_shown(value)}"


def _shown(value: object) -> str:
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # a number too long to be printed
        text = type(value).__name__
    return text if len(text) <= 60 else f"{text[:57]}..."
