// Better Auth's npm client, unchanged, through what every front end does: sign up, sign in, ask who it is, change the name, sign out.

import { expect, test } from "@playwright/test";
import { browser } from "./client";
import { newcomer, signedUp } from "./people";

test("signing up answers with the person and a token, and the session is there", async ({ baseURL }) => {
  const { client } = browser(baseURL!);
  const ada = newcomer();
  const { data, error } = await client.signUp.email(ada);
  expect(error).toBeNull();
  expect(data!.user).toMatchObject({ name: ada.name, email: ada.email, emailVerified: false, image: null });
  expect(data!.user.createdAt).toBeInstanceOf(Date);
  expect(Math.abs(Date.now() - data!.user.createdAt.getTime())).toBeLessThan(10 * 60_000);

  const session = await client.getSession();
  expect(session.data!.user.id).toBe(data!.user.id);
  expect(session.data!.session.userId).toBe(data!.user.id);
  expect(session.data!.session.expiresAt).toBeInstanceOf(Date);
});

test("the token of the session opens the API, as the plan of old had it", async ({ baseURL }) => {
  const { client } = await signedUp(baseURL!);
  const session = await client.getSession({ fetchOptions: { throw: true } });
  const tasks = await fetch(`${baseURL}/api/tasks`, { headers: { Authorization: `Bearer ${session!.session.token}` } });
  expect(tasks.status).toBe(200);

  const { data } = await client.token();
  const again = await fetch(`${baseURL}/api/tasks`, { headers: { Authorization: `Bearer ${data!.token}` } });
  expect(again.status).toBe(200);
});

test("signing in starts a session of its own, and signing out ends it", async ({ baseURL }) => {
  const { person, client: first } = await signedUp(baseURL!);
  const { client } = browser(baseURL!);
  const { data, error } = await client.signIn.email({ email: person.email.toUpperCase(), password: person.password, rememberMe: false });
  expect(error).toBeNull();
  expect(data).toMatchObject({ redirect: false, user: { email: person.email } });

  expect((await client.signOut()).data).toEqual({ success: true });
  expect((await client.getSession()).data).toBeNull();
  expect((await first.getSession()).data).not.toBeNull();
});

test("every refusal has the status, the code and a message that the original has", async ({ baseURL }) => {
  const { client } = browser(baseURL!);
  const ada = newcomer();
  await client.signUp.email(ada);

  const taken = await client.signUp.email({ ...ada, email: ada.email.toUpperCase() });
  expect(taken.error).toMatchObject({ status: 422, code: "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL" });
  const short = await client.signUp.email({ ...newcomer(), password: "short" });
  expect(short.error).toMatchObject({ status: 400, code: "PASSWORD_TOO_SHORT" });
  const long = await client.signUp.email({ ...newcomer(), password: "long".repeat(40) });
  expect(long.error).toMatchObject({ status: 400, code: "PASSWORD_TOO_LONG" });
  const missing = await client.$fetch("/sign-up/email", { method: "POST", body: { email: "x@example.com" } });
  expect(missing.error).toMatchObject({ status: 400, code: "VALIDATION_ERROR" });

  const wrong = await client.signIn.email({ email: ada.email, password: "not the right one" });
  expect(wrong.error).toMatchObject({ status: 401, code: "INVALID_EMAIL_OR_PASSWORD" });
  const unknown = await client.signIn.email({ email: newcomer().email, password: "not the right one" });
  expect(unknown.error).toMatchObject({ status: 401, code: "INVALID_EMAIL_OR_PASSWORD" });
  expect(unknown.error!.message).toBe(wrong.error!.message);
  const shapeless = await client.signIn.email({ email: "nobody", password: "not the right one" });
  expect(shapeless.error).toMatchObject({ status: 400, code: "INVALID_EMAIL" });
  const elsewhere = await client.signIn.email({ ...ada, callbackURL: "https://evil.example/" });
  expect(elsewhere.error).toMatchObject({ status: 403, code: "INVALID_CALLBACK_URL" });

  const stranger = browser(baseURL!).client;
  expect((await stranger.token()).error).toMatchObject({ status: 401, code: "UNAUTHORIZED" });
  expect((await stranger.getSession()).data).toBeNull();
});

test("a person changes their name, and the session says so", async ({ baseURL }) => {
  const { client } = await signedUp(baseURL!);
  expect((await client.updateUser({ name: "Grace Hopper" })).data).toEqual({ status: true });
  expect((await client.getSession()).data!.user.name).toBe("Grace Hopper");
  const email = await client.$fetch("/update-user", { method: "POST", body: { email: "x@example.com" } });
  expect(email.error).toMatchObject({ status: 400, code: "EMAIL_CAN_NOT_BE_UPDATED" });
});
