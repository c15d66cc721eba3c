"""Functions of functions: `torch.vmap`, `torch.func` and `torch.autograd.functional`.

The function given is run once: on one element of a batch, or on the inputs as they are. Of its
derivatives only the shapes are followed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from conv_lsp.axes import lost
from conv_lsp.dims import Dim, proves_unequal
from conv_lsp.library.algebra import show
from conv_lsp.library.layout import crop, drop, insert
from conv_lsp.library.raising import certainly_raises
from conv_lsp.library.registry import Call, Op, op
from conv_lsp.values import SCATTERED, Dict, List, Module, Tensor, Unknown, Value

Rule = Callable[[Call, Sequence[Value], Mapping[str, Value]], Value]


def function_of(name: str, rule: Rule) -> Op:
    """A callable that gets its arguments as they are written."""

    def run(call: Call, *args: object, **kwargs: object) -> Value:
        return rule(call, args, kwargs)

    return Op(name, run)


def mapped(value: Value, change: Callable[[Tensor], Value]) -> Value:
    """The same value with its tensors changed."""
    if isinstance(value, Tensor):
        return change(value)
    if isinstance(value, tuple):
        parts = [mapped(v, change) for v in value]
        return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
    if isinstance(value, List):
        return List([mapped(v, change) for v in value])
    if isinstance(value, dict):
        return type(value)({name: mapped(v, change) for name, v in value.items()})
    return value


def tensors_of(value: Value) -> list[Tensor]:
    """The tensors in a value."""
    found: list[Tensor] = []

    def keep(tensor: Tensor) -> Value:
        found.append(tensor)
        return tensor

    mapped(value, keep)
    return found


def unknown_in(*values: Value) -> Unknown | None:
    """Why a value is not known."""
    for value in values:
        if isinstance(value, Unknown):
            return value
        for tensor in tensors_of(value):
            if isinstance(tensor.shape, Unknown):
                return tensor.shape
    return None


# -- a batch ----------------------------------------------------------------------------------


@op("torch.vmap", "torch.func.vmap")
def vmap(
    call: Call,
    func: object,
    in_dims: object = 0,
    out_dims: object = 0,
    randomness: object = "error",
    *,
    chunk_size: object = None,
) -> Value:
    """The function on every element of an axis, and the results along another."""

    def rule(call: Call, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        places = list(in_dims) if isinstance(in_dims, (tuple, list)) else [in_dims] * len(args)
        if len(places) != len(args):
            why = f"{len(places)} in_dims are given for {len(args)} inputs"
            certainly_raises(call, "ValueError", why)
        batch: list[Dim] = []
        one = [element(call, a, p, batch) for a, p in zip(args, places, strict=True)]
        each = [element(call, a, 0, batch) for a in kwargs.values()]
        unknown = unknown_in(*args, *kwargs.values(), in_dims, out_dims)
        if unknown is not None or any(not isinstance(p, (int, type(None))) for p in places):
            return Unknown(unknown.why if unknown is not None else "in_dims that are nested")
        if not batch:
            certainly_raises(call, "ValueError", "no input of vmap has an axis to run along")
        found = call.invoke(func, *one, **dict(zip(kwargs, each, strict=True)))
        return stacked(call, found, out_dims, batch[0])

    return function_of("vmap", rule)


def element(call: Call, value: Value, place: Value, batch: list[Dim]) -> Value:
    """One element of every tensor in a value, along an axis; its size joins the batch's."""
    if not isinstance(place, int):
        return value

    def one(tensor: Tensor) -> Value:
        if not tensor.known:
            return tensor
        if not -tensor.rank <= place < tensor.rank:
            why = f"in_dims has {place} for a tensor of {tensor.rank} dimensions"
            certainly_raises(call, "ValueError", why)
        axis = place % tensor.rank
        size = tensor.sizes[axis]
        if batch and proves_unequal(size, batch[0]):
            why = f"vmap runs along axes of {batch[0]} and of {size}"
            certainly_raises(call, "ValueError", why)
        batch.append(size)
        result = drop(crop(tensor, axis, 0, 1), axis)
        result.data = None
        return result

    return mapped(value, one)


def stacked(call: Call, value: Value, out_dims: Value, size: Dim) -> Value:
    """The results for all elements, along an axis."""
    if isinstance(out_dims, (tuple, list)) and isinstance(value, tuple):
        if len(out_dims) != len(value):
            why = f"{len(out_dims)} out_dims are given for {len(value)} results"
            certainly_raises(call, "ValueError", why)
        pairs = zip(value, out_dims, strict=True)
        return tuple(stacked(call, v, d, size) for v, d in pairs)
    if isinstance(out_dims, (tuple, list)) and len(out_dims) == 1:
        out_dims = out_dims[0]

    def grown(tensor: Tensor) -> Value:
        if not tensor.known or not isinstance(out_dims, int):
            return tensor if out_dims is None else Tensor(Unknown("out_dims that are not known"))
        axis = call.axis(tensor.rank + 1, out_dims, at="out_dims")
        made = insert(tensor, axis)
        shape = (*made.sizes[:axis], size, *made.sizes[axis + 1 :])
        links = (*made.axes[:axis], lost(*tensor.axes), *made.axes[axis + 1 :])
        return Tensor(shape, links, seen=made.seen, dtype=made.dtype, strides=SCATTERED)

    return mapped(value, grown)


# -- derivatives ------------------------------------------------------------------------------


def chosen(call: Call, args: Sequence[Value], argnums: Value) -> Value:
    """The inputs that a derivative is taken of."""
    if isinstance(argnums, (tuple, list)):
        return tuple(chosen(call, args, n) for n in argnums)
    if not isinstance(argnums, int):
        return Unknown("argnums that are not known")
    if not -len(args) <= argnums < len(args):
        certainly_raises(call, "RuntimeError", f"there is no input {argnums} among {len(args)}")
    return args[argnums]


def like(tensor: Tensor) -> Value:
    """A tensor of the same shape, which depends on all of it."""
    if not tensor.known:
        return Tensor(tensor.shape, dtype=tensor.dtype)
    links = tuple(lost(*tensor.axes) for _ in tensor.axes)
    return Tensor(tensor.sizes, links, seen=tensor.seen, dtype=tensor.dtype, strides=SCATTERED)


def split_aux(found: Value, has_aux: Value) -> tuple[Value, Value]:
    """The result and what comes with it."""
    pair = isinstance(found, tuple) and len(found) == len(("result", "aux"))
    return (found[0], found[1]) if has_aux is True and pair else (found, None)


def scalar(call: Call, value: Value) -> None:
    """Gradients are those of one number."""
    if isinstance(value, Tensor) and value.known and value.rank:
        certainly_raises(call, "RuntimeError", f"grad of {show(value.shape)}, which is no number")


def declare_grad(name: str, *, value_too: bool) -> None:
    """`grad` and `grad_and_value`."""

    @op(f"torch.func.{name}")
    def grad(call: Call, func: object, argnums: object = 0, has_aux: object = False) -> Value:
        """A function that gives a gradient of the shape of its input."""

        def rule(call: Call, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
            value, aux = split_aux(call.invoke(func, *args, **kwargs), has_aux)
            scalar(call, value)
            found = mapped(chosen(call, args, argnums), like)
            if value_too:
                return found, ((value, aux) if has_aux is True else value)
            return (found, aux) if has_aux is True else found

        return function_of(name, rule)


declare_grad("grad", value_too=False)
declare_grad("grad_and_value", value_too=True)


def derivative(output: Value, input: Value) -> Value:
    """One axis for each of the output, then one for each of the input."""

    def of_output(out: Tensor) -> Value:
        def of_input(given: Tensor) -> Value:
            if not out.known or not given.known:
                return Tensor(Unknown("a derivative of what is not known"), dtype=out.dtype)
            links = (lost(*out.axes, *given.axes),) * (out.rank + given.rank)
            shape = (*out.sizes, *given.sizes)
            return Tensor(shape, links, seen=out.seen, dtype=out.dtype, strides=SCATTERED)

        return mapped(input, of_input)

    return mapped(output, of_output)


@op("torch.func.jacrev")
def jacrev(
    call: Call,
    func: object,
    argnums: object = 0,
    *,
    has_aux: object = False,
    chunk_size: object = None,
    _preallocate_and_copy: object = False,
) -> Value:
    """A function that gives the derivatives of each output by each input."""
    return jacobian(func, argnums, has_aux)


@op("torch.func.jacfwd")
def jacfwd(
    call: Call,
    func: object,
    argnums: object = 0,
    has_aux: object = False,
    *,
    randomness: object = "error",
) -> Value:
    """A function that gives the derivatives of each output by each input."""
    return jacobian(func, argnums, has_aux)


def jacobian(func: Value, argnums: Value, has_aux: Value) -> Op:
    """A function that gives the derivatives of each output by each input."""

    def rule(call: Call, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        value, aux = split_aux(call.invoke(func, *args, **kwargs), has_aux)
        if isinstance(value, Unknown):
            return Unknown(value.why)
        found = derivative(value, chosen(call, args, argnums))
        return (found, aux) if has_aux is True else found

    return function_of("jacobian", rule)


@op("torch.func.hessian")
def hessian(call: Call, func: object, argnums: object = 0) -> Value:
    """A function that gives the second derivatives by each pair of inputs."""

    def rule(call: Call, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        value = call.invoke(func, *args, **kwargs)
        given = chosen(call, args, argnums)
        if isinstance(value, Unknown):
            return Unknown(value.why)
        return derivative(derivative(value, given), given)

    return function_of("hessian", rule)


def in_tuple(value: Value) -> tuple[Value, ...]:
    """Inputs, of which a single one need be in no tuple."""
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)


@op("torch.func.jvp")
def jvp(
    call: Call,
    func: object,
    primals: object,
    tangents: object,
    *,
    strict: object = False,
    has_aux: object = False,
) -> Value:
    """The result, and how it changes: of the same shape."""
    if not isinstance(primals, (tuple, list, Unknown)):
        certainly_raises(call, "RuntimeError", "primals are in a tuple", at="primals")
    value, aux = split_aux(call.invoke(func, *in_tuple(primals)), has_aux)
    change = mapped(value, like)
    return (value, change, aux) if has_aux is True else (value, change)


@op("torch.func.vjp")
def vjp(call: Call, func: object, *primals: object, has_aux: object = False) -> Value:
    """The result, and a function that gives gradients of the shapes of the inputs."""
    value, aux = split_aux(call.invoke(func, *primals), has_aux)

    def rule(call: Call, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        return tuple(mapped(p, like) for p in primals)

    back = function_of("vjp", rule)
    return (value, back, aux) if has_aux is True else (value, back)


@op("torch.func.linearize")
def linearize(call: Call, func: object, *primals: object) -> Value:
    """The result, and a function that gives how it changes: of the same shape."""
    value = call.invoke(func, *primals)

    def rule(call: Call, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        return mapped(value, like)

    return value, function_of("linearize", rule)


@op("torch.func.functionalize")
def functionalize(call: Call, func: object, *, remove: object = "mutations") -> Value:
    """The function itself."""
    return func


def single(tensor: Tensor) -> bool:
    """Whether a tensor may be one of a single number."""
    return not any(proves_unequal(size, 1) for size in tensor.sizes)


# -- torch.autograd.functional ----------------------------------------------------------------


@op("torch.autograd.functional.jacobian")
def autograd_jacobian(
    call: Call,
    func: object,
    inputs: object,
    create_graph: object = False,
    strict: object = False,
    vectorize: object = False,
    strategy: object = "reverse-mode",
) -> Value:
    """The derivatives of each output by each input."""
    value = call.invoke(func, *in_tuple(inputs))
    return Unknown(value.why) if isinstance(value, Unknown) else derivative(value, inputs)


@op("torch.autograd.functional.hessian")
def autograd_hessian(
    call: Call,
    func: object,
    inputs: object,
    create_graph: object = False,
    strict: object = False,
    vectorize: object = False,
    outer_jacobian_strategy: object = "reverse-mode",
) -> Value:
    """The second derivatives of a number by each pair of inputs."""
    value = call.invoke(func, *in_tuple(inputs))
    scalar(call, value)
    if isinstance(value, Unknown):
        return Unknown(value.why)
    return mapped(inputs, lambda one: derivative(one, inputs))


def declare_product(name: str, *, of_output: bool, of_number: bool) -> None:
    """`vjp`, `jvp`, `vhp` and `hvp`: the result, and a product of the shapes of one side."""

    @op(f"torch.autograd.functional.{name}")
    def product(
        call: Call,
        func: object,
        inputs: object,
        v: object = None,
        create_graph: object = False,
        strict: object = False,
    ) -> Value:
        """The result, and a product with its derivatives."""
        value = call.invoke(func, *in_tuple(inputs))
        if of_number or v is None:
            scalar(call, value)
        if v is not None:
            fitting(call, v, value if name == "vjp" else inputs)
        return value, mapped(value if of_output else inputs, like)


def fitting(call: Call, v: Value, other: Value) -> None:
    """What a derivative is multiplied by has the shape of what it is a derivative of."""
    for got, want in zip(tensors_of(v), tensors_of(other), strict=False):
        if not got.known or not want.known or (single(got) and single(want)):
            continue
        if got.rank != want.rank or any(map(proves_unequal, got.sizes, want.sizes)):
            why = f"v has the shape {show(got.shape)}, {show(want.shape)} is taken"
            certainly_raises(call, "RuntimeError", why, at="v")


declare_product("vjp", of_output=False, of_number=False)
declare_product("jvp", of_output=True, of_number=False)
declare_product("vhp", of_output=False, of_number=True)
declare_product("hvp", of_output=False, of_number=True)


# -- modules ----------------------------------------------------------------------------------


@op("torch.nn.utils.stateless.functional_call")
def stateless_call(
    call: Call,
    module: object,
    parameters_and_buffers: object,
    args: object = None,
    kwargs: object = None,
    *,
    tie_weights: object = True,
    strict: object = False,
) -> Value:
    """As torch.func.functional_call."""
    return functional_call(call, module, parameters_and_buffers, args, kwargs)


@op("torch.func.functional_call")
def functional_call(
    call: Call,
    module: object,
    parameter_and_buffer_dicts: object,
    args: object = None,
    kwargs: object = None,
    *,
    tie_weights: object = True,
    strict: object = False,
) -> Value:
    """The module's result; the parameters given have the shapes of its own."""
    given = () if args is None else tuple(args) if isinstance(args, tuple) else (args,)
    named = dict(kwargs) if isinstance(kwargs, dict) else {}
    return call.invoke(module, *given, **named)


@op("torch.func.stack_module_state")
def stack_module_state(call: Call, models: object) -> Value:
    """The parameters of all models stacked, by name, and their buffers."""
    if not isinstance(models, (list, tuple)) or (isinstance(models, List) and models.vague):
        return Unknown("the models are not known")
    if not models:
        certainly_raises(call, "RuntimeError", "there are no models to stack", at="models")
    if not all(isinstance(m, Module) for m in models):
        return Unknown("the models are not known")
    return tuple(gathered(call, models, kind) for kind in ("named_parameters", "named_buffers"))


def gathered(call: Call, models: Sequence[Module], method: str) -> Value:
    """By name, the tensors of all models as one."""
    rows = call.host.elements(
        call.invoke(call.host.attribute(models[0], method, call.site)), call.site
    )
    if isinstance(rows, Unknown):
        return rows
    found: dict[Value, Value] = {}
    for name, tensor in rows:
        if not isinstance(tensor, Tensor) or not tensor.known:
            return Unknown("a parameter of unknown shape")
        found[name] = Tensor((len(models), *tensor.sizes), dtype=tensor.dtype)
    return Dict(found.items())
