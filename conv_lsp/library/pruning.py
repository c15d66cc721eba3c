"""torch.nn.utils.prune: parameters of which some elements are masked."""

from __future__ import annotations

from conv_lsp.library.layers import parameter
from conv_lsp.library.module import Layer
from conv_lsp.library.registry import Call, op
from conv_lsp.library.weightnorm import restored, taken
from conv_lsp.values import MISSING, Module, Tensor, Value

PATH = "torch.nn.utils.prune"


@op(
    f"{PATH}.identity",
    f"{PATH}.l1_unstructured",
    f"{PATH}.random_unstructured",
    f"{PATH}.ln_structured",
    f"{PATH}.random_structured",
    f"{PATH}.custom_from_mask",
)
def pruned(call: Call, module: object, name: str, *args: object, **kwargs: object) -> Value:
    """The module, whose parameter is now the product of `name`_orig and `name`_mask."""
    given = vars(module).get(name) if isinstance(module, Module) else None
    if isinstance(given, Tensor) and given.kind != "parameter":
        return module  # pruned again: the mask has other numbers
    if taken(call, module, name) is not None and isinstance(given, Tensor):
        call.host.set_attribute(module, f"{name}_orig", parameter(given))
        mask = Tensor(given.shape, dtype=given.dtype, kind="buffer")
        call.host.set_attribute(module, f"{name}_mask", mask)
    return module


@op(f"{PATH}.global_unstructured")
def global_unstructured(
    call: Call, parameters: object, pruning_method: object, *args: object, **kwargs: object
) -> None:
    """As `pruned`, for pairs of a module and the name of its parameter."""
    for pair in parameters if isinstance(parameters, (list, tuple)) else ():
        if isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[1], str):
            pruned(call, *pair)


@op(f"{PATH}.remove")
def remove(call: Call, module: object, name: str) -> Value:
    """The module with a parameter of its own again."""
    original = vars(module).get(f"{name}_orig") if isinstance(module, Module) else None
    if isinstance(module, Module) and isinstance(original, Tensor):
        for part in (f"{name}_orig", f"{name}_mask"):
            call.host.set_attribute(module, part, MISSING)
        restored(call, module, name, original)
    return module


@op(f"{PATH}.is_pruned")
def is_pruned(call: Call, module: Layer) -> Value:
    """Whether a parameter in the module or below is masked."""
    tensors = [name for _, inner in module.tree() for name, _ in inner.tensors("buffer")]
    return any(name.endswith("_mask") for name in tensors)
