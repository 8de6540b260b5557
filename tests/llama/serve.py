"""llama.cpp's own HTTP server, in a process of its own.

    python -m tests.llama.serve MODEL [--context TOKENS] [--think] [--embed] [--key KEY]

prints its address and serves until its standard input ends: with whoever started it, however that ends.
"""

import argparse
import os
import sys

import xllamacpp  # type: ignore[import-untyped]  # it has no stubs

from tests.llama.templates import PLAIN, THINKING

SLOTS = 4


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--context", type=int, default=32_768, help="tokens for each of the slots")
    parser.add_argument("--think", action="store_true")
    parser.add_argument("--embed", action="store_true", help="give vectors, and say nothing")
    parser.add_argument("--key")
    given = parser.parse_args()
    wanted = xllamacpp.CommonParams()
    wanted.model.path = given.model
    wanted.port = 0
    wanted.n_parallel = SLOTS
    wanted.n_ctx = given.context * SLOTS  # the slots share it
    wanted.n_predict = 8_000  # for whoever sets no limit
    wanted.n_threads_http = 64  # each keep-alive connection holds one
    wanted.cpuparams.n_threads = 1  # two that wait for each other are slow where others compute, too
    wanted.cpuparams_batch.n_threads = 1
    wanted.n_gpu_layers = 0
    wanted.cache_ram_mib = 0
    if given.embed:
        wanted.embedding = True
        wanted.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
    wanted.use_jinja = True
    wanted.chat_template = THINKING if given.think else PLAIN
    wanted.api_keys = [given.key] if given.key else []
    wanted.endpoint_metrics = True
    wanted.offline, wanted.warmup, wanted.ui = True, False, False
    server = xllamacpp.Server(wanted)
    print(server.listening_address, flush=True)
    sys.stdin.read()
    os._exit(0)  # nothing is worth the second an orderly end takes


if __name__ == "__main__":
    main()
