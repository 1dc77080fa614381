// The pages that belong to nobody.

import { axe, expect, hydrated, test } from "./house";

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
  await page.mouse.move(10, 10);
  await page.mouse.down();
  await page.mouse.up();
  await hydrated(page);
});
