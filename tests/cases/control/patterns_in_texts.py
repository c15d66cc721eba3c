import torch
from torch import nn
import re


def decode(s):
    ops = s.split("_")
    kind = ops[0]
    opts = {}
    for op in ops[1:]:
        parts = re.split(r"(\d.*)", op)
        if len(parts) >= 2:
            key, value = parts[:2]
            opts[key] = value
    return kind, int(opts["r"]), int(opts["k"]), int(opts["c"]), float(opts.get("e", 1))


k, r, ks, c, e = decode("ir_r2_k3_s2_e6_c24_se0.25")
y = torch.zeros(r, ks, c, int(c * e))  # shape: (2, 3, 24, 144)
m = re.match(r"(?P<name>[a-z]+)(\d+)x(\d+)", "conv3x5")
z = torch.zeros(int(m.group(2)), int(m[3]), len(m.group("name")), len(m.groups()))  # shape: (3, 5, 4, 3)
w = torch.zeros(*map(int, re.findall(r"\d+", "a2b3c4")))  # shape: (2, 3, 4)
t = re.sub(r"[^\d]", "", "x12y")
u = torch.zeros(int(t))  # shape: (12,)
p = re.compile(r"layer(\d+)\.(.*)")
mm = p.search("net.layer4.conv")
v = torch.zeros(int(mm.group(1)), len(mm.groupdict()))  # shape: (4, 0)
q = torch.zeros(3 if re.fullmatch(r"\d+", "12a") else 4)  # shape: (4,)
s = torch.zeros(len([x for x in re.finditer(r"\d", "1a2")]))  # shape: (2,)
n = re.sub(r"(\d+)", lambda m: str(int(m.group(1)) + 1), "5")
r2 = torch.zeros(int(n))  # shape: (6,)
if (h := re.match(r"b(\d)", "b7")) is not None:
    g = torch.zeros(int(h[1]))  # shape: (7,)
i = torch.zeros([int(x) for x in "2,3".split(",")])  # shape: (2, 3)
j = torch.zeros(int("conv4".removeprefix("conv")), "a.b.c".count(".") + 1)  # shape: (4, 3)
name, sep, rest = "stem.conv.5".partition(".")
o = torch.zeros(int(rest.rsplit(".", 1)[-1]))  # shape: (5,)
