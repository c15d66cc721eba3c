"""Open buffers win, imports lead where Python's would, and no file raises."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from conv_lsp.config import Settings
from conv_lsp.project import (
    MAX_BYTES,
    MAX_FILES,
    Environment,
    Project,
    Texts,
    Unreadable,
    environment,
    module_name_of,
    package_of,
)
from conv_lsp.source import Files


@pytest.fixture(autouse=True)
def _no_active_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    monkeypatch.delenv("CONDA_PREFIX", raising=False)


def tree(root: Path, *paths: str) -> Path:
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"here = {path!r}\n")
    return root


def found(project: Project, module: str) -> str | None:
    source = project.find(module)
    return None if source is None else os.path.relpath(source.path, project.root)


def test_it_is_the_door_to_other_files(tmp_path: Path) -> None:
    files: Files = Project(tmp_path, Settings())
    assert files.find("nowhere") is None


# ---- Files


def test_an_open_buffer_wins_over_the_disk(tmp_path: Path) -> None:
    path = str(tree(tmp_path, "a.py") / "a.py")
    project = Project(tmp_path, Settings())
    on_disk = project.source(path)
    assert on_disk.text == "here = 'a.py'\n"
    project.open(path, "x = 1\nhere = 'a.py'\n")
    opened = project.source(path)
    assert opened.statements[1] is on_disk.statements[0]
    assert project.source(path) is opened
    project.open(path, "x = 2\nhere = 'a.py'\n")
    assert project.source(path).statements[1] is on_disk.statements[0]
    project.close(path)
    assert project.source(path).text == "here = 'a.py'\n"
    assert project.source(path).statements == on_disk.statements


def test_a_buffer_needs_no_file(tmp_path: Path) -> None:
    project = Project(tmp_path, Settings())
    project.open("untitled:Untitled-1", "x = 1\n")
    assert project.source("untitled:Untitled-1").path == "untitled:Untitled-1"
    project.open(str(tmp_path / "new.py"), "x = 1\n")
    assert found(project, "new") == "new.py"
    project.close(str(tmp_path / "new.py"))
    assert found(project, "new") is None


def test_a_file_is_read_again_when_it_changes(tmp_path: Path) -> None:
    path = tree(tmp_path, "a.py") / "a.py"
    project = Project(tmp_path, Settings())
    first = project.read(path)
    assert project.read(tmp_path / "b" / ".." / "a.py") is first
    path.write_text("here = 'a.py'\nlonger = 1\n")
    second = project.read(path)
    assert first is not None
    assert second is not None
    assert len(second.statements) == 2
    assert second.statements[0] is first.statements[0]
    path.unlink()
    assert project.read(path) is None


def test_texts_are_decoded_as_python_does(tmp_path: Path) -> None:
    project = Project(tmp_path, Settings())
    for name, data in {
        "latin.py": "# coding: latin-1\nx = 'é'\n".encode("latin-1"),
        "mark.py": b"\xef\xbb\xbfx = '\xc3\xa9'\r\n",
    }.items():
        (tmp_path / name).write_bytes(data)
        source = project.read(tmp_path / name)
        assert source is not None
        assert "x = 'é'\n" in source.text
        assert source.errors == ()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"x\0", "binary"),
        (b"x = '\xff'\n", "not utf-8|invalid or missing encoding"),
        (b"# coding: klingon\n", "unknown encoding"),
        (b"#" * (MAX_BYTES + 1), "larger than 5 MB"),
        (None, "No such file"),
    ],
)
def test_a_file_without_text_says_why(tmp_path: Path, data: bytes | None, said: str) -> None:
    path = tmp_path / "a.py"
    if data is not None:
        path.write_bytes(data)
    project = Project(tmp_path, Settings())
    loaded = project.load(path)
    assert isinstance(loaded, Unreadable)
    assert any(part in loaded.why for part in said.split("|"))
    assert project.read(path) is None
    source = project.source(path)
    assert source.statements == ()
    assert [problem.message for problem in source.errors] == [loaded.why]


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    project = Project(tmp_path, Settings())
    assert project.read(tmp_path) is None
    assert project.read("a\0b") is None
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.py")
        assert stat.S_ISFIFO((tmp_path / "pipe.py").stat().st_mode)
        assert project.read(tmp_path / "pipe.py") is None
        assert project.find("pipe") is None


def test_what_is_kept_is_bounded(tmp_path: Path) -> None:
    texts = Texts()
    for k in range(MAX_FILES + 10):
        texts.open(f"untitled:{k}", "")
        texts.load(f"untitled:{k}")
    assert len(texts._kept) == MAX_FILES


def test_the_texts_that_are_kept_have_a_length_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conv_lsp.project.texts.MAX_CHARACTERS", 100)
    texts = Texts()
    for name in "abc":
        texts.open(f"untitled:{name}", "#" * 40)
    a, b = texts.load("untitled:a"), texts.load("untitled:b")
    assert texts.load("untitled:a") is a
    texts.load("untitled:c")
    assert texts.load("untitled:a") is a
    assert texts.load("untitled:b") is not b


# ---- Modules


def test_modules_are_found_where_python_finds_them(tmp_path: Path) -> None:
    tree(
        tmp_path,
        *("pkg/__init__.py", "pkg/sub/__init__.py", "pkg/sub/a.py", "pkg.py", "both/x.py"),
        *("both.py", "src/inner/__init__.py", "space/a.py", "src/space/b.py", "tools/run.py"),
        "tools/beside.py",
    )
    project = Project(tmp_path, Settings())
    assert found(project, "pkg") == "pkg/__init__.py"
    assert found(project, "pkg.sub.a") == "pkg/sub/a.py"
    assert found(project, "pkg.sub") == "pkg/sub/__init__.py"
    assert found(project, "both") == "both.py"
    assert found(project, "both.x") is None
    assert found(project, "inner") == "src/inner/__init__.py"
    assert found(project, "space.a") == "space/a.py"
    assert found(project, "space.b") == "src/space/b.py"
    space = project.find("space")
    assert space is not None
    assert (space.path, space.text) == (str(tmp_path / "space"), "")
    assert project.find("space") is space
    assert [project.is_package(m) for m in ("space", "pkg", "pkg.sub.a", "no")] == [
        True,
        True,
        False,
        False,
    ]
    assert found(project, "beside") is None
    project.source(tmp_path / "tools" / "run.py")
    assert found(project, "beside") == "tools/beside.py"
    for name in ("", ".", "a..b", "a-b", "../x", "pkg.\0"):
        assert project.find(name) is None
        assert not project.is_package(name)


def test_a_module_of_a_package_is_imported_from_outside(tmp_path: Path) -> None:
    tree(tmp_path, "lib/net/__init__.py", "lib/net/a.py", "lib/net/utils.py", "lib/utils.py")
    project = Project(tmp_path, Settings())
    project.source(tmp_path / "lib" / "net" / "a.py")
    assert found(project, "net.utils") == "lib/net/utils.py"
    assert found(project, "utils") == "lib/utils.py"


def test_new_files_are_seen_by_the_next_analysis(tmp_path: Path) -> None:
    project = Project(tmp_path, Settings())
    assert found(project, "pkg.a") is None
    tree(tmp_path, "pkg/__init__.py", "pkg/a.py")
    assert found(project, "pkg.a") is None
    project.source(tmp_path / "main.py")
    assert found(project, "pkg.a") == "pkg/a.py"


@pytest.mark.parametrize(
    ("path", "name", "package"),
    [
        ("a/b/c.py", "a.b.c", "a.b"),
        ("a/b/__init__.py", "a.b", "a.b"),
        ("a/__init__.py", "a", "a"),
        ("alone.py", "alone", ""),
        ("bare/x.py", "x", ""),
    ],
)
def test_files_have_module_names(tmp_path: Path, path: str, name: str, package: str) -> None:
    tree(tmp_path, "a/__init__.py", "a/b/__init__.py", "a/b/c.py", "alone.py", "bare/x.py")
    assert module_name_of(tmp_path / path) == name
    assert package_of(tmp_path / path) == package


# ---- Installed packages


def made(root: Path, version: str = "3.11", config: str = "") -> Path:
    site = root / "lib" / f"python{version}" / "site-packages"
    site.mkdir(parents=True)
    (root / "bin").mkdir()
    (root / "bin" / "python").write_text("exit 1")
    if config:
        (root / "pyvenv.cfg").write_text(config)
    return site


def test_an_environment_is_read_from_its_files(tmp_path: Path) -> None:
    site = made(tmp_path / "env", config="home = /usr/bin\nversion = 3.11.7\n")
    tree(site, "timm/__init__.py")
    for python in ("env/bin/python", str(tmp_path / "env"), "env"):
        project = Project(tmp_path, Settings(python=python))
        assert project.environment.directories == (str(site),)
        assert project.problems == []
        assert found(project, "timm") == "env/lib/python3.11/site-packages/timm/__init__.py"


def test_the_projects_own_environment_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert environment(str(tmp_path), None) == (Environment(), [])
    active = made(tmp_path / "active")
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "active"))
    assert environment(str(tmp_path), None) == (Environment((str(active),)), [])
    own = made(tmp_path / ".venv")
    assert environment(str(tmp_path), None) == (Environment((str(own),)), [])


def test_the_right_version_is_chosen(tmp_path: Path) -> None:
    old = made(tmp_path / "env", "3.9", "version_info = 3.9.1.final.0\n")
    new = tmp_path / "env" / "lib" / "python3.10" / "site-packages"
    new.mkdir(parents=True)
    assert environment(str(tmp_path), "env") == (Environment((str(old),)), [])
    (tmp_path / "env" / "pyvenv.cfg").unlink()
    assert environment(str(tmp_path), "env") == (Environment((str(new),)), [])
    (tmp_path / "env" / "bin" / "python3.9").write_text("")
    assert environment(str(tmp_path), "env/bin/python3.9") == (Environment((str(old),)), [])


def test_system_packages_are_there_where_the_environment_says_so(tmp_path: Path) -> None:
    config = (
        f"home = {tmp_path}/system/bin\nversion = 3.11.7\ninclude-system-site-packages = true\n"
    )
    outer = made(tmp_path / "system")
    own = made(tmp_path / "env", config=config)
    assert environment(str(tmp_path), "env/bin/python") == (Environment((str(own), str(outer))), [])


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_to_an_interpreter_is_followed(tmp_path: Path) -> None:
    site = made(tmp_path / "env", config="version = 3.11.7\n")
    (tmp_path / "link").symlink_to(tmp_path / "env" / "bin" / "python")
    assert environment(str(tmp_path), "link") == (Environment((str(site),)), [])


def test_path_files_are_followed_and_not_run(tmp_path: Path) -> None:
    site = made(tmp_path / "env")
    tree(tmp_path, "editable/mine/__init__.py")
    (site / "a.pth").write_text(
        f"# {tmp_path}\n\n{tmp_path}/editable\nimport sys; sys.exit()\n../nothing\n"
    )
    (site / "b.pth").write_bytes(b"\xff\0\n")
    project = Project(tmp_path, Settings(python="env"))
    assert project.environment.directories == (str(site), str(tmp_path / "editable"))
    assert found(project, "mine") == "editable/mine/__init__.py"


@pytest.mark.parametrize(
    ("python", "said"),
    [
        ("nowhere/python", "there is no nowhere/python"),
        ("~nobody/python", "there is no ~nobody/python"),
        ("a.txt", "a.txt is no Python interpreter"),
        ("bin/python", "no installed packages are found for bin/python"),
        ("bin", "no installed packages are found for bin"),
        ("\0", "no installed packages are found for \0"),
    ],
)
def test_no_environment_is_told(tmp_path: Path, python: str, said: str) -> None:
    tree(tmp_path, "a.txt", "bin/python")
    project = Project(tmp_path, Settings(python=python))
    assert project.environment == Environment()
    assert project.problems == [f"python: {said}"]


def test_what_the_editor_uses_goes_before_a_guess(tmp_path: Path) -> None:
    own = made(tmp_path / ".venv")
    chosen = made(tmp_path / "chosen")
    set_by_hand = made(tmp_path / "set")
    root = str(tmp_path)
    assert environment(root, None, "chosen/bin/python") == (Environment((str(chosen),)), [])
    assert environment(root, "set", "chosen") == (Environment((str(set_by_hand),)), [])
    # A shim or a system without packages: nothing that the person wrote is wrong.
    assert environment(root, None, "nowhere/shims/python") == (Environment((str(own),)), [])


def test_an_environment_around_the_project_counts_within_the_repository(tmp_path: Path) -> None:
    site = made(tmp_path / "repository" / ".venv")
    inner = tree(tmp_path / "repository" / "packages" / "one", "a.py")
    assert environment(str(inner), None) == (Environment(), [])
    (tmp_path / "repository" / ".git").mkdir()
    assert environment(str(inner), None) == (Environment((str(site),)), [])


@pytest.mark.skipif(sys.platform == "win32", reason="programs have other names there")
def test_a_command_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = made(tmp_path / "env", config="version = 3.11.7\n")
    (tmp_path / "env" / "bin" / "python").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "env" / "bin"))
    assert environment(str(tmp_path), "python") == (Environment((str(site),)), [])


FINDER = """\
from __future__ import annotations
import sys
sys.exit("this is never run")
MAPPING: dict[str, str] = {"net": %r, "single": %r, "deep.inner": %r, "gone": "/nowhere/gone"}
NAMESPACES: dict[str, list[str]] = {"space": [%r]}
PATH_PLACEHOLDER = "__editable__.net-0.1.finder" + ".__path_hook__"
"""


def test_editable_installs_are_read_and_not_run(tmp_path: Path) -> None:
    site = made(tmp_path / "env")
    code = tree(
        tmp_path / "code",
        *("lib/net/__init__.py", "lib/net/a.py", "one.py", "other/inner/b.py", "ns/c.py"),
    )
    places = (code / "lib" / "net", code / "one.py", code / "other" / "inner", code / "ns")
    (site / "__editable___net_0_1_finder.py").write_text(FINDER % tuple(map(str, places)))
    (site / "__editable__.net-0.1.pth").write_text("import __editable___net_0_1_finder\n")
    (site / "__editable___bad_finder.py").write_text("MAPPING = {'a': f(), **{}}\n(\n")
    (site / "__editable___odd_finder.py").write_text("MAPPING = {'a': f(), 3: '/', 'b': 'c'}\n")
    root = tree(tmp_path / "root", "main.py")
    project = Project(root, Settings(python=str(tmp_path / "env")))
    assert project.problems == []
    assert found(project, "net.a") == "../code/lib/net/a.py"
    assert found(project, "net") == "../code/lib/net/__init__.py"
    assert found(project, "single") == "../code/one.py"
    assert found(project, "deep.inner.b") == "../code/other/inner/b.py"
    assert found(project, "space.c") == "../code/ns/c.py"
    assert project.is_package("space")
    for name in ("gone", "net.b", "netty", "a", "b", "deep.inner.c", "single.x"):
        assert found(project, name) is None
    tree(root, "net.py")
    project.source(root / "main.py")
    assert found(project, "net") == "net.py"


def test_packages_that_cannot_be_read_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = made(tmp_path / "env")
    listdir = os.listdir

    def forbidden(path: str) -> list[str]:
        if Path(path) == site:
            raise PermissionError(13, "Permission denied")
        return listdir(path)

    monkeypatch.setattr(os, "listdir", forbidden)
    project = Project(tmp_path, Settings(python="env"))
    assert project.problems == [f"python: the packages in {site} cannot be read: Permission denied"]
    assert project.find("timm") is None


# ---- Files that change


def test_a_change_within_one_tick_of_the_clock_is_seen(tmp_path: Path) -> None:
    project = Project(tmp_path, Settings())
    (tmp_path / "a.py").write_text("x = 1\n")
    before = (tmp_path / "a.py").stat()
    project.read(tmp_path / "a.py")
    assert found(project, "b") is None
    directory = tmp_path.stat()
    (tmp_path / "a.py").write_text("x = 2\n")
    tree(tmp_path, "b.py")
    os.utime(tmp_path / "a.py", ns=(before.st_atime_ns, before.st_mtime_ns))
    os.utime(tmp_path, ns=(directory.st_atime_ns, directory.st_mtime_ns))
    assert project.source(tmp_path / "a.py").text == "x = 2\n"
    assert found(project, "b") == "b.py"


def test_a_package_may_be_in_buffers_only(tmp_path: Path) -> None:
    project = Project(tmp_path, Settings())
    project.open(tmp_path / "new" / "sub" / "a.py", "x = 1\n")
    assert found(project, "new.sub.a") == "new/sub/a.py"
    project.open(tmp_path / "new" / "__init__.py", "")
    assert found(project, "new") == "new/__init__.py"
    project.close(tmp_path / "new" / "sub" / "a.py")
    assert found(project, "new.sub.a") is None
