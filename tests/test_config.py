"""Settings are read as written, and whatever cannot be used is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from conv_lsp.config import Hints, Settings, from_client, load, unknown_rules


def read(tmp_path: Path, text: str) -> tuple[Settings, list[str]]:
    path = tmp_path / "pyproject.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return load(path)


def test_everything_can_be_set(tmp_path: Path) -> None:
    settings, problems = read(
        tmp_path,
        """
        [tool.conv-lsp]
        python = ".venv/bin/python"
        max_hint_length = 40
        steps = 2000
        hints.layers = false
        hints.receptive_field = false
        [tool.conv-lsp.rules]
        conv-channels = "warning"
        gridding = "off"
        """,
    )
    assert problems == []
    assert settings == Settings(
        python=".venv/bin/python",
        hints=Hints(layers=False, receptive_field=False),
        max_hint_length=40,
        rules={"conv-channels": "warning", "gridding": "off"},
        steps=2000,
    )


@pytest.mark.parametrize("text", ["", "[project]\nname = 'x'", "[tool.ruff]\n", "tool = 1"])
def test_no_section_is_no_settings(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == (Settings(), [])


def test_a_section_of_another_name_is_told(tmp_path: Path) -> None:
    settings, problems = read(tmp_path, "[tool.conv_lsp]\nsteps = 2000\n")
    assert settings == Settings()
    assert problems == ["pyproject.toml: [tool.conv_lsp] is not read; the table is [tool.conv-lsp]"]


@pytest.mark.parametrize("key", ["diagnosticMode", "log-level"])
def test_a_setting_of_editors_is_told_to_be_one(tmp_path: Path, key: str) -> None:
    _, (problem,) = read(tmp_path, f"[tool.conv-lsp]\n{key} = 'info'\n")
    assert problem.endswith(f"'{key}' is a setting of editors only")


def test_no_file_is_no_settings(tmp_path: Path) -> None:
    assert load(tmp_path / "pyproject.toml") == (Settings(), [])
    assert "cannot be read" in load(tmp_path)[1][0]


@pytest.mark.parametrize("text", ["[tool", "a = \udcff", "a = " + "[" * 20_000])
def test_broken_toml_is_told(tmp_path: Path, text: str) -> None:
    settings, (problem,) = read(tmp_path, text)
    assert settings == Settings()
    assert problem.startswith("pyproject.toml is not valid TOML")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"hint": {}}, "unknown key 'hint', did you mean 'hints'?; accepted: python, hints"),
        ({"length": 9}, "accepted: python, hints, maxHintLength, rules, steps, worker"),
        ({"hints": {"field": True}}, "hints.inputs, hints.receptiveField"),
        ({"hints": {"layer": True}}, "unknown key 'hints.layer', did you mean 'hints.layers'?"),
        ({"hints": True}, "'hints' has to be a table, not True"),
        ({"hints": {"values": 1}}, "'hints.values' has to be changes, all or off, not 1"),
        ({"python": 3}, "'python' has to be a path, not 3"),
        ({"steps": True}, "'steps' has to be a whole number of at least 1000, not True"),
        ({"steps": 3}, "at least 1000, not 3"),
        ({"max_hint_length": "x" * 90}, "'max_hint_length' has to be a whole number of at least"),
        ({"rules": []}, "'rules' has to be a table"),
        (
            {"rules": {"a": "wrning"}},
            "error, warning, info, hint or off, not 'wrning', did you mean 'warn",
        ),
        ({"rules": {"a": None}}, "'rules.a' has to be error, warning, info, hint or off, not None"),
        ([1], "a table of settings is expected"),
    ],
)
def test_what_is_wrong_is_told_and_left_out(given: object, said: str) -> None:
    settings, (problem,) = from_client(given)
    assert said in problem
    assert settings == Settings()


def test_an_editors_settings_go_over_the_projects() -> None:
    base = Settings(hints=Hints(inputs=False), rules={"a": "off", "b": "info"}, steps=5000)
    given = {
        "hints": {"receptiveField": False},
        "hints.layers": False,
        "maxHintLength": 30,
        "rules": {"b": "error"},
        "python": "",
        "path": "/bin/conv-lsp",
        "trace.server": "verbose",
    }
    settings, problems = from_client(given, base)
    assert problems == []
    assert settings == Settings(
        hints=Hints(layers=False, inputs=False, receptive_field=False),
        max_hint_length=30,
        rules={"a": "off", "b": "error"},
        steps=5000,
    )
    assert from_client(None, base) == (base, [])


def test_a_rule_that_is_none_is_told() -> None:
    settings, _ = from_client({"rules": {"cat-size": "off", "broadcast": "off"}})
    (problem,) = unknown_rules(settings, ["cat-sizes", "broadcast"])
    assert problem == "there is no rule 'cat-size', did you mean 'cat-sizes'?"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["hints", "rules", "python", "steps", "layers", "hints.values", "a"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@profile(derandomize=True, deadline=None, max_examples=300)
@given(JSON)
def test_any_settings_give_usable_ones(given: object) -> None:
    settings, problems = from_client(given)
    assert settings.python is None or isinstance(settings.python, str)
    assert type(settings.steps) is int
    assert isinstance(settings.hints.layers, bool)
    assert all(isinstance(problem, str) for problem in problems)
