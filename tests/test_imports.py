"""Imports bind what Python's bind. Python itself is the judge."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from conv_lsp.analysis import Analysis, Options, analyze, with_deep_stack
from conv_lsp.config import Settings
from conv_lsp.project import Project
from conv_lsp.values import Tensor, Unknown

# Files of a project; `main.py` binds `sizes`.
PROJECTS: dict[str, dict[str, str]] = {
    "relative": {
        "main.py": "from net.deep.block import sizes",
        "net/__init__.py": "",
        "net/sizes.py": "a = 1; b = 2",
        "net/deep/__init__.py": "from ..sizes import a",
        "net/deep/other.py": "c = 3",
        "net/deep/block.py": "from . import a, other\nfrom .. import sizes as s\n"
        "from ..sizes import b\nfrom .other import c as d\nsizes = [a, s.b, b, other.c, d]",
    },
    "re-exports": {
        "main.py": "import net\nfrom net import a, b as c, part\nsizes = [a, c, net.part.b, part.a]",
        "net/__init__.py": "from .part import a\nfrom net.part import *",
        "net/part.py": "a, b = 4, 5",
    },
    "submodule as attribute": {
        "main.py": "import net.part\nimport net.sub.inner as inner\n"
        "sizes = [net.part.a, inner.b, net.sub.inner.b]",
        "net/__init__.py": "",
        "net/part.py": "a = 4",
        "net/sub/__init__.py": "",
        "net/sub/inner.py": "b = 6",
    },
    "src layout": {
        "main.py": "import sys; sys.path.insert(0, 'src')\nfrom net import a\nsizes = [a]",
        "src/net/__init__.py": "a = 8",
    },
    "namespace package": {
        "main.py": "from space import one\nfrom space.inner.two import b\nimport space.inner\n"
        "sizes = [one.a, b, space.inner.two.b]",
        "space/one.py": "a = 2",
        "space/inner/two.py": "b = 3",
    },
    "chained stars": {
        "main.py": "from first import *\nsizes = [a, b, c]",
        "first.py": "from second import *\na = 1",
        "second.py": "from third import *\nb = 2",
        "third.py": "c = 3",
    },
    "stars in a package": {
        "main.py": "import net\nsizes = [net.a, net.b, net.x]",
        "net/__init__.py": "from .first import *\nfrom .second import *",
        "net/first.py": "from .third import *\na = x = 1",
        "net/second.py": "b = x = 2",
        "net/third.py": "a = x = 7",
    },
    "__all__ chooses": {
        "main.py": "a = b = _c = d = 7\nfrom net import *\nsizes = [a, b, _c, d]",
        "net/__init__.py": "from .part import *\nfrom .part import __all__\nb = 2",
        "net/part.py": "__all__ = ['a']\n__all__ += ['_c']\n__all__.extend(['d'])\na = 1; b = 8\n"
        "_c = 3; d = 4",
    },
    "__all__ names a private one": {
        "main.py": "import net\nsizes = [net._a]",
        "net/__init__.py": "from .part import *",
        "net/part.py": "__all__ = ['_a']\n_a = 3",
    },
    "a star hides nothing private": {
        "main.py": "_a = 1\nfrom part import *\nsizes = [_a, b]",
        "part.py": "_a = 2; b = 3",
    },
    "cycle": {
        "main.py": "import first\nsizes = [first.a, first.both(), first.second.b]",
        "first.py": "import second\na = 1\ndef both(): return second.b + a",
        "second.py": "import first\nb = 2\ndef both(): return first.a + b",
    },
    "cycle in a package": {
        "main.py": "from net import Net\nsizes = Net.sizes()",
        "net/__init__.py": "from .net import Net\nfrom .sizes import size",
        "net/sizes.py": "import net\nsize = 5",
        "net/net.py": "from . import sizes\nclass Net:\n    def sizes():\n"
        "        from . import size\n        return [size, sizes.size, sizes.net.size]",
    },
    "type checking": {
        "main.py": "from __future__ import annotations\nfrom typing import TYPE_CHECKING\n"
        "a = 1\nif TYPE_CHECKING:\n    from part import a\nelse:\n    from part import b\n"
        "sizes = [a, b]",
        "part.py": "import typing\nif typing.TYPE_CHECKING:\n    b = 7\nelse:\n    b = 2\na = 3",
    },
    "except ImportError": {
        "main.py": "try:\n    from nowhere import a\nexcept ImportError:\n    a = 1\n"
        "try:\n    import part\n    b = part.b\nexcept ImportError:\n    b = 7\n"
        "try:\n    from part import missing\nexcept ImportError:\n    missing = 4\n"
        "try:\n    import nowhere.inner\n    HAS = True\nexcept ModuleNotFoundError:\n    HAS = False\n"
        "sizes = [a, b, missing, int(HAS)]",
        "part.py": "b = 2",
    },
    "a file beside a package": {
        "main.py": "from net import a\nsizes = [a]",
        "net/__init__.py": "a = 1",
        "net.py": "a = 2",
    },
    "a name wins over a submodule": {
        "main.py": "from net import part, other\nsizes = [part, other.a]",
        "net/__init__.py": "from .part import part\nfrom . import other",
        "net/part.py": "part = 3",
        "net/other.py": "a = 4",
    },
}


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    return folder / "main.py"


def analysed(main: Path) -> Analysis:
    project = Project(main.parent, Settings())
    analysis: Analysis = with_deep_stack(
        lambda: analyze(project.source(main), project, Options(main=True))
    )
    return analysis


def sizes_of(analysis: Analysis) -> object:
    """The sizes of the last tensor, or why it has none."""
    tensors = [
        reading.value
        for fact in analysis.facts[analysis.path].values()
        for reading in fact.readings
        if isinstance(reading.value, Tensor)
    ]
    shape = tensors[-1].shape
    return shape.why if isinstance(shape, Unknown) else [int(str(size)) for size in shape]


@pytest.mark.parametrize("name", PROJECTS)
def test_imports_bind_what_pythons_bind(tmp_path: Path, name: str) -> None:
    main = write(tmp_path, PROJECTS[name])
    run = subprocess.run(
        [sys.executable, "-c", f"{main.read_text()}\nprint(sizes)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    main.write_text(f"{main.read_text()}\nimport torch\nt = torch.zeros(sizes)\n")
    analysis = analysed(main)
    assert sizes_of(analysis) == ast.literal_eval(run.stdout)
    assert analysis.findings == ()


UNKNOWN = {
    "__getattr__ of a module": {
        "main.py": "import part\nsizes = [part.a]",
        "part.py": "def __getattr__(name): return 6",
    },
    "made by globals()": {
        "main.py": "try:\n    from part import a\nexcept ImportError:\n    a = 1\nsizes = [a]",
        "part.py": "for name in 'abc':\n    globals()[name] = 6",
    },
    "a cycle of stars": {
        "main.py": "import one\nsizes = [one.a]",
        "one.py": "from two import *",
        "two.py": "from one import *",
    },
    "a circle of names that nobody binds": {
        "main.py": "import one\nsizes = [one.a]",
        "one.py": "from two import *\n__all__ = ['a']",
        "two.py": "from one import *\n__all__ = ['a']",
    },
    "not installed": {
        "main.py": "from nowhere import *\nfrom nowhere import a\nimport nowhere.deep as d\n"
        "sizes = [a, d.b, c]",
    },
    "a cycle of values": {
        "main.py": "import one\nsizes = [one.a]",
        "one.py": "from two import b\na = b",
        "two.py": "from one import a\nb = a",
    },
    "out of the package": {
        "main.py": "import net.part\nsizes = [net.part.a]",
        "net/__init__.py": "",
        "net/part.py": "from ....... import other\na = other.a",
        "other.py": "a = 1",
    },
    "a package that does not parse": {
        "main.py": "from net import a\nsizes = [a]",
        "net/__init__.py": "a = (\nb = 2",
    },
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_is_not_known_is_not_guessed(tmp_path: Path, name: str) -> None:
    main = write(tmp_path, UNKNOWN[name])
    main.write_text(f"{main.read_text()}\nimport torch\nt = torch.zeros(sizes)\n")
    analysis = analysed(main)
    with pytest.raises(ValueError, match="invalid literal"):
        sizes_of(analysis)
    assert [f for f in analysis.findings if f.severity == "error"] == []


def test_a_file_without_a_package_has_the_files_beside_it(tmp_path: Path) -> None:
    """As it is run with `python -m folder.main`."""
    text = "from . import part\nfrom .part import b\nimport torch\nt = torch.zeros(part.a, b)"
    main = write(tmp_path, {"main.py": text, "part.py": "a = 2; b = 3"})
    assert sizes_of(analysed(main)) == [2, 3]


def test_a_file_that_registers_itself_does_so_once(tmp_path: Path) -> None:
    files = {
        "__init__.py": "from .nets import *\n",
        "registry.py": (
            "NETS = {}\n\n"
            "def register(function):\n"
            "    if function.__name__ in NETS:\n"
            "        raise ValueError('registered twice')\n"
            "    NETS[function.__name__] = function\n"
            "    return function\n"
        ),
        "nets.py": (
            "from torch import nn\n\nfrom .registry import register\n\n"
            "@register\ndef small():\n    return nn.Conv2d(3, 8, 3)\n\n"
            "@register\ndef large():\n    return nn.Conv2d(3, 16, 3)\n"
        ),
    }
    package = tmp_path / "nets_of_ours"
    package.mkdir()
    for name, text in files.items():
        (package / name).write_text(text, encoding="utf-8")
    project = Project(tmp_path, Settings())
    source = project.source(package / "nets.py")
    found = with_deep_stack(
        lambda: analyze(source, project, name="nets_of_ours.nets", package="nets_of_ours")
    )
    assert found.findings == ()
