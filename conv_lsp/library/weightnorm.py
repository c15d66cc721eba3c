"""Reparametrised weights: weight, spectral and orthogonal normalisation of a layer's parameter."""

from __future__ import annotations

from conv_lsp.findings import AXIS_RANGE, CALL_ARGUMENTS, INPUT_RANK
from conv_lsp.library.layers import weight
from conv_lsp.library.module import Layer
from conv_lsp.library.registry import Call, op
from conv_lsp.values import Class, Module, Shape, Tensor, Value


@op("torch.nn.utils.weight_norm")
def weight_norm(call: Call, module: object, name: str = "weight", dim: object = 0) -> Value:
    """The module, whose parameter is now the product of `name`_g and `name`_v."""
    shape = taken(call, module, name)
    if shape is not None:
        call.host.set_attribute(module, f"{name}_g", weight(*norms(call, shape, dim)))
        call.host.set_attribute(module, f"{name}_v", weight(*shape))
    return module


@op("torch.nn.utils.spectral_norm")
def spectral_norm(
    call: Call,
    module: object,
    name: str = "weight",
    n_power_iterations: object = 1,
    eps: object = 1e-12,
    dim: object = None,
) -> Value:
    """The module, whose parameter is now computed from `name`_orig."""
    shape = taken(call, module, name)
    if shape is not None:
        call.host.set_attribute(module, f"{name}_orig", weight(*shape))
    return module


@op("torch.nn.utils.parametrizations.weight_norm")
def parametrized_weight_norm(
    call: Call, module: object, name: str = "weight", dim: object = 0
) -> Value:
    shape = taken(call, module, name)
    if shape is not None:
        originals = {"original0": weight(*norms(call, shape, dim)), "original1": weight(*shape)}
        parametrize(call, module, name, originals)
    return module


@op("torch.nn.utils.parametrizations.spectral_norm")
def parametrized_spectral_norm(
    call: Call,
    module: object,
    name: str = "weight",
    n_power_iterations: object = 1,
    eps: object = 1e-12,
    dim: object = None,
) -> Value:
    return replaced(call, module, name)


@op("torch.nn.utils.parametrizations.orthogonal")
def orthogonal(
    call: Call,
    module: object,
    name: str = "weight",
    orthogonal_map: object = None,
    *,
    use_trivialization: object = True,
) -> Value:
    given = vars(module).get(name) if isinstance(module, Module) else None
    if isinstance(given, Tensor) and given.known and given.rank < 2:
        call.fail(INPUT_RANK, at="name", name="orthogonal()", got=given.rank, want="at least 2")
    return replaced(call, module, name)


def replaced(call: Call, module: object, name: str) -> Value:
    """The module, whose parameter is now computed from another of the same shape."""
    shape = taken(call, module, name)
    if shape is not None:
        parametrize(call, module, name, {"original": weight(*shape)})
    return module


def taken(call: Call, module: object, name: str) -> Shape | None:
    """The shape of a parameter, which from now on is a mere tensor; None for what is none."""
    tensor = vars(module).get(name) if isinstance(module, Module) else None
    if tensor is None and isinstance(module, Module) and not isinstance(module.kind, Class):
        problem = f"{module.kind.__name__} has no parameter '{name}'"
        call.fail(CALL_ARGUMENTS, at="name", name="it", problem=problem)
    if not isinstance(tensor, Tensor) or not tensor.known:
        return None
    call.host.set_attribute(module, name, tensor.like())
    return tensor.sizes


def norms(call: Call, shape: Shape, dim: object) -> Shape:
    """The shape of the norms along `dim`; a single one for None and for -1."""
    if not isinstance(dim, int) or dim == -1 or not shape:
        return ()
    if not -len(shape) <= dim < len(shape):
        call.fail(AXIS_RANGE, at="dim", dim=dim, rank=len(shape))
    return tuple(n if i == dim % len(shape) else 1 for i, n in enumerate(shape))


def parametrize(call: Call, module: object, name: str, originals: dict[str, Tensor]) -> None:
    """As torch keeps them: module.parametrizations.<name>.original."""
    held = vars(module).get("parametrizations")
    if not isinstance(held, Layer):
        held = Layer(call)
        call.host.set_attribute(module, "parametrizations", held)
    inner = Layer(call)
    vars(inner).update(originals)
    call.host.set_attribute(held, name, inner)
