"""torch.nn.utils: parameters as vectors, layers fused with the norms behind them."""

from __future__ import annotations

from conv_lsp.axes import whole
from conv_lsp.dims import Dim, less_equal, total
from conv_lsp.findings import CALL_ARGUMENTS
from conv_lsp.library.algebra import numel, promote
from conv_lsp.library.arguments import OTHER_TYPES
from conv_lsp.library.layers import parameter
from conv_lsp.library.registry import Call, op
from conv_lsp.library.transformer import copied
from conv_lsp.values import Module, Tensor, Unknown, Value


def tensors_of(call: Call, parameters: Value) -> list[Tensor] | Unknown:
    """The tensors of an iterable; why they are not known."""
    if isinstance(parameters, Tensor):
        return [parameters]
    held = call.host.elements(parameters, call.site)
    if isinstance(held, Unknown):
        return held
    found = [t for t in held if isinstance(t, Tensor) and t.known]
    return found if len(found) == len(held) else Unknown("parameters that are not known")


def together(tensors: list[Tensor]) -> Dim:
    return total(numel(t.sizes) for t in tensors)


@op("torch.nn.utils.parameters_to_vector")
def parameters_to_vector(call: Call, parameters: object) -> Tensor:
    """As long as all parameters have elements together."""
    found = tensors_of(call, parameters)
    if isinstance(found, Unknown):
        return Tensor(found)
    if not found:
        problem = "there are no parameters"
        call.fail(CALL_ARGUMENTS, at="parameters", name="parameters_to_vector", problem=problem)
    seen = whole(*(axis for t in found for axis in t.axes))
    return Tensor((together(found),), seen=seen, dtype=promote(*(t.dtype for t in found)))


@op("torch.nn.utils.vector_to_parameters")
def vector_to_parameters(call: Call, vec: Tensor, parameters: object) -> None:
    """Takes the elements of the parameters, one parameter after the other, from the vector."""
    found = tensors_of(call, parameters)
    if not isinstance(found, Unknown) and vec.rank == 1:
        wanted = together(found)
        if less_equal(vec.sizes[0] + 1, wanted):
            problem = f"takes a vector of {wanted} elements, not {vec.sizes[0]}"
            call.fail(CALL_ARGUMENTS, at="vec", name="vector_to_parameters", problem=problem)


OTHER_TYPES["torch.nn.utils.get_total_norm"] = "tensors:TL norm_type:f"


@op("torch.nn.utils.get_total_norm")
def get_total_norm(
    call: Call,
    tensors: object,
    norm_type: object = 2.0,
    error_if_nonfinite: object = False,
    foreach: object = None,
) -> Tensor:
    """One number for all tensors."""
    return Tensor(())


@op("torch.nn.utils.clip_grads_with_norm_")
def clip_grads_with_norm_(
    call: Call, parameters: object, max_norm: object, total_norm: object, foreach: object = None
) -> None:
    """Gradients, which are not followed, are changed in place."""


@op("torch.nn.utils.skip_init")
def skip_init(call: Call, module_cls: object, *args: object, **kwargs: object) -> Value:
    """A module of the class, made with these arguments."""
    return call.invoke(module_cls, *args, **kwargs)


@op("torch.nn.utils.fuse_conv_bn_eval", "torch.nn.utils.fusion.fuse_conv_bn_eval")
def fuse_conv_bn_eval(call: Call, conv: object, bn: object, transpose: object = False) -> Value:
    """A copy of the convolution that does what the norm does behind it."""
    return fused(call, conv, bn)


@op("torch.nn.utils.fuse_linear_bn_eval", "torch.nn.utils.fusion.fuse_linear_bn_eval")
def fuse_linear_bn_eval(call: Call, linear: object, bn: object) -> Value:
    """A copy of the linear layer that does what the norm does behind it."""
    return fused(call, linear, bn)


def fused(call: Call, layer: Value, norm: Value) -> Value:
    """A copy of the layer, with a bias."""
    if not isinstance(layer, Module) or not isinstance(norm, Module):
        return Unknown("a fused layer")
    if any(vars(module).get("training") is True for module in (layer, norm)):
        problem = "takes modules in eval mode"
        call.fail(CALL_ARGUMENTS, name="it", problem=problem)
    made = call.host.new(copied(layer))
    scale = vars(norm).get("running_mean")
    if isinstance(scale, Tensor) and vars(made).get("bias") is None:
        call.host.set_attribute(made, "bias", parameter(scale))
    return made


@op("torch.nn.utils.fuse_conv_bn_weights", "torch.nn.utils.fusion.fuse_conv_bn_weights")
def fuse_conv_bn_weights(
    call: Call,
    conv_w: Tensor,
    conv_b: object,
    bn_rm: Tensor,
    bn_rv: Tensor,
    bn_eps: object,
    bn_w: object,
    bn_b: object,
    transpose: object = False,
) -> Value:
    """The weight and the bias of both together."""
    return parameter(conv_w), parameter(bn_rm)


@op("torch.nn.utils.fuse_linear_bn_weights", "torch.nn.utils.fusion.fuse_linear_bn_weights")
def fuse_linear_bn_weights(
    call: Call,
    linear_w: Tensor,
    linear_b: object,
    bn_rm: Tensor,
    bn_rv: Tensor,
    bn_eps: object,
    bn_w: Tensor,
    bn_b: Tensor,
) -> Value:
    """The weight and the bias of both together."""
    return parameter(linear_w), parameter(bn_rm)
