"""A line between browsers and the product that can be cut: whatever is under way breaks off."""

import contextlib
import selectors
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

CHUNK = 65536
# Closing with this sends a reset, as a cable that is pulled out would let the other side find out.
ABRUPTLY = struct.pack("ii", 1, 0)


class Line:
    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> int:
        """Break all that is open; returns how many connections that were. New ones can be made at once."""
        with self._lock:
            pairs, self._pairs = self._pairs, set()
        for pair in pairs:
            _break_off(pair)
        return len(pairs)

    def close(self) -> None:
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                near, _address = self._listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self._target, timeout=10)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            with self._lock:
                self._pairs.add((near, far))
            threading.Thread(target=self._carry, args=(near, far), daemon=True).start()

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        with selectors.DefaultSelector() as ready, contextlib.suppress(OSError, ValueError):
            ready.register(near, selectors.EVENT_READ, far)
            ready.register(far, selectors.EVENT_READ, near)
            while all(_moved(key.fileobj, key.data) for key, _mask in ready.select(timeout=1)):  # type: ignore[arg-type]
                pass
        with self._lock:
            self._pairs.discard((near, far))
        for end in (near, far):
            end.close()


def _moved(source: socket.socket, sink: socket.socket) -> bool:
    chunk = source.recv(CHUNK)
    sink.sendall(chunk)
    return bool(chunk)


def _break_off(pair: tuple[socket.socket, socket.socket]) -> None:
    for end in pair:
        with contextlib.suppress(OSError):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABRUPTLY)
            end.shutdown(socket.SHUT_RDWR)


@contextmanager
def line_to(port: int) -> Iterator[Line]:
    line = Line(("127.0.0.1", port))
    try:
        yield line
    finally:
        line.close()
