"""`re`, `string`, `json`, `textwrap`: real results on known texts, within bounds."""

from __future__ import annotations

import json
import keyword
import re
import string
import textwrap
from collections.abc import Iterator
from typing import Any, Final

from conv_lsp.library.arithmetic import first_unknown, plain
from conv_lsp.library.builtins import is_function, unknown_op
from conv_lsp.library.iterators import new_list, vague
from conv_lsp.library.raising import certainly_raises
from conv_lsp.library.registry import NAMES, Call, models, op
from conv_lsp.values import Dict, Instance, List, Unknown, Value

PATTERN: Final = 200
"""Characters of a regular expression."""
TEXT: Final = 2_000
"""Characters of a text that is searched."""
WORK: Final = 10_000_000
"""Steps that a search may need at worst."""
DOCUMENT: Final = 100_000
"""Characters of a JSON document."""

NAMES.update(
    {
        f"string.{name}": getattr(string, name)
        for name in string.__all__
        if isinstance(getattr(string, name), str)
    }
)
NAMES.update({"keyword.iskeyword": keyword.iskeyword, "keyword.kwlist": tuple(keyword.kwlist)})
NAMES.update({"textwrap.dedent": textwrap.dedent, "textwrap.indent": textwrap.indent})
NAMES.update({f"re.{flag.name}": int(flag) for flag in re.RegexFlag if flag.name})
NAMES.update({f"re.{flag}": int(getattr(re, flag)) for flag in "AILMSX"})


for _name in "compile escape findall finditer fullmatch match search split sub subn".split():
    unknown_op(f"regex.{_name}", "a search by the package regex")


# -- regular expressions ----------------------------------------------------------------------


def repeats(parsed: Any) -> Iterator[tuple[int, bool]]:
    """(how often at most, whether it repeats a repetition) of everything repeated in a pattern."""
    for operation, argument in parsed:
        name = str(operation)
        parts = list(subpatterns(argument))
        if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            inner = [r for part in parts for r in repeats(part)]
            yield int(argument[1]), any(most > 1 for most, _ in inner)
            yield from inner
        else:
            for part in parts:
                yield from repeats(part)


def subpatterns(argument: Any) -> Iterator[Any]:
    """The patterns inside an operation of a parsed pattern."""
    if hasattr(argument, "data") and hasattr(argument, "state"):
        yield argument
    elif isinstance(argument, (tuple, list)):
        for part in argument:
            yield from subpatterns(part)


def compiled(pattern: Value, flags: Value) -> re.Pattern[str] | Unknown:
    """A pattern that is certain to end soon on a text that `searchable` admits."""
    if isinstance(pattern, Pattern):
        pattern, flags = pattern.__dict__["pattern"], pattern.__dict__["flags"]
    if not isinstance(pattern, str) or not isinstance(flags, int):
        return first_unknown((pattern, flags), "a pattern that is not known")
    if len(pattern) > PATTERN:
        return Unknown(f"stopped: a pattern of more than {PATTERN} characters")
    try:
        return re.compile(pattern, flags)
    except (re.error, ValueError, OverflowError) as error:
        return Unknown(f"the pattern {pattern!r}: {error}")


def searchable(pattern: re.Pattern[str], text: str) -> bool:
    """Whether searching takes a bounded number of steps."""
    parser: Any = getattr(re, "_parser", None)
    if parser is None:
        import sre_parse as parser  # its name before Python 3.11
    found = list(repeats(parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)))
    if len(text) > TEXT or any(nested for _, nested in found):
        return False
    steps = len(text) + 1
    for most, _ in found:
        steps *= min(most, len(text)) + 1
    return steps <= WORK


def searched(pattern: Value, text: Value, flags: Value) -> re.Pattern[str] | Unknown:
    """The compiled pattern, if it and the text are known and harmless."""
    found = compiled(pattern, flags)
    if isinstance(found, Unknown):
        return found
    if not isinstance(text, str):
        return first_unknown((text,), "a text that is not known")
    return found if searchable(found, text) else Unknown("stopped: a search that may take long")


@models("re.Match")
class Match(Instance):
    """What a search found."""

    __slots__ = ()

    def group(self, call: Call, *args: object) -> Value:
        return self.asked(call, "group", args)

    def item(self, call: Call, key: object) -> Value:
        return self.asked(call, "group", (key,))

    def start(self, call: Call, *args: object) -> Value:
        return self.asked(call, "start", args)

    def end(self, call: Call, *args: object) -> Value:
        return self.asked(call, "end", args)

    def span(self, call: Call, *args: object) -> Value:
        return self.asked(call, "span", args)

    def groups(self, call: Call, *args: object) -> Value:
        return self.asked(call, "groups", args)

    def groupdict(self, call: Call, *args: object) -> Value:
        found = self.asked(call, "groupdict", args)
        return call.host.new(Dict(found.items())) if isinstance(found, dict) else found

    def asked(self, call: Call, name: str, args: tuple[Value, ...]) -> Value:
        """The result of a method of the real match."""
        if not all(map(plain, args)):
            return first_unknown(args, "a group that is not known")
        try:
            return getattr(self.__dict__["found"], name)(*args)
        except (IndexError, TypeError) as error:
            certainly_raises(call, type(error).__name__, str(error))


def found_match(call: Call, match: re.Match[str] | None) -> Value:
    """A real match as a value."""
    if match is None:
        return None
    made = Match()
    made.__dict__.update(found=match, string=match.string)
    return call.host.new(made)


@models("re.Pattern")
class Pattern(Instance):
    """A compiled regular expression."""

    __slots__ = ()

    def match(self, call: Call, string: object) -> Value:
        return match(call, self, string)

    def search(self, call: Call, string: object) -> Value:
        return search(call, self, string)

    def fullmatch(self, call: Call, string: object) -> Value:
        return fullmatch(call, self, string)

    def findall(self, call: Call, string: object) -> Value:
        return findall(call, self, string)

    def finditer(self, call: Call, string: object) -> Value:
        return finditer(call, self, string)

    def split(self, call: Call, string: object, maxsplit: object = 0) -> Value:
        return split(call, self, string, maxsplit)

    def sub(self, call: Call, repl: object, string: object, count: object = 0) -> Value:
        return sub(call, self, repl, string, count)


@op("re.compile")
def compile(call: Call, pattern: object, flags: object = 0) -> Value:
    """A pattern."""
    found = compiled(pattern, flags)
    if isinstance(found, Unknown):
        return found
    made = Pattern()
    made.__dict__.update(pattern=found.pattern, flags=flags)
    return call.host.new(made)


@op("re.match")
def match(call: Call, pattern: object, string: object, flags: object = 0) -> Value:
    """A match at the start of the text, or None."""
    found = searched(pattern, string, flags)
    return found if isinstance(found, Unknown) else found_match(call, found.match(str(string)))


@op("re.search")
def search(call: Call, pattern: object, string: object, flags: object = 0) -> Value:
    """A match anywhere in the text, or None."""
    found = searched(pattern, string, flags)
    return found if isinstance(found, Unknown) else found_match(call, found.search(str(string)))


@op("re.fullmatch")
def fullmatch(call: Call, pattern: object, string: object, flags: object = 0) -> Value:
    """A match of the whole text, or None."""
    found = searched(pattern, string, flags)
    return found if isinstance(found, Unknown) else found_match(call, found.fullmatch(str(string)))


@op("re.findall")
def findall(call: Call, pattern: object, string: object, flags: object = 0) -> Value:
    """The texts of all matches."""
    found = searched(pattern, string, flags)
    return found if isinstance(found, Unknown) else new_list(call, found.findall(str(string)))


@op("re.finditer")
def finditer(call: Call, pattern: object, string: object, flags: object = 0) -> Value:
    """All matches."""
    found = searched(pattern, string, flags)
    if isinstance(found, Unknown):
        return found
    return new_list(call, [found_match(call, m) for m in found.finditer(str(string))])


@op("re.split")
def split(
    call: Call, pattern: object, string: object, maxsplit: object = 0, flags: object = 0
) -> Value:
    """The text between the matches."""
    found = searched(pattern, string, flags)
    if isinstance(found, Unknown) or not isinstance(maxsplit, int):
        return first_unknown((found, maxsplit), "a number of splits that is not known")
    return new_list(call, found.split(str(string), maxsplit))


@op("re.sub")
def sub(
    call: Call,
    pattern: object,
    repl: object,
    string: object,
    count: object = 0,
    flags: object = 0,
) -> Value:
    """The text with its matches replaced."""
    found = searched(pattern, string, flags)
    if isinstance(found, re.Pattern) and isinstance(count, int) and is_function(repl):
        return replaced(call, found, repl, str(string), count)
    if isinstance(found, Unknown) or not isinstance(repl, str) or not isinstance(count, int):
        return first_unknown((found, repl, count), "a replacement that is not a text")
    if len(repl) > PATTERN:
        return Unknown(f"stopped: a replacement of more than {PATTERN} characters")
    try:
        return found.sub(repl, str(string), count)
    except (re.error, IndexError) as error:
        return Unknown(str(error))


def replaced(call: Call, pattern: re.Pattern[str], repl: Value, text: str, count: int) -> Value:
    """The text with what a function makes of each match."""
    parts: list[str] = []
    end = 0
    for at, found in enumerate(pattern.finditer(text)):
        if count and at >= count:
            break
        new = call.invoke(repl, found_match(call, found))
        if not isinstance(new, str) or len(new) > PATTERN:
            return first_unknown((new,), "a replacement that is not known")
        parts += (text[end : found.start()], new)
        end = found.end()
    return "".join((*parts, text[end:]))


@op("re.escape")
def escape(call: Call, pattern: object) -> Value:
    """The text as a pattern for itself."""
    if isinstance(pattern, str):
        return re.escape(pattern)
    return first_unknown((pattern,), "a text that is not known")


# -- JSON -------------------------------------------------------------------------------------


@op("json.loads")
def loads(call: Call, s: object, **kwargs: object) -> Value:
    """The value that a known text says."""
    if not isinstance(s, str) or kwargs:
        return first_unknown((s,), "a text that is not known")
    if len(s) > DOCUMENT:
        return Unknown(f"stopped: a text of more than {DOCUMENT:,} characters")
    try:
        return adopted(call, json.loads(s))
    except (ValueError, RecursionError) as error:
        return Unknown(f"JSON: {error}")


def adopted(call: Call, value: Value) -> Value:
    """Plain containers as those of the interpreted code."""
    if isinstance(value, list):
        return call.host.new(List([adopted(call, v) for v in value]))
    if isinstance(value, dict):
        return call.host.new(Dict((k, adopted(call, v)) for k, v in value.items()))
    return tuple([adopted(call, v) for v in value]) if isinstance(value, tuple) else value


@op("json.dumps")
def json_text(call: Call, obj: object, **kwargs: object) -> Value:
    """Plain values as JSON."""
    if kwargs or not plain_json(obj):
        return Unknown("a formatted text")
    return json.dumps(obj)


def plain_json(value: Value, depth: int = 0) -> bool:
    """Whether it is made of known numbers and texts in containers only."""
    if depth > NESTING or vague(value):
        return False
    if isinstance(value, dict):
        return all(isinstance(k, str) for k in value) and all(
            plain_json(v, depth + 1) for v in value.values()
        )
    if isinstance(value, (list, tuple)):
        return all(plain_json(v, depth + 1) for v in value)
    return value is None or type(value) in (int, float, str, bool)


NESTING: Final = 20
"""Containers inside containers of a text that is made."""


@op("pprint.pformat", "textwrap.fill")
def dumps(call: Call, obj: object, *args: object, **kwargs: object) -> Value:
    """Texts for people are not followed."""
    return Unknown("a formatted text")
