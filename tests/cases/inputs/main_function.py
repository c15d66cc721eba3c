import argparse

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, width, depth):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])

    def forward(self, x):
        for layer in self.layers:
            x = layer(x).relu()  # shape: (8, 24)
        return x


def main():
    parser = argparse.ArgumentParser(description="train")
    parser.add_argument("--batch-size", type=int, default=8)
    parser.add_argument("--width", default=24, type=int)
    parser.add_argument("--depth", type=int, default=2, choices=[1, 2, 3])
    parser.add_argument("--no-relu", action="store_true")
    args = parser.parse_args()
    model = Net(args.width, depth=args.depth)
    x = torch.randn(args.batch_size, args.width)
    if not args.no_relu:
        out = model(x)  # shape: (8, 24)
    return out  # shape: (8, 24)


if __name__ == "__main__":
    main()
