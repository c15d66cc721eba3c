"""Functions of functions: batches, derivatives, modules with other parameters."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.judge import lists
from tests.ops.table import program, unjudged

SHAPE = lists(st.integers(1, 3), 1, 3)
AXIS = st.integers(-2, 1)
BODY = st.sampled_from([0, 1])
BODIES = "[lambda a: a * 2, lambda a: a.sum()][{}]"
BATCHED = f"{BODIES}, in_dims={{}}, out_dims={{}})(torch.zeros({{}}))"

program("torch.vmap", f"torch.vmap({BATCHED}", BODY, AXIS, AXIS, SHAPE)
program("torch.func.vmap", f"torch.func.vmap({BATCHED}", BODY, AXIS, AXIS, SHAPE)
program(
    "torch.vmap",
    "torch.vmap(torch.dot, in_dims=({}, None))(torch.zeros({}), torch.zeros({}))",
    st.integers(0, 1),
    lists(st.integers(1, 2), 2, 2),
    lists(st.integers(1, 2), 1, 1),
)
program(
    "torch.vmap",
    "torch.vmap(lambda a, b: (a, a + b))(torch.zeros({}, 2), torch.zeros({}, 2))",
    st.integers(1, 2),
    st.integers(1, 2),
)
program("torch.func.grad", f"torch.func.grad({BODIES})(torch.ones({{}}))", BODY, SHAPE)
program(
    "torch.func.grad_and_value",
    "torch.func.grad_and_value(lambda a, b: (a * b).sum(), {})(torch.ones({}), torch.ones({}))",
    st.sampled_from([0, 1, (0, 1), 2]),
    SHAPE,
    SHAPE,
)
for _name in ("jacrev", "jacfwd", "hessian"):
    program(
        f"torch.func.{_name}",
        f"torch.func.{_name}({BODIES})(torch.ones({{}}))",
        BODY,
        SHAPE,
    )
program(
    "torch.func.jvp", "torch.func.jvp(torch.sin, (torch.ones({0}),), (torch.ones({0}),))", SHAPE
)
program("torch.func.vjp", f"torch.func.vjp({BODIES}, torch.ones({{}}))[0]", BODY, SHAPE)
program(
    "torch.func.vjp",
    "value, back = torch.func.vjp(lambda a, b: a.sum(), torch.ones({0}), torch.ones(2))\n"
    "back(torch.ones(()))",
    SHAPE,
)
program("torch.func.functionalize", "torch.func.functionalize(torch.sin)(torch.ones({}))", SHAPE)
for _name in ("jacobian", "hessian"):
    program(
        f"torch.autograd.functional.{_name}",
        f"torch.autograd.functional.{_name}({BODIES}, torch.ones({{}}))",
        BODY,
        SHAPE,
    )
for _name in ("vjp", "jvp", "vhp", "hvp"):
    program(
        f"torch.autograd.functional.{_name}",
        f"torch.autograd.functional.{_name}(lambda a: (a * a).sum(), "
        "torch.ones({}), torch.ones({}))",
        st.just([2]),
        st.sampled_from([[2], [3], []]),
    )
program(
    "torch.autograd.grad",
    "x = torch.ones({}, requires_grad=True)\ntorch.autograd.grad([x * x, (x * x).sum()][{}], [x])",
    SHAPE,
    BODY,
)
program(
    "torch.func.functional_call torch.nn.utils.stateless.functional_call",
    "net = nn.Linear({}, 3)\n"
    "torch.func.functional_call(net, dict(net.named_parameters()), (torch.ones(2, {}),))",
    st.integers(1, 2),
    st.integers(1, 2),
)
program(
    "torch.func.stack_module_state",
    "torch.func.stack_module_state([nn.Linear({0}, 3) for _ in range({1})])[0]['weight']",
    st.integers(1, 2),
    st.integers(0, 2),
)
unjudged("torch.func.linearize", "its result is traced by the judge, at length")
