"""Parts by name; other files put theirs in."""

_parts = {}


def part(function):
    _parts[function.__name__] = function
    return function


def put(name, kind):
    _parts[name] = kind


class Shelf:
    def __init__(self):
        self._held = {}

    def register(self, name):
        def decorate(kind):
            self._held[name] = kind
            return kind

        return decorate

    def build(self, name, *args):
        if name not in self._held:
            raise KeyError(name)
        return self._held[name](*args)


HEADS = Shelf()


def make(name, *args):
    if name not in _parts:
        raise RuntimeError(f"there is no {name}")
    return _parts[name](*args)


def put_all(names, kind):
    for name in names:
        put(name, kind)
