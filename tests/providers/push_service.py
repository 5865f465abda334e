"""A push service (RFC 8030), with browsers behind it that decrypt what they get (RFC 8291) and know who sent it."""

import base64
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass(slots=True)
class Device:
    """A browser that has subscribed."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = b"sixteen secrets!"

    @property
    def subscription(self) -> dict[str, str]:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": self.endpoint, "public_key": encoded(point), "secret": encoded(self.secret)}

    def reads(self, body: bytes) -> dict[str, Any]:
        plain = http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret, version="aes128gcm")
        notification: dict[str, Any] = json.loads(plain)
        return notification


@dataclass(slots=True)
class Pushed:
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def claims(self) -> dict[str, Any]:
        """What the sender says of itself, by a signature that fits the key it names (RFC 8292)."""
        scheme, _space, rest = self.headers["authorization"].partition(" ")
        assert scheme == "vapid"
        given = dict(part.strip().split("=", 1) for part in rest.split(","))
        signed, _dot, signature = given["t"].rpartition(".")
        raw = decoded(signature)
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(given["k"]))
        halves = (int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        point.verify(utils.encode_dss_signature(*halves), signed.encode(), ec.ECDSA(SHA256()))
        claims: dict[str, Any] = json.loads(decoded(signed.split(".")[1]))
        return claims | {"key": given["k"]}


@dataclass(slots=True)
class PushService:
    address: str
    pushed: list[Pushed] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)

    @property
    def host(self) -> str:
        return self.address.removeprefix("http://")

    def device(self, name: str) -> Device:
        return Device(f"{self.address}/push/{name}")

    def answer_once(self, status: int, **headers: str) -> None:
        self.answers.append((status, {name.replace("_", "-"): value for name, value in headers.items()}))


@contextmanager
def running_push_service() -> Iterator[PushService]:
    class Requests(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            service.pushed.append(Pushed(self.path, headers, body))
            status, extra = service.answers.pop(0) if service.answers else (201, {})
            self.send_response(status)
            for name, value in extra.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Requests) as server:
        service = PushService(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield service
        finally:
            server.shutdown()
            thread.join()
