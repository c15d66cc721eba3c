"""`os`, `sys`, `time`, `random`, `logging` and the like: the world outside, which is not known.

Calls that only act outside do nothing here; what comes from outside is Unknown, and says so.
"""

from __future__ import annotations

import logging
import posixpath
import sys
import types
from typing import Any, Final

from conv_lsp.library.arithmetic import first_unknown
from conv_lsp.library.builtins import is_function, unknown_op
from conv_lsp.library.registry import NAMES, OPS, Call, Op, models, op
from conv_lsp.library.standard_iteration import Context
from conv_lsp.values import Class, Given, Instance, List, Unknown, Value

UNKNOWN: Final = {
    "os": (
        "a thing of the operating system",
        "access cpu_count getcwd getlogin getpid listdir popen read scandir stat system uname walk",
    ),
    "os.path": (
        "a thing of the file system",
        (
            "abspath exists expanduser expandvars getctime getmtime getsize isdir isfile islink "
            "realpath relpath samefile"
        ),
    ),
    "sys": ("a state of the Python process", "exc_info getsizeof getrefcount getrecursionlimit"),
    "time": (
        "the time",
        (
            "asctime clock ctime gmtime localtime monotonic perf_counter process_time strftime "
            "strptime time time_ns perf_counter_ns"
        ),
    ),
    "datetime": ("the time", "date datetime time timedelta"),
    "datetime.datetime": ("the time", "fromtimestamp now strptime today utcnow"),
    "datetime.date": ("the time", "fromtimestamp today"),
    "uuid": ("a random identifier", "uuid1 uuid3 uuid4 uuid5"),
    "random": (
        "a random number",
        ("getstate Random SystemRandom"),
    ),
    "json": ("the content of a file", "load"),
    "pickle": ("the content of a file", "load loads dumps"),
    "glob": ("a thing of the file system", "glob iglob"),
    "platform": (
        "a thing of the operating system",
        "machine node platform processor python_version release system version",
    ),
    "subprocess": ("a program's result", "Popen call check_call check_output run"),
    "inspect": (
        "a thing of the code itself",
        "currentframe getmodule getsource stack",
    ),
    "importlib": ("a module loaded by name", "reload"),
    "threading": ("a thread", "Event Lock RLock Thread local"),
    "multiprocessing": ("a process", "Pool Process Queue cpu_count"),
    "hashlib": ("a hash", "md5 sha1 sha256 new"),
    "urllib.request": ("a thing of the network", "Request urlopen urlretrieve"),
    "tempfile": ("a thing of the file system", "NamedTemporaryFile gettempdir mkdtemp mkstemp"),
}
NOTHING: Final = {
    "os": "chdir chmod close kill makedirs mkdir remove removedirs rename rmdir unlink symlink",
    "sys": "exit setrecursionlimit settrace",
    "time": "sleep tzset",
    "random": "seed setstate",
    "json": "dump",
    "pickle": "dump",
    "gc": "collect disable enable freeze",
    "warnings": "filterwarnings resetwarnings simplefilter warn warn_explicit",
    "logging": "addLevelName basicConfig captureWarnings critical debug disable error exception "
    "fatal info log shutdown warn warning",
    "shutil": "copy copy2 copyfile copytree move rmtree",
    "atexit": "register",
    "signal": "signal alarm",
    "faulthandler": "enable",
    "traceback": "print_exc print_stack print_tb",
    "pprint": "pprint pp",
}
RANDOM: Final = (
    "betavariate expovariate gauss getrandbits normalvariate randint random randrange triangular "
    "uniform"
)
LEVELS: Final = "NOTSET DEBUG INFO WARN WARNING ERROR FATAL CRITICAL"
PATH_FUNCTIONS: Final = "basename commonprefix dirname isabs join normcase normpath split splitext"

for _module, (_why, _names) in UNKNOWN.items():
    for _name in _names.split():
        unknown_op(f"{_module}.{_name}", _why)


for _name in RANDOM.split():
    unknown_op(f"random.{_name}", "a random number", number=True)


def nothing(call: Call, *args: object, **kwargs: object) -> None:
    """Acts only outside of what is followed."""


for _module, _names in NOTHING.items():
    for _name in _names.split():
        OPS[f"{_module}.{_name}"] = Op(f"{_module}.{_name}", nothing)

NAMES.update({f"os.path.{name}": getattr(posixpath, name) for name in PATH_FUNCTIONS.split()})
NAMES.update(
    {
        "os.sep": "/",
        "os.path.sep": "/",
        "os.linesep": "\n",
        "os.pathsep": ":",
        "os.PathLike": Unknown("a path"),
        "os.name": Unknown("the operating system"),
        "sys.argv": Given(("script",)),
        "sys.version_info": tuple(sys.version_info),
        "sys.maxsize": sys.maxsize,
        "sys.byteorder": sys.byteorder,
        **{
            f"sys.{name}": Unknown("a state of the Python process")
            for name in "executable path platform stderr stdin stdout version".split()
        },
        **{f"logging.{name}": getattr(logging, name) for name in LEVELS.split()},
    }
)


# -- os ---------------------------------------------------------------------------------------


@models("os._Environ")
class Environment(Instance):
    """The environment variables. They are not known; one that is not set has its default."""

    __slots__ = ()

    def get(self, call: Call, key: object, default: object = None) -> Value:
        return Unknown(f"the environment variable {key}") if default is None else default

    def setdefault(self, call: Call, key: object, default: object = None) -> Value:
        return self.get(call, key, default)

    def pop(self, call: Call, key: object, default: object = None) -> Value:
        return self.get(call, key, default)

    def item(self, call: Call, key: object) -> Value:
        return Unknown(f"the environment variable {key}")

    def contains(self, call: Call, key: object) -> Value:
        """Usually not; code that insists on a variable has it."""
        found = Unknown(f"the environment variable {key}")
        found.usual = False
        return found

    def set_item(self, call: Call, key: object, value: object) -> None:
        """What is set is not read back."""

    def update(self, call: Call, *args: object, **kwargs: object) -> None:
        """What is set is not read back."""


NAMES["os.environ"] = Environment()


@op("os.getenv")
def getenv(call: Call, key: object, default: object = None) -> Value:
    """The default: an environment variable is taken as not set."""
    return Unknown(f"the environment variable {key}") if default is None else default


@op("pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath")
def path(call: Call, *args: object) -> Value:
    """Paths are not followed."""
    return Unknown("a path")


# -- random -----------------------------------------------------------------------------------


@op("random.shuffle")
def shuffle(call: Call, x: object) -> None:
    """The order is not known from here on."""
    if isinstance(x, List):
        call.host.writes(x)
        x.vague = "its order is random"


# -- logging, warnings ------------------------------------------------------------------------


@models("logging.Logger", "logging.LoggerAdapter")
class Logger(Instance):
    """Logs nothing."""

    __slots__ = ()

    def __init__(self, call: Call, *args: object, **kwargs: object) -> None:
        self.__dict__["handlers"] = List()

    def isEnabledFor(self, call: Call, level: object) -> Value:  # noqa: N802
        return Unknown("the level of a logger")

    def getEffectiveLevel(self, call: Call) -> Value:  # noqa: N802
        return Unknown("the level of a logger")


def quiet(self: Any, call: Call, *args: object, **kwargs: object) -> None:
    """Does nothing."""


for _name in (
    "addFilter addHandler critical debug error exception fatal info log removeHandler setLevel "
    "warn warning"
).split():
    setattr(Logger, _name, quiet)


@op("logging.getLogger")
def get_logger(call: Call, name: object = None) -> Value:
    """A logger that does nothing."""
    return call.invoke(Logger)


@models(
    "logging.StreamHandler",
    "logging.FileHandler",
    "logging.NullHandler",
    "logging.Handler",
    "logging.handlers.RotatingFileHandler",
    "logging.Formatter",
    "logging.Filter",
)
class Handler(Instance):
    """Handles nothing."""

    __slots__ = ()

    def __init__(self, call: Call, *args: object, **kwargs: object) -> None:
        pass

    setLevel = setFormatter = addFilter = close = flush = quiet  # noqa: N815


@models("warnings.catch_warnings")
class CatchWarnings(Context):
    """A context without effect."""

    __slots__ = ()


# -- inspect ----------------------------------------------------------------------------------


@op("inspect.isclass")
def isclass(call: Call, object: object) -> Value:
    """Whether it is a class."""
    if isinstance(object, Unknown):
        return Unknown(object.why)
    return isinstance(object, (type, Class))


@op("inspect.isfunction", "inspect.isroutine", "inspect.ismethod", "inspect.isbuiltin")
def isfunction(call: Call, object: object) -> Value:
    """Whether it is a function."""
    if isinstance(object, Unknown):
        return Unknown(object.why)
    return is_function(object)


@op("inspect.ismodule")
def ismodule(call: Call, object: object) -> Value:
    """Whether it is a module of Python."""
    if isinstance(object, Unknown):
        return Unknown(object.why)
    return type(object).__name__ in {"Package", "Namespace"} or isinstance(object, types.ModuleType)


@op("os.fspath", "os.fsdecode")
def fspath(call: Call, path: object) -> Value:
    """A text as it is."""
    return path if isinstance(path, str) else first_unknown((path,), "a path")
