"""What is measured: each workload is prepared once and then run, iteration by iteration.

Data and noise are made outside of the timed region.
"""

import time
from dataclasses import dataclass, field
from typing import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models import Attention, DiT, UNet

CLASSES = NULL_CLASS = 10
GUIDANCE = 3.0
# Rows × inner × columns: products of the reference step (forward, then a weight's gradient) and
# the squares that matrix libraries are usually judged by.
MATMULS = [(3136, 256, 1024), (3136, 1024, 256), (256, 3136, 1024), (1024,) * 3, (2048,) * 3]


@dataclass
class Workload:
    """`run()` does one iteration and returns its seconds; the rest is printed with the times."""

    run: Callable[[], float]
    shape: dict
    parameters: int = 0
    facts: dict = field(default_factory=dict)


def dit_step(options) -> Workload:
    """Whole training step of the DiT: forward, backward, AdamW update."""
    model = build_dit(options)
    labels = torch.randint(CLASSES + 1, (options.batch,))
    return training_step(model, (labels,), options, dit_shape(options))


def unet_step(options) -> Workload:
    """Whole training step of the U-Net: forward, backward, AdamW update."""
    model = UNet()
    if not options.channels_first:
        # PyTorch's own advice for convolutions on a cpu, and faster in this step.
        model = model.to(memory_format=torch.channels_last)
    return training_step(model, (), options, {"width": model.width, "batch": options.batch})


def training_step(model: nn.Module, condition: tuple, options, shape: dict) -> Workload:
    """One step of velocity matching: x_t = (1−t)·data + t·noise, target noise − data."""
    size = (options.batch, 1, model.image_size, model.image_size)
    data = torch.rand(size) * 2 - 1
    fused = {"fused": True} if options.fused else {}
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, **fused)
    forward = torch.compile(model) if options.compile else model

    def step(noise: Tensor, t: Tensor) -> None:
        optimizer.zero_grad(set_to_none=True)
        level = t.view(-1, 1, 1, 1)
        noisy = (1 - level) * data + level * noise
        loss = F.mse_loss(forward(noisy, t, *condition), noise - data)
        loss.backward()
        optimizer.step()

    def run() -> float:
        noise, t = torch.randn(size), torch.rand(options.batch)
        return seconds(lambda: step(noise, t))

    gflop = 3 * forward_gflop(model, options.batch)
    return Workload(run, shape, count_parameters(model), {"matmul_gflop": round(gflop, 3)})


def sampling(options) -> Workload:
    """`--steps` Euler steps from noise (t = 1) to data (t = 0) with guidance, without gradients."""
    model = build_dit(options).eval()
    forward = torch.compile(model) if options.compile else model
    batch, steps = options.batch, options.steps
    labels = torch.arange(batch) % CLASSES
    both = torch.cat([labels, torch.full_like(labels, NULL_CLASS)])

    @torch.inference_mode()
    def sample(x: Tensor) -> Tensor:
        for step in range(steps):
            t = torch.full((2 * batch,), 1 - step / steps)
            conditional, unconditional = forward(torch.cat([x, x]), t, both).chunk(2)
            velocity = unconditional + GUIDANCE * (conditional - unconditional)
            x = x - velocity / steps
        return x

    def run() -> float:
        noise = torch.randn(batch, 1, model.image_size, model.image_size)
        return seconds(lambda: sample(noise))

    gflop = steps * forward_gflop(model, 2 * batch)
    facts = {"matmul_gflop": round(gflop, 3)}
    return Workload(run, dit_shape(options) | {"steps": steps}, count_parameters(model), facts)


def matmul_peak(options) -> Workload:
    """float32 matrix products, one of each shape; `gflops` has the rate of each in the last iteration."""
    products = [(torch.randn(m, k), torch.randn(k, n), torch.empty(m, n)) for m, k, n in MATMULS]
    rates = {f"{m}x{k}x{n}": 0.0 for m, k, n in MATMULS}

    def run() -> float:
        total = 0.0
        for (m, k, n), (a, b, out) in zip(MATMULS, products):
            took = seconds(lambda: torch.mm(a, b, out=out))
            rates[f"{m}x{k}x{n}"] = round(2e-9 * m * k * n / took, 1)
            total += took
        return total

    return Workload(run, {"products": list(rates)}, facts={"gflops": rates})


def build_dit(options) -> DiT:
    """The DiT of the command line's shape, with open gates, as after some training."""
    model = DiT(options.width, options.depth, options.heads, tokens=options.tokens)
    for module in model.modules():
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, std=0.02)
    return model


def dit_shape(options) -> dict:
    """The shape of the work as it is printed."""
    names = ("width", "depth", "heads", "tokens", "batch")
    return {name: getattr(options, name) for name in names}


def count_parameters(model: nn.Module) -> int:
    """Number of trained numbers."""
    return sum(parameter.numel() for parameter in model.parameters())


def forward_gflop(model: nn.Module, batch: int) -> float:
    """GFLOP of the products and convolutions of a forward pass; backward takes twice that."""
    total = 0

    def count(layer: nn.Module, inputs: tuple, output: Tensor) -> None:
        nonlocal total
        if isinstance(layer, Attention):
            total += 2 * 2 * output.numel() * output.shape[1]  # query·key and weight·value
        else:
            total += 2 * output.numel() * layer.weight[0].numel()

    counted = (nn.Linear, nn.Conv2d, Attention)
    hooks = [layer.register_forward_hook(count)
             for layer in model.modules() if isinstance(layer, counted)]
    labels = [torch.zeros(1, dtype=torch.int64)] if isinstance(model, DiT) else []
    with torch.no_grad():
        model(torch.zeros(1, 1, model.image_size, model.image_size), torch.zeros(1), *labels)
    for hook in hooks:
        hook.remove()
    return batch * total / 1e9


def seconds(work: Callable[[], object]) -> float:
    """Wall-clock seconds of a call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


WORKLOADS = {
    "dit-step": dit_step,
    "unet-step": unet_step,
    "sampling": sampling,
    "matmul-peak": matmul_peak,
    "dit-memory": dit_step,
}
