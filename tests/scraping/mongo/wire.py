"""A small MongoDB server on a real socket: it speaks the wire protocol's OP_MSG, and keeps documents in mongomock.

For what only a socket shows: the driver's handshake, cursors over several batches, a server that goes away.
"""

import struct
import threading
from collections.abc import Iterator
from itertools import islice
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

import bson
import mongomock

Doc = dict[str, Any]
_OP_REPLY, _OP_QUERY, _OP_MSG = 1, 2004, 2013
_HELLO = {
    "ismaster": True,
    "helloOk": True,
    "maxBsonObjectSize": 16 * 1024 * 1024,
    "maxMessageSizeBytes": 48_000_000,
    "maxWriteBatchSize": 100_000,
    "minWireVersion": 0,
    "maxWireVersion": 21,
    "readOnly": False,
}


class WireServer(ThreadingTCPServer):
    """Listens on a free port. `commands_left`: after so many data commands it hangs up on everybody.

    `refusal`: the code of the error it answers every data command and every login with; 0 for none.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.store: Any = mongomock.MongoClient()
        self.commands_left = 10**9
        self.refusal = 0
        self.cursors: dict[int, Iterator[Doc]] = {}
        self.lock = threading.Lock()
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"mongodb://127.0.0.1:{self.server_address[1]}/?directConnection=true&retryReads=false&retryWrites=false"

    def answer(self, command: Doc) -> Doc:
        name = next(iter(command))
        if name.lower() in ("hello", "ismaster"):
            return {**_HELLO, "ok": 1}
        with self.lock:
            self.commands_left -= 1
            if self.commands_left < 0:
                raise ConnectionAbortedError
            if self.refusal:
                return {"ok": 0, "code": self.refusal, "errmsg": f"no rights: {command}"}
            handler = getattr(self, f"do_{name}", None)
            return {"ok": 1, **(handler(self.store[command["$db"]], command) if handler else {})}

    def do_listCollections(self, database: Any, command: Doc) -> Doc:
        names = [{"name": name, "type": "collection"} for name in database.list_collection_names()]
        return {"cursor": {"id": 0, "ns": f"{command['$db']}.$cmd", "firstBatch": names}}

    def do_count(self, database: Any, command: Doc) -> Doc:
        return {"n": database[command["count"]].count_documents({})}

    def do_aggregate(self, database: Any, command: Doc) -> Doc:
        """Only what counting needs."""
        count = {"n": database[command["aggregate"]].count_documents(command["pipeline"][0]["$match"])}
        return {"cursor": {"id": 0, "ns": f"{command['$db']}.{command['aggregate']}", "firstBatch": [count]}}

    def do_find(self, database: Any, command: Doc) -> Doc:
        found = database[command["find"]].find(command.get("filter") or {}).sort("_id")
        number = len(self.cursors) + 1
        self.cursors[number] = iter(found)
        return self._batch(number, f"{command['$db']}.{command['find']}", "firstBatch", command)

    def do_getMore(self, database: Any, command: Doc) -> Doc:
        return self._batch(command["getMore"], f"{command['$db']}.{command['collection']}", "nextBatch", command)

    def do_update(self, database: Any, command: Doc) -> Doc:
        for change in command["updates"]:
            database[command["update"]].update_one(change["q"], change["u"], upsert=change.get("upsert", False))
        return {"n": len(command["updates"]), "nModified": len(command["updates"])}

    def do_insert(self, database: Any, command: Doc) -> Doc:
        database[command["insert"]].insert_many(command["documents"])
        return {"n": len(command["documents"])}

    def do_findAndModify(self, database: Any, command: Doc) -> Doc:
        return {"value": database[command["findAndModify"]].find_one_and_update(command["query"], command["update"])}

    def do_delete(self, database: Any, command: Doc) -> Doc:
        for change in command["deletes"]:
            database[command["delete"]].delete_one(change["q"])
        return {"n": len(command["deletes"])}

    def _batch(self, number: int, namespace: str, name: str, command: Doc) -> Doc:
        size = command.get("batchSize", 101)
        rows = list(islice(self.cursors[number], size))
        return {"cursor": {"id": number if len(rows) == size else 0, "ns": namespace, name: rows}}


class _Connection(StreamRequestHandler):
    server: WireServer

    def handle(self) -> None:
        while header := self.rfile.read(16):
            length, request, _, code = struct.unpack("<iiii", header)
            body = self.rfile.read(length - 16)
            try:
                reply = self.server.answer(_read(code, body))
            except ConnectionAbortedError:
                return
            encoded = bson.encode(reply)
            if code == _OP_QUERY:
                code, payload = _OP_REPLY, struct.pack("<iqii", 8, 0, 0, 1) + encoded
            else:
                payload = struct.pack("<ib", 0, 0) + encoded
            self.wfile.write(struct.pack("<iiii", 16 + len(payload), 0, request, code) + payload)


def _read(code: int, body: bytes) -> Doc:
    if code == _OP_QUERY:
        return bson.decode(body[body.index(b"\0", 4) + 1 + 8 :])
    assert code == _OP_MSG
    command: Doc = {}
    place = 4
    while place < len(body):
        kind, place = body[place], place + 1
        (size,) = struct.unpack_from("<i", body, place)
        section = body[place : place + size]
        if kind == 0:
            command = {**bson.decode(section), **command}
        else:
            end = section.index(b"\0", 4)
            command[section[4:end].decode()] = bson.decode_all(section[end + 1 :])
        place += size
    return command
