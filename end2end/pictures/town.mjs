// The houses that are looked at, and who lives in them. All of it is made afresh for each screen, so that each sees the same.

import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { fileURLToPath } from "node:url";
import { House, freePort } from "../../bench/house.mjs";
import { Mailbox } from "./mailbox.mjs";

export const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
export const SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";
export const PROVIDER = "Example ID";
export const PASSWORD = "three words apart here";

export class Town {
  /** `open`: anybody comes, also by the provider. `invited`: who was invited comes; letters are sent. `closed`, and `fresh`: nobody is there. */
  static async open() {
    const town = new Town();
    const port = await freePort();
    const issuer = `http://127.0.0.1:${port}`;
    town.provider = spawn("node", [fileURLToPath(new URL("../provider.mjs", import.meta.url)), String(port)], { stdio: ["ignore", "ignore", "inherit"] });
    town.mailbox = await Mailbox.open();
    const behind = { TRUSTED_PROXIES: "127.0.0.1" };
    const oidc = { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: "pictures", OIDC_CLIENT_SECRET: "pictures", OIDC_NAME: PROVIDER };
    town.open = await House.open({ ...behind, ...oidc });
    town.invited = await House.open({ ...behind, SIGN_UP: "invite", SMTP_URL: town.mailbox.url, MAIL_FROM: "latchkey@example.org" });
    town.closed = await House.open({ SIGN_UP: "closed" });
    town.fresh = await House.open({ SIGN_UP: "invite" });
    // Whoever comes first looks after the house.
    town.ruth = await moves(town.open, "Ruth Okafor");
    town.host = await moves(town.invited, "Ruth Okafor");
    return town;
  }

  /** The path of an invitation to the house that takes one: for whoever has it, or for this address alone. */
  async invites(email = "") {
    const page = await posts(this.host, "/action/admin/invitations/create", { once: crypto.randomUUID(), email, note: "", days: "7" });
    const { pathname, search } = new URL(/id="invitation-link"[^>]*>([^<]+)</.exec(page)[1]);
    return pathname + search;
  }

  /** Somebody comes by an invitation. */
  async comes(name) {
    const invitation = new URLSearchParams((await this.invites()).split("?")[1]).get("invitation");
    return moves(this.invited, name, undefined, invitation);
  }

  async close() {
    for (const house of [this.open, this.invited, this.closed, this.fresh]) await house.close();
    this.provider.kill();
    this.mailbox.close();
  }
}

/** Somebody without an account, at the door of this house. */
export const stranger = (house) => ({ house });

/** Somebody makes an account, and is signed in with Firefox. */
export async function moves(house, name, email = `${name.toLowerCase().replaceAll(" ", ".")}@example.org`, invitation) {
  const headers = { "user-agent": FIREFOX, "x-forwarded-for": "192.0.2.10" };
  const response = await house.post("/api/auth/sign-up", { name, email, password: PASSWORD, invitation }, headers);
  const { token, user } = await response.json();
  return { house, name, email, id: user.id, cookie: cookies(response), bearer: { authorization: `Bearer ${token}` } };
}

/** The same person signs in with another program, from elsewhere. */
export async function signsIn({ house, email }, agent, from) {
  const headers = { "user-agent": agent, "x-forwarded-for": from };
  return house.post("/api/auth/sign-in", { email, password: PASSWORD }, headers);
}

/** Somebody tries with a wrong password. */
export async function tries({ house, email }, agent, from) {
  const headers = { "user-agent": agent, "x-forwarded-for": from };
  await house.post("/api/auth/sign-in", { email, password: "not this one" }, headers).catch(() => {});
}

/** Presses a button somewhere, as the person: a form's post, and what it answers. */
export async function posts({ house, cookie }, path, fields) {
  const headers = { accept: "text/html", cookie, origin: house.address, "user-agent": FIREFOX };
  const response = await fetch(house.address + path, { method: "POST", headers, body: new URLSearchParams(fields), redirect: "manual" });
  if (response.status >= 400) throw new Error(`POST ${path}: ${response.status}`);
  return response.text();
}

/** Turns the second factor on; says the key of the app and the recovery codes. */
export async function takesSecondFactor({ house, cookie }) {
  const asked = await house.post("/api/auth/two-factor/enable", { password: PASSWORD }, { cookie });
  const { totpURI, backupCodes } = await asked.json();
  const key = new URL(totpURI).searchParams.get("secret");
  const answer = await house.post("/api/auth/two-factor/verify-totp", { code: code(key) }, { cookie });
  return { key, codes: backupCodes, cookie: cookies(answer) || cookie };
}

/** What an authenticator app that was told this key shows so many steps from now (RFC 6238). */
export function code(key, steps = 0) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...key.replaceAll(/\s/g, "")].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const seed = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const hash = createHmac("sha1", seed).update(counter).digest();
  return String((hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

const cookies = (response) => response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
