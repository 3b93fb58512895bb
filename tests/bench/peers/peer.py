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
    """`conv 64 stride 2 relu` -> ("conv", [64, 2], {"stride", "relu"})."""
    kind, *rest = layer.split()
    return kind, [int(word) for word in rest if word.isdigit()], {word for word in rest if not word.isdigit()}


def serve(run):
    """Answers every line, a number of steps, with the seconds that `run(steps)` took, which must read its last result.

    Where it makes more steps than it was asked for, it returns how many.
    """
    for line in sys.stdin:
        steps = int(line)
        began = time.perf_counter()
        made = run(steps) or steps
        print(json.dumps({"seconds": time.perf_counter() - began, "steps": made}), flush=True)
