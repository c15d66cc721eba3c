"""Reparametrised weights: weight, spectral and orthogonal normalisation of a layer's parameter."""

from __future__ import annotations

from conv_lsp.dims import proves_unequal
from conv_lsp.findings import AXIS_RANGE, CALL_ARGUMENTS, INPUT_RANK
from conv_lsp.library.algebra import show
from conv_lsp.library.containers import ModuleDict
from conv_lsp.library.layers import build, parameter, weight
from conv_lsp.library.module import Layer
from conv_lsp.library.registry import Call, op
from conv_lsp.values import MISSING, Class, Module, Shape, Tensor, Value


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
    """The module, whose parameter is now computed from others."""
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
    """The module, whose parameter is now computed from another."""
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
    """The module, whose parameter is now computed from another."""
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


def parametrize(
    call: Call, module: object, name: str, originals: dict[str, Tensor], *steps: Value
) -> None:
    """As torch keeps them: module.parametrizations.<name>.original."""
    held = vars(module).get("parametrizations")
    if not isinstance(held, ModuleDict):
        held = build(call, "torch.nn.ModuleDict")
        call.host.set_attribute(module, "parametrizations", held)
    inner = vars(held).get(name) or build(call, "torch.nn.ModuleList", list(steps))
    for word, tensor in originals.items():
        call.host.set_attribute(inner, word, tensor)
    held.set_item(call, name, inner)


PARAMETRIZE = "torch.nn.utils.parametrize"


@op(f"{PARAMETRIZE}.register_parametrization")
def register_parametrization(
    call: Call, module: object, tensor_name: str, parametrization: object, *, unsafe: object = False
) -> Value:
    """The module, whose tensor is now what the parametrization makes of the original one."""
    given = vars(module).get(tensor_name) if isinstance(module, Module) else None
    shape = taken(call, module, tensor_name)
    if shape is None or not isinstance(given, Tensor):
        return module
    made = call.invoke(parametrization, given)
    if isinstance(made, Tensor) and made.known and unsafe is not True:
        if made.rank != len(shape) or any(map(proves_unequal, made.sizes, shape)):
            problem = f"it makes {show(made.shape)} of a parameter of {show(shape)}"
            call.fail(CALL_ARGUMENTS, at="parametrization", name="it", problem=problem)
    plain = made.like() if isinstance(made, Tensor) and made.kind else made
    call.host.set_attribute(module, tensor_name, plain)
    if not is_parametrized(call, module, tensor_name):
        parametrize(call, module, tensor_name, {"original": parameter(given)}, parametrization)
    return module


@op(f"{PARAMETRIZE}.is_parametrized")
def is_parametrized(call: Call, module: object, tensor_name: object = None) -> Value:
    """Whether some tensor, or this one, is computed from others."""
    held = vars(module).get("parametrizations") if isinstance(module, Module) else None
    if not isinstance(held, Layer) or tensor_name is None:
        return isinstance(held, Layer)
    return isinstance(tensor_name, str) and isinstance(vars(held).get(tensor_name), Layer)


@op(f"{PARAMETRIZE}.remove_parametrizations")
def remove_parametrizations(
    call: Call, module: object, tensor_name: str, leave_parametrized: object = True
) -> Value:
    """The module with a parameter again: as it was computed, or the original one."""
    if not isinstance(module, Module) or not is_parametrized(call, module, tensor_name):
        problem = f"nothing computes '{tensor_name}'"
        call.fail(CALL_ARGUMENTS, at="tensor_name", name="it", problem=problem)
    held = vars(module)["parametrizations"]
    kept = module if leave_parametrized else vars(held)[tensor_name]
    tensor = vars(kept).get(tensor_name if leave_parametrized else "original")
    held.pop(call, tensor_name)
    if not held.names():
        call.host.set_attribute(module, "parametrizations", MISSING)
    if isinstance(tensor, Tensor):
        restored(call, module, tensor_name, tensor)
    return module


def restored(call: Call, module: Module, name: str, tensor: Tensor) -> None:
    """The module's own parameter of this name, the last of them."""
    call.host.set_attribute(module, name, MISSING)
    vars(module).pop(name, None)
    call.host.set_attribute(module, name, parameter(tensor))


@op("torch.nn.utils.remove_weight_norm", "torch.nn.utils.remove_spectral_norm")
def remove_norm(call: Call, module: object, name: str = "weight") -> Value:
    """The module with a parameter of its own again."""
    tensor = vars(module).get(name) if isinstance(module, Module) else None
    parts = [f"{name}_g", f"{name}_v", f"{name}_orig", f"{name}_u"]
    found = [part for part in parts if isinstance(vars(module).get(part), Tensor)]
    if isinstance(module, Module) and isinstance(tensor, Tensor) and found:
        for part in found:
            call.host.set_attribute(module, part, MISSING)
        restored(call, module, name, tensor)
    elif isinstance(module, Module) and not isinstance(module.kind, Class):
        problem = f"the parameter '{name}' is not normalised"
        call.fail(CALL_ARGUMENTS, at="name", name="it", problem=problem)
    return module
