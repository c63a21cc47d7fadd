"""A real SMTP server for the tests: PORT FOLDER REFUSALS. Prints `ready`; ends with its standard input."""
import sys

from aiosmtpd.controller import Controller


class Handler:
    def __init__(self, folder, refusals):
        self.folder, self.refusals, self.count = folder, refusals, 0

    async def handle_DATA(self, server, session, envelope):
        if self.refusals > 0:
            self.refusals -= 1
            return "451 4.3.0 try again later"
        self.count += 1
        with open(f"{self.folder}/{self.count}.eml", "wb") as out:
            out.write(envelope.content)
        return f"250 2.0.0 queued as {self.count}"


controller = Controller(Handler(sys.argv[2], int(sys.argv[3])), hostname="127.0.0.1", port=int(sys.argv[1]))
controller.start()
print("ready", flush=True)
sys.stdin.read()
controller.stop()
