# run: main()
import torch
import torch.nn as nn


class Tagger(nn.Module):
    def __init__(self, words=100):
        super().__init__()
        self.embedding = nn.Embedding(words, 16)
        self.head = nn.Linear(16, 5)

    def forward(self, x):
        x = self.embedding(x)  # error: dtype "input has dtype float32; embedding() takes int64 or int32"
        return self.head(x)


def main():
    tagger = Tagger()
    tagger(torch.zeros(4, 7, dtype=torch.long))  # shape: (4, 7, 5)
    nn.Linear(7, 5)(torch.zeros(4, 7, dtype=torch.int32).float())  # shape: (4, 5)
    return tagger(torch.zeros(4, 7))
