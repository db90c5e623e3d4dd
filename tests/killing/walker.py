"""A person with a browser who does not give up: reads forms, sends them, and sends the very same again when the site
breaks down in between."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx

PATIENCE_SECONDS = 90
LONGEST_ANSWER_SECONDS = 30
# Each after the site has said that it is well again.
MOST_TRIES = 20
# What a person may see while the site breaks down, and which goes away by itself.
_BREAKDOWN = range(500, 600)
Values = dict[str, str]


class LostPatience(AssertionError):
    """The site did not come back."""


@dataclass
class Form:
    """A form of a page, with what its fields hold."""

    action: str
    method: str
    values: Values = field(default_factory=dict)
    choices: dict[str, dict[str, str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def choice(self, name: str, words: str) -> str:
        """The value of the entry of a list that contains some words."""
        found = [value for value, text in self.choices[name].items() if words in text]
        assert len(found) == 1, f"{words!r} is not once in {self.choices[name]}"
        return found[0]


@dataclass
class Letter:
    """A form that is filled in and ready to be sent.

    Attributes:
        page: where it stands.
        button: name and value of the button that is pressed, when it has any.
    """

    page: "Page"
    form: Form
    values: Values = field(default_factory=dict)
    button: tuple[str, str] | None = None


class _Reader(HTMLParser):
    """Reads forms and links out of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.text: list[str] = []
        self._form: Form | None = None
        self._select = self._option = self._textarea = ""
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag in ("script", "style"):
            self._hidden += 1
        elif tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None:
            self._field(self._form, tag, given)

    def _field(self, form: Form, tag: str, given: Values) -> None:
        name, value, kind = given.get("name", ""), given.get("value", ""), given.get("type", "text")
        if tag == "button" and name:
            form.buttons.append((name, value))
        elif tag == "input" and name and kind not in ("submit", "button", "file"):
            if kind not in ("radio", "checkbox"):
                form.values[name] = value
            elif "checked" in given:
                form.values[name] = value or "on"
        elif tag == "select":
            self._select = name
            form.choices[name] = {}
        elif tag == "option" and self._select:
            self._option = value
            form.choices[self._select][value] = ""
            if "selected" in given or self._select not in form.values:
                form.values[self._select] = value
        elif tag == "textarea":
            self._textarea = name
            form.values[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""
        elif tag in ("script", "style"):
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._select:
            if data.strip():
                self._form.choices[self._select][self._option] += data.strip()
        elif self._form is not None and self._textarea:
            self._form.values[self._textarea] += data.strip()
        elif not self._hidden and data.strip():
            self.text.append(data.strip())


class Page:
    """An answer of the site, read."""

    def __init__(self, answer: httpx.Response) -> None:
        self.url, self.status, self.content = str(answer.url), answer.status_code, answer.content
        reader = _Reader()
        if answer.headers.get("content-type", "").startswith("text/html"):
            reader.feed(answer.text)
        self.forms, self._links = reader.forms, reader.links
        self.text = " ".join(reader.text)

    @property
    def path(self) -> str:
        """The path of its address."""
        return urlsplit(self.url).path

    def find_links(self, pattern: str) -> list[str]:
        """Links whose path matches, each once."""
        return list(dict.fromkeys(link for link in self._links if re.search(pattern, link)))

    def link(self, pattern: str) -> str:
        """The one link whose path matches."""
        found = self.find_links(pattern)
        assert len(found) == 1, f"{pattern} is not once in the links of {self}: {found}"
        return found[0]

    def form(self, *, holding: str = "", action: str = "") -> Form:
        """The one form with a field or button of this name, or whose address ends like this."""
        found = [
            form
            for form in self.forms
            if (not holding or holding in form.values or holding in dict(form.buttons))
            and (not action or form.action.endswith(action))
        ]
        assert len(found) == 1, f"{holding or action} is not once in the forms of {self}"
        return found[0]

    def __str__(self) -> str:
        return f"{self.status} {self.url}: {self.text[:1200]}"

    __repr__ = __str__


class Walker:
    """One person at the site.

    Args:
        url: the site.
        log: told in a line whenever the person has to try again.
        before: told before a page is opened ("page") or a form is sent ("letter"), not when that is repeated.
        transport: replaces the way in which requests go out, for tests in which an answer is lost.
    """

    def __init__(
        self,
        url: str,
        log: Callable[[str], None] = print,
        before: Callable[[str, str], None] = lambda kind, path: None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.url, self.log, self.before, self.transport = url, log, before, transport
        self.client = httpx.Client(
            timeout=LONGEST_ANSWER_SECONDS,
            headers={"Accept-Language": "en"},
            transport=transport,
            trust_env=False,
        )
        self.troubles: list[str] = []

    def get(self, address: str) -> Page:
        """Open a page, reloading until it comes."""
        address = urljoin(self.url, address)
        self.before("page", urlsplit(address).path)
        return self._follow("GET", address)

    def send(self, letter: Letter) -> Page:
        """Send a form, again and again the very same until an answer comes, and follow it."""
        address = urljoin(letter.page.url, letter.form.action)
        self.before("letter", urlsplit(address).path)
        pressed = dict([letter.button]) if letter.button else {}
        return self._follow("POST", address, {**letter.form.values, **letter.values, **pressed})

    def await_page(
        self, address: str, holds: Callable[[Page], bool], seconds: float = PATIENCE_SECONDS
    ) -> Page:
        """Reload a page until it shows something."""
        deadline = time.monotonic() + seconds
        while True:
            page = self._follow("GET", urljoin(self.url, address))
            if holds(page):
                return page
            if time.monotonic() > deadline:
                raise LostPatience(f"It did not come within {seconds} s: {page}")
            time.sleep(0.5)

    def sign_in(self, person: str, kind: str, body: str) -> None:
        """Sign in as a person of the practice provider for a body; from the start when it breaks off on the way."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            page = self.get(f"/sign-in/start/{kind}?next=/sign-in/body&body={body}")
            if "/login-actions/" in page.url:
                page = self.send(Letter(page, page.form(holding="person"), button=("person", person)))
            if page.path == "/sign-in/body" and page.status == 200:
                return
            if time.monotonic() > deadline:
                raise LostPatience(f"{person} cannot sign in: {page}")
            self.log(f"{person} signs in again: {page.status} {page.path}")

    def _follow(self, method: str, address: str, data: Values | None = None) -> Page:
        answer = self._send(method, address, data)
        while answer.is_redirect:
            address = urljoin(str(answer.url), answer.headers["location"])
            answer = self._send("GET", address)
        return Page(answer)

    def _send(self, method: str, address: str, data: Values | None = None) -> httpx.Response:
        deadline = time.monotonic() + PATIENCE_SECONDS
        tries = 0
        while True:
            try:
                answer = self.client.request(method, address, data=data)
            except httpx.TransportError as error:
                trouble = repr(error)
            else:
                if answer.status_code not in _BREAKDOWN:
                    return answer
                trouble = str(answer.status_code)
            self.troubles.append(trouble)
            self.log(f"  {method} {urlsplit(address).path} again after {trouble}")
            tries += 1
            if time.monotonic() > deadline or tries > MOST_TRIES:
                raise LostPatience(f"{method} {address} did not succeed in {tries} tries: {trouble}")
            self.await_site(deadline)

    def await_site(self, deadline: float) -> None:
        """Wait until the site says that it is well."""
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{self.url}/health/", timeout=5, trust_env=False).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
