"""The input contract says of every size what torch says of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conv_lsp.analysis import Analysis, Cache, Options, analyze, contract, with_deep_stack
from conv_lsp.cli import main
from conv_lsp.conditions import Condition, Sizes, common, solved
from conv_lsp.config import Settings
from conv_lsp.contract import Contract
from conv_lsp.dims import symbol
from conv_lsp.present import hover
from conv_lsp.project import Project
from conv_lsp.source import Source
from conv_lsp.values import Tensor
from tests import contract_models

MODELS = Path(contract_models.__file__)
SIZES = range(16, 161)


@cache
def project() -> Project:
    return Project(MODELS.parent, Settings())


def analysed(expression: str, *shape: int | str) -> Analysis:
    options = Options(run=(expression,), inputs=(shape,) if shape else ())
    source = project().source(MODELS)
    analysis: Analysis = with_deep_stack(lambda: analyze(source, project(), options))
    return analysis


def contract_of(expression: str, *shape: int | str) -> Contract:
    analysis = analysed(expression, *shape)
    found = contract(analysis, analysis.roots[0][1])
    assert found is not None
    return found


def accepts(model: torch.nn.Module, *shape: int) -> bool:
    try:
        with torch.no_grad():
            model(torch.zeros(shape))
    except (RuntimeError, ValueError, AssertionError):
        return False
    return True


def made(expression: str) -> torch.nn.Module:
    torch.set_num_threads(1)
    model: torch.nn.Module = eval(expression, vars(contract_models))
    return model.eval()


# -- what torch accepts -----------------------------------------------------------------------

# The network, the input that it is called on here, and the contract in words.
NETWORKS = [
    ("UNet(3)", (1, 3, 64, 64), "H, W divisible by 8"),
    ("UNet(4)", (1, 3, 64, 64), "H, W divisible by 16"),
    ("UNet(5)", (1, 3, 64, 64), "H, W divisible by 32"),
    ("UNet(4, bilinear=True)", (1, 3, 64, 64), "H, W divisible by 16"),
    ("PaddedUNet(4)", (1, 3, 64, 64), "H, W at least 16"),
    ("UNet(4)", (1, 3, 100, 64), "H, W divisible by 16"),
    ("AddingUNet()", (2, 3, 33, 33), "H, W 1 more than a multiple of 8, at least 9, or 1..3 or 5"),
    ("Vgg()", (1, 3, 224, 224), "H, W at least 32"),
    ("ResNet()", (1, 3, 224, 224), ""),
    ("AlexNet()", (1, 3, 224, 224), "H, W at least 63"),
    ("SpaceToDepth(4)", (1, 3, 32, 32), "H, W divisible by 4"),
    ("SpaceToDepth(5)", (1, 3, 30, 35), "H, W divisible by 5"),
    ("Blocks(3)", (1, 3, 30, 30), "H, W divisible by 3"),
    ("Windows(7)", (1, 3, 56, 56), "H, W with a remainder of 0..3 by 28, at least 28"),
    ("Windows(7, pad=True)", (1, 3, 56, 56), "H, W at least 4"),
    ("ViT()", (1, 3, 48, 48), "H, W = 48"),
    ("Reflected()", (1, 3, 48, 48), "H, W at least 21"),
    ("Resized()", (1, 3, 48, 48), ""),
    ("Either()", (1, 3, 48, 48), "H, W at least 2"),
    ("Caught()", (1, 3, 48, 48), "H, W at least 2"),
    ("CaughtAgain(True)", (1, 3, 48, 48), ""),
    ("CaughtAgain(False)", (1, 3, 48, 48), ""),
    ("Around()", (1, 3, 48, 48), "H, W divisible by 4"),
    ("Early()", (1, 3, 49, 49), ""),
]


@pytest.mark.parametrize(("expression", "shape", "text"), NETWORKS)
def test_every_size_as_torch_has_it(expression: str, shape: tuple[int, ...], text: str) -> None:
    found = contract_of(expression, *shape)
    assert found.text() == text
    assert found.rank == 4
    assert found.channels == shape[1] or str(found.inputs[0][1]) == "C"
    if expression in {"Early()", "CaughtAgain(True)"}:
        return  # what needs another size only under a condition is not told
    model = made(expression)
    good = next(n for n in (32, 48, 33, 30, 56, 64) if found.admits({"H": n, "W": n}))
    for n in SIZES:
        taken = n in found.sizes.get("H", SIZES), n in found.sizes.get("W", SIZES)
        told = accepts(model, *shape[:2], n, good), accepts(model, *shape[:2], good, n)
        assert taken == told, n


def test_the_least_sizes() -> None:
    for expression, shape, _ in NETWORKS[:17]:
        found = contract_of(expression, *shape)
        least = found.sizes["H"].smallest if "H" in found.sizes else 1
        assert least is not None
        model = made(expression)
        for n in range(max(least - 3, 1), least + 1):
            assert accepts(model, *shape[:2], n, n) == (n == least), (expression, n)


@pytest.mark.parametrize(
    ("expression", "shape", "text"),
    [
        ("Waves(3)", (2, 2, 64), "L divisible by 8"),
        ("Waves(2)", (2, 2, 65), "L divisible by 4"),
        ("Volume()", (1, 1, 8, 8, 8), "D, H, W divisible by 2"),
    ],
)
def test_other_numbers_of_axes(expression: str, shape: tuple[int, ...], text: str) -> None:
    found = contract_of(expression, *shape)
    assert found.text() == text
    model = made(expression)
    for n in range(2, 40):
        sizes = (*shape[:2], *[n] * (len(shape) - 2))
        names = {str(d): n for d in found.inputs[0][2:]}
        assert found.admits(names) == accepts(model, *sizes), n


def test_a_size_that_a_linear_layer_fixes() -> None:
    found = contract_of("Classifier()", 1, 1, 32, 32)
    assert found.text() == ("H, W at least 16; (H//4 - 3)*(W//4 - 3) == 25 (H = W = 32..35)")
    model = made("Classifier()")
    for h in range(14, 48):
        for w in (16, 20, 33, 36, 112):
            assert found.admits({"H": h, "W": w}) == accepts(model, 1, 1, h, w), (h, w)


def test_a_network_on_symbols() -> None:
    found = contract_of("UNet(4)", "N", 3, "H", "W")
    assert found.text() == "H, W divisible by 16"
    assert [str(d) for d in found.inputs[0]] == ["N", "3", "H", "W"]
    assert contract_of("UNet(4)").text() == "H, W divisible by 16"


def test_no_size_works() -> None:
    analysis = analysed("Chain([(3, 2, 1)], [(1, 2, 0, 0)], False)", 1, 1, 9, 9)
    found = contract(analysis, analysis.roots[0][1])
    assert found is not None
    assert found.text() == "H, W odd"
    analysis = analysed("Chain([(3, 1, 1)], [(2, 1, 0, 0)], False)", 1, 1, 9, 9)
    assert contract(analysis, analysis.roots[0][1]) is None


def test_nothing_is_left_behind() -> None:
    analysis = analysed("UNet(4)", 1, 3, 64, 64)
    root = analysis.roots[0][1]
    attributes = [dict(module.__dict__) for _, module in root.tree()]
    before = [(f.span, list(f.readings)) for f in analysis.facts[str(MODELS)].values()]
    assert contract(analysis, root) is contract(analysis, root) is not None
    assert before == [(f.span, f.readings) for f in analysis.facts[str(MODELS)].values()]
    assert attributes == [dict(module.__dict__) for _, module in root.tree()]


def test_a_module_as_it_is_called_inside() -> None:
    analysis = analysed("Around()", 1, 3, 48, 48)
    (inner,) = (e for e in analysis.calls if e.path == "inner")
    found = contract(analysis, inner)
    assert found is not None
    assert found.text() == "H2 == 4*H; W2 == 4*W"


def test_an_analysis_that_went_on_tells_no_more() -> None:
    """The values of the older one may have other code by now."""
    cache = Cache()
    project = Project(MODELS.parent, Settings())
    text = HEAD + LENET.format("x.flatten(1)")
    path = MODELS.parent / "net.py"

    def both() -> tuple[Analysis, Analysis]:
        project.open(path, text)
        first = analyze(project.source(path), project, cache=cache)
        project.open(path, text.replace("F.max_pool2d(self.conv2(x), 2)", "self.conv2(x)"))
        return first, analyze(project.source(path), project, cache=cache)

    first, second = with_deep_stack(both)
    assert contract(first, first.roots[0][1]) is None
    assert contract(second, second.roots[0][1]) is not None


STEPS_DOWN = st.tuples(st.integers(1, 5), st.integers(1, 4), st.integers(0, 2))


@st.composite
def chains(draw: st.DrawFn) -> str:
    downs = draw(st.lists(STEPS_DOWN, min_size=1, max_size=3))
    ups = []
    for kernel, stride, padding in reversed(downs):
        grown = draw(st.integers(0, stride - 1))
        ups.append((kernel + draw(st.sampled_from((0, 0, 0, 1))), stride, padding, grown))
    return f"Chain({downs}, {ups}, {draw(st.booleans())})"


def vanishes(model: torch.nn.Module, n: int) -> bool:
    """Whether a step up gives no units at all: of torch's kernels for it one takes that (oneDNN's,
    of several images in float32, or small ones) and the other refuses.
    """
    for step in model.downs:
        n = (n + 2 * step.padding[0] - step.kernel_size[0]) // step.stride[0] + 1
    for step in model.ups:
        grown = step.kernel_size[0] + step.output_padding[0]
        n = (n - 1) * step.stride[0] - 2 * step.padding[0] + grown
        if n == 0:
            return True
    return False


@settings(max_examples=40, deadline=None)
@given(chains())
@example("Chain([(3, 3, 2)], [(4, 3, 2, 0)], True)")
def test_small_encoders_and_decoders(expression: str) -> None:
    analysis = analysed(expression, 1, 1, 40, 40)
    if not analysis.roots:
        return
    found = contract(analysis, analysis.roots[0][1])
    model = made(expression)
    for n in (*range(1, 24), 40, 47, 48, 63, 64, 65):
        told = found is not None and found.admits({"H": n, "W": n})
        if accepts(model, 1, 1, n, n) != told and not vanishes(model, n):
            raise AssertionError((n, found and found.text()))


# -- what is said of it -----------------------------------------------------------------------


def test_an_input_that_breaks_it_is_told_of_where_that_shows() -> None:
    (error,) = analysed("UNet(4)", 1, 3, 100, 100).findings
    assert error.message.endswith("; H, W must be divisible by 16: 96 or 112 instead of 100")
    data = dict(error.data)
    assert (data["axes"], data["input"], data["near"]) == ("H, W", 100, "96, 112")
    assert data["multiple"] == 16
    assert not analysed("UNet(4)", 1, 3, 96, 112).findings


def test_an_input_that_is_too_small() -> None:
    (error,) = analysed("Vgg()", 1, 3, 31, 64).findings
    assert "; H must be at least 32: 32 instead of 31" in error.message
    (error,) = analysed("ViT()", 1, 3, 56, 56).findings
    assert error.message.endswith("; H, W must be 48: 48 instead of 56")


def test_a_mistake_that_no_size_makes_good_is_told_as_it_is() -> None:
    (error,) = analysed("Chain([(3, 1, 1)], [(2, 1, 0, 0)], False)", 1, 1, 9, 9).findings
    assert "must be" not in error.message


def test_the_hover_of_the_parameter_tells_it() -> None:
    analysis = analysed("UNet(4)", 1, 3, 64, 64)
    text = MODELS.read_text("utf-8")
    lines = text.splitlines()
    row = next(i for i, line in enumerate(lines) if "x = self.first(x)" in line)
    told = hover(analysis, str(MODELS), row, lines[row - 1].index("x: Tensor"))
    assert told is not None
    assert "takes 3 channels; H, W divisible by 16" in told.markdown


def test_the_command_line_tells_it(capsys: pytest.CaptureFixture[str]) -> None:
    command = ["show", str(MODELS), "--contract", "--run", "UNet(3)", "--input", "(1, 3, H, W)"]
    assert main(command) == 0
    assert "H, W divisible by 8" in capsys.readouterr().out


# -- a flatten before a linear layer -------------------------------------------------------------

HEAD = """
import torch
import torch.nn.functional as F
from torch import nn
"""
LENET = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc = nn.Linear(16 * 5 * 5, 10)

    def forward(self, x):
        x = F.max_pool2d(self.conv1(x), 2)
        x = F.max_pool2d(self.conv2(x), 2)
        return self.fc({})
"""


def read(text: str) -> Analysis:
    source = Source.parse("net.py", HEAD + text)
    analysis: Analysis = with_deep_stack(lambda: analyze(source, project()))
    return analysis


def taken(analysis: Analysis) -> str:
    """The shape of the first input of the first network."""
    (_, _, context) = analysis.roots[0]
    assert context.use is not None
    return next(str(v.sizes) for v in context.use.inputs if isinstance(v, Tensor))


@pytest.mark.parametrize("flat", ["x.flatten(1)", "x.view(-1, 400)", "x.view(x.size(0), -1)"])
def test_the_size_is_found_that_fits(flat: str) -> None:
    analysis = read(LENET.format(flat))
    assert taken(analysis) == "(N, 1, 32, 32)"
    origin = "H = W = 32, inferred from the linear layer in line 16 (32..35 fit)"
    if "400" not in flat:
        assert analysis.runs[-1].origin == origin
    assert not analysis.findings
    found = contract(analysis, analysis.roots[0][1])
    assert found is not None
    assert "(H = W = 32..35)" in found.text() or "by 20" in found.text()


SMALL = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv{axes}d(3, 8, 3, padding=1)
        self.fc1 = nn.Linear({one}, 10)
        self.fc2 = nn.Linear({other}, 10)

    def forward(self, x):
        x = F.max_pool{axes}d(self.conv(x), 4)
        return self.fc1(x.flatten(1)) + self.fc2(x.flatten(1))
"""


@pytest.mark.parametrize(
    ("axes", "one", "other", "shape"),
    [
        (2, 8 * 49, 8 * 49, "(N, 3, 28, 28)"),
        (2, 8 * 56 * 56, 8 * 56 * 56, "(N, 3, 224, 224)"),
        (1, 8 * 25, 8 * 25, "(N, 3, 100)"),
        (3, 8 * 64, 8 * 64, "(N, 3, 16, 16, 16)"),
        (2, 8 * 50, 8 * 50, "(N, 3, H, W)"),  # of no square
        (2, 8 * 49, 8 * 36, "(N, 3, H, W)"),  # of no input at all
    ],
)
def test_the_size_of_the_most_halves(axes: int, one: int, other: int, shape: str) -> None:
    assert taken(read(SMALL.format(axes=axes, one=one, other=other))) == shape


def test_symbols_that_are_asked_for_stay() -> None:
    directive = "\n# conv-lsp: input (N, 1, H, W)"
    assert taken(read(directive + LENET.format("x.flatten(1)"))) == "(N, 1, H, W)"


def test_a_size_that_all_conditions_take() -> None:
    """The matrix product wants 33 pixels: of 32..35 it is that one."""
    product = "x.flatten(1) + (torch.zeros(1, 66) @ more)"
    more = "more = torch.zeros(2 * x.shape[2], 400); x = F"
    analysis = read(LENET.replace("x = F", more, 1).format(product))
    assert not analysis.findings
    assert taken(analysis) == "(N, 1, 33, 33)"


# -- conditions on their own ------------------------------------------------------------------

H, W = symbol("H"), symbol("W")


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (Condition("==", H, 16 * (H // 16)), "H divisible by 16"),
        (Condition("<=", 32, H), "H at least 32"),
        (Condition("==", H // 8, 7), "H = 56..63"),
        (Condition("==", H % 4, 1), "H 1 more than a multiple of 4"),
        (Condition("!=", H % 4, 1), "H with a remainder other than 1 by 4"),
        (Condition("~", H // 2, 7), "H = 2..3 or 14..15"),
        (Condition("<", H * H, 100), "H = 1..9"),
        (Condition("==", (H - 1) % 2, 0), "H odd"),
        (Condition("<=", 0, H), ""),
        (Condition("<", H, 0), "no H works"),
    ],
)
def test_solutions_in_words(condition: Condition, text: str) -> None:
    sizes = solved(condition)
    assert sizes is not None
    assert sizes.text("H") == text
    for n in range(1, 200):
        assert (n in sizes) == condition.holds({"H": n})


def test_what_two_symbols_share_stays_a_condition() -> None:
    sizes, others = common([Condition("==", H * W, 49), Condition("<=", 3, H)])
    assert sizes["H"].text("H") == "H at least 3"
    assert [str(c) for c in others] == ["H*W == 49"]


LINES = st.tuples(st.integers(1, 6), st.integers(-5, 5), st.integers(1, 6), st.integers(-9, 9))


def line(draw: tuple[int, int, int, int]) -> object:
    factor, before, divisor, after = draw
    return (factor * H + before) // divisor + after


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["==", "!=", "<", "<=", "~"]), LINES, LINES, LINES)
def test_solutions_are_exact(relation: str, one: object, other: object, more: object) -> None:
    a, b, c = map(line, (one, other, more))  # type: ignore[arg-type]
    first = Condition(relation, a, b)  # type: ignore[arg-type]
    second = Condition("<=", 3, c)  # type: ignore[arg-type]
    sizes, others = common([first, second])
    assert not others
    found = sizes.get("H", Sizes(1, 1, frozenset((0,))))
    for n in range(1, 150):
        assert (n in found) == (first.holds({"H": n}) and second.holds({"H": n}))
    for n in (1, 7, 40):
        above, below = found.above(n), found.below(n)
        assert above == next((k for k in range(n + 1, 400) if k in found), None)
        assert below == next((k for k in range(n - 1, 0, -1) if k in found), None)
