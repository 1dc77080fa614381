// Better Auth's npm client, unchanged, through what people do to their own account: sessions, password, name and picture, the end.

import { expect, test } from "@playwright/test";
import { browser } from "./client";
import { alsoSignedIn, newcomer, signedUp } from "./people";

test("sessions are listed and revoked by what the list gives", async ({ baseURL }) => {
  const { person, client } = await signedUp(baseURL!);
  const other = await alsoSignedIn(baseURL!, person);
  const { data, error } = await client.listSessions();
  expect(error).toBeNull();
  expect(data).toHaveLength(2);
  const mine = (await client.getSession()).data!.session;
  const theirs = data!.find(({ id }) => id !== mine.id)!;
  expect(theirs.userId).toBe(mine.userId);
  expect(theirs.createdAt).toBeInstanceOf(Date);
  const opened = await fetch(`${baseURL}/api/tasks`, { headers: { Authorization: `Bearer ${theirs.token}` } });
  expect(opened.status).toBe(401);

  expect((await client.revokeSession({ token: theirs.token })).data).toEqual({ status: true });
  expect((await other.client.getSession()).data).toBeNull();
  expect((await client.getSession()).data).not.toBeNull();
});

test("a session of somebody else lives on, and nothing tells", async ({ baseURL }) => {
  const { client } = await signedUp(baseURL!);
  const bob = await signedUp(baseURL!);
  const [theirs] = (await bob.client.listSessions()).data!;
  for (const token of [theirs!.token, "nothing at all"]) {
    expect((await client.revokeSession({ token })).data).toEqual({ status: true });
  }
  expect((await bob.client.getSession()).data).not.toBeNull();
});

test("all other sessions end, and then this one too", async ({ baseURL }) => {
  const { person, client } = await signedUp(baseURL!);
  const other = await alsoSignedIn(baseURL!, person);
  expect((await client.revokeOtherSessions()).data).toEqual({ status: true });
  expect((await other.client.getSession()).data).toBeNull();
  expect((await client.revokeSessions()).data).toEqual({ status: true });
  expect((await client.getSession()).data).toBeNull();
  expect((await client.listSessions()).error).toMatchObject({ status: 401, code: "UNAUTHORIZED" });
});

test("another password ends every other session, and this one goes on", async ({ baseURL }) => {
  const { person, client, jar } = await signedUp(baseURL!);
  const other = await alsoSignedIn(baseURL!, person);
  const before = jar.header();
  const wrong = await client.changePassword({ currentPassword: "not this one", newPassword: "four other words" });
  expect(wrong.error).toMatchObject({ status: 400, code: "INVALID_PASSWORD" });
  const short = await client.changePassword({ currentPassword: person.password, newPassword: "short" });
  expect(short.error).toMatchObject({ status: 400, code: "PASSWORD_TOO_SHORT" });

  const { data, error } = await client.changePassword({ currentPassword: person.password, newPassword: "four other words", revokeOtherSessions: true });
  expect(error).toBeNull();
  expect(data!.user.email).toBe(person.email);
  expect(jar.header()).not.toBe(before);
  expect((await client.getSession()).data).not.toBeNull();
  expect((await other.client.getSession()).data).toBeNull();
  const verified = (password: string) => client.$fetch("/verify-password", { method: "POST", body: { password } });
  expect((await verified("four other words")).data).toEqual({ status: true });
  expect((await verified(person.password)).error).toMatchObject({ status: 400, code: "INVALID_PASSWORD" });
});

test("name and picture are changed, and the address is not", async ({ baseURL }) => {
  const { person, client } = await signedUp(baseURL!);
  const image = "https://pictures.example.org/ada.png";
  expect((await client.updateUser({ name: "Grace", image })).data).toEqual({ status: true });
  expect((await client.getSession()).data!.user).toMatchObject({ name: "Grace", image });
  expect((await client.updateUser({ image: null })).data).toEqual({ status: true });
  expect((await client.getSession()).data!.user).toMatchObject({ name: "Grace", image: null });
  const refused = await client.$fetch("/update-user", { method: "POST", body: { email: "eve@example.com" } });
  expect(refused.error).toMatchObject({ status: 400, code: "EMAIL_CAN_NOT_BE_UPDATED" });
  const { data } = await client.listAccounts();
  expect(data).toMatchObject([{ providerId: "credential", scopes: [] }]);
  expect((await client.getSession()).data!.user.email).toBe(person.email);
});

test("whoever deletes the account is gone, and the address is free again", async ({ baseURL }) => {
  const { person, client, jar } = await signedUp(baseURL!);
  const wrong = await client.deleteUser({ password: "not this one" });
  expect(wrong.error).toMatchObject({ status: 400, code: "INVALID_PASSWORD" });
  const { data, error } = await client.deleteUser({ password: person.password });
  expect(error).toBeNull();
  expect(data).toEqual({ success: true, message: "User deleted" });
  expect(jar.header()).toBe("");
  expect((await client.getSession()).data).toBeNull();
  const again = browser(baseURL!);
  expect((await again.client.signUp.email({ ...newcomer(), email: person.email })).error).toBeNull();
});
