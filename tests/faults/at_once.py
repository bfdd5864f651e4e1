"""Processes that begin at once: what they take in is taken in by one before them."""

import multiprocessing
from multiprocessing.context import ForkServerContext

NEEDED = ["compact.application", "tests.making", "tests.pages"]


def context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(NEEDED)
    return context
