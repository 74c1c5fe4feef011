"""JupyterLab's own server, driven by lines: reads and writes settings through its interface for that, as its editor does.

Each line of standard input is an object: the `plugin`, and the `raw` text that is to be its settings, or none to read them.
Each is answered by a line: what the server says. The home directory is the one of the environment. The parts of AWS's
extensions that run in the server are not started, for what they need is not installed: the settings are not theirs.
"""

import json
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request

TOKEN = "tests"
COMMAND = ["jupyter-lab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0",
           f"--IdentityProvider.token={TOKEN}"]


def start():
    server = subprocess.Popen(COMMAND, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    said = []
    for line in server.stderr:
        said.append(line)
        found = re.search(r"http://127\.0\.0\.1:[1-9]\d*/(?=lab)", line)
        if found:
            threading.Thread(target=server.stderr.read, daemon=True).start()
            await_port(int(found.group().rstrip("/").rpartition(":")[2]))
            return server, found.group()
    sys.exit("".join(said))


def await_port(port):
    """It says where it is before it listens."""
    end = time.monotonic() + 60
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), 5).close()
        except ConnectionRefusedError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)


def ask(address, plugin, raw):
    body = None if raw is None else json.dumps({"raw": raw}).encode()
    request = urllib.request.Request(f"{address}lab/api/settings/{plugin}", body, method="GET" if body is None else "PUT")
    request.add_header("Authorization", f"token {TOKEN}")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read() or "null")


server, address = start()
try:
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(ask(address, order["plugin"], order.get("raw"))), flush=True)
finally:
    server.terminate()
    server.wait()
