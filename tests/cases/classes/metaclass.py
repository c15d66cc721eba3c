import torch

REGISTRY = {}


class Registered(type):
    def __new__(mcs, name, bases, namespace):
        cls = super().__new__(mcs, name, bases, namespace)
        REGISTRY[name.lower()] = cls
        return cls


class Base(metaclass=Registered):
    size = 1

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.size = cls.size + 1


class Small(Base):
    size = 5


a = torch.zeros(Small.size)  # shape: (6,)
b = torch.zeros(len(REGISTRY))  # shape: (2,)
c = torch.zeros(REGISTRY["small"].size, 2)  # shape: (6, 2)
