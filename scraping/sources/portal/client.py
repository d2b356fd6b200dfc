"""Talks to the portal as one account (spec: portal). Answers are checked for their outer shape only."""

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

import orjson
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from scraping.sources.base import SourceError
from scraping.sources.http import HttpClient, HttpError, HttpLimits
from scraping.sources.lenient_json import excerpt
from scraping.sources.portal.parse import web_link
from scraping.sources.portal.values import flag, identifier, line, record

HEADERS = {
    "User-Agent": (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
    ),
    "Accept": "application/json, text/plain, */*",
    "x-requester-client": "webapp",
}
T = TypeVar("T")
JOBS_PATH = "job_profiles?_loader_=false"
LOGIN_REFUSALS = {400, 401, 403, 422, 423}
SESSION_REFUSALS = {401, 403}
DETAIL_FIELDS = {"jobProfile", "eligibilityCheckResult", "jobProfileLocation", "positionType"}


class LoginRefusedError(SourceError):
    """The portal does not take this password. Trying it again may lock the account."""

    def __init__(self, email: str, text: str) -> None:
        super().__init__("login_refused", f"{email}: {text}")


class MfaRequiredError(SourceError):
    """The account asks for a second factor, which nobody is there to give."""

    def __init__(self, email: str) -> None:
        super().__init__("mfa_required", f"{email}: the portal asks for a second factor; switch MFA off for it")


@dataclass(frozen=True, slots=True)
class Account:
    """A sign-in, which reads for one season."""

    email: str
    password: str = field(repr=False)
    season: int


@dataclass(frozen=True, slots=True)
class PortalConfig:
    """A portal and who reads it. `public_key` is the PEM body or the whole PEM of its RSA key."""

    accounts: tuple[Account, ...]
    base_url: str
    tenant_id: str
    tenant_type: str
    public_key: str
    notices_size: int = 10_000
    limits: HttpLimits = field(default_factory=HttpLimits)

    def open(self, limits: HttpLimits | None = None, on_request: Callable[[], object] | None = None) -> HttpClient:
        """The HTTP client that every account of one reading shares; `on_request` is called before each request."""
        tenant = {"x-superset-tenant-id": self.tenant_id, "x-superset-tenant-type": self.tenant_type}
        return HttpClient(limits or self.limits, headers=HEADERS | tenant, on_request=on_request)


@dataclass(frozen=True, slots=True)
class Session:
    """What a login gave; serves until the portal answers 401 or 403. `mfa`: a second factor was asked for."""

    uuid: str
    key: str = field(repr=False)
    mfa: bool = False


class SessionStore(Protocol):
    """Keeps sessions between readings, so that one login serves many of them.

    `load` may raise a LoginRefusedError where it knows that this very password was refused before.
    """

    async def load(self, email: str) -> Session | None: ...

    async def save(self, email: str, session: Session) -> None: ...

    async def forget(self, email: str) -> None: ...

    async def refused(self, email: str) -> None: ...


class PortalClient:
    """One account during one reading. Logs in where no session is kept, once more where one is refused."""

    def __init__(self, http: HttpClient, config: PortalConfig, account: Account, sessions: SessionStore) -> None:
        self.account = account
        self._http = http
        self._config = config
        self._base_url = config.base_url.rstrip("/")
        self._sessions = sessions
        self._session: Session | None = None
        self._login_failed: SourceError | None = None
        self._renewed = False
        self._signing_in = asyncio.Lock()

    async def sign_in(self) -> Session:
        """The session kept from before, else a new one. A failed login is not tried again in this reading.

        Raises:
            LoginRefusedError, MfaRequiredError, SourceError: it failed, now or before in this reading.
        """
        async with self._signing_in:
            if self._login_failed:
                raise self._login_failed
            if self._session is None:
                self._session = await self._sessions.load(self.account.email)
            if self._session is None:
                self._session = await self.log_in()
            return self._session

    async def notices(self) -> list[Any]:
        """The notices this account sees, as the portal lists them.

        Raises:
            SourceError: not signed in, not reached, or the answer is no list. So for the other calls.
        """
        return self._list(await self._get(self._notices_path), "notices")

    async def jobs(self) -> list[Any]:
        """The short forms of the job profiles this account sees."""
        return self._list(await self._get(JOBS_PATH), "job profiles")

    async def bodies(self) -> tuple[bytes, bytes]:
        """Returns both lists as the portal sends them, unread: notices, and short forms of jobs."""
        notices, jobs = await asyncio.gather(
            self._in_session(self._notices_path, self._body), self._in_session(JOBS_PATH, self._body)
        )
        return notices, jobs

    @property
    def _notices_path(self) -> str:
        return f"notices?page=0&size={self._config.notices_size}&_loader_=false"

    async def job(self, job_id: str) -> dict[str, Any]:
        """The full form of a job profile. An object with nothing of a job in it is an error, not a job."""
        answer = await self._get(f"job_profiles/{quote(job_id, safe='')}?_loader_=false")
        if not isinstance(answer, dict) or (answer and not DETAIL_FIELDS & answer.keys()):
            raise _bad_answer(f"job profile {job_id}", answer)
        return answer

    async def document_url(self, job_id: str, document_id: str) -> str:
        """The signed link of a document; it expires."""
        path = f"job_profiles/{quote(job_id, safe='')}/documents/{quote(document_id, safe='')}/url"
        link = web_link(record(await self._get(path)).get("url"))
        if not link:
            raise SourceError("bad_answer", f"no link for document {document_id} of job profile {job_id}")
        return link

    async def log_in(self) -> Session:
        """Log in anew, whatever session is kept, and keep the new one.

        Raises:
            LoginRefusedError, MfaRequiredError, SourceError: as the portal answered.
        """
        try:
            session = self._session_from(await self._login_answer())
        except SourceError as error:
            self._login_failed = error
            if isinstance(error, LoginRefusedError):
                await self._sessions.refused(self.account.email)
            raise
        await self._sessions.save(self.account.email, session)
        return session

    async def _login_answer(self) -> dict[str, Any]:
        password = encrypt(self.account.password, self._config.public_key)
        payload = {"username": self.account.email, "password": password}
        url = f"{self._base_url}/login"
        try:
            return record(await self._http.json("POST", url, payload=payload, confidential=True))
        except HttpError as error:
            if error.status in LOGIN_REFUSALS:
                raise LoginRefusedError(self.account.email, f"the portal refused the login ({error.status})") from None
            raise

    def _session_from(self, answer: Mapping[str, Any]) -> Session:
        uuid, key = identifier(answer.get("uuid")), line(answer.get("sessionKey"))
        mfa = flag(answer.get("enableMfa"))
        if uuid and key and key.isascii() and key.isprintable():
            return Session(uuid, key, mfa)
        if mfa:
            raise MfaRequiredError(self.account.email)
        if "sessionKey" in answer or line(answer.get("message")):
            raise LoginRefusedError(self.account.email, "the portal gave no session")
        raise SourceError("bad_answer", f"{self.account.email}: the portal's answer to the login is none")

    async def _get(self, path: str) -> object:
        return await self._in_session(path, self._http.json)

    async def _body(self, method: str, url: str, *, headers: Mapping[str, str]) -> bytes:
        return (await self._http.request(method, url, headers=headers)).body

    async def _in_session(self, path: str, ask: Callable[..., Awaitable[T]]) -> T:
        """Ask for a path of this account; once more with a new session where this one is refused."""
        session = await self.sign_in()
        try:
            return await self._ask_as(session, path, ask)
        except HttpError as error:
            if error.status not in SESSION_REFUSALS:
                raise
            session = await self._renew(session, error)
        try:
            return await self._ask_as(session, path, ask)
        except HttpError as error:
            if session.mfa and error.status in SESSION_REFUSALS:
                raise MfaRequiredError(self.account.email) from error
            raise

    async def _ask_as(self, session: Session, path: str, ask: Callable[..., Awaitable[T]]) -> T:
        url = f"{self._base_url}/students/{quote(session.uuid, safe='')}/{path}"
        return await ask("GET", url, headers={"Authorization": f"Custom {session.key}"})

    async def _renew(self, refused: Session, error: HttpError) -> Session:
        """A session in the place of a refused one: at most one login, however many calls were refused."""
        async with self._signing_in:
            if self._login_failed:
                raise self._login_failed
            if self._session is not None and self._session is not refused:
                return self._session  # another call was refused first, and has renewed it
            if self._renewed:
                raise error
            self._renewed = True
            await self._sessions.forget(self.account.email)
            self._session = session = await self.log_in()
            return session

    def _list(self, answer: object, what: str) -> list[Any]:
        if not isinstance(answer, list):
            raise _bad_answer(f"{self.account.email}: {what}", answer)
        return answer


def encrypt(password: str, public_key: str) -> str:
    """A password as the portal's login takes it: RSA with PKCS #1 v1.5 padding, in base64.

    Raises:
        SourceError: the key is none, or too short for this password.
    """
    body = "".join(part for part in public_key.replace("\\n", "\n").splitlines() if not part.startswith("-----"))
    try:
        key = load_der_public_key(base64.b64decode(body))
    except (ValueError, UnsupportedAlgorithm, binascii.Error) as error:
        raise SourceError("bad_public_key", "SUPERSET_PUBLIC_KEY is not the body of a PEM public key") from error
    if not isinstance(key, RSAPublicKey):
        raise SourceError("bad_public_key", "SUPERSET_PUBLIC_KEY is no RSA key")
    try:
        return base64.b64encode(key.encrypt(password.encode(), PKCS1v15())).decode()
    except ValueError:
        raise SourceError("bad_password", "the password is longer than the portal's key can carry") from None


def _bad_answer(what: str, answer: object) -> SourceError:
    return SourceError("bad_answer", f"{what}: unexpected answer {excerpt(orjson.dumps(answer))!r}")
