import torch

for spec in (["conv", 3, 4], ["pool", 2], {"kind": "linear", "size": 5, "bias": True}):
    match spec:
        case ["conv", *sizes] if len(sizes) == 2:
            x = torch.zeros(sizes)  # shape: (3, 4)
        case ["pool" | "max", int(size)]:
            x = torch.zeros(size)  # shape: (2,)
        case {"kind": "linear", "size": size, **others}:
            x = torch.zeros(size, len(others))  # shape: (5, 1)
        case _:
            x = None
