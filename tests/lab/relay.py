"""A TCP relay on loopback that passes so many bytes of the server's answers, and then stalls or ends.
Kerberos is asked for the real server's name: the relay listens on another port of the same address."""
import select
import socket
import threading
import time


class Relay:
    def __init__(self, address, port, scheme="ldap"):
        self.target = (address, port)
        self.listener = socket.create_server((address, 0))
        self.uri = f"{scheme}://{address}:{self.listener.getsockname()[1]}"
        self.limit, self.then_close = None, False
        self.slow, self.pause = 0, 0.0
        self.reached = threading.Event()
        self.closed = threading.Event()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def cut_after(self, count):
        self.limit, self.then_close = count, True

    def stall_after(self, count):
        self.limit, self.then_close = count, False

    def slow_start(self, chunks, pause):
        """The first chunks of the server's answers come late, in small pieces."""
        self.slow, self.pause = chunks, pause

    def serve(self):
        while not self.closed.is_set():
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(self.target)
            with client, server:
                self.pump(client, server)

    def pump(self, client, server):
        passed = 0
        while not self.closed.is_set():
            readable, _, _ = select.select([client, server], [], [], 0.1)
            for s in readable:
                late = s is server and self.slow > 0
                if late:
                    self.slow -= 1
                    time.sleep(self.pause)
                data = s.recv(100 if late else 4096)
                if not data:
                    return
                (server if s is client else client).sendall(data)
                passed += len(data) if s is server else 0
            if self.limit is not None and passed >= self.limit:
                self.reached.set()
                if not self.then_close:
                    self.closed.wait()
                return

    def close(self):
        self.closed.set()
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()
        self.thread.join(5)
