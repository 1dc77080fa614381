// Passkeys, as far as they are the browser's: asked for by a button, or offered where an address is typed.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  buffer && btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const UNREACHABLE = "The server cannot be reached. Try again.";
const CANCELLED = "Nothing was done: no passkey was chosen, or it took too long.";
const NONE = "This browser cannot do that. Another one may; your password works here.";
const THERE = "This device has a passkey for this account already.";

/** Why the server refused, in its own words. */
class Refused extends Error {
  constructor({ code, message }, path) {
    super(message);
    Object.assign(this, { code, path });
  }
}

async function ask(path, body) {
  const post = body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(path.startsWith("/") ? path : `/api/auth/passkey/${path}`, post || {});
  const said = await answer.json();
  if (!answer.ok) throw new Refused(said, path);
  return said;
}

/** What the device answered, in letters. What it is called differs between making one and using it. */
function written({ id, rawId, type, response }) {
  const held = { clientDataJSON: text(response.clientDataJSON) };
  if (response.attestationObject) {
    held.attestationObject = text(response.attestationObject);
    held.transports = response.getTransports?.() ?? [];
  } else {
    held.authenticatorData = text(response.authenticatorData);
    held.signature = text(response.signature);
    held.userHandle = text(response.userHandle);
  }
  return { id, rawId: text(rawId), type, response: held };
}

/** The browser answers one question at a time: asking anew takes the one before back. */
let pending;
function alone() {
  pending?.abort();
  pending = new AbortController();
  return pending.signal;
}

async function add(button) {
  const name = document.getElementById("passkey-name")?.value.trim();
  const options = await ask("generate-register-options");
  options.challenge = bytes(options.challenge);
  options.user.id = bytes(options.user.id);
  for (const one of options.excludeCredentials ?? []) one.id = bytes(one.id);
  const made = await navigator.credentials.create({ publicKey: options, signal: alone() });
  await ask("verify-registration", { response: written(made), ...(name && { name }) });
  location.assign(button.dataset.then);
}

async function use(mediation) {
  const signal = alone();
  const options = await ask("generate-authenticate-options");
  options.challenge = bytes(options.challenge);
  return written(await navigator.credentials.get({ publicKey: options, signal, ...(mediation && { mediation }) }));
}

async function confirm(button) {
  await ask("/action/passkeys/confirm", { response: await use() });
  location.assign(button.dataset.then);
}

async function enter(mediation) {
  const response = await use(mediation);
  const form = document.querySelector("[autocomplete~=webauthn]")?.form;
  const next = form?.elements.next?.value;
  const remember = form?.elements.rememberMe;
  const answer = { response, rememberMe: remember ? remember.checked : true };
  const { url } = await ask("verify-authentication", { ...answer, ...(next && { callbackURL: next }) });
  location.assign(url ?? "/dashboard");
}

/** Says what went wrong, beside what was pressed. */
function say(words, link) {
  const place = document.querySelector("[data-passkey-said]");
  if (!place) return;
  const said = place.querySelector("p");
  said.textContent = words;
  if (link) {
    const there = document.createElement("a");
    there.href = there.textContent = link;
    said.append(" ", there);
  }
  place.classList.add("alert--danger");
  place.hidden = false;
}

function why(error) {
  if (error instanceof Refused) return error.message;
  if (error.name === "InvalidStateError") return THERE;
  if (error.name === "NotAllowedError") return CANCELLED;
  return ["NotSupportedError", "SecurityError", "ConstraintError"].includes(error.name) ? NONE : UNREACHABLE;
}

/** The one address that passkeys are for; a browser asked for them elsewhere only says no. */
const isElsewhere = (button) => location.origin !== button.dataset.origin;
const canAnything = () => Boolean(window.PublicKeyCredential && navigator.credentials);

/** A button that has to do with passkeys was pressed. */
export async function press(button) {
  const place = document.querySelector("[data-passkey-said]");
  if (place) place.hidden = true;
  if (isElsewhere(button)) return say("A passkey belongs to a name. Go on at", button.dataset.origin + location.pathname + location.search);
  if (!canAnything()) return say(NONE);
  button.setAttribute("aria-busy", "true");
  try {
    await { add, confirm, use: () => enter() }[button.dataset.passkey](button);
  } catch (error) {
    if (error.code === "SESSION_NOT_FRESH") return location.assign(`/confirm?next=${encodeURIComponent(location.pathname)}`);
    button.removeAttribute("aria-busy");
    if (error.name === "AbortError") return;
    say(why(error));
    offer();
  }
}

/** Offers the passkeys that there are where the address is typed. What is asked grows old, so it is asked anew. */
const AGE = 4 * 60 * 1000;
let timer;

export async function offer() {
  const button = document.querySelector("[data-passkey=use]");
  if (!button || isElsewhere(button) || !canAnything()) return;
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  clearTimeout(timer);
  timer = setTimeout(offer, AGE);
  try {
    await enter("conditional");
  } catch (error) {
    // Nobody pressed anything: only a passkey that was chosen, and refused, is worth a word. It is offered again when somebody goes on.
    if (error.path !== "verify-authentication") return;
    say(error.message);
    addEventListener("focusin", () => offer(), { once: true });
  }
}
