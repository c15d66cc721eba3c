from .wide import *
from .deep import *
