"""Times PyTorch on the course's benchmarks; `deno task bench` runs it beside the course's engine.

    python3 bench/peers/peer.py dit-step                       one JSON object with the times
    python3 bench/peers/peer.py dit-step --compile --fused     with torch.compile and fused AdamW
    python3 bench/peers/peer.py dit-step --serve               prepared once, then run on request
    python3 bench/peers/peer.py --check                        tests itself

With --serve the first line says {"ready": true, …} after the warm-up. Each line {"run": 3} on
stdin then does three iterations and is answered by one line of times, so that a caller can take
turns with another engine on a noisy machine. The end of stdin ends it.
"""

import argparse
import json
import math
import os
import resource
import statistics
import sys
from typing import Optional

sys.dont_write_bytecode = True  # leaves no __pycache__ in the repository
try:
    import torch
except ImportError:
    sys.exit("PyTorch is not installed for this Python; try: pip install torch==2.13.0")

from workloads import WORKLOADS, Workload


def main() -> None:
    options = parse_arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    if options.check:
        from check import check
        check()
        return
    workload = WORKLOADS[options.name](options)
    if options.name == "dit-memory":
        # A fresh process and five steps, whatever else was asked: the peak is the answer.
        times = [workload.run() for _ in range(5)]
        answer(record(options, workload, times))
        return
    warm_up = [workload.run() for _ in range(options.warm_up)]
    if options.serve:
        serve(options, workload, warm_up)
    else:
        times = [workload.run() for _ in range(options.repeats)]
        answer(record(options, workload, times))


def serve(options, workload: Workload, warm_up: list[float]) -> None:
    """Answers each request line {"run": n} with the times of n iterations, until stdin ends."""
    answer({"ready": True} | record(options, workload, warm_up))
    for line in sys.stdin:
        try:
            repeats = int(json.loads(line)["run"])
        except (ValueError, KeyError, TypeError):
            answer({"error": f'Cannot serve {line.strip()!r}: expected {{"run": 3}}'})
            continue
        answer(record(options, workload, [workload.run() for _ in range(repeats)]))


def record(options, workload: Workload, times: list[float]) -> dict:
    """What is printed for a list of measured seconds."""
    return {
        "name": options.name,
        "seconds": statistics.median(times) if times else None,
        "all": times,
        "unit": "s",
        "peak_rss_mb": round(peak_rss_mb(), 1),
        "peer_version": f"PyTorch {torch.__version__}",
        "parameters": workload.parameters,
        "shape": workload.shape,
        "threads": torch.get_num_threads(),
        "compile": options.compile,
        "fused": options.fused,
    } | workload.facts


def answer(line: dict) -> None:
    """Prints one JSON object on one line."""
    print(json.dumps(line), flush=True)


def peak_rss_mb() -> float:
    """Peak resident memory of this process in MB (10⁶ bytes)."""
    if os.path.exists("/proc/self/status"):
        # Linux hands ru_maxrss of the process that started us on to us, so that a large caller
        # would be charged to PyTorch; VmHWM counts this program alone.
        with open("/proc/self/status") as status:
            line = next(line for line in status if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def parse_arguments() -> argparse.Namespace:
    """The command line; defaults are the reference model."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("name", nargs="?", choices=list(WORKLOADS))
    reference = {"width": 256, "depth": 6, "heads": 8, "tokens": 49, "batch": 64}
    for name, default in reference.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--steps", type=int, default=50, help="Euler steps per sampling iteration")
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--warm-up", type=int, default=2)
    parser.add_argument("--threads", type=int, default=available_cores())
    parser.add_argument("--compile", action="store_true", help="torch.compile the model")
    parser.add_argument("--fused", action="store_true", help="fused AdamW")
    parser.add_argument("--channels-first", action="store_true",
                        help="plain [B, C, H, W] memory in the U-Net instead of channels last")
    parser.add_argument("--serve", action="store_true", help="run on request, line by line")
    parser.add_argument("--check", action="store_true", help="test this program")
    options = parser.parse_args()
    if options.name is None and not options.check:
        parser.error(f"name a benchmark: {', '.join(WORKLOADS)}")
    if problem := impossible(options):
        parser.error(problem)
    return options


def impossible(options) -> Optional[str]:
    """What is wrong with the numbers of the command line, in a sentence; None if nothing is."""
    for name in ("width", "depth", "heads", "tokens", "batch", "steps", "repeats", "threads"):
        if getattr(options, name) < 1:
            return f"--{name} is {getattr(options, name)}, expected at least 1"
    if math.isqrt(options.tokens) ** 2 != options.tokens:
        return f"--tokens {options.tokens} is not the square of a whole number"
    if options.width % options.heads or options.width % 4:
        return f"--width {options.width} is not divisible by {options.heads} heads and by 4"
    return None


def available_cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


if __name__ == "__main__":
    main()
