// Better Auth's npm client, unchanged, through what goes by mail. There is no mail server here: letters lie in the outbox.

import { expect, test } from "@playwright/test";
import { linkIn } from "../house";
import { browser } from "./client";
import { newcomer, signedUp } from "./people";

const tokenOf = (link: string) => new URL(link).searchParams.get("token")!;

test("a new password by a mailed token, the same answer for every address", async ({ baseURL }) => {
  const { person, client } = await signedUp(baseURL!);
  const stranger = browser(baseURL!);
  const known = await stranger.client.requestPasswordReset({ email: person.email, redirectTo: "/reset-password" });
  const unknown = await stranger.client.requestPasswordReset({ email: newcomer().email, redirectTo: "/reset-password" });
  expect(known.error).toBeNull();
  expect(known.data).toMatchObject({ status: true });
  expect(unknown.data).toEqual(known.data);
  const away = await stranger.client.requestPasswordReset({ email: person.email, redirectTo: "https://evil.example/" });
  expect(away.error).toMatchObject({ status: 403, code: "INVALID_REDIRECT_URL" });

  const token = tokenOf(await linkIn("Set a new password", person.email));
  const short = await stranger.client.resetPassword({ newPassword: "short", token });
  expect(short.error).toMatchObject({ status: 400, code: "PASSWORD_TOO_SHORT" });
  expect((await stranger.client.resetPassword({ newPassword: "four other words", token })).data).toEqual({ status: true });
  const again = await stranger.client.resetPassword({ newPassword: "five other words", token });
  expect(again.error).toMatchObject({ status: 400, code: "INVALID_TOKEN" });
  expect((await client.getSession()).data).toBeNull();
  expect((await stranger.client.signIn.email({ email: person.email, password: "four other words" })).error).toBeNull();
});

test("an address is confirmed, and again with the same answer", async ({ baseURL }) => {
  const { person, client } = await signedUp(baseURL!);
  const bad = await client.verifyEmail({ query: { token: "nothing" } });
  expect(bad.error).toMatchObject({ status: 401, code: "INVALID_TOKEN" });
  const token = tokenOf(await linkIn("Confirm your e-mail address", person.email));
  for (let time = 0; time < 2; time += 1) {
    const { data, error } = await client.verifyEmail({ query: { token } });
    expect(error).toBeNull();
    expect(data).toEqual({ status: true, user: null });
  }
  expect((await client.getSession()).data!.user.emailVerified).toBe(true);
});

test("another letter is sent to whoever may have one", async ({ baseURL }) => {
  const { person, client } = await signedUp(baseURL!);
  expect((await client.sendVerificationEmail({ email: person.email })).data).toEqual({ status: true });
  expect((await browser(baseURL!).client.sendVerificationEmail({ email: newcomer().email })).data).toEqual({ status: true });
  const other = await client.sendVerificationEmail({ email: newcomer().email });
  expect(other.error).toMatchObject({ status: 400, code: "EMAIL_MISMATCH" });
});

test("another address, as the client asks for it", async ({ baseURL }) => {
  const { person, client } = await signedUp(baseURL!);
  const same = await client.changeEmail({ newEmail: person.email });
  expect(same.error).toMatchObject({ status: 400 });
  const { data, error } = await client.changeEmail({ newEmail: `new.${person.email}` });
  expect(error).toBeNull();
  expect(data).toEqual({ status: true });
  expect((await client.getSession()).data!.user.email).toBe(`new.${person.email}`);
});
