"""What the layers share: their parameters, and the layers inside them."""

from __future__ import annotations

from conv_lsp.dims import Dim, less_equal
from conv_lsp.findings import CALL_ARGUMENTS
from conv_lsp.library import registry
from conv_lsp.library.arguments import misfits, said, wanted
from conv_lsp.library.dtypes import DType, dtype_name
from conv_lsp.library.registry import Call, Failed
from conv_lsp.values import Shape, Tensor, Unknown, Value


def parameter(tensor: Tensor) -> Tensor:
    """A tensor as torch.nn.Parameter."""
    return Tensor(tensor.shape, tensor.axes, seen=tensor.seen, dtype=tensor.dtype, kind="parameter")


def weight(*shape: Dim, dtype: object = None) -> Tensor:
    """A parameter of this shape; `dtype` is the layer's argument."""
    return Tensor(shape, dtype=dtype_name(dtype, "float32"), kind="parameter")


def check_made(call: Call, name: str, dtype: object, **sizes: Dim | None) -> None:
    """Complain about negative sizes of parameters, and about numbers that have no gradient."""
    for at, size in sizes.items():
        if size is None and call.host.guessing:
            raise Failed(f"{at} is None by default")
        if size is None:
            problem = f"takes an integer as {at}, not None"
            call.fail(CALL_ARGUMENTS, at=at, name=name, problem=problem)
        if less_equal(size, -1):
            problem = f"takes {at} of at least 0, not {size}"
            call.fail(CALL_ARGUMENTS, at=at, name=name, problem=problem)
    if isinstance(dtype, DType) and not (dtype.is_floating_point or dtype.is_complex):
        problem = f"parameters are floating point numbers, not {dtype.name}"
        call.fail(CALL_ARGUMENTS, at="dtype", name=name, problem=problem)


def optional(shape: Shape, wanted: object, dtype: object = None) -> Tensor | Unknown | None:
    """A parameter that an argument such as `bias` switches on."""
    if isinstance(wanted, Unknown):
        return wanted
    return weight(*shape, dtype=dtype) if wanted else None


def build(call: Call, path: str, *args: Value, **kwargs: Value) -> Value:
    """A layer inside a layer."""
    return call.invoke(registry.find(path), *args, **kwargs)


def expect(call: Call, letters: str, **given: Value) -> None:
    """Fail at an argument that is none of what the letters of `torch_types` stand for."""
    for name, value in given.items():
        if misfits(value, letters):
            problem = f"argument '{name}' takes {wanted(letters)}, not {said(value)}"
            call.fail(CALL_ARGUMENTS, at=name, name=call.name, problem=problem)
