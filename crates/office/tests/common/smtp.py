"""A real SMTP server for the tests: PORT FOLDER [HOW:]TIMES. Prints `ready`; ends with its standard input.

So many times it does not do its work: `later` asks to come back (the default), `full` says the mailbox is full, `gone` that
there is none, `lost` takes the letter and hangs up without an answer.
"""
import sys

from aiosmtpd.controller import Controller


class Handler:
    def __init__(self, folder, how, times):
        self.folder, self.how, self.times, self.count = folder, how, times, 0

    def fails(self, how):
        if self.how != how or self.times <= 0:
            return False
        self.times -= 1
        return True

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.fails("full"):
            return f"452 4.2.2 <{address}> is over quota"
        if self.fails("gone"):
            return f"550 5.1.1 <{address}>: nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.fails("later"):
            return "451 4.3.0 try again later"
        self.count += 1
        with open(f"{self.folder}/{self.count}.eml", "wb") as out:
            out.write(envelope.content)
        if self.fails("lost"):
            server.transport.abort()
        return f"250 2.0.0 queued as {self.count}"


how, _, times = sys.argv[3].rpartition(":")
handler = Handler(sys.argv[2], how or "later", int(times))
controller = Controller(handler, hostname="127.0.0.1", port=int(sys.argv[1]))
controller.start()
print("ready", flush=True)
sys.stdin.read()
controller.stop()
