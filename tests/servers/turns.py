"""A wire between a client and a server that counts how often the client spoke and then had to listen."""

import selectors
import socket
import threading


class Wire:
    """Forwards connections on a port of its own. `turns`: words of the client that came after the server's."""

    def __init__(self, port: int) -> None:
        self.behind = port
        self.turns = self.connections = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            server = socket.create_connection(("127.0.0.1", self.behind))
            threading.Thread(target=self._carry, args=(client, server), daemon=True).start()

    def _carry(self, client: socket.socket, server: socket.socket) -> None:
        with client, server, selectors.DefaultSelector() as both:
            both.register(client, selectors.EVENT_READ, server)
            both.register(server, selectors.EVENT_READ, client)
            last = server
            while True:
                for key, _ in both.select():
                    source, target = key.fileobj, key.data
                    assert isinstance(source, socket.socket)
                    words = source.recv(65_536)
                    if not words:
                        return
                    self.turns += source is client and last is server
                    last = source
                    target.sendall(words)
