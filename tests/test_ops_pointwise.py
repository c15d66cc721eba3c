"""Element-wise mathematics: what the draws of tests/ops do not reach."""

from __future__ import annotations

import itertools

import pytest

from conv_lsp.library.algebra import promote_operands, promoted
from conv_lsp.library.arguments import coerce
from conv_lsp.library.pointwise import BINARY, TESTS, UNARY
from conv_lsp.library.registry import METHODS, OPS
from conv_lsp.values import UNTYPED, Tensor, Unknown
from tests.judge import abstract, torch
from tests.opcheck import outcome, run
from tests.ops.pointwise import names

DTYPES = """bool uint8 int8 int16 int32 int64 uint16 uint32 uint64 float16 bfloat16 float32 float64
complex32 complex64 complex128 float8_e5m2""".split()


@pytest.mark.parametrize("path", names((*UNARY, *TESTS, *BINARY), "torch").split())
def test_where_it_is_reached(path: str) -> None:
    """In place wherever torch has it, and nowhere else."""
    name = path.rpartition(".")[2]
    assert hasattr(torch, f"{name}_") == (f"torch.{name}_" in OPS)
    assert hasattr(torch.Tensor, f"{name}_") == (f"{name}_" in METHODS)


def test_promotion_of_types() -> None:
    for a, b in itertools.product(DTYPES, DTYPES):
        try:
            wanted = str(torch.promote_types(getattr(torch, a), getattr(torch, b)))[6:]
        except RuntimeError:
            wanted = UNTYPED
        assert promoted(a, b) == wanted, (a, b)


@pytest.mark.filterwarnings("ignore:ComplexHalf")
def test_promotion_of_operands() -> None:
    """A tensor without axes, and a number, count only where their category is higher."""
    kinds = [k for k in DTYPES if k[:4] not in ("uint", "floa") or k in ("uint8", "float16")]
    kinds += ["float32", "float64"]
    tensors = [torch.ones(s, dtype=getattr(torch, k)) for s in ((2,), ()) for k in kinds]
    for tensor, other in itertools.product(tensors, [*tensors, True, 2, 2.5, 1j]):
        for pair in ((tensor, other), (other, tensor)):
            operands = [coerce("Tensor", abstract(value)) for value in pair]
            assert promote_operands(operands) == str(torch.result_type(*pair))[6:], pair


def test_a_dtype_that_nobody_told_is_none() -> None:
    """Neither a complaint nor a claim is made of it."""
    untold = Tensor((2, 3), dtype=UNTYPED)
    for path in ("torch.neg", "torch.bitwise_not", "torch.sqrt"):
        assert outcome(path, untold) == (2, 3, UNTYPED)
    assert outcome("operator.add", untold, Tensor((3,), dtype="float64"))[-1] == UNTYPED
    assert outcome("operator.iadd", Tensor((2, 3), dtype="int64"), untold) == (2, 3, "int64")
    assert Tensor(Unknown("")).dtype == UNTYPED


def test_what_is_said_of_dtypes() -> None:
    ints = Tensor((2,), dtype="int64")
    _, findings = run("operator.iadd", ints, 2.5)
    problem = "dtype float32; the tensor that it is written into takes int64"
    assert findings == [("dtype", f"the result of iadd() has {problem}")]
    truths, floats = Tensor((2,), dtype="bool"), Tensor((2,))
    for path, args, said in (
        ("torch.ceil", (truths,), "input has dtype bool; ceil() takes integers or floating"),
        ("operator.and_", (truths, floats), "other has dtype float32; and_() takes truth values"),
        ("torch.matmul", (floats, truths), "other has dtype bool; matmul() takes float32"),
    ):
        result, ((code, message), *_) = run(path, *args)
        assert (code, result.rank) == ("dtype", 0 if path == "torch.matmul" else 1)
        assert message.startswith(said)


def test_words_of_numpy() -> None:
    assert outcome("torch.add", Tensor((2,)), x2=Tensor((2,))) == (2, "float32")
    assert outcome("torch.sum", Tensor((2, 3)), axis=1, keepdims=True) == (2, 1, "float32")
