// The settings: each chapter as it is found, refused, and after something was done.

import { addPasskey, comesBack, device, goes, opens, signIn, submit, submits } from "./hands.mjs";
import { PASSWORD, PROVIDER, SAFARI, code, moves, signsIn, stranger, takesSecondFactor, tries } from "./town.mjs";

/** As long as they may be. */
export const LONG = {
  name: "Maximiliane Wolfeschlegelsteinhausenbergerdorff von und zu Hohenlohe-Schillingsfuerst-Waldenburg",
  email: "maximiliane.wolfeschlegelsteinhausenbergerdorff@department-of-comparative-linguistics.university.example.org",
};

const setsUp = async (page) => {
  await page.getByRole("button", { name: "Set it up" }).click();
  await page.locator("#seed").waitFor();
};

const turnsOn = async (page) => {
  await setsUp(page);
  await submit(page, { "Six-digit code": code(await page.locator("#seed").innerText()) }, "Turn it on");
};

const makesToken = async (page, name, may = "Read, add and change tasks") => {
  await page.getByLabel(may, { exact: true }).check();
  await submit(page, { "Token’s name": name }, "Make a token");
};

async function protectedBy(house, name) {
  const person = await moves(house, name);
  return { ...person, ...(await takesSecondFactor(person)) };
}

/** Comes in with a recovery code, and is not asked in this browser again. */
const trusts = ({ email, codes }) => async (page) => {
  await signIn(page, email);
  await page.getByRole("link", { name: "Use a recovery code" }).click();
  await page.getByLabel("Don’t ask in this browser for 30 days").check();
  await submit(page, { "Recovery code": codes[0] }, "Continue");
  await goes(page, "/settings/security");
};

export async function settings(town) {
  const { open } = town;
  const tom = await moves(open, "Tom Baker");
  await signsIn(tom, SAFARI, "198.51.100.7");
  await tries(tom, SAFARI, "203.0.113.40");
  await signsIn(tom, "curl/8.5.0", "203.0.113.40");
  await signsIn(tom, "", "203.0.113.41");
  const alone = await moves(open, "Lea Stein");
  const long = await moves(open, LONG.name, LONG.email);
  const passwords = { "Current password": "not this one", "New password": "three other words" };
  const address = { "New address": "tom.baker@example.com", "Current password": PASSWORD };
  const kept = await protectedBy(open, "Nora Weiss");
  const waiting = await town.comes("Carl Linde");

  return {
    settings: ["/settings", tom],
    "settings-long": ["/settings", long],
    "settings-saved": ["/settings", tom, submits({}, "Save")],
    "settings-name-refused": ["/settings", tom, submits({ Name: " " }, "Save")],
    "settings-address-refused": ["/settings", tom, submits({ ...address, "Current password": "not this one" }, "Change the address")],
    "settings-delete-refused": ["/settings", tom, submits({ "Your e-mail address": "x@example.org", "Your password": PASSWORD }, "Delete my account")],
    "settings-unconfirmed": ["/settings", waiting],
    "settings-address-waiting": ["/settings", waiting, submits({ ...address, "New address": "carl.linde@example.com" }, "Change the address")],

    "settings-security": ["/settings/security", tom],
    "settings-security-refused": ["/settings/security", tom, submits(passwords, "Change the password")],
    "settings-security-denied": ["/settings/security?done=denied", tom],
    "settings-security-only-way": ["/signin", stranger(open), async (page) => {
      await comesBack(page, `Continue with ${PROVIDER}`, "only@example.org");
      await goes(page, "/settings/security");
    }],
    "settings-security-connected": ["/settings/security", () => moves(open, "Vera Lynn"), (page) => comesBack(page, `Connect with ${PROVIDER}`, "vera@example.com")],
    "settings-passkeys": ["/settings/security", () => moves(open, "Piet Mondriaan"), async (page) => {
      await device(page);
      await addPasskey(page, "Laptop");
    }],
    "settings-passkey-change": ["/settings/security", () => moves(open, "Paul Klee"), async (page) => {
      await device(page);
      await addPasskey(page, "The small grey laptop in the kitchen, behind the bread");
      await opens("Change")(page);
    }],
    "settings-passkey-refused": ["/settings/security", () => moves(open, "Lee Miller"), async (page) => {
      await device(page);
      await addPasskey(page, "Laptop");
      await opens("Change")(page);
      await submit(page, { Name: " " }, "Save name");
    }],

    "settings-second-factor": ["/settings/second-factor", alone],
    "settings-second-factor-setup": ["/settings/security", () => moves(open, "Emmy Noether"), setsUp],
    "settings-second-factor-wrong": ["/settings/security", () => moves(open, "Lise Meitner"), async (page) => {
      await setsUp(page);
      await submit(page, { "Six-digit code": "000000" }, "Turn it on");
    }],
    "settings-second-factor-codes": ["/settings/security", () => moves(open, "Marie Curie"), turnsOn],
    "settings-second-factor-on": ["/settings/security", kept],
    "settings-second-factor-off": ["/settings/security", kept, opens("Turn it off")],
    "settings-second-factor-new-codes": ["/settings/security", kept, opens("New recovery codes")],
    "settings-second-factor-trusted": ["/signin", stranger(open), trusts(await protectedBy(open, "Mary Shelley"))],

    "settings-sessions": ["/settings/sessions", tom],
    "settings-sessions-one": ["/settings/sessions", alone],
    "settings-api": ["/settings/api", alone],
    "settings-token": ["/settings/api", tom, (page) => makesToken(page, "Home server")],
    "settings-token-list": ["/settings/api", tom, async (page) => {
      await makesToken(page, "A script with a long name that counts how many tasks were done in every week of the year", "Read tasks");
      await goes(page, "/settings/api");
    }],
    "settings-revoke": ["/settings/api", tom, opens("Revoke")],
    "settings-token-refused": ["/settings/api", tom, submits({ "Token’s name": "Robot", "Or after this day": "2020-02-02" }, "Make a token")],
    "settings-activity": ["/settings/activity", tom],
    "settings-activity-long": ["/settings/activity", long],
  };
}
