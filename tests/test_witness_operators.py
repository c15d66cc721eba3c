"""What torch says of operators that the library lacks: it is what the CPU gives."""

from __future__ import annotations

import ast
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conv_lsp.analysis import Analysis, analyze, with_deep_stack
from conv_lsp.config import Settings
from conv_lsp.present import hover
from conv_lsp.project import Project
from conv_lsp.witness import Interpreter, Said, Witness, interpreter_of

torch = pytest.importorskip("torch")

SETTINGS = Settings(python=sys.executable)

OPERATORS = [
    "torch.gradient(torch.rand(4, 5))",
    "torch.gradient(torch.rand(4, 6, 5), dim=(0, 2))",
    "torch.rand(4, 5).histogram(7)",
    "torch.histogram(torch.rand(4, 5), 6)",
    "torch.histogramdd(torch.rand(9, 2), [3, 4])",
    "torch.fake_quantize_per_tensor_affine(torch.rand(3, 4), 0.1, 0, 0, 255)",
    "torch.linalg.cond(torch.rand(6, 4, 4))",
    "torch.linalg.tensorinv(torch.rand(24, 2, 3, 4), 1)",
    "torch.linalg.tensorsolve(torch.rand(2, 3, 6), torch.rand(2, 3))",
    "torch.rand(3, 4, 4).lu()",
    "torch.lu_unpack(*torch.linalg.lu_factor(torch.rand(3, 4, 4)))",
    "torch.ormqr(torch.rand(4, 3), torch.rand(3), torch.rand(4, 5))",
    "torch.rand(4, 3).ormqr(torch.rand(3), torch.rand(4, 5))",
    "torch.hash_tensor(torch.rand(3, 4), 1)",
    "torch.rand(3, 4).hash_tensor(dim=0, keepdim=True)",
    (
        "torch.fake_quantize_per_channel_affine(torch.rand(2, 3), torch.rand(3), "
        "torch.zeros(3, dtype=torch.int32), 1, 0, 255)"
    ),
    (
        "torch.fused_moving_avg_obs_fake_quant(torch.rand(2, 3), torch.ones(1), torch.ones(1), "
        "torch.zeros(1), torch.ones(1), torch.ones(1), torch.zeros(1, dtype=torch.int32), "
        "0.1, 0, 255, 0)"
    ),
    "torch.rand(3, 4).resize(6, 2)",
    "torch.rand(3, 4).resize_as(torch.rand(2, 6))",
    "torch.spmm(torch.rand(3, 4), torch.rand(4, 2))",
    "torch.dequantize(torch.rand(3, 4))",
    "torch.rand(3, 4).dequantize()",
    "torch.fbgemm_pack_gemm_matrix_fp16(torch.rand(3, 4))",
    "torch.choose_qparams_optimized(torch.rand(9), 9, 200, 0.16, 8)",
    "torch.fbgemm_pack_quantized_matrix(torch.zeros(3, 4, dtype=torch.int8))",
    "torch.gradient(torch.rand(5), spacing=2.0)",
]
SYMBOLIC = [
    ("torch.linalg.cond(x)", "(N, 4, 4)", "(N,)"),
    ("torch.linalg.cond(x[1:])", "(N, 4, 4)", "(N − 1,)"),
    ("torch.linalg.cond(x)", "(N, H, 4, 4)", "(N, H)"),
    ("torch.spmm(x.flatten(1), torch.ones(12, 2))", "(N, 3, 4)", "(N, 2)"),
]


def interpreter() -> Interpreter:
    found = interpreter_of(Project(Path.cwd(), SETTINGS).environment)
    assert isinstance(found, Interpreter)
    return found


@pytest.fixture(scope="module")
def witness() -> Iterator[Witness]:
    made = Witness(interpreter(), None, lambda: None, answer=60.0)
    yield made
    made.end()


def script(expression: str) -> str:
    return f"import torch\n\ny = {expression}\n"


def analysed(folder: Path, text: str, said: Said) -> Analysis:
    file = folder / "net.py"
    file.write_text(text)
    project = Project(folder, SETTINGS)
    found: Analysis = with_deep_stack(lambda: analyze(project.source(file), project, answers=said))
    return found


def answered(folder: Path, text: str, witness: Witness) -> Analysis:
    """The analysis when everything that it asks has been answered."""
    analysis = analysed(folder, text, witness.said)
    witness.want(q for q, said in analysis.asked.items() if said is None)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if all(witness.said.get(q) is not None for q in analysis.asked):
            break
        time.sleep(0.02)
    return analysed(folder, text, witness.said)


def hovered(analysis: Analysis, text: str) -> str:
    node = next(
        n.value
        for n in ast.walk(ast.parse(text))
        if isinstance(n, ast.Assign) and ast.unparse(n.targets[0]) == "y"
    )
    assert isinstance(node, ast.Call)
    line, column = node.lineno, (node.func.end_col_offset or 0) - 1  # on the operator's name
    found = hover(analysis, analysis.path, line, column)
    return "" if found is None else found.markdown


def shapes(value: object) -> object:
    if isinstance(value, torch.Tensor):
        return tuple(value.shape)
    assert isinstance(value, (tuple, list))
    return [shapes(part) for part in value]


@pytest.mark.parametrize("expression", OPERATORS)
def test_the_hover_has_what_the_cpu_gives(
    expression: str, witness: Witness, tmp_path: Path
) -> None:
    text = script(expression)
    shown = hovered(answered(tmp_path, text, witness), text)
    real = eval(expression, {"torch": torch})
    expected = str(shapes(real)).replace("'", "")
    assert shown.startswith(f"**{expected}**"), shown
    version = ".".join(torch.__version__.split(".")[:2])
    assert f"by torch {version}" in shown


@pytest.mark.parametrize("expression", OPERATORS)
def test_without_torch_it_is_unknown_and_the_reason_is_told(
    expression: str, tmp_path: Path
) -> None:
    text = script(expression)
    silent = Said(
        silence="there is no torch in the project's environment, so that it cannot be asked"
    )
    shown = hovered(analysed(tmp_path, text, silent), text)
    assert shown.startswith("unknown: torch.")
    assert "is not modelled; there is no torch in the project's environment" in shown


@pytest.mark.parametrize(("expression", "given", "expected"), SYMBOLIC)
def test_symbols_stay_symbols(
    expression: str, given: str, expected: str, witness: Witness, tmp_path: Path
) -> None:
    text = (
        "import torch\nfrom torch import nn\n\n\nclass Net(nn.Module):\n"
        f"    # conv-lsp: input {given}\n    def forward(self, x):\n        y = {expression}\n"
        "        return y\n"
    )
    shown = hovered(answered(tmp_path, text, witness), text)
    assert shown.startswith(f"**{expected}**"), shown


def told(witness: Witness, path: str, arguments: str) -> dict[str, Any]:
    question = f'{{"op":"{path}","args":{arguments},"kwargs":{{"k":{{}}}}}}'
    witness.want([question])
    end = time.monotonic() + 60
    while witness.said.get(question) is None and time.monotonic() < end:
        time.sleep(0.02)
    said = witness.said.get(question)
    assert isinstance(said, dict)
    return said


def test_what_depends_on_the_numbers_has_an_unknown_size(witness: Witness) -> None:
    said = told(witness, "torch.nonzero", '[{"t":[4,5],"d":"float32"}]')
    assert said["said"]["t"] == ["?", 2]


def test_what_depends_on_a_special_size_is_not_said_of_all(witness: Witness) -> None:
    said = told(witness, "torch.squeeze", '[{"t":["s0",5],"d":"float32"}]')
    assert "small sizes" in said["why"]


@pytest.mark.parametrize(
    ("path", "arguments"),
    [
        ("torch.os.system", '["id"]'),
        ("torch.load", '["/etc/passwd"]'),
        ("torch.hub.load", '["a/b", "c"]'),
        ("torch.utils.cpp_extension.load", '["a", ["b.cpp"]]'),
        ("torch.Tensor.apply_", '[{"t":[2],"d":"float32"},"print"]'),
        ("torch.Tensor.__class__", "[]"),
        ("torch.jit.load", '["x"]'),
        ("os.system", '["id"]'),
    ],
)
def test_only_operators_can_be_asked_for(path: str, arguments: str, witness: Witness) -> None:
    assert "no operator of torch" in told(witness, path, arguments)["why"]
