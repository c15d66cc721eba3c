import torch


def alike():
    for _ in range(3):
        yield torch.zeros(2)


class Stream(torch.utils.data.IterableDataset):
    def __iter__(self):
        for _ in range(4):
            yield torch.zeros(2)


torch.stack(list(alike()))  # shape: (3, 2)
torch.stack([x for x in Stream()])  # shape: (4, 2)
