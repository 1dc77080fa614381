// Better Auth's own client, as a front end makes it, in a stand-in for a browser: it keeps cookies and says where its requests come from.

import { createAuthClient } from "better-auth/client";
import { jwtClient, twoFactorClient } from "better-auth/client/plugins";

/** Cookies by name, as a browser that visits one site keeps them. */
export class Jar {
  readonly cookies = new Map<string, string>();

  header(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  keep(headers: Headers) {
    for (const line of headers.getSetCookie()) {
      const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
      const [name = "", value = ""] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
      if (value === "" || attributes.some((attribute) => /^max-age=0$/i.test(attribute))) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}

/** A browser of its own on this site, with Better Auth's client in it. */
export function browser(site: string) {
  const jar = new Jar();
  const visit = async (input: RequestInfo | URL, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    if (jar.cookies.size > 0) headers.set("Cookie", jar.header());
    if ((init.method ?? "GET") !== "GET") headers.set("Origin", site);
    headers.set("Sec-Fetch-Site", "same-origin");
    const answer = await fetch(input, { ...init, headers });
    jar.keep(answer.headers);
    return answer;
  };
  const client = createAuthClient({
    baseURL: site,
    plugins: [jwtClient(), twoFactorClient()],
    fetchOptions: { customFetchImpl: visit },
  });
  return { client, jar, visit };
}

/** A browser with Better Auth's client. */
export type Browser = ReturnType<typeof browser>;
