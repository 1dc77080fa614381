// Keeping tasks.

import { add, axe, check, expect, hasJavaScript, hydrated, row, test, unchecked } from "./house";

test("a task is added, and the page says so", async ({ person: { page } }) => {
  await add(page, "Water the basil");
  await expect(row(page, "Water the basil")).toBeVisible();
  await axe(page);
});

test("a task is added with a day and a priority", async ({ person: { page } }) => {
  await page.getByLabel("Due and priority").click();
  await page.getByLabel("Due", { exact: true }).fill("2020-02-29");
  await page.getByLabel("Priority", { exact: true }).selectOption("High");
  await add(page, "File the old return");
  const overdue = page.getByRole("region", { name: "Overdue" });
  await expect(overdue.getByText("File the old return")).toBeVisible();
  await axe(page);
});

test("a title of nothing but space is refused and the page says why", async ({ person: { page }, expectedFailures }) => {
  expectedFailures.push(/^4\d\d \/action\/tasks\/create$/);
  await unchecked(page);
  await page.getByLabel("New task").fill("   ");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByLabel("New task")).toHaveAttribute("aria-invalid", "true");
  await axe(page);
});

test("a task is checked off, undone, and checked off again", async ({ person: { page } }) => {
  await add(page, "Call the plumber");
  await add(page, "Buy stamps");
  await check(page, "Call the plumber").click();
  await expect(row(page, "Call the plumber")).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(row(page, "Call the plumber")).toBeVisible();
  await check(page, "Call the plumber").click();
  await expect(row(page, "Call the plumber")).toHaveCount(0);
  await page.goto("/dashboard?filter=done");
  await expect(row(page, "Call the plumber")).toBeVisible();
  await expect(row(page, "Buy stamps")).toHaveCount(0);
  await axe(page);
  await check(page, "Call the plumber").click();
  await expect(row(page, "Call the plumber")).toHaveCount(0);
  await page.goto("/dashboard");
  await expect(row(page, "Call the plumber")).toBeVisible();
});

test("a task is edited in its place", async ({ person: { page } }) => {
  await add(page, "Mend the gate");
  await page.getByRole("link", { name: "Mend the gate" }).first().click();
  const form = page.getByRole("form", { name: "Edit: Mend the gate" });
  await expect(form).toBeVisible();
  await axe(page);
  await form.getByLabel("Task", { exact: true }).fill("Mend the garden gate");
  await form.getByLabel("Notes").fill("The hinge is in the shed.\n\nUpper shelf.");
  await form.getByLabel("Priority").selectOption("Medium");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(row(page, "Mend the garden gate")).toBeVisible();
  await page.getByRole("link", { name: "Mend the garden gate" }).first().click();
  await expect(page.getByLabel("Notes")).toHaveValue("The hinge is in the shed.\n\nUpper shelf.");
});

test("a refused edit keeps what was typed", async ({ person: { page }, expectedFailures }) => {
  expectedFailures.push(/^4\d\d \/action\/tasks\/change$/);
  await add(page, "Sow the beans");
  await page.getByRole("link", { name: "Sow the beans" }).first().click();
  const form = page.getByRole("form", { name: "Edit: Sow the beans" });
  await form.getByLabel("Task", { exact: true }).fill("  ");
  await form.getByLabel("Notes").fill("In two rows.");
  await unchecked(page);
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form.getByLabel("Task", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await expect(form.getByLabel("Notes")).toHaveValue("In two rows.");
  await axe(page);
});

test("a task is deleted, and comes back by undo", async ({ person: { page } }) => {
  await add(page, "Return the ladder");
  await page.getByRole("link", { name: "Return the ladder" }).first().click();
  await page.getByRole("form", { name: "Edit: Return the ladder" }).getByRole("button", { name: "Delete" }).click();
  await expect(row(page, "Return the ladder")).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(row(page, "Return the ladder")).toBeVisible();
});

test("a task is put off to tomorrow, and gets its day back by undo", async ({ person: { page } }) => {
  await add(page, "Book the dentist");
  await row(page, "Book the dentist").hover();
  await page.getByRole("button", { name: "Put off to tomorrow: Book the dentist" }).click();
  await expect(row(page, "Book the dentist").getByText("Tomorrow", { exact: true })).toBeVisible();
  await expect(page.locator(".toast")).toContainText("Due tomorrow: Book the dentist");
  await axe(page);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(row(page, "Book the dentist").getByText("Tomorrow", { exact: true })).toHaveCount(0);
  await expect(row(page, "Book the dentist")).toBeVisible();
});

test("search, filter and order are addresses", async ({ person: { page } }) => {
  for (const title of ["Alpha leaf", "Beta leaf", "Gamma root"]) await add(page, title);
  await page.getByLabel("Search tasks").fill("leaf");
  await page.getByLabel("Search tasks").press("Enter");
  await expect(page).toHaveURL(/[?&]q=leaf/);
  await expect(page.locator("li.task")).toHaveCount(2);
  await page.goto("/dashboard?q=leaf&sort=-title");
  await expect(page.locator(".task__title")).toHaveText(["Beta leaf", "Alpha leaf"]);
  await page.goto("/dashboard?q=%25");
  await expect(page.getByRole("heading", { name: "Nothing found" })).toBeVisible();
  await axe(page);
});

test("nobody sees the tasks of another", async ({ person: { page }, newcomer }) => {
  await add(page, "My own business");
  const other = await newcomer();
  await other.page.goto("/dashboard?filter=all");
  await expect(other.page.getByText("My own business")).toHaveCount(0);
  await expect(other.page.getByRole("heading", { name: "A clean page" })).toBeVisible();
});

test("words of a person are words, whatever they look like", async ({ person: { page } }) => {
  const title = `</script><script>document.title='owned'</script>"'&lt;b>`;
  await add(page, title);
  await expect(row(page, title)).toBeVisible();
  await expect(page).not.toHaveTitle("owned");
});

test("with a script nothing loads anew: the page is changed in its place", async ({ person: { page } }) => {
  test.skip(!hasJavaScript(), "this is what scripts are for");
  await hydrated(page);
  await page.evaluate(() => Object.assign(window, { stayed: true }));
  await add(page, "Stay where you are");
  await expect(row(page, "Stay where you are")).toBeVisible();
  await check(page, "Stay where you are").click();
  await expect(row(page, "Stay where you are")).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(row(page, "Stay where you are")).toBeVisible();
  await page.getByRole("link", { name: /^Done/ }).first().click();
  await expect(page).toHaveURL(/filter=done/);
  await page.goBack();
  await expect(row(page, "Stay where you are")).toBeVisible();
  expect(await page.evaluate(() => "stayed" in window)).toBe(true);
});

test("with a script every step has its key", async ({ person: { page } }) => {
  test.skip(!hasJavaScript(), "this is what scripts are for");
  await hydrated(page);
  await page.keyboard.press("n");
  await expect(page.getByLabel("New task")).toBeFocused();
  await page.keyboard.type("Press a key");
  await page.keyboard.press("Enter");
  await expect(row(page, "Press a key")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  await expect(page.getByLabel("Search tasks")).toBeFocused();
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  await expect(row(page, "Press a key")).toHaveAttribute("aria-current", "true");
  await page.keyboard.press("e");
  await expect(page.getByRole("form", { name: "Edit: Press a key" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("form", { name: "Edit: Press a key" })).toHaveCount(0);
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await expect(row(page, "Press a key")).toHaveCount(0);
  await page.keyboard.press("u");
  await expect(row(page, "Press a key")).toBeVisible();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toBeVisible();
  await axe(page);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
});

test("with a script a tick that cannot be saved is taken back, and nothing typed is lost", async ({ person: { page }, complaints }) => {
  test.skip(!hasJavaScript(), "this is what scripts are for");
  await add(page, "Cross the river");
  await hydrated(page);
  await page.context().setOffline(true);
  await check(page, "Cross the river").click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(check(page, "Cross the river")).toHaveAttribute("aria-pressed", "false");
  await page.getByLabel("New task").fill("Build a bridge");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByLabel("New task")).toHaveValue("Build a bridge");
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(row(page, "Build a bridge")).toBeVisible();
  // The browser says that it was offline, as it was.
  expect(complaints.every((complaint) => complaint.startsWith("net::ERR_INTERNET_DISCONNECTED"))).toBe(true);
  complaints.length = 0;
});

test("two tasks may have the same words", async ({ person: { page } }) => {
  await add(page, "Milk");
  await page.getByLabel("New task").fill("Milk");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(row(page, "Milk")).toHaveCount(2);
});

test("whoever works in the middle of a long list stays there", async ({ person: { page }, baseURL }) => {
  for (let number = 1; number <= 40; number += 1) {
    const form = { title: `Pot ${number}`, dueDate: `2031-01-${String(Math.ceil(number / 2)).padStart(2, "0")}` };
    const made = await page.request.post("/action/tasks/create", { form, headers: { origin: baseURL ?? "" } });
    expect(made.ok()).toBe(true);
  }
  await page.goto("/dashboard");
  await hydrated(page);
  await check(page, "Pot 20").click();
  await expect(row(page, "Pot 20")).toHaveCount(0);
  await expect(row(page, "Pot 21")).toBeInViewport();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(row(page, "Pot 20")).toBeInViewport();
  await row(page, "Pot 20").getByRole("link", { name: "Pot 20", exact: true }).click();
  await page.getByRole("form", { name: "Edit: Pot 20" }).getByLabel("Notes").fill("The blue one.");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(row(page, "Pot 20").getByText("Notes")).toBeInViewport();
});

test("a notice leads to the task that it speaks of", async ({ person: { page } }) => {
  for (let number = 1; number <= 12; number += 1) await add(page, `Seed ${number}`);
  await add(page, "Last seed");
  await page.setViewportSize({ width: 700, height: 420 });
  await page.evaluate(() => window.scrollTo(0, 0));
  await expect(row(page, "Last seed")).not.toBeInViewport();
  await page.getByRole("link", { name: "Added: Last seed" }).click();
  await expect(row(page, "Last seed")).toBeInViewport();
  await axe(page);
});
