// The office: people, one of them, invitations and activity, with little in them and with much.

import { goes, opens, submit, submits } from "./hands.mjs";
import { SAFARI, moves, posts, signsIn, tries } from "./town.mjs";
import { LONG } from "./settings.mjs";

const asks = (words) => async (page) => {
  await page.getByText(`${words} …`, { exact: true }).click();
  await page.getByRole("button", { name: `${words}: ` }).scrollIntoViewIfNeeded();
};

const does = (words, fields = {}) => async (page) => {
  await asks(words)(page);
  await submit(page, fields, `${words}: `);
};

export async function office({ open, ruth }) {
  const member = await moves(open, "Hanna Arendt");
  const out = await moves(open, "Percy Jackson");
  const long = await moves(open, LONG.name, `x${LONG.email}`);
  await tries(out, SAFARI, "203.0.113.40");
  await signsIn(member, SAFARI, "198.51.100.7");
  await posts(ruth, "/action/admin/people/disable", { id: out.id });
  const page = ({ id }) => `/admin/people/${id}`;

  return {
    "office-people": ["/admin", ruth],
    "office-people-nobody": ["/admin?q=violin", ruth],
    "office-people-deleted": ["/admin?done=deleted", ruth],
    "office-member": ["/admin", member],
    "office-person": [page(member), ruth],
    "office-person-long": [page(long), ruth],
    "office-person-disabled": [page(out), ruth],
    "office-person-oneself": [page(ruth), ruth],
    "office-person-asks": [page(member), ruth, asks("Make a link")],
    "office-person-link": [page(member), ruth, does("Make a link")],
    "office-person-delete-refused": [page(member), ruth, does("Delete the account", { "To be sure, write the account’s e-mail": "x@example.org" })],
    "office-person-enabled": [`${page(member)}?done=enabled`, ruth],
    "office-person-gone": ["/admin/people/00000000-0000-0000-0000-000000000000", ruth],
    "office-invitations-empty": ["/admin/invitations", ruth],
    "office-invitations-refused": ["/admin/invitations", ruth, submits({ "E-mail": "nobody", Note: "From the choir" }, "Make an invitation")],
    "office-invitation": ["/admin/invitations", ruth, submits({ "E-mail": "grace@example.org", Note: "From the choir" }, "Make an invitation")],
    "office-invitations": ["/admin/invitations", ruth, async (page) => {
      await submit(page, { "E-mail": LONG.email, Note: "" }, "Make an invitation");
      await goes(page, "/admin/invitations");
    }],
    "office-invitations-revoke": ["/admin/invitations", ruth, opens("Revoke")],
    "office-activity": ["/admin/activity", ruth],
    "office-activity-person": [`/admin/activity?person=${out.id}`, ruth],
    "office-activity-nothing": ["/admin/activity?event=passkey_removed", ruth],
  };
}
