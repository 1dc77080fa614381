// What every spec stands on: a `test` that fails when the browser complains, people who sign up, and what axe and WASM have to say.

import AxeBuilder from "@axe-core/playwright";
import { type BrowserContext, type BrowserContextOptions, type Page, expect, test as base } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Somebody with an account of their own, signed in on a page of their own. */
export type Person = { name: string; email: string; password: string; page: Page };

/** An answer that a spec provokes on purpose: `"422 /api/auth/sign-up"`, status and path, or a pattern of it. */
export type ExpectedFailure = string | RegExp;

type House = {
  /** Push here what a spec provokes on purpose, status 4xx only. Anything else that fails, fails the spec. */
  expectedFailures: ExpectedFailure[];
  /** What the browser complained about so far, on whatever page of the spec. */
  complaints: string[];
  /** A fresh person, on the spec's own `page`. */
  person: Person;
  /** Opens another browser, which is listened to as well; closed at the end. */
  another: (options?: BrowserContextOptions) => Promise<Page>;
  /** Makes further people, each in a browser of their own. */
  newcomer: () => Promise<Person>;
};

export const test = base.extend<House>({
  expectedFailures: async ({}, use) => use([]),

  complaints: [
    async ({ context, expectedFailures }, use) => {
      const complaints: string[] = [];
      listen(context, complaints, expectedFailures);
      await use(complaints);
      expect(complaints, "what the browser complained about").toEqual([]);
    },
    { auto: true },
  ],

  person: async ({ page }, use) => use(await signUp(page)),

  another: async ({ browser, baseURL, contextOptions, complaints, expectedFailures }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (options) => {
      const context = await browser.newContext({ ...contextOptions, baseURL, javaScriptEnabled: hasJavaScript(), ...options });
      contexts.push(context);
      listen(context, complaints, expectedFailures);
      return context.newPage();
    });
    await Promise.all(contexts.map((context) => context.close()));
  },

  newcomer: async ({ another }, use) => use(async () => signUp(await another())),
});

export { expect };

/** Whether this project runs scripts. */
export const hasJavaScript = () => test.info().project.name !== "no-js";

/** Somebody who has no account yet. */
export function stranger(name = "Ada Lovelace") {
  const salt = randomBytes(8).toString("hex");
  return { name, email: `ada.${salt}@example.com`, password: `three words ${salt}` };
}

/** Makes an account through the front door, and stands on the dashboard. */
export async function signUp(page: Page, someone = stranger()): Promise<Person> {
  await page.goto("/signup");
  await page.getByLabel("Name", { exact: true }).fill(someone.name);
  await page.getByLabel("E-mail", { exact: true }).fill(someone.email);
  await page.getByLabel("Password", { exact: true }).fill(someone.password);
  await page.getByRole("button", { name: "Make an account" }).click();
  await expect(page).toHaveURL("/dashboard");
  return { ...someone, page };
}

/** Signs in on the page that asks for it. */
export async function signIn(page: Page, email: string, password: string) {
  if (!new URL(page.url()).pathname.startsWith("/signin")) await page.goto("/signin");
  await page.getByLabel("E-mail", { exact: true }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Signs out on the settings page. */
export async function signOut(page: Page) {
  await page.goto("/settings");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL("/signin?done=signed-out");
}

/** Makes somebody an administrator, as the operator of the server does: in its folder. */
export function promote({ email }: Person) {
  const cwd = join(tmpdir(), `latchkey-end2end-${process.env.E2E_PORT ?? "3210"}`);
  const binary = join(test.info().project.testDir, "../../dist/latchkey");
  execFileSync(binary, ["user", "promote", email], { cwd, env: { PATH: process.env.PATH, HOME: cwd } });
}

/** The link of the letter with this subject that went to this address: there is no mail server, so it lies in the outbox. */
export async function linkIn(subject: string, email: string): Promise<string> {
  const outbox = join(tmpdir(), `latchkey-end2end-${process.env.E2E_PORT ?? "3210"}`, "data", "outbox");
  let link: string | undefined;
  await expect
    .poll(async () => {
      const names = await readdir(outbox).catch(() => []);
      const letters = await Promise.all(names.filter((name) => name.endsWith(".eml")).map((name) => readFile(join(outbox, name), "utf8")));
      const found = letters.find((letter) => letter.includes(`\r\nSubject: ${subject}\r\n`) && letter.includes(`\r\nTo: ${email}\r\n`));
      // Long lines are wrapped on the wire, and "=" is written out then.
      link = /^https?:\S+$/m.exec(found?.replaceAll("=\r\n", "").replaceAll("=3D", "=").replaceAll("\r\n", "\n") ?? "")?.[0];
      return link !== undefined;
    }, `a letter "${subject}" to ${email}`)
    .toBe(true);
  return link ?? "";
}

/** Writes a task on the line for new ones, and waits until it is there. */
export async function add(page: Page, title: string) {
  await page.getByLabel("New task").fill(title);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(row(page, title)).toBeVisible();
}

/** The row of a task. */
export const row = (page: Page, title: string) => page.locator("li.task").filter({ has: page.locator(".task__title").getByText(title, { exact: true }) });

/** The ring that checks it off. */
export const check = (page: Page, title: string) => row(page, title).getByRole("button", { name: `Done: ${title}`, exact: true });

/** Lets the forms of this page be sent whatever they hold: the server is asked, not the browser. */
export async function unchecked(page: Page) {
  await page.evaluate(() => {
    for (const form of document.forms) form.noValidate = true;
  });
}

/** Waits until the page's islands are alive. A form works before that, so a form that works proves nothing about them. */
export async function hydrated(page: Page) {
  if (hasJavaScript()) await expect(page.locator("html")).toHaveAttribute("data-alive", "true");
}

/** Touches the page where nothing is, as a person would who begins, and waits until it is alive: most pages load their script only then. */
export async function touched(page: Page) {
  await page.mouse.move(5, 5);
  await page.mouse.down();
  await page.mouse.up();
  await hydrated(page);
}

/** No violation of WCAG 2.1 A and AA on the page as it is now. */
export async function axe(page: Page) {
  if (!hasJavaScript()) await page.evaluate(withoutTimers);
  // Legacy: in this very page; the blank one that axe would open beside it never answers without JavaScript.
  const builder = new AxeBuilder({ page }).setLegacyMode(!hasJavaScript());
  const { violations } = await builder.withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]).analyze();
  const found = violations.map(({ id, help, nodes }) => `${id}: ${help} at ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
  expect(found, `what axe found on ${page.url()}`).toEqual([]);
}

/** Where JavaScript is off, timers never fire, but promises still settle: enough for axe, which only wants to be called again. */
function withoutTimers() {
  const soon = (work: () => void) => void Promise.resolve().then(work);
  Object.assign(window, { setTimeout: soon });
}

function listen(context: BrowserContext, complaints: string[], expectedFailures: ExpectedFailure[]) {
  context.on("weberror", (error) => complaints.push(`uncaught: ${error.error().message}`));
  context.on("console", (message) => {
    // The answer itself is judged below, with its status and path.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
      complaints.push(`console: ${message.text()}`);
    }
  });
  context.on("requestfailed", (request) => {
    // Leaving a page drops what it still waits for.
    const reason = request.failure()?.errorText ?? "";
    if (reason !== "net::ERR_ABORTED") complaints.push(`${reason} ${request.method()} ${request.url()}`);
  });
  context.on("response", (response) => {
    const answer = `${response.status()} ${new URL(response.url()).pathname}`;
    const announced = response.status() < 500 && expectedFailures.some((one) => (typeof one === "string" ? one === answer : one.test(answer)));
    if (response.status() >= 400 && !announced) complaints.push(`${answer} to ${response.request().method()}`);
  });
}
