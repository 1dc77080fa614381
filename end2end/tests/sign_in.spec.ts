// Coming in and going out.

import { axe, expect, hydrated, signIn, signOut, test } from "./house";

test("a person signs out and in again", async ({ person: { page, email, password } }) => {
  await signOut(page);
  await expect(page).toHaveURL("/signin?done=signed-out");
  await expect(page.getByRole("status").filter({ hasText: "You are signed out." })).toBeVisible();
  await axe(page);
  await signIn(page, email, password);
  await expect(page).toHaveURL("/dashboard");
});

test("a wrong password is refused without saying which of the two is wrong", async ({ person: { page, email }, expectedFailures }) => {
  expectedFailures.push("401 /signin");
  await signOut(page);
  await signIn(page, email, "not the right one");
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByLabel("E-mail", { exact: true })).toHaveValue(email);
  await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
  await expect(page.getByLabel("Password", { exact: true })).toBeFocused();
  await axe(page);
});

test("a stranger is sent to sign in, and then finds the page that was asked for", async ({ person: { page, email, password } }) => {
  await signOut(page);
  await page.goto("/settings");
  await expect(page).toHaveURL("/signin?next=%2Fsettings");
  await signIn(page, email, password);
  await expect(page).toHaveURL("/settings");
});

test("a place to go to afterwards never leads elsewhere", async ({ person: { page, email, password } }) => {
  await signOut(page);
  await page.goto("/signin?next=https%3A%2F%2Fevil.example%2F");
  await signIn(page, email, password);
  await expect(page).toHaveURL("/dashboard");
});

test("whoever is signed in has nothing to do at the door", async ({ person: { page } }) => {
  for (const path of ["/", "/signin", "/signup"]) {
    await page.goto(path);
    await expect(page).toHaveURL("/dashboard");
  }
});

test("a person who signs out is out on every tab", async ({ person: { page, name } }) => {
  const other = await page.context().newPage();
  await other.goto("/settings");
  await expect(other.getByText(name).first()).toBeVisible();
  await signOut(page);
  await other.reload();
  await expect(other).toHaveURL("/signin?next=%2Fsettings");
});

test("the sign-in page loads no WASM until somebody touches it", async ({ page }) => {
  const loaded: string[] = [];
  page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
  await page.goto("/signin", { waitUntil: "networkidle" });
  expect(loaded.filter((path) => path.endsWith(".wasm"))).toEqual([]);
  await page.getByLabel("Password", { exact: true }).click();
  await hydrated(page);
});
