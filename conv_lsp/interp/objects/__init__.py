"""Attributes, elements and items of every kind of value.

Inside, each file needs only those before it: `methods`, `instances`, `classes`, `attributes`; `elements`; `items`.
"""

from conv_lsp.interp.objects.attributes import SPECIAL_ATTRIBUTES, attribute, attribute_or_unknown
from conv_lsp.interp.objects.elements import elements
from conv_lsp.interp.objects.items import (
    SPECIAL_ITEMS,
    dict_item,
    equal_key,
    equal_to,
    item,
    sequence_item,
    set_item,
    set_real_item,
)
from conv_lsp.interp.objects.methods import BoundOp, RealMethod, describe

__all__ = [
    "SPECIAL_ATTRIBUTES",
    "SPECIAL_ITEMS",
    "BoundOp",
    "RealMethod",
    "attribute",
    "attribute_or_unknown",
    "describe",
    "dict_item",
    "elements",
    "equal_key",
    "equal_to",
    "item",
    "sequence_item",
    "set_item",
    "set_real_item",
]
