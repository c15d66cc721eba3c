from . import allow

for kind in ("conv", "pool"):
    allow(kind)
