// A small identity provider for the specs: whoever comes says who they are, and is believed.
//   node provider.mjs PORT

import { createHash, createPublicKey, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { createServer } from "node:http";

const port = Number(process.argv[2]);
const issuer = `http://127.0.0.1:${port}`;
const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const key = { ...createPublicKey(privateKey).export({ format: "jwk" }), kid: "one", use: "sig", alg: "ES256" };
const codes = new Map();

const base64url = (text) => Buffer.from(text).toString("base64url");
const escaped = (text) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);

function token(claims) {
  const message = [{ alg: "ES256", kid: key.kid }, claims].map((part) => base64url(JSON.stringify(part))).join(".");
  return `${message}.${sign("sha256", Buffer.from(message), { key: privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
}

/** Asks who it is, with a plain form that carries what was asked along. */
function ask(query) {
  const carried = [...query].map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`);
  return `<!doctype html><html lang="en"><title>Example ID</title><h1>Example ID</h1>
    <form action="/yes">${carried.join("")}
    <label>Address <input name="email" required></label><label><input type="checkbox" name="verified"> verified</label>
    <button>It is me</button> <button formaction="/no">Not now</button></form></html>`;
}

function back(query, words) {
  const place = new URL(query.get("redirect_uri"));
  for (const [name, value] of Object.entries({ ...words, state: query.get("state"), iss: issuer })) place.searchParams.set(name, value);
  return place.href;
}

function redeem(sent) {
  const grant = codes.get(sent.get("code"));
  codes.delete(sent.get("code"));
  const challenge = createHash("sha256").update(sent.get("code_verifier") ?? "").digest("base64url");
  if (!grant || grant.challenge !== challenge) return null;
  const now = Math.floor(Date.now() / 1000);
  const { email, verified, nonce, audience } = grant;
  const claims = { iss: issuer, sub: email, aud: audience, nonce, iat: now, exp: now + 300, name: "Ada Lovelace", email, email_verified: verified };
  return { access_token: randomUUID(), token_type: "Bearer", expires_in: 300, id_token: token(claims) };
}

createServer(async (request, response) => {
  const { pathname, searchParams: query } = new URL(request.url, issuer);
  const json = (value, status = 200) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  const go = (location) => response.writeHead(302, { location }).end();
  switch (pathname) {
    case "/.well-known/openid-configuration":
      return json({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        response_types_supported: ["code"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["ES256"],
        authorization_response_iss_parameter_supported: true,
      });
    case "/keys":
      return json({ keys: [key] });
    case "/authorize":
      return response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(ask(query));
    case "/yes": {
      const code = randomUUID();
      codes.set(code, {
        email: query.get("email"),
        verified: query.get("verified") === "on",
        nonce: query.get("nonce"),
        challenge: query.get("code_challenge"),
        audience: query.get("client_id"),
      });
      return go(back(query, { code }));
    }
    case "/no":
      return go(back(query, { error: "access_denied" }));
    case "/token": {
      let body = "";
      for await (const part of request) body += part;
      const answer = redeem(new URLSearchParams(body));
      return answer ? json(answer) : json({ error: "invalid_grant" }, 400);
    }
    default:
      return response.writeHead(204).end();
  }
}).listen(port, "127.0.0.1");
