"""Which dtypes an operation takes, and what is said of those that it does not.

A row of letters stands for them: b truth values, i integers, h floating point numbers of 16 bits,
f those of 32 and 64, c complex ones. What a dtype that is not known would do is not asked.
"""

from __future__ import annotations

from typing import Final

from conv_lsp.findings import CALL_ARGUMENTS, DTYPE
from conv_lsp.library.algebra import COMPLEX, INTEGERS, PARTS, category, is_floating
from conv_lsp.library.dtypes import clash
from conv_lsp.library.registry import Call
from conv_lsp.values import UNTYPED, Tensor

LETTERS: Final = {
    "bool": "b",
    **dict.fromkeys(INTEGERS, "i"),
    "float16": "h",
    "bfloat16": "h",
    "float32": "f",
    "float64": "f",
    **dict.fromkeys(PARTS, "c"),
}
WORDS: Final = {"b": "truth values", "i": "integers", "c": "complex numbers"}
REAL: Final = "bihf"
NUMBERS: Final = "ihfc"
FLOATING: Final = "hfc"
ALL: Final = "bihfc"


def takes(call: Call, name: str, letters: str, *dtypes: str, at: str = "input") -> bool:
    """Whether all of the dtypes are of the sorts that the letters stand for; complains if not."""
    for dtype in dtypes:
        if LETTERS.get(dtype, letters) not in letters:
            taker = f"{name}()"
            call.report(DTYPE, at=at, name=at, got=dtype, taker=taker, want=said(letters))
            return False
    return True


def said(letters: str) -> str:
    """The sorts that letters stand for."""
    words = [word for letter, word in WORDS.items() if letter in letters]
    if "f" in letters:
        words.append("floating point numbers" if "h" in letters else "float32 or float64")
    return " or ".join(words)


def alike(call: Call, name: str, *tensors: Tensor, at: str = "other") -> str:
    """The dtype that all of the tensors must have; complains if they differ."""
    known = [t.dtype for t in tensors if t.dtype != UNTYPED]
    for dtype in known[1:]:
        if clash(call, dtype, known[0]):
            call.report(DTYPE, at=at, name=at, got=dtype, taker=f"{name}()", want=known[0])
            break
    return known[0] if known else UNTYPED


def one_type(call: Call, name: str, letters: str, *tensors: Tensor, at: str = "other") -> str:
    """The dtype that all have, of the sorts that are taken; one complaint at most."""
    known = {t.dtype for t in tensors if t.dtype != UNTYPED}
    if len(known) > 1:
        return alike(call, name, *tensors, at=at)
    takes(call, name, letters, *known, at=at)
    return known.pop() if known else UNTYPED


def fits(call: Call, name: str, dtype: str, into: str) -> None:
    """Complain if a result cannot be written into a tensor of another dtype."""
    if UNTYPED not in (dtype, into) and category(dtype) > category(into):
        result, place = f"the result of {name}()", "the tensor that it is written into"
        call.report(DTYPE, at="input", name=result, got=dtype, taker=place, want=into)


def at_least(call: Call, name: str, at: str, value: object, least: int) -> None:
    """Complain about a number below what the function takes."""
    if isinstance(value, int) and value < least:
        call.fail(CALL_ARGUMENTS, at=at, name=name, problem=f"{at} is {value}, not {least} or more")


# -- the dtype of a result --------------------------------------------------------------------


def floats(dtype: str) -> str:
    """Integers and truth values become float32."""
    return dtype if is_floating(dtype) else "float32"


def parts(dtype: str) -> str:
    """Complex numbers become real."""
    return PARTS.get(dtype, dtype)


def wholes(dtype: str) -> str:
    """Truth values become integers."""
    return "int64" if dtype == "bool" else dtype


def sums(dtype: str) -> str:
    """Integers and truth values become int64."""
    return dtype if is_floating(dtype) else "int64"


def doubles(dtype: str) -> str:
    """All become of 64 bits."""
    if dtype == UNTYPED:
        return UNTYPED
    return "complex128" if dtype in PARTS else "float64"


def complexes(dtype: str) -> str:
    """The complex dtype of numbers like these."""
    return dtype if dtype in PARTS or dtype == UNTYPED else COMPLEX.get(dtype, "complex64")
