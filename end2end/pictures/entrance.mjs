// The pages before one is in: signing up and in, the second step, what letters lead to, and the doors that stay shut.

import { comesBack, device, signIn, submit, submits } from "./hands.mjs";
import { PASSWORD, PROVIDER, moves, stranger, takesSecondFactor } from "./town.mjs";

export async function entrance(town) {
  const { open, invited, closed, fresh, mailbox } = town;
  const somebody = stranger(open);
  const grace = await town.comes("Grace Hopper");
  const letter = new URL(await mailbox.link("Confirm your e-mail address", grace.email));
  const ada = await moves(open, "Ada Byron", "ada@example.org");
  const kim = await moves(open, "Kim Novak");
  const { codes } = await takesSecondFactor(kim);

  return {
    landing: ["/", somebody],
    "landing-deleted": ["/?done=deleted", somebody],
    signup: ["/signup", somebody],
    "signup-refused": ["/signup", somebody, submits({ Name: "", "E-mail": "maya@", Password: "short" }, "Make an account")],
    "signup-first": ["/signup", stranger(fresh)],
    "signup-closed": ["/signup", stranger(closed)],
    "signup-by-invitation": ["/signup", stranger(invited)],
    "signup-invited": [await town.invites("edsger@example.org"), stranger(invited)],
    "signup-stale": ["/signup?invitation=nothing", stranger(invited)],
    "signup-stale-open": ["/signup?invitation=nothing", somebody],
    signin: ["/signin", somebody],
    "signin-refused": ["/signin", somebody, submits({ "E-mail": "maya@example.org", Password: "not this one" }, /^Sign in$/)],
    "signin-out": ["/signin?done=signed-out", somebody],
    "signin-password": ["/signin?done=password", stranger(invited)],
    "signin-closed": ["/signin", stranger(closed)],
    "signin-passkey": ["/signin", somebody, async (page) => {
      await device(page);
      await page.evaluate(() => (navigator.credentials.get = () => Promise.reject(new DOMException("", "NotAllowedError"))));
      await page.getByRole("button", { name: "Sign in with a passkey" }).click();
      await page.locator("[data-passkey-said]").first().waitFor();
    }],
    "provider-declined": ["/signin", somebody, (page) => comesBack(page, `Continue with ${PROVIDER}`, "x@example.org", "Not now")],
    "provider-link": ["/signin", somebody, (page) => comesBack(page, `Continue with ${PROVIDER}`, ada.email)],
    "provider-link-refused": ["/signin", somebody, async (page) => {
      await comesBack(page, `Continue with ${PROVIDER}`, ada.email);
      await submit(page, { Password: "not this one" }, "Connect");
    }],
    "provider-link-over": ["/link", somebody],

    "second-step": ["/signin", somebody, (page) => signIn(page, kim.email)],
    "second-step-refused": ["/signin", somebody, async (page) => {
      await signIn(page, kim.email);
      await submit(page, { "Six-digit code": "000000" }, "Continue");
    }],
    "second-step-recovery": ["/signin", somebody, async (page) => {
      await signIn(page, kim.email);
      await page.getByRole("link", { name: "Use a recovery code" }).click();
      await page.waitForLoadState("networkidle");
    }],
    "second-step-recovery-refused": ["/signin", somebody, async (page) => {
      await signIn(page, kim.email);
      await page.getByRole("link", { name: "Use a recovery code" }).click();
      await submit(page, { "Recovery code": codes[0].split("").reverse().join("") }, "Continue");
    }],
    "second-step-over": ["/two-factor", somebody],

    forgot: ["/forgot-password", stranger(invited)],
    "forgot-refused": ["/forgot-password", stranger(invited), submits({ "E-mail": "maya@" }, "Send the link")],
    "forgot-sent": ["/forgot-password", stranger(invited), submits({ "E-mail": grace.email }, "Send the link")],
    "forgot-without-mail": ["/forgot-password", somebody],
    reset: ["/reset-password?token=x", somebody],
    "reset-refused": ["/reset-password?token=x", somebody, submits({ "New password": "short" }, "Set the password")],
    "reset-dead": ["/reset-password?token=x", stranger(invited), submits({ "New password": PASSWORD }, "Set the password")],
    "reset-dead-without-mail": ["/reset-password?token=x", somebody, submits({ "New password": PASSWORD }, "Set the password")],
    "reset-without": ["/reset-password", stranger(invited)],
    verify: [letter.pathname + letter.search, stranger(invited)],
    "verify-dead": ["/verify-email?token=nothing", stranger(invited), submits({}, "Yes, it is mine")],
    "verify-sent": ["/verify-email?done=sent", stranger(invited)],
    "verify-own": ["/verify-email", grace],

    confirm: ["/confirm?next=%2Fsettings%2Fapi", ada],
    "confirm-refused": ["/confirm?next=%2Fsettings%2Fapi", ada, submits({ Password: "not this one" }, "Continue")],
    "not-found": ["/nothing-here", somebody],
    docs: ["/api/docs", somebody],
  };
}
