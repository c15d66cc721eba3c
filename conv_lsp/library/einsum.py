"""torch.einsum: sums of products by the letters of an equation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final, NoReturn, TypeAlias

from conv_lsp.axes import Axis, joined, whole
from conv_lsp.dims import Dim, proves_unequal
from conv_lsp.findings import CALL_ARGUMENTS, EINSUM_SIZES
from conv_lsp.library.algebra import is_floating, promote, stretched, wider
from conv_lsp.library.arguments import said
from conv_lsp.library.arithmetic import CERTAIN
from conv_lsp.library.registry import Call, op
from conv_lsp.library.taking import NUMBERS, one_type, sums
from conv_lsp.values import SCATTERED, UNTYPED, Tensor, Unknown, Value

ELLIPSIS: Final = "..."

# A letter, or the place from the right of an axis that "..." stands for.
Label: TypeAlias = "str | int"


class EquationError(ValueError):
    """An equation that torch does not take; the text says why."""


def parse(equation: str) -> tuple[list[list[str]], list[str] | None]:
    """The letters of each operand, and those of the result where they are given."""
    left, arrow, right = equation.partition("->")
    operands = [_term(part) for part in left.split(",")]
    if not arrow:
        return operands, None
    result = _term(right)
    given = {letter for operand in operands for letter in operand}
    for letter, count in Counter(result).items():
        if letter != ELLIPSIS and letter not in given:
            raise EquationError(f"'{letter}' of the result is in no operand")
        if count > 1:
            raise EquationError(f"'{letter}' is twice in the result")
    return operands, result


def _term(text: str) -> list[str]:
    letters: list[str] = []
    rest = text.lstrip(" ")
    while rest:
        if rest.startswith(ELLIPSIS):
            if ELLIPSIS in letters:
                raise EquationError(f"'{text.strip()}' has '...' twice")
            letters.append(ELLIPSIS)
            rest = rest[3:]
        elif rest[0].isascii() and rest[0].isalpha():
            letters.append(rest[0])
            rest = rest[1:]
        else:
            raise EquationError(f"{rest[0]!r} is no letter")
        rest = rest.lstrip(" ")
    return letters


def labelled(letters: Sequence[str], rank: int, index: int) -> list[Label]:
    """One label for each axis of an operand; the axes of "..." are numbered from the right."""
    count = len(letters)
    if ELLIPSIS not in letters:
        if count != rank:
            raise EquationError(f"operand {index} has {rank} dimensions, its letters name {count}")
        return list(letters)
    many = rank - (count - 1)
    if many < 0:
        problem = f"operand {index} has {rank} dimensions, its letters name {count - 1}"
        raise EquationError(problem)
    at = letters.index(ELLIPSIS)
    return [*letters[:at], *range(many, 0, -1), *letters[at + 1 :]]


def result_labels(operands: list[list[Label]], result: list[str] | None) -> list[Label]:
    """The labels of the result; without "->" the letters that stand once, in order."""
    deepest = max((x for labels in operands for x in labels if isinstance(x, int)), default=0)
    hidden: list[Label] = list(range(deepest, 0, -1))
    if result is None:
        counts = Counter(x for labels in operands for x in labels if isinstance(x, str))
        return [*hidden, *sorted(x for x, count in counts.items() if count == 1)]
    if ELLIPSIS not in result:
        return list(result)
    at = result.index(ELLIPSIS)
    return [*result[:at], *hidden, *result[at + 1 :]]


def read(equation: str, ranks: Sequence[int]) -> tuple[list[list[Label]], list[Label]]:
    """The labels of operands of these ranks, and those of the result."""
    terms, result = parse(equation)
    if len(terms) != len(ranks):
        raise EquationError(f"{len(terms)} operands are named, {len(ranks)} are given")
    named = [
        labelled(term, rank, i) for i, (term, rank) in enumerate(zip(terms, ranks, strict=True))
    ]
    return named, result_labels(named, result)


def sized(
    call: Call, tensors: Sequence[Tensor], operands: Sequence[Sequence[Label]]
) -> dict[Label, Dim]:
    """The size of each label; a size of 1 broadcasts, but not within one operand."""
    sizes: dict[Label, Dim] = {}
    for tensor, labels in zip(tensors, operands, strict=True):
        own: dict[Label, Dim] = {}
        for label, size in zip(labels, tensor.sizes, strict=True):
            if call.differ(EINSUM_SIZES, own.setdefault(label, size), size):
                call.fail(EINSUM_SIZES, at="operands", label=label, a=own[label], b=size)
        for label, size in own.items():
            old = sizes.get(label, 1)
            if size == 1 or old == size:
                sizes.setdefault(label, size)
            elif old == 1:
                sizes[label] = size
            elif all(proves_unequal(*pair) for pair in ((old, size), (old, 1), (size, 1))):
                name = label if isinstance(label, str) else ELLIPSIS
                call.report(EINSUM_SIZES, at="operands", label=name, a=old, b=size)
            else:
                call.host.need(("~", old, size), EINSUM_SIZES, call.site)
                sizes[label] = wider(old, size)
    return sizes


@op("torch.einsum", "torch.functional.einsum")
def einsum(call: Call, *args: object) -> Tensor:
    """One axis for each letter of the result; what letters it lacks is summed over."""
    given = _arguments(call, args)
    if isinstance(given, Unknown):
        return Tensor(given)
    text, tensors = given
    try:
        named, result = read(text, [tensor.rank for tensor in tensors])
    except EquationError as error:
        refuse(call, str(error), at="equation")
    return combined(call, tensors, named, result)


def refuse(call: Call, problem: str, at: str = "args") -> NoReturn:
    call.fail(CALL_ARGUMENTS, at=at, name="einsum", problem=problem)


def combined(
    call: Call,
    tensors: Sequence[Tensor],
    operands: Sequence[Sequence[Label]],
    result: Sequence[Label],
) -> Tensor:
    """The sum of products; every element depends on the whole of what is summed over."""
    sizes = sized(call, tensors, operands)
    dtype = summed_type(call, tensors, operands, result)
    links: dict[Label, list[Axis | None]] = {label: [] for label in sizes}
    for tensor, labels in zip(tensors, operands, strict=True):
        for axis, label in enumerate(labels):
            links[label].append(stretched(tensor, axis, sizes[label]))
    summed = [link for label, found in links.items() if label not in result for link in found]
    return Tensor(
        tuple(sizes[label] for label in result),
        tuple(joined(*links[label]) for label in result),
        seen=joined(*(t.seen for t in tensors), whole(*summed)),
        dtype=dtype,
        # The result is a view of a product whose order torch chooses, or of the operand.
        strides=SCATTERED if result else None,
    )


def summed_type(
    call: Call,
    tensors: Sequence[Tensor],
    operands: Sequence[Sequence[Label]],
    result: Sequence[Label],
) -> str:
    """The dtype: a product over axes that two operands share takes numbers of one type.

    Of more than two operands torch chooses which meet first.
    """
    kinds = [t.dtype for t in tensors]
    if len(tensors) == 1:
        return sums(kinds[0]) if set(operands[0]) - set(result) else kinds[0]
    if len(tensors) > 2:
        return kinds[0] if len(set(kinds)) == 1 and is_floating(kinds[0]) else UNTYPED
    wide = [
        {label for label, size in zip(labels, t.sizes, strict=True) if size != 1}
        for t, labels in zip(tensors, operands, strict=True)
    ]
    for i, own in enumerate(wide):
        if any(label not in result for label in own - wide[1 - i]):
            kinds[i] = sums(kinds[i])  # summed over before it meets the other
    pair = [t.like(dtype=kind) for t, kind in zip(tensors, kinds, strict=True)]
    if all(label in result for label in wide[0] & wide[1]):
        return promote(*kinds)  # all get the axes of the others
    if not any(0 in t.sizes for t in tensors):
        one_type(call, "einsum", NUMBERS, *pair, at="operands")
    return kinds[0]


def _arguments(call: Call, args: Sequence[Value]) -> tuple[str, list[Tensor]] | Unknown:
    """The equation as text and the operands, from each of the forms that torch takes."""
    if len(args) < 2:
        refuse(call, "takes an equation and one tensor or more")
    equation, *operands = args
    if isinstance(equation, list):
        refuse(call, f"the equation is a text, not {said(equation)}")
    if isinstance(equation, Tensor):
        return _sublists(call, args)
    if len(operands) == 1 and isinstance(operands[0], (list, tuple)):
        operands = list(operands[0])
    for value in (equation, *operands):
        if isinstance(value, Unknown):
            return value
    if isinstance(equation, CERTAIN) and not isinstance(equation, str):
        refuse(call, f"the equation is a text, not {said(equation)}")
    return _tensors(call, operands, equation)


def _tensors(
    call: Call, operands: Sequence[Value], equation: Value
) -> tuple[str, list[Tensor]] | Unknown:
    """The operands, if they are tensors of known ranks."""
    for value in operands:
        if isinstance(value, (*CERTAIN, list)) or value is Ellipsis:
            refuse(call, f"takes tensors, {said(value)} is among them")
        if isinstance(value, Tensor) and isinstance(value.shape, Unknown):
            return value.shape
    tensors = [value for value in operands if isinstance(value, Tensor)]
    if not isinstance(equation, str) or len(tensors) < len(operands):
        return Unknown("the operands of einsum are not known")
    return equation, tensors


def _sublists(call: Call, values: Sequence[Value]) -> tuple[str, list[Tensor]] | Unknown:
    """einsum(a, [0, 1], b, [1, 2], [0, 2]): numbers in the place of letters."""
    lists, operands = list(values[1::2]), list(values[::2])
    explicit = len(values) % 2 == 1
    if explicit:
        lists.append(operands.pop())
    texts = []
    for value in lists:
        text = _letters(call, value)
        if text is None:
            return Unknown("the subscripts of einsum are not known")
        texts.append(text)
    last = f"->{texts.pop()}" if explicit else ""
    return _tensors(call, operands, ",".join(texts) + last)


def _letters(call: Call, value: Value) -> str | None:
    """The letters of numbers below 52; None where they are not known."""
    if isinstance(value, dict):
        value = list(value)
    if isinstance(value, CERTAIN) and not isinstance(value, tuple):
        refuse(call, f"takes a list of numbers for an operand, not {said(value)}")
    if isinstance(value, Tensor) and is_floating(value.dtype) and value.dtype != UNTYPED:
        refuse(call, "takes a list of numbers for an operand, not a tensor")
    if not isinstance(value, (list, tuple)):
        return None
    text = ""
    for number in value:
        if number is Ellipsis:
            text += ELLIPSIS
        elif isinstance(number, int):
            if not 0 <= number < 52:
                refuse(call, f"subscripts are from 0 to 51, not {number}")
            text += chr(ord("A") + number if number < 26 else ord("a") + number - 26)
        elif isinstance(number, (*CERTAIN, list)):
            refuse(call, f"subscripts are integers, not {said(number)}")
        else:
            return None
    return text
