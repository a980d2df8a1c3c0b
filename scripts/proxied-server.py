"""Both ends of what passes by the API server's proxy, for tests: a web server that shows what it was asked, by HTTP on
port 8080 and by TLS on 8443, and echoes what follows a change of protocol; and a client that asks for one.

    proxied-server.py serve PAIR
    proxied-server.py ask PORT PAIR PATH WORD       prints the status line and what comes back for the word

PAIR is a file with a certificate and its key.
"""

import http.server
import socket
import ssl
import sys
import threading


class Echo(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.headers.get("Upgrade") is None:
            return self.show()
        if self.path != "/echo":
            return self.send_error(403)
        self.send_response(101)
        self.send_header("Connection", "Upgrade")
        self.send_header("Upgrade", self.headers["Upgrade"])
        self.end_headers()
        # The first words may come with the head.
        self.wfile.write(b"first ")
        while piece := self.rfile.read1(4096):
            self.wfile.write(b"echo " + piece)
        self.close_connection = True

    def show(self):
        body = f"{self.requestline}\n{self.headers}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


def serve(pair):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair)
    secure = http.server.ThreadingHTTPServer(("", 8443), Echo)
    secure.socket = context.wrap_socket(secure.socket, server_side=True)
    threading.Thread(target=secure.serve_forever, daemon=True).start()
    http.server.ThreadingHTTPServer(("", 8080), Echo).serve_forever()


def ask(port, pair, path, word):
    context = ssl._create_unverified_context()
    context.load_cert_chain(pair)
    with context.wrap_socket(socket.create_connection(("127.0.0.1", int(port)), timeout=20)) as wire:
        wire.sendall(
            f"GET {path} HTTP/1.1\r\nHost: proxied\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n{word}".encode()
        )
        text = ""
        while not text.endswith(f"echo {word}") and (piece := wire.recv(4096)):
            text += piece.decode()
            if not text.startswith("HTTP/1.1 101") and "\r\n\r\n" in text:
                break
        print(text.splitlines()[0])
        print(text.partition("\r\n\r\n")[2])


if __name__ == "__main__":
    {"serve": serve, "ask": ask}[sys.argv[1]](*sys.argv[2:])
