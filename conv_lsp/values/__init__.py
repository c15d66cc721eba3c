"""What a value is while model code is interpreted.

A value that is known is the real Python object (int, str, tuple, list, dict, type ...). The
classes here stand for what cannot be: tensors, modules, the user's classes and functions, and what
is not known. Nothing here knows a library by name, nor syntax beyond holding on to a node.

Inside, each file needs only those before it: `unknown`, `tensors`, `containers`, `objects`, `kinds`,
`joining`.
"""

from conv_lsp.values.containers import Attributes, Deque, Dict, Given, List, Once, Submodules
from conv_lsp.values.joining import join, same, tensors_in
from conv_lsp.values.kinds import (
    Derived,
    host_of,
    is_named_tuple,
    is_subclass,
    kind_of,
    method_of,
    twins,
)
from conv_lsp.values.objects import UNTOLD, Class, Instance, Module, Reserved, Site, takes_call
from conv_lsp.values.tensors import SCATTERED, UNTYPED, Role, Shape, Size, Strides, Tensor
from conv_lsp.values.unknown import (
    MISSING,
    NOTHING_IMPLIED,
    Answers,
    Implied,
    Unknown,
    Value,
    implied_by,
    unknown_number,
)

__all__ = [
    "MISSING",
    "NOTHING_IMPLIED",
    "SCATTERED",
    "UNTOLD",
    "UNTYPED",
    "Answers",
    "Attributes",
    "Class",
    "Deque",
    "Derived",
    "Dict",
    "Given",
    "Implied",
    "Instance",
    "List",
    "Module",
    "Once",
    "Reserved",
    "Role",
    "Shape",
    "Site",
    "Size",
    "Strides",
    "Submodules",
    "Tensor",
    "Unknown",
    "Value",
    "host_of",
    "implied_by",
    "is_named_tuple",
    "is_subclass",
    "join",
    "kind_of",
    "method_of",
    "same",
    "takes_call",
    "tensors_in",
    "twins",
    "unknown_number",
]
