"""Sites over https on this machine, each by its name: a proxy before the live server, and pages of others."""

import http.client
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

_OWN = ("connection", "transfer-encoding", "content-length", "server", "date")


@contextmanager
def https(folder: Path, site: str, server_url: str, others: Mapping[str, str]) -> Iterator[str]:
    """Serve the live server as `site`, and HTML of `others` by their names. Yields Chromium's rule for the names."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            host = self.headers["Host"]
            if host in others:
                self._send(200, {"Content-Type": "text/html"}, others[host].encode())
            else:
                self._pass_on(host)

        do_POST = do_GET

        def _pass_on(self, host: str) -> None:
            behind = http.client.HTTPConnection(urlsplit(server_url).netloc, timeout=20)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {**dict(self.headers), "Host": host, "X-Forwarded-Proto": "https", "Connection": "close"}
            behind.request(self.command, self.path, body, headers)
            answer = behind.getresponse()
            content = answer.read()
            kept = {name: value for name, value in answer.getheaders() if name.lower() not in _OWN}
            self._send(answer.status, kept, content)
            behind.close()

        def _send(self, status: int, headers: Mapping[str, str], content: bytes) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content)), "Connection": "close"}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing on standard error."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(_certificate(folder, [site, *others]))
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield ", ".join(f"MAP {name}:443 127.0.0.1:{server.server_port}" for name in (site, *others))
        server.shutdown()
        thread.join()


def _certificate(folder: Path, names: list[str]) -> Path:
    """A certificate for these names that signed itself, with its key, in a file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0])])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
    made = made.not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(each) for each in names]), critical=False)
    path = folder / "https.pem"
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(private + made.sign(key, hashes.SHA256()).public_bytes(pem))
    return path
