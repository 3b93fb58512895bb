"""What all Python contenders share: the workload they are asked for, and the talk with the bench, see contender.ts."""

import json
import os
import pathlib
import sys
import time

THREADS = os.cpu_count()


def workload():
    rows = json.loads((pathlib.Path(__file__).parent.parent / "workloads.json").read_text())
    by_id = {row["id"]: row for row in rows}
    row = by_id[sys.argv[2]]
    return {**by_id.get(row.get("like"), {}), **row}


def words(layer):
    """`conv 64 stride 2 relu` -> ("conv", [64, 2], {"stride", "relu"}); `dropout 0.3` -> ("dropout", [0.3], set())."""
    kind, *rest = layer.split()
    numbers = [word for word in rest if word.replace(".", "", 1).isdigit()]
    return kind, [float(n) if "." in n else int(n) for n in numbers], set(rest) - set(numbers)


def convolution(layer):
    """Side and stride of a convolution's filter: 3 and 1, or 4 and 2, where `side` does not say otherwise."""
    texts = layer.split(" ")
    after = lambda word, other: int(texts[texts.index(word) + 1]) if word in texts else other
    stride = after("stride", 1)
    return after("side", 3 if stride == 1 else 4), stride


def serve(run):
    """Answers every line, a number of steps, with the seconds that `run(steps)` took, which must read its last result.

    Where it makes more steps than it was asked for, it returns how many.
    """
    for line in sys.stdin:
        steps = int(line)
        began = time.perf_counter()
        made = run(steps) or steps
        print(json.dumps({"seconds": time.perf_counter() - began, "steps": made}), flush=True)
