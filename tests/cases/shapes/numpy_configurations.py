import torch
from torch import nn
import numpy as np

dpr = np.linspace(0, 0.1, 4)
y = torch.zeros(len(dpr), int(dpr[-1] * 100))  # shape: (4, 10)
w = np.round(np.arange(4) * 36.0 + 24) // 8 * 8
y2 = torch.zeros(*[int(v) for v in w])  # shape: (24, 56, 96, 128)
y3 = torch.zeros(
    int(np.ceil(2.3)),
    int(np.log2(8)),
    int(np.prod([2, 3])),
    int(np.floor(3.9)),
    int(np.sqrt(9)),
)  # shape: (3, 3, 6, 3, 3)
c = np.cumsum([1, 2, 3])
y4 = torch.zeros(*c.tolist())  # shape: (1, 3, 6)
ks = np.round(np.log(np.array([24, 56, 152]) / 24) / np.log(2.0))
y5 = torch.zeros(len(ks), int(ks.max()))  # shape: (3, 3)
ws, ds = np.unique(np.array([8, 8, 16]), return_counts=True)
y6 = torch.zeros(*ws.tolist(), *ds.tolist())  # shape: (8, 16, 2, 1)
a = np.array([1, 2, 3])
b = a * 2 + 1
y7 = torch.zeros(*b, b.sum(), a.shape[0], a.size)  # shape: (3, 5, 7, 15, 3, 3)
y8 = torch.zeros(
    int(np.mean([2, 4])), int(np.max(a)), int(np.clip(9, 0, 5)), int(np.argmax(a)) + 1
)  # shape: (3, 3, 5, 3)
d = np.cumprod([1, 2, 3])
y9 = torch.zeros(int(d[-1]))  # shape: (6,)
y10 = torch.zeros(
    int(np.round(2.6)), np.int64(3), int(np.power(2, 3)), int(np.array([4.2])[0])
)  # shape: (3, 3, 8, 4)
m = np.zeros((2, 3))
y11 = torch.from_numpy(m)  # shape: (2, 3)
y12 = torch.tensor(m)  # shape: (2, 3)
y13 = torch.zeros(*np.array([[1, 2], [3, 4]]).flatten().tolist())  # shape: (1, 2, 3, 4)
y14 = torch.zeros(*(np.array([4, 8]) // 2), *np.arange(1, 3).astype(int).tolist())  # shape: (2, 4, 1, 2)
e = np.linspace(1, 4, 4, dtype=int)
y15 = torch.zeros(*[int(x) for x in e])  # shape: (1, 2, 3, 4)
sizes = np.array([2, 3])
y16 = torch.zeros(tuple(sizes))  # shape: (2, 3)
y17 = torch.zeros(*(sizes + 1).astype(np.int32).tolist())  # shape: (3, 4)
stages = sum(np.diff([0, 1, 3]).tolist())
y18 = torch.zeros(stages)  # shape: (3,)
y19 = torch.zeros(int(np.interp(1.5, [1, 2], [2, 4])), int(np.median([1, 2, 3])))  # shape: (3, 2)
y20 = torch.zeros(
    3 if np.isscalar(3) else 4,
    3 if isinstance(a, np.ndarray) else 4,
    3 if np.all(a > 0) else 4,
)  # shape: (3, 3, 3)
ws2 = (np.exp2(np.arange(3)) * 4).astype(int)
y21 = torch.zeros(*ws2.tolist())  # shape: (4, 8, 16)
for i, (p, q) in enumerate(zip(ws, ds)):
    y22 = torch.zeros(p, q)
