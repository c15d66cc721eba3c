from . import heads, narrow
from .shelf import make
