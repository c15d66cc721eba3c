# run: Net() (2, 3, 16, 16)
# unjudged: there is no such file
import torch.nn as nn

FLAGS = {"i": 1, "m": 2}


def flags(source):
    found = 0
    try:
        while True:
            found |= FLAGS[source.read(1)]
    except KeyError:
        return found


def tree(text, at):
    if text[at] == "(":
        return [branch(text, at + 1), branch(text, at + 2)]
    if text[at] == "[":
        return [branch(text, at + 1), branch(text, at + 3)]
    return text[at]


def branch(text, at):
    if text[at] == "|":
        return [tree(text, at + 1), tree(text, at + 2)]
    return [tree(text, at), branch(text, at + 1) if text[at] else None]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        source = open("pattern")
        flags(source)
        x = self.conv(x)  # shape: (2, 8, 14, 14)
        tree(source.read(), 0)
        return x + 1  # shape: (2, 8, 14, 14)
