import torch


class Partial:
    _shared = {}

    def __init__(self):
        self.__dict__ = self._shared
        self.kind = 4


class Both:
    _shared = {}

    def __init__(self):
        self.__dict__ = self._shared
        if not self.initialized:
            self.__dict__.update(Partial._shared)
            self.more = 1

    @property
    def initialized(self):
        return self._shared != {}

    def __getattr__(self, name):
        raise AttributeError(name)


Partial()
first = Both()
x = torch.zeros(Partial().kind, first.kind)  # shape: (4, 4)
y = torch.zeros(first.more)  # shape: (1,)
