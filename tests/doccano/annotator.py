"""A person at doccano's page, and what stands between: the requests that the page makes."""

from __future__ import annotations

import socket
import threading
from pathlib import Path
from typing import Any, NamedTuple

import requests

from zh_report_facts.doccano.access import Access


class Server(NamedTuple):
    """A running server.

    access (Access): its administrator.
    folder (Path): its folder.
    printed (list[str]): what its command printed.
    """

    access: Access
    folder: Path
    printed: list[str]


class Annotator:
    """A user who is logged in, and a project."""

    def __init__(self, access: Access, project: int) -> None:
        self.access, self.project = access, project
        self.session = requests.Session()
        self.call("post", "auth/login/", username=access.username, password=access.password)
        token = self.session.cookies["csrftoken"]
        self.session.headers.update({"X-CSRFToken": token, "Referer": access.url})

    def call(self, method: str, path: str, **data: Any) -> Any:
        answer = self.session.request(method, f"{self.access.url}/v1/{path}", json=data or None)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def here(self, method: str, path: str, **data: Any) -> Any:
        return self.call(method, f"projects/{self.project}/{path}", **data)

    def examples(self) -> list[dict[str, Any]]:
        return self.here("get", "examples?limit=10000")["results"]

    def ids(self, kind: str) -> dict[str, int]:
        return {one["text"]: one["id"] for one in self.here("get", f"{kind}-types")}

    def spans(self, example: int) -> list[dict[str, Any]]:
        return self.here("get", f"examples/{example}/spans")

    def relations(self, example: int) -> list[dict[str, Any]]:
        return self.here("get", f"examples/{example}/relations")

    def mark(self, example: int, start: int, end: int, label: str) -> int:
        kinds = self.ids("span")
        span = {"start_offset": start, "end_offset": end, "label": kinds[label], "prob": 0}
        return self.here("post", f"examples/{example}/spans", **span)["id"]

    def link(self, example: int, number: int, head: int, role: str) -> int:
        kinds = self.ids("relation")
        relation = {"from_id": number, "to_id": head, "type": kinds[role]}
        return self.here("post", f"examples/{example}/relations", **relation)["id"]

    def clear(self, example: int) -> None:
        self.here("delete", f"examples/{example}/spans")

    def confirm(self, example: int) -> None:
        self.here("post", f"examples/{example}/states")

    def add_member(self, name: str, role: str = "annotator") -> Annotator:
        """Make a user, let them into the project, and log them in."""
        password = "Zx9-korrekt"
        user = {"username": name, "password1": password, "password2": password}
        number = self.call("post", "users/create", **user)["id"]
        roles = {one["name"]: one["id"] for one in self.call("get", "roles")}
        self.here("post", "members", user=number, role=roles[role])
        return Annotator(Access(self.access.url, name, password), self.project)

    def annotate(self, example: dict[str, Any], entities: Any, links: Any) -> None:
        """Replace what is marked: (text, label) pairs in order, (number, head, role) by index."""
        self.clear(example["id"])
        at, spans = 0, []
        for text, label in entities:
            at = example["text"].index(text, at)
            spans.append(self.mark(example["id"], at, at + len(text), label))
            at += len(text)
        for number, head, role in links:
            self.link(example["id"], spans[number], spans[head], role)


class Cable:
    """A connection to a server that breaks when the request that contains `word` was passed on.

    It passes on whole, or only half of it, and never gives the answer back.
    """

    def __init__(self, url: str, word: bytes, times: int, whole: bool) -> None:
        host, port = url.removeprefix("http://").split(":")
        self.target, self.word, self.times, self.whole = (host, int(port)), word, times, whole
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        while True:
            try:
                near, _ = self.socket.accept()
            except OSError:
                return
            far = socket.create_connection(self.target)
            for one, other, watched in ((near, far, True), (far, near, False)):
                arguments = (one, other, watched)
                threading.Thread(target=self.copy, args=arguments, daemon=True).start()

    def copy(self, one: socket.socket, other: socket.socket, watched: bool) -> None:
        try:
            while data := one.recv(65536):
                if watched and self.word in data:
                    self.times -= 1
                    if self.times == 0:
                        if self.whole:
                            other.sendall(data + self.rest(one, data))
                        self.socket.close()
                        # The server still works on it; the client hears no more of it.
                        one.shutdown(socket.SHUT_RDWR)
                        return
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    @staticmethod
    def rest(one: socket.socket, data: bytes) -> bytes:
        """The body of the request, where it comes apart from its head."""
        head, _, body = data.partition(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        more = b""
        while len(body) + len(more) < length:
            more += one.recv(65536)
        return more
