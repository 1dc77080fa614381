// Better Auth's npm client, unchanged, through its two-factor plugin: set up, asked for, replaced by a backup code, turned off.

import { expect, test } from "@playwright/test";
import { createHmac } from "node:crypto";
import { browser } from "./client";
import { signedUp } from "./people";

/** What an authenticator app that was told this address shows so many steps from now (RFC 6238). */
function code(uri: string, steps = 0): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const key = new URL(uri).searchParams.get("secret")!;
  const bits = [...key].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const seed = Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const hash = createHmac("sha1", seed).update(counter).digest();
  return String((hash.readUInt32BE(hash[19]! & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

test("a client sets it up, is asked for it, and turns it off", async ({ baseURL }) => {
  const { person, client } = await signedUp(baseURL!);
  const { password } = person;
  const wrong = await client.twoFactor.enable({ password: "not the password" });
  expect(wrong.error).toMatchObject({ status: 400, code: "INVALID_PASSWORD" });
  const enabled = await client.twoFactor.enable({ password });
  const { totpURI, backupCodes } = enabled.data as { totpURI: string; backupCodes: string[] };
  expect(backupCodes).toHaveLength(10);
  expect((await client.getSession()).data!.user.twoFactorEnabled).toBe(false);

  const bad = await client.twoFactor.verifyTotp({ code: "000000" === code(totpURI) ? "000001" : "000000" });
  expect(bad.error).toMatchObject({ status: 401, code: "INVALID_CODE" });
  const on = await client.twoFactor.verifyTotp({ code: code(totpURI) });
  expect(on.data!.user.email).toBe(person.email);
  expect((await client.getSession()).data!.user.twoFactorEnabled).toBe(true);

  const other = browser(baseURL!);
  const asked = await other.client.signIn.email({ email: person.email, password });
  expect(asked.data).toEqual({ twoFactorRedirect: true, twoFactorMethods: ["totp"] });
  expect((await other.client.getSession()).data).toBeNull();
  const passed = await other.client.twoFactor.verifyTotp({ code: code(totpURI, 1), trustDevice: true });
  expect(passed.data!.token).toBeTruthy();
  expect((await other.client.getSession()).data!.user.email).toBe(person.email);
  await other.client.signOut();
  const trusted = await other.client.signIn.email({ email: person.email, password });
  expect(trusted.data).toMatchObject({ redirect: false });

  const third = browser(baseURL!);
  await third.client.signIn.email({ email: person.email, password });
  const backup = await third.client.twoFactor.verifyBackupCode({ code: backupCodes[0]! });
  expect(backup.error).toBeNull();
  const again = browser(baseURL!);
  await again.client.signIn.email({ email: person.email, password });
  const used = await again.client.twoFactor.verifyBackupCode({ code: backupCodes[0]! });
  expect(used.error).toMatchObject({ status: 401, code: "INVALID_BACKUP_CODE" });
  const nothing = await browser(baseURL!).client.twoFactor.verifyTotp({ code: code(totpURI, 1) });
  expect(nothing.error).toMatchObject({ status: 401, code: "INVALID_TWO_FACTOR_COOKIE" });

  const uri = await client.twoFactor.getTotpUri({ password });
  expect(new URL(uri.data!.totpURI).searchParams.get("secret")).toBe(new URL(totpURI).searchParams.get("secret"));
  const codes = await client.twoFactor.generateBackupCodes({ password });
  expect(codes.data).toMatchObject({ status: true });
  const otp = await client.twoFactor.sendOtp();
  expect(otp.error).toMatchObject({ status: 400, code: "OTP_NOT_CONFIGURED" });
  expect((await client.twoFactor.disable({ password })).data).toEqual({ status: true });
  expect((await client.getSession()).data!.user.twoFactorEnabled).toBe(false);
  expect((await other.client.getSession()).data).toBeNull();
});
