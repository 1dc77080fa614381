// How an administrator goes about in the office.

import type { Page } from "@playwright/test";
import { expect, type Person } from "./house";

/** Opens somebody's page, as one finds it: by their address. */
export async function open(page: Page, { email, name }: Person) {
  await page.goto("/admin");
  await page.getByLabel("Search people").fill(email);
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByRole("listitem").filter({ hasText: email }).getByRole("link", { name }).click();
  await expect(page.getByText(email, { exact: true })).toBeVisible();
}

/** Presses a button that asks first. */
export async function confirm(page: Page, words: string) {
  await page.getByText(`${words} …`, { exact: true }).click();
  await page.getByRole("button", { name: `${words}: ` }).click();
}
