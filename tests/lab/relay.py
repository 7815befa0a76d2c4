"""A TCP relay on loopback that passes so many bytes of the server's answers, and then stalls or ends.
Kerberos is asked for the real server's name: the relay listens on another port of the same address."""
import select
import socket
import threading


class Relay:
    def __init__(self, address, port):
        self.target = (address, port)
        self.listener = socket.create_server((address, 0))
        self.uri = f"ldap://{address}:{self.listener.getsockname()[1]}"
        self.limit, self.then_close = None, False
        self.reached = threading.Event()
        self.closed = threading.Event()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def cut_after(self, count):
        self.limit, self.then_close = count, True

    def stall_after(self, count):
        self.limit, self.then_close = count, False

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
                data = s.recv(4096)
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
