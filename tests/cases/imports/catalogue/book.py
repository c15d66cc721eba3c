"""Entries are registered where they are defined, and exported by the decorator."""

import sys
from collections import deque

ENTRIES = {}


def entry(function):
    module = sys.modules[function.__module__]
    name = function.__name__
    if hasattr(module, "__all__"):
        module.__all__.append(name)
    else:
        module.__all__ = [name]
    if name in getattr(module, "widths", {}):
        order = deque()
        for width in module.widths[name]:
            order.appendleft(width)
        ENTRIES[name] = order
    return function


def widths_of(name):
    return ENTRIES[name]
