"""What a function's parameters are at its start, and calls that Python itself rejects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from conv_lsp.findings import RULES
from conv_lsp.interp.frames import Function, spreads
from conv_lsp.interp.machine import Machine
from conv_lsp.values import Dict, Site, Unknown, Value

STARRED: Final = "*"
"""The name under which arguments are given that `*args` and `**kwargs` take and nobody knows."""


def bind_arguments(
    m: Machine, function: Function, args: Sequence[Value], kwargs: Mapping[str, Value], site: Site
) -> dict[str, Value] | Unknown:
    """A function's variables at its start, or Unknown after a complaint about the call."""
    code = function.code
    a = code.arguments
    names = a.args
    count = len(names)
    if code.simple and not kwargs and len(args) == count:
        return {p.arg: v for p, v in zip(names, args, strict=True)}
    positional = [*a.posonlyargs, *a.args]
    variables: dict[str, Value] = {}
    for parameter, value in zip(positional, args, strict=False):
        variables[parameter.arg] = value
    if len(args) > len(positional):
        if a.vararg is None:
            return bad_call(
                m,
                function,
                site,
                f"takes {len(positional)} positional arguments, {len(args)} are given",
            )
        variables[a.vararg.arg] = tuple(args[len(positional) :])
    elif a.vararg is not None:
        variables[a.vararg.arg] = ()
    left = dict(kwargs)
    doubt = left.pop(STARRED, None)
    if isinstance(doubt, Unknown) and a.vararg is not None:
        variables[a.vararg.arg] = doubt
    if left and a.kwarg is None:
        known = {p.arg for p in (*positional, *a.kwonlyargs)}
        other = next((n for n in left if n not in known), None)
        if other is not None:
            return bad_call(m, function, site, f"there is no argument '{other}'", other)
    first_default = len(positional) - len(function.defaults)
    for i, parameter in enumerate(positional):
        name = parameter.arg
        if i < len(args):
            if name in left and a.kwarg is None:
                return bad_call(m, function, site, f"argument '{name}' is given twice")
        elif name in left:
            variables[name] = left.pop(name)
        elif i >= first_default:
            variables[name] = function.defaults[i - first_default]
        elif m.guessing and spreads(site.node):
            variables[name] = Unknown(f"the parameter {name} has no value here", name=name)
        else:
            return bad_call(m, function, site, f"argument '{name}' is missing")
    for parameter in a.kwonlyargs:
        name = parameter.arg
        if name in left:
            variables[name] = left.pop(name)
        elif name in function.keyword_defaults:
            variables[name] = function.keyword_defaults[name]
        elif m.guessing and spreads(site.node):
            variables[name] = Unknown(f"the parameter {name} has no value here", name=name)
        else:
            return bad_call(m, function, site, f"argument '{name}' is missing")
    if a.kwarg is not None:
        rest = variables[a.kwarg.arg] = Dict(left.items(), m.store.born())
        if isinstance(doubt, Unknown):
            rest.vague = doubt.why
    elif left:
        return bad_call(m, function, site, f"there is no argument '{next(iter(left))}'")
    return variables


def bad_call(
    m: Machine, function: Function, site: Site, problem: str, keyword: str = ""
) -> Unknown:
    """Complain about a call that Python itself rejects; at a keyword, if one is to blame."""
    name = function.name
    if function.statement.path in m.internals:
        return Unknown(f"{name}: {problem}")
    if function.owner is not None:
        owner = function.owner.name
        name = owner if name == "__init__" else f"{owner}.{name}"
    given = getattr(site.node, "keywords", ())
    at = next((k.value for k in given if keyword and k.arg == keyword), None)
    m.report(RULES["call-arguments"], site, at, {"name": name, "problem": problem})
    return Unknown(f"{name}: {problem}")
