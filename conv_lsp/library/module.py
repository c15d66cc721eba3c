"""`torch.nn.Module` itself: what every layer, and every class of the user, inherits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from conv_lsp.dims import Dim, product, total
from conv_lsp.library.dtypes import DType, is_real
from conv_lsp.library.registry import Call, models
from conv_lsp.values import UNTOLD, Class, Instance, Module, Tensor, Unknown, Value


@models("torch.utils.hooks.RemovableHandle")
class RemovableHandle(Instance):
    """Takes a forward hook off its module again."""

    __slots__ = ()

    def __init__(self, module: Module, hook: object) -> None:
        super().__init__()
        self.__dict__.update(_module=module, _hook=hook)

    def remove(self, call: Call) -> None:
        module, hook = self.__dict__["_module"], self.__dict__["_hook"]
        hooks = [h for h in module.hooks("_forward_hooks") if h is not hook]
        call.host.set_attribute(module, "_forward_hooks", tuple(hooks))


def recast(tensor: Tensor, dtype: str) -> Tensor:
    """A parameter or buffer with numbers of another type."""
    return Tensor(
        tensor.shape,
        tensor.axes,
        seen=tensor.seen,
        dtype=dtype,
        strides=tensor.strides,
        kind=tensor.kind,
    )


EMPTY: Final = "_registered_as_none_"
"""Attributes with the names of parameters (buffers) that were registered as None."""


ATTRIBUTE_NAMES: Final = frozenset(
    """
    T_destination _apply _backward_hooks _backward_pre_hooks _buffers _call_impl
    _compiled_call_impl _constants_set _construct _finalize_scriptmodule _forward_hooks
    _forward_hooks_always_called _forward_hooks_with_kwargs _forward_pre_hooks
    _forward_pre_hooks_with_kwargs _get_backward_hooks _get_backward_pre_hooks _get_name
    _is_full_backward_hook _load_from_state_dict _load_state_dict_post_hooks
    _load_state_dict_pre_hooks _maybe_warn_non_full_backward_hook _methods _modules _named_members
    _non_persistent_buffers_set _parameters _reconstruct _register_load_state_dict_pre_hook
    _register_state_dict_hook _replicate_for_data_parallel _save_for_lite_interpreter
    _save_to_buffer_for_lite_interpreter _save_to_state_dict _slow_forward _state_dict_hooks
    _state_dict_pre_hooks _version _wrapped_call_impl add_module apply bfloat16 buffers
    call_super_init children code code_with_constants compile cpu cuda define double dump_patches
    eval extra_repr float forward forward_magic_method get_buffer get_debug_state get_extra_state
    get_parameter get_submodule graph graph_for half inlined_graph ipu load_state_dict modules
    mtia named_buffers named_children named_modules named_parameters original_name parameters
    register_backward_hook register_buffer register_forward_hook register_forward_pre_hook
    register_full_backward_hook register_full_backward_pre_hook register_load_state_dict_post_hook
    register_load_state_dict_pre_hook register_module register_parameter
    register_state_dict_post_hook register_state_dict_pre_hook requires_grad_ save save_to_buffer
    set_extra_state set_submodule share_memory state_dict to to_empty train training type xpu
    zero_grad
    """.split()
)
"""What every module has in torch, whether it is modelled here or not."""


@models("torch.nn.Module", "torch.jit.ScriptModule")
class Layer(Module):
    """A module. Its public methods with `call` are those of torch; the others are for the engine."""

    __slots__ = ()

    path = "torch.nn.Module"
    attribute_names = ATTRIBUTE_NAMES

    def __init__(self, call: Call, *args: object, **kwargs: object) -> None:
        if not hasattr(self, "kind"):  # the interpreter has made it already, of the user's class
            super().__init__()
        self.training = True

    # -- for the engine -----------------------------------------------------------------------

    def describe(self) -> str:
        """The layer in a line, as the hover's head: Conv2d(64 → 128, 3×3, stride 2)."""
        return type(self).__name__

    def macs(self, input: Tensor, output: Tensor) -> Dim | None:
        """Multiply-accumulate operations of one call; None where it does none or they are unknown."""
        return None

    def parameter_count(self) -> Dim:
        """Elements of its own parameters, its children's not counted."""
        own = [t for _, t in self.tensors("parameter") if t.known]
        return total(product(t.sizes) for t in own)

    def elements(self) -> list[Value] | None:
        """What iteration gives, for containers."""
        return None

    # -- torch's methods ----------------------------------------------------------------------

    def train(self, call: Call, mode: object = True) -> Value:
        known = isinstance(mode, bool)
        for _, module in self.tree():
            call.host.set_attribute(
                module, "training", mode if known else Unknown("mode of train()")
            )
        return self

    def eval(self, call: Call) -> Value:
        return self.train(call, False)

    def apply(self, call: Call, fn: object) -> Value:
        for _, module in list(self.tree()):
            call.invoke(fn, module)
        return self

    def to(self, call: Call, *args: object, **kwargs: object) -> Value:
        for given in (*args, *kwargs.values()):
            if isinstance(given, DType):
                self._cast(call, given.name)
            elif isinstance(given, Tensor):
                self._cast(call, given.dtype)
            elif isinstance(given, Unknown):
                self._cast(call, "")
        return self

    def cuda(self, call: Call, device: object = None) -> Value:
        return self

    def cpu(self, call: Call) -> Value:
        return self

    def float(self, call: Call) -> Value:
        return self._cast(call, "float32")

    def double(self, call: Call) -> Value:
        return self._cast(call, "float64")

    def half(self, call: Call) -> Value:
        return self._cast(call, "float16")

    def bfloat16(self, call: Call) -> Value:
        return self._cast(call, "bfloat16")

    def type(self, call: Call, dst_type: object = None) -> Value:
        return self._cast(call, dst_type.name if isinstance(dst_type, DType) else "")

    def _cast(self, call: Call, dtype: str) -> Value:
        """Floating point parameters and buffers in another type; "" for one that is not known."""
        casts: dict[int, Tensor] = {}
        call.host.mixed |= not dtype
        for _, module in self.tree() if dtype else ():
            for kind in ("parameter", "buffer"):
                for name, tensor in list(module.tensors(kind)):
                    if not is_real(tensor.dtype) or tensor.dtype == dtype:
                        continue
                    if id(tensor) not in casts:
                        casts[id(tensor)] = recast(tensor, dtype)
                    call.host.set_attribute(module, name, casts[id(tensor)])
        return self

    def share_memory(self, call: Call) -> Value:
        return self

    def compile(self, call: Call, *args: object, **kwargs: object) -> None:
        return None

    def requires_grad_(self, call: Call, requires_grad: object = True) -> Value:
        return self

    def zero_grad(self, call: Call, set_to_none: object = True) -> None:
        return None

    def extra_repr(self, call: Call) -> str:
        return ""

    def add_module(self, call: Call, name: object, module: object) -> None:
        call.host.set_attribute(self, name if isinstance(name, str) else UNTOLD, module)

    def register_module(self, call: Call, name: object, module: object) -> None:
        self.add_module(call, name, module)

    def register_buffer(
        self, call: Call, name: object, tensor: object, persistent: object = True
    ) -> None:
        self._register(call, name, tensor, "buffer")

    def register_parameter(self, call: Call, name: object, param: object) -> None:
        self._register(call, name, param, "parameter")

    def _register(self, call: Call, name: object, value: object, kind: str) -> None:
        if isinstance(value, Tensor):
            value = value.like()
            value.kind = "buffer" if kind == "buffer" else "parameter"
        if isinstance(name, str):
            call.host.set_attribute(self, name, value)
            if value is None:
                empty = (*self.__dict__.get(EMPTY + kind, ()), name)
                call.host.set_attribute(self, EMPTY + kind, empty)
        else:
            call.host.set_attribute(self, UNTOLD, True)

    def register_forward_hook(self, call: Call, hook: object, **kwargs: object) -> Value:
        hooks = (*self.hooks("_forward_hooks"), hook)
        call.host.set_attribute(self, "_forward_hooks", hooks)
        return call.host.new(RemovableHandle(self, hook))

    def register_forward_pre_hook(self, call: Call, hook: object, **kwargs: object) -> Value:
        hooks = (*self.hooks("_forward_pre_hooks"), hook)
        call.host.set_attribute(self, "_forward_pre_hooks", hooks)
        return Unknown("a hook's handle")

    def register_full_backward_hook(self, call: Call, hook: object, **kwargs: object) -> Value:
        return Unknown("a hook's handle")

    register_backward_hook = register_full_backward_pre_hook = register_full_backward_hook
    register_load_state_dict_post_hook = register_state_dict_pre_hook = register_full_backward_hook

    def get_submodule(self, call: Call, target: str) -> Value:
        found: Value = self
        for word in target.split(".") if target else ():
            found = call.host.attribute(found, word, call.site)
            if not isinstance(found, Module):
                return Unknown(f"there is no submodule {target!r}")
        return found

    def get_parameter(self, call: Call, target: str) -> Value:
        path, _, name = target.rpartition(".")
        owner = self.get_submodule(call, path)
        found = call.host.attribute(owner, name, call.site)
        return found if isinstance(found, Tensor) else Unknown(f"there is no {target!r}")

    get_buffer = get_parameter

    def _get_name(self, call: Call) -> Value:
        kind = self.kind
        return kind.name if isinstance(kind, Class) else kind.__name__

    def unique_children(self) -> list[tuple[str, Module]]:
        """Direct children, each once, as `named_children` gives them."""
        seen: set[int] = set()
        unique = []
        for name, child in self.submodules():
            if id(child) not in seen:
                seen.add(id(child))
                unique.append((name, child))
        return unique

    def children(self, call: Call) -> Value:
        return [child for _, child in self.unique_children()]

    def named_children(self, call: Call) -> Value:
        return self.unique_children()

    def modules(self, call: Call) -> Value:
        return [m for _, m in self.tree()]

    def named_modules(
        self, call: Call, memo: object = None, prefix: str = "", remove_duplicate: object = True
    ) -> Value:
        return list(self.tree(prefix))

    def parameters(self, call: Call, recurse: bool = True) -> Value:
        return [t for _, t in self._named("parameter", "", recurse)]

    def named_parameters(
        self, call: Call, prefix: str = "", recurse: bool = True, remove_duplicate: object = True
    ) -> Value:
        return list(self._named("parameter", prefix, recurse))

    def buffers(self, call: Call, recurse: bool = True) -> Value:
        return [t for _, t in self._named("buffer", "", recurse)]

    def named_buffers(
        self, call: Call, prefix: str = "", recurse: bool = True, remove_duplicate: object = True
    ) -> Value:
        return list(self._named("buffer", prefix, recurse))

    def _named(self, kind: str, prefix: str, recurse: bool) -> Iterator[tuple[str, Tensor]]:
        seen: set[int] = set()
        for path, module in self.tree(prefix):
            for name, tensor in module.tensors(kind):
                if id(tensor) not in seen:
                    seen.add(id(tensor))
                    yield (f"{path}.{name}" if path else name), tensor
            if not recurse:
                return

    def state_dict(self, call: Call, *args: object, **kwargs: object) -> Value:
        return {
            f"{path}.{name}" if path else name: tensor
            for path, module in self.tree()
            for kind in ("parameter", "buffer")
            for name, tensor in module.tensors(kind)
        }

    def load_state_dict(self, call: Call, *args: object, **kwargs: object) -> Value:
        return Unknown("the result of load_state_dict")
