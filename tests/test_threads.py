"""Parts on threads: order, errors, contexts, nesting, forks, BLAS."""

import os
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from keratorch import config, no_grad, threads
from keratorch.modes import current_mode


def wait_for_the_helpers():
    """Wait until the threads of the run before have put their tools away."""
    latest = time.monotonic() + 10
    while (threads._busy or not threads._tasks.empty()) and time.monotonic() < latest:
        time.sleep(1e-3)


@pytest.fixture(params=[1, 2, 5])
def count(request):
    config.set_num_threads(request.param)
    wait_for_the_helpers()
    yield request.param
    config.set_num_threads(None)


def test_results_come_in_order(count):
    def slow_square(i):
        time.sleep(0.002 * (i % 3))
        return i * i

    assert threads.run(slow_square, range(20)) == [i * i for i in range(20)]
    assert threads.run(slow_square, []) == []


def test_as_many_threads_as_set_compute(count):
    together = threading.Barrier(count, timeout=10)
    names = threads.run(
        lambda _: together.wait() * 0 or threading.get_ident(), range(count)
    )
    assert len(set(names)) == count


def test_the_first_error_in_order_is_raised_after_all_parts_ended(count):
    ended = []

    def part(i):
        if i in (2, 4):
            raise ValueError(f"part {i}")
        ended.append(i)

    with pytest.raises(ValueError, match="part 2"):
        threads.run(part, range(6))
    assert set(ended) <= {0, 1, 3, 5}
    assert count == 1 or set(ended) == {0, 1, 3, 5}


def test_parts_see_the_modes_of_the_caller(count):
    with no_grad():
        assert not any(threads.run(lambda _: current_mode.get().records, range(4)))
    assert all(threads.run(lambda _: current_mode.get().records, range(4)))


def test_a_run_inside_a_part_gets_the_threads_that_are_free(count):
    def most_at_once(outer, inner):
        """Return how many parts of runs within parts were computed at one time."""
        lock, now, most = threading.Lock(), [0], [0]
        all_came = threading.Event()

        def part(_):
            with lock:
                now[0] += 1
                most[0] = max(most[0], now[0])
                if now[0] == count:
                    all_came.set()
            all_came.wait(10)
            time.sleep(1e-3)  # would there be more?
            with lock:
                now[0] -= 1

        wait_for_the_helpers()
        threads.run(lambda _: threads.run(part, range(inner)), range(outer))
        return most[0]

    assert most_at_once(5, 5) == count
    assert most_at_once(2, 10) == count


def test_the_interval_of_turns_is_restored(count):
    before = sys.getswitchinterval()
    inside = threads.run(lambda _: sys.getswitchinterval(), range(4))
    assert set(inside) == ({before} if count == 1 else {5e-4})
    assert sys.getswitchinterval() == before


def test_recover_ends_blocks_that_an_interrupt_left_open():
    before = sys.getswitchinterval()
    block = threads.one_blas_thread()
    block.__enter__()
    threads._quick_turns.__enter__()
    threads.recover()
    assert sys.getswitchinterval() == before
    assert block._inside == 0
    assert block._before is None
    block.__exit__()
    assert block._inside == 0


def test_what_an_interrupt_kept_from_beginning_is_undone():
    class Half(threads._Counted):
        state = "before"

        def now(self):
            return self.state

        def begin(self):
            self.state = "begun"
            raise KeyboardInterrupt

        def end(self, before):
            self.state = before

    half = Half()
    with pytest.raises(KeyboardInterrupt), half:
        pass
    half.reset()
    assert half.state == "before"


def test_an_interrupt_loses_no_helper(count, monkeypatch):
    def interrupted():
        raise KeyboardInterrupt

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(threads.contextvars, "copy_context", interrupted)
        for _ in range(3 * (count > 1)):
            with pytest.raises(KeyboardInterrupt):
                threads.run(abs, range(count))
    test_as_many_threads_as_set_compute(count)


def test_set_num_threads_takes_counts_alone():
    for wrong in (0, -1, 1.5, "2", True):
        with pytest.raises(ValueError, match=r"int > 0, or None .*received"):
            config.set_num_threads(wrong)
    assert config.num_threads() >= 1


def run_python(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_environment_sets_the_default():
    code = "from keratorch import config; print(config.num_threads())"
    assert run_python(code, KERATORCH_NUM_THREADS="3").stdout == "3\n"
    wrong = run_python(code, KERATORCH_NUM_THREADS="many").stderr
    assert "KERATORCH_NUM_THREADS must be an int > 0; received 'many'" in wrong


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_a_forked_child_has_threads_of_its_own():
    code = """
import os, warnings
from keratorch import config, threads
warnings.simplefilter("ignore")
config.set_num_threads(2)
threads.run(abs, range(9))
child = os.fork()
if not child:
    os._exit(threads.run(abs, range(-3, 0)) != [3, 2, 1])
print(os.waitpid(child, 0)[1])
"""
    assert run_python(code).stdout == "0\n"


def test_one_blas_thread_restores_what_was():
    threadpoolctl = pytest.importorskip("threadpoolctl")
    np.ones((2, 2)) @ np.ones((2, 2))

    # other packages may bring a BLAS of their own later
    known = {library.filepath for library in threads._blas()}

    def counts():
        found = threadpoolctl.threadpool_info()
        return [x["num_threads"] for x in found if x["filepath"] in known]

    before = counts()
    with threads.one_blas_thread():
        assert set(counts()) == {1}
        with pytest.raises(KeyError), threads.one_blas_thread():
            raise KeyError
        assert set(counts()) == {1}
    assert counts() == before
