"""Saying that a line certainly raises: Python's own exceptions, and elements torch does not take."""

from __future__ import annotations

from collections.abc import Collection
from copy import copy
from functools import cache
from typing import Final, NoReturn

from conv_lsp.dims import less
from conv_lsp.findings import RULES, Rule
from conv_lsp.library.registry import Call
from conv_lsp.values import UNTYPED, Tensor


@cache
def always_raises(kind: str) -> Rule:
    """`always-raises` for one class of exceptions, so that a handler of that class catches it."""
    # A copy, not a new Rule: making one would declare a second rule under the same code.
    rule = copy(RULES["always-raises"])
    object.__setattr__(rule, "raises", kind)
    return rule


def certainly_raises(call: Call, kind: str, message: str, *, at: str = "") -> NoReturn:
    """Give up: the call raises `kind(message)` whatever the sizes are."""
    call.fail(always_raises(kind), at=at, error=f"{kind}: {message}")


# -- what the elements of a tensor have to be -----------------------------------------------------

# What is not known is in none of these.
INTEGERS: Final = frozenset("uint8 int8 uint16 int16 uint32 int32 uint64 int64".split())
UNSIGNED: Final = frozenset(name for name in INTEGERS if name.startswith("u"))
NOT_FLOATING: Final = INTEGERS | {"bool"}


@cache
def refusal(kind: str) -> Rule:
    """`call-arguments` for one class of exceptions: torch looks at many arguments late."""
    rule = copy(RULES["call-arguments"])
    object.__setattr__(rule, "raises", kind)
    return rule


def refuse(call: Call, tensor: Tensor, refused: Collection[str], *, at: str = "input") -> None:
    """Fail at a tensor of one of these dtypes."""
    if tensor.dtype in refused:
        name = call.name.rpartition(".")[2]
        problem = f"does not take {tensor.dtype} elements"
        call.fail(refusal("NotImplementedError"), at=at, name=name, problem=problem)


def floating(call: Call, *tensors: object, at: str = "input") -> None:
    """Fail at integers and truth values, where torch computes in floating point only."""
    for tensor in tensors:
        if isinstance(tensor, Tensor):
            refuse(call, tensor, NOT_FLOATING, at=at)


INDEX: Final = ("int32", "int64")
LONG: Final = ("int64",)
MASK: Final = ("bool",)
"""What index tensors and masks have to be."""


def require_dtype(call: Call, tensor: Tensor, wanted: Collection[str], *, at: str) -> None:
    """Fail at a tensor of another dtype than these."""
    if tensor.dtype not in wanted and tensor.dtype != UNTYPED:
        problem = f"{at} has {tensor.dtype} elements, {' or '.join(wanted)} is taken"
        name = call.name.rpartition(".")[2]
        call.fail(refusal("RuntimeError"), at=at, name=name, problem=problem)


def require_same_dtype(call: Call, got: Tensor, want: Tensor, *, at: str) -> None:
    """Fail at a tensor that has not the dtype of the one that it is put into."""
    if got.dtype != want.dtype and UNTYPED not in {got.dtype, want.dtype}:
        problem = f"{at} has {got.dtype} elements, the tensor {want.dtype}"
        name = call.name.rpartition(".")[2]
        call.fail(refusal("RuntimeError"), at=at, name=name, problem=problem)


def writable(call: Call, tensor: Tensor) -> None:
    """Fail at a tensor with elements that share one place in memory, as `expand` makes them."""
    if tensor.known and isinstance(tensor.strides, tuple) and 0 not in tensor.sizes:
        shared = zip(tensor.strides, tensor.sizes, strict=False)
        if any(stride == 0 and less(1, size) for stride, size in shared):
            problem = "writes into elements that share a place in memory; clone() the tensor first"
            name = call.name.rpartition(".")[2]
            call.fail(refusal("RuntimeError"), at="input", name=name, problem=problem)


# -- devices ----------------------------------------------------------------------------------

DEVICES: Final = frozenset(
    """cpu cuda ipu xpu mkldnn opengl opencl ideep hip ve fpga maia xla lazy vulkan mps meta hpu mtia
    privateuseone npu mlu musa gcu sdaa dml tpu neuron""".split()
)
"""torch's own, and what packages that add one call theirs."""


def known_device(call: Call, device: object, name: str, at: str = "device") -> None:
    """Complain about a text or a number that is no device."""
    below = type(device) is int and device < 0
    if below or (isinstance(device, str) and device.partition(":")[0] not in DEVICES):
        call.fail(refusal("RuntimeError"), at=at, name=name, problem=f"{device!r} names no device")
