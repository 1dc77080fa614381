// The pages that belong to nobody.

import type { Page } from "@playwright/test";
import { axe, expect, hasJavaScript, promote, test, touched } from "./house";

test("the front door says what this is and leads in", async ({ page }) => {
  await page.goto("/");
  await axe(page);
  await page.getByRole("link", { name: "Make an account" }).first().click();
  await expect(page).toHaveURL("/signup");
});

test("an address that leads nowhere has a page of ours", async ({ page, expectedFailures }) => {
  expectedFailures.push("404 /no-such-page");
  const response = await page.goto("/no-such-page");
  expect(response?.status()).toBe(404);
  await expect(page.getByRole("heading", { name: "There is no page behind this door" })).toBeVisible();
  await axe(page);
});

test("the API is described on a page that loads nothing from elsewhere", async ({ page, baseURL }) => {
  const elsewhere: string[] = [];
  page.on("request", (request) => request.url().startsWith(baseURL ?? "") || elsewhere.push(request.url()));
  await page.goto("/api/docs");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await axe(page);
  expect(elsewhere).toEqual([]);
});

test("a touch brings a page to life", async ({ page }) => {
  await page.goto("/");
  await touched(page);
});

/** What can be opened by whom. */
const FOR_ANYBODY = ["/", "/signup", "/signin", "/forgot-password", "/reset-password?token=x", "/verify-email?token=x"];
const FOR_MEMBERS = ["/dashboard", "/settings", "/settings/security", "/settings/sessions", "/settings/api", "/settings/activity", "/confirm"];
const FOR_ADMINISTRATORS = ["/admin", "/admin/invitations", "/admin/activity"];

async function comesToLife(page: Page, path: string) {
  await page.goto(path);
  await expect(page).toHaveURL(path);
  await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
  await touched(page);
}

test("every page for anybody comes to life without a complaint", async ({ page }) => {
  test.slow();
  for (const path of FOR_ANYBODY) await comesToLife(page, path);
});

test("every page for members and administrators comes to life without a complaint", async ({ person }) => {
  test.slow();
  promote(person);
  for (const path of [...FOR_MEMBERS, ...FOR_ADMINISTRATORS]) await comesToLife(person.page, path);
});

test("what is sent to the browser holds nothing of the server", async ({ page, request }) => {
  test.skip(!hasJavaScript(), "the same file, which this project does not load");
  await page.goto("/dashboard");
  const { wasm, js } = await page.locator("script[data-wasm]").evaluate((script: HTMLElement) => ({ ...script.dataset }));
  for (const [path, least] of [
    [wasm, 100_000],
    [js, 1_000],
  ] as const) {
    const answer = await request.get(path ?? "");
    expect(answer.status(), path).toBe(200);
    const body = await answer.body();
    expect(body.length, path).toBeGreaterThan(least);
    const text = body.toString("latin1");
    for (const word of ["sea_orm", "sqlx", "sqlite", "argon2", "jsonwebtoken", "tower_sessions", "AUTH_SECRET", "DATABASE_URL", "INSERT INTO"]) {
      expect(text.includes(word), `${word} in ${path}`).toBe(false);
    }
  }
});
