"""PyTorch: `torch` runs op by op, `torch.compile` through its compiler. Channels first, as PyTorch is used."""

import sys

import torch
from torch import nn
from torch.nn import functional as F

from peer import THREADS, convolution, serve, words, workload

torch.set_num_threads(THREADS)
torch.manual_seed(1)
COMPILE = sys.argv[1] == "torch.compile"


def residual(size):
    block = lambda: [nn.Conv2d(size, size, 3, padding=1), nn.BatchNorm2d(size, momentum=0.01, eps=1e-3), nn.ReLU()]
    return Residual(*block(), *block())


class Residual(nn.Sequential):
    def forward(self, x):
        return x + super().forward(x)


class Average(nn.Module):
    def forward(self, x):
        return x.mean((2, 3))


class Reshape(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape

    def forward(self, x):
        return x.reshape(x.shape[0], *self.shape)


def build(layers, shape):
    """Layers for examples of a shape with channels last; shapes are found by running them."""
    x = torch.zeros(1, shape[-1], *shape[:-1]) if len(shape) == 3 else torch.zeros(1, *shape)
    made = []
    for text in layers:
        kind, sizes, extra = words(text)
        if kind == "dense":
            layer = [nn.Linear(x.shape[1], sizes[0])]
        elif kind == "conv":
            side, stride = convolution(text)
            layer = [nn.Conv2d(x.shape[1], sizes[0], side, stride, padding=(side - 1) // 2)]
        elif kind == "up":
            layer = [nn.ConvTranspose2d(x.shape[1], sizes[0], kernel_size=4, stride=2, padding=1)]
        elif kind == "pool":
            layer = [nn.MaxPool2d(2)]
        elif kind == "norm":
            layer = [nn.BatchNorm2d(x.shape[1], momentum=0.01, eps=1e-3)]
        elif kind == "residual":
            layer = [residual(sizes[0])]
        elif kind == "average":
            layer = [Average()]
        elif kind == "dropout":
            layer = [nn.Dropout(sizes[0])]
        elif kind == "flatten":
            layer = [nn.Flatten()]
        elif kind == "reshape":
            layer = [Reshape([sizes[-1], *sizes[:-1]])]
        else:
            layer = [{"relu": nn.ReLU, "tanh": nn.Tanh, "leaky": lambda: nn.LeakyReLU(0.2)}[kind]()]
        layer += [nn.ReLU()] if "relu" in extra else [nn.Tanh()] if "tanh" in extra else []
        for module in layer:
            x = module(x)
        made += layer
    return nn.Sequential(*made)


def images(batch, shape):
    return torch.randn(batch, shape[-1], *shape[:-1]) if len(shape) == 3 else torch.randn(batch, *shape)


def optimizer(name, parameters):
    if name == "adam":
        return torch.optim.Adam(parameters, lr=0.001)
    nesterov = dict(momentum=0.9, nesterov=True) if name == "nesterov" else {}
    return torch.optim.SGD(parameters, lr=0.01, **nesterov)


def classify(w):
    model = build(w["layers"], w["input"])
    rule = optimizer(w["optimizer"], model.parameters())
    x, y = images(w["batch"], w["input"]), torch.arange(w["batch"]) % 10

    def cost():
        with torch.autocast("cpu", torch.bfloat16, enabled=w.get("precision") == "bfloat16"):
            return F.cross_entropy(model(x), y)

    return stepper([(cost, rule)])


def ppo(w):
    policy, value = (build([*w["layers"], last], w["input"]) for last in ("dense 4", "dense 1"))
    rule = optimizer(w["optimizer"], [*policy.parameters(), *value.parameters()])
    batch = w["batch"]
    x, taken = torch.randn(batch, *w["input"]), F.one_hot(torch.arange(batch) % 4, 4).float()
    before, advantage, returns = torch.full([batch], 0.25).log(), torch.randn(batch), torch.randn(batch)

    def cost():
        logs = F.log_softmax(policy(x), 1)
        ratio = ((logs * taken).sum(1) - before).exp()
        surrogate = torch.minimum(ratio * advantage, ratio.clamp(0.8, 1.2) * advantage).mean()
        entropy = -(logs.exp() * logs).sum(1).mean()
        return 0.5 * (value(x).reshape(batch) - returns).square().mean() - surrogate - 0.01 * entropy

    return stepper([(cost, rule)])


def gan(w):
    judge, maker = build(w["layers"], w["input"]), build(w["generator"], [100])
    rules = optimizer(w["optimizer"], judge.parameters()), optimizer(w["optimizer"], maker.parameters())
    real, noise = images(w["batch"], w["input"]), lambda: torch.randn(w["batch"], 100)

    def judging():
        with torch.no_grad():
            made = maker(noise())
        return F.softplus(-judge(real)).mean() + F.softplus(judge(made)).mean()

    making = lambda: F.softplus(-judge(maker(noise()))).mean()
    return stepper([(judging, rules[0]), (making, rules[1])])


def infer(w):
    model = build(w["layers"], w["input"]).eval()
    x = images(w["batch"], w["input"])
    if w.get("precision") == "bfloat16":
        model, x = model.bfloat16(), x.bfloat16()
    forward = torch.compile(model) if COMPILE else model

    def run(steps):
        with torch.inference_mode():
            for _ in range(steps):
                result = forward(x)
        result.sum().item()

    return run


def stepper(costs):
    costs = [
        (torch.compile(cost) if COMPILE else cost, rule, [p for group in rule.param_groups for p in group["params"]])
        for cost, rule in costs
    ]

    def run(steps):
        for _ in range(steps):
            for cost, rule, parameters in costs:
                rule.zero_grad()
                loss = cost()
                # Of a GAN's other network no gradient is wanted.
                loss.backward(inputs=parameters)
                rule.step()
        loss.item()

    return run


if __name__ == "__main__":
    chosen = workload()
    serve({"classify": classify, "ppo": ppo, "gan": gan, "infer": infer, "limit": infer}[chosen["task"]](chosen))
