// A mail server that takes every letter and hands on the links in them.

import { createServer } from "node:net";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

export class Mailbox {
  static async open() {
    const box = new Mailbox();
    box.letters = [];
    box.server = createServer((socket) => box.#hear(socket)).listen(0, "127.0.0.1");
    await once(box.server, "listening");
    box.url = `smtp://127.0.0.1:${box.server.address().port}`;
    return box;
  }

  /** The link in the newest letter with this subject to this address, once it has come. */
  async link(subject, email) {
    for (let tries = 0; tries < 600; tries += 1) {
      const letter = this.letters.findLast((one) => one.includes(`\nSubject: ${subject}\n`) && one.includes(`\nTo: ${email}\n`));
      if (letter) return /^https?:\S+$/m.exec(letter)[0];
      await sleep(50);
    }
    throw new Error(`no letter "${subject}" came to ${email}`);
  }

  close() {
    this.server.close();
  }

  #hear(socket) {
    let [heard, letter] = ["", null];
    const say = (line) => socket.write(`${line}\r\n`);
    say("220 here");
    socket.on("error", () => {});
    socket.on("data", (data) => {
      const lines = (heard + data).split("\r\n");
      heard = lines.pop();
      for (const line of lines) {
        if (letter) {
          if (line !== ".") {
            letter.push(line);
            continue;
          }
          // Long lines are wrapped on the wire, and "=" is written out then.
          this.letters.push(["", ...letter].join("\n").replaceAll("=\n", "").replaceAll("=3D", "="));
          letter = null;
          say("250 kept");
        } else if (line === "DATA") {
          letter = [];
          say("354 go on");
        } else if (line === "QUIT") {
          say("221 bye");
          socket.end();
        } else say("250 well");
      }
    });
  }
}
