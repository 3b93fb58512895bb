#!/usr/bin/env python3
"""Reads the CIFAR-10 accuracies out of NATS-Bench's topology archive, for data.nasBench201().

Usage: nas-bench-201.py ARCHIVE OUT.json.gz

ARCHIVE is the unpacked folder NATS-tss-v1_0-3ffb9-simple, which holds meta.pickle.pbz2 and a file for each of the 15,625
cells; https://github.com/D-X-Y/NATS-Bench says where to get it (MIT licence). Needs nothing but Python 3.9, and takes
some minutes. A pickle can hold a program: everything but plain values, and NumPy's numbers where NumPy is there, is refused.
"""

import bz2
import gzip
import json
import pickle
import re
import sys
from pathlib import Path

OPERATIONS = ["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"]
EDGES = ["1<-0", "2<-0", "2<-1", "3<-0", "3<-1", "3<-2"]
SAFE = {
    ("collections", "OrderedDict"),
    ("numpy", "dtype"),
    ("numpy.core.multiarray", "scalar"),
    ("numpy._core.multiarray", "scalar"),
}


class PlainValues(pickle.Unpickler):
    def find_class(self, module, name):
        if (module, name) in SAFE:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no plain value")


def load(path):
    with bz2.open(path, "rb") as file:
        return PlainValues(file).load()


def code(architecture):
    """The operation on each edge as digits: "|none~0|+|none~0|none~1|+|none~0|none~1|none~2|" is "000000"."""
    found = {f"{node}<-{source}": operation
             for node, part in enumerate(architecture.split("+"), 1)
             for operation, source in re.findall(r"\|([^|~]+)~(\d)", part)}
    return "".join(str(OPERATIONS.index(found[edge])) for edge in EDGES)


def accuracies(results, dataset, images):
    """In percent after the last epoch, for each seed from the smallest up."""
    runs = [results["all_results"][dataset, seed] for seed in results["dataset_seed"][dataset]]
    return [float(run["eval_acc1es"][f"{images}@{run['epochs'] - 1}"]) for run in runs]


def mean(values, digits):
    return round(sum(values) / len(values), digits)


def row(architecture, trainings):
    short, long = trainings["12"], trainings["200"]
    return [
        code(architecture),
        mean(accuracies(short, "cifar10-valid", "x-valid"), 3),
        mean(accuracies(short, "cifar10", "ori-test"), 3),
        [round(value, 3) for value in accuracies(long, "cifar10-valid", "x-valid")],
        mean(accuracies(long, "cifar10", "ori-test"), 4),
    ]


def main(archive, out):
    architectures = load(archive / "meta.pickle.pbz2")["meta_archs"]
    rows = []
    for index, architecture in enumerate(architectures):
        rows.append(row(architecture, load(archive / f"{index:06d}.pickle.pbz2")))
        if index % 500 == 0:
            print(f"{index} of {len(architectures)} cells", file=sys.stderr)
    table = {
        "about": "NAS-Bench-201 topology space, CIFAR-10 accuracies (%) of all 15,625 cells",
        "ops": OPERATIONS,
        "edges": EDGES,
        "columns": ["ops", "val12", "test12", "val200seeds", "test200"],
        "rows": rows,
    }
    part = out.with_name(out.name + ".part")
    part.write_bytes(gzip.compress(json.dumps(table, separators=(",", ":")).encode(), mtime=0))
    part.replace(out)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
