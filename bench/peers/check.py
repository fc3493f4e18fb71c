"""Tests of the peer: `python3 bench/peers/peer.py --check`."""

import json
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models import Attention, DiT, UNet, patchify, unpatchify
from workloads import count_parameters, forward_gflop, sampling, training_step

SMALL = Namespace(width=32, depth=2, heads=4, tokens=16, batch=3, steps=4,
                  fused=False, compile=False, channels_first=False)


def check() -> None:
    """Runs every function here whose name begins with `the_` and names those that fail."""
    tests = [(name, test) for name, test in globals().items() if name.startswith("the_")]
    failed = 0
    for name, test in tests:
        try:
            test()
            print("ok    ", name.replace("_", " "))
        except Exception as error:
            failed += 1
            print("FAILED", name.replace("_", " "), "-", type(error).__name__, error)
    sys.exit(1 if failed else 0)


def the_models_have_as_many_parameters_as_the_course_says():
    """`countParameters()` of lib/nn gives the same for `dit` (preset "reference") and `unet`."""
    equal(count_parameters(DiT()), 16_036_112)
    equal(count_parameters(UNet()), 1_816_833)


def the_models_keep_the_shape_of_images():
    x, t, labels = torch.randn(2, 1, 28, 28), torch.rand(2), torch.tensor([3, 10])
    equal(DiT(depth=1)(x, t, labels).shape, x.shape)
    equal(UNet()(x, t).shape, x.shape)


def the_new_dit_predicts_zero():
    model = DiT(width=32, depth=1, heads=4)
    velocity = model(torch.randn(2, 1, 28, 28), torch.rand(2), torch.tensor([3, 10]))
    equal(velocity.abs().max().item(), 0.0)


def the_patches_can_be_put_together_again():
    x = torch.randn(2, 3, 12, 12)
    equal(torch.equal(unpatchify(patchify(x, 4), 4, 3), x), True)


def the_attention_is_softmax_of_products():
    layer, h = Attention(8, 2), torch.randn(3, 5, 8)
    q, k, v = (part.view(3, 5, 2, 4).transpose(1, 2) for part in layer.qkv(h).chunk(3, dim=-1))
    mixed = F.softmax(q @ k.transpose(-1, -2) / 2, dim=-1) @ v
    expected = layer.out(mixed.transpose(1, 2).reshape(3, 5, 8))
    close(layer(h), expected)
    if fused := getattr(F, "scaled_dot_product_attention", None):
        del F.scaled_dot_product_attention  # as in PyTorch before 2.0
        close(layer(h), expected)
        F.scaled_dot_product_attention = fused


def the_flops_are_those_counted_by_hand():
    tokens, images, width = 64 * 49, 64, 256
    block = 12 * width**2 * tokens + 2 * 49 * width * tokens + images * 1024 * 6 * width
    ends = 2 * 16 * width * tokens + images * (256 * 1024 + 1024**2 + 1024 * 2 * width)
    close(torch.tensor(forward_gflop(DiT(), 64)), torch.tensor(2e-9 * (6 * block + ends)))


def the_step_changes_every_parameter_but_unused_rows():
    model = UNet(width=16)
    before = {name: value.clone() for name, value in model.named_parameters()}
    work = training_step(model, (), SMALL, {})
    for _ in range(3):
        equal(work.run() > 0, True)
    same = [name for name, value in model.named_parameters() if torch.equal(value, before[name])]
    equal(same, [])


def the_steps_lower_the_loss():
    torch.manual_seed(0)
    model = Constant()
    work = training_step(model, (), SMALL, {})
    start = abs(model.value.item() - model.best)
    for _ in range(20):
        work.run()
    equal(abs(model.value.item() - model.best) < start, True)


def the_sampling_runs():
    equal(sampling(SMALL).run() > 0, True)


def the_server_answers_each_line():
    requests = '{"run": 2}\nnonsense\n{"run": 1}\n'
    arguments = "dit-step --serve --width 32 --depth 1 --heads 4 --batch 2 --warm-up 1".split()
    ready, two, error, one = peer(arguments, requests)
    equal(ready["ready"], True)
    equal((len(two["all"]), len(one["all"])), (2, 1))
    equal("nonsense" in error["error"], True)


def the_impossible_shapes_are_refused_in_a_sentence():
    for arguments in (["--tokens", "50"], ["--width", "36"], ["--batch", "0"]):
        program = [sys.executable, str(Path(__file__).with_name("peer.py")), "dit-step", *arguments]
        result = subprocess.run(program, capture_output=True, text=True)
        equal(result.returncode, 2)
        equal(arguments[0][2:] in result.stderr.splitlines()[-1], True)


def the_memory_of_the_caller_is_not_counted():
    ballast = bytearray(2_000_000_000)
    ballast[::4096] = b"x" * len(ballast[::4096])
    (line,) = peer("dit-memory --width 32 --depth 1 --heads 4 --batch 2".split())
    equal(len(line["all"]), 5)
    equal(100 < line["peak_rss_mb"] < 1500, True)


class Constant(nn.Module):
    """A model of one number, whose best value is known: the mean of noise − data, 0."""

    image_size, best = 16, 0.0

    def __init__(self):
        super().__init__()
        self.value = nn.Parameter(torch.tensor(5.0))

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        """The number, as an image."""
        return self.value.expand_as(x)


def peer(arguments: list[str], requests: str = "") -> list[dict]:
    """Lines that a fresh peer prints."""
    program = [sys.executable, str(Path(__file__).with_name("peer.py")), *arguments]
    result = subprocess.run(program, input=requests, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in result.stdout.splitlines()]


def equal(actual, expected) -> None:
    """Fails unless the two are equal."""
    if actual != expected:
        raise AssertionError(f"got {actual}, expected {expected}")


def close(actual: Tensor, expected: Tensor) -> None:
    """Fails unless the two agree to 1e-5."""
    torch.testing.assert_close(actual, expected, rtol=1e-5, atol=1e-5)
