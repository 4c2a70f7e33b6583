"""The queue model of a reconcile burst in SimPy: keys in a queue, workers, a timeout for each request of a pass."""

import json
import sys
import time

import simpy

RUNNERS, WORKERS, PASSES, REQUESTS = 2_000, 10, 4, 4


def worker(env, queue):
    while True:
        key, passes = yield queue.get()
        for _ in range(REQUESTS):
            yield env.timeout(4)
        if passes > 1:
            queue.put((key, passes - 1))


def run():
    env = simpy.Environment()
    queue = simpy.Store(env)
    for key in range(RUNNERS):
        queue.put((key, PASSES))
    for _ in range(WORKERS):
        env.process(worker(env, queue))
    started = time.perf_counter()
    env.run()
    return RUNNERS * PASSES / (time.perf_counter() - started)


json.dump({"passes-per-second": sorted(run() for _ in range(5))[2]}, sys.stdout)
