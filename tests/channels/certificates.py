"""An authority for a test, and what it signs: certificate and key in one file."""

from __future__ import annotations

import datetime as dt
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

HERE = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
ELSEWHERE = x509.DNSName("mail.elsewhere.example")


class Authority:
    """``file`` is what a client trusts."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of the test")])
        extension = x509.BasicConstraints(ca=True, path_length=0)
        made = self._begun(self._name, self._key).add_extension(extension, critical=True)
        self.file = folder / "authority.pem"
        self.file.write_bytes(made.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM))

    def signs(self, name: x509.GeneralName = HERE, *, days: int = 1) -> Path:
        """A server's certificate, which ends in so many days; expired where that is less than none."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "server")])
        begun = self._begun(subject, key, days=days)
        made = (
            begun.add_extension(x509.SubjectAlternativeName([name]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .sign(self._key, hashes.SHA256())
        )
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file = self._folder / f"server-{made.serial_number}.pem"
        file.write_bytes(made.public_bytes(Encoding.PEM) + secret)
        return file

    def _begun(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, *, days: int = 1
    ) -> x509.CertificateBuilder:
        ends = dt.datetime.now(dt.UTC) + dt.timedelta(days=days)
        return x509.CertificateBuilder(
            self._name,
            subject,
            key.public_key(),
            x509.random_serial_number(),
            ends - dt.timedelta(days=9),
            ends,
        )
