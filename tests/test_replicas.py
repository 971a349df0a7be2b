"""Processes that compute side by side: what they exchange, and how they end."""

import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from keratorch import config, replicas
from keratorch.replicas import ReplicaLostError, Replicas

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="only on Linux")


@pytest.fixture
def begun():
    """Begin replicas that are ended after the test."""
    made = []

    def begin(count, work, size=1000):
        made.append(Replicas(count, size))
        made[-1].begin(lambda: work(made[-1]))
        return made[-1]

    yield begin
    for each in made:
        each.close()


def of_rank(rank, step):
    numbers = np.arange(3, dtype=np.float32) + 10 * rank
    return [numbers * step, np.array(rank == 1), np.zeros((rank, 2), np.int64)]


def run_python(code, **environment):
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout.split()


@needs_linux
@pytest.mark.parametrize("count", [2, 3])
def test_each_process_gets_the_arrays_of_all(count, begun):
    def work(mine):
        for step in range(5):
            each = mine.exchange(of_rank(mine.rank, step))
            assert [x[0][0] for x in each] == [10 * i * step for i in range(count)]
        mine.exchange([np.array(mine.rank)])  # what was asserted held

    first = begun(count, work)
    assert first.rank == 0
    for step in range(5):
        for rank, found in enumerate(first.exchange(of_rank(0, step))):
            for x, expected in zip(found, of_rank(rank, step), strict=True):
                np.testing.assert_array_equal(x, expected)
                assert x.dtype == expected.dtype
    assert first.exchange([np.array(0)]) == [[rank] for rank in range(count)]


@needs_linux
def test_a_process_that_is_waited_for_long_is_slept_for(begun):
    def work(mine):
        time.sleep(20 * replicas._BUSY)
        mine.exchange([np.ones(2)])

    assert begun(2, work).exchange([np.zeros(2)])[1][0].tolist() == [1, 1]


def raising(mine):
    raise ValueError("nobody sees this")


def warning(mine):
    np.float32(3e38) * np.float32(10)  # a RuntimeWarning
    mine.exchange([np.ones(2)])


def endless(mine):
    mine.exchange([np.ones(5000)])


@needs_linux
@pytest.mark.parametrize("work", [raising, warning, endless, lambda mine: None])
def test_a_process_that_ends_is_reported(work, begun, capfd):
    first = begun(2, work)
    with pytest.raises(ReplicaLostError):
        first.exchange([np.zeros(2)])
    assert capfd.readouterr() == ("", "")


@needs_linux
def test_a_process_that_does_not_answer_is_given_up(begun, monkeypatch):
    monkeypatch.setattr(replicas, "_PATIENCE", 50)
    first = begun(2, lambda mine: time.sleep(60))
    with pytest.raises(ReplicaLostError):
        first.exchange([np.zeros(2)])


@needs_linux
def test_signals_are_answered_by_the_first_process_alone(begun, monkeypatch):
    answered = []
    before = signal.signal(signal.SIGUSR1, lambda *_: answered.append(os.getpid()))
    fork = os.fork

    def forked():
        child = fork()
        os.kill(os.getpid(), signal.SIGUSR1)  # as early as one may come
        return child

    def work(mine):
        os.kill(os.getpid(), signal.SIGUSR1)
        mine.exchange([np.array(len(answered))])

    monkeypatch.setattr(os, "fork", forked)
    try:
        assert begun(2, work).exchange([np.array(0)])[1] == [0]
        assert answered == [os.getpid()]
        assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == set()
    finally:
        signal.signal(signal.SIGUSR1, before)


@needs_linux
def test_a_process_without_a_reader_is_no_signal():
    code = """
import signal, numpy as np
from keratorch.replicas import Replicas, ReplicaLostError
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
first = Replicas(2, 100)
first.begin(lambda: None)
__import__("time").sleep(0.3)
try:
    first.exchange([np.ones(2)])
except ReplicaLostError:
    print("lost")
"""
    assert run_python(code) == ["lost"]


@needs_linux
@pytest.mark.parametrize("allowed", range(6))  # of the six that three processes need
def test_where_there_are_too_few_pipes_none_stays_open(allowed, monkeypatch):
    pipe, made = os.pipe, []

    def counted():
        if len(made) == allowed:
            raise OSError("Too many open files")
        made.append(pipe())
        return made[-1]

    monkeypatch.setattr(os, "pipe", counted)
    open_files = len(os.listdir("/proc/self/fd"))
    with pytest.raises(OSError, match="Too many open files"):
        Replicas(3, 100).begin(lambda: None)
    assert len(made) == allowed
    assert len(os.listdir("/proc/self/fd")) == open_files


@needs_linux
def test_arrays_must_fit_the_memory(begun):
    first = begun(2, lambda mine: mine.exchange([np.ones(2)]))
    with pytest.raises(ReplicaLostError):
        first.exchange([np.zeros(5000)])


def exists(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@needs_linux
def test_close_ends_the_others(begun):
    before = len(os.listdir("/proc/self/fd"))
    first = begun(3, lambda mine: time.sleep(60))
    children = list(first._children)
    assert len(children) == 2
    assert all(map(exists, children))
    first.close()
    assert not any(map(exists, children))
    assert len(os.listdir("/proc/self/fd")) == before
    first.close()


@needs_linux
def test_a_replica_ends_with_the_first_process():
    code = """
import os, numpy as np
from keratorch.replicas import Replicas
first = Replicas(2, 100)
first.begin(lambda: first.exchange([np.ones(2)]))
print(first._children[0])
"""
    (child,) = map(int, run_python(code))
    latest = time.monotonic() + 10
    while exists(child) and time.monotonic() < latest:
        time.sleep(0.01)
    assert not exists(child)


@needs_linux
def test_processors_are_shared_out_and_given_back():
    before = os.sched_getaffinity(0)
    if len(before) < 2:
        pytest.skip("there is one processor")
    mine = Replicas(2, 100)
    mine.take_own_processors()
    first = os.sched_getaffinity(0)
    mine.rank = 1
    mine.take_own_processors()
    assert first.isdisjoint(os.sched_getaffinity(0))
    mine.leave_own_processors()
    assert os.sched_getaffinity(0) == before


def test_replicas_are_made_where_no_other_threads_are(monkeypatch):
    code = """
import sys, threading
from keratorch import compat, replicas, threads
threads.set_num_threads(2)
threads.run(abs, range(9))
compat.install()
import tensorflow
print(replicas.are_possible())
sys.modules["torch"] = threads  # from a file
print(replicas.are_possible())
del sys.modules["torch"]
threading.Timer(60, print).start()
print(replicas.are_possible(), flush=True)
__import__("os")._exit(0)
"""
    linux = str(sys.platform == "linux")
    assert run_python(code, OPENBLAS_NUM_THREADS="1") == [linux, "False", "False"]
    monkeypatch.setattr(sys, "platform", "win32")
    assert not replicas.are_possible()


def test_replicas_are_made_in_the_main_thread_alone(monkeypatch):
    monkeypatch.setattr(replicas.threads, "are_own", lambda: True)
    monkeypatch.setattr(replicas.threads, "may_hold_products", lambda: True)
    monkeypatch.setattr(replicas, "_THREADED", ())
    found = []
    other = threading.Thread(target=lambda: found.append(replicas.are_possible()))
    other.start()
    other.join()
    assert found == [False]
    assert replicas.are_possible() == (sys.platform == "linux")


def test_num_processes_is_that_of_threads_unless_it_is_set(monkeypatch):
    monkeypatch.setattr(replicas, "_count", None)  # README's program may have set it
    monkeypatch.delenv(replicas.VARIABLE, raising=False)
    assert config.num_processes() == config.num_threads()
    config.set_num_processes(3)
    assert config.num_processes() == 3
    config.set_num_processes(None)
    for wrong in (0, -1, 1.5, "2", True):
        with pytest.raises(ValueError, match=r"int > 0, or None .*received"):
            config.set_num_processes(wrong)
    code = "from keratorch import config; print(config.num_processes())"
    assert run_python(code, KERATORCH_NUM_PROCESSES="5") == ["5"]
