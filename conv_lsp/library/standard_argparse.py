"""`argparse`: a parser remembers its arguments, and parsing gives their defaults.

The command line is taken as empty. An argument that must be given is Unknown under its own name.
"""

from __future__ import annotations

import argparse
from typing import Final

from conv_lsp.library.registry import NAMES, Call, models, op
from conv_lsp.library.standard_collections import SimpleNamespace
from conv_lsp.values import Dict, Instance, List, Unknown, Value

STARTING: Final = {"store_true": False, "store_false": True, "store_const": None, "count": None}
"""Defaults that the actions bring."""
ABSENT: Final = ("help", "version")
"""Actions that store nothing."""
FORMATTERS: Final = (
    "ArgumentDefaultsHelpFormatter",
    "HelpFormatter",
    "MetavarTypeHelpFormatter",
    "RawDescriptionHelpFormatter",
    "RawTextHelpFormatter",
)

NAMES.update({f"argparse.{name}": getattr(argparse, name) for name in FORMATTERS})
NAMES.update({f"argparse.{name}": getattr(argparse, name) for name in ("SUPPRESS", "REMAINDER")})
NAMES.update(
    {
        "argparse.Action": Instance,
        "argparse.BooleanOptionalAction": "boolean",
        "argparse.ArgumentTypeError": ValueError,
        "argparse.ArgumentError": ValueError,
    }
)


@models("argparse.ArgumentParser")
class ArgumentParser(Instance):
    """Remembers in `_defaults` what parsing will give."""

    __slots__ = ()

    def __init__(self, call: Call, *args: object, parents: object = (), **kwargs: object) -> None:
        defaults: dict[str, Value] = {}
        for parent in parents if isinstance(parents, (list, tuple)) else ():
            if isinstance(parent, ArgumentParser):
                defaults.update(parent.defaults())
        self.__dict__["_defaults"] = Dict(defaults.items())

    def defaults(self) -> dict[str, Value]:
        """Values by destination."""
        found = self.__dict__.get("_defaults")
        return dict(found) if isinstance(found, dict) else {}

    def remember(self, call: Call, values: dict[str, Value]) -> None:
        """Add or change defaults."""
        new = Dict({**self.defaults(), **values}.items())
        call.host.set_attribute(self, "_defaults", call.host.new(new))

    def add_argument(
        self,
        call: Call,
        *name_or_flags: object,
        action: object = "store",
        nargs: object = None,
        const: object = None,
        default: object = None,
        type: object = None,
        required: object = False,
        dest: object = None,
        **kwargs: object,
    ) -> Value:
        flags = [f for f in name_or_flags if isinstance(f, str)]
        name = dest if isinstance(dest, str) else destination(flags)
        if name and default is not argparse.SUPPRESS and action not in ABSENT:
            positional = bool(flags) and not flags[0].startswith("-")
            value: Value = default
            if default is None and isinstance(action, str):
                value = STARTING.get(action)
            if isinstance(value, str) and type is not None:
                value = call.invoke(type, value)
            if default is None and (required is True or (positional and nargs not in {"?", "*"})):
                # Only a number has a name that can stand in a size.
                symbol = name if type is NAMES["builtins.int"] else ""
                value = Unknown(f"the argument {name} of the command line", name=symbol)
            elif positional and nargs == "*" and default is None:
                value = call.host.new(List())
            self.remember(call, {name: value})
        return Unknown("an action of a parser")

    def add_argument_group(self, call: Call, *args: object, **kwargs: object) -> Value:
        return self

    def add_mutually_exclusive_group(self, call: Call, *args: object, **kwargs: object) -> Value:
        return self

    def add_subparsers(self, call: Call, *args: object, **kwargs: object) -> Value:
        return Unknown("the commands of a parser")

    def set_defaults(self, call: Call, **kwargs: object) -> None:
        self.remember(call, dict(kwargs))

    def get_default(self, call: Call, dest: object) -> Value:
        return self.defaults().get(str(dest))

    def parse_args(self, call: Call, args: object = None, namespace: object = None) -> Value:
        if args is None or (isinstance(args, (list, tuple)) and not args):
            return call.invoke(SimpleNamespace, **self.defaults())
        why = args.why if isinstance(args, Unknown) else "the arguments of a parsed command line"
        return call.invoke(SimpleNamespace, **{n: Unknown(why) for n in self.defaults()})

    def parse_known_args(self, call: Call, args: object = None, namespace: object = None) -> Value:
        return (self.parse_args(call, args), call.host.new(List()))

    def print_help(self, call: Call, *args: object) -> None:
        """Prints nothing."""

    def print_usage(self, call: Call, *args: object) -> None:
        """Prints nothing."""

    def format_help(self, call: Call) -> Value:
        return Unknown("the help of a parser")


def destination(flags: list[str]) -> str:
    """The attribute that an argument is stored in."""
    long = next((f for f in flags if f.startswith("--")), flags[0] if flags else "")
    return long.lstrip("-").replace("-", "_") if long.startswith("-") else long


@op("argparse.FileType")
def file_type(call: Call, *args: object, **kwargs: object) -> Value:
    """Opens files, whose content is not known."""
    return Unknown("the content of a file")
